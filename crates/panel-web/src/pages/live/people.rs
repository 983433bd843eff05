//! One person of the attendance: a deputy, a guest, apologies with information, late and early.

use super::path;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, id as id_of, line, one_of, tick};
use crate::form::{
    Choice, Days, Field, Form, FormPage, FormView, Optional, Refused, StaleView, Values,
};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::live::{self, PersonForm};
use panel_app::panels;
use panel_core::id::{AgencyId, AgendaItemId, AttendanceId, MeetingId};
use panel_core::meeting::AttendanceStatus;
use panel_core::text::{Name, Title};

static NAME: Field<'_, Name> = line("name", "Name");
static AGENCY: Optional<'_, AgencyId> =
    id_of("agency", "Agency").hint("Leave it open for a guest.").optional();
static STATUS: Field<'_, AttendanceStatus> =
    one_of("status", "How the person takes part").missing("Select how the person takes part");
static INFORMATION: Optional<'_, NaiveDate> = date("information_on", "Date the information came")
    .days(Days::UpToToday)
    .shown_when("status", "apologies_information_sent")
    .optional();
static STATEMENT: Field<'_, bool> = tick("statement", "The confidentiality statement was accepted");
static ON_PAPER: Field<'_, bool> = tick("on_paper", "The statement was signed on paper");
static ARRIVED: Optional<'_, AgendaItemId> =
    id_of("arrived_at", "First item the person was there for")
        .hint("Leave it open when the person was there from the start.")
        .optional();
static LEFT: Optional<'_, AgendaItemId> = id_of("left_after", "Last item the person was there for")
    .hint("Leave it open when the person stayed to the end.")
    .optional();
static NOTE: Optional<'_, Title> =
    line("note", "Note").hint("For example, whom a deputy stands in for.").optional();
static FORM: Form = Form::of(&[
    &NAME,
    &AGENCY,
    &STATUS,
    &INFORMATION,
    &STATEMENT,
    &ON_PAPER,
    &ARRIVED,
    &LEFT,
    &NOTE,
]);

fn read(posted: &Posted, today: NaiveDate) -> Result<PersonForm, Refused> {
    let mut reader = FORM.read(&posted.values, today);
    let (name, agency, status) = (reader.get(&NAME), reader.get(&AGENCY), reader.get(&STATUS));
    let (information, note) = (reader.get(&INFORMATION), reader.get(&NOTE));
    let (statement, on_paper) = (reader.get(&STATEMENT), reader.get(&ON_PAPER));
    let (arrived, left) = (reader.get(&ARRIVED), reader.get(&LEFT));
    reader.finish(|| {
        Some(PersonForm {
            name: name?.into(),
            agency: agency?,
            status: status?,
            information_on: information?,
            statement: statement?,
            on_paper: on_paper?,
            arrived_at: arrived?,
            left_after: left?,
            note: note?.map(String::from).unwrap_or_default(),
        })
    })
}

/// An empty form with its choices.
async fn form(asker: &Asker, id: MeetingId, action: String) -> Result<FormView<'static>, Failure> {
    let view = asker.ask(move |ctx| live::show(ctx, id)).await?;
    let panel = view.meeting.panel;
    let members = asker.ask(move |ctx| panels::show(ctx, panel)).await?.agencies;
    let agencies = members.iter().map(|one| Choice::new(one.agency, one.name.clone())).collect();
    let item = |step: &live::StepView| {
        Choice::new(step.item, format!("{}. {} {}", step.number, step.label, step.person))
    };
    let items: Vec<Choice> = view.steps.iter().map(item).collect();
    Ok(FormView::new(&FORM, action)
        .choices(&AGENCY, agencies)
        .choices(&ARRIVED, items.clone())
        .choices(&LEFT, items)
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(id)))
}

fn page(title: &str, id: MeetingId) -> Page {
    Page::new(title).section("meetings").back(path(id), "Live meeting")
}

async fn draw_new(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let form = form(asker, id, format!("{}/people/new", path(id))).await?.refused(refused);
    let title = "Add somebody to the attendance";
    asker.form(page(title, id), FormPage::new(title, form)).await
}

pub(super) async fn new(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_new(&asker, *id, None).await
}

pub(super) async fn add(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_new(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| live::add_person(ctx, id, &form)).await {
        Ok(_) => see(format!("{}?done=person", path(id))),
        Err(failure) => draw_new(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// The form with the line as it is, and its version.
async fn filled(
    asker: &Asker,
    (id, line): (MeetingId, AttendanceId),
) -> Result<(FormView<'static>, String), Failure> {
    let kept = asker.ask(move |ctx| live::person(ctx, line)).await?;
    if kept.meeting != id {
        return Err(Failure::NotFound);
    }
    let mut view = form(asker, id, format!("{}/people/{line}", path(id))).await?;
    if let Ok(name) = Name::parse(&kept.name) {
        view = view.fill(&NAME, &name);
    }
    let view = view
        .fill(&AGENCY, &kept.agency)
        .fill(&STATUS, &kept.status)
        .fill(&INFORMATION, &kept.information_on)
        .fill(&STATEMENT, &kept.statement_at.is_some())
        .fill(&ON_PAPER, &kept.statement_on_paper)
        .fill(&ARRIVED, &kept.arrived_at)
        .fill(&LEFT, &kept.left_after)
        .fill(&NOTE, &Title::parse(&kept.note).ok())
        .version(kept.version.into());
    Ok((view, kept.name))
}

async fn draw_edit(
    asker: &Asker,
    at: (MeetingId, AttendanceId),
    refused: Option<Refused>,
) -> Answer {
    let (form, name) = filled(asker, at).await?;
    let form = form
        .refused(refused)
        .button(Button::new("Save"))
        .button(Button::warning("Remove from the attendance").doing("remove"));
    asker.form(page(&name, at.0), FormPage::new(name.clone(), form)).await
}

pub(super) async fn edit(asker: Asker, at: web::Path<(MeetingId, AttendanceId)>) -> Answer {
    draw_edit(&asker, *at, None).await
}

pub(super) async fn change(
    asker: Asker,
    at: web::Path<(MeetingId, AttendanceId)>,
    posted: Posted,
) -> Answer {
    let (id, line) = *at;
    if posted.values.one(crate::form::PRESSED) == "remove" {
        return take_off(&asker, (id, line), posted).await;
    }
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_edit(&asker, (id, line), Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| live::change_person(ctx, line, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(format!("{}?done=person", path(id))),
        Err(Failure::Stale) => stale(&asker, (id, line), posted.values).await,
        Err(failure) => draw_edit(&asker, (id, line), Some(posted.refused(failure)?)).await,
    }
}

/// Both texts, when somebody else saved first.
async fn stale(asker: &Asker, at: (MeetingId, AttendanceId), typed: Values) -> Answer {
    let (current, name) = filled(asker, at).await?;
    let version = asker.ask(move |ctx| live::person(ctx, at.1)).await?.version;
    let now = current.values().clone();
    let view = StaleView::new(current.typed(typed), &now, version.into(), path(at.0));
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(&name, at.0))?)
}

/// Removes a person who was entered by mistake.
async fn take_off(asker: &Asker, (id, line): (MeetingId, AttendanceId), posted: Posted) -> Answer {
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| live::remove_person(ctx, line, version);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(format!("{}?done=gone", path(id))),
        Err(Failure::Stale) => stale(asker, (id, line), posted.values).await,
        Err(failure) => draw_edit(asker, (id, line), Some(posted.refused(failure)?)).await,
    }
}
