//! What a record is marked with: a code, whom it names, how it may be passed on, and until when.

use super::NoteKind;
use crate::coded;
use crate::id::{AgencyId, UserId};
use crate::text::Note;
use crate::vocabulary::AgencyType;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

coded! {
    /// Who reads a record. Its own agency always does.
    pub enum Code: "handling code" {
        /// Everybody who may know of the case.
        Panel = "panel" => "Everyone who takes part in the case",
        /// The agencies and people that are named.
        Named = "named" => "Only agencies and people that you name",
        /// The agency that wrote it, and whoever runs the panel.
        Origin = "origin" => "Your agency, the chair and the coordinator",
        /// Police at this panel.
        Police = "police" => "Police",
        /// Health services at this panel, and those to whom it is released.
        Health = "health" => "Health services, and those it is released to",
    }
}

coded! {
    /// How a record may not be passed on.
    pub enum Overlay: "handling overlay" {
        /// A covert plan: the victim is not told.
        NotToVictim = "not_to_victim" => "Not to be told to the victim",
        /// On no paper.
        NoPrint = "no_print" => "Not to be printed",
        /// In no file.
        NoExport = "no_export" => "Not to be exported",
    }
}

impl Code {
    /// The code that a reply of an agency of this kind begins with: what health services know stays among
    /// them until one of them releases it.
    pub const fn of_replies(agency: AgencyType) -> Self {
        if agency.is_health() { Self::Health } else { Self::Panel }
    }

    /// The code that a note begins with.
    pub const fn of_notes(kind: NoteKind) -> Self {
        match kind {
            NoteKind::Intelligence => Self::Police,
            NoteKind::Health => Self::Health,
            NoteKind::Other => Self::Origin,
        }
    }

    /// Whether it goes with names.
    pub const fn names(self) -> bool {
        matches!(self, Self::Named | Self::Health)
    }
}

/// Why a marking cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkingError {
    /// Named, and nobody is.
    #[error("Choose who may read it")]
    NobodyNamed,
    /// Names where the code says who reads.
    #[error("Name agencies and people only with the codes that ask for names")]
    NamesWithoutUse,
    /// Health released without saying why that is necessary.
    #[error("Enter why it is necessary to release it")]
    NoNecessity,
    /// An end that is over.
    #[error("The last day must be today or later")]
    Over,
}

/// What a record is marked with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Marking {
    /// Who reads it.
    #[serde(default)]
    pub code: Code,
    /// The agencies that are named, or to which health information is released.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub agencies: BTreeSet<AgencyId>,
    /// The people who are named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub people: BTreeSet<UserId>,
    /// Whether whoever runs the panel is among them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runners: bool,
    /// Why a release of health information is necessary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub necessity: Option<Note>,
    /// How it may not be passed on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub overlays: BTreeSet<Overlay>,
    /// The last day on which others than its own agency read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Default for Code {
    /// Everybody who takes part.
    fn default() -> Self {
        Self::Panel
    }
}

impl From<Code> for Marking {
    fn from(code: Code) -> Self {
        Self { code, ..Self::default() }
    }
}

impl Marking {
    /// Whether it names anybody.
    pub fn names_somebody(&self) -> bool {
        self.runners || !self.agencies.is_empty() || !self.people.is_empty()
    }

    /// Checks that it can be set on `today`.
    ///
    /// # Errors
    /// [`MarkingError`].
    pub fn check(&self, today: NaiveDate) -> Result<(), MarkingError> {
        if self.until.is_some_and(|last| last < today) {
            return Err(MarkingError::Over);
        }
        match (self.code, self.names_somebody()) {
            (Code::Named, false) => Err(MarkingError::NobodyNamed),
            (Code::Health, true) if self.necessity.is_none() => Err(MarkingError::NoNecessity),
            (code, true) if !code.names() => Err(MarkingError::NamesWithoutUse),
            _ => Ok(()),
        }
    }

    /// Whether it may not be passed on so. What is for the police alone is neither printed nor exported.
    pub fn forbids(&self, overlay: Overlay) -> bool {
        let by_code = self.code == Code::Police && overlay != Overlay::NotToVictim;
        by_code || self.overlays.contains(&overlay)
    }

    /// Whether it can go into a record that everybody keeps, such as minutes, where it would lose its mark.
    pub fn is_open(&self) -> bool {
        self.code == Code::Panel && self.overlays.is_empty() && self.until.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use crate::time::testing::day;
    use uuid::Uuid;

    fn agency() -> BTreeSet<AgencyId> {
        BTreeSet::from([AgencyId::from_uuid(Uuid::from_u128(1))])
    }

    #[track_caller]
    fn check(marking: &Marking, expected: Result<(), MarkingError>) {
        assert_eq!(marking.check(day("2026-04-10")), expected, "{marking:?}");
    }

    #[test]
    fn names_go_with_the_codes_that_ask_for_them() {
        let named = |code| Marking { agencies: agency(), ..Marking::from(code) };
        check(&Code::Named.into(), Err(MarkingError::NobodyNamed));
        check(&named(Code::Named), Ok(()));
        check(&Marking { runners: true, ..Code::Named.into() }, Ok(()));
        for code in [Code::Panel, Code::Origin, Code::Police] {
            check(&code.into(), Ok(()));
            check(&named(code), Err(MarkingError::NamesWithoutUse));
        }
    }

    #[test]
    fn health_information_is_released_with_a_reason() {
        let released = Marking { agencies: agency(), ..Code::Health.into() };
        check(&Code::Health.into(), Ok(()));
        check(&released, Err(MarkingError::NoNecessity));
        let necessity = Note::parse("Housing has to know of the medication").ok();
        check(&Marking { necessity, ..released }, Ok(()));
    }

    #[test]
    fn an_end_is_today_or_later() {
        let until = |last| Marking { until: Some(day(last)), ..Marking::default() };
        check(&until("2026-04-10"), Ok(()));
        check(&until("2026-04-09"), Err(MarkingError::Over));
    }

    #[test]
    fn what_is_for_the_police_alone_is_on_no_paper_and_in_no_file() {
        let police = Marking::from(Code::Police);
        assert!(police.forbids(Overlay::NoPrint) && police.forbids(Overlay::NoExport));
        assert!(!police.forbids(Overlay::NotToVictim));
        assert!(!Marking::default().forbids(Overlay::NoPrint));
    }

    #[test]
    fn minutes_take_only_what_is_not_marked() {
        assert!(Marking::default().is_open());
        assert!(!Marking::from(Code::Origin).is_open());
        let overlays = BTreeSet::from([Overlay::NotToVictim]);
        assert!(!Marking { overlays, ..Marking::default() }.is_open());
        assert!(!Marking { until: Some(day("2027-01-01")), ..Marking::default() }.is_open());
    }

    #[test]
    fn a_record_begins_with_the_code_of_its_kind() {
        assert_eq!(Code::of_replies(AgencyType::MentalHealth), Code::Health);
        assert_eq!(Code::of_replies(AgencyType::Housing), Code::Panel);
        assert_eq!(Code::of_notes(NoteKind::Intelligence), Code::Police);
        assert_eq!(Code::of_notes(NoteKind::Other), Code::Origin);
    }

    #[test]
    fn a_marking_is_kept_without_what_it_does_not_say() {
        let json = serde_json::to_string(&Marking::default()).unwrap();
        assert_eq!(json, r#"{"code":"panel"}"#);
        assert_eq!(serde_json::from_str::<Marking>("{}").unwrap(), Marking::default());
    }
}
