//! The field's own lists: what agencies, relationships, harms, orders and needs are called.
//!
//! Codes never change once released. Wording follows the published forms and the Domestic Abuse
//! Act 2021; a list that a source leaves open ends in `other`, so that nothing has to be forced.

mod abuse;
mod agency_type;
mod answer;
mod ethnicity;
mod intervention;
mod marker;
mod need;
mod order;
mod person;
mod relationship;

pub use abuse::{AbuseOverlay, AbuseType};
pub use agency_type::AgencyType;
pub use answer::{Answer, Gap};
pub use ethnicity::{Ethnicity, EthnicityScheme, UnknownEthnicity};
pub use intervention::{Intervention, InterventionStatus, Tactic};
pub use marker::{PpitItem, PpitLevel, RiskMarker};
pub use need::Need;
pub use order::OrderKind;
pub use person::{
    Accommodation, Disability, Employment, Gender, Liberty, LivesWithVictim, SexualOrientation,
};
pub use relationship::{Relationship, RelativeKind};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use std::collections::HashSet;

    #[track_caller]
    fn check<V: Coded + std::fmt::Debug>() {
        let mut codes = HashSet::new();
        let mut labels = HashSet::new();
        for value in V::ALL {
            let code = value.code();
            assert!(codes.insert(code), "{code} twice in {}", V::VOCABULARY);
            assert!(labels.insert(value.label()), "{} twice in {}", value.label(), V::VOCABULARY);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(code.chars().all(plain) && code.len() <= 40, "{code}");
            assert_eq!(V::from_code(code).as_ref(), Ok(value));
        }
        assert!(V::from_code("no_such_code").is_err());
    }

    #[test]
    fn every_list_has_distinct_plain_codes_that_read_back() {
        check::<AbuseOverlay>();
        check::<AbuseType>();
        check::<Accommodation>();
        check::<AgencyType>();
        check::<Answer>();
        check::<Disability>();
        check::<Employment>();
        check::<EthnicityScheme>();
        check::<Gap>();
        check::<Gender>();
        check::<Intervention>();
        check::<InterventionStatus>();
        check::<Liberty>();
        check::<LivesWithVictim>();
        check::<Need>();
        check::<OrderKind>();
        check::<PpitItem>();
        check::<PpitLevel>();
        check::<Relationship>();
        check::<RelativeKind>();
        check::<RiskMarker>();
        check::<SexualOrientation>();
        check::<Tactic>();
    }
}
