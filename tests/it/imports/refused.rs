//! What an import refuses, and that a refusal leaves everything as it was.

use super::{
    AFTER, LOG, TRACKER, confirm, csv, found, look, show, stock, true_count, truth, upload,
};
use crate::casework::{Accepted, accept};
use panel_app::imports::{self, Change, Reading};
use panel_app::{AppError, cases};
use panel_core::access::Role;
use panel_core::audit::{AuditKind, Purpose};
use panel_store::imports::KeyKind;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE};
use std::collections::BTreeSet;

on_both! {
    fn every_bad_row_is_shown_and_left_out_only_when_that_is_said(world) {
        let id = upload(world, "tracker.xlsx", TRACKER);
        let found = found(world, id);
        let rows: BTreeSet<u64> = truth("referrals_bad")
            .as_array()
            .unwrap()
            .iter()
            .map(|bad| bad["row"].as_u64().unwrap())
            .collect();
        let shown: BTreeSet<u64> =
            found.preview.bad.iter().map(|bad| u64::from(bad.place.row)).collect();
        assert_eq!(shown, rows);
        assert!(found.preview.bad.iter().all(|bad| bad.place.column.is_some() && !bad.reason.is_empty()));
        assert_eq!(found.unknown_agencies, ["??"]);
        let version = show(world, id).import.version;
        let all = imports::confirm(&world.by(COORDINATOR), id, version, false);
        assert_eq!(rule(all).0, "bad_rows");
        assert_eq!(stock(world).referrals, 0);
        assert_eq!(confirm(world, id).left_out, 5);
    }

    fn row_50_somebody_whom_the_importer_may_not_see_is_neither_shown_nor_changed(world) {
        let hidden = accept(world, &Accepted { surname: "Stone", ..Accepted::default() });
        let before = cases::show(&world.by(COORDINATOR), hidden).unwrap();
        let by = world.by(OUTSIDER);
        let row = "P1,3/3/26,Police,,,Stone,Jo,1/5/1990,9 Other Road,CB1 1AA,,Closed,Elsewhere";
        let unknown = "P1,3/3/26,Police,,,Nobody,Jo,1/5/1990,9 Other Road,CB1 1AA,,Closed,Elsewhere";
        let shown = |row: &str| {
            let file = csv(&[LOG, row]);
            let id = imports::upload(&by, world.town().elsewhere, "log.csv", &file).unwrap();
            let shown = imports::show(&by, id).unwrap();
            let Reading::Preview(found) = &shown.reading else { panic!("{:?}", shown.reading) };
            (id, shown.import.version, found.offers.len())
        };
        let (other, version, offers) = shown(unknown);
        assert_eq!(offers, 0);
        imports::discard(&by, other, version).unwrap();
        let (id, version, offers) = shown(row);
        assert_eq!(offers, 0, "as for somebody who is nowhere");
        let summary = imports::confirm(&by, id, version, true).unwrap();
        assert_eq!((summary.people, summary.linked, summary.offered), (1, 0, 0));
        not_found(cases::show(&by, hidden));
        let after = cases::show(&world.by(COORDINATOR), hidden).unwrap();
        assert_eq!((after.row, after.person, after.names), (before.row, before.person, before.names));
    }

    fn a_coordinator_of_another_panel_and_a_rep_find_nothing(world) {
        let town = *world.town();
        let id = upload(world, "tracker.xlsx", TRACKER);
        for other in [OUTSIDER, POLICE] {
            let ctx = world.by(other);
            not_found(imports::upload(&ctx, town.panel, "x.csv", TRACKER));
            not_found(imports::show(&ctx, id));
            not_found(imports::list(&ctx, town.panel, None, 10));
            not_found(imports::confirm(&ctx, id, 1, true));
            not_found(imports::discard(&ctx, id, 1));
            let none = Change::Links { decided: Vec::new() };
            not_found(imports::set_mapping(&ctx, id, 1, &none));
        }
        assert_eq!(stock(world).referrals, 0);
    }

    fn a_stale_version_changes_nothing(world) {
        let id = upload(world, "tracker.xlsx", TRACKER);
        let none = Change::Links { decided: Vec::new() };
        imports::set_mapping(&world.by(COORDINATOR), id, 1, &none).unwrap();
        stale(imports::set_mapping(&world.by(COORDINATOR), id, 1, &none));
        stale(imports::confirm(&world.by(COORDINATOR), id, 1, true));
        stale(imports::discard(&world.by(COORDINATOR), id, 1));
        assert_eq!(stock(world).referrals, 0);
    }

    fn what_ended_is_over(world) {
        let id = upload(world, "tracker.xlsx", TRACKER);
        imports::discard(&world.by(COORDINATOR), id, 1).unwrap();
        assert!(matches!(show(world, id).reading, Reading::Discarded));
        let again = imports::confirm(&world.by(COORDINATOR), id, 2, true);
        assert_eq!(rule(again).0, "ended");
        let kept = look(&world.by(COORDINATOR), |az| panel_store::imports::find(az, id));
        assert_eq!(kept.unwrap().1, None, "the bytes are gone");
        let other = upload(world, "tracker.xlsx", TRACKER);
        confirm(world, other);
        assert!(matches!(show(world, other).reading, Reading::Imported(_)));
        let kept = look(&world.by(COORDINATOR), |az| panel_store::imports::find(az, other));
        assert_eq!(kept.unwrap().1, None, "the bytes are gone");
    }

    fn a_second_press_of_the_button_gets_the_first_answer(world) {
        let id = upload(world, "tracker.xlsx", TRACKER);
        let operation = world.by(COORDINATOR).mint();
        let press = || {
            let ctx = world.by(COORDINATOR).submitted(Some(operation));
            imports::confirm(&ctx, id, 1, true).unwrap()
        };
        assert_eq!(press(), press());
        assert_eq!(stock(world).referrals, true_count("referrals_good"));
    }

    fn files_that_cannot_be_read_get_a_clear_answer(world) {
        let panel = world.town().panel;
        let refused = |name: &str, bytes: &[u8]| -> String {
            let errors = invalid(imports::upload(&world.by(COORDINATOR), panel, name, bytes));
            let [error] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!((error.field.as_str(), error.code), ("file", "unreadable"));
            error.message.clone()
        };
        assert!(refused("x.xlsx", b"").contains("is empty"));
        assert!(refused("x.xlsx", &TRACKER[..TRACKER.len() / 2]).contains("damaged"));
        assert!(refused("x.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest").contains("save it"));
        assert!(refused("x.pdf", b"%PDF-1.7 rest of it").contains("PDF"));
        let row = "P1,3/3/26,Police\n";
        let many = format!("Ref,Date received,Agency\n{}", row.repeat(100_001));
        assert!(refused("x.csv", many.as_bytes()).contains("more than 100000 rows"));
        assert_eq!(imports::list(&world.by(COORDINATOR), panel, None, 10).unwrap(), []);
    }

    fn a_failure_midway_leaves_nothing(world) {
        world.set(AFTER);
        let id = upload(world, "tracker.xlsx", TRACKER);
        let before = stock(world);
        let import = show(world, id).import;
        // A meeting that is not there: its actions are refused after people, cases and referrals
        // have been written.
        let key = (KeyKind::Meeting, "2025-02-05".to_owned(), uuid::Uuid::nil());
        let ctx = world.by(COORDINATOR);
        look(&ctx, |az| panel_store::imports::insert_keys(az, &import, &[key]));
        let failed = imports::confirm(&ctx, id, import.version, true);
        assert!(matches!(failed, Err(AppError::Failed(_))), "{failed:?}");
        assert_eq!(stock(world), before);
        assert!(matches!(show(world, id).reading, Reading::Preview(_)), "it can be tried again");
        let log = panel_app::audit::list(&ctx, Purpose::Integrity, None, None, 500).unwrap();
        assert!(log.iter().all(|row| row.kind != AuditKind::Collection || row.deed == "import.upload"));
    }

    fn nobody_is_made_more_than_the_voice_of_an_agency(world) {
        let town = *world.town();
        let reps = "Agency,Name,Email,Role\nPolice,Ann Lee,ann@police.example,Chair\n\
                    Police,Bob Ray,bob@police.example,SPOC\n\
                    Police,Priya Nair,rep@police.example,Lead\n";
        let id = upload(world, "reps.csv", reps.as_bytes());
        assert_eq!(found(world, id).without_seat, 1);
        let summary = confirm(world, id);
        assert_eq!((summary.accounts, summary.seats), (2, 1));
        let ann = world.by("ann@police.example");
        assert!(ann.actor().seats.is_empty() && !ann.actor().administrator);
        assert!(world.by("bob@police.example").actor().is(Role::SinglePointOfContact, town.panel));
        let priya = world.by(POLICE);
        assert!(priya.actor().is(Role::Representative, town.panel), "an account stays as it is");
        assert_eq!(priya.actor().seats.len(), 1);
    }
}
