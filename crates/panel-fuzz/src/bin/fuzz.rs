//! One parser under libFuzzer: `PANEL_FUZZ_PARSER` names it, and the arguments are libFuzzer's. Without that
//! name all names are listed.
//!
//! With `PANEL_FUZZ_SEEDS` its seeds are written into that folder first. `cargo xtask assure fuzz` builds this
//! with the flags by which libFuzzer sees what was reached, and runs it for each parser.

#![no_main]

use libfuzzer_sys::fuzz_target;
use panel_fuzz::{PARSERS, Parser};
use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let name = std::env::var("PANEL_FUZZ_PARSER").unwrap_or_default();
    let Some(parser) = PARSERS.into_iter().find(|parser| parser.name == name) else {
        panic!("PANEL_FUZZ_PARSER names no parser: {name:?}");
    };
    parser
});

/// Writes the seeds where libFuzzer will read them, or says what can be fuzzed.
fn begin() {
    if std::env::var_os("PANEL_FUZZ_PARSER").is_none() {
        let names = PARSERS.map(|parser| format!("parser {}\n", parser.name));
        let said = std::io::stdout().lock().write_all(names.concat().as_bytes());
        std::process::exit(i32::from(said.is_err()));
    }
    let Ok(folder) = std::env::var("PANEL_FUZZ_SEEDS") else { return };
    for (number, seed) in (PARSER.seeds)().iter().enumerate() {
        let file = Path::new(&folder).join(format!("seed-{number}"));
        if let Err(error) = std::fs::write(&file, seed) {
            panic!("{}: {error}", file.display());
        }
    }
}

fuzz_target!(init: begin(), |bytes: &[u8]| (PARSER.reads)(bytes));
