//! Blank text is no answer.

use panel_core::text::{Narrative, TextError};
use serde_json::Value;

fn is_blank(text: &str) -> bool {
    // One letter is enough to tell: everything longer is refused for its length, not as empty.
    Narrative::<1>::parse(text) == Err(TextError::Empty)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => is_blank(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Takes blank text and nulls out of a form, however deep; nothing else is touched.
pub(super) fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !is_nothing(field));
            fields.values_mut().for_each(prune);
        }
        Value::Array(list) => {
            list.retain(|one| !is_nothing(one));
            list.iter_mut().for_each(prune);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
