//! Dates are read as they are meant, or named as what is wrong with them.

use super::*;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 9, 1)
}

#[track_caller]
fn check(text: &str, expected: &Result<NaiveDate, DateError>) {
    assert_eq!(parse(text, Purpose::Event, today()), *expected, "{text:?}");
}

#[track_caller]
fn check_birth(text: &str, expected: &Result<NaiveDate, DateError>) {
    assert_eq!(parse(text, Purpose::Birth, today()), *expected, "{text:?}");
}

#[test]
fn x5_every_usual_form_of_one_day_is_that_day() {
    for text in [
        "3/4/26",
        "03/04/2026",
        "3.4.26",
        "03.04.2026",
        "3-4-2026",
        "3 Apr 2026",
        "3 April 26",
        "3rd April 2026",
        "3rd of April, 2026",
        "03-Apr-26",
        "Fri 3 Apr 2026",
        "Apr 3, 2026",
        "Friday, 3/4/26",
        "2026-04-03",
        "2026-04-03T00:00:00",
        "03/04/2026 00:00",
        " 3/4/26 ",
        "3\u{a0}Apr\u{a0}2026",
        "3 / 4 / 26",
    ] {
        check(text, &Ok(day(2026, 4, 3)));
    }
    let real = Cell::date(day(2026, 4, 3));
    assert_eq!(read(&real, Purpose::Event, today()), Ok(Some(day(2026, 4, 3))));
}

#[test]
fn x5_days_and_months_are_never_swapped() {
    check("13/04/2026", &Ok(day(2026, 4, 13)));
    check("04/13/2026", &Err(DateError::NoSuchMonth(13)));
    check("2026-13-04", &Err(DateError::NoSuchMonth(13)));
    check("3/0/26", &Err(DateError::NoSuchMonth(0)));
}

#[test]
fn impossible_days_are_named() {
    check("31/02/2026", &Err(DateError::NoSuchDay { day: 31, month: 2, year: 2026 }));
    check("29/02/2027", &Err(DateError::NoSuchDay { day: 29, month: 2, year: 2027 }));
    check("0/4/26", &Err(DateError::NoSuchDay { day: 0, month: 4, year: 2026 }));
    check("29/02/2024", &Ok(day(2024, 2, 29)));
    let error = DateError::NoSuchDay { day: 31, month: 2, year: 2026 };
    assert_eq!(error.to_string(), "February 2026 has 28 days, there is no day 31");
}

#[test]
fn two_dates_in_a_cell_are_an_error() {
    for text in ["3/4/26 or 10/4/26", "3 Apr 2026, 4 Apr 2026", "3/4/26-10/4/26"] {
        check(text, &Err(DateError::TwoDates));
    }
}

#[test]
fn what_is_not_a_date_is_not_guessed_at() {
    for text in
        ["Apr 2026", "2026", "tbc", "?", "c. 3/4/26", "3/4/26 (tbc)", "3/4", "20260403", "3 13 26"]
    {
        check(text, &Err(DateError::NotUnderstood));
    }
    check("3/4/126", &Err(DateError::YearFigures));
    check("3/4/6", &Err(DateError::YearFigures));
    check("Mon 3 Apr 2026", &Err(DateError::WrongWeekday(day(2026, 4, 3))));
    let serial = read(&Cell::Number(46115.0), Purpose::Event, today());
    assert_eq!(serial, Err(DateError::PlainNumber("46115".to_owned())));
    assert_eq!(read(&Cell::text("  "), Purpose::Event, today()), Ok(None));
}

#[test]
fn a_two_digit_year_is_this_century_unless_a_birth_would_lie_ahead() {
    check("3/4/26", &Ok(day(2026, 4, 3)));
    check_birth("17/11/82", &Ok(day(1982, 11, 17)));
    check_birth("3/4/02", &Ok(day(2002, 4, 3)));
    check_birth("1/9/26", &Ok(day(2026, 9, 1)));
    check_birth("2/9/26", &Ok(day(1926, 9, 2)));
    check_birth("29/2/96", &Ok(day(1996, 2, 29)));
    check_birth("29/2/97", &Err(DateError::NoSuchDay { day: 29, month: 2, year: 1997 }));
}

#[test]
fn dates_lie_in_a_range_that_makes_sense() {
    check_birth("01/01/2031", &Err(DateError::FutureBirth));
    check_birth(
        "31/12/1899",
        &Err(DateError::OutOfRange { first: day(1900, 1, 1), last: today() }),
    );
    let (first, last) = (day(1990, 1, 1), day(2028, 9, 1));
    check("1/9/28", &Ok(last));
    check("2/9/28", &Err(DateError::OutOfRange { first, last }));
    check("3/4/1926", &Err(DateError::OutOfRange { first, last }));
}

proptest! {
    #[test]
    fn a_written_date_reads_back_as_itself(number in 0..13_000_i64, form in 0..6_usize) {
        let written = day(1991, 1, 1) + chrono::Duration::days(number);
        let form = ["%d/%m/%Y", "%-d.%-m.%Y", "%-d %b %Y", "%Y-%m-%d", "%a %d %B %Y", "%d-%b-%Y"][form];
        let text = written.format(form).to_string();
        prop_assert_eq!(parse(&text, Purpose::Event, today()), Ok(written), "{}", text);
    }

    #[test]
    fn day_over_twelve_in_the_second_place_is_refused(d in 1..=12_u32, m in 13..=99_u32) {
        let text = format!("{d}/{m}/2026");
        prop_assert_eq!(parse(&text, Purpose::Event, today()), Err(DateError::NoSuchMonth(m)));
    }

    #[test]
    fn a_birth_is_never_in_the_future(d in 1..=28_u32, m in 1..=12_u32, y in 0..=99_u32) {
        let born = parse(&format!("{d}/{m}/{y:02}"), Purpose::Birth, today()).unwrap();
        prop_assert!(born <= today() && born > today() - Months::new(1200));
    }

    #[test]
    fn any_text_gets_an_answer(text in ".{0,40}") {
        let _ = parse(&text, Purpose::Event, today());
    }

    #[test]
    fn any_text_of_figures_and_marks_gets_an_answer(text in "[0-9/. a-z:-]{0,30}") {
        let _ = parse(&text, Purpose::Birth, today());
    }
}
