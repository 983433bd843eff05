//! Agencies that take part in panels.

use crate::coded;
use crate::id::AgencyId;
use crate::text::{EmailAddress, Name};
use chrono::NaiveDate;

coded! {
    /// What kind of body an agency is; the minutes template's list with the panel's own additions.
    pub enum AgencyKind: "type of agency" {
        /// Police.
        Police = "police" => "Police",
        /// Probation.
        Probation = "probation" => "Probation",
        /// Independent domestic violence advocacy.
        Idva = "idva" => "IDVA service",
        /// Advocacy for victims of stalking.
        StalkingAdvocacy = "stalking_advocacy" => "Stalking advocacy",
        /// Children's social care.
        ChildrensSocialCare = "childrens_social_care" => "Children’s social care",
        /// Adult social care.
        AdultSocialCare = "adult_social_care" => "Adult social care",
        /// Safeguarding or vulnerable adults team.
        Safeguarding = "safeguarding" => "Safeguarding or vulnerable adults",
        /// Housing.
        Housing = "housing" => "Housing",
        /// Registered social landlord.
        SocialLandlord = "social_landlord" => "Registered social landlord",
        /// Mental health trust.
        MentalHealth = "mental_health" => "Mental health",
        /// Primary care.
        PrimaryCare = "primary_care" => "Primary care",
        /// Acute trust.
        AcuteTrust = "acute_trust" => "Acute trust",
        /// Health visiting, midwifery, school nursing.
        CommunityHealth = "community_health" => "Health visiting, midwifery or school nursing",
        /// Ambulance.
        Ambulance = "ambulance" => "Ambulance",
        /// Drug and alcohol service.
        SubstanceMisuse = "substance_misuse" => "Drug and alcohol",
        /// Education.
        Education = "education" => "Education",
        /// Youth justice.
        YouthJustice = "youth_justice" => "Youth justice",
        /// Prison.
        Prison = "prison" => "Prison",
        /// Behaviour-change provider.
        BehaviourChange = "behaviour_change" => "Behaviour-change provider",
        /// Specialist service for minoritised people.
        SpecialistMinoritised = "specialist_minoritised" => "Specialist service for minoritised people",
        /// Specialist LGBT+ service.
        SpecialistLgbt = "specialist_lgbt" => "Specialist LGBT+ service",
        /// Sexual violence service.
        SexualViolence = "sexual_violence" => "Sexual violence service",
        /// Fire and rescue.
        Fire = "fire" => "Fire and rescue",
        /// Jobcentre.
        Jobcentre = "jobcentre" => "DWP or jobcentre",
        /// Crown Prosecution Service.
        Prosecution = "prosecution" => "Crown Prosecution Service",
        /// Children and Family Court Advisory and Support Service.
        Cafcass = "cafcass" => "Cafcass",
        /// Immigration.
        Immigration = "immigration" => "Immigration",
        /// Armed forces.
        ArmedForces = "armed_forces" => "Armed forces",
        /// Another MARAC or panel.
        OtherPanel = "other_panel" => "Another MARAC or panel",
        /// Police and crime commissioner's office, observer only.
        CommissionerOffice = "commissioner_office" => "PCC’s office",
        /// The council's or partnership's own team that runs the panel.
        Partnership = "partnership" => "Partnership or council",
        /// Any other voluntary body.
        Voluntary = "voluntary" => "Other voluntary",
        /// Anything else.
        Other = "other" => "Other",
    }
}

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// What people call it.
    pub name: Name,
    /// What kind of body it is.
    pub kind: AgencyKind,
    /// Domains its people's addresses lie in; none means that any address is taken.
    pub mail_domains: Vec<String>,
    /// Other names under which files know it, folded.
    pub aliases: Vec<String>,
    /// The day it left, if it did.
    pub ended_on: Option<NaiveDate>,
}

impl Agency {
    /// Whether an address may belong to this agency's people.
    pub fn takes_address(&self, address: &EmailAddress) -> bool {
        self.mail_domains.is_empty() || self.mail_domains.iter().any(|d| address.is_within(d))
    }
}
