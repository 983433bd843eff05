//! Who stands behind an audience: live accounts with a live seat, and nobody else.

use crate::authz::Authz;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{seats, users};
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::access::Role;
use panel_core::id::{AgencyId, PanelId, UserId};
use panel_core::reminder::Directory;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy)]
struct Member {
    user: UserId,
    agency: AgencyId,
    role: Role,
    is_deputy: bool,
}

/// The seats that are live today, by panel.
#[derive(Debug, Clone, Default)]
pub struct Roster(HashMap<PanelId, Vec<Member>>);

type SeatLine = (PanelId, UserId, AgencyId, Role, Option<UserId>);

/// Reads the live seats of these panels, or of all.
pub fn roster(az: &mut Authz<'_>, panels: Option<&[PanelId]>) -> Result<Roster, StoreError> {
    let today = az.today();
    let mut query = seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::starts_on.le(today))
        .filter(seats::ends_on.is_null().or(seats::ends_on.ge(Some(today))))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .order((seats::panel_id, seats::user_id, seats::id))
        .select((seats::panel_id, seats::user_id, seats::agency_id, seats::role, seats::deputy_for))
        .into_boxed();
    if let Some(panels) = panels {
        query = query.filter(seats::panel_id.eq_any(all(panels)));
    }
    let mut roster = Roster::default();
    for (panel, user, agency, role, deputy_for) in query.load::<SeatLine>(az.conn())? {
        let member = Member { user, agency, role, is_deputy: deputy_for.is_some() };
        roster.0.entry(panel).or_default().push(member);
    }
    Ok(roster)
}

/// Reads the live seats of every panel at which this person sits.
pub fn roster_of(az: &mut Authz<'_>, user: UserId) -> Result<Roster, StoreError> {
    let panels: Vec<PanelId> = seats::table
        .filter(seats::user_id.eq(Sql(user)))
        .select(seats::panel_id)
        .distinct()
        .load(az.conn())?;
    roster(az, Some(&panels))
}

impl Roster {
    fn members(&self, panel: PanelId) -> &[Member] {
        self.0.get(&panel).map_or(&[], Vec::as_slice)
    }

    fn pick(&self, panel: PanelId, wanted: impl Fn(&Member) -> bool) -> Vec<UserId> {
        let mut people: Vec<UserId> =
            self.members(panel).iter().filter(|m| wanted(m)).map(|m| m.user).collect();
        people.dedup();
        people
    }

    fn with_role(&self, panel: PanelId, role: Role) -> Vec<UserId> {
        self.pick(panel, |member| member.role == role)
    }

    /// The panels that have seats.
    pub(super) fn panels(&self) -> impl Iterator<Item = PanelId> {
        self.0.keys().copied()
    }

    /// Whether somebody has any seat at the panel.
    pub(super) fn has_seat(&self, panel: PanelId, user: UserId) -> bool {
        self.members(panel).iter().any(|member| member.user == user)
    }

    /// Whether somebody speaks for the agency at the panel.
    pub(super) fn speaks_for(&self, panel: PanelId, agency: AgencyId, user: UserId) -> bool {
        let speaks = |member: &Member| {
            member.user == user && member.agency == agency && is_representative(member.role)
        };
        self.members(panel).iter().any(speaks)
    }

    /// Who answers for an agency: its single points of contact, else its representatives, else
    /// their deputies.
    pub(super) fn contacts(&self, panel: PanelId, agency: AgencyId) -> Vec<UserId> {
        let of = |role: Role, deputies: bool| {
            self.pick(panel, |m| m.agency == agency && m.role == role && m.is_deputy == deputies)
        };
        [
            of(Role::SinglePointOfContact, false),
            of(Role::Representative, false),
            of(Role::SinglePointOfContact, true),
            of(Role::Representative, true),
        ]
        .into_iter()
        .find(|people| !people.is_empty())
        .unwrap_or_default()
    }

    /// The people behind the audiences of an action. An owner without a live seat at the panel could
    /// not open the action, so the agency's contacts stand in.
    pub(super) fn directory(
        &self,
        panel: PanelId,
        agency: AgencyId,
        owner: Option<UserId>,
    ) -> Directory {
        Directory {
            owner: owner.filter(|owner| self.has_seat(panel, *owner)),
            contacts: self.contacts(panel, agency),
            leads: self.pick(panel, |m| m.agency == agency && m.role == Role::AgencyLead),
            chairs: self.with_role(panel, Role::Chair),
            steering: self.with_role(panel, Role::SteeringGroup),
        }
    }

    pub(super) fn people(&self, panel: PanelId, whom: Whom) -> Vec<UserId> {
        match whom {
            Whom::Contacts(agency) => self.contacts(panel, agency),
            Whom::Coordinators => self.with_role(panel, Role::Coordinator),
            Whom::Chairs => self.with_role(panel, Role::Chair),
            Whom::Readers => self
                .pick(panel, |member| !matches!(member.role, Role::SteeringGroup | Role::Observer)),
            Whom::Everyone => self.pick(panel, |member| member.role != Role::SteeringGroup),
        }
    }
}

const fn is_representative(role: Role) -> bool {
    matches!(role, Role::Representative | Role::SinglePointOfContact | Role::AgencyLead)
}

/// A circle of people at one panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Who answers for an agency.
    Contacts(AgencyId),
    /// Who keeps the panel's record.
    Coordinators,
    /// Who decides.
    Chairs,
    /// Everybody who may read an agenda or minutes.
    Readers,
    /// Everybody who comes to the meeting, observers among them.
    Everyone,
}

/// The people of these circles who have a live account and seat today, each once.
pub fn people(
    az: &mut Authz<'_>,
    panel: PanelId,
    circles: &[Whom],
) -> Result<Vec<UserId>, StoreError> {
    let roster = roster(az, Some(&[panel]))?;
    let mut people: Vec<UserId> =
        circles.iter().flat_map(|whom| roster.people(panel, *whom)).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The panels whose people a list of panel and person names, each once.
pub(super) fn panels_of(panels: impl IntoIterator<Item = PanelId>) -> Vec<PanelId> {
    let mut panels: Vec<PanelId> = panels.into_iter().collect();
    panels.sort_unstable();
    panels.dedup();
    panels
}
