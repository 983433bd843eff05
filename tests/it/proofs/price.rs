//! What it costs that a reading is weighed, and that it is written down: the whole transaction that a row of the log needs, beside which
//! a reading without one would still begin and end one of its own.

use crate::casework::{Accepted, accept};
use crate::series::rows;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, Id};
use panel_store::{Authz, Caller, StoreError, Who, cases};
use panel_tests::assure::figure;
use panel_tests::world::{POLICE, World};
use std::time::{Duration, Instant};

const READINGS: usize = 2_000;
/// The most that nineteen of twenty may take to be written down, and the most that weighing may add.
const MOST: Duration = Duration::from_millis(3);

fn a_row_costs_little(database: &str, world: &World) {
    let case = accept(world, &Accepted::default());
    let mut took: Vec<Duration> = (0..READINGS)
        .map(|_| {
            let began = Instant::now();
            rows(world, |az| {
                let (kind, subject) = (AuditKind::Consultation, SubjectKind::Case);
                az.did(Deed::new(kind, "case.show", subject, Some(case.uuid())));
                Ok(())
            });
            began.elapsed()
        })
        .collect();
    took.sort();
    let p95 = took[READINGS * 95 / 100];
    let millis = p95.as_secs_f64() * 1_000.0;
    figure(&format!("p95 on {database}"), format!("{millis:.2} ms over {READINGS} readings"));
    assert!(p95 <= MOST, "{millis:.2} ms");
}

/// How long a transaction of the police's representative takes that leaves one row in the log.
fn reads(world: &World, work: impl FnOnce(&mut Authz<'_>) -> Result<(), StoreError>) -> Duration {
    let by = world.by(POLICE);
    let caller = Caller {
        who: Who::Person(by.actor().clone()),
        now: by.now,
        today: by.today,
        request: by.request,
        ids: &*world.app.ids,
    };
    let began = Instant::now();
    world.app.store.read(&caller, work).unwrap();
    began.elapsed()
}

/// A reading that is weighed, by somebody who opened forty cases, beside one that only notes as much.
fn weighing_costs_little(database: &str, world: &World) {
    let surname = |n: usize| format!("Person{n}");
    let all: Vec<CaseId> = (0..40)
        .map(|n| accept(world, &Accepted { surname: &surname(n), ..Accepted::default() }))
        .collect();
    let weighed = |case| reads(world, |az| cases::find(az, case).map(|_| ()));
    let noted = |case: CaseId| {
        reads(world, |az| {
            let (kind, subject) = (AuditKind::Consultation, SubjectKind::Case);
            az.did(Deed::new(kind, "case.show", subject, Some(case.uuid())));
            cases::panel_of(az, case).map(|_| ())
        })
    };
    for case in &all {
        weighed(*case);
    }
    let mut took: Vec<(Duration, Duration)> = (0..READINGS)
        .map(|n| all[n % all.len()])
        .map(|case| (weighed(case), noted(case)))
        .collect();
    let mut p95 = |of: fn(&(Duration, Duration)) -> Duration| {
        took.sort_by_key(of);
        of(&took[READINGS * 95 / 100])
    };
    let (weighed, noted) = (p95(|both| both.0), p95(|both| both.1));
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let more = millis(weighed) - millis(noted);
    figure(
        &format!("p95 of a reading that is weighed, on {database}"),
        format!("{:.2} ms, {more:.2} ms more than one that is noted alone", millis(weighed)),
    );
    assert!(more <= millis(MOST), "{more:.2} ms");
}

#[test]
#[ignore = "measures time, so that it is run alone: `cargo xtask assure logging`"]
fn a_reading_is_weighed_at_little_cost() {
    weighing_costs_little("SQLite", &World::sqlite());
    if let Some(world) = World::postgres() {
        weighing_costs_little("PostgreSQL", &world);
    }
}

#[test]
#[ignore = "measures time, so that it is run alone: `cargo xtask assure logging`"]
fn a_reading_is_written_down_at_little_cost() {
    a_row_costs_little("SQLite", &World::sqlite());
    if let Some(world) = World::postgres() {
        a_row_costs_little("PostgreSQL", &world);
    }
}
