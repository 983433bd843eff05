//! The parts: what is claimed, how much has to be tried, and what tries it.

use anyhow::{Result, bail};

use super::tests::{Kind, Server, Tests};

/// What shows a part.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    Tests(&'static [Tests]),
    Mutants,
    Schema,
    Fuzz,
}

/// One claim that has a figure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// The word that it is asked for by.
    pub(crate) id: &'static str,
    pub(crate) claim: &'static str,
    pub(crate) target: &'static str,
    pub(crate) work: Work,
}

/// Tests of the whole product on both databases.
const fn whole(names: &'static [&'static str]) -> Tests {
    Tests { package: "panel-tests", kind: Kind::Whole, names, server: Server::Fast, release: false }
}

/// Tests that stand beside the code of a crate.
const fn beside(package: &'static str, names: &'static [&'static str], server: Server) -> Tests {
    Tests { package, kind: Kind::Beside, names, server, release: false }
}

const fn part(
    id: &'static str,
    claim: &'static str,
    target: &'static str,
    runs: &'static [Tests],
) -> Part {
    Part { id, claim, target, work: Work::Tests(runs) }
}

/// In the order in which they are run: what is quick and tells most comes first.
pub(crate) const PARTS: &[Part] = &[
    part(
        "absences",
        "Programs that go round the scope, the audit log or the types do not compile",
        "15 programs refused",
        &[Tests {
            package: "panel-tests",
            kind: Kind::Documentation,
            names: &["absences"],
            server: Server::None,
            release: false,
        }],
    ),
    part(
        "tampering",
        "Whatever is done to the audit log is found, with a checkpoint from outside",
        "9 classes × 10,000 found",
        &[beside("panel-core", &["assure_ten_thousand_tamperings"], Server::None)],
    ),
    part(
        "histories",
        "Honest histories raise no alarm",
        "0 of 1,000",
        &[beside("panel-core", &["assure_a_thousand_honest_logs"], Server::None)],
    ),
    part(
        "triples",
        "The filter in SQL lets through what the decision in core does, and nothing else",
        "0 disagreements in 1,000,000 triples of reader, case and lists, with the actions and referrals there are",
        &[beside("panel-store", &["scope::tests"], Server::Fast)],
    ),
    part(
        "writers",
        "Four writers and two sealers at once make one chain",
        "one chain without gap or fork",
        &[beside("panel-store", &["several_writers_and_several_sealers"], Server::Fast)],
    ),
    part(
        "canaries",
        "What is typed stands in no log, metric, address, header or letter; what is sealed in no \
         file, journal or dump of the database either",
        "300 strings, 0 found",
        &[whole(&[
            "proofs::canaries",
            "whereabouts::sqlite::a_victims_address",
            "whereabouts::postgres::a_victims_address",
        ])],
    ),
    part(
        "matrix",
        "Everybody is answered at every route, for something in each state, as the golden matrix says",
        "0 cells otherwise",
        &[whole(&["proofs::matrix"])],
    ),
    part(
        "crawl",
        "What one is offered is refused to others like something that is not there",
        "0 passed, 0 told apart",
        &[whole(&["proofs::crawl"])],
    ),
    part(
        "unseen",
        "A person from whom a case is kept cannot tell a world with it from a world without it",
        "200 worlds × 500 steps, 0 bytes otherwise",
        // A hundred thousand steps in each of two worlds, which take the better part of an hour unoptimized.
        &[Tests { release: true, ..whole(&["proofs::unseen"]) }],
    ),
    part(
        "verify",
        "The audit log is verified in bearable time",
        "1,000,000 rows in 15 s",
        &[Tests { release: true, ..whole(&["sealed::assure_a_million_rows"]) }],
    ),
    part(
        "logging",
        "That a reading is written down costs a page little",
        "p95 within 3 ms",
        &[Tests { release: true, server: Server::Safe, ..whole(&["proofs::price"]) }],
    ),
    Part {
        id: "mutants",
        claim: "A change of the decision, the handling codes, the scope or the audit log fails a test of its own crate",
        target: "95 % of mutants caught",
        work: Work::Mutants,
    },
    Part {
        id: "schema",
        claim: "The JSON interface answers as its OpenAPI description says, whatever it is sent (Schemathesis)",
        target: "0 faults",
        work: Work::Schema,
    },
    Part {
        id: "fuzz",
        claim: "No bytes make a parser panic, guided by coverage (libFuzzer)",
        target: "10 minutes a parser, 0 crashes",
        work: Work::Fuzz,
    },
];

/// A part that is asked for, and which of its pieces; none named is all.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) part: &'static Part,
    pub(crate) pieces: Vec<String>,
}

/// What is asked for, each as `PART` or `PART:PIECE`; without any, all of it.
pub(crate) fn choose(words: &[String]) -> Result<Vec<Asked>> {
    let named: Vec<(&str, Option<&str>)> = words.iter().map(|word| split(word)).collect();
    for (id, piece) in &named {
        let Some(part) = PARTS.iter().find(|part| part.id == *id) else {
            let all: Vec<&str> = PARTS.iter().map(|part| part.id).collect();
            bail!("`{id}` is no part; there are {}", all.join(", "));
        };
        if piece.is_some() && !matches!(part.work, Work::Mutants | Work::Fuzz) {
            bail!("`{id}` is tried as a whole");
        }
    }
    let wanted = |part: &'static Part| {
        let mine: Vec<_> = named.iter().filter(|(id, _)| *id == part.id).collect();
        let whole = named.is_empty() || mine.iter().any(|(_, piece)| piece.is_none());
        let pieces = mine.iter().filter_map(|(_, piece)| piece.map(str::to_owned));
        let pieces = if whole { Vec::new() } else { pieces.collect() };
        (named.is_empty() || !mine.is_empty()).then_some(Asked { part, pieces })
    };
    Ok(PARTS.iter().filter_map(wanted).collect())
}

fn split(word: &str) -> (&str, Option<&str>) {
    word.split_once(':').map_or((word, None), |(part, piece)| (part, Some(piece)))
}

/// Those of all pieces that are asked for.
///
/// # Errors
/// When one is not known.
pub(crate) fn pieces<'a>(all: &[&'a str], asked: &[String]) -> Result<Vec<&'a str>> {
    if let Some(unknown) = asked.iter().find(|name| !all.contains(&name.as_str())) {
        bail!("`{unknown}` is no piece; there are {}", all.join(", "));
    }
    let wanted = |piece: &&str| asked.is_empty() || asked.iter().any(|name| name == piece);
    Ok(all.iter().copied().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Result<Vec<(&'static str, Vec<String>)>> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(choose(&words)?.into_iter().map(|asked| (asked.part.id, asked.pieces)).collect())
    }

    fn ids(words: &[&str]) -> Vec<&'static str> {
        asked(words).unwrap().into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn parts_run_in_the_order_of_the_table() {
        assert_eq!(ids(&["histories", "tampering"]), ["tampering", "histories"]);
        assert_eq!(ids(&[]).len(), PARTS.len());
    }

    #[test]
    fn a_part_that_is_not_known_is_refused_with_those_that_are() {
        let error = asked(&["tamperings"]).unwrap_err().to_string();
        assert!(
            error.contains("`tamperings`") && error.contains("tampering, histories"),
            "{error}"
        );
    }

    #[test]
    fn pieces_are_asked_for_behind_their_part_and_the_part_alone_is_all_of_them() {
        let some = asked(&["fuzz:days", "fuzz:texts"]).unwrap();
        assert_eq!(some, [("fuzz", vec!["days".to_owned(), "texts".to_owned()])]);
        assert_eq!(asked(&["fuzz:days", "fuzz"]).unwrap(), [("fuzz", Vec::new())]);
        assert!(asked(&["tampering:some"]).is_err(), "it has no pieces");
    }

    #[test]
    fn pieces_are_tried_in_their_own_order_and_an_unknown_one_is_refused() {
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(pieces(&["a", "b", "c"], &words(&["c", "a"])).unwrap(), ["a", "c"]);
        assert_eq!(pieces(&["a", "b"], &[]).unwrap(), ["a", "b"]);
        assert!(pieces(&["a", "b"], &words(&["d"])).unwrap_err().to_string().contains("a, b"));
    }
}
