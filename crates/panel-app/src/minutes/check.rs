//! What the chair should mend, or know of, before signing, with the place where each is mended.

use super::build::Ground;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgendaItemId, AttendanceId};
use panel_core::minutes::{CaseFact, Check, Facts, Finding, check};
use panel_store::agenda::Line;
use serde::Serialize;

/// Where a finding is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MinutesPlace))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the attendance.
    Attendance,
    /// At one person of the attendance.
    Person(AttendanceId),
    /// At an item.
    Item(AgendaItemId),
    /// At an action.
    Action(ActionId),
}

/// One thing to mend, or to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FindingView {
    /// What kind of thing.
    pub check: Check,
    /// The same in words.
    pub label: String,
    /// What it is about.
    pub about: String,
    /// Whether it stops the signature.
    pub blocking: bool,
    /// Where it is mended.
    pub place: Place,
}

fn case_fact(line: &Line) -> Option<CaseFact> {
    let heading = line.case.as_ref()?;
    let notes = &line.notes;
    let texts = [&notes.discussion, &notes.risks, &notes.victim_voice, &notes.protective];
    Some(CaseFact {
        reference: heading.reference.clone(),
        state: line.item.state,
        decided: notes.decision.is_some(),
        recorded: texts.iter().any(|text| !text.is_empty()),
    })
}

/// Everything to mend or to know before signing.
pub(super) fn findings(ground: &Ground) -> Vec<FindingView> {
    let action = |line: &panel_store::actions::register::Line| {
        let owned = line.owner_name().is_some_and(|name| !name.is_empty());
        (line.text.clone(), owned, line.due.is_some() || !line.due_word.is_empty())
    };
    let facts = Facts {
        cases: ground.lines.iter().filter_map(case_fact).collect(),
        actions: ground.set.iter().filter(|line| !line.finished).map(action).collect(),
        people: ground
            .attendance
            .iter()
            .map(|(line, _)| (line.name.clone(), line.status, line.statement_at.is_some()))
            .collect(),
    };
    let found = check(&facts, &ground.panel.policy.minutes);
    found.into_iter().map(|finding| view(ground, finding)).collect()
}

fn view(ground: &Ground, finding: Finding) -> FindingView {
    let about = &finding.about;
    let item = || {
        let named = |line: &&Line| line.case.as_ref().is_some_and(|case| case.reference == *about);
        ground.lines.iter().find(named).map(|line| Place::Item(line.item.id))
    };
    let action = || {
        let named = ground.set.iter().find(|line| line.text == *about);
        named.map(|line| Place::Action(line.id))
    };
    let person = || {
        let named = ground
            .attendance
            .iter()
            .find(|(line, _)| line.name == *about && line.statement_at.is_none());
        named.map(|(line, _)| Place::Person(line.id))
    };
    let place = match finding.check {
        Check::Undecided | Check::NothingRecorded => item(),
        Check::ActionWithoutOwner | Check::ActionWithoutDate => action(),
        Check::StatementNotAccepted => person(),
        Check::NobodyPresent => None,
    };
    FindingView {
        check: finding.check,
        label: finding.check.label().to_owned(),
        blocking: finding.blocking,
        place: place.unwrap_or(Place::Attendance),
        about: finding.about,
    }
}
