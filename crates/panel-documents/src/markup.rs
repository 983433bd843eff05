//! Markup written straight from values, for lists that are too long to be drawn name by name.
//!
//! A template looks every name up from the top of its data; a list of two hundred rows takes ten times
//! as long in it as here.

/// Markup that is being written. Only words of the program itself go in as they are.
#[derive(Debug, Clone, Default)]
pub struct Markup(String);

impl Markup {
    /// Markup with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Adds markup of our own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text of any origin, escaped for content and for a quoted attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape_into(&mut self.0, text);
        self
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.0
    }
}

/// A text as it stands in content or in a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

fn escape_into(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let with = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#x27;",
            b'`' => "&#x60;",
            b'=' => "&#x3D;",
            _ => continue,
        };
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(with);
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escaped(text), expected);
    }

    #[test]
    fn what_could_be_markup_is_escaped_and_nothing_else() {
        check("", "");
        check("Łódź – naïve 東京", "Łódź – naïve 東京");
        check("<b class=\"x\">&`'é", "&lt;b class&#x3D;&quot;x&quot;&gt;&amp;&#x60;&#x27;é");
        check("é<", "é&lt;");
        check(">é", "&gt;é");
    }

    #[test]
    fn it_escapes_as_the_templates_of_the_engine_did() {
        for letter in '\u{0}'..='\u{2fff}' {
            let text = format!("a{letter}b");
            assert_eq!(escaped(&text), handlebars::html_escape(&text), "{letter:?}");
        }
    }

    #[test]
    fn pieces_follow_each_other() {
        let mut markup = Markup::with_capacity(16);
        markup.raw("<p>").text("a<b").raw("</p>");
        assert_eq!(markup.finish(), "<p>a&lt;b</p>");
    }
}
