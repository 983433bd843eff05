//! Facts about a person that forms ask for, each in its own list; none is derived from another.

use crate::coded;

coded! {
    /// Gender as the person states it.
    pub enum Gender: "gender" {
        /// Woman.
        Woman = "woman" => "Woman",
        /// Man.
        Man = "man" => "Man",
        /// Non-binary.
        NonBinary = "non_binary" => "Non-binary",
        /// Self-described in other words.
        Other = "other" => "Self-described",
        /// Not stated.
        NotStated = "not_stated" => "Not stated",
    }
}

coded! {
    /// Sexual orientation as the person states it.
    pub enum SexualOrientation: "sexual orientation" {
        /// Heterosexual.
        Heterosexual = "heterosexual" => "Heterosexual",
        /// Gay or lesbian.
        GayOrLesbian = "gay_or_lesbian" => "Gay or lesbian",
        /// Bisexual.
        Bisexual = "bisexual" => "Bisexual",
        /// Another.
        Other = "other" => "Other",
        /// Not stated.
        NotStated = "not_stated" => "Not stated",
    }
}

coded! {
    /// A kind of disability.
    pub enum Disability: "disability" {
        /// Physical.
        Physical = "physical" => "Physical",
        /// Learning.
        Learning = "learning" => "Learning",
        /// Mental health.
        MentalHealth = "mental_health" => "Mental health",
        /// Sensory.
        Sensory = "sensory" => "Sensory",
        /// Long-term illness.
        LongTermIllness = "long_term_illness" => "Long-term illness",
        /// Neurodivergence.
        Neurodivergent = "neurodivergent" => "Neurodivergent",
    }
}

coded! {
    /// Where a person lives.
    pub enum Accommodation: "accommodation" {
        /// With the victim.
        WithVictim = "with_victim" => "With the victim",
        /// Own tenancy of a council or housing association.
        SocialTenancy = "social_tenancy" => "Own tenancy, social",
        /// Own private tenancy.
        PrivateTenancy = "private_tenancy" => "Own tenancy, private",
        /// Owns the home.
        Owner = "owner" => "Owner",
        /// With family or friends.
        FamilyOrFriends = "family_or_friends" => "Family or friends",
        /// Supported accommodation.
        Supported = "supported" => "Supported accommodation",
        /// Approved premises.
        ApprovedPremises = "approved_premises" => "Approved premises",
        /// Prison.
        Prison = "prison" => "Prison",
        /// Hospital.
        Hospital = "hospital" => "Hospital",
        /// Hostel or other temporary accommodation.
        Temporary = "temporary" => "Hostel or temporary",
        /// Sleeping rough.
        RoughSleeping = "rough_sleeping" => "Rough sleeping",
        /// Not known.
        NotKnown = "not_known" => "Not known",
    }
}

coded! {
    /// What a person does for a living.
    pub enum Employment: "employment" {
        /// Employed.
        Employed = "employed" => "Employed",
        /// Self-employed.
        SelfEmployed = "self_employed" => "Self-employed",
        /// Unemployed.
        Unemployed = "unemployed" => "Unemployed",
        /// Unable to work.
        UnableToWork = "unable_to_work" => "Unable to work",
        /// Student.
        Student = "student" => "Student",
        /// Retired.
        Retired = "retired" => "Retired",
        /// Not known.
        NotKnown = "not_known" => "Not known",
    }
}

coded! {
    /// Whether the person still lives with the victim: one in ten does, and safety turns on it.
    pub enum LivesWithVictim: "living with the victim" {
        /// Always.
        Always = "always" => "Always",
        /// Now and then.
        Intermittent = "intermittent" => "Intermittently",
        /// No.
        No = "no" => "No",
        /// Not known.
        NotKnown = "not_known" => "Not known",
    }
}

coded! {
    /// Whether the person is free, held or under conditions.
    pub enum Liberty: "liberty status" {
        /// At liberty.
        AtLiberty = "at_liberty" => "At liberty",
        /// In custody.
        Custody = "custody" => "In custody",
        /// On bail.
        Bail = "bail" => "On bail",
        /// On licence.
        Licence = "licence" => "On licence",
        /// Serving a community order.
        CommunityOrder = "community_order" => "Community order",
        /// Wanted.
        Wanted = "wanted" => "Wanted",
        /// In hospital.
        Hospital = "hospital" => "In hospital",
    }
}
