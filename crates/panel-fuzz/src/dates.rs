//! Days as people write them.

use crate::{Parser, seeds, text, today};
use panel_core::action::DueWord;
use panel_core::calendar::BankHolidays;
use panel_core::schedule::MonthDay;
use panel_core::tracker::dates::{Purpose, parse};
use panel_web::form::parse::{Century, boxes, single, time};

/// Dates in cells and in boxes, and times of day.
pub(crate) const DATES: Parser = Parser { name: "dates", reads: dates, seeds: written };
/// Days in words: of a month, and until an action is due.
pub(crate) const DAYS: Parser = Parser { name: "days", reads: days, seeds: worded };
/// The published list of bank holidays.
pub(crate) const HOLIDAYS: Parser = Parser { name: "holidays", reads: holidays, seeds: published };

fn dates(bytes: &[u8]) {
    let text = text(bytes);
    for purpose in [Purpose::Birth, Purpose::Event] {
        let _ = parse(&text, purpose, today());
    }
    let mut parts = text.splitn(3, ['/', '-', ' ', '\n']);
    let mut part = || parts.next().unwrap_or_default();
    let (day, month, year) = (part(), part(), part());
    for century in [Century::This, Century::Past(today())] {
        let _ = boxes(day, month, year, century);
        let _ = single(&text, century);
    }
    let _ = time(&text);
}

fn days(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(day) = text.parse::<MonthDay>() {
        assert_eq!(day.to_string().parse(), Ok(day), "a day is read as it is shown");
    }
    let _ = DueWord::parse(&text);
}

fn holidays(bytes: &[u8]) {
    let _ = BankHolidays::parse(&text(bytes));
}

fn written() -> Vec<Vec<u8>> {
    seeds(&[
        "14/05/2026",
        "2026-05-14",
        "Thursday 14 May 2026",
        "14th May 26",
        "14.5.26",
        "30/2/2027",
        "29 Feb 2028",
        "0/0/0",
        "1/1/10000",
        "-1",
        "46156",
        "14 05 2026",
        "9:30am",
        "21.15",
        "midday",
        "due 14 May or 15 May",
        "٣/٤/٢٠٢٦",
    ])
}

fn worded() -> Vec<Vec<u8>> {
    seeds(&[
        "the 15th",
        "15",
        "last day",
        "first Friday",
        "2nd Tue",
        "second-last Monday",
        "22nd Tue",
        "next panel",
        "10 working days",
        "two weeks",
        "asap",
        "3 months",
        "521 days",
        "99999999999 weeks",
    ])
}

fn published() -> Vec<Vec<u8>> {
    let events = |day: &str| {
        format!(
            "{{\"england-and-wales\":{{\"division\":\"england-and-wales\",\"events\":[\
             {{\"title\":\"New Year\",\"date\":\"{day}\",\"notes\":\"\",\"bunting\":true}}]}}}}"
        )
    };
    seeds(&[
        &events("2027-01-01"),
        &events("2027-02-30"),
        "{}",
        "\u{feff}{\"england-and-wales\":{\"events\":[]}}",
    ])
}
