//! Handling codes: who reads one record of a case, among those who may know of the case.
//!
//! Nothing here makes a case visible. A record is decided twice: whether its case may be known of
//! ([`Actor::sees`](crate::access::Actor::sees)), then whether its [`Marking`] lets it be read
//! ([`Actor::may_read`](crate::access::Actor::may_read)). Whoever may not read a record is not told that it
//! is there. Nothing of a case is ever for the perpetrator, so that no marking says so.

mod change;
mod marking;
mod note;
mod reading;
mod record;

pub use change::{Change, ChangeState};
pub use marking::{Code, Marking, MarkingError, Overlay};
pub use note::{NoteKind, Sealable};
pub use reading::{Kinds, Marked};
pub use record::{Record, RecordKind};

#[cfg(test)]
mod testing {
    //! A small panel for the tests of this area: agency 1 is the police, 2 a hospital, 3 housing, 4
    //! probation, 5 unknown; all sit at panel 10.

    use super::{Code, Kinds, Marking, Overlay};
    use crate::access::{Actor, Role, Seat};
    use crate::coded::Coded;
    use crate::id::Id;
    use crate::time::testing::day;
    use crate::vocabulary::AgencyType;
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    pub(super) fn id<T: Id>(n: u128) -> T {
        T::from_uuid(Uuid::from_u128(n))
    }

    pub(super) fn actor(role: Role, agency: u128) -> Actor {
        let seat =
            Seat { panel: id(10), agency: id(agency), role, from: NaiveDate::MIN, until: None };
        Actor {
            user: id(7),
            agency: id(agency),
            administrator: true,
            seats: vec![seat],
            opened_until: None,
        }
    }

    pub(super) fn kinds() -> Kinds {
        use AgencyType as T;
        [(1, T::Police), (2, T::AcuteTrust), (3, T::Housing), (4, T::Probation)]
            .map(|(n, kind)| (id(n), kind))
            .into()
    }

    pub(super) fn markings() -> impl Strategy<Value = Marking> {
        let agencies = proptest::collection::btree_set((1_u128..5).prop_map(id), 0..3);
        let people = proptest::collection::btree_set((6_u128..9).prop_map(id), 0..2);
        let overlays =
            proptest::collection::btree_set(proptest::sample::select(Overlay::ALL), 0..3);
        let until = proptest::option::of(
            (0_u64..10).prop_map(|days| day("2026-04-06") + chrono::Days::new(days)),
        );
        let code = proptest::sample::select(Code::ALL);
        (code, agencies, people, any::<bool>(), overlays, until).prop_map(
            |(code, agencies, people, runners, overlays, until)| {
                let names = code.names();
                Marking {
                    code,
                    agencies: if names { agencies } else { BTreeSet::new() },
                    people: if names { people } else { BTreeSet::new() },
                    runners: names && runners,
                    necessity: None,
                    overlays,
                    until,
                }
            },
        )
    }
}
