//! The engine that draws templates: the same strictness for documents and for pages.
//!
//! A name that the data lacks is an error, in `{{name}}`, `{{#if name}}` and `{{#unless name}}` alike.
//! Everything is escaped. An error says where a template failed and repeats no value of the data, so
//! that it may be logged.

use crate::markup::escaped;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, PathAndJson,
    RenderContext, RenderError, RenderErrorReason, Renderable,
};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::Value;

/// Why a template cannot be read or drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It does not parse, or is not text.
    #[error("template {name} does not parse: {reason}")]
    Broken {
        /// The template's name.
        name: String,
        /// Where and why.
        reason: String,
    },
    /// It asks for a name that the data lacks, or there is no such template.
    #[error("template {name} failed: {reason}")]
    Failed {
        /// The template's name.
        name: String,
        /// The line and the missing name; never a value.
        reason: String,
    },
}

/// Templates by name, ready to draw.
#[derive(Debug, Clone)]
pub struct Engine(Handlebars<'static>);

impl Default for Engine {
    fn default() -> Self {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        // Indenting an included part would put blanks into the text of text areas.
        registry.set_prevent_indent(true);
        registry.register_escape_fn(escaped);
        registry.register_helper("if", Box::new(StrictIf { wanted: true }));
        registry.register_helper("unless", Box::new(StrictIf { wanted: false }));
        Self(registry)
    }
}

impl Engine {
    /// Lets templates call `{{name …}}`.
    pub fn teach(&mut self, name: &str, helper: impl HelperDef + Send + Sync + 'static) {
        self.0.register_helper(name, Box::new(helper));
    }

    /// Lets templates call `{{name …}}`, which writes from its values.
    pub fn teach_to_write(&mut self, name: &str, helper: impl Writes) {
        self.teach(name, Writing(helper));
    }

    /// Reads every embedded `.hbs` file, and answers the name and the source of each.
    ///
    /// # Errors
    /// [`TemplateError::Broken`] names the first that does not parse.
    pub fn read<E: RustEmbed>(&mut self) -> Result<Vec<(String, String)>, TemplateError> {
        let mut sources = Vec::new();
        for path in E::iter() {
            let Some(name) = path.strip_suffix(".hbs") else { continue };
            let bytes = E::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
            let source = String::from_utf8(bytes).map_err(|error| broken(name, &error))?;
            self.add(name, &source)?;
            sources.push((name.to_owned(), source));
        }
        Ok(sources)
    }

    /// Takes one template, in place of another of its name.
    ///
    /// # Errors
    /// [`TemplateError::Broken`] when it does not parse.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), TemplateError> {
        self.0.register_template_string(name, source).map_err(|error| broken(name, &error))
    }

    /// Whether a template of this name exists.
    pub fn has(&self, name: &str) -> bool {
        self.0.has_template(name)
    }

    /// Draws one template.
    ///
    /// # Errors
    /// [`TemplateError::Failed`] when there is no such template, or it asks for a name that the data
    /// lacks.
    pub fn render(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateError> {
        let failed = |error| TemplateError::Failed { name: name.to_owned(), reason: place(&error) };
        self.0.render(name, data).map_err(failed)
    }
}

fn broken(name: &str, reason: &impl ToString) -> TemplateError {
    TemplateError::Broken { name: name.to_owned(), reason: reason.to_string() }
}

/// A helper that writes from its values alone and draws no template; most do.
pub trait Writes: Send + Sync + 'static {
    /// Writes for one call; `context` is the data of the whole template.
    ///
    /// # Errors
    /// The call leaves out what the helper needs, or names what the data lacks.
    fn write(&self, helper: &Helper<'_>, context: &Context, out: &mut dyn Output) -> HelperResult;
}

struct Writing<W>(W);

impl<W: Writes> HelperDef for Writing<W> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        self.0.write(helper, context, out)
    }
}

/// The value at this place of a helper's call, which the data must have.
///
/// # Errors
/// The call leaves the place out, or names what the data lacks.
pub fn given<'a, 'rc>(
    helper: &'a Helper<'rc>,
    name: &'static str,
    index: usize,
) -> Result<&'a PathAndJson<'rc>, RenderError> {
    let param = helper.param(index).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, index))?;
    if param.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into());
    }
    Ok(param)
}

/// The text of this name in an object of the data, for a helper that draws a list.
///
/// # Errors
/// The object lacks it, or it is no text.
pub fn text_of<'v>(object: &'v Value, name: &str) -> Result<&'v str, RenderErrorReason> {
    let found = object.get(name).and_then(Value::as_str);
    found.ok_or_else(|| RenderErrorReason::MissingVariable(Some(name.to_owned())))
}

/// Says where a template failed without repeating any value of the data.
fn place(error: &RenderError) -> String {
    let line = format!("line {}", error.line_no.map_or("?".to_owned(), |line| line.to_string()));
    match error.reason() {
        RenderErrorReason::MissingVariable(path) => {
            format!("{line}: {} is missing", path.as_deref().unwrap_or("a name"))
        }
        RenderErrorReason::TemplateNotFound(name) | RenderErrorReason::PartialNotFound(name) => {
            format!("{line}: no template {name}")
        }
        RenderErrorReason::HelperNotFound(name) => format!("{line}: no helper {name}"),
        other => format!("{line}: {other}"),
    }
}

/// `{{#if}}` and `{{#unless}}` that refuse a misspelt name instead of taking it for false.
struct StrictIf {
    wanted: bool,
}

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let is_so = given(helper, "if", 0)?.value().is_truthy(false);
        let chosen = if is_so == self.wanted { helper.template() } else { helper.inverse() };
        chosen.map_or(Ok(()), |template| template.render(registry, context, rc, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draw(source: &str, data: &Value) -> Result<String, TemplateError> {
        let mut engine = Engine::default();
        engine.add("t", source).unwrap();
        engine.render("t", data)
    }

    #[track_caller]
    fn check(source: &str, data: &Value, expected: &str) {
        assert_eq!(draw(source, data).unwrap(), expected);
    }

    #[track_caller]
    fn fails(source: &str, data: &Value, expected: &str) {
        let Err(TemplateError::Failed { name, reason }) = draw(source, data) else {
            panic!("{source} is drawn")
        };
        assert_eq!((name.as_str(), reason.as_str()), ("t", expected));
    }

    #[test]
    fn a_condition_chooses() {
        check("{{#if name}}x{{else}}y{{/if}}", &json!({"name": "A"}), "x");
        check("{{#if name}}x{{else}}y{{/if}}", &json!({"name": null}), "y");
        check("{{#unless name}}x{{else}}y{{/unless}}", &json!({"name": "A"}), "y");
        check("{{#unless name}}x{{/unless}}", &json!({"name": ""}), "x");
        check("{{#if name}}x{{/if}}", &json!({"name": 0}), "");
    }

    #[test]
    fn what_people_typed_is_shown_as_text() {
        check("<p>{{x}}</p>", &json!({"x": "<b>{{y}}"}), "<p>&lt;b&gt;{{y}}</p>");
    }

    #[test]
    fn a_misspelt_name_is_an_error_wherever_it_stands() {
        let data = json!({"name": "A"});
        fails("{{nmae}}", &data, "line 1: nmae is missing");
        fails("\n{{#if nmae}}x{{/if}}", &data, "line 2: nmae is missing");
        fails("{{#unless nmae}}x{{/unless}}", &data, "line 1: nmae is missing");
        fails("{{#each nmae}}x{{/each}}", &data, "line 1: nmae is missing");
        fails("{{> nmae}}", &data, "line 1: no template nmae");
        fails("{{nmae name}}", &data, "line 1: no helper nmae");
        assert!(draw("{{#if}}x{{/if}}", &data).is_err());
    }

    #[test]
    fn an_error_repeats_no_value() {
        let people = json!({"people": [{"name": "Secret"}]});
        fails("{{#each people}}{{nmae}}{{/each}}", &people, "line 1: nmae is missing");
    }

    #[test]
    fn a_template_that_does_not_parse_or_is_not_there_is_named() {
        let error = Engine::default().add("t", "{{#if x}}").unwrap_err();
        assert!(error.to_string().starts_with("template t does not parse: "), "{error}");
        let error = Engine::default().render("t", &json!({})).unwrap_err();
        assert_eq!(error.to_string(), "template t failed: line ?: no template t");
    }

    #[test]
    fn embedded_templates_are_read_by_their_names() {
        #[derive(RustEmbed)]
        #[folder = "templates/"]
        struct Embedded;
        let mut engine = Engine::default();
        engine.teach("prose", StrictIf { wanted: true });
        let sources = engine.read::<Embedded>().unwrap();
        assert!(sources.iter().any(|(name, source)| name == "layout" && source.contains("<h1")));
        assert!(sources.iter().all(|(name, _)| engine.has(name) && !name.contains('.')));
        assert!(!engine.has("no such template"));
    }
}
