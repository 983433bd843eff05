//! Who may see or do what: the facts about a person and one decision over them.
//!
//! Lists are filtered by the same facts in SQL (`panel-store`, `scope`); a test holds the two
//! together. A person sees content only through a live seat at the panel.

pub mod connection;
pub mod glass;
pub mod lists;
pub mod reveal;

use crate::coded;
use crate::id::{AgencyId, CaseId, PanelId, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use lists::Lists;
use serde::{Deserialize, Serialize};

coded! {
    /// What a person is at one panel, between two dates.
    pub enum Role: "role" {
        /// Receives referrals, builds agendas, minutes, chases actions.
        Coordinator = "coordinator" => "Coordinator",
        /// Runs the meeting, decides, approves.
        Chair = "chair" => "Chair",
        /// Speaks and acts for one agency.
        Representative = "representative" => "Agency representative",
        /// The agency's single point of contact: a representative who also hears of late actions.
        SinglePointOfContact = "spoc" => "Single point of contact",
        /// Senior sponsor of an agency: hears of actions five working days late.
        AgencyLead = "agency_lead" => "Agency lead",
        /// Receives persistent non-completion and aggregates, no case content.
        SteeringGroup = "steering_group" => "Steering group",
        /// Attends without contributing, no case content outside the meeting.
        Observer = "observer" => "Observer",
    }
}

impl Role {
    /// Whether it runs its panel.
    pub const fn runs(self) -> bool {
        matches!(self, Self::Coordinator | Self::Chair)
    }
}

/// A person's seat at a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seat {
    /// The panel.
    pub panel: PanelId,
    /// The agency the person sits for.
    pub agency: AgencyId,
    /// The role.
    pub role: Role,
    /// First day of the seat.
    pub from: NaiveDate,
    /// Last day of the seat, or none while it lasts.
    pub until: Option<NaiveDate>,
}

impl Seat {
    /// Whether the seat is held on `day`; both ends count.
    pub fn is_live(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// How far it sees into the cases of its panel; none for a role without case content.
    pub(crate) const fn reach(&self) -> Option<Reach> {
        match self.role {
            Role::Coordinator | Role::Chair => Some(Reach::Whole),
            Role::Representative | Role::SinglePointOfContact | Role::AgencyLead => {
                Some(Reach::Agency(self.agency))
            }
            Role::SteeringGroup | Role::Observer => None,
        }
    }
}

/// The person who asks, with what they are, as the database said in this transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// The agency that employs the person.
    pub agency: AgencyId,
    /// Runs the service: people, agencies and panels, never case content.
    pub administrator: bool,
    /// Every seat that is live today.
    pub seats: Vec<Seat>,
    /// Until when something may be open that the person opened in an emergency.
    pub opened_until: Option<DateTime<Utc>>,
}

/// How far an actor sees into one panel's cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every case of the panel: its coordinator or chair.
    Whole,
    /// The cases this agency takes part in.
    Agency(AgencyId),
}

impl Actor {
    /// Whether the actor has this role at this panel today.
    pub fn is(&self, role: Role, panel: PanelId) -> bool {
        self.seats.iter().any(|seat| seat.panel == panel && seat.role == role)
    }

    /// Whether the actor may build agendas and record for others at this panel.
    pub fn coordinates(&self, panel: PanelId) -> bool {
        self.is(Role::Coordinator, panel)
    }

    /// Whether the actor leads this agency, at whatever panel.
    pub fn leads(&self, agency: AgencyId) -> bool {
        let leads = |seat: &Seat| seat.role == Role::AgencyLead && seat.agency == agency;
        self.seats.iter().any(leads)
    }

    /// Whether the actor chairs this panel.
    pub fn chairs(&self, panel: PanelId) -> bool {
        self.is(Role::Chair, panel)
    }

    /// Whether the actor runs some panel.
    pub fn runs_some(&self) -> bool {
        self.seats.iter().any(|seat| seat.role.runs())
    }

    /// Whether the actor runs this panel, as coordinator or as chair.
    pub fn runs(&self, panel: PanelId) -> bool {
        self.seats.iter().any(|seat| seat.panel == panel && seat.role.runs())
    }

    /// The one panel that the actor runs; none for whoever runs several, or none.
    pub fn runs_alone(&self) -> Option<PanelId> {
        let mut run = self.seats.iter().map(|seat| seat.panel).filter(|panel| self.runs(*panel));
        let first = run.next()?;
        run.all(|panel| panel == first).then_some(first)
    }

    /// Whether the actor acts for this agency at this panel.
    pub fn acts_for(&self, agency: AgencyId, panel: PanelId) -> bool {
        self.seats.iter().any(|seat| {
            seat.panel == panel
                && seat.agency == agency
                && seat.reach() == Some(Reach::Agency(agency))
        })
    }

    /// Whether a seat of the actor reaches cases at all. Whoever only observes sees one that is shown to her.
    pub fn takes_part(&self) -> bool {
        self.seats.iter().any(|seat| seat.reach().is_some())
    }

    /// Every panel the actor sees cases of, and how far; the widest reach of a panel comes first.
    pub fn reaches(&self) -> Vec<(PanelId, Reach)> {
        let mut reaches: Vec<(PanelId, Reach)> = Vec::new();
        let of = |whole: bool| {
            self.seats.iter().filter_map(move |seat| {
                let reach = seat.reach()?;
                ((reach == Reach::Whole) == whole).then_some((seat.panel, reach))
            })
        };
        for (panel, reach) in of(true).chain(of(false)) {
            let covered =
                reaches.iter().any(|(p, r)| *p == panel && (*r == Reach::Whole || *r == reach));
            if !covered {
                reaches.push((panel, reach));
            }
        }
        reaches
    }

    /// Whether the actor may know that this case exists; `lists` is what the lists of the cases at her
    /// panels come to for her.
    pub fn sees(&self, case: &CaseFacts, lists: &Lists) -> bool {
        let takes_part = |agency: &AgencyId| case.agencies.contains(agency);
        let reaches = self.reaches();
        let mut here = reaches.iter().filter(|(panel, _)| *panel == case.panel);
        here.any(|(_, reach)| match reach {
            Reach::Whole => true,
            Reach::Agency(agency) => takes_part(agency) && !lists.hidden.contains(&case.case),
        }) || lists.admitted.contains(&case.case)
    }
}

/// What decides whether a case is visible: its panel and the agencies that take part in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// The case.
    pub case: CaseId,
    /// The panel that manages it.
    pub panel: PanelId,
    /// Agencies that referred, were asked, replied or own an action in it.
    pub agencies: Vec<AgencyId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use crate::id::Id;
    use uuid::Uuid;

    fn id<T: Id>(n: u128) -> T {
        T::from_uuid(Uuid::from_u128(n))
    }

    fn actor(roles: &[(Role, u128, u128)]) -> Actor {
        let day = NaiveDate::MIN;
        let seat = |(role, panel, agency): &(Role, u128, u128)| Seat {
            panel: id(*panel),
            agency: id(*agency),
            role: *role,
            from: day,
            until: None,
        };
        let seats = roles.iter().map(seat).collect();
        Actor { user: id(1), agency: id(7), administrator: true, seats, opened_until: None }
    }

    #[track_caller]
    fn check(roles: &[(Role, u128, u128)], panel: u128, agencies: &[u128], expected: bool) {
        let agencies = agencies.iter().map(|n| id(*n)).collect();
        let facts = CaseFacts { case: id(99), panel: id(panel), agencies };
        assert_eq!(actor(roles).sees(&facts, &Lists::default()), expected);
    }

    #[test]
    fn lists_lead_over_the_seat_of_an_agency_and_not_over_that_of_whoever_runs_the_panel() {
        let facts = CaseFacts { case: id(99), panel: id(10), agencies: vec![id(7)] };
        let hidden = Lists { hidden: [id(99)].into(), ..Lists::default() };
        let admitted = Lists { admitted: [id(99)].into(), ..Lists::default() };
        let sees = |role, lists| actor(&[(role, 10, 7)]).sees(&facts, lists);
        assert!(!sees(Role::Representative, &hidden));
        assert!(sees(Role::Coordinator, &hidden) && sees(Role::Chair, &hidden));
        assert!(sees(Role::Observer, &admitted) && !sees(Role::Observer, &Lists::default()));
    }

    #[test]
    fn whoever_leads_an_agency_leads_that_one_and_no_other() {
        let leads = |roles: &[(Role, u128, u128)], agency| actor(roles).leads(id(agency));
        assert!(leads(&[(Role::Observer, 10, 8), (Role::AgencyLead, 11, 7)], 7));
        assert!(!leads(&[(Role::AgencyLead, 10, 7)], 8));
        assert!(!leads(&[(Role::Representative, 10, 7)], 7));
    }

    #[test]
    fn a_coordinator_sees_every_case_of_her_panel_and_no_other() {
        check(&[(Role::Coordinator, 10, 7)], 10, &[], true);
        check(&[(Role::Coordinator, 10, 7)], 11, &[7], false);
    }

    #[test]
    fn a_representative_sees_the_cases_her_agency_takes_part_in() {
        check(&[(Role::Representative, 10, 7)], 10, &[7, 8], true);
        check(&[(Role::Representative, 10, 7)], 10, &[8], false);
        check(&[(Role::Representative, 10, 7)], 11, &[7], false);
    }

    #[test]
    fn observers_steering_groups_and_administrators_see_no_case() {
        check(&[(Role::Observer, 10, 7), (Role::SteeringGroup, 10, 7)], 10, &[7], false);
        check(&[], 10, &[7], false);
    }

    #[test]
    fn each_role_may_at_its_own_panel_what_is_its_own_and_nothing_elsewhere() {
        // Coordinates, chairs, runs the panel, acts for its agency.
        let table = [
            (Role::Coordinator, [true, false, true, false]),
            (Role::Chair, [false, true, true, false]),
            (Role::Representative, [false, false, false, true]),
            (Role::SinglePointOfContact, [false, false, false, true]),
            (Role::AgencyLead, [false, false, false, true]),
            (Role::SteeringGroup, [false; 4]),
            (Role::Observer, [false; 4]),
        ];
        assert_eq!(table.len(), Role::ALL.len());
        for (role, expected) in table {
            let actor = actor(&[(role, 10, 7)]);
            let may = |panel: u128, agency: u128| {
                let panel = id(panel);
                let acts = actor.acts_for(id(agency), panel);
                [actor.coordinates(panel), actor.chairs(panel), actor.runs(panel), acts]
            };
            assert_eq!(may(10, 7), expected, "{role:?}");
            assert_eq!(may(11, 7), [false; 4], "{role:?} elsewhere");
            assert!(!may(10, 8)[3], "{role:?} for another agency");
            let anywhere = [actor.runs_some(), actor.takes_part()];
            assert_eq!(anywhere, [expected[2], expected[2] || expected[3]], "{role:?} anywhere");
        }
    }

    #[test]
    fn one_panel_is_run_alone_by_whoever_runs_no_other() {
        let alone = |roles: &[(Role, u128, u128)]| actor(roles).runs_alone();
        let (coordinator, chair) = (Role::Coordinator, Role::Chair);
        assert_eq!(alone(&[]), None);
        assert_eq!(alone(&[(Role::Observer, 10, 7)]), None);
        assert_eq!(alone(&[(coordinator, 10, 7), (chair, 10, 7)]), Some(id(10)));
        assert_eq!(alone(&[(Role::Representative, 10, 7), (chair, 11, 7)]), Some(id(11)));
        assert_eq!(alone(&[(coordinator, 10, 7), (chair, 11, 7)]), None);
    }

    #[test]
    fn the_widest_reach_of_a_panel_covers_the_others_there_and_no_other_panel() {
        let reaches = |roles: &[(Role, u128, u128)]| actor(roles).reaches();
        let (representative, lead) = (Role::Representative, Role::AgencyLead);
        assert_eq!(
            reaches(&[(representative, 10, 7), (Role::Chair, 10, 8), (lead, 11, 7)]),
            [(id(10), Reach::Whole), (id(11), Reach::Agency(id(7)))]
        );
        assert_eq!(
            reaches(&[(representative, 10, 7), (lead, 10, 7), (lead, 10, 8)]),
            [(id(10), Reach::Agency(id(7))), (id(10), Reach::Agency(id(8)))]
        );
        assert_eq!(reaches(&[(Role::SteeringGroup, 10, 7), (Role::Observer, 10, 7)]), []);
    }

    #[test]
    fn a_seat_lasts_from_its_first_to_its_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 4, d).unwrap();
        let seat =
            Seat { from: day(2), until: Some(day(4)), ..actor(&[(Role::Chair, 1, 1)]).seats[0] };
        assert_eq!([1, 2, 4, 5].map(|d| seat.is_live(day(d))), [false, true, true, false]);
    }
}
