//! Who of the panel may be connected to a case: looked at by whoever runs it before an agenda is issued.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{narrative, pick_many};
use crate::form::{Choice, Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::connections::{self, AnswerForm, Question};
use panel_core::id::{CaseId, MeetingId};
use panel_core::text::Note;
use std::collections::BTreeMap;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings/{meeting}/agenda/connections", RunsPanel => ask),
        route!(POST "/meetings/{meeting}/agenda/connections", RunsPanel => answer),
    ]
}

static MARKS: Field<'_, Vec<String>> = pick_many("marks", "Who is not connected")
    .hint("Tick those of whom you know. Leave the others.");
static REASON: Field<'_, Note> = narrative("reason", "How you know")
    .hint("For example, “Asked the agency’s lead: not related”. Do not ask the person.");
static ANSWER: Form = Form::of(&[&MARKS, &REASON]);

const HEADING: &str = "Who may be connected to a case";

/// Where it is looked at.
pub(in crate::pages) fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/agenda/connections")
}

/// Where it goes on once everything is answered.
fn onward(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/agenda/issue")
}

/// What nobody has answered yet.
pub(in crate::pages) async fn questions(
    asker: &Asker,
    meeting: MeetingId,
) -> Result<Vec<Question>, Failure> {
    asker.ask(move |ctx| connections::look(ctx, meeting)).await
}

/// Whether a refusal says that somebody has to be looked at first.
pub(in crate::pages) fn is_asked_for(failure: &Failure) -> bool {
    matches!(failure, Failure::Rule { code, .. } if *code == "connections_open")
}

async fn draw(asker: &Asker, meeting: MeetingId, refused: Option<Refused>) -> Answer {
    let found = questions(asker, meeting).await?;
    if found.is_empty() {
        return see(onward(meeting));
    }
    let back = format!("/meetings/{meeting}/agenda");
    let page = Page::new(HEADING).section("meetings").back(back.clone(), "Agenda");
    let (hers, others): (Vec<&Question>, Vec<&Question>) =
        found.iter().partition(|question| question.may_answer);
    if hers.is_empty() {
        let sheet = others.iter().fold(Sheet::new(HEADING), |sheet, one| sheet.text(not_hers(one)));
        return asker.page(&page, "pages/sheet", &sheet.links(keep(&found)));
    }
    let choice = |one: &&Question| {
        Choice::new(&one.mark, format!("{}, case {}", one.name, one.reference)).hint(&one.tie)
    };
    let form = FormView::new(&ANSWER, path(meeting))
        .choices(&MARKS, hers.iter().map(choice).collect())
        .operation(asker.operation()?)
        .button(Button::new("Save and go on"))
        .cancel(back)
        .refused(refused);
    let view = FormPage::new(HEADING, form).intro(
        "These people share a name with somebody a case is about, which often means nothing. Where \
         somebody is connected, keep the case from them before the agenda is issued. Those who are \
         listed here are not told.",
    );
    let view = others.iter().fold(view, |view, one| view.intro(not_hers(one)));
    asker.form(page, view.links(keep(&found))).await
}

/// What the caller cannot answer, because it is about herself.
fn not_hers(one: &Question) -> String {
    let Question { name, tie, reference, .. } = one;
    let tie = tie.to_lowercase();
    format!(
        "{name} {tie} of case {reference}. Somebody else who runs this panel has to answer that."
    )
}

/// Where each of the cases is kept from somebody.
fn keep(found: &[Question]) -> Vec<Link> {
    let cases: BTreeMap<&str, CaseId> =
        found.iter().map(|one| (one.reference.as_str(), one.case)).collect();
    let link = |(reference, case)| {
        Link::new(format!("/cases/{case}/lists"), format!("Keep case {reference} from somebody"))
    };
    cases.into_iter().map(link).collect()
}

async fn ask(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, None).await
}

async fn answer(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = ANSWER.read(&posted.values, asker.today()?);
    let (marks, reason) = (reader.get(&MARKS), reader.get(&REASON));
    let form = reader.finish(|| {
        let reason = reason?.as_str().to_owned();
        Some(AnswerForm { marks: marks?, reason })
    });
    let form = match form {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| connections::answer(ctx, id, &form);
    match asker.submit(posted.operation, work).await {
        // What was not ticked is asked about again; without any, it goes on.
        Ok(()) if questions(&asker, id).await?.is_empty() => see(onward(id)),
        Ok(()) => see(path(id)),
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
