//! One action: what it is, where it stands, what waits beside it, what may be done, its history.

use super::facts::{answered, dated, day, proposal, transferred, waits};
use super::history::timeline;
use super::{Verb, about, path, standing, state};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::parts::{Inset, Warning};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Link, Page, Sheet, Tag};
use crate::web::Asker;
use actix_web::web;
use panel_app::actions::{self, ActionPage};
use panel_core::action::{Act as Deed, ActionState, Assignee, Transfer};
use panel_core::coded::Coded;
use panel_core::id::{ActionEntryId, ActionId};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Shown {
    /// What was just done.
    done: Option<Verb>,
    /// Whether it was just set.
    #[serde(default)]
    new: bool,
    /// Whether it was just chased, and how many people hear of it.
    chased: Option<usize>,
    /// Where the history goes on.
    before: Option<ActionEntryId>,
}

impl Shown {
    fn banner(self, found: &ActionPage) -> Option<Banner> {
        if let Some(done) = self.done {
            let banner = Banner::success(done.words().said);
            return Some(banner.link("/my-work", "Go to my work"));
        }
        if let Some(people) = self.chased {
            return Some(Banner::success(chased(people)));
        }
        self.new.then(|| {
            let again = match found.action.case {
                Some(case) => format!("/actions/new?case={case}"),
                None => format!("/actions/new?panel={}", found.action.panel),
            };
            Banner::success("The action was set.").link(again, "Set another action")
        })
    }
}

fn chased(people: usize) -> String {
    match people {
        0 => "Nobody was chased: this was done today already, or nobody here answers for it."
            .to_owned(),
        1 => "1 person is told.".to_owned(),
        many => format!("{many} people are told."),
    }
}

pub(super) async fn show(
    asker: Asker,
    id: web::Path<ActionId>,
    shown: web::Query<Shown>,
) -> Answer {
    let (id, shown) = (*id, *shown);
    let mut found = asker.ask(move |ctx| actions::show(ctx, id)).await?;
    if shown.before.is_some() {
        found.history = asker.ask(move |ctx| actions::history(ctx, id, shown.before)).await?;
    }
    let line = &found.row.line;
    let (words, colour) = standing(&found.row);
    let mut sheet =
        Sheet::new(line.text.clone()).caption(about(&found.row)).tag(Tag::new(words, colour));
    sheet = warnings(sheet, &found).facts(facts(&found));
    sheet = waiting(sheet, &found);
    sheet = offers(sheet, &found, &asker)?;
    sheet = past(sheet, &found);
    sheet = sheet.anchored("history", "History").timeline(timeline(&found, &found.history));
    if let Some(older) = found.history.older {
        let href = format!("{}?before={older}#history", path(id));
        sheet = sheet.links(vec![Link::new(href, "Earlier history")]);
    }
    if shown.before.is_some() {
        let href = format!("{}#history", path(id));
        sheet = sheet.links(vec![Link::new(href, "Back to the latest history")]);
    }
    let page = Page::new(line.text.clone())
        .section("actions")
        .back("/actions", "Actions")
        .banner(shown.banner(&found));
    asker.page(&page, "pages/sheet", &sheet)
}

fn warnings(mut sheet: Sheet, found: &ActionPage) -> Sheet {
    if let Some(days) = found.days_overdue {
        let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        sheet = sheet.warning(Warning { text: format!("Overdue by {days}") });
    }
    if found.action.awaits_chair() {
        let text = "Reported as not possible. It stays open until the chair accepts that, and \
                    nobody is chased for it meanwhile.";
        sheet = sheet.inset(Inset { text: text.to_owned(), id: None });
    }
    sheet
}

fn facts(found: &ActionPage) -> Facts {
    let (line, action) = (&found.row.line, &found.action);
    let at = path(action.id);
    let amends = found.offers.iter().any(|offer| offer.act == Deed::Amend);
    let changing = |fact: Fact, verb: Verb, what: &str| {
        if amends { fact.link(format!("{at}/{}", verb.slug()), "Change", what) } else { fact }
    };
    let person = match &action.owner.person {
        Some(Assignee::User(user)) => found.people.get(user).cloned().unwrap_or_default(),
        Some(Assignee::Written(name)) => name.to_string(),
        None => "Nobody is named".to_owned(),
    };
    let agency = line.agency_name.clone().unwrap_or_default();
    let mut rows = vec![
        changing(Fact::new("Action", line.text.clone()), Verb::Wording, "the wording"),
        changing(Fact::new("Agency", agency), Verb::Owner, "the owner"),
        Fact::new("Person", person),
        changing(Fact::new("Due date", due(found)), Verb::Due, "the due date"),
    ];
    if action.original_due != action.due {
        let first = action.original_due.map_or_else(|| "None".to_owned(), day);
        rows.push(Fact::new("First due date", first));
    }
    if found.judged != action.due {
        let judged = found.judged.map_or_else(|| "Not counted".to_owned(), day);
        rows.push(Fact::new("On time is judged by", judged));
    }
    rows.push(Fact::new("Status", state(found.row.status).0));
    rows.extend(ending(found));
    if let Some(approach) = line.approach {
        rows.push(Fact::new("Kind of response", approach.label()));
    }
    rows.push(Fact::new("Set on", day(line.set_on)));
    if let Some(meeting) = line.meeting {
        rows.push(Fact::new("Set in", "A meeting").leading_to(format!("/meetings/{meeting}")));
    }
    if let Some(case) = line.case {
        rows.push(Fact::new("Case", about(&found.row)).leading_to(format!("/cases/{case}")));
    }
    let reminders = format!("/notices?action={}", action.id);
    rows.push(Fact::new("Reminders", "What was sent, and why").leading_to(reminders));
    Facts::new(rows)
}

/// The due date as it reads: the day, and the words it was written with.
fn due(found: &ActionPage) -> String {
    let word = found.action.due_word.as_ref().map(|word| format!(" (“{word}”)"));
    let word = word.unwrap_or_default();
    match found.action.due {
        Some(due) => format!("{}{word}", day(due)),
        None => format!("None{word}"),
    }
}

/// How it ended, or was reported.
fn ending(found: &ActionPage) -> Vec<Fact> {
    let person = |id| found.people.get(&id).cloned().unwrap_or_default();
    match &found.action.state {
        ActionState::Open | ActionState::InProgress => Vec::new(),
        ActionState::Completed { on, outcome, .. } => {
            vec![Fact::new("Done on", day(*on)), Fact::prose("Outcome", outcome.as_str())]
        }
        ActionState::NotPossible { on, reason, .. } => vec![
            Fact::new("Reported on", day(*on)),
            Fact::prose("Why it is not possible", reason.as_str()),
        ],
        ActionState::NotDone { on, reason } => vec![
            Fact::new("Reported on", day(*on)),
            Fact::prose("Why it was not done", reason.as_str()),
        ],
        ActionState::Withdrawn { on, by, reason } => vec![
            Fact::new("Withdrawn", format!("{} by {}", day(*on), person(*by))),
            Fact::prose("Why it was withdrawn", reason.as_str()),
        ],
    }
}

/// What waits for an answer beside the status.
fn waiting(mut sheet: Sheet, found: &ActionPage) -> Sheet {
    let inset = |text: String| Inset { text, id: None };
    for one in found.extensions.iter().filter(|one| one.is_open()) {
        sheet = sheet.inset(inset(format!("More time is asked for. {}", waits(found, one))));
    }
    for one in found.transfers.iter().filter(|one| one.is_open()) {
        sheet = sheet.inset(inset(format!("A transfer waits. {}", proposal(found, one))));
    }
    for words in found.transfers.iter().filter_map(dated) {
        sheet = sheet.inset(inset(words));
    }
    sheet
}

/// The buttons: what the reader may do now, the usual first.
fn offers(mut sheet: Sheet, found: &ActionPage, asker: &Asker) -> Result<Sheet, Failure> {
    let buttons = Buttons { found };
    for (heading, acts) in buttons.answers() {
        if !acts.is_empty() {
            sheet = sheet.heading(heading).acts(acts);
        }
    }
    let updates = buttons.updates(asker)?;
    if !updates.is_empty() {
        sheet = sheet.heading(update_heading(found)).acts(updates);
    }
    let record = buttons.record(asker)?;
    if !record.is_empty() {
        sheet = sheet.heading("Keep the record").acts(record);
    }
    Ok(sheet)
}

/// What the reader may do, as buttons.
struct Buttons<'a> {
    found: &'a ActionPage,
}

impl Buttons<'_> {
    fn id(&self) -> ActionId {
        self.found.action.id
    }

    fn may(&self, verb: Verb) -> bool {
        self.found.offers.iter().any(|offer| offer.act == verb.act())
    }

    /// The button of an act, if it may be done now.
    fn main(&self, verb: Verb, words: &str) -> Option<Act> {
        let at = format!("{}/{}", path(self.id()), verb.slug());
        self.may(verb).then(|| Act::link(at, words))
    }

    fn quiet(&self, verb: Verb, words: &str) -> Option<Act> {
        self.main(verb, words).map(Act::quiet)
    }

    /// What waits for an answer of the reader.
    fn answers(&self) -> [(&'static str, Vec<Act>); 4] {
        let pair = |yes: Option<Act>, no: Option<Act>| yes.into_iter().chain(no).collect();
        [
            (
                "Answer the request for more time",
                pair(
                    self.main(Verb::AgreeExtension, "Agree to more time"),
                    self.quiet(Verb::RefuseExtension, "Refuse more time"),
                ),
            ),
            (
                "Answer that it is not possible",
                pair(
                    self.main(Verb::AcceptNotPossible, "Accept as not possible"),
                    self.quiet(Verb::RefuseNotPossible, "Do not accept"),
                ),
            ),
            (
                "Answer the transfer",
                pair(
                    self.main(Verb::AcceptTransfer, "Accept the transfer"),
                    self.quiet(Verb::RefuseTransfer, "Decline the transfer"),
                ),
            ),
            (
                "Answer the other due date",
                pair(
                    self.main(Verb::AgreeDate, "Agree to the date"),
                    self.quiet(Verb::KeepDate, "Keep the due date"),
                ),
            ),
        ]
    }

    /// What the agency says of the action.
    fn updates(&self, asker: &Asker) -> Result<Vec<Act>, Failure> {
        let start = Act::post(
            format!("{}/{}", path(self.id()), Verb::Start.slug()),
            Button::secondary("Mark as started"),
        )
        .with("version", self.found.row.line.version)
        .with("operation", asker.operation()?);
        let waits = self.found.transfers.iter().any(Transfer::is_open);
        let transfer = if waits {
            self.quiet(Verb::TakeBackTransfer, "Take the transfer back")
        } else {
            self.quiet(Verb::Transfer, "Propose a transfer")
        };
        let all = [
            self.main(Verb::Done, "Mark as done"),
            self.may(Verb::Start).then_some(start),
            self.quiet(Verb::Extend, "Ask for more time"),
            self.quiet(Verb::NotPossible, "Not possible"),
            self.quiet(Verb::NotDone, "Not done"),
            self.quiet(Verb::Note, "Add a note"),
            transfer,
        ];
        Ok(all.into_iter().flatten().collect())
    }

    /// What those who run the panel do with the record.
    fn record(&self, asker: &Asker) -> Result<Vec<Act>, Failure> {
        let action = &self.found.action;
        let runs = asker.person().actor.runs(action.panel);
        let chases = runs && !action.is_finished() && !action.awaits_chair();
        let chase = Act::post(format!("{}/chase", path(action.id)), Button::secondary("Chase now"))
            .with("operation", asker.operation()?);
        let all = [
            chases.then_some(chase),
            self.quiet(Verb::Reopen, "Open again"),
            self.quiet(Verb::Withdraw, "Withdraw"),
            self.quiet(Verb::Delete, "Delete"),
        ];
        Ok(all.into_iter().flatten().collect())
    }
}

/// Over the buttons of the agency's own word; whoever enters it for the agency reads that there.
fn update_heading(found: &ActionPage) -> String {
    let behalf = found.offers.iter().any(|offer| offer.on_behalf && offer.act == Deed::Report);
    let agency = found.row.line.agency_name.as_deref().unwrap_or_default();
    if behalf { format!("Update on behalf of {agency}") } else { "Update".to_owned() }
}

/// Requests and proposals that were answered.
fn past(sheet: Sheet, found: &ActionPage) -> Sheet {
    let asked = |words: &'static str, asked: String, answer: String| {
        Row::new(vec![Cell::text(words).heading(), Cell::text(asked), Cell::text(answer)])
    };
    let extensions = found.extensions.iter().filter(|one| !one.is_open());
    let transfers = found.transfers.iter().filter(|one| !one.is_open());
    let rows: Vec<Row<'_>> = extensions
        .map(|one| asked("More time", waits(found, one), answered(found, one)))
        .chain(
            transfers.map(|one| asked("Transfer", proposal(found, one), transferred(found, one))),
        )
        .collect();
    if rows.is_empty() {
        return sheet;
    }
    let columns = ["What", "Asked", "Answer"].map(Column::new).into();
    sheet.table(Table::new(columns, rows).caption("Answered requests").wide())
}

/// Asks the owner for an update, with a message that leaves now.
pub(super) async fn chase(asker: Asker, id: web::Path<ActionId>, posted: Posted) -> Answer {
    let id = *id;
    let done = asker.submit(posted.operation, move |ctx| actions::chase(ctx, id, true)).await?;
    see(format!("{}?chased={}", path(id), done.people))
}
