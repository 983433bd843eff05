//! The agenda: it proposes itself, the coordinator works on it, and issuing freezes it for its readers.
//!
//! Until it is issued only the coordinator and the chair see it. What readers see is the latest issue,
//! each cut to the cases of the reader's scope, however the coordinator's draft goes on.

mod ahead;
mod desk;
mod edit;
mod flags;
mod gather;
mod issue;
mod leave;
mod owed;
mod paper;
mod print;
mod proposal;
mod surplus;
mod view;

pub use ahead::{Ahead, History, ReaderView, ahead, history};
pub use edit::{
    Arrangement, CaseForm, ItemForm, TitleForm, add_case, add_title, arrange, change_item,
    find_case, put_back,
};
pub use issue::{Issued, issue, revise};
pub use leave::{LeaveForm, Left, carry, withdraw};
pub use panel_documents::agenda::{
    CaseView, IssueView, LineView, OwedAction, OwedActions, PersonView, SectionView,
};
pub use print::document;
pub use proposal::{Proposal, ProposedView, WaitingView, confirm, proposal};
pub use surplus::{SurplusForm, SurplusLine, SurplusView, leave_surplus, surplus};
pub use view::{AgendaView, DraftLine, DraftSection, DraftView, OffView, draft, show};

pub(crate) use desk::{Desk, no_holidays};
pub(crate) use issue::{outgoing, subjects_on};
pub(crate) use owed::owed;
pub(crate) use paper::{is_on, paper_case, question};
