//! The template registry: every template is embedded, read and checked when the service starts.

use super::order::Places;
use super::words::Language;
use handlebars::{
    BlockContext, Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output,
    RenderContext, RenderErrorReason, Renderable,
};
use panel_core::text::turns_text;
use panel_documents::engine::{Engine, TemplateError, Writes, given};
use panel_documents::markup::escaped;
use rust_embed::RustEmbed;
use serde::Serialize;

/// Why a page could not be drawn, or why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// A template does not parse, or asks for a name that the data lacks.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A template includes a part or names a word that does not exist.
    #[error("template {name} names {missing}, which does not exist")]
    Missing {
        /// The template's name.
        name: String,
        /// The part or word.
        missing: String,
    },
    /// An asset that the layout names is not embedded.
    #[error("asset {0} is not embedded")]
    Asset(String),
    /// A square that a camera reads holds less than it was to say.
    #[error("a square cannot hold that much: {0}")]
    Square(String),
}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Embedded;

/// Every template, ready to draw.
///
/// Strict as every [`Engine`]; the layout's content slot alone takes markup.
#[derive(Debug)]
pub struct Templates {
    engine: Engine,
    language: Language,
}

impl Templates {
    /// Reads and checks every embedded template.
    ///
    /// # Errors
    /// [`ViewError`] names the first template that does not parse or includes what does not exist.
    pub fn new(language: Language) -> Result<Self, ViewError> {
        let mut engine = Engine::default();
        engine.teach_to_write("drawn", Drawn);
        engine.teach_to_write("order_places", Places(language));
        engine.teach("part", Part);
        engine.teach_to_write("word", Word(language));
        engine.teach_to_write("prose", Prose(language));
        let sources = engine.read::<Embedded>()?;
        let templates = Self { engine, language };
        for (name, source) in &sources {
            templates.check_references(name, source)?;
        }
        Ok(templates)
    }

    /// The language the templates are drawn in.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether a template of this name exists.
    pub fn has(&self, name: &str) -> bool {
        self.engine.has(name)
    }

    /// Draws one template.
    ///
    /// # Errors
    /// [`ViewError::Template`] when the template is unknown or asks for a name the data lacks.
    pub fn render(&self, name: &str, data: &impl Serialize) -> Result<String, ViewError> {
        Ok(self.engine.render(name, data)?)
    }

    fn check_references(&self, name: &str, source: &str) -> Result<(), ViewError> {
        let missing =
            |what: &str| ViewError::Missing { name: name.to_owned(), missing: what.to_owned() };
        for part in names_after(source, &["{{part \"", "{{> ", "{{#> "]) {
            if !part.starts_with(['(', '@']) && !self.has(part) {
                return Err(missing(part));
            }
        }
        for key in names_after(source, &["{{word \"", "(word \""]) {
            if self.language.words().by_key(key).is_none() {
                return Err(missing(key));
            }
        }
        Ok(())
    }
}

/// The names that stand after each of these openings.
fn names_after<'a>(source: &'a str, openings: &[&'a str]) -> Vec<&'a str> {
    openings
        .iter()
        .flat_map(|opening| source.split(opening).skip(1))
        .filter_map(|rest| rest.split([' ', '}', '"', '\n']).next())
        .collect()
}

/// `{{part "govuk/table" table}}`: draws another template over one value.
///
/// It does what `{{> name value}}` does without copying a long value, and every value within it again
/// in each loop; a page of 200 rows is drawn in half the time. What is small is copied, because its
/// names are then looked up in it and not from the top of the page.
struct Part;

/// Whether a value holds no list and no long text.
fn is_small(value: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object, String};
    match value {
        Array(_) => false,
        String(text) => text.len() < 1_024,
        Object(fields) => fields.values().all(is_small),
        _ => true,
    }
}

impl HelperDef for Part {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = helper.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
        let value = given(helper, "part", 1)?;
        let template = registry
            .get_template(name)
            .ok_or_else(|| RenderErrorReason::PartialNotFound(name.to_owned()))?;
        let mut block = BlockContext::new();
        match value.context_path().filter(|_| !is_small(value.value())) {
            Some(path) => block.base_path_mut().clone_from(path),
            None => block.set_base_value(value.value().clone()),
        }
        rc.push_block(block);
        let drawn = template.render(registry, context, rc, out);
        rc.pop_block();
        drawn
    }
}

/// `{{drawn items}}`: what was drawn already while it was written down, by [`Markup`], which escapes.
///
/// [`Markup`]: panel_documents::markup::Markup
struct Drawn;

impl Writes for Drawn {
    fn write(&self, helper: &Helper<'_>, _: &Context, out: &mut dyn Output) -> HelperResult {
        out.write(given(helper, "drawn", 0)?.value().as_str().unwrap_or_default())?;
        Ok(())
    }
}

/// `{{word "key"}}`: a fixed word in the page's language.
struct Word(Language);

impl Writes for Word {
    fn write(&self, helper: &Helper<'_>, _: &Context, out: &mut dyn Output) -> HelperResult {
        let key = helper.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
        let word = self
            .0
            .words()
            .by_key(key)
            .ok_or_else(|| RenderErrorReason::MissingVariable(Some(format!("word {key}"))))?;
        out.write(&escaped(word))?;
        Ok(())
    }
}

/// `{{prose text}}`: text that people wrote, isolated from the page's reading direction, with its
/// line breaks kept and with direction overrides shown as marks instead of acted on.
struct Prose(Language);

impl Writes for Prose {
    fn write(&self, helper: &Helper<'_>, _: &Context, out: &mut dyn Output) -> HelperResult {
        let text = given(helper, "prose", 0)?.value().render();
        out.write("<bdi class=\"panel-prose\">")?;
        for piece in text.split_inclusive(turns_text) {
            let kept = piece.trim_end_matches(turns_text);
            out.write(&escaped(kept))?;
            if kept.len() < piece.len() {
                let said = escaped(self.0.words().hidden_character);
                out.write(&format!(
                    "<span class=\"panel-mark\"><span aria-hidden=\"true\">\u{fffd}</span>\
                     <span class=\"govuk-visually-hidden\">{said}</span></span>"
                ))?;
            }
        }
        out.write("</bdi>")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draw(source: &str, data: &serde_json::Value) -> Result<String, ViewError> {
        let mut templates = Templates::new(Language::English)?;
        templates.engine.add("t", source)?;
        templates.render("t", data)
    }

    #[track_caller]
    fn check(source: &str, data: &serde_json::Value, expected: &str) {
        assert_eq!(draw(source, data).unwrap(), expected);
    }

    #[test]
    fn what_people_typed_is_shown_as_text() {
        for typed in
            ["<script>alert(1)</script>", "\"><img src=x onerror=y>", "{{7*7}}", "{{> layout}}"]
        {
            let html = draw("<p title=\"{{x}}\">{{x}}</p>", &json!({"x": typed})).unwrap();
            assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
            let parsed = scraper::Html::parse_fragment(&html);
            let text: String = parsed.root_element().text().collect();
            assert_eq!(text, typed);
        }
    }

    #[test]
    fn a_misspelt_name_is_an_error_wherever_it_stands() {
        for source in [
            "{{nmae}}",
            "{{prose nmae}}",
            "{{part \"govuk/tag\" nmae}}",
            "{{part nmae name}}",
            "{{word \"nmae\"}}",
        ] {
            assert!(draw(source, &json!({"name": "A"})).is_err(), "{source}");
        }
    }

    #[test]
    fn a_part_sees_its_value_and_the_page_s_token() {
        let mut templates = Templates::new(Language::English).unwrap();
        let part = "{{name}}{{#each of}} {{this}}{{/each}} {{@root/csrf}};";
        templates.engine.add("p", part).unwrap();
        let page = "{{#each people}}{{part \"p\" this}}{{/each}}{{part \"p\" one}}";
        templates.engine.add("t", page).unwrap();
        let one = json!({"name": "A", "of": ["x", "y"]});
        let data = json!({"people": [one, {"name": "B", "of": []}], "one": one, "csrf": "T"});
        assert_eq!(templates.render("t", &data).unwrap(), "A x y T;B T;A x y T;");
    }

    #[test]
    fn prose_keeps_lines_and_shows_direction_marks() {
        check(
            "{{prose x}}",
            &json!({"x": "a & b\nc"}),
            "<bdi class=\"panel-prose\">a &amp; b\nc</bdi>",
        );
        let html = draw("{{prose x}}", &json!({"x": "a\u{202e}b"})).unwrap();
        assert!(html.contains("hidden direction mark") && !html.contains('\u{202e}'), "{html}");
    }

    #[test]
    fn markup_is_let_through_in_the_content_slot_alone() {
        for path in Embedded::iter() {
            let file = Embedded::get(&path).unwrap();
            let source = std::str::from_utf8(&file.data).unwrap();
            let slots = source.matches("{{{").count();
            let drawn = source.matches("{{drawn ").count();
            let known = match &*path {
                "govuk/file-upload.hbs"
                | "govuk/input.hbs"
                | "govuk/password-input.hbs"
                | "govuk/select.hbs"
                | "govuk/textarea.hbs" => 1,
                "govuk/table.hbs" => 2,
                _ => 0,
            };
            assert_eq!(drawn, known, "{path}: only what Markup drew");
            if path == "layout.hbs" {
                assert_eq!((slots, source.matches("{{{content}}}").count()), (1, 1));
            } else {
                assert_eq!(slots, 0, "{path} lets markup through");
            }
        }
    }

    #[test]
    fn no_template_holds_a_script_or_a_style_of_its_own() {
        for path in Embedded::iter() {
            let file = Embedded::get(&path).unwrap();
            let source = std::str::from_utf8(&file.data).unwrap().to_lowercase();
            for mark in [" style=", "<style", "javascript:", " onclick=", " onsubmit=", " onload="]
            {
                assert!(!source.contains(mark), "{path} holds {mark}");
            }
            let sourced = source.matches("<script src=").count()
                + source.matches("<script type=\"module\" src=").count();
            assert_eq!(source.matches("<script").count(), sourced, "{path}");
        }
    }

    #[test]
    fn a_part_that_does_not_exist_is_named_at_the_start() {
        let templates = Templates::new(Language::English).unwrap();
        let broken = templates.check_references("t", "{{part \"govuk/buton\" b}}").unwrap_err();
        assert!(broken.to_string().contains("govuk/buton"));
        assert!(templates.check_references("t", "{{word \"bakc\"}}").is_err());
        assert!(templates.check_references("t", "{{part partial this}}").is_ok());
    }
}
