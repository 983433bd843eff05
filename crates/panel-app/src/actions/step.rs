//! One change of an action with what it needs, so that one form, a bulk change and a file that comes
//! back all go through the same transitions.

use super::Saved;
use super::change::{by, save, tell};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, sentence};
use chrono::NaiveDate;
use panel_core::action::{
    Act, Action, ActionError, ActionEvent, Approach, Birth, By, DueText, Owner,
};
use panel_core::text::{Note, Title};
use panel_core::words;
use panel_store::Authz;
use panel_store::actions::{self, Kept};
use serde::{Deserialize, Serialize};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Start,
    Complete { on: NaiveDate, outcome: Note },
    ReportNotPossible { reason: Note },
    AcceptNotPossible,
    RefuseNotPossible { reason: Note },
    ReportNotDone { reason: Note },
    Withdraw { reason: Note },
    Reopen { reason: Note },
    Reword { text: Title, approach: Option<Approach> },
    Redate { due: Option<NaiveDate>, word: Option<DueText> },
    Reassign { owner: Owner },
    Note { note: Note, evidence: bool, from_agency: bool },
}

impl Step {
    pub(super) const fn act(&self) -> Act {
        match self {
            Self::Start => Act::Start,
            Self::Complete { .. } => Act::Complete,
            Self::ReportNotPossible { .. } => Act::ReportNotPossible,
            Self::AcceptNotPossible | Self::RefuseNotPossible { .. } => Act::AnswerNotPossible,
            Self::ReportNotDone { .. } => Act::ReportNotDone,
            Self::Withdraw { .. } => Act::Withdraw,
            Self::Reopen { .. } => Act::Reopen,
            Self::Reword { .. } | Self::Redate { .. } | Self::Reassign { .. } => Act::Amend,
            Self::Note { from_agency: true, .. } => Act::Report,
            Self::Note { from_agency: false, .. } => Act::Remark,
        }
    }

    /// The field of the form that holds the date core may refuse.
    pub(super) const fn date_field(&self) -> &'static str {
        if matches!(self, Self::Redate { .. }) { "due" } else { "on" }
    }

    pub(super) fn run(
        self,
        action: Action,
        by: By,
        birth: Birth,
        today: NaiveDate,
    ) -> Result<(Action, ActionEvent), ActionError> {
        match self {
            Self::Start => action.start(by, today),
            Self::Complete { on, outcome } => action.complete(by, on, outcome, today),
            Self::ReportNotPossible { reason } => action.report_not_possible(by, reason, today),
            Self::AcceptNotPossible => action.accept_not_possible(by, today),
            Self::RefuseNotPossible { reason } => action.refuse_not_possible(by, reason, today),
            Self::ReportNotDone { reason } => action.report_not_done(by, reason, today),
            Self::Withdraw { reason } => action.withdraw(by, reason, today),
            Self::Reopen { reason } => action.reopen(by, reason, today),
            Self::Reword { text, approach } => action.reword(by, text, approach, today),
            Self::Redate { due, word } => action.redate(by, due, word, birth, today),
            Self::Reassign { owner } => action.reassign(by, owner, today),
            Self::Note { note, evidence, from_agency } => {
                let event = action.note(by, note, evidence, from_agency, today)?;
                Ok((action, event))
            }
        }
    }
}

/// Takes a step with an action that was found in scope.
pub(super) fn apply(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    kept: &Kept,
    step: Step,
) -> Result<Saved, AppError> {
    let by = by(ctx, &kept.action, None, step.act());
    // Only a change of due date asks whether the record has left the coordinator's draft.
    let birth = match step {
        Step::Redate { .. } => actions::birth(az, kept)?,
        _ => Birth::Recorded,
    };
    let field = step.date_field();
    let changes = !matches!(step, Step::Note { .. });
    let (after, event) = step
        .run(kept.action.clone(), by, birth, ctx.today)
        .map_err(|error| refusal(error, field))?;
    if changes { save(ctx, az, kept, &after, &event, "") } else { tell(ctx, az, kept, &event, "") }
}

/// A refusal of core's in the reader's words; one about a date stands beside the field of that date.
pub(super) fn refusal(error: ActionError, date_field: &str) -> AppError {
    let dated = |code: &'static str, message: String| {
        AppError::Invalid(vec![FieldError { field: date_field.to_owned(), code, message }])
    };
    let code = code(error);
    match error {
        ActionError::InFuture { .. } => {
            dated(code, "The date must be today or in the past".to_owned())
        }
        ActionError::BeforeSet { set_on, .. } => {
            let set = words::date(set_on);
            dated(code, format!("The date must be on or after {set}, when the action was set"))
        }
        ActionError::DueBeforeSet { set_on, .. } => {
            let set = words::date(set_on);
            dated(code, format!("The due date must be on or after {set}, when the action is set"))
        }
        ActionError::DueInPast { .. } => {
            dated(code, "The due date must be today or in the future".to_owned())
        }
        ActionError::NotLater { due, .. } => {
            let due = words::date(due);
            dated(code, format!("The new date must be after {due}, when the action is due now"))
        }
        other => AppError::rule(code, sentence(&other.to_string())),
    }
}

const fn code(error: ActionError) -> &'static str {
    match error {
        ActionError::NotAllowed { .. } => "not_allowed",
        ActionError::Finished { .. } => "finished",
        ActionError::NotFinished => "not_finished",
        ActionError::AlreadyStarted => "already_started",
        ActionError::AwaitsChair => "awaits_chair",
        ActionError::NothingReported => "nothing_reported",
        ActionError::InFuture { .. } => "in_future",
        ActionError::BeforeSet { .. } => "before_set",
        ActionError::DueBeforeSet { .. } => "due_before_set",
        ActionError::DueInPast { .. } => "due_in_past",
        ActionError::NotLater { .. } => "not_later",
        ActionError::NoDueDate => "no_due_date",
        ActionError::OneWaits => "one_waits",
        ActionError::AlreadyAnswered => "already_answered",
        ActionError::SameAgency => "same_agency",
        ActionError::OwnerMoved => "owner_moved",
        ActionError::OtherAction => "other_action",
        ActionError::Unchanged => "unchanged",
    }
}
