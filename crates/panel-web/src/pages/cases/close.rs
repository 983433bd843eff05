//! The end of a case: proposed, closed with every open action settled, opened again.

use super::{called, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, id as pick_id, many_of, narrative, pick};
use crate::form::{
    Choice, ConfirmView, Days, Fault, Field, Form, FormPage, FormView, Layout, Optional, Reader,
    Refused, Values,
};
use crate::pages::meetings::date::{Pressed, again, carried};
use crate::posted::Posted;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Button, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::actions::{self, Filters};
use panel_app::cases::{self, CaseDetail, ClosureForm, HandOver};
use panel_app::panels;
use panel_core::action::StatusFilter;
use panel_core::case::{ClosureCheck, ClosureReason};
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, CaseId, Id};
use panel_core::text::Note;

static REASON: Field<'_, String> = pick("reason", "Reason").missing("Select the reason");
static NOTE: Optional<'_, Note> = narrative("note", "Note")
    .hint("“No further levers” needs one, for the steering group.")
    .rows(3)
    .optional();
static CHECKS: Optional<'_, Vec<ClosureCheck>> = many_of("ticked", "What has been seen to")
    .hint("This is advice: nothing here stops the closure.")
    .optional();
static PROPOSE: Form = Form::of(&[&REASON, &NOTE, &CHECKS]);
static ON: Field<'_, NaiveDate> =
    date("on", "Closed on").noun("the closing date").days(Days::UpToToday);
static HAND_OVER: Optional<'_, AgencyId> = pick_id("hand", "").optional();
static WHY: Field<'_, Note> = narrative("reason", "Reason");
static REOPEN: Form = Form::of(&[&WHY]);

/// Pages of open actions that are read at most.
const MOST_PAGES: usize = 10;

async fn load(asker: &Asker, id: CaseId) -> Result<CaseDetail, Failure> {
    asker.ask(move |ctx| cases::show(ctx, id)).await
}

fn page(title: &str, id: CaseId) -> Page {
    Page::new(title).section("cases").back(path(id), "Case")
}

/// The reasons that can be given; what an old tracker left out is none.
fn reasons() -> Vec<Choice> {
    let chosen = ClosureReason::ALL.iter().filter(|reason| reason.can_be_chosen());
    chosen.map(|reason| Choice::new(reason.code(), reason.label())).collect()
}

/// Reads the reason.
fn reason_of(reader: &mut Reader<'_, '_>) -> Option<ClosureReason> {
    let code = reader.get(&REASON)?;
    let read = ClosureReason::from_code(&code).ok().filter(|reason| reason.can_be_chosen());
    if read.is_none() {
        reader.fault(&REASON, &Fault::NotOffered);
    }
    read
}

fn caption(detail: &CaseDetail) -> String {
    called(&detail.row)
}

/// What is said when the case changed since the page was drawn; what was typed stays.
pub(super) fn behind(posted: &Posted) -> Refused {
    let said = "Somebody else changed this case meanwhile. Look at it in another tab; what you \
                typed is below. Send it again if it still holds.";
    Refused::by_rule(&posted.values, "", "stale", said)
}

fn was_behind(refused: Option<&Refused>) -> bool {
    refused.is_some_and(|it| it.errors.iter().any(|error| error.code == "stale"))
}

async fn draw_propose(asker: &Asker, id: CaseId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    if !detail.may.propose && !was_behind(refused.as_ref()) {
        return Err(Failure::NotFound);
    }
    let mut form =
        FormView::new(&PROPOSE, format!("{}/propose", path(id))).choices(&REASON, reasons());
    if let Some(proposal) = &detail.history.proposal {
        let ticked = proposal.ticked.iter().copied().collect();
        form = form.fill(&REASON, &proposal.reason.code().to_owned()).fill(&NOTE, &proposal.note);
        form = form.fill(&CHECKS, &Some(ticked));
    }
    let form = form
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Propose the closure"))
        .cancel(path(id))
        .refused(refused);
    let heading = "Propose to close this case";
    let view = FormPage::new(heading, form)
        .caption(caption(&detail))
        .intro("The next agenda lists it among the proposed closures. The chair decides.");
    asker.form(page(heading, id), view).await
}

pub(super) async fn ask_propose(asker: Asker, id: web::Path<CaseId>) -> Answer {
    draw_propose(&asker, *id, None).await
}

pub(super) async fn propose(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = PROPOSE.read(&posted.values, asker.today()?);
    let reason = reason_of(&mut reader);
    let (note, ticked) = (reader.get(&NOTE), reader.get(&CHECKS));
    let read = reader.finish(|| {
        Some(ClosureForm {
            reason: reason?,
            on: None,
            note: note?.map(String::from).unwrap_or_default(),
            ticked: ticked?.unwrap_or_default().into_iter().collect(),
            handed_over: Vec::new(),
        })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_propose(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| cases::propose_closure(ctx, id, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw_propose(&asker, id, Some(behind(&posted))).await,
        Err(failure) => draw_propose(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn drop_proposal(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let work = move |ctx: &panel_app::Ctx<'_>| cases::drop_proposal(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        // Whoever changed the case first is seen on its page.
        Ok(_) | Err(Failure::Stale) => see(path(id)),
        Err(other) => Err(other),
    }
}

/// An open action that the closure settles.
struct Open {
    action: ActionId,
    /// The name of the field that says who goes on with it.
    field: String,
    label: String,
}

/// Every open action of a case.
async fn open_actions(asker: &Asker, case: CaseId) -> Result<Vec<Open>, Failure> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let status = Some(StatusFilter::Unfinished);
        let filters = Filters { case: Some(case), status, ..Filters::default() };
        let from = after.take();
        let page = asker.ask(move |ctx| actions::list(ctx, &filters, from.as_deref())).await?;
        found.extend(page.rows.iter().map(|row| {
            let line = &row.line;
            let owner = line.agency_name.clone().unwrap_or_default();
            Open {
                action: line.id,
                field: format!("hand-{}", line.id.uuid().simple()),
                label: format!("{} ({owner})", line.text),
            }
        }));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    Ok(found)
}

/// Agencies of the case's panel, one of which may go on with an action.
async fn agencies(asker: &Asker, detail: &CaseDetail) -> Result<Vec<Choice>, Failure> {
    let panel = detail.row.panel;
    let found = asker.ask(move |ctx| panels::show(ctx, panel)).await?;
    let choice = |one: &_| {
        let one: &panels::Membership = one;
        Choice::new(one.agency, one.name.clone())
    };
    Ok(found.agencies.iter().map(choice).collect())
}

fn closing<'a>(open: &'a [Open], drawn: &'a [Optional<'a, AgencyId>]) -> Layout<'a> {
    let mut layout = Layout::new().with(&ON).with(&REASON).with(&NOTE).with(&CHECKS);
    if !open.is_empty() {
        let intro = "Each ends on the day of the closure. Choose the agency that goes on with it by \
                     itself; where you choose none, the action is withdrawn.";
        layout = layout.section("Open actions", Some(intro));
    }
    drawn.iter().fold(layout, Layout::with)
}

fn hand_overs(open: &[Open]) -> Vec<Optional<'_, AgencyId>> {
    open.iter().map(|one| HAND_OVER.under(&one.field, &one.label)).collect()
}

async fn draw_close(asker: &Asker, id: CaseId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    if !detail.may.close && !was_behind(refused.as_ref()) {
        return Err(Failure::NotFound);
    }
    let (open, agencies) = (open_actions(asker, id).await?, agencies(asker, &detail).await?);
    let drawn = hand_overs(&open);
    let mut form = FormView::new(closing(&open, &drawn), format!("{}/close", path(id)))
        .choices(&REASON, reasons())
        .fill(&ON, &asker.today()?);
    if let Some(proposal) = &detail.history.proposal {
        let ticked = proposal.ticked.iter().copied().collect();
        form = form.fill(&REASON, &proposal.reason.code().to_owned()).fill(&NOTE, &proposal.note);
        form = form.fill(&CHECKS, &Some(ticked));
    }
    for field in &drawn {
        form = form.choices(field, agencies.clone());
    }
    let form = form
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Show what happens"))
        .cancel(path(id))
        .refused(refused);
    let view = FormPage::new("Close this case", form)
        .caption(caption(&detail))
        .intro("There is no next review after a closure. Nothing is saved yet.");
    asker.form(page("Close this case", id), view).await
}

pub(super) async fn ask_close(asker: Asker, id: web::Path<CaseId>) -> Answer {
    draw_close(&asker, *id, None).await
}

fn read(open: &[Open], values: &Values, today: NaiveDate) -> Result<ClosureForm, Refused> {
    let drawn = hand_overs(open);
    let mut reader = closing(open, &drawn).read(values, today);
    let (on, reason) = (reader.get(&ON), reason_of(&mut reader));
    let (note, ticked) = (reader.get(&NOTE), reader.get(&CHECKS));
    let given: Vec<Option<Option<AgencyId>>> =
        drawn.iter().map(|field| reader.get(field)).collect();
    reader.finish(|| {
        let mut handed_over = Vec::new();
        for (one, to) in open.iter().zip(given) {
            handed_over.extend(to?.map(|to| HandOver { action: one.action, to }));
        }
        Some(ClosureForm {
            reason: reason?,
            on: Some(on?),
            note: note?.map(String::from).unwrap_or_default(),
            ticked: ticked?.unwrap_or_default().into_iter().collect(),
            handed_over,
        })
    })
}

/// Every open action with what becomes of it, and the button that closes the case.
async fn confirm(
    asker: &Asker,
    id: CaseId,
    posted: &Posted,
    open: &[Open],
    form: &ClosureForm,
) -> Answer {
    let detail = load(asker, id).await?;
    let agencies = agencies(asker, &detail).await?;
    let on = form.on.map(dates::with_weekday).unwrap_or_default();
    let text = format!("Closed on {on}: {}.", form.reason.label().to_lowercase());
    let mut sheet = Sheet::new("Check what the closure does").caption(caption(&detail)).text(text);
    let left: Vec<ClosureCheck> =
        ClosureCheck::ALL.iter().copied().filter(|check| !form.ticked.contains(check)).collect();
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|check| check.label().to_owned()).collect();
        sheet = sheet.warning(Warning { text: "Not ticked as seen to:".to_owned() }).list(left);
    }
    let row = |one: &Open| {
        let to = form.handed_over.iter().find(|given| given.action == one.action);
        let to = to.map(|given| given.to.to_string());
        let name = to.and_then(|to| agencies.iter().find(|agency| agency.value == to));
        let what = match name {
            Some(agency) => format!("{} goes on with it", agency.text),
            None => "Withdrawn".to_owned(),
        };
        Row::new(vec![Cell::text(one.label.clone()).heading(), Cell::text(what)])
    };
    let columns = ["Open action", "What becomes of it"].map(Column::new).into();
    let table = Table::new(columns, open.iter().map(row).collect())
        .caption("Open actions")
        .or_say("No action of this case is open.");
    let button = Button::warning("Close the case");
    let action = format!("{}/close", path(id));
    sheet = sheet.table(table).acts(carried(posted, &action, Some(button)));
    asker.page(&page("Check what the closure does", id), "pages/sheet", &sheet)
}

pub(super) async fn close(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let id = *id;
    let open = open_actions(&asker, id).await?;
    let form = match read(&open, &posted.values, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_close(&asker, id, Some(refused)).await,
    };
    match Pressed::of(&posted) {
        Pressed::Change => return draw_close(&asker, id, Some(again(&posted))).await,
        Pressed::Preview => return confirm(&asker, id, &posted, &open, &form).await,
        Pressed::Confirm => {}
    }
    let version = posted.version;
    let done = asker.submit(posted.operation, move |ctx| cases::close(ctx, id, version, &form));
    match done.await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw_close(&asker, id, Some(behind(&posted))).await,
        Err(failure) => draw_close(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

async fn draw_reopen(asker: &Asker, id: CaseId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    if !detail.may.reopen && !was_behind(refused.as_ref()) {
        return Err(Failure::NotFound);
    }
    let form = FormView::new(&REOPEN, format!("{}/reopen", path(id)))
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Open the case again"))
        .cancel(path(id))
        .refused(refused);
    let heading = "Open this case again";
    let view = ConfirmView::new(heading, form).caption(caption(&detail)).text(
        "Only for a case that was closed by mistake. Actions that ended with it stay as they are.",
    );
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(heading, id))?)
}

pub(super) async fn ask_reopen(asker: Asker, id: web::Path<CaseId>) -> Answer {
    draw_reopen(&asker, *id, None).await
}

pub(super) async fn reopen(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = REOPEN.read(&posted.values, asker.today()?);
    let reason = reader.get(&WHY);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(refused) => return draw_reopen(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| cases::reopen(ctx, id, version, reason.as_str());
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw_reopen(&asker, id, Some(behind(&posted))).await,
        Err(failure) => draw_reopen(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
