//! Drawing a preview: every date, what happened to its slot and why, and every deadline.

use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Sheet, dates};
use panel_app::calendar::{DeadlineView, Fate, Preview, PreviewDate};
use panel_core::cycle::Step;

/// The steps that a preview shows a column of; the meeting itself is the row.
fn is_shown(deadline: &DeadlineView) -> bool {
    !matches!(deadline.step, Step::Meeting | Step::NextMeeting)
}

/// `Tue 31 Mar 2026, 5pm`.
fn short(deadline: &DeadlineView) -> String {
    let Some(day) = deadline.on else { return deadline.when.clone() };
    let day = day.format("%a %-d %b %Y").to_string();
    deadline.at.map_or(day.clone(), |at| format!("{day}, {}", dates::time(at)))
}

fn row(date: &PreviewDate, columns: usize) -> Row<'_> {
    let mut first = Cell::text(date.when.clone()).heading();
    let mut notes: Vec<String> = date.warnings.clone();
    notes.extend(date.why.clone());
    if date.fate == Fate::Skipped {
        first = Cell::text(format!("No meeting on {}", date.when)).heading();
    }
    if !notes.is_empty() {
        first = first.note(notes.join(". "));
    }
    let mut cells = vec![first];
    cells.extend(date.deadlines.iter().filter(|d| is_shown(d)).map(|d| Cell::text(short(d))));
    cells.resize_with(columns, || Cell::text(""));
    Row::new(cells)
}

fn count(n: usize, one: &str, many: &str) -> Option<String> {
    match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    }
}

/// Adds the dates of a rule to a page: what is wrong with it first, then every date.
pub(super) fn dates(mut sheet: Sheet, preview: &Preview) -> Sheet {
    let counts: Vec<String> = [
        count(preview.kept, "meeting on its day", "meetings on their day"),
        count(preview.moved, "moved off a bank holiday", "moved off bank holidays"),
        count(preview.skipped, "skipped", "skipped"),
    ]
    .into_iter()
    .flatten()
    .collect();
    sheet = sheet.text(format!("Meets {}: {}.", preview.rule, counts.join(", ")));
    if !preview.clashes.is_empty() {
        let text = "The series cannot be saved like this: two of its meetings would be on one day.";
        let messages = preview.clashes.iter().map(|clash| clash.message.clone()).collect();
        sheet = sheet.warning(Warning { text: text.to_owned() }).list(messages);
    }
    if let Some(missed) = &preview.missed {
        let text = format!(
            "Some months are passed over. Choose {} to meet in every month.",
            missed.instead_words
        );
        sheet = sheet.warning(Warning { text }).list(missed.months.clone());
    }
    let Some(shown) = preview.dates.iter().find(|date| !date.deadlines.is_empty()) else {
        return sheet.text("No meeting falls into this time.");
    };
    let labels = shown.deadlines.iter().filter(|d| is_shown(d)).map(|d| d.label.clone());
    let columns: Vec<Column> =
        std::iter::once("Meeting".to_owned()).chain(labels).map(Column::new).collect();
    let rows = preview.dates.iter().map(|date| row(date, columns.len())).collect();
    let table = Table::new(columns, rows).caption("Dates and deadlines");
    sheet = sheet.table(table.wide().small());
    if preview.more { sheet.text("More dates follow.") } else { sheet }
}

/// Adds meetings of the panel that are on at the same time.
pub(super) fn overlaps(sheet: Sheet, overlaps: &[String]) -> Sheet {
    if overlaps.is_empty() {
        return sheet;
    }
    let text = "The panel has other meetings at the same time.".to_owned();
    sheet.warning(Warning { text }).list(overlaps.to_vec())
}
