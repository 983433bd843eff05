//! Cases with their people and referrals, as the database holds them once the chair has accepted.

use crate::series::rows;
use chrono::{DateTime, NaiveDate, Utc};
use panel_app::cases::ReviewForm;
use panel_core::id::{CaseId, Id, IncidentId, PersonId, ReferralId, mint};
use panel_core::referral::{
    Decision, LateDecision, LateLane, NamedAs, ReferralForm, Triage, TriageCapacity, TriageOutcome,
    TriageState,
};
use panel_core::text::Note;
use panel_store::cases::{self, NewCase};
use panel_store::people::{self, Person};
use panel_store::referrals::{self, IncidentRow, Mention, NewReferral};
use panel_tests::world::{CHAIR, COORDINATOR, World, day, london};

/// A referral that the chair accepted, with a case of its own unless one is given.
pub(crate) struct Accepted<'a> {
    pub(crate) surname: &'a str,
    /// London wall time at which it was received; accepted at once.
    pub(crate) received: &'a str,
    pub(crate) source: &'a str,
    /// Dates of birth of its children; `unborn` for one to come.
    pub(crate) children: &'a [&'a str],
    pub(crate) urgent: bool,
    pub(crate) late: Option<LateLane>,
    /// An incident on this day with the victim of the case.
    pub(crate) incident: Option<&'a str>,
}

impl Default for Accepted<'_> {
    fn default() -> Self {
        Self {
            surname: "Stone",
            received: "2026-03-20 09:00",
            source: "partner",
            children: &[],
            urgent: false,
            late: None,
            incident: None,
        }
    }
}

fn id<T: Id>(world: &World) -> T {
    mint(&*world.app.ids, world.app.clock.now().unwrap())
}

fn person(world: &World, surname: &str, born: Option<&str>) -> Person {
    let id: PersonId = id(world);
    let unborn = born == Some("unborn");
    Person {
        id,
        surname: surname.to_owned(),
        forename: "Jo".to_owned(),
        aliases: vec!["Jojo".to_owned()],
        born_on: born.filter(|_| !unborn).map(day),
        unborn,
        gender: None,
        ethnicity: None,
        address: "1 High Street".to_owned(),
        postcode: "PE1 1AA".to_owned(),
        root: id,
        version: 1,
    }
}

/// Opens a case for an accepted referral of police.
#[track_caller]
pub(crate) fn accept(world: &World, new: &Accepted<'_>) -> CaseId {
    let perpetrator = person(world, new.surname, Some("1990-05-01"));
    let victim = person(world, &format!("{}-Victim", new.surname), Some("1992-06-02"));
    rows(world, |az| {
        people::insert(az, &perpetrator)?;
        people::insert(az, &victim)
    });
    let case: CaseId = id(world);
    let opened_on = london(new.received).date_naive();
    let opened = NewCase {
        id: case,
        reference: format!("C-{}", new.surname.to_uppercase()),
        panel: world.town().panel,
        person: perpetrator.id,
        opened_on,
        imported: false,
    };
    rows(world, |az| cases::insert(az, &opened));
    refer(world, new, case, perpetrator.id, victim.id);
    let police = world.town().police;
    rows(world, |az| cases::join(az, case, &[police]));
    case
}

/// Adds an accepted referral to a case.
#[track_caller]
pub(crate) fn refer(
    world: &World,
    new: &Accepted<'_>,
    case: CaseId,
    perpetrator: PersonId,
    victim: PersonId,
) -> ReferralId {
    let referral: ReferralId = id(world);
    let received = london(new.received);
    let town = world.town();
    let form: ReferralForm = serde_json::from_value(serde_json::json!({
        "panel": town.panel,
        "received_at": received,
        "source": new.source,
        "referring_agency": town.police,
        "perpetrator": {},
        "grounds": {"criteria": ["professional_judgement"], "text": "Threats to kill"},
        "context": {"other_panel_note": "Northshire, heard in January"},
    }))
    .unwrap();
    let mut mentions = vec![mention(victim, NamedAs::Victim, 1)];
    for (born, n) in new.children.iter().zip(1..) {
        let child = person(world, "Little", Some(born));
        rows(world, |az| people::insert(az, &child));
        mentions.push(mention(child.id, NamedAs::Child, n));
    }
    let incident = new.incident.map(|on| IncidentRow {
        id: id::<IncidentId>(world),
        victim: Some(victim),
        happened_on: Some(day(on)),
        identified_on: day(on),
        crime: true,
    });
    let row = NewReferral {
        reference: format!("R-{}", referral.to_string().split_at(20).1),
        form: &form.part().0,
        perpetrator,
        triage: decided(world, referral, received, new.urgent),
        case: Some(case),
        entered_by: world.by(COORDINATOR).user(),
        imported: false,
        mentions,
        incidents: incident.into_iter().collect(),
    };
    assert!(rows(world, |az| referrals::insert(az, &row)));
    if let Some(lane) = new.late {
        set_lane(world, referral, lane);
    }
    referral
}

fn mention(person: PersonId, named_as: NamedAs, position: i32) -> Mention {
    Mention { person, named_as, position, relationship: None }
}

fn decided(world: &World, referral: ReferralId, at: DateTime<Utc>, urgent: bool) -> Triage {
    let reason = Note::parse("Immediate risk").unwrap();
    let outcome = if urgent { TriageOutcome::Urgent { reason } } else { TriageOutcome::Accepted };
    let by = world.by(CHAIR).user();
    let decision = Decision { outcome, by, capacity: TriageCapacity::Chair, at };
    Triage { state: TriageState::Decided(decision), ..Triage::received(referral, at) }
}

/// The chair's word on a late referral.
#[track_caller]
pub(crate) fn set_lane(world: &World, referral: ReferralId, lane: LateLane) {
    let reason = Note::parse("New threats since").ok();
    let decision = LateDecision {
        lane,
        reason,
        by: world.by(CHAIR).user(),
        at: world.app.clock.now().unwrap(),
    };
    rows(world, |az| {
        let found = referrals::find(az, referral)?.unwrap();
        referrals::set_late(az, &found, &decision, None)
    });
}

/// The records of a case: the perpetrator and the first victim.
#[track_caller]
pub(crate) fn people_of(world: &World, case: CaseId) -> (PersonId, PersonId) {
    let found = rows(world, |az| panel_store::agenda::subjects(az, &[case], false)).remove(0);
    let victim = found.mentioned.iter().find(|(as_, _)| *as_ == NamedAs::Victim).unwrap();
    (found.person.id, victim.1.id)
}

/// Agrees on the next review and notes what brings the case back.
#[track_caller]
pub(crate) fn review(world: &World, case: CaseId, on: Option<NaiveDate>, event: &str) {
    let version = panel_app::cases::show(&world.by(COORDINATOR), case).unwrap().row.version;
    let trigger_note = event.to_owned();
    let form = ReviewForm { next_review_on: on, trigger_note, ..ReviewForm::default() };
    panel_app::cases::review(&world.by(COORDINATOR), case, version, &form).unwrap();
}

/// Notes that what agencies were asked about has changed.
#[track_caller]
pub(crate) fn change_content(world: &World, case: CaseId) {
    let (perpetrator, _) = people_of(world, case);
    rows(world, |az| {
        let found = people::find(az, perpetrator)?.unwrap();
        people::update(az, &Person { address: "2 Low Road".to_owned(), ..found })?;
        cases::raise_content(az, case)
    });
}
