//! What a sheet holds and what its columns mean.

use super::{correct, load, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{number, pick};
use crate::form::layout::Layout;
use crate::form::{Choice, Fault, Field, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::view::Button;
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{Change, SheetForm, Shown};
use panel_core::coded::Coded;
use panel_core::id::ImportId;
use panel_core::tracker::fields::{Field as Meaning, SheetKind};
use panel_core::tracker::mapping::SheetMapping;
use std::collections::BTreeMap;

static KIND: Field<'_, String> = pick("kind", "What the rows of this sheet are");
static HEADINGS: Field<'_, u32> = number("heading_row", "Row with the headings", 1, 1_048_576)
    .hint("When you change this or the kind of rows, the headings are read anew");
static COLUMN: Field<'_, String> = pick("column", "Column");

/// The value that stands for nothing.
const NONE: &str = "none";

/// The name and the label of each column's field.
fn labels(entry: &SheetMapping) -> Vec<(String, String)> {
    let label = |column: &panel_core::tracker::mapping::ColumnMapping| {
        let words = format!("Column {}: “{}”", column.letters(), column.heading);
        (format!("column_{}", column.column), words)
    };
    entry.columns.iter().map(label).collect()
}

fn fields(labels: &[(String, String)]) -> Vec<Field<'_, String>> {
    labels.iter().map(|(name, label)| COLUMN.under(name, label)).collect()
}

fn layout<'a>(columns: &'a [Field<'a, String>]) -> Layout<'a> {
    let mut layout = Layout::new().with(&KIND).with(&HEADINGS);
    if !columns.is_empty() {
        layout = layout.section("What the columns mean", None);
    }
    columns.iter().fold(layout, Layout::with)
}

fn kinds() -> Vec<Choice> {
    let kinds = SheetKind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.label()));
    kinds.chain([Choice::new(NONE, "Nothing that is imported")]).collect()
}

fn meanings(kind: SheetKind) -> Vec<Choice> {
    let none = Choice::new(NONE, "Not read");
    let fields = kind.fields().iter().map(|field| Choice::new(field.code(), field.label()));
    std::iter::once(none).chain(fields).collect()
}

fn entry_of(shown: &Shown, place: usize) -> Result<&SheetMapping, Failure> {
    shown.choices.mapping.sheets.get(place).ok_or(Failure::NotFound)
}

async fn draw(asker: &Asker, id: ImportId, place: usize, refused: Option<Refused>) -> Answer {
    let shown = load(asker, id).await?;
    let entry = entry_of(&shown, place)?;
    let labels = labels(entry);
    let columns = fields(if entry.kind.is_some() { &labels } else { &[] });
    let code = |kind: Option<SheetKind>| kind.map_or(NONE, SheetKind::code).to_owned();
    let mut form = FormView::new(layout(&columns), format!("{}/sheets/{place}", path(id)))
        .choices(&KIND, kinds())
        .fill(&KIND, &code(entry.kind))
        .fill(&HEADINGS, &entry.heading_row);
    if let Some(kind) = entry.kind {
        for (field, column) in columns.iter().zip(&entry.columns) {
            let code = column.field.map_or(NONE, Meaning::code).to_owned();
            form = form.choices(field, meanings(kind)).fill(field, &code);
        }
    }
    let form = form
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(id))
        .refused(refused);
    let heading = format!("Sheet “{}”", entry.sheet);
    let view = FormPage::new(heading.clone(), form).caption(&*shown.import.file_name);
    asker.form(page(&heading, &shown.import), view).await
}

pub(super) async fn ask(asker: Asker, at: web::Path<(ImportId, usize)>) -> Answer {
    let (id, place) = *at;
    draw(&asker, id, place, None).await
}

fn read(
    asker: &Asker,
    posted: &Posted,
    entry: &SheetMapping,
) -> Result<Result<SheetForm, Refused>, Failure> {
    let labels = labels(entry);
    let columns = fields(if entry.kind.is_some() { &labels } else { &[] });
    let mut reader = layout(&columns).read(&posted.values, asker.today()?);
    let (kind, heading_row) = (reader.get(&KIND), reader.get(&HEADINGS));
    let mut chosen = BTreeMap::new();
    for (field, column) in columns.iter().zip(&entry.columns) {
        let Some(code) = reader.get(field) else { continue };
        let meaning = Meaning::from_code(&code).ok();
        if meaning.is_none() && code != NONE {
            reader.fault(field, &Fault::NotOffered);
        }
        chosen.insert(column.column, meaning);
    }
    let kind = kind.map(|code| SheetKind::from_code(&code).ok());
    Ok(reader.finish(|| {
        Some(SheetForm {
            sheet: entry.sheet.clone(),
            kind: kind?,
            heading_row: heading_row?,
            columns: chosen,
        })
    }))
}

pub(super) async fn set(asker: Asker, at: web::Path<(ImportId, usize)>, posted: Posted) -> Answer {
    let (id, place) = *at;
    let shown = load(&asker, id).await?;
    let entry = entry_of(&shown, place)?;
    let form = match read(&asker, &posted, entry)? {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, place, Some(refused)).await,
    };
    // Headings that were read anew are shown before anything else is done.
    let anew =
        form.kind.is_some() && (form.kind, form.heading_row) != (entry.kind, entry.heading_row);
    match correct(&asker, id, &posted, Change::Sheet(form)).await? {
        Ok(()) if anew => see(format!("{}/sheets/{place}", path(id))),
        Ok(()) => see(format!("{}#sheets", path(id))),
        Err(refused) => draw(&asker, id, place, Some(refused)).await,
    }
}
