//! One page for somebody who acts for an agency: what is owed, and what waits for an answer.

use super::actions::{Verb, about, due_cell, path, standing_cell};
use super::meetings::statement;
use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Banner, Colour, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::actions::{self, Mine, Owed, PanelWork};
use panel_app::audit::told_for;
use panel_app::information::{self, MyRequest};
use panel_app::live;
use panel_core::information::Standing;
use panel_core::words::count;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/my-work", TakesPart => show)]
}

/// What was just done, for a word of it.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Done {
    done: Option<Verb>,
}

impl Done {
    pub(super) fn banner(self) -> Option<Banner> {
        self.done.map(|verb| Banner::success(verb.words().said))
    }
}

async fn show(asker: Asker, done: web::Query<Done>) -> Answer {
    let read =
        |ctx: &Ctx<'_>| Ok((actions::mine(ctx)?, information::mine(ctx)?, live::unaccepted(ctx)?));
    let banner = done.banner();
    let drawn = move |asker: &Asker, (mine, requests, waiting): (Mine, Vec<MyRequest>, Vec<_>)| {
        let sheet = statement::ask(Sheet::new("My work"), &waiting);
        let mut sheet = draw(sheet, &mine, &requests, "my-work");
        if !told_for(&asker.person().actor).is_empty() {
            let link = Link::new("/statement", "Who read your agency’s cases this month");
            sheet = sheet.links(vec![link]);
        }
        let page = Page::new("My work").section_start("my-work").banner(banner);
        asker.drawn(&page, "pages/sheet", &sheet)
    };
    asker.answer(move |ctx| ctx.together(read), drawn).await
}

/// Adds everything that the reader and the reader's agencies owe; `from` is where an update leads
/// back to.
pub(super) fn draw(mut sheet: Sheet, mine: &Mine, requests: &[MyRequest], from: &str) -> Sheet {
    let owed: Vec<&MyRequest> = requests
        .iter()
        .filter(|one| one.standing.is_owed() || one.standing == Standing::Stale)
        .collect();
    let nothing = |work: &PanelWork| {
        work.overdue.is_empty() && work.before_meeting.is_empty() && work.later.is_empty()
    };
    if mine.to_answer.is_empty() && owed.is_empty() && mine.work.iter().all(nothing) {
        sheet = sheet.text("Nothing is owed, and nothing waits for you. Thank you.");
        return meetings(sheet, mine);
    }
    if !mine.to_answer.is_empty() {
        sheet = sheet.heading("Transfers to answer").table(transfers(&mine.to_answer, from));
    }
    if !owed.is_empty() {
        sheet = sheet.heading("Information to send").table(information(&owed));
    }
    for work in mine.work.iter().filter(|work| !nothing(work)) {
        sheet = panel(sheet, work, from);
    }
    let quiet: Vec<String> = mine
        .work
        .iter()
        .filter(|work| nothing(work))
        .map(|work| format!("{} owes {} no action.", work.agency_name, work.panel_name))
        .collect();
    quiet.into_iter().fold(sheet, Sheet::text)
}

fn meetings(sheet: Sheet, mine: &Mine) -> Sheet {
    let lines = mine.work.iter().filter_map(|work| {
        let next = work.next_meeting?;
        Some(format!("{} meets next on {}.", work.panel_name, dates::with_weekday(next)))
    });
    let mut lines: Vec<String> = lines.collect();
    lines.dedup();
    lines.into_iter().fold(sheet, Sheet::text)
}

fn panel(mut sheet: Sheet, work: &PanelWork, from: &str) -> Sheet {
    sheet = sheet.heading(format!("{} at {}", work.agency_name, work.panel_name));
    sheet = sheet.text(match work.next_meeting {
        Some(next) => format!("The next meeting is on {}.", dates::with_weekday(next)),
        None => "No next meeting is planned.".to_owned(),
    });
    for (caption, rows) in [
        ("Overdue", &work.overdue),
        ("Due before the next meeting", &work.before_meeting),
        ("Later, or without a due date", &work.later),
    ] {
        if !rows.is_empty() {
            let caption = format!("{caption}: {}", count(rows.len(), "action"));
            sheet = sheet.table(actions_table(rows, from).caption(caption));
        }
    }
    if work.more {
        let href = format!("/actions?panel={}&agency={}", work.panel, work.agency);
        sheet = sheet.links(vec![Link::new(href, "There are more: see all of them")]);
    }
    sheet
}

fn actions_table(rows: &[Owed], from: &str) -> Table {
    let drawn = rows.iter().map(|owed| {
        let line = &owed.row.line;
        let at = path(line.id);
        let mut action = Cell::link(at.clone(), &*line.text).heading().note(about(&owed.row));
        if let Some(waiting) = waiting(owed) {
            action = action.note(format!("{} – {waiting}", about(&owed.row)));
        }
        let owner = if owed.mine { "You" } else { line.owner_name().unwrap_or("Nobody is named") };
        // What waits for the chair cannot be started or extended, but it can still be done.
        Row::new(vec![
            action,
            Cell::text(owner),
            due_cell(&owed.row),
            standing_cell(&owed.row),
            Cell::link(format!("{at}/done?from={from}"), "Done").about(&*line.text),
            Cell::link(at, "Something else").about(&*line.text),
        ])
    });
    let columns = ["Action", "Person", "Due", "Status", "Update", "Or"].map(Column::new).into();
    Table::new(columns, drawn.collect()).wide().owed()
}

/// What waits beside an action.
fn waiting(owed: &Owed) -> Option<String> {
    match (&owed.extension, &owed.transfer) {
        (Some(asked), _) => Some(format!("you asked for {}", dates::short(asked.proposed))),
        (None, Some(transfer)) if transfer.is_open() => Some("a transfer is proposed".to_owned()),
        (None, Some(_)) => Some("another due date waits for the chair".to_owned()),
        (None, None) => None,
    }
}

fn transfers(rows: &[Owed], from: &str) -> Table {
    let drawn = rows.iter().map(|owed| {
        let line = &owed.row.line;
        let at = path(line.id);
        let reason = owed.transfer.as_ref().map(|one| one.reason.as_str().to_owned());
        Row::new(vec![
            Cell::link(at.clone(), &*line.text).heading().note(about(&owed.row)),
            Cell::text(line.agency_name.clone().unwrap_or_default())
                .note(reason.unwrap_or_default()),
            due_cell(&owed.row),
            Cell::link(format!("{at}/accept-transfer?from={from}"), "Accept").about(&*line.text),
            Cell::link(format!("{at}/refuse-transfer?from={from}"), "Decline").about(&*line.text),
        ])
    });
    let columns = ["Action", "From", "Due", "Yes", "No"].map(Column::new).into();
    Table::new(columns, drawn.collect()).hidden_caption("Transfers to answer").wide()
}

fn information(rows: &[&MyRequest]) -> Table {
    let row = |one: &&MyRequest| {
        let colour = match one.standing {
            Standing::Overdue => Colour::Red,
            Standing::Waiting => Colour::Blue,
            _ => Colour::Yellow,
        };
        let reply = if one.draft { "Carry on with your draft" } else { "Reply" };
        let case = format!("{} – {}", one.reference, one.person);
        Row::new(vec![
            Cell::text(case.clone()).heading().note(one.agency_name.clone()),
            Cell::text(one.due.clone()).note(format!("For the meeting of {}", one.meets)),
            Cell::tag(one.standing.words(), colour),
            Cell::link(format!("/requests/{}", one.id), reply).about(case),
        ])
    };
    let columns = ["Case", "Due", "Status", "Reply"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Information to send").wide()
}
