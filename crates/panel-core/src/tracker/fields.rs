//! What a column of the tracker can mean, and the headings by which people call it.

use crate::coded;

coded! {
    /// What the rows of a sheet are.
    pub enum SheetKind: "kind of sheet" {
        /// One referral a row.
        Referrals = "referrals" => "Referrals",
        /// One action a row.
        Actions = "actions" => "Actions",
        /// One agency representative a row.
        Reps = "reps" => "Agency representatives",
    }
}

coded! {
    /// The meaning of a column.
    pub enum Field: "field" {
        /// The reference the tracker gave to the case.
        Reference = "reference" => "Case reference",
        /// The day the referral was received.
        Received = "received" => "Date received",
        /// The agency: of the referral, of the action, or of the person.
        Agency = "agency" => "Agency",
        /// Who made the referral.
        Referrer = "referrer" => "Referrer",
        /// The mail address of who made the referral.
        ReferrerEmail = "referrer_email" => "Referrer's email",
        /// Surname of the person referred.
        Surname = "surname" => "Surname of the person referred",
        /// Forename of the person referred.
        Forename = "forename" => "Forename of the person referred",
        /// A whole name: of the person referred, or of the representative.
        Name = "name" => "Full name",
        /// Another name of the person referred.
        Alias = "alias" => "Alias",
        /// Birth date of the person referred.
        Born = "born" => "Date of birth",
        /// Address of the person referred.
        Address = "address" => "Address",
        /// Postcode of the person referred.
        Postcode = "postcode" => "Postcode",
        /// Gender of the person referred.
        Gender = "gender" => "Gender",
        /// Ethnicity of the person referred, as a code.
        Ethnicity = "ethnicity" => "Ethnicity",
        /// The victim's whole name.
        Victim = "victim" => "Victim's name",
        /// The victim's birth date.
        VictimBorn = "victim_born" => "Victim's date of birth",
        /// The relationship between the two.
        Relationship = "relationship" => "Relationship",
        /// How many children.
        Children = "children" => "Number of children",
        /// Criterion: visible high risk.
        HighRisk = "high_risk" => "High risk",
        /// Criterion: professional judgement.
        ProfessionalJudgement = "professional_judgement" => "Professional judgement",
        /// Criterion: potential escalation.
        Escalation = "escalation" => "Escalation",
        /// Marked as a repeat in the tracker; Panel works this out itself.
        Repeat = "repeat" => "Repeat",
        /// Managed under MAPPA.
        Mappa = "mappa" => "MAPPA",
        /// The word for where the referral or the action stands.
        Status = "status" => "Status",
        /// The day the status was reported.
        StatusDate = "status_date" => "Status date",
        /// Anything else that was written.
        Notes = "notes" => "Notes",
        /// The day of the meeting that made the action.
        Meeting = "meeting" => "Meeting date",
        /// The wording of the action.
        Action = "action" => "Action",
        /// The person who is to do the action.
        Owner = "owner" => "Owner",
        /// When the action is due.
        Due = "due" => "Due",
        /// The representative's mail address.
        Email = "email" => "Email",
        /// What the representative is at the panel.
        Role = "role" => "Role",
        /// Whose deputy the representative is.
        DeputyFor = "deputy_for" => "Deputy for",
    }
}

impl SheetKind {
    /// The columns that a sheet of this kind can have.
    pub fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Referrals => &[
                F::Reference,
                F::Received,
                F::Agency,
                F::Referrer,
                F::ReferrerEmail,
                F::Surname,
                F::Forename,
                F::Name,
                F::Alias,
                F::Born,
                F::Address,
                F::Postcode,
                F::Gender,
                F::Ethnicity,
                F::Victim,
                F::VictimBorn,
                F::Relationship,
                F::Children,
                F::HighRisk,
                F::ProfessionalJudgement,
                F::Escalation,
                F::Repeat,
                F::Mappa,
                F::Status,
                F::Notes,
            ],
            Self::Actions => &[
                F::Meeting,
                F::Reference,
                F::Name,
                F::Action,
                F::Agency,
                F::Owner,
                F::Due,
                F::Status,
                F::StatusDate,
                F::Notes,
            ],
            Self::Reps => &[F::Agency, F::Name, F::Email, F::Role, F::DeputyFor],
        }
    }

    /// The columns without which no row can be read; of each group one is enough.
    pub fn required(self) -> &'static [&'static [Field]] {
        use Field as F;
        match self {
            Self::Referrals => &[&[F::Received], &[F::Agency], &[F::Surname, F::Name]],
            Self::Actions => &[&[F::Meeting], &[F::Action], &[F::Agency], &[F::Reference, F::Name]],
            Self::Reps => &[&[F::Agency], &[F::Name], &[F::Email]],
        }
    }

    /// Folded words that the name of such a sheet often holds.
    pub(super) fn tab_words(self) -> &'static [&'static str] {
        match self {
            Self::Referrals => &["referral", "log", "cases"],
            Self::Actions => &["action"],
            Self::Reps => &["rep", "contact", "spoc", "agenc", "member"],
        }
    }

    /// Folded headings that people give to a column of this meaning, the usual one first.
    pub(super) fn headings(self, field: Field) -> impl Iterator<Item = &'static str> {
        let table = match self {
            Self::Referrals => REFERRALS,
            Self::Actions => ACTIONS,
            Self::Reps => REPS,
        };
        table
            .iter()
            .find(|(found, _)| *found == field)
            .map_or("", |(_, headings)| headings)
            .split('|')
    }
}

/// Folded headings by meaning, separated by bars.
type Headings = &'static [(Field, &'static str)];

const REFERRALS: Headings = &[
    (Field::Reference, "ref|reference|case ref|case reference|ref no|case no|case number"),
    (
        Field::Received,
        "date recd|date received|received|date rec|referral date|date of referral|\
         date referred|referral received|received on",
    ),
    (
        Field::Agency,
        "referring agency|agency|referred by agency|referrer agency|agency referring|\
         source agency|organisation",
    ),
    (
        Field::Referrer,
        "referrer|referred by|referrer name|name of referrer|referring officer|\
         referring worker|referring professional",
    ),
    (
        Field::ReferrerEmail,
        "referrer email|email|e mail|referrers email|email of referrer|\
         referrer email address|email address|referrer e mail",
    ),
    (
        Field::Surname,
        "perp surname|surname|perpetrator surname|subject surname|family name|last name|\
         perp last name|surname of perpetrator",
    ),
    (
        Field::Forename,
        "perp forename|forename|perpetrator forename|subject forename|first name|\
         forenames|forename(s)|perp first name|perp forenames|given name",
    ),
    (
        Field::Name,
        "perp name|perpetrator|perpetrator name|name|subject|subject name|perp|\
         name of perpetrator|full name",
    ),
    (Field::Alias, "alias|aliases|aka|perp alias|also known as|nickname"),
    (
        Field::Born,
        "perp dob|dob|perpetrator dob|date of birth|subject dob|perp date of birth|\
         perpetrator date of birth|birth date|born",
    ),
    (Field::Address, "perp address|address|perpetrator address|home address"),
    (Field::Postcode, "perp postcode|postcode|post code|perpetrator postcode"),
    (Field::Gender, "m/f|gender|sex|perp gender|perp sex"),
    (Field::Ethnicity, "ethnicity|ethnicity code|perp ethnicity|ethnic origin"),
    (Field::Victim, "victim name|victim|name of victim|victim full name|survivor"),
    (Field::VictimBorn, "victim dob|victim date of birth|dob of victim|survivor dob"),
    (Field::Relationship, "relationship|relationship to victim|relation|rel to victim"),
    (
        Field::Children,
        "no children|number of children|children|no of children|kids|how many children",
    ),
    (Field::HighRisk, "high risk?|high risk|visible high risk|vhr"),
    (Field::ProfessionalJudgement, "prof judgement?|professional judgement|prof judgement|pj"),
    (Field::Escalation, "escalation?|escalation|potential escalation"),
    (Field::Repeat, "repeat?|repeat|repeat case"),
    (Field::Mappa, "mappa?|mappa|mappa level|mappa nominal"),
    (Field::Status, "status|case status|outcome|stage|referral status"),
    (Field::Notes, "notes|comments|note|remarks|other information|comment"),
];

const ACTIONS: Headings = &[
    (
        Field::Meeting,
        "meeting date|date of meeting|meeting|panel date|date set|date agreed|\
         marac date|matac date|set on",
    ),
    (Field::Reference, "case ref|ref|reference|case reference|case no|case number|ref no"),
    (Field::Name, "name|perp name|perpetrator|subject|case name|perpetrator name"),
    (Field::Action, "action|actions|action agreed|task|what|description"),
    (Field::Agency, "agency|agency responsible|responsible agency|owner agency|lead agency"),
    (
        Field::Owner,
        "who|owner|by whom|person responsible|responsible person|rep|representative|\
         lead|officer|action owner",
    ),
    (Field::Due, "due|due date|date due|by when|deadline|target date|complete by|when"),
    (Field::Status, "status|action status|progress|outcome|complete?|done?"),
    (
        Field::StatusDate,
        "status date|date completed|completed on|date of status|date of update|\
         completion date|date status reported|date closed",
    ),
    (Field::Notes, "comments|notes|comment|note|remarks|update|updates"),
];

const REPS: Headings = &[
    (Field::Agency, "agency|organisation|service|organization"),
    (Field::Name, "name|full name|rep|representative|contact|contact name|rep name"),
    (Field::Email, "email|e mail|email address|secure email|mail"),
    (Field::Role, "role|panel role|position|type|function"),
    (Field::DeputyFor, "deputy for|deputises for|deputy of|deputising for"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use crate::text::fold;
    use std::collections::HashSet;

    #[test]
    fn every_heading_is_folded_and_means_one_thing_in_its_kind() {
        for kind in SheetKind::ALL {
            let mut seen = HashSet::new();
            for field in kind.fields() {
                assert_ne!(kind.headings(*field).next(), Some(""), "{kind} {field}");
                for heading in kind.headings(*field) {
                    assert_eq!(fold(heading), heading, "{kind} {field}");
                    assert!(seen.insert(heading), "{kind}: {heading} twice");
                }
            }
        }
    }

    #[test]
    fn required_columns_are_columns_of_the_kind() {
        for kind in SheetKind::ALL {
            for field in kind.required().concat() {
                assert!(kind.fields().contains(&field));
            }
        }
    }
}
