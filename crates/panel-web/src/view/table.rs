//! Tables: sorted by links, numbers to the right, rows to select, and a wide one scrolls by itself.

use super::dates;
use super::parts::Colour;
use super::words::Language;
use chrono::NaiveDate;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
};
use panel_documents::engine::text_of;
use panel_documents::markup::Markup;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt::Display;

/// Which way a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sorted {
    /// From the smallest.
    Ascending,
    /// From the largest.
    Descending,
    /// By another column.
    None,
}

/// A column's heading.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    text: String,
    class: &'static str,
    sorted: Option<Sorted>,
    href: Option<String>,
}

impl Column {
    /// A column of words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "govuk-table__header", sorted: None, href: None }
    }

    /// A column of numbers, to the right.
    pub fn numeric(text: impl Into<String>) -> Self {
        Self { class: "govuk-table__header govuk-table__header--numeric", ..Self::new(text) }
    }

    /// Makes the heading a link that sorts; `sorted` is how it stands now.
    #[must_use]
    pub fn sorting(mut self, href: impl Into<String>, sorted: Sorted) -> Self {
        self.href = Some(href.into());
        self.sorted = Some(sorted);
        self
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    tag: &'static str,
    class: &'static str,
    // Most cells are plain words.
    more: Option<Box<More>>,
}

/// What a cell may hold besides words.
#[derive(Debug, Clone, Default)]
struct More {
    href: Option<String>,
    hidden: Option<String>,
    status: Option<String>,
    note: Option<String>,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), tag: "td", class: "govuk-table__cell", more: None }
    }

    /// A number, to the right.
    pub fn number(number: impl Display + Copy) -> Self {
        Self {
            class: "govuk-table__cell govuk-table__cell--numeric",
            ..Self::text(number.to_string())
        }
    }

    /// A day in a short form that is never broken over two lines, such as `14 Dec 2026`.
    pub fn date(day: NaiveDate) -> Self {
        Self { class: "govuk-table__cell panel-nowrap", ..Self::text(dates::short(day)) }
    }

    /// Words that lead somewhere.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self::text(text).with(|more| more.href = Some(href.into()))
    }

    /// A status in a coloured box.
    pub fn tag(text: impl Into<String>, colour: Colour) -> Self {
        let status = format!("govuk-tag {}", colour.class());
        Self::text(text).with(|more| more.status = Some(status))
    }

    /// A status in a coloured box that leads somewhere.
    pub fn tag_link(href: impl Into<String>, text: impl Into<String>, colour: Colour) -> Self {
        Self::tag(text, colour).with(|more| more.href = Some(href.into()))
    }

    /// Names the row: the cell that a screen reader repeats with every other one.
    #[must_use]
    pub const fn heading(mut self) -> Self {
        self.tag = "th";
        self.class = "govuk-table__header";
        self
    }

    /// Adds words for screen readers that tell this link from its like.
    #[must_use]
    pub fn about(self, hidden: impl Into<String>) -> Self {
        self.with(|more| more.hidden = Some(hidden.into()))
    }

    /// Adds a second, smaller line.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        self.with(|more| more.note = Some(note.into()))
    }

    fn with(mut self, set: impl FnOnce(&mut More)) -> Self {
        set(self.more.get_or_insert_default());
        self
    }
}

/// The checkbox that selects a row.
#[derive(Debug, Clone, Serialize)]
pub struct RowSelect {
    id: String,
    name: String,
    value: String,
    label: String,
    checked: bool,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    #[serde(serialize_with = "drawn")]
    cells: Vec<Cell>,
    select: Option<RowSelect>,
}

impl Row {
    /// A row of these cells.
    pub const fn new(cells: Vec<Cell>) -> Self {
        Self { cells, select: None }
    }

    /// Adds a checkbox that sends `name=value`; `label` says which row it selects.
    #[must_use]
    pub fn selected_by(
        mut self,
        name: &str,
        value: impl Display + Copy,
        label: impl Into<String>,
        checked: bool,
    ) -> Self {
        let value = value.to_string();
        self.select = Some(RowSelect {
            id: format!("{name}-{value}"),
            name: name.to_owned(),
            value,
            label: label.into(),
            checked,
        });
        self
    }
}

/// A table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    id: Option<String>,
    caption: Option<String>,
    caption_classes: String,
    classes: String,
    region: Option<String>,
    wide: bool,
    narrow: bool,
    empty: Option<String>,
    selecting: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Table {
    /// A table under these headings.
    pub fn new(columns: Vec<Column>, rows: Vec<Row>) -> Self {
        let selecting = rows.iter().any(|row| row.select.is_some());
        Self { selecting, columns, rows, ..Self::default() }
    }

    /// Names the table in sight.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        "govuk-table__caption--m".clone_into(&mut self.caption_classes);
        self.named(caption.into())
    }

    /// Names the table for screen readers alone, where a heading above names it in sight.
    #[must_use]
    pub fn hidden_caption(mut self, caption: impl Into<String>) -> Self {
        "govuk-visually-hidden".clone_into(&mut self.caption_classes);
        self.named(caption.into())
    }

    /// Sets the name. A named table scrolls within its own region on a small screen, so that the
    /// page never does.
    fn named(mut self, caption: String) -> Self {
        self.region = (!self.narrow).then(|| caption.clone());
        self.caption = Some(caption);
        self
    }

    /// Keeps a table of many columns from being squeezed: it scrolls in its region instead.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Leaves out the region, for a table that fits the smallest screen.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self.region = None;
        self
    }

    /// Uses small text, for tables with many rows.
    #[must_use]
    pub fn small(mut self) -> Self {
        "govuk-table--small-text-until-tablet panel-table--small".clone_into(&mut self.classes);
        self
    }

    /// Gives the six columns of what people owe fixed widths, so that such tables line up below each
    /// other.
    #[must_use]
    pub fn owed(mut self) -> Self {
        "panel-table--owed".clone_into(&mut self.classes);
        self
    }

    /// Says this when there is no row.
    #[must_use]
    pub fn or_say(mut self, words: impl Into<String>) -> Self {
        if self.rows.is_empty() {
            self.empty = Some(words.into());
        }
        self
    }
}

/// Draws cells while they are written down for the template.
///
/// Long tables are most of what the service draws. A template looks each name of each cell up from the
/// page's root, and every cell becomes a map of its own before that; drawn here, 200 rows of eight cells
/// take a tenth of the time.
fn drawn<S: Serializer>(cells: &[Cell], serializer: S) -> Result<S::Ok, S::Error> {
    let mut html = Markup::with_capacity(cells.len() * 120);
    for cell in cells {
        cell.draw(&mut html);
    }
    serializer.serialize_str(&html.finish())
}

impl Cell {
    fn draw(&self, html: &mut Markup) {
        let Self { text, tag, class, more } = self;
        let none = More::default();
        let More { href, hidden, status, note } = more.as_deref().unwrap_or(&none);
        html.raw("<").raw(tag).raw(" class=\"").raw(class).raw("\"");
        html.raw(if *tag == "th" { " scope=\"row\">" } else { ">" });
        if let Some(href) = href {
            html.raw("<a class=\"govuk-link\" href=\"").text(href).raw("\">");
        }
        match status {
            Some(class) => {
                html.raw("<strong class=\"").text(class).raw("\">").text(text).raw("</strong>")
            }
            None => html.text(text),
        };
        if href.is_some() {
            if let Some(hidden) = hidden {
                html.raw("<span class=\"govuk-visually-hidden\"> ").text(hidden).raw("</span>");
            }
            html.raw("</a>");
        }
        if let Some(note) = note {
            html.raw("<span class=\"panel-note\">").text(note).raw("</span>");
        }
        html.raw("</").raw(tag).raw(">\n");
    }
}

/// `{{table_rows rows}}`: the rows of a table, whose cells are drawn already.
pub(super) struct Rows(pub(super) Language);

impl HelperDef for Rows {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let rows = helper.param(0).and_then(|param| param.value().as_array());
        for row in rows.ok_or(RenderErrorReason::ParamNotFoundForIndex("table_rows", 0))? {
            out.write("<tr class=\"govuk-table__row\">")?;
            if let Some(select) = row.get("select").filter(|select| !select.is_null()) {
                let mut html = Markup::with_capacity(640);
                self.checkbox(&mut html, select)?;
                out.write(&html.finish())?;
            }
            out.write(text_of(row, "cells")?)?;
            out.write("</tr>\n")?;
        }
        Ok(())
    }
}

impl Rows {
    fn checkbox(&self, html: &mut Markup, select: &Value) -> Result<(), RenderErrorReason> {
        let text = |key| text_of(select, key);
        let (id, word) = (text("id")?, self.0.words().select_row);
        let checked = select.get("checked").and_then(Value::as_bool).unwrap_or_default();
        html.raw(
            "<td class=\"govuk-table__cell panel-select-cell\">\
             <div class=\"govuk-checkboxes govuk-checkboxes--small\">\
             <div class=\"govuk-checkboxes__item\"><input class=\"govuk-checkboxes__input\" id=\"",
        );
        html.text(id).raw("\" name=\"").text(text("name")?);
        html.raw("\" type=\"checkbox\" value=\"").text(text("value")?);
        html.raw(if checked { "\" checked>" } else { "\">" });
        html.raw("<label class=\"govuk-label govuk-checkboxes__label\" for=\"").text(id);
        html.raw("\"><span class=\"govuk-visually-hidden\">").text(word).raw(" ");
        html.text(text("label")?).raw("</span></label></div></div></td>\n");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::templates::Templates;
    use crate::view::words::Language;

    #[test]
    fn a_sorted_column_says_so_and_leads_to_the_other_order() {
        let templates = Templates::new(Language::English).unwrap();
        let table = Table::new(
            vec![
                Column::new("Due").sorting("?sort=-due", Sorted::Ascending),
                Column::numeric("Days"),
            ],
            vec![Row::new(vec![
                Cell::link("/actions/1", "Visit <b>").heading().note("Case K7"),
                Cell::number(3),
            ])],
        )
        .hidden_caption("Actions")
        .wide();
        let html = templates.render("govuk/table", &table).unwrap();
        for expected in [
            "aria-sort=\"ascending\"><a class=\"panel-sort\" href=\"?sort&#x3D;-due\">Due</a>",
            "govuk-table__header--numeric",
            "<th class=\"govuk-table__header\" scope=\"row\"><a class=\"govuk-link\" href=\"/actions/1\">Visit &lt;b&gt;</a>",
            "<span class=\"panel-note\">Case K7</span>",
            "panel-scroll panel-scroll--wide\" role=\"region\" aria-label=\"Actions\" tabindex=\"0\"",
        ] {
            assert!(html.contains(expected), "{expected}\n{html}");
        }
    }

    #[test]
    fn a_status_can_lead_somewhere() {
        let templates = Templates::new(Language::English).unwrap();
        let cell = Cell::tag_link("/requests/1", "Late", Colour::Orange).about("Housing");
        let table = Table::new(vec![Column::new("Reply")], vec![Row::new(vec![cell])]);
        let html = templates.render("govuk/table", &table).unwrap();
        let expected = "<a class=\"govuk-link\" href=\"/requests/1\">\
                        <strong class=\"govuk-tag govuk-tag--orange\">Late</strong>\
                        <span class=\"govuk-visually-hidden\"> Housing</span></a>";
        assert!(html.contains(expected), "{html}");
    }

    #[test]
    fn an_empty_table_says_so() {
        let templates = Templates::new(Language::English).unwrap();
        let table = Table::new(vec![Column::new("Due")], Vec::new()).or_say("No actions.");
        assert!(templates.render("govuk/table", &table).unwrap().contains("No actions."));
    }
}
