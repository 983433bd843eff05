//! The words by which a tracker calls an agency of some kind.

use crate::vocabulary::AgencyType;

/// Kinds of agency with words of their names, the more particular before the more general.
const WORDS: &[(AgencyType, &str)] = &[
    (AgencyType::Police, "police|constabulary|ppu|public protection unit"),
    (AgencyType::Probation, "probation|nps"),
    (AgencyType::Idva, "idva|idvas|independent domestic violence|domestic abuse adviser"),
    (
        AgencyType::ChildrensSocialCare,
        "csc|childrens social care|children social care|childrens services",
    ),
    (AgencyType::SafeguardingAdults, "safeguarding adults|adult safeguarding"),
    (AgencyType::AdultSocialCare, "asc|adult social care|adults social care"),
    (AgencyType::RegisteredSocialLandlord, "housing association|registered social landlord"),
    (AgencyType::Housing, "housing|hsg|homelessness"),
    (AgencyType::MentalHealth, "mental health|mh|cmht|camhs"),
    (
        AgencyType::DrugAndAlcohol,
        "drug and alcohol|drugs and alcohol|drug alcohol|alcohol and drug|substance misuse",
    ),
    (AgencyType::StalkingAdvocacy, "stalking"),
    (AgencyType::BehaviourChange, "behaviour change|perpetrator programme"),
    (AgencyType::Education, "education|schools"),
    (AgencyType::YouthJustice, "youth justice|youth offending|yot|yjs"),
    (AgencyType::Prison, "prison|hmp"),
    (AgencyType::Fire, "fire|fire and rescue"),
    (AgencyType::Ambulance, "ambulance"),
    (AgencyType::CommunityNursing, "health visiting|midwifery|school nursing"),
    (AgencyType::PrimaryCare, "primary care|gp"),
    (AgencyType::Jobcentre, "jobcentre|job centre|dwp"),
    (AgencyType::ProsecutionService, "cps|crown prosecution"),
    (AgencyType::Cafcass, "cafcass"),
    (AgencyType::AcuteTrust, "acute trust|hospital|nhs"),
];

/// What the core of a name says.
pub(super) fn of(core: &str) -> Option<AgencyType> {
    let padded = format!(" {core} ");
    let says = |words: &str| words.split('|').any(|word| padded.contains(&format!(" {word} ")));
    WORDS.iter().find(|(_, words)| says(words)).map(|(kind, _)| *kind)
}
