//! The frame around every document.

use crate::engine::{Engine, TemplateError, Writes, given};
use crate::markup::Markup;
use crate::owed::OwedRows;
use crate::text::Text;
use handlebars::{Context, Helper, HelperResult, JsonRender, Output};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::OnceLock;

/// A document could not be drawn: its template is broken, or asks for a name that the document lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("document {0}")]
pub struct RenderError(#[from] TemplateError);

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
    Ok(engine()?.render(D::TEMPLATE, &Body { document })?)
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
    Ok(engine()?.render("layout", &layout)?)
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
fn engine() -> Result<&'static Engine, RenderError> {
    static ENGINE: OnceLock<Result<Engine, TemplateError>> = OnceLock::new();
    Ok(ENGINE.get_or_init(load).as_ref().map_err(Clone::clone)?)
}

fn load() -> Result<Engine, TemplateError> {
    let mut engine = Engine::default();
    engine.teach_to_write("prose", Prose);
    engine.teach_to_write("owed_rows", OwedRows);
    engine.read::<Embedded>()?;
    Ok(engine)
}

/// `{{prose text}}`: what people wrote, isolated from the reading direction around it, with its lines
/// kept and without the characters that would turn text around.
struct Prose;

impl Writes for Prose {
    fn write(&self, helper: &Helper<'_>, _: &Context, out: &mut dyn Output) -> HelperResult {
        let text = given(helper, "prose", 0)?.value().render();
        let mut html = Markup::default();
        prose(&mut html, &text);
        out.write(&html.finish())?;
        Ok(())
    }
}

/// Adds what people wrote, as `{{prose text}}` does.
pub(crate) fn prose(html: &mut Markup, text: &str) {
    html.raw("<bdi class=\"panel-prose\">").text(&crate::text::plain(text)).raw("</bdi>");
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

    fn draw(source: &str, words: &'static str) -> Result<String, TemplateError> {
        let mut engine = load()?;
        engine.add("letter", source)?;
        engine.render("letter", &Body { document: &Letter { words } })
    }

    #[test]
    fn every_template_parses() {
        assert!(engine().is_ok());
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
    fn a_misspelt_name_of_what_people_typed_is_an_error() {
        let error = draw("{{prose wrods}}", "Secret").unwrap_err();
        assert_eq!(error.to_string(), "template letter failed: line 1: wrods is missing");
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
        assert_eq!(
            error.to_string(),
            "document template letter failed: line ?: no template letter"
        );
    }
}
