//! One's own work, today, reminders, completion and leavers.

use super::{at, is_not_there, lacks};
use crate::actions::{case, done, set, show, user};
use crate::series::{first, thursdays};
use panel_app::actions;
use panel_core::action::StatusFilter;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{holds, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, OBSERVER, POLICE, POLICE_SPOC, PROBATION, STEERING,
    World,
};

on_both!(
    my_work_is_grouped_and_done_in_two_clicks,
    nothing_owed_is_said_kindly,
    today_holds_what_waits_for_each,
    reminders_say_why_and_why_not,
    one_press_chases_once_a_day,
    completion_shows_its_numbers,
    a_leaver_hands_everything_over_first,
);

fn my_work_is_grouped_and_done_in_two_clicks(world: &World) {
    thursdays(world, 2, End::Never);
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let late = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-07");
    set(world, "Flag the address", dai, town.police, None, "2026-04-16");
    set(world, "Share the order", dai, town.police, Some(POLICE), "2026-06-01");
    set(world, "Not ours", dai, town.probation, Some(PROBATION), "2026-04-07");
    world.set("2026-04-10 09:00");
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let page = priya.read("/my-work");
    let words = [
        "Overdue: 1 action",
        "Due before the next meeting: 1 action",
        "Later, or without a due date: 1 action",
        "The next meeting is on Thursday 16 April 2026.",
        "Dai Price",
    ];
    holds(&page, &words);
    lacks(&page, &["Not ours"]);
    let place = |text: &str| page.find(text).unwrap();
    assert!(place(">Check bail<") < place(">Flag the address<"));
    assert!(place(">Flag the address<") < place(">Share the order<"));
    // The first click, and the second.
    let form = format!("{}/done?from=my-work", at(late));
    assert!(page.contains(&form.replace('=', "&#x3D;")), "{page}");
    let saved = priya.fill(&form, &[("on", "9/4/2026"), ("outcome", "No conditions")]);
    assert_eq!(leads_to(&saved), "/my-work?done=done");
    let page = priya.read("/my-work?done=done");
    holds(&page, &["Marked as done. Thank you."]);
    lacks(&page, &[">Check bail<", "Overdue: "]);
    assert_eq!(show(world, late).row.status, StatusFilter::Completed);
    // The rep's first page is the same list.
    holds(&priya.read("/"), &["Today", "Flag the address", "Share the order"]);
}

fn nothing_owed_is_said_kindly(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    holds(&priya.read("/my-work"), &["Nothing is owed, and nothing waits for you. Thank you."]);
    is_not_there(&pages.signed_in(world, OBSERVER), "/my-work");
}

fn today_holds_what_waits_for_each(world: &World) {
    thursdays(world, 2, End::Never);
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-01");
    world.set("2026-04-02 09:00");
    let next = first(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read("/");
    let next = format!("/meetings/{}", next.id);
    holds(&page, &["Thursday 2 April 2026", "Eastshire MATAC", "Referral cut-off", &next]);
    holds(&page, &["Overdue actions", "No action waits for an answer.", "aria-current=\"page\""]);
    holds(&page, &[">Today<", ">Actions<"]);
    let colin = pages.signed_in(world, CHAIR);
    holds(&colin.read("/"), &["Eastshire MATAC"]);
    let ada = pages.signed_in(world, ADMINISTRATOR);
    let page = ada.read("/");
    holds(&page, &["Run the service", "People who use Panel", "/agencies"]);
    lacks(&page, &["Eastshire MATAC", "Check bail"]);
    let otto = pages.signed_in(world, OBSERVER);
    let page = otto.read("/");
    holds(&page, &["Nothing waits for you."]);
    lacks(&page, &["Check bail", "/my-work"]);
}

fn reminders_say_why_and_why_not(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-13");
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let path = format!("/notices?action={bail}");
    let page = priya.read(&path);
    holds(
        &page,
        &["Reminders of an action", "Check bail", "First reminder", "Planned", "Priya Nair"],
    );
    lacks(&page, &["Sam Okoro"]);
    let me = user(world, POLICE);
    let why = priya.read(&format!("{path}&person={me}"));
    holds(&why, &["Why and why not: Priya Nair", "Planned: it joins the first digest from"]);
    holds(&why, &["Not planned"]);
    let (before, _) = why.split_once("\">First reminder").unwrap();
    let (_, notice) = before.rsplit_once("href=\"").unwrap();
    let page = priya.read(notice);
    holds(&page, &["First reminder: 5 working days before the due date", "Planned"]);
    let sam = pages.signed_in(world, POLICE_SPOC);
    is_not_there(&sam, notice);
    is_not_there(&sam, &format!("{path}&person={me}"));
    is_not_there(&sam, &format!("/notices?person={me}"));
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("/notices?person={me}"));
    holds(&page, &["Reminders to Priya Nair", "First reminder", "An action"]);
    let spoc = user(world, POLICE_SPOC);
    let page = carol.read(&format!("{path}&person={spoc}"));
    holds(&page, &["Why and why not: Sam Okoro", "and this person is not among them"]);
    actions::complete(&world.by(POLICE), bail, &done(world, bail, "2026-04-01", "Done")).unwrap();
    let page = carol.read(notice);
    holds(&page, &["Not sent", "it had been finished"]);
    holds(&priya.read("/notices"), &["My reminders", "Not sent"]);
    is_not_there(&pages.signed_in(world, HOUSING), &path);
}

fn one_press_chases_once_a_day(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-01");
    set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-01");
    world.set("2026-04-02 09:00");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let chase = format!("{}/chase", at(bail));
    let chased = carol.press_on(&at(bail), &chase, &[]);
    assert_eq!(leads_to(&chased), format!("{}?chased=1", at(bail)));
    holds(&carol.read(&leads_to(&chased)), &["1 person is told."]);
    let again = carol.press_on(&at(bail), &chase, &[]);
    holds(&carol.read(&leads_to(&again)), &["Nobody was chased"]);
    let all = format!("/panels/{}/chase", town.panel);
    let pressed = carol.press_on("/notices", &all, &[("now", "yes")]);
    assert_eq!(leads_to(&pressed), "/notices?chased=1");
    let pressed = carol.press_on("/notices", &all, &[("now", "yes")]);
    says(pressed, 200, &["Nothing was chased"]);
    holds(&carol.read(&format!("/notices?action={bail}")), &["Chased by the coordinator"]);
    let priya = pages.signed_in(world, POLICE);
    let sent = priya.press_on(&at(bail), &chase, &[]);
    assert_eq!(sent.status().as_u16(), 404);
}

fn completion_shows_its_numbers(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    set(world, "Visit weekly", dai, town.probation, Some(PROBATION), "2026-04-08");
    actions::complete(&world.by(POLICE), bail, &done(world, bail, "2026-04-01", "Done")).unwrap();
    world.set("2026-04-30 09:00");
    let pages = Pages::of(world);
    let path = format!("/panels/{}/completion", town.panel);
    let period = format!("{path}?from=1%2F4%2F2026&to=30%2F4%2F2026");
    let stella = pages.signed_in(world, STEERING);
    let page = stella.read(&period);
    holds(
        &page,
        &["1 to 30 April 2026", "Eastshire Police", "1 of 1", "0 of 1", "–", "All agencies"],
    );
    lacks(&page, &["100%"]);
    let priya = pages.signed_in(world, POLICE);
    let own = priya.read(&path);
    holds(&own, &["Eastshire Police", "1 of 1"]);
    lacks(&own, &["Probation Service", "All agencies"]);
    let backwards = stella.open(&format!("{path}?from=30%2F4%2F2026&to=1%2F4%2F2026"));
    says(backwards, 422, &["The last day must be on or after the first", "value=\"30/4/2026\""]);
    says(stella.open(&format!("{path}?from=x")), 422, &["There is a problem", "value=\"x\""]);
    let wendy = pages.signed_in(world, panel_tests::world::OUTSIDER);
    is_not_there(&wendy, &path);
    is_not_there(&wendy, &format!("{path}?from=x"));
}

fn a_leaver_hands_everything_over_first(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let bail = set(world, "Check bail", dai, town.police, Some(POLICE), "2026-04-08");
    let flag = set(world, "Flag the address", dai, town.police, Some(POLICE), "2026-04-20");
    let pages = Pages::of(world);
    let priya = user(world, POLICE);
    let path = format!("/users/{priya}/leaving");
    let ada = pages.signed_in(world, ADMINISTRATOR);
    holds(&ada.read(&format!("/users/{priya}")), &["Hand over and remove"]);
    let page = ada.read(&path);
    holds(&page, &["2 open actions still to be handed over", "The coordinator of the panel hands"]);
    lacks(&page, &["Check bail", "Close the account"]);
    let kept = ada.press(&page, &format!("/users/{priya}/remove"), &[]);
    says(kept, 422, &["2 actions still to be handed over"]);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&path);
    holds(&page, &["Priya Nair leaves", "Check bail", "Flag the address", "Sam Okoro"]);
    lacks(&page, &["Rhys Evans", "Close the account"]);
    says(carol.fill(&path, &[("all_to", "")]), 422, &["Select who takes the actions over"]);
    let stranger = user(world, PROBATION).to_string();
    let refused = carol.fill(&path, &[("all_to", &stranger)]);
    says(refused, 422, &["Select somebody who sits at this panel for that agency"]);
    let (sam, lena) = (
        user(world, POLICE_SPOC).to_string(),
        user(world, panel_tests::world::POLICE_LEAD).to_string(),
    );
    let one = format!("to-{flag}");
    let given = carol.fill(&path, &[("all_to", &sam), (one.as_str(), &lena)]);
    assert_eq!(leads_to(&given), format!("{path}?given=2"));
    let page = carol.read(&leads_to(&given));
    holds(
        &page,
        &["2 actions handed over.", "Nothing is owed by this person", "Close the account"],
    );
    assert_eq!(show(world, bail).row.line.user_name.as_deref(), Some("Sam Okoro"));
    assert_eq!(show(world, flag).row.line.user_name.as_deref(), Some("Lena Brandt"));
    let gone = carol.press(&page, &format!("/users/{priya}/remove"), &[]);
    says(gone, 200, &["Priya Nair has left"]);
    let rhys = pages.signed_in(world, PROBATION);
    is_not_there(&rhys, &path);
}
