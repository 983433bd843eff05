//! Panels around lists: filters, bulk selection, a history, and the strip that names a person.

use super::controls::Control;
use super::parts::{Button, Link, Tag};
use super::table::Table;
use serde::Serialize;
use std::fmt::Display;

/// Filters over a list: a form that only reads, so it works by its address alone.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    /// The list's address.
    pub action: String,
    /// The controls, set to what is filtered now.
    pub controls: Vec<Control>,
    /// What is filtered now; each link takes one filter off.
    pub selected: Vec<Link>,
    /// The address without any filter.
    pub clear: String,
    /// Whether the controls start open.
    pub open: bool,
    /// Values that stay when the filters change, such as the order.
    pub kept: Vec<Hidden>,
}

impl Filter {
    /// Filters over the list at `action`.
    pub fn new(action: impl Into<String>, controls: Vec<Control>, selected: Vec<Link>) -> Self {
        let action = action.into();
        Self {
            clear: action.clone(),
            action,
            controls,
            open: !selected.is_empty(),
            selected,
            kept: Vec::new(),
        }
    }
}

/// A value that a form carries unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// The field's name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Hidden {
    /// `name=value`.
    pub fn new(name: impl Into<String>, value: impl Display + Copy) -> Self {
        Self { name: name.into(), value: value.to_string() }
    }
}

/// A table whose rows can be selected and then changed together; without script as with it.
#[derive(Debug, Clone, Serialize)]
pub struct Bulk {
    /// Where the selection is sent.
    pub action: String,
    /// Carried values, such as the operation's id; the token against forgery is added by itself.
    pub hidden: Vec<Hidden>,
    /// What is to be set on every selected row.
    pub controls: Vec<Control>,
    /// What can be done with the selection.
    pub buttons: Vec<Button>,
    /// The table; its rows carry checkboxes.
    pub table: Table,
    /// The name of the bar of controls.
    pub heading: String,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Moment {
    /// What happened.
    pub title: String,
    /// Who did it.
    pub by: String,
    /// When, in plain words.
    pub when: String,
    /// When, as a machine reads it (RFC 3339).
    pub instant: String,
    /// What was said or changed.
    pub text: Option<String>,
    /// Where more is told.
    pub link: Option<Link>,
}

/// A history, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct Timeline {
    /// What happened, newest first.
    pub moments: Vec<Moment>,
}

/// The strip at the top of the pages of one person, case or meeting.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Identity {
    /// The name.
    pub title: String,
    /// What kind of thing it is, such as "Case".
    pub kind: String,
    /// A few facts in one line.
    pub facts: Vec<(String, String)>,
    /// Its state.
    pub tags: Vec<Tag>,
    /// What can be done here.
    pub buttons: Vec<Button>,
}
