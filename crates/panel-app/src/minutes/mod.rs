//! The minutes: built from what was recorded, checked, signed by the chair, and corrected in new
//! versions.
//!
//! Until they are signed only whoever runs the panel sees the draft. What is signed never changes;
//! everybody reads it cut to the cases of the reader's scope. To correct it the chair opens the latest
//! version again with a reason; readers keep the signed one until the next is signed.

mod build;
mod check;
mod print;
mod sign;
mod view;
mod waiting;

pub use check::{FindingView, Place};
pub use print::{action_list, document};
pub use sign::{Approval, ApproveForm, approve, open_again};
pub use view::{DraftView, MinutesView, VersionView, show};
pub use waiting::{UnapprovedMinutes, unapproved};

pub(crate) use sign::outgoing;
