//! What does not fit on an agenda, left for the next meeting with one press: reviews alone, and of
//! those the ones last heard the latest.

use super::desk::Desk;
use super::gather::gather;
use super::view::load;
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use chrono::NaiveDate;
use panel_core::agenda::{ItemState, Load, Section, too_many};
use panel_core::id::{AgendaItemId, CaseId, MeetingId};
use panel_core::meeting::MeetingState;
use panel_store::Authz;
use panel_store::agenda::{self, Item, subjects};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The reason that stands beside what was left.
const REASON: &str = "There was no room for it. The review stays due and is proposed for the next \
                      meeting.";

/// A review that would be left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SurplusLine {
    /// The item.
    pub item: AgendaItemId,
    /// The case's reference.
    pub reference: String,
    /// The person.
    pub person: String,
    /// Why the agenda proposed it, in words.
    pub why: String,
    /// Minutes allotted.
    pub minutes: i32,
}

/// What would be left for the next meeting. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SurplusView {
    /// The meeting.
    pub meeting: MeetingView,
    /// The version of the agenda that leaving them must name.
    pub version: i32,
    /// What would be left, in the order in which it is due.
    pub left: Vec<SurplusLine>,
    /// How many reviews would stay.
    pub stay: usize,
    /// Why the agenda would still be too full, in words; new cases and what was put off before are
    /// never left.
    pub still: Option<String>,
}

/// The reviews that are left for the next meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SurplusForm {
    /// The items, as they were shown.
    pub items: Vec<AgendaItemId>,
}

/// Whether an item is a review that the agenda proposed by itself.
fn may_leave(item: &Item) -> bool {
    item.state == ItemState::Listed
        && item.section == Section::Reviews
        && item.case.is_some()
        && !item.by_hand
}

/// The reviews of an agenda, those last heard the longest ago first.
fn reviews(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    desk: &Desk,
    items: &[Item],
) -> Result<Vec<Item>, AppError> {
    let since: HashMap<CaseId, NaiveDate> = gather(ctx, az, desk)?
        .candidates
        .into_iter()
        .map(|candidate| (candidate.case, candidate.since))
        .collect();
    let mut found: Vec<Item> = items.iter().filter(|item| may_leave(item)).cloned().collect();
    // What is no longer due goes first.
    let key = |item: &Item| item.case.and_then(|case| since.get(&case).copied());
    found.sort_by_key(|item| (key(item).unwrap_or(NaiveDate::MAX), item.position));
    Ok(found)
}

/// What would be left for the next meeting, so that the rest fits.
///
/// # Errors
/// [`AppError::Rule`] `agenda_issued` while readers hold the agenda in their hands;
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn surplus(ctx: &Ctx<'_>, id: MeetingId) -> Result<SurplusView, AppError> {
    ctx.read(|az| {
        let desk = Desk::open(ctx, az, id)?;
        must_be_ahead(&desk)?;
        let items = desk.items(az)?;
        let reviews = reviews(ctx, az, &desk, &items)?;
        let full = load(&desk, &items);
        let minutes: Vec<i32> = reviews.iter().map(|item| item.minutes).collect();
        let stay = reviews.len() - too_many(&full, &minutes);
        let gone = reviews.get(stay..).unwrap_or_default();
        let rest = Load {
            cases: full.cases - gone.len(),
            minutes: full.minutes - gone.iter().map(|item| item.minutes).sum::<i32>(),
            ..full
        };
        Ok(SurplusView {
            version: desk.head.version,
            left: lines(az, gone)?,
            stay,
            still: rest.warning(),
            meeting: MeetingView::of(&desk.meeting),
        })
    })
}

fn lines(az: &mut Authz<'_>, items: &[Item]) -> Result<Vec<SurplusLine>, AppError> {
    let cases: Vec<CaseId> = items.iter().filter_map(|item| item.case).collect();
    let named: HashMap<CaseId, _> =
        subjects(az, &cases, false)?.into_iter().map(|subject| (subject.case, subject)).collect();
    let line = |item: &Item| {
        let subject = item.case.and_then(|case| named.get(&case));
        SurplusLine {
            item: item.id,
            reference: subject.map(|subject| subject.reference.clone()).unwrap_or_default(),
            person: subject
                .map(|subject| format!("{} {}", subject.person.forename, subject.person.surname))
                .unwrap_or_default(),
            why: item.why.clone(),
            minutes: item.minutes,
        }
    };
    Ok(items.iter().map(line).collect())
}

fn must_be_ahead(desk: &Desk) -> Result<(), AppError> {
    desk.must_be_unlocked()?;
    match desk.meeting.state {
        MeetingState::Planned | MeetingState::Issued => Ok(()),
        state => Err(panel_core::meeting::MeetingError::WrongState(state).into()),
    }
}

/// Leaves these reviews for the next meeting, all or none. They stay due, so that its agenda proposes
/// them again; here each can be put back. Returns the agenda's new version.
///
/// # Errors
/// [`AppError::Rule`] `agenda_issued`, `wrong_state`, and `not_a_review` for an item that is not a
/// review which the agenda proposed; [`AppError::Stale`], [`AppError::NotFound`].
pub fn leave_surplus(
    ctx: &Ctx<'_>,
    id: MeetingId,
    version: i32,
    form: &SurplusForm,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let desk = Desk::take(ctx, az, id, version)?;
        must_be_ahead(&desk)?;
        let items: HashMap<AgendaItemId, Item> =
            desk.items(az)?.into_iter().map(|item| (item.id, item)).collect();
        for one in &form.items {
            let item = items.get(one).filter(|item| may_leave(item)).ok_or_else(|| {
                AppError::rule("not_a_review", "Only reviews that the agenda proposed are left so")
            })?;
            let left = Item {
                state: ItemState::Withdrawn,
                state_reason: REASON.to_owned(),
                ..item.clone()
            };
            if !agenda::update(az, &left)? {
                return Err(AppError::Stale);
            }
            az.did(desk.deed("agenda.leave", item.case));
        }
        Ok(version + 1)
    })
}
