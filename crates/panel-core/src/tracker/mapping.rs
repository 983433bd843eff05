//! How a workbook is to be read: what each sheet holds, what each column means, and the words that
//! the reader corrected. The mapping is data; it is proposed by [`super::headings::recognise`],
//! shown, edited and given to [`super::preview::preview`].

use super::agencies::AgencyChoice;
use super::fields::{Field, SheetKind};
use super::sheet::{Workbook, column_letters};
use super::status::ReferralWord;
use crate::action::ActionStatus;
use crate::coded::Coded;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a whole workbook is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mapping {
    /// One entry for each sheet of the workbook, in the order of the tabs.
    pub sheets: Vec<SheetMapping>,
    /// What a status word of an action means, by the folded word; leads over the usual meanings.
    #[serde(default)]
    pub action_words: BTreeMap<String, ActionStatus>,
    /// What a status word of a referral means, by the folded word; leads over the usual meanings.
    #[serde(default)]
    pub referral_words: BTreeMap<String, ReferralWord>,
    /// Which agency a word for one means, by the folded word; leads over what is recognised.
    #[serde(default)]
    pub agencies: BTreeMap<String, AgencyChoice>,
}

/// How one sheet is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetMapping {
    /// The name on the tab.
    pub sheet: String,
    /// What its rows are; `None` leaves the sheet out.
    pub kind: Option<SheetKind>,
    /// The number of the row with the headings; rows above it are titles and are not read.
    pub heading_row: u32,
    /// The columns that have a heading, from left to right.
    pub columns: Vec<ColumnMapping>,
}

/// What one column means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnMapping {
    /// The column, counted from 0.
    pub column: usize,
    /// Its heading as it stands in the file.
    pub heading: String,
    /// What it means; `None` leaves the column out.
    pub field: Option<Field>,
}

impl ColumnMapping {
    /// The letters over the column, as Excel shows them.
    pub fn letters(&self) -> String {
        column_letters(self.column)
    }
}

impl SheetMapping {
    /// The column that has this meaning.
    pub fn column(&self, field: Field) -> Option<&ColumnMapping> {
        self.columns.iter().find(|column| column.field == Some(field))
    }

    /// Gives a column another meaning, or none.
    pub fn assign(&mut self, column: usize, field: Option<Field>) {
        for entry in self.columns.iter_mut().filter(|entry| entry.column == column) {
            entry.field = field;
        }
    }

    fn problems(&self, workbook: &Workbook) -> Vec<MappingProblem> {
        let Some(kind) = self.kind else { return Vec::new() };
        let sheet = || self.sheet.clone();
        if !workbook.sheets.iter().any(|found| found.name == self.sheet) {
            return vec![MappingProblem::NoSuchSheet { sheet: sheet() }];
        }
        let mut problems = Vec::new();
        for any_of in kind.required() {
            if !any_of.iter().any(|field| self.column(*field).is_some()) {
                problems.push(MappingProblem::Missing { sheet: sheet(), any_of: any_of.to_vec() });
            }
        }
        for field in Field::ALL {
            let mapped = self.columns.iter().filter(|column| column.field == Some(*field));
            let columns: Vec<String> = mapped.map(ColumnMapping::letters).collect();
            if columns.len() > 1 {
                problems.push(MappingProblem::Twice { sheet: sheet(), field: *field, columns });
            } else if !columns.is_empty() && !kind.fields().contains(field) {
                problems.push(MappingProblem::Foreign { sheet: sheet(), kind, field: *field });
            }
        }
        problems
    }
}

impl Mapping {
    /// Everything that keeps the workbook from being read by this mapping; empty when nothing does.
    pub fn problems(&self, workbook: &Workbook) -> Vec<MappingProblem> {
        if self.sheets.iter().all(|sheet| sheet.kind.is_none()) {
            return vec![MappingProblem::NothingToRead];
        }
        self.sheets.iter().flat_map(|sheet| sheet.problems(workbook)).collect()
    }
}

/// Why a workbook cannot be read by a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingProblem {
    /// No sheet is said to hold anything.
    #[error("no sheet was recognised: say which sheet holds referrals, actions or representatives")]
    NothingToRead,
    /// The mapping names a sheet that the workbook does not have.
    #[error("the file has no sheet “{sheet}”")]
    NoSuchSheet {
        /// The sheet.
        sheet: String,
    },
    /// A column that every row needs is not mapped.
    #[error("sheet “{sheet}” has no column for {}", labels(.any_of))]
    Missing {
        /// The sheet.
        sheet: String,
        /// One of these is needed.
        any_of: Vec<Field>,
    },
    /// Two columns are given the same meaning.
    #[error("sheet “{sheet}”: columns {} are both “{field}”", .columns.join(" and "))]
    Twice {
        /// The sheet.
        sheet: String,
        /// The meaning.
        field: Field,
        /// The letters of the columns.
        columns: Vec<String>,
    },
    /// A column is given a meaning that sheets of this kind do not have.
    #[error("sheet “{sheet}” holds {kind}, which have no “{field}”")]
    Foreign {
        /// The sheet.
        sheet: String,
        /// What the sheet holds.
        kind: SheetKind,
        /// The meaning.
        field: Field,
    },
}

fn labels(fields: &[Field]) -> String {
    fields.iter().map(|field| format!("“{field}”")).collect::<Vec<_>>().join(" or ")
}
