//! The fields that a referral is measured by, each with the words a referrer reads.

use crate::coded;

coded! {
    /// A field that a panel asks for before it decides.
    pub enum ReferralField: "referral field" {
        /// Referrer's name.
        ReferrerName = "referrer_name" => "Referrer: name",
        /// Referrer's number or address.
        ReferrerContact = "referrer_contact" => "Referrer: telephone or email",
        /// Family name.
        PerpetratorSurname = "perpetrator_surname" => "Perpetrator: surname",
        /// Given name.
        PerpetratorForename = "perpetrator_forename" => "Perpetrator: forename",
        /// Date of birth.
        PerpetratorBorn = "perpetrator_born" => "Perpetrator: date of birth",
        /// Gender.
        PerpetratorGender = "perpetrator_gender" => "Perpetrator: gender",
        /// Ethnicity.
        PerpetratorEthnicity = "perpetrator_ethnicity" => "Perpetrator: ethnicity",
        /// Address, which decides the area.
        PerpetratorAddress = "perpetrator_address" => "Perpetrator: address and postcode",
        /// First language.
        PerpetratorLanguage = "perpetrator_language" => "Perpetrator: first language",
        /// Whether the person lives with the victim.
        LivesWithVictim = "lives_with_victim" => "Perpetrator: lives with the victim",
        /// Free, held or under conditions.
        Liberty = "liberty" => "Perpetrator: at liberty, in custody or under conditions",
        /// When a person in custody is released.
        ReleaseDate = "release_date" => "Perpetrator: release date",
        /// Position of trust.
        PositionOfTrust = "position_of_trust" => "Perpetrator: work with children or adults at risk",
        /// Victim's name.
        VictimName = "victim_name" => "Victim: name",
        /// Victim's date of birth.
        VictimBorn = "victim_born" => "Victim: date of birth",
        /// Victim's address.
        VictimAddress = "victim_address" => "Victim: address and postcode",
        /// Victim's number.
        VictimTelephone = "victim_telephone" => "Victim: telephone",
        /// Whether that is safe.
        SafeToCall = "safe_to_call" => "Victim: safe to call",
        /// How the two are connected.
        Relationship = "relationship" => "Victim: relationship to the perpetrator",
        /// Whether the victim knows.
        Aware = "aware" => "Victim: aware of the referral",
        /// Why not.
        UnawareReason = "unaware_reason" => "Victim: why not aware",
        /// Whether the victim consents.
        Consent = "consent" => "Victim: consent",
        /// Why not.
        NoConsentReason = "no_consent_reason" => "Victim: why no consent",
        /// Advocate.
        Advocate = "advocate" => "Victim: advocate",
        /// Who the victim is afraid of.
        AfraidOf = "afraid_of" => "Victim: who she or he is afraid of",
        /// Who it is safe to talk to.
        SafeToTalkTo = "safe_to_talk_to" => "Victim: who it is safe to talk to",
        /// Who it is not safe to talk to.
        NotSafeToTalkTo = "not_safe_to_talk_to" => "Victim: who it is not safe to talk to",
        /// Whether the victim wants the police.
        WantsPolice = "wants_police" => "Victim: wants to speak to the police",
        /// What the victim wants.
        Wishes = "wishes" => "Victim: wishes",
        /// Whether there are children.
        Children = "children" => "Children",
        /// Their names and dates of birth.
        ChildDetails = "child_details" => "Children: name and date of birth, or unborn",
        /// At least one incident.
        Incidents = "incidents" => "Incidents",
        /// When each happened, or when it became known.
        IncidentDates = "incident_dates" => "Incidents: date, or date identified",
        /// Who was harmed in each.
        IncidentVictims = "incident_victims" => "Incidents: victim",
        /// At least one criterion.
        Criteria = "criteria" => "Criteria",
        /// The grounds in words.
        Grounds = "grounds" => "Grounds in words",
        /// Weapons.
        Weapons = "weapons" => "Weapons",
        /// Risks to staff.
        RisksToStaff = "risks_to_staff" => "Risks to staff",
        /// New partner.
        NewPartner = "new_partner" => "New partner",
        /// Other arrangements.
        Arrangements = "arrangements" => "MAPPA, MARAC and other arrangements",
        /// Other areas.
        OtherPanel = "other_panel" => "Referred to a panel elsewhere",
    }
}
