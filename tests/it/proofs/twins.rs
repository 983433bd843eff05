//! Two worlds that differ in one case, which is hidden from one person in the one and is not there in the
//! other.
//!
//! Both go through the same months, step by step: each step begins at its own minute and with its own row
//! of ids, so that what both have has the same references and comes in the same order.

use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept, people_of};
use crate::live::{as_it_stands, end, everybody_present, room};
use crate::referrals::{accepted, other, sent};
use crate::series::{rows, show};
use chrono::Duration;
use panel_app::Ids;
use panel_app::actions::{self, ActionForm};
use panel_app::cases::{self, CaseListForm};
use panel_app::information::{self, ReplyForm};
use panel_app::live::{self, RecordForm};
use panel_app::meetings;
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::agenda::Decision;
use panel_core::id::{ActionId, AgencyId, CaseId, MeetingId, ReferralId};
use panel_core::information::ReplyKind;
use panel_tests::assure::Dice;
use panel_tests::world::{
    COORDINATOR, HOUSING, IDVA, POLICE, POLICE_LEAD, POLICE_SPOC, PROBATION, World,
};
use serde_json::json;
use std::sync::Arc;

/// How the case is kept from the person who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    ByPerson,
    ByAgency,
    /// Kept among others who are named.
    AmongOthers,
}

/// What is the same in both worlds, from one seed.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) how: How,
    /// Who looks.
    pub(super) who: &'static str,
    /// How many cases there are besides.
    shared: usize,
    /// How many of them are there when the one that differs comes.
    before: usize,
    /// Whether it is about somebody of the name of a case that is seen.
    namesake: bool,
    /// Whether it is put off at its first meeting.
    put_off: bool,
}

/// Surnames of the cases that both worlds have.
pub(super) const SHARED: [&str; 5] = ["Adams", "Brook", "Clark", "Dunn", "Ellis"];
/// The surname that is looked for and must not be found.
pub(super) const HIDDEN: &str = "Quarrington";
const READERS: [&str; 6] = [POLICE, POLICE_SPOC, POLICE_LEAD, PROBATION, HOUSING, IDVA];

impl Plan {
    pub(super) fn of(seed: u64) -> Self {
        let mut dice = Dice::seeded(seed);
        let ways = [How::ByPerson, How::ByAgency, How::AmongOthers];
        let how = ways[usize::try_from(seed).unwrap() % ways.len()];
        let who = READERS[usize::try_from(seed / 3).unwrap() % READERS.len()];
        let shared = 2 + dice.below(4);
        Self {
            seed,
            how,
            who,
            shared,
            before: dice.below(shared + 1),
            namesake: dice.one_in(3),
            put_off: dice.one_in(3),
        }
    }

    fn surname(&self) -> &'static str {
        if self.namesake { SHARED[0] } else { HIDDEN }
    }
}

/// What there is of the case that differs.
#[derive(Debug, Clone)]
pub(super) struct Hidden {
    pub(super) case: CaseId,
    pub(super) reference: String,
    /// Ids of everything that belongs to it.
    pub(super) ids: Vec<String>,
}

/// A world on its way through the months.
pub(super) struct Twin {
    pub(super) world: World,
    plan: Plan,
    with: bool,
    pub(super) meetings: Vec<MeetingId>,
    cases: Vec<CaseId>,
    pub(super) hidden: Option<Hidden>,
    steps: u64,
}

impl Twin {
    /// The world before any mail goes out: with the case, or without it.
    pub(super) fn new(world: World, plan: &Plan, with: bool) -> Self {
        let plan = plan.clone();
        let (meetings, cases) = (Vec::new(), Vec::new());
        let mut twin = Self { world, plan, with, meetings, cases, hidden: None, steps: 0 };
        // Early enough for the agenda of the first meeting.
        twin.world.set("2026-03-18 09:00");
        twin.step();
        twin.world.town();
        twin.step();
        twin.meetings = meetings_of(&twin.world, 4).iter().map(|meeting| meeting.id).collect();
        for (place, surname) in SHARED.into_iter().take(twin.plan.shared).enumerate() {
            if place == twin.plan.before {
                twin.hide();
            }
            twin.step();
            let received = "2026-03-18 09:30";
            let children = &["2019-03-04"];
            let new = Accepted { surname, received, children, ..Accepted::default() };
            let case = accept(&twin.world, &new);
            twin.cases.push(case);
        }
        if twin.plan.before == twin.plan.shared {
            twin.hide();
        }
        twin.world.set("2026-04-01 09:00");
        twin
    }

    /// Begins a step: a minute later, with a row of ids of its own.
    pub(super) fn step(&mut self) {
        self.steps += 1;
        self.world.pass(Duration::minutes(1));
        self.world.app.ids = Arc::new(Ids::seeded(self.plan.seed * 1_000 + self.steps));
    }

    /// Begins a step in which what both worlds have is made together with what one has: with ids that the
    /// other world does not have.
    fn step_apart(&mut self) {
        self.step();
        let world = u64::from(self.with) + 1;
        let seed = self.plan.seed * 1_000 + self.steps + world * 1_000_000_000;
        self.world.app.ids = Arc::new(Ids::seeded(seed));
    }

    fn agency_of(&self, email: &str) -> AgencyId {
        self.world.by(email).actor().agency
    }

    /// Somebody of another agency than the one who looks.
    fn another(&self) -> &'static str {
        if self.agency_of(self.plan.who) == self.world.town().housing { PROBATION } else { HOUSING }
    }

    /// A referral becomes a case, and before its first agenda it is kept from the one who looks.
    fn hide(&mut self) {
        self.step();
        if !self.with {
            self.step();
            return;
        }
        let world = &self.world;
        let (by, agency) = (self.another(), self.agency_of(self.another()));
        let mut raw = other(world, self.plan.surname(), "1990-05-01");
        raw["referring_agency"] = json!(agency);
        let receipt = sent(&world.by(by), &raw);
        let case = accepted(world, receipt.id);
        cases::add_to_list(&world.by(COORDINATOR), case, &self.line()).unwrap();
        let reference = cases::show(&world.by(COORDINATOR), case).unwrap().row.reference;
        let (perpetrator, victim) = people_of(world, case);
        let ids = vec![
            case.to_string(),
            ReferralId::to_string(&receipt.id),
            perpetrator.to_string(),
            victim.to_string(),
        ];
        self.step();
        self.hidden = Some(Hidden { case, reference, ids });
    }

    fn line(&self) -> CaseListForm {
        let (who, other) = (self.plan.who, self.another());
        let user = |email: &str| Some(self.world.by(email).user());
        let (kind, person, agency) = match self.plan.how {
            How::ByPerson => (ListKind::Excluded, user(who), None),
            How::ByAgency => (ListKind::Excluded, None, Some(self.agency_of(who))),
            How::AmongOthers => (ListKind::Named, user(other), None),
        };
        let note = "Told by her supervisor".to_owned();
        CaseListForm { kind, person, agency, conflict: Conflict::Personal, note }
    }

    /// The agenda of a meeting is proposed and issued, and agencies are asked.
    pub(super) fn issue(&mut self, meeting: usize) {
        self.step_apart();
        build(&self.world, self.meetings[meeting]);
        issue(&self.world, self.meetings[meeting]);
        self.note_ids(meeting);
    }

    /// Ids of the items and requests of the case that differs.
    fn note_ids(&mut self, meeting: usize) {
        let Some(hidden) = self.hidden.as_mut() else { return };
        let (world, meeting) = (&self.world, self.meetings[meeting]);
        let items = rows(world, |az| panel_store::agenda::list(az, meeting));
        let board = information::board(&world.by(COORDINATOR), meeting).unwrap();
        let ours = items.into_iter().filter(|line| line.item.case == Some(hidden.case));
        hidden.ids.extend(ours.map(|line| line.item.id.to_string()));
        let cells = board.cases.iter().flat_map(|case| &case.cells);
        let asked: Vec<String> = cells.map(|cell| cell.request.to_string()).collect();
        let seen = information::mine(&world.by(self.plan.who)).unwrap();
        let seen: Vec<String> = seen.iter().map(|asked| asked.id.to_string()).collect();
        let about = |request: &&String| {
            let id = request.parse().unwrap();
            let view = information::show(&world.by(COORDINATOR), id).unwrap();
            view.case.id == hidden.case && !seen.contains(request)
        };
        hidden.ids.extend(asked.iter().filter(about).cloned());
    }

    /// Actions of a case, for the one who looks where she may know of it and for others.
    pub(super) fn act(&mut self, due: &str) {
        for case in self.cases.clone() {
            self.step();
            let own = self.agency_of(self.plan.who);
            self.set(case, own, Some(self.plan.who), due);
            self.set(case, self.agency_of(self.another()), None, due);
        }
        self.step();
        let Some(hidden) = self.hidden.clone() else { return };
        let other = self.another();
        let mut set = vec![self.set(hidden.case, self.agency_of(other), Some(other), due)];
        if self.plan.how == How::ByPerson {
            set.push(self.set(hidden.case, self.agency_of(self.plan.who), None, due));
        }
        let ids = &mut self.hidden.as_mut().unwrap().ids;
        ids.extend(set.iter().map(ActionId::to_string));
    }

    fn set(&self, case: CaseId, agency: AgencyId, who: Option<&str>, due: &str) -> ActionId {
        let form: ActionForm = serde_json::from_value(json!({
            "panel": self.world.town().panel, "case": case, "text": "Visit the flat",
            "agency": agency, "person": who.map(|who| self.world.by(who).user()), "due": due,
        }))
        .unwrap();
        actions::set(&self.world.by(COORDINATOR), &form).unwrap().saved.action
    }

    /// Everybody but the one who looks answers what her agency is asked.
    pub(super) fn reply(&mut self) {
        let who = self.plan.who;
        for email in READERS.into_iter().filter(|email| *email != who) {
            self.step();
            let ctx = self.world.by(email);
            let asked = information::mine(&ctx).unwrap();
            // What the two worlds have in common is left to the one who looks where it is her agency's.
            let ours = self.agency_of(email) == self.agency_of(self.plan.who);
            let hidden = self.hidden.as_ref().map(|hidden| hidden.reference.as_str());
            for one in asked.iter().filter(|one| !ours || Some(one.reference.as_str()) == hidden) {
                let Ok(view) = information::show(&ctx, one.id) else { continue };
                let facts = "Two complaints about noise.".to_owned();
                let kind = ReplyKind::Information;
                let form = ReplyForm { kind, facts, ..ReplyForm::empty(view.answers) };
                let _ = information::release(&ctx, one.id, &form);
            }
        }
    }

    /// The meeting is held: notes and decisions for each case, one of them put off.
    pub(super) fn hold(&mut self, meeting: usize) {
        self.step_apart();
        let id = self.meetings[meeting];
        let view = show(&self.world, id);
        self.world.app.clock.set(view.starts_at);
        meetings::start(&self.world.by(COORDINATOR), id, view.version).unwrap();
        self.step();
        everybody_present(&self.world, id);
        let steps = room(&self.world, id).steps;
        for step in steps.iter().filter(|step| !step.person.is_empty()) {
            let hidden = self.hidden.as_ref().is_some_and(|one| step.label == one.reference);
            // Only steps that both worlds take count.
            if !hidden {
                self.step_apart();
            }
            if step.words == "Deferred" {
                continue;
            }
            let form = as_it_stands(&self.world, step.item);
            if hidden && self.plan.put_off && meeting == 0 {
                let off = live::DeferForm { version: form.version, reason: "No report".to_owned() };
                live::defer(&self.world.by(COORDINATOR), step.item, &off).unwrap();
                continue;
            }
            let form = RecordForm {
                discussion: format!("Each agency shared what it knows of {}.", step.label),
                decision: form.decision.or(Some(Decision::Retain)),
                ..form
            };
            live::record(&self.world.by(COORDINATOR), step.item, &form).unwrap();
        }
        self.step_apart();
        end(&self.world, id);
    }

    /// The chair signs the minutes.
    pub(super) fn sign(&mut self, meeting: usize) {
        self.step_apart();
        crate::minutes::approve(&self.world, self.meetings[meeting], "").unwrap();
    }

    /// Whether the case that differs came to the agenda at all: else there is nothing to be hidden.
    pub(super) fn is_on(&self, meeting: usize) -> bool {
        let Some(hidden) = &self.hidden else { return false };
        let items = rows(&self.world, |az| panel_store::agenda::list(az, self.meetings[meeting]));
        items.iter().any(|line| line.item.case == Some(hidden.case))
    }
}
