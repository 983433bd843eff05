//! The lists of one case: who may not know of it, and who may although no seat says so.
//!
//! Seats say which cases somebody sees ([`Actor::sees`]); the lists lead over the seats of agencies.
//! Whoever runs a panel sees it whole: an agenda cannot be built by somebody who may not know what is on
//! it. Whoever a case is kept from must not be able to tell it from one that does not exist, so that no
//! page, count, search, mail or file asks about lists by itself: `panel-store` works out [`Lists`] once a
//! transaction and puts them into every query.

use super::Actor;
use crate::coded;
use crate::id::{AgencyId, CaseId, UserId};
use std::collections::BTreeSet;

coded! {
    /// What one line of a case's lists does.
    pub enum ListKind: "access list" {
        /// The case is kept from this person, or from everybody of this agency.
        Excluded = "excluded" => "Kept from",
        /// The case is kept among those who are named so.
        Named = "named" => "Only for",
        /// This person sees the case in the place of somebody it is kept from.
        Alternate = "alternate" => "Shown to",
    }
}

coded! {
    /// Why a case is kept from somebody.
    pub enum Conflict: "conflict of interest" {
        /// The person the case is about works there.
        EmployeeIsPerpetrator = "employee_is_perpetrator" => "The perpetrator is this person, or works there",
        /// The victim works there.
        EmployeeIsVictim = "employee_is_victim" => "A victim is this person, or works there",
        /// A relative, partner, friend or neighbour.
        Personal = "personal" => "Personal relationship",
        /// Works with both sides.
        BothSides = "both_sides" => "Professional relationship to both sides",
        /// A complaint came first.
        Complaint = "complaint" => "Earlier complaint",
        /// Another reason.
        Other = "other" => "Other",
    }
}

/// Whom a line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// One person.
    Person(UserId),
    /// Everybody who works for or sits for one agency.
    Agency(AgencyId),
}

/// A person as lists name her: who she is, whom she works for, and whom she sits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub user: UserId,
    /// The agency that employs her, and those for which she has a live seat.
    pub agencies: BTreeSet<AgencyId>,
}

impl From<&Actor> for Reader {
    fn from(actor: &Actor) -> Self {
        let sits_for = actor.seats.iter().map(|seat| seat.agency);
        Self { user: actor.user, agencies: sits_for.chain([actor.agency]).collect() }
    }
}

impl Listed {
    fn names(self, reader: &Reader) -> bool {
        match self {
            Self::Person(person) => person == reader.user,
            Self::Agency(agency) => reader.agencies.contains(&agency),
        }
    }
}

/// One live line of a case's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListLine {
    /// The case.
    pub case: CaseId,
    /// What the line does.
    pub kind: ListKind,
    /// Whom it names.
    pub whom: Listed,
}

/// What the lists of all cases come to for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Cases that do not exist for this person, whatever else says so.
    pub hidden: BTreeSet<CaseId>,
    /// Cases that this person sees although no seat says so.
    pub admitted: BTreeSet<CaseId>,
}

impl Lists {
    /// Works the live lines out for one reader.
    ///
    /// What is kept from a person leads over everything. What is kept from an agency, or among those who
    /// are named, is still shown to an alternate: the professional standards officer of a force whose
    /// people may not know of the case.
    pub fn of(reader: &Reader, lines: &[ListLine]) -> Self {
        let cases = |wanted: &dyn Fn(&ListLine) -> bool| -> BTreeSet<CaseId> {
            lines.iter().filter(|line| wanted(line)).map(|line| line.case).collect()
        };
        let me = |line: &ListLine| line.whom == Listed::Person(reader.user);
        let named = |kind: ListKind| cases(&|line| line.kind == kind && line.whom.names(reader));
        let myself = cases(&|line| line.kind == ListKind::Excluded && me(line));
        let inside = named(ListKind::Named);
        let outside = cases(&|line| line.kind == ListKind::Named && !inside.contains(&line.case));
        let admitted = &named(ListKind::Alternate) - &myself;
        let kept = &named(ListKind::Excluded) | &outside;
        Self { hidden: &(&kept - &admitted) | &myself, admitted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Role, Seat};
    use crate::id::{Id, PanelId};
    use ListKind::{Alternate, Excluded, Named};
    use chrono::NaiveDate;
    use uuid::Uuid;

    fn id<T: Id>(n: u128) -> T {
        T::from_uuid(Uuid::from_u128(n))
    }

    /// Person 1, who works for agency 7 and sits for agency 8.
    fn actor() -> Actor {
        let (panel, agency): (PanelId, AgencyId) = (id(10), id(8));
        let role = Role::Representative;
        let seat = Seat { panel, agency, role, from: NaiveDate::MIN, until: None };
        Actor {
            user: id(1),
            agency: id(7),
            administrator: true,
            seats: vec![seat],
            opened_until: None,
        }
    }

    const ME: u128 = 1;
    const OTHER: u128 = 2;

    #[track_caller]
    fn check(lines: &[(ListKind, Listed)], hidden: bool, admitted: bool) {
        let line =
            |(kind, whom): &(ListKind, Listed)| ListLine { case: id(99), kind: *kind, whom: *whom };
        let lines: Vec<ListLine> = lines.iter().map(line).collect();
        let lists = Lists::of(&Reader::from(&actor()), &lines);
        let found = (lists.hidden.contains(&id(99)), lists.admitted.contains(&id(99)));
        assert_eq!(found, (hidden, admitted), "{lines:?}");
    }

    fn person(n: u128) -> Listed {
        Listed::Person(id(n))
    }

    fn agency(n: u128) -> Listed {
        Listed::Agency(id(n))
    }

    #[test]
    fn a_case_is_kept_from_a_person_and_from_everybody_of_an_agency() {
        check(&[], false, false);
        check(&[(Excluded, person(ME))], true, false);
        check(&[(Excluded, person(OTHER))], false, false);
        check(&[(Excluded, agency(7))], true, false);
        check(&[(Excluded, agency(8))], true, false);
        check(&[(Excluded, agency(9))], false, false);
    }

    #[test]
    fn a_case_can_be_kept_among_those_who_are_named() {
        check(&[(Named, person(OTHER))], true, false);
        check(&[(Named, person(OTHER)), (Named, person(ME))], false, false);
        check(&[(Named, person(OTHER)), (Named, agency(7))], false, false);
        check(&[(Named, person(OTHER)), (Excluded, agency(7))], true, false);
    }

    #[test]
    fn an_alternate_sees_what_is_kept_from_her_agency_but_not_what_is_kept_from_her() {
        check(&[(Alternate, person(ME))], false, true);
        check(&[(Alternate, person(OTHER))], false, false);
        check(&[(Named, person(OTHER)), (Alternate, person(ME))], false, true);
        check(&[(Excluded, agency(7)), (Alternate, person(ME))], false, true);
        check(&[(Excluded, person(ME)), (Alternate, person(ME))], true, false);
    }

    #[test]
    fn to_be_named_does_not_lead_over_an_exclusion() {
        check(&[(Excluded, agency(8)), (Named, person(ME))], true, false);
    }

    #[test]
    fn the_lists_of_one_case_say_nothing_of_another() {
        let line = ListLine { case: id(98), kind: Named, whom: person(OTHER) };
        let lists = Lists::of(&Reader::from(&actor()), &[line]);
        assert_eq!(lists.hidden, BTreeSet::from([id(98)]));
    }
}
