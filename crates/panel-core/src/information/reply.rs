//! What an agency answers: facts kept apart from professional opinion.

use super::{Regime, ReplyKind};
use crate::text::{LongNote, Name, Note};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Why a reply cannot be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Information without any.
    #[error("Enter facts or professional opinion, or choose another kind of reply")]
    NothingToShare,
    /// A refusal without a reason.
    #[error("Enter the reason for not sharing")]
    NoReason,
    /// A contact that is still to come.
    #[error("The last contact must be today or in the past")]
    ContactInFuture,
}

/// An answer, from the fields of the published research form; any of them may be empty in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ReplyAnswer))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What kind of answer it is.
    pub kind: ReplyKind,
    /// Facts about the person under management.
    #[serde(default)]
    pub facts: Option<LongNote>,
    /// Professional opinion, apart from the facts.
    #[serde(default)]
    pub opinion: Option<LongNote>,
    /// Why it is not shared, or what is held and by whom.
    #[serde(default)]
    pub reason: Option<Note>,
    /// What else the form asks.
    #[serde(default)]
    pub particulars: Particulars,
}

/// The further fields of the research form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Particulars {
    /// Facts about those who are harmed.
    pub victim_facts: Option<Note>,
    /// Facts about the children.
    pub children_facts: Option<Note>,
    /// The local date of the agency's last contact.
    pub last_contact: Option<NaiveDate>,
    /// Who works with the person now.
    pub worker: Option<Name>,
    /// Appointments, attendance, demeanour and how they change.
    pub engagement: Option<Note>,
    /// Orders the agency knows of.
    pub orders: Option<Note>,
    /// Risk to staff.
    pub risk_to_staff: Option<Note>,
    /// What protects.
    pub protective: Option<Note>,
    /// What the agency offers to do.
    pub proposed_actions: Option<Note>,
    /// The lawful basis on which it shares, in the agency's words.
    pub lawful_basis: Option<Name>,
    /// The law that applies to it.
    pub regime: Option<Regime>,
}

impl Particulars {
    /// Whether one of them is information about somebody.
    const fn says_something(&self) -> bool {
        self.victim_facts.is_some()
            || self.children_facts.is_some()
            || self.engagement.is_some()
            || self.orders.is_some()
            || self.risk_to_staff.is_some()
            || self.protective.is_some()
    }
}

impl Default for Answer {
    /// Information without any, which is how a draft begins.
    fn default() -> Self {
        Self {
            kind: ReplyKind::Information,
            facts: None,
            opinion: None,
            reason: None,
            particulars: Particulars::default(),
        }
    }
}

impl Answer {
    /// Checks that it holds what its kind needs before others read it.
    ///
    /// # Errors
    /// [`ReplyError`] naming what is missing.
    pub fn check(&self, today: NaiveDate) -> Result<(), ReplyError> {
        if self.particulars.last_contact.is_some_and(|day| day > today) {
            return Err(ReplyError::ContactInFuture);
        }
        let says = self.facts.is_some() || self.opinion.is_some();
        match self.kind {
            ReplyKind::Information if !says && !self.particulars.says_something() => {
                Err(ReplyError::NothingToShare)
            }
            ReplyKind::NotShared if self.reason.is_none() => Err(ReplyError::NoReason),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::testing::day;

    fn answer(kind: ReplyKind) -> Answer {
        let particulars = Particulars::default();
        Answer { kind, facts: None, opinion: None, reason: None, particulars }
    }

    #[track_caller]
    fn check(answer: &Answer, expected: Result<(), ReplyError>) {
        assert_eq!(answer.check(day("2026-04-01")), expected);
    }

    #[test]
    fn a_refusal_needs_a_reason_and_information_needs_some() {
        check(&answer(ReplyKind::NotShared), Err(ReplyError::NoReason));
        check(&answer(ReplyKind::Information), Err(ReplyError::NothingToShare));
        check(&answer(ReplyKind::NothingKnown), Ok(()));
        check(&answer(ReplyKind::HeldInternally), Ok(()));
        let opinion = LongNote::parse("He is calmer.").ok();
        check(&Answer { opinion, ..answer(ReplyKind::Information) }, Ok(()));
        let orders = Note::parse("Restraining order until June").ok();
        let particulars = Particulars { orders, ..Particulars::default() };
        check(&Answer { particulars, ..answer(ReplyKind::Information) }, Ok(()));
    }

    #[test]
    fn a_last_contact_lies_in_the_past_or_on_the_day() {
        let with = |on| {
            let particulars = Particulars { last_contact: Some(day(on)), ..Particulars::default() };
            Answer { particulars, ..answer(ReplyKind::NothingKnown) }
        };
        check(&with("2026-04-01"), Ok(()));
        check(&with("2026-04-02"), Err(ReplyError::ContactInFuture));
    }
}
