//! The pages of meetings and series, without script.

use crate::series::{ahead, first, show, thursdays};
use panel_core::id::MeetingId;
use panel_core::meeting::MeetingState;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World};

const FOUR_WEEKLY: [(&str, &str); 14] = [
    ("unit", "weeks"),
    ("every", "4"),
    ("on", "fri"),
    ("week_start", "mon"),
    ("month_days", ""),
    ("from-day", "3"),
    ("from-month", "4"),
    ("from-year", "2026"),
    ("ends", "never"),
    ("holiday_policy", "later"),
    ("at", "10am"),
    ("minutes", "180"),
    ("venue", "Council chamber"),
    ("link", ""),
];

/// The same fields with some of them changed.
fn but<'a>(
    fields: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    kept.chain(changes).copied().collect()
}

fn meeting(id: MeetingId) -> String {
    format!("/meetings/{id}")
}

#[track_caller]
fn coordinator(world: &World, pages: &Pages) -> Visitor {
    world.town();
    pages.signed_in(world, COORDINATOR)
}

on_both!(
    a_series_is_previewed_on_a_page_and_then_saved,
    what_is_typed_wrongly_stands_in_the_form_again_with_what_to_do,
    a_clash_can_be_seen_and_not_saved,
    a_rule_by_month_is_typed_in_words,
    a_meeting_shows_its_deadlines_and_why_to_everybody_with_a_seat,
    a_meeting_is_moved_after_a_look_at_what_moves,
    a_meeting_is_cancelled_with_a_reason_and_restored,
    an_emergency_meeting_is_added_held_and_opened_again,
    f25_two_tabs_that_change_a_venue_show_both_texts,
    a_series_is_changed_after_a_look_at_what_it_does,
    a_series_is_ended_after_a_look_at_what_goes,
);

fn a_series_is_previewed_on_a_page_and_then_saved(world: &World) {
    let pages = Pages::of(world);
    let carol = coordinator(world, &pages);
    let list = leads_to(&carol.open("/meetings"));
    let new = format!("/panels/{}/series/new", world.town().panel);
    assert!(carol.read(&list).contains("No meeting is planned."));
    let preview = carol.fill(&new, &FOUR_WEEKLY);
    says(
        preview,
        200,
        &[
            "Meets every 4 weeks on Friday:",
            "10am on Tuesday 7 April 2026",
            "moved from Friday 3 April 2026, Good Friday, past Monday 6 April 2026, Easter Monday",
            "10am on Friday 1 May 2026",
            "Fri 17 Apr 2026, 5pm",
            "15 meetings are laid out at once, up to 1 May 2027.",
            "Save the series",
        ],
    );
    assert_eq!(ahead(world), []);
    let back = carol.fill(&new, &but(&FOUR_WEEKLY, &[("do", "change"), ("venue", "Library")]));
    says(back, 200, &["Add a series of meetings", "value=\"Library\""]);
    let saved = carol.fill(&new, &but(&FOUR_WEEKLY, &[("do", "confirm")]));
    assert_eq!(leads_to(&saved), list);
    let page = carol.read(&list);
    assert!(page.contains("10am on Friday 1 May 2026") && page.contains("Council chamber"));
    assert!(page.contains("Every 4 weeks on Friday at 10am"));
}

fn what_is_typed_wrongly_stands_in_the_form_again_with_what_to_do(world: &World) {
    let pages = Pages::of(world);
    let carol = coordinator(world, &pages);
    let new = format!("/panels/{}/series/new", world.town().panel);
    let wrong = [("every", "0"), ("at", "25:00"), ("link", "call me"), ("from-day", "31")];
    let refused = carol.fill(&new, &but(&FOUR_WEEKLY, &wrong));
    says(refused, 422, &["Error: ", "href=\"#every\"", "href=\"#at\"", "value=\"25:00\""]);
    let link = carol.fill(&new, &but(&FOUR_WEEKLY, &[("link", "http://call.example")]));
    says(link, 422, &["Video link must be a web address that starts with https://"]);
    let none: Vec<_> = FOUR_WEEKLY.into_iter().filter(|(name, _)| *name != "on").collect();
    says(carol.fill(&new, &none), 422, &["Select at least one weekday"]);
    let until = [("ends", "until"), ("until", "1/4/2026")];
    let early = carol.fill(&new, &but(&FOUR_WEEKLY, &until));
    says(early, 422, &["Last day must be on or after the first day", "href=\"#until-day\""]);
}

fn a_clash_can_be_seen_and_not_saved(world: &World) {
    let pages = Pages::of(world);
    let carol = coordinator(world, &pages);
    let new = format!("/panels/{}/series/new", world.town().panel);
    let mut both = but(&FOUR_WEEKLY, &[("every", "1"), ("on", "mon")]);
    both.push(("on", "tue"));
    let named = "the meeting of Monday 6 April 2026 would move to Tuesday 7 April 2026, \
                 which the meeting of Tuesday 7 April 2026 has already";
    let shown = says(carol.fill(&new, &both), 200, &["cannot be saved like this", named]);
    assert!(!shown.contains("Save the series"));
    both.push(("do", "confirm"));
    says(carol.fill(&new, &both), 422, &["The meeting of Monday 6 April 2026 would move"]);
    assert_eq!(ahead(world), []);
}

fn a_rule_by_month_is_typed_in_words(world: &World) {
    let pages = Pages::of(world);
    let carol = coordinator(world, &pages);
    let new = format!("/panels/{}/series/new", world.town().panel);
    let monthly =
        |days| but(&FOUR_WEEKLY, &[("unit", "months"), ("every", "1"), ("month_days", days)]);
    let shown = carol.fill(&new, &monthly("first Friday, second-last Monday"));
    says(shown, 200, &["Meets every month on the first Friday and the second-last Monday:"]);
    let missed = carol.fill(&new, &monthly("31"));
    says(missed, 200, &["Choose the last day to meet in every month.", "June 2026 has no 31st"]);
    let unread = carol.fill(&new, &monthly("Friday week"));
    says(
        unread,
        422,
        &["is no day of the month; write it like 15, last day", "href=\"#month_days\""],
    );
    says(carol.fill(&new, &monthly("32")), 422, &["A month has no day 32", "href=\"#month_days\""]);
}

fn a_meeting_shows_its_deadlines_and_why_to_everybody_with_a_seat(world: &World) {
    thursdays(world, 2, End::Never);
    let second = meeting(ahead(world)[1].id);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let priya = pages.signed_in(world, POLICE);
    let why = "8 working days before Thursday 16 April 2026; \
               Good Friday 3 April and Easter Monday 6 April do not count";
    for visitor in [&carol, &priya] {
        let page = visitor.read(&second);
        assert!(page.contains("5pm on Thursday 2 April 2026") && page.contains(why), "{page}");
    }
    assert!(carol.read(&second).contains(&format!("{second}/move")));
    assert!(!priya.read(&second).contains(&format!("{second}/move")));
    assert_eq!(priya.open(&format!("{second}/move")).status().as_u16(), 404);
    let wendy = pages.signed_in(world, OUTSIDER);
    for path in [second.clone(), format!("{second}/move"), format!("{second}/cancel")] {
        assert_eq!(wendy.open(&path).status().as_u16(), 404, "{path}");
    }
}

fn a_meeting_is_moved_after_a_look_at_what_moves(world: &World) {
    thursdays(world, 2, End::Never);
    let second = ahead(world).remove(1);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("{}/move", meeting(second.id));
    let to = |on| [("on", on), ("at", "2pm"), ("minutes", "120"), ("which", "")];
    let shown = carol.fill(&at, &to("17/4/2026"));
    let words = ["moves to 2pm on Friday 17 April 2026. 8 people are told.", "Referral cut-off"];
    says(shown, 200, &words);
    assert_eq!(show(world, second.id), second);
    let sunday = carol.fill(&at, &to("19.4.26"));
    says(sunday, 200, &["Sunday 19 April 2026 is not a working day", "Move the meeting"]);
    let taken = carol.fill(&at, &but(&to("30 Apr 2026"), &[("at", "9am"), ("do", "confirm")]));
    says(taken, 422, &["The panel has a meeting at that time already", "href=\"#at\""]);
    let moved = carol.fill(&at, &but(&to("17/4/2026"), &[("do", "confirm")]));
    assert_eq!(leads_to(&moved), meeting(second.id));
    let page = carol.read(&meeting(second.id));
    assert!(page.contains("2pm on Friday 17 April 2026 to 4pm"), "{page}");
    assert!(page.contains("Thursday 16 April 2026"), "the date it had is shown");
}

fn a_meeting_is_cancelled_with_a_reason_and_restored(world: &World) {
    thursdays(world, 2, End::Never);
    let second = ahead(world).remove(1);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = meeting(second.id);
    let silent = carol.fill(&format!("{at}/cancel"), &[("reason", " ")]);
    says(silent, 422, &["Enter the reason"]);
    let done = carol.fill(&format!("{at}/cancel"), &[("reason", "The chair is ill")]);
    assert_eq!(leads_to(&done), at);
    assert!(carol.read(&at).contains("The chair is ill"));
    let done = carol.fill(&format!("{at}/restore"), &[]);
    assert_eq!(leads_to(&done), at);
    assert_eq!(show(world, second.id).state, MeetingState::Planned);
}

fn an_emergency_meeting_is_added_held_and_opened_again(world: &World) {
    let pages = Pages::of(world);
    let carol = coordinator(world, &pages);
    let new = format!("/panels/{}/meetings/emergency", world.town().panel);
    let urgent = [
        ("on", "1/4/2026"),
        ("at", "9am"),
        ("minutes", "60"),
        ("venue", ""),
        ("link", ""),
        ("which", ""),
    ];
    let at = leads_to(&carol.fill(&new, &urgent));
    let page = carol.read(&at);
    assert!(page.contains("Emergency meeting") && page.contains("Start the meeting"));
    let press = |verb: &str| {
        let version = first(world).version.to_string();
        carol.press_on(&at, &format!("{at}/{verb}"), &[("version", &version)])
    };
    assert_eq!(leads_to(&press("start")), format!("{at}/live?done=started"));
    assert_eq!(leads_to(&press("end")), at);
    assert!(carol.read(&at).contains("Held as 1/2026"));
    let reopened = carol.fill(&format!("{at}/reopen"), &[("reason", "A decision was left out")]);
    assert_eq!(leads_to(&reopened), at);
    assert!(carol.read(&at).contains("Opened again because"));
}

fn f25_two_tabs_that_change_a_venue_show_both_texts(world: &World) {
    thursdays(world, 2, End::Never);
    let id = first(world).id;
    let at = format!("{}/place", meeting(id));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&at);
    let csrf = mark(&page, "csrf");
    let tab = |venue: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", "1"), ("venue", venue), ("link", "")];
        carol.send(&at, &fields)
    };
    assert_eq!(leads_to(&tab("Library")), meeting(id));
    let second = says(tab("Town hall"), 409, &["Library", "value=\"Town hall\""]);
    assert!(second.contains("name=\"version\" value=\"2\""), "saving again is a choice");
    assert_eq!(show(world, id).venue, "Library");
}

fn a_series_is_changed_after_a_look_at_what_it_does(world: &World) {
    let id = thursdays(world, 1, crate::series::times(4));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/series/{id}/rule");
    let fortnightly = [
        ("unit", "weeks"),
        ("every", "2"),
        ("on", "thu"),
        ("week_start", "mon"),
        ("month_days", ""),
        ("from", "2/4/2026"),
        ("ends", "times"),
        ("times", "3"),
        ("holiday_policy", "later"),
    ];
    let shown = carol.fill(&at, &fortnightly);
    let words = [
        "2 meetings move or start at another time.",
        "18 deadlines fall on another day.",
        "1 meeting that were planned go.",
        "10am on Thursday 23 April 2026",
        "Save and remove 1 meeting",
    ];
    says(shown, 200, &words);
    assert_eq!(ahead(world).len(), 4);
    let done = carol.fill(&at, &but(&fortnightly, &[("do", "confirm")]));
    assert_eq!(leads_to(&done), format!("/series/{id}"));
    assert_eq!(ahead(world).len(), 3);
    let time = carol.fill(&format!("/series/{id}/time"), &[("at", "2pm"), ("do", "confirm")]);
    assert_eq!(leads_to(&time), format!("/series/{id}"));
    assert!(
        carol.read(&format!("/series/{id}")).contains("Every 2 weeks on Thursday at 2pm, 3 times")
    );
}

fn a_series_is_ended_after_a_look_at_what_goes(world: &World) {
    let id = thursdays(world, 1, crate::series::times(4));
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&format!("/series/{id}/end"));
    assert!(page.contains("4 meetings that were planned go."), "{page}");
    let done = carol.fill(&format!("/series/{id}/end"), &[]);
    assert_eq!(leads_to(&done), format!("/series/{id}"));
    assert_eq!(ahead(world), []);
    assert!(carol.read(&format!("/series/{id}")).contains("Ended"));
}
