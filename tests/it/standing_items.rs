//! What stands on every agenda of a panel, kept on a page of its own.

use crate::agenda::{build, draft, meetings_of};
use panel_app::panels;
use panel_core::agenda::Section;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World};

on_both!(
    a_standing_item_is_added_proposed_and_removed,
    a_wrong_standing_item_keeps_what_was_typed,
    who_does_not_run_the_panel_changes_no_standing_item,
);

fn kept(world: &World) -> Vec<(Section, String, i32)> {
    let panel = panels::show(&world.by(COORDINATOR), world.town().panel).unwrap().panel;
    let items = panel.value.policy.agenda.standing.into_iter();
    items.map(|item| (item.section, String::from(item.title), item.minutes)).collect()
}

fn a_standing_item_is_added_proposed_and_removed(world: &World) {
    let meeting = meetings_of(world, 2)[0].id;
    let panel = format!("/panels/{}", world.town().panel);
    let at = format!("{panel}/standing");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    assert!(carol.read(&panel).contains(&format!("href=\"{at}\"")));
    assert!(carol.read(&at).contains("Nothing stands on every agenda"));
    let new = format!("{at}/new");
    for (section, title, minutes) in [("other", "Training", "5"), ("opening", "Welcome", "0")] {
        let fields = [("section", section), ("title", title), ("minutes", minutes)];
        assert_eq!(leads_to(&carol.fill(&new, &fields)), at);
    }
    let expected =
        [(Section::Other, "Training".to_owned(), 5), (Section::Opening, "Welcome".to_owned(), 0)];
    assert_eq!(kept(world), expected);
    assert!(carol.read(&at).contains("Any other business"));
    build(world, meeting);
    let lines: Vec<String> = draft(world, meeting)
        .sections
        .into_iter()
        .flat_map(|section| section.lines)
        .map(|line| line.line.label)
        .collect();
    assert!(lines.contains(&"Training".to_owned()), "{lines:?}");

    let remove = format!("{at}/0/remove");
    says(carol.open(&remove), 200, &["Training, under Any other business"]);
    assert_eq!(leads_to(&carol.fill(&remove, &[])), at);
    assert_eq!(kept(world), expected[1..]);
    assert_eq!(carol.open(&format!("{at}/1/remove")).status().as_u16(), 404);
}

fn a_wrong_standing_item_keeps_what_was_typed(world: &World) {
    let new = format!("/panels/{}/standing/new", world.town().panel);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let wrong = [("section", ""), ("title", ""), ("minutes", "500")];
    let words =
        ["Select a section", "Enter the heading", "href=\"#minutes\"", "value=\"500\"", "Error: "];
    says(carol.fill(&new, &wrong), 422, &words);
    let page = carol.read(&new);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let tab = |title: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", version.as_str()),
            ("section", "other"),
            ("title", title),
            ("minutes", "5"),
        ];
        carol.send(&new, &fields)
    };
    assert_eq!(tab("Training").status().as_u16(), 303);
    says(tab("Feedback"), 422, &["Somebody else changed the policy", "value=\"Feedback\""]);
    assert_eq!(kept(world).len(), 1);
}

fn who_does_not_run_the_panel_changes_no_standing_item(world: &World) {
    let at = format!("/panels/{}/standing", world.town().panel);
    let pages = Pages::of(world);
    for who in [POLICE, OUTSIDER] {
        let visitor = pages.signed_in(world, who);
        assert_eq!(visitor.open(&at).status().as_u16(), 404, "{who}");
        assert_eq!(visitor.open(&format!("{at}/new")).status().as_u16(), 404, "{who}");
    }
}
