//! The referral form: what a panel needs in order to decide, and nothing that blocks it.
//!
//! The fields are those of the published referral forms for victims and of perpetrator panels. Only
//! the few without which nothing can be filed are required; for every other field that is empty,
//! [`ReferralForm::gaps`] may say why.

use super::field::ReferralField;
use super::people::{Child, Perpetrator, Victim};
use crate::coded;
use crate::contact::Telephone;
use crate::id::{AgencyId, PanelId};
use crate::text::{EmailAddress, LongNote, Name, Note};
use crate::vocabulary::{
    AbuseOverlay, AbuseType, Answer, Gap, Need, OrderKind, PpitItem, PpitLevel, RiskMarker,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

coded! {
    /// Where a referral came from.
    pub enum Source: "source" {
        /// A ranked list made from police and partner data.
        DataList = "data_list" => "Data list",
        /// A partner agency.
        Partner = "partner" => "Partner agency",
        /// A MARAC.
        Marac = "marac" => "MARAC",
        /// The person.
        SelfReferral = "self" => "Self-referral",
        /// Another area's panel.
        TransferIn = "transfer_in" => "Transfer in",
        /// A court.
        Court = "court" => "Court",
        /// Probation.
        Probation = "probation" => "Probation",
        /// Health.
        Health = "health" => "Health",
    }
}

coded! {
    /// A ground for referral. Professional judgement alone is enough.
    pub enum Criterion: "criterion" {
        /// Fourteen or more answers of yes on the risk checklist.
        VisibleHighRisk = "visible_high_risk" => "Visible high risk",
        /// The referrer's judgement.
        ProfessionalJudgement = "professional_judgement" => "Professional judgement",
        /// Three or more incidents reported in twelve months, or as the area has it.
        PotentialEscalation = "potential_escalation" => "Potential escalation",
        /// A repeat, as the referrer sees it; the flag itself is computed.
        Repeat = "repeat" => "Repeat",
    }
}

coded! {
    /// Another arrangement that may manage the same people.
    pub enum Arrangement: "arrangement" {
        /// Public protection arrangements.
        Mappa = "mappa" => "MAPPA",
        /// Integrated offender management.
        Iom = "iom" => "Integrated offender management",
        /// A MARAC.
        Marac = "marac" => "MARAC",
        /// Child protection.
        ChildProtection = "child_protection" => "Child protection",
        /// Safeguarding of an adult.
        SafeguardingAdult = "safeguarding_adult" => "Safeguarding adults",
        /// Prevent.
        Prevent = "prevent" => "Prevent",
    }
}

/// Who refers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Referrer {
    /// Name.
    pub name: Option<Name>,
    /// Secure address.
    #[serde(deserialize_with = "read_email")]
    pub email: Option<EmailAddress>,
    /// Number.
    pub telephone: Option<Telephone>,
}

fn read_email<'de, D: Deserializer<'de>>(d: D) -> Result<Option<EmailAddress>, D::Error> {
    let raw = Option::<String>::deserialize(d)?;
    raw.map(|raw| EmailAddress::parse(&raw)).transpose().map_err(serde::de::Error::custom)
}

/// One incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Incident {
    /// The local date, if anybody knows.
    pub happened: Option<NaiveDate>,
    /// The local date on which an agency learnt of it; without one, the day of the referral.
    pub identified: Option<NaiveDate>,
    /// Which victim of this form was harmed, counted from 1.
    pub victim: Option<u8>,
    /// Kinds of abuse.
    pub kinds: BTreeSet<AbuseType>,
    /// Forms that need their own response.
    pub overlays: BTreeSet<AbuseOverlay>,
    /// Whether it would be a crime if it were reported.
    pub crime: Option<Answer>,
    /// Crime number.
    pub crime_number: Option<Name>,
    /// What came of it.
    pub outcome: Option<Note>,
    /// Gravity, from 1 (no crime) to 5.
    pub gravity: Option<u8>,
    /// What happened.
    pub account: Option<Note>,
}

/// Why the person is referred.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Grounds {
    /// Criteria met.
    pub criteria: BTreeSet<Criterion>,
    /// Answers of yes on the risk checklist, out of 24.
    pub checklist: Option<u8>,
    /// Marks of the identification tool.
    pub ppit: BTreeMap<PpitItem, PpitLevel>,
    /// When the pair was last listed, as the referrer has it.
    pub listed_on: Option<NaiveDate>,
    /// Under which number.
    pub listed_as: Option<Name>,
    /// In words.
    pub text: Option<LongNote>,
}

/// An order the person is under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Its kind.
    pub kind: OrderKind,
    /// The day it was made.
    #[serde(default)]
    pub made_on: Option<NaiveDate>,
    /// The day it ends.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Its conditions.
    #[serde(default)]
    pub conditions: Option<Note>,
}

/// Whether the perpetrator was told of the referral. Nobody is told unless somebody decided so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Informed {
    /// Whether.
    pub informed: Answer,
    /// The local date.
    pub on: Option<NaiveDate>,
    /// By whom.
    pub by: Option<Name>,
    /// Who authorised it.
    pub authorised_by: Option<Name>,
}

impl Default for Informed {
    fn default() -> Self {
        Self { informed: Answer::No, on: None, by: None, authorised_by: None }
    }
}

/// What else agencies know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Context {
    /// Risk markers.
    pub markers: BTreeSet<RiskMarker>,
    /// Orders in force.
    pub orders: Vec<Order>,
    /// Needs.
    pub needs: BTreeSet<Need>,
    /// How the person has engaged so far.
    pub engagement: Option<Note>,
    /// Weapons.
    pub weapons: Option<Note>,
    /// Risks to staff.
    pub risks_to_staff: Option<Note>,
    /// Whether the person has a new partner.
    pub new_partner: Option<Answer>,
    /// Other arrangements, each with an answer.
    pub arrangements: BTreeMap<Arrangement, Answer>,
    /// Whether another area's panel has been asked.
    pub other_panel: Option<Answer>,
    /// Which, and when.
    pub other_panel_note: Option<Note>,
    /// The last MARAC.
    pub last_marac_on: Option<NaiveDate>,
    /// Officer in the case.
    pub officer: Option<Name>,
    /// Whether the perpetrator knows.
    pub informed: Informed,
}

/// A referral as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReferralForm {
    /// The panel.
    pub panel: PanelId,
    /// The instant at which it was received.
    pub received_at: DateTime<Utc>,
    /// Where it came from.
    pub source: Source,
    /// The agency that refers.
    pub referring_agency: AgencyId,
    /// The person.
    pub perpetrator: Perpetrator,
    /// Who refers.
    #[serde(default)]
    pub referrer: Referrer,
    /// Those who are harmed.
    #[serde(default)]
    pub victims: Vec<Victim>,
    /// Whether there are children.
    #[serde(default)]
    pub any_children: Option<Answer>,
    /// The children.
    #[serde(default)]
    pub children: Vec<Child>,
    /// What happened.
    #[serde(default)]
    pub incidents: Vec<Incident>,
    /// Why.
    #[serde(default)]
    pub grounds: Grounds,
    /// What else is known.
    #[serde(default)]
    pub context: Context,
    /// Why fields are empty.
    #[serde(default)]
    pub gaps: BTreeMap<ReferralField, Gap>,
}
