//! The coordinator's old tracker, from its upload to the records it becomes.

mod refused;

use chrono::NaiveDate;
use panel_app::Ctx;
use panel_app::imports::{self, Change, Found, LinkChoice, Reading, Shown, Summary};
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
use panel_tests::world::{COORDINATOR, POLICE, World, day};
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
