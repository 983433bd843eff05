//! Reviews that do not fit, left for the next meeting with one press.

use super::{
    build, cases_on, draft, hold, issue, leave, lines, meetings_of, new, propose, set_policy,
};
use crate::casework::accept;
use panel_app::agenda::{self, SurplusForm};
use panel_core::agenda::Section;
use panel_core::id::MeetingId;
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::program::Program;
use panel_tests::refusal::{not_found, rule, stale};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World};
use serde_json::json;

on_both!(
    what_does_not_fit_is_left_and_comes_back_with_the_next_agenda,
    only_reviews_are_left_and_those_heard_longest_ago_stay,
    nothing_else_can_be_left_so,
    a_press_leaves_what_was_listed,
    a_program_leaves_what_does_not_fit,
);

/// The third meeting, with three reviews and a new case on its agenda and room for two: Adams was
/// last heard at the first meeting, Baker and Clark at the second.
#[track_caller]
fn too_full(world: &World) -> Vec<MeetingId> {
    let meetings: Vec<MeetingId> = meetings_of(world, 5).iter().map(|m| m.id).collect();
    for surname in ["Clark", "Adams", "Baker"] {
        accept(world, &new(surname));
    }
    build(world, meetings[0]);
    hold(world, meetings[0], &[]);
    build(world, meetings[1]);
    agenda::withdraw(&world.by(COORDINATOR), meetings[1], &leave(world, meetings[1], "C-ADAMS"))
        .unwrap();
    hold(world, meetings[1], &[]);
    accept(world, &new("Quill"));
    set_policy(world, |policy| policy.agenda.case_limit = 2);
    build(world, meetings[2]);
    meetings
}

fn what_does_not_fit_is_left_and_comes_back_with_the_next_agenda(world: &World) {
    let meetings = too_full(world);
    let here = meetings[2];
    let found = agenda::surplus(&world.by(COORDINATOR), here).unwrap();
    let form = SurplusForm { items: found.left.iter().map(|line| line.item).collect() };
    let by = world.by(COORDINATOR);
    let version = agenda::leave_surplus(&by, here, found.version, &form).unwrap();
    assert_eq!(draft(world, here).version, version);
    assert_eq!(cases_on(world, here), ["C-QUILL", "C-ADAMS"]);
    assert_eq!(draft(world, here).warning, None);
    assert_eq!(draft(world, here).off.len(), 2);
    stale(agenda::leave_surplus(&by, here, found.version, &form));
    let proposed = propose(world, here);
    assert!(proposed.added.is_empty(), "what was left stays off: {proposed:?}");
    assert_eq!(agenda::surplus(&by, here).unwrap().left, []);

    hold(world, here, &[]);
    build(world, meetings[3]);
    let next = lines(world, meetings[3]);
    let reviews: Vec<&str> = next
        .iter()
        .filter(|(section, ..)| *section == Section::Reviews)
        .map(|(_, label, _)| label.as_str())
        .filter(|label| label.starts_with("C-"))
        .collect();
    assert!(reviews.contains(&"C-BAKER") && reviews.contains(&"C-CLARK"), "{reviews:?}");
    let first: Vec<&str> = reviews.into_iter().take(2).collect();
    assert!(first.contains(&"C-BAKER") && first.contains(&"C-CLARK"), "longest ago first");
}

fn only_reviews_are_left_and_those_heard_longest_ago_stay(world: &World) {
    let here = too_full(world)[2];
    let found = agenda::surplus(&world.by(COORDINATOR), here).unwrap();
    let mut left: Vec<&str> = found.left.iter().map(|line| line.reference.as_str()).collect();
    left.sort_unstable();
    assert_eq!((left, found.stay), (vec!["C-BAKER", "C-CLARK"], 1));
    assert!(found.left[0].why.contains("meeting after it was first heard"), "{found:?}");
    set_policy(world, |policy| policy.agenda.case_limit = 1);
    for surname in ["Rowe", "Stone"] {
        accept(world, &new(surname));
    }
    build(world, here);
    let found = agenda::surplus(&world.by(COORDINATOR), here).unwrap();
    assert_eq!((found.left.len(), found.stay), (3, 0));
    assert!(found.still.unwrap().contains("3 cases"), "new cases stay");
}

fn nothing_else_can_be_left_so(world: &World) {
    let here = too_full(world)[2];
    let view = draft(world, here);
    let mut all = view.sections.iter().flat_map(|section| &section.lines);
    let quill = all.find(|line| line.line.label == "C-QUILL").unwrap().line.item;
    let form = SurplusForm { items: vec![quill] };
    let refused = agenda::leave_surplus(&world.by(COORDINATOR), here, view.version, &form);
    assert_eq!(rule(refused).0, "not_a_review");
    assert_eq!(draft(world, here).version, view.version, "nothing was changed");
    issue(world, here);
    assert_eq!(rule(agenda::surplus(&world.by(COORDINATOR), here)).0, "agenda_issued");
    not_found(agenda::surplus(&world.by(POLICE), here));
    not_found(agenda::surplus(&world.by(OUTSIDER), here));
}

fn a_press_leaves_what_was_listed(world: &World) {
    let here = too_full(world)[2];
    let at = format!("/meetings/{here}/agenda");
    let surplus = format!("{at}/surplus");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    assert!(carol.read(&at).contains(&format!("href=\"{surplus}\"")));
    let words =
        ["2 reviews left for the next meeting", "C-BAKER", "C-CLARK", "1 review would stay"];
    let page = says(carol.open(&surplus), 200, &words);
    assert!(!page.contains("C-ADAMS") && !page.contains("C-QUILL"), "{page}");
    let items: Vec<String> = page
        .split("name=\"items\" value=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0.to_owned())
        .collect();
    let fields: Vec<(&str, &str)> = items.iter().map(|item| ("items", item.as_str())).collect();
    assert_eq!(fields.len(), 2);
    let pressed = carol.press(page.split_once("<main").unwrap().1, &surplus, &fields);
    assert_eq!(leads_to(&pressed), format!("{at}?done=left"));
    assert!(!carol.read(&at).contains(&surplus), "it fits now");
    says(carol.open(&surplus), 200, &["There is no review to leave."]);
}

fn a_program_leaves_what_does_not_fit(world: &World) {
    let here = too_full(world)[2];
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, COORDINATOR);
    let at = format!("/api/v1/meetings/{here}/agenda/surplus");
    let found = program.get(&at).well();
    let items: Vec<_> =
        found["left"].as_array().unwrap().iter().map(|line| line["item"].clone()).collect();
    let form = json!({"version": found["version"], "items": items});
    program.post(&at, &form).well();
    program.post(&at, &form).problem(409, "stale");
    assert_eq!(program.get(&at).well()["left"], json!([]));
}
