//! The entries of a list to choose from, drawn at once: filters offer every agency and every person.

use handlebars::{Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext};
use panel_documents::engine::{given, text_of};
use panel_documents::markup::Markup;
use serde_json::Value;

/// `{{select_options items}}`: the entries of a select.
pub(super) struct Options;

impl HelperDef for Options {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let items = given(helper, "select_options", 0)?.value().as_array();
        let mut html = Markup::with_capacity(items.map_or(0, Vec::len) * 100);
        for item in items.into_iter().flatten() {
            let is = |name| item.get(name).and_then(Value::as_bool).unwrap_or_default();
            html.raw("<option value=\"").text(text_of(item, "value")?).raw("\"");
            html.raw(if is("selected") { " selected" } else { "" });
            html.raw(if is("disabled") { " disabled>" } else { ">" });
            html.text(text_of(item, "text")?).raw("</option>\n");
        }
        out.write(&html.finish())?;
        Ok(())
    }
}
