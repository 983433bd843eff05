//! The acts on one action: what each is called, what it asks, and what it says afterwards.

use crate::form::kinds::{date, id, line, narrative, one_of, text, tick};
use crate::form::{Days, Declared, Field, Form, Optional, Refused};
use chrono::NaiveDate;
use panel_app::clearing::MAY_TELL_WHERE;
use panel_core::action::{Act, Approach};
use panel_core::id::{AgencyId, UserId};
use panel_core::text::{Note, Title};
use serde::Deserialize;

/// An act on one action, as it stands in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verb {
    Start,
    Done,
    NotPossible,
    AcceptNotPossible,
    RefuseNotPossible,
    NotDone,
    Withdraw,
    Reopen,
    Note,
    Extend,
    AgreeExtension,
    RefuseExtension,
    Transfer,
    AcceptTransfer,
    RefuseTransfer,
    TakeBackTransfer,
    AgreeDate,
    KeepDate,
    Wording,
    Due,
    Owner,
    Delete,
}

/// What an act is called and says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// The heading of its form.
    pub(crate) heading: &'static str,
    /// What is to be known before; empty for nothing.
    pub(crate) intro: &'static str,
    /// What its button says.
    pub(crate) button: &'static str,
    /// What is said when it is done.
    pub(crate) said: &'static str,
}

const fn words(
    heading: &'static str,
    intro: &'static str,
    button: &'static str,
    said: &'static str,
) -> Words {
    Words { heading, intro, button, said }
}

pub(super) static ON: Field<'_, NaiveDate> =
    date("on", "When was it done?").noun("the date it was done").days(Days::UpToToday);
pub(super) static OUTCOME: Field<'_, Note> =
    narrative("outcome", "What came of it?").missing("Enter what came of it").rows(3);
pub(super) static REASON: Field<'_, Note> = narrative("reason", "Reason").rows(3);
pub(super) static NOTE: Field<'_, Note> = narrative("note", "Note");
pub(super) static EVIDENCE: Field<'_, bool> = tick("evidence", "It shows that the action was done");
pub(super) static FROM_AGENCY: Field<'_, bool> =
    tick("from_agency", "The agency told us this, and I enter it on its behalf");
pub(super) static UNTIL: Field<'_, NaiveDate> =
    date("due", "New due date").noun("the new due date").days(Days::FromToday);
pub(super) static AGREED: Optional<'_, NaiveDate> = date("due", "Agree to another date")
    .hint("Leave this empty to agree to the date that was asked for.")
    .optional();
pub(super) static TO: Field<'_, AgencyId> = id("to", "Agency that should take it over");
pub(super) static WHO: Optional<'_, UserId> = id("person", "Who will do it").optional();
pub(super) static OTHER_DUE: Optional<'_, NaiveDate> = date("due", "Another due date")
    .hint("Only if you need one. The chair has to agree it; until then the due date stays.")
    .optional();
pub(crate) static TEXT: Field<'_, Title> = line("text", "What needs to be done?")
    .missing("Enter what needs to be done")
    .noun("the action");
pub(crate) static STANDS: Field<'_, bool> =
    tick("stands", "It may stand: it tells nobody where somebody who is harmed can be found");

/// Whether the form was refused because somebody has to say that its wording may stand, or says so.
pub(crate) fn asks_whether_it_stands(refused: Option<&Refused>) -> bool {
    refused.is_some_and(|refused| {
        refused.typed.has(STANDS.spec().name())
            || refused.errors.iter().any(|error| error.code == MAY_TELL_WHERE)
    })
}

pub(crate) static APPROACH: Optional<'_, Approach> =
    one_of("approach", "Kind of response").as_select().optional();
pub(crate) static AGENCY: Field<'_, AgencyId> = id("agency", "Agency that owes it");
pub(crate) static PERSON: Optional<'_, UserId> =
    id("person", "Person who will do it").hint("One person of that agency.").optional();
pub(crate) static DUE: Optional<'_, String> = text("due", "Due date")
    .hint(
        "A date such as 27/3/2026, or words such as “next panel”, “10 working days” or “2 weeks”.",
    )
    .width(20)
    .optional();

static PLAIN: Form = Form::of(&[]);
static COMPLETION: Form = Form::of(&[&ON, &OUTCOME]);
static REASONED: Form = Form::of(&[&REASON]);
static NOTED: Form = Form::of(&[&NOTE, &EVIDENCE]);
static REMARKED: Form = Form::of(&[&NOTE, &EVIDENCE, &FROM_AGENCY]);
static MORE_TIME: Form = Form::of(&[&UNTIL, &REASON]);
static AGREEMENT: Form = Form::of(&[&AGREED]);
static PROPOSAL: Form = Form::of(&[&TO, &REASON]);
static ACCEPTANCE: Form = Form::of(&[&WHO, &OTHER_DUE]);
static WORDING: Form = Form::of(&[&TEXT, &APPROACH, &STANDS]);
static REDATED: Form = Form::of(&[&DUE]);
static OWNED: Form = Form::of(&[&AGENCY, &PERSON]);

impl Verb {
    /// What its form asks. Those who run the panel may also pass an agency's note on.
    pub(super) fn form(self, runs: bool) -> &'static Form {
        match self {
            Self::Done => &COMPLETION,
            Self::NotPossible
            | Self::RefuseNotPossible
            | Self::NotDone
            | Self::Withdraw
            | Self::Reopen
            | Self::RefuseExtension
            | Self::RefuseTransfer
            | Self::Delete => &REASONED,
            Self::Note if runs => &REMARKED,
            Self::Note => &NOTED,
            Self::Extend => &MORE_TIME,
            Self::AgreeExtension => &AGREEMENT,
            Self::Transfer => &PROPOSAL,
            Self::AcceptTransfer => &ACCEPTANCE,
            Self::Wording => &WORDING,
            Self::Due => &REDATED,
            Self::Owner => &OWNED,
            Self::Start
            | Self::AcceptNotPossible
            | Self::TakeBackTransfer
            | Self::AgreeDate
            | Self::KeepDate => &PLAIN,
        }
    }

    /// What core calls it.
    pub(super) const fn act(self) -> Act {
        match self {
            Self::Start => Act::Start,
            Self::Done => Act::Complete,
            Self::NotPossible => Act::ReportNotPossible,
            Self::AcceptNotPossible | Self::RefuseNotPossible => Act::AnswerNotPossible,
            Self::NotDone => Act::ReportNotDone,
            Self::Withdraw => Act::Withdraw,
            Self::Reopen => Act::Reopen,
            Self::Note => Act::Report,
            Self::Extend => Act::AskExtension,
            Self::AgreeExtension | Self::RefuseExtension => Act::AnswerExtension,
            Self::Transfer | Self::TakeBackTransfer => Act::ProposeTransfer,
            Self::AcceptTransfer | Self::RefuseTransfer => Act::AnswerTransfer,
            Self::AgreeDate | Self::KeepDate => Act::AgreeTransferDue,
            Self::Wording | Self::Due | Self::Owner => Act::Amend,
            Self::Delete => Act::Delete,
        }
    }

    /// Whether it ends something that the panel had agreed, so that its button warns.
    pub(super) const fn is_grave(self) -> bool {
        matches!(self, Self::Withdraw | Self::Delete)
    }

    /// How it stands in an address.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Done => "done",
            Self::NotPossible => "not-possible",
            Self::AcceptNotPossible => "accept-not-possible",
            Self::RefuseNotPossible => "refuse-not-possible",
            Self::NotDone => "not-done",
            Self::Withdraw => "withdraw",
            Self::Reopen => "reopen",
            Self::Note => "note",
            Self::Extend => "extend",
            Self::AgreeExtension => "agree-extension",
            Self::RefuseExtension => "refuse-extension",
            Self::Transfer => "transfer",
            Self::AcceptTransfer => "accept-transfer",
            Self::RefuseTransfer => "refuse-transfer",
            Self::TakeBackTransfer => "take-back-transfer",
            Self::AgreeDate => "agree-date",
            Self::KeepDate => "keep-date",
            Self::Wording => "wording",
            Self::Due => "due",
            Self::Owner => "owner",
            Self::Delete => "delete",
        }
    }

    /// What it is called and says.
    pub(crate) const fn words(self) -> Words {
        match self {
            Self::Start => words("Start this action", "", "Mark as started", "Marked as started."),
            Self::Done => words("Mark as done", "", "Mark as done", "Marked as done. Thank you."),
            Self::NotPossible => words(
                "Report as not possible",
                "Say what has changed so that it cannot be done. The chair accepts this or not; \
                 until then the action stays open.",
                "Send to the chair",
                "Reported as not possible. The chair will answer.",
            ),
            Self::NotDone => words(
                "Report as not done",
                "It ends here, and counts as not done by the agency.",
                "Report as not done",
                "Reported as not done.",
            ),
            Self::Withdraw => words(
                "Withdraw this action",
                "It ends here, and counts neither as done nor as missed.",
                "Withdraw the action",
                "Withdrawn.",
            ),
            Self::Reopen => words(
                "Open this action again",
                "Its due date is as it was.",
                "Open the action again",
                "Open again.",
            ),
            Self::Note => words("Add a note", "", "Add the note", "The note was added."),
            Self::Wording | Self::Due | Self::Owner | Self::Delete => self.amending(),
            Self::Transfer
            | Self::AcceptTransfer
            | Self::RefuseTransfer
            | Self::TakeBackTransfer => self.handing(),
            _ => self.answering(),
        }
    }

    const fn amending(self) -> Words {
        match self {
            Self::Wording => words("Change the wording", "", "Save", "The wording was changed."),
            Self::Due => words(
                "Change the due date",
                "The reminders are planned anew for the new date.",
                "Save",
                "The due date was changed.",
            ),
            Self::Owner => words(
                "Change the owner",
                "This asks nobody. Between agencies, a transfer is the rule.",
                "Save",
                "The owner was changed.",
            ),
            _ => words(
                "Delete this action",
                "Only a slip is deleted. What was recorded in approved minutes or before a later \
                 meeting is withdrawn instead, and stays readable.",
                "Delete the action",
                "Withdrawn, because it had been recorded.",
            ),
        }
    }

    const fn answering(self) -> Words {
        match self {
            Self::AcceptNotPossible => words(
                "Accept that it is not possible",
                "The action ends here and counts neither as done nor as missed.",
                "Accept",
                "Accepted as not possible.",
            ),
            Self::RefuseNotPossible => words(
                "Do not accept that it is not possible",
                "The action goes on as before.",
                "Do not accept",
                "Not accepted. The action goes on.",
            ),
            Self::Extend => words(
                "Ask for more time",
                "The due date stays as it is until the panel answers.",
                "Ask for more time",
                "You asked for more time. The due date stays until the panel answers.",
            ),
            Self::AgreeExtension => {
                words("Agree to more time", "", "Agree", "The due date was extended.")
            }
            Self::RefuseExtension => words(
                "Refuse more time",
                "The due date stays as it is.",
                "Refuse",
                "Refused. The due date stays as it is.",
            ),
            Self::AgreeDate => words(
                "Agree to the other due date",
                "",
                "Agree to the date",
                "The due date was changed.",
            ),
            _ => words(
                "Keep the due date",
                "The date that was asked for is not agreed.",
                "Keep the due date",
                "The due date stays as it was.",
            ),
        }
    }

    const fn handing(self) -> Words {
        match self {
            Self::Transfer => words(
                "Propose a transfer",
                "Nothing changes until the other agency accepts. It sees the action from now on.",
                "Propose the transfer",
                "The transfer was proposed. Nothing changes until it is accepted.",
            ),
            Self::AcceptTransfer => words(
                "Accept this transfer",
                "Your agency owes the action from now on.",
                "Accept the transfer",
                "Accepted. Your agency owes it now.",
            ),
            Self::RefuseTransfer => words(
                "Decline this transfer",
                "The action stays with the agency that owes it.",
                "Decline the transfer",
                "Declined.",
            ),
            _ => words(
                "Take the proposal back",
                "Nothing has changed, and nothing will.",
                "Take it back",
                "The proposal was taken back.",
            ),
        }
    }
}
