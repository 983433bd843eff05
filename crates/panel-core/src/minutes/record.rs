//! The record of one meeting: what the minutes say, frozen when they are signed.

use crate::action::ActionStatus;
use crate::agenda::{CaseType, Decision, ItemState, Section};
use crate::coded;
use crate::id::{ActionId, AgencyId, AgendaItemId, CaseId, MeetingId};
use crate::information::Coverage;
use crate::meeting::{AttendanceStatus, Movement};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The record of one meeting as it was signed: everything a reader needs, and no link to live rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// The meeting.
    pub meeting: MeetingId,
    /// The panel's name.
    pub panel: String,
    /// The meeting's number, such as `7 of 2026`.
    pub number: Option<String>,
    /// The day it was held.
    pub held_on: NaiveDate,
    /// When it began, in words.
    pub began: String,
    /// Where.
    pub venue: String,
    /// Who chaired.
    pub chair: String,
    /// The statement that was accepted.
    pub statement: String,
    /// Who was there and who was not.
    pub attendance: Vec<AttendanceLine>,
    /// Actions of earlier meetings that were not finished.
    pub incomplete: Vec<IncompleteAction>,
    /// What was taken, in order.
    pub items: Vec<ItemRecord>,
    /// The version.
    pub version: i32,
    /// Why this version corrects the one before.
    pub reason: String,
}

impl Record {
    /// The record of a reader who may know of these cases and, among the panel's own business, of the
    /// actions of these agencies. The rest is absent, not hidden, and items count without a gap.
    #[must_use]
    pub fn only(
        mut self,
        sees: impl Fn(CaseId) -> bool,
        acts_for: impl Fn(AgencyId) -> bool,
    ) -> Self {
        self.items.retain(|item| item.case.as_ref().is_none_or(|case| sees(case.case)));
        let own = |agency, case: Option<CaseId>| case.map_or_else(|| acts_for(agency), &sees);
        self.incomplete.retain(|action| own(action.agency, action.case));
        for (item, place) in self.items.iter_mut().zip(1..) {
            item.place = place;
            if item.case.is_none() {
                item.actions.retain(|action| acts_for(action.agency));
            }
        }
        self
    }

    /// Every case that it names.
    pub fn cases(&self) -> Vec<CaseId> {
        let items = self.items.iter().filter_map(|item| item.case.as_ref()).map(|case| case.case);
        items.chain(self.incomplete.iter().filter_map(|action| action.case)).collect()
    }
}

/// One line of the attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttendanceLine {
    /// The agency, or none for a guest.
    pub agency: Option<String>,
    /// The person.
    pub name: String,
    /// How they took part.
    pub status: AttendanceStatus,
    /// When information came instead of a person.
    pub information_on: Option<NaiveDate>,
    /// Whether the statement was accepted.
    pub statement_accepted: bool,
    /// Whom a deputy stands in for, or what else is to be said.
    pub note: String,
}

coded! {
    /// Where an action of an earlier meeting stood, as the minutes must tell apart.
    pub enum Incomplete: "standing of an incomplete action" {
        /// Circumstances prevented it.
        NotPossible = "not_possible" => "Not possible: circumstances changed",
        /// The agency has not done it.
        NotDone = "not_done" => "Not done",
        /// Still to be done.
        Open = "open" => "Still open",
    }
}

impl Incomplete {
    /// Where an action stood on the day of a meeting, from what it says now. None when it was
    /// finished by then, and for what was reported before `since`, the day of the meeting before:
    /// that stands in its minutes.
    pub fn on(
        status: ActionStatus,
        reported_on: Option<NaiveDate>,
        since: Option<NaiveDate>,
        day: NaiveDate,
    ) -> Option<Self> {
        let Some(reported_on) = reported_on.filter(|on| *on <= day) else {
            return Some(Self::Open);
        };
        let is_news = since.is_none_or(|since| reported_on > since);
        match status {
            ActionStatus::NotPossible if is_news => Some(Self::NotPossible),
            ActionStatus::NotDone if is_news => Some(Self::NotDone),
            _ => None,
        }
    }
}

/// An action of an earlier meeting that was not finished when this one was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncompleteAction {
    /// The action.
    pub action: ActionId,
    /// The case; none for the panel's own business.
    pub case: Option<CaseId>,
    /// The case's reference; empty without one.
    pub reference: String,
    /// What was to be done.
    pub text: String,
    /// Who owes it.
    pub owner: String,
    /// The agency that owes it.
    pub agency: AgencyId,
    /// When it was due.
    pub due: Option<NaiveDate>,
    /// When it was set.
    pub set_on: NaiveDate,
    /// Where it stood on the day of the meeting.
    pub why: Incomplete,
    /// The reason given.
    pub reason: String,
}

/// One item as it was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemRecord {
    /// The item.
    pub item: AgendaItemId,
    /// Its section.
    pub section: Section,
    /// Its number on the agenda.
    pub place: usize,
    /// The case, where it is one.
    pub case: Option<CaseRecord>,
    /// The heading of a standing item.
    pub title: String,
    /// How it ended.
    pub state: ItemState,
    /// Why it was put off or taken off.
    pub state_reason: String,
    /// What was said.
    pub discussion: String,
    /// The risks that were named.
    pub risks: String,
    /// What the victim says, and through whom.
    pub victim_voice: String,
    /// Who gave it.
    pub voice_by: String,
    /// What protects.
    pub protective: String,
    /// The approaches chosen, in words.
    pub approaches: Vec<String>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// When it comes back.
    pub next_review_on: Option<NaiveDate>,
    /// Who tells the victim, and whether it is safe.
    pub informs_victim: String,
    /// Actions that were set.
    pub actions: Vec<ActionRecord>,
    /// Who came in and went out here.
    pub movements: Vec<Movement>,
}

/// The case of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRecord {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// The person's name.
    pub person: String,
    /// The person's date of birth.
    pub born_on: Option<NaiveDate>,
    /// Why it was on the agenda.
    pub case_type: CaseType,
    /// How many agencies replied.
    pub coverage: Coverage,
    /// What each agency shared, in the order of the agencies' names.
    pub information: Vec<SharedInformation>,
}

/// What one agency shared about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedInformation {
    /// The agency.
    pub agency: String,
    /// What kind of reply.
    pub kind: String,
    /// Facts.
    pub facts: String,
    /// Professional opinion, kept apart from facts.
    pub opinion: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// An action as the meeting set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionRecord {
    /// The action.
    pub action: ActionId,
    /// What is to be done.
    pub text: String,
    /// Who owes it.
    pub owner: String,
    /// The agency that owes it.
    pub agency: AgencyId,
    /// When it is due, in words.
    pub due: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: ActionStatus, reported_on: Option<&str>, expected: Option<Incomplete>) {
        let day = |text: &str| text.parse().unwrap();
        let (since, held) = (Some(day("2026-04-16")), day("2026-05-14"));
        let found = Incomplete::on(status, reported_on.map(day), since, held);
        assert_eq!(found, expected, "{status} {reported_on:?}");
    }

    #[test]
    fn what_was_not_possible_and_what_was_not_done_are_told_apart() {
        use ActionStatus::{Completed, InProgress, NotDone, NotPossible, Open, Withdrawn};
        check(Open, None, Some(Incomplete::Open));
        check(InProgress, None, Some(Incomplete::Open));
        check(NotPossible, Some("2026-05-14"), Some(Incomplete::NotPossible));
        check(NotDone, Some("2026-04-17"), Some(Incomplete::NotDone));
        check(NotDone, Some("2026-04-16"), None);
        check(Completed, Some("2026-05-14"), None);
        check(Withdrawn, Some("2026-05-01"), None);
    }

    #[test]
    fn what_ended_after_the_meeting_was_open_at_it() {
        use ActionStatus::{Completed, NotDone, Withdrawn};
        for status in [Completed, NotDone, Withdrawn] {
            check(status, Some("2026-05-15"), Some(Incomplete::Open));
        }
    }
}
