//! What the pages show: lists of notices, and why one was sent or not.
//!
//! Notices hold no content. A panel's coordinator and chair see all of its notices, everybody else
//! sees those to themselves.

use super::facts::{ActionFacts, actions_of, facts};
use super::people::roster;
use super::plan::{AHEAD_DAYS, horizon};
use super::{NoticeRow, Raw, parts, planned, rows};
use crate::authz::Authz;
use crate::conn::Conn;
use crate::error::StoreError;
use crate::listed::all;
use crate::outbox::{self, SentRow};
use crate::panels;
use crate::schema::{action_extensions, action_transfers, actions, info_requests, notices};
use crate::scope::{Filter, on_case};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::{Days, NaiveDate};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use panel_core::calendar::WorkingDays;
use panel_core::id::{ActionId, NoticeId, PanelId, UserId};
use panel_core::reminder::{
    Absence, Explanation, NoticeStatus, Reason, ReminderPolicy, Rule, Subject, explain as in_words,
    explain_absence, rule_days,
};

/// The notices of panels that the caller runs, and the caller's own as far as they are about nothing that
/// is kept from her.
fn visible(az: &Authz<'_>) -> Filter<notices::table> {
    let scope = az.scope();
    let own: Vec<UserId> = az.user().into_iter().collect();
    let own =
        notices::user_id.is_not_null().and(notices::user_id.assume_not_null().eq_any(all(&own)));
    let whole = notices::panel_id.eq_any(all(&scope.whole));
    if scope.hidden.is_empty() {
        return Box::new(whole.or(own));
    }
    let kept = || on_case!(nullable actions::case_id, among &scope.hidden);
    let actions = || actions::table.filter(kept()).select(actions::id);
    let requests = info_requests::table
        .filter(on_case!(plain info_requests::case_id, among &scope.hidden))
        .select(info_requests::id);
    let transfers = action_transfers::table
        .filter(action_transfers::action_id.eq_any(actions()))
        .select(action_transfers::id);
    let extensions = action_extensions::table
        .filter(action_extensions::action_id.eq_any(actions()))
        .select(action_extensions::id);
    let elsewhere = notices::subject_id
        .ne_all(actions())
        .and(notices::subject_id.ne_all(requests))
        .and(notices::subject_id.ne_all(transfers))
        .and(notices::subject_id.ne_all(extensions));
    Box::new(whole.or(own.and(elsewhere)))
}

/// Runs a statement over [`visible`] notices. What it leaves out has to be found first, and it is nothing that
/// the wall would show.
fn looking<T>(
    az: &mut Authz<'_>,
    look: impl FnOnce(&mut Conn) -> QueryResult<T>,
) -> Result<T, StoreError> {
    if az.scope().hidden.is_empty() {
        return Ok(look(az.conn())?);
    }
    az.beyond(Beyond::Kept, |conn| Ok(look(conn)?))
}

/// The notices about one thing, in the order of their days.
pub fn list_for_subject(
    az: &mut Authz<'_>,
    subject: Subject,
) -> Result<Vec<NoticeRow>, StoreError> {
    let (_, id) = parts(subject);
    let visible = visible(az);
    let query = notices::table
        .filter(notices::subject_id.eq(Sql(id)))
        .filter(visible)
        .order((notices::day, notices::id));
    Ok(rows(looking(az, |conn| query.load(conn))?))
}

/// The notices to one person, latest day first: at most `limit`, further back than `before`.
pub fn list_for_user(
    az: &mut Authz<'_>,
    user: UserId,
    before: Option<(NaiveDate, NoticeId)>,
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let visible = visible(az);
    let mut query = notices::table
        .filter(notices::user_id.eq(Sql(Some(user))))
        .filter(visible)
        .order((notices::day.desc(), notices::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((day, id)) = before {
        query = query
            .filter(notices::day.le(day))
            .filter(notices::day.lt(day).or(notices::id.lt(Sql(id))));
    }
    Ok(rows(looking(az, |conn| query.load(conn))?))
}

/// A rule that was to be told and named nobody who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// The row.
    pub id: NoticeId,
    /// The rule.
    pub rule: Rule,
    /// About what.
    pub subject: Subject,
    /// Its day.
    pub day: NaiveDate,
}

/// What a panel's coordinator is warned of: rules of today and the days around it that nobody would
/// hear, because no live seat stands behind them. Latest first, at most `limit`.
pub fn unheard(az: &mut Authz<'_>, panel: PanelId, limit: i64) -> Result<Vec<Unheard>, StoreError> {
    if !az.runs(panel) {
        return Ok(Vec::new());
    }
    let heard = diesel::alias!(notices as heard);
    let somebody = heard
        .filter(heard.field(notices::subject_id).eq(notices::subject_id))
        .filter(heard.field(notices::rule).eq(notices::rule))
        .filter(heard.field(notices::instance).eq(notices::instance))
        .filter(heard.field(notices::user_id).is_not_null())
        .select(heard.field(notices::id));
    let since = az.today().checked_sub_days(Days::new(28)).unwrap_or_default();
    let raw: Vec<Raw> = notices::table
        .filter(notices::panel_id.eq(Sql(panel)).and(notices::user_id.is_null()))
        .filter(notices::reason.eq(Sql(Some(Reason::Nobody))))
        .filter(notices::day.ge(since))
        .filter(not(exists(somebody)))
        .order((notices::day.desc(), notices::id.desc()))
        .limit(limit)
        .load(az.conn())?;
    let of =
        |row: NoticeRow| Unheard { id: row.id, rule: row.rule, subject: row.subject, day: row.day };
    Ok(rows(raw).into_iter().map(of).collect())
}

/// How many notices there are, for operators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Whose day has come and that were not told.
    pub due: i64,
    /// Whose day is ahead.
    pub ahead: i64,
}

/// Counts what waits.
pub fn count(az: &mut Authz<'_>) -> Result<Counts, StoreError> {
    let today = az.today();
    let waiting = || notices::table.filter(planned());
    Ok(Counts {
        due: waiting().filter(notices::day.le(today)).count().get_result(az.conn())?,
        ahead: waiting().filter(notices::day.gt(today)).count().get_result(az.conn())?,
    })
}

/// The answer to "why was this sent?" and "why not?" for one notice.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The notice.
    pub row: NoticeRow,
    /// What happened and by which rule, in sentences.
    pub words: Explanation,
    /// What became of the message that told it.
    pub delivery: Option<SentRow>,
}

/// Explains one notice; nothing when it is not the caller's to see.
pub fn explain(az: &mut Authz<'_>, id: NoticeId) -> Result<Option<Explained>, StoreError> {
    let visible = visible(az);
    let query = notices::table.find(Sql(id)).filter(visible);
    let raw: Option<Raw> = looking(az, |conn| query.first(conn).optional())?;
    let Some(row) = raw.map(NoticeRow::from) else { return Ok(None) };
    let policy = policy(az, row.panel)?;
    let held = facts(az, &[(row.panel, row.subject)])?.is_held(row.subject);
    let delivery = match row.message {
        Some(message) => outbox::find(az, message)?,
        None => None,
    };
    let words = words(&row, held, &policy);
    Ok(Some(Explained { row, words, delivery }))
}

fn policy(az: &mut Authz<'_>, panel: PanelId) -> Result<ReminderPolicy, StoreError> {
    Ok(panels::find(az, panel)?.map(|found| found.value.policy.reminder).unwrap_or_default())
}

fn words(row: &NoticeRow, held: bool, policy: &ReminderPolicy) -> Explanation {
    // The words name no person, so a row without one reads like any other.
    let anybody = <UserId as panel_core::id::Id>::from_uuid(uuid::Uuid::nil());
    let held = held && Rule::OF_AN_ACTION.contains(&row.rule);
    in_words(&row.notice_to(row.person.unwrap_or(anybody)), row.state, held, policy)
}

/// One rule, one action and one person: what was sent, and if nothing was, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The rule.
    pub rule: Rule,
    /// Its day, when the action has a due date.
    pub day: Option<NaiveDate>,
    /// The row, when there is one.
    pub notice: Option<NoticeId>,
    /// Where that stands.
    pub status: Option<NoticeStatus>,
    /// What happened, in a sentence.
    pub what: String,
}

/// Explains every rule of an action for one person, in the order in which they fall; nothing when
/// there is no such action or it is not the caller's to ask about this person.
pub fn why(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    action: ActionId,
    person: UserId,
) -> Result<Option<Vec<Why>>, StoreError> {
    let Some(facts) = actions_of(az, &[action])?.pop() else { return Ok(None) };
    let is_kept = facts.case.is_some_and(|case| az.scope().hidden.contains(&case));
    if is_kept || (az.user() != Some(person) && !az.runs(facts.panel)) {
        return Ok(None);
    }
    let policy = policy(az, facts.panel)?;
    let own: Vec<NoticeRow> = list_for_subject(az, Subject::Action(action))?
        .into_iter()
        .filter(|row| row.person.is_none_or(|to| to == person))
        .filter(|row| row.instance == facts.instance())
        .collect();
    let roster = roster(az, Some(&[facts.panel]))?;
    let directory = roster.around(facts.panel, facts.case).directory(facts.agency, facts.owner);
    let fallen = facts.due.map(|due| rule_days(due, &policy, &days));
    let answer = |rule: Rule| {
        let day = fallen.and_then(|rules| rules.into_iter().find(|(r, _)| *r == rule));
        let day = day.map(|(_, day)| day);
        let of_rule = |row: &&NoticeRow| row.rule == rule;
        // A row to the person says more than one that says that nobody was there.
        let row = own.iter().filter(of_rule).max_by_key(|row| row.person.is_some());
        let is_addressed =
            rule.audiences().iter().any(|audience| directory.people(*audience).contains(&person));
        let what = match row {
            Some(row) => words(row, facts.awaits_chair(), &policy).what,
            None => explain_absence(absence(&facts, rule, day, is_addressed, az.today())),
        };
        let (notice, status) = (row.map(|row| row.id), row.map(|row| row.state.status()));
        Why { rule, day, notice, status, what }
    };
    Ok(Some(Rule::OF_AN_ACTION.map(answer).into()))
}

fn absence(
    action: &ActionFacts,
    rule: Rule,
    day: Option<NaiveDate>,
    is_addressed: bool,
    today: NaiveDate,
) -> Absence {
    match day {
        None => Absence::NoDueDate,
        Some(_) if action.is_finished() => Absence::Finished,
        Some(_) if is_addressed && action.awaits_chair() => Absence::AwaitsChair,
        Some(day) if is_addressed && day > horizon(today) => {
            let planned_on = day.checked_sub_days(Days::new(AHEAD_DAYS)).unwrap_or(day);
            Absence::Ahead { day, planned_on }
        }
        Some(_) => Absence::NotAddressed(rule),
    }
}
