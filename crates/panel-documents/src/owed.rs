//! The incomplete actions of earlier meetings, as an agenda lists them.

use crate::engine::{Writes, given, text_of};
use crate::markup::Markup;
use crate::page::prose;
use crate::text::Text;
use handlebars::{Context, Helper, HelperResult, Output, RenderErrorReason};
use panel_core::id::{ActionId, CaseId};
use serde::Serialize;
use serde_json::Value;

/// One incomplete action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwedAction {
    /// The action.
    pub id: ActionId,
    /// Its case; none for the panel's own business.
    pub case: Option<CaseId>,
    /// The reference of the case; empty without one.
    pub reference: String,
    /// The wording.
    pub text: String,
    /// The owning agency.
    pub agency: String,
    /// The owner; empty when nobody is named.
    pub owner: String,
    /// The due date in words; empty without one.
    pub due: String,
    /// Whether it is overdue.
    pub overdue: bool,
    /// Where it stands, in words.
    pub state: String,
}

/// The incomplete actions of a panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwedActions {
    /// The actions, early due dates first.
    pub actions: Vec<OwedAction>,
    /// Whether there are more than are listed.
    pub more: bool,
}

impl OwedActions {
    pub(crate) fn write(&self, text: &mut Text) {
        if self.actions.is_empty() {
            return;
        }
        text.heading("Incomplete actions from earlier meetings");
        for action in &self.actions {
            let of = if action.reference.is_empty() { "Panel business" } else { &action.reference };
            text.point(0, &[of, ": ", &action.text].concat());
            text.fact(4, "Agency", &action.agency);
            text.fact(4, "Owner", &action.owner);
            let late = if action.overdue { ", overdue" } else { "" };
            let due = if action.due.is_empty() { "no due date" } else { &action.due };
            text.fact(4, "Due", &[due, late].concat());
            text.fact(4, "Status", &action.state);
        }
        if self.more {
            text.line("There are more. The register of actions has them all.");
        }
    }
}

/// `{{owed_rows actions}}`: the rows of their table.
pub(crate) struct OwedRows;

impl Writes for OwedRows {
    fn write(&self, helper: &Helper<'_>, _: &Context, out: &mut dyn Output) -> HelperResult {
        let actions = given(helper, "owed_rows", 0)?.value().as_array();
        let mut html = Markup::with_capacity(actions.map_or(0, Vec::len) * 480);
        for action in actions.into_iter().flatten() {
            row(&mut html, action)?;
        }
        out.write(&html.finish())?;
        Ok(())
    }
}

fn row(html: &mut Markup, action: &Value) -> Result<(), RenderErrorReason> {
    let text = |key| text_of(action, key);
    let or =
        |key, words: &'static str| text(key).map(|text| if text.is_empty() { words } else { text });
    let cell = "<td class=\"govuk-table__cell\">";
    html.raw("<tr class=\"govuk-table__row\">\n")
        .raw(cell)
        .text(or("reference", "Panel business")?);
    html.raw("</td>\n<th scope=\"row\" class=\"govuk-table__header panel-document__item\">");
    prose(html, text("text")?);
    html.raw("</th>\n").raw(cell).text(text("agency")?);
    let owner = text("owner")?;
    if !owner.is_empty() {
        html.raw(", ").text(owner);
    }
    html.raw("</td>\n").raw(cell).text(or("due", "No due date")?);
    if action.get("overdue").and_then(Value::as_bool).unwrap_or_default() {
        html.raw(" <strong>Overdue</strong>");
    }
    html.raw("</td>\n").raw(cell).text(text("state")?).raw("</td>\n</tr>\n");
    Ok(())
}
