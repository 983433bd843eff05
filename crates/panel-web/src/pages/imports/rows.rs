//! Every remark of an import, page by page.

use super::preview::{bad_table, place_cells};
use super::{load_found, page, path};
use crate::answer::Answer;
use crate::view::Sheet;
use crate::view::paging::Pagination;
use crate::view::table::{Cell, Column, Row, Table};
use crate::web::Asker;
use actix_web::web;
use panel_core::coded::Coded;
use panel_core::id::ImportId;
use panel_core::tracker::remark::{Warning, WarningKind};
use serde::Deserialize;

/// Remarks on one page.
const PER_PAGE: usize = 100;

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    page: Option<usize>,
    kind: Option<String>,
}

impl Place {
    fn page(&self) -> usize {
        self.page.unwrap_or(1).max(1)
    }

    fn skipped(&self) -> usize {
        (self.page() - 1).saturating_mul(PER_PAGE)
    }
}

pub(super) async fn bad(asker: Asker, id: web::Path<ImportId>, place: web::Query<Place>) -> Answer {
    let (shown, found) = load_found(&asker, *id).await?;
    let all = &found.preview.bad;
    let at = path(shown.import.id);
    let pages = all.len().div_ceil(PER_PAGE);
    let href = |number: usize| format!("{at}/rows?page={number}");
    let sheet = Sheet::new("Rows that cannot be imported")
        .caption(&*shown.import.file_name)
        .table(bad_table(all.iter().skip(place.skipped()).take(PER_PAGE)))
        .pagination(Pagination::numbered(place.page(), pages, href));
    asker.page(&page("Rows that cannot be imported", &shown.import), "pages/sheet", &sheet)
}

pub(super) async fn warnings(
    asker: Asker,
    id: web::Path<ImportId>,
    place: web::Query<Place>,
) -> Answer {
    let (shown, found) = load_found(&asker, *id).await?;
    let kind = place.kind.as_deref().and_then(|code| WarningKind::from_code(code).ok());
    let wanted = |warning: &&Warning| kind.is_none_or(|kind| warning.kind == kind);
    let all: Vec<&Warning> = found.preview.warnings.iter().filter(wanted).collect();
    let rows = all.iter().skip(place.skipped()).take(PER_PAGE).map(|warning| {
        let mut cells = place_cells(&warning.place);
        cells.push(Cell::text(warning.words.clone()));
        Row::new(cells)
    });
    let columns = ["Sheet", "Row", "Column", "What stands there", "To know"].map(Column::new);
    let table = Table::new(columns.into(), rows.collect())
        .hidden_caption("Things to know about rows that are imported")
        .wide()
        .or_say("There is nothing to know.");
    let at = path(shown.import.id);
    let code = kind.map_or("", Coded::code);
    let href = |number: usize| format!("{at}/warnings?kind={code}&page={number}");
    let title = kind.map_or("Things to know", Coded::label);
    let sheet = Sheet::new(title)
        .caption(&*shown.import.file_name)
        .table(table)
        .pagination(Pagination::numbered(place.page(), all.len().div_ceil(PER_PAGE), href));
    asker.page(&page(title, &shown.import), "pages/sheet", &sheet)
}
