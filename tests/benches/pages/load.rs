//! Many readers at once: a steady hundred requests a second, then as many as there can be.

use crate::program::{Program, wait};
use crate::rounds::Held;
use anyhow::{Result, anyhow, ensure};
use reqwest::blocking::Client;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Browsers that ask at once.
const READERS: u32 = 16;
/// The steady rate, and for how long.
const RATE: u32 = 100;
const STEADY: Duration = Duration::from_secs(20);
/// For how long before that nothing is counted: connections are made and statements prepared.
const WARM: Duration = Duration::from_secs(3);
/// How long as many as possible are asked.
const FULL: Duration = Duration::from_secs(8);

/// What readers waited.
pub(crate) struct Load {
    /// At the steady rate, from the moment each request was due.
    pub(crate) steady: Waits,
    /// At full load, and how many were answered a second.
    pub(crate) full: Waits,
    pub(crate) per_second: f64,
}

/// The middle wait, and what all but one in a hundred stayed under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// An empty answer's cost, and how many of them a second.
pub(crate) struct Empty {
    pub(crate) processor: Duration,
    pub(crate) per_second: f64,
    pub(crate) waits: Waits,
}

/// One thing to ask for, and as whom.
struct Ask {
    address: String,
    cookie: String,
}

/// Asks for the pages in turn.
pub(crate) fn run(Held { program, world, pages, .. }: &Held) -> Result<Load> {
    let asks: Result<Vec<Ask>> = pages
        .iter()
        .map(|(page, _)| {
            let cookie = program.sign_in(world, page.who)?.cookie;
            Ok(Ask { address: format!("{}{}", program.address, page.path), cookie })
        })
        .collect();
    let asks = Arc::new(asks?);
    steadily(&asks, WARM)?;
    let steady = waits(steadily(&asks, STEADY)?)?;
    let (full, per_second) = fully(&asks)?;
    Ok(Load { steady, full, per_second })
}

/// Measures a server that answers with nothing.
pub(crate) fn empty() -> Result<Empty> {
    let server = Program::empty()?;
    let asks =
        Arc::new(vec![Ask { address: format!("{}/", server.address), cookie: String::new() }]);
    fully(&asks)?;
    let (used, client) = (server.processor()?, Client::new());
    for _ in 0..1_000 {
        client.get(format!("{}/", server.address)).send()?;
    }
    let processor = server.processor()?.saturating_sub(used) / 1_000;
    let (waits, per_second) = fully(&asks)?;
    Ok(Empty { processor, per_second, waits })
}

/// Keeps to a timetable whatever the answers take, so that a slow answer delays no later question and
/// is seen in full.
fn steadily(asks: &Arc<Vec<Ask>>, lasting: Duration) -> Result<Vec<Duration>> {
    let (gap, began) = (Duration::from_secs(1) / RATE, Instant::now());
    let all = u32::try_from(lasting.as_millis() / gap.as_millis())?;
    readers(asks, move |ask, client, reader| {
        let mut waited = Vec::new();
        for number in (reader..all).step_by(usize::try_from(READERS)?) {
            let due = began + gap * number;
            wait(due.saturating_duration_since(Instant::now()));
            ask(client, number)?;
            waited.push(due.elapsed());
        }
        Ok(waited)
    })
}

fn fully(asks: &Arc<Vec<Ask>>) -> Result<(Waits, f64)> {
    let began = Instant::now();
    let waited = readers(asks, move |ask, client, reader| {
        let mut waited = Vec::new();
        for number in (reader..).step_by(usize::try_from(READERS)?) {
            let asked = Instant::now();
            ask(client, number)?;
            waited.push(asked.elapsed());
            if began.elapsed() > FULL {
                break;
            }
        }
        Ok(waited)
    })?;
    let answered = f64::from(u32::try_from(waited.len())?);
    Ok((waits(waited)?, answered / began.elapsed().as_secs_f64()))
}

type Question<'a> = &'a dyn Fn(&Client, u32) -> Result<()>;

fn readers(
    asks: &Arc<Vec<Ask>>,
    work: impl Fn(Question<'_>, &Client, u32) -> Result<Vec<Duration>> + Send + Copy + 'static,
) -> Result<Vec<Duration>> {
    let start = |reader: u32| {
        let asks = Arc::clone(asks);
        std::thread::spawn(move || {
            let ask = |client: &Client, number: u32| {
                let of = asks.get(usize::try_from(number)? % asks.len());
                let one = of.ok_or_else(|| anyhow!("nothing to ask for"))?;
                let answer = client.get(&one.address).header("cookie", &one.cookie).send()?;
                ensure!(answer.status().is_success(), "answered {}", answer.status());
                answer.bytes()?;
                Ok(())
            };
            work(&ask, &Client::new(), reader)
        })
    };
    let running: Vec<_> = (0..READERS).map(start).collect();
    let mut all = Vec::new();
    for reader in running {
        all.extend(reader.join().map_err(|_| anyhow!("a reader panicked"))??);
    }
    Ok(all)
}

fn waits(mut all: Vec<Duration>) -> Result<Waits> {
    all.sort_unstable();
    let at = |share: usize| all.get(all.len() * share / 100).copied();
    let none = || anyhow!("nothing was answered");
    Ok(Waits { p50: at(50).ok_or_else(none)?, p99: at(99).ok_or_else(none)? })
}
