//! The one way to the data: a transaction, the person who asks, and the trail it leaves.
//!
//! Every query function of this crate takes `&mut Authz`. It filters by the actor's scope in SQL and
//! notes what was seen; the audit rows are written in the same transaction, just before it commits,
//! so that nothing is read or changed without one.

use crate::budget;
use crate::cases::{lists, occasion};
use crate::conn::Conn;
use crate::error::StoreError;
use crate::glass::{self, Pane};
use crate::listed::all;
use crate::schema::cases;
use crate::wall::{self, Beyond};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use panel_core::access::lists::{Lists, Reader};
use panel_core::access::{Actor, Reach, Role};
use panel_core::audit::occasion::Occasion;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, Id, IdSource, PanelId, RequestId, SubjectId, UserId, mint};
use std::collections::{BTreeMap, BTreeSet};

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person, with the seats that are live today.
    Person(Actor),
    /// A part of the service itself, such as the mailer. It sees ids, dates and counts, no content.
    Service(&'static str),
    /// Nobody yet: somebody who signs in.
    Nobody,
}

/// One request: who asks, when, and under which number it is logged.
#[derive(Debug, Clone)]
pub struct Caller<'a> {
    /// Who asks.
    pub who: Who,
    /// The one instant of this request.
    pub now: DateTime<Utc>,
    /// The local date of that instant.
    pub today: NaiveDate,
    /// The request's id, in the audit log and in error pages.
    pub request: RequestId,
    /// Where new ids come from.
    pub ids: &'a dyn IdSource,
}

impl Caller<'_> {
    /// What the caller's seats let through, before any list of a case is looked at.
    pub(crate) fn scope(&self) -> Scope {
        match &self.who {
            Who::Person(actor) => Scope::of(actor),
            Who::Service(_) | Who::Nobody => Scope::default(),
        }
    }
}

/// What an actor's seats let through, as the queries need it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// Panels seen whole.
    pub(crate) whole: Vec<PanelId>,
    /// Agencies spoken for, with the panels where.
    pub(crate) by_agency: Vec<(AgencyId, Vec<PanelId>)>,
    /// Cases of those panels that do not exist for the actor.
    pub(crate) hidden: Vec<CaseId>,
    /// Cases that the actor sees in the place of somebody else, and one that is open in an emergency.
    pub(crate) admitted: Vec<CaseId>,
    /// The case that is open in an emergency.
    pub(crate) glass: Option<Pane>,
}

/// What a transaction is for. What is open in an emergency is there to be read, and for whatever changes
/// something it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Nothing is changed but the audit log.
    Reading,
    /// Something is changed, or leaves the service.
    Changing,
}

impl Scope {
    fn of(actor: &Actor) -> Self {
        let mut scope = Self::default();
        for (panel, reach) in actor.reaches() {
            match reach {
                Reach::Whole => scope.whole.push(panel),
                Reach::Agency(agency) => {
                    match scope.by_agency.iter_mut().find(|(a, _)| *a == agency) {
                        Some((_, panels)) => panels.push(panel),
                        None => scope.by_agency.push((agency, vec![panel])),
                    }
                }
            }
        }
        scope
    }

    /// What a caller's seats let through, what the lists of cases say, and what is open in an emergency.
    pub(crate) fn read(
        conn: &mut Conn,
        caller: &Caller<'_>,
        doing: Doing,
    ) -> Result<Self, StoreError> {
        let Who::Person(actor) = &caller.who else { return Ok(caller.scope()) };
        let mut scope = caller.scope().listed(conn, actor)?;
        if doing == Doing::Reading {
            scope.glass = glass::live(conn, actor, caller.now)?;
            if let Some(pane) = scope.glass {
                glass::admit(conn, pane, caller.now)?;
                scope.admitted.push(pane.case);
            }
        }
        Ok(scope)
    }

    /// Adds what the lists of cases say, at panels that the actor does not see whole.
    fn listed(mut self, conn: &mut Conn, actor: &Actor) -> Result<Self, StoreError> {
        let sits = actor.seats.iter().map(|seat| seat.panel);
        let partly: BTreeSet<PanelId> = sits.filter(|panel| !self.whole.contains(panel)).collect();
        if partly.is_empty() {
            return Ok(self);
        }
        let lines = lists::live_at(conn, &partly.into_iter().collect::<Vec<_>>())?;
        let Lists { hidden, admitted } = Lists::of(&Reader::from(actor), &lines);
        self.hidden = hidden.into_iter().collect();
        self.admitted = admitted.into_iter().collect();
        Ok(self)
    }

    /// The panel, when there is but one.
    fn only(&self) -> Option<PanelId> {
        let agencies = self.by_agency.iter().flat_map(|(_, panels)| panels);
        let mut panels = self.whole.iter().chain(agencies);
        panels.next().copied().filter(|first| panels.all(|panel| panel == first))
    }
}

/// A transaction opened for one caller.
pub struct Authz<'t> {
    conn: &'t mut Conn,
    caller: &'t Caller<'t>,
    scope: &'t Scope,
    notes: Notes,
}

/// What one use case did and saw, on its way into the audit log.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    trail: Vec<Deed>,
    seen: Seen,
    glass: Option<Pane>,
    /// What of this counts as opened.
    opened: BTreeSet<SubjectId>,
    /// Whether it reads, though it also keeps something.
    reads: bool,
}

#[derive(Debug, Default)]
struct Seen {
    first: Option<(&'static str, SubjectKind, Option<uuid::Uuid>, Option<PanelId>)>,
    occasion: Option<Occasion>,
    cases: BTreeSet<CaseId>,
}

impl<'t> Authz<'t> {
    pub(crate) fn new(conn: &'t mut Conn, caller: &'t Caller<'t>, scope: &'t Scope) -> Self {
        let notes = Notes { glass: scope.glass, ..Notes::default() };
        Self { conn, caller, scope, notes }
    }

    pub(crate) fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Looks beyond what the caller may see, for one reason. What is found must not be shown as it is.
    pub(crate) fn beyond<T>(
        &mut self,
        why: Beyond,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        wall::beyond(self.conn, why, work)
    }

    pub(crate) fn scope(&self) -> &Scope {
        self.scope
    }

    /// Who asks, and when.
    pub(crate) fn caller(&self) -> &'t Caller<'t> {
        self.caller
    }

    /// The instant of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.caller.now
    }

    /// The local date of the request.
    pub fn today(&self) -> NaiveDate {
        self.caller.today
    }

    /// The person who asks, when it is one.
    pub fn actor(&self) -> Option<&Actor> {
        match &self.caller.who {
            Who::Person(actor) => Some(actor),
            Who::Service(_) | Who::Nobody => None,
        }
    }

    /// The id of the person who asks, when it is one.
    pub fn user(&self) -> Option<UserId> {
        self.actor().map(|actor| actor.user)
    }

    /// A new id.
    pub fn mint<T: Id>(&self) -> T {
        mint(self.caller.ids, self.caller.now)
    }

    /// Where new ids and secrets come from.
    pub fn ids(&self) -> &dyn IdSource {
        self.caller.ids
    }

    /// The panels at which the caller sees cases.
    pub(crate) fn panels(&self) -> impl Iterator<Item = PanelId> {
        let agencies = self.scope.by_agency.iter().flat_map(|(_, panels)| panels);
        self.scope.whole.iter().chain(agencies).copied()
    }

    /// Notes that the caller changed something; the row commits with the change.
    pub fn did(&mut self, deed: Deed) {
        self.notes.trail.push(deed);
    }

    /// Notes that content was shown. One use case leaves one consultation row, named by the first
    /// thing seen, with every case that came with it.
    pub(crate) fn saw(
        &mut self,
        code: &'static str,
        subject: SubjectKind,
        id: Option<uuid::Uuid>,
        panel: Option<PanelId>,
        cases: impl IntoIterator<Item = CaseId>,
    ) {
        let cases: BTreeSet<CaseId> = cases.into_iter().collect();
        if self.notes.seen.first.is_none() {
            self.notes.opened = budget::counted(subject, id, &cases);
        }
        self.notes.seen.first.get_or_insert((code, subject, id, panel));
        self.notes.seen.cases.extend(cases);
    }

    /// Notes on what occasion the first thing was seen, for whoever reads the log.
    pub(crate) fn on_occasion(&mut self, occasion: Occasion) {
        self.notes.seen.occasion = Some(occasion);
    }

    /// Notes that something is uncovered by an act that is kept: the bounds of reading hold for it.
    pub(crate) fn reads(&mut self) {
        self.notes.reads = true;
    }

    /// Whether the caller runs this panel, as coordinator or chair.
    pub fn runs(&self, panel: PanelId) -> bool {
        self.actor().is_some_and(|actor| actor.runs(panel))
    }

    /// Whether the caller may know when this panel meets: whoever has a seat there, in any role.
    pub fn sits(&self, panel: PanelId) -> bool {
        match &self.caller.who {
            Who::Person(actor) => actor.seats.iter().any(|seat| seat.panel == panel),
            Who::Service(_) => true,
            Who::Nobody => false,
        }
    }

    /// The case that the caller has opened in an emergency and may read now.
    pub fn glass(&self) -> Option<CaseId> {
        self.scope.glass.map(|pane| pane.case)
    }

    /// Whether the caller holds this role at this panel.
    pub fn is(&self, role: Role, panel: PanelId) -> bool {
        self.actor().is_some_and(|actor| actor.is(role, panel))
    }

    pub(crate) fn into_notes(self) -> Notes {
        self.notes
    }
}

impl Notes {
    /// What of this counts as opened.
    pub(crate) fn opened(&self) -> impl Iterator<Item = SubjectId> {
        self.opened.iter().copied()
    }

    /// Whether it reads, whatever its transaction is for.
    pub(crate) fn is_reading(&self) -> bool {
        self.reads
    }

    /// Whether something was erased.
    pub(crate) fn erases(&self) -> bool {
        self.trail.iter().any(|deed| deed.kind == AuditKind::Erasure)
    }

    /// The case that is open in an emergency.
    pub(crate) fn in_emergency(&self) -> Option<CaseId> {
        self.glass.map(|pane| pane.case)
    }

    /// What was done, and what was consulted at each panel with every case that was shown. A case that is
    /// open in an emergency has a row of its own, which names the opening; each other case that was read by
    /// itself has the occasion with it.
    pub(crate) fn told(
        self,
        conn: &mut Conn,
        caller: &Caller<'_>,
    ) -> Result<Vec<(Deed, Vec<CaseId>)>, StoreError> {
        let Self { trail, mut seen, glass, .. } = self;
        let explained = |deed| Ok((explained(conn, caller, deed)?, Vec::new()));
        let mut told: Vec<_> =
            trail.into_iter().map(explained).collect::<Result<_, StoreError>>()?;
        let Some((code, subject, id, mut panel)) = seen.first else { return Ok(told) };
        if let Some(pane) = glass.filter(|pane| seen.cases.remove(&pane.case)) {
            let deed =
                Deed::new(AuditKind::BreakGlass, code, subject, id).with(pane.id.to_string());
            told.push((deed.at(pane.panel).in_case(Some(pane.case)), Vec::new()));
            if seen.cases.is_empty() {
                return Ok(told);
            }
            panel = panel.filter(|panel| *panel != pane.panel);
        }
        let cases: Vec<CaseId> = seen.cases.into_iter().collect();
        let by_panel = match panel.or_else(|| caller.scope().only()) {
            None if !cases.is_empty() => by_panel(conn, &cases)?,
            panel => [(panel, cases)].into(),
        };
        for (panel, mut cases) in by_panel {
            let occasion = match seen.occasion {
                None => occasion::of_reading(conn, caller, panel, &cases)?,
                noted => noted,
            };
            let one = if cases.len() == 1 { cases.pop() } else { None };
            let deed = Deed::new(AuditKind::Consultation, code, subject, id)
                .with(occasion.map(Coded::code).unwrap_or_default());
            told.push((Deed { panel, case: one, ..deed }, cases));
        }
        Ok(told)
    }
}

/// A reading with the occasion on which it was, where nothing else is said of it.
fn explained(conn: &mut Conn, caller: &Caller<'_>, deed: Deed) -> Result<Deed, StoreError> {
    if deed.kind != AuditKind::Consultation || !deed.detail.is_empty() {
        return Ok(deed);
    }
    let occasion = occasion::of_reading(conn, caller, deed.panel, deed.case.as_slice())?;
    Ok(deed.with(occasion.map(Coded::code).unwrap_or_default()))
}

/// Cases by the panel that has them, so that whoever runs a panel finds who read its cases in a list
/// of several panels.
fn by_panel(
    conn: &mut Conn,
    of: &[CaseId],
) -> Result<BTreeMap<Option<PanelId>, Vec<CaseId>>, StoreError> {
    let found: Vec<(CaseId, PanelId)> = cases::table
        .filter(cases::id.eq_any(all(of)))
        .order(cases::id)
        .select((cases::id, cases::panel_id))
        .load(conn)?;
    let mut panels: BTreeMap<_, Vec<CaseId>> = BTreeMap::new();
    for (case, panel) in found {
        panels.entry(Some(panel)).or_default().push(case);
    }
    Ok(panels)
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
