//! Signing in through an agency's directory: how it is connected, who is sent there, and who comes back.
//!
//! What is asked of a directory over HTTP lies behind [`Directories`], outside of this crate and outside of
//! every transaction.

mod connect;
mod errand;
mod port;
mod returned;

pub use connect::{
    Connection, DirectoryForm, forget, may_be_forgotten, remove, save, set_only, show,
};
pub use errand::{Sent, Way, is_offered, to_confirm, to_try, way_in};
pub use port::{Directories, Fault, NoDirectories, Question, Relation};
pub use returned::{Back, Came, come_back};
