//! Who may read where somebody who is harmed, or a child, can be found.

use super::Actor;
use crate::id::{AgencyId, PanelId, UserId};

/// What decides who may read what is kept apart of a referral's people. Whoever may not know of the
/// referral is past asking already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealFacts {
    /// The panel.
    pub panel: PanelId,
    /// The agency that referred.
    pub referring: AgencyId,
    /// Who typed the referral in.
    pub entered_by: UserId,
    /// Agencies of advocates that referred or take part in the case.
    pub advocates: Vec<AgencyId>,
    /// People named one by one, each with a reason.
    pub named: Vec<UserId>,
}

impl Actor {
    /// Whether the actor may read it: the panel's coordinator, the victims' advocates, whoever typed it in
    /// while she acts for the agency that referred, and the people named. Nobody else, the chair and
    /// colleagues at the same agency included.
    pub fn may_reveal(&self, facts: &RevealFacts) -> bool {
        let panel = facts.panel;
        self.coordinates(panel)
            || facts.advocates.iter().any(|agency| self.acts_for(*agency, panel))
            || (facts.entered_by == self.user && self.acts_for(facts.referring, panel))
            || facts.named.contains(&self.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Role, Seat};
    use crate::id::Id;
    use chrono::NaiveDate;
    use uuid::Uuid;

    fn id<T: Id>(n: u128) -> T {
        T::from_uuid(Uuid::from_u128(n))
    }

    #[track_caller]
    fn check(user: u128, role: Role, agency: u128, expected: bool) {
        let seat =
            Seat { panel: id(1), agency: id(agency), role, from: NaiveDate::MIN, until: None };
        let actor = Actor {
            user: id(user),
            agency: id(agency),
            administrator: true,
            seats: vec![seat],
            opened_until: None,
        };
        let facts = RevealFacts {
            panel: id(1),
            referring: id(20),
            entered_by: id(5),
            advocates: vec![id(30)],
            named: vec![id(6)],
        };
        assert_eq!(actor.may_reveal(&facts), expected, "{user} {role} {agency}");
    }

    #[test]
    fn the_coordinator_and_the_advocates_may_read_it() {
        check(1, Role::Coordinator, 10, true);
        check(1, Role::Representative, 30, true);
        check(1, Role::Observer, 30, false);
    }

    #[test]
    fn whoever_typed_it_in_may_and_her_colleagues_may_not() {
        check(5, Role::Representative, 20, true);
        check(5, Role::Representative, 21, false);
        check(7, Role::Representative, 20, false);
    }

    #[test]
    fn the_chair_may_not_unless_she_is_named() {
        check(1, Role::Chair, 10, false);
        check(6, Role::Chair, 10, true);
        check(6, Role::Representative, 40, true);
    }
}
