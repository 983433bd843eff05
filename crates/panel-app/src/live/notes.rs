//! What is said about an item, and what is decided: typed, saved, and never lost to a second writer.

use super::{found_item, item_deed, must_take_notes, must_take_outcomes};
use crate::cases::{ClosureForm, close_within, drop_proposal_within, propose_within};
use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use chrono::NaiveDate;
use panel_core::action::Approach;
use panel_core::agenda::Decision;
use panel_core::case::{CaseStatus, ClosureReason};
use panel_core::coded;
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, CaseId};
use panel_core::text::{LongNote, Name, Note, TextError};
use panel_core::words;
use panel_store::agenda::{self, Line, Notes};
use panel_store::meetings::Meeting;
use panel_store::{Authz, cases};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

coded! {
    /// A text of an item that is saved while it is typed.
    pub enum NoteField: "field" {
        /// What was said.
        Discussion = "discussion" => "Discussion",
        /// The risks that were named.
        Risks = "risks" => "Risks",
        /// What the victim says.
        VictimVoice = "victim_voice" => "Victim’s voice",
        /// What protects.
        Protective = "protective" => "Protective factors",
        /// The terms of the decision.
        DecisionNote = "decision_note" => "Terms of the decision",
        /// Who tells the victim.
        InformsVictim = "informs_victim" => "Who tells the victim",
        /// The chair's own notes.
        ChairNotes = "chair_notes" => "Chair’s own notes",
    }
}

/// What the page of an item holds: what was said, and the outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RecordForm {
    /// The version that the writer saw.
    pub version: i32,
    /// What was said.
    pub discussion: String,
    /// The risks that were named.
    pub risks: String,
    /// What the victim says.
    pub victim_voice: String,
    /// Who gave it.
    pub voice_by: String,
    /// What protects.
    pub protective: String,
    /// The approaches chosen.
    pub approaches: Vec<Approach>,
    /// The decision; none while it is open.
    pub decision: Option<Decision>,
    /// Its terms.
    pub decision_note: String,
    /// When the case comes back; none leaves it to the panel's rule.
    pub next_review_on: Option<NaiveDate>,
    /// Why the case is to be closed, with the decision to close it.
    pub closure: Option<ClosureReason>,
    /// Closes it at once, which the chair alone can do.
    pub close_now: bool,
    /// Who tells the victim, and whether it is safe.
    pub informs_victim: String,
    /// The chair's own notes; whoever does not chair leaves them as they are.
    pub chair_notes: String,
}

fn checked<T: Into<String>>(
    field: &str,
    label: &str,
    parsed: Result<T, TextError>,
    errors: &mut Vec<FieldError>,
) -> String {
    match parsed {
        Ok(text) => text.into(),
        Err(TextError::Empty) => String::new(),
        Err(error) => {
            errors.push(text_error(field, label, &error));
            String::new()
        }
    }
}

fn long(field: NoteField, raw: &str, errors: &mut Vec<FieldError>) -> String {
    checked(field.code(), field.label(), LongNote::parse(raw), errors)
}

fn short(field: NoteField, raw: &str, errors: &mut Vec<FieldError>) -> String {
    checked(field.code(), field.label(), Note::parse(raw), errors)
}

/// The approaches in the form in which they are kept.
fn kept(approaches: &[Approach]) -> String {
    approaches.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ")
}

/// The approaches of a kept text, in its order.
pub(crate) fn approaches(kept: &str) -> Vec<Approach> {
    kept.split(' ').filter_map(|code| Approach::from_code(code).ok()).collect()
}

impl RecordForm {
    /// Every text checked, or every reason why not.
    fn notes(&self) -> Result<Notes, Vec<FieldError>> {
        let mut errors = Vec::new();
        let notes = Notes {
            discussion: long(NoteField::Discussion, &self.discussion, &mut errors),
            risks: long(NoteField::Risks, &self.risks, &mut errors),
            victim_voice: long(NoteField::VictimVoice, &self.victim_voice, &mut errors),
            voice_by: checked("voice_by", "Given by", Name::parse(&self.voice_by), &mut errors),
            protective: long(NoteField::Protective, &self.protective, &mut errors),
            approaches: kept(&self.approaches),
            decision: self.decision,
            decision_note: short(NoteField::DecisionNote, &self.decision_note, &mut errors),
            next_review_on: self.next_review_on,
            informs_victim: short(NoteField::InformsVictim, &self.informs_victim, &mut errors),
            chair_notes: short(NoteField::ChairNotes, &self.chair_notes, &mut errors),
        };
        if errors.is_empty() { Ok(notes) } else { Err(errors) }
    }

    /// What of the outcome cannot be taken.
    fn outcome_errors(&self, meeting: &Meeting, has_case: bool) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, code, message: String| {
            errors.push(FieldError { field: field.to_owned(), code, message });
        };
        if !has_case && (self.decision.is_some() || self.next_review_on.is_some()) {
            wrong("decision", "no_case", "Only a case can be decided".to_owned());
        }
        if let Some(on) = self.next_review_on {
            if on <= meeting.on {
                let day = words::weekday_date(meeting.on);
                let message = format!("Next review must be after the meeting of {day}");
                wrong("next_review_on", "not_after", message);
            }
            if self.decision == Some(Decision::Close) {
                let message = "A case that is to be closed has no next review".to_owned();
                wrong("next_review_on", "of_closed", message);
            }
        }
        if self.closure.is_some_and(|reason| !reason.can_be_chosen()) {
            wrong("closure", "not_offered", "Select why the case is to be closed".to_owned());
        }
        errors
    }
}

/// Whether the outcome differs, as opposed to what was said.
fn decides(before: &Notes, after: &Notes) -> bool {
    (before.decision, before.next_review_on, &before.approaches)
        != (after.decision, after.next_review_on, &after.approaches)
}

/// Records what was said about an item and what was decided; returns its new version. A decision to
/// close proposes the closure, or closes the case when the chair says so; any other decision takes a
/// waiting proposal back.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed; [`AppError::Rule`] `not_in_progress` for an outcome
/// outside of the meeting, `minutes_signed`, `not_listed` for what was put off or taken off;
/// [`AppError::Stale`], [`AppError::NotFound`] for whoever does not run the panel.
pub fn record(ctx: &Ctx<'_>, id: AgendaItemId, form: &RecordForm) -> Result<i32, AppError> {
    ctx.write(|az| {
        let (meeting, line) = found_item(ctx, az, id)?;
        if line.item.version != form.version {
            return Err(AppError::Stale);
        }
        must_take_notes(az, &meeting)?;
        super::outcome::must_be_on(&line.item)?;
        let notes = read(ctx, &meeting, &line, form)?;
        if decides(&line.notes, &notes) {
            must_take_outcomes(&meeting)?;
        }
        if let Some(case) = line.item.case
            && (line.notes.decision != notes.decision || form.close_now)
        {
            must_take_outcomes(&meeting)?;
            follow(ctx, az, case, form)?;
        }
        if !agenda::record(az, id, form.version, line.item.state, &notes)? {
            return Err(AppError::Stale);
        }
        let deed = item_deed("item.record", &meeting, &line.item);
        az.did(match notes.decision {
            Some(decision) => deed.with(decision.code()),
            None => deed,
        });
        Ok(form.version + 1)
    })
}

fn read(
    ctx: &Ctx<'_>,
    meeting: &Meeting,
    line: &Line,
    form: &RecordForm,
) -> Result<Notes, AppError> {
    let mut errors = form.outcome_errors(meeting, line.item.case.is_some());
    match form.notes() {
        Ok(mut notes) if errors.is_empty() => {
            if !ctx.actor().chairs(meeting.panel) {
                notes.chair_notes.clone_from(&line.notes.chair_notes);
            }
            Ok(notes)
        }
        Ok(_) => Err(AppError::Invalid(errors)),
        Err(texts) => {
            errors.extend(texts);
            Err(AppError::Invalid(errors))
        }
    }
}

/// What a decision means for the case: its closure is proposed, done, or no longer asked for.
fn follow(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    case: CaseId,
    form: &RecordForm,
) -> Result<(), AppError> {
    let row = cases::find(az, case)?.ok_or(AppError::NotFound)?;
    if row.state == CaseStatus::Closed {
        return Ok(());
    }
    if form.decision != Some(Decision::Close) {
        drop_proposal_within(az, &row)?;
        return Ok(());
    }
    let Some(reason) = form.closure else {
        let message = "Select why the case is to be closed";
        return Err(AppError::field("closure", "missing", message));
    };
    let closing = ClosureForm {
        reason,
        on: None,
        note: form.decision_note.clone(),
        ticked: BTreeSet::new(),
        handed_over: Vec::new(),
    };
    if form.close_now {
        close_within(ctx, az, &row, &closing)?;
    } else {
        propose_within(ctx, az, &row, &closing)?;
    }
    Ok(())
}

/// Saves one text while it is typed, as it is typed; returns the item's new version.
///
/// # Errors
/// [`AppError::Invalid`] for a text that is too long, [`AppError::Rule`] `minutes_signed`,
/// `not_in_progress` or `not_listed`, [`AppError::Stale`] when somebody else saved meanwhile,
/// [`AppError::NotFound`] for whoever does not run the panel, and for the chair's notes for whoever
/// does not chair it.
pub fn type_note(
    ctx: &Ctx<'_>,
    id: AgendaItemId,
    version: i32,
    field: NoteField,
    text: &str,
) -> Result<i32, AppError> {
    ctx.write(|az| {
        let (meeting, line) = found_item(ctx, az, id)?;
        if field == NoteField::ChairNotes && !ctx.actor().chairs(meeting.panel) {
            return Err(AppError::NotFound);
        }
        if line.item.version != version {
            return Err(AppError::Stale);
        }
        must_take_notes(az, &meeting)?;
        super::outcome::must_be_on(&line.item)?;
        let mut errors = Vec::new();
        let mut notes = line.notes;
        match field {
            NoteField::Discussion => notes.discussion = long(field, text, &mut errors),
            NoteField::Risks => notes.risks = long(field, text, &mut errors),
            NoteField::VictimVoice => notes.victim_voice = long(field, text, &mut errors),
            NoteField::Protective => notes.protective = long(field, text, &mut errors),
            NoteField::DecisionNote => notes.decision_note = short(field, text, &mut errors),
            NoteField::InformsVictim => notes.informs_victim = short(field, text, &mut errors),
            NoteField::ChairNotes => notes.chair_notes = short(field, text, &mut errors),
        }
        if !errors.is_empty() {
            return Err(AppError::Invalid(errors));
        }
        if !agenda::record(az, id, version, line.item.state, &notes)? {
            return Err(AppError::Stale);
        }
        az.did(item_deed("item.type", &meeting, &line.item).with(field.code()));
        Ok(version + 1)
    })
}
