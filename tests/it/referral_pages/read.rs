//! What is read of referrals, and by whom: one page, the register.

use super::path;
use crate::referrals::{form, other, over, referred, sent, shown};
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::site::{Pages, hrefs};
use panel_tests::world::{COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, PROBATION, World};
use reqwest::blocking::Response;
use serde_json::json;

on_both!(
    the_page_shows_flags_with_their_rule_anchor_and_dates,
    the_ways_to_a_victim_are_on_no_page_that_is_only_read,
    a_stranger_is_told_what_a_wrong_address_tells,
    the_register_is_narrowed_counted_and_read_page_by_page,
);

fn the_page_shows_flags_with_their_rule_anchor_and_dates(world: &World) {
    let first = referred(world);
    world.set("2026-05-06 09:00");
    let second = json!({"incidents": [{"happened": "2026-04-10", "victim": 1}]});
    let second = sent(&world.by(POLICE), &form(world, &second)).id;
    let (one, two) = (shown(world, first).people.clone(), shown(world, second).people.clone());
    let coordinator = world.by(COORDINATOR);
    for (one, two) in one.iter().zip(&two) {
        panel_app::people::decide(
            &coordinator,
            one.id,
            two.id,
            panel_core::likeness::Verdict::Same,
        )
        .unwrap();
    }
    let pages = Pages::of(world);
    let page = pages.signed_in(world, COORDINATOR).read(&path(second));
    for words in [
        "Repeat: Nóra Varga",
        "Yes: Friday 10 April 2026.",
        "any abuse, within 12 calendar months, counted from the last referral",
        "Anchor: the previous referral, received on Wednesday 1 April 2026.",
        "The window ends on Thursday 1 April 2027.",
        "Serial",
        "two or more victims, from Saturday 6 May 2023 to Wednesday 6 May 2026, both days in",
        "Re-referral",
    ] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
}

fn the_ways_to_a_victim_are_on_no_page_that_is_only_read(world: &World) {
    let id = referred(world);
    let case = crate::referrals::accepted(world, id);
    crate::series::rows(world, |az| panel_store::cases::join(az, case, &[world.town().probation]));
    let nora = shown(world, id).people[1].id;
    let pages = Pages::of(world);
    for (who, may) in [(POLICE, true), (COORDINATOR, true), (PROBATION, false)] {
        let visitor = pages.signed_in(world, who);
        for place in [path(id), format!("/people/{nora}")] {
            let page = visitor.read(&place);
            assert!(!page.contains("Lark Close") && !page.contains("07700"), "{who} at {place}");
        }
        let way = format!("{}/people/{nora}/whereabouts", path(id));
        assert_eq!(visitor.read(&path(id)).contains(&way), may, "{who}");
    }
}

fn a_stranger_is_told_what_a_wrong_address_tells(world: &World) {
    let id = referred(world);
    let person = shown(world, id).people[0].id;
    let pages = Pages::of(world);
    let nowhere = "0198f0a4-0000-7000-8000-000000000001";
    for who in [OUTSIDER, HOUSING, IDVA] {
        let visitor = pages.signed_in(world, who);
        for (there, absent) in [
            (path(id), format!("/referrals/{nowhere}")),
            (format!("{}/sent", path(id)), format!("/referrals/{nowhere}/sent")),
            (format!("{}/withdraw", path(id)), format!("/referrals/{nowhere}/withdraw")),
            (format!("/people/{person}"), format!("/people/{nowhere}")),
        ] {
            let (there, absent) = (visitor.open(&there), visitor.open(&absent));
            assert_eq!((there.status().as_u16(), absent.status().as_u16()), (404, 404), "{who}");
            let body = |answer: Response| {
                let text = answer.text().unwrap();
                text.split_once("<main").unwrap().1.to_owned()
            };
            assert_eq!(body(there), body(absent), "{who}");
        }
        assert!(visitor.read("/referrals").contains("There are no referrals yet."), "{who}");
    }
}

fn the_register_is_narrowed_counted_and_read_page_by_page(world: &World) {
    for n in 0..52 {
        let surname = format!("Hollis{n:02}");
        let raw = other(world, &surname, "1990-05-01");
        let when = json!({"received_at": format!("2026-03-{:02}T10:00:00Z", 1 + n / 2)});
        sent(&world.by(COORDINATOR), &over(raw, &when));
    }
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read("/referrals");
    assert!(page.contains("There are 52 referrals.") && page.contains("Hollis51"));
    assert!(!page.contains("Hollis00") && !page.contains("Hollis01"), "the newest first");
    let next = |page: &str| {
        let (before, _) = page.split_once("Further referrals").unwrap();
        let (_, href) = before.rsplit_once("href=\"").unwrap();
        href.split_once('"').unwrap().0.replace("&amp;", "&").replace("&#x3D;", "=")
    };
    let rest = carol.read(&next(&page));
    assert!(rest.contains("Hollis00") && rest.contains("Hollis01") && !rest.contains("Hollis02"));
    for href in hrefs(&page) {
        assert!(!href.contains("Hollis") && !href.contains("tobias"), "{href}");
    }
    let narrowed = carol.read("/referrals?from=1%2F3%2F2026&to=2%2F3%2F2026&state=received&panel=");
    assert!(narrowed.contains("There are 4 referrals."), "{narrowed}");
    let oldest = narrowed.find("Hollis00").unwrap() < narrowed.find("Hollis03").unwrap();
    assert!(oldest, "what waits is worked from the oldest");
    assert!(carol.read("/referrals?state=withdrawn").contains("There are no referrals like this."));
    says(carol.open("/referrals?from=31%2F2%2F2026"), 422, &["Received from must be a real date"]);
    says(carol.open("/referrals?nonsense=1"), 422, &["no field called"]);
}
