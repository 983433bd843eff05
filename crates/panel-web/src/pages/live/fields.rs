//! The form of an item: what was said and decided, field by field.

use super::item_path;
use crate::errors::Failure;
use crate::form::kinds::{date, line, many_of, narrative, pick, pick_radios, tick};
use crate::form::{Choice, Days, Declared, Field, Form, FormView, Layout, Optional, Refused};
use crate::posted::Posted;
use crate::view::Button;
use crate::web::Asker;
use chrono::NaiveDate;
use panel_app::live::{ItemView, RecordForm};
use panel_core::action::Approach;
use panel_core::agenda::Decision;
use panel_core::case::ClosureReason;
use panel_core::coded::Coded;
use panel_core::text::{LongNote, Name, Note};

/// The answer that a case is not decided yet.
const UNDECIDED: &str = "open";

static DISCUSSION: Optional<'_, LongNote> =
    narrative("discussion", "Discussion").rows(7).optional();
static RISKS: Optional<'_, LongNote> = narrative("risks", "Risks").rows(3).optional();
static VOICE: Optional<'_, LongNote> =
    narrative("victim_voice", "Victim’s voice").rows(3).optional();
static VOICE_BY: Optional<'_, Name> = line("voice_by", "Victim’s voice given by").optional();
static PROTECTIVE: Optional<'_, LongNote> =
    narrative("protective", "Protective factors").rows(2).optional();
static APPROACHES: Optional<'_, Vec<Approach>> = many_of("approaches", "Approach").optional();
static DECISION: Field<'_, String> = pick_radios("decision", "Decision");
static CLOSURE: Optional<'_, String> = pick("closure", "Why it is to be closed")
    .noun("why the case is to be closed")
    .shown_when("decision", "close")
    .optional();
static CLOSE_NOW: Field<'_, bool> =
    tick("close_now", "Close the case now, and withdraw its open actions")
        .shown_when("decision", "close");
static TERMS: Optional<'_, Note> =
    narrative("decision_note", "Terms of the decision").rows(2).optional();
static REVIEW: Optional<'_, NaiveDate> = date("next_review_on", "Next review")
    .hint("Leave it open for the panel’s own rule.")
    .days(Days::FromToday)
    .in_one_box()
    .optional();
static INFORMS: Optional<'_, Note> =
    narrative("informs_victim", "Who tells the victim, and is it safe?").rows(2).optional();
static CHAIR_NOTES: Optional<'_, Note> = narrative("chair_notes", "Chair’s own notes")
    .hint("Nobody else reads these. They are no part of the minutes.")
    .rows(2)
    .optional();

static CASE: Form = Form::of(&[
    &DISCUSSION,
    &RISKS,
    &VOICE,
    &VOICE_BY,
    &PROTECTIVE,
    &APPROACHES,
    &DECISION,
    &CLOSURE,
    &TERMS,
    &REVIEW,
    &INFORMS,
]);
static CASE_CHAIR: Form = Form::of(&[
    &DISCUSSION,
    &RISKS,
    &VOICE,
    &VOICE_BY,
    &PROTECTIVE,
    &APPROACHES,
    &DECISION,
    &CLOSURE,
    &CLOSE_NOW,
    &TERMS,
    &REVIEW,
    &INFORMS,
    &CHAIR_NOTES,
]);
static STANDING: Form = Form::of(&[&DISCUSSION]);

/// The texts that are saved while they are typed.
static TYPED: &[&dyn Declared] =
    &[&DISCUSSION, &RISKS, &VOICE, &PROTECTIVE, &TERMS, &INFORMS, &CHAIR_NOTES];

/// The fields of an item's page, by what it is and who asks.
fn layout(view: &ItemView) -> &'static Form {
    match (view.case.is_some(), view.chairs) {
        (false, _) => &STANDING,
        (true, false) => &CASE,
        (true, true) => &CASE_CHAIR,
    }
}

pub(super) fn read(
    view: &ItemView,
    posted: &Posted,
    today: NaiveDate,
) -> Result<RecordForm, Refused> {
    let mut reader = layout(view).read(&posted.values, today);
    let text = |note: Option<LongNote>| note.map(String::from).unwrap_or_default();
    let short = |note: Option<Note>| note.map(String::from).unwrap_or_default();
    let discussion = reader.get(&DISCUSSION);
    let version = posted.version;
    if view.case.is_none() {
        let notes = &view.notes;
        return reader.finish(|| {
            let decision_note = notes.decision_note.clone();
            Some(RecordForm {
                version,
                discussion: text(discussion?),
                decision_note,
                ..RecordForm::default()
            })
        });
    }
    let (risks, voice, voice_by) = (reader.get(&RISKS), reader.get(&VOICE), reader.get(&VOICE_BY));
    let (protective, approaches) = (reader.get(&PROTECTIVE), reader.get(&APPROACHES));
    let (decision, terms) = (reader.get(&DECISION), reader.get(&TERMS));
    let (closure, review) = (reader.get(&CLOSURE), reader.get(&REVIEW));
    let (now, chair_notes) = if view.chairs {
        (reader.get(&CLOSE_NOW), reader.get(&CHAIR_NOTES))
    } else {
        (Some(false), Some(None))
    };
    let informs = reader.get(&INFORMS);
    reader.finish(|| {
        let decision = Decision::from_code(&decision?).ok();
        let closes = decision == Some(Decision::Close);
        let closure = closure?.and_then(|code| ClosureReason::from_code(&code).ok());
        Some(RecordForm {
            version,
            discussion: text(discussion?),
            risks: text(risks?),
            victim_voice: text(voice?),
            voice_by: voice_by?.map(String::from).unwrap_or_default(),
            protective: text(protective?),
            approaches: approaches?.unwrap_or_default(),
            decision,
            decision_note: short(terms?),
            next_review_on: review?,
            closure: closure.filter(|_| closes),
            close_now: now? && closes,
            informs_victim: short(informs?),
            chair_notes: short(chair_notes?),
        })
    })
}

/// The form with what is written down, saving long texts while they are typed.
pub(super) fn form(asker: &Asker, view: &ItemView) -> Result<FormView<'static>, Failure> {
    let at = item_path(view.meeting.id, view.item);
    let notes = &view.notes;
    let decisions = Decision::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let undecided = Choice::new(UNDECIDED, "No decision yet");
    let decided = notes.decision.map_or(UNDECIDED, |decision| decision.code());
    let reasons = ClosureReason::ALL.iter().filter(|reason| reason.can_be_chosen());
    let mut form = FormView::new(Layout::from(layout(view)), at.clone())
        .unmarked()
        .fill(&DISCUSSION, &LongNote::parse(&notes.discussion).ok());
    if view.case.is_some() {
        let date = notes.next_review_on;
        form = form
            .choices(&CLOSURE, reasons.map(|one| Choice::new(one.code(), one.label())).collect())
            .fill(&RISKS, &LongNote::parse(&notes.risks).ok())
            .fill(&VOICE, &LongNote::parse(&notes.victim_voice).ok())
            .fill(&VOICE_BY, &Name::parse(&notes.voice_by).ok())
            .fill(&PROTECTIVE, &LongNote::parse(&notes.protective).ok())
            .fill(&APPROACHES, &Some(notes.approaches.clone()))
            .choices(&DECISION, std::iter::once(undecided).chain(decisions).collect())
            .fill(&DECISION, &decided.to_owned())
            .fill(&CLOSURE, &view.proposal.map(|reason| reason.code().to_owned()))
            .fill(&TERMS, &Note::parse(&notes.decision_note).ok())
            .fill(&REVIEW, &date)
            .fill(&INFORMS, &Note::parse(&notes.informs_victim).ok())
            .fill(&CHAIR_NOTES, &Note::parse(&notes.chair_notes).ok());
    }
    for field in TYPED {
        form = form.autosave(*field, format!("{at}/note"));
    }
    let next =
        if view.after.is_some() { "Save and go to the next item" } else { "Save and go back" };
    Ok(form
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .button(Button::secondary(next).doing("next")))
}
