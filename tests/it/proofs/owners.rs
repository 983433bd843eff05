//! Whose everything is, as the database says, and who may know of it, as the rules say.

use super::ground::Ground;
use crate::casework::people_of;
use crate::series::rows;
use chrono::NaiveDate;
use panel_app::{handling, information};
use panel_core::access::lists::{ListLine, Listed, Lists, Reader};
use panel_core::access::{Actor, CaseFacts};
use panel_core::handling::{Kinds, Marked, Marking, Record};
use panel_core::id::{AgencyId, CaseId, MeetingId, PanelId};
use panel_store::referrals::QueueFilter;
use panel_tests::world::{COORDINATOR, HOUSING, POLICE, World};
use std::collections::HashMap;

/// What a thing belongs to.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Case(CaseId),
    /// A referral that no case has come of: its agency’s, and theirs who run the panel.
    Referral(PanelId, AgencyId),
    /// A meeting, a series: theirs who have a seat at the panel.
    Panel(PanelId),
}

/// Whose a marked record is, and what it is marked with.
struct Mark {
    panel: PanelId,
    agency: AgencyId,
    marking: Marking,
}

/// Whose everything is that stands in an address.
pub(super) struct Owners {
    of: HashMap<String, Owner>,
    facts: HashMap<CaseId, CaseFacts>,
    lines: Vec<ListLine>,
    /// Records that are marked, by who reads them.
    marked: HashMap<String, Mark>,
    kinds: Kinds,
    today: NaiveDate,
}

impl Owners {
    pub(super) fn read(ground: &Ground) -> Self {
        let world = &ground.world;
        let kinds = rows(world, panel_store::agencies::list).into_iter();
        let mut owners = Self {
            of: HashMap::new(),
            facts: HashMap::new(),
            lines: Vec::new(),
            marked: HashMap::new(),
            kinds: kinds.map(|agency| (agency.value.id, agency.value.kind)).collect(),
            today: world.by(COORDINATOR).today,
        };
        let (here, elsewhere) = (world.town().panel, world.town().elsewhere);
        for thing in ground.of("case") {
            let case = thing.case.unwrap();
            let other = thing.state == "of another panel";
            owners.case(world, case, if other { elsewhere } else { here });
        }
        owners.referrals(world);
        for meeting in ground.of("meeting") {
            owners.meeting(world, meeting.id.parse().unwrap());
        }
        for thing in ground.of("action").filter(|thing| thing.case.is_some()) {
            owners.of.insert(thing.id.clone(), Owner::Case(thing.case.unwrap()));
        }
        owners.records(ground);
        for series in ground.of("series") {
            owners.of.insert(series.id.clone(), Owner::Panel(here));
        }
        owners
    }

    fn case(&mut self, world: &World, case: CaseId, panel: PanelId) {
        let (agencies, lines) = rows(world, |az| {
            let agencies = panel_store::cases::agencies_of(az, case)?;
            Ok((agencies, panel_store::cases::lists::of_case(az, panel, case)?))
        });
        self.facts.insert(
            case,
            CaseFacts { case, panel, agencies: agencies.into_iter().map(|(id, _)| id).collect() },
        );
        self.of.insert(case.to_string(), Owner::Case(case));
        for line in lines.iter().filter(|line| line.lifted_at.is_none()) {
            let whom = match (line.person, line.agency) {
                (Some(person), _) => Listed::Person(person),
                (None, agency) => Listed::Agency(agency.unwrap()),
            };
            self.lines.push(ListLine { case, kind: line.kind, whom });
        }
        if panel == world.town().panel {
            let (perpetrator, victim) = people_of(world, case);
            for person in [perpetrator, victim] {
                self.of.insert(person.to_string(), Owner::Case(case));
            }
        }
    }

    fn records(&mut self, ground: &Ground) {
        let notes = ground.of("note").map(|one| (one, Record::Note(one.id.parse().unwrap())));
        let replies = ground.of("reply").map(|one| (one, Record::Reply(one.id.parse().unwrap())));
        for (thing, record) in notes.chain(replies) {
            let mut find = |by: &str| {
                let found = handling::show(&ground.world.by(by), record).ok()?;
                Some((found.case, found.marking, found.agency))
            };
            let (case, marking, agency) =
                [POLICE, HOUSING].into_iter().find_map(&mut find).expect("its agency reads it");
            self.of.insert(thing.id.clone(), Owner::Case(case));
            let panel = self.facts[&case].panel;
            self.marked.insert(thing.id.clone(), Mark { panel, agency, marking });
        }
    }

    fn referrals(&mut self, world: &World) {
        let all = QueueFilter { panel: Some(world.town().panel), ..QueueFilter::default() };
        for row in rows(world, |az| panel_store::referrals::page(az, &all, None, 500)) {
            // A referral that became a case is about the person of that case.
            let person = self.of.get(&row.perpetrator.to_string()).copied();
            let owner = person.unwrap_or(Owner::Referral(row.panel, row.agency));
            self.of.insert(row.id.to_string(), owner);
            self.of.insert(row.perpetrator.to_string(), owner);
        }
    }

    fn meeting(&mut self, world: &World, meeting: MeetingId) {
        self.of.insert(meeting.to_string(), Owner::Panel(world.town().panel));
        for line in rows(world, |az| panel_store::agenda::list(az, meeting)) {
            let owner = line.item.case.map_or(Owner::Panel(world.town().panel), Owner::Case);
            self.of.insert(line.item.id.to_string(), owner);
        }
        let Ok(board) = information::board(&world.by(COORDINATOR), meeting) else { return };
        for case in &board.cases {
            for cell in &case.cells {
                self.of.insert(cell.request.to_string(), Owner::Case(case.case));
            }
        }
    }

    /// Whether there is anything to be said about who may know of this.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.of.contains_key(id)
    }

    /// Whether somebody may know of this, by the rules alone; of what nobody owns she may.
    pub(super) fn may_know(&self, actor: Option<&Actor>, id: &str) -> bool {
        let Some(owner) = self.of.get(id) else { return true };
        let Some(actor) = actor else { return false };
        match owner {
            Owner::Case(case) => {
                let sits = |line: &&ListLine| {
                    let panel = self.facts[&line.case].panel;
                    actor.seats.iter().any(|seat| seat.panel == panel)
                };
                let lines: Vec<ListLine> = self.lines.iter().filter(sits).copied().collect();
                let reads = self.marked.get(id).is_none_or(|mark| {
                    let (panel, origin, marking) = (mark.panel, mark.agency, &mark.marking);
                    actor.may_read(Marked { panel, origin, marking }, &self.kinds, self.today)
                });
                reads && actor.sees(&self.facts[case], &Lists::of(&Reader::from(actor), &lines))
            }
            Owner::Referral(panel, agency) => actor.runs(*panel) || actor.acts_for(*agency, *panel),
            Owner::Panel(panel) => actor.seats.iter().any(|seat| seat.panel == *panel),
        }
    }
}
