//! The decision at a run: of everything planned for one person, what is said today and what is not.
//!
//! Facts are read again at this moment, not trusted from the day of planning: an action that was
//! finished an hour ago is not chased. An outage of days leaves many rows due at once; of those that
//! share a subject, only the latest is told.

use super::notice::{Notice, Reason};
use super::rule::{Group, Ladder};
use crate::action::Action;
use crate::id::NoticeId;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How the subject of a notice stands at the moment of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// It still waits to be done or answered.
    Live {
        /// The present due instance.
        instance: u32,
        /// The present due or meeting date.
        date: Option<NaiveDate>,
    },
    /// It waits for somebody else: an action reported as not possible, which the chair has not
    /// answered. Nobody is chased meanwhile, and nothing is given up either.
    Held,
    /// There is nothing left to say, and why.
    Over(Reason),
}

impl From<&Action> for Now {
    fn from(action: &Action) -> Self {
        if action.is_finished() {
            Self::Over(Reason::Finished)
        } else if action.awaits_chair() {
            Self::Held
        } else {
            Self::Live { instance: action.due_instance, date: action.due }
        }
    }
}

/// One line of a digest: the notice that is told, and those it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The notice that is told.
    pub notice: Notice,
    /// The heading it stands under.
    pub group: Group,
    /// Earlier notices about the same thing, which are not told beside it.
    pub covers: Vec<NoticeId>,
}

/// What a run does with one person's notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// What is told, in the order in which it fell due.
    pub lines: Vec<Line>,
    /// What is marked as skipped, with its reason. Covered notices are among them.
    pub skips: Vec<(NoticeId, Reason)>,
    /// What stays planned because its subject waits for somebody else.
    pub holds: Vec<NoticeId>,
}

/// Decides over the planned notices of one person. Those whose day has not come are left alone.
pub fn decide(planned: &[Notice], now: impl Fn(&Notice) -> Now, today: NaiveDate) -> Decision {
    let mut decision = Decision::default();
    let mut due: Vec<&Notice> = planned.iter().filter(|notice| notice.day <= today).collect();
    due.sort_by_key(|notice| (notice.day, notice.rule));
    let mut ladders: BTreeMap<_, Vec<&Notice>> = BTreeMap::new();
    for notice in due {
        match verdict(notice, now(notice)) {
            Verdict::Tell => {
                ladders.entry((notice.subject, notice.rule.ladder())).or_default().push(notice);
            }
            Verdict::Skip(reason) => decision.skips.push((notice.id, reason)),
            Verdict::Hold => decision.holds.push(notice.id),
        }
    }
    for steps in ladders.into_values() {
        if let Some((latest, earlier)) = steps.split_last() {
            let covers: Vec<NoticeId> = earlier.iter().map(|notice| notice.id).collect();
            decision.skips.extend(covers.iter().map(|id| (*id, Reason::Covered)));
            let group = latest.rule.group(latest.date, today);
            decision.lines.push(Line { notice: **latest, group, covers });
        }
    }
    decision.lines.sort_by_key(|line| (line.notice.day, line.notice.rule, line.notice.subject));
    decision
}

enum Verdict {
    Tell,
    Skip(Reason),
    Hold,
}

fn verdict(notice: &Notice, now: Now) -> Verdict {
    match now {
        Now::Live { instance, .. } if instance == notice.instance => Verdict::Tell,
        Now::Live { date, .. } => Verdict::Skip(match notice.rule.ladder() {
            Ladder::Alone(_) => Reason::Overtaken,
            Ladder::Action | Ladder::Request if date == notice.date => Reason::OwnerChanged,
            Ladder::Action | Ladder::Request => Reason::DueChanged,
        }),
        Now::Held => Verdict::Hold,
        Now::Over(reason) => Verdict::Skip(reason),
    }
}
