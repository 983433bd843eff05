//! Information requests: agencies are asked when an agenda is issued, reply in their own time, and a
//! board shows who owes what. Silence stays visible; a late reply is taken and marked.

mod ask;
mod board;
mod change;
mod chase;
mod form;
mod reply;
mod request;
mod standing;

pub use ask::WouldAsk;
pub use board::{Board, BoardAgency, BoardCase, BoardCell, board};
pub use change::{AskForm, Asked, ExtensionForm, ask, ask_again, ask_again_stale, extend};
pub use chase::{chase, chase_all};
pub use form::{ReplyForm, Typed};
pub use panel_store::notices::Chased;
pub use reply::{Released, Saved, drop_draft, enter, keep_text, release, save_draft};
pub use request::{CaseReplies, MyRequest, ReplyView, RequestView, about_case, mine, show};

pub(crate) use ask::{ask_all, call_off, follow_meeting, would_ask};
pub(crate) use request::replies_about;
pub(crate) use standing::{coverage, silent};

use crate::error::AppError;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{Id, InfoRequestId};
use panel_store::Authz;
use panel_store::information::{self, Asked as Found, Request};

/// Something done to a request, for the audit log.
fn deed(kind: AuditKind, code: &'static str, request: &Request) -> Deed {
    let subject = Some(request.id.uuid());
    let deed = Deed::new(kind, code, SubjectKind::InfoRequest, subject);
    deed.at(request.panel).in_case(Some(request.case))
}

/// A request that the caller may know of.
fn find(az: &mut Authz<'_>, id: InfoRequestId) -> Result<Found, AppError> {
    information::find(az, id)?.ok_or(AppError::NotFound)
}

/// A request of a panel that the caller runs.
fn find_run(az: &mut Authz<'_>, id: InfoRequestId) -> Result<Found, AppError> {
    let found = find(az, id)?;
    if az.runs(found.request.panel) { Ok(found) } else { Err(AppError::NotFound) }
}

/// Saves a changed request, which the caller saw as it was.
fn save(az: &mut Authz<'_>, request: &Request) -> Result<(), AppError> {
    if information::update(az, request)? { Ok(()) } else { Err(AppError::Stale) }
}
