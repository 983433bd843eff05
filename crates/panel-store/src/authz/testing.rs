//! Ids by number, callers of one morning, and the panels, people and cases that they ask for.

use super::{Caller, Who};
use crate::conn::each_backend;
use crate::store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use panel_core::access::{Actor, Role, Seat};
use panel_core::coded::Coded;
use panel_core::id::{Id, IdSource};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Counts, so that each audit row has an id of its own.
#[derive(Debug)]
struct Counted(AtomicU64);
impl IdSource for Counted {
    fn uuid(&self, _: DateTime<Utc>) -> Uuid {
        Uuid::from_u128(self.0.fetch_add(1, Ordering::Relaxed).into())
    }
    fn fill(&self, _: &mut [u8]) {}
}

static IDS: Counted = Counted(AtomicU64::new(1));

pub(crate) fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

/// Somebody who asks at eight on 1 April 2026.
pub(crate) fn caller(who: Who) -> Caller<'static> {
    let now = "2026-04-01T08:00:00Z".parse().unwrap();
    Caller { who, now, today: "2026-04-01".parse().unwrap(), request: id(1), ids: &IDS }
}

/// A seat that is held always.
pub(crate) fn seat(role: Role, panel: u128, agency: u128) -> Seat {
    Seat { panel: id(panel), agency: id(agency), role, from: NaiveDate::MIN, until: None }
}

pub(crate) const PANELS: u128 = 3;
pub(crate) const AGENCIES: u128 = 4;
pub(crate) const USERS: u128 = 6;
pub(crate) const CASES: u128 = 24;

pub(crate) fn panel_of(case: u128) -> u128 {
    case % PANELS + 1
}

/// Runs statements as whoever owns the database.
pub(crate) fn run(owner: &Store, sql: &str) {
    owner.peek(|conn| Ok(each_backend!(conn, |c| c.batch_execute(sql))?)).unwrap();
}

/// Gives the person her seats and her employer, which is what the database itself goes by.
pub(crate) fn seated(actor: &Actor) -> String {
    let (user, employer) = (actor.user.uuid(), actor.agency.uuid());
    let mut sql = format!(
        "UPDATE users SET agency_id = '{employer}' WHERE id = '{user}';
         DELETE FROM seats WHERE user_id = '{user}';"
    );
    for (place, seat) in (1_u128..).zip(&actor.seats) {
        let id = Uuid::from_u128(actor.user.uuid().as_u128() * 100 + place);
        let (panel, agency, role) = (seat.panel.uuid(), seat.agency.uuid(), seat.role.code());
        let values = format!("'{id}', '{panel}', '{user}', '{agency}', '{role}', '2026-01-01'");
        write!(sql, "INSERT INTO seats VALUES ({values}, NULL, NULL);").unwrap();
    }
    sql
}

/// Agencies, people and cases that the worlds are about.
pub(crate) fn ground() -> String {
    let mut sql = String::new();
    for n in 1..=AGENCIES {
        let id = Uuid::from_u128(n);
        write!(
            sql,
            "INSERT INTO agencies VALUES ('{id}', 'A{n}', 'a{n}', 'other', '', '', NULL, 1);"
        )
        .unwrap();
    }
    for n in 1..=PANELS {
        let id = Uuid::from_u128(n);
        write!(sql, "INSERT INTO panels VALUES ('{id}', 'P{n}', '', '{{}}', 1);").unwrap();
    }
    for n in 1..=USERS {
        let (id, agency) = (Uuid::from_u128(n), Uuid::from_u128(1));
        write!(
            sql,
            "INSERT INTO users (id, name, email, email_folded, agency_id, administrator, failures,
                version) VALUES ('{id}', 'U{n}', 'u{n}', 'u{n}', '{agency}', FALSE, 0, 1);"
        )
        .unwrap();
    }
    for n in 1..=CASES {
        let (id, panel) = (Uuid::from_u128(n), Uuid::from_u128(panel_of(n)));
        write!(
            sql,
            "INSERT INTO people (id, surname, forename, aliases, unborn, address, postcode, root_id,
                created_at, version) VALUES ('{id}', 'S', 'F', '', FALSE, '', '', '{id}',
                '2026-01-01T00:00:00.000000Z', 1);
             INSERT INTO cases (id, reference, panel_id, person_id, state, opened_on, close_note,
                trigger_note, closure_proposed, history, content_version, imported, version)
                VALUES ('{id}', 'R{n}', '{panel}', '{id}', 'open', '2026-01-01', '', '', '', '', 1,
                FALSE, 1);"
        )
        .unwrap();
    }
    sql
}
