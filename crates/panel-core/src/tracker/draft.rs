//! What a good row of the tracker says, typed and ready to be saved.
//!
//! A draft is not yet a record of Panel: it has no id, and agencies are called by the key of their
//! guess.

use super::status::ReferralWord;
use crate::access::Role;
use crate::action::{ActionStatus, DueText};
use crate::contact::Postcode;
use crate::text::{EmailAddress, LongNote, Name, Title};
use crate::vocabulary::{Ethnicity, Gender, Relationship, RelativeKind};
use chrono::NaiveDate;
use serde::Serialize;

/// Where a draft comes from, and by what it is known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// The sheet.
    pub sheet: String,
    /// The row, as Excel numbers it.
    pub row: u32,
    /// The external reference: the same row of the same tracker has the same one in every file, so
    /// that a second import finds what the first one saved. At most 1,000 bytes.
    pub external: String,
}

/// The person referred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubjectDraft {
    /// Surname, as written.
    pub surname: Name,
    /// Forenames, as written.
    pub forename: Option<Name>,
    /// Another name.
    pub alias: Option<Name>,
    /// Birth date, where known.
    pub born: Option<NaiveDate>,
    /// Address.
    pub address: Option<Title>,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Ethnicity, by the codes of the police.
    pub ethnicity: Option<Ethnicity>,
}

/// The victim named in a referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VictimDraft {
    /// Surname.
    pub surname: Name,
    /// Forenames.
    pub forename: Option<Name>,
    /// Birth date, where known.
    pub born: Option<NaiveDate>,
}

/// How many children a referral speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Children {
    /// Nothing was written.
    NotAsked,
    /// A question mark, or words for "not known".
    NotKnown,
    /// The number.
    Number(u16),
}

/// The yes-or-no columns of a referral; `None` when nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CriteriaDraft {
    /// Visible high risk.
    pub high_risk: Option<bool>,
    /// Professional judgement.
    pub professional_judgement: Option<bool>,
    /// Potential escalation.
    pub escalation: Option<bool>,
    /// What the tracker said of a repeat; Panel works it out itself.
    pub repeat: Option<bool>,
    /// Managed under MAPPA.
    pub mappa: Option<bool>,
}

/// One referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReferralDraft {
    /// Where it stands in the file.
    pub origin: Origin,
    /// The tracker's own reference, such as `P25/001`.
    pub reference: Option<Name>,
    /// The day it was received.
    pub received: NaiveDate,
    /// The key of the referring agency among the guesses of the preview.
    pub agency: String,
    /// Who referred.
    pub referrer: Option<Name>,
    /// The referrer's mail address.
    pub referrer_email: Option<EmailAddress>,
    /// The person referred.
    pub subject: SubjectDraft,
    /// The victim.
    pub victim: Option<VictimDraft>,
    /// The relationship, as written.
    pub relationship_words: Option<Name>,
    /// What the words mean, where they tell.
    pub relationship: Option<Relationship>,
    /// Which relative, where the words tell it whichever way round they are meant.
    pub relative: Option<RelativeKind>,
    /// Children.
    pub children: Children,
    /// Criteria.
    pub criteria: CriteriaDraft,
    /// Where it stands.
    pub status: ReferralWord,
    /// Notes.
    pub notes: Option<LongNote>,
}

/// When an action is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DueDraft {
    /// The day, where there is one.
    pub on: Option<NaiveDate>,
    /// The words that were written instead of a date, such as `next panel` or `ASAP`.
    pub words: Option<DueText>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionDraft {
    /// Where it stands in the file.
    pub origin: Origin,
    /// The meeting that set it.
    pub meeting: NaiveDate,
    /// The tracker's reference of its case, as written.
    pub reference: Option<Name>,
    /// The external reference of the good referral it belongs to; `None` when there is none, which
    /// is also a warning.
    pub referral: Option<String>,
    /// The name beside the action, as written.
    pub name: Option<Name>,
    /// The wording.
    pub wording: Title,
    /// The key of the agency that owes it.
    pub agency: String,
    /// The person who is to do it, as written.
    pub owner: Option<Name>,
    /// When it is due.
    pub due: DueDraft,
    /// Where it stands.
    pub status: ActionStatus,
    /// The status as it was written; of *not possible*, *not done* and *withdrawn* it is the
    /// reason, and counts as accepted and imported.
    pub status_words: Option<Title>,
    /// The day the status was reported: of a completed action the day of completion.
    pub status_on: Option<NaiveDate>,
    /// Comments.
    pub notes: Option<LongNote>,
}

/// One agency representative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepDraft {
    /// Where it stands in the file.
    pub origin: Origin,
    /// The key of the agency.
    pub agency: String,
    /// The name.
    pub name: Name,
    /// The mail address; unique within a preview.
    pub email: EmailAddress,
    /// What the person is at the panel.
    pub role: Role,
    /// Whether the person is somebody's deputy.
    pub is_deputy: bool,
    /// The mail address of the person whose deputy this is, where that person is in the file.
    pub deputy_for: Option<EmailAddress>,
}
