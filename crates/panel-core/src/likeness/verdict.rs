//! What a coordinator said about two records, and which records are one person by it.
//!
//! Nothing is merged: a person is what links say, worked out anew each time one is made or taken back.

use crate::coded;
use crate::id::PersonId;
use std::collections::BTreeMap;

coded! {
    /// What was said about two records.
    pub enum Verdict: "verdict" {
        /// They look alike, and nobody has decided.
        Offered = "offered" => "To be decided",
        /// One person.
        Same = "same" => "The same person",
        /// Two people.
        Different = "different" => "Different people",
    }
}

/// Two records with what was said about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// One record.
    pub one: PersonId,
    /// The other.
    pub two: PersonId,
    /// What was said.
    pub verdict: Verdict,
}

/// The root of each record: the oldest that it is linked with, directly or through others. Ids rise
/// with time, so the oldest is the least.
pub fn roots(records: &[PersonId], judged: &[Judged]) -> BTreeMap<PersonId, PersonId> {
    let mut roots: BTreeMap<PersonId, PersonId> =
        records.iter().map(|record| (*record, *record)).collect();
    for pair in judged.iter().filter(|pair| pair.verdict == Verdict::Same) {
        let (Some(&one), Some(&two)) = (roots.get(&pair.one), roots.get(&pair.two)) else {
            continue;
        };
        let (old, young) = (one.min(two), one.max(two));
        for root in roots.values_mut().filter(|root| **root == young) {
            *root = old;
        }
    }
    roots
}

/// Two records that were called different people though links make them one.
pub fn contradicted(records: &[PersonId], judged: &[Judged]) -> Option<Judged> {
    let roots = roots(records, judged);
    let linked = |pair: &&Judged| {
        roots.get(&pair.one).is_some_and(|root| roots.get(&pair.two) == Some(root))
    };
    judged.iter().filter(|pair| pair.verdict == Verdict::Different).find(linked).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    fn record(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn judged(pairs: &[(u128, u128, Verdict)]) -> Vec<Judged> {
        let pair = |(one, two, verdict): &(u128, u128, Verdict)| Judged {
            one: record(*one),
            two: record(*two),
            verdict: *verdict,
        };
        pairs.iter().map(pair).collect()
    }

    #[track_caller]
    fn check(pairs: &[(u128, u128, Verdict)], expected: [u128; 4]) {
        let records = [1, 2, 3, 4].map(record);
        let found: Vec<PersonId> = roots(&records, &judged(pairs)).into_values().collect();
        assert_eq!(found, expected.map(record));
    }

    #[test]
    fn only_what_was_called_the_same_person_is_linked() {
        use Verdict::{Different, Offered, Same};
        check(&[], [1, 2, 3, 4]);
        check(&[(1, 2, Offered), (3, 4, Different)], [1, 2, 3, 4]);
        check(&[(2, 4, Same)], [1, 2, 3, 2]);
    }

    #[test]
    fn a_link_through_a_third_counts_and_the_oldest_is_the_root() {
        use Verdict::Same;
        check(&[(3, 4, Same), (2, 4, Same)], [1, 2, 2, 2]);
        check(&[(2, 3, Same), (1, 4, Same), (3, 4, Same)], [1, 1, 1, 1]);
    }

    #[test]
    fn two_different_people_linked_through_a_third_are_a_contradiction() {
        use Verdict::{Different, Same};
        let records = [1, 2, 3].map(record);
        let find = |pairs: &[(u128, u128, Verdict)]| {
            contradicted(&records, &judged(pairs)).map(|pair| (pair.one, pair.two))
        };
        assert_eq!(find(&[(1, 2, Same), (1, 3, Different)]), None);
        let through = [(1, 2, Same), (2, 3, Same), (1, 3, Different)];
        assert_eq!(find(&through), Some((record(1), record(3))));
    }
}
