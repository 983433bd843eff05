//! The coordinator's own tracker, from its bytes to the preview, against what is true of it.
#![cfg(test)]

use chrono::NaiveDate;
use panel_core::action::ActionStatus;
use panel_core::coded::Coded;
use panel_core::tracker::headings::recognise;
use panel_core::tracker::preview::{Preview, preview};
use panel_core::tracker::remark::WarningKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const TRACKER: &[u8] = include_bytes!("../../../tests/data/tracker.xlsx");
const TRUTH: &str = include_str!("../../../tests/data/tracker.truth.json");

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn read(today: NaiveDate) -> Preview {
    let workbook = panel_sheets::read(TRACKER, "tracker.xlsx").unwrap();
    let mapping = recognise(&workbook);
    preview(&workbook, &mapping, &[], today).unwrap()
}

fn tracker() -> Preview {
    read(day(2026, 9, 1))
}

fn truth() -> Value {
    serde_json::from_str(TRUTH).unwrap()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn groups(preview: &Preview) -> BTreeSet<Vec<String>> {
    let reference =
        |place: &usize| preview.referrals[*place].reference.clone().unwrap().to_string();
    preview.links.iter().map(|link| link.referrals.iter().map(reference).collect()).collect()
}

#[test]
fn the_bad_rows_are_exactly_the_true_ones() {
    let (found, truth) = (tracker(), truth());
    let found: BTreeSet<(String, u64, String)> = found
        .bad
        .iter()
        .map(|bad| {
            (bad.place.sheet.clone(), bad.place.row.into(), bad.kind.code().replace('_', " "))
        })
        .collect();
    let expected: BTreeSet<(String, u64, String)> = truth["referrals_bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bad| {
            let text = |key: &str| bad[key].as_str().unwrap().to_owned();
            (text("sheet"), bad["row"].as_u64().unwrap(), text("kind"))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_good_rows_are_as_many_as_are_true() {
    let (found, truth) = (tracker(), truth());
    assert_eq!(found.referrals.len(), number(&truth["referrals_good"]));
    assert_eq!(found.actions.len(), number(&truth["actions"]));
    assert_eq!(found.reps.len(), number(&truth["reps"]));
    let mut status: BTreeMap<&str, usize> = BTreeMap::new();
    for action in &found.actions {
        *status.entry(action.status.code()).or_default() += 1;
    }
    let expected = truth["action_status"].as_object().unwrap();
    let expected: BTreeMap<&str, usize> =
        expected.iter().map(|(word, rows)| (word.as_str(), number(rows))).collect();
    assert_eq!(status, expected);
}

#[test]
fn the_people_are_exactly_the_true_ones() {
    let (found, truth) = (tracker(), truth());
    let expected: BTreeSet<Vec<String>> =
        serde_json::from_value(truth["same_person"].clone()).unwrap();
    assert_eq!(groups(&found), expected);
    assert_eq!(found.counts.people, number(&truth["people"]));
}

#[test]
fn people_of_one_name_and_two_birth_dates_are_not_linked() {
    let groups = groups(&tracker());
    let together = |one: &str, other: &str| {
        groups.iter().any(|group| [one, other].iter().all(|it| group.iter().any(|r| r == it)))
    };
    assert!(together("P25/046", "P26/110"), "one Piotr HUGHES-PARRY");
    assert!(!together("P25/046", "P26/093"), "the other Piotr HUGHES-PARRY");
    assert!(!together("P25/008", "P25/064"), "two Marcus HILL");
}

#[test]
fn the_result_does_not_hang_on_the_day_it_is_read() {
    let september = tracker();
    for today in [day(2025, 11, 21), day(2026, 11, 21), day(2027, 6, 1)] {
        let then = read(today);
        assert_eq!(then.counts, september.counts, "{today}");
        assert_eq!(then.bad, september.bad, "{today}");
    }
}

#[test]
fn every_bad_row_names_its_cell_and_says_why() {
    let said: Vec<String> = tracker()
        .bad
        .iter()
        .map(|bad| {
            let place = &bad.place;
            let (column, heading) = (place.column.as_deref(), place.heading.as_deref());
            let cell = format!("{}{}", column.unwrap_or("-"), place.row);
            format!("{cell} {} “{}”: {}", heading.unwrap_or("-"), place.value, bad.reason)
        })
        .collect();
    assert_eq!(
        said,
        [
            "F15 Perp SURNAME “”: the person referred has no surname",
            "B28 Date rec'd “31/02/2026”: February 2026 has 28 days, there is no day 31",
            "I52 Perp DOB “01/01/2031”: a birth date cannot be in the future",
            "C61 Referring agency “??”: is not an agency that Panel knows; Fenshire NHS MH Trust \
         writes from mental-health.example.org",
            "B97 Date rec'd “3/4/26 or 10/4/26”: holds two dates; keep one",
        ]
    );
}

#[test]
fn the_agencies_are_the_eleven_of_the_panel() {
    let found = tracker();
    let names: Vec<&str> = found.agencies.iter().map(|agency| agency.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ASC",
            "Clearwater Recovery",
            "CSC",
            "Education",
            "Fenshire NHS MH Trust",
            "Fenshire Stalking Advocacy",
            "Housing",
            "IDVA",
            "Police",
            "Probation",
            "Turnaround Trust",
        ]
    );
    let clearwater = &found.agencies[1];
    let spellings: Vec<&str> = clearwater.spellings.iter().map(|s| s.written.as_str()).collect();
    assert_eq!(spellings, ["Drug & Alcohol", "Clearwater Recovery"]);
    assert_eq!(clearwater.domains, ["substance-misuse.example.org"]);
    let keys: BTreeSet<&String> = found.agencies.iter().map(|agency| &agency.key).collect();
    assert!(found.actions.iter().all(|action| keys.contains(&action.agency)));
    assert!(found.referrals.iter().all(|referral| keys.contains(&referral.agency)));
}

#[test]
fn words_for_a_due_date_are_kept_and_read() {
    let found = tracker();
    let row = |row: u32| found.actions.iter().find(|action| action.origin.row == row).unwrap();
    let (asap, next) = (&row(8).due, &row(9).due);
    assert_eq!((asap.on, asap.words.as_ref().unwrap().as_str()), (None, "ASAP"));
    let words = next.words.as_ref().unwrap().as_str();
    assert_eq!((next.on, words), (Some(day(2025, 3, 5)), "next panel"));
    assert_eq!(found.meetings.len(), 20);
    let warned = |kind| found.warnings.iter().filter(|warning| warning.kind == kind).count();
    assert_eq!(warned(WarningKind::NoDueDay), 6);
    assert_eq!(warned(WarningKind::Formula), 59);
    assert_eq!((warned(WarningKind::UnknownPerson), warned(WarningKind::LeftOut)), (0, 0));
    assert!(warned(WarningKind::MeetingBeforeReferral) > 0);
}

#[test]
fn a_not_possible_action_has_its_words_as_reason_and_a_formula_is_text() {
    let found = tracker();
    let not_possible =
        found.actions.iter().filter(|action| action.status == ActionStatus::NotPossible);
    for action in not_possible {
        let reason = action.status_words.as_ref().unwrap().as_str();
        assert!(["N/A - moved away", "Not poss - in custody"].contains(&reason));
    }
    let row = found.actions.iter().find(|action| action.origin.row == 7).unwrap();
    assert_eq!(row.notes.as_ref().unwrap().as_str(), "=SUM(A1)");
}

#[test]
fn deputies_know_their_principals() {
    let found = tracker();
    let deputies: Vec<_> = found.reps.iter().filter(|rep| rep.is_deputy).collect();
    assert_eq!(deputies.len(), 11);
    for deputy in deputies {
        let principal = deputy.deputy_for.as_ref().expect("a principal");
        let principal = found.reps.iter().find(|rep| rep.email == *principal).unwrap();
        assert_eq!((&principal.agency, principal.is_deputy), (&deputy.agency, false));
    }
}

#[test]
fn the_same_file_has_the_same_references_whatever_else_is_in_it() {
    let externals = |preview: &Preview| -> BTreeSet<String> {
        let referrals = preview.referrals.iter().map(|draft| &draft.origin);
        let actions = preview.actions.iter().map(|draft| &draft.origin);
        let reps = preview.reps.iter().map(|draft| &draft.origin);
        referrals.chain(actions).chain(reps).map(|origin| origin.external.clone()).collect()
    };
    let first = tracker();
    let all = externals(&first);
    assert_eq!(all.len(), 115 + 289 + 22, "each row has its own");
    let mut workbook = panel_sheets::read(TRACKER, "other name.xlsx").unwrap();
    for sheet in &mut workbook.sheets {
        sheet.rows.drain(12..20);
        sheet.rows.iter_mut().for_each(|row| row.number += 7);
    }
    let mapping = recognise(&workbook);
    let half = preview(&workbook, &mapping, &[], day(2026, 12, 1)).unwrap();
    assert!(externals(&half).is_subset(&all));
}
