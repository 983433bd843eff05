//! Proof that no page grows with the years: every list is read along an index and never sorted.
//!
//! SQLite is asked for its plans. PostgreSQL plans by what the tables hold, so there the rows that
//! were touched are counted, over a panel with far more actions than a page shows.

use super::{Filter, Order, page};
use crate::authz::testing::{self, id};
use crate::authz::{Authz, Caller, Who};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn};
use crate::error::StoreError;
use crate::store::Store;
use chrono::NaiveDate;
use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use panel_core::access::{Actor, Role, Seat};
use panel_core::action::{SortBy, StatusFilter};
use panel_core::id::{AgencyId, PanelId, UserId};
use std::sync::{Arc, Mutex};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Somebody with one seat at panel 1, for agency 1.
fn caller(role: Role) -> Caller<'static> {
    let (panel, agency): (PanelId, AgencyId) = (id(1), id(1));
    let seat = Seat { panel, agency, role, from: NaiveDate::MIN, until: None };
    let actor = Actor {
        user: id::<UserId>(1),
        agency,
        administrator: false,
        seats: vec![seat],
        opened_until: None,
    };
    testing::caller(Who::Person(actor))
}

struct Capture(Arc<Mutex<Vec<String>>>);
impl Instrumentation for Capture {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.lock().unwrap().push(query.to_string());
        }
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps of SQLite's plan for every statement that reads actions.
fn steps(role: Role, filter: &Filter, order: Order) -> Vec<String> {
    let store = Store::open(Address::Sqlite(":memory:".to_owned()), 1).unwrap();
    store.migrate().unwrap();
    let read = |az: &mut Authz<'_>| -> Result<Vec<String>, StoreError> {
        let Conn::Sqlite(sqlite) = az.conn() else { panic!("opened on SQLite") };
        let heard = Arc::new(Mutex::new(Vec::new()));
        sqlite.set_instrumentation(Capture(Arc::clone(&heard)));
        page(az, filter, order, None, 50)?;
        let asked: Vec<String> = heard.lock().unwrap().drain(..).collect();
        let Conn::Sqlite(sqlite) = az.conn() else { panic!("opened on SQLite") };
        let mut steps = Vec::new();
        for query in asked.iter().filter(|query| query.contains("`actions`")) {
            let statement = query.split(" -- binds").next().unwrap();
            let plan: Vec<Step> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(sqlite)?;
            steps.extend(plan.into_iter().map(|step| step.detail));
        }
        Ok(steps)
    };
    store.read(&caller(role), read).unwrap()
}

#[track_caller]
fn check(role: Role, filter: &Filter, by: SortBy, index: &str) {
    for descending in [false, true] {
        let steps = steps(role, filter, Order { by, descending });
        let bad = |step: &&String| step.contains("SCAN actions") || step.contains("TEMP B-TREE");
        assert_eq!(steps.iter().find(bad), None, "{role:?} {by:?} {filter:?}: {steps:#?}");
        let used = steps.iter().any(|step| step.contains(&format!("INDEX {index} (")));
        assert!(used, "{role:?} {by:?} {filter:?} by {index}: {steps:#?}");
    }
}

fn with(status: StatusFilter) -> Filter {
    Filter { status: Some(status), ..Filter::default() }
}

#[test]
fn the_whole_register_is_read_in_order_of_every_kind() {
    for role in [Role::Coordinator, Role::Representative] {
        for status in [None, Some(StatusFilter::Unfinished), Some(StatusFilter::Overdue)] {
            let filter = Filter { status, ..Filter::default() };
            check(role, &filter, SortBy::Due, "actions_by_panel");
            if status != Some(StatusFilter::Overdue) {
                check(role, &filter, SortBy::Set, "actions_by_set");
                check(role, &filter, SortBy::Case, "actions_by_panel_case");
            }
            check(role, &filter, SortBy::Status, "actions_by_state");
        }
    }
}

#[test]
fn one_state_one_agency_and_one_person_have_indexes_of_their_own() {
    for role in [Role::Coordinator, Role::Representative] {
        for status in StatusFilter::STATES {
            check(role, &with(status), SortBy::Due, "actions_by_state");
        }
        let agency = Filter { agency: Some(id(2)), ..with(StatusFilter::Unfinished) };
        check(role, &agency, SortBy::Due, "actions_by_agency");
        check(role, &agency, SortBy::Agency, "actions_by_agency");
        let person = Filter { person: Some(id(2)), ..with(StatusFilter::Unfinished) };
        check(role, &person, SortBy::Due, "actions_by_user");
    }
}

#[test]
fn a_case_and_a_range_of_due_dates_are_found_by_index() {
    for role in [Role::Coordinator, Role::Representative] {
        let case = Filter { case: Some(id(2)), ..Filter::default() };
        check(role, &case, SortBy::Due, "actions_by_case");
        let due = Filter {
            due_from: Some(day("2026-04-01")),
            due_to: Some(day("2026-04-30")),
            ..Filter::default()
        };
        check(role, &due, SortBy::Due, "actions_by_panel");
    }
}

/// Fifty thousand actions of one panel, a tenth of them unfinished, for ten agencies. Agency 2 takes
/// part in every fifth case.
const FILLED: &str = "
    INSERT INTO agencies SELECT lpad(to_hex(n), 32, '0')::uuid, 'Agency ' || n, 'agency ' || n,
        'other', '', '', NULL, 1 FROM generate_series(1, 10) n;
    INSERT INTO panels VALUES (lpad('1', 32, '0')::uuid, 'Panel', 'Area', '{}', 1);
    INSERT INTO users (id, name, email, email_folded, agency_id, administrator, failures, version)
        SELECT lpad(to_hex(n), 32, '0')::uuid, 'User ' || n, 'u' || n, 'u' || n,
        lpad(to_hex(n % 10 + 1), 32, '0')::uuid, false, 0, 1 FROM generate_series(1, 50) n;
    INSERT INTO seats SELECT lpad(to_hex(n), 32, '0')::uuid, lpad('1', 32, '0')::uuid,
        lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, role, '2020-01-01', NULL, NULL
        FROM (VALUES (1, 'coordinator'), (2, 'representative')) AS who (n, role);
    INSERT INTO people (id, surname, forename, aliases, unborn, address, postcode, root_id,
        created_at, version) SELECT lpad(to_hex(n), 32, '0')::uuid, 'Surname', 'Name', '',
        false, '', '', lpad(to_hex(n), 32, '0')::uuid, now(), 1 FROM generate_series(1, 2000) n;
    INSERT INTO cases (id, reference, panel_id, person_id, state, opened_on, close_note,
        trigger_note, closure_proposed, history, content_version, imported, version)
        SELECT lpad(to_hex(n), 32, '0')::uuid, 'R' || n, lpad('1', 32, '0')::uuid,
        lpad(to_hex(n), 32, '0')::uuid, 'open', '2020-01-01', '', '', '', '', 1, false, 1
        FROM generate_series(1, 2000) n;
    INSERT INTO case_agencies SELECT lpad(to_hex(n), 32, '0')::uuid, lpad('2', 32, '0')::uuid,
        '2020-01-01' FROM generate_series(1, 2000, 5) n;
    INSERT INTO actions (id, panel_id, case_id, text, owner_agency, owner_user, owner_name, set_on,
        first_due, due, due_word, due_instance, state, reported_on, outcome, reason, imported,
        created_at, version, finished, due_key, judged, search)
        SELECT lpad(to_hex(n), 32, '0')::uuid, lpad('1', 32, '0')::uuid,
        lpad(to_hex(n % 2000 + 1), 32, '0')::uuid, 'Check bail', lpad(to_hex(n % 10 + 1), 32, '0')::uuid,
        lpad(to_hex(n % 50 + 1), 32, '0')::uuid, '', d, d, d, '', 1,
        CASE WHEN f THEN 'completed' ELSE 'open' END, CASE WHEN f THEN d END,
        CASE WHEN f THEN 'Done' ELSE '' END, '', false, now(), 1, f, d, d, 'check bail'
        FROM (SELECT n, DATE '2015-01-01' + (n / 12), n % 10 <> 0 FROM generate_series(1, 50000) n)
        AS made (n, d, f);
    ANALYZE;";

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// The most rows of actions that a page may touch, of the 50,000 that are kept: a thousand and one to
/// count, and what it shows.
const MOST: i64 = 2_200;

/// Rows of actions that PostgreSQL touched so far. It keeps counting over the transactions of one
/// connection, because it publishes what it counted only now and then.
fn counted(az: &mut Authz<'_>) -> Result<i64, StoreError> {
    let Conn::Pg(pg) = az.conn() else { panic!("opened on PostgreSQL") };
    let asked = diesel::sql_query(
        "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables
         WHERE relname = 'actions'",
    );
    Ok(asked.get_result::<Touched>(pg)?.rows)
}

/// Rows of actions that PostgreSQL touched for one page.
fn touched(store: &Store, caller: &Caller<'_>, filter: &Filter, by: SortBy) -> i64 {
    let read = |az: &mut Authz<'_>| -> Result<i64, StoreError> {
        let before = counted(az)?;
        let order = Order { by, descending: true };
        let shown = page(az, filter, order, None, 50)?;
        assert_eq!(shown.lines.len(), 50, "{filter:?} {by:?}");
        Ok(counted(az)? - before)
    };
    store.read(caller, read).unwrap()
}

#[test]
fn postgres_touches_no_more_rows_than_it_counts_and_shows() {
    on_postgres("plans", |address| touches_few_rows(&Store::open(address.clone(), 1).unwrap()));
}

fn touches_few_rows(store: &Store) {
    store.migrate().unwrap();
    let fill = |conn: &mut Conn| {
        let Conn::Pg(pg) = conn else { panic!("opened on PostgreSQL") };
        Ok(pg.batch_execute(FILLED)?)
    };
    store.peek(fill).unwrap();

    // The count stops at a thousand and each page reads one line more than it shows. The planner may
    // sort what is unfinished first, or look a little further than it need; never through all.
    let coordinator = caller(Role::Coordinator);
    let unfinished = with(StatusFilter::Unfinished);
    let everything = Filter::default();
    for (filter, by) in [
        (&unfinished, SortBy::Due),
        (&unfinished, SortBy::Set),
        (&unfinished, SortBy::Case),
        (&unfinished, SortBy::Agency),
        (&unfinished, SortBy::Status),
        (&everything, SortBy::Due),
        (&Filter { agency: Some(id(2)), ..Filter::default() }, SortBy::Due),
    ] {
        let rows = touched(store, &coordinator, filter, by);
        assert!(rows <= MOST, "{filter:?} {by:?}: {rows} rows");
    }
    // A representative's agency takes part in a fifth of the cases.
    let who = Caller { who: representative_of(id(2)), ..caller(Role::Coordinator) };
    let rows = touched(store, &who, &unfinished, SortBy::Due);
    assert!(rows <= MOST, "{rows} rows");
}

fn representative_of(agency: AgencyId) -> Who {
    let seat = Seat {
        panel: id(1),
        agency,
        role: Role::Representative,
        from: NaiveDate::MIN,
        until: None,
    };
    Who::Person(Actor {
        user: id(2),
        agency,
        administrator: false,
        seats: vec![seat],
        opened_until: None,
    })
}
