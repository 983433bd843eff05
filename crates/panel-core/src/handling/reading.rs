//! Who reads a marked record.

use super::{Code, Marking};
use crate::access::Actor;
use crate::id::{AgencyId, PanelId};
use crate::vocabulary::AgencyType;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A record with what decides who reads it.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// The panel of its case.
    pub panel: PanelId,
    /// The agency whose record it is.
    pub origin: AgencyId,
    /// What it is marked with.
    pub marking: &'a Marking,
}

/// Of which kind the agencies are that an actor sits for.
pub type Kinds = BTreeMap<AgencyId, AgencyType>;

impl Actor {
    /// Whether the actor reads a record of a case that she may know of, on this day. Unknown kinds of
    /// agencies let nobody in.
    pub fn may_read(&self, record: Marked<'_>, kinds: &Kinds, today: NaiveDate) -> bool {
        let Marked { panel, origin, marking } = record;
        if self.sits_for(panel).any(|agency| agency == origin) {
            return true;
        }
        if marking.until.is_some_and(|last| last < today) {
            return false;
        }
        let named = || {
            (marking.runners && self.runs(panel))
                || marking.people.contains(&self.user)
                || self.sits_for(panel).any(|agency| marking.agencies.contains(&agency))
        };
        let is = |wanted: fn(AgencyType) -> bool| {
            self.sits_for(panel).any(|agency| kinds.get(&agency).is_some_and(|kind| wanted(*kind)))
        };
        match marking.code {
            Code::Panel => true,
            Code::Named => named(),
            Code::Origin => self.runs(panel),
            Code::Police => is(|kind| kind == AgencyType::Police),
            Code::Health => is(AgencyType::is_health) || named(),
        }
    }

    /// The agencies for which the actor has a seat at this panel that reaches cases.
    fn sits_for(&self, panel: PanelId) -> impl Iterator<Item = AgencyId> {
        let here = self.seats.iter().filter(move |seat| seat.panel == panel);
        here.filter(|seat| seat.reach().is_some()).map(|seat| seat.agency)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actor, id, kinds};
    use super::*;
    use crate::access::Role;
    use crate::text::Note;
    use crate::time::testing::day;
    use std::collections::BTreeSet;

    /// Agency 1 is the police, 2 health, 3 housing, 4 probation. The record is housing's.
    #[track_caller]
    fn check(marking: &Marking, role: Role, agency: u128, expected: bool) {
        let record = Marked { panel: id(10), origin: id(3), marking };
        let found = actor(role, agency).may_read(record, &kinds(), day("2026-04-10"));
        assert_eq!(found, expected, "{role} of {agency}, {marking:?}");
    }

    const REP: Role = Role::Representative;

    #[test]
    fn everybody_who_takes_part_reads_what_is_for_the_panel() {
        check(&Code::Panel.into(), REP, 1, true);
        check(&Code::Panel.into(), Role::AgencyLead, 4, true);
    }

    #[test]
    fn what_is_for_the_police_is_read_by_the_police_and_its_own_agency() {
        check(&Code::Police.into(), REP, 1, true);
        check(&Code::Police.into(), REP, 3, true);
        check(&Code::Police.into(), REP, 2, false);
        check(&Code::Police.into(), Role::Chair, 4, false);
        check(&Code::Police.into(), Role::Chair, 1, true);
        check(&Code::Police.into(), Role::Observer, 1, false);
    }

    #[test]
    fn health_is_read_by_health_and_by_those_to_whom_it_is_released() {
        check(&Code::Health.into(), REP, 2, true);
        check(&Code::Health.into(), REP, 4, false);
        check(&Code::Health.into(), Role::Chair, 4, false);
        let necessity = Note::parse("Needed").ok();
        let released = Marking { agencies: BTreeSet::from([id(4)]), ..Code::Health.into() };
        let released = Marking { necessity, ..released };
        check(&released, REP, 4, true);
        check(&released, REP, 1, false);
    }

    #[test]
    fn what_names_its_readers_is_nothing_to_others() {
        let people = BTreeSet::from([id(77)]);
        let named = Marking { agencies: BTreeSet::from([id(4)]), people, ..Code::Named.into() };
        check(&named, REP, 4, true);
        check(&named, REP, 3, true);
        check(&named, REP, 1, false);
        check(&named, Role::Coordinator, 1, false);
        check(&Marking { runners: true, ..named.clone() }, Role::Coordinator, 1, true);
        let marked = Marked { panel: id(10), origin: id(3), marking: &named };
        let person = Actor { user: id(77), ..actor(REP, 1) };
        assert!(person.may_read(marked, &kinds(), day("2026-04-10")));
    }

    #[test]
    fn the_agency_keeps_it_to_itself_and_whoever_runs_the_panel() {
        check(&Code::Origin.into(), REP, 3, true);
        check(&Code::Origin.into(), Role::Chair, 1, true);
        check(&Code::Origin.into(), Role::Coordinator, 1, true);
        check(&Code::Origin.into(), REP, 1, false);
    }

    #[test]
    fn after_its_last_day_only_its_own_agency_reads_it() {
        let until = |last| Marking { until: Some(day(last)), ..Marking::default() };
        check(&until("2026-04-10"), REP, 1, true);
        check(&until("2026-04-09"), REP, 1, false);
        check(&until("2026-04-09"), Role::Chair, 1, false);
        check(&until("2026-04-09"), REP, 3, true);
    }

    #[test]
    fn a_seat_at_another_panel_opens_nothing() {
        let marking = Code::Police.into();
        let record = Marked { panel: id(11), origin: id(3), marking: &marking };
        assert!(!actor(REP, 1).may_read(record, &kinds(), day("2026-04-10")));
    }
}
