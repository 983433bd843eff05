//! The word that minutes are ready, among the reminders.

use crate::minutes::{approve, held};
use panel_tests::on_both;
use panel_tests::site::Pages;
use panel_tests::world::{COORDINATOR, POLICE, World};

on_both!(
    the_word_of_ready_minutes_leads_to_them,
    a_reader_who_runs_a_panel_has_one_heading_of_own_reminders,
);

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
