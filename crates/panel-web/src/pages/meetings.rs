//! Meetings: the lists, one meeting with its deadlines, and what can be done to it.

pub(super) mod acts;
pub(super) mod date;
pub(super) mod statement;

use crate::answer::Answer;
use crate::errors::Failure;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Colour, Link, Page, Sheet, Tag};
use crate::web::Asker;
use actix_web::web;
use panel_app::calendar::DeadlineView;
use panel_app::meetings::{self, MeetingDetail, MeetingView};
use panel_app::{panels, series};
use panel_core::access::Role;
use panel_core::id::{MeetingId, PanelId};
use panel_core::meeting::MeetingState;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings", SignedIn => choose),
        route!(GET "/panels/{panel}/meetings", SignedIn => upcoming),
        route!(GET "/panels/{panel}/meetings/past", SignedIn => past),
        route!(GET "/panels/{panel}/meetings/emergency", RunsPanel => date::new_emergency),
        route!(POST "/panels/{panel}/meetings/emergency", RunsPanel => date::add_emergency),
        route!(GET "/meetings/{meeting}", SignedIn => show),
        route!(GET "/meetings/{meeting}/statement", SignedIn => statement::show),
        route!(POST "/meetings/{meeting}/statement", SignedIn => statement::accept),
        route!(GET "/meetings/{meeting}/move", RunsPanel => date::ask),
        route!(POST "/meetings/{meeting}/move", RunsPanel => date::move_to),
        route!(GET "/meetings/{meeting}/place", RunsPanel => acts::ask_place),
        route!(POST "/meetings/{meeting}/place", RunsPanel => acts::set_place),
        route!(GET "/meetings/{meeting}/cancel", RunsPanel => acts::ask_cancel),
        route!(POST "/meetings/{meeting}/cancel", RunsPanel => acts::cancel),
        route!(GET "/meetings/{meeting}/restore", RunsPanel => acts::ask_restore),
        route!(POST "/meetings/{meeting}/restore", RunsPanel => acts::restore),
        route!(POST "/meetings/{meeting}/start", RunsPanel => acts::start),
        route!(POST "/meetings/{meeting}/end", RunsPanel => acts::end),
        route!(GET "/meetings/{meeting}/reopen", RunsPanel => acts::ask_reopen),
        route!(POST "/meetings/{meeting}/reopen", RunsPanel => acts::reopen),
    ]
}

/// The list of a panel's meetings.
pub(super) fn list_of(panel: PanelId) -> String {
    format!("/panels/{panel}/meetings")
}

/// One meeting.
fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}")
}

/// The name of a panel that the person may know.
pub(super) async fn name_of(asker: &Asker, panel: PanelId) -> Result<String, Failure> {
    asker.ask(move |ctx| panels::name(ctx, panel)).await
}

/// Whether the person who asks runs this panel.
pub(super) fn runs(asker: &Asker, panel: PanelId) -> bool {
    asker.person().actor.runs(panel)
}

async fn choose(asker: Asker) -> Answer {
    let all = asker.ask(panels::list).await?;
    let seats = &asker.person().actor.seats;
    let mine: Vec<Link> = all
        .iter()
        .map(|panel| &panel.value)
        .filter(|panel| seats.iter().any(|seat| seat.panel == panel.id))
        .map(|panel| Link::new(list_of(panel.id), panel.name.as_str()))
        .collect();
    if let [only] = mine.as_slice() {
        return crate::answer::see(&only.href);
    }
    let sheet = if mine.is_empty() {
        Sheet::new("Meetings").text("You have no seat at a panel.")
    } else {
        Sheet::new("Meetings").links(mine)
    };
    asker.page(&Page::new("Meetings").section_start("meetings"), "pages/sheet", &sheet)
}

#[derive(Debug, Deserialize)]
struct Place {
    /// The meeting at which the page before this one ended.
    from: Option<MeetingId>,
}

fn table(rows: &[MeetingView], caption: &str, empty: &str) -> Table {
    let row = |meeting: &MeetingView| {
        let mut when = Cell::link(path(meeting.id), meeting.when.clone()).heading();
        if let Some(earlier) = meeting.earlier.last() {
            when = when.note(format!("Moved from {earlier}"));
        }
        let (state, colour) = state_of(meeting);
        Row::new(vec![when, Cell::text(meeting.venue.clone()), Cell::tag(state, colour)])
    };
    let columns = ["Meeting", "Venue", "State"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption(caption).or_say(empty)
}

/// How a meeting stands, in a word or two and a colour.
fn state_of(meeting: &MeetingView) -> (String, Colour) {
    let colour = match meeting.state {
        MeetingState::Planned => Colour::Blue,
        MeetingState::Issued => Colour::Purple,
        MeetingState::InProgress => Colour::Turquoise,
        MeetingState::Held => Colour::Green,
        MeetingState::Cancelled => Colour::Grey,
    };
    let words = match (meeting.emergency, &meeting.number) {
        (_, Some(number)) => format!("{} as {number}", meeting.state_label),
        (true, None) => format!("{}, emergency", meeting.state_label),
        (false, None) => meeting.state_label.clone(),
    };
    (words, colour)
}

async fn upcoming(asker: Asker, panel: web::Path<PanelId>, place: web::Query<Place>) -> Answer {
    let (panel, from) = (*panel, place.from);
    let found = asker.ask(move |ctx| meetings::upcoming(ctx, panel, from)).await?;
    let laid_out = asker.ask(move |ctx| series::list(ctx, panel)).await?;
    let list = list_of(panel);
    let mut sheet = Sheet::new("Meetings").caption(name_of(&asker, panel).await?);
    if runs(&asker, panel) {
        sheet = sheet.acts(vec![
            Act::link(format!("/panels/{panel}/series/new"), "Add a series"),
            Act::link(format!("{list}/emergency"), "Add an emergency meeting"),
        ]);
    }
    sheet = sheet.table(table(&found.rows, "Meetings ahead", "No meeting is planned."));
    let mut ways = Vec::new();
    if let Some(last) = found.next {
        ways.push(Link::new(format!("{list}?from={last}"), "Later meetings"));
    }
    if from.is_some() {
        ways.push(Link::new(list.clone(), "Back to the next meeting"));
    }
    ways.push(Link::new(format!("{list}/past"), "Past meetings"));
    sheet = sheet.links(ways);
    if !laid_out.is_empty() {
        let link = |series: &series::SeriesView| {
            let ended = if series.ended { " (ended)" } else { "" };
            Link::new(format!("/series/{}", series.id), format!("{}{ended}", series.summary))
        };
        sheet = sheet.heading("Series").links(laid_out.iter().map(link).collect());
    }
    asker.page(&Page::new("Meetings").section_start("meetings"), "pages/sheet", &sheet)
}

async fn past(asker: Asker, panel: web::Path<PanelId>, place: web::Query<Place>) -> Answer {
    let (panel, from) = (*panel, place.from);
    let found = asker.ask(move |ctx| meetings::past(ctx, panel, from)).await?;
    let list = list_of(panel);
    let mut sheet = Sheet::new("Past meetings")
        .caption(name_of(&asker, panel).await?)
        .table(table(&found.rows, "Past meetings", "No meeting has been held yet."));
    if let Some(last) = found.next {
        let earlier = Link::new(format!("{list}/past?from={last}"), "Earlier meetings");
        sheet = sheet.links(vec![earlier]);
    }
    let page = Page::new("Past meetings").section("meetings").back(list, "Meetings");
    asker.page(&page, "pages/sheet", &sheet)
}

fn facts(meeting: &MeetingView) -> Facts {
    let mut rows = vec![Fact::new("Date", format!("{} to {}", meeting.when, meeting.until))];
    let mut add = |wanted: bool, fact: Fact| {
        if wanted {
            rows.push(fact);
        }
    };
    let earlier = meeting.earlier.join(", then ");
    add(!earlier.is_empty(), Fact::new("Moved from", earlier));
    add(!meeting.venue.is_empty(), Fact::new("Venue", meeting.venue.clone()));
    let call = Fact::new("Video link", meeting.link.clone()).leading_to(meeting.link.clone());
    add(!meeting.link.is_empty(), call);
    add(meeting.emergency, Fact::new("Kind", "Emergency meeting"));
    let number = meeting.number.clone();
    add(number.is_some(), Fact::new("Number", number.unwrap_or_default()));
    let cancelled = Fact::prose("Cancelled because", meeting.cancel_reason.clone());
    add(!meeting.cancel_reason.is_empty(), cancelled);
    let reopened = Fact::prose("Opened again because", meeting.reopen_reason.clone());
    add(!meeting.reopen_reason.is_empty(), reopened);
    if let Some(series) = meeting.series {
        rows.push(Fact::new("Series", "Dates and changes").leading_to(format!("/series/{series}")));
    }
    Facts::new(rows)
}

/// Every step of the cycle with its day and the reason for it.
fn deadlines(rows: &[DeadlineView]) -> Table {
    let row = |deadline: &DeadlineView| {
        Row::new(vec![
            Cell::text(deadline.label.clone()).heading(),
            Cell::text(deadline.when.clone()),
            Cell::text(deadline.why.clone()),
        ])
    };
    let columns = ["Step", "By", "Why"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Deadlines").wide()
}

fn acts(asker: &Asker, detail: &MeetingDetail) -> Result<Vec<Act>, Failure> {
    let (meeting, may) = (&detail.meeting, detail.may);
    let at = path(meeting.id);
    let operation = asker.operation()?;
    let mut acts = Vec::new();
    let mut post = |wanted: bool, verb: &str, words: &str| {
        if wanted {
            let act = Act::post(format!("{at}/{verb}"), Button::new(words));
            acts.push(act.with("version", meeting.version).with("operation", operation));
        }
    };
    post(may.start, "start", "Start the meeting");
    post(may.end, "end", "End the meeting");
    let mut link = |wanted: bool, verb: &str, words: &str| {
        if wanted {
            acts.push(Act::link(format!("{at}/{verb}"), words).quiet());
        }
    };
    link(may.move_it, "move", "Move");
    link(may.move_it, "place", "Change venue");
    link(may.cancel, "cancel", "Cancel");
    link(may.restore, "restore", "Restore");
    link(may.reopen, "reopen", "Open again");
    Ok(acts)
}

/// The papers of a meeting that this person may open, and where it goes on.
fn ways(asker: &Asker, meeting: &MeetingView) -> Vec<Link> {
    let at = path(meeting.id);
    let mut ways = Vec::new();
    let mut add = |wanted: bool, to: &str, words: &str| {
        if wanted {
            ways.push(Link::new(format!("{at}/{to}"), words));
        }
    };
    let reaches = asker.person().actor.reaches();
    let reads = reaches.iter().any(|(panel, _)| *panel == meeting.panel);
    let comes = asker
        .person()
        .actor
        .seats
        .iter()
        .any(|seat| seat.panel == meeting.panel && seat.role != Role::SteeringGroup);
    let begun = matches!(meeting.state, MeetingState::InProgress | MeetingState::Held);
    let (runs, issued) = (runs(asker, meeting.panel), meeting.state == MeetingState::Issued);
    add(reads, "agenda", "Agenda");
    add(runs, "requests", "Information requests");
    add(runs && (begun || issued), "live", "Live meeting");
    add(reads && begun, "minutes", "Minutes");
    add(comes && (begun || issued), "statement", "Confidentiality statement");
    ways
}

async fn show(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| meetings::show(ctx, id)).await?;
    let meeting = &detail.meeting;
    let (state, colour) = state_of(meeting);
    let title = format!("Meeting at {}", meeting.when);
    let mut sheet = Sheet::new(title.clone())
        .caption(name_of(&asker, meeting.panel).await?)
        .tag(Tag::new(state, colour));
    for warning in &detail.warnings {
        sheet = sheet.warning(Warning { text: warning.clone() });
    }
    sheet = sheet.facts(facts(meeting)).links(ways(&asker, meeting)).acts(acts(&asker, &detail)?);
    sheet = sheet.heading("Deadlines").table(deadlines(&detail.deadlines));
    let list = list_of(meeting.panel);
    let page = Page::new(title).section("meetings").back(list, "Meetings");
    asker.page(&page, "pages/sheet", &sheet)
}
