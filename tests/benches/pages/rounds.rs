//! A page and its floor, turn by turn, so that both meet the same machine.

use crate::floor::Floor;
use crate::gauge::processor;
use crate::program::Program;
use anyhow::{Context, Result, ensure};
use panel_store::floor::Rows;
use panel_tests::world::World;
use reqwest::blocking::Client;
use std::time::{Duration, Instant};

/// Turns of each, and pages in a turn.
const ROUNDS: u32 = 15;
const PAGES: u32 = 30;

/// A page that is measured.
pub(crate) struct Page<'a> {
    pub(crate) name: &'a str,
    pub(crate) who: &'a str,
    pub(crate) path: String,
    pub(crate) rows: Rows,
}

/// What a page and its floor cost.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) name: String,
    /// How many actions the register holds, where that is what is varied.
    pub(crate) over: Option<usize>,
    /// Processor time of the program for one page, in the round whose ratio is the middle one.
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
    pub(crate) fn over(self, actions: usize) -> Self {
        Self { over: Some(actions), ..self }
    }

    pub(crate) fn ratio(&self) -> f64 {
        self.page.as_secs_f64() / self.floor.as_secs_f64()
    }
}

/// Measures a page beside its floor.
pub(crate) fn measure(world: &World, program: &Program, page: &Page<'_>) -> Result<Measured> {
    let signed_in = program.sign_in(world, page.who)?;
    let (who, token_hash) = (page.who, &*signed_in.token_hash);
    let floor = Floor::new(world, who, token_hash, page.rows)?;
    let bare = Floor::bare(world, who, token_hash, page.rows)?;
    let client = Client::new();
    let address = format!("{}{}", program.address, page.path);
    let fetch = || -> Result<usize> {
        let answer = client.get(&address).header("cookie", &signed_in.cookie).send()?;
        ensure!(answer.status().is_success(), "{} answered {}", page.path, answer.status());
        Ok(answer.bytes()?.len())
    };
    let (mut turns, mut bytes) = (Vec::new(), 0);
    for round in 0..=ROUNDS {
        let (used, began) = (program.processor()?, Instant::now());
        for _ in 0..PAGES {
            bytes = fetch()?;
        }
        let time = program.processor()?.saturating_sub(used) / PAGES;
        let wall = began.elapsed() / PAGES;
        let time_of = |floor: &Floor<'_>| -> Result<Duration> {
            let used = processor(std::process::id())?;
            for _ in 0..PAGES {
                ensure!(floor.draw()? != (0, 0), "the floor of {address} has no rows");
            }
            Ok(processor(std::process::id())?.saturating_sub(used) / PAGES)
        };
        let least = time_of(&floor)?;
        let bare = bare.as_ref().map(time_of).transpose()?;
        // The first turn fills caches.
        if round > 0 {
            let name = page.name.to_owned();
            turns.push(Measured { name, over: None, page: time, floor: least, bare, wall, bytes });
        }
    }
    // Another guest of the machine slows a page and its floor in the same turn; the turn in the middle
    // is the one that says most.
    turns.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let middle = turns.len() / 2;
    turns.into_iter().nth(middle).context("no turn was measured")
}
