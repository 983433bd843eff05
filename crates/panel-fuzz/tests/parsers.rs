//! No bytes make a parser panic: near its seeds in each run of the suite, and wherever libFuzzer gets to in
//! `cargo xtask assure fuzz`.

#![cfg(test)]

use panel_fuzz::PARSERS;
use panel_fuzz::mutation::Mutator;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Inputs tried of each parser.
const INPUTS: usize = 400;

#[test]
fn no_parser_panics_at_what_is_near_to_what_it_takes() {
    for parser in PARSERS {
        let seeds = (parser.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", parser.name);
        let mut mutator = Mutator::seeded(1);
        let changed = (0..INPUTS).map(|_| mutator.changed(&seeds));
        for bytes in seeds.iter().cloned().chain(changed) {
            let went = catch_unwind(AssertUnwindSafe(|| (parser.reads)(&bytes)));
            assert!(went.is_ok(), "{}: {:?}", parser.name, String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn the_changes_are_the_same_in_every_run_and_differ_from_the_seeds() {
    let seeds = [b"14/05/2026".to_vec(), b"the last Friday".to_vec()];
    let row = |seed| {
        let mut mutator = Mutator::seeded(seed);
        (0..50).map(|_| mutator.changed(&seeds)).collect::<Vec<_>>()
    };
    assert_eq!(row(3), row(3));
    assert_ne!(row(3), row(4));
    assert!(row(3).iter().filter(|bytes| !seeds.contains(bytes)).count() > 40);
}

#[test]
fn each_parser_has_a_name_of_its_own_for_its_corpus() {
    let mut names: Vec<&str> = PARSERS.map(|parser| parser.name).into();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PARSERS.len());
}
