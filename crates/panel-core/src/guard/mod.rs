//! Finds in free text what must not leave by it: where somebody who is harmed can be found or reached.
//!
//! Two nets lie over each other. What is kept apart of the people of a case is looked for in any spelling and
//! spacing; and whatever has the shape of a postcode, a telephone number or an address is found too, so that
//! a find tells nobody whether it is anyone's. What the perpetrator is known by may stand.

mod places;
mod tokens;

use crate::coded;
use crate::contact::{Postcode, Telephone};
use crate::referral::{Address, Found, Perpetrator};
use places::{AREAS, KINDS, canonical};
use std::collections::BTreeSet;
use tokens::{Token, tokens};

coded! {
    /// What a find looks like.
    pub enum FindKind: "kind of find" {
        /// A postcode.
        Postcode = "postcode" => "Looks like a postcode",
        /// A telephone number.
        Telephone = "telephone" => "Looks like a telephone number",
        /// A house, a street, or both.
        Address = "address" => "Looks like an address",
        /// A school, an employer, a landlord or a practice.
        Name = "name" => "Looks like a school, an employer, a landlord or a practice",
    }
}

/// Pieces of a number at most: the figures of an international one, each by itself, and a few more.
const LONGEST: usize = 24;

/// Something in a text that somebody has to look at before the text leaves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Find {
    /// What it looks like.
    pub kind: FindKind,
    /// As it was typed.
    pub words: String,
    /// The same for every spelling, so that what was cleared once stays cleared.
    pub key: String,
}

/// What is looked for beside shapes, and what may stand.
#[derive(Clone, Default)]
pub struct Guard {
    postcodes: BTreeSet<String>,
    numbers: BTreeSet<String>,
    streets: BTreeSet<Vec<String>>,
    names: BTreeSet<Vec<String>>,
    open: BTreeSet<String>,
}

impl Guard {
    /// Looks for what is kept apart of one person, too.
    pub fn keep_in(&mut self, found: &Found) {
        self.postcodes.extend(found.postcode.as_ref().map(compact));
        self.numbers.extend(found.telephone.as_ref().map(national));
        let lines = found.address.iter().flat_map(|lines| lines.as_str().lines());
        // The town is no secret, and the first part of an address finds the house.
        let first = lines.filter_map(|line| line.split(',').find(|part| words(part).len() >= 2));
        self.streets.extend(first.map(words));
        let names = [&found.landlord, &found.employer, &found.gp, &found.school, &found.lives_with];
        let names = names.into_iter().flatten().map(|name| words(name.as_str()));
        self.names.extend(names.filter(|words| is_telling(words)));
    }

    /// Lets stand what the perpetrator is known by.
    pub fn let_stand(&mut self, who: &Perpetrator) {
        for Address { lines, postcode } in &who.addresses {
            self.open.extend(postcode.as_ref().map(compact));
            let lines = lines.iter().flat_map(|lines| lines.as_str().lines());
            self.open
                .extend(lines.flat_map(|line| line.split(',')).map(|part| words(part).join(" ")));
        }
        self.open.extend(who.telephone.as_ref().map(national));
    }

    /// Everything in a text that has to be looked at, each spelling of it once, in the order it stands.
    pub fn finds(&self, text: &str) -> Vec<Find> {
        let all = tokens(text);
        let mut finds = Vec::new();
        let mut at = 0;
        while at < all.len() {
            let rest = all.get(at..).unwrap_or_default();
            let Some((kind, length, key)) = self.find_at(text, rest) else {
                at += 1;
                continue;
            };
            let used = rest.get(..length).unwrap_or_default();
            let words = span(text, used);
            let find = Find { kind, words, key: format!("{} {key}", kind.code_of()) };
            if !self.open.contains(&key) && !finds.iter().any(|one: &Find| one.key == find.key) {
                finds.push(find);
            }
            at += length;
        }
        finds
    }

    /// What begins with the first of these tokens: its kind, how many tokens it takes, and its key.
    fn find_at(&self, text: &str, rest: &[Token]) -> Option<(FindKind, usize, String)> {
        let postcode = self.postcode(rest).map(|(length, key)| (FindKind::Postcode, length, key));
        let number = || self.number(text, rest).map(|(n, key)| (FindKind::Telephone, n, key));
        let address = || self.street(rest).or_else(|| shape_of_address(rest));
        let address = || address().map(|(length, key)| (FindKind::Address, length, key));
        let name = || self.name(rest).map(|(length, key)| (FindKind::Name, length, key));
        postcode.or_else(number).or_else(address).or_else(name)
    }

    /// A postcode that is kept, however it is parted, or one in its usual form.
    fn postcode(&self, rest: &[Token]) -> Option<(usize, String)> {
        let mut joined = String::new();
        for (n, token) in rest.iter().take(7).enumerate() {
            joined.push_str(&token.folded.to_uppercase());
            let is_whole = rest.get(n + 1).is_none_or(|next| next.begins_word);
            if joined.len() > 7 {
                break;
            }
            let usual = n < 4 && is_usual_postcode(rest.get(..=n).unwrap_or_default(), &joined);
            if is_whole && (self.postcodes.contains(&joined) || usual) {
                return rest.first()?.begins_word.then_some((n + 1, joined));
            }
        }
        None
    }

    /// A run of figures that holds a number that is kept, or that has the form of one.
    fn number(&self, text: &str, rest: &[Token]) -> Option<(usize, String)> {
        let mut figures = String::new();
        let mut length = 0;
        for (n, token) in rest.iter().enumerate().take(LONGEST) {
            let is_figures = token.folded.bytes().all(|byte| byte.is_ascii_digit());
            let parted = rest.get(n.wrapping_sub(1)).is_some_and(|before| {
                let between = text.get(before.end..token.start).unwrap_or_default();
                !between
                    .chars()
                    .all(|c| matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/' | '+'))
            });
            if !is_figures || parted {
                break;
            }
            figures.push_str(token.folded.as_str());
            length = n + 1;
        }
        let significant = significant(&figures);
        if let Some(kept) = self.numbers.iter().find(|kept| significant.contains(kept.as_str())) {
            return Some((length, kept.clone()));
        }
        let is_one = figures.starts_with('0') || figures.starts_with("44");
        (is_one && (9..=10).contains(&significant.len())).then(|| (length, significant.to_owned()))
    }

    /// House number and street that are kept, or the street by its whole name.
    fn street(&self, rest: &[Token]) -> Option<(usize, String)> {
        let found = self.streets.iter().filter_map(|street| {
            // The `a` of `9a` is no name.
            let named = street.iter().position(|word| !is_number(word) && word.len() > 1)?;
            let (number, name) = street.split_at(named);
            let with_number = street.get(..=named).filter(|_| !number.is_empty());
            let by_number = with_number.filter(|wanted| begins(rest, wanted));
            let by_name = Some(name).filter(|name| name.len() >= 2 && begins(rest, name));
            let length = [
                begins(rest, street).then_some(street.len()),
                by_number.map(<[_]>::len),
                by_name.map(<[_]>::len),
            ];
            Some((length.into_iter().flatten().max()?, street.join(" ")))
        });
        found.max_by_key(|(length, _)| *length)
    }

    fn name(&self, rest: &[Token]) -> Option<(usize, String)> {
        let found = self.names.iter().filter(|name| begins(rest, name));
        found.max_by_key(|name| name.len()).map(|name| (name.len(), name.join(" ")))
    }
}

impl FindKind {
    fn code_of(self) -> &'static str {
        use crate::coded::Coded;
        self.code()
    }
}

/// A postcode without its blank.
fn compact(postcode: &Postcode) -> String {
    postcode.as_str().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A number without country code and leading zero, and without its extension.
fn national(number: &Telephone) -> String {
    let number = number.as_str().split(" ext").next().unwrap_or_default();
    significant(number.trim_start_matches('+')).to_owned()
}

fn significant(figures: &str) -> &str {
    let bare = figures.strip_prefix("00").unwrap_or(figures);
    let bare = bare.strip_prefix("44").filter(|rest| rest.len() >= 9).unwrap_or(bare);
    bare.strip_prefix('0').unwrap_or(bare)
}

/// The folded words of a text, each kind of street in its long form.
fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| canonical(&token.folded).to_owned()).collect()
}

/// Whether a name says more than any word does.
fn is_telling(words: &[String]) -> bool {
    words.len() >= 2 || words.first().is_some_and(|word| word.chars().count() >= 7)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text goes on with these words, a slip of one letter in a longer one allowed.
fn begins(rest: &[Token], wanted: &[String]) -> bool {
    let same = |(token, word): (&Token, &String)| {
        let said = canonical(&token.folded);
        let long = word.chars().count() >= 4 && !is_number(word);
        said == word || (long && strsim::osa_distance(said, word) <= 1)
    };
    rest.len() >= wanted.len() && rest.iter().zip(wanted).all(same)
}

/// The usual form: letters of a postal area, figures, a blank or none, a figure and two letters.
fn is_usual_postcode(tokens: &[Token], joined: &str) -> bool {
    let letters = joined.bytes().take_while(u8::is_ascii_alphabetic).count();
    let Some((area, rest)) = joined.split_at_checked(letters) else { return false };
    let known = AREAS.binary_search(&area).is_ok();
    let inward = rest.len().checked_sub(3).and_then(|at| rest.split_at_checked(at));
    let well_formed = inward.is_some_and(|(district, inward)| {
        let unit = |b: &u8| b.is_ascii_uppercase() && !b"CIKMOV".contains(b);
        let district = district.as_bytes();
        district.first().is_some_and(u8::is_ascii_digit)
            && district.len() <= 2
            && inward.as_bytes().first().is_some_and(u8::is_ascii_digit)
            && inward.as_bytes().get(1..).is_some_and(|tail| tail.iter().all(unit))
    });
    let begun = tokens.iter().filter(|token| token.begins_word).count();
    known && well_formed && begun <= 2
}

/// A house number, one to three words with capitals, and a kind of street.
fn shape_of_address(rest: &[Token]) -> Option<(usize, String)> {
    let (house, after) = rest.split_first()?;
    if !is_number(&house.folded) || house.folded.len() > 4 {
        return None;
    }
    let letter = after.first().is_some_and(|token| token.folded.len() == 1 && !token.begins_word);
    let from = 1 + usize::from(letter);
    let (mut key, mut named) = (vec![house.folded.clone()], 0);
    for (n, token) in rest.iter().enumerate().skip(from).take(4) {
        let kind = canonical(&token.folded);
        if named > 0 && KINDS.contains(&kind) && token.is_capital {
            key.push(kind.to_owned());
            return Some((n + 1, key.join(" ")));
        }
        if !token.is_capital || is_number(&token.folded) {
            return None;
        }
        key.push(kind.to_owned());
        named += 1;
    }
    None
}

/// The text from the first of these tokens to the last.
fn span(text: &str, used: &[Token]) -> String {
    let ends = used.first().zip(used.last()).map(|(first, last)| first.start..last.end);
    ends.and_then(|range| text.get(range)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
