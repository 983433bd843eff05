//! docs/assurance.md: each claim beside its figure, with the commit at which that was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::parts::Part;
use super::record::Record;

const HEAD: &str = "\
# Assurance

Written by `cargo xtask assure`; not edited by hand. The suite tries a little of each claim in every run; these are the
full forms. Each row says at which commit it was found: a part that was not run again keeps its last figures. A plus
behind a commit tells of changes that were not committed. `cargo xtask assure PART…` runs parts by the word in the first
column.

| Part | Claim | Target | Found | |
| --- | --- | --- | --- | --- |
";

/// The whole document.
pub(crate) fn of(parts: &[Part], records: &BTreeMap<String, Record>) -> String {
    let mut text = HEAD.to_owned();
    for part in parts {
        let (found, verdict) = match records.get(part.id) {
            Some(record) => (figures(record), record.verdict.word()),
            None => ("–".to_owned(), "not run"),
        };
        let cells = [part.id, part.claim, part.target, &found, verdict];
        row(&mut text, &cells);
    }
    text.push_str("\n## When and where\n\n| Part | Commit | Date (UTC) | Cores | Took |\n| --- | --- | --- | --- | --- |\n");
    for (part, record) in parts.iter().filter_map(|part| Some((part, records.get(part.id)?))) {
        let commit = format!("{}{}", record.commit, if record.changed { "+" } else { "" });
        let cores = record.cores.to_string();
        row(&mut text, &[part.id, &commit, &record.date, &cores, &took(record.seconds)]);
    }
    text
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
    use super::super::record::{Figure, Verdict};
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
        let parts: Vec<_> =
            choose(&["tampering".to_owned()]).unwrap().into_iter().copied().collect();
        let text = of(&parts, &BTreeMap::from([("tampering".to_owned(), record(true))]));
        assert!(text.contains("| found: 90,000 of 90,000 | held |"), "{text}");
        assert!(text.contains("| tampering | 0123456789+ | 2026-01-02 | 2 | 3 min |"), "{text}");
    }

    #[test]
    fn a_part_that_never_ran_says_so() {
        let text = of(PARTS, &BTreeMap::new());
        assert_eq!(text.matches("| – | not run |").count(), PARTS.len());
    }
}
