//! The agenda as it was issued, for whoever takes part in the panel.

use super::draft::{listed, owed};
use super::path;
use crate::errors::Failure;
use crate::view::facts::{Fact, Facts};
use crate::view::order::Order;
use crate::view::{Act, Colour, Drawn, Page, Sheet, Tag};
use crate::web::Asker;
use panel_app::agenda::{AgendaView, LineView, SectionView};

/// Draws the latest issue, cut to what this reader may know of.
pub(super) fn page(asker: &Asker, view: &AgendaView) -> Result<Drawn, Failure> {
    let title = format!("Agenda for {}", view.meeting.when);
    let id = view.meeting.id;
    let back = format!("/meetings/{id}");
    let page = Page::new(title.clone()).section("meetings").back(back, "Meeting");
    let mut sheet = Sheet::new(title).caption(view.panel_name.clone());
    let Some(issue) = &view.issue else {
        sheet = sheet.text("This agenda has not been issued yet. You are told when it is.");
        return asker.drawn(&page, "pages/sheet", &sheet);
    };
    sheet = sheet
        .tag(Tag::new(format!("Issue {}", issue.number), Colour::Purple))
        .facts(facts(view, &issue.when))
        .acts(vec![Act::link(format!("{}/print", path(id)), "Print").quiet()]);
    if !view.changes.is_empty() {
        let before = issue.number - 1;
        sheet =
            sheet.heading(format!("What changed since issue {before}")).list(view.changes.clone());
    }
    for section in &view.sections {
        sheet = sheet.heading(format!("{}, {}", section.heading, section.begins));
        sheet = sheet.order(lines(section));
    }
    asker.drawn(&page, "pages/sheet", &owed(sheet, &view.actions))
}

fn facts(view: &AgendaView, issued: &str) -> Facts {
    let mut rows =
        vec![Fact::new("Meeting", format!("{} to {}", view.meeting.when, view.meeting.until))];
    if !view.meeting.venue.is_empty() {
        rows.push(Fact::new("Venue", view.meeting.venue.clone()));
    }
    rows.push(Fact::new("Issued", issued));
    if !view.ends.is_empty() {
        rows.push(Fact::new("Ends", view.ends.clone()));
    }
    Facts::new(rows)
}

fn lines(section: &SectionView) -> Order {
    let line = |line: &LineView| {
        let place = listed(line, String::new(), Vec::new());
        let Some(case) = &line.case else { return place };
        let born = match case.person.born.as_str() {
            "" => case.person.age.clone(),
            born => format!("Born {born}, {} on the day", case.person.age),
        };
        place.leading_to(format!("/cases/{}", case.id)).note(born)
    };
    Order::fixed(section.lines.iter().map(line).collect())
}
