//! Minutes that wait for the chair, and the word that they are ready: on the first page, among the
//! reminders, over JSON.

use crate::minutes::{approve, held};
use panel_app::minutes;
use panel_tests::on_both;
use panel_tests::program::Program;
use panel_tests::refusal::not_found;
use panel_tests::site::Pages;
use panel_tests::world::{CHAIR, COORDINATOR, OUTSIDER, POLICE, World};

on_both!(
    minutes_that_wait_for_approval_stand_on_the_first_page,
    the_word_of_ready_minutes_leads_to_them,
    a_reader_who_runs_a_panel_has_one_heading_of_own_reminders,
);

fn minutes_that_wait_for_approval_stand_on_the_first_page(world: &World) {
    let meeting = held(world, &["Adams"])[0];
    let pages = Pages::of(world);
    let (carol, chair) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, CHAIR));
    let link = format!("href=\"/meetings/{meeting}/minutes\"");
    for visitor in [&carol, &chair] {
        let page = visitor.read("/");
        assert!(page.contains("Minutes of Thursday 16 April 2026"), "{page}");
        assert!(page.contains(&link) && page.contains("Wait for approval"), "{page}");
    }
    let panel = world.town().panel;
    let at = format!("/api/v1/panels/{panel}/unapproved-minutes");
    let program = Program::of(&pages, world, CHAIR);
    assert_eq!(program.get(&at).well()["rows"][0]["meeting"], meeting.to_string());
    approve(world, meeting, "").unwrap();
    for visitor in [&carol, &chair] {
        assert!(!visitor.read("/").contains("Minutes of Thursday"));
    }
    assert_eq!(program.get(&at).well()["rows"].as_array().unwrap().len(), 0);
    minutes::open_again(&world.by(CHAIR), meeting, "A name was wrong").unwrap();
    assert!(chair.read("/").contains("Minutes of Thursday"), "what was opened again waits again");
    not_found(minutes::unapproved(&world.by(OUTSIDER), panel));
    not_found(minutes::unapproved(&world.by(POLICE), panel));
}

fn the_word_of_ready_minutes_leads_to_them(world: &World) {
    let meeting = held(world, &["Adams"])[0];
    approve(world, meeting, "").unwrap();
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let list = priya.read("/notices");
    let link = format!("href=\"/meetings/{meeting}/minutes\"");
    assert!(list.contains(&link), "{list}");
    let (before, _) = list.split_once(&link).unwrap();
    let (_, row) = before.rsplit_once("href=\"/notices/").unwrap();
    let notice = priya.read(&format!("/notices/{}", row.split_once('"').unwrap().0));
    assert!(notice.contains(&link), "{notice}");
}

fn a_reader_who_runs_a_panel_has_one_heading_of_own_reminders(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR).read("/notices");
    let (_, main) = carol.split_once("<h1").unwrap();
    assert_eq!(main.matches("My reminders").count(), 1, "{main}");
    assert!(main.split_once("</h1>").unwrap().0.contains(">Reminders"), "{main}");
    let priya = pages.signed_in(world, POLICE).read("/notices");
    let (_, main) = priya.split_once("<h1").unwrap();
    assert_eq!(main.matches("My reminders").count(), 1);
}
