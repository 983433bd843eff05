//! Risk markers on a person, and the items of the priority perpetrator identification tool.

use crate::coded;

coded! {
    /// Something every agency should know before it acts or visits.
    pub enum RiskMarker: "risk marker" {
        /// Managed under multi-agency public protection arrangements.
        Mappa = "mappa" => "MAPPA",
        /// Heard at a MARAC.
        Marac = "marac" => "MARAC",
        /// Domestic abuse perpetrator register.
        DomesticAbusePerpetrator = "domestic_abuse_perpetrator" => "Domestic abuse perpetrator",
        /// Alleged, without a finding.
        AllegedPerpetrator = "alleged_perpetrator" => "Alleged perpetrator",
        /// Risk to children.
        RiskToChildren = "risk_to_children" => "Risk to children",
        /// Risk to women.
        RiskToWomen = "risk_to_women" => "Risk to women",
        /// Risk to men.
        RiskToMen = "risk_to_men" => "Risk to men",
        /// Risk from named others.
        RiskFromOthers = "risk_from_others" => "Risk from others",
        /// Not to be visited unaccompanied.
        RiskToStaff = "risk_to_staff" => "Risk to staff",
        /// Does not engage.
        NonEngagement = "non_engagement" => "Does not engage",
        /// A restraining order is in force.
        RestrainingOrder = "restraining_order" => "Restraining order",
        /// Has or has used weapons, or holds a firearms licence.
        Weapons = "weapons" => "Weapons or firearms licence",
        /// Has strangled or suffocated.
        Strangulation = "strangulation" => "Strangulation",
        /// Stalks.
        Stalking = "stalking" => "Stalking",
        /// Has threatened to kill.
        ThreatsToKill = "threats_to_kill" => "Threats to kill",
        /// Has threatened or attempted suicide, a known marker for homicide.
        SuicideThreat = "suicide_threat" => "Suicide or self-harm",
        /// Cruelty to animals.
        AnimalCruelty = "animal_cruelty" => "Animal cruelty",
        /// The victim is pregnant or has a baby under 18 months.
        Pregnancy = "pregnancy" => "Pregnancy or new baby",
        /// Separated within the last twelve months.
        RecentSeparation = "recent_separation" => "Separation in the last 12 months",
        /// Has a new partner.
        NewRelationship = "new_relationship" => "New relationship",
        /// Conflict over contact with a child.
        ChildContactDispute = "child_contact_dispute" => "Child contact dispute",
        /// Due to leave custody.
        ReleaseDue = "release_due" => "Release from custody due",
        /// No fixed address.
        NoFixedAddress = "no_fixed_address" => "No fixed address",
        /// Problem use of alcohol or drugs.
        Substances = "substances" => "Alcohol or drugs",
        /// Mental ill health.
        MentalHealth = "mental_health" => "Mental health",
        /// Subject to immigration control.
        ImmigrationControl = "immigration_control" => "Immigration control",
        /// Works in a position of trust.
        PositionOfTrust = "position_of_trust" => "Position of trust",
        /// Serves or served in the armed forces.
        ArmedForces = "armed_forces" => "Armed forces",
        /// Works for the police.
        PoliceEmployee = "police_employee" => "Police employee",
    }
}

coded! {
    /// An item of the priority perpetrator identification tool.
    pub enum PpitItem: "PPIT item" {
        /// Recent offending.
        Recent = "recent" => "Recent",
        /// Escalating.
        Escalating = "escalating" => "Escalating",
        /// The same victim again.
        Repeat = "repeat" => "Repeat against the same victim",
        /// Different victims.
        Serial = "serial" => "Serial",
        /// Causes serious harm.
        Harmful = "harmful" => "Harmful",
        /// Other, linked offending.
        LinkedOffending = "linked_offending" => "Linked offending",
        /// Weapons.
        Weapons = "weapons" => "Weapons",
        /// Mental health.
        MentalHealth = "mental_health" => "Mental health",
        /// Alcohol or drugs.
        Substances = "substances" => "Alcohol or drugs",
        /// Suicide or self-harm.
        SelfHarm = "self_harm" => "Suicide or self-harm",
    }
}

coded! {
    /// How strongly a PPIT item is marked. The total is a guide; judgement decides.
    pub enum PpitLevel: "PPIT level" {
        /// Not seen.
        Absent = "absent" => "Absent",
        /// Present.
        Present = "present" => "Present",
        /// Present at a critical level.
        Critical = "critical" => "Critical",
    }
}
