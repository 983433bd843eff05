//! Who at a panel may be connected to the people of a case, as far as names can say.
//!
//! A hint and no more: it asks whoever runs the panel to look before others read. The person it is about is
//! never told, since she could be who the case is about.

use crate::coded;
use crate::text::fold;
use std::collections::BTreeSet;

coded! {
    /// What somebody and a case have in common.
    pub enum Tie: "tie" {
        /// The whole name.
        SameName = "same_name" => "Has the same name as",
        /// The surname.
        SameSurname = "same_surname" => "Has the same surname as",
        /// The perpetrator works there.
        Employer = "employer" => "May employ",
    }
}

/// Somebody a case is about, as far as names go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party<'a> {
    /// Who that is in the case, such as “the perpetrator”.
    pub what: &'static str,
    /// Given names; empty where there are none.
    pub forename: &'a str,
    /// Family name; empty where there is none.
    pub surname: &'a str,
    /// Other names, one a line.
    pub aliases: &'a str,
}

impl Party<'_> {
    /// The names by which the person goes, each whole.
    fn names(&self) -> impl Iterator<Item = String> {
        let own = format!("{} {}", self.forename, self.surname);
        self.aliases.lines().map(str::to_owned).chain([own])
    }
}

/// The closest tie between somebody with this name and the people of a case, with whom of them it is.
pub fn of_person(name: &str, parties: &[Party<'_>]) -> Option<(Tie, &'static str)> {
    let own = words(name);
    let same =
        |party: &&Party<'_>| own.len() > 1 && party.names().any(|other| words(&other) == own);
    if let Some(party) = parties.iter().find(same) {
        return Some((Tie::SameName, party.what));
    }
    let party = parties.iter().find(|party| bears(name, party.surname))?;
    Some((Tie::SameSurname, party.what))
}

/// Whether somebody with this name bears this surname. Of a double surname each part counts; an initial is
/// no surname.
pub fn bears(name: &str, surname: &str) -> bool {
    let name = fold(name);
    let Some(own) = name.split_whitespace().last() else { return false };
    own.chars().count() > 1 && fold(surname).split_whitespace().any(|part| part == own)
}

/// Whether what was written as an employer names this agency: all the words of the one stand in the other,
/// however it is written.
pub fn employs(agency: &str, employer: &str) -> bool {
    let (agency, employer) = (words(agency), words(employer));
    let told = |words: &BTreeSet<String>| words.iter().any(|word| word.chars().count() > 2);
    told(&agency) && told(&employer) && (agency.is_subset(&employer) || employer.is_subset(&agency))
}

fn words(text: &str) -> BTreeSet<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTIES: [Party<'_>; 2] = [
        Party {
            what: "the perpetrator",
            forename: "Sam",
            surname: "Brook-Hale",
            aliases: "Sonny Vale\nSB",
        },
        Party { what: "a victim", forename: "Siân", surname: "O’Neill", aliases: "" },
    ];

    #[track_caller]
    fn check(name: &str, expected: Option<(Tie, &str)>) {
        assert_eq!(of_person(name, &PARTIES), expected, "{name}");
    }

    #[test]
    fn a_whole_name_is_closer_than_a_surname_and_counts_in_any_order_and_spelling() {
        check("Sam Brook-Hale", Some((Tie::SameName, "the perpetrator")));
        check("BROOK HALE, sam", Some((Tie::SameName, "the perpetrator")));
        check("Sonny Vale", Some((Tie::SameName, "the perpetrator")));
        check("Sian O'Neill", Some((Tie::SameName, "a victim")));
        check("SB", None);
    }

    #[test]
    fn a_surname_counts_whole_or_as_a_part_of_a_double_one() {
        check("Ann Hale", Some((Tie::SameSurname, "the perpetrator")));
        check("Ann Brook", Some((Tie::SameSurname, "the perpetrator")));
        check("Pat ONEILL", Some((Tie::SameSurname, "a victim")));
        for nobody in ["Sam Brooks", "Sam Vale-Grey", "Siân", "S B", "", "Neill"] {
            check(nobody, None);
        }
    }

    #[test]
    fn nobody_without_a_name_is_anybodys_namesake() {
        let nobody = [Party { what: "a child", forename: "", surname: "", aliases: "" }];
        assert_eq!(of_person("Ann Hale", &nobody), None);
        assert_eq!(of_person("", &nobody), None);
        assert!(!bears("Ann X", "X"), "an initial is no surname");
    }

    #[test]
    fn an_employer_is_an_agency_when_one_says_all_that_the_other_does() {
        for (agency, employer) in [
            ("Northmoor Police", "northmoor police"),
            ("Northmoor Police", "Northmoor Police, custody suite"),
            ("Northmoor Council Housing", "Northmoor Council"),
            ("NHS Northmoor", "Northmoor NHS"),
        ] {
            assert!(employs(agency, employer), "{agency}: {employer}");
        }
        for (agency, employer) in [
            ("Northmoor Police", "Southmoor Police"),
            ("Northmoor Police", ""),
            ("A B", "a b"),
            ("AB CD", "ab cd"),
            ("", "x"),
        ] {
            assert!(!employs(agency, employer), "{agency}: {employer}");
        }
    }
}
