//! Which passwords anybody would guess: those of breaches, and what is built on common words.

use flate2::read::GzDecoder;
use panel_core::account::{Bar, PasswordError, check_password, normal};
use std::collections::HashSet;
use std::io::Read;
use std::sync::LazyLock;

/// Breached passwords in lower case; the folder's README says whence.
static BREACHED: LazyLock<HashSet<Box<str>>> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!("../data/passwords/breached.txt.gz");
    let mut text = String::new();
    match GzDecoder::new(packed).read_to_string(&mut text) {
        Ok(_) => text.lines().map(Box::from).collect(),
        // It is part of the program, and a test reads it.
        Err(_) => HashSet::new(),
    }
});

/// Words that whoever guesses at this service tries first.
const OURS: [&str; 16] = [
    "panel",
    "matac",
    "marac",
    "mappa",
    "mash",
    "idva",
    "perpetrator",
    "safeguarding",
    "domestic",
    "abuse",
    "stalking",
    "safelives",
    "coordinator",
    "representative",
    "official",
    "sensitive",
];

/// The power of ten of guesses below which a password is too easy, as the estimate counts them.
///
/// At a tenth of a second a guess, which is what its hash costs, that many take thirty years of one
/// machine that has stolen the database; over the network the pauses allow a few dozen a day.
const FEWEST_GUESSES: f64 = 10.0;

/// The power of ten of guesses that find a breached password, which are tried in the order in which
/// people choose them.
const BREACHED_GUESSES: f64 = 4.0;

/// The power of ten of guesses that find a word of this service or of the person's surroundings.
const OWN_GUESSES: f64 = 1.5;

/// The fewest characters of a breached password that is looked for within another.
const SHORTEST_WITHIN: usize = 6;

/// Whose password it is to be.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) bar: Bar,
    /// The names of agencies, which are common knowledge.
    pub(crate) agencies: Vec<String>,
}

/// Checks a new password, and returns it in the form that is hashed.
///
/// # Errors
/// [`PasswordError`] naming the first rule that is broken.
pub(crate) fn check(password: &str, owner: &Owner) -> Result<String, PasswordError> {
    // Normalising a megabyte would be work for nothing; the most that can be right is far below.
    let long = password.chars().nth(4 * panel_core::account::MAX_PASSWORD).is_some();
    if long {
        return Err(PasswordError::TooLong);
    }
    let password = normal(password);
    check_password(&password, owner.bar, &owner.name, &owner.email)?;
    if is_easy(&password, owner) { Err(PasswordError::TooCommon) } else { Ok(password) }
}

fn is_easy(password: &str, owner: &Owner) -> bool {
    let folded = password.to_lowercase();
    if BREACHED.contains(folded.as_str()) || distinct(&folded) < 5 {
        return true;
    }
    let named = [&owner.name, &owner.email].into_iter().chain(&owner.agencies);
    let parts = named.flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let own: Vec<&str> = parts.filter(|part| part.chars().count() >= 3).chain(OURS).collect();
    let guesses = |text: &str| zxcvbn::zxcvbn(text, &own).guesses_log10().max(0.0);
    let beside_breached =
        beside_longest_breached(&folded).map(|rest| BREACHED_GUESSES + guesses(&rest));
    let (words, rest) = without(&folded, &own);
    let beside_own = (words > 0.0).then(|| OWN_GUESSES * words + guesses(&rest));
    let ways = [Some(guesses(password)), beside_breached, beside_own];
    ways.into_iter().flatten().any(|way| way < FEWEST_GUESSES)
}

/// How many words of these a password holds, and what is left of it without them.
fn without(folded: &str, words: &[&str]) -> (f64, String) {
    let mut left = (0.0, folded.to_owned());
    for word in words {
        let word = normal(&word.to_lowercase());
        left.0 += left.1.matches(&word).map(|_| 1.0).sum::<f64>();
        left.1 = left.1.replace(&word, "");
    }
    left
}

/// What stands beside the longest breached password within another: nothing where that one begins
/// again, and of a letter that is repeated one.
fn beside_longest_breached(folded: &str) -> Option<String> {
    let ends = || folded.char_indices().map(|(at, _)| at).chain([folded.len()]);
    let mut found: Option<(usize, usize)> = None;
    for from in ends() {
        for to in ends().filter(|to| *to >= from + SHORTEST_WITHIN) {
            let longer = found.is_none_or(|(first, last)| to - from > last - first);
            // A run of one letter is padding, however common it is.
            let is_word = |part: &str| BREACHED.contains(part) && distinct(part) >= 3;
            if longer && folded.get(from..to).is_some_and(is_word) {
                found = Some((from, to));
            }
        }
    }
    let (from, to) = found?;
    let (word, rest) = (folded.get(from..to)?, [folded.get(..from)?, folded.get(to..)?].concat());
    let mut letters: Vec<char> =
        if word.starts_with(&rest) { Vec::new() } else { rest.chars().collect() };
    letters.dedup();
    Some(letters.into_iter().collect())
}

/// How many different characters there are.
fn distinct(text: &str) -> usize {
    text.chars().collect::<HashSet<char>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(bar: Bar) -> Owner {
        Owner {
            name: "Zoë Ash".to_owned(),
            email: "z.ash@eastshire.example".to_owned(),
            bar,
            agencies: vec!["Eastshire Constabulary".to_owned()],
        }
    }

    #[track_caller]
    fn check_one(password: &str, expected: Result<(), PasswordError>) {
        assert_eq!(check(password, &owner(Bar::Usual)).map(|_| ()), expected, "{password}");
    }

    #[test]
    fn the_list_of_breaches_is_whole() {
        let long = BREACHED.iter().filter(|one| one.chars().count() >= 12).count();
        assert_eq!((BREACHED.len(), long), (132_105, 44_021));
    }

    #[test]
    fn three_words_at_random_are_taken_as_they_were_typed() {
        for good in [
            "three quiet herons",
            "lantern orchard violet",
            "Kestrel-barn-gravel",
            " tin  whistle fjord ",
            "żółw pije wodę z kałuży",
            "x9!Tq2#vLm4p",
        ] {
            assert_eq!(check(good, &owner(Bar::Usual)).as_deref(), Ok(good));
        }
    }

    #[test]
    fn what_everybody_guesses_is_refused() {
        for easy in [
            "Password123456",
            "passwordpassword",
            "p@ssw0rd12345",
            "aaaaaaaaaaaaaa",
            "123456789012345",
            "qwertyuiop1234",
            "Liverpool2026!",
            "iloveyouforever",
            "abcabcabcabcabc",
            "1q2w3e4r5t6y7u",
            "Welcome-Welcome1",
        ] {
            check_one(easy, Err(PasswordError::TooCommon));
        }
    }

    #[test]
    fn the_words_of_this_service_and_of_its_agencies_count_for_nothing() {
        for easy in [
            "panelpanelpanel",
            "MATAC-panel-2026",
            "perpetratorpanel",
            "EastshireConstabulary",
            "constabulary2026",
            "official-sensitive",
        ] {
            check_one(easy, Err(PasswordError::TooCommon));
        }
    }

    #[test]
    fn a_password_that_is_listed_as_breached_is_refused_in_any_case() {
        let none = owner(Bar::Usual);
        let mut listed: Vec<&Box<str>> =
            BREACHED.iter().filter(|one| one.chars().count() >= 12).collect();
        listed.sort();
        for one in listed.into_iter().step_by(400) {
            for typed in [one.to_string(), one.to_uppercase(), format!("{one}1!")] {
                assert_eq!(check(&typed, &none), Err(PasswordError::TooCommon), "{typed}");
            }
        }
    }

    fn most_common() -> Vec<String> {
        let packed: &[u8] = include_bytes!("../data/passwords/most-common.txt.gz");
        let mut text = String::new();
        GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// A common password brought to the length that is asked for, as people do it.
    fn padded(word: &str, bar: Bar) -> [String; 4] {
        let fewest = bar.fewest();
        let with = |tail: &str| {
            let missing = fewest.saturating_sub(word.chars().count());
            word.chars().chain(tail.chars().cycle().take(missing)).collect::<String>()
        };
        let again: String = word.chars().cycle().take(fewest.max(word.chars().count())).collect();
        let mut capital = with("1");
        if let Some(first) = capital.get(..1) {
            let first = first.to_uppercase();
            capital.replace_range(..1, &first);
        }
        [with("1234567890"), with("0"), capital + "!", again]
    }

    #[test]
    fn the_three_thousand_most_common_are_refused_as_they_are_and_padded() {
        let words = most_common();
        assert_eq!(words.len(), 3_000);
        for bar in [Bar::Usual, Bar::High] {
            let taken = words.iter().flat_map(|word| {
                let all = padded(word, bar).into_iter().chain([word.clone()]);
                all.filter(|password| check(password, &owner(bar)).is_ok()).collect::<Vec<_>>()
            });
            assert_eq!(taken.collect::<Vec<_>>(), Vec::<String>::new(), "{bar:?}");
        }
    }

    #[test]
    fn the_lengths_at_the_edge_are_judged_alike_whatever_was_sent() {
        let good: String = "x9!Tq2#vLm4p".chars().cycle().take(1024 * 1024).collect();
        let first = |n: usize| good.chars().take(n).collect::<String>();
        for (length, usual) in [
            (7, Err(PasswordError::TooShort(12))),
            (8, Err(PasswordError::TooShort(12))),
            (11, Err(PasswordError::TooShort(12))),
            (12, Ok(())),
            (15, Ok(())),
            (64, Ok(())),
            (65, Ok(())),
            (128, Ok(())),
            (129, Err(PasswordError::TooLong)),
            (1024 * 1024, Err(PasswordError::TooLong)),
        ] {
            assert_eq!(
                check(&first(length), &owner(Bar::Usual)).map(|_| ()),
                usual,
                "{length} characters"
            );
        }
        let of = |length: usize| check(&first(length), &owner(Bar::High)).map(|_| ());
        assert_eq!((of(14), of(15)), (Err(PasswordError::TooShort(15)), Ok(())));
    }
}
