//! Referrals: the register, writing and sending one, and the page of one with its triage.

mod asked;
mod draft;
mod entry;
mod flags;
mod late;
mod leaf;
mod part;
mod send;
mod show;
mod tasks;
mod triage;
mod whereabouts;
mod words;

pub(in crate::pages) use entry::panels_of;
pub(in crate::pages) use flags::cards as flag_cards;
pub(in crate::pages) use leaf::ethnicities;
pub(in crate::pages) use words::{alike_links, state_of};

use super::narrowing::{Narrowing, counted};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::kinds::{date, id, one_of};
use crate::form::{Form, FormView, Optional, Query, Refused};
use crate::routes::{Route, route};
use crate::view::lists::Filter;
use crate::view::paging::{PageLink, Pagination};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Body, Button, Link, Page, dates};
use crate::web::Asker;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use panel_app::referrals::{self, ListFilter, QueuePage, ReferralRow};
use panel_core::coded::Coded;
use panel_core::id::{PanelId, ReferralId};
use panel_core::referral::{LateLane, TriageStatus};
use panel_core::time::local_date;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/referrals", TakesPart => list),
        route!(GET "/referrals/new", TakesPart => entry::new),
        route!(POST "/referrals/new", TakesPart => entry::begin),
        route!(GET "/referrals/drafts/{draft}", TakesPart => tasks::show),
        route!(POST "/referrals/drafts/{draft}/typed", TakesPart => entry::typed),
        route!(GET "/referrals/drafts/{draft}/check", TakesPart => send::check),
        route!(POST "/referrals/drafts/{draft}/check", TakesPart => send::send),
        route!(POST "/referrals/drafts/{draft}/all", TakesPart => send::send_all),
        route!(GET "/referrals/drafts/{draft}/discard", TakesPart => entry::ask_discard),
        route!(POST "/referrals/drafts/{draft}/discard", TakesPart => entry::discard),
        route!(GET "/referrals/drafts/{draft}/{part}", TakesPart => entry::ask),
        route!(POST "/referrals/drafts/{draft}/{part}", TakesPart => entry::save),
        route!(GET "/referrals/drafts/{draft}/{list}/{place}", TakesPart => entry::ask_entry),
        route!(POST "/referrals/drafts/{draft}/{list}/{place}", TakesPart => entry::save_entry),
        route!(GET "/referrals/drafts/{draft}/{list}/{place}/remove", TakesPart => entry::ask_drop),
        route!(POST "/referrals/drafts/{draft}/{list}/{place}/remove", TakesPart => entry::drop_entry),
        route!(GET "/referrals/{referral}", TakesPart => show::show),
        route!(GET "/referrals/{referral}/sent", TakesPart => send::sent),
        route!(POST "/referrals/{referral}/correct", TakesPart => send::correct),
        route!(GET "/referrals/{referral}/resubmit", TakesPart => triage::ask_resubmit),
        route!(POST "/referrals/{referral}/resubmit", TakesPart => triage::resubmit),
        route!(GET "/referrals/{referral}/withdraw", TakesPart => triage::ask_withdraw),
        route!(POST "/referrals/{referral}/withdraw", TakesPart => triage::withdraw),
        route!(GET "/referrals/{referral}/propose", RunsPanel => triage::ask_propose),
        route!(POST "/referrals/{referral}/propose", RunsPanel => triage::propose),
        route!(GET "/referrals/{referral}/return", RunsPanel => triage::ask_return),
        route!(POST "/referrals/{referral}/return", RunsPanel => triage::send_back),
        route!(GET "/referrals/{referral}/decide", RunsPanel => triage::ask_decide),
        route!(POST "/referrals/{referral}/decide", RunsPanel => triage::decide),
        route!(GET "/referrals/{referral}/reconsider", RunsPanel => triage::ask_reconsider),
        route!(POST "/referrals/{referral}/reconsider", RunsPanel => triage::reconsider),
        route!(GET "/referrals/{referral}/late", RunsPanel => late::ask),
        route!(POST "/referrals/{referral}/late", RunsPanel => late::decide),
        route!(GET "/referrals/{referral}/people/{person}/whereabouts", TakesPart => whereabouts::ask),
        route!(POST "/referrals/{referral}/people/{person}/whereabouts", TakesPart => whereabouts::reveal),
        route!(GET "/referrals/{referral}/readers", RunsPanel => whereabouts::readers),
        route!(GET "/referrals/{referral}/readers/name", RunsPanel => whereabouts::ask_name),
        route!(POST "/referrals/{referral}/readers/name", RunsPanel => whereabouts::name),
        route!(GET "/referrals/{referral}/readers/{line}/end", RunsPanel => whereabouts::ask_end),
        route!(POST "/referrals/{referral}/readers/{line}/end", RunsPanel => whereabouts::end),
    ]
}

static PANEL: Optional<'_, PanelId> = id("panel", "Panel").optional();
static STATE: Optional<'_, TriageStatus> = one_of("state", "State").as_select().optional();
static FROM: Optional<'_, NaiveDate> = date("from", "Received from").in_one_box().optional();
static TO: Optional<'_, NaiveDate> = date("to", "Received to").in_one_box().optional();
static LATE: Optional<'_, LateLane> = one_of("late", "Late lane").as_select().optional();
static FILTERS: Form = Form::of(&[&PANEL, &STATE, &FROM, &TO, &LATE]);

/// The names under which a page of the register says where it begins.
const PLACES: [&str; 2] = ["at", "row"];

/// One referral.
pub(super) fn path(id: ReferralId) -> String {
    format!("/referrals/{id}")
}

fn read(narrowing: &Narrowing, today: NaiveDate) -> Result<ListFilter, Refused> {
    let mut reader = FILTERS.read(&narrowing.values, today);
    let (panel, state) = (reader.get(&PANEL), reader.get(&STATE));
    let (from, to, late) = (reader.get(&FROM), reader.get(&TO), reader.get(&LATE));
    reader.finish(|| {
        Some(ListFilter {
            panel: panel?,
            agency: None,
            states: state?.into_iter().collect(),
            received_from: from?,
            received_to: to?,
            late: late?,
        })
    })
}

fn table(rows: &[ReferralRow], narrowed: bool) -> Table {
    let row = |row: &ReferralRow| {
        let (state, colour) = state_of(row.state);
        let mut tag = Cell::tag(state, colour);
        if let Some(lane) = row.late_lane {
            tag = tag.note(lane.label());
        }
        let name = words::name_of(&row.forename, &row.surname);
        Row::new(vec![
            Cell::link(path(row.id), name).heading().note(row.reference.clone()),
            Cell::text(row.agency_name.clone()).note(row.source.label()),
            Cell::date(local_date(row.received_at)),
            tag,
        ])
    };
    let empty = if narrowed {
        "There are no referrals like this. Take a filter off to see more."
    } else {
        "There are no referrals yet."
    };
    let columns = ["Person referred", "From", "Received", "State"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Referrals").or_say(empty)
}

/// What is filtered now, each with the way to take it off.
fn selected(
    narrowing: &Narrowing,
    filter: &ListFilter,
    panels: &[crate::form::Choice],
) -> Vec<Link> {
    let panel = filter.panel.map(|id| id.to_string());
    let panel = panel.and_then(|id| panels.iter().find(|panel| panel.value == id));
    let day = |words: &str, day: Option<NaiveDate>| {
        day.map(|day| format!("{words} {}", dates::with_weekday(day)))
    };
    [
        narrowing.selected("panel", panel.map(|panel| panel.text.clone())),
        narrowing.selected("state", filter.states.first().map(|it| it.label().to_owned())),
        narrowing.selected("from", day("From", filter.received_from)),
        narrowing.selected("to", day("To", filter.received_to)),
        narrowing.selected("late", filter.late.map(|lane| lane.label().to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What waits at each panel that the person runs, with the way to it.
async fn waiting(asker: &Asker, panels: &[crate::form::Choice]) -> Result<Vec<Link>, Failure> {
    let mut links = Vec::new();
    for panel in panels {
        let Ok(id) = panel.value.parse::<PanelId>() else { continue };
        if !asker.person().actor.runs(id) {
            continue;
        }
        let found = asker.ask(move |ctx| referrals::counts(ctx, id)).await?;
        let of = [
            (found.received, TriageStatus::Received, "received, not looked at yet"),
            (found.proposed, TriageStatus::Proposed, "with a proposal for the chair"),
            (found.returned, TriageStatus::ReturnedIncomplete, "returned to the referrer"),
        ];
        for (count, state, words) in of.into_iter().filter(|(count, _, _)| *count > 0) {
            let count =
                if count > 1_000 { "More than 1,000".to_owned() } else { count.to_string() };
            let href = format!("/referrals?panel={id}&state={}", state.code());
            links.push(Link::new(href, format!("{count} {words} ({})", panel.text)));
        }
    }
    Ok(links)
}

/// Where a page of the register begins.
fn place(query: &Query) -> Option<(DateTime<Utc>, ReferralId)> {
    let at = query.0.one("at").parse().ok()?;
    Some((at, query.0.one("row").parse().ok()?))
}

async fn list(asker: Asker, query: Query) -> Answer {
    let after = place(&query);
    let narrowing = Narrowing::new("/referrals", query.0, &PLACES);
    let panels = panels_of(&asker).await?;
    let form = FormView::new(&FILTERS, "/referrals").typed(narrowing.values.clone());
    let form = form.choices(&PANEL, panels.clone()).ids("filter-");
    let (form, filter) = match read(&narrowing, asker.today()?) {
        Ok(filter) => (form, Some(filter)),
        Err(refused) => (form.refused(refused), None),
    };
    let errors = form.errors();
    let refused = errors.is_some();
    let shown = filter.clone().unwrap_or_default();
    let mut bar = Filter::new("/referrals", form.filters(), selected(&narrowing, &shown, &panels));
    bar.open |= refused;
    let mut body = Body::titled("Referrals");
    body = body.buttons(vec![Button::link("/referrals/new", "Refer someone")]);
    if !narrowing.is_any() && after.is_none() {
        body = body.links(waiting(&asker, &panels).await?);
    }
    body = body.filter(bar);
    let page = Page::new("Referrals").section_start("referrals").refused(refused);
    let Some(filter) = filter else {
        body = errors.into_iter().fold(body, Body::errors);
        return Ok(body.answer(&asker.web.site, &asker.viewer(), page)?);
    };
    let counting = filter.clone();
    let count = asker.ask(move |ctx| referrals::count(ctx, &counting)).await?;
    let found: QueuePage = asker.ask(move |ctx| referrals::list(ctx, &filter, after)).await?;
    if count > 0 {
        body = body.text(counted(count, "referral", "referrals"));
    }
    body = body.table(table(&found.rows, narrowing.is_any()));
    let next = found.next.map(|(at, row)| {
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let href = narrowing.href("", &[("at", at), ("row", row.to_string())]);
        PageLink::new(href, "Further referrals")
    });
    let first = after.map(|_| PageLink::new(narrowing.href("", &[]), "From the start"));
    if next.is_some() || first.is_some() {
        body = body.pages(Pagination::around(first, next));
    }
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}
