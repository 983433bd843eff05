//! Reading: every kind of field, every error, and what was typed is kept.

use super::kinds::{
    birth_date, date, email, id, ids, line, many_of, narrative, number, one_of, password, pick,
    text, tick, time, yes_no,
};
use super::*;
use chrono::{NaiveDate, NaiveTime};
use panel_core::coded;
use panel_core::id::{AgencyId, RequestId};
use panel_core::text::{EmailAddress, Name, Note};

coded! {
    /// How an action stands.
    pub enum Colour: "colour" {
        /// Red.
        Red = "red" => "Red",
        /// Green.
        Green = "green" => "Green",
    }
}

const UUID: &str = "0198f0a4-0000-7000-8000-000000000001";
const OTHER: &str = "0198f0a4-0000-7000-8000-000000000002";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

/// Reads one field out of a body and says the value, or the code and the sentence.
#[track_caller]
fn read<F: Readable>(field: &F, body: &str) -> Result<F::Value, (String, String)> {
    let values = Values::from_urlencoded(body.as_bytes()).unwrap();
    let mut reader = Layout::new().with(field).read(&values, today());
    let value = reader.get(field);
    reader.finish(|| value).map_err(|refused| {
        let first = refused.errors.first().unwrap();
        (first.code.to_string(), first.message.clone())
    })
}

#[track_caller]
fn check<F: Readable>(field: &F, body: &str, code: &str, sentence: &str)
where
    F::Value: std::fmt::Debug,
{
    let error = read(field, body).unwrap_err();
    assert_eq!(error, (code.to_owned(), sentence.to_owned()), "{body}");
}

#[test]
fn a_line_is_trimmed_and_bounded() {
    let surname: Field<'_, Name> = line("surname", "Surname");
    assert_eq!(read(&surname, "surname=++O%27Brien+").unwrap().as_str(), "O'Brien");
    check(&surname, "surname=", "missing", "Enter the surname");
    check(&surname, "surname=%C2%A0%E3%85%A4", "missing", "Enter the surname");
    check(&surname, "", "missing", "Enter the surname");
    let long = format!("surname={}", "a".repeat(151));
    check(&surname, &long, "too_long", "Surname must be 150 characters or fewer");
    for bad in ["surname=a%00b", "surname=a%0D%0Ab", "surname=a%E2%80%AEb"] {
        check(
            &surname,
            bad,
            "hidden_characters",
            "Surname must not include line breaks or hidden characters",
        );
    }
    let zalgo = format!("surname=z{}", "%CC%81".repeat(100));
    check(&surname, &zalgo, "stacked_marks", "Surname must not stack many marks on one letter");
}

#[test]
fn an_optional_line_may_stay_empty_but_not_be_wrong() {
    let alias: Optional<'_, Name> = line("alias", "Alias").optional();
    for blank in ["", "alias=", "alias=+++", "alias=%C2%A0"] {
        assert_eq!(read(&alias, blank), Ok(None), "{blank}");
    }
    assert_eq!(read(&alias, "alias=Jo").unwrap().unwrap().as_str(), "Jo");
    let long = format!("alias={}", "a".repeat(151));
    check(&alias, &long, "too_long", "Alias must be 150 characters or fewer");
}

#[test]
fn a_narrative_keeps_its_lines() {
    let note: Field<'_, Note> = narrative("note", "Note");
    assert_eq!(read(&note, "note=a%0D%0A%0D%0Ab").unwrap().as_str(), "a\n\nb");
    check(&note, "note=+%0A+", "missing", "Enter the note");
    let long = format!("note={}", "a".repeat(4_001));
    check(&note, &long, "too_long", "Note must be 4,000 characters or fewer");
}

#[test]
fn a_field_can_say_what_is_missing_in_its_own_words() {
    let what: Field<'_, Note> = narrative("what", "What needs to be done?")
        .missing("Enter what needs to be done")
        .noun("the action");
    check(&what, "what=", "missing", "Enter what needs to be done");
    let long = format!("what={}", "a".repeat(4_001));
    check(&what, &long, "too_long", "Action must be 4,000 characters or fewer");
}

#[test]
fn an_address_is_checked() {
    let address: Field<'_, EmailAddress> = email("email", "Email address");
    assert!(read(&address, "email=a.b%40police.example.org").is_ok());
    check(&address, "email=", "missing", "Enter the email address");
    for bad in ["email=b%40localhost", "email=x", "email=a%40p%D0%BElice.uk"] {
        check(
            &address,
            bad,
            "not_an_email_address",
            "Enter an email address in the correct format, like name@example.org",
        );
    }
}

#[test]
fn a_password_is_taken_as_typed() {
    let secret = password("password", "Password", "current-password");
    assert_eq!(read(&secret, "password=+a+%C3%A9+").unwrap(), " a é ");
    check(&secret, "password=", "missing", "Enter the password");
    let long = format!("password={}", "a".repeat(129));
    check(&secret, &long, "too_long", "Password must be 128 characters or fewer");
}

#[test]
fn a_date_is_read_from_three_boxes_or_one() {
    let due: Field<'_, NaiveDate> = date("due", "Due date");
    let day = "2026-12-14".parse().unwrap();
    assert_eq!(read(&due, "due-day=14&due-month=12&due-year=2026"), Ok(day));
    assert_eq!(read(&due, "due-day=14&due-month=dec&due-year=26"), Ok(day));
    assert_eq!(read(&due, "due=14%2F12%2F26"), Ok(day));
    check(&due, "due-day=&due-month=&due-year=", "missing", "Enter the due date");
    let incomplete = "Due date must include a month and year";
    check(&due, "due-day=14&due-month=&due-year=", "date_incomplete", incomplete);
    let unreal = "Due date must be a real date";
    check(&due, "due-day=30&due-month=2&due-year=2026", "not_a_date", unreal);
    check(&due, "due=04%2F13%2F2026", "not_a_date", unreal);
    let range = "Due date must be between 1 January 1900 and 31 December 2100";
    check(&due, "due-day=1&due-month=1&due-year=0001", "date_out_of_range", range);
    check(&due, "due-day=1&due-month=1&due-year=9999", "date_out_of_range", range);
}

#[test]
fn a_date_knows_which_days_it_takes() {
    let born = birth_date("born", "Date of birth");
    assert_eq!(read(&born, "born=1%2F2%2F85"), Ok("1985-02-01".parse().unwrap()));
    let future = "Date of birth must be today or in the past";
    check(&born, "born=22%2F11%2F2026", "date_out_of_range", future);
    let due = date("due", "Due date").days(Days::FromToday);
    assert!(read(&due, "due=21%2F11%2F2026").is_ok());
    let past = "Due date must be today or in the future";
    check(&due, "due=20%2F11%2F2026", "date_out_of_range", past);
}

#[test]
fn an_optional_date_is_empty_or_whole() {
    let due: Optional<'_, NaiveDate> = date("due", "Due date").optional();
    assert_eq!(read(&due, "due-day=&due-month=&due-year="), Ok(None));
    assert_eq!(read(&due, ""), Ok(None));
    check(
        &due,
        "due-day=1&due-month=&due-year=",
        "date_incomplete",
        "Due date must include a month and year",
    );
}

#[test]
fn the_faulty_part_of_a_date_is_where_the_error_leads() {
    static DUE: Field<'_, NaiveDate> = date("due", "Due date");
    static FORM: Form = Form::of(&[&DUE]);
    for (body, part) in [
        ("due-day=&due-month=1&due-year=2026", "due-day"),
        ("due-day=1&due-month=13&due-year=2026", "due-month"),
        ("due-day=1&due-month=1&due-year=226", "due-year"),
        ("due-day=&due-month=&due-year=", "due-day"),
    ] {
        let values = Values::from_urlencoded(body.as_bytes()).unwrap();
        let mut reader = FORM.read(&values, today());
        let due = reader.get(&DUE);
        let refused = reader.finish(|| due).unwrap_err();
        let anchor = refused.errors[0].anchor(Some(DUE.spec()));
        assert_eq!(anchor.as_deref(), Some(part), "{body}");
    }
}

#[test]
fn a_time_is_read_as_people_type_it() {
    let start: Field<'_, NaiveTime> = time("start", "Start time");
    assert_eq!(read(&start, "start=2pm"), Ok("14:00:00".parse().unwrap()));
    check(&start, "start=", "missing", "Enter the start time");
    check(&start, "start=9", "not_a_time", "Start time must be a time, like 9:30am or 2pm");
}

#[test]
fn a_number_stays_in_its_range() {
    let weeks = number("weeks", "Number of weeks", 1, 52);
    assert_eq!(read(&weeks, "weeks=+4+"), Ok(4));
    check(&weeks, "weeks=", "missing", "Enter the number of weeks");
    for bad in ["weeks=four", "weeks=1.5", "weeks=-1", "weeks=1e3", "weeks=%2B4"] {
        check(&weeks, bad, "not_a_number", "Number of weeks must be a whole number, like 10");
    }
    for bad in ["weeks=0", "weeks=53", "weeks=99999999999999999999"] {
        check(&weeks, bad, "number_out_of_range", "Number of weeks must be between 1 and 52");
    }
}

#[test]
fn yes_and_no_are_answers_and_silence_is_not() {
    let lives =
        yes_no("lives", "Does the child live there?", "Select yes if the child lives there");
    assert_eq!(read(&lives, "lives=yes"), Ok(true));
    assert_eq!(read(&lives, "lives=no"), Ok(false));
    check(&lives, "", "missing", "Select yes if the child lives there");
    assert_eq!(read(&lives, "lives=maybe").unwrap_err().0, "not_offered");
    let sure = tick("sure", "I have checked");
    assert_eq!((read(&sure, "sure=yes"), read(&sure, "")), (Ok(true), Ok(false)));
    assert_eq!(read(&sure, "sure=1").unwrap_err().0, "not_offered");
}

#[test]
fn only_what_is_offered_can_be_chosen() {
    let colour: Field<'_, Colour> = one_of("colour", "Colour");
    assert_eq!(read(&colour, "colour=green"), Ok(Colour::Green));
    check(&colour, "", "missing", "Select the colour");
    check(&colour, "colour=blue", "not_offered", "Select the colour from the list");
    let colours: Field<'_, Vec<Colour>> = many_of("colours", "Colours");
    assert_eq!(read(&colours, "colours=green&colours=red"), Ok(vec![Colour::Green, Colour::Red]));
    check(&colours, "", "missing", "Select the colours");
    check(
        &colours,
        "colours=green&colours=blue",
        "not_offered",
        "Select the colours from the list",
    );
    check(&colours, "colours=red&colours=red", "given_twice", "Colours must be given once");
    let none = many_of::<Colour>("colours", "Colours").optional();
    assert_eq!(read(&none, ""), Ok(None));
}

#[test]
fn an_id_is_an_id() {
    let agency: Field<'_, AgencyId> = id("agency", "Owner agency");
    assert_eq!(read(&agency, &format!("agency={UUID}")), Ok(UUID.parse().unwrap()));
    check(&agency, "agency=", "missing", "Select the owner agency");
    for bad in ["agency=1", "agency=%27+OR+1%3D1", &format!("agency={UUID}%00")] {
        check(&agency, bad, "not_offered", "Select the owner agency from the list");
    }
    let agencies: Field<'_, Vec<AgencyId>> = ids("agencies", "Agencies");
    let both = read(&agencies, &format!("agencies={UUID}&agencies={OTHER}")).unwrap();
    assert_eq!(both.len(), 2);
    let twice = format!("agencies={UUID}&agencies={UUID}");
    assert_eq!(read(&agencies, &twice).unwrap_err().0, "given_twice");
}

#[test]
fn a_single_field_given_twice_is_refused() {
    let surname: Field<'_, Name> = line("surname", "Surname");
    check(&surname, "surname=a&surname=b", "given_twice", "Surname must be given once");
    let due: Field<'_, NaiveDate> = date("due", "Due date");
    let twice = "due-day=1&due-day=2&due-month=1&due-year=2026";
    assert_eq!(read(&due, twice).unwrap_err().0, "given_twice");
    assert_eq!(read(&surname, "surname=a&version=1&version=2").unwrap_err().0, "given_twice");
}

#[test]
fn a_field_that_nobody_offered_is_refused() {
    let surname: Field<'_, Name> = line("surname", "Surname");
    for stranger in ["role=coordinator", "agency_id=1", "surname-day=1"] {
        let error = read(&surname, &format!("surname=a&{stranger}")).unwrap_err();
        assert_eq!(error.0, "unknown_field", "{stranger}");
    }
    for ours in ["csrf=x", "do=save", "version=3", &format!("operation={UUID}")] {
        assert!(read(&surname, &format!("surname=a&{ours}")).is_ok(), "{ours}");
    }
}

#[test]
fn every_error_is_collected_in_the_order_of_the_form() {
    static TITLE: Field<'_, Name> = line("title", "Title");
    static DUE: Field<'_, NaiveDate> = date("due", "Due date");
    static COLOUR: Field<'_, Colour> = one_of("colour", "Colour");
    static FORM: Form = Form::sections(&[
        Section::new("What", &[&TITLE]).intro("What is to be done."),
        Section::new("When", &[&DUE, &COLOUR]),
    ]);
    let body = b"title=%3Cb%3E&due-day=31&due-month=2&due-year=2026&colour=blue&role=chair";
    let values = Values::from_urlencoded(body).unwrap();
    let mut reader = FORM.read(&values, today());
    let colour = reader.get(&COLOUR);
    let title = reader.get(&TITLE);
    let due = reader.get(&DUE);
    let refused = reader.finish(|| Some((title?, due?, colour?))).unwrap_err();
    let fields: Vec<&str> = refused.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["due", "colour", ""]);
    assert_eq!(refused.typed, values, "what was typed is kept");
    assert_eq!(refused.typed.one("title"), "<b>");
}

#[test]
fn a_handler_can_refuse_for_reasons_of_its_own() {
    static START: Field<'_, NaiveTime> = time("start", "Start");
    static END: Field<'_, NaiveTime> = time("end", "End");
    static FORM: Form = Form::of(&[&START, &END]);
    let values = Values::from_urlencoded(b"start=2pm&end=1pm").unwrap();
    let mut reader = FORM.read(&values, today());
    let (start, end) = (reader.get(&START), reader.get(&END));
    if start >= end {
        reader.refuse(&END, "end_before_start", "End must be after the start");
    }
    let refused = reader.finish(|| Some((start?, end?))).unwrap_err();
    assert_eq!(refused.errors[0].code, "end_before_start");
    assert_eq!(refused.errors[0].field, "end");
}

#[test]
fn version_and_operation_come_with_every_page_of_ours() {
    static TITLE: Field<'_, Name> = line("title", "Title");
    static FORM: Form = Form::of(&[&TITLE]);
    let body = format!("title=a&version=7&operation={UUID}&do=add");
    let values = Values::from_urlencoded(body.as_bytes()).unwrap();
    let mut reader = FORM.read(&values, today());
    assert_eq!(reader.version(), Some(7));
    assert_eq!(reader.operation::<RequestId>(), UUID.parse().ok());
    assert_eq!(reader.pressed(), "add");
    for body in ["title=a", "title=a&version=-1&operation=1", "title=a&version=1.0"] {
        let values = Values::from_urlencoded(body.as_bytes()).unwrap();
        let mut reader = FORM.read(&values, today());
        assert_eq!((reader.version(), reader.operation::<RequestId>()), (None, None));
        assert_eq!(reader.finish(|| Some(())).unwrap_err().errors.len(), 2, "{body}");
    }
}

#[test]
fn a_value_that_is_written_reads_the_same() {
    #[track_caller]
    fn back<F: Readable>(field: &F, body: &str)
    where
        F::Value: PartialEq + std::fmt::Debug,
    {
        let value = read(field, body).unwrap();
        let mut values = Values::new();
        field.write(&value, &mut values);
        assert_eq!(field.read(&values, today()), Ok(value));
    }
    back(&line::<150>("x", "X"), "x=Si%C3%A2n");
    back(&narrative::<4_000>("x", "X").optional(), "x=a%0Ab");
    back(&narrative::<4_000>("x", "X").optional(), "");
    back(&email("x", "X"), "x=a%40b.org");
    back(&date("x", "X"), "x=3%2F4%2F26");
    back(&date("x", "X").in_one_box(), "x=3%2F4%2F26");
    back(&time("x", "X"), "x=2.15pm");
    back(&number("x", "X", 0, 9), "x=7");
    back(&yes_no("x", "X", ""), "x=no");
    back(&tick("x", "X"), "x=yes");
    back(&tick("x", "X"), "");
    back(&one_of::<Colour>("x", "X"), "x=red");
    back(&many_of::<Colour>("x", "X"), "x=red&x=green");
    back(&ids::<AgencyId>("x", "X"), &format!("x={UUID}&x={OTHER}"));
    back(&pick("x", "X"), "x=Sheet1");
    back(&text("x", "X"), "x=%27%3B+DROP+TABLE+%25");
}

#[test]
fn a_row_that_repeats_reads_under_its_own_name() {
    let outcome: Field<'_, Colour> = one_of("outcome", "Outcome");
    let name = format!("outcome-{UUID}");
    let row = outcome.under(&name, "Outcome for Northshire Police");
    let body = format!("{name}=red");
    assert_eq!(read(&row, &body), Ok(Colour::Red));
    let sentence = "Select the outcome for Northshire Police";
    check(&row, "", "missing", sentence);
}
