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
        "0 disagreements in 1,000,000 triples of reader, case and lists",
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
        &[whole(&["proofs::unseen"])],
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
        claim: "A change of the decision, the scope or the audit log’s rules fails a test of its own crate",
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

/// The parts that are asked for, or all of them.
pub(crate) fn choose(ids: &[String]) -> Result<Vec<&'static Part>> {
    let known = |id: &str| PARTS.iter().any(|part| part.id == id);
    if let Some(unknown) = ids.iter().find(|id| !known(id)) {
        let all: Vec<&str> = PARTS.iter().map(|part| part.id).collect();
        bail!("`{unknown}` is no part; there are {}", all.join(", "));
    }
    let wanted = |part: &&Part| ids.is_empty() || ids.iter().any(|id| id == part.id);
    Ok(PARTS.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(asked: &[&str]) -> Vec<&'static str> {
        let asked: Vec<String> = asked.iter().map(|id| (*id).to_owned()).collect();
        choose(&asked).unwrap().into_iter().map(|part| part.id).collect()
    }

    #[test]
    fn parts_run_in_the_order_of_the_table() {
        assert_eq!(ids(&["histories", "tampering"]), ["tampering", "histories"]);
        assert_eq!(ids(&[]).len(), PARTS.len());
    }

    #[test]
    fn a_part_that_is_not_known_is_refused_with_those_that_are() {
        let error = choose(&["tamperings".to_owned()]).unwrap_err().to_string();
        assert!(
            error.contains("`tamperings`") && error.contains("tampering, histories"),
            "{error}"
        );
    }
}
