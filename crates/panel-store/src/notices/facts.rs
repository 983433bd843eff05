//! How the subjects of notices stand at this moment, and who may still hear of them.
//!
//! Planning trusts nothing it wrote down days ago: this is read again when a digest is made and once
//! more when it leaves.

use super::people::{Roster, panels_of, roster};
use super::{BATCH, parts};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{
    action_extensions, action_transfers, actions, info_requests, meetings, minutes,
};
use crate::sql_types::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::action::{ActionStatus, ExtensionStatus, ReceiverDueStatus, TransferStatus};
use panel_core::id::{
    ActionId, AgencyId, CaseId, ExtensionId, Id, InfoRequestId, MeetingId, MinutesId, PanelId,
    TransferId, UserId,
};
use panel_core::information::RequestState;
use panel_core::meeting::MeetingState;
use panel_core::reminder::{Audience, Directory, Notice, Now, Reason, Rule, Subject};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// What reminders need to know of an action; its wording is not among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = actions)]
pub(super) struct ActionFacts {
    pub(super) id: ActionId,
    #[diesel(column_name = panel_id)]
    pub(super) panel: PanelId,
    #[diesel(column_name = case_id)]
    pub(super) case: Option<CaseId>,
    #[diesel(column_name = owner_agency)]
    pub(super) agency: AgencyId,
    #[diesel(column_name = owner_user)]
    pub(super) owner: Option<UserId>,
    pub(super) due: Option<NaiveDate>,
    due_instance: i32,
    #[diesel(column_name = state)]
    status: ActionStatus,
    finished: bool,
    pub(super) created_at: DateTime<Utc>,
}

impl ActionFacts {
    pub(super) fn instance(&self) -> u32 {
        u32::try_from(self.due_instance).unwrap_or(0)
    }

    pub(super) fn awaits_chair(&self) -> bool {
        self.status == ActionStatus::NotPossible && !self.finished
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    fn now(&self, rule: Rule, instance: u32) -> Now {
        let live = |instance| Now::Live { instance, date: self.due };
        match rule {
            _ if self.is_finished() => Now::Over(Reason::Finished),
            Rule::NotPossibleReported if self.awaits_chair() => live(instance),
            // The question is answered, or nothing is asked of the owner any more.
            Rule::NotPossibleReported => Now::Over(Reason::Finished),
            Rule::Chased if self.awaits_chair() => Now::Over(Reason::Finished),
            Rule::Chased => live(instance),
            _ if self.awaits_chair() => Now::Held,
            _ => live(self.instance()),
        }
    }
}

pub(super) fn actions_of(
    az: &mut Authz<'_>,
    ids: &[ActionId],
) -> Result<Vec<ActionFacts>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let query =
            actions::table.select(ActionFacts::as_select()).filter(actions::id.eq_any(all(batch)));
        found.extend(query.load::<ActionFacts>(az.conn())?);
    }
    Ok(found)
}

/// What reminders need to know of an information request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = info_requests)]
pub(super) struct RequestFacts {
    pub(super) id: InfoRequestId,
    #[diesel(column_name = panel_id)]
    pub(super) panel: PanelId,
    #[diesel(column_name = case_id)]
    pub(super) case: CaseId,
    #[diesel(column_name = agency_id)]
    pub(super) agency: AgencyId,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) due_on: NaiveDate,
    state: RequestState,
    instance: i32,
}

impl RequestFacts {
    pub(super) fn instance(&self) -> u32 {
        u32::try_from(self.instance).unwrap_or(0)
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == RequestState::Asked
    }
}

pub(super) fn requests_of(
    az: &mut Authz<'_>,
    ids: &[InfoRequestId],
) -> Result<Vec<RequestFacts>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let query = info_requests::table
            .select(RequestFacts::as_select())
            .filter(info_requests::id.eq_any(all(batch)));
        found.extend(query.load::<RequestFacts>(az.conn())?);
    }
    Ok(found)
}

/// A transfer that was accepted with another due date, which the chair has not answered.
pub(super) const DUE_ASKED: [Sql<Option<ReceiverDueStatus>>; 1] =
    [Sql(Some(ReceiverDueStatus::Proposed))];

/// Everything that decides over a handful of notices.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub(super) roster: Roster,
    today: NaiveDate,
    pub(super) actions: HashMap<ActionId, ActionFacts>,
    pub(super) requests: HashMap<InfoRequestId, RequestFacts>,
    transfers: HashMap<TransferId, Option<CaseId>>,
    extensions: HashMap<ExtensionId, Option<CaseId>>,
    meetings: HashMap<MeetingId, (MeetingState, NaiveDate)>,
    minutes: HashSet<MinutesId>,
}

/// Reads how the subjects of these notices stand.
pub fn facts(az: &mut Authz<'_>, of: &[(PanelId, Subject)]) -> Result<Facts, StoreError> {
    let panels = panels_of(of.iter().map(|(panel, _)| *panel));
    let mut facts =
        Facts { roster: roster(az, Some(&panels))?, today: az.today(), ..Facts::default() };
    let actions = ids(of, |subject| matches!(subject, Subject::Action(_)));
    facts.actions = actions_of(az, &actions)?.into_iter().map(|a| (a.id, a)).collect();
    let requests = ids(of, |subject| matches!(subject, Subject::Request(_)));
    facts.requests = requests_of(az, &requests)?.into_iter().map(|r| (r.id, r)).collect();
    let transfers: Vec<TransferId> = ids(of, |subject| matches!(subject, Subject::Transfer(_)));
    for batch in transfers.chunks(BATCH) {
        let open = action_transfers::table
            .inner_join(actions::table.on(actions::id.eq(action_transfers::action_id)))
            .filter(action_transfers::id.eq_any(all(batch)))
            .filter(
                action_transfers::state
                    .eq(Sql(TransferStatus::Proposed))
                    .or(action_transfers::due_state.eq_any(DUE_ASKED)),
            )
            .select((action_transfers::id, actions::case_id));
        facts.transfers.extend(open.load::<(TransferId, Option<CaseId>)>(az.conn())?);
    }
    let extensions: Vec<ExtensionId> = ids(of, |subject| matches!(subject, Subject::Extension(_)));
    for batch in extensions.chunks(BATCH) {
        let open = action_extensions::table
            .inner_join(actions::table.on(actions::id.eq(action_extensions::action_id)))
            .filter(action_extensions::id.eq_any(all(batch)))
            .filter(action_extensions::state.eq(Sql(ExtensionStatus::Awaited)))
            .select((action_extensions::id, actions::case_id));
        facts.extensions.extend(open.load::<(ExtensionId, Option<CaseId>)>(az.conn())?);
    }
    let found: Vec<MeetingId> = ids(of, |subject| matches!(subject, Subject::Meeting(_)));
    for batch in found.chunks(BATCH) {
        let query = meetings::table.filter(meetings::id.eq_any(all(batch))).select((
            meetings::id,
            meetings::state,
            meetings::meets_on,
        ));
        let rows: Vec<(MeetingId, MeetingState, NaiveDate)> = query.load(az.conn())?;
        facts.meetings.extend(rows.into_iter().map(|(id, state, on)| (id, (state, on))));
    }
    let versions: Vec<MinutesId> = ids(of, |subject| matches!(subject, Subject::Minutes(_)));
    for batch in versions.chunks(BATCH) {
        let signed = minutes::table
            .filter(minutes::id.eq_any(all(batch)).and(minutes::reopened_at.is_null()))
            .select(minutes::id);
        facts.minutes.extend(signed.load::<MinutesId>(az.conn())?);
    }
    Ok(facts)
}

fn ids<T: Id + Ord>(of: &[(PanelId, Subject)], wanted: impl Fn(&Subject) -> bool) -> Vec<T> {
    let subjects = of.iter().map(|(_, subject)| *subject).filter(wanted);
    let mut ids: Vec<T> = subjects.map(|subject| T::from_uuid(parts(subject).1.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl Facts {
    /// How the subject of a notice stands for this notice: what it is about, and whether its person
    /// may still hear of it.
    pub fn now(&self, panel: PanelId, notice: &Notice) -> Now {
        match self.subject(notice) {
            Now::Live { .. } if !self.may_hear(panel, notice) => Now::Over(Reason::RecipientLeft),
            now => now,
        }
    }

    fn subject(&self, notice: &Notice) -> Now {
        let live = Now::Live { instance: notice.instance, date: notice.date };
        let open = |open: bool| if open { live } else { Now::Over(Reason::Finished) };
        match notice.subject {
            Subject::Action(id) => self
                .actions
                .get(&id)
                .map_or(Now::Over(Reason::Finished), |a| a.now(notice.rule, notice.instance)),
            Subject::Request(id) => match self.requests.get(&id).filter(|r| r.is_open()) {
                None => Now::Over(Reason::Finished),
                Some(_) if notice.rule == Rule::Chased => live,
                Some(request) => {
                    Now::Live { instance: request.instance(), date: Some(request.due_on) }
                }
            },
            Subject::Transfer(id) => open(self.transfers.contains_key(&id)),
            Subject::Extension(id) => open(self.extensions.contains_key(&id)),
            Subject::Meeting(id) => self.meeting(notice, id),
            Subject::Minutes(id) if self.minutes.contains(&id) => live,
            Subject::Minutes(_) => Now::Over(Reason::Overtaken),
        }
    }

    fn meeting(&self, notice: &Notice, id: MeetingId) -> Now {
        let Some((state, on)) = self.meetings.get(&id).copied() else {
            return Now::Over(Reason::Overtaken);
        };
        let is_ahead =
            matches!(state, MeetingState::Planned | MeetingState::Issued) && on >= self.today;
        let holds = match notice.rule {
            Rule::MeetingCancelled => state == MeetingState::Cancelled,
            Rule::MeetingMoved => is_ahead && notice.date == Some(on),
            _ => is_ahead && state == MeetingState::Issued,
        };
        if holds {
            Now::Live { instance: notice.instance, date: Some(on) }
        } else {
            Now::Over(Reason::Overtaken)
        }
    }

    /// The notice with the date that its meeting has now.
    #[must_use]
    pub fn redated(&self, notice: Notice) -> Notice {
        match notice.subject {
            Subject::Meeting(id) => {
                let date = self.meetings.get(&id).map(|(_, on)| *on).or(notice.date);
                Notice { date, ..notice }
            }
            _ => notice,
        }
    }

    fn may_hear(&self, panel: PanelId, notice: &Notice) -> bool {
        let person = notice.person;
        match notice.subject {
            Subject::Action(id) => self.actions.get(&id).is_some_and(|action| {
                let around = self.roster.around(panel, action.case);
                let directory = around.directory(action.agency, action.owner);
                let speaks = around.speaks_for(action.agency, person);
                hears(notice.rule, &directory, person, speaks)
            }),
            Subject::Request(id) => self.requests.get(&id).is_some_and(|request| {
                let around = self.roster.around(panel, Some(request.case));
                around.speaks_for(request.agency, person)
            }),
            Subject::Transfer(id) => {
                self.roster.around(panel, case_of(&self.transfers, &id)).has_seat(person)
            }
            Subject::Extension(id) => {
                self.roster.around(panel, case_of(&self.extensions, &id)).has_seat(person)
            }
            Subject::Meeting(_) | Subject::Minutes(_) => {
                self.roster.around(panel, None).has_seat(person)
            }
        }
    }

    /// Whether nobody is chased about this action because the chair has not answered.
    pub fn is_held(&self, subject: Subject) -> bool {
        match subject {
            Subject::Action(id) => self.actions.get(&id).is_some_and(ActionFacts::awaits_chair),
            _ => false,
        }
    }
}

fn case_of<K: Eq + Hash>(found: &HashMap<K, Option<CaseId>>, id: &K) -> Option<CaseId> {
    found.get(id).copied().flatten()
}

/// Whether a person is among those who hear of an action by a rule. Whoever speaks for the owning
/// agency may hear what its owner and its contacts hear.
fn hears(rule: Rule, directory: &Directory, person: UserId, speaks: bool) -> bool {
    match rule {
        Rule::Chased => speaks || directory.owner == Some(person),
        Rule::NotPossibleReported => directory.chairs.contains(&person),
        _ => rule.audiences().iter().any(|audience| match audience {
            Audience::Owner | Audience::Contact => speaks || directory.owner == Some(person),
            other => directory.people(*other).contains(&person),
        }),
    }
}
