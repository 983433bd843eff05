//! Minutes: read as a draft or as they were signed, signed, and opened again.

use super::prelude::*;
use panel_app::clearing::{self, ClearForm, Outgoing, Suspect};
use panel_app::minutes::{self, Approval, ApproveForm, MinutesView, UnapprovedMinutes};
use panel_core::id::{MeetingId, PanelId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/meetings/{meeting}/minutes", TakesPart => show, "The minutes of a meeting"),
        api!(GET "/api/v1/panels/{panel}/unapproved-minutes", RunsPanel => unapproved, "Held meetings whose minutes wait for approval"),
        api!(GET "/api/v1/meetings/{meeting}/minutes/finds", RunsPanel => finds, "What in it may tell where somebody can be found"),
        api!(POST "/api/v1/meetings/{meeting}/minutes/finds", RunsPanel => clear, "Say what of it may stand"),
        api!(POST "/api/v1/meetings/{meeting}/minutes/approve", RunsPanel => approve, "Sign the minutes as they were read"),
        api!(POST "/api/v1/meetings/{meeting}/minutes/open-again", RunsPanel => open_again, "Open signed minutes for a correction"),
    ]
}

/// Which version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The number of a signed version; the latest unless said.
    version: Option<i32>,
}

fn show(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, Query(which): Query<Which>) -> Told<MinutesView> {
    told(minutes::show(ctx, id, which.version)?)
}

fn unapproved(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    _: Nothing,
) -> Told<Listed<UnapprovedMinutes>> {
    all(minutes::unapproved(ctx, panel)?)
}

fn approve(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<ApproveForm>,
) -> Made<Approval> {
    let approval = minutes::approve(ctx, id, &form)?;
    let at = format!("/api/v1/meetings/{id}/minutes?version={}", approval.version);
    made(at, approval)
}

fn open_again(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(because): Body<Because>,
) -> Told<Version> {
    changed(minutes::open_again(ctx, id, &because.reason)?)
}

fn finds(ctx: &Ctx<'_>, Path(id): Path<MeetingId>, _: Nothing) -> Told<Listed<Suspect>> {
    all(clearing::look(ctx, id, Outgoing::Minutes)?)
}

fn clear(
    ctx: &Ctx<'_>,
    Path(id): Path<MeetingId>,
    Body(form): Body<ClearForm>,
) -> Told<Listed<Suspect>> {
    clearing::clear(ctx, id, Outgoing::Minutes, &form)?;
    all(clearing::look(ctx, id, Outgoing::Minutes)?)
}
