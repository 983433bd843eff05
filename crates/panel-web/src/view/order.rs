//! A list whose order people decide, by buttons and, where there is a script, by dragging.

use super::lists::Hidden;
use super::parts::{Colour, Tag};
use super::words::Language;
use handlebars::{Context, Helper, HelperResult, Output, RenderErrorReason};
use panel_documents::engine::{Writes, given, text_of};
use panel_documents::markup::Markup;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// One item of a list whose order people decide.
#[derive(Debug, Clone)]
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

/// A place on its way to [`Places`]: what stands there is drawn already.
#[derive(Serialize)]
struct Drawn<'a> {
    id: Option<&'a str>,
    body: String,
    text: &'a str,
    action: &'a str,
    hidden: &'a [Hidden],
    up: Option<usize>,
    down: Option<usize>,
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { text, action, hidden, id, up, down, .. } = self;
        let (id, body) = (id.as_deref(), self.body());
        Drawn { id, body, text, action, hidden, up: *up, down: *down }.serialize(serializer)
    }
}

impl Place {
    /// When, the text, its marks and the smaller lines.
    fn body(&self) -> String {
        let mut html = Markup::with_capacity(480);
        if !self.time.is_empty() {
            html.raw("<span class=\"panel-order__time\">").text(&self.time).raw("</span>\n");
        }
        html.raw("<div class=\"panel-order__text\">");
        match &self.href {
            Some(href) => html
                .raw("<a class=\"govuk-link\" href=\"")
                .text(href)
                .raw("\">")
                .text(&self.text)
                .raw("</a>"),
            None => html.text(&self.text),
        };
        for Tag { text, classes } in &self.tags {
            html.raw(" <strong class=\"govuk-tag ").text(classes);
            html.raw("\">").text(text).raw("</strong>\n");
        }
        for note in &self.notes {
            html.raw("<span class=\"panel-note\">").text(note).raw("</span>");
        }
        html.raw("</div>\n");
        html.finish()
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

/// `{{order_places places movable}}`: the items of an order. The forms of those that can be moved carry
/// the page's token.
pub(super) struct Places(pub(super) Language);

impl Writes for Places {
    fn write(&self, helper: &Helper<'_>, context: &Context, out: &mut dyn Output) -> HelperResult {
        let places = given(helper, "order_places", 0)?.value().as_array();
        let movable = given(helper, "order_places", 1)?.value().as_bool().unwrap_or_default();
        let token = if movable { Some(text_of(context.data(), "csrf")?) } else { None };
        for place in places.into_iter().flatten() {
            out.write(&self.opening(place, movable))?;
            out.write(text_of(place, "body")?)?;
            if let Some(token) = token {
                out.write(&self.form(place, token)?)?;
            }
            out.write("</li>\n")?;
        }
        Ok(())
    }
}

impl Places {
    fn opening(&self, place: &Value, movable: bool) -> String {
        let mut html = Markup::with_capacity(240);
        html.raw("<li class=\"panel-order__item\"");
        if let Some(id) = place.get("id").and_then(Value::as_str) {
            html.raw(" id=\"").text(id).raw("\"");
        }
        html.raw(">\n");
        if movable {
            html.raw("<span class=\"panel-order__handle\" data-reorder-handle aria-hidden=\"true\" title=\"");
            html.text(self.0.words().drag).raw("\" hidden>&#8801;</span>\n");
        }
        html.finish()
    }

    fn form(&self, place: &Value, token: &str) -> Result<String, RenderErrorReason> {
        let mut html = Markup::with_capacity(960);
        html.raw("<form class=\"panel-order__form\" method=\"post\" action=\"");
        html.text(text_of(place, "action")?).raw("\">\n");
        html.raw("<input type=\"hidden\" name=\"csrf\" value=\"").text(token).raw("\">\n");
        let hidden = place.get("hidden").and_then(Value::as_array);
        for hidden in hidden.into_iter().flatten() {
            html.raw("<input type=\"hidden\" name=\"").text(text_of(hidden, "name")?);
            html.raw("\" value=\"").text(text_of(hidden, "value")?).raw("\">");
        }
        let text = text_of(place, "text")?;
        let words = self.0.words();
        for (way, word) in [("up", words.move_up), ("down", words.move_down)] {
            let Some(to) = place.get(way).and_then(Value::as_u64) else { continue };
            html.raw("<button type=\"submit\" name=\"to\" value=\"").text(&to.to_string());
            html.raw(
                "\" class=\"govuk-button govuk-button--secondary\" data-module=\"govuk-button\">",
            );
            html.text(word).raw("<span class=\"govuk-visually-hidden\"> ").text(text);
            html.raw("</span></button>\n");
        }
        html.raw("</form>\n");
        Ok(html.finish())
    }
}
