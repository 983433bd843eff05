//! The audit log: who did or read what, in codes and counts.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::audit::{self, LogLine};
use panel_core::coded::Coded;
use panel_core::id::{AuditId, CaseId};
use panel_core::time::local;
use panel_core::words;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/audit", Manages => list)]
}

/// Which part of the log.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Wanted {
    case: Option<CaseId>,
    /// The row at which the page before this one ended.
    before: Option<AuditId>,
}

fn row(line: &LogLine) -> Row<'_> {
    let LogLine { row, name } = line;
    let who =
        name.as_deref().unwrap_or(if row.actor.is_some() { "Not known" } else { "Panel itself" });
    let who = Cell::text(who);
    let who = if row.on_behalf { who.note("for another agency") } else { who };
    let case = row
        .case
        .map_or_else(|| Cell::text(""), |case| Cell::link(format!("/cases/{case}"), "The case"));
    Row::new(vec![
        Cell::text(words::date_time(local(row.at))).heading(),
        who,
        Cell::text(row.kind.label()),
        Cell::text(row.deed.as_str()).note(row.detail.as_str()),
        case,
    ])
}

async fn list(asker: Asker, wanted: web::Query<Wanted>) -> Answer {
    let Wanted { case, before } = *wanted;
    let (lines, next) = asker.ask(move |ctx| audit::log(ctx, case, before)).await?;
    let columns = ["When", "Who", "Kind", "What", "Case"].map(Column::new).into();
    let table = Table::new(columns, lines.iter().map(row).collect())
        .hidden_caption("Events, newest first")
        .wide()
        .or_say("Nothing has happened that you may see.");
    let mut sheet = Sheet::new("Audit log").text(
        "Everything that was read or changed at the panels you run. It holds no names of the people \
         that cases are about, and nobody can change it.",
    );
    if case.is_some() {
        sheet = sheet.links(vec![Link::new("/audit", "Show everything, not this case alone")]);
    }
    sheet = sheet.table(table);
    if let Some(next) = next {
        let of_case = case.map(|case| format!("&case={case}")).unwrap_or_default();
        sheet = sheet
            .links(vec![Link::new(format!("/audit?before={next}{of_case}"), "Earlier events")]);
    }
    let page = Page::new("Audit log").section("settings").back("/settings", "Settings");
    asker.page(&page, "pages/sheet", &sheet)
}
