//! Needs that a pathway may answer.

use crate::coded;

coded! {
    /// Something in a person's life that support could change.
    pub enum Need: "need" {
        /// Alcohol.
        Alcohol = "alcohol" => "Alcohol",
        /// Drugs.
        Drugs = "drugs" => "Drugs",
        /// Mental health.
        MentalHealth = "mental_health" => "Mental health",
        /// Neurodiversity or learning disability.
        Neurodiversity = "neurodiversity" => "Neurodiversity or learning disability",
        /// Brain injury.
        BrainInjury = "brain_injury" => "Brain injury",
        /// Somewhere to live.
        Accommodation = "accommodation" => "Accommodation",
        /// Money, debt or gambling.
        Finance = "finance" => "Finance, debt or gambling",
        /// Employment, training or education.
        Employment = "employment" => "Employment, training or education",
        /// Parenting or contact with a child.
        Parenting = "parenting" => "Parenting or child contact",
        /// Trauma, such as abuse as a child.
        Trauma = "trauma" => "Trauma",
        /// Physical health.
        PhysicalHealth = "physical_health" => "Physical health",
        /// Immigration.
        Immigration = "immigration" => "Immigration",
        /// Language.
        Language = "language" => "Language",
        /// Isolation.
        Isolation = "isolation" => "Isolation",
        /// Thinking and attitudes.
        Attitudes = "attitudes" => "Thinking and attitudes",
    }
}
