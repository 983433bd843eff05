//! The audit log: who did or read what, in codes and counts; who has looked at a case; and what an
//! agency is told of the month.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use chrono::{Months, NaiveDate};
use panel_app::audit::{self, CaseReaders, LogLine, LookLine, ReaderLine, Statement};
use panel_core::audit::Purpose;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, AuditId, CaseId};
use panel_core::time::local;
use panel_core::words;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/audit", Manages => list),
        route!(GET "/cases/{case}/looked", RunsPanel => looked),
        route!(GET "/statement", TakesPart => statement),
    ]
}

/// Which part of the log, and for what it is read.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Wanted {
    purpose: Option<Purpose>,
    case: Option<CaseId>,
    /// The row at which the page before this one ended.
    before: Option<AuditId>,
}

/// The log may be used for four purposes alone, so the reader says which; that goes into the log too.
fn asked(sheet: Sheet, to: impl Fn(Purpose) -> String) -> Sheet {
    let link = |purpose: &Purpose| Link::new(to(*purpose), purpose.label());
    sheet
        .text(
            "The law lets this log be used for four purposes alone (Data Protection Act 2018, \
             section 62). Choose yours. Your choice is written into the log with your name.",
        )
        .links(Purpose::ALL.iter().map(link).collect())
}

fn row(line: &LogLine, purpose: Purpose) -> Row<'_> {
    let LogLine { row, name } = line;
    let who =
        name.as_deref().unwrap_or(if row.actor.is_some() { "Not known" } else { "Panel itself" });
    let who = Cell::text(who);
    let who = if row.on_behalf { who.note("for another agency") } else { who };
    let case = row.case.map_or_else(
        || Cell::text(""),
        |case| {
            let href = format!("/cases/{case}/looked?purpose={}", purpose.code());
            Cell::link(href, "Who looked at it")
        },
    );
    Row::new(vec![
        Cell::text(words::date_time(local(row.at))).heading(),
        who,
        Cell::text(row.kind.label()),
        Cell::text(row.deed.as_str()).note(row.detail.as_str()),
        case,
    ])
}

async fn list(asker: Asker, wanted: web::Query<Wanted>) -> Answer {
    let Wanted { purpose, case, before } = *wanted;
    let of_case = case.map(|case| format!("&case={case}")).unwrap_or_default();
    let page = Page::new("Audit log").section("settings").back("/settings", "Settings");
    let sheet = Sheet::new("Audit log");
    let Some(purpose) = purpose else {
        let sheet = asked(sheet, |purpose| format!("/audit?purpose={}{of_case}", purpose.code()));
        return asker.page(&page, "pages/sheet", &sheet);
    };
    let (lines, next) = asker.ask(move |ctx| audit::log(ctx, purpose, case, before)).await?;
    let columns = ["When", "Who", "Kind", "What", "Case"].map(Column::new).into();
    let table = Table::new(columns, lines.iter().map(|line| row(line, purpose)).collect())
        .hidden_caption("Events, newest first")
        .wide()
        .or_say("Nothing has happened that you may see.");
    let mut sheet = sheet.text(
        "Everything that was read or changed at the panels you run. It holds no names of the people \
         that cases are about, and nobody can change it.",
    );
    let code = purpose.code();
    if case.is_some() {
        let all = format!("/audit?purpose={code}");
        sheet = sheet.links(vec![Link::new(all, "Show everything, not this case alone")]);
    }
    sheet = sheet.table(table);
    if let Some(next) = next {
        let earlier = format!("/audit?purpose={code}&before={next}{of_case}");
        sheet = sheet.links(vec![Link::new(earlier, "Earlier events")]);
    }
    asker.page(&page, "pages/sheet", &sheet)
}

/// Which looks, and for what they are read.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Looks {
    purpose: Option<Purpose>,
    before: Option<AuditId>,
}

fn look(line: &LookLine) -> Row<'_> {
    let who = Cell::text(line.name.as_deref().unwrap_or("Panel itself"));
    let meeting = match &line.meeting {
        Some((id, date)) => Cell::link(format!("/meetings/{id}"), format!("Meeting of {date}")),
        None => Cell::text(if line.context.is_empty() { "Not noted" } else { line.context }),
    };
    Row::new(vec![
        Cell::text(words::date_time(local(line.at))).heading(),
        who.note(line.agency.as_deref().unwrap_or_default()),
        Cell::text(line.shown.as_str()).note(line.kind.label()),
        meeting,
    ])
}

async fn looked(asker: Asker, case: web::Path<CaseId>, wanted: web::Query<Looks>) -> Answer {
    let (case, Looks { purpose, before }) = (*case, *wanted);
    let here = format!("/cases/{case}/looked");
    let page = Page::new("Who has looked at this case")
        .section("cases")
        .back(format!("/cases/{case}"), "The case");
    let sheet = Sheet::new("Who has looked at this case");
    let Some(purpose) = purpose else {
        // Whoever may not know of the case is not asked for a purpose either.
        asker.ask(move |ctx| audit::may_look(ctx, case)).await?;
        let sheet = asked(sheet, |purpose| format!("{here}?purpose={}", purpose.code()));
        return asker.page(&page, "pages/sheet", &sheet);
    };
    let found = asker.ask(move |ctx| audit::looked(ctx, purpose, case, before)).await?;
    let columns = ["When", "Who", "What they could see", "In what context"].map(Column::new).into();
    let table = Table::new(columns, found.looks.iter().map(look).collect())
        .hidden_caption("Looks at the case, newest first")
        .wide()
        .or_say("Nobody has looked at it.");
    let code = purpose.code();
    let mut sheet = sheet
        .caption(found.reference.clone())
        .links(vec![Link::new(
            format!("/audit?purpose={code}&case={case}"),
            "Changes to it as well, in the audit log",
        )])
        .table(table);
    if let Some(next) = found.next {
        let earlier = format!("{here}?purpose={code}&before={next}");
        sheet = sheet.links(vec![Link::new(earlier, "Earlier looks")]);
    }
    asker.page(&page, "pages/sheet", &sheet)
}

/// Which statement.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Part {
    agency: Option<AgencyId>,
    /// Any day of the month.
    month: Option<NaiveDate>,
    after: Option<CaseId>,
}

fn reader<'r>(case: &'r CaseReaders, line: &'r ReaderLine) -> Row<'r> {
    let times = if case.more { format!("{} or more", line.times) } else { line.times.to_string() };
    Row::new(vec![
        Cell::link(format!("/cases/{}", case.case), case.reference.as_str()).heading(),
        Cell::text(line.name.as_deref().unwrap_or("Panel itself")),
        Cell::text(line.agency.as_deref().unwrap_or_default()),
        Cell::number(times.as_str()),
        Cell::text(words::date_time(local(line.last))),
    ])
}

async fn statement(asker: Asker, wanted: web::Query<Part>) -> Answer {
    let Part { agency, month, after } = *wanted;
    let found = asker.ask(move |ctx| audit::statement(ctx, agency, month, after)).await?;
    let rows = found.cases.iter();
    let rows = rows.flat_map(|case| case.readers.iter().map(move |line| reader(case, line)));
    let columns = vec![
        Column::new("Case"),
        Column::new("Who"),
        Column::new("Agency"),
        Column::numeric("Times"),
        Column::new("Last"),
    ];
    let table = Table::new(columns, rows.collect())
        .hidden_caption("Who read which case, how often")
        .wide()
        .or_say("Nobody read any of these cases in this month.");
    let month = in_words(found.month);
    let mut sheet = Sheet::new(format!("Who read your agency’s cases in {month}"))
        .caption(found.name.clone())
        .text(
            "These are the cases that your agency takes part in. Ask the coordinator when you do not \
             know why somebody read one.",
        )
        .table(table);
    if found.unread > 0 {
        sheet = sheet.text(format!("Nobody read {}.", words::count(found.unread, "further case")));
    }
    let sheet = sheet.links(ways(&found));
    let page = Page::new("Monthly statement").section("my-work").back("/my-work", "My work");
    asker.page(&page, "pages/sheet", &sheet)
}

fn in_words(month: NaiveDate) -> String {
    let date = words::date(month);
    date.split_once(' ').map_or(date.clone(), |(_, rest)| rest.to_owned())
}

/// The rest of this month's statement, and the months around it.
fn ways(found: &Statement) -> Vec<Link> {
    let at = |month: NaiveDate| format!("/statement?agency={}&month={month}", found.agency);
    let mut ways = Vec::new();
    if let Some(next) = found.next {
        ways.push(Link::new(format!("{}&after={next}", at(found.month)), "More cases"));
    }
    if let Some(before) = found.month.checked_sub_months(Months::new(1)) {
        ways.push(Link::new(at(before), format!("The month before, {}", in_words(before))));
    }
    if let Some(after) = found.month.checked_add_months(Months::new(1)) {
        ways.push(Link::new(at(after), format!("The month after, {}", in_words(after))));
    }
    ways
}
