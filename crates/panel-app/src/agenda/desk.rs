//! What every use case of the agenda needs: the meeting, its panel, and how far the work has come.

use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use panel_core::agenda::{ItemState, MOST_MINUTES, Section, place};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::calendar::NoHolidayData;
use panel_core::id::{AgendaItemId, CaseId, Id, MeetingId};
use panel_core::meeting::{MeetingError, MeetingState};
use panel_core::text::Note;
use panel_store::Authz;
use panel_store::agenda::issues::{self, Head};
use panel_store::agenda::{self, Item};
use panel_store::meetings::items::CALLED_OFF;
use panel_store::meetings::{self, Meeting};
use panel_store::panels::{self, Panel};

/// The distance between the places of two items.
const STEP: i32 = 10;

/// The agenda of one meeting, open before whoever runs the panel.
pub(crate) struct Desk {
    pub(crate) meeting: Meeting,
    pub(crate) panel: Panel,
    pub(crate) head: Head,
}

impl Desk {
    /// Opens the agenda to look at it.
    pub(crate) fn open(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: MeetingId) -> Result<Self, AppError> {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
        let head = issues::head(az, id)?;
        Ok(Self { meeting, panel, head })
    }

    /// Opens the agenda to change it, as it was at `version`; every other change waits and is stale
    /// then. What the change is must be open in the meeting's state.
    pub(crate) fn take(
        ctx: &Ctx<'_>,
        az: &mut Authz<'_>,
        id: MeetingId,
        version: i32,
    ) -> Result<Self, AppError> {
        let desk = Self::open(ctx, az, id)?;
        if !issues::take(az, id, version)? {
            return Err(AppError::Stale);
        }
        match desk.meeting.state {
            MeetingState::Planned | MeetingState::Issued | MeetingState::InProgress => Ok(desk),
            state => Err(MeetingError::WrongState(state).into()),
        }
    }

    /// Refuses to change what readers hold in their hands: the order, the minutes, the presenters.
    pub(crate) fn must_be_unlocked(&self) -> Result<(), AppError> {
        if self.is_locked() {
            let message = "This agenda was issued and is locked. Prepare a new issue to change it.";
            return Err(AppError::rule("agenda_issued", message));
        }
        Ok(())
    }

    /// Whether readers hold this order in their hands and no new issue is being prepared.
    pub(crate) const fn is_locked(&self) -> bool {
        matches!(self.meeting.state, MeetingState::Issued) && self.head.revising_since.is_none()
    }

    /// Whether what is added now comes after the freeze.
    pub(crate) const fn is_frozen(&self) -> bool {
        matches!(self.meeting.state, MeetingState::Issued | MeetingState::InProgress)
    }

    /// The items that count: all but those that went when the meeting was called off.
    pub(crate) fn items(&self, az: &mut Authz<'_>) -> Result<Vec<Item>, AppError> {
        let items = agenda::plan(az, self.meeting.id)?;
        Ok(items.into_iter().filter(|item| !is_called_off(item)).collect())
    }

    /// One item of this agenda.
    pub(crate) fn item(
        &self,
        az: &mut Authz<'_>,
        id: AgendaItemId,
    ) -> Result<(Vec<Item>, Item), AppError> {
        let items = self.items(az)?;
        let item = items.iter().find(|item| item.id == id).cloned().ok_or(AppError::NotFound)?;
        Ok((items, item))
    }

    /// A change of this agenda, for the audit log.
    pub(crate) fn deed(&self, code: &'static str, case: Option<CaseId>) -> Deed {
        let subject = Some(self.meeting.id.uuid());
        let deed = Deed::new(AuditKind::Alteration, code, SubjectKind::Meeting, subject);
        deed.at(self.meeting.panel).in_case(case)
    }
}

/// Whether an item left the agenda only because the meeting was called off.
fn is_called_off(item: &Item) -> bool {
    item.state == ItemState::Withdrawn && item.state_reason == CALLED_OFF
}

/// Writes the places that differ from what they were.
pub(crate) fn write_order(
    az: &mut Authz<'_>,
    order: &[(AgendaItemId, Option<i32>)],
) -> Result<(), AppError> {
    let places = order.iter().zip(1..).filter_map(|((item, was), n)| {
        let position = n * STEP;
        (*was != Some(position)).then_some((*item, position))
    });
    Ok(agenda::place(az, &places.collect::<Vec<_>>())?)
}

/// Adds one item where its section and lateness put it.
pub(crate) fn put(az: &mut Authz<'_>, items: &[Item], new: &Item) -> Result<(), AppError> {
    let places: Vec<(Section, bool)> = items.iter().map(|i| (i.section, i.late)).collect();
    let mut order: Vec<(AgendaItemId, Option<i32>)> =
        items.iter().map(|item| (item.id, Some(item.position))).collect();
    order.insert(place(&places, new.section, new.late), (new.id, None));
    agenda::insert(az, new)?;
    write_order(az, &order)
}

/// Minutes that an item may be allotted.
pub(crate) fn check_minutes(minutes: i32) -> Result<i32, FieldError> {
    if (0..=MOST_MINUTES).contains(&minutes) {
        return Ok(minutes);
    }
    let message = format!("Minutes must be 0 to {MOST_MINUTES}");
    Err(FieldError { field: "minutes".to_owned(), code: "out_of_bounds", message })
}

/// A reason that must be given.
pub(crate) fn reason(field: &str, raw: &str) -> Result<String, FieldError> {
    let parsed = Note::parse(raw).map_err(|e| text_error(field, "Reason", &e));
    parsed.map(Into::into)
}

/// A deadline that cannot be counted, because nobody knows the bank holidays yet.
pub(crate) fn no_holidays(error: &NoHolidayData) -> AppError {
    AppError::rule("no_holiday_data", crate::error::sentence(&error.to_string()))
}
