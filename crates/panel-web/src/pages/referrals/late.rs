//! The late lane: which way a referral goes that came after the cut-off of the next meeting.

use super::path;
use super::send::late_words;
use super::triage::behind;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{narrative, one_of};
use crate::form::{Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::referrals::{self, LateForm};
use panel_core::coded::Coded;
use panel_core::id::ReferralId;
use panel_core::referral::LateLane;
use panel_core::text::Note;

static LANE: Field<'_, LateLane> =
    one_of("lane", "Which way does it go?").missing("Select which way it goes");
static REASON: Optional<'_, Note> = narrative("reason", "Reason")
    .rows(3)
    .hint("A late item on this agenda takes the chair and a reason.")
    .optional();
static FORM: Form = Form::of(&[&LANE, &REASON]);

async fn draw(asker: &Asker, id: ReferralId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    if !detail.may.late {
        return Err(Failure::NotFound);
    }
    let mut form = FormView::new(&FORM, format!("{}/late", path(id)));
    if let Some(late) = &detail.late {
        form = form.fill(&LANE, &late.lane).fill(&REASON, &late.reason);
    }
    let form = form
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(id))
        .refused(refused);
    let heading = "Choose the late lane";
    let row = &detail.row;
    let name = super::words::name_of(&row.forename, &row.surname);
    let mut view =
        FormPage::new(heading, form).caption(format!("{name}, referral {}", row.reference));
    view.intro.extend(detail.late_for.as_ref().and_then(late_words));
    if let Some(late) = &detail.late {
        view.intro.push(format!("Chosen now: {}.", late.lane.label()));
    }
    let page = Page::new(heading).section("referrals").back(path(id), "Referral");
    asker.form(page, view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<ReferralId>) -> Answer {
    draw(&asker, *id, None).await
}

pub(super) async fn decide(asker: Asker, id: web::Path<ReferralId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (lane, reason) = (reader.get(&LANE), reader.get(&REASON));
    let read = reader.finish(|| {
        let reason = reason?.map(String::from).unwrap_or_default();
        Some(LateForm { lane: lane?, reason })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let done = asker.submit(posted.operation, move |ctx| referrals::late(ctx, id, version, &form));
    match done.await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw(&asker, id, Some(behind(&posted))).await,
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
