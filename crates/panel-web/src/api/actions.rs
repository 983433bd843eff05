//! Actions: the register, one action and what becomes of it, many at once, and the register as a file.

use super::prelude::*;
use chrono::NaiveDate;
use panel_app::actions::sheet::{self, Format, Preview};
use panel_app::actions::{
    self, ActionForm, ActionPage, BulkForm, CompleteForm, DueForm, Filters, History, NoteForm,
    OwnerForm, ReasonForm, Register, Removed, Saved, SetAction, Total, WordingForm,
};
use panel_core::action::{SortBy, StatusFilter};
use panel_core::id::{ActionEntryId, ActionId, AgencyId, CaseId, MeetingId, PanelId, UserId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/actions", TakesPart => list, "The register of actions"),
        api!(POST "/api/v1/actions", RunsPanel => set, "Set an action"),
        api!(POST "/api/v1/actions/search", TakesPart => search, "The register, narrowed by words too"),
        api!(POST "/api/v1/actions/count", TakesPart => count, "How many actions the register would have"),
        api!(POST "/api/v1/actions/bulk", TakesPart => bulk, "Change many actions alike, all or none"),
        api!(POST "/api/v1/actions/export", TakesPart => export, "The register as a file"),
        api!(POST "/api/v1/actions/sheet", TakesPart => read_sheet, "What an edited file would change"),
        api!(POST "/api/v1/actions/sheet/confirm", TakesPart => confirm_sheet, "Do what the last preview showed"),
        api!(GET "/api/v1/actions/{action}", TakesPart => show, "One action"),
        api!(GET "/api/v1/actions/{action}/history", TakesPart => history, "The history of an action, newest first"),
        api!(POST "/api/v1/actions/{action}/start", TakesPart => start of show, "Say that it was started"),
        api!(POST "/api/v1/actions/{action}/complete", TakesPart => complete of show, "Say that it was done"),
        api!(POST "/api/v1/actions/{action}/not-possible", TakesPart => not_possible of show, "Report that it is not possible"),
        api!(POST "/api/v1/actions/{action}/not-possible/accept", RunsPanel => accept_not_possible of show, "Accept that it is not possible"),
        api!(POST "/api/v1/actions/{action}/not-possible/refuse", RunsPanel => refuse_not_possible of show, "Refuse that it is not possible"),
        api!(POST "/api/v1/actions/{action}/not-done", TakesPart => not_done of show, "Report that it was not done"),
        api!(POST "/api/v1/actions/{action}/withdraw", RunsPanel => withdraw of show, "Withdraw it"),
        api!(POST "/api/v1/actions/{action}/reopen", RunsPanel => reopen of show, "Open it again"),
        api!(POST "/api/v1/actions/{action}/notes", TakesPart => note, "Add a note"),
        api!(PUT "/api/v1/actions/{action}/wording", RunsPanel => reword of show, "Change its wording"),
        api!(PUT "/api/v1/actions/{action}/due", RunsPanel => redate of show, "Change its due date"),
        api!(PUT "/api/v1/actions/{action}/owner", RunsPanel => reassign of show, "Change its owner"),
        api!(POST "/api/v1/actions/{action}/delete", RunsPanel => delete of show, "Delete a slip, or withdraw what was recorded"),
    ]
}

/// What the register is narrowed to and ordered by. Words are sent to `/search`, in a body, so that
/// no name stands in an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Narrowed {
    /// One panel.
    panel: Option<PanelId>,
    /// One owning agency.
    agency: Option<AgencyId>,
    /// One owner.
    person: Option<UserId>,
    /// One case.
    case: Option<CaseId>,
    /// The meeting in which they were born.
    meeting: Option<MeetingId>,
    /// Where they stand; every state unless said.
    status: Option<StatusFilter>,
    /// The first due date.
    due_from: Option<NaiveDate>,
    /// The last due date.
    due_to: Option<NaiveDate>,
    /// The order; by due date unless said.
    sort: Option<SortBy>,
    /// From the last to the first.
    #[serde(default)]
    descending: bool,
}

impl From<Narrowed> for Filters {
    fn from(narrowed: Narrowed) -> Self {
        let Narrowed { panel, agency, person, case, meeting, status, .. } = narrowed;
        let Narrowed { due_from, due_to, sort, descending, .. } = narrowed;
        Self {
            panel,
            agency,
            person,
            case,
            meeting,
            status,
            due_from,
            due_to,
            search: String::new(),
            sort,
            descending,
        }
    }
}

fn list(ctx: &Ctx<'_>, (): (), Paged { after, query }: Paged<Narrowed>) -> Told<Register> {
    told(actions::list(ctx, &query.into(), after.as_deref())?)
}

/// A page of the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegisterAsked {
    /// What it is narrowed to and ordered by.
    filters: Filters,
    /// `next` of the page before; without it, the first page.
    #[serde(default)]
    after: Option<String>,
}

fn search(ctx: &Ctx<'_>, (): (), Body(asked): Body<RegisterAsked>) -> Told<Register> {
    told(actions::list(ctx, &asked.filters, asked.after.as_deref())?)
}

fn count(ctx: &Ctx<'_>, (): (), Body(filters): Body<Filters>) -> Told<Total> {
    told(actions::count(ctx, &filters)?)
}

fn set(ctx: &Ctx<'_>, (): (), Body(form): Body<ActionForm>) -> Made<SetAction> {
    let set = actions::set(ctx, &form)?;
    made(format!("/api/v1/actions/{}", set.saved.action), set)
}

fn bulk(ctx: &Ctx<'_>, (): (), Body(form): Body<BulkForm>) -> Told<Listed<Saved>> {
    all(actions::bulk(ctx, &form)?)
}

/// A file of the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Exported {
    /// Of what kind.
    format: Format,
    /// What it is narrowed to and ordered by.
    #[serde(default)]
    filters: Filters,
}

fn export(ctx: &Ctx<'_>, (): (), Body(asked): Body<Exported>) -> Result<Download, AppError> {
    let file = sheet::export(ctx, &asked.filters, asked.format)?;
    Ok(Download { name: file.name, media_type: file.media_type, bytes: file.bytes })
}

/// The name of an edited file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Named {
    /// Its name; the ending says of what kind it is.
    file_name: String,
}

fn read_sheet(ctx: &Ctx<'_>, (): (), Upload { query, bytes }: Upload<Named>) -> Told<Preview> {
    told(sheet::preview(ctx, &query.file_name, &bytes)?)
}

/// Whether good rows are taken although others are in the way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    /// Whether rows in the way are left out.
    #[serde(default)]
    without_bad: bool,
}

fn confirm_sheet(ctx: &Ctx<'_>, (): (), Body(form): Body<Confirmed>) -> Told<sheet::Done> {
    told(sheet::confirm(ctx, form.without_bad)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<ActionId>, _: Nothing) -> Seen<ActionPage> {
    let found = actions::show(ctx, id)?;
    one(found.row.line.version, found)
}

fn history(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Paged { after, .. }: Paged<Plain, ActionEntryId>,
) -> Told<History> {
    told(actions::history(ctx, id, after)?)
}

fn start(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<actions::Plain>) -> Told<Saved> {
    told(actions::start(ctx, id, form)?)
}

fn complete(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<CompleteForm>,
) -> Told<Saved> {
    told(actions::complete(ctx, id, &form)?)
}

fn not_possible(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<ReasonForm>,
) -> Told<Saved> {
    told(actions::report_not_possible(ctx, id, &form)?)
}

fn accept_not_possible(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<actions::Plain>,
) -> Told<Saved> {
    told(actions::accept_not_possible(ctx, id, form)?)
}

fn refuse_not_possible(
    ctx: &Ctx<'_>,
    Path(id): Path<ActionId>,
    Body(form): Body<ReasonForm>,
) -> Told<Saved> {
    told(actions::refuse_not_possible(ctx, id, &form)?)
}

fn not_done(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<ReasonForm>) -> Told<Saved> {
    told(actions::report_not_done(ctx, id, &form)?)
}

fn withdraw(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<ReasonForm>) -> Told<Saved> {
    told(actions::withdraw(ctx, id, &form)?)
}

fn reopen(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<ReasonForm>) -> Told<Saved> {
    told(actions::reopen(ctx, id, &form)?)
}

fn note(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<NoteForm>) -> Told<Saved> {
    told(actions::note(ctx, id, &form)?)
}

fn reword(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<WordingForm>) -> Told<Saved> {
    told(actions::reword(ctx, id, &form)?)
}

fn redate(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<DueForm>) -> Told<Saved> {
    told(actions::redate(ctx, id, &form)?)
}

fn reassign(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<OwnerForm>) -> Told<Saved> {
    told(actions::reassign(ctx, id, &form)?)
}

fn delete(ctx: &Ctx<'_>, Path(id): Path<ActionId>, Body(form): Body<ReasonForm>) -> Told<Removed> {
    told(actions::delete(ctx, id, &form)?)
}
