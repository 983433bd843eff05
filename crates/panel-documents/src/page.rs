//! The frame around every document, and the engine that draws it.

use crate::text::Text;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, JsonTruthy, Output,
    RenderContext, RenderError as Failure, RenderErrorReason, Renderable, html_escape,
};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::OnceLock;

/// Why a document could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A template does not parse.
    #[error("document template {name} does not parse: {reason}")]
    Template {
        /// The template's name.
        name: String,
        /// Where and why.
        reason: String,
    },
    /// The template asks for a name that the document lacks, or is not there.
    #[error("document template {name} failed: {reason}")]
    Render {
        /// The template's name.
        name: &'static str,
        /// The line and the missing name; never a value.
        reason: String,
    },
}

/// Something that is read on paper: a view of one audience, ready to print.
pub trait Document: Serialize {
    /// The template of its body, without `.hbs`.
    const TEMPLATE: &'static str;

    /// Its heading, such as `Agenda`.
    fn title(&self) -> String;

    /// Whose it is and of when, such as the panel and the day; stands above the heading.
    fn caption(&self) -> String;

    /// The lines of its plain text, below the heading.
    fn write(&self, text: &mut Text);
}

/// What stands on every copy besides the document itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// The protective marking.
    pub marking: Option<&'a str>,
    /// Whose copy it is and from when, such as `Printed by Sam Lee at 2:30pm on Monday 14 December 2026`.
    pub copy: Option<&'a str>,
}

/// Who may hold a document; stands beside the marking.
const HANDLING: &str =
    "For those who take part in this panel. Do not copy it or pass it on without their agreement.";

#[derive(Serialize)]
struct Body<'a, D> {
    #[serde(flatten)]
    document: &'a D,
}

#[derive(Serialize)]
struct Layout<'a> {
    title: String,
    caption: String,
    marking: Option<&'a str>,
    handling: &'static str,
    copy: Option<&'a str>,
    content: String,
}

/// Draws the body of a document as HTML, for a page with a heading of its own.
///
/// # Errors
/// [`RenderError`] when its template and its data do not fit together, which a test of the document
/// rules out.
pub fn body<D: Document>(document: &D) -> Result<String, RenderError> {
    let drawn = registry()?.render(D::TEMPLATE, &Body { document });
    drawn.map_err(|error| failed(D::TEMPLATE, &error))
}

fn failed(name: &'static str, reason: &Failure) -> RenderError {
    RenderError::Render { name, reason: describe(reason) }
}

/// Draws a document as HTML: one `<article>`, to stand in a page that has the style sheets.
///
/// # Errors
/// [`RenderError`], as [`body`].
pub fn html<D: Document>(frame: Frame<'_>, document: &D) -> Result<String, RenderError> {
    let content = body(document)?;
    let layout = Layout {
        title: document.title(),
        caption: document.caption(),
        marking: frame.marking,
        handling: HANDLING,
        copy: frame.copy,
        content,
    };
    registry()?.render("layout", &layout).map_err(|error| failed("layout", &error))
}

/// Writes a document as plain text, lines of at most 80 characters where the words allow it.
pub fn text<D: Document>(frame: Frame<'_>, document: &D) -> String {
    let mut text = Text::default();
    if let Some(marking) = frame.marking {
        text.line(marking);
    }
    text.line(&document.caption());
    text.title(&document.title());
    document.write(&mut text);
    text.gap();
    text.line(HANDLING);
    if let Some(copy) = frame.copy {
        text.line(copy);
    }
    text.finish()
}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Embedded;

/// Every template, read once.
fn registry() -> Result<&'static Handlebars<'static>, RenderError> {
    static REGISTRY: OnceLock<Result<Handlebars<'static>, RenderError>> = OnceLock::new();
    REGISTRY.get_or_init(load).as_ref().map_err(Clone::clone)
}

fn load() -> Result<Handlebars<'static>, RenderError> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    registry.register_helper("if", Box::new(StrictIf));
    registry.register_helper("prose", Box::new(Prose));
    for path in Embedded::iter() {
        let Some(name) = path.strip_suffix(".hbs") else { continue };
        let broken = |reason: String| RenderError::Template { name: name.to_owned(), reason };
        let file = Embedded::get(&path).ok_or_else(|| broken("is not embedded".to_owned()))?;
        let source =
            String::from_utf8(file.data.into_owned()).map_err(|error| broken(error.to_string()))?;
        registry
            .register_template_string(name, source)
            .map_err(|error| broken(error.to_string()))?;
    }
    Ok(registry)
}

/// Says where a template failed without repeating any value of the document.
fn describe(error: &Failure) -> String {
    let place = format!("line {}", error.line_no.map_or("?".to_owned(), |line| line.to_string()));
    match error.reason() {
        RenderErrorReason::MissingVariable(path) => {
            format!("{place}: {} is missing", path.as_deref().unwrap_or("a name"))
        }
        RenderErrorReason::TemplateNotFound(name) | RenderErrorReason::PartialNotFound(name) => {
            format!("{place}: no template {name}")
        }
        _ => place,
    }
}

/// `{{#if}}` that refuses a misspelt name instead of taking it for false.
struct StrictIf;

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if param.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into());
        }
        let is_so = param.value().is_truthy(false);
        let chosen = if is_so { helper.template() } else { helper.inverse() };
        chosen.map_or(Ok(()), |template| template.render(registry, context, rc, out))
    }
}

/// `{{prose text}}`: what people wrote, isolated from the reading direction around it, with its lines
/// kept and without the characters that would turn text around.
struct Prose;

impl HelperDef for Prose {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("prose", 0))?;
        if param.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into());
        }
        out.write("<bdi class=\"panel-prose\">")?;
        out.write(&html_escape(&crate::text::plain(&param.value().render())))?;
        out.write("</bdi>")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Letter {
        words: &'static str,
    }

    impl Document for Letter {
        const TEMPLATE: &'static str = "letter";
        fn title(&self) -> String {
            "A <letter>".to_owned()
        }
        fn caption(&self) -> String {
            "North".to_owned()
        }
        fn write(&self, text: &mut Text) {
            text.line(self.words);
        }
    }

    fn draw(source: &str, words: &'static str) -> Result<String, Failure> {
        let mut registry = load().unwrap();
        registry.register_template_string("letter", source).unwrap();
        registry.render("letter", &Body { document: &Letter { words } })
    }

    #[test]
    fn every_template_parses() {
        assert!(registry().is_ok());
    }

    #[test]
    fn what_people_typed_is_shown_as_text() {
        let html = draw("<p>{{words}} {{prose words}}</p>", "<script>\nx</script>").unwrap();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;\nx"), "{html}");
        let html = draw("{{prose words}}", "a\u{202e}b").unwrap();
        assert_eq!(html, "<bdi class=\"panel-prose\">a\u{fffd}b</bdi>");
    }

    #[test]
    fn a_misspelt_name_is_an_error_that_repeats_no_value() {
        for source in
            ["{{wrods}}", "{{#if wrods}}x{{/if}}", "{{prose wrods}}", "{{#each wrods}}x{{/each}}"]
        {
            let error = draw(source, "Secret").unwrap_err();
            assert!(describe(&error).contains("wrods"), "{source}");
            assert!(!describe(&error).contains("Secret"), "{source}");
        }
    }

    #[test]
    fn plain_text_carries_marking_heading_and_copy() {
        let frame = Frame { marking: Some("OFFICIAL"), copy: Some("Printed by Sam Lee") };
        let written = text(frame, &Letter { words: "Hello" });
        let all: Vec<&str> = written.lines().collect();
        assert_eq!(all.first(), Some(&"OFFICIAL"));
        assert_eq!(all.get(1..5), Some(&["North", "A <letter>", "==========", ""][..]));
        assert_eq!(all.last(), Some(&"Printed by Sam Lee"));
    }

    #[test]
    fn an_unknown_template_is_an_error() {
        let error = html(Frame::default(), &Letter { words: "x" }).unwrap_err();
        assert!(matches!(error, RenderError::Render { name: "letter", .. }), "{error}");
    }
}
