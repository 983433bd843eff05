//! The sealed log on both databases: what several sealers make of it, and what is found when somebody
//! who owns the database takes the triggers away and changes it.

mod sweeping;
mod together;
mod who_looked;

use super::checkpoints;
use super::seals::Look;
use super::{chain, seals};
use crate::authz::testing::id;
use crate::authz::{Caller, Who};
use crate::conn::Conn;
use crate::conn::testing::{on_both, on_postgres};
use crate::error::StoreError;
use crate::store::Store;
use chrono::{DateTime, Duration, Utc};
use diesel::connection::SimpleConnection;
use panel_core::audit::checkpoint::{SecretKey, Statement};
use panel_core::audit::seal::{Hash, Reach};
use panel_core::audit::verify::{Finding, Tampering, Verifier, behind};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{CaseId, IdSource};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Ids of version 7 in all that matters: the milliseconds, then a count.
#[derive(Debug)]
struct Timed(AtomicU64);
impl IdSource for Timed {
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u128::try_from(now.timestamp_millis()).unwrap();
        Uuid::from_u128((millis << 80) | u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
    fn fill(&self, _: &mut [u8]) {}
}
static IDS: Timed = Timed(AtomicU64::new(1));

fn caller(now: DateTime<Utc>) -> Caller<'static> {
    by(Who::Nobody, now)
}

fn by(who: Who, now: DateTime<Utc>) -> Caller<'static> {
    Caller { who, now, today: now.date_naive(), request: id(1), ids: &IDS }
}

fn at(minutes: i64) -> DateTime<Utc> {
    "2026-04-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
}

fn deed() -> Deed {
    Deed::new(AuditKind::Alteration, "case.correct", SubjectKind::Case, Some(Uuid::from_u128(7)))
}

/// One row of the log, written at `now`.
fn add(store: &Store, now: DateTime<Utc>) {
    store
        .write(&caller(now), |az| {
            az.did(deed());
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

fn seal(store: &Store, now: DateTime<Utc>, reach: Reach) -> usize {
    store.write(&caller(now), |az| seals::seal(az, Look::at(now, reach))).unwrap().rows
}

/// A log of ten rows, a minute apart, sealed.
fn ten(store: &Store) {
    for minute in 0..10 {
        add(store, at(minute));
    }
    assert_eq!(seal(store, at(10), Reach::Near), 10);
}

/// Reads the log as `panel audit verify` does, three rows at a time.
fn judge(store: &Store, kept: &[Statement]) -> Result<i64, Finding> {
    let head = seals::head(store).unwrap().unwrap();
    let mut verifier = Verifier::new(head.log, 1);
    for says in kept {
        verifier.promise(says.log, says.size, says.head)?;
    }
    loop {
        let page = chain::page(store, verifier.next() - 1, 3).unwrap();
        if page.is_empty() {
            break;
        }
        for (seal, event) in page {
            verifier.row(&seal, event.as_ref())?;
        }
    }
    let size = verifier.end(Some(head.end))?;
    if chain::has_unsealed(store, behind(verifier.reached().unwrap())).unwrap() {
        return Err(Finding { seq: size, class: Tampering::Inserted });
    }
    Ok(size)
}

fn kept(store: &Store) -> Statement {
    let head = seals::head(store).unwrap().unwrap();
    Statement { log: head.log, size: head.end.size, at: at(10), head: head.end.head }
}

/// Takes the triggers away, as whoever owns the database can.
fn unlock(conn: &mut Conn) {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_delete;
             DROP TRIGGER audit_seals_no_update; DROP TRIGGER audit_seals_no_delete;"
        }
        Conn::Pg(_) => {
            "ALTER TABLE audit_events DISABLE TRIGGER ALL;
             ALTER TABLE audit_seals DISABLE TRIGGER ALL;"
        }
    };
    conn.batch_execute(sql).unwrap();
}

#[test]
fn rows_are_sealed_once_in_one_chain_and_found_whole() {
    on_both("seals_once", |store, _| {
        ten(store);
        assert_eq!(seal(store, at(10), Reach::Far), 0);
        assert!(!seals::is_behind(store, Look::at(at(10), Reach::Far)).unwrap());
        add(store, at(11));
        assert!(seals::is_behind(store, Look::at(at(11), Reach::Near)).unwrap());
        assert_eq!(seal(store, at(11), Reach::Near), 1);
        assert_eq!(judge(store, &[kept(store)]), Ok(11));
        let sweeps = |minute| store.write(&caller(at(minute)), seals::sweep).unwrap();
        assert_eq!((sweeps(12), sweeps(13)), (0, 0), "nothing was left out");
    });
}

#[test]
fn cases_that_a_list_showed_are_written_down_when_it_is_sealed() {
    use crate::schema::audit_shown;
    use diesel::prelude::*;
    on_both("seals_shown", |store, conn| {
        let cases: Vec<CaseId> = (1..=3).map(id).collect();
        let told = [(deed(), cases.clone())];
        store
            .write(&caller(at(0)), |az| {
                let caller = caller(at(0));
                super::append(az.conn(), &caller, &told)
            })
            .unwrap();
        assert_eq!(seal(store, at(0), Reach::Near), 1);
        let found: Vec<CaseId> = audit_shown::table
            .order(audit_shown::case_id)
            .select(audit_shown::case_id)
            .load(conn)
            .unwrap();
        assert_eq!(found, cases);
    });
}

#[test]
fn a_row_that_is_committed_late_is_sealed_although_its_id_is_older() {
    on_postgres("seals_late", |address| {
        let store = Store::open(address.clone(), 8).unwrap();
        store.migrate().unwrap();
        // An open transaction that has written its row, and others that commit before it does.
        let write = |minute: i64| {
            let caller = caller(at(minute));
            let begun = store.begin(&caller).unwrap();
            let mut begun = begun;
            begun
                .run(&caller, |az| super::append(az.conn(), &caller, &[(deed(), Vec::new())]))
                .unwrap();
            (begun, caller)
        };
        let (soon, later, never) = (write(0), write(0), write(0));
        add(&store, at(0));
        assert_eq!(seal(&store, at(0), Reach::Near), 1);
        soon.0.commit(&soon.1).unwrap();
        assert!(seals::is_behind(&store, Look::at(at(0), Reach::Near)).unwrap());
        assert_eq!(seal(&store, at(0), Reach::Near), 1, "seconds late: the next look finds it");
        add(&store, at(10));
        assert_eq!(seal(&store, at(10), Reach::Near), 1);
        later.0.commit(&later.1).unwrap();
        assert_eq!(seal(&store, at(10), Reach::Near), 0);
        assert_eq!(seal(&store, at(10), Reach::Far), 1, "minutes late: the far look finds it");
        assert_eq!(judge(&store, &[]), Ok(4), "what is late by minutes is no tampering");
        // What comes hours late, as no honest request does, is sealed by the slow look and told.
        add(&store, at(300));
        assert_eq!(seal(&store, at(300), Reach::Near), 1);
        never.0.commit(&never.1).unwrap();
        assert_eq!(seal(&store, at(300), Reach::Far), 0);
        let put_in = Tampering::Inserted;
        assert_eq!(judge(&store, &[]), Err(Finding { seq: 5, class: put_in }));
        assert_eq!(store.write(&caller(at(301)), seals::sweep).unwrap(), 1);
        assert_eq!(judge(&store, &[]), Err(Finding { seq: 6, class: put_in }));
    });
}

#[test]
fn what_waits_too_long_on_postgresql_may_be_tried_again_and_is_no_fault() {
    on_postgres("waits", |address| {
        let store = Store::open(address.clone(), 2).unwrap();
        store.migrate().unwrap();
        let mut other = address.connect().unwrap();
        other.batch_execute("BEGIN; LOCK TABLE audit_head").unwrap();
        for (limit, then) in [
            ("SET LOCAL lock_timeout = '50ms'", "SELECT * FROM audit_head"),
            ("SET LOCAL statement_timeout = '50ms'", "SELECT pg_sleep(5)"),
        ] {
            let ended = store.write(&caller(at(1)), |az| -> Result<(), StoreError> {
                az.conn().batch_execute(limit)?;
                Ok(az.conn().batch_execute(then)?)
            });
            assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{then}: {ended:?}");
        }
        other.batch_execute("ROLLBACK").unwrap();
    });
}

#[test]
fn seals_shown_cases_and_checkpoints_cannot_be_changed_by_plain_sql() {
    on_both("seals_refuse", |store, conn| {
        ten(store);
        sign(store, at(10));
        for sql in [
            "UPDATE audit_seals SET sealed_at = sealed_at",
            "DELETE FROM audit_seals",
            "UPDATE audit_checkpoints SET public_key = ''",
            "DELETE FROM audit_checkpoints",
            "DELETE FROM audit_head",
        ] {
            let refused = conn.batch_execute(sql).unwrap_err().to_string();
            assert!(refused.contains("the audit log is append-only"), "{sql}: {refused}");
        }
        assert_eq!(judge(store, &[]), Ok(10));
    });
}

/// Makes a checkpoint by a key, if one is due.
fn sign(store: &Store, now: DateTime<Utc>) -> Option<checkpoints::Made> {
    let key = SecretKey::from_seed([1; 32]).unwrap();
    let public = key.public().to_string();
    let make = |says| key.sign(says);
    store.write(&caller(now), |az| checkpoints::make(az, &public, make)).unwrap()
}

#[test]
fn checkpoints_are_made_when_they_are_due_and_read_as_they_were_signed() {
    on_both("checkpoints", |store, _| {
        assert!(!checkpoints::is_wanted(store, at(0)).unwrap());
        ten(store);
        assert!(checkpoints::is_wanted(store, at(10)).unwrap());
        let first = sign(store, at(10)).unwrap();
        assert!(first.by_new_key);
        assert_eq!(first.checkpoint.says, kept(store));
        assert!(sign(store, at(20)).is_none(), "nothing was added");
        let newest = || store.read(&caller(at(30)), checkpoints::newest).unwrap();
        assert_eq!(newest(), Some(first.checkpoint));
        add(store, at(20));
        seal(store, at(20), Reach::Near);
        let second = sign(store, at(20)).unwrap();
        assert_eq!(newest(), Some(second.checkpoint));
        assert!(!second.by_new_key);
        let kept = [first.checkpoint, second.checkpoint];
        assert_eq!(checkpoints::page(store, 0, 10).unwrap(), kept);
        assert_eq!(checkpoints::page(store, 10, 10).unwrap(), kept[1..]);
        let key = SecretKey::from_seed([1; 32]).unwrap().public();
        assert!(kept.iter().all(|one| key.signed(one)));
    });
}

/// What is found when `sql` is run over ten sealed rows, held to a checkpoint from before.
#[track_caller]
fn found(store: &Store, conn: &mut Conn, sql: &str) -> Tampering {
    let before = kept(store);
    conn.batch_execute(sql).unwrap();
    judge(store, &[before]).unwrap_err().class
}

#[test]
fn every_column_that_is_edited_is_found() {
    let row = "WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 4)";
    let other = "'01890000-0000-7000-8000-000000000000'";
    let columns = ["actor_id", "agency_id", "panel_id", "case_id", "subject_id", "request_id"];
    let mut edits: Vec<String> = columns.map(|column| format!("{column} = {other}")).into();
    for column in ["kind", "deed", "subject_kind", "cases", "detail"] {
        edits.push(format!("{column} = {column} || 'x'"));
    }
    edits.push("on_behalf = NOT on_behalf".to_owned());
    edits.push("at = '2026-04-01T08:03:00.000001Z'".to_owned());
    on_both("edited", |store, conn| {
        ten(store);
        unlock(conn);
        let keep = format!("CREATE TABLE was AS SELECT * FROM audit_events {row};");
        conn.batch_execute(&keep).unwrap();
        for edit in &edits {
            let sql = format!("UPDATE audit_events SET {edit} {row}");
            assert_eq!(found(store, conn, &sql), Tampering::Edited, "{edit}");
            let back = format!(
                "DELETE FROM audit_events {row}; INSERT INTO audit_events SELECT * FROM was;"
            );
            conn.batch_execute(&back).unwrap();
            assert_eq!(judge(store, &[]), Ok(10), "{edit}, taken back");
        }
        let sql = format!("UPDATE audit_events SET id = {other} {row}");
        assert_eq!(found(store, conn, &sql), Tampering::Deleted);
    });
}

#[test]
fn what_is_deleted_put_in_or_changed_about_is_found() {
    let event = |seq| format!("(SELECT event_id FROM audit_seals WHERE seq = {seq})");
    let deleted = format!("DELETE FROM audit_events WHERE id = {}", event(3));
    let both = format!("{deleted}; DELETE FROM audit_seals WHERE seq = 3");
    let range = "DELETE FROM audit_seals WHERE seq BETWEEN 3 AND 6".to_owned();
    let closed_up = "DELETE FROM audit_seals WHERE seq = 3;
        UPDATE audit_seals SET seq = 3 WHERE seq = 4"
        .to_owned();
    let put_in = "INSERT INTO audit_events SELECT '01890000-0000-7000-8000-000000000000', at, kind,
        deed, actor_id, agency_id, on_behalf, panel_id, case_id, subject_kind, subject_id, cases,
        detail, request_id FROM audit_events WHERE id = (SELECT max(id::text)::uuid FROM audit_events)";
    let swapped = "UPDATE audit_seals SET seq = 99 WHERE seq = 3;
        UPDATE audit_seals SET seq = 3 WHERE seq = 7; UPDATE audit_seals SET seq = 7 WHERE seq = 99";
    let tail = "DELETE FROM audit_seals WHERE seq > 7".to_owned();
    let attacks = [
        (deleted, Tampering::Deleted),
        (both, Tampering::Deleted),
        (range, Tampering::Deleted),
        (closed_up, Tampering::Edited),
        (put_in.to_owned(), Tampering::Inserted),
        (swapped.to_owned(), Tampering::Edited),
        (tail, Tampering::Truncated),
    ];
    let back = "DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM events_then;
        DELETE FROM audit_seals; INSERT INTO audit_seals SELECT * FROM seals_then";
    on_both("attacked", |store, conn| {
        ten(store);
        unlock(conn);
        let keep = "CREATE TABLE events_then AS SELECT * FROM audit_events;
            CREATE TABLE seals_then AS SELECT * FROM audit_seals";
        conn.batch_execute(keep).unwrap();
        for (sql, class) in &attacks {
            let sql = match conn {
                Conn::Sqlite(_) => sql.replace("max(id::text)::uuid", "max(id)"),
                Conn::Pg(_) => sql.clone(),
            };
            assert_eq!(found(store, conn, &sql), *class, "{sql}");
            conn.batch_execute(back).unwrap();
            assert_eq!(judge(store, &[]), Ok(10), "{sql}, taken back");
        }
    });
}

/// Everything is written anew by the program's own sealer, over rows that were changed before.
#[test]
fn a_log_that_is_sealed_anew_fits_itself_and_no_checkpoint() {
    on_both("rewritten", |store, conn| {
        ten(store);
        let before = kept(store);
        unlock(conn);
        let hex = |bytes: &[u8]| -> String {
            bytes
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(|half| char::from_digit(half.into(), 16).unwrap())
                .collect()
        };
        let genesis = hex(Hash::genesis(before.log).bytes());
        let genesis = match conn {
            Conn::Sqlite(_) => format!("x'{genesis}'"),
            Conn::Pg(_) => format!("'\\x{genesis}'"),
        };
        let nil = Uuid::nil();
        conn.batch_execute(&format!(
            "DELETE FROM audit_seals; UPDATE audit_events SET detail = 'x';
             UPDATE audit_head SET size = 0, hash = {genesis}, reached = '{nil}';"
        ))
        .unwrap();
        assert_eq!(seal(store, at(10), Reach::Near), 10);
        assert_eq!(judge(store, &[]), Ok(10));
        let rewritten = Finding { seq: 1, class: Tampering::Rewritten };
        assert_eq!(judge(store, &[before]), Err(rewritten));
    });
}
