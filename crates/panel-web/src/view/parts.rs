//! Small parts of pages: links, buttons, tags, banners and words set apart.

use serde::Serialize;

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The address, absolute within the service.
    pub href: String,
    /// The words.
    pub text: String,
}

impl Link {
    /// `text`, leading to `href`.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// A button that submits its form, or a link that looks like one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Button {
    /// The words.
    pub text: String,
    /// Words only a screen reader speaks, that tell two alike buttons apart.
    pub hidden: Option<String>,
    /// An address makes it a link.
    pub href: Option<String>,
    /// The name sent with the form.
    pub name: Option<String>,
    /// The value sent with the form.
    pub value: Option<String>,
    /// Classes that give its kind.
    pub classes: String,
    /// An id, for the script.
    pub id: Option<String>,
    /// Whether it cannot be pressed.
    pub disabled: bool,
    /// Whether the script drops a second press within a second.
    pub once: bool,
    /// Whether it starts a journey.
    pub start: bool,
}

impl Button {
    /// The main button of a form; a double press counts once.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), once: true, ..Self::default() }
    }

    /// A button of second rank.
    pub fn secondary(text: impl Into<String>) -> Self {
        Self { classes: "govuk-button--secondary".to_owned(), ..Self::new(text) }
    }

    /// A button for what cannot easily be undone.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { classes: "govuk-button--warning".to_owned(), ..Self::new(text) }
    }

    /// A link that looks like a button.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: Some(href.into()), text: text.into(), ..Self::default() }
    }

    /// Gives a link the looks of a button of second rank.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        "govuk-button--secondary".clone_into(&mut self.classes);
        self
    }

    /// Gives a link the looks of a button for what cannot easily be undone.
    #[must_use]
    pub fn grave(mut self) -> Self {
        "govuk-button--warning".clone_into(&mut self.classes);
        self
    }

    /// Gives a link the looks of the button that starts a journey.
    #[must_use]
    pub const fn starting(mut self) -> Self {
        self.start = true;
        self
    }

    /// Sends `do=value` when pressed, so that one form can offer several acts.
    #[must_use]
    pub fn doing(mut self, value: impl Into<String>) -> Self {
        self.name = Some(crate::form::PRESSED.to_owned());
        self.value = Some(value.into());
        self
    }

    /// Adds words for screen readers that tell this button from its like.
    #[must_use]
    pub fn about(mut self, hidden: impl Into<String>) -> Self {
        self.hidden = Some(hidden.into());
        self
    }
}

/// The colour of a tag; the words carry the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Colour {
    /// Neutral, finished without effect.
    #[serde(rename = "govuk-tag--grey")]
    Grey,
    /// Done, accepted.
    #[serde(rename = "govuk-tag--green")]
    Green,
    /// Running.
    #[serde(rename = "govuk-tag--turquoise")]
    Turquoise,
    /// New, open.
    #[serde(rename = "govuk-tag--blue")]
    Blue,
    /// Someone else's turn.
    #[serde(rename = "govuk-tag--purple")]
    Purple,
    /// Urgent.
    #[serde(rename = "govuk-tag--pink")]
    Pink,
    /// Overdue, refused.
    #[serde(rename = "govuk-tag--red")]
    Red,
    /// Soon due.
    #[serde(rename = "govuk-tag--orange")]
    Orange,
    /// Waiting.
    #[serde(rename = "govuk-tag--yellow")]
    Yellow,
}

impl Colour {
    /// The class that gives the colour.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Grey => "govuk-tag--grey",
            Self::Green => "govuk-tag--green",
            Self::Turquoise => "govuk-tag--turquoise",
            Self::Blue => "govuk-tag--blue",
            Self::Purple => "govuk-tag--purple",
            Self::Pink => "govuk-tag--pink",
            Self::Red => "govuk-tag--red",
            Self::Orange => "govuk-tag--orange",
            Self::Yellow => "govuk-tag--yellow",
        }
    }
}

/// A status in a coloured box.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    /// The words.
    pub text: String,
    /// The colour's class; empty for the default blue.
    pub classes: String,
}

impl Tag {
    /// `text` in a box of this colour.
    pub fn new(text: impl Into<String>, colour: Colour) -> Self {
        Self { text: text.into(), classes: colour.class().to_owned() }
    }
}

/// What just happened, or what the reader must know, above the page.
#[derive(Debug, Clone, Serialize)]
pub struct Banner {
    /// Whether it reports a success.
    pub success: bool,
    /// One sentence.
    pub text: String,
    /// Where to go next.
    pub href: Option<String>,
    /// The words of that link.
    pub link_text: String,
}

impl Banner {
    /// Something was done.
    pub fn success(text: impl Into<String>) -> Self {
        Self { success: true, text: text.into(), href: None, link_text: String::new() }
    }

    /// Something must be known.
    pub fn important(text: impl Into<String>) -> Self {
        Self { success: false, ..Self::success(text) }
    }

    /// Adds a link after the sentence.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self.link_text = text.into();
        self
    }
}

/// Words with an exclamation mark before them.
#[derive(Debug, Clone, Serialize)]
pub struct Warning {
    /// The words.
    pub text: String,
}

/// Words set apart by a bar.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Inset {
    /// The words.
    pub text: String,
    /// An id.
    pub id: Option<String>,
}

/// Words under a summary that opens.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Details {
    /// What is always shown.
    pub summary: String,
    /// What opens.
    pub text: String,
    /// An id.
    pub id: Option<String>,
    /// Whether it starts open.
    pub open: bool,
}

/// The green panel that ends a journey.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Confirmation {
    /// What was done; the page's heading.
    pub title: String,
    /// A reference or a date.
    pub text: Option<String>,
}
