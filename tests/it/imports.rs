//! The coordinator's old tracker, from its upload to the records it becomes.

use crate::casework::{Accepted, accept};
use chrono::NaiveDate;
use panel_app::cases;
use panel_app::imports::{self, Change, Found, LinkChoice, Reading, Shown, Summary};
use panel_app::{AppError, Ctx};
use panel_core::access::Role;
use panel_core::action::{ActionStatus, StatusFilter};
use panel_core::audit::{AuditKind, Purpose};
use panel_core::case::CaseStatus;
use panel_core::coded::Coded;
use panel_core::id::ImportId;
use panel_core::referral::TriageStatus;
use panel_store::actions::register::{self, Filter};
use panel_store::cases::CaseFilter;
use panel_store::imports::KeyKind;
use panel_store::referrals::QueueFilter;
use panel_store::{Authz, StoreError};
use panel_tests::caller;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World, day};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const TRACKER: &[u8] = include_bytes!("../data/tracker.xlsx");
const TRUTH: &str = include_str!("../data/tracker.truth.json");

/// A day after everything in the tracker.
const AFTER: &str = "2026-11-20 09:00";

fn truth(key: &str) -> Value {
    let truth: Value = serde_json::from_str(TRUTH).unwrap();
    truth[key].clone()
}

fn true_count(key: &str) -> usize {
    usize::try_from(truth(key).as_u64().unwrap()).unwrap()
}

/// Looks into the database as a person.
#[track_caller]
fn look<T>(ctx: &Ctx<'_>, work: impl FnOnce(&mut Authz<'_>) -> Result<T, StoreError>) -> T {
    let caller = caller::of(ctx);
    ctx.app.store.read(&caller, work).unwrap()
}

#[track_caller]
fn upload(world: &World, name: &str, bytes: &[u8]) -> ImportId {
    let panel = world.town().panel;
    imports::upload(&world.by(COORDINATOR), panel, name, bytes).unwrap()
}

#[track_caller]
fn show(world: &World, id: ImportId) -> Shown {
    imports::show(&world.by(COORDINATOR), id).unwrap()
}

#[track_caller]
fn found(world: &World, id: ImportId) -> Found {
    match show(world, id).reading {
        Reading::Preview(found) => *found,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn change(world: &World, id: ImportId, change: &Change) {
    let version = show(world, id).import.version;
    imports::set_mapping(&world.by(COORDINATOR), id, version, change).unwrap();
}

#[track_caller]
fn confirm(world: &World, id: ImportId) -> Summary {
    let version = show(world, id).import.version;
    imports::confirm(&world.by(COORDINATOR), id, version, true).unwrap()
}

/// Accepts every offer to link.
#[track_caller]
fn link_all(world: &World, id: ImportId) {
    let found = found(world, id);
    let external = |place: usize| found.preview.referrals[place].origin.external.clone();
    let choice = |offer: &imports::Offer| LinkChoice {
        one: external(offer.one),
        two: external(offer.two),
        same: Some(true),
    };
    change(world, id, &Change::Links { decided: found.offers.iter().map(choice).collect() });
}

/// Everything that an import can add, counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stock {
    referrals: usize,
    cases: usize,
    actions: usize,
    meetings: usize,
    people: usize,
    users: usize,
    seats: usize,
    agencies: usize,
}

#[track_caller]
fn stock(world: &World) -> Stock {
    let ctx = world.by(COORDINATOR);
    let panel = world.town().panel;
    let filter = QueueFilter { panel: Some(panel), ..QueueFilter::default() };
    let referrals = look(&ctx, |az| panel_store::referrals::page(az, &filter, None, 20_000));
    let persons: Vec<_> = referrals.iter().map(|it| it.perpetrator).collect();
    let roots = look(&ctx, |az| panel_store::people::roots(az, &persons));
    let filter = CaseFilter { panel: Some(panel), ..CaseFilter::default() };
    let cases = look(&ctx, |az| panel_store::cases::page(az, filter, None, 20_000));
    let midnight = panel_tests::world::london("2000-01-01 00:00");
    let later = panel_tests::world::london("2100-01-01 00:00");
    let meetings = look(&ctx, |az| panel_store::meetings::between(az, panel, midnight, later));
    let mut actions = 0;
    for meeting in &meetings {
        actions += look(&ctx, |az| panel_store::actions::of_meeting(az, meeting.id)).len();
    }
    Stock {
        referrals: referrals.len(),
        cases: cases.len(),
        actions,
        meetings: meetings.len(),
        people: roots.iter().map(|(_, root)| root).collect::<BTreeSet<_>>().len(),
        users: look(&ctx, panel_store::users::list).len(),
        seats: look(&ctx, |az| panel_store::users::seats(az, Some(panel), None)).len(),
        agencies: look(&ctx, panel_store::agencies::list).len(),
    }
}

fn actions_of(world: &World, status: StatusFilter) -> register::Total {
    let filter =
        Filter { panel: Some(world.town().panel), status: Some(status), ..Filter::default() };
    look(&world.by(COORDINATOR), |az| register::count(az, &filter))
}

fn referral_rows(world: &World) -> Vec<panel_store::referrals::ReferralRow> {
    let filter = QueueFilter { panel: Some(world.town().panel), ..QueueFilter::default() };
    look(&world.by(COORDINATOR), |az| panel_store::referrals::page(az, &filter, None, 20_000))
}

fn csv(rows: &[&str]) -> Vec<u8> {
    rows.join("\n").into_bytes()
}

const LOG: &str = "Ref,Date received,Agency,Referrer,Referrer email,Surname,Forename,DOB,Address,\
                   Postcode,Victim name,Status,Notes";

on_both! {
    fn the_whole_tracker_becomes_what_it_says(world) {
        world.set(AFTER);
        let before = stock(world);
        let id = upload(world, "tracker.xlsx", TRACKER);
        assert_eq!(stock(world), before, "nothing is saved before it is confirmed");
        link_all(world, id);
        let summary = confirm(world, id);

        let after = stock(world);
        assert_eq!(after.referrals, true_count("referrals_good"));
        assert_eq!(after.actions, true_count("actions"));
        assert_eq!(after.people, true_count("people"));
        assert_eq!(after.users - before.users, true_count("reps"));
        assert_eq!(after.meetings, 20);
        assert_eq!(summary.referrals, after.referrals);
        assert_eq!((summary.people, summary.left_out), (after.people, 5));
        assert_eq!((summary.seats, after.seats - before.seats), (22, 22));
        assert_eq!(summary.agencies, after.agencies - before.agencies);
        let status: BTreeMap<String, usize> =
            serde_json::from_value(truth("action_status")).unwrap();
        assert_eq!(summary.action_status, status);
        let kept = |status| actions_of(world, status);
        let exactly = |status: ActionStatus| {
            let count = summary.action_status[status.code()];
            register::Total::Exactly(count)
        };
        assert_eq!(kept(StatusFilter::Open), exactly(ActionStatus::Open));
        assert_eq!(kept(StatusFilter::Completed), exactly(ActionStatus::Completed));
        assert_eq!(kept(StatusFilter::NotPossible), exactly(ActionStatus::NotPossible));
        assert_eq!(kept(StatusFilter::NotDone), exactly(ActionStatus::NotDone));
        assert_eq!(kept(StatusFilter::AwaitsChair), register::Total::Exactly(0));
    }

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

    fn a_second_import_of_the_same_file_changes_nothing(world) {
        world.set(AFTER);
        let first = upload(world, "tracker.xlsx", TRACKER);
        link_all(world, first);
        confirm(world, first);
        let before = stock(world);
        let second = upload(world, "again.xlsx", TRACKER);
        let preview = found(world, second);
        assert!(preview.is_empty(), "{:?}", preview.kept);
        assert_eq!(preview.offers, [], "what was decided is not asked again");
        let summary = confirm(world, second);
        assert_eq!((summary.referrals, summary.actions, summary.cases), (0, 0, 0));
        assert_eq!((summary.agencies, summary.accounts, summary.meetings), (0, 0, 0));
        assert_eq!(summary.kept, 115 + 289 + 22);
        assert_eq!(stock(world), before);
    }

    fn a_longer_file_only_adds(world) {
        let row = |reference: &str, surname: &str, status: &str| {
            format!("{reference},3/3/26,Police,,,{surname},Lee,10/12/1962,1 High Street,CB1 1AA,,{status},")
        };
        let (one, two) = (row("P1", "Ward", "Open"), row("P2", "Warde", "Open"));
        let first = upload(world, "log.csv", &csv(&[LOG, &one]));
        confirm(world, first);
        let changed = row("P1", "Somebody", "Closed");
        let second = upload(world, "log.csv", &csv(&[LOG, &changed, &two]));
        let summary = confirm(world, second);
        assert_eq!((summary.referrals, summary.kept), (1, 1));
        let surnames: BTreeSet<String> =
            referral_rows(world).into_iter().map(|it| it.surname).collect();
        assert_eq!(surnames, ["Ward".to_owned(), "Warde".to_owned()].into());
        let root: Vec<_> = referral_rows(world).iter().map(|it| it.perpetrator).collect();
        let links = look(&world.by(COORDINATOR), |az| panel_store::people::links_of(az, &root));
        assert_eq!(links.len(), 1, "a likely person of an earlier import is offered");
    }

    fn people_are_one_only_when_somebody_says_so(world) {
        let row = |reference: &str, surname: &str| {
            format!("{reference},3/3/26,Police,,,{surname},Lee,10/12/1962,1 High Street,CB1 1AA,,Open,")
        };
        let rows = [row("P1", "Ward"), row("P2", "Warde"), row("P3", "WARD")];
        let [one, two, three] = &rows;
        let id = upload(world, "log.csv", &csv(&[LOG, one, two, three]));
        let offers = found(world, id).offers;
        assert_eq!(offers.len(), 2);
        assert!(offers.iter().all(|offer| offer.same.is_none() && !offer.likeness.evidence.is_empty()));
        let decide = |one: &str, two: &str, same| LinkChoice {
            one: format!("referral {one}"),
            two: format!("referral {two}"),
            same,
        };
        let pair = |offer: &imports::Offer| (format!("p{}", offer.one + 1), format!("p{}", offer.two + 1));
        let (first, second) = (pair(&offers[0]), pair(&offers[1]));
        let decided = vec![
            decide(&first.0, &first.1, Some(true)),
            decide(&second.1, &second.0, Some(false)),
        ];
        change(world, id, &Change::Links { decided });
        let summary = confirm(world, id);
        assert_eq!((summary.people, summary.linked, summary.offered), (2, 1, 0));
        assert_eq!(stock(world).people, 2);
        assert_eq!(summary.cases, 2, "one open case a person");
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

    fn x4_all_bad_rows_are_listed_and_nothing_is_saved_until_confirmed(world) {
        let bad = [7, 13, 20, 28, 40];
        let row = |n: usize| {
            let received = if bad.contains(&n) { "31/02/2026" } else { "3/3/26" };
            format!("P{n},{received},Police,,,Name{n},Lee,,,,,Open,")
        };
        let rows: Vec<String> = (1..=40).map(row).collect();
        let mut lines = vec![LOG];
        lines.extend(rows.iter().map(String::as_str));
        let id = upload(world, "log.csv", &csv(&lines));
        let preview = found(world, id).preview;
        let listed: Vec<(u32, &str)> = preview
            .bad
            .iter()
            .map(|bad| (bad.place.row, bad.place.column.as_deref().unwrap()))
            .collect();
        assert_eq!(listed, [(8, "B"), (14, "B"), (21, "B"), (29, "B"), (41, "B")]);
        assert_eq!(stock(world).referrals, 0);
        confirm(world, id);
        assert_eq!(stock(world).referrals, 35);
    }

    fn x5_one_day_is_one_day_however_it_is_typed(world) {
        let row = |n: u32, received: &str| format!("P{n},{received},Police,,,Name{n},Lee,,,,,Open,");
        let days = ["03/04/2026", "2026-04-03", "3 Apr 2026", "13/04/2026", "04/13/2026"];
        let rows: Vec<String> = (1..).zip(days).map(|(n, day)| row(n, day)).collect();
        let mut lines = vec![LOG];
        lines.extend(rows.iter().map(String::as_str));
        world.set("2026-04-20 09:00");
        let id = upload(world, "log.csv", &csv(&lines));
        confirm(world, id);
        let received: BTreeMap<String, NaiveDate> = referral_rows(world)
            .into_iter()
            .map(|row| (row.surname, panel_core::time::local_date(row.received_at)))
            .collect();
        let (third, thirteenth) = (day("2026-04-03"), day("2026-04-13"));
        let expected = [("Name1", third), ("Name2", third), ("Name3", third), ("Name4", thirteenth)];
        let expected: BTreeMap<String, NaiveDate> =
            expected.map(|(name, day)| (name.to_owned(), day)).into();
        assert_eq!(received, expected, "04/13 is a bad row and never swapped");
    }

    fn x7_names_are_kept_as_they_are_written(world) {
        let row = "P1,3/3/26,Police,,,O'Neill,Siân,,,,Zoë D’Arcy-Ŵyn,Open,=HYPERLINK(1)";
        let id = upload(world, "log.csv", &csv(&[LOG, row]));
        confirm(world, id);
        let ctx = world.by(COORDINATOR);
        let [only] = referral_rows(world).try_into().unwrap();
        assert_eq!((only.surname.as_str(), only.forename.as_str()), ("O'Neill", "Siân"));
        let whole = look(&ctx, |az| panel_store::referrals::find(az, only.id)).unwrap();
        let victim = &whole.form.victims[0].name;
        assert_eq!(victim.surname.as_ref().unwrap().as_str(), "D’Arcy-Ŵyn");
        assert!(whole.form.grounds.text.unwrap().as_str().starts_with("=HYPERLINK(1)"));
        for words in ["o'neill", "sian", "Zoe d’arcy", "SIÂN"] {
            let hits = look(&ctx, |az| panel_store::referrals::search(az, words, 10));
            assert_eq!(hits.len(), 1, "{words}");
        }
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

    fn what_was_erased_does_not_come_back(world) {
        let row = "P1,3/3/26,Police,,,Ward,Lee,10/12/1962,,,,Open,";
        let id = upload(world, "log.csv", &csv(&[LOG, row]));
        let import = show(world, id).import;
        let key = (KeyKind::Referral, "referral p1".to_owned(), uuid::Uuid::nil());
        let ctx = world.by(COORDINATOR);
        look(&ctx, |az| panel_store::imports::insert_keys(az, &import, &[key]));
        assert_eq!(confirm(world, id).referrals, 0);
        assert_eq!(stock(world).referrals, 0);
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

    fn a_case_stands_where_the_tracker_has_it(world) {
        world.set(AFTER);
        let id = upload(world, "tracker.xlsx", TRACKER);
        link_all(world, id);
        confirm(world, id);
        let ctx = world.by(COORDINATOR);
        let rows = referral_rows(world);
        for row in &rows {
            assert_eq!(row.case.is_some(), row.state == TriageStatus::Accepted, "{}", row.reference);
            assert!(row.imported);
        }
        let received = rows.iter().filter(|row| row.state == TriageStatus::Received).count();
        assert!(received > 0);
        let filter = CaseFilter { panel: Some(world.town().panel), ..CaseFilter::default() };
        let cases = look(&ctx, |az| panel_store::cases::page(az, filter, None, 20_000));
        let persons: Vec<_> = cases.iter().map(|case| case.person).collect();
        let roots: BTreeMap<_, _> =
            look(&ctx, |az| panel_store::people::roots(az, &persons)).into_iter().collect();
        let mut open = BTreeSet::new();
        for case in &cases {
            assert!(case.imported && case.opened_on <= case.closed_on.unwrap_or(ctx.today));
            if case.state == CaseStatus::Open {
                assert!(open.insert(roots[&case.person]), "one open case a person");
            }
        }
        let references: BTreeSet<&str> =
            cases.iter().map(|it| it.reference.as_str()).chain(rows.iter().map(|it| it.reference.as_str())).collect();
        assert_eq!(references.len(), cases.len() + rows.len());
        let unheard = look(&ctx, |az| panel_store::referrals::unheard(az, world.town().panel));
        assert!(unheard.len() < 20, "{} cases come to the next agenda as new", unheard.len());
    }

    fn agencies_see_what_they_owe_and_the_log_says_who_brought_it(world) {
        world.set(AFTER);
        let town = *world.town();
        let id = upload(world, "tracker.xlsx", TRACKER);
        confirm(world, id);
        let police = world.by(POLICE);
        let filter = Filter { panel: Some(town.panel), ..Filter::default() };
        let seen = look(&police, |az| register::count(az, &filter));
        assert!(matches!(seen, register::Total::Exactly(1..289)), "{seen:?}");
        let log = panel_app::audit::list(&world.by(COORDINATOR), Purpose::Integrity, None, None, 500).unwrap();
        let count = |deed: &str| log.iter().filter(|row| row.deed == deed).count();
        assert_eq!(count("referral.import"), 115);
        assert_eq!((count("import.upload"), count("import.confirm")), (1, 1));
        assert!(count("action.import") > 50);
        let collected = log.iter().filter(|row| row.kind == AuditKind::Collection);
        assert!(collected.filter(|row| row.case.is_some()).count() > 100);
    }
}
