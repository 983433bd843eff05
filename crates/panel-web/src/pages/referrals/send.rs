//! Before a referral is sent: every answer, what is missing, whom the person looks like, and how late
//! it would be. Then sending it, or saving what was corrected.

use super::draft::{self, Draft};
use super::entry::{answers, lists, preview};
use super::part::Part;
use super::path;
use super::tasks::in_words;
use crate::answer::{Answer, field, see};
use crate::errors::Failure;
use crate::form::kinds::tick;
use crate::form::{Field, FieldError, Form, FormView, Refused, StaleView};
use crate::posted::Posted;
use crate::view::controls::{ErrorLine, ErrorSummary};
use crate::view::facts::Facts;
use crate::view::{Body, Button, Link, Page, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::referrals::{self, Alike, LateFor, Preview, Receipt};
use panel_core::coded::Coded;
use panel_core::id::{ReferralId, RequestId};
use panel_core::referral::{TriageStatus, Warning};
use panel_core::time::local;

static SAME: Field<'_, bool> = tick("same_address", "Both addresses are right");
static ASKED: Form = Form::of(&[&SAME]);
static PLAIN: Form = Form::of(&[]);

/// How a late referral is spoken of.
pub(super) fn late_words(late: &LateFor) -> Option<String> {
    let meeting = dates::with_weekday(late.on);
    let cut_off = local(late.cut_off.filter(|_| late.late)?);
    let cut_off = dates::date_and_time(cut_off.date(), cut_off.time());
    Some(format!(
        "The cut-off of the next meeting, on {meeting}, passed on {cut_off}. This referral is late \
         for it: it goes to the meeting after, unless the chair takes it as a late item or to an \
         urgent meeting."
    ))
}

/// Everything wrong with a draft, each with the page on which it is put right.
fn problems(draft: &Draft, runs: bool, errors: &[FieldError]) -> Option<ErrorSummary> {
    let line = |error: &FieldError| {
        let asked = draft.asked_in(&error.field, runs);
        let href = asked.map(|(part, name)| format!("{}#{name}", draft.path_of(part)));
        ErrorLine { text: error.message.clone(), href }
    };
    let errors: Vec<ErrorLine> = errors.iter().map(line).collect();
    (!errors.is_empty()).then_some(ErrorSummary { errors })
}

/// The answers of a draft, a card for each group with a way to change them.
fn cards<'a>(
    mut body: Body<'a>,
    draft: &Draft,
    runs: bool,
    lists: &super::leaf::Lists,
) -> Body<'a> {
    for part in draft.parts() {
        for (heading, facts) in answers(part, runs, &draft.values, lists) {
            if facts.is_empty() {
                continue;
            }
            let name = draft.name_of(part).filter(|_| part != Part::Person);
            let title = match (name, heading.filter(|words| !words.is_empty())) {
                (Some(name), Some(heading)) => format!("{name}: {heading}"),
                (Some(name), None) => name,
                (None, Some(heading)) if part.entry().is_none() => heading,
                (None, heading) => heading
                    .map_or_else(|| part.title(), |heading| format!("{}: {heading}", part.title())),
            };
            let card = Facts::new(facts).card(title).card_link(draft.path_of(part), "Change", "");
            body = body.facts(card);
        }
    }
    body
}

fn alike<'a>(mut body: Body<'a>, alike: &[Alike]) -> Body<'a> {
    if alike.is_empty() {
        return body;
    }
    body = body.heading("May be somebody you know already").text(
        "The person you refer looks like the records below. Nothing is joined by this: the \
         coordinator says whether they are one person.",
    );
    let words = alike.iter().map(|one| {
        let born = one.person.born_on.map(|day| format!(", born {}", dates::date(day)));
        let evidence: Vec<&str> =
            one.likeness.evidence.iter().map(|it| it.words.as_str()).collect();
        format!("{}{}: {}", one.person.name(), born.unwrap_or_default(), evidence.join("; "))
    });
    body.bullets(words.collect())
}

/// What a use case refused besides what is found by looking at the draft.
type Refusal = Option<Vec<FieldError>>;

async fn draw(asker: &Asker, draft: &Draft, refused: Refusal) -> Answer {
    let (runs, today) = (draft.runs(asker), asker.today()?);
    let (raw, unreadable) = draft.raw(runs, today);
    let found = preview(asker, raw).await?;
    let lists = lists(asker, draft).await?;
    let corrects = draft.origin().is_some();
    let same = found.warnings.contains(&Warning::SameAddress);
    let form = FormView::new(if same { &ASKED } else { &PLAIN }, format!("{}/check", draft.path()));
    let form = form
        .operation(asker.operation()?)
        .button(Button::new(if corrects { "Save the correction" } else { "Send the referral" }))
        .cancel(draft.path());
    let mut body = Body::titled("Check your answers");
    let mut errors = unreadable;
    errors.extend(found.errors.iter().cloned().map(field));
    errors.retain(|error| error.code != "same_address");
    body = notices(body, &found, corrects, errors.len());
    if let Some(more) = refused {
        let new = |error: &FieldError| !errors.iter().any(|known| known.message == error.message);
        let more: Vec<FieldError> = more.into_iter().filter(new).collect();
        errors.extend(more.into_iter().filter(|error| error.code != "same_address"));
        body = problems(draft, runs, &errors).into_iter().fold(body, Body::errors);
    }
    body = alike(cards(body, draft, runs, &lists), &found.alike);
    if same {
        body = body.heading("One address for two").text(
            "The address of the person referred is a victim’s address too. That is more often \
             typed into the wrong box than true.",
        );
    }
    body = body.form(form);
    let page = Page::new("Check your answers").section("referrals").back(draft.path(), "Referral");
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn notices<'a>(mut body: Body<'a>, found: &Preview, corrects: bool, wrong: usize) -> Body<'a> {
    if let Some(late) = found.late_for.as_ref().filter(|_| !corrects).and_then(late_words) {
        body = body.warning(late);
    }
    let shown = |warning: &&Warning| **warning != Warning::SameAddress;
    for warning in found.warnings.iter().filter(shown) {
        body = body.warning(warning.label());
    }
    if wrong > 0 {
        let words = if wrong == 1 { "1 answer".to_owned() } else { format!("{wrong} answers") };
        body = body.inset(format!("{words} must be put right before this can be sent."));
    }
    let missing = found.completeness.as_ref().map(|it| in_words(&it.missing)).unwrap_or_default();
    if missing.is_empty() {
        return body;
    }
    body.details(
        format!("{} fields are missing", missing.len()),
        format!("The panel sees what is missing and may ask: {}.", missing.join("; ")),
    )
}

pub(super) async fn check(asker: Asker, id: web::Path<RequestId>) -> Answer {
    let draft = Draft::load(&asker, *id).await?;
    draw(&asker, &draft, None).await
}

/// Sends a referral, or saves the correction of one.
pub(super) async fn send(asker: Asker, id: web::Path<RequestId>, posted: Posted) -> Answer {
    // A draft that is gone was sent a moment ago: the list shows where it is.
    let Some(mut draft) = Draft::find(&asker, *id).await? else { return see("/referrals") };
    let confirmed = posted.values.one("same_address") == "yes";
    draft.confirm(confirmed.then(|| Warning::SameAddress.code().to_owned()).into_iter().collect());
    deliver(&asker, draft).await
}

async fn deliver(asker: &Asker, draft: Draft) -> Answer {
    let (raw, unreadable) = draft.raw(draft.runs(asker), asker.today()?);
    if !unreadable.is_empty() {
        return draw(asker, &draft, Some(Vec::new())).await;
    }
    let origin = draft.origin();
    // The draft's own number is that of its sending, so that two tabs send one referral.
    let operation = if origin.is_none() { Some(draft.id) } else { None };
    let sent: Result<Receipt, Failure> = asker
        .submit(operation, move |ctx| match origin {
            None => referrals::receive(ctx, &raw),
            Some((id, version)) => referrals::correct(ctx, id, version, &raw),
        })
        .await;
    match (sent, origin) {
        (Ok(receipt), None) => {
            draft.forget(asker).await?;
            see(format!("{}/sent", path(receipt.id)))
        }
        (Ok(receipt), Some(_)) => {
            draft.forget(asker).await?;
            see(path(receipt.id))
        }
        (Err(Failure::Stale), Some((id, _))) => stale(asker, &draft, id).await,
        (Err(Failure::Invalid(errors)), _) => draw(asker, &draft, Some(errors)).await,
        (Err(Failure::Rule { code, sentence }), _) => {
            let error = Refused::by_rule(&draft.values, "", code, sentence);
            draw(asker, &draft, Some(error.errors)).await
        }
        (Err(other), _) => Err(other),
    }
}

/// Both texts, when somebody else corrected the referral first.
async fn stale(asker: &Asker, draft: &Draft, id: ReferralId) -> Answer {
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    let lists = lists(asker, draft).await?;
    let theirs = Draft::correcting(&detail);
    let runs = draft.runs(asker);
    let longer = |draft: &Draft| draft.parts();
    let mut parts = longer(draft);
    parts.extend(longer(&theirs).into_iter().filter(|part| !draft.parts().contains(part)));
    let mut groups = Vec::new();
    for part in parts {
        groups.extend(part.questions(runs).groups.into_iter().map(|asked| (part, asked)));
    }
    let questions = super::part::Questions {
        groups: groups.into_iter().map(|(part, asked)| asked.about(part)).collect(),
    };
    let drawn = questions.drawn();
    let mut form = FormView::new(drawn.layout(), format!("{}/all", draft.path()))
        .typed(draft.values.clone())
        .operation(asker.operation()?);
    for leaf in drawn.leaves() {
        if let Some(choices) = leaf.offered(&lists) {
            form = form.choices(leaf.as_ref(), choices);
        }
    }
    let keep = format!("{}/discard", draft.path());
    let view = StaleView::new(form, &theirs.values, detail.row.version.into(), keep);
    let page = Page::new("Correct a referral").section("referrals").back(draft.path(), "Referral");
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

/// Saves a correction over the version that both texts were shown with.
pub(super) async fn send_all(asker: Asker, id: web::Path<RequestId>, posted: Posted) -> Answer {
    let mut draft = Draft::load(&asker, *id).await?;
    let (origin, _) = draft.origin().ok_or(Failure::NotFound)?;
    let detail = asker.ask(move |ctx| referrals::show(ctx, origin)).await?;
    draft.rebase(&Draft::correcting(&detail), &posted.values, draft.runs(&asker), posted.version);
    draft.keep(&asker).await?;
    deliver(&asker, draft).await
}

pub(super) async fn sent(asker: Asker, id: web::Path<ReferralId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    let late = detail.late_for.as_ref().and_then(late_words);
    let reference = format!("Reference {}", detail.row.reference);
    let mut body = Body::new().confirmation("Referral sent", Some(reference));
    body = body.heading("What happens next").text(
        "The coordinator looks at it, asks for what is missing, and the chair decides whether the \
         panel takes it. You can follow it on its page.",
    );
    if let Some(late) = late {
        body = body.warning(late);
    }
    for warning in &detail.warnings {
        body = body.warning(warning.label());
    }
    let missing = in_words(&detail.completeness.missing);
    if !missing.is_empty() && detail.row.state == TriageStatus::Received {
        body = body
            .heading("Still missing")
            .text("You can add these until it is decided.")
            .bullets(missing);
    }
    body = body.links(vec![
        Link::new(path(id), "Go to the referral"),
        Link::new("/referrals/new", "Refer someone else"),
        Link::new("/referrals", "All referrals"),
    ]);
    let page = Page::new("Referral sent").section("referrals");
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

/// Begins, or goes on with, the correction of a referral.
pub(super) async fn correct(asker: Asker, id: web::Path<ReferralId>, _: Posted) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    if !detail.may.correct {
        return Err(Failure::NotFound);
    }
    let fresh = Draft::correcting(&detail);
    if Draft::find(&asker, fresh.id).await?.is_none() {
        fresh.keep(&asker).await?;
    }
    see(draft::place(fresh.id))
}
