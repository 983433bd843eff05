//! The register as a file, out and back in.
//!
//! What goes out is a disclosure and is noted as one. What comes back is matched by the id and the
//! version that each row carries; a row that nobody edited changes nothing, whatever happened to
//! the action meanwhile. What was edited goes through the same transitions as the pages, first in
//! a preview that names every row in the way, then all in one transaction.

mod columns;
mod confirm;
mod edits;
mod export;
mod preview;

pub use confirm::{Done, confirm};
pub use export::{File, Format, MOST_EXPORTED, export};
pub use preview::{Bad, Edited, Preview, preview};
