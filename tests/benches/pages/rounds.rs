//! A page and its floor, turn by turn, so that both meet the same machine.

use crate::floor::Floor;
use crate::gauge::processor;
use crate::program::{Program, SignedIn};
use anyhow::{Context, Result, ensure};
use panel_store::floor::Rows;
use panel_tests::world::World;
use reqwest::blocking::Client;
use std::time::{Duration, Instant};

/// Turns of each, and pages in a turn.
const ROUNDS: u32 = 30;
const PAGES: u32 = 30;

/// A page that is measured.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) who: &'static str,
    pub(crate) path: String,
    pub(crate) rows: Rows,
}

/// What a page and its floor cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// Processor time of the program for one page, in the quietest turn.
    pub(crate) page: Duration,
    /// Processor time of the floor.
    pub(crate) floor: Duration,
    /// The same without the wall, where there is one.
    pub(crate) bare: Option<Duration>,
    /// From sending a request to the end of its answer.
    pub(crate) wall: Duration,
    pub(crate) bytes: usize,
}

impl Measured {
    pub(crate) fn ratio(&self) -> f64 {
        self.page.as_secs_f64() / self.floor.as_secs_f64()
    }

    /// Both together.
    fn took(&self) -> Duration {
        self.page + self.floor
    }
}

/// A world with the program that serves it, and what its pages cost at the quietest.
pub(crate) struct Held {
    // Before the world, so that it has ended before its database goes.
    pub(crate) program: Program,
    pub(crate) world: World,
    /// How many actions its register holds, where that is what is varied.
    pub(crate) over: Option<usize>,
    pub(crate) pages: Vec<(Page, Measured)>,
}

impl Held {
    /// Measures these pages for the first time.
    pub(crate) fn new(
        world: World,
        program: Program,
        over: Option<usize>,
        pages: Vec<Page>,
    ) -> Result<Self> {
        let mut measured = Vec::new();
        for page in pages {
            let first = measure(&world, &program, &page)?;
            measured.push((page, first));
        }
        Ok(Self { program, world, over, pages: measured })
    }

    /// Measures them once more, some minutes later: a disturbance may last longer than all turns.
    pub(crate) fn again(&mut self) -> Result<()> {
        for (page, quietest) in &mut self.pages {
            let once = measure(&self.world, &self.program, page)?;
            if once.took() < quietest.took() {
                *quietest = once;
            }
        }
        Ok(())
    }
}

/// A reader of one page of a running program.
struct Reader<'p> {
    program: &'p Program,
    signed_in: SignedIn,
    client: Client,
    address: String,
}

/// What one page took in a turn.
struct Turn {
    processor: Duration,
    wall: Duration,
    bytes: usize,
}

impl<'p> Reader<'p> {
    fn new(world: &World, program: &'p Program, page: &Page) -> Result<Self> {
        let signed_in = program.sign_in(world, page.who)?;
        let address = format!("{}{}", program.address, page.path);
        Ok(Self { program, signed_in, client: Client::new(), address })
    }

    fn fetch(&self) -> Result<usize> {
        let answer =
            self.client.get(&self.address).header("cookie", &self.signed_in.cookie).send()?;
        ensure!(answer.status().is_success(), "{} answered {}", self.address, answer.status());
        Ok(answer.bytes()?.len())
    }

    fn turn(&self) -> Result<Turn> {
        let (used, began) = (self.program.processor()?, Instant::now());
        let mut bytes = 0;
        for _ in 0..PAGES {
            bytes = self.fetch()?;
        }
        let processor = self.program.processor()?.saturating_sub(used) / PAGES;
        Ok(Turn { processor, wall: began.elapsed() / PAGES, bytes })
    }
}

/// Takes turns, and answers the one that took least: other guests of the machine only ever add, and
/// disturb whoever uses two processors more.
fn quietest<T>(turn: impl Fn() -> Result<T>, took: impl Fn(&T) -> Duration) -> Result<T> {
    // The first turn fills caches.
    turn()?;
    let mut turns = Vec::new();
    for _ in 0..ROUNDS {
        turns.push(turn()?);
    }
    turns.into_iter().min_by_key(took).context("no turn was measured")
}

/// Measures a page beside its floor.
fn measure(world: &World, program: &Program, page: &Page) -> Result<Measured> {
    let reader = Reader::new(world, program, page)?;
    let (who, token_hash) = (page.who, &*reader.signed_in.token_hash);
    let floor = Floor::new(world, who, token_hash, page.rows)?;
    let bare = Floor::bare(world, who, token_hash, page.rows)?;
    let time_of = |floor: &Floor<'_>| -> Result<Duration> {
        let used = processor(std::process::id())?;
        for _ in 0..PAGES {
            ensure!(floor.draw()? != (0, 0), "the floor of {} has no rows", page.path);
        }
        Ok(processor(std::process::id())?.saturating_sub(used) / PAGES)
    };
    let turn = || -> Result<Measured> {
        let Turn { processor: time, wall, bytes } = reader.turn()?;
        let (least, bare) = (time_of(&floor)?, bare.as_ref().map(time_of).transpose()?);
        Ok(Measured { page: time, floor: least, bare, wall, bytes })
    };
    quietest(turn, Measured::took)
}

/// How many times as long a page takes over many rows as over few, turn by turn.
pub(crate) fn growth(few: &Held, many: &Held, page: &Page) -> Result<f64> {
    let few = Reader::new(&few.world, &few.program, page)?;
    let many = Reader::new(&many.world, &many.program, page)?;
    let turn = || Ok((few.turn()?.processor, many.turn()?.processor));
    let (few, many) = quietest(turn, |(few, many)| *few + *many)?;
    Ok(many.as_secs_f64() / few.as_secs_f64())
}
