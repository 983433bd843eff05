//! Documents to print: the agenda, the minutes and the action list, as HTML or as plain text.

use super::prelude::*;
use crate::web::printed_by;
use panel_app::{agenda, minutes};
use panel_core::id::MeetingId;
use panel_documents::{Document, Frame};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/meetings/{meeting}/agenda/document", TakesPart => agenda, "The agenda as a document"),
        api!(GET "/api/v1/meetings/{meeting}/minutes/document", TakesPart => minutes, "The minutes as a document"),
        api!(GET "/api/v1/meetings/{meeting}/actions/document", TakesPart => actions, "The actions that a meeting set, as a document"),
    ]
}

/// The form of a document.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PaperFormat {
    /// One `<article>` of HTML, to stand in a page.
    #[default]
    Html,
    /// Plain text.
    Text,
}

/// In which form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaperForm)]
struct Form {
    /// HTML, unless said.
    #[serde(default)]
    format: PaperFormat,
}

/// Which version, in which form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaperVersion)]
struct Version {
    /// The number of a signed version; the latest unless said.
    version: Option<i32>,
    /// HTML, unless said.
    #[serde(default)]
    format: PaperFormat,
}

/// A document with its marking, and with whose copy it is.
fn paper(ctx: &Ctx<'_>, format: PaperFormat, document: &impl Document) -> Result<Paper, AppError> {
    let copy = printed_by(&ctx.person.name, ctx.now);
    let marking = Some(ctx.app.settings.marking.as_str()).filter(|marking| !marking.is_empty());
    let frame = Frame { marking, copy: Some(&copy) };
    Ok(match format {
        PaperFormat::Html => {
            Paper::Html(panel_documents::html(frame, document).map_err(AppError::failed)?)
        }
        PaperFormat::Text => Paper::Text(panel_documents::text(frame, document)),
    })
}

fn agenda(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Query(asked): Query<Form>,
) -> Result<Paper, AppError> {
    paper(ctx, asked.format, &agenda::document(ctx, id)?)
}

fn minutes(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Query(asked): Query<Version>,
) -> Result<Paper, AppError> {
    paper(ctx, asked.format, &minutes::document(ctx, id, asked.version)?)
}

fn actions(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Query(asked): Query<Form>,
) -> Result<Paper, AppError> {
    paper(ctx, asked.format, &minutes::action_list(ctx, id)?)
}
