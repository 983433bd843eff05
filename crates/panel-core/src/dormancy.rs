//! Accounts that nobody uses: when their people are warned, and when they are suspended.
//!
//! Days are counted in local dates, so that neither a leap day nor the change of the clocks makes one
//! longer or shorter than it is on a calendar.

use crate::id::UserId;
use chrono::{Days, NaiveDate};

/// Days without a sign-in after which an account is suspended, unless an administrator sets others.
pub const SUSPENDED_AFTER: u32 = 45;
/// The days that can be set.
pub const SUSPENDED_RANGE: (u32, u32) = (14, 180);
/// How many days before that its person is warned.
pub const WARNED_BEFORE: u32 = 7;

/// An account that is open, and how long it has not been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub user: UserId,
    /// Whether its person runs the service.
    pub administrator: bool,
    /// The day of the last sign-in; of the invitation or of being opened again, where that is later.
    pub used_on: NaiveDate,
    /// The day on which its person was last warned.
    pub warned_on: Option<NaiveDate>,
}

/// What is to be done about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its person is told that it will be suspended on this day.
    Warn(NaiveDate),
    /// It is suspended.
    Suspend,
}

/// The first day on which an account that was last used on this day is suspended.
pub fn suspended_on(used_on: NaiveDate, after: u32) -> NaiveDate {
    used_on.checked_add_days(Days::new(after.into())).unwrap_or(NaiveDate::MAX)
}

impl Account {
    /// What is to be done on `today`, seen by itself alone. Nobody is suspended who was not warned so many
    /// days before, however long a service stood still.
    fn step(&self, after: u32, today: NaiveDate) -> Option<Step> {
        let notice = Days::new(WARNED_BEFORE.into());
        let ends = suspended_on(self.used_on, after);
        let warn_from = ends.checked_sub_days(notice).unwrap_or(NaiveDate::MIN);
        if today < warn_from {
            return None;
        }
        match self.warned_on.filter(|warned| *warned >= warn_from) {
            None => Some(Step::Warn(ends.max(today.checked_add_days(notice)?))),
            Some(warned) => {
                let ends = ends.max(warned.checked_add_days(notice)?);
                (today >= ends).then_some(Step::Suspend)
            }
        }
    }
}

/// What is to be done on `today` about all accounts that are open. The service is never left without an
/// administrator: of several that would be suspended at once, the one stays who used it last.
pub fn steps(accounts: &[Account], after: u32, today: NaiveDate) -> Vec<(UserId, Step)> {
    let administrators = accounts.iter().filter(|account| account.administrator);
    let last = administrators.max_by_key(|account| (account.used_on, account.user));
    let kept = last.map(|account| account.user);
    let step = |account: &Account| match account.step(after, today)? {
        Step::Suspend if kept == Some(account.user) => None,
        step => Some((account.user, step)),
    };
    accounts.iter().filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn account(user: u128, used_on: &str, warned_on: Option<&str>) -> Account {
        Account {
            user: UserId::from_uuid(Uuid::from_u128(user)),
            administrator: false,
            used_on: day(used_on),
            warned_on: warned_on.map(day),
        }
    }

    #[track_caller]
    fn check(used_on: &str, warned_on: Option<&str>, today: &str, expected: Option<Step>) {
        assert_eq!(account(1, used_on, warned_on).step(SUSPENDED_AFTER, day(today)), expected);
    }

    #[test]
    fn a_person_is_warned_on_the_thirty_eighth_day_and_suspended_on_the_forty_fifth() {
        let ends = Some(Step::Warn(day("2026-02-15")));
        check("2026-01-01", None, "2026-02-07", None);
        check("2026-01-01", None, "2026-02-08", ends);
        check("2026-01-01", Some("2026-02-08"), "2026-02-08", None);
        check("2026-01-01", Some("2026-02-08"), "2026-02-14", None);
        check("2026-01-01", Some("2026-02-08"), "2026-02-15", Some(Step::Suspend));
    }

    #[test]
    fn a_leap_day_is_a_day() {
        check("2028-01-16", Some("2028-02-23"), "2028-02-29", None);
        check("2028-01-16", Some("2028-02-23"), "2028-03-01", Some(Step::Suspend));
        check("2028-02-29", Some("2028-04-07"), "2028-04-13", None);
        check("2028-02-29", Some("2028-04-07"), "2028-04-14", Some(Step::Suspend));
    }

    #[test]
    fn the_change_of_the_clocks_makes_no_day_longer() {
        use crate::time::local_date;
        use chrono::{TimeZone, Utc};
        // The last minute of 13 February and the first of 30 March, which are on summer time.
        let used = local_date(Utc.with_ymd_and_hms(2026, 2, 13, 23, 59, 0).unwrap());
        let today = local_date(Utc.with_ymd_and_hms(2026, 3, 29, 23, 0, 0).unwrap());
        assert_eq!((used, today), (day("2026-02-13"), day("2026-03-30")));
        assert_eq!(suspended_on(used, SUSPENDED_AFTER), today);
    }

    #[test]
    fn nobody_is_suspended_without_a_warning_of_seven_days() {
        check("2026-01-01", None, "2026-06-01", Some(Step::Warn(day("2026-06-08"))));
        check("2026-01-01", Some("2026-06-01"), "2026-06-07", None);
        check("2026-01-01", Some("2026-06-01"), "2026-06-08", Some(Step::Suspend));
        // A warning of a time before the last use counts for nothing.
        check("2026-06-01", Some("2026-05-30"), "2026-07-09", Some(Step::Warn(day("2026-07-16"))));
    }

    #[test]
    fn the_last_administrator_is_never_suspended() {
        let admin = |user, used_on| Account {
            administrator: true,
            ..account(user, used_on, Some("2026-05-01"))
        };
        let of = |accounts: &[Account]| {
            let steps = steps(accounts, SUSPENDED_AFTER, day("2026-06-01"));
            steps.into_iter().map(|(user, _)| user.uuid().as_u128()).collect::<Vec<_>>()
        };
        let other = account(3, "2026-01-01", Some("2026-05-01"));
        assert_eq!(of(&[admin(1, "2026-01-01"), other]), [3]);
        assert_eq!(of(&[admin(1, "2026-01-01"), admin(2, "2026-01-02"), other]), [1, 3]);
        assert_eq!(of(&[admin(1, "2026-01-01"), admin(2, "2026-05-30")]), [1]);
    }
}
