//! Triage of one referral: proposed, decided, returned, looked at again, sent again, withdrawn.

use super::path;
use super::words::{outcome_text, state_of};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, many_of, narrative, one_of};
use crate::form::{ConfirmView, Field, Form, FormPage, FormView, Reader, Refused};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::referrals::{self, OutcomeForm, ReferralDetail};
use panel_app::{AppError, Ctx};
use panel_core::coded;
use panel_core::id::ReferralId;
use panel_core::referral::{ReferralField, TriageState, TriageStatus};
use panel_core::text::{Name, Note};

coded! {
    /// What can become of a referral, as it is chosen.
    pub enum Outcome: "outcome" {
        /// The panel takes it.
        Accept = "accepted" => "Accept",
        /// It cannot wait for the next meeting.
        Urgent = "urgent" => "Accept as urgent",
        /// Something is missing.
        Incomplete = "returned_incomplete" => "Return as incomplete",
        /// Another service is the right one.
        Redirect = "redirected" => "Redirect to another service",
        /// It does not meet the threshold.
        Below = "below_threshold" => "Below the threshold",
    }
}

static OUTCOME: Field<'_, Outcome> = one_of("outcome", "Outcome").missing("Select the outcome");
static URGENT: Field<'_, Note> = narrative("urgent_reason", "Why it cannot wait")
    .missing("Enter why it cannot wait")
    .rows(3)
    .shown_when("outcome", "urgent");
static MISSING: Field<'_, Vec<ReferralField>> = many_of("missing", "What is missing")
    .missing("Select what is missing")
    .shown_when("outcome", "returned_incomplete");
static NOTE: crate::form::Optional<'_, Note> = narrative("note", "Note to the referrer")
    .rows(3)
    .shown_when("outcome", "returned_incomplete")
    .optional();
static SERVICE: Field<'_, Name> = line("service", "Which service?")
    .missing("Enter the service that it is redirected to")
    .shown_when("outcome", "redirected");
static ELSEWHERE: Field<'_, Note> =
    narrative("redirect_reason", "Why this service is the right one")
        .missing("Enter why this service is the right one")
        .rows(3)
        .shown_when("outcome", "redirected");
static BELOW: Field<'_, Note> = narrative("threshold_reason", "Why it is below the threshold")
    .missing("Enter why it is below the threshold")
    .rows(3)
    .shown_when("outcome", "below_threshold");
static ROUTE: Field<'_, Note> =
    narrative("route", "How it can be looked at again, and where to turn")
        .missing("Enter how it can be looked at again")
        .rows(3)
        .shown_when("outcome", "below_threshold");
static DECIDE: Form =
    Form::of(&[&OUTCOME, &URGENT, &MISSING, &NOTE, &SERVICE, &ELSEWHERE, &BELOW, &ROUTE]);

static LACKS: Field<'_, Vec<ReferralField>> =
    many_of("missing", "What is missing").missing("Select what is missing");
static TELL: crate::form::Optional<'_, Note> =
    narrative("note", "Note to the referrer").rows(3).optional();
static RETURN: Form = Form::of(&[&LACKS, &TELL]);

static REASON: Field<'_, Note> = narrative("reason", "Reason");
static WHY: Form = Form::of(&[&REASON]);
static NOTHING: Form = Form::of(&[]);

async fn load(asker: &Asker, id: ReferralId) -> Result<ReferralDetail, Failure> {
    asker.ask(move |ctx| referrals::show(ctx, id)).await
}

fn page(title: &str, id: ReferralId) -> Page {
    Page::new(title).section("referrals").back(path(id), "Referral")
}

/// Whose referral it is, above a form's heading.
fn caption(detail: &ReferralDetail) -> String {
    let row = &detail.row;
    format!("{}, referral {}", super::words::name_of(&row.forename, &row.surname), row.reference)
}

/// What stands now: a proposal that waits, or a decision that came first.
pub(super) fn stands(detail: &ReferralDetail) -> Option<String> {
    let name = |user| detail.names.get(user).map_or("Somebody", String::as_str);
    match &detail.triage {
        TriageState::Received => None,
        TriageState::Proposed(one) => Some(("proposes", one)),
        TriageState::Decided(one) => Some(("decided", one)),
        TriageState::Withdrawn { .. } => return Some("The referral was withdrawn.".to_owned()),
    }
    .map(|(verb, one)| {
        let text = outcome_text(&one.outcome).map(|text| format!(" {text}")).unwrap_or_default();
        let status = state_of(one.outcome.status()).0.to_lowercase();
        format!("{} {verb}: {status}.{text}", name(&one.by))
    })
}

/// What is said when the referral changed since the page was drawn; what was typed stays.
pub(super) fn behind(posted: &Posted) -> Refused {
    let said = "Somebody else changed this referral meanwhile. What stands now is above the form, \
                what you typed is in it. Send it again if it still holds.";
    Refused::by_rule(&posted.values, "", "stale", said)
}

/// The way by which an outcome is given.
struct Way {
    verb: &'static str,
    heading: &'static str,
    button: &'static str,
    may: fn(&ReferralDetail) -> bool,
    act: fn(&Ctx<'_>, ReferralId, i32, &OutcomeForm) -> Result<referrals::Triaged, AppError>,
}

static PROPOSING: Way = Way {
    verb: "propose",
    heading: "Propose an outcome",
    button: "Propose to the chair",
    may: |detail| detail.may.propose,
    act: referrals::propose,
};

static DECIDING: Way = Way {
    verb: "decide",
    heading: "Decide on this referral",
    button: "Save the decision",
    may: |detail| detail.may.decide,
    act: referrals::decide,
};

static RETURNING: Way = Way {
    verb: "return",
    heading: "Return as incomplete",
    button: "Return to the referrer",
    may: |detail| detail.may.send_back,
    act: referrals::decide,
};

async fn draw(asker: &Asker, id: ReferralId, way: &Way, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    let stale = refused.as_ref().is_some_and(|it| it.errors.iter().any(|e| e.code == "stale"));
    if !(way.may)(&detail) && !stale {
        return Err(Failure::NotFound);
    }
    let missing = detail.completeness.missing.clone();
    let action = format!("{}/{}", path(id), way.verb);
    let form = if way.verb == RETURNING.verb {
        FormView::new(&RETURN, action).fill(&LACKS, &missing)
    } else {
        FormView::new(&DECIDE, action).fill(&MISSING, &missing)
    };
    let form = form
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new(way.button))
        .cancel(path(id))
        .refused(refused);
    let mut view = FormPage::new(way.heading, form).caption(caption(&detail));
    view.intro.extend(stands(&detail));
    asker.form(page(way.heading, id), view).await
}

fn outcome(of: TriageStatus) -> OutcomeForm {
    OutcomeForm {
        outcome: of,
        missing: Vec::new(),
        reason: String::new(),
        service: String::new(),
        route: String::new(),
    }
}

/// Reads what the chosen outcome needs, and nothing else.
fn read(mut reader: Reader<'_, '_>) -> Result<OutcomeForm, Refused> {
    let chosen = reader.get(&OUTCOME);
    let form = match chosen {
        None => None,
        Some(Outcome::Accept) => Some(outcome(TriageStatus::Accepted)),
        Some(Outcome::Urgent) => reader
            .get(&URGENT)
            .map(|reason| OutcomeForm { reason: reason.into(), ..outcome(TriageStatus::Urgent) }),
        Some(Outcome::Incomplete) => {
            let (missing, note) = (reader.get(&MISSING), reader.get(&NOTE));
            missing.zip(note).map(|(missing, note)| incomplete(missing, note))
        }
        Some(Outcome::Redirect) => {
            let (service, reason) = (reader.get(&SERVICE), reader.get(&ELSEWHERE));
            service.zip(reason).map(|(service, reason)| OutcomeForm {
                service: service.into(),
                reason: reason.into(),
                ..outcome(TriageStatus::Redirected)
            })
        }
        Some(Outcome::Below) => {
            let (reason, route) = (reader.get(&BELOW), reader.get(&ROUTE));
            reason.zip(route).map(|(reason, route)| OutcomeForm {
                reason: reason.into(),
                route: route.into(),
                ..outcome(TriageStatus::BelowThreshold)
            })
        }
    };
    reader.finish(|| form)
}

fn incomplete(missing: Vec<ReferralField>, note: Option<Note>) -> OutcomeForm {
    let reason = note.map(String::from).unwrap_or_default();
    OutcomeForm { missing, reason, ..outcome(TriageStatus::ReturnedIncomplete) }
}

async fn give(
    asker: Asker,
    id: ReferralId,
    way: &'static Way,
    posted: Posted,
    read: Result<OutcomeForm, Refused>,
) -> Answer {
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, way, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &Ctx<'_>| (way.act)(ctx, id, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw(&asker, id, way, Some(behind(&posted))).await,
        Err(failure) => draw(&asker, id, way, Some(posted.refused(failure)?)).await,
    }
}

type At = web::Path<ReferralId>;

pub(super) async fn ask_propose(asker: Asker, id: At) -> Answer {
    draw(&asker, *id, &PROPOSING, None).await
}

pub(super) async fn propose(asker: Asker, id: At, posted: Posted) -> Answer {
    let read = read(DECIDE.read(&posted.values, asker.today()?));
    give(asker, *id, &PROPOSING, posted, read).await
}

pub(super) async fn ask_decide(asker: Asker, id: At) -> Answer {
    draw(&asker, *id, &DECIDING, None).await
}

pub(super) async fn decide(asker: Asker, id: At, posted: Posted) -> Answer {
    let read = read(DECIDE.read(&posted.values, asker.today()?));
    give(asker, *id, &DECIDING, posted, read).await
}

pub(super) async fn ask_return(asker: Asker, id: At) -> Answer {
    draw(&asker, *id, &RETURNING, None).await
}

pub(super) async fn send_back(asker: Asker, id: At, posted: Posted) -> Answer {
    let mut reader = RETURN.read(&posted.values, asker.today()?);
    let (missing, note) = (reader.get(&LACKS), reader.get(&TELL));
    let read = reader.finish(|| Some(incomplete(missing?, note?)));
    give(asker, *id, &RETURNING, posted, read).await
}

/// An act without an outcome: its page and what it does.
struct Step {
    verb: &'static str,
    heading: &'static str,
    text: &'static str,
    button: &'static str,
    /// The form: a reason, or nothing.
    form: &'static Form,
    may: fn(&ReferralDetail) -> bool,
    act: fn(&Ctx<'_>, ReferralId, i32, &str) -> Result<(), AppError>,
}

static RESUBMIT: Step = Step {
    verb: "resubmit",
    heading: "Send this referral again",
    text: "It goes back to the panel as it was corrected. It is late or in time by this moment.",
    button: "Send again",
    form: &NOTHING,
    may: |detail| detail.may.resubmit,
    act: |ctx, id, version, _| referrals::resubmit(ctx, id, version).map(drop),
};

static RECONSIDER: Step = Step {
    verb: "reconsider",
    heading: "Look at this referral again",
    text: "It waits for a decision as before. The earlier decision stays in its history.",
    button: "Look again",
    form: &NOTHING,
    may: |detail| detail.may.reconsider,
    act: |ctx, id, version, _| referrals::reconsider(ctx, id, version).map(drop),
};

static WITHDRAW: Step = Step {
    verb: "withdraw",
    heading: "Withdraw this referral",
    text: "The panel does not decide on it any more. It stays in the register as withdrawn.",
    button: "Withdraw the referral",
    form: &WHY,
    may: |detail| detail.may.withdraw,
    act: |ctx, id, version, why| referrals::withdraw(ctx, id, version, why).map(drop),
};

async fn draw_step(asker: &Asker, id: ReferralId, step: &Step, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    let stale = refused.as_ref().is_some_and(|it| it.errors.iter().any(|e| e.code == "stale"));
    if !(step.may)(&detail) && !stale {
        return Err(Failure::NotFound);
    }
    let grave = step.verb == WITHDRAW.verb;
    let button = if grave { Button::warning(step.button) } else { Button::new(step.button) };
    let form = FormView::new(step.form, format!("{}/{}", path(id), step.verb))
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(button)
        .cancel(path(id))
        .refused(refused);
    let mut view = ConfirmView::new(step.heading, form).caption(caption(&detail)).text(step.text);
    if let Some(stands) = stands(&detail) {
        view = view.text(stands);
    }
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(step.heading, id))?)
}

async fn take(asker: Asker, id: ReferralId, step: &'static Step, posted: Posted) -> Answer {
    let mut reader = step.form.read(&posted.values, asker.today()?);
    let reason = if step.verb == WITHDRAW.verb {
        reader.get(&REASON).map(String::from)
    } else {
        Some(String::new())
    };
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(refused) => return draw_step(&asker, id, step, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &Ctx<'_>| (step.act)(ctx, id, version, &reason);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(path(id)),
        Err(Failure::Stale) => draw_step(&asker, id, step, Some(behind(&posted))).await,
        Err(failure) => draw_step(&asker, id, step, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn ask_resubmit(asker: Asker, id: At) -> Answer {
    draw_step(&asker, *id, &RESUBMIT, None).await
}

pub(super) async fn resubmit(asker: Asker, id: At, posted: Posted) -> Answer {
    take(asker, *id, &RESUBMIT, posted).await
}

pub(super) async fn ask_reconsider(asker: Asker, id: At) -> Answer {
    draw_step(&asker, *id, &RECONSIDER, None).await
}

pub(super) async fn reconsider(asker: Asker, id: At, posted: Posted) -> Answer {
    take(asker, *id, &RECONSIDER, posted).await
}

pub(super) async fn ask_withdraw(asker: Asker, id: At) -> Answer {
    draw_step(&asker, *id, &WITHDRAW, None).await
}

pub(super) async fn withdraw(asker: Asker, id: At, posted: Posted) -> Answer {
    take(asker, *id, &WITHDRAW, posted).await
}
