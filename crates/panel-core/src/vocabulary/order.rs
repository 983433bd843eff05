//! Orders, licences and conditions a person may be under.

use crate::coded;

coded! {
    /// The kind of an order.
    pub enum OrderKind: "order" {
        /// Domestic abuse protection notice.
        Dapn = "dapn" => "Domestic abuse protection notice",
        /// Domestic abuse protection order.
        Dapo = "dapo" => "Domestic abuse protection order",
        /// Domestic violence protection notice.
        Dvpn = "dvpn" => "Domestic violence protection notice",
        /// Domestic violence protection order.
        Dvpo = "dvpo" => "Domestic violence protection order",
        /// Non-molestation order.
        NonMolestation = "non_molestation" => "Non-molestation order",
        /// Occupation order.
        Occupation = "occupation" => "Occupation order",
        /// Restraining order.
        Restraining = "restraining" => "Restraining order",
        /// Interim stalking protection order.
        InterimStalkingProtection = "interim_stalking_protection" => "Interim stalking protection order",
        /// Full stalking protection order.
        StalkingProtection = "stalking_protection" => "Stalking protection order",
        /// Sexual harm prevention order.
        SexualHarmPrevention = "sexual_harm_prevention" => "Sexual harm prevention order",
        /// Sexual risk order.
        SexualRisk = "sexual_risk" => "Sexual risk order",
        /// Serious violence reduction order.
        SeriousViolenceReduction = "serious_violence_reduction" => "Serious violence reduction order",
        /// Criminal behaviour order.
        CriminalBehaviour = "criminal_behaviour" => "Criminal behaviour order",
        /// Forced marriage protection order.
        ForcedMarriageProtection = "forced_marriage_protection" => "Forced marriage protection order",
        /// Female genital mutilation protection order.
        FgmProtection = "fgm_protection" => "FGM protection order",
        /// Prohibited steps order.
        ProhibitedSteps = "prohibited_steps" => "Prohibited steps order",
        /// Child arrangements order.
        ChildArrangements = "child_arrangements" => "Child arrangements order",
        /// Injunction against anti-social behaviour.
        Injunction = "injunction" => "Injunction (anti-social behaviour)",
        /// Closure order on premises.
        Closure = "closure" => "Closure order",
        /// Police bail.
        PoliceBail = "police_bail" => "Police bail",
        /// Court bail.
        CourtBail = "court_bail" => "Court bail",
        /// Release on licence, with or without a tag.
        Licence = "licence" => "Licence",
        /// Community order.
        Community = "community" => "Community order",
        /// Suspended sentence order.
        SuspendedSentence = "suspended_sentence" => "Suspended sentence order",
        /// Firearms licence revoked.
        FirearmsRevocation = "firearms_revocation" => "Firearms licence revoked",
        /// Another order.
        Other = "other" => "Other order",
    }
}
