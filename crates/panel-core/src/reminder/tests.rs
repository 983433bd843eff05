//! A run of the reminders, as sentences: what is told, what is not, and why.

use super::sample::{Sample, day};
use super::*;
use crate::action::sample::{action, by, id, note};
use crate::action::{Action, Capacity};
use crate::id::NoticeId;
use chrono::{NaiveDate, NaiveDateTime};

/// A notice about action `n`, due on 11 March 2026, whose day is that of the rule.
fn notice(n: u128, rule: Rule) -> Notice {
    about(n, rule, "2026-03-11")
}

fn about(n: u128, rule: Rule, due: &str) -> Notice {
    let due = day(due);
    let step = (0..).zip(Rule::OF_AN_ACTION).find(|(_, own)| *own == rule).map_or(99, |(n, _)| n);
    Notice {
        id: id(n * 100 + step),
        rule,
        subject: Subject::Action(id(n)),
        person: id(1),
        instance: 1,
        day: rule_day(due, rule, &ReminderPolicy::default(), &Sample),
        date: Some(due),
    }
}

fn ladder(n: u128) -> Vec<Notice> {
    Rule::OF_AN_ACTION.map(|rule| notice(n, rule)).into()
}

fn live(notice: &Notice) -> Now {
    Now::Live { instance: 1, date: notice.date }
}

fn told(decision: &Decision) -> Vec<(Rule, Group)> {
    decision.lines.iter().map(|line| (line.notice.rule, line.group)).collect()
}

fn digest(decision: &Decision, on: &str) -> Option<Digest> {
    Digest::of(id(1), day(on), &decision.lines, &[])
}

#[test]
fn n1_a_finished_action_is_not_reminded_of_and_its_rows_are_marked_skipped() {
    let done = action().complete(
        by(Capacity::OwnerAgency),
        day("2026-03-05"),
        note("bailed"),
        day("2026-03-05"),
    );
    let done = done.unwrap().0;
    let decision = decide(&[notice(1, Rule::OnDay)], |_| Now::from(&done), day("2026-03-11"));
    assert_eq!(decision.skips, [(notice(1, Rule::OnDay).id, Reason::Finished)]);
    assert_eq!(digest(&decision, "2026-03-11"), None);
}

#[test]
fn n2_when_the_due_date_moves_what_was_sent_is_kept_and_the_rest_is_cancelled() {
    let rows = ladder(1);
    let sent = NoticeState::Told { on: day("2026-03-04") };
    let states = rows.iter().map(|row| match row.rule {
        Rule::EarlyReminder => (row, &sent),
        _ => (row, &NoticeState::Planned),
    });
    let cancelled = to_cancel(states, 2);
    let unsent: Vec<NoticeId> = rows.iter().skip(1).map(|row| row.id).collect();
    assert_eq!(cancelled, unsent);

    let policy = ReminderPolicy::default();
    let moved = plan(day("2026-03-25"), day("2026-03-05"), &policy, &Sample);
    assert_eq!(moved.first().map(|planned| planned.day), Some(day("2026-03-18")));
}

#[test]
fn a_row_of_an_older_date_or_owner_is_skipped_with_its_reason_even_if_nobody_cancelled_it() {
    let row = notice(1, Rule::OnDay);
    let skipped = |now: Now| decide(&[row], |_| now, day("2026-03-11")).skips;
    let moved = Now::Live { instance: 2, date: Some(day("2026-03-25")) };
    assert_eq!(skipped(moved), [(row.id, Reason::DueChanged)]);
    let handed_over = Now::Live { instance: 2, date: row.date };
    assert_eq!(skipped(handed_over), [(row.id, Reason::OwnerChanged)]);
    assert_eq!(skipped(Now::Over(Reason::RecipientLeft)), [(row.id, Reason::RecipientLeft)]);
}

#[test]
fn n7_of_three_notices_one_already_told_the_digest_lists_two_and_the_next_waits_a_day() {
    let rows = [notice(1, Rule::OnDay), notice(2, Rule::OnDay), notice(3, Rule::OnDay)];
    let states =
        [NoticeState::Told { on: day("2026-03-10") }, NoticeState::Planned, NoticeState::Planned];
    let waiting: Vec<Notice> = rows
        .into_iter()
        .zip(states)
        .filter(|(_, state)| state.status() == NoticeStatus::Planned)
        .map(|(row, _)| row)
        .collect();
    let decision = decide(&waiting, live, day("2026-03-11"));
    assert_eq!(digest(&decision, "2026-03-11").map(|d| d.count(Group::DueToday)), Some(2));

    opens("2026-03-11T08:00:00", Some("2026-03-11"), "2026-03-12T08:00:00");
    opens("2026-03-11T23:59:59", Some("2026-03-11"), "2026-03-12T08:00:00");
}

#[test]
fn n8_due_today_and_overdue_are_one_digest_of_two_groups_and_nothing_is_none() {
    let rows = [about(1, Rule::OnDay, "2026-03-11"), about(2, Rule::ChaseOwner, "2026-03-10")];
    let decision = decide(&rows, live, day("2026-03-11"));
    let digest = digest(&decision, "2026-03-11").unwrap();
    let groups: Vec<_> = digest.entries.iter().map(|e| (e.group, e.count)).collect();
    assert_eq!(groups, [(Group::DueToday, 1), (Group::Overdue, 1)]);

    let nothing = decide(&[], live, day("2026-03-11"));
    assert_eq!(Digest::of(id(1), day("2026-03-11"), &nothing.lines, &[]), None);
}

#[test]
fn after_an_outage_one_digest_shows_the_latest_missed_rule_of_each_action() {
    let rows: Vec<Notice> = ladder(1).into_iter().chain([notice(2, Rule::OnDay)]).collect();
    let decision = decide(&rows, live, day("2026-03-16"));
    assert_eq!(
        told(&decision),
        [(Rule::OnDay, Group::Overdue), (Rule::ChaseContact, Group::Overdue)]
    );
    let covered: Vec<_> = ladder(1).iter().take(4).map(|row| (row.id, Reason::Covered)).collect();
    assert_eq!(decision.skips, covered);
    assert_eq!(digest(&decision, "2026-03-16").map(|d| d.count(Group::Overdue)), Some(2));
}

#[test]
fn two_rules_on_one_day_are_one_line() {
    let rows = [about(1, Rule::LateReminder, "2026-03-08"), about(1, Rule::OnDay, "2026-03-08")];
    assert_eq!(rows[0].day, rows[1].day);
    let decision = decide(&rows, live, day("2026-03-06"));
    assert_eq!(told(&decision), [(Rule::OnDay, Group::DueSoon)], "Sunday is not today");
    assert_eq!(decision.skips, [(rows[0].id, Reason::Covered)]);
}

#[test]
fn what_is_not_due_yet_is_left_alone() {
    let decision = decide(&[notice(1, Rule::OnDay)], live, day("2026-03-10"));
    assert_eq!(decision, Decision::default());
}

#[test]
fn an_owner_is_not_chased_while_the_chair_has_not_answered_and_is_again_when_it_is_refused() {
    let reported = action().report_not_possible(
        by(Capacity::OwnerAgency),
        note("in custody"),
        day("2026-03-11"),
    );
    let reported = reported.unwrap().0;
    let row = notice(1, Rule::ChaseOwner);
    let run = |action: &Action| decide(&[row], |_| Now::from(action), day("2026-03-16"));
    assert_eq!(run(&reported).holds, [row.id]);
    assert_eq!(digest(&run(&reported), "2026-03-16"), None);

    let chair = by(Capacity::Chair);
    let back = reported.clone().refuse_not_possible(chair, note("released"), day("2026-03-13"));
    assert_eq!(told(&run(&back.unwrap().0)), [(Rule::ChaseOwner, Group::Overdue)]);
    let accepted = reported.accept_not_possible(chair, day("2026-03-13")).unwrap().0;
    assert_eq!(run(&accepted).skips, [(row.id, Reason::Finished)]);
}

#[test]
fn the_chairs_digest_counts_what_waits_for_an_answer_beside_what_is_new() {
    let item = |n| Waiting {
        group: Group::NotPossible,
        subject: Subject::Action(id(n)),
        date: Some(day("2026-03-02")),
    };
    let new = Notice { subject: Subject::Action(id(7)), ..notice(7, Rule::NotPossibleReported) };
    let decision = decide(&[new], live, day("2026-03-11"));
    let digest =
        Digest::of(id(1), day("2026-03-11"), &decision.lines, &[item(7), item(8)]).unwrap();
    assert_eq!(digest.count(Group::NotPossible), 2, "the new one is not counted twice");
    assert_eq!(
        Digest::of(id(1), day("2026-03-11"), &[], &[item(8)]),
        None,
        "what was told before causes no digest"
    );
}

#[test]
fn a_transfer_takes_back_what_the_old_owner_was_still_to_hear() {
    let rows = ladder(1);
    let planned = rows.iter().map(|row| (row, &NoticeState::Planned));
    assert_eq!(to_cancel(planned.clone(), 2).len(), 7);
    assert_eq!(to_cancel(planned, 1), [], "a proposal alone, or a refusal, cancels nothing");
}

#[test]
fn notices_about_one_meeting_stand_beside_each_other_and_an_older_date_gives_way() {
    let of = |rule, instance| Notice {
        id: id(u128::from(instance) + 1000),
        rule,
        subject: Subject::Meeting(id(60)),
        person: id(1),
        instance,
        day: day("2026-03-10"),
        date: Some(day("2026-03-25")),
    };
    let rows = [of(Rule::AgendaReady, 2), of(Rule::MeetingMoved, 1), of(Rule::MeetingMoved, 2)];
    let now = |row: &Notice| Now::Live { instance: 2, date: row.date };
    let decision = decide(&rows, now, day("2026-03-11"));
    assert_eq!(
        told(&decision),
        [(Rule::AgendaReady, Group::AgendaReady), (Rule::MeetingMoved, Group::MeetingMoved)]
    );
    assert_eq!(decision.skips, [(rows[1].id, Reason::Overtaken)]);
}

#[test]
fn a_digest_holds_counts_and_dates() {
    let rows = [
        about(1, Rule::LateReminder, "2026-03-12"),
        about(2, Rule::LateReminder, "2026-03-12"),
        about(3, Rule::EarlyReminder, "2026-03-18"),
    ];
    let decision = decide(&rows, live, day("2026-03-11"));
    let digest = digest(&decision, "2026-03-11").unwrap();
    let dates = vec![(day("2026-03-12"), 2), (day("2026-03-18"), 1)];
    assert_eq!(digest.entries, [Entry { group: Group::DueSoon, count: 3, dates }]);
}

#[test]
fn every_key_is_told_once_when_a_run_follows_upon_a_run() {
    let rows = ladder(1);
    let first = decide(&rows, live, day("2026-03-12"));
    let settled: Vec<NoticeId> = first
        .lines
        .iter()
        .map(|line| line.notice.id)
        .chain(first.skips.iter().map(|(id, _)| *id))
        .collect();
    let left: Vec<Notice> = rows.into_iter().filter(|row| !settled.contains(&row.id)).collect();
    assert_eq!(decide(&left, live, day("2026-03-12")), Decision::default());
    assert_eq!(told(&decide(&left, live, day("2026-03-16"))).len(), 1);
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().expect(text)
}

/// `opens` equal to `now` means that the gate stands open.
#[track_caller]
fn opens(now: &str, last: Option<&str>, expected: &str) {
    let found = gate(at(now), last.map(day), &ReminderPolicy::default(), &Sample);
    let expected = if now == expected { Gate::Open } else { Gate::NotBefore(at(expected)) };
    assert_eq!(found, expected, "at {now} after {last:?}");
}

#[test]
fn a_digest_goes_from_eight_on_working_days_and_a_late_start_sends_at_once() {
    opens("2026-03-11T07:59:59", None, "2026-03-11T08:00:00");
    opens("2026-03-11T08:00:00", Some("2026-03-10"), "2026-03-11T08:00:00");
    opens("2026-03-11T21:30:00", None, "2026-03-11T21:30:00");
    opens("2026-03-14T12:00:00", None, "2026-03-16T08:00:00");
    opens("2026-04-03T09:00:00", Some("2026-04-02"), "2026-04-07T08:00:00");
    opens("2026-04-02T09:00:00", Some("2026-04-02"), "2026-04-07T08:00:00");
}

#[test]
fn a_clock_that_went_back_sends_nothing_twice() {
    opens("2026-03-10T09:00:00", Some("2026-03-11"), "2026-03-12T08:00:00");
}

#[test]
fn everything_owed_is_chased_once_a_day_at_most() {
    let may = |last: Option<&str>| may_chase(last.map(day), day("2026-03-11")).is_ok();
    assert!(may(None) && may(Some("2026-03-10")) && !may(Some("2026-03-11")));
}

#[track_caller]
fn says(rule: Rule, state: NoticeState, held: bool, what: &str, why: &str) {
    let found = explain(&notice(1, rule), state, held, &ReminderPolicy::default());
    assert_eq!((found.what.as_str(), found.rule.as_str()), (what, why));
}

#[test]
fn the_page_says_why_a_reminder_was_sent() {
    let on = |text: &str| -> NaiveDate { day(text) };
    says(
        Rule::LateReminder,
        NoticeState::Told { on: on("2026-03-10") },
        false,
        "Sent on Tuesday 10 March 2026.",
        "Last reminder: 1 working day before the due date, Wednesday 11 March 2026.",
    );
    says(
        Rule::ChaseLead,
        NoticeState::Told { on: on("2026-03-20") },
        false,
        "Sent on Friday 20 March 2026: it was to be sent from Wednesday 18 March 2026 on, and this \
         was the first run after that.",
        "Chaser to the agency lead: 5 working days after the due date, Wednesday 11 March 2026.",
    );
}

#[test]
fn the_page_says_why_a_reminder_was_not_sent() {
    let on = day("2026-03-11");
    let rule = "Reminder on the day: the due date is Wednesday 11 March 2026.";
    let skipped = |reason| NoticeState::Skipped { on, reason };
    says(
        Rule::OnDay,
        skipped(Reason::Finished),
        false,
        "Not sent: when it was looked at on Wednesday 11 March 2026, it had been finished.",
        rule,
    );
    says(
        Rule::OnDay,
        skipped(Reason::BeforeCreated),
        false,
        "Not sent: its day, Wednesday 11 March 2026, had passed before this due date or owner was \
         set.",
        rule,
    );
    says(
        Rule::OnDay,
        NoticeState::Cancelled { on, reason: Reason::DueChanged },
        false,
        "Cancelled on Wednesday 11 March 2026: the due date changed.",
        rule,
    );
    says(
        Rule::OnDay,
        NoticeState::Planned,
        true,
        "Not sent: the owner reported the action as not possible, and nobody is chased until the \
         chair has answered.",
        rule,
    );
    says(
        Rule::OnDay,
        NoticeState::Planned,
        false,
        "Planned: it joins the first digest from Wednesday 11 March 2026 on.",
        rule,
    );
}

#[test]
fn the_page_says_why_nothing_is_planned() {
    let says = |absence, words: &str| assert_eq!(explain_absence(absence), words);
    says(Absence::NoDueDate, "Not planned: the action has no due date.");
    says(
        Absence::NotAddressed(Rule::ChaseChair),
        "Not planned: it goes to the chair and the steering group, and this person is not among \
         them.",
    );
    says(
        Absence::Ahead { day: day("2026-03-25"), planned_on: day("2026-03-18") },
        "Not planned yet: its day is Wednesday 25 March 2026; it is planned on Wednesday 18 March \
         2026.",
    );
}

#[test]
fn n5_the_page_says_that_nobody_was_there_to_be_told() {
    says(
        Rule::ChaseLead,
        NoticeState::Skipped { on: day("2026-03-11"), reason: Reason::Nobody },
        false,
        "Not sent: nobody who should hear of it has a seat at the panel.",
        "Chaser to the agency lead: 5 working days after the due date, Wednesday 11 March 2026.",
    );
}
