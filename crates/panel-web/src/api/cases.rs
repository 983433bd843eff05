//! Cases: read, reviewed, closed, opened again.

use super::prelude::*;
use chrono::NaiveDate;
use panel_app::cases::{
    self, AgenciesForm, CaseDetail, CaseFilter, CaseListForm, CaseLists, CasePage, Closed,
    ClosureForm, ConflictForm, Found, LiftForm, ReviewForm,
};
use panel_core::case::CaseStatus;
use panel_core::id::{CaseId, CaseListId, PanelId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/cases", TakesPart => list, "Cases, newest first"),
        api!(POST "/api/v1/search", TakesPart => search, "Cases and referrals by name or reference"),
        api!(GET "/api/v1/cases/{case}", Sits => show, "One case"),
        api!(PUT "/api/v1/cases/{case}/agencies", RunsPanel => set_agencies of show, "Say which agencies take part in a case"),
        api!(GET "/api/v1/cases/{case}/lists", RunsPanel => lists, "From whom a case is kept"),
        api!(POST "/api/v1/cases/{case}/lists", RunsPanel => add_to_list, "Keep a case from somebody"),
        api!(POST "/api/v1/cases/{case}/lists/{line}/lift", RunsPanel => lift_from_list, "Lift a line, as the chair"),
        api!(POST "/api/v1/cases/{case}/conflict", TakesPart => declare_conflict, "Declare a conflict of interest"),
        api!(POST "/api/v1/cases/{case}/review", RunsPanel => review of show, "Agree on the next review, or close the case"),
        api!(POST "/api/v1/cases/{case}/propose-closure", RunsPanel => propose_closure of show, "Propose to close a case"),
        api!(POST "/api/v1/cases/{case}/drop-proposal", RunsPanel => drop_proposal of show, "Take the proposal to close it back"),
        api!(POST "/api/v1/cases/{case}/close", RunsPanel => close of show, "Close a case"),
        api!(POST "/api/v1/cases/{case}/reopen", RunsPanel => reopen of show, "Open a closed case again"),
    ]
}

/// Which cases.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// One panel.
    panel: Option<PanelId>,
    /// Open or closed.
    state: Option<CaseStatus>,
    /// With a next review on or before this day.
    review_by: Option<NaiveDate>,
}

fn list(ctx: &Ctx<'_>, (): (), Paged { after, query }: Paged<Which, CaseId>) -> Told<CasePage> {
    let Which { panel, state, review_by } = query;
    told(cases::list(ctx, CaseFilter { panel, state, review_by }, after)?)
}

/// What is looked for. It is sent in a body, so that no name stands in an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sought {
    /// At least three letters of a name or reference.
    query: String,
}

fn search(ctx: &Ctx<'_>, (): (), Body(sought): Body<Sought>) -> Told<Found> {
    told(cases::search(ctx, &sought.query)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<CaseId>, _: Nothing) -> Seen<CaseDetail> {
    let found = cases::show(ctx, id)?;
    one(found.row.version, found)
}

fn set_agencies(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, form }: Edit<AgenciesForm>,
) -> Told<CaseDetail> {
    cases::set_agencies(ctx, id, version, &form)?;
    told(cases::show(ctx, id)?)
}

fn lists(ctx: &Ctx<'_>, Path(id): Path<CaseId>, _: Nothing) -> Told<CaseLists> {
    told(cases::lists(ctx, id)?)
}

fn add_to_list(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Body(form): Body<CaseListForm>,
) -> Told<CaseLists> {
    cases::add_to_list(ctx, id, &form)?;
    told(cases::lists(ctx, id)?)
}

fn lift_from_list(
    ctx: &Ctx<'_>,
    Paths(id, line): Paths<CaseId, CaseListId>,
    Body(form): Body<LiftForm>,
) -> Told<CaseLists> {
    cases::lift_from_list(ctx, id, line, &form)?;
    told(cases::lists(ctx, id)?)
}

fn declare_conflict(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Body(form): Body<ConflictForm>,
) -> Result<Done, AppError> {
    cases::declare_conflict(ctx, id, &form)?;
    done()
}

fn review(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, form }: Edit<ReviewForm>,
) -> Told<Closed> {
    told(cases::review(ctx, id, version, &form)?)
}

fn propose_closure(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, form }: Edit<ClosureForm>,
) -> Told<Version> {
    changed(cases::propose_closure(ctx, id, version, &form)?)
}

fn drop_proposal(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(cases::drop_proposal(ctx, id, version)?)
}

fn close(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, form }: Edit<ClosureForm>,
) -> Told<Closed> {
    told(cases::close(ctx, id, version, &form)?)
}

fn reopen(
    ctx: &Ctx<'_>,
    Path(id): Path<CaseId>,
    Edit { version, form }: Edit<Because>,
) -> Told<Version> {
    changed(cases::reopen(ctx, id, version, &form.reason)?)
}
