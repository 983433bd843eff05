//! Why a notice was sent, or why not, in words that a page can show. They hold dates and rules and
//! nothing of a case.

use super::notice::{Notice, NoticeState, Reason};
use super::policy::ReminderPolicy;
use super::rule::Rule;
use crate::coded::Coded;
use chrono::NaiveDate;

/// The answer to "why was this sent?" and to "why not?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in one sentence.
    pub what: String,
    /// The rule that asked for it, in one sentence.
    pub rule: String,
}

/// Explains a notice. `held` says that its subject waits for the chair at this moment.
pub fn explain(
    notice: &Notice,
    state: NoticeState,
    held: bool,
    policy: &ReminderPolicy,
) -> Explanation {
    Explanation { what: what(notice, state, held), rule: rule_words(notice, policy) }
}

/// Why there is no notice for a rule, an action and a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The action has no due date to count from.
    NoDueDate,
    /// The action was finished before the rule was planned.
    Finished,
    /// The owner reported the action as not possible before the rule was planned.
    AwaitsChair,
    /// The rule goes to somebody else.
    NotAddressed(Rule),
    /// The day of the rule is too far ahead to be planned.
    Ahead {
        /// The day of the rule.
        day: NaiveDate,
        /// The day on which it will be planned.
        planned_on: NaiveDate,
    },
}

/// Explains why there is no notice.
pub fn explain_absence(absence: Absence) -> String {
    match absence {
        Absence::NoDueDate => "Not planned: the action has no due date.".to_owned(),
        Absence::Finished => "Not planned: the action is finished.".to_owned(),
        Absence::AwaitsChair => {
            format!("Not planned: {} unless the chair refuses.", Reason::AwaitsChair.label())
        }
        Absence::NotAddressed(rule) => {
            let labels = rule.audiences().iter().map(|audience| audience.label().to_owned());
            let to = crate::words::list(&labels.collect::<Vec<_>>());
            format!("Not planned: it goes to {to}, and this person is not among them.")
        }
        Absence::Ahead { day, planned_on } => {
            format!(
                "Not planned yet: its day is {}; it is planned on {}.",
                long(day),
                long(planned_on)
            )
        }
    }
}

fn what(notice: &Notice, state: NoticeState, held: bool) -> String {
    match state {
        NoticeState::Told { on } if on > notice.day => format!(
            "Sent on {}: it was to be sent from {} on, and this was the first run after that.",
            long(on),
            long(notice.day)
        ),
        NoticeState::Told { on } => format!("Sent on {}.", long(on)),
        NoticeState::Skipped { reason: Reason::BeforeCreated, .. } => format!(
            "Not sent: its day, {}, had passed before this due date or owner was set.",
            long(notice.day)
        ),
        NoticeState::Skipped { reason: Reason::Nobody, .. } => {
            format!("Not sent: {}.", Reason::Nobody.label())
        }
        NoticeState::Skipped { on, reason } => {
            format!("Not sent: when it was looked at on {}, {}.", long(on), past(reason))
        }
        NoticeState::Cancelled { on, reason } => {
            format!("Cancelled on {}: {}.", long(on), reason.label())
        }
        NoticeState::Planned if held => "Not sent: the owner reported the action as not possible, \
             and nobody is chased until the chair has answered."
            .to_owned(),
        NoticeState::Planned => {
            format!("Planned: it joins the first digest from {} on.", long(notice.day))
        }
    }
}

/// The reason as it reads after "when it was looked at".
fn past(reason: Reason) -> &'static str {
    match reason {
        Reason::Finished => "it had been finished",
        Reason::DueChanged => "the due date had changed",
        Reason::OwnerChanged => "the action had gone to another owner",
        Reason::RecipientLeft => {
            "the person no longer had a seat at the panel, or might not know of it"
        }
        Reason::Overtaken => "the meeting had been held, moved or cancelled",
        Reason::BeforeCreated | Reason::Covered | Reason::Nobody | Reason::AwaitsChair => {
            reason.label()
        }
    }
}

fn rule_words(notice: &Notice, policy: &ReminderPolicy) -> String {
    let label = notice.rule.label();
    match (notice.date, policy.offset(notice.rule)) {
        (Some(due), 0) if notice.rule == Rule::OnDay => {
            format!("{label}: the due date is {}.", long(due))
        }
        (Some(due), offset) if offset != 0 => {
            let days = offset.unsigned_abs();
            let unit = if days == 1 { "working day" } else { "working days" };
            let side = if offset < 0 { "before" } else { "after" };
            format!("{label}: {days} {unit} {side} the due date, {}.", long(due))
        }
        (Some(date), _) => format!("{label}: the date is {}.", long(date)),
        (None, _) => format!("{label}."),
    }
}

fn long(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}
