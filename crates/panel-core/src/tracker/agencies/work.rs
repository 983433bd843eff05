//! What agencies do, and the words by which a tracker calls them.

use crate::coded;
use crate::coded::Coded;

coded! {
    /// What an agency does, as far as its name in a tracker tells; the codes are those of agency
    /// types.
    pub enum Work: "agency type" {
        /// Police force or unit.
        Police = "police" => "Police",
        /// Probation.
        Probation = "probation" => "Probation",
        /// Independent domestic violence advisers.
        Idva = "idva" => "IDVA service",
        /// Children's social care.
        ChildrensSocialCare = "childrens_social_care" => "Children's social care",
        /// Adult social care.
        AdultSocialCare = "adult_social_care" => "Adult social care",
        /// Housing.
        Housing = "housing" => "Housing",
        /// Mental health.
        MentalHealth = "mental_health" => "Mental health",
        /// Drug and alcohol services.
        SubstanceMisuse = "substance_misuse" => "Drug and alcohol service",
        /// Stalking advocacy.
        StalkingAdvocacy = "stalking_advocacy" => "Stalking advocacy",
        /// Programmes that change behaviour.
        BehaviourChangeProvider = "behaviour_change_provider" => "Behaviour-change provider",
        /// Schools and education.
        Education = "education" => "Education",
        /// Youth justice.
        YouthJustice = "youth_justice" => "Youth justice",
        /// Prisons.
        Prison = "prison" => "Prison",
        /// Hospitals and primary care.
        Health = "health" => "Health",
    }
}

impl Work {
    /// What the core of a name says; the more particular words are asked first.
    pub(super) fn of(core: &str) -> Option<Self> {
        let padded = format!(" {core} ");
        Self::ALL
            .iter()
            .copied()
            .find(|work| work.words().iter().any(|words| padded.contains(&format!(" {words} "))))
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Police => &["police", "constabulary", "ppu", "public protection unit"],
            Self::Probation => &["probation", "nps", "national probation"],
            Self::Idva => {
                &["idva", "idvas", "independent domestic violence", "domestic abuse adviser"]
            }
            Self::ChildrensSocialCare => {
                &["csc", "childrens social care", "children social care", "childrens services"]
            }
            Self::AdultSocialCare => &["asc", "adult social care", "adults social care"],
            Self::Housing => &["housing", "hsg", "homelessness"],
            Self::MentalHealth => &["mental health", "mh", "cmht", "camhs"],
            Self::SubstanceMisuse => &[
                "drug and alcohol",
                "drugs and alcohol",
                "drug alcohol",
                "alcohol and drug",
                "substance misuse",
            ],
            Self::StalkingAdvocacy => &["stalking"],
            Self::BehaviourChangeProvider => &["behaviour change", "perpetrator programme"],
            Self::Education => &["education", "schools"],
            Self::YouthJustice => &["youth justice", "youth offending", "yot", "yjs"],
            Self::Prison => &["prison", "hmp"],
            Self::Health => &["nhs", "hospital", "health", "primary care", "gp"],
        }
    }
}
