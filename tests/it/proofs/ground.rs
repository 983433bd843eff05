//! A populated town: something of every kind in every state that matters, at two panels, and somebody of
//! every sort who may or may not know of it.

use crate::actions as acts;
use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept, people_of};
use crate::live::{as_it_stands, end, everybody_present, room, start};
use crate::minutes::approve;
use crate::referrals::{close_case, other, outcome, sent, version};
use crate::series::{rows, show};
use chrono::NaiveDate;
use panel_app::actions::{self, ExtensionForm, TransferForm};
use panel_app::cases::{self, CaseListForm};
use panel_app::handling::{self, MarkForm};
use panel_app::information::{self, ReplyForm};
use panel_app::live::{self, RecordForm};
use panel_app::notes::{self, NoteForm};
use panel_app::users::{self, SeatForm, UserForm};
use panel_app::{imports, meetings, referrals};
use panel_core::access::Role;
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::agenda::Decision;
use panel_core::handling::{Code, Marking, NoteKind, Record};
use panel_core::id::{ActionId, AgencyId, CaseId, MeetingId, PanelId, ReferralId};
use panel_core::referral::TriageStatus;
use panel_tests::bounds::unbounded;
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, POLICE_LEAD, PROBATION, World,
    day,
};
use serde_json::Value;

/// Had a seat for the police until the end of last month.
pub(super) const LEAVER: &str = "leaver@police.example";
/// Will have one for probation next month.
pub(super) const NEWCOMER: &str = "newcomer@probation.example";
/// A case is kept from this officer.
pub(super) const EXCLUDED: &str = "excluded@police.example";
/// Stands in for the housing representative.
pub(super) const DEPUTY: &str = "deputy@housing.example";
/// The chair has shown one case to this observer.
pub(super) const ALTERNATE: &str = "alternate@council.example";
/// Represents an agency of the other panel.
pub(super) const ELSEWHERE: &str = "rep@westshire.example";

const TRACKER: &[u8] = include_bytes!("../../data/tracker.xlsx");

/// Something that stands in addresses.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    /// As the table of routes names it: `case`.
    pub(super) kind: &'static str,
    /// In which state.
    pub(super) state: &'static str,
    pub(super) id: String,
    /// The case that it belongs to.
    pub(super) case: Option<CaseId>,
    /// What leads there: the meeting of an item, the case of a line.
    pub(super) within: Option<String>,
}

/// A populated town and what there is in it.
pub(super) struct Ground {
    pub(super) world: World,
    pub(super) things: Vec<Thing>,
}

impl Ground {
    /// Lays it all out in a world that nobody has been in.
    pub(super) fn lay(world: World) -> Self {
        world.town();
        unbounded(&world);
        let mut ground = Self { world, things: Vec::new() };
        ground.people();
        let meetings: Vec<MeetingId> = meetings_of(&ground.world, 5).iter().map(|m| m.id).collect();
        ground.series(&meetings);
        let cases = ground.cases();
        ground.referrals();
        ground.months(&meetings, &cases);
        ground.actions(&cases);
        ground.requests(meetings[1]);
        ground.notes(&cases);
        ground.administration(&meetings);
        ground
    }

    fn put<T: ToString + Copy>(
        &mut self,
        kind: &'static str,
        state: &'static str,
        id: T,
        case: Option<CaseId>,
        within: Option<String>,
    ) {
        self.things.push(Thing { kind, state, id: id.to_string(), case, within });
    }

    fn add<T: ToString + Copy>(&mut self, kind: &'static str, state: &'static str, id: T) {
        self.of_case(kind, state, id, None);
    }

    fn of_case<T: ToString + Copy>(
        &mut self,
        kind: &'static str,
        state: &'static str,
        id: T,
        case: Option<CaseId>,
    ) {
        self.put(kind, state, id, case, None);
    }

    fn inside<T: ToString + Copy, U: ToString + Copy>(
        &mut self,
        kind: &'static str,
        state: &'static str,
        id: T,
        within: U,
    ) {
        self.put(kind, state, id, None, Some(within.to_string()));
    }

    fn seat(
        &self,
        email: &str,
        name: &str,
        at: (AgencyId, PanelId, Role),
        days: (&str, Option<&str>),
    ) {
        let (agency, panel, role) = at;
        let form = UserForm {
            name: name.to_owned(),
            email: email.to_owned(),
            agency,
            administrator: false,
        };
        let user = users::invite(&self.world.operator(), &form).unwrap().user;
        let deputy_for = (email == DEPUTY).then(|| self.world.by(HOUSING).user());
        let (from, until): (NaiveDate, _) = (day(days.0), days.1.map(day));
        let seat = SeatForm { panel, role, from, until, deputy_for };
        users::seat(&self.world.operator(), user, &seat).unwrap();
    }

    fn people(&self) {
        let town = *self.world.town();
        let rep = Role::Representative;
        let (long_since, here) = (("2020-01-01", None), town.panel);
        self.seat(
            LEAVER,
            "Leon Gray",
            (town.police, here, rep),
            ("2020-01-01", Some("2026-03-31")),
        );
        self.seat(NEWCOMER, "Nia Price", (town.probation, here, rep), ("2027-01-01", None));
        self.seat(EXCLUDED, "Ezra Cole", (town.police, here, rep), long_since);
        self.seat(DEPUTY, "Della Frost", (town.housing, here, rep), long_since);
        self.seat(ALTERNATE, "Alma Reid", (town.council, here, Role::Observer), long_since);
        self.seat(ELSEWHERE, "Wes Dale", (town.westshire, town.elsewhere, rep), long_since);
    }

    fn series(&mut self, meetings: &[MeetingId]) {
        let series = show(&self.world, meetings[0]).series.unwrap();
        self.add("series", "of the panel", series);
    }

    fn list(&self, case: CaseId, kind: ListKind, person: Option<&str>, agency: Option<AgencyId>) {
        let person = person.map(|email| self.world.by(email).user());
        let note = "Known to each other".to_owned();
        let form = CaseListForm { kind, person, agency, conflict: Conflict::Personal, note };
        cases::add_to_list(&self.world.by(CHAIR), case, &form).unwrap();
    }

    /// Cases: open, kept from a person, from an agency, among the named, shown to an alternate, closed.
    fn cases(&mut self) -> Vec<CaseId> {
        let surnames = ["Openshaw", "Keptson", "Agencyson", "Namedson", "Shownson", "Closedson"];
        let states = [
            "open",
            "kept from a person",
            "kept from an agency",
            "for the named",
            "shown",
            "closed",
        ];
        let accepted = |surname| accept(&self.world, &Accepted { surname, ..Accepted::default() });
        let all: Vec<CaseId> = surnames.map(accepted).into();
        let town = *self.world.town();
        for case in &all {
            let agencies = [town.probation, town.housing];
            rows(&self.world, |az| panel_store::cases::join(az, *case, &agencies));
        }
        self.list(all[1], ListKind::Excluded, Some(EXCLUDED), None);
        self.list(all[2], ListKind::Excluded, None, Some(town.housing));
        self.list(all[3], ListKind::Named, Some(PROBATION), None);
        self.list(all[4], ListKind::Alternate, Some(ALTERNATE), None);
        close_case(&self.world, all[5]);
        for (state, case) in states.into_iter().zip(&all) {
            self.of_case("case", state, case, Some(*case));
            let (perpetrator, victim) = people_of(&self.world, *case);
            self.of_case("person", state, perpetrator, Some(*case));
            self.of_case("other", state, victim, Some(*case));
        }
        let lines = cases::lists(&self.world.by(CHAIR), all[1]).unwrap().lines;
        self.inside("line", "of a case", lines[0].id, all[1]);
        let elsewhere = acts::case_at(&self.world, town.elsewhere, "Wanda", "Westerson");
        self.of_case("case", "of another panel", elsewhere, Some(elsewhere));
        all
    }

    fn refer(
        &mut self,
        state: &'static str,
        surname: &str,
        decide: Option<TriageStatus>,
    ) -> ReferralId {
        let raw: Value = other(&self.world, surname, "1985-01-01");
        let id = sent(&self.world.by(POLICE), &raw).id;
        if let Some(status) = decide {
            let version = version(&self.world, id);
            referrals::decide(&self.world.by(CHAIR), id, version, &outcome(status)).unwrap();
        }
        self.add("referral", state, id);
        id
    }

    fn referrals(&mut self) {
        self.refer("received", "Waiter", None);
        self.refer("below the threshold", "Belowson", Some(TriageStatus::BelowThreshold));
        self.refer("returned", "Returner", Some(TriageStatus::ReturnedIncomplete));
        let id = self.refer("withdrawn", "Backson", None);
        let version = version(&self.world, id);
        referrals::withdraw(&self.world.by(POLICE), id, version, "Sent twice").unwrap();
    }

    /// A meeting that was held and signed, the next one with its agenda issued, one that is a draft, one
    /// that was called off.
    fn months(&mut self, all: &[MeetingId], cases: &[CaseId]) {
        let world = &self.world;
        build(world, all[0]);
        issue(world, all[0]);
        start(world, all[0]);
        everybody_present(world, all[0]);
        for step in room(world, all[0]).steps.iter().filter(|step| !step.person.is_empty()) {
            let form = as_it_stands(world, step.item);
            let decision = form.decision.or(Some(Decision::Retain));
            let discussion = "Each agency shared what it knows.".to_owned();
            let form = RecordForm { discussion, decision, ..form };
            live::record(&world.by(COORDINATOR), step.item, &form).unwrap();
        }
        end(world, all[0]);
        approve(world, all[0], "").unwrap();
        world.set("2026-04-20 09:00");
        build(world, all[1]);
        issue(world, all[1]);
        build(world, all[2]);
        let version = show(world, all[3]).version;
        meetings::cancel(&world.by(COORDINATOR), all[3], version, "The chair is ill").unwrap();
        let states = ["signed", "issued", "in draft", "called off"];
        for (state, meeting) in states.into_iter().zip(all) {
            self.add("meeting", state, meeting);
        }
        for (state, meeting) in [("heard", all[0]), ("issued", all[1]), ("in draft", all[2])] {
            let items = rows(&self.world, |az| panel_store::agenda::list(az, meeting));
            let about = |line: &&panel_store::agenda::Line| line.item.case == Some(cases[0]);
            let found = items.iter().find(about).unwrap_or(&items[0]);
            self.inside("item", state, found.item.id, meeting);
        }
        let attended = rows(&self.world, |az| panel_store::attendance::list(az, all[0]));
        self.inside("line", "of the roll", attended[0].0.id, all[0]);
    }

    fn act(&self, text: &str, case: CaseId, agency: AgencyId, who: Option<&str>) -> ActionId {
        acts::set(&self.world, text, case, agency, who, "2026-04-24")
    }

    fn actions(&mut self, cases: &[CaseId]) {
        let (town, reason) = (*self.world.town(), "He moved away".to_owned());
        let (case, by) = (cases[0], self.world.app.clock.now().unwrap());
        let set = |text: &str| self.act(text, case, town.police, Some(POLICE));
        let [open, done, stuck, longer, moved] =
            ["Visit", "Call", "Arrest", "Write", "Search"].map(set);
        let police = self.world.by(POLICE);
        let today = panel_core::time::local_date(by);
        let form = actions::CompleteForm { version: 1, on: today, outcome: "He was in".to_owned() };
        actions::complete(&police, done, &form).unwrap();
        let form = actions::ReasonForm { version: 1, reason: reason.clone() };
        actions::report_not_possible(&police, stuck, &form).unwrap();
        let due = day("2026-05-20");
        let form = ExtensionForm { version: 1, due, reason: reason.clone() };
        actions::ask_extension(&police, longer, &form).unwrap();
        let form = TransferForm { version: 1, to: town.probation, reason };
        actions::propose_transfer(&police, moved, &form).unwrap();
        let kept = self.act("Watch", cases[1], town.police, Some(POLICE));
        let named = self.act("Follow", cases[3], town.probation, Some(PROBATION));
        let of_idva = self.act("Support", case, town.idva, Some(IDVA));
        for (state, id, of) in [
            ("open", open, case),
            ("done", done, case),
            ("not possible", stuck, case),
            ("asked for longer", longer, case),
            ("offered to probation", moved, case),
            ("kept from a person", kept, cases[1]),
            ("for the named", named, cases[3]),
            ("of an agency that joined", of_idva, case),
        ] {
            self.of_case("action", state, id, Some(of));
        }
        let alone = acts::form(&self.world, "Write to all", None, town.housing);
        let alone = actions::set(&self.world.by(COORDINATOR), &alone).unwrap().saved.action;
        self.add("action", "without a case", alone);
    }

    fn requests(&mut self, meeting: MeetingId) {
        let board = information::board(&self.world.by(COORDINATOR), meeting).unwrap();
        for case in &board.cases {
            let id = case.case;
            for cell in &case.cells {
                let known = self.things.iter().find(|it| it.kind == "case" && it.case == Some(id));
                let Some(state) = known.map(|known| known.state) else { continue };
                let town = self.world.town();
                let kind = if cell.agency == town.police { "request" } else { "answered" };
                self.of_case(kind, state, cell.request, Some(id));
            }
        }
        let asked = information::mine(&self.world.by(POLICE)).unwrap();
        let one = asked.iter().find(|one| one.meeting == meeting).unwrap();
        let view = information::show(&self.world.by(POLICE), one.id).unwrap();
        let form = ReplyForm {
            facts: "Two calls".to_owned(),
            marking: Some(Code::Origin.into()),
            ..ReplyForm::empty(view.answers)
        };
        information::release(&self.world.by(POLICE), one.id, &form).unwrap();
        self.things.retain(|thing| thing.kind != "answered");
        let replies = information::show(&self.world.by(POLICE), one.id).unwrap().replies;
        let (reply, case) = (replies[0].id, view.case.id);
        self.of_case("reply", "of its agency alone", reply, Some(case));
        self.lowered("of a reply", Record::Reply(reply));
    }

    /// A proposal of the police to let everybody read a record.
    fn lowered(&mut self, state: &'static str, record: Record) {
        let police = self.world.by(POLICE);
        let seen = handling::show(&police, record).unwrap().seen;
        let reason = "It is over.".to_owned();
        let form = MarkForm { marking: Marking::default(), seen, reason };
        handling::mark(&police, record, &form).unwrap();
        let change = handling::show(&police, record).unwrap().changes[0].id;
        self.inside("change", state, change, record.uuid());
    }

    /// Sealed notes: for the police, on a case that is kept from one of them, and for those named.
    fn notes(&mut self, cases: &[CaseId]) {
        let town = *self.world.town();
        let named = Marking { agencies: [town.probation].into(), ..Code::Named.into() };
        let all = [
            ("for the police", POLICE, cases[0], NoteKind::Intelligence, None),
            ("kept from a person", POLICE, cases[1], NoteKind::Intelligence, None),
            ("for the named", HOUSING, cases[0], NoteKind::Other, Some(named)),
        ];
        for (state, by, case, kind, marking) in all {
            let (kind, text) = (Some(kind), "Seen at the bakery".to_owned());
            let source = "A neighbour".to_owned();
            let form = NoteForm { kind, text, source, marking, ..NoteForm::default() };
            let id = notes::add(&self.world.by(by), case, &form).unwrap();
            self.of_case("note", state, id, Some(case));
            if state == "for the police" {
                self.lowered("of a note", Record::Note(id));
            }
        }
    }

    /// What administrators and coordinators look after.
    fn administration(&mut self, meetings: &[MeetingId]) {
        let town = *self.world.town();
        self.add("panel", "own", town.panel);
        self.add("panel", "other", town.elsewhere);
        self.add("agency", "own", town.police);
        self.add("user", "at the panel", self.world.by(POLICE).user());
        self.add("user", "elsewhere", self.world.by(ELSEWHERE).user());
        let user = self.world.by(POLICE_LEAD).user();
        let seats = users::show(&self.world.operator(), user).unwrap().seats;
        self.inside("seat", "live", seats[0].0.id, user);
        let panel = town.panel;
        let by = self.world.by(COORDINATOR);
        let import = imports::upload(&by, panel, "tracker.xlsx", TRACKER).unwrap();
        self.add("import", "read", import);
        let told = panel_app::notices::of_person(
            &self.world.by(POLICE),
            self.world.by(POLICE).user(),
            None,
        );
        self.add("notice", "of a representative", told.unwrap().rows[0].id);
        assert!(meetings.len() > 3 && self.world.by(OBSERVER).actor().seats.len() == 1);
        assert_eq!(self.world.by(OUTSIDER).actor().seats[0].panel, town.elsewhere);
    }

    /// Things of a kind, in every state.
    pub(super) fn of(&self, kind: &str) -> impl Iterator<Item = &Thing> {
        self.things.iter().filter(move |thing| thing.kind == kind)
    }
}
