//! Controls of one label and one box, drawn while they are written down for their templates.
//!
//! A filter draws a dozen of them beside every list, and a template asks for twenty names to draw one.

use super::controls::{Entry, Head, Select, TextInput};
use super::words::Language;
use panel_documents::markup::Markup;
use serde::{Serialize, Serializer};

/// What a template is given of a control that is drawn already.
#[derive(Serialize)]
struct Html {
    html: String,
}

fn written<S: Serializer>(
    draw: impl FnOnce(&mut Markup),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut html = Markup::with_capacity(1_024);
    draw(&mut html);
    Html { html: html.finish() }.serialize(serializer)
}

/// Adds ` name="value"` where there is a value.
fn attribute(html: &mut Markup, name: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        html.raw(" ").raw(name).raw("=\"").text(value).raw("\"");
    }
}

/// Adds classes to those that stand already.
fn classes(html: &mut Markup, more: &str) {
    if !more.is_empty() {
        html.raw(" ").text(more);
    }
}

fn only(is_so: bool, markup: &'static str) -> &'static str {
    if is_so { markup } else { "" }
}

/// What templates of other controls ask of their heads: the id, the error, and what is drawn.
#[derive(Serialize)]
struct Above<'a> {
    id: &'a str,
    error: bool,
    html: String,
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut html = Markup::with_capacity(256);
        self.draw(&mut html);
        let above = Above { id: &self.id, error: self.error.is_some(), html: html.finish() };
        above.serialize(serializer)
    }
}

impl Head {
    fn draw(&self, html: &mut Markup) {
        let Self { id, label, label_classes, heading, hint, error } = self;
        html.raw(only(*heading, "<h1 class=\"govuk-label-wrapper\">"));
        html.raw("<label class=\"govuk-label");
        classes(html, label_classes);
        html.raw("\" for=\"").text(id).raw("\">").text(label).raw("</label>");
        html.raw(only(*heading, "</h1>")).raw("\n");
        if let Some(hint) = hint {
            html.raw("<div id=\"").text(id).raw("-hint\" class=\"govuk-hint\">");
            html.text(hint).raw("</div>\n");
        }
        if let Some(error) = error {
            html.raw("<p id=\"").text(id).raw("-error\" class=\"govuk-error-message\">");
            html.raw("<span class=\"govuk-visually-hidden\">");
            html.raw(Language::English.words().error).raw(":</span> ").text(error).raw("</p>\n");
        }
    }

    /// The group around the label and the box.
    fn group(&self, html: &mut Markup, more: &str) {
        html.raw("<div class=\"govuk-form-group");
        html.raw(only(self.error.is_some(), " govuk-form-group--error"));
        classes(html, more);
        html.raw("\">\n");
        self.draw(html);
    }
}

impl Serialize for TextInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        written(|html| self.draw(html), serializer)
    }
}

impl TextInput {
    fn draw(&self, html: &mut Markup) {
        let Self { head, prefix, suffix, .. } = self;
        let wrapped = prefix.is_some() || suffix.is_some();
        head.group(html, &self.group_classes);
        html.raw(only(wrapped, "<div class=\"govuk-input__wrapper\">"));
        if let Some(sign) = prefix {
            html.raw("<div class=\"govuk-input__prefix\" aria-hidden=\"true\">");
            html.text(sign).raw("</div>");
        }
        self.draw_box(html);
        if let Some(sign) = suffix {
            html.raw("<div class=\"govuk-input__suffix\" aria-hidden=\"true\">");
            html.text(sign).raw("</div>");
        }
        html.raw(only(wrapped, "</div>"));
        if let Some(understood) = &self.read_back {
            html.raw("<p class=\"panel-readback\">").text(understood).raw("</p>");
        }
        html.raw("\n</div>");
    }

    fn draw_box(&self, html: &mut Markup) {
        html.raw("<input class=\"govuk-input");
        classes(html, &self.classes);
        html.raw(only(self.head.error.is_some(), " govuk-input--error"));
        html.raw("\" id=\"").text(&self.head.id).raw("\" name=\"").text(&self.name);
        html.raw("\" type=\"").raw(self.kind).raw("\"");
        attribute(html, "spellcheck", self.spellcheck);
        attribute(html, "value", self.value.as_deref());
        html.raw(only(self.disabled, " disabled"));
        attribute(html, "aria-describedby", self.described_by.as_deref());
        attribute(html, "autocomplete", self.autocomplete.as_deref());
        attribute(html, "autocapitalize", self.autocapitalize.as_deref());
        attribute(html, "pattern", self.pattern.as_deref());
        attribute(html, "inputmode", self.inputmode.as_deref());
        html.raw(">");
    }
}

impl Serialize for Select {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        written(|html| self.draw(html), serializer)
    }
}

impl Select {
    fn draw(&self, html: &mut Markup) {
        self.head.group(html, &self.group_classes);
        html.raw("<select class=\"govuk-select");
        classes(html, &self.classes);
        html.raw(only(self.head.error.is_some(), " govuk-select--error"));
        html.raw("\" id=\"").text(&self.head.id).raw("\" name=\"").text(&self.name).raw("\"");
        html.raw(only(self.disabled, " disabled"));
        attribute(html, "aria-describedby", self.described_by.as_deref());
        html.raw(">\n");
        for Entry { value, text, selected, disabled } in &self.items {
            html.raw("<option value=\"").text(value).raw("\"");
            html.raw(only(*selected, " selected")).raw(only(*disabled, " disabled"));
            html.raw(">").text(text).raw("</option>\n");
        }
        html.raw("</select>\n</div>");
    }
}
