//! Whether two records may be one person: evidence in words and points, never a merge.
//!
//! A pair is worth a look from [`POSSIBLE`] points and is offered for linking from [`LIKELY`].
//! Nothing but a birth date or an address beside the name makes a pair likely, and a different
//! birth date speaks against it, so that two people of one name stay two.
//!
//! Records need not be compared each with each: a pair that is likely shares one of its
//! [`Record::keys`], which a database can hold in an index; [`groups`] finds its pairs so too.

mod groups;
mod sound;
mod verdict;

pub use groups::{Group, Pair, groups};
pub use verdict::{Judged, Verdict, contradicted, roots};

use crate::text::fold;
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Points from which two records are worth a second look.
pub const POSSIBLE: i32 = 50;

/// Points from which two records are offered as one person.
pub const LIKELY: i32 = 70;

/// How like two written names must be to count as one mistyped, where 1 is equal.
const ALIKE: f64 = 0.92;

/// What is known of a person, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    surname: Name,
    forename: Name,
    aliases: Vec<String>,
    born: Option<NaiveDate>,
    address: String,
    postcode: String,
    /// The first sounds of the names. Each part of a double surname counts, since some agencies
    /// write only one.
    initials: BTreeSet<char>,
}

/// A name as written, folded and by its sound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    written: String,
    folded: String,
    sound: String,
}

impl Name {
    fn new(written: &str) -> Self {
        let folded = fold(written);
        let sound = sound::of(&folded);
        Self { written: written.trim().to_owned(), folded, sound }
    }
}

/// One thing that two records have in common, or that tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// What it adds to the score; less than 0 when it speaks against.
    pub points: i32,
    /// The reason in words.
    pub words: String,
}

/// How far two records look like one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Likeness {
    /// The sum of the points.
    pub score: i32,
    /// What it rests on, in the order name, birth date, address.
    pub evidence: Vec<Evidence>,
}

impl Likeness {
    fn add(&mut self, points: i32, words: impl Into<String>) {
        self.score += points;
        self.evidence.push(Evidence { points, words: words.into() });
    }

    /// Whether the pair is offered as one person.
    pub fn is_likely(&self) -> bool {
        self.score >= LIKELY
    }

    /// Whether the pair deserves a look before a second record is made.
    pub fn is_possible(&self) -> bool {
        self.score >= POSSIBLE
    }
}

impl Record {
    /// A record from what was written. Address and postcode may be empty, a forename too.
    pub fn new(surname: &str, forename: &str, born: Option<NaiveDate>) -> Self {
        // Only the first forename is compared: later ones come and go between agencies.
        let forename = Name::new(forename.split_whitespace().next().unwrap_or_default());
        let surname = Name::new(surname);
        let parts = surname.folded.split(' ').chain([forename.folded.as_str()]);
        let initials = parts.filter_map(|part| sound::of(part).chars().next()).collect();
        Self {
            surname,
            forename,
            initials,
            aliases: Vec::new(),
            born,
            address: String::new(),
            postcode: String::new(),
        }
    }

    /// The record with an address and a postcode. An address without a number, such as "no fixed
    /// abode" or the name of a prison, says nothing about who somebody is, nor does the postcode
    /// that stands for none.
    #[must_use]
    pub fn living_at(mut self, address: &str, postcode: &str) -> Self {
        let numbered = address.contains(|c: char| c.is_ascii_digit());
        self.address = if numbered { fold(address) } else { String::new() };
        let postcode = fold(postcode).replace(' ', "");
        self.postcode = if postcode.starts_with("zz99") { String::new() } else { postcode };
        self
    }

    /// The record with one more name, such as a nickname.
    #[must_use]
    pub fn known_as(mut self, alias: &str) -> Self {
        self.aliases.push(fold(alias));
        self
    }

    /// Keys under which the record is stored, so that a record like it can be found by equality.
    ///
    /// Two records that are likely to be one share a key of one with a [`Record::search_keys`] of
    /// the other, unless neither name begins with the same sound; so do two records of one
    /// sounding name.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = self.keys_born(self.born);
        keys.insert(format!("n {} {}", self.surname.sound, self.forename.sound));
        for initial in self.initials.iter().filter(|_| !self.address.is_empty()) {
            keys.insert(format!("a {initial} {}", self.address));
        }
        keys
    }

    /// Keys to look for among stored [`Record::keys`]: its own, and those of the neighbouring and
    /// swapped birth dates.
    pub fn search_keys(&self) -> BTreeSet<String> {
        let near = self.born.into_iter().flat_map(near_births);
        let near = near.flat_map(|born| self.keys_born(Some(born)));
        near.chain(self.keys()).collect()
    }

    fn keys_born(&self, born: Option<NaiveDate>) -> BTreeSet<String> {
        let born = born.into_iter();
        born.flat_map(|day| self.initials.iter().map(move |first| format!("b {first} {day}")))
            .collect()
    }

    /// Compares two records.
    pub fn compare(&self, other: &Self) -> Likeness {
        let mut likeness = Likeness::default();
        self.compare_surnames(other, &mut likeness);
        self.compare_forenames(other, &mut likeness);
        self.compare_births(other, &mut likeness);
        if !self.address.is_empty() && self.address == other.address {
            likeness.add(25, "same address");
        } else if !self.postcode.is_empty() && self.postcode == other.postcode {
            likeness.add(15, "same postcode");
        }
        likeness
    }

    fn compare_surnames(&self, other: &Self, likeness: &mut Likeness) {
        let (one, two) = (&self.surname, &other.surname);
        if one.folded.is_empty() || two.folded.is_empty() {
        } else if one.folded == two.folded {
            likeness.add(30, same_or_spelled("surname", one, two));
        } else if one.folded == other.forename.folded && two.folded == self.forename.folded {
            likeness.add(20, "surname and forename swapped");
        } else if one.sound == two.sound {
            likeness.add(22, format!("surnames {} and {} sound alike", one.written, two.written));
        } else if is_mistyped(&one.folded, &two.folded) || shares_part(&one.folded, &two.folded) {
            let words = format!("surnames {} and {} are nearly alike", one.written, two.written);
            likeness.add(18, words);
        } else {
            let words = format!("different surnames {} and {}", one.written, two.written);
            likeness.add(-20, words);
        }
    }

    fn compare_forenames(&self, other: &Self, likeness: &mut Likeness) {
        let (one, two) = (&self.forename, &other.forename);
        let both = || format!("{} and {}", one.written, two.written);
        if one.folded.is_empty() || two.folded.is_empty() {
        } else if one.folded == two.folded {
            likeness.add(20, same_or_spelled("forename", one, two));
        } else if one.folded == other.surname.folded {
            // Counted with the surnames.
        } else if one.sound == two.sound {
            likeness.add(15, format!("forenames {} sound alike", both()));
        } else if sound::is_short_for(&one.folded, &two.folded) {
            likeness.add(15, format!("forenames {} are forms of one name", both()));
        } else if is_mistyped(&one.folded, &two.folded) {
            likeness.add(12, format!("forenames {} are nearly alike", both()));
        } else if self.aliases.contains(&two.folded) || other.aliases.contains(&one.folded) {
            likeness.add(12, format!("{} is an alias", both()));
        } else {
            likeness.add(-30, format!("different forenames {}", both()));
        }
    }

    fn compare_births(&self, other: &Self, likeness: &mut Likeness) {
        let (Some(one), Some(two)) = (self.born, other.born) else { return };
        let long = |day: NaiveDate| day.format("%-d %B %Y").to_string();
        let both = || format!("{} and {}", long(one), long(two));
        match Births::of(one, two) {
            Births::Same => likeness.add(40, format!("same birth date, {}", long(one))),
            Births::NextDay => likeness.add(30, format!("birth dates one day apart, {}", both())),
            Births::Swapped => {
                likeness.add(30, format!("birth dates with day and month swapped, {}", both()));
            }
            Births::Different => {
                likeness.add(-40, format!("different birth dates, {}", both()));
            }
        }
    }

    /// Whether nothing else can make the pair likely: different birth dates outweigh the name and
    /// the address together. Asked first, because it costs next to nothing.
    fn is_hopeless(&self, other: &Self) -> bool {
        matches!((self.born, other.born), (Some(one), Some(two)) if Births::of(one, two) == Births::Different)
    }
}

/// How two birth dates stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Births {
    Same,
    NextDay,
    Swapped,
    Different,
}

impl Births {
    fn of(one: NaiveDate, two: NaiveDate) -> Self {
        if one == two {
            Self::Same
        } else if (one - two).num_days().abs() == 1 {
            Self::NextDay
        } else if swapped(one) == Some(two) {
            Self::Swapped
        } else {
            Self::Different
        }
    }
}

fn same_or_spelled(what: &str, one: &Name, two: &Name) -> String {
    if one.written == two.written {
        format!("same {what}, {}", one.written)
    } else {
        format!("same {what}, written {} and {}", one.written, two.written)
    }
}

/// The date with its day as month and its month as day, where that is another real date.
fn swapped(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year(), day.day(), day.month()).filter(|other| *other != day)
}

fn near_births(born: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let neighbours = [born.checked_sub_days(Days::new(1)), born.checked_add_days(Days::new(1))];
    neighbours.into_iter().chain([swapped(born)]).flatten()
}

fn is_mistyped(one: &str, two: &str) -> bool {
    let long_enough = one.len().min(two.len()) >= 4;
    long_enough
        && (strsim::damerau_levenshtein(one, two) <= 1 || strsim::jaro_winkler(one, two) >= ALIKE)
}

/// Whether one surname is a part of the other, as `Parry` of `Hughes-Parry`.
fn shares_part(one: &str, two: &str) -> bool {
    let is_part = |part: &str, whole: &str| {
        part.len() >= 4 && whole.contains(' ') && whole.split(' ').any(|word| word == part)
    };
    is_part(one, two) || is_part(two, one)
}

#[cfg(test)]
mod tests;
