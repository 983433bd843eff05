//! Plain text: headings, facts and paragraphs, with lines that fit an e-mail or a terminal.

use panel_core::text::turns_text;

/// The longest line, in characters, where the words allow it.
const WIDTH: usize = 80;

/// A plain text that is being written.
#[derive(Debug, Clone, Default)]
pub struct Text {
    lines: Vec<String>,
}

/// What people typed without the characters that would turn text around or control a terminal; the
/// ends of lines are kept.
pub(crate) fn plain(typed: &str) -> String {
    let shown =
        |c: char| if turns_text(c) || (c.is_control() && c != '\n') { '\u{fffd}' } else { c };
    typed.replace("\r\n", "\n").chars().map(shown).collect()
}

impl Text {
    /// The heading of the whole, underlined.
    pub fn title(&mut self, words: &str) {
        self.underlined(words, "=");
    }

    /// The heading of a part, with a gap before it.
    pub fn heading(&mut self, words: &str) {
        self.gap();
        self.underlined(words, "-");
    }

    fn underlined(&mut self, words: &str, with: &str) {
        let words = plain(words);
        let length = words.chars().count().min(WIDTH);
        self.lines.push(words);
        self.lines.push(with.repeat(length));
        self.gap();
    }

    /// An empty line, unless there is one.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|last| !last.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// A paragraph; long lines are folded.
    pub fn line(&mut self, words: &str) {
        self.indented(0, words);
    }

    /// A paragraph that stands so many characters in.
    pub fn indented(&mut self, by: usize, words: &str) {
        for line in plain(words).split('\n') {
            self.fold(&" ".repeat(by), &" ".repeat(by), line);
        }
    }

    /// A point of a list.
    pub fn point(&mut self, by: usize, words: &str) {
        let (first, rest) = (" ".repeat(by), " ".repeat(by + 2));
        self.fold(&[first.as_str(), "- "].concat(), &rest, &plain(words).replace('\n', " "));
    }

    /// `Label: value`; nothing when there is no value.
    pub fn fact(&mut self, by: usize, label: &str, value: &str) {
        if !value.is_empty() {
            let (first, rest) = (" ".repeat(by), " ".repeat(by + 2));
            let words = plain(&[label, ": ", value].concat());
            for (line, start) in
                words.split('\n').zip(std::iter::once(&first).chain(std::iter::repeat(&rest)))
            {
                self.fold(start, &rest, line);
            }
        }
    }

    fn fold(&mut self, first: &str, rest: &str, words: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in words.split_whitespace() {
            let long = line.chars().count() + 1 + word.chars().count() > WIDTH;
            if long && !is_empty {
                self.lines.push(std::mem::replace(&mut line, rest.to_owned()));
            } else if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.lines.push(line.trim_end().to_owned());
    }

    /// The whole text, ending with a line end.
    pub fn finish(mut self) -> String {
        self.lines.push(String::new());
        self.lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: impl Fn(&mut Text), expected: &str) {
        let mut text = Text::default();
        write(&mut text);
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn headings_are_underlined_and_stand_apart() {
        check(
            |text| {
                text.title("Agenda");
                text.line("a");
                text.heading("Café");
                text.line("b");
            },
            "Agenda\n======\n\na\n\nCafé\n----\n\nb\n",
        );
    }

    #[test]
    fn long_lines_are_folded_between_words() {
        let words = "word ".repeat(20);
        check(
            |text| text.point(2, &words),
            &format!("  - {}\n    {}\n", ["word"; 15].join(" "), ["word"; 5].join(" ")),
        );
        let long = "x".repeat(100);
        check(|text| text.line(&long), &format!("{long}\n"));
    }

    #[test]
    fn facts_without_a_value_are_left_out_and_lines_are_kept() {
        check(
            |text| {
                text.fact(0, "Venue", "");
                text.fact(0, "Reason", "one\r\ntwo");
            },
            "Reason: one\n  two\n",
        );
    }

    #[test]
    fn no_character_turns_the_text_around_or_moves_a_cursor() {
        check(|text| text.line("a\u{202e}b\u{1b}[2Jc"), "a\u{fffd}b\u{fffd}[2Jc\n");
    }
}
