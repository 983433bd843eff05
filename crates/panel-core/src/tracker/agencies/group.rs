//! Groups the spellings of agencies: by the reader's choice, by name, by kind and by mail domain.

use super::kind;
use super::{AgencyChoice, AgencyGuess, Sighting, Spelling, can_be_a_name, core_of};
use crate::agency::Agency;
use crate::coded::Coded;
use crate::text::fold;
use crate::vocabulary::AgencyType;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Of all addresses beside a word, the part in one domain that makes the domain its own.
const OWN_PERCENT: usize = 80;

/// Domains that many agencies or anybody write from; they are evidence of nothing.
const SHARED_DOMAINS: [&str; 10] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "live.co.uk",
    "yahoo.co.uk",
    "icloud.com",
    "nhs.net",
    "cjsm.net",
];

/// Everything that is known about one folded word for an agency.
#[derive(Debug, Default)]
struct Word {
    written: BTreeMap<String, usize>,
    domains: BTreeMap<String, usize>,
    /// As the list of representatives writes it, where it does.
    on_reps: Option<String>,
    core: String,
    kind: Option<AgencyType>,
    own_domain: Option<String>,
    known: Option<usize>,
    new: Option<(String, AgencyType)>,
    linked_by: BTreeSet<String>,
    group: String,
}

impl Word {
    fn rows(&self) -> usize {
        self.written.values().sum()
    }

    fn most_written(&self) -> &str {
        let most = self.written.iter().max_by_key(|(written, rows)| (**rows, written.len()));
        most.map_or("", |(written, _)| written)
    }
}

type Words = BTreeMap<String, Word>;

/// Every agency with the folded words that stand for it. Words that can be no agency are left out.
pub(super) fn group(
    sightings: &[Sighting<'_>],
    known: &[Agency],
    choices: &BTreeMap<String, AgencyChoice>,
) -> Vec<(AgencyGuess, Vec<String>)> {
    let mut words = collect(sightings);
    words.retain(|folded, word| match choices.get(folded) {
        Some(choice) => *choice != AgencyChoice::NotAnAgency,
        None => can_be_a_name(word.most_written()),
    });
    claim_domains(&mut words);
    find_known(&mut words, known);
    apply_choices(&mut words, known, choices);
    words.retain(|_, word| is_recognised(word));
    name_groups(&mut words, known);
    follow_same_as(&mut words, choices);
    gather(words, known)
}

fn collect(sightings: &[Sighting<'_>]) -> Words {
    let mut words = Words::new();
    for sighting in sightings {
        let word = words.entry(fold(sighting.words)).or_default();
        let tidy = sighting.words.split_whitespace().collect::<Vec<_>>().join(" ");
        if sighting.is_rep {
            word.on_reps.get_or_insert_with(|| tidy.clone());
        }
        *word.written.entry(tidy).or_default() += sighting.rows;
        let domain = sighting.domain.filter(|domain| !SHARED_DOMAINS.contains(domain));
        if let Some(domain) = domain {
            *word.domains.entry(domain.to_owned()).or_default() += sighting.rows;
        }
    }
    for word in words.values_mut() {
        word.core = core_of(word.most_written());
        word.kind = kind::of(&word.core);
    }
    words
}

/// Gives each word the domain that nearly all its people write from, unless agencies of different
/// kind share that domain, as the departments of a council do.
fn claim_domains(words: &mut Words) {
    let mut users: HashMap<String, BTreeMap<AgencyType, usize>> = HashMap::new();
    for word in words.values() {
        if let Some(kind) = word.kind {
            for (domain, rows) in &word.domains {
                *users.entry(domain.clone()).or_default().entry(kind).or_default() += rows;
            }
        }
    }
    let is_shared = |domain: &String| {
        users.get(domain).is_some_and(|by_kind| {
            let (most, all) = (by_kind.values().max(), by_kind.values().sum::<usize>());
            most.is_some_and(|most| most * 100 < all * OWN_PERCENT)
        })
    };
    for word in words.values_mut() {
        let all: usize = word.domains.values().sum();
        let main = word.domains.iter().max_by_key(|(_, rows)| **rows);
        word.own_domain = main
            .filter(|(domain, rows)| *rows * 100 >= all * OWN_PERCENT && !is_shared(domain))
            .map(|(domain, _)| domain.clone());
    }
}

/// Finds the agency of Panel that a word means: by name, by mail domain, or as the only one of its
/// kind that still sits.
fn find_known(words: &mut Words, known: &[Agency]) {
    let cores: Vec<Vec<String>> = known
        .iter()
        .map(|agency| {
            let aliases = agency.aliases.iter().map(String::as_str);
            std::iter::once(agency.name.as_str()).chain(aliases).map(core_of).collect()
        })
        .collect();
    for word in words.values_mut() {
        let named = cores.iter().position(|cores| cores.contains(&word.core));
        let domain = word.own_domain.as_deref();
        let by_domain = || {
            known.iter().position(|agency| {
                let mut domains = agency.mail_domains.iter();
                domain.is_some_and(|domain| domains.any(|own| lies_in(domain, own)))
            })
        };
        let by_kind = || {
            let live = known.iter().enumerate().filter(|(_, agency)| agency.ended_on.is_none());
            let mut same = live.filter(|(_, agency)| Some(agency.kind) == word.kind);
            same.next().filter(|_| same.next().is_none()).map(|(index, _)| index)
        };
        let mut note = |found: Option<usize>, why: &str| {
            let agency = known.get(found?)?;
            word.linked_by.insert(format!("“{}” {why} {}", word_for(&word.written), agency.name));
            found
        };
        word.known = note(named, "is a name of")
            .or_else(|| note(by_domain(), "writes from the mail domain of"))
            .or_else(|| note(by_kind(), "can only mean"));
    }
}

fn word_for(written: &BTreeMap<String, usize>) -> &str {
    written.iter().max_by_key(|(_, rows)| **rows).map_or("", |(written, _)| written)
}

/// Whether `domain` is `suffix` or lies below it, on whole labels.
fn lies_in(domain: &str, suffix: &str) -> bool {
    let suffix = suffix.to_ascii_lowercase();
    domain == suffix || domain.strip_suffix(&suffix).is_some_and(|rest| rest.ends_with('.'))
}

fn apply_choices(words: &mut Words, known: &[Agency], choices: &BTreeMap<String, AgencyChoice>) {
    for (folded, choice) in choices {
        let Some(word) = words.get_mut(folded) else { continue };
        word.linked_by = BTreeSet::from([format!("“{}” was set by hand", word.most_written())]);
        match choice {
            AgencyChoice::Known(id) => {
                word.known = known.iter().position(|agency| agency.id == *id);
            }
            AgencyChoice::New { name, kind } => {
                (word.known, word.new) = (None, Some((name.clone(), *kind)));
            }
            AgencyChoice::SameAs(_) | AgencyChoice::NotAnAgency => {}
        }
    }
}

fn is_recognised(word: &Word) -> bool {
    word.known.is_some()
        || word.new.is_some()
        || word.kind.is_some()
        || word.own_domain.is_some()
        || word.on_reps.is_some()
        || word.linked_by.iter().any(|why| why.ends_with("by hand"))
}

/// Names the group of each word: one agency of Panel, one kind within one mail domain, or one core.
fn name_groups(words: &mut Words, known: &[Agency]) {
    let mut domain_kind: BTreeMap<String, AgencyType> = BTreeMap::new();
    let mut kind_domains: BTreeMap<AgencyType, BTreeMap<String, usize>> = BTreeMap::new();
    let mut domain_core: BTreeMap<String, String> = BTreeMap::new();
    for word in words.values() {
        let Some(domain) = word.own_domain.clone() else { continue };
        if let Some(kind) = word.kind {
            domain_kind.insert(domain.clone(), kind);
            let domains = kind_domains.entry(kind).or_default();
            *domains.entry(domain).or_default() += word.rows();
        } else {
            domain_core.entry(domain).or_insert_with(|| word.core.clone());
        }
    }
    let main_domain = |kind: AgencyType| {
        kind_domains.get(&kind)?.iter().max_by_key(|(_, rows)| **rows).map(|(domain, _)| domain)
    };
    for word in words.values_mut() {
        let domain = word.own_domain.as_ref();
        let kind = word.kind.or_else(|| domain_kind.get(domain?).copied());
        if word.kind.is_none()
            && let (Some(kind), Some(domain)) = (kind, domain)
        {
            let name = word_for(&word.written);
            word.linked_by.insert(format!("“{name}” writes from {domain}, as {kind} does"));
        }
        word.group = match (word.known, &word.new, kind) {
            (Some(index), ..) => {
                known.get(index).map(|agency| agency.id.to_string()).unwrap_or_default()
            }
            (None, Some((name, _)), _) => format!("new {}", core_of(name)),
            (None, None, Some(kind)) => match (domain, main_domain(kind)) {
                (Some(own), Some(main)) if own != main => format!("{} {own}", kind.code()),
                _ => kind.code().to_owned(),
            },
            (None, None, None) => {
                let core = domain.and_then(|domain| domain_core.get(domain));
                core.unwrap_or(&word.core).clone()
            }
        };
    }
}

fn follow_same_as(words: &mut Words, choices: &BTreeMap<String, AgencyChoice>) {
    for (folded, choice) in choices {
        let AgencyChoice::SameAs(other) = choice else { continue };
        let target = words.get(&fold(other)).map(|word| (word.group.clone(), word.known));
        if let (Some((group, known)), Some(word)) = (target, words.get_mut(folded)) {
            (word.group, word.known) = (group, known);
        }
    }
}

fn gather(words: Words, known: &[Agency]) -> Vec<(AgencyGuess, Vec<String>)> {
    let mut groups: BTreeMap<String, Vec<(String, Word)>> = BTreeMap::new();
    for (folded, word) in words {
        groups.entry(word.group.clone()).or_default().push((folded, word));
    }
    groups
        .into_iter()
        .map(|(key, members)| {
            let guess = describe(key, &members, known);
            (guess, members.into_iter().map(|(folded, _)| folded).collect())
        })
        .collect()
}

fn describe(key: String, members: &[(String, Word)], known: &[Agency]) -> AgencyGuess {
    let words = || members.iter().map(|(_, word)| word);
    let mut spellings: Vec<Spelling> = words()
        .flat_map(|word| &word.written)
        .map(|(written, rows)| Spelling { written: written.clone(), rows: *rows })
        .collect();
    spellings.sort_by(|one, other| other.rows.cmp(&one.rows).then(one.written.cmp(&other.written)));
    let agency = words().find_map(|word| word.known).and_then(|index| known.get(index));
    let chosen = words().find_map(|word| word.new.clone());
    let on_reps = words().filter(|word| word.on_reps.is_some()).max_by_key(|word| word.rows());
    let often = || spellings.first().map(|spelling| spelling.written.clone()).unwrap_or_default();
    let name = agency.map(|agency| agency.name.to_string());
    let name = name.or_else(|| chosen.as_ref().map(|(name, _)| name.clone()));
    let name = name.or_else(|| on_reps.and_then(|word| word.on_reps.clone()));
    let domains: BTreeSet<&String> = words().filter_map(|word| word.own_domain.as_ref()).collect();
    let mut evidence: Vec<String> = words().flat_map(|word| word.linked_by.clone()).collect();
    let guessed = words().find_map(|word| word.kind);
    let kind = agency.map(|agency| agency.kind).or(chosen.map(|(_, kind)| kind)).or(guessed);
    if let Some(kind) = guessed
        && agency.is_none()
        && words().filter(|word| word.kind == Some(kind)).count() > 1
    {
        evidence.push(format!("words for {kind}"));
    }
    AgencyGuess {
        key,
        name: name.unwrap_or_else(often),
        known: agency.map(|agency| agency.id),
        kind,
        spellings,
        domains: domains.into_iter().cloned().collect(),
        evidence,
    }
}
