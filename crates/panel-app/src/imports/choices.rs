//! How an upload is to be read: what was recognised, and what the coordinator corrected.

use super::read::Loaded;
use crate::error::{AppError, FieldError, sentence, text_error};
use panel_core::action::ActionStatus;
use panel_core::text::{Name, fold};
use panel_core::tracker::agencies::AgencyChoice;
use panel_core::tracker::fields::{Field, SheetKind};
use panel_core::tracker::headings::read_as;
use panel_core::tracker::mapping::{Mapping, MappingProblem, SheetMapping};
use panel_core::tracker::status::ReferralWord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that decides how an upload is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// Headings, status words and agencies.
    pub mapping: Mapping,
    /// Which rows are of one person.
    #[serde(default)]
    pub links: Vec<LinkChoice>,
}

/// What was decided about two referrals of the file, by their external references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkChoice {
    /// The one.
    pub one: String,
    /// The other.
    pub two: String,
    /// Whether they are of one person; `None` leaves it to be decided later.
    #[serde(default)]
    pub same: Option<bool>,
}

/// A correction. What it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// How one sheet is read.
    Sheet(SheetForm),
    /// Which agencies words mean, by the folded word; `None` as they are recognised.
    Agencies {
        /// The words.
        #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, panel_core::schema::OrNull<AgencyChoice>>))]
        words: BTreeMap<String, Option<AgencyChoice>>,
    },
    /// What status words mean, by the folded word; `None` gives a word its usual meaning.
    Words {
        /// Words of actions.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, panel_core::schema::OrNull<ActionStatus>>))]
        actions: BTreeMap<String, Option<ActionStatus>>,
        /// Words of referrals.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, panel_core::schema::OrNull<ReferralWord>>))]
        referrals: BTreeMap<String, Option<ReferralWord>>,
    },
    /// Which rows are of one person.
    Links {
        /// The decisions.
        decided: Vec<LinkChoice>,
    },
}

/// How one sheet is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SheetForm {
    /// The name on the tab.
    pub sheet: String,
    /// What its rows are; `None` leaves the sheet out.
    #[serde(default)]
    pub kind: Option<SheetKind>,
    /// The number of the row with the headings.
    pub heading_row: u32,
    /// The meaning of columns, counted from 0. Where the kind or the heading row changes, the
    /// headings are recognised anew and this is not looked at.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<usize, panel_core::schema::OrNull<Field>>))]
    pub columns: BTreeMap<usize, Option<Field>>,
}

impl Choices {
    /// As it is kept.
    pub(super) fn written(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::failed)
    }

    /// What was decided about two referrals, whichever is named first.
    pub(super) fn decided(&self, one: &str, two: &str) -> Option<bool> {
        let of =
            |it: &&LinkChoice| (it.one == one && it.two == two) || (it.one == two && it.two == one);
        self.links.iter().rev().find(of).and_then(|choice| choice.same)
    }
}

/// The choices of an upload after a correction.
pub(super) fn apply(loaded: &Loaded, change: &Change) -> Result<Choices, AppError> {
    let mut choices = loaded.choices.clone();
    match change {
        Change::Sheet(form) => set_sheet(&mut choices, loaded, form)?,
        Change::Agencies { words } => set_agencies(&mut choices, loaded, words)?,
        Change::Words { actions, referrals } => {
            replace(&mut choices.mapping.action_words, actions);
            replace(&mut choices.mapping.referral_words, referrals);
        }
        Change::Links { decided } => {
            for new in decided {
                let other = |it: &LinkChoice| {
                    !((it.one == new.one && it.two == new.two)
                        || (it.one == new.two && it.two == new.one))
                };
                choices.links.retain(other);
                choices.links.extend(new.same.is_some().then(|| new.clone()));
            }
        }
    }
    Ok(choices)
}

fn replace<T: Clone>(kept: &mut BTreeMap<String, T>, new: &BTreeMap<String, Option<T>>) {
    for (word, meaning) in new {
        match meaning {
            Some(meaning) => kept.insert(word.clone(), meaning.clone()),
            None => kept.remove(word),
        };
    }
}

fn error(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.into(), code, message: message.into() }
}

fn set_sheet(choices: &mut Choices, loaded: &Loaded, form: &SheetForm) -> Result<(), AppError> {
    let sheet = loaded.workbook.sheets.iter().find(|sheet| sheet.name == form.sheet);
    let entries = &mut choices.mapping.sheets;
    let entry = entries.iter_mut().find(|entry| entry.sheet == form.sheet);
    let (Some(sheet), Some(entry)) = (sheet, entry) else { return Err(AppError::NotFound) };
    let same = form.kind == entry.kind && form.heading_row == entry.heading_row;
    let Some(kind) = form.kind else {
        entry.kind = None;
        return Ok(());
    };
    if same {
        for (column, field) in &form.columns {
            entry.assign(*column, *field);
        }
        return check_sheet(entry, loaded);
    }
    let new = read_as(sheet, kind, form.heading_row);
    if new.columns.is_empty() {
        let message = format!("Row {} of the sheet has no headings", form.heading_row);
        return Err(AppError::Invalid(vec![error("heading_row", "no_headings", message)]));
    }
    // What is missing under the new headings is shown, for the reader to say column by column.
    *entry = new;
    Ok(())
}

fn check_sheet(entry: &SheetMapping, loaded: &Loaded) -> Result<(), AppError> {
    let alone = Mapping { sheets: vec![entry.clone()], ..Mapping::default() };
    let errors: Vec<FieldError> = alone
        .problems(&loaded.workbook)
        .iter()
        .map(|problem| error(field_of(problem, entry), "mapping", sentence(&problem.to_string())))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

/// The form's field that a problem stands beside: the column that is one too many or in the wrong
/// place, or else the kind of the sheet.
fn field_of(problem: &MappingProblem, entry: &SheetMapping) -> String {
    let field = match problem {
        MappingProblem::Twice { field, .. } | MappingProblem::Foreign { field, .. } => *field,
        MappingProblem::NothingToRead
        | MappingProblem::NoSuchSheet { .. }
        | MappingProblem::Missing { .. } => return "kind".to_owned(),
    };
    let last = entry.columns.iter().rev().find(|column| column.field == Some(field));
    last.map_or_else(|| "kind".to_owned(), |column| format!("column_{}", column.column))
}

fn set_agencies(
    choices: &mut Choices,
    loaded: &Loaded,
    words: &BTreeMap<String, Option<AgencyChoice>>,
) -> Result<(), AppError> {
    let mut errors = Vec::new();
    for choice in words.values().flatten() {
        match choice {
            AgencyChoice::Known(id) => {
                if !loaded.agencies.iter().any(|agency| agency.value.id == *id) {
                    errors.push(error("choice", "unknown", "Select the agency"));
                }
            }
            AgencyChoice::New { name, .. } => errors.extend(check_name(name, loaded)),
            AgencyChoice::SameAs(_) | AgencyChoice::NotAnAgency => {}
        }
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let folded = words.iter().map(|(word, choice)| (fold(word), choice.clone())).collect();
    replace(&mut choices.mapping.agencies, &folded);
    Ok(())
}

fn check_name(name: &str, loaded: &Loaded) -> Option<FieldError> {
    if let Err(wrong) = Name::parse(name) {
        return Some(text_error("name", "Name of the agency", &wrong));
    }
    let folded = fold(name);
    let taken = loaded.agencies.iter().any(|it| fold(it.value.name.as_str()) == folded);
    let message = "Panel has an agency of this name: choose it from the list";
    taken.then(|| error("name", "taken", message))
}
