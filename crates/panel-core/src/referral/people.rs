//! The people a referral names: the perpetrator, those who are harmed, and children.

use super::whereabouts::ProtectedField;
use crate::coded;
use crate::contact::{Postcode, Telephone};
use crate::text::{Name, Narrative, Note};
use crate::vocabulary::{
    Accommodation, Answer, Disability, Employment, Ethnicity, Gender, Liberty, LivesWithVictim,
    Relationship, RelativeKind, SexualOrientation,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

coded! {
    /// A child's status with children's social care.
    pub enum ChildStatus: "child status" {
        /// Not known to children's social care.
        NoStatus = "no_status" => "No status",
        /// Child in need.
        InNeed = "in_need" => "Child in need",
        /// Child protection plan.
        ProtectionPlan = "protection_plan" => "Child protection plan",
        /// Looked after.
        LookedAfter = "looked_after" => "Looked after",
        /// Not known.
        NotKnown = "not_known" => "Not known",
    }
}

coded! {
    /// As what a referral names somebody beside the perpetrator.
    pub enum NamedAs: "part in a referral" {
        /// Harmed by the perpetrator.
        Victim = "victim" => "Victim",
        /// A child of the family.
        Child = "child" => "Child",
    }
}

/// The names a person goes by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PersonName {
    /// Family name; some people have none.
    pub surname: Option<Name>,
    /// Given names.
    pub forename: Option<Name>,
    /// Other names, aliases and spellings.
    pub known_as: Vec<Name>,
}

impl PersonName {
    /// Whether there is any name at all.
    pub const fn is_empty(&self) -> bool {
        self.surname.is_none() && self.forename.is_none() && self.known_as.is_empty()
    }
}

/// Where somebody lives or stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// House, street and town.
    pub lines: Option<Narrative<500>>,
    /// The postcode.
    pub postcode: Option<Postcode>,
}

/// The person the panel would manage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Perpetrator {
    /// Names.
    pub name: PersonName,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Other dates of birth in use.
    pub other_births: Vec<NaiveDate>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Ethnicity, with its scheme.
    pub ethnicity: Option<Ethnicity>,
    /// First language.
    pub first_language: Option<Name>,
    /// Whether an interpreter is needed.
    pub interpreter: Option<Answer>,
    /// Present and recent addresses, the present one first.
    pub addresses: Vec<Address>,
    /// Number.
    pub telephone: Option<Telephone>,
    /// Vehicles in use.
    pub vehicles: Vec<Name>,
    /// Where the person lives.
    pub accommodation: Option<Accommodation>,
    /// Whether the person lives with a victim.
    pub lives_with_victim: Option<LivesWithVictim>,
    /// Free, held or under conditions.
    pub liberty: Option<Liberty>,
    /// When the person is to be released.
    pub release_on: Option<NaiveDate>,
    /// Employment.
    pub employment: Option<Employment>,
    /// Occupation.
    pub occupation: Option<Name>,
    /// Employer. A panel agency as employer is a conflict to look into.
    pub employer: Option<Name>,
    /// Work or volunteering with children or adults at risk.
    pub position_of_trust: Option<Answer>,
    /// General practice.
    pub gp: Option<Name>,
}

/// A person who is or was harmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Victim {
    /// Names.
    pub name: PersonName,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Address; it is protected.
    pub address: Address,
    /// Home owner or landlord.
    pub landlord: Option<Name>,
    /// Number.
    pub telephone: Option<Telephone>,
    /// Whether it is safe to call that number.
    pub safe_to_call: Option<Answer>,
    /// When and how contact is safe.
    pub contact_notes: Option<Note>,
    /// What the perpetrator is to the victim.
    pub relationship: Option<Relationship>,
    /// Which relative.
    pub relative: Option<RelativeKind>,
    /// Whether the relationship goes on.
    pub current: Option<Answer>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Ethnicity, with its scheme.
    pub ethnicity: Option<Ethnicity>,
    /// Sexual orientation.
    pub orientation: Option<SexualOrientation>,
    /// Whether the victim is disabled.
    pub disabled: Option<Answer>,
    /// Which disabilities.
    pub disabilities: BTreeSet<Disability>,
    /// Whether the victim is pregnant.
    pub pregnant: Option<Answer>,
    /// First language.
    pub first_language: Option<Name>,
    /// Whether an interpreter is needed.
    pub interpreter: Option<Answer>,
    /// Occupation.
    pub occupation: Option<Name>,
    /// Employer.
    pub employer: Option<Name>,
    /// General practice.
    pub gp: Option<Name>,
    /// Whether the victim knows of the referral.
    pub aware: Option<Answer>,
    /// Why not.
    pub unaware_reason: Option<Note>,
    /// Whether the victim consents.
    pub consent: Option<Answer>,
    /// Why not, or why it was not sought.
    pub no_consent_reason: Option<Note>,
    /// The advocate who works with the victim.
    pub advocate: Option<Name>,
    /// Who the victim is afraid of.
    pub afraid_of: Option<Note>,
    /// Who it is safe to talk to.
    pub safe_to_talk_to: Option<Note>,
    /// Who it is not safe to talk to.
    pub not_safe_to_talk_to: Option<Note>,
    /// Whether the victim wants to speak to the police.
    pub wants_police: Option<Answer>,
    /// Why, or why not.
    pub wants_police_reason: Option<Note>,
    /// What the victim wants to happen.
    pub wishes: Option<Note>,
    /// Protected fields that are known and kept apart. In a correction: those that stay as they are where
    /// nothing new is said.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kept: BTreeSet<ProtectedField>,
}

/// A child in the family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Child {
    /// Names.
    pub name: PersonName,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Not born yet.
    pub unborn: bool,
    /// What the child is to the victim.
    pub to_victim: Option<Name>,
    /// What the child is to the perpetrator.
    pub to_perpetrator: Option<Name>,
    /// With whom the child lives.
    pub lives_with: Option<Name>,
    /// School; it is protected.
    pub school: Option<Name>,
    /// Status with children's social care.
    pub status: Option<ChildStatus>,
    /// Protected fields that are known and kept apart. In a correction: those that stay as they are where
    /// nothing new is said.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kept: BTreeSet<ProtectedField>,
}
