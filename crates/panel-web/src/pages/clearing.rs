//! What in an agenda or in minutes may tell where somebody can be found: looked at by a person before it
//! leaves.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::pick_many;
use crate::form::{Choice, Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::clearing::{self, ClearForm, Outgoing, Suspect};
use panel_core::id::MeetingId;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings/{meeting}/agenda/look", RunsPanel => ask_agenda),
        route!(POST "/meetings/{meeting}/agenda/look", RunsPanel => clear_agenda),
        route!(GET "/meetings/{meeting}/minutes/look", RunsPanel => ask_minutes),
        route!(POST "/meetings/{meeting}/minutes/look", RunsPanel => clear_minutes),
    ]
}

static MARKS: Field<'_, Vec<String>> = pick_many("marks", "What may stand")
    .hint("Tick what tells nobody where somebody harmed lives, works, learns or is treated.");
static LOOK: Form = Form::of(&[&MARKS]);

const HEADING: &str = "Look at this before it leaves";

fn paper(meeting: MeetingId, outgoing: Outgoing) -> String {
    match outgoing {
        Outgoing::Agenda => format!("/meetings/{meeting}/agenda"),
        Outgoing::Minutes => format!("/meetings/{meeting}/minutes"),
    }
}

/// Where it is looked at.
pub(in crate::pages) fn path(meeting: MeetingId, outgoing: Outgoing) -> String {
    format!("{}/look", paper(meeting, outgoing))
}

/// Where it goes on once all is clear.
fn onward(meeting: MeetingId, outgoing: Outgoing) -> String {
    let step = if outgoing == Outgoing::Agenda { "issue" } else { "approve" };
    format!("{}/{step}", paper(meeting, outgoing))
}

/// What has to be looked at.
pub(in crate::pages) async fn suspects(
    asker: &Asker,
    meeting: MeetingId,
    outgoing: Outgoing,
) -> Result<Vec<Suspect>, Failure> {
    asker.ask(move |ctx| clearing::look(ctx, meeting, outgoing)).await
}

/// Whether a refusal says that something has to be looked at first.
pub(in crate::pages) fn is_asked_for(failure: &Failure) -> bool {
    matches!(failure, Failure::Rule { code, .. } if *code == "not_cleared")
}

async fn draw(
    asker: &Asker,
    meeting: MeetingId,
    outgoing: Outgoing,
    refused: Option<Refused>,
) -> Answer {
    let found = suspects(asker, meeting, outgoing).await?;
    if found.is_empty() {
        return see(onward(meeting, outgoing));
    }
    let choice = |one: &Suspect| {
        Choice::new(&one.mark, format!("“{}”", one.words))
            .hint(format!("{}. {}", one.label, one.place))
    };
    let form = FormView::new(&LOOK, path(meeting, outgoing))
        .choices(&MARKS, found.iter().map(choice).collect())
        .operation(asker.operation()?)
        .button(Button::new("Save and go on"))
        .cancel(paper(meeting, outgoing))
        .refused(refused);
    let words = if outgoing == Outgoing::Agenda { "agenda" } else { "minutes" };
    let view = FormPage::new(HEADING, form).intro(format!(
        "The {words} may tell where somebody can be found or reached. Change the text where it does. \
         What may stand is not asked about again at this meeting."
    ));
    let back = paper(meeting, outgoing);
    let back_words = if outgoing == Outgoing::Agenda { "Agenda" } else { "Minutes" };
    asker.form(Page::new(HEADING).section("meetings").back(back, back_words), view).await
}

async fn clear(asker: &Asker, meeting: MeetingId, outgoing: Outgoing, posted: Posted) -> Answer {
    let mut reader = LOOK.read(&posted.values, asker.today()?);
    let marks = reader.get(&MARKS);
    let form = match reader.finish(|| Some(ClearForm { marks: marks? })) {
        Ok(form) => form,
        Err(refused) => return draw(asker, meeting, outgoing, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| clearing::clear(ctx, meeting, outgoing, &form);
    match asker.submit(posted.operation, work).await {
        // What was not ticked is asked about again; without any, it goes on.
        Ok(()) if suspects(asker, meeting, outgoing).await?.is_empty() => {
            see(onward(meeting, outgoing))
        }
        Ok(()) => see(path(meeting, outgoing)),
        Err(failure) => draw(asker, meeting, outgoing, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn ask_agenda(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, Outgoing::Agenda, None).await
}

pub(super) async fn clear_agenda(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    clear(&asker, *id, Outgoing::Agenda, posted).await
}

pub(super) async fn ask_minutes(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, Outgoing::Minutes, None).await
}

pub(super) async fn clear_minutes(
    asker: Asker,
    id: web::Path<MeetingId>,
    posted: Posted,
) -> Answer {
    clear(&asker, *id, Outgoing::Minutes, posted).await
}
