//! Which cases a meeting is to hear again, and why.

use super::history::Progress;
use super::{HeldMeeting, ReviewPolicy, Trigger, TriggerKind};
use crate::coded;
use crate::time::add_months_clamped;
use crate::words;
use chrono::NaiveDate;
use std::fmt;

coded! {
    /// The part of the agenda in which a case comes back; in the order in which the parts come.
    pub enum Section: "agenda section" {
        /// What the meeting before put off.
        Deferred = "deferred" => "Deferred items",
        /// What is due by count, by agreement or by an event.
        Reviews = "reviews" => "Reviews due",
    }
}

/// A reason for which a case comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// An earlier meeting put it off.
    Deferred {
        /// The date of that meeting.
        from: NaiveDate,
    },
    /// Something happened.
    Triggered {
        /// What.
        kind: TriggerKind,
        /// When.
        on: NaiveDate,
    },
    /// The panel agreed on a date.
    Agreed {
        /// The date; the first meeting on or after it hears the case.
        on: NaiveDate,
    },
    /// The count of meetings has come round.
    Counted {
        /// The meeting of the count at which the review was due.
        due: u32,
        /// The meeting of the count that this one is; later than `due` when one was missed.
        this: u32,
        /// The meeting that first heard the case.
        first_heard: NaiveDate,
    },
}

/// A case that is to be heard again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDue {
    /// Where on the agenda.
    pub section: Section,
    /// Every reason there is, the strongest first; never empty.
    pub reasons: Vec<Reason>,
}

/// A case that has not been heard for so long that the panel is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The meeting that last heard it.
    pub last_heard: NaiveDate,
    /// How many calendar months ago that is at least.
    pub months: u8,
    /// The day from which notice is due.
    pub due_from: NaiveDate,
}

/// Whether a case comes back at the panel's next regular meeting, on `meets_on`, and why.
///
/// `history` holds every held meeting of the panel in order; a case never heard nor deferred is new,
/// and nothing is due. Counted are the held meetings after the one that first heard the case, but no
/// emergency meeting and none that deferred it. An agreed date replaces the next review of the
/// count; an event brings it forward. An emergency meeting asks for no reviews.
pub fn review_due(
    history: &[HeldMeeting],
    triggers: &[Trigger],
    meets_on: NaiveDate,
    policy: &ReviewPolicy,
) -> Option<ReviewDue> {
    let progress = Progress::of(history, policy);
    let deferred = progress.deferred.map(|from| Reason::Deferred { from });
    let scheduled = progress.heard.and_then(|(first, _)| {
        let (due, this) = (progress.next, progress.held + 1);
        if let Some(on) = progress.agreed {
            (on <= meets_on).then_some(Reason::Agreed { on })
        } else {
            (due <= this).then_some(Reason::Counted { due, this, first_heard: first.on })
        }
    });
    let news = triggers.iter().filter(|trigger| {
        let is_news = progress.heard.is_some_and(|(_, last)| trigger.is_news_after(&last));
        is_news && trigger.on <= meets_on && policy.triggers.contains(&trigger.kind)
    });
    let triggered = news.map(|trigger| Reason::Triggered { kind: trigger.kind, on: trigger.on });
    let reasons: Vec<Reason> = deferred.into_iter().chain(triggered).chain(scheduled).collect();
    let section = if deferred.is_some() { Section::Deferred } else { Section::Reviews };
    (!reasons.is_empty()).then_some(ReviewDue { section, reasons })
}

/// Whether the panel's next regular meeting, on `meets_on`, is to be told that a case has not been
/// heard for the months of the policy. It is the first such meeting: once given, notice is not given
/// again until the case has been heard anew.
pub fn notice_due(
    history: &[HeldMeeting],
    meets_on: NaiveDate,
    policy: &ReviewPolicy,
) -> Option<Notice> {
    let progress = Progress::of(history, policy);
    let last_heard = progress.heard?.1.on;
    let months = policy.notice_months;
    let due_from = add_months_clamped(last_heard, months.into());
    (!progress.noticed && due_from <= meets_on).then_some(Notice { last_heard, months, due_from })
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ordinal = |n: u32| words::ordinal(u16::try_from(n).unwrap_or(u16::MAX));
        match *self {
            Self::Deferred { from } => write!(f, "deferred on {}", words::weekday_date(from)),
            Self::Triggered { kind, on } => write!(f, "{kind}, {}", words::weekday_date(on)),
            Self::Agreed { on } => {
                write!(f, "review agreed for {} or after", words::weekday_date(on))
            }
            Self::Counted { due, this, first_heard } => {
                let first = words::weekday_date(first_heard);
                write!(f, "{} meeting after it was first heard on {first}", ordinal(this))?;
                if due < this {
                    write!(f, "; the review of the {} is still due", ordinal(due))?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Notice {
    /// `12 months since it was last heard on Thursday 5 March 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let months = words::count(self.months.into(), "month");
        write!(f, "{months} since it was last heard on {}", words::weekday_date(self.last_heard))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Treatment::{self, Deferred, NotListed, Noticed};
    use crate::time::testing::{day, london};
    use chrono::Days;

    const HEARD: Treatment = Treatment::Heard { next_review: None };

    fn agreed(on: &str) -> Treatment {
        Treatment::Heard { next_review: Some(day(on)) }
    }

    /// The nth meeting of a panel that meets every four weeks from Thursday 8 January 2026.
    fn meets_on(n: u64) -> NaiveDate {
        day("2026-01-08") + Days::new(28 * n)
    }

    fn held(on: NaiveDate, emergency: bool, case: Treatment) -> HeldMeeting {
        HeldMeeting { on, ended: london(&format!("{on} 13:00")), emergency, case }
    }

    /// Regular meetings, four weeks apart, that did this with the case.
    fn history(treatments: &[Treatment]) -> Vec<HeldMeeting> {
        (0..).zip(treatments).map(|(n, case)| held(meets_on(n), false, *case)).collect()
    }

    fn due_after(history: &[HeldMeeting], triggers: &[Trigger]) -> Vec<String> {
        let next = meets_on(history.iter().filter(|m| !m.emergency).count().try_into().unwrap());
        let due = review_due(history, triggers, next, &ReviewPolicy::default());
        due.into_iter().flat_map(|due| due.reasons).map(|reason| reason.to_string()).collect()
    }

    #[track_caller]
    fn check(treatments: &[Treatment], expected: &[&str]) {
        assert_eq!(due_after(&history(treatments), &[]), expected);
    }

    #[test]
    fn reviews_come_at_the_first_three_meetings_and_then_at_every_second() {
        let mut past = vec![HEARD];
        let mut due = Vec::new();
        for n in 1..=9 {
            let is_due = !due_after(&history(&past), &[]).is_empty();
            due.extend(is_due.then_some(n));
            past.push(if is_due { HEARD } else { NotListed });
        }
        assert_eq!(due, [1, 2, 3, 5, 7, 9]);
    }

    #[test]
    fn a_review_says_why() {
        let first = "meeting after it was first heard on Thursday 8 January 2026";
        check(&[HEARD], &[&format!("1st {first}")]);
        check(&[HEARD, HEARD, HEARD, HEARD], &[]);
    }

    #[test]
    fn a_case_never_heard_is_new_and_not_under_review() {
        check(&[], &[]);
        check(&[NotListed, NotListed], &[]);
    }

    #[test]
    fn a_review_left_off_the_agenda_stays_due() {
        check(
            &[HEARD, HEARD, NotListed],
            &["3rd meeting after it was first heard on Thursday 8 January 2026; \
               the review of the 2nd is still due"],
        );
    }

    #[test]
    fn emergency_meetings_are_not_counted_and_replace_no_review() {
        let mut past = history(&[HEARD, HEARD, HEARD, HEARD]);
        past.push(held(day("2026-04-10"), true, HEARD));
        assert_eq!(due_after(&past, &[]), Vec::<String>::new(), "the 4th meeting has no review");
        past.push(held(meets_on(4), false, NotListed));
        assert_eq!(due_after(&past, &[]).len(), 1, "the 5th has, whatever the emergency heard");
    }

    #[test]
    fn a_case_first_heard_in_an_emergency_is_reviewed_at_the_next_regular_meeting() {
        let past = [held(day("2026-01-02"), true, HEARD)];
        let due = review_due(&past, &[], meets_on(0), &ReviewPolicy::default()).unwrap();
        let first_heard = day("2026-01-02");
        assert_eq!(due.reasons, [Reason::Counted { due: 1, this: 1, first_heard }]);
    }

    #[test]
    fn an_agreed_date_replaces_the_next_review_until_the_first_meeting_on_or_after_it() {
        let until_may = agreed("2026-05-01");
        check(&[HEARD, until_may, NotListed], &[]);
        check(&[HEARD, until_may, NotListed, NotListed], &[]);
        let past = [HEARD, until_may, NotListed, NotListed, NotListed];
        check(&past, &["review agreed for Friday 1 May 2026 or after"]);
    }

    #[test]
    fn after_an_agreed_review_the_count_goes_on_from_the_meeting_that_held_it() {
        // Heard at the 4th meeting by agreement; the next review of the count is the 5th.
        let past = [HEARD, agreed("2026-04-20"), NotListed, NotListed, HEARD];
        check(&past, &["5th meeting after it was first heard on Thursday 8 January 2026"]);
    }

    #[test]
    fn an_emergency_meeting_keeps_the_agreed_date_unless_it_agrees_another() {
        let mut past = history(&[HEARD, agreed("2026-12-01"), NotListed]);
        past.push(held(day("2026-03-10"), true, HEARD));
        assert_eq!(due_after(&past, &[]), Vec::<String>::new());
        past.push(held(day("2026-03-20"), true, agreed("2026-04-02")));
        assert_eq!(due_after(&past, &[]), ["review agreed for Thursday 2 April 2026 or after"]);
    }

    #[test]
    fn an_agreed_meeting_date_itself_counts() {
        check(&[agreed("2026-02-05")], &["review agreed for Thursday 5 February 2026 or after"]);
        check(&[agreed("2026-02-06")], &[]);
    }

    fn release(on: &str, recorded: &str) -> Trigger {
        Trigger { kind: TriggerKind::Release, on: day(on), recorded: london(recorded) }
    }

    #[test]
    fn an_event_brings_the_case_to_the_next_meeting_in_place_of_the_review_after() {
        let past = [HEARD, HEARD, HEARD, HEARD];
        let event = release("2026-04-10", "2026-04-11 09:00");
        let words = ["Release from custody, Friday 10 April 2026"];
        assert_eq!(due_after(&history(&past), &[event]), words);
        let heard_at_4th = [past.as_slice(), &[HEARD]].concat();
        assert_eq!(due_after(&history(&heard_at_4th), &[event]).len(), 0, "it replaced the 5th");
        let nothing_at_5th = [heard_at_4th.as_slice(), &[NotListed]].concat();
        assert_eq!(due_after(&history(&nothing_at_5th), &[event]).len(), 0);
        let at_7th = [nothing_at_5th.as_slice(), &[NotListed]].concat();
        assert_eq!(due_after(&history(&at_7th), &[event]).len(), 1);
    }

    #[test]
    fn an_event_overtakes_an_agreed_date_and_settles_it() {
        let past = [HEARD, HEARD, HEARD, agreed("2026-12-01")];
        let event = release("2026-04-10", "2026-04-11 09:00");
        assert_eq!(due_after(&history(&past), &[]).len(), 0);
        assert_eq!(due_after(&history(&past), &[event]).len(), 1);
        let heard = [past.as_slice(), &[HEARD, NotListed, NotListed]].concat();
        let due = due_after(&history(&heard), &[event]);
        assert_eq!(due, ["7th meeting after it was first heard on Thursday 8 January 2026"]);
    }

    #[test]
    fn an_event_known_ahead_waits_for_its_day_and_leaves_the_count_alone() {
        let ahead = release("2026-06-20", "2026-01-02 09:00");
        assert_eq!(due_after(&history(&[HEARD]), &[ahead]).len(), 1, "the 1st review comes anyway");
        let past = [HEARD, HEARD, HEARD, HEARD, NotListed, HEARD];
        let due = review_due(&history(&past), &[ahead], meets_on(6), &ReviewPolicy::default());
        let reason = Reason::Triggered { kind: TriggerKind::Release, on: day("2026-06-20") };
        assert_eq!(due.unwrap().reasons, [reason]);
    }

    #[test]
    fn an_event_of_before_a_hearing_is_news_only_when_it_was_recorded_after() {
        let past = history(&[HEARD, HEARD, HEARD, HEARD]);
        assert_eq!(due_after(&past, &[release("2026-03-01", "2026-04-02 12:59")]).len(), 0);
        assert_eq!(due_after(&past, &[release("2026-03-01", "2026-04-02 13:01")]).len(), 1);
    }

    #[test]
    fn a_panel_may_leave_a_kind_of_event_out() {
        let policy =
            ReviewPolicy { triggers: vec![TriggerKind::NewIncident], ..Default::default() };
        let past = history(&[HEARD, HEARD, HEARD, HEARD]);
        let event = release("2026-04-10", "2026-04-11 09:00");
        assert_eq!(review_due(&past, &[event], meets_on(4), &policy), None);
    }

    #[test]
    fn a_deferred_item_comes_next_first_in_its_own_section_and_does_not_advance_the_count() {
        let deferred_at_3rd = [HEARD, HEARD, HEARD, Deferred];
        let due =
            review_due(&history(&deferred_at_3rd), &[], meets_on(4), &ReviewPolicy::default());
        let due = due.unwrap();
        let first_heard = meets_on(0);
        assert_eq!(due.section, Section::Deferred);
        let counted = Reason::Counted { due: 3, this: 3, first_heard };
        assert_eq!(due.reasons, [Reason::Deferred { from: meets_on(3) }, counted]);
        assert!(Section::Deferred < Section::Reviews);
        let heard = [deferred_at_3rd.as_slice(), &[HEARD]].concat();
        check(&heard, &[]);
        let words = ["5th meeting after it was first heard on Thursday 8 January 2026"];
        check(&[heard.as_slice(), &[NotListed]].concat(), &words);
    }

    #[test]
    fn a_new_case_that_was_deferred_comes_back_though_never_heard() {
        check(&[Deferred], &["deferred on Thursday 8 January 2026"]);
        check(&[Deferred, NotListed], &["deferred on Thursday 8 January 2026"]);
    }

    #[track_caller]
    fn check_notice(past: &[HeldMeeting], meeting: &str, expected: Option<&str>) {
        let notice = notice_due(past, day(meeting), &ReviewPolicy::default());
        assert_eq!(notice.map(|notice| notice.to_string()).as_deref(), expected, "{meeting}");
    }

    #[test]
    fn notice_comes_at_the_first_meeting_on_or_after_twelve_months() {
        let past = [held(day("2026-03-05"), false, HEARD)];
        let words = Some("12 months since it was last heard on Thursday 5 March 2026");
        check_notice(&past, "2027-03-04", None);
        check_notice(&past, "2027-03-05", words);
        check_notice(&past, "2027-03-25", words);
    }

    #[test]
    fn notice_is_given_once_until_the_case_is_heard_anew() {
        let [heard, noticed, again] = [
            held(day("2026-03-05"), false, HEARD),
            held(day("2027-03-11"), false, Noticed),
            held(day("2027-05-06"), true, HEARD),
        ];
        check_notice(&[heard, noticed], "2027-04-08", None);
        check_notice(&[heard, noticed, again], "2028-05-05", None);
        let words = Some("12 months since it was last heard on Thursday 6 May 2027");
        check_notice(&[heard, noticed, again], "2028-05-11", words);
        check_notice(&[], "2028-05-11", None);
    }

    #[test]
    fn notice_of_a_case_last_heard_on_a_leap_day_is_due_from_28_february() {
        let past = [held(day("2028-02-29"), false, HEARD)];
        let words = Some("12 months since it was last heard on Tuesday 29 February 2028");
        check_notice(&past, "2029-02-27", None);
        check_notice(&past, "2029-02-28", words);
    }
}
