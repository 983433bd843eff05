//! The agenda as whoever runs the panel works on it.

use super::path;
use crate::errors::Failure;
use crate::view::facts::{Fact, Facts};
use crate::view::lists::Hidden;
use crate::view::order::{Order, Place};
use crate::view::parts::{Inset, Warning};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Colour, Drawn, Link, Page, Sheet, Tag};
use crate::web::Asker;
use actix_web::http::StatusCode;
use panel_app::agenda::{DraftLine, DraftView, LineView, OffView, OwedActions};
use panel_core::agenda::{ItemState, Section};
use panel_core::coded::Coded;
use panel_core::id::MeetingId;
use panel_core::meeting::MeetingState;
use panel_core::words;

/// Draws the agenda with everything that can be done to it.
pub(super) fn page(
    asker: &Asker,
    view: &DraftView,
    banner: Option<Banner>,
    status: StatusCode,
) -> Result<Drawn, Failure> {
    let title = format!("Agenda for {}", view.meeting.when);
    let mut sheet = Sheet::new(title.clone()).caption(view.panel_name.clone()).tag(tag(view));
    if let Some(warning) = &view.warning {
        sheet = sheet.warning(Warning { text: format!("This agenda is too full: {warning}.") });
    }
    sheet = standing(sheet, view).facts(facts(view)).acts(acts(asker, view)?);
    if view.sections.is_empty() {
        sheet = sheet.text("There is nothing on this agenda yet.");
    }
    for section in &view.sections {
        let heading = format!("{}, {}", section.heading, section.begins);
        sheet = sheet.anchored(section.section.code(), heading);
        let places = section.lines.iter().map(|line| place(asker, view, line));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let order = if may_arrange(view) { Order::new(places) } else { Order::fixed(places) };
        sheet = sheet.order(order);
    }
    sheet = off(asker, sheet, view)?;
    sheet = owed(sheet, &view.actions);
    let meeting = format!("/meetings/{}", view.meeting.id);
    let page = Page::new(title).section("meetings").back(meeting, "Meeting");
    asker.drawn(&page.banner(banner).status(status), "pages/sheet", &sheet)
}

fn tag(view: &DraftView) -> Tag {
    match (view.issues.first(), &view.revising) {
        (None, _) => Tag::new("Draft", Colour::Blue),
        (Some(last), Some(_)) => {
            Tag::new(format!("Issue {} is being prepared", last.number + 1), Colour::Yellow)
        }
        (Some(last), None) => Tag::new(format!("Issue {}", last.number), Colour::Purple),
    }
}

/// Whether the meeting has not begun, so that what is on its agenda can still be chosen.
fn is_ahead(view: &DraftView) -> bool {
    matches!(view.meeting.state, MeetingState::Planned | MeetingState::Issued)
}

/// Whether something can be added: until the meeting is over.
fn is_open(view: &DraftView) -> bool {
    is_ahead(view) || view.meeting.state == MeetingState::InProgress
}

fn may_arrange(view: &DraftView) -> bool {
    is_open(view) && !view.locked
}

/// How the draft stands to what readers hold in their hands.
fn standing(sheet: Sheet, view: &DraftView) -> Sheet {
    let Some(last) = view.issues.first() else { return sheet };
    let issued = format!("Issue {} went out at {}, by {}.", last.number, last.when, last.by);
    let text = match (&view.revising, view.locked) {
        (Some(by), _) => {
            let next = last.number + 1;
            format!("{issued} Readers keep it until issue {next}, which is prepared by {by}.")
        }
        (None, true) => format!(
            "{issued} The order, the minutes and the presenters are locked. You can still add late \
             items, take items off and put them off."
        ),
        (None, false) => issued,
    };
    let sheet = sheet.inset(Inset { text, id: None });
    if view.unissued.is_empty() {
        return sheet;
    }
    sheet.heading("What readers do not know yet").list(view.unissued.clone())
}

fn facts(view: &DraftView) -> Facts {
    let load = &view.load;
    let time = format!("{} to {}", view.meeting.when, view.meeting.until);
    let minutes = format!("{} of {} minutes are allotted", load.minutes, load.available);
    let ends = if view.ends.is_empty() { String::new() } else { format!(", until {}", view.ends) };
    let limit = format!("{} of at most {}", load.cases, load.case_limit);
    Facts::new(vec![
        Fact::new("Meeting", time),
        Fact::new("Time", minutes + &ends),
        Fact::new("Cases", limit),
    ])
}

fn acts(asker: &Asker, view: &DraftView) -> Result<Vec<Act>, Failure> {
    let at = path(view.meeting.id);
    let (is_empty, was_issued) = (view.sections.is_empty(), !view.issues.is_empty());
    let mut acts = Vec::new();
    let mut link = |wanted: bool, main: bool, href: String, words: &str| {
        if wanted {
            let act = Act::link(href, words);
            acts.push(if main { act } else { act.quiet() });
        }
    };
    let may_propose = is_ahead(view) && !view.locked;
    link(may_propose && is_empty, true, format!("{at}/proposal"), "Propose the agenda");
    let has_news = !view.locked || !view.unissued.is_empty();
    let words = if was_issued { "Issue again" } else { "Issue the agenda" };
    link(is_ahead(view) && !is_empty && has_news, true, format!("{at}/issue"), words);
    link(may_propose && !is_empty, false, format!("{at}/proposal"), "Propose again");
    let reviews = view.sections.iter().any(|section| section.section == Section::Reviews);
    let is_too_full = may_propose && view.warning.is_some() && reviews;
    link(is_too_full, false, format!("{at}/surplus"), "Leave what does not fit");
    link(is_open(view), false, format!("{at}/items/new"), "Add an item");
    link(is_open(view), false, format!("{at}/cases/new"), "Add a case");
    link(!is_empty, false, format!("{at}/print"), "Print");
    link(was_issued, false, format!("{at}/readers"), "Issues and who has opened them");
    let board = format!("/meetings/{}/requests", view.meeting.id);
    link(was_issued, false, board, "Information requests");
    if view.locked {
        let act = Act::post(format!("{at}/revise"), Button::secondary("Prepare a new issue"));
        acts.push(act.with("version", view.version).with("operation", asker.operation()?));
    }
    Ok(acts)
}

fn place(asker: &Asker, view: &DraftView, draft: &DraftLine) -> Result<Place, Failure> {
    let (line, at) = (&draft.line, path(view.meeting.id));
    // What is locked has no form to carry anything.
    let hidden = if may_arrange(view) {
        vec![
            Hidden::new("item", line.item),
            Hidden::new("version", view.version),
            Hidden::new("operation", asker.operation()?),
        ]
    } else {
        Vec::new()
    };
    let state = if draft.state == ItemState::Heard { "Heard" } else { "" };
    let by_hand = if draft.by_hand { "Added by hand" } else { "" };
    Ok(listed(line, format!("{at}/order"), hidden)
        .leading_to(format!("{at}/items/{}", line.item))
        .tag(state, Colour::Green)
        .note(draft.coverage.clone().unwrap_or_default())
        .note(by_hand))
}

/// One line as all its readers see it; buttons that move it send `hidden` to `action`.
pub(super) fn listed(line: &LineView, action: String, hidden: Vec<Hidden>) -> Place {
    let text = match &line.case {
        Some(case) => format!("{}. {}, {}", line.number, line.label, case.person.name),
        None => format!("{}. {}", line.number, line.label),
    };
    let minutes = words::count(usize::try_from(line.minutes).unwrap_or(0), "minute");
    let by = match line.presenter.as_str() {
        "" => String::new(),
        agency => format!(", presented by {agency}"),
    };
    let late = if line.late { "Late" } else { "" };
    let reason = match line.late_reason.as_str() {
        "" => String::new(),
        reason => format!("Taken late: {reason}"),
    };
    let place = Place::new(text, line.begins.clone(), action, hidden)
        .at(format!("item-{}", line.item))
        .tag(line.kind.clone(), Colour::Blue)
        .tag(late, Colour::Orange)
        .note(minutes + &by)
        .note(line.why.clone())
        .note(reason);
    line.case.iter().flat_map(|case| &case.flags).fold(place, Place::note)
}

/// What left the agenda, with a way back for what was taken off.
fn off(asker: &Asker, sheet: Sheet, view: &DraftView) -> Result<Sheet, Failure> {
    if view.off.is_empty() {
        return Ok(sheet);
    }
    let row = |off: &OffView| {
        Row::new(vec![
            Cell::text(off.label.clone()).heading(),
            Cell::tag(off.state_label.clone(), Colour::Grey),
            Cell::text(off.reason.clone()),
        ])
    };
    let columns = ["Item", "State", "Why"].map(Column::new).into();
    let table = Table::new(columns, view.off.iter().map(row).collect());
    let mut acts = Vec::new();
    for off in view.off.iter().filter(|off| off.state == ItemState::Withdrawn && is_open(view)) {
        let at = format!("{}/items/{}/back", path(view.meeting.id), off.item);
        let act = Act::post(at, Button::secondary(format!("Put {} back", off.label)));
        acts.push(act.with("version", view.version).with("operation", asker.operation()?));
    }
    let sheet = sheet.heading("What left the agenda");
    Ok(sheet.table(table.hidden_caption("What left the agenda")).acts(acts))
}

/// The incomplete actions of earlier meetings.
pub(super) fn owed(sheet: Sheet, owed: &OwedActions) -> Sheet {
    let rows = owed.actions.iter().map(|action| {
        let whose = if action.reference.is_empty() { "Panel business" } else { &action.reference };
        let due = if action.due.is_empty() { "No due date" } else { &action.due };
        let owner = Cell::text(action.agency.clone());
        let late = if action.overdue {
            Cell::tag("Overdue", Colour::Red)
        } else {
            Cell::text(action.state.clone())
        };
        Row::new(vec![
            Cell::link(format!("/actions/{}", action.id), action.text.clone())
                .heading()
                .note(whose),
            if action.owner.is_empty() { owner } else { owner.note(action.owner.clone()) },
            Cell::text(due),
            late,
        ])
    });
    let columns = ["Action", "Owner", "Due", "State"].map(Column::new).into();
    let table = Table::new(columns, rows.collect())
        .hidden_caption("Incomplete actions")
        .wide()
        .or_say("There are no incomplete actions.");
    let sheet = sheet.heading("Incomplete actions from earlier meetings").table(table);
    if owed.more {
        return sheet.links(vec![Link::new("/actions", "See all actions in the register")]);
    }
    sheet
}

/// The place of an item in the list, for coming back to it.
pub(super) fn back_to(meeting: MeetingId, done: &str) -> String {
    format!("{}?done={done}", path(meeting))
}
