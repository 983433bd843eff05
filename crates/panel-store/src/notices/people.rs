//! Who stands behind an audience: live accounts with a live seat from which the case is not kept, and
//! nobody else.

use crate::authz::Authz;
use crate::cases::lists;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{seats, users};
use crate::sql_types::Sql;
use diesel::prelude::*;
use panel_core::access::Role;
use panel_core::access::lists::{ListLine, Lists, Reader};
use panel_core::id::{AgencyId, CaseId, PanelId, UserId};
use panel_core::reminder::Directory;
use std::collections::{BTreeSet, HashMap};

#[derive(Debug, Clone, Copy)]
struct Member {
    user: UserId,
    /// The agency the person sits for.
    agency: AgencyId,
    /// The agency that employs the person.
    employer: AgencyId,
    role: Role,
    is_deputy: bool,
}

/// The seats that are live today, by panel, and the lists of the cases of these panels.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    members: HashMap<PanelId, Vec<Member>>,
    lists: HashMap<CaseId, Vec<ListLine>>,
    /// The agencies that people sit for anywhere, where there are lists: a case is kept from everybody of an
    /// agency, wherever she sits for it.
    agencies: HashMap<UserId, BTreeSet<AgencyId>>,
}

type SeatLine = (PanelId, UserId, AgencyId, AgencyId, Role, Option<UserId>);

/// Reads the live seats of these panels, or of all.
pub fn roster(az: &mut Authz<'_>, panels: Option<&[PanelId]>) -> Result<Roster, StoreError> {
    let today = az.today();
    let mut query = seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::starts_on.le(today))
        .filter(seats::ends_on.is_null().or(seats::ends_on.ge(Some(today))))
        .filter(users::ended_on.is_null().or(users::ended_on.gt(Some(today))))
        .order((seats::panel_id, seats::user_id, seats::id))
        .select((
            seats::panel_id,
            seats::user_id,
            seats::agency_id,
            users::agency_id,
            seats::role,
            seats::deputy_for,
        ))
        .into_boxed();
    if let Some(panels) = panels {
        query = query.filter(seats::panel_id.eq_any(all(panels)));
    }
    let mut roster = Roster::default();
    for (panel, user, agency, employer, role, deputy_for) in query.load::<SeatLine>(az.conn())? {
        let member = Member { user, agency, employer, role, is_deputy: deputy_for.is_some() };
        roster.members.entry(panel).or_default().push(member);
    }
    let of: Vec<PanelId> = roster.members.keys().copied().collect();
    for line in lists::live_at(az.conn(), &of)? {
        roster.lists.entry(line.case).or_default().push(line);
    }
    if !roster.lists.is_empty() {
        roster.agencies = agencies_of(az, &roster.users())?;
    }
    Ok(roster)
}

/// The agencies for which these people sit today, at whatever panel.
fn agencies_of(
    az: &mut Authz<'_>,
    users: &[UserId],
) -> Result<HashMap<UserId, BTreeSet<AgencyId>>, StoreError> {
    let today = az.today();
    let found: Vec<(UserId, AgencyId)> = seats::table
        .filter(seats::user_id.eq_any(all(users)))
        .filter(seats::starts_on.le(today))
        .filter(seats::ends_on.is_null().or(seats::ends_on.ge(Some(today))))
        .select((seats::user_id, seats::agency_id))
        .load(az.conn())?;
    let mut agencies: HashMap<UserId, BTreeSet<AgencyId>> = HashMap::new();
    for (user, agency) in found {
        agencies.entry(user).or_default().insert(agency);
    }
    Ok(agencies)
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
    /// Everybody with a seat, each once.
    fn users(&self) -> Vec<UserId> {
        let all: BTreeSet<UserId> = self.members.values().flatten().map(|m| m.user).collect();
        all.into_iter().collect()
    }

    /// The people of a panel, as far as they may know of this case.
    pub(super) fn around(&self, panel: PanelId, case: Option<CaseId>) -> Around<'_> {
        let members = self.members.get(&panel).map_or(&[][..], Vec::as_slice);
        let lines = case.and_then(|case| self.lists.get(&case)).map_or(&[][..], Vec::as_slice);
        Around { members, lines, agencies: &self.agencies }
    }

    /// The panels that have seats.
    pub(super) fn panels(&self) -> impl Iterator<Item = PanelId> {
        self.members.keys().copied()
    }
}

/// The people of one panel as far as they may know of one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'r> {
    members: &'r [Member],
    lines: &'r [ListLine],
    agencies: &'r HashMap<UserId, BTreeSet<AgencyId>>,
}

impl Around<'_> {
    /// Whether the lists of the case let a person know of it.
    fn knows(&self, member: &Member) -> bool {
        if self.lines.is_empty() {
            return true;
        }
        let own = || self.members.iter().filter(|other| other.user == member.user);
        let runs = own().any(|seat| seat.role.runs());
        let mut agencies = self.agencies.get(&member.user).cloned().unwrap_or_default();
        agencies.insert(member.employer);
        let reader = Reader { user: member.user, agencies };
        runs || Lists::of(&reader, self.lines).hidden.is_empty()
    }

    fn pick(&self, wanted: impl Fn(&Member) -> bool) -> Vec<UserId> {
        let wanted = |member: &&Member| wanted(member) && self.knows(member);
        let mut people: Vec<UserId> = self.members.iter().filter(wanted).map(|m| m.user).collect();
        people.dedup();
        people
    }

    fn with_role(&self, role: Role) -> Vec<UserId> {
        self.pick(|member| member.role == role)
    }

    /// Whether somebody has any seat at the panel, and may know of the case.
    pub(super) fn has_seat(&self, user: UserId) -> bool {
        self.members.iter().any(|member| member.user == user && self.knows(member))
    }

    /// Whether somebody speaks for the agency at the panel.
    pub(super) fn speaks_for(&self, agency: AgencyId, user: UserId) -> bool {
        let speaks = |member: &Member| {
            member.user == user && member.agency == agency && is_representative(member.role)
        };
        self.members.iter().any(|member| speaks(member) && self.knows(member))
    }

    /// Who answers for an agency: its single points of contact, else its representatives, else
    /// their deputies.
    pub(super) fn contacts(&self, agency: AgencyId) -> Vec<UserId> {
        let of = |role: Role, deputies: bool| {
            self.pick(|m| m.agency == agency && m.role == role && m.is_deputy == deputies)
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

    /// The people behind the audiences of an action. An owner without a live seat at the panel, or from
    /// whom the case is kept, could not open the action, so the agency's contacts stand in.
    pub(super) fn directory(&self, agency: AgencyId, owner: Option<UserId>) -> Directory {
        Directory {
            owner: owner.filter(|owner| self.has_seat(*owner)),
            contacts: self.contacts(agency),
            leads: self.pick(|m| m.agency == agency && m.role == Role::AgencyLead),
            chairs: self.with_role(Role::Chair),
            steering: self.with_role(Role::SteeringGroup),
        }
    }

    pub(super) fn people(&self, whom: Whom) -> Vec<UserId> {
        match whom {
            Whom::Contacts(agency) => self.contacts(agency),
            Whom::Coordinators => self.with_role(Role::Coordinator),
            Whom::Chairs => self.with_role(Role::Chair),
            Whom::Readers => {
                self.pick(|member| !matches!(member.role, Role::SteeringGroup | Role::Observer))
            }
            Whom::Everyone => self.pick(|member| member.role != Role::SteeringGroup),
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
        circles.iter().flat_map(|whom| roster.around(panel, None).people(*whom)).collect();
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
