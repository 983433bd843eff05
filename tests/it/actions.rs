//! What agencies owe: from setting an action to its end, between meetings and in them.

mod figures;
mod life;
mod lists;
mod proposals;
mod removal;
mod sheet;

use crate::series::rows_by;
use panel_app::actions::{self, ActionForm, ActionPage, CompleteForm, Plain, ReasonForm, Saved};
use panel_app::{AppError, Ctx};
use panel_core::id::{ActionId, AgencyId, CaseId, PersonId, UserId, mint};
use panel_store::cases::{self, NewCase};
use panel_store::people::{self, Person};
use panel_tests::world::{COORDINATOR, OUTSIDER, World, day};

/// Opens a case about somebody at the town's panel. No agency takes part in it yet.
#[track_caller]
pub(crate) fn case(world: &World, forename: &str, surname: &str) -> CaseId {
    case_at(world, world.town().panel, forename, surname)
}

#[track_caller]
pub(crate) fn case_at(
    world: &World,
    panel: panel_core::id::PanelId,
    forename: &str,
    surname: &str,
) -> CaseId {
    let now = world.app.clock.now().unwrap();
    let person: PersonId = mint(&*world.app.ids, now);
    let case: CaseId = mint(&*world.app.ids, now);
    let record = Person::named(person, forename.to_owned(), surname.to_owned());
    let new = NewCase {
        id: case,
        reference: format!(
            "{}-{}",
            forename.to_uppercase(),
            case.to_string().split_at(30).1.to_uppercase()
        ),
        panel,
        person,
        opened_on: day("2026-03-01"),
        imported: false,
    };
    let runs = if panel == world.town().elsewhere { OUTSIDER } else { COORDINATOR };
    rows_by(world, runs, |az| {
        people::insert(az, &record)?;
        cases::insert(az, &new)
    });
    case
}

#[track_caller]
pub(crate) fn user(world: &World, email: &str) -> UserId {
    world.by(email).user()
}

pub(crate) fn form(
    world: &World,
    text: &str,
    case: Option<CaseId>,
    agency: AgencyId,
) -> ActionForm {
    ActionForm {
        panel: world.town().panel,
        item: None,
        case,
        text: text.to_owned(),
        approach: None,
        agency,
        person: None,
        due: String::new(),
        // What may tell where somebody can be found is tried in clearing.rs.
        stands: true,
    }
}

/// Sets an action between meetings, for somebody or for an agency alone.
#[track_caller]
pub(crate) fn set(
    world: &World,
    text: &str,
    case: CaseId,
    agency: AgencyId,
    person: Option<&str>,
    due: &str,
) -> ActionId {
    let person = person.map(|email| user(world, email));
    let form = ActionForm { person, due: due.to_owned(), ..form(world, text, Some(case), agency) };
    actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action
}

#[track_caller]
pub(crate) fn show(world: &World, id: ActionId) -> ActionPage {
    actions::show(&world.by(COORDINATOR), id).unwrap()
}

#[track_caller]
pub(crate) fn version(world: &World, id: ActionId) -> i32 {
    show(world, id).row.line.version
}

#[track_caller]
fn plain(world: &World, id: ActionId) -> Plain {
    Plain { version: version(world, id) }
}

#[track_caller]
fn reason(world: &World, id: ActionId, reason: &str) -> ReasonForm {
    ReasonForm { version: version(world, id), reason: reason.to_owned() }
}

#[track_caller]
pub(crate) fn done(world: &World, id: ActionId, on: &str, outcome: &str) -> CompleteForm {
    CompleteForm { version: version(world, id), on: day(on), outcome: outcome.to_owned() }
}

type Act = fn(&Ctx<'_>, ActionId, &ReasonForm) -> Result<Saved, AppError>;

/// Every change that takes a reason and nothing else, with its name.
const REASONED: [(&str, Act); 5] = [
    ("report_not_possible", actions::report_not_possible),
    ("refuse_not_possible", actions::refuse_not_possible),
    ("report_not_done", actions::report_not_done),
    ("withdraw", actions::withdraw),
    ("reopen", actions::reopen),
];
