//! Every parser that reads what comes from outside, as a function over bytes that must never panic.
//!
//! One table serves two ends: in each run of the suite the seeds of a parser are changed some hundred times by
//! seeded dice, and `cargo xtask assure fuzz` hands the same functions to libFuzzer, which goes where the code
//! has not been yet. A function may also hold what it reads to a promise, such as that what was taken is taken
//! again, and panics when it is broken.

mod bodies;
mod dates;
mod files;
mod forms;
mod keys;
pub mod mutation;
mod papers;
mod texts;

/// One parser.
#[derive(Debug, Clone, Copy)]
pub struct Parser {
    /// The word that it is fuzzed by, and the folder of its corpus.
    pub name: &'static str,
    /// Reads the bytes, and throws away what they say.
    pub reads: fn(&[u8]),
    /// What it takes, and what is nearly that.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const PARSERS: [Parser; 16] = [
    files::WORKBOOK,
    files::CSV,
    files::TRACKER,
    dates::DATES,
    dates::DAYS,
    dates::HOLIDAYS,
    texts::TEXTS,
    texts::CONTACTS,
    texts::GUARD,
    forms::FORM,
    forms::NEXT,
    bodies::REFERRAL,
    bodies::BODIES,
    keys::KEYS,
    papers::CHECKPOINTS,
    papers::EXPORT,
];

/// The bytes as text, with what is no text replaced, as a parser of text would meet them.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Seeds that are text.
fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The day that everything is read on: a Wednesday in spring.
fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default()
}
