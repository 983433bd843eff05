//! docs/assurance.md: each claim beside its figure, with the commit at which that was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::parts::Part;
use super::record::{Record, Verdict};

const HEAD: &str = "\
# Assurance

Written by `cargo xtask assure`; not edited by hand. The suite tries a little of each claim in every run; these are the
full forms. Each row says at which commit it was found: a part that was not run again keeps its last figures. A plus
behind a commit tells of changes that were not committed. `cargo xtask assure PART…` runs parts by the word in the first
column.

| Part | Claim | Target | Found | |
| --- | --- | --- | --- | --- |
";

const PIECES: &str = "
## Piece by piece

A piece runs alone by its words, as in `cargo xtask assure fuzz:days`.

| Piece | Found | |
| --- | --- | --- |
";

const TIMES: &str = "
## When and where

| Part | Commit | Date (UTC) | Cores | Took |
| --- | --- | --- | --- | --- |
";

/// The whole document.
pub(crate) fn of(parts: &[Part], records: &BTreeMap<String, Record>) -> String {
    let mut text = HEAD.to_owned();
    let mut pieces = String::new();
    let mut times = String::new();
    for part in parts {
        let own = of_part(part, records);
        let (found, verdict) = match own.as_slice() {
            [] => ("–".to_owned(), "not run"),
            [(key, record)] if *key == part.id => (figures(record), record.verdict.word()),
            several => together(several),
        };
        row(&mut text, &[part.id, part.claim, part.target, &found, verdict]);
        for (key, record) in own {
            if key != part.id {
                row(&mut pieces, &[key, &figures(record), record.verdict.word()]);
            }
            let commit = format!("{}{}", record.commit, if record.changed { "+" } else { "" });
            let cores = record.cores.to_string();
            row(&mut times, &[key, &commit, &record.date, &cores, &took(record.seconds)]);
        }
    }
    format!("{text}{PIECES}{pieces}{TIMES}{times}")
}

/// The records of a part: one, or those of its pieces.
fn of_part<'a>(part: &Part, records: &'a BTreeMap<String, Record>) -> Vec<(&'a str, &'a Record)> {
    let own = |key: &str| key.split_once(':').map_or(key, |(id, _)| id) == part.id;
    records.iter().map(|(key, record)| (key.as_str(), record)).filter(|(key, _)| own(key)).collect()
}

/// How many of the pieces held, and the worst that is said of any.
fn together(pieces: &[(&str, &Record)]) -> (String, &'static str) {
    let held = pieces.iter().filter(|(_, record)| record.verdict == Verdict::Held).count();
    let worst = pieces.iter().map(|(_, record)| record.verdict).max().unwrap_or(Verdict::Failed);
    (format!("held in {held} of {} pieces", pieces.len()), worst.word())
}

fn figures(record: &Record) -> String {
    let said = |figure: &super::record::Figure| format!("{}: {}", figure.what, figure.figure);
    record.figures.iter().map(said).collect::<Vec<_>>().join("; ")
}

fn row(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn took(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

#[cfg(test)]
mod tests {
    use super::super::parts::{PARTS, choose};
    use super::super::record::Figure;
    use super::*;

    fn record(changed: bool) -> Record {
        Record {
            commit: "0123456789".to_owned(),
            changed,
            date: "2026-01-02".to_owned(),
            cores: 2,
            seconds: 121,
            verdict: Verdict::Held,
            figures: vec![Figure::new("found", "90,000 of 90,000")],
        }
    }

    #[test]
    fn a_part_shows_its_figure_and_where_it_was_found() {
        let parts: Vec<_> = choose(&["tampering".to_owned()])
            .unwrap()
            .into_iter()
            .map(|asked| *asked.part)
            .collect();
        let text = of(&parts, &BTreeMap::from([("tampering".to_owned(), record(true))]));
        assert!(text.contains("| found: 90,000 of 90,000 | held |"), "{text}");
        assert!(text.contains("| tampering | 0123456789+ | 2026-01-02 | 2 | 3 min |"), "{text}");
    }

    #[test]
    fn a_part_in_pieces_shows_each_and_is_as_good_as_the_worst() {
        let failed = Record { verdict: Verdict::Failed, ..record(false) };
        let records = BTreeMap::from([
            ("fuzz:days".to_owned(), failed),
            ("fuzz:texts".to_owned(), record(false)),
        ]);
        let text = of(PARTS, &records);
        assert!(text.contains("| held in 1 of 2 pieces | **not held** |"), "{text}");
        assert!(text.contains("| fuzz:texts | found: 90,000 of 90,000 | held |"), "{text}");
        assert!(text.contains("| fuzz:days | 0123456789 | 2026-01-02 | 2 | 3 min |"), "{text}");
    }

    #[test]
    fn a_part_that_never_ran_says_so() {
        let text = of(PARTS, &BTreeMap::new());
        assert_eq!(text.matches("| – | not run |").count(), PARTS.len());
    }
}
