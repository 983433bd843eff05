//! Panels around lists: filters, bulk selection, a history, and the strip that names a person.

use super::controls::Control;
use super::parts::{Button, Colour, Link, Tag};
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

/// One item of a list whose order people decide.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// What stands there.
    pub text: String,
    /// When it starts, or its number.
    pub time: String,
    /// Smaller lines below.
    pub notes: Vec<String>,
    /// What marks it.
    pub tags: Vec<Tag>,
    /// Its id, for links that come back to it.
    pub id: Option<String>,
    /// Where it leads.
    pub href: Option<String>,
    /// Where the buttons send the place it is to have: `to`, counted from 1.
    pub action: String,
    /// Carried values, such as the row's version.
    pub hidden: Vec<Hidden>,
    up: Option<usize>,
    down: Option<usize>,
}

impl Place {
    /// An item whose form goes to `action`.
    pub fn new(
        text: impl Into<String>,
        time: impl Into<String>,
        action: impl Into<String>,
        hidden: Vec<Hidden>,
    ) -> Self {
        Self {
            text: text.into(),
            time: time.into(),
            notes: Vec::new(),
            tags: Vec::new(),
            id: None,
            href: None,
            action: action.into(),
            hidden,
            up: None,
            down: None,
        }
    }

    /// Adds a smaller line below; nothing for empty words.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        let note = note.into();
        if !note.is_empty() {
            self.notes.push(note);
        }
        self
    }

    /// Adds a mark after the text; nothing for empty words.
    #[must_use]
    pub fn tag(mut self, words: impl Into<String>, colour: Colour) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.tags.push(Tag::new(words, colour));
        }
        self
    }

    /// Gives it an id, for links that come back to it.
    #[must_use]
    pub fn at(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Makes the text a link.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A list put in order by buttons, and by dragging where there is a script.
#[derive(Debug, Clone, Serialize)]
pub struct Order {
    places: Vec<Place>,
    movable: bool,
}

impl Order {
    /// The items in their present order.
    pub fn new(mut places: Vec<Place>) -> Self {
        let last = places.len();
        for (index, place) in places.iter_mut().enumerate() {
            place.up = (index > 0).then_some(index);
            place.down = (index + 1 < last).then_some(index + 2);
        }
        Self { places, movable: true }
    }

    /// The items in an order that stays as it is.
    pub const fn fixed(places: Vec<Place>) -> Self {
        Self { places, movable: false }
    }
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
