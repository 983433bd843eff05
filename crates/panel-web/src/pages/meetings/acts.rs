//! One act each: change the venue, cancel, restore, start, end, open again.

use super::path;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, narrative};
use crate::form::{
    ConfirmView, Field, Form, FormPage, FormView, Optional, Refused, StaleView, Values,
};
use crate::posted::Posted;
use crate::view::parts::Warning;
use crate::view::{Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::meetings::{self, MeetingDetail, PlaceForm};
use panel_core::id::MeetingId;
use panel_core::text::{Note, Title};

pub(crate) static VENUE: Optional<'_, Title> = line("venue", "Venue").optional();
pub(crate) static LINK: Optional<'_, Title> = line("link", "Video link")
    .hint("The address of the call, which starts with https://")
    .verbatim()
    .optional();
static PLACE: Form = Form::of(&[&VENUE, &LINK]);
static REASON: Field<'_, Note> = narrative("reason", "Reason");
static WHY: Form = Form::of(&[&REASON]);
static NOTHING: Form = Form::of(&[]);

/// What a box holds for text that may be empty.
pub(crate) fn filled(text: &str) -> Option<Title> {
    Title::parse(text).ok()
}

async fn load(asker: &Asker, id: MeetingId) -> Result<MeetingDetail, Failure> {
    asker.ask(move |ctx| meetings::show(ctx, id)).await
}

fn page(title: &str, id: MeetingId) -> Page {
    Page::new(title).section("meetings").back(path(id), "Meeting")
}

pub(super) async fn ask_place(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_place(&asker, *id, None).await
}

fn place_view(asker: &Asker, detail: &MeetingDetail) -> Result<FormView<'static>, Failure> {
    let meeting = &detail.meeting;
    Ok(FormView::new(&PLACE, format!("{}/place", path(meeting.id)))
        .fill(&VENUE, &filled(&meeting.venue))
        .fill(&LINK, &filled(&meeting.link))
        .version(meeting.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(meeting.id)))
}

async fn draw_place(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    let form = place_view(asker, &detail)?.refused(refused);
    let view = FormPage::new("Change venue", form).caption(detail.meeting.when);
    asker.form(page("Change venue", id), view).await
}

pub(super) async fn set_place(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = PLACE.read(&posted.values, asker.today()?);
    let (venue, link) = (reader.get(&VENUE), reader.get(&LINK));
    let text = |read: Option<Title>| read.map(String::from).unwrap_or_default();
    let read = reader.finish(|| Some(PlaceForm { venue: text(venue?), link: text(link?) }));
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_place(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let done =
        asker.submit(posted.operation, move |ctx| meetings::set_venue(ctx, id, version, &form));
    match done.await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => stale_place(&asker, id, posted.values).await,
        Err(failure) => draw_place(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// Both texts, when somebody else set the venue first.
async fn stale_place(asker: &Asker, id: MeetingId, typed: Values) -> Answer {
    let detail = load(asker, id).await?;
    let mut current = Values::new();
    current.set("venue", detail.meeting.venue.clone());
    current.set("link", detail.meeting.link.clone());
    let form = place_view(asker, &detail)?.typed(typed);
    let view = StaleView::new(form, &current, detail.meeting.version.into(), path(id));
    Ok(view.answer(&asker.web.site, &asker.viewer(), page("Change venue", id))?)
}

/// An act on a meeting that asks for a reason.
struct Reasoned {
    verb: &'static str,
    heading: &'static str,
    text: &'static str,
    button: &'static str,
}

const CANCEL: Reasoned = Reasoned {
    verb: "cancel",
    heading: "Cancel this meeting",
    text: "Everybody with a seat at the panel is told. Its agenda is put aside; the cases on it are \
           offered again when the meeting is restored.",
    button: "Cancel the meeting",
};

const REOPEN: Reasoned = Reasoned {
    verb: "reopen",
    heading: "Open this meeting again",
    text: "Its cases are pending again, and its number goes back. It ends and takes a number as \
           before.",
    button: "Open the meeting again",
};

async fn draw_reason(
    asker: &Asker,
    id: MeetingId,
    act: &Reasoned,
    refused: Option<Refused>,
) -> Answer {
    let meeting = load(asker, id).await?.meeting;
    let form = FormView::new(&WHY, format!("{}/{}", path(id), act.verb))
        .version(meeting.version.into())
        .operation(asker.operation()?)
        .button(Button::warning(act.button))
        .cancel(path(id))
        .refused(refused);
    let view = ConfirmView::new(act.heading, form).caption(meeting.when).text(act.text);
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(act.heading, id))?)
}

async fn reasoned(
    asker: Asker,
    id: MeetingId,
    posted: Posted,
    act: &Reasoned,
    work: fn(&panel_app::Ctx<'_>, MeetingId, i32, &str) -> Result<i32, panel_app::AppError>,
) -> Answer {
    let mut reader = WHY.read(&posted.values, asker.today()?);
    let reason = reader.get(&REASON);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(refused) => return draw_reason(&asker, id, act, Some(refused)).await,
    };
    let version = posted.version;
    let done = asker.submit(posted.operation, move |ctx| work(ctx, id, version, reason.as_str()));
    match done.await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw_reason(&asker, id, act, Some(behind(&posted))).await,
        Err(failure) => draw_reason(&asker, id, act, Some(posted.refused(failure)?)).await,
    }
}

/// What is said when the meeting changed since the page was drawn.
pub(super) fn behind(posted: &Posted) -> Refused {
    let said = "Somebody else changed this meeting meanwhile. Look at it again before you go on.";
    Refused::by_rule(&posted.values, "", "stale", said)
}

pub(super) async fn ask_cancel(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_reason(&asker, *id, &CANCEL, None).await
}

pub(super) async fn cancel(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    reasoned(asker, *id, posted, &CANCEL, meetings::cancel).await
}

pub(super) async fn ask_reopen(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_reason(&asker, *id, &REOPEN, None).await
}

pub(super) async fn reopen(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    reasoned(asker, *id, posted, &REOPEN, meetings::reopen).await
}

async fn draw_restore(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let meeting = load(asker, id).await?.meeting;
    let form = FormView::new(&NOTHING, format!("{}/restore", path(id)))
        .version(meeting.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Restore the meeting"))
        .cancel(path(id))
        .refused(refused);
    let view = ConfirmView::new("Restore this meeting", form)
        .caption(meeting.when)
        .text("It comes back on the day that its series gives it, with an empty agenda.");
    Ok(view.answer(&asker.web.site, &asker.viewer(), page("Restore this meeting", id))?)
}

pub(super) async fn ask_restore(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_restore(&asker, *id, None).await
}

/// Restores a meeting and says what stood on its agenda.
pub(super) async fn restore(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let done = asker.submit(posted.operation, move |ctx| meetings::restore(ctx, id, version));
    let restored = match done.await {
        Ok(restored) => restored,
        Err(Failure::Stale) => return draw_restore(&asker, id, Some(behind(&posted))).await,
        Err(failure) => return draw_restore(&asker, id, Some(posted.refused(failure)?)).await,
    };
    if restored.offered.is_empty() {
        return see(path(id));
    }
    let names = restored.offered.iter().map(|item| item.name().to_owned()).collect();
    let sheet = Sheet::new("The meeting is restored")
        .caption(restored.when)
        .text("Its agenda is empty. These stood on it before and can be put on it again:")
        .list(names)
        .links(vec![crate::view::Link::new(path(id), "Go to the meeting")]);
    asker.page(&page("The meeting is restored", id), "pages/sheet", &sheet)
}

/// Shows why an act did not happen, above the way back to the meeting.
fn refused(asker: &Asker, id: MeetingId, heading: &str, failure: Failure) -> Answer {
    let Failure::Rule { sentence, .. } = failure else { return Err(failure) };
    let sheet = Sheet::new(heading)
        .warning(Warning { text: sentence })
        .links(vec![crate::view::Link::new(path(id), "Go back to the meeting")]);
    let page = page(heading, id).refused(true);
    asker.page(&page, "pages/sheet", &sheet)
}

pub(super) async fn start(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let done = asker.submit(posted.operation, move |ctx| meetings::start(ctx, id, version));
    match done.await {
        Ok(_) => see(format!("{}/live?done=started", path(id))),
        Err(failure) => refused(&asker, id, "The meeting has not started", failure),
    }
}

pub(super) async fn end(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let done = asker.submit(posted.operation, move |ctx| meetings::end(ctx, id, version));
    match done.await {
        Ok(_) => see(path(id)),
        Err(failure) => refused(&asker, id, "The meeting has not ended", failure),
    }
}
