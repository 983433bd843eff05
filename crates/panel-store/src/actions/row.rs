//! An action as a row: core's value in columns, and the columns that are worked out from it.

use crate::error::StoreError;
use crate::schema::actions;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::action::{
    Acceptance, Action, ActionState, ActionStatus, Approach, Assignee, DueText, Owner, Progress,
};
use panel_core::id::{ActionId, AgencyId, AgendaItemId, CaseId, MeetingId, PanelId, UserId};
use panel_core::text::{Name, Note, TextError, Title, fold};

/// An action as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The action.
    pub action: Action,
    /// The agenda item in which it was born.
    pub item: Option<AgendaItemId>,
    /// Whether it came from an old tracker.
    pub imported: bool,
    /// The date by which on-time is judged.
    pub judged: Option<NaiveDate>,
    /// The version a change must name.
    pub version: i32,
}

/// The columns that an action is read from.
#[derive(Queryable, Selectable)]
#[diesel(table_name = actions)]
pub(super) struct Row {
    id: ActionId,
    #[diesel(column_name = panel_id)]
    panel: PanelId,
    #[diesel(column_name = case_id)]
    case: Option<CaseId>,
    #[diesel(column_name = meeting_id)]
    meeting: Option<MeetingId>,
    #[diesel(column_name = item_id)]
    item: Option<AgendaItemId>,
    text: String,
    approach: Option<Approach>,
    owner_agency: AgencyId,
    owner_user: Option<UserId>,
    owner_name: String,
    set_on: NaiveDate,
    first_due: Option<NaiveDate>,
    due: Option<NaiveDate>,
    due_word: String,
    due_instance: i32,
    state: ActionStatus,
    reported_on: Option<NaiveDate>,
    outcome: String,
    reason: String,
    was: Option<Progress>,
    decided_by: Option<UserId>,
    decided_on: Option<NaiveDate>,
    imported: bool,
    version: i32,
    judged: Option<NaiveDate>,
}

pub(super) fn text<T>(parsed: Result<T, TextError>) -> Result<T, StoreError> {
    parsed.map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// The text, or none where the column is empty.
pub(super) fn optional<T>(
    raw: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Result<Option<T>, StoreError> {
    if raw.is_empty() { Ok(None) } else { text(parse(raw)).map(Some) }
}

pub(super) fn missing(what: &str) -> StoreError {
    StoreError::Unreadable(format!("an action without {what}"))
}

impl Row {
    fn state(&self) -> Result<ActionState, StoreError> {
        let on = || self.reported_on.ok_or_else(|| missing("the day of its report"));
        let reason = || text(Note::parse(&self.reason));
        Ok(match self.state {
            ActionStatus::Open => ActionState::Open,
            ActionStatus::InProgress => ActionState::InProgress,
            ActionStatus::Completed => {
                ActionState::Completed { on: on()?, outcome: text(Note::parse(&self.outcome))? }
            }
            ActionStatus::NotPossible => ActionState::NotPossible {
                on: on()?,
                reason: reason()?,
                acceptance: match (self.was, self.decided_by, self.decided_on) {
                    (Some(was), ..) => Acceptance::Awaited { was },
                    (None, Some(by), Some(on)) => Acceptance::Accepted { by, on },
                    _ => Acceptance::Imported,
                },
            },
            ActionStatus::NotDone => ActionState::NotDone { on: on()?, reason: reason()? },
            ActionStatus::Withdrawn => {
                let by = self.decided_by.ok_or_else(|| missing("the chair who withdrew it"))?;
                ActionState::Withdrawn { on: on()?, by, reason: reason()? }
            }
        })
    }
}

impl TryFrom<Row> for Kept {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = row.state()?;
        let written = optional(&row.owner_name, Name::parse)?.map(Assignee::Written);
        let action = Action {
            id: row.id,
            panel: row.panel,
            case: row.case,
            born_in: row.meeting,
            text: text(Title::parse(&row.text))?,
            approach: row.approach,
            owner: Owner {
                agency: row.owner_agency,
                person: row.owner_user.map(Assignee::User).or(written),
            },
            set_on: row.set_on,
            original_due: row.first_due,
            due: row.due,
            due_word: optional(&row.due_word, DueText::parse)?,
            due_instance: u32::try_from(row.due_instance)
                .map_err(|error| StoreError::Unreadable(error.to_string()))?,
            state,
        };
        Ok(Self {
            action,
            item: row.item,
            imported: row.imported,
            judged: row.judged,
            version: row.version,
        })
    }
}

/// The columns of a state.
#[derive(Default)]
pub(super) struct StateColumns<'a> {
    pub(super) reported_on: Option<NaiveDate>,
    pub(super) outcome: &'a str,
    pub(super) reason: &'a str,
    pub(super) was: Option<Progress>,
    pub(super) decided_by: Option<UserId>,
    pub(super) decided_on: Option<NaiveDate>,
}

impl<'a> From<&'a ActionState> for StateColumns<'a> {
    fn from(state: &'a ActionState) -> Self {
        match state {
            ActionState::Open | ActionState::InProgress => Self::default(),
            ActionState::Completed { on, outcome } => {
                Self { reported_on: Some(*on), outcome: outcome.as_str(), ..Self::default() }
            }
            ActionState::NotDone { on, reason } => {
                Self { reported_on: Some(*on), reason: reason.as_str(), ..Self::default() }
            }
            ActionState::Withdrawn { on, by, reason } => Self {
                reported_on: Some(*on),
                reason: reason.as_str(),
                decided_by: Some(*by),
                decided_on: Some(*on),
                ..Self::default()
            },
            ActionState::NotPossible { on, reason, acceptance } => {
                let reported =
                    Self { reported_on: Some(*on), reason: reason.as_str(), ..Self::default() };
                match acceptance {
                    Acceptance::Awaited { was } => Self { was: Some(*was), ..reported },
                    Acceptance::Accepted { by, on } => {
                        Self { decided_by: Some(*by), decided_on: Some(*on), ..reported }
                    }
                    Acceptance::Imported => reported,
                }
            }
        }
    }
}

/// The account and the written name of an owner.
pub(super) fn person(owner: &Owner) -> (Option<UserId>, &str) {
    match &owner.person {
        None => (None, ""),
        Some(Assignee::User(user)) => (Some(*user), ""),
        Some(Assignee::Written(name)) => (None, name.as_str()),
    }
}

/// After every due date that can be entered, so that lists by due date end with those that have none.
pub(super) const NO_DUE: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The words by which an action is found: its wording and the written name of its owner, folded.
pub(super) fn search_words(action: &Action) -> String {
    fold(&format!("{} {}", action.text, person(&action.owner).1))
}

/// The instance as it is kept; it counts up by one a change and never comes near the end.
pub(super) fn instance(action: &Action) -> i32 {
    i32::try_from(action.due_instance).unwrap_or(i32::MAX)
}
