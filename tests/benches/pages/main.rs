//! What pages, planning and imports cost, each beside the least it could cost on the same machine in
//! the same run, on both databases.
//!
//! `cargo xtask bench` builds the program, starts PostgreSQL and runs this. The program under
//! measurement is a process of its own; its processor time is read from the kernel. A page's floor is
//! its rows by bare statements, one look-up of the session, one row in the log with its commit, and a
//! bare template over the rows: see `panel_store::floor`.

mod floor;
mod gauge;
mod load;
mod planning;
mod program;
mod report;
mod rounds;
mod tracker;
mod years;

use anyhow::{Context, Result, bail};
use panel_store::floor::Rows;
use panel_tests::bounds::unbounded;
use panel_tests::world::{COORDINATOR, POLICE, World};
use program::Program;
use report::Report;
use rounds::{Held, Page, growth};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Actions in the register of a panel's first years, and of a region's twenty.
const FEW: usize = 20_000;
const MANY: usize = 1_000_000;
/// Rows of the file that is imported.
const ROWS: usize = 10_000;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    if program::is_empty_server() {
        return program::serve_nothing();
    }
    let wanted = Wanted::from_arguments()?;
    let mut report = Report::new();
    report.empty(&load::empty()?);
    for name in DATABASES {
        report.begin(name);
        let open = || match name {
            "SQLite" => Ok(World::sqlite()),
            _ => World::postgres().context("there is no server: `cargo xtask bench` starts one"),
        };
        let wants = |part| wanted.part(name, part);
        let mut agenda = wants("agenda").then(|| agenda(open()?)).transpose()?;
        let mut few = wants("few").then(|| history(open()?, FEW, &mut report)).transpose()?;
        let mut many = wants("many").then(|| history(open()?, MANY, &mut report)).transpose()?;
        if let (Some(few), Some(many)) = (&few, &many) {
            for (page, _) in &few.pages {
                report.growth(page.name, growth(few, many, page)?);
            }
        }
        for held in [&mut agenda, &mut few, &mut many].into_iter().flatten() {
            held.again()?;
            for (page, measured) in &held.pages {
                report.page(page.name, held.over, measured);
            }
        }
        if let Some(many) = many {
            report.planning(&planning::measure(&many.world)?);
        }
        if wants("import") {
            report.import(&tracker::measure(&open()?, ROWS)?);
        }
    }
    if wanted.is_everything() { report.write() } else { Ok(()) }
}

const DATABASES: [&str; 2] = ["SQLite", "PostgreSQL"];
const PARTS: [&str; 4] = ["agenda", "few", "many", "import"];

/// Which parts are measured: those that the arguments name, such as `sqlite agenda`, or all.
struct Wanted(Vec<String>);

impl Wanted {
    /// # Errors
    /// When nothing at all fits the arguments.
    fn from_arguments() -> Result<Self> {
        // Cargo itself adds arguments that begin with a dash.
        let wanted = Self(std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect());
        let fits = |database: &str| PARTS.iter().any(|part| wanted.part(database, part));
        if !DATABASES.iter().any(|database| fits(database)) {
            bail!(
                "nothing is `{}`: name one of {} or one of {}, or one of each",
                wanted.0.join(" "),
                DATABASES.join(", ").to_lowercase(),
                PARTS.join(", ")
            );
        }
        Ok(wanted)
    }

    fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Every word must name the database or the part.
    fn part(&self, database: &str, part: &str) -> bool {
        let database = database.to_lowercase();
        self.0.iter().all(|word| *word == database || word == part)
    }
}

/// The agenda of forty cases with two hundred unfinished actions, as its two readers see it.
fn agenda(world: World) -> Result<Held> {
    let meeting = tracker::issued_agenda(&world, 40, 200)?;
    let panel = world.town().panel;
    unbounded(&world);
    let program = Program::start(&world)?;
    let path = format!("/meetings/{meeting}/agenda");
    let (draft, issued) = (Rows::Draft(meeting, panel, 201), Rows::Agenda(meeting, panel, 201));
    let pages = [
        ("Agenda, 40 cases and 200 actions, coordinator", COORDINATOR, path.clone(), draft),
        ("Agenda, the same, representative", POLICE, path.clone(), issued),
        ("Agenda, the same, for printing", COORDINATOR, format!("{path}/print"), issued),
    ];
    let pages = pages.map(|(name, who, path, rows)| Page { name, who, path, rows });
    Held::new(world, program, None, pages.into())
}

/// The pages of those who look at what is owed, over a register of `actions`, and then many readers.
fn history(world: World, actions: usize, report: &mut Report) -> Result<Held> {
    years::fill(&world, actions)?;
    // One reader stands for many.
    unbounded(&world);
    let program = Program::start(&world)?;
    let idle = program.memory()?;
    let town = world.town();
    let owed = Rows::Owed(town.panel, town.police, 101);
    let register = Rows::Register(town.panel, 51);
    let pages = [
        ("My work", POLICE, "/my-work", owed),
        ("Register of actions", COORDINATOR, "/actions", register),
    ];
    let page =
        |(name, who, path, rows): (_, _, &str, _)| Page { name, who, path: path.to_owned(), rows };
    let held = Held::new(world, program, Some(actions), pages.map(page).into())?;
    let load = load::run(&held)?;
    report.load(actions, &load, idle, held.program.memory()?);
    Ok(held)
}
