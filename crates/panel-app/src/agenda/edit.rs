//! What the coordinator does to an agenda by hand: order, minutes, presenters, further items.

use super::desk::{Desk, check_minutes, put, reason, write_order};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use panel_core::agenda::{CaseType, ItemState, Move, Section, reorder};
use panel_core::case::CaseStatus;
use panel_core::id::{AgencyId, AgendaItemId, CaseId, MeetingId};
use panel_core::text::Title;
use panel_core::words;
use panel_store::agenda::history::{ListedAt, listed_elsewhere};
use panel_store::agenda::{self, Item, subjects};
use panel_store::cases::{self, CaseRow};
use panel_store::{Authz, panels};
use serde::{Deserialize, Serialize};

/// How many cases are looked through for one reference.
const MOST_FOUND: i64 = 50;

/// Where an item is to go.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// The version of the agenda that the caller saw.
    pub version: i32,
    /// The item.
    pub item: AgendaItemId,
    /// One up, one down, or to a place among the items of its section, counted from one.
    pub to: Move,
}

/// What can be set about an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemForm {
    /// The version of the agenda that the caller saw.
    pub version: i32,
    /// The item.
    pub item: AgendaItemId,
    /// Minutes allotted.
    pub minutes: i32,
    /// The agency that presents it.
    #[serde(default)]
    pub presenter: Option<AgencyId>,
    /// The heading of an item without a case.
    #[serde(default)]
    pub title: Option<String>,
}

/// An item without a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TitleForm {
    /// The version of the agenda that the caller saw.
    pub version: i32,
    /// Where it stands.
    pub section: Section,
    /// Its heading.
    pub title: String,
    /// Minutes allotted; the panel's usual ones when not given.
    #[serde(default)]
    pub minutes: Option<i32>,
    /// The agency that presents it.
    #[serde(default)]
    pub presenter: Option<AgencyId>,
    /// Why it is taken after the agenda was issued; needed then.
    #[serde(default)]
    pub late_reason: String,
}

/// A case that is put on the agenda by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseForm {
    /// The version of the agenda that the caller saw.
    pub version: i32,
    /// The case.
    pub case: CaseId,
    /// Why it is there.
    pub case_type: CaseType,
    /// The reason in the coordinator's words; may be empty.
    #[serde(default)]
    pub why: String,
    /// Minutes allotted; the panel's usual ones when not given.
    #[serde(default)]
    pub minutes: Option<i32>,
    /// The agency that presents it.
    #[serde(default)]
    pub presenter: Option<AgencyId>,
    /// Why it is taken after the agenda was issued; needed then.
    #[serde(default)]
    pub late_reason: String,
    /// Whether it is to be listed although another meeting is to hear it.
    #[serde(default)]
    pub anyway: bool,
}

/// Moves an item within its section; clock times follow. Returns the agenda's new version.
///
/// # Errors
/// [`AppError::Rule`] `agenda_issued` while readers hold this order in their hands, `wrong_state`
/// once the meeting was held; [`AppError::Stale`] when somebody changed the agenda meanwhile;
/// [`AppError::NotFound`].
pub fn arrange(ctx: &Ctx<'_>, id: MeetingId, form: &Arrangement) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, form.version)?;
        desk.must_be_unlocked()?;
        let (items, item) = desk.item(az, form.item)?;
        let sections: Vec<(AgendaItemId, Section)> =
            items.iter().map(|item| (item.id, item.section)).collect();
        let place = |id| items.iter().find(|item| item.id == id).map(|item| item.position);
        let order = reorder(&sections, item.id, form.to);
        let order: Vec<_> = order.into_iter().map(|item| (item, place(item))).collect();
        write_order(az, &order)?;
        az.did(desk.deed("agenda.move", item.case));
        Ok(form.version + 1)
    })
}

/// Sets the minutes, the presenter and, without a case, the heading of an item.
///
/// # Errors
/// As [`arrange`], and [`AppError::Invalid`].
pub fn change_item(ctx: &Ctx<'_>, id: MeetingId, form: &ItemForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, form.version)?;
        desk.must_be_unlocked()?;
        let (_, item) = desk.item(az, form.item)?;
        let title = match (&form.title, item.case) {
            (Some(raw), None) => title(raw),
            _ => Ok(item.title.clone()),
        };
        let presenter = presenter(az, &desk, form.presenter)?;
        let (minutes, title, presenter) = all(check_minutes(form.minutes), title, presenter)?;
        agenda::arrange(az, &Item { minutes, title, presenter, ..item.clone() })?;
        az.did(desk.deed("agenda.item", item.case));
        Ok(form.version + 1)
    })
}

fn title(raw: &str) -> Result<String, FieldError> {
    Title::parse(raw).map(Into::into).map_err(|e| text_error("title", "Heading", &e))
}

type Checked<T> = Result<T, FieldError>;

/// Three checks, with the errors of all.
fn all<A, B, C>(a: Checked<A>, b: Checked<B>, c: Checked<C>) -> Result<(A, B, C), AppError> {
    match (a, b, c) {
        (Ok(a), Ok(b), Ok(c)) => Ok((a, b, c)),
        (a, b, c) => {
            Err(AppError::Invalid([a.err(), b.err(), c.err()].into_iter().flatten().collect()))
        }
    }
}

/// An agency that presents an item: one of the panel's.
fn presenter(
    az: &mut Authz<'_>,
    desk: &Desk,
    agency: Option<AgencyId>,
) -> Result<Checked<Option<AgencyId>>, AppError> {
    let Some(wanted) = agency else { return Ok(Ok(None)) };
    let members = panels::agencies_of(az, desk.meeting.panel)?;
    if members.iter().any(|member| member.agency == wanted) {
        return Ok(Ok(Some(wanted)));
    }
    let message = "Choose an agency of the panel".to_owned();
    Ok(Err(FieldError { field: "presenter".to_owned(), code: "not_a_member", message }))
}

/// Why an item is taken late, where it is.
fn lateness(desk: &Desk, raw: &str) -> Checked<(bool, String)> {
    if !desk.is_frozen() {
        return Ok((false, String::new()));
    }
    reason("late_reason", raw).map(|reason| (true, reason))
}

/// Adds an item without a case; after the agenda was issued it is late.
///
/// # Errors
/// [`AppError::Invalid`], without a reason for a late one among others; [`AppError::Rule`]
/// `wrong_state` once the meeting was held; [`AppError::Stale`], [`AppError::NotFound`].
pub fn add_title(ctx: &Ctx<'_>, id: MeetingId, form: &TitleForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, form.version)?;
        let minutes =
            form.minutes.unwrap_or_else(|| desk.panel.policy.agenda.minutes(form.section));
        let presenter = presenter(az, &desk, form.presenter)?;
        let late = lateness(&desk, &form.late_reason);
        let named = title(&form.title).and_then(|title| Ok((title, presenter?)));
        let (minutes, (title, presenter), (late, late_reason)) =
            all(check_minutes(minutes), named, late)?;
        let new = Item {
            section: form.section,
            title,
            minutes,
            presenter,
            late,
            late_reason,
            ..by_hand(ctx, &desk)
        };
        let items = desk.items(az)?;
        put(az, &items, &new)?;
        az.did(desk.deed("agenda.add", None));
        Ok(form.version + 1)
    })
}

/// An item that a person adds.
pub(super) fn by_hand(ctx: &Ctx<'_>, desk: &Desk) -> Item {
    Item {
        id: ctx.mint(),
        meeting: desk.meeting.id,
        section: Section::Other,
        position: 0,
        case: None,
        case_type: None,
        title: String::new(),
        minutes: 0,
        presenter: None,
        late: false,
        late_reason: String::new(),
        state: ItemState::Listed,
        state_reason: String::new(),
        carried_from: None,
        why: String::new(),
        by_hand: true,
        version: 1,
    }
}

/// Adds a case by hand; after the agenda was issued it is late. A case that another meeting is to
/// hear is added only `anyway`.
///
/// # Errors
/// [`AppError::Invalid`], for a case that is on this agenda or closed among others;
/// [`AppError::Rule`] `listed_elsewhere` with the meeting, `wrong_state` once the meeting was held;
/// [`AppError::Stale`], [`AppError::NotFound`].
pub fn add_case(ctx: &Ctx<'_>, id: MeetingId, form: &CaseForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, form.version)?;
        let found = subjects(az, &[form.case], false)?.pop();
        let subject = found.filter(|found| found.panel == desk.meeting.panel);
        let subject = subject.ok_or(AppError::NotFound)?;
        if subject.state == CaseStatus::Closed {
            return Err(AppError::field("case", "closed", "This case is closed"));
        }
        let items = desk.items(az)?;
        if items.iter().any(|item| item.case == Some(form.case)) {
            let message = format!("{} is on this agenda already", subject.reference);
            return Err(AppError::field("case", "already_listed", message));
        }
        let elsewhere = listed_elsewhere(az, desk.meeting.panel, id)?;
        if let Some(other) = elsewhere.iter().find(|l| l.case == form.case && !form.anyway) {
            return Err(listed(&subject.reference, other));
        }
        let children = super::paper::involves_children(&subject, desk.meeting.on);
        let section = form.case_type.section(children);
        let minutes = form.minutes.unwrap_or_else(|| desk.panel.policy.agenda.minutes(section));
        let presenter = presenter(az, &desk, form.presenter)?;
        let (minutes, presenter, (late, late_reason)) =
            all(check_minutes(minutes), presenter, lateness(&desk, &form.late_reason))?;
        let why =
            if form.why.trim().is_empty() { Ok(String::new()) } else { reason("why", &form.why) };
        let new = Item {
            section,
            case: Some(form.case),
            case_type: Some(form.case_type),
            minutes,
            presenter,
            late,
            late_reason,
            why: why.map_err(|error| AppError::Invalid(vec![error]))?,
            ..by_hand(ctx, &desk)
        };
        put(az, &items, &new)?;
        az.did(desk.deed("agenda.add", new.case));
        Ok(form.version + 1)
    })
}

/// The case that somebody names by its reference, to add it to an agenda of its panel.
///
/// # Errors
/// [`AppError::Invalid`] for a reference of no case of the panel; [`AppError::NotFound`] for whoever does
/// not run it.
pub fn find_case(ctx: &Ctx<'_>, id: MeetingId, reference: &str) -> Result<CaseId, AppError> {
    let reference = reference.trim();
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        let found = cases::search(az, reference, MOST_FOUND)?;
        let same = |case: &&CaseRow| {
            case.panel == desk.meeting.panel && case.reference.eq_ignore_ascii_case(reference)
        };
        found.iter().find(same).map(|case| case.id).ok_or_else(|| {
            let message = "This panel has no case with this reference";
            AppError::field("case", "unknown", message)
        })
    })
}

fn listed(reference: &str, other: &ListedAt) -> AppError {
    let day = words::weekday_date(other.on);
    let message = format!("{reference} is listed for the meeting of {day} already");
    AppError::rule("listed_elsewhere", message)
}

/// Puts an item back that was taken off this agenda. After the agenda was issued it stays as late, or
/// not, as it was.
///
/// # Errors
/// [`AppError::Rule`] `not_withdrawn` unless it was taken off, `wrong_state` once the meeting was
/// held; [`AppError::Stale`], [`AppError::NotFound`].
pub fn put_back(
    ctx: &Ctx<'_>,
    id: MeetingId,
    version: i32,
    item: AgendaItemId,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, version)?;
        let (_, item) = desk.item(az, item)?;
        if item.state != ItemState::Withdrawn {
            return Err(AppError::rule("not_withdrawn", "This item is on the agenda"));
        }
        let (state, state_reason) = (ItemState::Listed, String::new());
        let back = Item { state, state_reason, by_hand: true, ..item };
        if !agenda::update(az, &back)? {
            return Err(AppError::Stale);
        }
        az.did(desk.deed("agenda.put_back", back.case));
        Ok(version + 1)
    })
}
