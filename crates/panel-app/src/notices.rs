//! Reminders as pages show them: what was planned, sent, left out and taken back, and why.
//!
//! Notices hold no case content. Those who run a panel see all of its notices, everybody else those
//! to themselves; whoever may not see an action learns nothing of its notices.

use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, MeetingId, MinutesId, NoticeId, PanelId, UserId};
use panel_core::outbox::MessageState;
use panel_core::reminder::{NoticeState, NoticeStatus, Rule, Subject};
use panel_core::time::local;
use panel_core::words;
use panel_store::notices::{self, NoticeRow};
use panel_store::{Authz, actions, agencies, minutes, users};
use serde::Serialize;
use std::collections::HashMap;

/// Notices of one page.
const PAGE: i64 = 50;

/// One notice in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// The notice.
    pub id: NoticeId,
    /// The rule that asks for it.
    pub rule: Rule,
    /// What it is about.
    pub subject: Subject,
    /// The meeting, where it is about its minutes.
    pub meeting: Option<MeetingId>,
    /// Who is told; none where the rule names nobody who is here.
    pub person: Option<UserId>,
    /// That person's name; empty without one.
    pub name: String,
    /// The first day on which it may be told.
    pub day: NaiveDate,
    /// The due or meeting date it tells.
    pub date: Option<NaiveDate>,
    /// Where it stands.
    pub status: NoticeStatus,
    /// When it came to stand there, and why, in words; empty while it is planned.
    pub words: String,
}

/// The answer to "why was this sent?" and "why not?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDetail {
    /// The notice.
    pub notice: NoticeView,
    /// What happened, in one sentence.
    pub what: String,
    /// The rule that asked for it, in one sentence.
    pub rule: String,
    /// When it was planned, in words.
    pub planned: String,
    /// What became of the message that told it, in words; none while there is none.
    pub delivery: Option<String>,
}

/// What one rule did for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyView {
    /// The rule.
    pub rule: Rule,
    /// Its day, when the action has a due date.
    pub day: Option<NaiveDate>,
    /// The notice, when there is one.
    pub notice: Option<NoticeId>,
    /// What happened, in a sentence.
    pub what: String,
}

/// The reminders of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAction {
    /// The action.
    pub action: ActionId,
    /// Its wording.
    pub text: String,
    /// Its panel.
    pub panel: PanelId,
    /// Its agency.
    pub agency: String,
    /// Whether the caller may chase it.
    pub may_chase: bool,
    /// Its notices that the caller may see, in the order of their days.
    pub rows: Vec<NoticeView>,
    /// Those of whom it may be asked why they heard of it or not, by name.
    pub people: Vec<(UserId, String)>,
}

/// The notices to one person, latest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfPerson {
    /// Who.
    pub person: UserId,
    /// That person's name.
    pub name: String,
    /// The notices.
    pub rows: Vec<NoticeView>,
    /// The last of them, when there are older ones.
    pub older: Option<(NaiveDate, NoticeId)>,
}

fn view(
    row: &NoticeRow,
    names: &HashMap<UserId, String>,
    meetings: &HashMap<MinutesId, MeetingId>,
) -> NoticeView {
    let words = match row.state {
        NoticeState::Planned => String::new(),
        NoticeState::Told { on } => words::weekday_date(on),
        NoticeState::Skipped { on, reason } | NoticeState::Cancelled { on, reason } => {
            format!("{}: {}", words::weekday_date(on), reason.label())
        }
    };
    NoticeView {
        id: row.id,
        rule: row.rule,
        subject: row.subject,
        meeting: meeting_of(row.subject, meetings),
        person: row.person,
        name: row.person.and_then(|person| names.get(&person).cloned()).unwrap_or_default(),
        day: row.day,
        date: row.date,
        status: row.state.status(),
        words,
    }
}

fn views(az: &mut Authz<'_>, rows: &[NoticeRow]) -> Result<Vec<NoticeView>, AppError> {
    let people: Vec<UserId> = rows.iter().filter_map(|row| row.person).collect();
    let names = users::names(az, &people)?;
    let meetings = meetings_of(az, rows.iter().map(|row| row.subject))?;
    Ok(rows.iter().map(|row| view(row, &names, &meetings)).collect())
}

/// The meetings of the minutes among these subjects.
fn meetings_of(
    az: &mut Authz<'_>,
    subjects: impl Iterator<Item = Subject>,
) -> Result<HashMap<MinutesId, MeetingId>, AppError> {
    let version = |subject| match subject {
        Subject::Minutes(version) => Some(version),
        _ => None,
    };
    Ok(minutes::meetings_of(az, &subjects.filter_map(version).collect::<Vec<_>>())?)
}

fn meeting_of(subject: Subject, meetings: &HashMap<MinutesId, MeetingId>) -> Option<MeetingId> {
    match subject {
        Subject::Minutes(version) => meetings.get(&version).copied(),
        _ => None,
    }
}

/// A rule that was to be told and named nobody who is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnheardView {
    /// The rule.
    pub rule: Rule,
    /// What it is about.
    pub subject: Subject,
    /// The meeting, where it is about its minutes.
    pub meeting: Option<MeetingId>,
    /// Its day.
    pub day: NaiveDate,
}

/// Every notice about one action that the caller may see.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn of_action(ctx: &Ctx<'_>, id: ActionId) -> Result<OfAction, AppError> {
    ctx.read(|az| {
        let action = actions::find(az, id)?.ok_or(AppError::NotFound)?.action;
        let rows = notices::list_for_subject(az, Subject::Action(id))?;
        let runs = ctx.actor().runs(action.panel);
        let people = if runs {
            let mut all: Vec<(UserId, String)> = users::sitting(az, &[action.panel])?
                .into_iter()
                .map(|sitter| (sitter.user, sitter.name))
                .collect();
            all.dedup();
            all
        } else {
            vec![(ctx.user(), ctx.person.name.clone())]
        };
        let agency = agencies::find(az, action.owner.agency)?;
        Ok(OfAction {
            action: id,
            panel: action.panel,
            agency: agency.map(|found| found.value.name.into()).unwrap_or_default(),
            may_chase: runs && !action.is_finished() && !action.awaits_chair(),
            text: action.text.into(),
            rows: views(az, &rows)?,
            people,
        })
    })
}

/// What each rule of an action's due date did for one person, or will do, or why it does nothing.
///
/// # Errors
/// [`AppError::NotFound`] when the action, or the question about this person, is not the caller's.
pub fn why(ctx: &Ctx<'_>, id: ActionId, person: UserId) -> Result<Vec<WhyView>, AppError> {
    ctx.read(|az| {
        let action = actions::find(az, id)?.ok_or(AppError::NotFound)?.action;
        if person != ctx.user() {
            let sits = users::seats(az, Some(action.panel), Some(person))?;
            if sits.is_empty() {
                return Err(AppError::NotFound);
            }
        }
        let all = notices::why(az, ctx.app.working_days(), id, person)?;
        let view = |why: notices::Why| WhyView {
            rule: why.rule,
            day: why.day,
            notice: why.notice,
            what: why.what,
        };
        Ok(all.ok_or(AppError::NotFound)?.into_iter().map(view).collect())
    })
}

/// The notices to one person: the caller, or somebody who sits at a panel that the caller runs, and
/// then those of that panel alone.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn of_person(
    ctx: &Ctx<'_>,
    person: UserId,
    before: Option<(NaiveDate, NoticeId)>,
) -> Result<OfPerson, AppError> {
    ctx.read(|az| {
        let name = if person == ctx.user() {
            ctx.person.name.clone()
        } else {
            let seats = users::seats(az, None, Some(person))?;
            if !seats.iter().any(|seat| ctx.actor().runs(seat.panel)) {
                return Err(AppError::NotFound);
            }
            users::find(az, person)?.ok_or(AppError::NotFound)?.name
        };
        let mut rows = notices::list_for_user(az, person, before, PAGE + 1)?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > page;
        rows.truncate(page);
        let older = rows.last().filter(|_| more).map(|row| (row.day, row.id));
        Ok(OfPerson { person, name, rows: views(az, &rows)?, older })
    })
}

/// What the coordinator of a panel is warned of: rules that nobody who is here would hear.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn unheard(ctx: &Ctx<'_>, panel: PanelId) -> Result<Vec<UnheardView>, AppError> {
    ctx.must_run(panel)?;
    ctx.read(|az| {
        let found = notices::unheard(az, panel, PAGE)?;
        let meetings = meetings_of(az, found.iter().map(|one| one.subject))?;
        let view = |one: notices::Unheard| UnheardView {
            rule: one.rule,
            subject: one.subject,
            meeting: meeting_of(one.subject, &meetings),
            day: one.day,
        };
        Ok(found.into_iter().map(view).collect())
    })
}

/// One notice, explained.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn explain(ctx: &Ctx<'_>, id: NoticeId) -> Result<NoticeDetail, AppError> {
    ctx.read(|az| {
        let found = notices::explain(az, id)?.ok_or(AppError::NotFound)?;
        let notice =
            views(az, std::slice::from_ref(&found.row))?.pop().ok_or(AppError::NotFound)?;
        let delivery = found.delivery.map(|sent| match (sent.state, sent.sent_at) {
            (MessageState::Sent, Some(at)) => {
                format!("Taken by the mail server at {}", words::date_time(local(at)))
            }
            (state, _) => state.label().to_owned(),
        });
        Ok(NoticeDetail {
            notice,
            what: found.words.what,
            rule: found.words.rule,
            planned: words::date_time(local(found.row.planned_at)),
            delivery,
        })
    })
}
