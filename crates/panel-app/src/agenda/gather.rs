//! Every reason for which a case could be heard at a meeting, gathered in a fixed number of queries.

use super::desk::{Desk, no_holidays};
use super::flags::flags;

use super::paper::involves_children;
use crate::context::Ctx;
use crate::error::AppError;
use crate::referrals::Judgement;
use chrono::{Duration, NaiveDate};
use panel_core::agenda::{Candidate, Carried, CaseType, ItemState};
use panel_core::calendar::WorkingDays;
use panel_core::case::ClosureProposal;
use panel_core::coded::Coded;
use panel_core::cycle::CyclePolicy;
use panel_core::id::CaseId;
use panel_core::meeting::MeetingState;
use panel_core::referral::{LateLane, Source, TriageStatus};
use panel_core::review::{
    HeldMeeting, Reason, Section as ReviewSection, Treatment, Trigger, TriggerKind, notice_due,
    review_due,
};
use panel_core::time::local_date;
use panel_core::words;
use panel_store::Authz;
use panel_store::agenda::history::{self, ListedAt, PutOff, Taken};
use panel_store::agenda::{Subject, facts_of, subjects};
use panel_store::cases::{CaseRow, find_many, proposed_closures};
use panel_store::meetings::{self, Meeting};
use panel_store::referrals::{ReferralRow, Unheard, unheard};
use std::collections::{HashMap, HashSet};

/// How far back an earlier meeting that was never ended is looked for.
const LOOK_BACK: Duration = Duration::days(60);

/// What an agenda can be proposed from.
pub(super) struct Gathered {
    pub(super) candidates: Vec<Candidate>,
    pub(super) carried: Vec<Carried>,
    /// Late referrals for which nobody has said which way they go.
    pub(super) waiting: Vec<ReferralRow>,
    /// Meetings of the panel that come first and were not held yet.
    pub(super) earlier: Vec<Meeting>,
    /// What each case is called.
    pub(super) references: HashMap<CaseId, String>,
}

/// The facts of one panel, before one meeting of it.
struct Ground<'a> {
    desk: &'a Desk,
    days: WorkingDays<'a>,
    earlier: Vec<&'a Meeting>,
    listed: Vec<ListedAt>,
}

impl Ground<'_> {
    fn cycle(&self) -> &CyclePolicy {
        &self.desk.panel.policy.cycle
    }

    fn is_late(&self, meeting: &Meeting, referral: &ReferralRow) -> Result<bool, AppError> {
        let received = referral.in_hand_since();
        meeting.dates().is_late(received, self.cycle(), self.days).map_err(|e| no_holidays(&e))
    }

    /// Whether a regular meeting that comes first, or any for a new case, is to hear the case.
    fn is_listed_before(&self, case: CaseId, new: bool) -> bool {
        let here = &self.desk.meeting;
        self.listed
            .iter()
            .any(|at| at.case == case && at.starts_at < here.starts_at && (new || !at.emergency))
    }

    /// Whether a regular meeting that comes first takes the referral.
    fn is_for_earlier(&self, referral: &ReferralRow) -> Result<bool, AppError> {
        for meeting in &self.earlier {
            let late = self.is_late(meeting, referral)?;
            if !late || referral.late_lane == Some(LateLane::LateItem) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Gathers what a meeting could hear.
pub(super) fn gather(ctx: &Ctx<'_>, az: &mut Authz<'_>, desk: &Desk) -> Result<Gathered, AppError> {
    let (meeting, panel) = (&desk.meeting, desk.meeting.panel);
    let new = unheard(az, panel)?;
    if meeting.emergency {
        return emergency(az, desk, new);
    }
    let from = meeting.starts_at - LOOK_BACK;
    let around = meetings::between(az, panel, from, meeting.starts_at)?;
    let is_ahead = |m: &Meeting| m.state != MeetingState::Held && !m.emergency;
    let earlier: Vec<Meeting> = around.into_iter().filter(is_ahead).collect();
    // What was forgotten to be held or called off keeps nothing from this agenda.
    let is_alive = |on: NaiveDate, state| on >= ctx.today || state == MeetingState::InProgress;
    let mut listed = history::listed_elsewhere(az, panel, meeting.id)?;
    listed.retain(|at| is_alive(at.on, at.state));
    let alive: Vec<&Meeting> = earlier.iter().filter(|m| is_alive(m.on, m.state)).collect();
    let ground = Ground { desk, days: ctx.app.working_days(), earlier: alive, listed };
    let taken = history::taken(az, panel, meeting.on)?;
    let closures = proposed_closures(az, panel)?;
    let ids: HashSet<CaseId> =
        taken.iter().map(|t| t.case).chain(new.iter().map(|n| n.case)).collect();
    let rows = find_many(az, &ids.into_iter().collect::<Vec<_>>())?;
    let rows: HashMap<CaseId, CaseRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let heard: HashSet<CaseId> =
        taken.iter().filter(|t| t.state == ItemState::Heard).map(|t| t.case).collect();
    let (mut candidates, waiting) = new_cases(az, &ground, new, &heard)?;
    candidates.extend(reviews(az, &ground, &taken, &rows)?);
    for (case, proposal) in &closures {
        if !ground.is_listed_before(case.id, false) {
            candidates.push(closure(case, proposal)?);
        }
    }
    let named = rows.values().chain(closures.iter().map(|(case, _)| case));
    let references = named.map(|case| (case.id, case.reference.clone())).collect();
    let put_off = history::put_off(az, panel, meeting.on, meeting.id)?;
    let carried = put_off.into_iter().map(carried).collect();
    Ok(Gathered { candidates, carried, waiting, earlier, references })
}

/// An emergency meeting hears what cannot wait, and nothing is late for it.
fn emergency(az: &mut Authz<'_>, desk: &Desk, new: Vec<Unheard>) -> Result<Gathered, AppError> {
    let is_urgent = |one: &Unheard| {
        one.referral.state == TriageStatus::Urgent
            || one.referral.late_lane == Some(LateLane::UrgentMeeting)
    };
    let urgent: Vec<Unheard> = new.into_iter().filter(is_urgent).collect();
    let cases: Vec<CaseId> = urgent.iter().map(|one| one.case).collect();
    let known = Known::of(az, desk, &cases)?;
    let candidates = urgent.iter().map(|one| known.candidate(one, false, false)).collect();
    let references = known.subjects.into_values().map(|s| (s.case, s.reference)).collect();
    let (carried, waiting, earlier) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Gathered { candidates, carried, waiting, earlier, references })
}

/// Cases with accepted referrals that no meeting has heard, and late ones that wait for a word.
fn new_cases(
    az: &mut Authz<'_>,
    ground: &Ground<'_>,
    new: Vec<Unheard>,
    heard: &HashSet<CaseId>,
) -> Result<(Vec<Candidate>, Vec<ReferralRow>), AppError> {
    let (mut taken, mut waiting) = (Vec::new(), Vec::new());
    for one in new {
        let here = &ground.desk.meeting;
        if ground.is_listed_before(one.case, true) || ground.is_for_earlier(&one.referral)? {
            continue;
        }
        let late = ground.is_late(here, &one.referral)?;
        match one.referral.late_lane.filter(|_| late) {
            None if late => waiting.push(one.referral),
            None | Some(LateLane::LateItem) => taken.push((one, late)),
            Some(LateLane::UrgentMeeting | LateLane::NextCycle) => {}
        }
    }
    let cases: Vec<CaseId> = taken.iter().map(|(one, _)| one.case).collect();
    let known = Known::of(az, ground.desk, &cases)?;
    let candidate =
        |(one, late): &(Unheard, bool)| known.candidate(one, *late, heard.contains(&one.case));
    Ok((taken.iter().map(candidate).collect(), waiting))
}

/// What is known of cases with new referrals.
struct Known<'a> {
    desk: &'a Desk,
    subjects: HashMap<CaseId, Subject>,
    facts: HashMap<CaseId, panel_store::referrals::Facts>,
}

impl<'a> Known<'a> {
    fn of(az: &mut Authz<'_>, desk: &'a Desk, cases: &[CaseId]) -> Result<Self, AppError> {
        let subjects = subjects(az, cases, false)?.into_iter().map(|s| (s.case, s)).collect();
        Ok(Self { desk, subjects, facts: facts_of(az, cases)? })
    }

    fn flags(&self, one: &Unheard) -> Option<Judgement> {
        let policy = self.desk.panel.policy.pattern;
        flags(self.facts.get(&one.case)?, one.referral.id, policy)
    }

    /// `heard` tells whether the case was heard before, for another referral.
    fn candidate(&self, one: &Unheard, late: bool, heard: bool) -> Candidate {
        let flags = self.flags(one);
        let day = self.desk.meeting.on;
        let case_type = match &flags {
            _ if one.referral.source == Source::TransferIn => CaseType::TransferIn,
            Some(flags) if flags.is_repeat() => CaseType::Repeat,
            Some(flags) if flags.rereferral.flag && !heard => CaseType::ReReferral,
            // The case is under management already, and the referral brings it back.
            _ if heard => CaseType::Review,
            _ => CaseType::New,
        };
        let since = local_date(one.referral.received_at);
        let received = words::weekday_date(since);
        let mut why = vec![format!("referral {} received on {received}", one.referral.reference)];
        why.extend(flags.iter().flat_map(Judgement::words));
        let subject = self.subjects.get(&one.case);
        Candidate {
            case: one.case,
            case_type,
            children: subject.is_some_and(|subject| involves_children(subject, day)),
            late,
            late_reason: if late { one.late_reason.clone() } else { String::new() },
            carried_from: None,
            why: sentence(&why),
            since,
        }
    }
}

fn sentence(parts: &[String]) -> String {
    crate::error::sentence(&parts.join("; "))
}

/// Cases that come back: put off, due for a review, or unheard for twelve months.
fn reviews(
    az: &mut Authz<'_>,
    ground: &Ground<'_>,
    taken: &[Taken],
    rows: &HashMap<CaseId, CaseRow>,
) -> Result<Vec<Candidate>, AppError> {
    let meeting = &ground.desk.meeting;
    let mut by_case: HashMap<CaseId, Vec<&Taken>> = HashMap::new();
    for one in taken {
        by_case.entry(one.case).or_default().push(one);
    }
    let Some(first) = taken.first().map(|one| one.on) else { return Ok(Vec::new()) };
    let held = meetings::held_before(az, meeting.panel, first, meeting.on)?;
    let mut candidates = Vec::new();
    for (case, items) in by_case {
        let Some(row) = rows.get(&case).filter(|_| !ground.is_listed_before(case, false)) else {
            continue;
        };
        let history = history_of(&held, &items, row);
        let policy = &ground.desk.panel.policy.review;
        if let Some(due) = review_due(&history, &triggers(row), meeting.on, policy) {
            candidates.push(again(row, due.section, &due.reasons, &items, &history));
        }
        if let Some(notice) = notice_due(&history, meeting.on, policy) {
            let why = crate::error::sentence(&notice.to_string());
            let since = notice.last_heard;
            candidates.push(plain(case, CaseType::TwelveMonthNotice, why, since));
        }
    }
    Ok(candidates)
}

/// What each held meeting did with one case. The date agreed in the case itself, after the meeting
/// that last heard it, leads over the one that the meeting agreed.
fn history_of(held: &[Meeting], items: &[&Taken], row: &CaseRow) -> Vec<HeldMeeting> {
    let treatment = |meeting: &Meeting| {
        let here = items.iter().filter(|item| item.meeting == meeting.id);
        here.fold(Treatment::NotListed, |before, item| match (before, item.state) {
            (Treatment::Heard { .. }, ItemState::Deferred) => before,
            (_, ItemState::Deferred) => Treatment::Deferred,
            _ if item.case_type == Some(CaseType::TwelveMonthNotice) => Treatment::Noticed,
            _ => Treatment::Heard { next_review: item.next_review_on },
        })
    };
    let of = |meeting: &Meeting| HeldMeeting {
        on: meeting.on,
        ended: meeting
            .ended_at
            .unwrap_or(meeting.starts_at + Duration::minutes(meeting.minutes.into())),
        emergency: meeting.emergency,
        case: treatment(meeting),
    };
    let mut history: Vec<HeldMeeting> = held.iter().map(of).collect();
    let last = history.iter_mut().rfind(|m| matches!(m.case, Treatment::Heard { .. }));
    if let Some(last) = last {
        let later = row.next_review_on.filter(|on| *on > last.on);
        if later.is_some() {
            last.case = Treatment::Heard { next_review: later };
        }
    }
    history
}

/// The event that brings a case back, where one was noted.
fn triggers(row: &CaseRow) -> Vec<Trigger> {
    let at = |recorded| Trigger { kind: TriggerKind::Noted, on: local_date(recorded), recorded };
    row.trigger_at.map(at).into_iter().collect()
}

/// A case that comes back, for these reasons.
fn again(
    row: &CaseRow,
    section: ReviewSection,
    reasons: &[Reason],
    items: &[&Taken],
    history: &[HeldMeeting],
) -> Candidate {
    let put_off = items.iter().rfind(|item| item.state == ItemState::Deferred);
    let told = |reason: &Reason| match (reason, put_off) {
        (Reason::Deferred { .. }, Some(item)) if !item.reason.is_empty() => {
            format!("{reason}: {}", item.reason)
        }
        (Reason::Triggered { .. }, _) => format!("{reason}: {}", row.trigger_note),
        _ => reason.to_string(),
    };
    let why = sentence(&reasons.iter().map(told).collect::<Vec<_>>());
    let last = |wanted: fn(&Treatment) -> bool| {
        history.iter().rfind(|m| wanted(&m.case)).map(|m| m.on).unwrap_or_default()
    };
    match section {
        ReviewSection::Deferred => {
            let since = last(|case| *case == Treatment::Deferred);
            let carried_from = put_off.map(|item| item.item);
            Candidate { carried_from, ..plain(row.id, CaseType::Deferred, why, since) }
        }
        ReviewSection::Reviews => {
            let since = last(|case| matches!(case, Treatment::Heard { .. }));
            plain(row.id, CaseType::Review, why, since)
        }
    }
}

/// A candidate for whose section it does not matter whether there are children.
fn plain(case: CaseId, case_type: CaseType, why: String, since: NaiveDate) -> Candidate {
    let (children, late, late_reason, carried_from) = (false, false, String::new(), None);
    Candidate { case, case_type, children, late, late_reason, carried_from, why, since }
}

fn closure(case: &CaseRow, proposal: &str) -> Result<Candidate, AppError> {
    let proposed: ClosureProposal = serde_json::from_str(proposal).map_err(AppError::failed)?;
    let why = format!("Closure proposed: {}", proposed.reason.label().to_lowercase());
    Ok(plain(case.id, CaseType::Closure, why, proposed.on))
}

fn carried(item: PutOff) -> Carried {
    let day = words::weekday_date(item.on);
    let why = format!("Deferred on {day}: {}", item.reason);
    Carried { from: item.item, title: item.title, minutes: item.minutes, why }
}
