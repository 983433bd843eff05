//! The board: who owes what for a meeting, and what the coordinator does about it.

use super::{board_of, mark, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::id;
use crate::form::{Choice, Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Body, Button, Link, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use panel_app::information::{self, AskForm, Board, BoardCase, BoardCell, Chased};
use panel_app::panels;
use panel_core::id::{AgencyId, CaseId, MeetingId};
use panel_core::words::count;

async fn load(asker: &Asker, id: MeetingId) -> Result<Board, Failure> {
    asker.ask(move |ctx| information::board(ctx, id)).await
}

fn page(title: &str, meeting: MeetingId) -> Page {
    Page::new(title).section("meetings").back(board_of(meeting), "Information requests")
}

pub(super) async fn show(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let board = load(&asker, *id).await?;
    let title = "Information requests";
    let mut sheet = Sheet::new(title).caption(format!("Meeting at {}", board.meeting.when));
    if board.cases.is_empty() {
        sheet =
            sheet.text("No agency was asked yet. Agencies are asked when the agenda is issued.");
    } else {
        sheet = sheet.facts(facts(&board)).acts(acts(&asker, &board)?);
        sheet = sheet.heading("Who replied about whom").table(matrix(&board));
        sheet = sheet.heading("What each agency owes").table(agencies(&board));
        sheet = refusals(sheet, &board);
    }
    let back = format!("/meetings/{}", *id);
    let page = Page::new(title).section("meetings").back(back, "Meeting");
    asker.page(&page, "pages/sheet", &sheet)
}

fn facts(board: &Board) -> Facts {
    let owed = match (board.owed, board.overdue) {
        (0, _) => "Every agency has replied".to_owned(),
        (owed, 0) => replies(owed),
        (owed, late) => format!("{}, {late} of them overdue", replies(owed)),
    };
    let mut rows = vec![Fact::new("Owed", owed)];
    if let Some(due) = common_due(board) {
        rows.push(Fact::new("Reply by", due));
    }
    if board.stale > 0 {
        let words = format!("{} to the case before it changed", replies(board.stale));
        rows.push(Fact::new("Out of date", words));
    }
    Facts::new(rows)
}

/// By when replies that are owed are due, when it is the same for all.
fn common_due(board: &Board) -> Option<String> {
    let cells = board.cases.iter().flat_map(|case| &case.cells);
    let mut dues = cells.filter(|cell| cell.standing.is_owed()).map(|cell| &cell.due);
    let first = dues.next()?;
    dues.all(|due| due == first).then(|| first.clone())
}

fn replies(n: usize) -> String {
    if n == 1 { "1 reply".to_owned() } else { format!("{n} replies") }
}

fn acts(asker: &Asker, board: &Board) -> Result<Vec<Act>, Failure> {
    let at = board_of(board.meeting.id);
    let mut acts = Vec::new();
    if board.owed > 0 {
        for button in [
            Button::new("Chase all with the next digest").doing(DIGEST),
            Button::secondary("Chase all at once").doing(NOW),
        ] {
            let act = Act::post(format!("{at}/chase"), button);
            acts.push(act.with("operation", asker.operation()?));
        }
    }
    if board.stale > 0 {
        let words = format!("Ask again where the case changed ({})", board.stale);
        let act = Act::post(format!("{at}/again"), Button::secondary(words));
        acts.push(act.with("operation", asker.operation()?));
    }
    acts.push(Act::link(format!("{at}/new"), "Ask another agency").quiet());
    Ok(acts)
}

/// Each case in a row, each agency in a column.
fn matrix(board: &Board) -> Table {
    let names = board.agencies.iter().map(|agency| Column::new(agency.name.clone()));
    let columns = [Column::new("Case")].into_iter().chain(names).collect();
    let each_due = common_due(board).is_none();
    let rows = board.cases.iter().map(|case| {
        let name = Cell::link(format!("/cases/{}", case.case), case.reference.clone());
        let note = format!("{}. {}", case.person, case.words);
        let mut cells = vec![name.heading().note(note)];
        for agency in &board.agencies {
            let found = case.cells.iter().find(|cell| cell.agency == agency.agency);
            cells.push(
                found.map_or_else(|| Cell::text("Not asked"), |found| cell(case, found, each_due)),
            );
        }
        Row::new(cells)
    });
    Table::new(columns, rows.collect()).hidden_caption("Who replied about whom").wide().small()
}

fn cell<'a>(case: &'a BoardCase, found: &BoardCell, with_due: bool) -> Cell<'a> {
    let (words, colour) = mark(found.standing, found.kind);
    let about = format!("({} about {})", found.agency_name, case.reference);
    let cell = Cell::tag_link(path(found.request), words, colour).about(about);
    let mut notes = Vec::new();
    if with_due && found.standing.is_owed() {
        notes.push(format!("due {}", found.due));
    } else if found.standing == panel_core::information::Standing::RepliedLate {
        notes.push("late".to_owned());
    }
    if found.on_behalf {
        notes.push("entered for the agency".to_owned());
    }
    if found.carried {
        notes.push("from an earlier meeting".to_owned());
    }
    if !found.extension_reason.is_empty() {
        notes.push("extended".to_owned());
    }
    if notes.is_empty() { cell } else { cell.note(notes.join(", ")) }
}

fn agencies(board: &Board) -> Table {
    let row = |agency: &information::BoardAgency| {
        Row::new(vec![
            Cell::text(agency.name.clone()).heading(),
            Cell::number(agency.owed),
            Cell::number(agency.overdue),
            Cell::number(agency.stale),
        ])
    };
    let columns = vec![
        Column::new("Agency"),
        Column::numeric("Replies owed"),
        Column::numeric("Overdue"),
        Column::numeric("Case changed since"),
    ];
    Table::new(columns, board.agencies.iter().map(row).collect())
        .hidden_caption("What each agency owes")
}

fn refusals(sheet: Sheet, board: &Board) -> Sheet {
    let all = board.cases.iter().flat_map(|case| case.cells.iter().map(move |cell| (case, cell)));
    let declined = all.filter(|(_, cell)| !cell.reason.is_empty());
    let row = |(case, cell): (&BoardCase, &BoardCell)| {
        let about = format!("about {}", case.reference);
        Row::new(vec![
            Cell::link(path(cell.request), cell.agency_name.clone()).about(about).heading(),
            Cell::text(case.reference.clone()),
            Cell::text(cell.reason.clone()),
        ])
    };
    let rows: Vec<Row<'_>> = declined.map(row).collect();
    if rows.is_empty() {
        return sheet;
    }
    let columns = ["Agency", "Case", "Reason"].map(Column::new).into();
    let table = Table::new(columns, rows).hidden_caption("Not shared, with the reason");
    sheet.heading("Not shared, with the reason").table(table)
}

const DIGEST: &str = "digest";
const NOW: &str = "now";

static NOTHING: Form = Form::of(&[]);

pub(super) async fn chase(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let reader = NOTHING.read(&posted.values, asker.today()?);
    let at_once = reader.pressed() == NOW;
    if let Err(refused) = reader.finish(|| Some(())) {
        return Err(refused.once_found(load(&asker, id)).await);
    }
    let work = move |ctx: &panel_app::Ctx<'_>| information::chase_all(ctx, id, at_once);
    let chased = asker.submit(posted.operation, work).await?;
    let back = Link::new(board_of(id), "Go back to the information requests");
    told(&asker, chased, page("Chased", id), back)
}

/// Says what chasing came to.
pub(super) fn told(asker: &Asker, chased: Chased, page: Page, back: Link) -> Answer {
    let mut body = Body::titled(if chased.items > 0 { "Chased" } else { "Nobody was chased" });
    if chased.items > 0 {
        let people = if chased.people == 1 { "person is" } else { "people are" };
        let items = count(chased.items, "request");
        body = body.text(format!("{} {people} asked for {items}.", chased.people));
        let later = chased.people.saturating_sub(chased.at_once);
        if chased.at_once > 0 {
            body = body.text(format!("A message leaves now for {} of them.", chased.at_once));
        }
        if later > 0 {
            body = body.text(format!("The next digest tells {later} of them."));
        }
    }
    if chased.left_out > 0 {
        let items = count(chased.left_out, "request");
        body = body.text(format!("{items} left out: chased today already, or waiting for others."));
    }
    if chased.unheard > 0 {
        let items = count(chased.unheard, "request");
        body = body.warning(format!("Nobody here answers for {items}. Give the agency a seat."));
    }
    Ok(body.links(vec![back]).answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn ask_again(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let work = move |ctx: &panel_app::Ctx<'_>| information::ask_again_stale(ctx, id);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(board_of(id)),
        Err(Failure::Rule { sentence, .. }) => {
            let body = Body::titled("Nobody was asked again").warning(sentence);
            let page = page("Nobody was asked again", id).refused(true);
            Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
        }
        Err(failure) => Err(failure),
    }
}

static CASE: Field<'_, CaseId> = id("case", "Case");
static AGENCY: Field<'_, AgencyId> = id("agency", "Agency");
static ASK: Form = Form::of(&[&CASE, &AGENCY]);

pub(super) async fn new(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_ask(&asker, *id, None).await
}

async fn draw_ask(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let board = load(asker, id).await?;
    let panel = board.meeting.panel;
    let members = asker.ask(move |ctx| panels::show(ctx, panel)).await?.agencies;
    let cases = board.cases.iter();
    let cases = cases.map(|c| Choice::new(c.case, format!("{}, {}", c.reference, c.person)));
    let members = members.iter().map(|m| Choice::new(m.agency, m.name.clone())).collect();
    let heading = "Ask another agency";
    let form = FormView::new(&ASK, format!("{}/new", board_of(id)))
        .choices(&CASE, cases.collect())
        .choices(&AGENCY, members)
        .operation(asker.operation()?)
        .button(Button::new("Ask the agency"))
        .cancel(board_of(id))
        .refused(refused);
    let view = FormPage::new(heading, form)
        .caption(board.meeting.when)
        .intro("The agency takes part in the case from then on and is told what is asked.");
    asker.form(page(heading, id), view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = ASK.read(&posted.values, asker.today()?);
    let (case, agency) = (reader.get(&CASE), reader.get(&AGENCY));
    let form = match reader.finish(|| Some(AskForm { case: case?, agency: agency? })) {
        Ok(form) => form,
        Err(refused) => return draw_ask(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| information::ask(ctx, id, &form)).await {
        Ok(_) => see(board_of(id)),
        Err(failure) => draw_ask(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
