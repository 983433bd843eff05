//! What kind of agency sits at a panel.

use crate::coded;

coded! {
    /// The kind of an agency: the list of the published minutes template, with the additions that
    /// perpetrator panels need.
    pub enum AgencyType: "agency type" {
        /// A police force.
        Police = "police" => "Police",
        /// Independent domestic violence advocates, who carry the victim's voice.
        Idva = "idva" => "IDVA service",
        /// General practice and its commissioners.
        PrimaryCare = "primary_care" => "Primary care",
        /// A hospital trust.
        AcuteTrust = "acute_trust" => "Acute trust",
        /// The Probation Service.
        Probation = "probation" => "Probation",
        /// A council's housing or homelessness team.
        Housing = "housing" => "Housing",
        /// A council's services for children.
        ChildrensSocialCare = "childrens_social_care" => "Children's social care",
        /// A mental health trust.
        MentalHealth = "mental_health" => "Mental health",
        /// A council's safeguarding team for adults.
        SafeguardingAdults = "safeguarding_adults" => "Safeguarding adults",
        /// Schools, colleges and a council's education teams.
        Education = "education" => "Education",
        /// A housing association.
        RegisteredSocialLandlord = "registered_social_landlord" => "Registered social landlord",
        /// Drug and alcohol treatment.
        DrugAndAlcohol = "drug_and_alcohol" => "Drug and alcohol service",
        /// A specialist service for Black, Asian, minority ethnic and refugee people.
        BamerService = "bamer_service" => "Specialist BAMER service",
        /// A specialist service for LGBT+ people.
        LgbtService = "lgbt_service" => "Specialist LGBT+ service",
        /// Fire and rescue.
        Fire = "fire" => "Fire and rescue",
        /// The advisory service of the family courts.
        Cafcass = "cafcass" => "Cafcass",
        /// A sexual violence service or referral centre.
        SexualViolence = "sexual_violence" => "Sexual violence service",
        /// A community programme for people who abuse.
        CommunityProgramme = "community_programme" => "Community perpetrator programme",
        /// A council's social care for adults.
        AdultSocialCare = "adult_social_care" => "Adult social care",
        /// A youth justice or youth offending team.
        YouthJustice = "youth_justice" => "Youth justice",
        /// A prison.
        Prison = "prison" => "Prison",
        /// Health visiting, midwifery and school nursing.
        CommunityNursing = "community_nursing" => "Health visiting, midwifery and school nursing",
        /// An ambulance trust.
        Ambulance = "ambulance" => "Ambulance",
        /// The jobcentre and benefits.
        Jobcentre = "jobcentre" => "Jobcentre",
        /// The Crown Prosecution Service.
        ProsecutionService = "prosecution_service" => "Crown Prosecution Service",
        /// A provider of behaviour change and intensive case management.
        BehaviourChange = "behaviour_change" => "Behaviour change provider",
        /// Stalking advocates.
        StalkingAdvocacy = "stalking_advocacy" => "Stalking advocacy",
        /// Immigration enforcement and casework.
        Immigration = "immigration" => "Immigration",
        /// Service police and welfare.
        ArmedForces = "armed_forces" => "Armed forces",
        /// A voluntary organisation not named above.
        Voluntary = "voluntary" => "Other voluntary service",
        /// A MARAC or panel of another area.
        OtherPanel = "other_panel" => "Other MARAC or panel",
        /// The person referred themselves.
        SelfReferral = "self" => "Self-referral",
        /// The office of the police and crime commissioner; it observes only.
        CommissionersOffice = "commissioners_office" => "Police and crime commissioner's office",
        /// None of these.
        Other = "other" => "Other",
    }
}

impl AgencyType {
    /// Whether it is a health service, whose people read each other's health information.
    pub const fn is_health(self) -> bool {
        matches!(
            self,
            Self::PrimaryCare
                | Self::AcuteTrust
                | Self::MentalHealth
                | Self::DrugAndAlcohol
                | Self::CommunityNursing
                | Self::Ambulance
        )
    }

    /// Whether its people are advocates of those who are harmed, who must be able to reach them.
    pub const fn speaks_for_victims(self) -> bool {
        matches!(self, Self::Idva | Self::StalkingAdvocacy | Self::SexualViolence)
    }
}
