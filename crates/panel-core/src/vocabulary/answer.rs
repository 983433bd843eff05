//! Three-valued answers, and the three different reasons why there is none.

use crate::coded;

coded! {
    /// The answer to a question of a form. Not known is an answer; an unasked question has none.
    pub enum Answer: "answer" {
        /// Yes.
        Yes = "yes" => "Yes",
        /// No.
        No = "no" => "No",
        /// It was asked and nobody knows.
        NotKnown = "not_known" => "Not known",
    }
}

coded! {
    /// Why a field is empty.
    pub enum Gap: "reason for a missing answer" {
        /// Nobody has asked yet: the field is still missing.
        NotAsked = "not_asked" => "Not asked",
        /// The person would not say.
        Declined = "declined" => "Declined to say",
        /// It was asked and nobody knows.
        NotKnown = "not_known" => "Not known",
    }
}

impl Gap {
    /// Whether the question was put, so that nothing is gained by asking the referrer again.
    pub const fn is_settled(self) -> bool {
        match self {
            Self::NotAsked => false,
            Self::Declined | Self::NotKnown => true,
        }
    }
}
