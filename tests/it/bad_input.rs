//! Input that is odd rather than wrong, and what becomes of it: rows of the catalogue that belong to no area.

use crate::actions::{form as action, set};
use crate::case_lists::keep_from;
use crate::referrals::{accepted, close_case, form, referred, sent, shown};
use panel_app::meetings::{self, EmergencyForm};
use panel_app::users::{self, SeatForm, UserForm};
use panel_app::{actions, cases, people};
use panel_core::access::Role;
use panel_core::likeness::Verdict;
use panel_tests::on_both;
use panel_tests::program::{Program, answer};
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{PASSWORD, Pages, leads_to};
use panel_tests::world::{COORDINATOR, HOUSING, OUTSIDER, POLICE, World, day};
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};

on_both!(
    what_would_turn_a_note_around_shows_as_a_mark,
    an_instant_of_another_zone_is_shown_in_london_time,
    a_meeting_lasts_from_five_minutes_to_a_day,
    whoever_sits_at_two_panels_at_once_is_told_and_nobody_else_is,
    an_action_is_due_from_today_and_of_an_open_case,
    a_person_is_a_perpetrator_here_and_a_victim_there_and_neither_tells_of_the_other,
    a_link_that_a_gateway_opens_fifty_times_still_works,
    an_address_of_several_people_is_warned_of,
    a_body_that_is_packed_and_an_answer_that_nobody_could_read_are_refused,
    whoever_loses_a_seat_gets_no_file_any_more,
    a_megabyte_in_one_box_is_refused_at_once_and_in_a_short_page,
);

fn what_would_turn_a_note_around_shows_as_a_mark(world: &World) {
    let raw = form(world, &json!({"grounds": {"text": "He wrote \u{202e}txet hidden"}}));
    let referral = sent(&world.by(POLICE), &raw).id;
    let pages = Pages::of(world);
    let page = pages.signed_in(world, COORDINATOR).read(&format!("/referrals/{referral}"));
    assert!(page.contains("He wrote <span class=\"panel-mark\">"), "{page}");
    assert!(page.contains("txet hidden") && !page.contains('\u{202e}'));
}

fn an_instant_of_another_zone_is_shown_in_london_time(world: &World) {
    let pages = Pages::of(world);
    world.town();
    let program = Program::of(&pages, world, COORDINATOR);
    let raw = form(world, &json!({"received_at": "2026-03-31T23:30:00-05:00"}));
    let made = program.post("/api/v1/referrals", &raw).well();
    let id = made["id"].as_str().unwrap();
    let read = program.get(&format!("/api/v1/referrals/{id}")).well();
    assert_eq!(read["row"]["received_at"], "2026-04-01T04:30:00Z");
    let page = pages.signed_in(world, COORDINATOR).read(&format!("/referrals/{id}"));
    assert!(page.contains("Wednesday 1 April 2026 at 5:30am"), "{page}");
}

fn emergency(on: &str, minutes: i32) -> EmergencyForm {
    EmergencyForm {
        on: day(on),
        at: "10:00:00".parse().unwrap(),
        which: None,
        minutes,
        venue: String::new(),
        link: String::new(),
    }
}

fn a_meeting_lasts_from_five_minutes_to_a_day(world: &World) {
    let panel = world.town().panel;
    let add = |minutes| {
        meetings::add_emergency(&world.by(COORDINATOR), panel, &emergency("2026-04-09", minutes))
    };
    for wrong in [0, -60, 4, 25 * 60, i32::MAX, i32::MIN] {
        let errors = invalid(add(wrong));
        assert_eq!((&*errors[0].field, errors[0].code), ("minutes", "out_of_bounds"), "{wrong}");
    }
    add(24 * 60).unwrap();
}

fn whoever_sits_at_two_panels_at_once_is_told_and_nobody_else_is(world: &World) {
    let town = *world.town();
    let seat = SeatForm {
        panel: town.elsewhere,
        role: Role::Observer,
        from: day("2020-01-01"),
        until: None,
        deputy_for: None,
    };
    users::seat(&world.operator(), world.by(HOUSING).user(), &seat).unwrap();
    let add = |email, panel, on| {
        meetings::add_emergency(&world.by(email), panel, &emergency(on, 60)).unwrap().meeting
    };
    let here = add(COORDINATOR, town.panel, "2026-04-09");
    let warnings = |email| meetings::show(&world.by(email), here).unwrap().warnings;
    assert_eq!(warnings(HOUSING), [""; 0]);
    add(OUTSIDER, town.elsewhere, "2026-04-09");
    add(OUTSIDER, town.elsewhere, "2026-04-10");
    let told = "You sit at Westshire MATAC too, which meets at 10am on Thursday 9 April 2026";
    assert_eq!(warnings(HOUSING), [told]);
    assert_eq!(warnings(COORDINATOR), [""; 0]);
    assert_eq!(warnings(POLICE), [""; 0]);
}

fn an_action_is_due_from_today_and_of_an_open_case(world: &World) {
    let case = accepted(world, referred(world));
    let police = world.town().police;
    let due = |due: &str| {
        let form = actions::ActionForm {
            due: due.to_owned(),
            ..action(world, "Visit him", Some(case), police)
        };
        actions::set(&world.by(COORDINATOR), &form)
    };
    assert_eq!(invalid(due("31/3/2026"))[0].field, "due");
    let set = set(world, "Visit him", case, police, None, "30/4/2026");
    close_case(world, case);
    assert_eq!(rule(due("30/4/2026")).0, "case_closed");
    // What was set before goes on.
    assert_eq!(actions::show(&world.by(POLICE), set).unwrap().row.line.id, set);
}

fn a_person_is_a_perpetrator_here_and_a_victim_there_and_neither_tells_of_the_other(world: &World) {
    let there = referred(world);
    let here = form(
        world,
        &json!({
            "perpetrator": {
                "name": {"surname": "Varga", "forename": "Nóra", "known_as": []},
                "born": "1991-07-04", "addresses": [],
            },
            "victims": [{"name": {"surname": "Pell", "forename": "Ivan"}}],
            "incidents": [],
        }),
    );
    let here = sent(&world.by(POLICE), &here).id;
    let victim = shown(world, there).people[1].id;
    let perpetrator = shown(world, here).people[0].id;
    people::decide(&world.by(COORDINATOR), victim, perpetrator, Verdict::Same).unwrap();
    let (there, here) = (accepted(world, there), accepted(world, here));
    assert_ne!(there, here, "roles are of a case");
    keep_from(world, there, POLICE);
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    not_found(cases::show(&world.by(POLICE), there));
    for path in [format!("/cases/{here}"), format!("/people/{perpetrator}"), "/cases".to_owned()] {
        let page = priya.read(&path);
        assert!(page.contains("Varga"), "{path}");
        for word in ["Ashdown", "Callum", "Victim of", &there.to_string(), &victim.to_string()] {
            assert!(!page.contains(word), "{word} on {path}:\n{page}");
        }
    }
    let carol = pages.signed_in(world, COORDINATOR).read(&format!("/cases/{there}"));
    assert!(
        carol.contains("Ashdown") && carol.contains("Varga"),
        "whoever runs the panel sees both"
    );
}

fn a_link_that_a_gateway_opens_fifty_times_still_works(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let user = world.by(POLICE).user();
    let link = users::invite_again(&world.operator(), user).unwrap().link;
    let path = format!("/account-link/{}", link.rsplit('/').next().unwrap());
    for _ in 0..50 {
        assert_eq!(pages.visitor().open(&path).status().as_u16(), 200);
    }
    let answer = pages.visitor().fill(&path, &[("password", PASSWORD)]);
    assert_eq!(leads_to(&answer), "/");
    let spent = pages.visitor().read(&path);
    assert!(spent.contains("This link cannot be used"), "{spent}");
}

fn an_address_of_several_people_is_warned_of(world: &World) {
    let town = *world.town();
    let pages = Pages::of(world);
    let ada = pages.signed_in(world, panel_tests::world::ADMINISTRATOR);
    let invite = |email: &str| {
        let form = UserForm {
            name: "Jo Ash".to_owned(),
            email: email.to_owned(),
            agency: town.housing,
            administrator: false,
        };
        users::invite(&world.operator(), &form).unwrap().user
    };
    let warning = "looks like an address that several people read";
    let shared = invite("matac.team@homes.example");
    assert!(ada.read(&format!("/users/{shared}")).contains(warning));
    let own = invite("jo.ash@homes.example");
    assert!(!ada.read(&format!("/users/{own}")).contains(warning));
}

/// Eight megabytes of blanks in a few kilobytes.
fn packed() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 8 << 20]).unwrap();
    packer.finish().unwrap()
}

fn a_body_that_is_packed_and_an_answer_that_nobody_could_read_are_refused(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, COORDINATOR);
    let post = |packing: &str| {
        let request = program.request("POST", "/api/v1/referrals");
        let request = request.header("Content-Type", "application/json");
        answer(request.header("Content-Encoding", packing.to_owned()).body(packed()))
    };
    for packing in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
        post(packing).problem(415, "wrong_kind");
    }
    let carol = pages.signed_in(world, COORDINATOR);
    let form = carol.request("POST", "/sign-out").header("Content-Encoding", "gzip");
    let form = form.header("Content-Type", "application/x-www-form-urlencoded").body(packed());
    assert_eq!(form.send().unwrap().status().as_u16(), 415);
    let read = |accept: &str| {
        answer(program.request("GET", "/api/v1/panels").header("Accept", accept.to_owned()))
    };
    for accept in ["application/xml", "text/html;q=0.9, image/png", "application/json;q=0"] {
        read(accept).problem(406, "not_acceptable");
    }
    for accept in ["*/*", "text/html, */*;q=0.1", "application/*", "application/json"] {
        assert_eq!(read(accept).status, 200, "{accept}");
    }
    // Nothing is done for whoever could not read what became of it.
    let agency = json!({"name": "Eastshire Almshouses", "kind": "housing"});
    let admin = Program::of(&pages, world, panel_tests::world::ADMINISTRATOR);
    let made = admin.request("POST", "/api/v1/agencies").header("Accept", "application/xml");
    answer(made.json(&agency)).problem(406, "not_acceptable");
    assert!(!admin.get("/api/v1/agencies").body.to_string().contains("Almshouses"));
}

fn whoever_loses_a_seat_gets_no_file_any_more(world: &World) {
    let case = accepted(world, referred(world));
    set(world, "Visit him", case, world.town().police, None, "30/4/2026");
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let file = "/actions/export?format=csv";
    let had = priya.open(file);
    assert_eq!(had.status().as_u16(), 200);
    assert!(had.text().unwrap().contains("Visit him"));
    let police = world.by(POLICE).user();
    let detail = users::show(&world.operator(), police).unwrap();
    let ends = day("2026-03-31");
    users::end_seat(&world.operator(), police, detail.seats[0].0.id, ends).unwrap();
    let lost = priya.open(file);
    let text = lost.text().unwrap();
    assert!(!text.contains("Visit him"), "{text}");
}

fn a_megabyte_in_one_box_is_refused_at_once_and_in_a_short_page(world: &World) {
    let case = accepted(world, referred(world)).to_string();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let form = format!("/actions/new?case={case}");
    let page = carol.read(&form);
    for wording in
        ["a".repeat(1 << 20), format!("a{}", "\u{301}".repeat(100_000)), "\n".repeat(50_000)]
    {
        let fields = [("case", case.as_str()), ("wording", wording.as_str())];
        let quickest = (0..3).map(|_| {
            let begun = Instant::now();
            let answer = carol.press(&page, &form, &fields);
            (begun.elapsed(), answer.status().as_u16(), answer.text().unwrap().len())
        });
        let (took, status, length) = quickest.min().unwrap();
        assert!(status == 422 && length < 20_000, "{status} with {length} bytes");
        assert!(took < Duration::from_millis(200), "{took:?}");
    }
}
