//! Tables: sorted by links, numbers to the right, rows to select, and a wide one scrolls by itself.

use super::dates;
use super::parts::Colour;
use super::words::Language;
use chrono::NaiveDate;
use panel_documents::markup::Markup;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt::Display;

/// Which way a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// From the smallest.
    Ascending,
    /// From the largest.
    Descending,
    /// By another column.
    None,
}

/// A column's heading.
#[derive(Debug, Clone)]
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

/// One cell. Its words may be borrowed: they are written down when the table is made.
#[derive(Debug, Clone)]
pub struct Cell<'a> {
    text: Cow<'a, str>,
    tag: &'static str,
    class: &'static str,
    // Most cells are plain words.
    more: Option<Box<More<'a>>>,
}

/// What a cell may hold besides words.
#[derive(Debug, Clone, Default)]
struct More<'a> {
    href: Option<Cow<'a, str>>,
    hidden: Option<Cow<'a, str>>,
    status: Option<Colour>,
    note: Option<Cow<'a, str>>,
}

impl<'a> Cell<'a> {
    /// Words.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
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
    pub fn link(href: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        Self::text(text).with(|more| more.href = Some(href.into()))
    }

    /// A status in a coloured box.
    pub fn tag(text: impl Into<Cow<'a, str>>, colour: Colour) -> Self {
        Self::text(text).with(|more| more.status = Some(colour))
    }

    /// A status in a coloured box that leads somewhere.
    pub fn tag_link(
        href: impl Into<Cow<'a, str>>,
        text: impl Into<Cow<'a, str>>,
        colour: Colour,
    ) -> Self {
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
    pub fn about(self, hidden: impl Into<Cow<'a, str>>) -> Self {
        self.with(|more| more.hidden = Some(hidden.into()))
    }

    /// Adds a second, smaller line.
    #[must_use]
    pub fn note(self, note: impl Into<Cow<'a, str>>) -> Self {
        self.with(|more| more.note = Some(note.into()))
    }

    fn with(mut self, set: impl FnOnce(&mut More<'a>)) -> Self {
        set(self.more.get_or_insert_default());
        self
    }
}

/// The checkbox that selects a row.
#[derive(Debug, Clone)]
struct RowSelect<'a> {
    name: &'a str,
    value: String,
    label: Cow<'a, str>,
    checked: bool,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    cells: Vec<Cell<'a>>,
    select: Option<RowSelect<'a>>,
}

impl<'a> Row<'a> {
    /// A row of these cells.
    pub const fn new(cells: Vec<Cell<'a>>) -> Self {
        Self { cells, select: None }
    }

    /// Adds a checkbox that sends `name=value`; `label` says which row it selects.
    #[must_use]
    pub fn selected_by(
        mut self,
        name: &'a str,
        value: impl Display + Copy,
        label: impl Into<Cow<'a, str>>,
        checked: bool,
    ) -> Self {
        let (value, label) = (value.to_string(), label.into());
        self.select = Some(RowSelect { name, value, label, checked });
        self
    }
}

/// A table. Its rows are drawn as it is made.
///
/// Long tables are most of what the service draws. A template looks each name of each cell up from the
/// page's root, and every cell becomes a map of its own before that; drawn here, 200 rows of eight cells
/// take a tenth of the time.
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
    #[serde(serialize_with = "headings")]
    columns: Vec<Column>,
    rows: String,
}

impl Table {
    /// A table under these headings.
    pub fn new(columns: Vec<Column>, rows: Vec<Row<'_>>) -> Self {
        let selecting = rows.iter().any(|row| row.select.is_some());
        let mut drawn = Markup::with_capacity(rows.len() * 1_280);
        for row in rows {
            row.draw(&mut drawn);
        }
        Self { selecting, columns, rows: drawn.finish(), ..Self::default() }
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

/// Draws headings while they are written down for the template; nothing where there is none.
fn headings<S: Serializer>(columns: &[Column], serializer: S) -> Result<S::Ok, S::Error> {
    let mut html = Markup::with_capacity(columns.len() * 200);
    for Column { text, class, sorted, href } in columns {
        html.raw("<th scope=\"col\" class=\"").raw(class).raw("\"");
        html.raw(match sorted {
            Some(Sorted::Ascending) => " aria-sort=\"ascending\">",
            Some(Sorted::Descending) => " aria-sort=\"descending\">",
            Some(Sorted::None) => " aria-sort=\"none\">",
            None => ">",
        });
        match href {
            Some(href) => html
                .raw("<a class=\"panel-sort\" href=\"")
                .text(href)
                .raw("\">")
                .text(text)
                .raw("</a>"),
            None => html.text(text),
        };
        html.raw("</th>\n");
    }
    serializer.serialize_str(&html.finish())
}

impl Row<'_> {
    fn draw(&self, html: &mut Markup) {
        html.raw("<tr class=\"govuk-table__row\">");
        if let Some(select) = &self.select {
            select.draw(html);
        }
        self.cells.iter().for_each(|cell| cell.draw(html));
        html.raw("</tr>\n");
    }
}

impl RowSelect<'_> {
    fn draw(&self, html: &mut Markup) {
        html.raw(
            "<td class=\"govuk-table__cell panel-select-cell\">\
             <div class=\"govuk-checkboxes govuk-checkboxes--small\">\
             <div class=\"govuk-checkboxes__item\"><input class=\"govuk-checkboxes__input\" id=\"",
        );
        self.id(html).raw("\" name=\"").text(self.name);
        html.raw("\" type=\"checkbox\" value=\"").text(&self.value);
        html.raw(if self.checked { "\" checked>" } else { "\">" });
        html.raw("<label class=\"govuk-label govuk-checkboxes__label\" for=\"");
        self.id(html).raw("\"><span class=\"govuk-visually-hidden\">");
        html.raw(Language::English.words().select_row).raw(" ").text(&self.label);
        html.raw("</span></label></div></div></td>\n");
    }

    fn id<'m>(&self, html: &'m mut Markup) -> &'m mut Markup {
        html.text(self.name).raw("-").text(&self.value)
    }
}

impl Cell<'_> {
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
            Some(colour) => {
                html.raw("<strong class=\"govuk-tag ").raw(colour.class()).raw("\">");
                html.text(text).raw("</strong>")
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
