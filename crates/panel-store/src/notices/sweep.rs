//! The daily sweep: plans, over a range of due dates, what comes within the next days.
//!
//! A mark keeps how far planning has come, so that days on which nothing ran are made up for by a
//! longer range. The actions read are those due on the dates for which a rule falls into the range:
//! the cost follows the range, not the number of actions and not their history.

use super::facts::{ActionFacts, RequestFacts};
use super::insert;
use super::plan::{AHEAD_DAYS, Ground, horizon};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::schema::{actions, info_requests, plan_marks};
use crate::sql_types::Sql;
use chrono::{Days, NaiveDate};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::calendar::WorkingDays;
use panel_core::id::ActionId;
use panel_core::reminder::{ReminderPolicy, Rule, falling};
use panel_core::time::local_date;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

const MARK: &str = "notices";

/// The last day up to which every action is planned; nothing where planning never ran.
pub(super) fn mark(az: &mut Authz<'_>) -> Result<Option<NaiveDate>, StoreError> {
    Ok(plan_marks::table.find(MARK).select(plan_marks::day).first(az.conn()).optional()?)
}

/// Notes that every action is planned up to and including `day`.
pub fn set_mark(az: &mut Authz<'_>, day: NaiveDate) -> Result<(), StoreError> {
    crate::conn::each_backend!(az.conn(), |c| diesel::insert_into(plan_marks::table)
        .values((plan_marks::name.eq(MARK), plan_marks::day.eq(day)))
        .on_conflict(plan_marks::name)
        .do_update()
        .set(plan_marks::day.eq(day))
        .execute(c))?;
    Ok(())
}

/// Where a sweep goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    due: NaiveDate,
    action: ActionId,
}

/// What one step of a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Actions and requests looked at.
    pub seen: usize,
    /// Rows written.
    pub planned: usize,
    /// Where to go on; nothing when the sweep is complete.
    pub next: Option<Cursor>,
}

/// Takes one step of the day's sweep over at most `limit` actions. A sweep of the same day is over at
/// once; a step that ran before writes nothing again.
pub fn sweep(
    az: &mut Authz<'_>,
    days: WorkingDays<'_>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Swept, StoreError> {
    let (mark, today) = (mark(az)?, az.today());
    let windows = windows(mark, today);
    if windows.is_empty() {
        return Ok(Swept::default());
    }
    let mut ground = Ground::read(az, days, None)?;
    let found = actions_due(az, &Dues::of(&ground, mark, &windows), after, limit)?;
    let mut new = Vec::new();
    for action in &found {
        new.extend(ground.rows(action, local_date(action.created_at), &windows));
    }
    let mut swept = Swept { seen: found.len(), planned: 0, next: None };
    let is_full = i64::try_from(found.len()).is_ok_and(|seen| seen >= limit);
    if let (true, Some(ActionFacts { id, due: Some(due), .. })) = (is_full, found.last()) {
        swept.next = Some(Cursor { due: *due, action: *id });
    } else {
        for request in requests_due(az, &windows)? {
            swept.seen += 1;
            new.extend(ground.request_rows(&request, |rule, day| {
                rule != Rule::RequestIssued && windows.iter().any(|w| w.contains(&day))
            }));
        }
        set_mark(az, horizon(today))?;
    }
    swept.planned = insert(az, &new)?;
    Ok(swept)
}

/// The days whose rules this sweep plans: those whose day has come since the last sweep, looked at
/// again because people come and go within days, and those that come newly within reach.
fn windows(mark: Option<NaiveDate>, today: NaiveDate) -> Vec<RangeInclusive<NaiveDate>> {
    let until = horizon(today);
    let Some(mark) = mark else { return vec![ever()..=until] };
    if mark >= until {
        return Vec::new();
    }
    let last_run = mark.checked_sub_days(Days::new(AHEAD_DAYS)).unwrap_or(mark);
    let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    vec![after(last_run)..=today, after(mark)..=until]
}

/// Before every due date there is; both databases can hold it.
fn ever() -> NaiveDate {
    NaiveDate::from_yo_opt(1900, 1).unwrap_or_default()
}

/// The due dates for which a rule of some panel falls into the windows.
enum Dues {
    On(BTreeSet<NaiveDate>),
    /// Where planning never ran: every one until the last for which a rule falls into reach.
    UpTo(NaiveDate),
}

/// Days without a gap in which some rule of every policy falls.
const A_MONTH: Days = Days::new(31);

impl Dues {
    fn of(
        ground: &Ground<'_>,
        mark: Option<NaiveDate>,
        windows: &[RangeInclusive<NaiveDate>],
    ) -> Self {
        if mark.is_some() {
            return Self::On(dates(ground, windows));
        }
        // A later due date has no earlier reminders, so that the last in a month is the last of all.
        let end = windows.iter().map(|window| *window.end()).max().unwrap_or(NaiveDate::MIN);
        let month = end.checked_sub_days(A_MONTH).unwrap_or(end)..=end;
        Self::UpTo(dates(ground, &[month]).pop_last().map_or(end, |last| last.max(end)))
    }
}

/// The due dates for which a rule of some panel falls into the windows.
fn dates(ground: &Ground<'_>, windows: &[RangeInclusive<NaiveDate>]) -> BTreeSet<NaiveDate> {
    let mut policies: Vec<ReminderPolicy> = Vec::new();
    for policy in ground.policies.values() {
        if !policies.contains(policy) {
            policies.push(*policy);
        }
    }
    let of = |policy: &ReminderPolicy, window: &RangeInclusive<NaiveDate>| {
        falling(window.clone(), &Rule::OF_AN_ACTION, policy, &ground.days)
    };
    policies
        .iter()
        .flat_map(|policy| windows.iter().flat_map(|window| of(policy, window).into_keys()))
        .collect()
}

macro_rules! unfinished {
    () => {
        actions::table
            .select(ActionFacts::as_select())
            .filter(actions::finished.eq(false))
            .filter(actions::due.is_not_null())
    };
}

fn actions_due(
    az: &mut Authz<'_>,
    dues: &Dues,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ActionFacts>, StoreError> {
    match dues {
        Dues::On(dues) => due_on(az, dues, after, limit),
        Dues::UpTo(last) => due_up_to(az, *last, after, limit),
    }
}

/// The actions of these due dates, date by date: each is a range of the index in its own order, where a
/// list of dates would be gathered and sorted anew for every step.
fn due_on(
    az: &mut Authz<'_>,
    dues: &BTreeSet<NaiveDate>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ActionFacts>, StoreError> {
    let from = after.map_or(NaiveDate::MIN, |cursor| cursor.due);
    let mut found: Vec<ActionFacts> = Vec::new();
    for due in dues.range(from..) {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left <= 0 {
            break;
        }
        let begun = after.filter(|cursor| cursor.due == *due);
        let mut query = unfinished!()
            .filter(actions::due.eq(Some(*due)))
            .order(actions::id)
            .limit(left)
            .into_boxed();
        if let Some(Cursor { action, .. }) = begun {
            query = query.filter(actions::id.gt(Sql(action)));
        }
        found.extend(query.load::<ActionFacts>(az.conn())?);
    }
    Ok(found)
}

/// The actions due up to a day.
fn due_up_to(
    az: &mut Authz<'_>,
    last: NaiveDate,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ActionFacts>, StoreError> {
    let mut query = unfinished!()
        .filter(actions::due.le(Some(last)))
        .order((actions::due, actions::id))
        .limit(limit)
        .into_boxed();
    if let Some(Cursor { due, action }) = after {
        let beyond = actions::due
            .gt(Some(due))
            .or(actions::due.eq(Some(due)).and(actions::id.gt(Sql(action))));
        query = query.filter(actions::due.ge(Some(due))).filter(beyond.assume_not_null());
    }
    Ok(query.load(az.conn())?)
}

/// Unanswered requests with a deadline near the windows; few, so that the range may be generous.
fn requests_due(
    az: &mut Authz<'_>,
    windows: &[RangeInclusive<NaiveDate>],
) -> Result<Vec<RequestFacts>, StoreError> {
    let near = Days::new(7);
    let first = windows.iter().map(|window| *window.start()).min();
    let last = windows.iter().map(|window| *window.end()).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    let first = first.checked_sub_days(near).unwrap_or(first);
    Ok(info_requests::table
        .select(RequestFacts::as_select())
        .filter(sql::<Bool>("info_requests.state = 'asked'"))
        .filter(info_requests::due_on.ge(first))
        .filter(info_requests::due_on.le(last.checked_add_days(near).unwrap_or(last)))
        .order(info_requests::id)
        .load(az.conn())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conn::testing::plan;

    #[test]
    fn the_actions_of_a_range_are_found_by_their_due_dates() {
        let query = unfinished!().filter(actions::due.eq(Some(NaiveDate::MIN))).order(actions::id);
        assert_eq!(
            plan(&query),
            "SEARCH actions USING INDEX actions_by_due (finished=? AND due=?)"
        );
        let query = unfinished!().filter(actions::due.le(Some(NaiveDate::MIN)));
        assert_eq!(
            plan(&query),
            "SEARCH actions USING INDEX actions_by_due (finished=? AND due>? AND due<?)"
        );
    }

    #[track_caller]
    fn check(mark: Option<&str>, expected: &[(&str, &str)]) {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let found = windows(mark.map(day), day("2026-04-15"));
        let expected: Vec<_> = expected.iter().map(|(a, b)| day(a)..=day(b)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sweep_plans_the_day_that_comes_within_reach_and_looks_again_at_today() {
        check(Some("2026-04-18"), &[("2026-04-15", "2026-04-15"), ("2026-04-19", "2026-04-19")]);
    }

    #[test]
    fn days_without_a_sweep_make_the_next_one_longer() {
        check(Some("2026-04-15"), &[("2026-04-12", "2026-04-15"), ("2026-04-16", "2026-04-19")]);
        check(Some("2026-03-31"), &[("2026-03-28", "2026-04-15"), ("2026-04-01", "2026-04-19")]);
    }

    #[test]
    fn a_day_is_swept_once_also_when_the_clock_was_set_back() {
        check(Some("2026-04-19"), &[]);
        check(Some("2026-05-22"), &[]);
        check(None, &[("1900-01-01", "2026-04-19")]);
    }
}
