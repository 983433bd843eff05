//! The first page after signing in: what waits for the reader today.

use super::actions::{about, due_cell, path};
use super::cases;
use super::meetings::statement;
use super::my_work;
use super::passkeys::urge;
use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::facts::{Task, Tasks};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Colour, Link, Page, Sheet, dates, grouped};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::actions::{Owed, Total, Waiting};
use panel_app::cases::CaseRow;
use panel_app::today::{self, PanelToday, Today};
use panel_app::{Ctx, passkeys};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/", SignedIn => show)]
}

/// Things of one kind that the page itself lists.
const LISTED: usize = 20;

async fn show(asker: Asker, done: web::Query<my_work::Done>) -> Answer {
    let read = |ctx: &Ctx<'_>| Ok((today::today(ctx)?, passkeys::is_urged(ctx)?));
    let (found, is_urged) = asker.together(read).await?;
    let today = asker.today()?;
    let mut sheet = Sheet::new("Today").caption(dates::with_weekday(today));
    sheet = urge(sheet, is_urged);
    sheet = statement::ask(sheet, &found.statements);
    for panel in &found.panels {
        sheet = of_panel(sheet, panel, today);
    }
    if let Some(waiting) = &found.waiting {
        sheet = answers(sheet, waiting);
    }
    sheet = own(sheet, &found);
    sheet = shown(sheet, &found.shown);
    if found.to_agree > 0 {
        let words = format!("Who reads a record: {} to agree to", found.to_agree);
        sheet = sheet.links(vec![Link::new("/handling", words)]);
    }
    if asker.person().actor.administrator {
        sheet = sheet.heading("Run the service").links(vec![
            Link::new("/users", "People who use Panel"),
            Link::new("/agencies", "Agencies"),
            Link::new("/panels", "Panels"),
            Link::new("/audit", "Audit log"),
            Link::new("/glass", "Emergency access"),
            Link::new("/findings", "What stands out"),
        ]);
    } else if found.panels.is_empty() && found.mine.is_none() && found.shown.is_empty() {
        sheet = sheet.text("Nothing waits for you.");
        if asker.person().actor.takes_part() {
            sheet = sheet.links(vec![Link::new("/meetings", "Meetings")]);
        }
    }
    let page = Page::new("Today").section_start("home").banner(done.banner());
    asker.page(&page, "pages/sheet", &sheet)
}

/// The cases that are shown to whoever only observes.
fn shown(sheet: Sheet, cases: &[CaseRow]) -> Sheet {
    if cases.is_empty() {
        return sheet;
    }
    let link = |row: &CaseRow| Link::new(cases::path(row.id), cases::called(row));
    sheet.heading("Cases that are shown to you").links(cases.iter().map(link).collect())
}

/// What the reader owes, in full for those who only represent an agency.
fn own(sheet: Sheet, found: &Today) -> Sheet {
    let Some(mine) = &found.mine else { return sheet };
    if found.panels.is_empty() {
        return my_work::draw(sheet, mine, &found.requests, "today");
    }
    let overdue: usize = mine.work.iter().map(|work| work.overdue.len()).sum();
    let soon: usize = mine.work.iter().map(|work| work.before_meeting.len()).sum();
    let replies = found.requests.iter().filter(|one| one.standing.is_owed()).count();
    let tasks = vec![
        waits("Overdue actions of my agency", overdue, "/my-work", Colour::Red),
        waits("Due before the next meeting", soon, "/my-work", Colour::Blue),
        waits("Information to send", replies, "/my-work", Colour::Blue),
        waits("Transfers to answer", mine.to_answer.len(), "/my-work", Colour::Yellow),
    ];
    sheet.heading("My own work").tasks(Tasks::new("own", tasks))
}

/// One kind of thing that waits, with how much of it there is.
fn waits(text: &str, many: usize, href: impl Into<String>, colour: Colour) -> Task {
    if many == 0 {
        return Task::new(text, "None");
    }
    Task::new(text, grouped(&many.to_string())).tagged(colour).at(href)
}

fn waits_as(text: &str, total: Total, href: impl Into<String>, colour: Colour) -> Task {
    match total {
        Total::Exactly(many) => waits(text, many, href, colour),
        Total::More => Task::new(text, "More than 1,000").tagged(colour).at(href),
    }
}

fn of_panel(mut sheet: Sheet, panel: &PanelToday, today: NaiveDate) -> Sheet {
    let id = panel.panel;
    sheet = sheet.heading(panel.name.clone());
    let many = |n: i64| usize::try_from(n).unwrap_or_default();
    let mut tasks = vec![
        waits(
            "Referrals to triage",
            many(panel.referrals.received),
            format!("/referrals?panel={id}"),
            Colour::Blue,
        ),
        waits(
            "Referrals with a proposal for the chair",
            many(panel.referrals.proposed),
            format!("/referrals?panel={id}"),
            Colour::Yellow,
        ),
    ];
    if let Some(next) = &panel.next {
        let board = format!("/meetings/{}/requests", next.meeting.id);
        let owed = panel.requests_owed.saturating_sub(panel.requests_overdue);
        tasks.push(waits("Information not here yet", owed, board.clone(), Colour::Blue));
        tasks.push(waits("Information overdue", panel.requests_overdue, board, Colour::Red));
    }
    let overdue = format!("/actions?panel={id}&status=overdue");
    tasks.push(waits_as("Overdue actions", panel.overdue, overdue, Colour::Red));
    tasks.extend(panel.minutes.iter().map(|one| {
        Task::new(format!("Minutes of {}", one.when), "Wait for approval")
            .tagged(Colour::Yellow)
            .at(format!("/meetings/{}/minutes", one.meeting))
    }));
    sheet = match &panel.next {
        Some(next) => {
            let meeting = &next.meeting;
            let at = format!("/meetings/{}", meeting.id);
            let mut sheet = sheet
                .text(format!("The next meeting is at {}. {}", meeting.when, meeting.venue))
                .links(vec![
                    Link::new(at.clone(), "The meeting"),
                    Link::new(format!("{at}/agenda"), "Its agenda"),
                    Link::new(format!("{at}/requests"), "Who owes what for it"),
                ]);
            for warning in &next.warnings {
                sheet = sheet.text(warning.clone());
            }
            sheet.tasks(Tasks::new(&format!("waits-{id}"), tasks)).table(deadlines(panel, today))
        }
        None => sheet
            .text("No meeting is planned.")
            .links(vec![Link::new(format!("/panels/{id}/meetings"), "Lay out meetings")])
            .tasks(Tasks::new(&format!("waits-{id}"), tasks)),
    };
    sheet
}

fn deadlines(panel: &PanelToday, today: NaiveDate) -> Table {
    let all = panel.next.iter().flat_map(|next| &next.deadlines);
    let rows = all.map(|deadline| {
        let when = Cell::text(deadline.when.clone());
        let passed = deadline.on.is_some_and(|on| on < today);
        Row::new(vec![
            Cell::text(deadline.label.clone()).heading(),
            if passed { when.note("Passed") } else { when },
        ])
    });
    Table::new(["Step", "By"].map(Column::new).into(), rows.collect())
        .caption("Deadlines of the next meeting")
}

/// What waits for an answer of those who run a panel.
fn answers(mut sheet: Sheet, waiting: &Waiting) -> Sheet {
    let parts: [(&str, &[Owed]); 3] = [
        ("Requests for more time", &waiting.extensions),
        ("Reported as not possible, for the chair", &waiting.not_possible),
        ("Other due dates asked for, for the chair", &waiting.dates),
    ];
    if parts.iter().all(|(_, owed)| owed.is_empty()) {
        return sheet.heading("To answer").text("No action waits for an answer.");
    }
    sheet = sheet.heading("To answer");
    for (caption, owed) in parts.into_iter().filter(|(_, owed)| !owed.is_empty()) {
        let rows = owed.iter().take(LISTED).map(|one| {
            let line = &one.row.line;
            let asked = match (&one.extension, line.reason.as_str()) {
                (Some(asked), _) => {
                    format!("{}: {}", dates::short(asked.proposed), asked.reason.as_str())
                }
                (None, reason) => reason.to_owned(),
            };
            Row::new(vec![
                Cell::link(path(line.id), line.text.clone()).heading().note(about(&one.row)),
                Cell::text(line.agency_name.clone().unwrap_or_default()),
                due_cell(&one.row),
                Cell::text(asked),
            ])
        });
        let columns = ["Action", "Agency", "Due", "Asked"].map(Column::new).into();
        sheet = sheet.table(Table::new(columns, rows.collect()).caption(caption).wide());
        if owed.len() > LISTED {
            let rest = owed.len() - LISTED;
            sheet = sheet.text(format!("And {rest} more, which show when these are answered."));
        }
    }
    sheet
}
