//! Kinds of abuse in the words of the Domestic Abuse Act 2021, and what may overlay them.

use crate::coded;

coded! {
    /// Abusive behaviour as section 1 of the Act lists it.
    pub enum AbuseType: "abuse type" {
        /// Physical abuse.
        Physical = "physical" => "Physical",
        /// Sexual abuse.
        Sexual = "sexual" => "Sexual",
        /// Violent or threatening behaviour.
        Threatening = "threatening" => "Violent or threatening",
        /// Controlling or coercive behaviour.
        Coercive = "coercive" => "Controlling or coercive",
        /// Economic abuse.
        Economic = "economic" => "Economic",
        /// Psychological, emotional or other abuse.
        Psychological = "psychological" => "Psychological, emotional or other",
    }
}

coded! {
    /// A form or setting of abuse that needs its own response.
    pub enum AbuseOverlay: "abuse overlay" {
        /// Abuse in the name of honour.
        HonourBased = "honour_based" => "Honour-based abuse",
        /// Forced marriage.
        ForcedMarriage = "forced_marriage" => "Forced marriage",
        /// Female genital mutilation.
        Fgm = "fgm" => "Female genital mutilation",
        /// Stalking.
        Stalking = "stalking" => "Stalking",
        /// Abuse through phones, accounts, trackers or cameras.
        Technology = "technology" => "Technology-facilitated abuse",
        /// Strangulation or suffocation that was survived.
        Strangulation = "strangulation" => "Non-fatal strangulation",
        /// Abuse that goes on or begins after separation.
        PostSeparation = "post_separation" => "Post-separation abuse",
        /// Abuse of a parent by a child of 16 or over.
        ChildToParent = "child_to_parent" => "Child-to-parent abuse",
    }
}
