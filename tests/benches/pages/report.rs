//! The table: what was measured, its floor, and whether the target is met.

use crate::load::{Empty, Load};
use crate::planning::Planned;
use crate::rounds::Measured;
use crate::tracker::Imported;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

/// Most processor time of a page, as a multiple of its floor.
const PAGE: f64 = 2.0;
/// Most time of a page over a million actions, as a multiple of the same page over twenty thousand.
const GROWTH: f64 = 1.5;
/// Most time of planning, as a multiple of one scan.
const PLANNING: f64 = 3.0;
/// Longest wait of all but one reader in a hundred at the steady rate, in milliseconds.
const WAIT: f64 = 50.0;
/// Most memory of a program that nobody uses yet, in MiB.
const IDLE: f64 = 64.0;

/// Everything that was measured, as it will be written down.
pub(crate) struct Report {
    database: &'static str,
    pages: String,
    limits: String,
    others: String,
}

/// Says what went wrong.
pub(crate) fn complain(error: &anyhow::Error) {
    // A closed pipe is no reason for anything.
    let _ = writeln!(io::stderr().lock(), "error: {error:#}");
}

fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "**missed**" }
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { database: "", pages: String::new(), limits: String::new(), others: String::new() }
    }

    pub(crate) fn begin(&mut self, database: &'static str) {
        self.database = database;
    }

    /// A row of one of the tables, also said at once.
    fn row(table: &mut String, cells: &[&str]) {
        let line = format!("| {} |", cells.join(" | "));
        say(&line);
        // Writing into a string cannot fail.
        let _ = writeln!(table, "{line}");
    }

    pub(crate) fn empty(&mut self, empty: &Empty) {
        let Empty { processor, per_second, waits } = *empty;
        let line = format!(
            "An empty answer of the same HTTP server: {:.3} ms of processor time, {per_second:.0} a second, p50 {:.1} ms, p99 {:.1} ms.",
            ms(processor),
            ms(waits.p50),
            ms(waits.p99)
        );
        say(&line);
        let _ = writeln!(self.others, "{line}\n");
    }

    pub(crate) fn page(&mut self, name: &str, over: Option<usize>, one: &Measured) {
        let over =
            over.map_or_else(String::new, |actions| format!(", {} actions", grouped(actions)));
        let ratio = one.ratio();
        Self::row(
            &mut self.pages,
            &[
                &format!("{name}{over}"),
                self.database,
                &format!("{:.2}", ms(one.page)),
                &format!("{:.2}", ms(one.floor)),
                &format!("{ratio:.2}"),
                verdict(ratio <= PAGE),
                &one.bare.map_or_else(|| "–".to_owned(), |bare| format!("{:.2}", ms(bare))),
                &format!("{:.2}", ms(one.wall)),
                &grouped(one.bytes),
            ],
        );
    }

    /// How a page of this name has grown.
    pub(crate) fn growth(&mut self, name: &str, ratio: f64) {
        self.limit(
            &format!("{name}: 1,000,000 actions beside 20,000"),
            &format!("{ratio:.2} ×"),
            &format!("{GROWTH} ×"),
            ratio <= GROWTH,
        );
    }

    pub(crate) fn load(&mut self, actions: usize, load: &Load, idle: u64, loaded: u64) {
        let over = grouped(actions);
        let p99 = ms(load.steady.p99);
        self.limit(
            &format!(
                "p99 at 100 requests a second over {over} actions (p50 {:.1} ms)",
                ms(load.steady.p50)
            ),
            &format!("{p99:.1} ms"),
            &format!("{WAIT} ms"),
            p99 <= WAIT,
        );
        let line = format!(
            "- {}, {over} actions, 16 readers without pause: {:.0} requests a second, p50 {:.1} ms, p99 {:.1} ms.",
            self.database,
            load.per_second,
            ms(load.full.p50),
            ms(load.full.p99)
        );
        say(&line);
        let _ = writeln!(self.others, "{line}");
        let mib = |kib: u64| Duration::from_secs(kib).as_secs_f64() / 1_024.0;
        self.limit(
            &format!("Resident memory before the first sign-in, over {over} actions"),
            &format!("{:.0} MiB ({:.0} MiB after the load)", mib(idle), mib(loaded)),
            &format!("{IDLE} MiB"),
            mib(idle) <= IDLE,
        );
    }

    pub(crate) fn planning(&mut self, planned: &Planned) {
        let actions = grouped(planned.actions);
        let scan = planned.scan.as_secs_f64();
        let bare = planned
            .bare
            .map_or_else(String::new, |bare| format!(" ({:.0} ms without the wall)", ms(bare)));
        for (name, (time, notices)) in
            [("first pass ever", planned.first), ("pass of a morning", planned.daily)]
        {
            let ratio = time.as_secs_f64() / scan;
            self.limit(
                &format!(
                    "Planning, {actions} unfinished actions, {name}: {:.0} ms, {} notices written, beside one scan of {:.0} ms{bare}",
                    ms(time), grouped(notices), ms(planned.scan)
                ),
                &format!("{ratio:.2} ×"),
                &format!("{PLANNING} ×"),
                ratio <= PLANNING,
            );
        }
    }

    pub(crate) fn import(&mut self, import: &Imported) {
        let line = format!(
            "- {}, import of {} rows: preview {:.2} s, saving {:.2} s; reading the workbook alone {:.2} s.",
            self.database,
            grouped(import.rows),
            import.preview.as_secs_f64(),
            import.confirm.as_secs_f64(),
            import.floor.as_secs_f64()
        );
        say(&line);
        let _ = writeln!(self.others, "{line}");
    }

    fn limit(&mut self, what: &str, measured: &str, target: &str, is_met: bool) {
        let database = self.database;
        Self::row(&mut self.limits, &[what, database, measured, target, verdict(is_met)]);
    }

    /// Writes docs/benchmarks.md.
    pub(crate) fn write(&self) -> Result<()> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
        let text =
            format!("{HEAD}{}\n{LIMITS}{}\n{OTHERS}{}", self.pages, self.limits, self.others);
        fs::write(&file, text).with_context(|| file.display().to_string())
    }
}

fn grouped(number: usize) -> String {
    panel_web::view::grouped(&number.to_string())
}

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench`; not edited by hand. Each figure stands beside the least that the same
could cost on the same machine in the same run, because a bare figure says more about the machine.

## Pages

Processor time of the program for one page, in milliseconds. Page and floor are measured turn by turn, thirty
each in thirty rounds, and once more some minutes later; the quietest round is shown, in which both together took
least: other guests of the machine only ever add, and more to whoever works with two processors. The
floor is the bare SQL of the same rows, one look-up of the session, one row in the audit log with its
commit, and a bare template over the rows, with the program's own durability. The same rows are: for an
agenda its items with their cases, the unfinished actions and, where it is worked on, the requests with
their replies and the latest issue; for the register its actions, how many there are up to a thousand, and the agencies and
people that its filters offer; for what an agency owes its actions, the extensions and transfers that
wait beside them, and the requests for a reply. On PostgreSQL neither side counts the
server's own time, and both stand behind the second wall, without which no login of the service reads these rows;
what the floor would be for the owner of the tables stands beside it. The target is at most twice the floor.

| Page | Database | Page | Floor | Ratio | Target 2.0 | Floor without the wall | From request to answer, ms | Bytes |
| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |
";

const LIMITS: &str = "
## Limits

How a page grows is measured turn by turn too, on both registers at once; again the quietest round is shown.
Planning is shown for the first morning on which something comes within reach.

| What | Database | Measured | Target | |
| --- | --- | ---: | ---: | --- |
";

const OTHERS: &str = "
## Figures without a target

The readers run on the same processors as the program.

";
