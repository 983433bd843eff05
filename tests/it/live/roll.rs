//! Who is there, who accepted the statement, and who sees the meeting at all.

use super::{as_it_stands, guest, in_progress, item_of, room};
use panel_app::live::{self, NoteField, PersonForm, RollForm, RollLine};
use panel_core::meeting::AttendanceStatus;
use panel_tests::on_both;
use panel_tests::refusal::{not_found, stale};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World, day};

on_both!(
    the_roll_is_taken_by_agency_with_deputies_apologies_and_observers,
    a_line_of_the_roll_that_changed_meanwhile_is_not_written_over,
    the_statement_is_accepted_by_all_in_the_room_at_once,
    only_those_who_run_the_panel_see_the_live_meeting,
);

fn the_roll_is_taken_by_agency_with_deputies_apologies_and_observers(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let meeting = meetings[0];
    let before = room(world, meeting);
    assert_eq!(before.attendance, []);
    assert_eq!(before.missing.len(), 5, "{:?}", before.missing);
    let expected: Vec<_> = before.expected.iter().map(|one| one.name.as_str()).collect();
    assert!(expected.contains(&"Priya Nair") && expected.contains(&"Otto Byrne"), "{expected:?}");
    assert!(before.statement.contains("confidential"));
    let of = |name: &str, status, statement| {
        let one = before.expected.iter().find(|one| one.name == name).unwrap();
        let expected = Some((one.user, one.agency));
        RollLine { line: None, version: 0, expected, status, statement }
    };
    let form = RollForm {
        lines: vec![
            of("Colin Hart", Some(AttendanceStatus::Present), true),
            of("Priya Nair", Some(AttendanceStatus::PresentRemote), true),
            of("Rhys Evans", Some(AttendanceStatus::ApologiesNone), false),
            of("Otto Byrne", Some(AttendanceStatus::Observer), true),
            of("Hana Sato", None, false),
        ],
    };
    let carol = world.by(COORDINATOR);
    assert_eq!(live::take_roll(&carol, meeting, &form).unwrap(), 4);
    let deputy = PersonForm {
        agency: Some(world.town().housing),
        note: "For Hana Sato".to_owned(),
        on_paper: true,
        ..guest("Dee Ward", AttendanceStatus::Deputy)
    };
    live::add_person(&carol, meeting, &deputy).unwrap();
    let sent = PersonForm {
        agency: Some(world.town().idva),
        information_on: Some(day("2026-04-15")),
        ..guest("Iris O'Neill", AttendanceStatus::ApologiesInformation)
    };
    live::add_person(&carol, meeting, &sent).unwrap();
    let after = room(world, meeting);
    let said: Vec<_> = after
        .attendance
        .iter()
        .map(|line| (line.name.as_str(), line.status, line.statement, line.remarks.clone()))
        .collect();
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let information = words(&["Information came on Wednesday 15 April 2026"]);
    let deputy = words(&["Statement signed on paper", "For Hana Sato"]);
    assert_eq!(
        said,
        [
            ("Iris O'Neill", AttendanceStatus::ApologiesInformation, false, information),
            ("Otto Byrne", AttendanceStatus::Observer, true, vec![]),
            ("Dee Ward", AttendanceStatus::Deputy, true, deputy),
            ("Colin Hart", AttendanceStatus::Present, true, vec![]),
            ("Priya Nair", AttendanceStatus::PresentRemote, true, vec![]),
            ("Rhys Evans", AttendanceStatus::ApologiesNone, false, vec![]),
        ]
    );
    assert_eq!(after.missing, Vec::<String>::new());
}

fn a_line_of_the_roll_that_changed_meanwhile_is_not_written_over(world: &World) {
    let (meetings, _) = in_progress(world, &[]);
    let meeting = meetings[0];
    let carol = world.by(COORDINATOR);
    let id = live::add_person(&carol, meeting, &guest("Gil", AttendanceStatus::Present)).unwrap();
    let row = |version, status| RollLine {
        line: Some(id),
        version,
        expected: None,
        status,
        statement: true,
    };
    let take =
        |line| live::take_roll(&world.by(COORDINATOR), meeting, &RollForm { lines: vec![line] });
    assert_eq!(take(row(1, Some(AttendanceStatus::Present))).unwrap(), 1);
    stale(take(row(1, Some(AttendanceStatus::Absent))));
    stale(live::change_person(&carol, id, 1, &guest("Gil", AttendanceStatus::Absent)));
    let again = take(row(1, Some(AttendanceStatus::Present))).unwrap();
    assert_eq!(again, 0, "the same again changes nothing");
    assert_eq!(take(row(2, None)).unwrap(), 1, "left open again, the line goes");
    assert_eq!(room(world, meeting).attendance, []);
    stale(take(row(2, None)));
}

fn the_statement_is_accepted_by_all_in_the_room_at_once(world: &World) {
    let (meetings, _) = in_progress(world, &[]);
    let carol = world.by(COORDINATOR);
    for (name, status) in [
        ("Gil", AttendanceStatus::Present),
        ("Ann", AttendanceStatus::Observer),
        ("Bo", AttendanceStatus::ApologiesNone),
    ] {
        live::add_person(&carol, meetings[0], &guest(name, status)).unwrap();
    }
    assert_eq!(live::accept_all(&carol, meetings[0], false).unwrap(), 2);
    assert_eq!(live::accept_all(&carol, meetings[0], false).unwrap(), 0);
    let accepted = room(world, meetings[0]).attendance;
    let accepted: Vec<_> =
        accepted.iter().map(|line| (line.name.as_str(), line.statement)).collect();
    assert_eq!(accepted, [("Ann", true), ("Bo", false), ("Gil", true)]);
}

fn only_those_who_run_the_panel_see_the_live_meeting(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    for who in [POLICE, OUTSIDER] {
        let ctx = world.by(who);
        not_found(live::show(&ctx, meetings[0]));
        not_found(live::item(&ctx, id));
        not_found(live::type_note(&ctx, id, 1, NoteField::Risks, "x"));
        not_found(live::record(&ctx, id, &as_it_stands(world, id)));
        not_found(live::take_roll(&ctx, meetings[0], &RollForm { lines: Vec::new() }));
        not_found(live::accept_all(&ctx, meetings[0], true));
    }
}
