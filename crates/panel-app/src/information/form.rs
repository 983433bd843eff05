//! The form of a reply: what is typed, and the answer that it makes.

use crate::error::{AppError, FieldError, text_error};
use chrono::NaiveDate;
use panel_core::handling::Marking;
use panel_core::information::{Answer, Particulars, Regime, ReplyError, ReplyKind};
use panel_core::text::{LongNote, Name, Note, TextError};
use serde::{Deserialize, Serialize};

/// What the form of a reply holds. Everything may be empty in a draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplyForm {
    /// The version of the draft that the caller saw; none when there was none.
    #[serde(default)]
    pub version: Option<i32>,
    /// The content version of the case that the caller was shown.
    pub answers: i32,
    /// What kind of answer it is.
    pub kind: ReplyKind,
    /// Facts about the person.
    #[serde(default)]
    pub facts: String,
    /// Professional opinion.
    #[serde(default)]
    pub opinion: String,
    /// Why it is not shared, or what is held and by whom.
    #[serde(default)]
    pub reason: String,
    /// Facts about those who are harmed.
    #[serde(default)]
    pub victim_facts: String,
    /// Facts about the children.
    #[serde(default)]
    pub children_facts: String,
    /// The local date of the last contact.
    #[serde(default)]
    pub last_contact: Option<NaiveDate>,
    /// Who works with the person now.
    #[serde(default)]
    pub worker: String,
    /// Appointments, attendance, demeanour and how they change.
    #[serde(default)]
    pub engagement: String,
    /// Orders the agency knows of.
    #[serde(default)]
    pub orders: String,
    /// Risk to staff.
    #[serde(default)]
    pub risk_to_staff: String,
    /// What protects.
    #[serde(default)]
    pub protective: String,
    /// What the agency offers to do.
    #[serde(default)]
    pub proposed_actions: String,
    /// The lawful basis, in the agency's words.
    #[serde(default)]
    pub lawful_basis: String,
    /// The law that applies.
    #[serde(default)]
    pub regime: Option<Regime>,
    /// What it is marked with once it is released; what a reply of this agency begins with when it is
    /// left out.
    #[serde(default)]
    pub marking: Option<Marking>,
    /// The day on which a mailed reply came; the day it is entered when not given.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
}

/// One text of a reply, as it is typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// The version of the draft that the caller saw; none when there was none.
    #[serde(default)]
    pub version: Option<i32>,
    /// The name of the field, as in [`ReplyForm`].
    pub field: String,
    /// What stands in it now.
    pub text: String,
}

impl ReplyForm {
    /// An empty reply to the case in this content version.
    pub fn empty(answers: i32) -> Self {
        Self::of(&Answer::default(), None, answers)
    }

    /// A reply as it was saved.
    pub fn of(answer: &Answer, marking: Option<&Marking>, answers: i32) -> Self {
        fn text<T: ToString>(saved: Option<&T>) -> String {
            saved.map(ToString::to_string).unwrap_or_default()
        }
        let more = &answer.particulars;
        Self {
            version: None,
            answers,
            kind: answer.kind,
            facts: text(answer.facts.as_ref()),
            opinion: text(answer.opinion.as_ref()),
            reason: text(answer.reason.as_ref()),
            victim_facts: text(more.victim_facts.as_ref()),
            children_facts: text(more.children_facts.as_ref()),
            last_contact: more.last_contact,
            worker: text(more.worker.as_ref()),
            engagement: text(more.engagement.as_ref()),
            orders: text(more.orders.as_ref()),
            risk_to_staff: text(more.risk_to_staff.as_ref()),
            protective: text(more.protective.as_ref()),
            proposed_actions: text(more.proposed_actions.as_ref()),
            lawful_basis: text(more.lawful_basis.as_ref()),
            regime: more.regime,
            marking: marking.cloned(),
            received_on: None,
        }
    }

    /// The text of this name; none for what is not typed as text.
    pub(super) fn text(&mut self, field: &str) -> Option<&mut String> {
        Some(match field {
            "facts" => &mut self.facts,
            "opinion" => &mut self.opinion,
            "reason" => &mut self.reason,
            "victim_facts" => &mut self.victim_facts,
            "children_facts" => &mut self.children_facts,
            "worker" => &mut self.worker,
            "engagement" => &mut self.engagement,
            "orders" => &mut self.orders,
            "risk_to_staff" => &mut self.risk_to_staff,
            "protective" => &mut self.protective,
            "proposed_actions" => &mut self.proposed_actions,
            "lawful_basis" => &mut self.lawful_basis,
            _ => return None,
        })
    }

    /// The answer, or every field that cannot be taken.
    pub(super) fn check(&self) -> Result<Answer, AppError> {
        let mut errors = Vec::new();
        let long = |raw: &str| LongNote::parse(raw);
        let note = |raw: &str| Note::parse(raw);
        let name = |raw: &str| Name::parse(raw);
        let answer = Answer {
            kind: self.kind,
            facts: take(&mut errors, ("facts", "Facts"), &self.facts, long),
            opinion: take(&mut errors, ("opinion", "Opinion"), &self.opinion, long),
            reason: take(&mut errors, ("reason", "Reason"), &self.reason, note),
            particulars: Particulars {
                victim_facts: take(
                    &mut errors,
                    ("victim_facts", "Facts about victims"),
                    &self.victim_facts,
                    note,
                ),
                children_facts: take(
                    &mut errors,
                    ("children_facts", "Facts about children"),
                    &self.children_facts,
                    note,
                ),
                last_contact: self.last_contact,
                worker: take(&mut errors, ("worker", "Worker"), &self.worker, name),
                engagement: take(&mut errors, ("engagement", "Engagement"), &self.engagement, note),
                orders: take(&mut errors, ("orders", "Orders"), &self.orders, note),
                risk_to_staff: take(
                    &mut errors,
                    ("risk_to_staff", "Risk to staff"),
                    &self.risk_to_staff,
                    note,
                ),
                protective: take(
                    &mut errors,
                    ("protective", "Protective factors"),
                    &self.protective,
                    note,
                ),
                proposed_actions: take(
                    &mut errors,
                    ("proposed_actions", "Proposed actions"),
                    &self.proposed_actions,
                    note,
                ),
                lawful_basis: take(
                    &mut errors,
                    ("lawful_basis", "Lawful basis"),
                    &self.lawful_basis,
                    name,
                ),
                regime: self.regime,
            },
        };
        if errors.is_empty() { Ok(answer) } else { Err(AppError::Invalid(errors)) }
    }

    /// The answer, complete enough for others to read.
    pub(super) fn check_complete(&self, today: NaiveDate) -> Result<Answer, AppError> {
        let answer = self.check()?;
        answer.check(today).map_err(|error| {
            let (field, code) = match error {
                ReplyError::NothingToShare => ("facts", "nothing_to_share"),
                ReplyError::NoReason => ("reason", "empty"),
                ReplyError::ContactInFuture => ("last_contact", "in_future"),
            };
            AppError::field(field, code, error.to_string())
        })?;
        Ok(answer)
    }
}

/// A text that may be empty.
fn take<T>(
    errors: &mut Vec<FieldError>,
    (field, label): (&str, &str),
    raw: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Option<T> {
    if raw.trim().is_empty() {
        return None;
    }
    parse(raw).map_err(|error| errors.push(text_error(field, label, &error))).ok()
}
