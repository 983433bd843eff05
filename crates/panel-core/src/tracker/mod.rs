//! The coordinator's old tracker: from plain cells to typed drafts, with every bad row named.
//!
//! A [`sheet::Workbook`] is what a file holds. [`headings::recognise`] proposes a
//! [`mapping::Mapping`], which the reader may correct. Nothing is guessed: a date is what it says
//! ([`dates`]), a status word means what the mapping says ([`status`]), and an agency is recognised
//! by evidence ([`agencies`]).

pub mod agencies;
pub mod dates;
pub mod fields;
pub mod headings;
pub mod mapping;
pub mod names;
pub mod sheet;
pub mod status;
