//! The entries of a list to choose from, drawn at once: filters offer every agency and every person.

use super::controls::Entry;
use handlebars::{Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext};
use panel_documents::engine::given;
use panel_documents::markup::Markup;
use serde::Serializer;

/// Draws entries while they are written down for the template.
pub(super) fn drawn<S: Serializer>(items: &[Entry], serializer: S) -> Result<S::Ok, S::Error> {
    let mut html = Markup::with_capacity(items.len() * 100);
    for Entry { value, text, selected, disabled } in items {
        html.raw("<option value=\"").text(value).raw("\"");
        html.raw(if *selected { " selected" } else { "" });
        html.raw(if *disabled { " disabled>" } else { ">" });
        html.text(text).raw("</option>\n");
    }
    serializer.serialize_str(&html.finish())
}

/// `{{select_options items}}`: the entries of a select, which are drawn already.
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
        let items = given(helper, "select_options", 0)?.value();
        out.write(items.as_str().unwrap_or_default())?;
        Ok(())
    }
}
