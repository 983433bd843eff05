//! Which agency a word in the tracker means: `POLICE `, `Police (PPU)` and `Fenshire Constabulary`
//! are one, `Drug & Alcohol` and `Clearwater Recovery` write from one mail domain.
//!
//! Spellings are grouped by their words, by the usual words for a kind of agency and by the mail
//! domains beside them; each group carries its evidence and the reader may correct any spelling.

mod group;
mod kind;

use super::status::is_unknown_word;
use crate::agency::Agency;
use crate::id::AgencyId;
use crate::text::fold;
use crate::vocabulary::AgencyType;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What the reader says a word for an agency means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AgencyChoice {
    /// This agency of Panel.
    Known(AgencyId),
    /// The same agency as this other word of the file.
    SameAs(String),
    /// An agency of its own.
    New {
        /// Its name; words with the same one are one agency.
        name: String,
        /// What kind of body it is.
        kind: AgencyType,
    },
    /// No agency: rows with this word are bad rows.
    NotAnAgency,
}

/// One way in which an agency is written in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spelling {
    /// The words, without blanks around them.
    pub written: String,
    /// The rows in which they stand.
    pub rows: usize,
}

/// One agency of the file, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgencyGuess {
    /// What drafts call the agency; unique within one preview.
    pub key: String,
    /// The name of the known agency, or the one proposed for a new one.
    pub name: String,
    /// The agency of Panel that it is; `None` when it is new.
    pub known: Option<AgencyId>,
    /// What kind of agency it is, where its words tell.
    pub kind: Option<AgencyType>,
    /// Every spelling, the most frequent first.
    pub spellings: Vec<Spelling>,
    /// Mail domains that only this agency's people write from.
    pub domains: Vec<String>,
    /// Why these spellings belong together, in words.
    pub evidence: Vec<String>,
}

/// A word for an agency as it stands in some rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting<'a> {
    /// The words as they stand in the cell.
    pub(super) words: &'a str,
    /// The mail domain of the person beside them, where there is one.
    pub(super) domain: Option<&'a str>,
    /// Whether the row names a representative, which makes any name an agency.
    pub(super) is_rep: bool,
    /// The rows that say exactly this.
    pub(super) rows: usize,
}

/// All agencies of a file, by the words that stand for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Agencies {
    guesses: Vec<AgencyGuess>,
    by_words: HashMap<String, usize>,
    by_domain: HashMap<String, usize>,
}

impl Agencies {
    /// Groups everything that was sighted.
    pub(super) fn recognise(
        sightings: &[Sighting<'_>],
        known: &[Agency],
        choices: &BTreeMap<String, AgencyChoice>,
    ) -> Self {
        let guesses = group::group(sightings, known, choices);
        let mut agencies = Self::default();
        for (index, (guess, words)) in guesses.into_iter().enumerate() {
            agencies.by_words.extend(words.into_iter().map(|words| (words, index)));
            let domains = guess.domains.iter().map(|domain| (domain.clone(), index));
            agencies.by_domain.extend(domains);
            agencies.guesses.push(guess);
        }
        agencies
    }

    /// The agency that these words stand for.
    pub(super) fn find(&self, words: &str) -> Option<&AgencyGuess> {
        self.guesses.get(*self.by_words.get(&fold(words))?)
    }

    /// The agency whose people write from this domain, for a hint.
    pub(super) fn of_domain(&self, domain: &str) -> Option<&AgencyGuess> {
        self.guesses.get(*self.by_domain.get(domain)?)
    }

    /// The name most like these words, for a hint about a slip of the pen.
    pub(super) fn nearest(&self, words: &str) -> Option<&str> {
        let folded = fold(words);
        let spellings = self.guesses.iter().flat_map(|guess| &guess.spellings);
        let rated = spellings.map(|spelling| {
            let likeness =
                strsim::normalized_damerau_levenshtein(&folded, &fold(&spelling.written));
            (likeness, spelling.written.as_str())
        });
        let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
        (best.0 >= 0.6).then_some(best.1)
    }

    /// Every agency, by name.
    pub(super) fn into_guesses(self) -> Vec<AgencyGuess> {
        let mut guesses = self.guesses;
        guesses.sort_by_cached_key(|guess| fold(&guess.name));
        guesses
    }
}

/// The words that make a name, without those that come and go: `The Turnaround Trust` and
/// `Turnaround Trust`, `IDVA` and `Idva Service` have one core.
fn core_of(words: &str) -> String {
    let plain: String = fold(words)
        .chars()
        .flat_map(|c| match c {
            '&' => vec![' ', 'a', 'n', 'd', ' '],
            c if c.is_alphanumeric() => vec![c],
            _ => vec![' '],
        })
        .collect();
    let mut parts: Vec<&str> = plain.split_whitespace().collect();
    if parts.len() > 1 && parts.first() == Some(&"the") {
        parts.remove(0);
    }
    if parts.len() > 1 && parts.last().is_some_and(|last| ["service", "services"].contains(last)) {
        parts.pop();
    }
    parts.join(" ")
}

/// Whether words can name an agency at all.
fn can_be_a_name(words: &str) -> bool {
    words.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !is_unknown_word(words)
}

#[cfg(test)]
mod tests;
