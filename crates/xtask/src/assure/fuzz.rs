//! The part `fuzz`: each parser under libFuzzer, for as long as is asked for.
//!
//! libFuzzer needs to see what an input reached. The stable compiler can count that, by flags that it hands to
//! its back end; only the sanitizers need another toolchain, and our own code has no `unsafe` for them to watch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use super::parts;
use super::record::{Figure, Found, Piece, Verdict};
use crate::process::{announce, capture, perform, say};
use crate::workspace::Workspace;

/// How long each parser is fuzzed in the full form.
pub(super) const TARGET_SECONDS: u64 = 600;

/// What lets libFuzzer see the edges that were reached and the values that were compared.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebuginfo=0";

const BUILD: [&str; 8] =
    ["build", "--locked", "--package", "panel-fuzz", "--features", "libfuzzer", "--bin", "fuzz"];

pub(super) fn run(workspace: &Workspace, asked: &[String], seconds: u64) -> Result<Vec<Piece>> {
    let home = workspace.target().join("fuzz");
    // A build of its own, with a triple named, so that build scripts are not instrumented.
    let host = workspace.host()?;
    let mut build = workspace.cargo(BUILD);
    build.args(["--target", &host, "--target-dir"]).arg(&home);
    perform(build.env("RUSTFLAGS", FLAGS).env("CARGO_PROFILE_DEV_OPT_LEVEL", "1"))?;
    let program = home.join(&host).join("debug/fuzz");
    let names = capture(Command::new(&program).env_remove("PANEL_FUZZ_PARSER"))?;
    let parsers: Vec<&str> =
        names.lines().filter_map(|line| line.strip_prefix("parser ")).collect();
    if parsers.is_empty() {
        bail!("the program names no parser");
    }
    let parsers = parts::pieces(&parsers, asked)?;
    all(&parsers, |parser| fuzz(&program, &home, parser, seconds)?.found(seconds))
}

/// Fuzzes each parser, as many at once as there are cores: libFuzzer keeps one busy.
fn all(parsers: &[&str], fuzz: impl Fn(&str) -> Result<Found> + Sync) -> Result<Vec<Piece>> {
    let (waiting, ended) = (Mutex::new(parsers.iter()), Mutex::new(Vec::new()));
    let next = || waiting.lock().ok()?.next().copied();
    let lane = || {
        while let Some(parser) = next() {
            let piece = Piece::of(Some(parser), || fuzz(parser));
            if let Ok(mut ended) = ended.lock() {
                ended.push(piece);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(lane);
        }
    });
    ended.into_inner().map_err(|_| anyhow!("a lane of fuzzing broke off"))
}

/// How fuzzing one parser ended.
struct Ended {
    inputs: u64,
    crashed: bool,
}

impl Ended {
    fn found(&self, seconds: u64) -> Result<Found> {
        let verdict = match () {
            () if self.crashed => Verdict::Failed,
            () if self.inputs == 0 => bail!("it was never tried"),
            () if seconds < TARGET_SECONDS => Verdict::Short,
            () => Verdict::Held,
        };
        let figures = vec![
            Figure::new("inputs", &self.inputs.to_string()),
            Figure::new("crashes", if self.crashed { "1" } else { "0" }),
        ];
        Ok(Found { verdict, figures })
    }
}

fn fuzz(program: &Path, home: &Path, parser: &str, seconds: u64) -> Result<Ended> {
    let corpus = folder(home, "corpus", parser)?;
    let crashes = folder(home, "crashes", parser)?;
    let mut command = Command::new(program);
    command
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .args([
            "-max_len=8192",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-print_final_stats=1",
            "-verbosity=0",
        ])
        .env("PANEL_FUZZ_PARSER", parser)
        .env("PANEL_FUZZ_SEEDS", &corpus)
        .stderr(Stdio::piped());
    announce(&command);
    let output = command.output().context("the fuzzed program")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let inputs = executed(&said);
    say(format_args!("{parser}: {inputs} inputs"));
    if !output.status.success() {
        let tail: Vec<&str> = said.lines().rev().take(30).collect();
        say(tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
        say(format_args!("{parser}: what made it crash is in {}", crashes.display()));
    }
    Ok(Ended { inputs, crashed: !output.status.success() })
}

/// A folder that is there.
fn folder(home: &Path, kind: &str, parser: &str) -> Result<PathBuf> {
    let folder = home.join(kind).join(parser);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// How many inputs libFuzzer says that it tried.
fn executed(said: &str) -> u64 {
    let count = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parser_is_fuzzed_once_and_what_crashed_or_could_not_be_tried_is_not_held() {
        let fuzzed = |parser: &str| match parser {
            "c" => bail!("no such program"),
            "d" => Ended { inputs: 0, crashed: false }.found(600),
            _ => Ended { inputs: 7, crashed: parser == "b" }.found(600),
        };
        let mut ended = all(&["a", "b", "c", "d"], fuzzed).unwrap();
        ended.sort_by_key(|piece| piece.name.clone());
        let told = ended.iter().map(|piece| (piece.name.as_deref().unwrap(), piece.found.verdict));
        let expected = [Verdict::Held, Verdict::Failed, Verdict::Failed, Verdict::Failed];
        assert!(told.eq(["a", "b", "c", "d"].into_iter().zip(expected)), "{ended:?}");
    }

    #[test]
    fn less_time_than_the_target_is_said() {
        let ended = Ended { inputs: 7, crashed: false };
        assert_eq!(ended.found(TARGET_SECONDS - 1).unwrap().verdict, Verdict::Short);
        assert_eq!(ended.found(TARGET_SECONDS).unwrap().verdict, Verdict::Held);
    }

    #[test]
    fn the_count_of_inputs_is_read_from_the_final_figures() {
        let said = "Done 5 runs in 2 second(s)\nstat::number_of_executed_units: 1234\nstat::peak_rss_mb: 5";
        assert_eq!(executed(said), 1234);
        assert_eq!(executed("panicked"), 0);
    }
}
