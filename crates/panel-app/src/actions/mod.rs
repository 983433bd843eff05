//! Actions: what agencies owe between meetings, from setting one to its end.
//!
//! Every change takes the same way (`change`): the action is found in the caller's scope at the
//! version the caller read, core decides in the capacity in which the caller may act, the record is
//! saved with its history line, what hung on it lapses, and whoever must hear of it is told
//! (`notices`), all in one transaction.

mod amend;
mod bulk;
mod change;
mod chase;
mod choices;
mod closing;
mod due;
mod extensions;
mod forms;
mod leaving;
mod mine;
mod notices;
mod register;
mod set;
pub mod sheet;
mod show;
mod status;
mod step;
mod transfers;

pub use amend::{Removed, delete, reassign, redate, reword};
pub use bulk::{BulkChange, BulkForm, BulkRow, MOST_AT_ONCE, bulk};
pub use chase::{Chased, chase, chase_overdue};
pub use choices::{AgencyChoice, Choices, PanelChoice, PersonChoice, choices};
pub use extensions::{agree_extension, ask_extension, refuse_extension};
pub use forms::{
    AcceptTransferForm, AgreeForm, CompleteForm, DueForm, ExtensionForm, NoteForm, OwnerForm,
    Plain, ReasonForm, TransferForm, WordingForm,
};
pub use leaving::{Assignment, Leaver, LeaverForm, hand_over, leaver, open_actions, remove_person};
pub use mine::{Mine, Owed, PanelWork, Waiting, mine, waiting};
pub use register::{Filters, Register, Row, Total, count, list, some};
pub use set::{ActionForm, Checked, Half, NewPlace, SetAction, check, faults, new_place, set};
pub use show::{ActionPage, History, Offer, history, show};
pub use status::{
    accept_not_possible, complete, note, refuse_not_possible, reopen, report_not_done,
    report_not_possible, start, withdraw,
};
pub use transfers::{
    accept_transfer, agree_transfer_due, decline_transfer_due, propose_transfer, refuse_transfer,
    revoke_transfer,
};

pub use closing::end_with_item;
pub(crate) use closing::settle;

use panel_core::id::ActionId;
use serde::{Deserialize, Serialize};

/// What a change answers: the action, and the version that the next change must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Saved {
    /// The action.
    pub action: ActionId,
    /// Its version now.
    pub version: i32,
}
