//! Cases: the list, the search, the page of one, and what can be agreed about it.

mod agencies;
mod close;
mod lists;
mod review;
mod show;

use super::narrowing::{Narrowing, counted};
use super::referrals::{panels_of, state_of};
use crate::answer::Answer;
use crate::form::kinds::{date, id, one_of, text};
use crate::form::{Field, Form, FormView, Optional, Query, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::lists::Filter;
use crate::view::paging::{PageLink, Pagination};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Banner, Body, Button, Colour, Page, dates};
use crate::web::Asker;
use chrono::NaiveDate;
use panel_app::cases::{self, CaseFilter, CaseRow};
use panel_app::referrals::ReferralRow;
use panel_core::access::Actor;
use panel_core::case::CaseStatus;
use panel_core::coded::Coded;
use panel_core::id::{CaseId, PanelId};
use panel_core::time::local_date;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/cases", TakesPart => list),
        route!(GET "/cases/search", TakesPart => ask_search),
        route!(POST "/cases/search", TakesPart => search),
        route!(GET "/cases/{case}", Sits => show::show),
        route!(GET "/cases/{case}/agencies", RunsPanel => agencies::ask),
        route!(POST "/cases/{case}/agencies", RunsPanel => agencies::set),
        route!(GET "/cases/{case}/lists", RunsPanel => lists::show),
        route!(GET "/cases/{case}/lists/add", RunsPanel => lists::ask_add),
        route!(POST "/cases/{case}/lists/add", RunsPanel => lists::add),
        route!(GET "/cases/{case}/lists/{line}/lift", RunsPanel => lists::ask_lift),
        route!(POST "/cases/{case}/lists/{line}/lift", RunsPanel => lists::lift),
        route!(GET "/cases/{case}/conflict", TakesPart => lists::ask_conflict),
        route!(POST "/cases/{case}/conflict", TakesPart => lists::declare),
        route!(GET "/cases/{case}/review", RunsPanel => review::ask),
        route!(POST "/cases/{case}/review", RunsPanel => review::agree),
        route!(GET "/cases/{case}/propose", RunsPanel => close::ask_propose),
        route!(POST "/cases/{case}/propose", RunsPanel => close::propose),
        route!(POST "/cases/{case}/drop-proposal", RunsPanel => close::drop_proposal),
        route!(GET "/cases/{case}/close", RunsPanel => close::ask_close),
        route!(POST "/cases/{case}/close", RunsPanel => close::close),
        route!(GET "/cases/{case}/reopen", RunsPanel => close::ask_reopen),
        route!(POST "/cases/{case}/reopen", RunsPanel => close::reopen),
    ]
}

static PANEL: Optional<'_, PanelId> = id("panel", "Panel").optional();
static STATE: Optional<'_, CaseStatus> = one_of("state", "Status").as_select().optional();
static REVIEW: Optional<'_, NaiveDate> = date("review", "Review due by")
    .hint("An agreed date up to this day, or an event that brings the case back.")
    .in_one_box()
    .optional();
static FILTERS: Form = Form::of(&[&PANEL, &STATE, &REVIEW]);

static QUERY: Field<'_, String> = text("query", "Name or reference")
    .hint("At least 3 letters. Each word is looked for from its beginning.")
    .missing("Enter at least 3 letters of a name or reference")
    .verbatim();
static SEARCH: Form = Form::of(&[&QUERY]);

/// One case.
pub(super) fn path(id: CaseId) -> String {
    format!("/cases/{id}")
}

/// Forename and surname, or what stands in for them.
pub(super) fn name_of(row: &CaseRow) -> String {
    let name = format!("{} {}", row.forename, row.surname);
    let name = name.trim();
    if name.is_empty() { "No name given".to_owned() } else { name.to_owned() }
}

/// The person and the reference, as a caption or a link names a case.
pub(super) fn called(row: &CaseRow) -> String {
    format!("{}, case {}", name_of(row), row.reference)
}

fn status_of(state: CaseStatus) -> (&'static str, Colour) {
    let colour = match state {
        CaseStatus::Open => Colour::Blue,
        CaseStatus::Closed => Colour::Grey,
    };
    (state.label(), colour)
}

/// When a case comes back, as far as it was agreed.
fn next_of(row: &CaseRow) -> Cell<'_> {
    let cell = match row.next_review_on {
        Some(day) => Cell::date(day),
        None if row.state == CaseStatus::Closed => Cell::text("–"),
        None => Cell::text("By the panel’s rule"),
    };
    if row.trigger_note.is_empty() { cell } else { cell.note(row.trigger_note.clone()) }
}

fn table(rows: &[CaseRow], empty: &str) -> Table {
    let drawn = rows.iter().map(|row| {
        let (state, colour) = status_of(row.state);
        let mut tag = Cell::tag(state, colour);
        if let Some(reason) = row.close_reason {
            tag = tag.note(reason.label());
        }
        Row::new(vec![
            Cell::link(path(row.id), name_of(row)).heading().note(row.reference.clone()),
            tag,
            Cell::date(row.opened_on),
            next_of(row),
        ])
    });
    let columns = ["Person", "Status", "Opened", "Next review"].map(Column::new).into();
    Table::new(columns, drawn.collect()).hidden_caption("Cases").or_say(empty)
}

fn read(narrowing: &Narrowing, today: NaiveDate) -> Result<CaseFilter, Refused> {
    let mut reader = FILTERS.read(&narrowing.values, today);
    let (panel, state, review) = (reader.get(&PANEL), reader.get(&STATE), reader.get(&REVIEW));
    reader.finish(|| Some(CaseFilter { panel: panel?, state: state?, review_by: review? }))
}

/// Where else the list leads, for somebody with these seats.
fn ways_on(actor: &Actor) -> Vec<Button> {
    let mut ways = vec![Button::link("/cases/search", "Find by name or reference").quiet()];
    if actor.seats.iter().any(|seat| actor.runs(seat.panel)) {
        ways.push(Button::link("/people/alike", "Records that look alike").quiet());
    }
    if actor.could_break_glass() {
        ways.push(Button::link("/glass", "Emergency access").quiet());
    }
    ways
}

async fn list(asker: Asker, query: Query) -> Answer {
    let after: Option<CaseId> = query.0.one("after").parse().ok();
    let declared = query.0.one("declared") == "1";
    let narrowing = Narrowing::new("/cases", query.0, &["after", "declared"]);
    let panels = panels_of(&asker).await?;
    let form = FormView::new(&FILTERS, "/cases").typed(narrowing.values.clone());
    let form = form.choices(&PANEL, panels.clone()).ids("filter-");
    let (form, filter) = match read(&narrowing, asker.today()?) {
        Ok(filter) => (form, Some(filter)),
        Err(refused) => (form.refused(refused), None),
    };
    let errors = form.errors();
    let refused = errors.is_some();
    let shown = filter.unwrap_or_default();
    let panel = shown.panel.map(|id| id.to_string());
    let panel = panel.and_then(|id| panels.into_iter().find(|panel| panel.value == id));
    let review = shown.review_by.map(|day| format!("Review by {}", dates::with_weekday(day)));
    let selected = [
        narrowing.selected("panel", panel.map(|panel| panel.text)),
        narrowing.selected("state", shown.state.map(|state| state.label().to_owned())),
        narrowing.selected("review", review),
    ];
    let selected = selected.into_iter().flatten().collect();
    let mut bar = Filter::new("/cases", form.filters(), selected);
    bar.open |= refused;
    let mut body = Body::titled("Cases").buttons(ways_on(&asker.person().actor)).filter(bar);
    let gone = "You declared a conflict of interest. You no longer see that case.";
    let banner = declared.then(|| Banner::success(gone));
    let page = Page::new("Cases").section_start("cases").refused(refused).banner(banner);
    let Some(filter) = filter else {
        body = errors.into_iter().fold(body, Body::errors);
        return Ok(body.answer(&asker.web.site, &asker.viewer(), page)?);
    };
    let count = asker.ask(move |ctx| cases::count(ctx, filter)).await?;
    let found = asker.ask(move |ctx| cases::list(ctx, filter, after)).await?;
    if count > 0 {
        body = body.text(counted(count, "case", "cases"));
    }
    let empty = if narrowing.is_any() {
        "There are no cases like this. Take a filter off to see more."
    } else {
        "There are no cases yet. A case opens when the chair accepts a referral."
    };
    body = body.table(table(&found.rows, empty));
    let next = found.next.map(|last| {
        PageLink::new(narrowing.href("", &[("after", last.to_string())]), "Further cases")
    });
    let first = after.map(|_| PageLink::new(narrowing.href("", &[]), "From the start"));
    if next.is_some() || first.is_some() {
        body = body.pages(Pagination::around(first, next));
    }
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

/// The search is sent, never linked to: no name stands in an address.
fn searching(refused: Option<Refused>) -> FormView<'static> {
    FormView::new(&SEARCH, "/cases/search").button(Button::new("Find")).refused(refused)
}

async fn ask_search(asker: Asker) -> Answer {
    let body = Body::titled("Find a case or referral").form(searching(None));
    let page = Page::new("Find a case or referral").section("cases").back("/cases", "Cases");
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn found_referrals(rows: &[ReferralRow]) -> Table {
    let row = |row: &ReferralRow| {
        let (state, colour) = state_of(row.state);
        let name = format!("{} {}", row.forename, row.surname).trim().to_owned();
        let name = if name.is_empty() { "No name given".to_owned() } else { name };
        Row::new(vec![
            Cell::link(format!("/referrals/{}", row.id), name)
                .heading()
                .note(row.reference.clone()),
            Cell::text(row.agency_name.clone()),
            Cell::date(local_date(row.received_at)),
            Cell::tag(state, colour),
        ])
    };
    let columns = ["Person referred", "From", "Received", "State"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Referrals without a case")
}

async fn search(asker: Asker, posted: Posted) -> Answer {
    let mut reader = SEARCH.read(&posted.values, asker.today()?);
    let query = reader.get(&QUERY);
    let page = Page::new("Find a case or referral").section("cases").back("/cases", "Cases");
    let found = match reader.finish(|| query) {
        Err(refused) => Err(refused),
        Ok(query) => match asker.ask(move |ctx| cases::search(ctx, &query)).await {
            Ok(found) => Ok(found),
            Err(failure) => Err(posted.refused(failure)?),
        },
    };
    let body = Body::titled("Find a case or referral");
    let body = match found {
        Err(refused) => body.form(searching(Some(refused))),
        Ok(found) => {
            let empty = "Nobody was found. Try fewer letters, or another name.";
            let mut body = body.form(searching(None).typed(posted.values.clone()));
            body = body.heading("Cases").table(table(&found.cases, empty));
            if found.referrals.is_empty() {
                body
            } else {
                let rows = found_referrals(&found.referrals);
                body.heading("Referrals without a case").table(rows)
            }
        }
    };
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}
