//! How well agencies do what they owe: completion and on-time, with the counts behind them.
//!
//! An action belongs to the period in which its judged date lies ([`judged_date`]), and so to exactly
//! one of several periods that follow each other. It is looked at as it stood at the end of the
//! period, or today while the period runs: what was done later was overdue then.

use crate::action::{Acceptance, Action, ActionState, DueChange, OwnerMove, judged_date};
use crate::id::AgencyId;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt;

/// Local dates, both ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

/// A period that ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the period must end on or after the day it begins: {from} to {to}")]
pub struct BackwardPeriod {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// From a first to a last day.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, BackwardPeriod> {
        if from <= to { Ok(Self { from, to }) } else { Err(BackwardPeriod { from, to }) }
    }

    /// The first day.
    pub const fn first(self) -> NaiveDate {
        self.from
    }

    /// The last day.
    pub const fn last(self) -> NaiveDate {
        self.to
    }

    /// Whether the day lies in it.
    pub fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// How an action ended, with the local date on which it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It has not ended.
    NotYet,
    /// Completed on the date entered, whatever day that was entered.
    Completed(NaiveDate),
    /// Reported as not done.
    NotDone(NaiveDate),
    /// Withdrawn, or not possible from the day the chair accepted it: it counts for nobody.
    Excused(NaiveDate),
}

impl From<&ActionState> for End {
    fn from(state: &ActionState) -> Self {
        match state {
            ActionState::Open
            | ActionState::InProgress
            | ActionState::NotPossible { acceptance: Acceptance::Awaited { .. }, .. } => {
                Self::NotYet
            }
            ActionState::Completed { on, .. } => Self::Completed(*on),
            ActionState::NotDone { on, .. } => Self::NotDone(*on),
            ActionState::NotPossible { acceptance: Acceptance::Accepted { on, .. }, .. }
            | ActionState::Withdrawn { on, .. } => Self::Excused(*on),
            // The old tracker did not say when; whatever the period, nobody owed it.
            ActionState::NotPossible { acceptance: Acceptance::Imported, .. } => {
                Self::Excused(NaiveDate::MIN)
            }
        }
    }
}

/// What counting needs to know of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionFacts {
    /// The agency that owns it now.
    pub owner: AgencyId,
    /// The changes of owning agency, in order.
    pub moves: Vec<OwnerMove>,
    /// The date by which on-time is judged; without one the action is not counted.
    pub judged: Option<NaiveDate>,
    /// How it ended.
    pub end: End,
}

impl CompletionFacts {
    /// Takes the facts from an action and its history.
    pub fn of(action: &Action, moves: Vec<OwnerMove>, due_changes: &[DueChange]) -> Self {
        Self {
            owner: action.owner.agency,
            moves,
            judged: judged_date(action.original_due, due_changes),
            end: End::from(&action.state),
        }
    }

    /// The agency that owned it at the end of a day.
    fn owner_on(&self, day: NaiveDate) -> AgencyId {
        let last = self.moves.iter().rev().find(|moved| moved.on <= day).map(|moved| moved.to);
        let first = || self.moves.first().map(|moved| moved.from);
        last.or_else(first).unwrap_or(self.owner)
    }

    fn verdict(&self, period: Period, today: NaiveDate) -> Option<Verdict> {
        let judged = self.judged.filter(|judged| period.holds(*judged))?;
        let seen = period.to.min(today);
        match self.end {
            End::Completed(on) if on <= seen => {
                Some(if on <= judged { Verdict::OnTime } else { Verdict::Late })
            }
            End::NotDone(on) if on <= seen => Some(Verdict::NotDone),
            End::Excused(on) if on <= seen => None,
            _ => (judged < today).then_some(Verdict::Overdue),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    OnTime,
    Late,
    NotDone,
    Overdue,
}

/// What an agency did in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Completed, on time or not.
    pub completed: u32,
    /// Completed by the judged date; part of `completed`.
    pub on_time: u32,
    /// Reported as not done.
    pub not_done: u32,
    /// Past the judged date and not ended.
    pub overdue: u32,
    /// Handed to another agency that accepted, in this period. It counts in no rate.
    pub transferred: u32,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::OnTime => {
                self.completed += 1;
                self.on_time += 1;
            }
            Verdict::Late => self.completed += 1,
            Verdict::NotDone => self.not_done += 1,
            Verdict::Overdue => self.overdue += 1,
        }
    }

    const fn owed(&self) -> u32 {
        self.completed + self.not_done + self.overdue
    }

    /// Completed ÷ (completed + not done + overdue).
    pub const fn completion(&self) -> Rate {
        Rate { numerator: self.completed, denominator: self.owed() }
    }

    /// Completed by the judged date ÷ the same.
    pub const fn punctuality(&self) -> Rate {
        Rate { numerator: self.on_time, denominator: self.owed() }
    }
}

/// A part of a whole. It prints both numbers, and a percentage only where one means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The part.
    pub numerator: u32,
    /// The whole.
    pub denominator: u32,
}

/// The smallest denominator for which a percentage is shown.
const FEWEST: u32 = 10;

impl Rate {
    /// The whole percentage, halves rounded up; none when the denominator is below ten.
    pub fn percent(&self) -> Option<u32> {
        let (part, whole) = (u64::from(self.numerator), u64::from(self.denominator));
        let enough = self.denominator >= FEWEST;
        enough.then(|| u32::try_from((part * 200 + whole) / (whole * 2)).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { numerator, denominator } = self;
        match (denominator, self.percent()) {
            (0, _) => f.write_str("–"),
            (_, None) => write!(f, "{numerator} of {denominator}"),
            (_, Some(percent)) => write!(f, "{numerator} of {denominator} ({percent}%)"),
        }
    }
}

/// The figures of a period: a row for every agency that was asked for, and their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Every agency, those without any action too.
    pub agencies: BTreeMap<AgencyId, Tally>,
    /// All of them together.
    pub total: Tally,
}

/// Counts a period. `agencies` get a row each, of noughts when they owed nothing.
pub fn completion<'a>(
    agencies: impl IntoIterator<Item = AgencyId>,
    facts: impl IntoIterator<Item = &'a CompletionFacts>,
    period: Period,
    today: NaiveDate,
) -> Completion {
    let rows = agencies.into_iter().map(|agency| (agency, Tally::default())).collect();
    let mut counted = Completion { agencies: rows, total: Tally::default() };
    let seen = period.to.min(today);
    for action in facts {
        if let Some(verdict) = action.verdict(period, today) {
            counted.agencies.entry(action.owner_on(seen)).or_default().count(verdict);
            counted.total.count(verdict);
        }
        for moved in &action.moves {
            if moved.by_transfer && period.holds(moved.on) {
                counted.agencies.entry(moved.from).or_default().transferred += 1;
                counted.total.transferred += 1;
            }
        }
    }
    counted
}

#[cfg(test)]
mod tests;
