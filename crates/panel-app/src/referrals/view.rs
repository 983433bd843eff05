//! What is shown of referrals: the queue, one referral, the search, and who looks alike.

use super::flags::{Flags, flags_of};
use super::receive::may_correct;
use super::{capacities, form, records};
use crate::budget;
use crate::context::Ctx;
use crate::error::AppError;
use crate::whereabouts;
use chrono::{DateTime, NaiveDate, Utc};
use panel_core::cycle::Lateness;
use panel_core::id::{MeetingId, PanelId, PersonId, ReferralId, UserId};
use panel_core::likeness::Likeness;
use panel_core::referral::{
    Completeness, LateDecision, ReferralForm, TriageCapacity, TriageState, TriageStatus, Warning,
    completeness,
};
use panel_core::text::fold;
use panel_core::time::local_date;
use panel_store::people::{self, Link, Person};
use panel_store::referrals::{self, Mention, QueueFilter, Referral, ReferralRow};
use panel_store::{Authz, meetings, panels, users};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one page of a list.
const ROWS: usize = 50;

/// Rows that a search gives at most.
pub(crate) const FOUND: i64 = 50;

/// Letters that a search needs.
const FEWEST_LETTERS: usize = 3;

/// People who look alike that are shown at most.
const ALIKE: usize = 10;

/// Which referrals a page of the queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Those that wait for the panel: received, or with a proposal, the oldest first.
    Waiting,
    /// Those that wait for their referrer, the oldest first.
    Returned,
    /// Those that are decided or withdrawn, the newest first.
    Decided,
}

impl Show {
    fn filter(self, panel: Option<PanelId>) -> QueueFilter {
        let states = match self {
            Self::Waiting => vec![TriageStatus::Received, TriageStatus::Proposed],
            Self::Returned => vec![TriageStatus::ReturnedIncomplete],
            Self::Decided => vec![
                TriageStatus::Accepted,
                TriageStatus::Urgent,
                TriageStatus::Redirected,
                TriageStatus::BelowThreshold,
                TriageStatus::Withdrawn,
            ],
        };
        QueueFilter { panel, states, oldest_first: self != Self::Decided, ..QueueFilter::default() }
    }
}

/// One page of referrals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuePage {
    /// The rows.
    pub rows: Vec<ReferralRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<(DateTime<Utc>, ReferralId)>,
}

/// A page of the referrals that the caller may know of.
///
/// # Errors
/// When the database fails.
pub fn queue(
    ctx: &Ctx<'_>,
    panel: Option<PanelId>,
    show: Show,
    after: Option<(DateTime<Utc>, ReferralId)>,
) -> Result<QueuePage, AppError> {
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
    ctx.read(|az| {
        let mut rows = referrals::page(az, &show.filter(panel), after, limit + 1)?;
        let more = rows.len() > ROWS;
        rows.truncate(ROWS);
        let next = rows.last().filter(|_| more).map(|last| (last.received_at, last.id));
        Ok(QueuePage { rows, next })
    })
}

/// How many referrals wait at a panel, each up to 1,001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Received, nothing said yet.
    pub received: i64,
    /// With a proposal for the chair.
    pub proposed: i64,
    /// Returned to their referrers.
    pub returned: i64,
}

/// Counts what waits, as far as the caller may know of it.
///
/// # Errors
/// When the database fails.
pub fn counts(ctx: &Ctx<'_>, panel: PanelId) -> Result<Counts, AppError> {
    ctx.read(|az| {
        Ok(Counts {
            received: referrals::count(az, panel, TriageStatus::Received)?,
            proposed: referrals::count(az, panel, TriageStatus::Proposed)?,
            returned: referrals::count(az, panel, TriageStatus::ReturnedIncomplete)?,
        })
    })
}

/// Checks that a search has enough letters to narrow anything down.
pub(crate) fn searchable(text: &str) -> Result<(), AppError> {
    let letters = fold(text).chars().filter(|c| !c.is_whitespace()).count();
    if letters >= FEWEST_LETTERS {
        return Ok(());
    }
    Err(AppError::field("query", "too_short", "Enter at least 3 letters of a name or reference"))
}

/// Referrals by name, other name or reference, each word from its beginning; at most 50.
///
/// # Errors
/// [`AppError::Invalid`] for fewer than three letters.
pub fn search(ctx: &Ctx<'_>, text: &str) -> Result<Vec<ReferralRow>, AppError> {
    searchable(text)?;
    ctx.read(|az| {
        budget::may_look(az)?;
        let found = referrals::search(az, text, FOUND)?;
        if found.is_empty() {
            budget::found_nothing(az);
        }
        Ok(found)
    })
}

/// Somebody whom the caller knows and who may be the person of a form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alike {
    /// The record.
    pub person: Person,
    /// What speaks for it.
    pub likeness: Likeness,
}

/// People within the caller's sight who may be the perpetrator of a form, before it is sent. Who is
/// out of sight is never hinted at.
///
/// # Errors
/// [`AppError::Invalid`] when the form cannot be read, [`AppError::NotFound`] for whoever has no
/// part in the panel.
pub fn alike(ctx: &Ctx<'_>, raw: &Value) -> Result<Vec<Alike>, AppError> {
    let to = form::addressed(raw)
        .ok_or_else(|| AppError::field("panel", "missing", "Choose the panel"))?;
    if !ctx.actor().reaches().iter().any(|(panel, _)| *panel == to.panel) {
        return Err(AppError::NotFound);
    }
    let entry = form::read(&super::receive::completed(ctx, raw, to))?;
    let record = records::perpetrator(ctx.mint(), &entry.form.perpetrator);
    ctx.read(|az| alike_of(az, &record))
}

/// People within the caller's sight who look like a record.
pub(super) fn alike_of(az: &mut Authz<'_>, record: &Person) -> Result<Vec<Alike>, AppError> {
    let found = people::look_alikes(az, record, ALIKE)?;
    Ok(found.into_iter().map(|(person, likeness)| Alike { person, likeness }).collect())
}

/// How a referral stands towards the panel's next meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateFor {
    /// The next meeting that is no emergency one.
    pub meeting: MeetingId,
    /// Its local date.
    pub on: NaiveDate,
    /// Whether the referral came after its cut-off.
    pub late: bool,
    /// The cut-off that a late one missed.
    pub cut_off: Option<DateTime<Utc>>,
}

/// Judges a referral by the next meeting; none when no meeting is laid out, or when its cut-off
/// lies beyond the loaded bank holidays.
pub(crate) fn late_for(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: &ReferralRow,
) -> Result<Option<LateFor>, AppError> {
    late_since(ctx, az, row.panel, row.in_hand_since())
}

/// Judges a referral that was in the panel's hands at an instant by the next meeting.
pub(super) fn late_since(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    in_hand_since: DateTime<Utc>,
) -> Result<Option<LateFor>, AppError> {
    let Some(meeting) = meetings::next_of_panel(az, panel, ctx.now)? else { return Ok(None) };
    let policy = panels::find(az, panel)?.ok_or(AppError::NotFound)?.value.policy;
    let judged = meeting.dates().judge(in_hand_since, &policy.cycle, ctx.app.working_days());
    let stands = |late, cut_off| LateFor { meeting: meeting.id, on: meeting.on, late, cut_off };
    Ok(judged.ok().map(|judged| match judged {
        Lateness::InTime { .. } => stands(false, None),
        Lateness::Late { cut_off } => stands(true, Some(cut_off)),
    }))
}

/// What the caller may do with a referral now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ReferralMay))]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each button of the page")]
pub struct May {
    /// Correct it.
    pub correct: bool,
    /// Send it again.
    pub resubmit: bool,
    /// Take it back.
    pub withdraw: bool,
    /// Propose an outcome.
    pub propose: bool,
    /// Return it as incomplete.
    pub send_back: bool,
    /// Decide any outcome.
    pub decide: bool,
    /// Look again at a refusal.
    pub reconsider: bool,
    /// Say whether people are the same.
    pub link: bool,
    /// Send a late one one way or another.
    pub late: bool,
}

impl May {
    fn of(ctx: &Ctx<'_>, row: &ReferralRow, delegated: bool) -> Self {
        let is = capacities(ctx.actor(), row.panel, row.agency);
        let chair = is.contains(&TriageCapacity::Chair);
        let coordinator = is.contains(&TriageCapacity::Coordinator);
        let answers = coordinator || is.contains(&TriageCapacity::Referrer);
        let open = matches!(row.state, TriageStatus::Received | TriageStatus::Proposed);
        let returned = row.state == TriageStatus::ReturnedIncomplete;
        let accepted = matches!(row.state, TriageStatus::Accepted | TriageStatus::Urgent);
        let refused = matches!(row.state, TriageStatus::Redirected | TriageStatus::BelowThreshold);
        Self {
            correct: may_correct(&is, row.state),
            resubmit: returned && answers,
            withdraw: (open || returned) && answers,
            propose: open && (chair || coordinator),
            send_back: open && (chair || coordinator),
            decide: open && (chair || (coordinator && delegated)),
            reconsider: refused && chair,
            link: chair || coordinator,
            late: accepted && (chair || coordinator),
        }
    }
}

/// One referral as its page shows it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferralDetail {
    /// As lists show it.
    pub row: ReferralRow,
    /// What was referred; other agencies read it without the ways to reach the victims.
    pub form: ReferralForm,
    /// Whether parts of the form were left out for this reader.
    pub shortened: bool,
    /// What is filled, what is settled and what is missing.
    pub completeness: Completeness,
    /// What to think about.
    pub warnings: Vec<Warning>,
    /// How its triage stands.
    pub triage: TriageState,
    /// Earlier decisions, oldest first.
    pub history: Vec<TriageState>,
    /// The way a late one goes.
    pub late: Option<LateDecision>,
    /// How it stands towards the next meeting.
    pub late_for: Option<LateFor>,
    /// Repeat, serial, re-referral.
    pub flags: Flags,
    /// The perpetrator's record, then victims and children in the form's order.
    pub people: Vec<Person>,
    /// Who of them is what.
    pub mentions: Vec<Mention>,
    /// What was said about records that look alike; for whoever may decide it.
    pub links: Vec<Link>,
    /// Whether somebody who uses the service has the perpetrator's name; for whoever runs the panel.
    pub named_like_a_user: bool,
    /// Names of those who entered, proposed and decided.
    pub names: BTreeMap<UserId, String>,
    /// Who typed it in.
    pub entered_by: UserId,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// Whether the caller may read what is kept apart of its victims and children.
    pub may_reveal: bool,
    /// What the caller may do now.
    pub may: May,
}

/// One referral.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: ReferralId) -> Result<ReferralDetail, AppError> {
    ctx.read(|az| {
        let referral = referrals::find(az, id)?.ok_or(AppError::NotFound)?;
        detail(ctx, az, referral)
    })
}

fn detail(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: Referral,
) -> Result<ReferralDetail, AppError> {
    let row = referral.row.clone();
    let policy = panels::find(az, row.panel)?.ok_or(AppError::NotFound)?.value.policy;
    let runs = ctx.actor().runs(row.panel);
    let shortened = !runs && !ctx.actor().acts_for(row.agency, row.panel);
    let mut ids: Vec<_> = referral.mentions.iter().map(|mention| mention.person).collect();
    ids.insert(0, row.perpetrator);
    let links = if runs { people::links_of(az, &ids)? } else { Vec::new() };
    let found = people::find_many(az, &ids)?;
    let in_order = |id: &PersonId| found.iter().find(|person| person.id == *id).cloned();
    let people: Vec<Person> = ids.iter().filter_map(in_order).collect();
    let named_like_a_user = runs && named_like_a_user(az, people.first())?;
    let deciders = deciders(&referral);
    Ok(ReferralDetail {
        completeness: completeness(&referral.form),
        warnings: referral.form.warnings(local_date(row.received_at)),
        late_for: late_for(ctx, az, &row)?,
        flags: flags_of(az, &row, policy.pattern)?,
        names: names_of(az, &deciders)?,
        may_reveal: whereabouts::may_reveal(ctx, az, &referral)?,
        may: May::of(ctx, &row, policy.delegate_triage),
        form: if shortened { referral.form.for_partner() } else { referral.form },
        shortened,
        triage: referral.triage.state,
        history: referral.history,
        late: referral.late,
        people,
        mentions: referral.mentions,
        links,
        named_like_a_user,
        entered_by: referral.entered_by,
        entered_at: referral.entered_at,
        row,
    })
}

fn named_like_a_user(az: &mut Authz<'_>, person: Option<&Person>) -> Result<bool, AppError> {
    let Some(person) = person else { return Ok(false) };
    let name = fold(&person.name());
    let users = users::list(az)?;
    Ok(users.iter().any(|user| user.ended_on.is_none() && fold(&user.name) == name))
}

/// Everybody whom the page names beside the people of the referral.
fn deciders(referral: &Referral) -> BTreeSet<UserId> {
    let states = referral.history.iter().chain([&referral.triage.state]);
    let by = states.filter_map(|state| match state {
        TriageState::Received => None,
        TriageState::Proposed(decision) | TriageState::Decided(decision) => Some(decision.by),
        TriageState::Withdrawn { by, .. } => Some(*by),
    });
    by.chain(referral.late.iter().map(|late| late.by)).chain([referral.entered_by]).collect()
}

/// The names of people who use the service.
pub(crate) fn names_of(
    az: &mut Authz<'_>,
    ids: &BTreeSet<UserId>,
) -> Result<BTreeMap<UserId, String>, AppError> {
    let ids: Vec<UserId> = ids.iter().copied().collect();
    Ok(users::names(az, &ids)?.into_iter().collect())
}
