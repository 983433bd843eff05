//! The kinds of field: each constructor gives a [`Field`] that reads, draws and refuses one type.

use super::field::{Choice, Days, Drawing, Field, Options, Spec};
use super::parse::{self, Century};
use super::values::Values;
use super::wording::{DateRange, Fault};
use crate::view::words::Language;
use chrono::{NaiveDate, NaiveTime};
use panel_core::coded::Coded;
use panel_core::id::Id;
use panel_core::text::{EmailAddress, Line, Narrative};

/// The most characters of a short text without a type of its own.
const SHORT: usize = 200;

/// The most characters of a password; longer ones are refused before they are hashed.
const PASSWORD: usize = 128;

/// The most values one field of checkboxes takes.
const MANY: usize = 2_000;

fn print_text<T: AsRef<str>>(spec: &Spec<'_>, value: &T, values: &mut Values) {
    values.set(spec.name, value.as_ref());
}

/// One line of at most `MAX` characters.
pub const fn line<'a, const MAX: usize>(name: &'a str, label: &'a str) -> Field<'a, Line<MAX>> {
    let mut spec = Spec::new(name, label, Drawing::Line);
    spec.max = MAX;
    Field {
        spec,
        parse: |spec, values, _| Line::parse(values.one(spec.name)).map_err(Fault::Text),
        print: print_text,
    }
}

/// Several lines of at most `MAX` characters, with a count.
pub const fn narrative<'a, const MAX: usize>(
    name: &'a str,
    label: &'a str,
) -> Field<'a, Narrative<MAX>> {
    let mut spec = Spec::new(name, label, Drawing::Narrative(5));
    spec.max = MAX;
    Field {
        spec,
        parse: |spec, values, _| Narrative::parse(values.one(spec.name)).map_err(Fault::Text),
        print: print_text,
    }
}

/// An e-mail address.
pub const fn email<'a>(name: &'a str, label: &'a str) -> Field<'a, EmailAddress> {
    let mut spec = Spec::new(name, label, Drawing::Email);
    spec.max = 254;
    spec.spellcheck = Some(false);
    spec.autocomplete = Some("email");
    Field {
        spec,
        parse: |spec, values, _| EmailAddress::parse(values.one(spec.name)).map_err(Fault::Text),
        print: |spec, value, values| values.set(spec.name, value.as_str()),
    }
}

/// A password, taken as it was typed; it is never drawn again. `autocomplete` is
/// `current-password` or `new-password`.
pub const fn password<'a>(
    name: &'a str,
    label: &'a str,
    autocomplete: &'a str,
) -> Field<'a, String> {
    let mut spec = Spec::new(name, label, Drawing::Password);
    spec.max = PASSWORD;
    spec.autocomplete = Some(autocomplete);
    Field {
        spec,
        parse: |spec, values, _| {
            let typed = values.one(spec.name);
            match typed.chars().count() {
                0 => Err(Fault::Missing),
                n if n > spec.max => Err(Fault::TooLong { max: spec.max }),
                _ => Ok(typed.to_owned()),
            }
        },
        print: |_, _, _| {},
    }
}

/// The code that an app shows, or one on paper: digits first, pasted and filled in as people like. It is
/// never drawn again.
pub const fn code<'a>(name: &'a str, label: &'a str) -> Field<'a, String> {
    let mut spec = Spec::new(name, label, Drawing::Number);
    spec.max = SHORT;
    spec.width = Some(10);
    spec.autocomplete = Some("one-time-code");
    Field {
        spec,
        parse: |spec, values, _| {
            let read = Line::<SHORT>::parse(values.one(spec.name)).map_err(Fault::Text)?;
            Ok(String::from(read))
        },
        print: |_, _, _| {},
    }
}

/// A short text that is compared and never kept, such as a search or a code from a given list.
pub const fn text<'a>(name: &'a str, label: &'a str) -> Field<'a, String> {
    let mut spec = Spec::new(name, label, Drawing::Line);
    spec.max = SHORT;
    Field {
        spec,
        parse: |spec, values, _| {
            let read = Line::<SHORT>::parse(values.one(spec.name)).map_err(Fault::Text)?;
            Ok(String::from(read))
        },
        print: print_text,
    }
}

/// A value out of a list that is not a vocabulary, such as a sheet of a workbook. The view is given
/// the choices; the handler checks that the value is one of them.
pub const fn pick<'a>(name: &'a str, label: &'a str) -> Field<'a, String> {
    let mut field = text(name, label);
    field.spec.drawing = Drawing::Select;
    field.spec.options = Options::Given;
    field
}

/// The same as radio buttons; see [`pick`].
pub const fn pick_radios<'a>(name: &'a str, label: &'a str) -> Field<'a, String> {
    let mut field = pick(name, label);
    field.spec.drawing = Drawing::Radios;
    field
}

/// A date in three boxes; one box with the whole date is read too.
pub const fn date<'a>(name: &'a str, label: &'a str) -> Field<'a, NaiveDate> {
    let spec = Spec::new(name, label, Drawing::Date);
    Field { spec, parse: parse_date, print: |spec, value, values| print_date(spec, *value, values) }
}

/// A date of birth: today or before, and a two-digit year is never in the future.
pub const fn birth_date<'a>(name: &'a str, label: &'a str) -> Field<'a, NaiveDate> {
    let mut field = date(name, label);
    field.spec.days = Days::UpToToday;
    field.spec.hint = Some("For example, 31 3 1980");
    field
}

fn parse_date(spec: &Spec<'_>, values: &Values, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let century = match spec.days {
        Days::UpToToday => Century::Past(today),
        Days::Any | Days::FromToday => Century::This,
    };
    let part = |part: &str| values.one(&format!("{}-{part}", spec.name)).to_owned();
    let read = if values.has(spec.name) {
        parse::single(values.one(spec.name), century)?
    } else {
        parse::boxes(&part("day"), &part("month"), &part("year"), century)?
    };
    in_range(read, spec.days, today)
}

fn in_range(read: NaiveDate, days: Days, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let year = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
    let (first, last) = (year(1900, 1, 1), year(2100, 12, 31));
    match days {
        Days::UpToToday if read > today => Err(Fault::DateOutOfRange(DateRange::UpToToday)),
        Days::FromToday if read < today => Err(Fault::DateOutOfRange(DateRange::FromToday)),
        _ if (first..=last).contains(&read) => Ok(read),
        _ => Err(Fault::DateOutOfRange(DateRange::Between(first, last))),
    }
}

fn print_date(spec: &Spec<'_>, value: NaiveDate, values: &mut Values) {
    if spec.drawing == Drawing::Date {
        for (part, typed) in ["day", "month", "year"].iter().zip(parse::to_boxes(value)) {
            values.set(format!("{}-{part}", spec.name), typed);
        }
    } else {
        values.set(spec.name, value.format("%-d/%-m/%Y").to_string());
    }
}

/// A time of day.
pub const fn time<'a>(name: &'a str, label: &'a str) -> Field<'a, NaiveTime> {
    let mut spec = Spec::new(name, label, Drawing::Time);
    spec.hint = Some("For example, 9:30am or 2pm");
    spec.width = Some(5);
    Field {
        spec,
        parse: |spec, values, _| parse::time(values.one(spec.name)),
        print: |spec, value, values| values.set(spec.name, value.format("%-H:%M").to_string()),
    }
}

/// A whole number between `min` and `max`, both in.
pub const fn number<'a>(name: &'a str, label: &'a str, min: u32, max: u32) -> Field<'a, u32> {
    let mut spec = Spec::new(name, label, Drawing::Number);
    spec.range = (min, max);
    spec.width = Some(4);
    Field {
        spec,
        parse: |spec, values, _| {
            let typed = values.one(spec.name).trim().replace(',', "");
            let (min, max) = spec.range;
            if typed.is_empty() {
                return Err(Fault::Missing);
            }
            if !typed.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Fault::NotANumber);
            }
            let out = Fault::NumberOutOfRange { min, max };
            typed.parse().ok().filter(|n| (min..=max).contains(n)).ok_or(out)
        },
        print: |spec, value, values| values.set(spec.name, value.to_string()),
    }
}

/// Yes or no; `missing` says what to do, such as `Select yes if the child lives there`.
pub const fn yes_no<'a>(name: &'a str, label: &'a str, missing: &'a str) -> Field<'a, bool> {
    let mut spec = Spec::new(name, label, Drawing::Radios);
    spec.options = Options::Fixed(yes_and_no);
    spec.missing = Some(missing);
    spec.inline = true;
    Field {
        spec,
        parse: |spec, values, _| match values.one(spec.name) {
            "yes" => Ok(true),
            "no" => Ok(false),
            "" => Err(Fault::Missing),
            _ => Err(Fault::NotOffered),
        },
        print: |spec, value, values| values.set(spec.name, if *value { "yes" } else { "no" }),
    }
}

fn yes_and_no() -> Vec<Choice> {
    let words = Language::English.words();
    vec![Choice::new("yes", words.yes), Choice::new("no", words.no)]
}

/// One checkbox: ticked is yes, left alone is no.
pub const fn tick<'a>(name: &'a str, label: &'a str) -> Field<'a, bool> {
    let spec = Spec::new(name, label, Drawing::Tick);
    Field {
        spec,
        parse: |spec, values, _| match values.one(spec.name) {
            "yes" => Ok(true),
            "" => Ok(false),
            _ => Err(Fault::NotOffered),
        },
        print: |spec, value, values| {
            if *value {
                values.set(spec.name, "yes");
            }
        },
    }
}

/// One of a closed vocabulary, as radio buttons; [`Field::as_select`] draws a list instead.
pub const fn one_of<'a, C: Coded>(name: &'a str, label: &'a str) -> Field<'a, C> {
    let mut spec = Spec::new(name, label, Drawing::Radios);
    spec.options = Options::Fixed(coded::<C>);
    Field {
        spec,
        parse: |spec, values, _| match values.one(spec.name) {
            "" => Err(Fault::Missing),
            code => C::from_code(code).map_err(|_| Fault::NotOffered),
        },
        print: |spec, value, values| values.set(spec.name, value.code()),
    }
}

/// Any number of a closed vocabulary, as checkboxes: at least one, unless made optional.
pub const fn many_of<'a, C: Coded>(name: &'a str, label: &'a str) -> Field<'a, Vec<C>> {
    let mut spec = Spec::new(name, label, Drawing::Checkboxes);
    spec.options = Options::Fixed(coded::<C>);
    spec.many = true;
    Field {
        spec,
        parse: |spec, values, _| several(values.all(spec.name), |code| C::from_code(code).ok()),
        print: |spec, chosen, values| {
            let codes = chosen.iter().map(|value| value.code().to_owned());
            values.set_all(spec.name, codes.collect());
        },
    }
}

/// Several of some values of a vocabulary, as checkboxes.
pub const fn some_of<'a, C: Coded>(
    name: &'a str,
    label: &'a str,
    offered: fn() -> Vec<Choice>,
) -> Field<'a, Vec<C>> {
    let mut field = many_of(name, label);
    field.spec.options = Options::Fixed(offered);
    field
}

/// Several of a list that the view is given, as checkboxes.
pub const fn pick_many<'a>(name: &'a str, label: &'a str) -> Field<'a, Vec<String>> {
    let mut spec = Spec::new(name, label, Drawing::Checkboxes);
    spec.options = Options::Given;
    spec.many = true;
    Field {
        spec,
        parse: |spec, values, _| several(values.all(spec.name), |value| Some(value.to_owned())),
        print: |spec, chosen, values| values.set_all(spec.name, chosen.clone()),
    }
}

fn coded<C: Coded>() -> Vec<Choice> {
    C::ALL.iter().map(|value| Choice::new(value.code(), value.label())).collect()
}

/// One of a list from the database, as a list to open. The view is given the choices; whether the
/// person may choose this one is the use case's to decide.
pub const fn id<'a, I: Id>(name: &'a str, label: &'a str) -> Field<'a, I> {
    let mut spec = Spec::new(name, label, Drawing::Select);
    spec.options = Options::Given;
    Field {
        spec,
        parse: |spec, values, _| match values.one(spec.name) {
            "" => Err(Fault::Missing),
            text => text.parse().map_err(|_| Fault::NotOffered),
        },
        print: |spec, value, values| values.set(spec.name, value.to_string()),
    }
}

/// One of a short list from the database, as radio buttons; see [`id`].
pub const fn id_radios<'a, I: Id>(name: &'a str, label: &'a str) -> Field<'a, I> {
    let mut field = id(name, label);
    field.spec.drawing = Drawing::Radios;
    field
}

/// Any number of a list from the database, as checkboxes: at least one, unless made optional.
pub const fn ids<'a, I: Id>(name: &'a str, label: &'a str) -> Field<'a, Vec<I>> {
    let mut spec = Spec::new(name, label, Drawing::Checkboxes);
    spec.options = Options::Given;
    spec.many = true;
    Field {
        spec,
        parse: |spec, values, _| several(values.all(spec.name), |text| text.parse().ok()),
        print: |spec, chosen, values| {
            values.set_all(spec.name, chosen.iter().map(ToString::to_string).collect());
        },
    }
}

/// Every value once, all of them known.
fn several<T>(typed: &[String], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Fault> {
    let given: Vec<&str> = typed.iter().map(String::as_str).filter(|v| !v.is_empty()).collect();
    if given.is_empty() {
        return Err(Fault::Missing);
    }
    let mut sorted = given.clone();
    sorted.sort_unstable();
    if given.len() > MANY || sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Fault::Twice);
    }
    given.into_iter().map(|value| parse(value).ok_or(Fault::NotOffered)).collect()
}

/// A file, drawn as a box to choose one; it is read by [`super::upload`], not by the reader.
pub const fn file<'a>(name: &'a str, label: &'a str, accept: &'a str) -> Field<'a, ()> {
    let mut spec = Spec::new(name, label, Drawing::File);
    spec.accept = Some(accept);
    Field { spec, parse: |_, _, _| Ok(()), print: |_, (), _| {} }
}
