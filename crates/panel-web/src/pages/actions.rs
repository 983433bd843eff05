//! Actions: the register, one action, and what can be done to one or to many.

mod acts;
mod bulk;
mod change;
mod facts;
mod file;
mod history;
mod new;
mod register;
mod show;
mod verb;

use crate::form::{Choice, Values};
use crate::routes::{Route, route};
use crate::view::table::Cell;
use crate::view::{Colour, dates};
use panel_app::actions::{Choices, Row};
use panel_core::action::StatusFilter;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, PanelId};

pub(crate) use new::with_the_rest;
pub(crate) use verb::{STANDS, Verb, asks_whether_it_stands};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/actions", TakesPart => register::show),
        route!(GET "/actions/new", RunsPanel => new::ask),
        route!(POST "/actions/new", RunsPanel => new::set),
        route!(POST "/actions/bulk", TakesPart => bulk::choose),
        route!(POST "/actions/bulk/confirm", TakesPart => bulk::confirm),
        route!(GET "/actions/export", TakesPart => file::export),
        route!(GET "/actions/import", TakesPart => file::ask),
        route!(POST "/actions/import", TakesPart => file::upload),
        route!(POST "/actions/import/confirm", TakesPart => file::confirm),
        route!(GET "/actions/{action}", TakesPart => show::show),
        route!(POST "/actions/{action}/chase", RunsPanel => show::chase),
        route!(GET "/actions/{action}/{act}", TakesPart => acts::ask),
        route!(POST "/actions/{action}/{act}", TakesPart => acts::take),
    ]
}

/// One action.
pub(crate) fn path(action: ActionId) -> String {
    format!("/actions/{action}")
}

/// Where an action stands, in words and a colour. Overdue comes first, because it is what matters.
pub(crate) fn standing(row: &Row) -> (&'static str, Colour) {
    if row.overdue { ("Overdue", Colour::Red) } else { state(row.status) }
}

/// A state in words and a colour.
pub(crate) fn state(status: StatusFilter) -> (&'static str, Colour) {
    let colour = match status {
        StatusFilter::Open | StatusFilter::Unfinished => Colour::Blue,
        StatusFilter::InProgress => Colour::Turquoise,
        StatusFilter::AwaitsChair => Colour::Yellow,
        StatusFilter::Completed => Colour::Green,
        StatusFilter::NotDone => Colour::Orange,
        StatusFilter::Overdue => Colour::Red,
        StatusFilter::Finished | StatusFilter::NotPossible | StatusFilter::Withdrawn => {
            Colour::Grey
        }
    };
    let words = match status {
        StatusFilter::AwaitsChair => "Not possible, to be accepted",
        other => other.label(),
    };
    (words, colour)
}

/// The cell of where an action stands; what is overdue says beside it what else it is.
pub(crate) fn standing_cell(row: &Row) -> Cell<'_> {
    let (words, colour) = standing(row);
    let cell = Cell::tag(words, colour);
    if row.overdue { cell.note(state(row.status).0) } else { cell }
}

/// The cell of a due date, with what it was at first where that differs.
pub(crate) fn due_cell(row: &Row) -> Cell<'_> {
    let line = &row.line;
    let cell = match line.due {
        Some(due) => Cell::date(due),
        None => Cell::text("No due date"),
    };
    match line.original_due {
        Some(first) if line.due != Some(first) => {
            cell.note(format!("First due {}", dates::short(first)))
        }
        _ if line.due_word.is_empty() => cell,
        _ => cell.note(format!("“{}”", line.due_word)),
    }
}

/// What an action is about: the case's reference and person, or the panel's own business.
pub(crate) fn about(row: &Row) -> String {
    let line = &row.line;
    match &line.reference {
        Some(reference) => {
            let name = [line.forename.as_deref(), line.surname.as_deref()];
            let person = name.map(Option::unwrap_or_default).join(" ");
            format!("{reference} – {}", person.trim())
        }
        None => "The panel’s own business".to_owned(),
    }
}

/// The agencies that a form offers, each once.
fn agency_choices(choices: &Choices) -> Vec<Choice> {
    let mut all: Vec<_> =
        choices.agencies.iter().map(|choice| (&choice.name, choice.agency)).collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|(name, agency)| Choice::new(agency, name.as_str())).collect()
}

/// The people that a form offers, each once, with their agency.
fn people_choices(choices: &Choices) -> Vec<Choice> {
    let agency_of = |person: &panel_app::actions::PersonChoice| {
        let found = choices.agencies.iter().find(|choice| choice.agency == person.agency);
        found.map_or("", |choice| choice.name.as_str())
    };
    let mut all: Vec<_> = choices
        .people
        .iter()
        .map(|person| (format!("{} ({})", person.name, agency_of(person)), person.user))
        .collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|(words, user)| Choice::new(user, words)).collect()
}

/// The panels that a form offers.
fn panel_choices(choices: &Choices) -> Vec<Choice> {
    let all = choices.panels.iter();
    all.map(|choice| Choice::new(choice.panel, choice.name.as_str())).collect()
}

/// The name of a panel among the choices.
fn panel_name(choices: &Choices, panel: PanelId) -> String {
    let found = choices.panels.iter().find(|choice| choice.panel == panel);
    found.map(|choice| choice.name.clone()).unwrap_or_default()
}

/// The address of the register with these values.
fn register_with(values: &Values) -> String {
    let query = values.to_urlencoded();
    if query.is_empty() { "/actions".to_owned() } else { format!("/actions?{query}") }
}
