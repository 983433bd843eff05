//! Which notices an action gets, for whom and on which days.

use super::desk::{Desk, as_person, cancelled, letters, nothing, skipped, told, unknown};
use panel_core::action::{Assignee, Birth, Capacity, Owner};
use panel_core::reminder::{NoticeState, Reason, Rule};
use panel_core::text::Note;
use panel_store::notices::{self, Why};
use panel_tests::on_both;
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, OUTSIDER, POLICE, POLICE_LEAD, POLICE_SPOC, PROBATION, STEERING,
    World, day, must,
};

fn n1_reminder_due_but_finished_sends_nothing_and_is_marked_skipped(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-17");
    assert_eq!(desk.run_at("2026-04-09 15:00"), nothing());
    assert_eq!(desk.states(action, HOUSING)[&Rule::EarlyReminder], NoticeState::Planned);
    desk.complete(action);
    assert_eq!(desk.run_at("2026-04-10 08:00"), nothing());
    let states = desk.states(action, HOUSING);
    assert_eq!(states[&Rule::EarlyReminder], skipped("2026-04-10", Reason::Finished));
}

fn n2_a_moved_due_date_plans_afresh_and_keeps_what_was_sent(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-10");
    let subject = "You have 1 action due by Friday 10 April";
    assert_eq!(desk.run_at("2026-04-01 10:00"), letters(&[(HOUSING, subject)]));
    world.set("2026-04-08 10:00");
    desk.remind(false);
    let by = desk.by(Capacity::Coordinator);
    let due = Some(day("2026-04-24"));
    desk.change(action, |action| action.redate(by, due, None, Birth::Draft, day("2026-04-08")));

    let rows = desk.rows(action);
    let of = |instance: u32| {
        let own = rows.iter().filter(move |row| row.instance == instance);
        own.map(|row| (row.rule, row.state)).collect::<Vec<_>>()
    };
    let taken_back = cancelled("2026-04-08", Reason::DueChanged);
    let old = of(1);
    assert!(old.contains(&(Rule::EarlyReminder, told("2026-04-01"))), "{old:?}");
    assert!(old.contains(&(Rule::LateReminder, taken_back)), "{old:?}");
    assert!(old.iter().all(|(_, state)| *state != NoticeState::Planned), "{old:?}");
    assert_eq!(of(2), [], "no rule of the new date falls within a week");
    assert_eq!(desk.run_at("2026-04-10 09:00"), nothing());
    let subject = "You have 1 action due by Friday 24 April";
    assert_eq!(desk.run_at("2026-04-17 08:00"), letters(&[(HOUSING, subject)]));
}

fn n5_a_rule_with_no_recipients_sends_nothing_and_warns_the_coordinator(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().westshire, None, "2026-04-02");
    assert_eq!(desk.run_at("2026-04-03 09:00"), nothing());
    // Chasers reach the chair and the steering group after ten days, and nobody before.
    assert_eq!(desk.run_at("2026-04-16 09:00"), nothing());
    let warned: Vec<Rule> =
        as_person(world, COORDINATOR, |az| notices::unheard(az, world.town().panel, 50))
            .into_iter()
            .map(|warning| warning.rule)
            .collect();
    let expected =
        [Rule::ChaseLead, Rule::ChaseContact, Rule::ChaseOwner, Rule::OnDay, Rule::LateReminder];
    assert_eq!(warned, expected);
    let unseen = as_person(world, OUTSIDER, |az| notices::unheard(az, world.town().panel, 50));
    assert_eq!(unseen, [], "another panel's coordinator sees none of it");
    let states: Vec<_> = desk.rows(action).iter().map(|row| row.person).collect();
    assert!(states.iter().flatten().all(|person| *person != desk.user(COORDINATOR)));
}

fn chasers_climb_from_the_owner_to_the_steering_group(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().police, Some(POLICE), "2026-04-08");
    let late = "You have 1 action overdue since 8 April";
    assert_eq!(desk.run_at("2026-04-09 08:00"), letters(&[(POLICE, late)]));
    assert_eq!(desk.run_at("2026-04-10 08:00"), nothing());
    assert_eq!(desk.run_at("2026-04-13 08:00"), letters(&[(POLICE, late), (POLICE_SPOC, late)]));
    assert_eq!(desk.run_at("2026-04-15 08:00"), letters(&[(POLICE_LEAD, late)]));
    assert_eq!(desk.run_at("2026-04-22 08:00"), letters(&[(CHAIR, late), (STEERING, late)]));
    assert_eq!(desk.run_at("2026-05-20 08:00"), nothing());
    assert!(desk.rows(action).iter().all(|row| row.state != NoticeState::Planned));
}

fn what_an_absent_owner_should_hear_the_contact_hears(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().police, None, "2026-04-08");
    desk.action(world.town().probation, Some(POLICE), "2026-04-08");
    let soon = "You have 1 action due by Wednesday 8 April";
    let heard = letters(&[(POLICE, soon), (POLICE_SPOC, soon)]);
    assert_eq!(desk.run_at("2026-04-07 08:00"), heard, "an owner is heard wherever they sit");

    let third = desk.action(world.town().probation, Some(PROBATION), "2026-04-15");
    desk.leaves(PROBATION);
    assert_eq!(desk.run_at("2026-04-08 08:00").len(), 2);
    let action = third;
    assert_eq!(desk.run_at("2026-04-14 08:00").len(), 2, "the police alone are chased");
    let last = desk
        .rows(action)
        .into_iter()
        .find(|row| row.rule == Rule::LateReminder && row.person.is_none());
    assert_eq!(last.unwrap().state, skipped("2026-04-14", Reason::Nobody));
}

fn a_new_owner_is_told_and_the_old_one_no_more(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().police, Some(POLICE), "2026-04-10");
    desk.run_at("2026-04-01 10:00");
    world.set("2026-04-07 10:00");
    desk.remind(false);
    let (by, today) = (desk.by(Capacity::Coordinator), desk.today());
    let owner =
        Owner { agency: world.town().housing, person: Some(Assignee::User(desk.user(HOUSING))) };
    desk.change(action, |action| action.reassign(by, owner, today));
    let old = desk.states(action, POLICE);
    assert_eq!(old[&Rule::LateReminder], cancelled("2026-04-07", Reason::OwnerChanged));
    let subject = "You have 1 action due by Friday 10 April";
    assert_eq!(desk.run_at("2026-04-09 08:00"), letters(&[(HOUSING, subject)]));
    let new = desk.states(action, HOUSING);
    assert_eq!(new[&Rule::EarlyReminder], skipped("2026-04-07", Reason::BeforeCreated));
}

fn whoever_reported_it_impossible_is_not_chased_and_the_chair_is_asked(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-07");
    desk.run_at("2026-04-07 08:00");
    let (by, today) = (desk.by(Capacity::Coordinator), desk.today());
    let reason = must(Note::parse("In custody."));
    desk.change(action, |action| action.report_not_possible(by, reason, today));
    // One who is told of something else hears of the report too, once more each time.
    desk.action(world.town().police, Some(CHAIR), "2026-04-10");
    let chair = "You have 2 things to do or read";
    assert_eq!(desk.run_at("2026-04-09 08:00"), letters(&[(CHAIR, chair)]));
    let body = &desk.arrived(0).into_iter().find(|letter| letter.subject == chair).unwrap().body;
    assert!(body.contains("- 1 action reported as not possible\n"), "{body}");
    let chase = || desk.states(action, HOUSING)[&Rule::ChaseOwner];
    assert_eq!(chase(), cancelled("2026-04-07", Reason::AwaitsChair));
    let found =
        as_person(world, HOUSING, |az| notices::why(az, desk.days(), action, desk.user(HOUSING)));
    let why = "Cancelled on Tuesday 7 April 2026: the owner reported it as not possible, and is no \
               longer chased.";
    assert_eq!(said(&found.unwrap(), Rule::ChaseOwner), why);

    let (by, today) = (desk.by(Capacity::Chair), desk.today());
    let reason = must(Note::parse("Released."));
    desk.change(action, |action| action.refuse_not_possible(by, reason, today));
    let late = "You have 1 action overdue since 7 April";
    assert!(desk.run_at("2026-04-10 08:00").contains(&(HOUSING.to_owned(), late.to_owned())));
}

fn an_outage_of_the_sweep_is_made_up_for_by_its_range(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-05-20");
    assert_eq!(desk.rows(action), [], "nothing falls within reach");
    let counts = desk.pass().reminded;
    assert_eq!((counts.seen, counts.planned), (0, 0));

    // Nothing runs for seven weeks; meanwhile five rules have fallen due.
    let late = "You have 1 action overdue since 20 May";
    assert_eq!(desk.run_at("2026-05-26 08:00"), letters(&[(HOUSING, late)]));
    let states = desk.states(action, HOUSING);
    assert_eq!(states[&Rule::ChaseContact], told("2026-05-26"));
    let covered = skipped("2026-05-26", Reason::Covered);
    for rule in [Rule::EarlyReminder, Rule::LateReminder, Rule::OnDay, Rule::ChaseOwner] {
        assert_eq!(states[&rule], covered, "{rule}");
    }
    let again = desk.pass().reminded;
    assert_eq!((again.seen, again.planned), (0, 0), "a day is swept once");
}

fn somebody_who_was_seated_this_week_hears_what_was_planned_before(world: &World) {
    let mut desk = Desk::new(world);
    desk.action(world.town().idva, None, "2026-04-07");
    desk.remind(false);
    let iris = "rep@idva.example";
    let seat = (world.town().panel, panel_core::access::Role::SinglePointOfContact);
    world.person("new@idva.example", "Ines Ford", world.town().idva, Some(seat));
    world.set("2026-04-02 07:30");
    desk.run();
    let soon = "You have 1 action due by Tuesday 7 April";
    let heard = letters(&[("new@idva.example", soon), (iris, soon)]);
    assert_eq!(desk.run_at("2026-04-02 08:00"), heard);
}

#[track_caller]
fn said(why: &[Why], rule: Rule) -> &str {
    &why.iter().find(|line| line.rule == rule).unwrap().what
}

fn the_page_of_an_action_says_why_and_why_not(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().housing, Some(HOUSING), "2026-04-08");
    desk.run_at("2026-04-07 08:00");
    let hana = desk.user(HOUSING);
    let of =
        |email: &str| as_person(world, email, |az| notices::why(az, desk.days(), action, hana));
    let why = of(COORDINATOR).unwrap();
    let early = "Not sent: its day, Monday 30 March 2026, had passed before this due date or owner \
                 was set.";
    assert_eq!(said(&why, Rule::EarlyReminder), early);
    assert_eq!(said(&why, Rule::LateReminder), "Sent on Tuesday 7 April 2026.");
    let planned = "Planned: it joins the first digest from Wednesday 8 April 2026 on.";
    assert_eq!(said(&why, Rule::OnDay), planned);
    let lead = "Not planned: it goes to the agency lead, and this person is not among them.";
    assert_eq!(said(&why, Rule::ChaseLead), lead);
    assert_eq!(of(HOUSING).as_ref(), Some(&why), "people may ask about themselves");
    assert_eq!(of(POLICE), None);
    assert_eq!(of(OUTSIDER), None);
    let nowhere =
        as_person(world, COORDINATOR, |az| notices::why(az, desk.days(), unknown(), hana));
    assert_eq!(nowhere, None);

    let row = desk.rows(action).into_iter().find(|row| row.rule == Rule::LateReminder).unwrap();
    let explained = as_person(world, HOUSING, |az| notices::explain(az, row.id)).unwrap();
    assert_eq!(explained.words.what, "Sent on Tuesday 7 April 2026.");
    let rule = "Last reminder: 1 working day before the due date, Wednesday 8 April 2026.";
    assert_eq!(explained.words.rule, rule);
    assert_eq!(explained.delivery.unwrap().attempts, 1);
    assert!(as_person(world, POLICE, |az| notices::explain(az, row.id)).is_none());
}

fn lists_of_notices_show_a_person_their_own_and_the_coordinator_all(world: &World) {
    let mut desk = Desk::new(world);
    let action = desk.action(world.town().police, Some(POLICE), "2026-04-08");
    desk.run_at("2026-04-13 08:00");
    let own = desk.user(POLICE);
    let list = |email: &str, before, limit| {
        as_person(world, email, |az| notices::list_for_user(az, own, before, limit))
    };
    let all = list(POLICE, None, 50);
    assert_eq!(all.len(), 5);
    let page = list(POLICE, None, 3);
    let after = page.last().map(|notice| (notice.day, notice.id));
    let rest = list(POLICE, after, 3);
    assert_eq!([page, rest].concat(), all);
    assert_eq!(list(COORDINATOR, None, 50), all);
    assert_eq!(list(HOUSING, None, 50), []);
    assert!(desk.rows(action).len() > all.len());
}

on_both!(
    n1_reminder_due_but_finished_sends_nothing_and_is_marked_skipped,
    n2_a_moved_due_date_plans_afresh_and_keeps_what_was_sent,
    n5_a_rule_with_no_recipients_sends_nothing_and_warns_the_coordinator,
    chasers_climb_from_the_owner_to_the_steering_group,
    what_an_absent_owner_should_hear_the_contact_hears,
    a_new_owner_is_told_and_the_old_one_no_more,
    whoever_reported_it_impossible_is_not_chased_and_the_chair_is_asked,
    an_outage_of_the_sweep_is_made_up_for_by_its_range,
    somebody_who_was_seated_this_week_hears_what_was_planned_before,
    the_page_of_an_action_says_why_and_why_not,
    lists_of_notices_show_a_person_their_own_and_the_coordinator_all,
);
