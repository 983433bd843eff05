//! Setting an action: in a meeting, from the keyboard in seconds, or between meetings.

use super::change::deed;
use super::forms::wrong;
use super::notices::after_change;
use super::{Saved, due, step};
use crate::clearing::must_tell_nobody;
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use chrono::NaiveDate;
use panel_core::action::{
    Act, Action, ActionError, Advice, Approach, Assignee, By, Capacity, NewAction, Owner, advise,
};
use panel_core::case::CaseStatus;
use panel_core::id::{AgencyId, AgendaItemId, CaseId, MeetingId, PanelId, UserId};
use panel_core::meeting::MeetingState;
use panel_core::text::Title;
use panel_store::actions::{self, Born, NewEntry};
use panel_store::{Authz, agenda, cases, meetings, panels, users};
use serde::{Deserialize, Serialize};

/// What the form of an action holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActionForm {
    /// The panel that sets it.
    pub panel: PanelId,
    /// The agenda item under which it is set, while its meeting is in progress. Its case is the
    /// action's.
    #[serde(default)]
    pub item: Option<AgendaItemId>,
    /// The case, between meetings; none for the panel's own business.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// The wording.
    pub text: String,
    /// The kind of response.
    #[serde(default)]
    pub approach: Option<Approach>,
    /// The agency that owes it.
    pub agency: AgencyId,
    /// The person, if one is named.
    #[serde(default)]
    pub person: Option<UserId>,
    /// A date, or words such as `next panel`; empty for none.
    #[serde(default)]
    pub due: String,
    /// Whether what in the wording looks like an address, a number or a school may stand: it tells nobody
    /// where somebody who is harmed can be found.
    #[serde(default)]
    pub stands: bool,
}

/// An action that was set, with what a good one would have and this one lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetAction {
    /// The action.
    pub saved: Saved,
    /// The date it is due.
    pub due: Option<NaiveDate>,
    /// Advice; it warns and blocks nothing.
    pub advice: Vec<Advice>,
}

/// What an action would be set with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The date it would be due.
    pub due: Option<NaiveDate>,
    /// Advice; it warns and blocks nothing.
    pub advice: Vec<Advice>,
}

/// Where a new action would be set, for the head of its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewPlace {
    /// The panel.
    pub panel: PanelId,
    /// Its name.
    pub panel_name: String,
    /// The case, unless it is the panel's own business.
    pub case: Option<CaseId>,
    /// The case's reference and person; empty without one.
    pub about: String,
    /// The day of the meeting in which it is set, if it is set in one.
    pub meeting: Option<NaiveDate>,
}

/// Where an action would be set: under an agenda item, in a case, or at a panel.
///
/// # Errors
/// [`AppError::NotFound`] when nothing of these is there, or the caller does not run its panel.
pub fn new_place(
    ctx: &Ctx<'_>,
    panel: Option<PanelId>,
    case: Option<CaseId>,
    item: Option<AgendaItemId>,
) -> Result<NewPlace, AppError> {
    ctx.read(|az| {
        let (mut panel, mut case, mut meeting) = (panel, case, None);
        if let Some(item) = item {
            let found = agenda::find(az, item)?.ok_or(AppError::NotFound)?.item;
            let held = meetings::find(az, found.meeting)?.ok_or(AppError::NotFound)?;
            (panel, case, meeting) = (Some(held.panel), found.case, Some(held.on));
        }
        let mut about = String::new();
        if let Some(case) = case {
            let found = cases::find(az, case)?.ok_or(AppError::NotFound)?;
            about = format!("{} – {} {}", found.reference, found.forename, found.surname);
            panel = Some(found.panel);
        }
        let panel = panel.ok_or(AppError::NotFound)?;
        ctx.must_run(panel)?;
        let found = panels::find(az, panel)?.ok_or(AppError::NotFound)?;
        Ok(NewPlace { panel, panel_name: found.value.name.into(), case, about, meeting })
    })
}

/// Where an action is born.
struct Place {
    case: Option<CaseId>,
    meeting: Option<MeetingId>,
    set_on: NaiveDate,
}

/// Sets an action. Its agency takes part in the case from now on.
///
/// # Errors
/// [`AppError::NotFound`] when the caller does not run the panel or the case or item is not there,
/// [`AppError::Rule`] when the item's meeting is not in progress, [`AppError::Invalid`] for what was
/// typed.
pub fn set(ctx: &Ctx<'_>, form: &ActionForm) -> Result<SetAction, AppError> {
    ctx.must_run(form.panel)?;
    ctx.write(|az| {
        let place = place(ctx, az, form)?;
        let (text, owner, due) = read(ctx, az, form, &place)?;
        must_tell_nobody(ctx, az, place.case, (text.as_str(), form.stands))?;
        let advice = advise(&text, &owner, due.0);
        let new = NewAction {
            id: ctx.mint(),
            panel: form.panel,
            case: place.case,
            born_in: place.meeting,
            text,
            approach: form.approach,
            owner,
            set_on: place.set_on,
            due: due.0,
            due_word: due.1,
        };
        let saved = born(ctx, az, new, form.item)?;
        Ok(SetAction { saved, due: due.0, advice })
    })
}

/// Works out what [`set`] would, and saves nothing.
///
/// # Errors
/// As [`set`].
pub fn check(ctx: &Ctx<'_>, form: &ActionForm) -> Result<Checked, AppError> {
    ctx.must_run(form.panel)?;
    ctx.read(|az| {
        let place = place(ctx, az, form)?;
        let (text, owner, due) = read(ctx, az, form, &place)?;
        must_tell_nobody(ctx, az, place.case, (text.as_str(), form.stands))?;
        Ok(Checked { due: due.0, advice: advise(&text, &owner, due.0) })
    })
}

/// The part of a new action that needs the panel to be judged, as far as it could be read.
#[derive(Debug, Clone, Default)]
pub struct Half {
    /// The agency that would own it.
    pub agency: Option<AgencyId>,
    /// Somebody there.
    pub person: Option<UserId>,
    /// The due date as it was typed.
    pub due: String,
}

/// What is wrong with the rest of a form of which something could not be read, so that everything is
/// said at once.
///
/// # Errors
/// [`AppError::NotFound`] when the caller does not run the panel, or the item is not there.
pub fn faults(
    ctx: &Ctx<'_>,
    panel: PanelId,
    item: Option<AgendaItemId>,
    half: &Half,
) -> Result<Vec<FieldError>, AppError> {
    ctx.must_run(panel)?;
    ctx.read(|az| {
        let mut set_on = ctx.today;
        if let Some(item) = item {
            let item = agenda::find(az, item)?.ok_or(AppError::NotFound)?.item;
            let meeting = meetings::find(az, item.meeting)?.ok_or(AppError::NotFound)?;
            set_on = meeting.on.min(ctx.today);
        }
        let mut errors = Vec::new();
        if let Some(agency) = half.agency {
            errors.extend(owner(ctx, az, panel, agency, half.person)?.err());
        }
        errors.extend(due_of(ctx, az, (panel, set_on), &half.due)?.err());
        Ok(errors)
    })
}

/// Reads the due date of an action set on `set_on`. The inner error is the field's.
fn due_of(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    (panel, set_on): (PanelId, NaiveDate),
    raw: &str,
) -> Result<Result<due::Due, FieldError>, AppError> {
    let read = due::read(ctx, az, panel, set_on, raw)?;
    let Ok((Some(due), _)) = &read else { return Ok(read) };
    if *due >= set_on {
        return Ok(read);
    }
    match step::refusal(ActionError::DueBeforeSet { due: *due, set_on }, "due") {
        AppError::Invalid(mut errors) => Ok(errors.pop().map_or(read, Err)),
        other => Err(other),
    }
}

fn place(ctx: &Ctx<'_>, az: &mut Authz<'_>, form: &ActionForm) -> Result<Place, AppError> {
    let place = match form.item {
        None => Place { case: form.case, meeting: None, set_on: ctx.today },
        Some(item) => {
            let item = agenda::find(az, item)?.ok_or(AppError::NotFound)?.item;
            let meeting = meetings::find(az, item.meeting)?.ok_or(AppError::NotFound)?;
            if meeting.panel != form.panel {
                return Err(AppError::NotFound);
            }
            if meeting.state != MeetingState::InProgress {
                let message = "The meeting is not in progress. Set the action between meetings, \
                               or open the meeting again";
                return Err(AppError::rule("not_in_progress", message));
            }
            Place { case: item.case, meeting: Some(meeting.id), set_on: meeting.on.min(ctx.today) }
        }
    };
    if let Some(case) = place.case {
        let case = cases::find(az, case)?.ok_or(AppError::NotFound)?;
        if case.panel != form.panel {
            return Err(AppError::NotFound);
        }
        if case.state == CaseStatus::Closed {
            return Err(AppError::rule("case_closed", "The case is closed"));
        }
    }
    Ok(place)
}

/// Reads the fields, and lists every one that cannot be taken.
fn read(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    form: &ActionForm,
    place: &Place,
) -> Result<(Title, Owner, due::Due), AppError> {
    let mut errors = Vec::new();
    let text = Title::parse(&form.text).map_err(|e| text_error("text", "Action", &e));
    let owner = owner(ctx, az, form.panel, form.agency, form.person)?;
    let due = due_of(ctx, az, (form.panel, place.set_on), &form.due)?;
    let text = text.map_err(|error| errors.push(error)).ok();
    let owner = owner.map_err(|error| errors.push(error)).ok();
    let due = due.map_err(|error| errors.push(error)).ok();
    match (text, owner, due) {
        (Some(text), Some(owner), Some(due)) => Ok((text, owner, due)),
        _ => Err(AppError::Invalid(errors)),
    }
}

/// An owner at this panel: an agency that belongs to it, and somebody who sits there for that
/// agency. The inner error is the field's.
pub(super) fn owner(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    agency: AgencyId,
    person: Option<UserId>,
) -> Result<Result<Owner, FieldError>, AppError> {
    if !panels::agencies_of(az, panel)?.iter().any(|member| member.agency == agency) {
        let message = "Select an agency that belongs to this panel";
        return Ok(Err(wrong("agency", "not_of_panel", message)));
    }
    if let Some(person) = person {
        let seats = users::seats(az, Some(panel), Some(person))?;
        let sits = |seat: &users::SeatRow| {
            seat.agency == agency
                && seat.from <= ctx.today
                && seat.until.is_none_or(|last| ctx.today <= last)
        };
        if !seats.iter().any(sits) {
            let message = "Select somebody who sits at this panel for that agency";
            return Ok(Err(wrong("person", "not_at_agency", message)));
        }
    }
    Ok(Ok(Owner { agency, person: person.map(Assignee::User) }))
}

/// Writes a new action down, lets its agency into the case and tells whoever must hear of it.
fn born(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    new: NewAction,
    item: Option<AgendaItemId>,
) -> Result<Saved, AppError> {
    let held = |is: bool, capacity: Capacity| is.then_some(capacity);
    let capacities: Vec<Capacity> = [
        held(ctx.actor().coordinates(new.panel), Capacity::Coordinator),
        held(ctx.actor().chairs(new.panel), Capacity::Chair),
    ]
    .into_iter()
    .flatten()
    .collect();
    let by = By::best(ctx.user(), &capacities, Act::Set);
    let (action, event) =
        Action::set(new, by, ctx.today).map_err(|error| step::refusal(error, "due"))?;
    let entry = NewEntry { event: &event, note: "", before: None, after: &action };
    actions::insert(az, &[Born { entry, item, imported: false }])?;
    if let Some(case) = action.case {
        cases::join(az, case, &[action.owner.agency])?;
    }
    az.did(deed(&action, &event));
    after_change(ctx, az, &action, &event)?;
    Ok(Saved { action: action.id, version: 1 })
}
