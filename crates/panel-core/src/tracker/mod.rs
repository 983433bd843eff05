//! The coordinator's old tracker: from plain cells to typed drafts, with every bad row named.
//!
//! A [`sheet::Workbook`] is what a file holds. [`headings::recognise`] proposes a
//! [`mapping::Mapping`], which the reader may correct; [`preview::preview`] then shows what an
//! import would do. Nothing is guessed: a date is what it says ([`dates`]), a status word means
//! what the mapping says ([`status`]), an agency is recognised by evidence ([`agencies`]), and two
//! people are offered as one, never made one ([`crate::likeness`]).

mod actions;
pub mod agencies;
pub mod dates;
pub mod draft;
pub mod fields;
mod filed;
pub mod headings;
pub mod mapping;
pub mod names;
mod person;
pub mod preview;
mod reader;
mod reading;
mod referrals;
pub mod remark;
mod reps;
pub mod sheet;
pub mod status;
