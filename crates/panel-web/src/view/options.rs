//! The entries of a list to choose from, drawn at once: filters offer every agency and every person.

use super::controls::Entry;
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
