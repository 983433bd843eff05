//! Planning in the transaction of the change: an action or a request is looked at, what is no longer
//! true is taken back, and what comes within the next days is written down.

use super::facts::{ActionFacts, RequestFacts, actions_of, requests_of};
use super::people::{Roster, panels_of, roster};
use super::sweep::{mark, set_mark};
use super::{BATCH, NewRow, NoticeRow, Raw, close, insert, planned, rows};
use crate::audit::AnyId;
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::panels;
use crate::schema::notices;
use crate::sql_types::Sql;
use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::calendar::WorkingDays;
use panel_core::id::{ActionId, Id, InfoRequestId, NoticeId, PanelId};
use panel_core::reminder::{
    Fate, NoticeState, NoticeStatus, Planned, Reason, ReminderPolicy, Rule, Subject, address,
    expand, plan_request as rules_of, rule_days,
};
use panel_core::time::local_date;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// How many days before its day a notice is written down: as many as the longest row of days off in a
/// year, so that what falls on the first morning back was written before the last one out.
pub const AHEAD_DAYS: u64 = 4;

pub(super) fn horizon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(today)
}

/// What planning stands on: who sits where, each panel's times, and the calendar.
pub(super) struct Ground<'d> {
    pub(super) roster: Roster,
    pub(super) policies: HashMap<PanelId, ReminderPolicy>,
    pub(super) days: WorkingDays<'d>,
    rules: HashMap<(PanelId, NaiveDate), [(Rule, NaiveDate); 7]>,
}

impl<'d> Ground<'d> {
    pub(super) fn read(
        az: &mut Authz<'_>,
        days: WorkingDays<'d>,
        of: Option<&[PanelId]>,
    ) -> Result<Self, StoreError> {
        let mut policies = HashMap::new();
        match of {
            Some(of) => {
                for panel in of {
                    if let Some(found) = panels::find(az, *panel)? {
                        policies.insert(*panel, found.value.policy.reminder);
                    }
                }
            }
            None => policies.extend(
                panels::list(az)?.into_iter().map(|p| (p.value.id, p.value.policy.reminder)),
            ),
        }
        Ok(Self { roster: roster(az, of)?, policies, days, rules: HashMap::new() })
    }

    pub(super) fn policy(&self, panel: PanelId) -> ReminderPolicy {
        self.policies.get(&panel).copied().unwrap_or_default()
    }

    /// The rules about a due date with their days; many actions of a meeting share one.
    fn rules(&mut self, panel: PanelId, due: NaiveDate) -> [(Rule, NaiveDate); 7] {
        let (policy, days) = (self.policy(panel), self.days);
        *self.rules.entry((panel, due)).or_insert_with(|| rule_days(due, &policy, &days))
    }

    /// The rows of an unfinished action whose rules fall within `windows`; none while the chair has
    /// not answered a report that it is not possible.
    pub(super) fn rows(
        &mut self,
        action: &ActionFacts,
        since: NaiveDate,
        windows: &[RangeInclusive<NaiveDate>],
    ) -> Vec<NewRow> {
        let due = action.due.filter(|_| !action.awaits_chair());
        let Some(due) = due else { return Vec::new() };
        let wanted = |day: &NaiveDate| windows.iter().any(|window| window.contains(day));
        let rules = self.rules(action.panel, due);
        let rules: Vec<_> = rules.into_iter().filter(|(_, day)| wanted(day)).collect();
        let plan = expand(&rules, since);
        let directory =
            self.roster.around(action.panel, action.case).directory(action.agency, action.owner);
        let addressed = address(&plan, &directory);
        let heard = |rule: Rule| addressed.rows.iter().any(|(planned, _)| planned.rule == rule);
        let mut unheard: Vec<Rule> = addressed.unheard.iter().map(|(rule, _)| *rule).collect();
        unheard.retain(|rule| !heard(*rule));
        unheard.dedup();
        let row = |planned: &Planned, person, fate| NewRow {
            rule: planned.rule,
            panel: action.panel,
            subject: Subject::Action(action.id),
            person,
            instance: action.instance(),
            day: planned.day,
            date: Some(due),
            fate,
        };
        let told = addressed.rows.iter().map(|(p, person)| row(p, Some(*person), p.fate));
        let untold = unheard.iter().filter_map(|rule| {
            let planned = plan.iter().find(|planned| planned.rule == *rule)?;
            Some(row(planned, None, Fate::Skipped(Reason::Nobody)))
        });
        told.chain(untold).collect()
    }

    /// The rows of an unanswered request whose rules `wanted` lets through.
    pub(super) fn request_rows(
        &self,
        request: &RequestFacts,
        wanted: impl Fn(Rule, NaiveDate) -> bool,
    ) -> Vec<NewRow> {
        let asked_on = local_date(request.asked_at);
        let policy = self.policy(request.panel);
        let people = self.roster.around(request.panel, Some(request.case)).contacts(request.agency);
        let mut new = Vec::new();
        for (rule, day, fate) in rules_of(asked_on, request.due_on, &policy, &self.days) {
            if !wanted(rule, day) {
                continue;
            }
            let row = |person, fate| NewRow {
                rule,
                panel: request.panel,
                subject: Subject::Request(request.id),
                person,
                instance: request.instance(),
                day,
                date: Some(request.due_on),
                fate,
            };
            if people.is_empty() {
                new.push(row(None, Fate::Skipped(Reason::Nobody)));
            }
            new.extend(people.iter().map(|person| row(Some(*person), fate)));
        }
        new
    }
}

/// Plans the reminders of one action; see [`plan_actions`].
pub fn plan_action(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    action: ActionId,
) -> Result<(), StoreError> {
    plan_actions(az, days, &[action])
}

/// Plans the reminders of actions after anything about them changed: set, due date, owner, status.
///
/// Reminders of an earlier due date or owner that were not told are taken back with the reason, those
/// of a finished action are left out, those of one that its owner reported as not possible are taken
/// back until the chair refuses that, and what falls due within [`AHEAD_DAYS`] is written down. Called
/// again without a change, it changes nothing.
pub fn plan_actions(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    actions: &[ActionId],
) -> Result<(), StoreError> {
    let mut facts = actions_of(az, actions)?;
    if facts.is_empty() {
        return Ok(());
    }
    // In the order of the sweep, so that two transactions never wait for each other in a circle.
    facts.sort_unstable_by_key(|action| (action.due, action.id));
    let panels = panels_of(facts.iter().map(|action| action.panel));
    let mut ground = Ground::read(az, days, Some(&panels))?;
    let window = [NaiveDate::MIN..=planned_until(az)?];
    let existing = rows_about(az, actions)?;
    let mut new = Vec::new();
    for action in &facts {
        let own: Vec<&NoticeRow> = existing.get(&action.id).into_iter().flatten().collect();
        take_back(az, action, &own)?;
        if !action.is_finished() {
            let since = since(action, &own, az.today());
            new.extend(ground.rows(action, since, &window));
        }
    }
    insert(az, &new)?;
    Ok(())
}

/// How far every action is planned. Where nothing was ever planned, nothing before today needs to
/// be: the first action of all is planned right here.
fn planned_until(az: &mut Authz<'_>) -> Result<NaiveDate, StoreError> {
    let horizon = horizon(az.today());
    match mark(az)? {
        Some(mark) => Ok(mark.max(horizon)),
        None => set_mark(az, horizon).map(|()| horizon),
    }
}

fn rows_about(
    az: &mut Authz<'_>,
    actions: &[ActionId],
) -> Result<HashMap<ActionId, Vec<NoticeRow>>, StoreError> {
    let mut found: HashMap<ActionId, Vec<NoticeRow>> = HashMap::new();
    for batch in actions.chunks(BATCH) {
        let subjects: Vec<_> = batch.iter().map(|id| Sql(AnyId(id.uuid()))).collect();
        let query = notices::table.filter(notices::subject_id.eq_any(subjects));
        for row in rows(query.load::<Raw>(az.conn())?) {
            if let Subject::Action(id) = row.subject {
                found.entry(id).or_default().push(row);
            }
        }
    }
    Ok(found)
}

/// Takes back what is no longer true.
fn take_back(
    az: &mut Authz<'_>,
    action: &ActionFacts,
    own: &[&NoticeRow],
) -> Result<(), StoreError> {
    let waiting = own.iter().filter(|row| row.state == NoticeState::Planned);
    if action.is_finished() {
        let ids: Vec<NoticeId> = waiting.map(|row| row.id).collect();
        close(az, &ids, NoticeStatus::Skipped, Reason::Finished)?;
        return Ok(());
    }
    let old = waiting
        .filter(|row| Rule::OF_AN_ACTION.contains(&row.rule) && row.instance < action.instance());
    let (moved, given): (Vec<&&NoticeRow>, Vec<&&NoticeRow>) =
        old.partition(|row| row.date != action.due);
    for (rows, reason) in [(moved, Reason::DueChanged), (given, Reason::OwnerChanged)] {
        let ids: Vec<NoticeId> = rows.iter().map(|row| row.id).collect();
        close(az, &ids, NoticeStatus::Cancelled, reason)?;
    }
    let current = own.iter().filter(|row| row.instance == action.instance());
    let of_rules = current.filter(|row| Rule::OF_AN_ACTION.contains(&row.rule));
    if action.awaits_chair() {
        let ids: Vec<NoticeId> = of_rules.map(|row| row.id).collect();
        close(az, &ids, NoticeStatus::Cancelled, Reason::AwaitsChair)?;
        return Ok(());
    }
    let held = |row: &&&NoticeRow| {
        matches!(row.state, NoticeState::Cancelled { reason: Reason::AwaitsChair, .. })
    };
    let ids: Vec<NoticeId> = of_rules.filter(held).map(|row| row.id).collect();
    plan_again(az, &ids)
}

/// Plans again what was taken back while the chair had not answered.
fn plan_again(az: &mut Authz<'_>, ids: &[NoticeId]) -> Result<(), StoreError> {
    for batch in ids.chunks(BATCH) {
        diesel::update(notices::table)
            .filter(notices::id.eq_any(all(batch)))
            .set((
                notices::state.eq(Sql(NoticeStatus::Planned)),
                notices::reason.eq(Sql(None::<Reason>)),
                notices::settled_at.eq(Sql(None::<DateTime<Utc>>)),
            ))
            .execute(az.conn())?;
    }
    Ok(())
}

/// The local day on which the action took its present due date and owner.
fn since(action: &ActionFacts, own: &[&NoticeRow], today: NaiveDate) -> NaiveDate {
    let first = own
        .iter()
        .filter(|row| row.instance == action.instance() && Rule::OF_AN_ACTION.contains(&row.rule))
        .map(|row| local_date(row.planned_at))
        .min();
    match (action.instance(), first) {
        (..=1, _) => local_date(action.created_at),
        (_, Some(first)) => first,
        (_, None) => today,
    }
}

/// Plans the notices of one information request; see [`plan_requests`].
pub fn plan_request(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    request: InfoRequestId,
) -> Result<(), StoreError> {
    plan_requests(az, days, &[request])
}

/// Plans the notices of information requests after they were asked, asked again, answered, withdrawn
/// or given another deadline: on issue, the working day before the deadline, and when it has passed.
/// That a request was made is told once, however often its deadline moves.
pub fn plan_requests(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    requests: &[InfoRequestId],
) -> Result<(), StoreError> {
    let facts = requests_of(az, requests)?;
    let panels = panels_of(facts.iter().map(|request| request.panel));
    let ground = Ground::read(az, days, Some(&panels))?;
    let known = known_requests(az, requests)?;
    let mut new = Vec::new();
    for request in &facts {
        if request.is_open() {
            give_way(az, request)?;
            let asked_on = local_date(request.asked_at);
            let is_known = known.get(&request.id).is_some_and(|told_on| *told_on >= asked_on);
            new.extend(
                ground.request_rows(request, |rule, _| rule != Rule::RequestIssued || !is_known),
            );
        } else {
            super::tell::cancel(az, Subject::Request(request.id), Reason::Finished)?;
        }
    }
    insert(az, &new)?;
    Ok(())
}

/// When people were last told that each of these requests was made.
fn known_requests(
    az: &mut Authz<'_>,
    requests: &[InfoRequestId],
) -> Result<HashMap<InfoRequestId, NaiveDate>, StoreError> {
    let mut known = HashMap::new();
    for batch in requests.chunks(BATCH) {
        let subjects: Vec<_> = batch.iter().map(|id| Sql(AnyId(id.uuid()))).collect();
        let query = notices::table
            .filter(notices::subject_id.eq_any(subjects))
            .filter(notices::rule.eq(Sql(Rule::RequestIssued)))
            .filter(notices::state.eq(Sql(NoticeStatus::Told)))
            .order(notices::id);
        for row in rows(query.load::<Raw>(az.conn())?) {
            if let (Subject::Request(id), NoticeState::Told { on }) = (row.subject, row.state) {
                known.insert(id, on);
            }
        }
    }
    Ok(known)
}

/// Takes back what was planned before a request was asked again.
fn give_way(az: &mut Authz<'_>, request: &RequestFacts) -> Result<(), StoreError> {
    let instance = i32::try_from(request.instance()).unwrap_or(i32::MAX);
    let old: Vec<NoticeId> = notices::table
        .filter(planned())
        .filter(notices::subject_id.eq(Sql(AnyId(request.id.uuid()))))
        .filter(notices::rule.ne(Sql(Rule::Chased)))
        .filter(notices::instance.lt(instance))
        .select(notices::id)
        .load(az.conn())?;
    close(az, &old, NoticeStatus::Cancelled, Reason::DueChanged)?;
    Ok(())
}
