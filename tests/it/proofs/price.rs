//! What it costs that a reading is written down: the whole transaction that a row of the log needs, beside which
//! a reading without one would still begin and end one of its own.

use crate::casework::{Accepted, accept};
use crate::series::rows;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::Id;
use panel_tests::assure::figure;
use panel_tests::world::World;
use std::time::{Duration, Instant};

const READINGS: usize = 2_000;
/// The most that nineteen of twenty may take.
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

#[test]
#[ignore = "measures time, so that it is run alone: `cargo xtask assure logging`"]
fn a_reading_is_written_down_at_little_cost() {
    a_row_costs_little("SQLite", &World::sqlite());
    if let Some(world) = World::postgres() {
        a_row_costs_little("PostgreSQL", &world);
    }
}
