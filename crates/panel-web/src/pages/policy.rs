//! A panel's policy: every day count, hour and switch it may set, with the published defaults.
//!
//! Each setting is a field beside its place in the policy's own JSON form, which checks itself when
//! it is read back. A setting is added by one line.

mod standing;

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{many_of, narrative, number, one_of, tick, time};
use crate::form::layout::Layout;
use crate::form::read::Reader;
use crate::form::{Field, FormPage, FormView, Optional, Readable, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveTime;
use panel_app::panels;
use panel_core::id::PanelId;
use panel_core::minutes::Check;
use panel_core::pattern::{AnchorKind, TriggerSet};
use panel_core::review::TriggerKind;
use panel_core::settings::PanelPolicy;
use panel_core::text::Note;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/panels/{panel}/policy", Manages => edit),
        route!(POST "/panels/{panel}/policy", Manages => save),
        route!(GET "/panels/{panel}/standing", Manages => standing::list),
        route!(GET "/panels/{panel}/standing/new", Manages => standing::new),
        route!(POST "/panels/{panel}/standing/new", Manages => standing::add),
        route!(GET "/panels/{panel}/standing/{place}/remove", Manages => standing::ask_remove),
        route!(POST "/panels/{panel}/standing/{place}/remove", Manages => standing::remove),
    ]
}

/// A setting: its field, and its place as a JSON pointer.
type At<F> = (F, &'static str);
type Number = At<Field<'static, u32>>;
type Hour = At<Optional<'static, NaiveTime>>;

const fn days(name: &'static str, label: &'static str, place: &'static str) -> Number {
    (number(name, label, 0, 60).hint("Working days; the day itself is day 0"), place)
}

const fn hour(name: &'static str, label: &'static str, place: &'static str) -> Hour {
    let field = time(name, label).hint("Still in time at this hour; empty for the whole day");
    (field.optional(), place)
}

static CYCLE: [(Number, Option<Hour>); 7] = [
    (
        days(
            "cut_off",
            "Referral cut-off, before the meeting",
            "/cycle/referral_cut_off/working_days",
        ),
        Some(hour("cut_off_at", "Hour of the cut-off", "/cycle/referral_cut_off/at")),
    ),
    (
        days(
            "agenda",
            "Agenda and requests issued, before the meeting",
            "/cycle/agenda_issued/working_days",
        ),
        Some(hour("agenda_at", "Hour of issue", "/cycle/agenda_issued/at")),
    ),
    (
        days(
            "replies",
            "Information replies due, before the meeting",
            "/cycle/research_due/working_days",
        ),
        Some(hour("replies_at", "Hour of replies", "/cycle/research_due/at")),
    ),
    (
        days("updates", "Action updates due, before the meeting", "/cycle/status_due/working_days"),
        Some(hour("updates_at", "Hour of updates", "/cycle/status_due/at")),
    ),
    (
        days("list", "Action list issued, after the meeting", "/cycle/action_list/working_days"),
        None,
    ),
    (
        days(
            "approved",
            "Minutes approved, after the meeting",
            "/cycle/minutes_approved/working_days",
        ),
        None,
    ),
    (
        days(
            "circulated",
            "Minutes circulated, after the meeting",
            "/cycle/minutes_circulated/working_days",
        ),
        None,
    ),
];
static CYCLE_DAYS: Number =
    (number("cycle_days", "Days from one meeting to the next", 1, 366), "/cycle/cycle_days");

static REMINDERS: [Number; 6] = [
    days("early", "First reminder, before the due date", "/reminder/early_reminder"),
    days("late", "Second reminder, before the due date", "/reminder/late_reminder"),
    days("owner", "Chase the owner, after the due date", "/reminder/chase_owner"),
    days(
        "contact",
        "Chase owner and agency contact, after the due date",
        "/reminder/chase_contact",
    ),
    days("lead", "Chase the agency lead, after the due date", "/reminder/chase_lead"),
    days("chair", "Tell chair and steering group, after the due date", "/reminder/chase_chair"),
];
static DIGEST: At<Field<'static, NaiveTime>> =
    (time("digest_at", "Hour of the daily digest"), "/reminder/digest_at");

static REVIEWS: [Number; 3] = [
    (
        number("early_reviews", "Meetings in a row that review a new case", 0, 24),
        "/review/early_reviews",
    ),
    (number("then_every", "Then at every so many meetings", 1, 12), "/review/then_every"),
    (
        number("notice_months", "Months unheard after which notice is given", 1, 60),
        "/review/notice_months",
    ),
];
static TRIGGERS: At<Optional<'static, Vec<TriggerKind>>> =
    (many_of("triggers", "Events that bring a review forward").optional(), "/review/triggers");

static TRIGGER: At<Field<'static, TriggerSet>> =
    (one_of("trigger", "Incidents that make a repeat"), "/pattern/trigger");
static ANCHOR: At<Field<'static, AnchorKind>> =
    (one_of("anchor", "The twelve months are counted from"), "/pattern/anchor");

static AGENDA: [Number; 6] = [
    (number("opening", "Minutes for the opening", 0, 240), "/agenda/opening_minutes"),
    (number("actions", "Minutes for incomplete actions", 0, 240), "/agenda/actions_minutes"),
    (number("new_case", "Minutes for a new case", 0, 240), "/agenda/new_case_minutes"),
    (number("review", "Minutes for a review, notice or closure", 0, 240), "/agenda/review_minutes"),
    (number("other", "Minutes for any other business", 0, 240), "/agenda/other_minutes"),
    (number("cases", "Cases above which the agenda warns", 1, 200), "/agenda/case_limit"),
];

static BLOCKING: At<Optional<'static, Vec<Check>>> =
    (many_of("blocking", "What stops the chair’s approval").optional(), "/minutes/blocking");
static STATEMENT: At<Field<'static, Note>> =
    (narrative("statement", "Confidentiality statement"), "/minutes/statement");
static DELEGATE: At<Field<'static, bool>> = (
    tick("delegate", "The coordinator may decide triage in the chair’s place"),
    "/delegate_triage",
);

fn layout() -> Layout<'static> {
    let mut form = Layout::new().section("Triage", None).with(&DELEGATE.0);
    form = form.section("Days and hours around a meeting", None);
    for (number, at) in &CYCLE {
        form = form.with(&number.0);
        if let Some((field, _)) = at {
            form = form.with(field);
        }
    }
    form = form.with(&CYCLE_DAYS.0).section("Reminders", None);
    form = REMINDERS.iter().fold(form, |form, (field, _)| form.with(field)).with(&DIGEST.0);
    form = form.section("Reviews", None);
    form = REVIEWS.iter().fold(form, |form, (field, _)| form.with(field)).with(&TRIGGERS.0);
    form = form.section("Repeats", None).with(&TRIGGER.0).with(&ANCHOR.0);
    form = form.section("Agenda", None);
    form = AGENDA.iter().fold(form, |form, (field, _)| form.with(field));
    form.section("Minutes", None).with(&BLOCKING.0).with(&STATEMENT.0)
}

/// Every number of the policy.
fn numbers() -> impl Iterator<Item = &'static Number> {
    let cycle = CYCLE.iter().map(|(number, _)| number).chain([&CYCLE_DAYS]);
    cycle.chain(&REMINDERS).chain(&REVIEWS).chain(&AGENDA)
}

fn hours() -> impl Iterator<Item = &'static Hour> {
    CYCLE.iter().filter_map(|(_, hour)| hour.as_ref())
}

/// Fills a field with what stands at its place.
fn fill<F>(form: FormView<'static>, at: &At<F>, policy: &Value) -> FormView<'static>
where
    F: Readable<Value: DeserializeOwned>,
{
    let kept = policy.pointer(at.1).and_then(|kept| serde_json::from_value(kept.clone()).ok());
    match kept {
        Some(kept) => form.fill(&at.0, &kept),
        None => form,
    }
}

fn filled(mut form: FormView<'static>, policy: &PanelPolicy) -> Result<FormView<'static>, Failure> {
    let policy = serde_json::to_value(policy).map_err(panel_app::AppError::failed)?;
    for setting in numbers() {
        form = fill(form, setting, &policy);
    }
    for setting in hours() {
        form = fill(form, setting, &policy);
    }
    form = fill(form, &DIGEST, &policy);
    form = fill(form, &TRIGGERS, &policy);
    form = fill(form, &TRIGGER, &policy);
    form = fill(form, &ANCHOR, &policy);
    form = fill(form, &BLOCKING, &policy);
    form = fill(form, &STATEMENT, &policy);
    Ok(fill(form, &DELEGATE, &policy))
}

/// Puts what was typed into its place.
fn put<F>(reader: &mut Reader<'_, '_>, at: &At<F>, policy: &mut Value)
where
    F: Readable<Value: Serialize>,
{
    let typed = reader.get(&at.0).and_then(|typed| serde_json::to_value(typed).ok());
    if let (Some(typed), Some(place)) = (typed, policy.pointer_mut(at.1)) {
        // No box ticked is an empty list, not a list that is not known.
        *place = if typed.is_null() && place.is_array() { Value::Array(Vec::new()) } else { typed };
    }
}

/// The policy as it was typed, over the one that is kept.
fn read(
    posted: &Posted,
    kept: &PanelPolicy,
    asker: &Asker,
) -> Result<Result<PanelPolicy, Refused>, Failure> {
    let mut policy = serde_json::to_value(kept).map_err(panel_app::AppError::failed)?;
    let mut reader = layout().read(&posted.values, asker.today()?);
    for setting in numbers() {
        put(&mut reader, setting, &mut policy);
    }
    for setting in hours() {
        put(&mut reader, setting, &mut policy);
    }
    put(&mut reader, &DIGEST, &mut policy);
    put(&mut reader, &TRIGGERS, &mut policy);
    put(&mut reader, &TRIGGER, &mut policy);
    put(&mut reader, &ANCHOR, &mut policy);
    put(&mut reader, &BLOCKING, &mut policy);
    put(&mut reader, &STATEMENT, &mut policy);
    put(&mut reader, &DELEGATE, &mut policy);
    let policy = match serde_json::from_value::<PanelPolicy>(policy) {
        Ok(policy) => Some(policy),
        Err(error) => {
            reader.refuse_form("policy", error.to_string());
            None
        }
    };
    Ok(reader.finish(|| policy))
}

async fn draw(asker: &Asker, id: PanelId, refused: Option<Refused>) -> Answer {
    let panel = asker.ask(move |ctx| panels::show(ctx, id)).await?.panel;
    let action = format!("/panels/{id}/policy");
    let form = filled(FormView::new(layout(), action), &panel.value.policy)?
        .version(panel.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(format!("/panels/{id}"))
        .refused(refused);
    let view = FormPage::new("Policy of the panel", form).caption(panel.value.name.as_str()).intro(
        "What you change here holds for what is worked out from now on. Papers that were issued and \
         minutes that were approved stay as they are.",
    );
    let page = Page::new("Policy of the panel").section("settings");
    asker.form(page.back(format!("/panels/{id}"), "Panel"), view).await
}

async fn edit(asker: Asker, id: web::Path<PanelId>) -> Answer {
    draw(&asker, *id, None).await
}

async fn save(asker: Asker, id: web::Path<PanelId>, posted: Posted) -> Answer {
    let id = *id;
    let kept = asker.ask(move |ctx| panels::show(ctx, id)).await?.panel.value.policy;
    let policy = match read(&posted, &kept, &asker)? {
        Ok(policy) => policy,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| panels::set_policy(ctx, id, version, &policy);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(format!("/panels/{id}")),
        Err(Failure::Stale) => {
            let said =
                "Somebody else changed the policy meanwhile. Check what you typed and save again";
            draw(&asker, id, Some(Refused::by_rule(&posted.values, "", "stale", said))).await
        }
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
