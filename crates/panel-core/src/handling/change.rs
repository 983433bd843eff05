//! Changing a marking: narrower at once, wider by two people.

use super::{Code, Marked, Marking};
use crate::access::Actor;
use crate::coded;
use crate::id::{AgencyId, UserId};
use crate::vocabulary::AgencyType;

/// What a new marking does to who reads a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Nobody reads it who did not: it takes effect at once.
    Raised,
    /// Somebody may read it, or pass it on, who might not: a second person has to agree.
    Lowered,
}

coded! {
    /// Where a proposal to lower a marking stands.
    pub enum ChangeState: "state of a change" {
        /// A second person has not looked at it yet.
        Proposed = "proposed" => "Waits for a second person",
        /// It took effect.
        Done = "done" => "Done",
        /// It was refused, or taken back.
        Refused = "refused" => "Refused",
    }
}

impl Marking {
    /// Whether nobody reads a record of `origin` so, or passes it on, who could not under `other`. Where two
    /// codes cannot be compared the answer is no.
    pub fn is_within(&self, other: &Self, origin: AgencyId) -> bool {
        let overlays = other.overlays.iter().all(|overlay| self.forbids(*overlay))
            && (other.code != Code::Police || self.code == Code::Police);
        let ends = match (self.until, other.until) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => mine <= theirs,
        };
        overlays && ends && self.readers_within(other, origin)
    }

    fn readers_within(&self, other: &Self, origin: AgencyId) -> bool {
        let names_within = self.people.is_subset(&other.people)
            && (other.runners || !self.runners)
            && self.agencies.iter().all(|one| *one == origin || other.agencies.contains(one));
        match (self.code, other.code) {
            (_, Code::Panel) | (Code::Origin, Code::Origin) | (Code::Police, Code::Police) => true,
            (Code::Named, Code::Named | Code::Health) | (Code::Health, Code::Health) => {
                names_within
            }
            (Code::Origin, Code::Named | Code::Health) => other.runners,
            (Code::Named, Code::Origin) => {
                self.people.is_empty() && self.agencies.iter().all(|agency| *agency == origin)
            }
            _ => false,
        }
    }

    /// Whether a record of `origin`, an agency of this kind, may be marked so although it uses what `source`
    /// says: what is put together takes the strictest, so that nobody reads there what is kept from her here.
    pub fn may_use(&self, origin: AgencyId, kind: AgencyType, source: Marked<'_>) -> bool {
        let of = source.marking;
        let own = source.origin == origin
            || match of.code {
                Code::Panel => true,
                Code::Named => of.agencies.contains(&origin),
                Code::Health => kind.is_health() || of.agencies.contains(&origin),
                Code::Police => kind == AgencyType::Police,
                Code::Origin => false,
            };
        // Its own agency goes on reading a record after its last day, and would read there what has ended.
        let lasts = source.origin == origin || of.until.is_none();
        own && lasts && self.is_within(of, source.origin)
    }

    /// What it does to a record of `origin` to be marked so instead.
    pub fn change_to(&self, new: &Self, origin: AgencyId) -> Change {
        if self == new {
            Change::None
        } else if new.is_within(self, origin) {
            Change::Raised
        } else {
            Change::Lowered
        }
    }
}

impl Actor {
    /// Whether the actor may mark a record that she reads more strictly: its own agency, and whoever runs
    /// the panel.
    pub fn may_raise(&self, record: Marked<'_>) -> bool {
        self.acts_for(record.origin, record.panel) || self.runs(record.panel)
    }

    /// Whether the actor may propose to mark a record less strictly: its own agency alone.
    pub fn may_lower(&self, record: Marked<'_>) -> bool {
        self.acts_for(record.origin, record.panel)
    }

    /// Whether the actor is a second person for what `proposer` proposed: another one of its own agency, or
    /// the panel's chair, who has to be able to read the record herself.
    pub fn may_agree(&self, record: Marked<'_>, proposer: UserId) -> bool {
        self.user != proposer
            && (self.acts_for(record.origin, record.panel) || self.chairs(record.panel))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actor, id, kinds, markings};
    use super::*;
    use crate::access::Role;
    use crate::coded::Coded;
    use crate::time::testing::day;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[track_caller]
    fn check(before: impl Into<Marking>, after: impl Into<Marking>, expected: Change) {
        let (before, after) = (before.into(), after.into());
        assert_eq!(before.change_to(&after, id(3)), expected, "{before:?} to {after:?}");
    }

    fn named(agencies: &[u128]) -> Marking {
        Marking { agencies: agencies.iter().map(|n| id(*n)).collect(), ..Code::Named.into() }
    }

    #[test]
    fn to_close_a_record_further_is_to_raise_it() {
        for code in Code::ALL.iter().filter(|code| **code != Code::Panel) {
            check(Code::Panel, *code, Change::Raised);
            check(*code, Code::Panel, Change::Lowered);
        }
        check(named(&[1, 4]), named(&[4]), Change::Raised);
        check(named(&[4]), named(&[1, 4]), Change::Lowered);
        check(Marking { runners: true, ..named(&[4]) }, Code::Origin, Change::Raised);
        check(named(&[4]), Code::Origin, Change::Lowered);
        // Its own agency reads it anyway, and the panel's runners read what is the agency's.
        check(Code::Origin, named(&[3]), Change::Raised);
        check(Code::Origin, Marking { runners: true, ..named(&[3]) }, Change::Raised);
        check(Code::Origin, named(&[3, 4]), Change::Lowered);
        check(Code::Origin, Marking { people: [id(8)].into(), ..named(&[3]) }, Change::Lowered);
    }

    #[test]
    fn what_cannot_be_compared_needs_a_second_person() {
        check(Code::Police, Code::Health, Change::Lowered);
        check(Code::Origin, Code::Police, Change::Lowered);
        check(Code::Police, Code::Origin, Change::Lowered);
        // What the police keep to themselves may be passed on by nobody else.
        check(Code::Police, named(&[3]), Change::Lowered);
    }

    #[test]
    fn to_take_an_overlay_off_or_to_put_the_end_off_is_to_lower_it() {
        let overlays = BTreeSet::from([super::super::Overlay::NoPrint]);
        let unprinted = Marking { overlays, ..Marking::default() };
        check(Marking::default(), unprinted.clone(), Change::Raised);
        check(unprinted.clone(), Marking::default(), Change::Lowered);
        check(unprinted, Code::Police, Change::Raised);
        let until = |last| Marking { until: Some(day(last)), ..Marking::default() };
        check(until("2026-05-01"), until("2026-04-30"), Change::Raised);
        check(until("2026-05-01"), until("2026-05-02"), Change::Lowered);
        check(until("2026-05-01"), Marking::default(), Change::Lowered);
    }

    #[track_caller]
    fn check_use(mine: impl Into<Marking>, origin: u128, theirs: impl Into<Marking>, fits: bool) {
        let (mine, theirs) = (mine.into(), theirs.into());
        let source = Marked { panel: id(10), origin: id(3), marking: &theirs };
        let kind = kinds()[&id(origin)];
        assert_eq!(mine.may_use(id(origin), kind, source), fits, "{mine:?} uses {theirs:?}");
    }

    #[test]
    fn what_is_put_together_takes_the_strictest() {
        check_use(Code::Panel, 4, Code::Panel, true);
        check_use(Code::Police, 4, Code::Panel, true);
        check_use(Code::Panel, 4, Code::Police, false);
        check_use(Code::Police, 1, Code::Police, true);
        check_use(Code::Police, 4, Code::Police, false);
        check_use(Code::Health, 2, Code::Health, true);
        check_use(named(&[4]), 4, named(&[4]), true);
        check_use(named(&[4]), 1, named(&[4]), false);
        check_use(Code::Origin, 3, Code::Origin, true);
        check_use(Code::Origin, 4, Code::Origin, false);
        let until = Marking { until: Some(day("2026-05-01")), ..Marking::default() };
        check_use(until.clone(), 4, until.clone(), false);
        check_use(until.clone(), 3, until, true);
    }

    #[test]
    fn the_same_marking_is_no_change() {
        check(named(&[4]), named(&[4]), Change::None);
    }

    #[test]
    fn the_second_person_is_another_one() {
        let marking = Marking::default();
        let record = Marked { panel: id(10), origin: id(3), marking: &marking };
        let owner = actor(Role::Representative, 3);
        let colleague = Actor { user: id(8), ..owner.clone() };
        let chair = Actor { user: id(9), ..actor(Role::Chair, 4) };
        let coordinator = actor(Role::Coordinator, 4);
        assert!(owner.may_lower(record) && !owner.may_agree(record, owner.user));
        assert!(colleague.may_agree(record, owner.user) && chair.may_agree(record, owner.user));
        assert!(!coordinator.may_agree(record, owner.user) && !coordinator.may_lower(record));
        assert!(coordinator.may_raise(record) && !chair.may_lower(record));
        assert!(!actor(Role::Representative, 4).may_raise(record));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        /// Whoever reads a record that uses another one could read that one.
        #[test]
        fn what_uses_a_record_lets_nobody_new_in(mine in markings(), theirs in markings(), origin in 1_u128..5, role in 0_usize..7, agency in 1_u128..6, on in 0_u64..12) {
            let source = Marked { panel: id(10), origin: id(3), marking: &theirs };
            if !mine.may_use(id(origin), kinds()[&id(origin)], source) {
                return Ok(());
            }
            let reader = actor(Role::ALL[role], agency);
            let on = day("2026-04-06") + chrono::Days::new(on);
            let uses = Marked { panel: id(10), origin: id(origin), marking: &mine };
            prop_assert!(!reader.may_read(uses, &kinds(), on) || reader.may_read(source, &kinds(), on));
        }

        /// Whoever reads a record that was raised could read it before, and so could pass it on.
        #[test]
        fn raising_lets_nobody_new_in(before in markings(), after in markings(), role in 0_usize..7, agency in 1_u128..6, on in 0_u64..12) {
            if before.change_to(&after, id(3)) == Change::Lowered {
                return Ok(());
            }
            let reader = actor(Role::ALL[role], agency);
            let on = day("2026-04-06") + chrono::Days::new(on);
            let reads = |marking: &Marking| reader.may_read(Marked { panel: id(10), origin: id(3), marking }, &kinds(), on);
            prop_assert!(!reads(&after) || reads(&before));
            for overlay in super::super::Overlay::ALL {
                prop_assert!(after.forbids(*overlay) || !before.forbids(*overlay));
            }
        }
    }
}
