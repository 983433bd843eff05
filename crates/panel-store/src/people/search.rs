//! What a record is found by: the words of its names, each by its beginning.
//!
//! A beginning is a range in the order of code points, which both databases keep for these columns;
//! what was typed is never part of a pattern.

use super::Person;
use crate::schema::person_keys;
use panel_core::likeness::Record;
use panel_core::text::fold;
use std::collections::BTreeSet;

/// Words of a query that count; more narrow nothing down.
const MOST_WORDS: usize = 3;

/// The words of a search, folded as names are; a query of fewer words repeats its last, so that one
/// statement serves all. None when there is nothing to search by.
pub(crate) fn words(text: &str) -> Option<[String; MOST_WORDS]> {
    let folded = fold(text);
    let mut words = folded.split_whitespace().map(|word| format!("w {word}"));
    let first = words.next()?;
    let second = words.next().unwrap_or_else(|| first.clone());
    let third = words.next().unwrap_or_else(|| second.clone());
    Some([first, second, third])
}

/// Every key under which a record is kept.
pub(super) fn keys(person: &Person) -> BTreeSet<String> {
    let names = [&person.surname, &person.forename].into_iter().chain(&person.aliases);
    let mut keys = BTreeSet::new();
    for name in names {
        keys.extend(fold(name).split_whitespace().map(|word| format!("w {word}")));
    }
    keys.extend(record(person).keys());
    keys
}

/// The record as core compares it. A person without a surname goes by another name.
pub(super) fn record(person: &Person) -> Record {
    let nameless = person.surname.is_empty() && person.forename.is_empty();
    let (instead, aliases) = match person.aliases.split_first() {
        Some((first, rest)) if nameless => (first.as_str(), rest),
        _ => (person.forename.as_str(), person.aliases.as_slice()),
    };
    let record = Record::new(&person.surname, instead, person.born_on)
        .living_at(&person.address, &person.postcode);
    aliases.iter().fold(record, |record, alias| record.known_as(alias))
}

/// The end of the texts that begin with `prefix`: no letter sorts after the last code point.
pub(crate) fn end_of(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Whether a column begins with a prefix.
macro_rules! begins_with {
    ($column:expr, $prefix:expr) => {{
        let prefix: &str = $prefix;
        $column.ge(prefix.to_owned()).and($column.lt($crate::people::end_of(prefix)))
    }};
}
pub(crate) use begins_with;

diesel::alias!(person_keys as second_keys: SecondKeys, person_keys as third_keys: ThirdKeys);

/// The records whose names hold every one of three words, as a query to select from.
macro_rules! named {
    ($words:expr) => {{
        use $crate::people::{begins_with, second_keys, third_keys};
        use $crate::schema::person_keys::dsl::{key, person_id, person_keys};
        let [first, second, third] = $words;
        let third = third_keys
            .filter(begins_with!(third_keys.field(key), third))
            .select(third_keys.field(person_id));
        let second = second_keys
            .filter(begins_with!(second_keys.field(key), second))
            .filter(second_keys.field(person_id).eq_any(third))
            .select(second_keys.field(person_id));
        person_keys
            .filter(begins_with!(key, first))
            .filter(person_id.eq_any(second))
            .select(person_id)
    }};
}
pub(crate) use named;
