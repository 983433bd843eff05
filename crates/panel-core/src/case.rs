//! A case: one person under a panel's management, from acceptance to closure.
//!
//! A case is closed by a review in which the chair says why and as of which day. Nothing is left
//! open behind it: every unfinished action is withdrawn or handed over on that same day, and there
//! is no next review. A person who returns gets a new case, so that the closure stays readable.

mod reopening;

pub use reopening::{ClosureProposal, Reopening};

use crate::action::{Action, ActionError, ActionEvent, By, Capacity};
use crate::coded;
use crate::coded::Coded;
use crate::id::{ActionId, AgencyId, CaseId, PanelId, PersonId, UserId};
use crate::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

coded! {
    /// Whether a case is under management: the state without its facts, for lists and storage.
    pub enum CaseStatus: "status of a case" {
        /// Under the panel's management.
        Open = "open" => "Open",
        /// No longer.
        Closed = "closed" => "Closed",
    }
}

coded! {
    /// Why a case was closed.
    pub enum ClosureReason: "closure reason" {
        /// Risk has come down.
        RiskReduced = "risk_reduced" => "Risk reduced",
        /// The programme was completed.
        ProgrammeCompleted = "programme_completed" => "Programme completed",
        /// In custody for a long time.
        LongTermCustody = "long_term_custody" => "Long-term custody",
        /// Managed under MAPPA.
        ManagedElsewhereMappa = "managed_elsewhere_mappa" => "Managed elsewhere: MAPPA",
        /// Managed by integrated offender management.
        ManagedElsewhereIom = "managed_elsewhere_iom" => "Managed elsewhere: IOM",
        /// Handed to another area.
        TransferredOut = "transferred_out" => "Transferred out",
        /// The perpetrator has died.
        DeceasedPerpetrator = "deceased_perpetrator" => "Perpetrator deceased",
        /// Nothing further can be done; the steering group is told in a note.
        NoFurtherLevers = "no_further_levers" => "No further levers",
        /// The threshold was not met after all.
        ThresholdNotMet = "threshold_not_met" => "Threshold not met",
        /// The same person as in another case.
        DuplicateMerged = "duplicate_merged" => "Duplicate, merged",
        /// Twelve months passed without a further incident.
        LapsedTwelveMonths = "lapsed_12_months" => "Lapsed after 12 months",
        /// Closed in an old tracker that does not say why. Nobody can choose it.
        NotRecorded = "not_recorded" => "Not recorded: closed in the old tracker",
    }
}

impl ClosureReason {
    /// Whether the reason needs a note, for the steering group to read.
    pub const fn needs_note(self) -> bool {
        matches!(self, Self::NoFurtherLevers)
    }

    /// Whether a chair can choose it; what an old tracker left out is not a reason to give.
    pub const fn can_be_chosen(self) -> bool {
        !matches!(self, Self::NotRecorded)
    }
}

coded! {
    /// What a good closure has seen to. It is advice: nothing here blocks.
    pub enum ClosureCheck: "closure check" {
        /// The exit score was taken.
        ExitScore = "exit_score" => "Exit score taken",
        /// Every action has ended or was handed over.
        ActionsSettled = "actions_settled" => "All actions ended or handed over",
        /// Victims were consulted through their advocate.
        VictimsConsulted = "victims_consulted" => "Victims consulted through the IDVA, and told if safe",
        /// Flags were removed or given an end.
        FlagsEnded = "flags_ended" => "Flags removed or given an end date",
        /// One agency takes the lead.
        LeadAgency = "lead_agency" => "Lead agency named",
        /// Everyone knows how the person can be referred again.
        RouteBack = "route_back" => "Route for a new referral stated",
        /// The chair approved.
        ChairApproved = "chair_approved" => "Approved by the chair",
    }
}

/// The checks that nobody has ticked, in the order in which they are offered.
pub fn unticked(ticked: &BTreeSet<ClosureCheck>) -> Vec<ClosureCheck> {
    ClosureCheck::ALL.iter().copied().filter(|check| !ticked.contains(check)).collect()
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CaseState {
    /// Under the panel's management.
    Open {
        /// The agreed date of the next review, if one was agreed.
        next_review: Option<NaiveDate>,
    },
    /// No longer.
    Closed {
        /// The decision.
        closing: Closing,
        /// The chair who took it, unless a file said so.
        by: Option<UserId>,
    },
}

/// The decision to close a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closing {
    /// The local date.
    pub on: NaiveDate,
    /// Why.
    pub reason: ClosureReason,
    /// What else is to be said.
    pub note: Option<Note>,
}

/// A person under a panel's management.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Which case.
    pub id: CaseId,
    /// The panel.
    pub panel: PanelId,
    /// The person.
    pub perpetrator: PersonId,
    /// The local date on which the panel took it on.
    pub opened_on: NaiveDate,
    /// Where it stands.
    pub state: CaseState,
}

/// What was entered in a review: fields as they come from a form, any of them empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewEntry {
    /// The decision to close, by its reason.
    pub close: Option<ClosureReason>,
    /// The day as of which it is closed.
    pub closed_on: Option<NaiveDate>,
    /// A note on the closure.
    pub note: Option<Note>,
    /// The date of the next review.
    pub next_review: Option<NaiveDate>,
}

/// A review that says one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// The case stays; its next review is on this date, or by the panel's rule.
    Keep {
        /// The agreed date.
        next_review: Option<NaiveDate>,
    },
    /// The case is closed.
    Close(Closing),
}

/// Why a case does not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// A decision to close without the day.
    #[error("enter the date on which the case is closed")]
    ClosingDateMissing,
    /// A closing day without the decision.
    #[error("a closing date was entered: choose why the case is closed, or remove the date")]
    ClosingReasonMissing,
    /// A closed case has no next review.
    #[error("a closed case has no next review: remove the date")]
    NextReviewOfClosed,
    /// This reason needs a note.
    #[error("“{0}” needs a note for the steering group")]
    NoteMissing(ClosureReason),
    /// The case was closed before.
    #[error("the case is closed already")]
    AlreadyClosed,
    /// The case is open.
    #[error("the case is open")]
    NotClosed,
    /// Only the chair closes a case or opens it again.
    #[error("only the chair closes a case or opens it again")]
    NotTheChair,
    /// A day to come.
    #[error("must be today or in the past: {on} is after {today}")]
    InFuture {
        /// What was entered.
        on: NaiveDate,
        /// The present local date.
        today: NaiveDate,
    },
    /// Before the case began.
    #[error("must be on or after the day the case was opened, {opened_on}: this is {on}")]
    BeforeOpened {
        /// What was entered.
        on: NaiveDate,
        /// When the case was opened.
        opened_on: NaiveDate,
    },
    /// A next review that has passed.
    #[error("the next review must be after today: this is {0}")]
    ReviewInPast(NaiveDate),
    /// An action of another case.
    #[error("an action of another case cannot be settled here")]
    ForeignAction(ActionId),
    /// An action does not change.
    #[error(transparent)]
    Action(#[from] ActionError),
}

impl ReviewEntry {
    /// Reads the fields as one decision. Closing takes both the decision and its date.
    ///
    /// # Errors
    /// [`CaseError::ClosingDateMissing`], [`CaseError::ClosingReasonMissing`],
    /// [`CaseError::NextReviewOfClosed`], [`CaseError::NoteMissing`].
    pub fn read(self) -> Result<Review, CaseError> {
        match (self.close, self.closed_on) {
            (None, None) => Ok(Review::Keep { next_review: self.next_review }),
            (Some(_), None) => Err(CaseError::ClosingDateMissing),
            (None, Some(_)) => Err(CaseError::ClosingReasonMissing),
            (Some(reason), _) if !reason.can_be_chosen() => Err(CaseError::ClosingReasonMissing),
            (Some(_), Some(_)) if self.next_review.is_some() => Err(CaseError::NextReviewOfClosed),
            (Some(reason), Some(_)) if reason.needs_note() && self.note.is_none() => {
                Err(CaseError::NoteMissing(reason))
            }
            (Some(reason), Some(on)) => Ok(Review::Close(Closing { on, reason, note: self.note })),
        }
    }
}

/// What becomes of the actions that are still open when a case is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What each of them is withdrawn with.
    pub reason: Note,
    /// Those with which an agency goes on alone, without the panel asking for them.
    pub handed_over: BTreeMap<ActionId, AgencyId>,
}

/// An action that was open when its case was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The action as it is now.
    pub action: Action,
    /// What happened to it.
    pub event: ActionEvent,
    /// The agency that goes on with it, if one does.
    pub handed_to: Option<AgencyId>,
}

impl Case {
    /// Whether the panel manages it still.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, CaseState::Open { .. })
    }

    /// The agreed date of the next review; none for a closed case.
    pub const fn next_review(&self) -> Option<NaiveDate> {
        match self.state {
            CaseState::Open { next_review } => next_review,
            CaseState::Closed { .. } => None,
        }
    }

    /// Agrees on the next review, or leaves it to the panel's rule.
    ///
    /// # Errors
    /// [`CaseError::AlreadyClosed`], [`CaseError::ReviewInPast`].
    pub fn keep(self, next_review: Option<NaiveDate>, today: NaiveDate) -> Result<Self, CaseError> {
        if !self.is_open() {
            return Err(CaseError::AlreadyClosed);
        }
        if let Some(past) = next_review.filter(|date| *date <= today) {
            return Err(CaseError::ReviewInPast(past));
        }
        Ok(Self { state: CaseState::Open { next_review }, ..self })
    }

    /// Closes the case and settles its actions on the same day. `actions` are all of the case;
    /// those that have ended stay as they are.
    ///
    /// # Errors
    /// [`CaseError`], and then nothing is changed.
    pub fn close(
        self,
        closing: Closing,
        actions: Vec<Action>,
        settlement: &Settlement,
        chair: By,
        today: NaiveDate,
    ) -> Result<(Self, Vec<Settled>), CaseError> {
        self.may_close(&closing, chair, today)?;
        let mut settled = Vec::new();
        for action in actions {
            if action.case != Some(self.id) {
                return Err(CaseError::ForeignAction(action.id));
            }
            if action.is_finished() {
                continue;
            }
            let handed_to = settlement.handed_over.get(&action.id).copied();
            let reason = settlement.reason.clone();
            let (action, event) = action.withdraw(chair, reason, closing.on)?;
            settled.push(Settled { action, event, handed_to });
        }
        Ok((Self { state: CaseState::Closed { closing, by: Some(chair.user) }, ..self }, settled))
    }

    fn may_close(&self, closing: &Closing, chair: By, today: NaiveDate) -> Result<(), CaseError> {
        if !self.is_open() {
            Err(CaseError::AlreadyClosed)
        } else if chair.capacity != Capacity::Chair {
            Err(CaseError::NotTheChair)
        } else if closing.on > today {
            Err(CaseError::InFuture { on: closing.on, today })
        } else if closing.on < self.opened_on {
            Err(CaseError::BeforeOpened { on: closing.on, opened_on: self.opened_on })
        } else if !closing.reason.can_be_chosen() {
            Err(CaseError::ClosingReasonMissing)
        } else if closing.reason.needs_note() && closing.note.is_none() {
            Err(CaseError::NoteMissing(closing.reason))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
