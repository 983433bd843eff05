//! What somebody changed in one row of the file, as the steps that bring it about.

use super::columns::{Col, Layout};
use crate::actions::register::Row;
use crate::actions::step::Step;
use chrono::NaiveDate;
use panel_core::action::{ActionStatus, Approach, Assignee, Owner, StatusFilter};
use panel_core::agency::Agency;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, PanelId};
use panel_core::text::{Name, Note, Title, fold};
use panel_core::tracker::dates::{self, Purpose};
use panel_core::tracker::sheet::Row as SheetRow;
use panel_core::tracker::status::usual_action_status;
use panel_store::actions::Kept;
use panel_store::users::Sitter;

/// Something in the way of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) col: Col,
    pub(super) reason: String,
}

fn wrong(col: Col, reason: impl Into<String>) -> Wrong {
    Wrong { col, reason: reason.into() }
}

/// The names that a file may use.
pub(super) struct Names {
    pub(super) agencies: Vec<Agency>,
    pub(super) members: Vec<(PanelId, AgencyId)>,
    pub(super) sitters: Vec<Sitter>,
}

/// One row of the file beside the action it is about.
pub(super) struct Edit<'a> {
    pub(super) layout: &'a Layout,
    pub(super) cells: &'a SheetRow,
    pub(super) row: &'a Row,
    pub(super) kept: &'a Kept,
    pub(super) names: &'a Names,
    pub(super) today: NaiveDate,
}

impl Edit<'_> {
    /// The text of a cell that differs from what the action has.
    fn changed(&self, col: Col) -> Option<String> {
        let typed = self.layout.plain(self.cells, col, self.today)?;
        let current = super::columns::cells(self.row, self.today);
        let place = Col::ALL.iter().position(|other| *other == col)?;
        let was = current.get(place).map(|cell| col.plain(cell, self.today)).unwrap_or_default();
        (typed != was).then_some(typed)
    }

    /// The steps in an order in which they can be taken: what is finished is reopened first.
    pub(super) fn steps(&self) -> Result<Vec<Step>, Vec<Wrong>> {
        let mut errors: Vec<Wrong> = [Col::Case, Col::Person, Col::Set, Col::First, Col::Word]
            .into_iter()
            .filter(|col| self.changed(*col).is_some())
            .map(|col| wrong(col, "cannot be changed in a file"))
            .collect();
        let mut steps = Vec::new();
        let parts = [self.wording(), self.owner(), self.due(), self.status(), self.note()];
        for part in parts {
            match part {
                Ok(step) => steps.extend(step),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        steps.sort_by_key(|step| !matches!(step, Step::Reopen { .. }));
        Ok(steps)
    }

    fn wording(&self) -> Result<Option<Step>, Wrong> {
        let (text, approach) = (self.changed(Col::Text), self.changed(Col::Approach));
        if text.is_none() && approach.is_none() {
            return Ok(None);
        }
        let action = &self.kept.action;
        let text = match text {
            Some(typed) => Title::parse(&typed).map_err(|e| wrong(Col::Text, e.to_string()))?,
            None => action.text.clone(),
        };
        let approach = match approach.as_deref() {
            None => action.approach,
            Some("") => None,
            Some(typed) => Some(
                by_words::<Approach>(typed)
                    .ok_or_else(|| wrong(Col::Approach, "is no approach that Panel knows"))?,
            ),
        };
        Ok(Some(Step::Reword { text, approach }))
    }

    fn owner(&self) -> Result<Option<Step>, Wrong> {
        let (agency, person) = (self.changed(Col::Agency), self.changed(Col::Owner));
        if agency.is_none() && person.is_none() {
            return Ok(None);
        }
        let owner = &self.kept.action.owner;
        let agency = match agency {
            Some(typed) => self.agency(&typed)?,
            None => owner.agency,
        };
        let person = match person.as_deref() {
            // Another agency has other people, so the old one does not stay by being left alone.
            None if agency != owner.agency => {
                return Err(wrong(Col::Owner, "name the person at the other agency, or nobody"));
            }
            None => owner.person.clone(),
            Some("") => None,
            Some(typed) => Some(self.person(agency, typed)?),
        };
        Ok(Some(Step::Reassign { owner: Owner { agency, person } }))
    }

    fn agency(&self, typed: &str) -> Result<AgencyId, Wrong> {
        let folded = fold(typed);
        let known = |agency: &&Agency| {
            fold(agency.name.as_str()) == folded || agency.aliases.contains(&folded)
        };
        let panel = self.kept.action.panel;
        self.names
            .agencies
            .iter()
            .filter(known)
            .map(|agency| agency.id)
            .find(|id| self.names.members.contains(&(panel, *id)))
            .ok_or_else(|| wrong(Col::Agency, "is no agency of this panel"))
    }

    fn person(&self, agency: AgencyId, typed: &str) -> Result<Assignee, Wrong> {
        let (panel, folded) = (self.kept.action.panel, fold(typed));
        let is_named = |sitter: &&Sitter| {
            sitter.panel == panel && sitter.agency == agency && fold(&sitter.name) == folded
        };
        let mut found = self.names.sitters.iter().filter(is_named);
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(Assignee::User(only.user)),
            (Some(_), Some(_)) => Err(wrong(Col::Owner, "is the name of several people here")),
            (None, _) => {
                let message = "is nobody who sits at this panel for that agency";
                Name::parse(typed).map_err(|e| wrong(Col::Owner, e.to_string()))?;
                Err(wrong(Col::Owner, message))
            }
        }
    }

    fn due(&self) -> Result<Option<Step>, Wrong> {
        if self.changed(Col::Due).is_none() {
            return Ok(None);
        }
        let Some(cell) = self.layout.cell(self.cells, Col::Due) else { return Ok(None) };
        let due = dates::read(cell, Purpose::Event, self.today)
            .map_err(|error| wrong(Col::Due, error.to_string()))?;
        Ok(Some(Step::Redate { due, word: None }))
    }

    fn note(&self) -> Result<Option<Step>, Wrong> {
        let Some(typed) = self.changed(Col::Note) else { return Ok(None) };
        let note = Note::parse(&typed).map_err(|e| wrong(Col::Note, e.to_string()))?;
        Ok(Some(Step::Note { note, evidence: false, from_agency: true }))
    }

    fn status(&self) -> Result<Option<Step>, Wrong> {
        let typed = self.changed(Col::Status);
        let said = self.changed(Col::Outcome);
        let on = self.changed(Col::Reported);
        let Some(typed) = typed else {
            return match (said, on) {
                (None, None) => Ok(None),
                (Some(_), _) if !self.row.line.finished => {
                    Err(wrong(Col::Outcome, "says how it ended, but the status is not changed"))
                }
                (Some(_), _) => Err(wrong(Col::Outcome, "cannot be changed: reopen it first")),
                (None, Some(_)) if !self.row.line.finished => {
                    Err(wrong(Col::Reported, "says when it ended, but the status is not changed"))
                }
                (None, Some(_)) => Err(wrong(Col::Reported, "cannot be changed: reopen it first")),
            };
        };
        let wanted = status(&typed)
            .ok_or_else(|| wrong(Col::Status, "is a status that Panel does not know"))?;
        self.transition(wanted, said.unwrap_or_default(), on)
    }

    /// The step from where the action stands to where the file wants it.
    fn transition(
        &self,
        wanted: StatusFilter,
        said: String,
        on: Option<String>,
    ) -> Result<Option<Step>, Wrong> {
        use StatusFilter::{
            AwaitsChair, Completed, InProgress, NotDone, NotPossible, Open, Withdrawn,
        };
        let is = self.row.status;
        let reason = |said: &str| {
            Note::parse(said)
                .map_err(|_| wrong(Col::Outcome, "is missing: say why, in this column"))
        };
        let step = match (is, wanted) {
            (same, other) if same == other => return Ok(None),
            (AwaitsChair, NotPossible) => Step::AcceptNotPossible,
            (Completed | NotPossible | NotDone | Withdrawn, Open) => {
                Step::Reopen { reason: reason(&said)? }
            }
            (Completed | NotPossible | NotDone | Withdrawn, _) => {
                return Err(wrong(Col::Status, "is finished: set it to Open first"));
            }
            (Open, InProgress) => Step::Start,
            (_, Completed) => {
                let on = self.reported(on)?;
                let outcome = Note::parse(&said)
                    .map_err(|_| wrong(Col::Outcome, "is missing: say what came of it"))?;
                Step::Complete { on, outcome }
            }
            (Open | InProgress, AwaitsChair | NotPossible) => {
                Step::ReportNotPossible { reason: reason(&said)? }
            }
            (_, NotDone) => Step::ReportNotDone { reason: reason(&said)? },
            (_, Withdrawn) => Step::Withdraw { reason: reason(&said)? },
            _ => return Err(wrong(Col::Status, format!("cannot follow on “{is}”"))),
        };
        Ok(Some(step))
    }

    fn reported(&self, typed: Option<String>) -> Result<NaiveDate, Wrong> {
        let cell = self.layout.cell(self.cells, Col::Reported).filter(|_| typed.is_some());
        let missing = || wrong(Col::Reported, "is missing: give the day it was done");
        dates::read(cell.ok_or_else(missing)?, Purpose::Event, self.today)
            .map_err(|error| wrong(Col::Reported, error.to_string()))?
            .ok_or_else(missing)
    }
}

/// A value of a vocabulary by its label or its code.
fn by_words<T: Coded>(typed: &str) -> Option<T> {
    let folded = fold(typed);
    T::ALL.iter().copied().find(|value| fold(value.label()) == folded || value.code() == folded)
}

/// A status by its label, its code or a usual word for it.
fn status(typed: &str) -> Option<StatusFilter> {
    let by_label =
        by_words::<StatusFilter>(typed).filter(|status| StatusFilter::STATES.contains(status));
    by_label.or_else(|| {
        usual_action_status(typed).map(|status| match status {
            ActionStatus::Open => StatusFilter::Open,
            ActionStatus::InProgress => StatusFilter::InProgress,
            ActionStatus::Completed => StatusFilter::Completed,
            ActionStatus::NotPossible => StatusFilter::NotPossible,
            ActionStatus::NotDone => StatusFilter::NotDone,
            ActionStatus::Withdrawn => StatusFilter::Withdrawn,
        })
    })
}
