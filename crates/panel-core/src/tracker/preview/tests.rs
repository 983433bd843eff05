//! A preview says everything about every row, and means the same thing the second time.

use super::*;
use crate::access::Role;
use crate::coded::Coded;
use crate::id::{AgencyId, Id};
use crate::text::Name;
use crate::tracker::agencies::AgencyChoice;
use crate::tracker::headings::{recognise, recognise_sheet};
use crate::tracker::sheet::{Cell, Row, Sheet};
use crate::vocabulary::AgencyType;
use uuid::Uuid;

const REFERRALS: &[&str] = &[
    "Ref",
    "Date rec'd",
    "Referring agency",
    "Referrer email",
    "Surname",
    "Forename",
    "DOB",
    "Status",
];
const ACTIONS: &[&str] = &[
    "Meeting date",
    "Case ref",
    "Name",
    "Action",
    "Agency",
    "Who",
    "Due",
    "Status",
    "Status date",
];
const REPS: &[&str] = &["Agency", "Name", "Email", "Role", "Deputy for"];

const GOOD: &[&str] =
    &["P1", "3/4/26", "Police", "a@police.example.org", "WARD", "Lee", "10/12/62", "Open"];

fn sheet(name: &str, headings: &[&str], rows: &[&[&str]]) -> Sheet {
    let cells = |texts: &[&str]| texts.iter().map(|text| Cell::text(*text)).collect();
    let all = std::iter::once(headings).chain(rows.iter().copied());
    let rows = all.zip(1..).map(|(texts, number)| Row { number, cells: cells(texts) }).collect();
    Sheet { name: name.to_owned(), rows, ..Sheet::default() }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()
}

fn read(sheets: Vec<Sheet>) -> Preview {
    let workbook = Workbook { sheets };
    preview(&workbook, &recognise(&workbook), &[], today()).unwrap()
}

fn referrals(rows: &[&[&str]]) -> Preview {
    read(vec![sheet("Log", REFERRALS, rows)])
}

/// The actions of a file whose log holds `GOOD`.
fn actions(rows: &[&[&str]]) -> Preview {
    read(vec![sheet("Actions", ACTIONS, rows), sheet("Log", REFERRALS, &[GOOD])])
}

fn said(preview: &Preview) -> Vec<String> {
    let column = |place: &super::super::remark::Place| place.column.clone().unwrap_or_default();
    let bad = preview
        .bad
        .iter()
        .map(|bad| format!("{}{} {}", column(&bad.place), bad.place.row, bad.kind.code()));
    let warnings = preview.warnings.iter().map(|warning| {
        format!("{}{} {}", column(&warning.place), warning.place.row, warning.kind.code())
    });
    bad.chain(warnings).collect()
}

/// What is said about one action beside the good referral.
#[track_caller]
fn check_action(row: &[&str], expected: &[&str]) {
    assert_eq!(said(&actions(&[row])), expected, "{row:?}");
}

#[track_caller]
fn check_referral(row: &[&str], expected: &[&str]) {
    assert_eq!(said(&referrals(&[row])), expected, "{row:?}");
}

#[test]
fn every_problem_of_a_bad_row_is_named_at_once() {
    check_referral(
        &["P1", "31/02/2026", "??", "x@y.org", "", "Lee", "1/1/2031", "limbo"],
        &[
            "B2 impossible_date",
            "C2 unknown_agency",
            "E2 no_surname",
            "G2 future_dob",
            "H2 unknown_status",
        ],
    );
    check_referral(&["P1", "", "", "", "WARD"], &["B2 missing", "C2 missing"]);
    check_referral(&["P1", "46115", "Police", "", "WARD"], &["B2 unclear_date"]);
    check_referral(
        &["P1", "3/4/1926", "Police", "", "WA\u{7}RD"],
        &["B2 date_out_of_range", "E2 bad_text", "E2 no_surname"],
    );
}

#[test]
fn what_is_odd_but_usable_is_a_warning() {
    check_referral(
        &["P1", "3/4/26", "Police", "not an address", "WARD", "", "?"],
        &["D2 left_out", "G2 left_out"],
    );
    check_referral(&["P1", "3/4/26", "Police", "", "WARD", "Lee", "1/1/15"], &["G2 odd_age"]);
    check_referral(&["P1", "3/10/26", "Police", "", "WARD"], &["B2 odd_date"]);
}

#[test]
fn a_row_that_stands_twice_is_taken_once() {
    let found = referrals(&[GOOD, GOOD]);
    assert_eq!(said(&found), ["3 repeated_row"]);
    assert_eq!((found.referrals.len(), found.counts.repeated_rows), (1, 1));
    let mut other = GOOD.to_vec();
    other[1] = "4/4/26";
    let found = referrals(&[GOOD, &other]);
    assert_eq!(said(&found), ["A3 repeated"], "one reference, two referrals");
}

#[test]
fn referrals_without_a_reference_are_known_by_what_they_say() {
    let mut row = GOOD.to_vec();
    row[0] = "";
    let mut later = row.clone();
    later[7] = "Closed";
    let (first, second) = (referrals(&[&row]), referrals(&[&later]));
    assert_eq!(first.referrals[0].origin.external, second.referrals[0].origin.external);
    let both = referrals(&[&row, &later]);
    let externals: Vec<&str> =
        both.referrals.iter().map(|draft| draft.origin.external.as_str()).collect();
    assert!(externals[0] != externals[1] && externals[1].ends_with(" #2"), "{externals:?}");
}

#[test]
fn an_action_is_the_same_whatever_became_of_it() {
    let row = |status, date| {
        ["4/5/26", "P1", "Lee WARD", "Call her", "Police", "Ann", "1/6/26", status, date]
    };
    let (open, done) = (actions(&[&row("O/S", "")]), actions(&[&row("Done", "2/6/26")]));
    assert_eq!(open.actions[0].origin.external, done.actions[0].origin.external);
    assert_eq!(open.actions[0].referral.as_deref(), Some("referral p1"));
    assert_eq!(done.actions[0].status_on, NaiveDate::from_ymd_opt(2026, 6, 2));
}

#[test]
fn an_action_is_tied_to_its_referral_or_says_why_not() {
    let row = |reference, name| ["4/5/26", reference, name, "Call", "Police", "", "1/6/26", "", ""];
    check_action(&row("p1", "Ward, Lee"), &[]);
    check_action(&row("", "WARD Lee"), &[]);
    check_action(&row("P1", "Leigh WARD"), &["C2 other_name"]);
    check_action(&row("P9", "Lee WARD"), &["B2 unknown_person"]);
    check_action(&row("", "Ann WARD"), &["C2 unknown_person"]);
    check_action(&row("", ""), &["B2 missing"]);
    let mut bad = GOOD.to_vec();
    bad[4] = "";
    let found =
        read(vec![sheet("Actions", ACTIONS, &[&row("P1", "")]), sheet("Log", REFERRALS, &[&bad])]);
    let warning = &found.warnings[0];
    assert_eq!(warning.words, "its referral in row 2 cannot be imported");
    assert_eq!(found.actions[0].referral, None);
}

#[test]
fn dates_of_an_action_are_held_against_each_other() {
    let row =
        |meeting, due, status, date| [meeting, "P1", "", "Call", "Police", "", due, status, date];
    check_action(&row("4/5/26", "1/6/26", "Done", "2/6/26"), &[]);
    check_action(&row("1/4/26", "1/6/26", "", ""), &["A2 meeting_before_referral"]);
    check_action(&row("4/5/26", "3/5/26", "", ""), &["G2 odd_date"]);
    check_action(&row("4/5/26", "1/6/26", "Done", ""), &["I2 no_status_date"]);
    check_action(&row("4/5/26", "1/6/26", "Done", "3/5/26"), &["I2 odd_date"]);
    check_action(&row("4/5/26", "ASAP", "", ""), &["G2 no_due_day"]);
    check_action(&row("4/5/26", "next panel", "", ""), &["G2 no_next_meeting"]);
    check_action(&row("4/5/26", "31/6/26", "", ""), &["G2 impossible_date"]);
    check_action(&row("4/5/26", "by 3/6", "", ""), &["G2 unclear_date"]);
    check_action(&row("4/5/26", "", "nearly", ""), &["H2 unknown_status"]);
}

#[test]
fn next_panel_is_the_next_meeting_of_the_file_bad_rows_included() {
    let found = actions(&[
        &["4/5/26", "P1", "", "Call", "Police", "", "next panel"],
        &["1/6/26", "P1", "", "", "Police"],
        &["6/7/26", "P1", "", "Visit", "Police"],
    ]);
    assert_eq!(found.actions[0].due.on, NaiveDate::from_ymd_opt(2026, 6, 1));
    assert_eq!(said(&found), ["D3 missing"]);
    assert_eq!(found.meetings.len(), 3);
}

#[test]
fn columns_and_values_that_are_not_read_are_told() {
    let headings = [REFERRALS, &["Shoe size", "Status"]].concat();
    let row = [GOOD, &["44", "x", "stray"]].concat();
    let found = read(vec![sheet("Log", &headings, &[&row])]);
    assert_eq!(said(&found), ["I1 column_left_out", "J1 column_left_out", "K2 left_out"]);
    assert!(found.warnings[1].words.ends_with("column H has the same heading"));
    let separated = Sheet { separated: true, ..sheet("Log", &headings, &[&row]) };
    assert_eq!(said(&read(vec![separated]))[0], "K2 shifted");
}

#[test]
fn headings_that_stand_again_and_blank_rows_are_no_rows() {
    let found = referrals(&[GOOD, &["", " ", ""], REFERRALS]);
    assert_eq!((found.counts.rows, found.bad.len()), (1, 0));
}

#[test]
fn the_reader_may_say_what_a_word_means() {
    let row = ["4/5/26", "P1", "", "Call", "Polcie", "", "", "nearly", ""];
    let workbook = Workbook {
        sheets: vec![sheet("Actions", ACTIONS, &[&row]), sheet("Log", REFERRALS, &[GOOD])],
    };
    let mut mapping = recognise(&workbook);
    let first = preview(&workbook, &mapping, &[], today()).unwrap();
    assert_eq!(said(&first), ["E2 unknown_agency", "H2 unknown_status"]);
    assert!(first.bad[0].reason.ends_with("did you mean “Police”?"), "{}", first.bad[0].reason);
    let word = &first.action_words[0];
    assert_eq!((word.folded.as_str(), word.rows, word.meaning), ("nearly", 1, None));
    mapping.action_words.insert("nearly".to_owned(), ActionStatus::InProgress);
    mapping.agencies.insert("polcie".to_owned(), AgencyChoice::SameAs("Police".to_owned()));
    let second = preview(&workbook, &mapping, &[], today()).unwrap();
    assert_eq!(said(&second), Vec::<String>::new());
    assert_eq!(second.actions[0].status, ActionStatus::InProgress);
    assert_eq!(second.actions[0].agency, second.referrals[0].agency);
}

#[test]
fn an_agency_of_panel_is_named_by_its_id() {
    let id = AgencyId::from_uuid(Uuid::from_u128(7));
    let known = [Agency {
        id,
        name: Name::parse("Fenshire Police").unwrap(),
        kind: AgencyType::Police,
        mail_domains: vec!["police.example.org".to_owned()],
        aliases: Vec::new(),
        ended_on: None,
    }];
    let workbook = Workbook { sheets: vec![sheet("Log", REFERRALS, &[GOOD])] };
    let found = preview(&workbook, &recognise(&workbook), &known, today()).unwrap();
    let agency = &found.agencies[0];
    assert_eq!((agency.known, agency.name.as_str()), (Some(id), "Fenshire Police"));
    assert_eq!(found.referrals[0].agency, agency.key);
}

#[test]
fn an_address_outside_the_domains_of_its_agency_is_bad() {
    let known = [Agency {
        id: AgencyId::from_uuid(Uuid::from_u128(7)),
        name: Name::parse("Police").unwrap(),
        kind: AgencyType::Police,
        mail_domains: vec!["police.example.org".to_owned()],
        aliases: Vec::new(),
        ended_on: None,
    }];
    let rows: &[&[&str]] = &[
        &["Police", "Ann Lee", "ann@force.police.example.org", "", ""],
        &["Police", "Bob Ray", "bob@mail.example", "", ""],
    ];
    let workbook = Workbook { sheets: vec![sheet("Reps", REPS, rows)] };
    let found = preview(&workbook, &recognise(&workbook), &known, today()).unwrap();
    assert_eq!(said(&found), ["C3 bad_email"]);
    assert_eq!(found.bad[0].reason, "must end in police.example.org for Police");
}

#[test]
fn what_the_log_says_is_held_against_the_meetings() {
    let log = |status| {
        let mut row = GOOD.to_vec();
        row[7] = status;
        row
    };
    let check = |status, actions: &[&[&str]], expected: &[&str]| {
        let found = read(vec![
            sheet("Actions", ACTIONS, actions),
            sheet("Log", REFERRALS, &[log(status).as_slice()]),
        ]);
        assert_eq!(said(&found), expected, "{status}");
    };
    let action: &[&str] = &["4/5/26", "P1", "", "Call", "Police"];
    check("Heard", &[], &["H2 no_hearing"]);
    check("Heard", &[action], &[]);
    check("Awaiting", &[action], &["H2 heard_untriaged"]);
    check("Awaiting", &[], &[]);
    check("Closed", &[], &[]);
}

#[test]
fn reps_are_read_with_roles_and_deputies() {
    let found = read(vec![sheet(
        "Reps",
        REPS,
        &[
            &["Police", "Ann Lee", "ann@police.example.org", "SPOC", ""],
            &["Police", "Bob Ray", "bob@police.example.org", "Deputy", "SPOC"],
            &["Police", "Cat Fox", "cat@police.example.org", "Deputy", "Dan Roe"],
            &["Police", "Dan Roe", "dan@police.example.org", "Lead", ""],
            &["Police", "Eve Roe", "ANN@police.example.org", "Tea maker", ""],
            &["Police", "Fay Roe", "", "", ""],
            &["Police", "Gus Roe", "gus at police", "", "Nobody"],
            &["Police", "Hal Roe", "hal@police.example.org", "", "Nobody"],
        ],
    )]);
    assert_eq!(said(&found), ["C6 repeated", "C7 missing", "C8 bad_email", "E9 left_out"]);
    let roles: Vec<Role> = found.reps.iter().map(|rep| rep.role).collect();
    let (spoc, rep) = (Role::SinglePointOfContact, Role::Representative);
    assert_eq!(roles, [spoc, rep, rep, Role::AgencyLead, rep]);
    let principals: Vec<Option<&str>> = found
        .reps
        .iter()
        .map(|rep| rep.deputy_for.as_ref().map(crate::text::EmailAddress::as_str))
        .collect();
    let (ann, dan) = (Some("ann@police.example.org"), Some("dan@police.example.org"));
    assert_eq!(principals, [None, ann, dan, None, None]);
}

#[test]
fn a_mapping_with_problems_is_not_used() {
    let workbook = Workbook { sheets: vec![sheet("Log", REFERRALS, &[GOOD])] };
    let mut mapping = recognise(&workbook);
    mapping.sheets[0].assign(4, None);
    assert_eq!(preview(&workbook, &mapping, &[], today()).unwrap_err().len(), 1);
    mapping.sheets[0] = recognise_sheet(&workbook.sheets[0]);
    assert!(preview(&workbook, &mapping, &[], today()).is_ok());
}
