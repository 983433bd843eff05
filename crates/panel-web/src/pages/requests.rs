//! Information requests: the board of a meeting, what one's agency is asked, one request.

mod board;
mod form;
mod reply;
mod run;
mod show;

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Colour, Page, Sheet};
use crate::web::Asker;
use panel_app::information::{self, MyRequest};
use panel_core::id::{InfoRequestId, MeetingId};
use panel_core::information::{ReplyKind, Standing};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/information", TakesPart => mine),
        route!(GET "/meetings/{meeting}/requests", RunsPanel => board::show),
        route!(POST "/meetings/{meeting}/requests/chase", RunsPanel => board::chase),
        route!(POST "/meetings/{meeting}/requests/again", RunsPanel => board::ask_again),
        route!(GET "/meetings/{meeting}/requests/new", RunsPanel => board::new),
        route!(POST "/meetings/{meeting}/requests/new", RunsPanel => board::ask),
        route!(GET "/requests/{request}", TakesPart => show::show),
        route!(POST "/requests/{request}", TakesPart => reply::send),
        route!(POST "/requests/{request}/draft", TakesPart => reply::keep),
        route!(POST "/requests/{request}/drop", TakesPart => reply::drop_draft),
        route!(POST "/requests/{request}/nothing", TakesPart => reply::nothing),
        route!(GET "/requests/{request}/enter", RunsPanel => run::ask_enter),
        route!(POST "/requests/{request}/enter", RunsPanel => run::enter),
        route!(GET "/requests/{request}/extend", RunsPanel => run::ask_extend),
        route!(POST "/requests/{request}/extend", RunsPanel => run::extend),
        route!(POST "/requests/{request}/again", RunsPanel => run::ask_again),
        route!(POST "/requests/{request}/chase", RunsPanel => run::chase),
    ]
}

/// One request.
fn path(request: InfoRequestId) -> String {
    format!("/requests/{request}")
}

/// The board of a meeting.
fn board_of(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/requests")
}

/// Where a request stands, in as few words as a board has room for, and their colour.
fn mark(standing: Standing, kind: Option<ReplyKind>) -> (&'static str, Colour) {
    match (standing, kind) {
        (Standing::Overdue, _) => ("No reply, overdue", Colour::Red),
        (Standing::Waiting, _) => ("No reply yet", Colour::Yellow),
        (Standing::Withdrawn, _) => ("No longer asked", Colour::Grey),
        (Standing::Stale, _) => ("Case changed since", Colour::Purple),
        (_, Some(ReplyKind::NotShared)) => ("Not shared", Colour::Pink),
        (_, Some(ReplyKind::HeldInternally)) => ("Held internally", Colour::Blue),
        (_, Some(ReplyKind::NothingKnown)) => ("Nothing known", Colour::Grey),
        (Standing::RepliedLate, _) => ("Replied late", Colour::Orange),
        (Standing::Replied, _) => ("Replied in time", Colour::Green),
    }
}

/// What the agencies that one acts for are asked.
async fn mine(asker: Asker) -> Answer {
    let all = asker.ask(information::mine).await?;
    let row = |one: &MyRequest| {
        let colour = mark(one.standing, None).1;
        let standing = Cell::tag(one.words.clone(), colour);
        Row::new(vec![
            Cell::link(path(one.id), one.reference.clone()).heading().note(one.person.clone()),
            Cell::text(one.due.clone()),
            if one.draft { standing.note("There is a draft") } else { standing },
            Cell::text(one.meets.clone()),
            Cell::text(one.agency_name.clone()),
        ])
    };
    let columns = ["Case", "Reply by", "Standing", "Meeting", "Agency"].map(Column::new).into();
    let table = Table::new(columns, all.iter().map(row).collect())
        .hidden_caption("Information requests to your agency")
        .wide()
        .or_say("Your agency is not asked for information now.");
    let title = "Information requests";
    let sheet = Sheet::new(title)
        .text("What your agency is asked for meetings that are still to be held.")
        .table(table);
    asker.page(&Page::new(title).section_start("information"), "pages/sheet", &sheet)
}
