//! The coordinator's old tracker: from plain cells to typed drafts, with every bad row named.
//!
//! A [`sheet::Workbook`] is what a file holds. Nothing is guessed: a date is what it says
//! ([`dates`]), and a status word means what the reader agrees to ([`status`]).

pub mod dates;
pub mod names;
pub mod sheet;
pub mod status;
