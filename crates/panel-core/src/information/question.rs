//! What agencies are asked about a case, so that a reply can keep what it answered.

use crate::agenda::{PaperCase, PaperPerson};
use serde::{Deserialize, Serialize};

/// A case as an agency is shown it when it is asked. A reply keeps a copy: what the agency was shown
/// when it released it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The case with its people.
    pub case: PaperCase,
    /// The person's own address, to find the record by; no victim's address is ever part of it.
    pub address: String,
    /// Why the panel asks, from the last referral.
    pub grounds: String,
}

impl Question {
    /// What is different from an earlier question, by the names of the fields.
    pub fn changed_since(&self, earlier: &Self) -> Vec<&'static str> {
        let (new, old) = (&self.case, &earlier.case);
        // Ages follow from the meeting's date and are no news.
        let who = |people: &[PaperPerson]| -> Vec<_> {
            people.iter().map(|p| (p.name.clone(), p.born_on, p.unborn)).collect()
        };
        let differ = [
            (new.person.name != old.person.name, "name"),
            (new.person.born_on != old.person.born_on, "date of birth"),
            (new.aliases != old.aliases, "aliases"),
            (self.address != earlier.address, "address"),
            (who(&new.victims) != who(&old.victims), "victims"),
            (who(&new.children) != who(&old.children), "children"),
            (new.source != old.source || new.referrer != old.referrer, "source"),
            (new.criteria != old.criteria || self.grounds != earlier.grounds, "grounds"),
            (new.flags != old.flags, "repeat, serial and re-referral"),
        ];
        differ.into_iter().filter(|(differs, _)| *differs).map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CaseId, Id};

    #[test]
    fn q7_what_was_answered_is_told_from_what_is_asked_now() {
        let person = PaperPerson { name: "DOE Jo".into(), born_on: None, age: None, unborn: false };
        let case = PaperCase {
            case: CaseId::from_uuid(uuid::Uuid::from_u128(1)),
            reference: "K7MQ-4XWP".into(),
            person,
            aliases: Vec::new(),
            victims: Vec::new(),
            children: Vec::new(),
            referrer: "Police".into(),
            source: "Partner agency".into(),
            criteria: Vec::new(),
            flags: Vec::new(),
        };
        let old = Question { case, address: "1 High Street".into(), grounds: "Threats".into() };
        assert!(old.changed_since(&old).is_empty());
        let mut new = old.clone();
        new.address = "2 Low Road".into();
        new.grounds = "Threats and a knife".into();
        assert_eq!(new.changed_since(&old), ["address", "grounds"]);
    }
}
