//! Cases: listed, searched and shown, reviewed, proposed for closure, closed and opened again.

mod agencies;
mod close;
mod lists;
mod review;
mod view;

pub use agencies::{AgenciesForm, set_agencies};
pub use close::{Closed, ClosureForm, HandOver, close, drop_proposal, propose_closure, reopen};
pub(crate) use close::{close_within, drop_proposal_within, propose_within};
pub use lists::{
    CaseListForm, CaseLists, ConflictForm, LiftForm, add_to_list, declare_conflict, lift_from_list,
    lists,
};
pub use review::{ReviewForm, review};
pub use view::{
    CaseDetail, CasePage, Found, History, May, Pair, ReferralLine, count, list, search, show,
};

pub use panel_store::cases::lists::CaseListRow;
pub use panel_store::cases::{CaseFilter, CaseRow, Sitting};

use crate::error::{AppError, FieldError, sentence, text_error};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::case::{Case, CaseError, CaseState, CaseStatus, Closing};
use panel_core::id::{CaseId, Id};
use panel_core::text::{Note, TextError};
use panel_store::Authz;
use panel_store::cases;

fn deed(code: &'static str, row: &CaseRow) -> Deed {
    Deed::new(AuditKind::Alteration, code, SubjectKind::Case, Some(row.id.uuid()))
        .at(row.panel)
        .in_case(Some(row.id))
}

/// A case of a panel that the caller runs, at the version that the caller read. Whoever may see a
/// case and runs nothing is told so; whoever may not see it is not.
fn take(az: &mut Authz<'_>, id: CaseId, version: i32) -> Result<CaseRow, AppError> {
    let case = cases::find(az, id)?.ok_or(AppError::NotFound)?;
    if !az.runs(case.panel) {
        return Err(AppError::rule("not_allowed", "This is open to the coordinator and the chair"));
    }
    if case.version == version { Ok(case) } else { Err(AppError::Stale) }
}

/// The row as core's value.
fn value(row: &CaseRow) -> Case {
    let state = match (row.state, row.closed_on, row.close_reason) {
        (CaseStatus::Closed, Some(on), Some(reason)) => {
            let note = Note::parse(&row.close_note).ok();
            CaseState::Closed { closing: Closing { on, reason, note }, by: row.closed_by }
        }
        _ => CaseState::Open { next_review: row.next_review_on },
    };
    Case { id: row.id, panel: row.panel, perpetrator: row.person, opened_on: row.opened_on, state }
}

/// A note that may be left out.
fn optional(field: &str, label: &str, raw: &str, errors: &mut Vec<FieldError>) -> Option<Note> {
    match Note::parse(raw) {
        Ok(note) => Some(note),
        Err(TextError::Empty) => None,
        Err(error) => {
            errors.push(text_error(field, label, &error));
            None
        }
    }
}

/// What a case refuses is said beside the field where there is one.
impl From<CaseError> for AppError {
    fn from(error: CaseError) -> Self {
        let message = sentence(&error.to_string());
        match error {
            CaseError::ClosingDateMissing => Self::field("closed_on", "missing", message),
            CaseError::ClosingReasonMissing => Self::field("close", "missing", message),
            CaseError::NextReviewOfClosed => Self::field("next_review_on", "of_closed", message),
            CaseError::NoteMissing(_) => Self::field("note", "missing", message),
            CaseError::InFuture { .. } => {
                Self::field("closed_on", "in_future", format!("Closing date {error}"))
            }
            CaseError::BeforeOpened { .. } => {
                Self::field("closed_on", "before_opened", format!("Closing date {error}"))
            }
            CaseError::ReviewInPast(_) => Self::field("next_review_on", "in_past", message),
            CaseError::AlreadyClosed => Self::rule("already_closed", message),
            CaseError::NotClosed => Self::rule("not_closed", message),
            CaseError::NotTheChair => Self::rule("not_allowed", message),
            CaseError::ForeignAction(_) | CaseError::Action(_) => Self::rule("action", message),
        }
    }
}
