//! Lists of facts about one thing, and lists of tasks.

use super::parts::{Colour, Tag};
use serde::Serialize;

/// A link of second rank beside a fact, such as "Change".
#[derive(Debug, Clone, Serialize)]
pub struct FactLink {
    /// The address.
    pub href: String,
    /// The words.
    pub text: String,
    /// Words only a screen reader speaks.
    pub hidden: Option<String>,
    /// The spoken words with the card's title, as drawn.
    said: String,
}

/// One fact: its name, its value and what can be done about it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fact {
    /// The name.
    pub key: String,
    /// The value.
    pub value: String,
    /// Whether the value is text that a person wrote, with line breaks.
    pub prose: bool,
    /// Where the value leads.
    pub href: Option<String>,
    /// The class of a tag around the value.
    pub tag: Option<&'static str>,
    /// The only link, when there is one.
    action: Option<FactLink>,
    /// The links, when there are several.
    actions: Vec<FactLink>,
    no_actions: bool,
}

impl Fact {
    /// A plain fact.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into(), ..Self::default() }
    }

    /// A fact in the words of a person: line breaks kept.
    pub fn prose(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { prose: true, ..Self::new(key, value) }
    }

    /// Makes the value a link.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Puts the value in a tag of this colour.
    #[must_use]
    pub const fn tagged(mut self, colour: Colour) -> Self {
        self.tag = Some(colour.class());
        self
    }

    /// Adds a link beside the value; `hidden` says what it acts on.
    #[must_use]
    pub fn link(
        mut self,
        href: impl Into<String>,
        text: impl Into<String>,
        hidden: impl Into<String>,
    ) -> Self {
        let hidden = hidden.into();
        self.actions.push(FactLink {
            href: href.into(),
            text: text.into(),
            said: if hidden.is_empty() { String::new() } else { format!(" {hidden}") },
            hidden: Some(hidden).filter(|words| !words.is_empty()),
        });
        self
    }
}

/// Facts about one thing, in a card when it has a title.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    /// The card's title.
    card: Option<String>,
    card_action: Option<FactLink>,
    card_actions: Vec<FactLink>,
    /// Extra classes.
    classes: String,
    rows: Vec<Fact>,
}

impl Facts {
    /// The facts, in order.
    pub fn new(mut rows: Vec<Fact>) -> Self {
        let any = rows.iter().any(|row| !row.actions.is_empty());
        for row in &mut rows {
            row.no_actions = any && row.actions.is_empty();
            if row.actions.len() == 1 {
                row.action = row.actions.pop();
            }
        }
        Self { rows, ..Self::default() }
    }

    /// Puts the facts in a card with this title.
    #[must_use]
    pub fn card(mut self, title: impl Into<String>) -> Self {
        let title = title.into();
        for row in &mut self.rows {
            for link in row.action.iter_mut().chain(&mut row.actions) {
                link.said = format!("{} ({title})", link.said);
            }
        }
        self.card = Some(title);
        self
    }

    /// Adds a link to the card's title bar; `hidden` says what it acts on besides the title.
    #[must_use]
    pub fn card_link(
        mut self,
        href: impl Into<String>,
        text: impl Into<String>,
        hidden: impl Into<String>,
    ) -> Self {
        let link = FactLink {
            href: href.into(),
            text: text.into(),
            hidden: Some(hidden.into()).filter(|words| !words.is_empty()),
            said: String::new(),
        };
        match self.card_action.take() {
            Some(first) => self.card_actions = vec![first, link],
            None if self.card_actions.is_empty() => self.card_action = Some(link),
            None => self.card_actions.push(link),
        }
        self
    }

    /// Leaves the facts out of what is printed.
    #[must_use]
    pub fn unprinted(mut self) -> Self {
        "no-print".clone_into(&mut self.classes);
        self
    }

    /// Draws no lines between the facts.
    #[must_use]
    pub fn without_lines(mut self) -> Self {
        "govuk-summary-list--no-border".clone_into(&mut self.classes);
        self
    }
}

/// One task of a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Task {
    id: String,
    /// What is to be done.
    pub text: String,
    /// Where it is done; none while it cannot be started.
    pub href: Option<String>,
    /// Help under the words.
    pub hint: Option<String>,
    /// The state in plain words, when it has no tag.
    pub status: String,
    /// The state in a tag.
    pub tag: Option<Tag>,
    /// Whether it cannot be started yet.
    pub muted: bool,
}

impl Task {
    /// A task that stands finished or in plain words.
    pub fn new(text: impl Into<String>, status: impl Into<String>) -> Self {
        Self { text: text.into(), status: status.into(), ..Self::default() }
    }

    /// Shows the state in a tag instead of plain words.
    #[must_use]
    pub fn tagged(mut self, colour: Colour) -> Self {
        self.tag = Some(Tag::new(std::mem::take(&mut self.status), colour));
        self
    }

    /// Adds help under the words.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Greys the state of a task that cannot be started yet.
    #[must_use]
    pub const fn not_yet(mut self) -> Self {
        self.muted = true;
        self
    }

    /// Leads to where the task is done.
    #[must_use]
    pub fn at(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// Tasks, in the order they are best done.
#[derive(Debug, Clone, Serialize)]
pub struct Tasks {
    items: Vec<Task>,
}

impl Tasks {
    /// The tasks; `id` keeps two lists of one page apart.
    pub fn new(id: &str, mut items: Vec<Task>) -> Self {
        for (place, item) in items.iter_mut().enumerate() {
            item.id = format!("{id}-{}", place + 1);
        }
        Self { items }
    }
}
