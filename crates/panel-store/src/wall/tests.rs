//! What the wall lets through when nothing else filters, and what the check of it finds.

use super::tables::walled;
use super::{Beyond, Breach};
use crate::authz::testing::{caller, id};
use crate::authz::{Authz, Caller, Who};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn};
use crate::error::StoreError;
use crate::store::Store;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use panel_core::access::Actor;
use panel_core::id::UserId;
use std::collections::BTreeSet;

/// One panel with a coordinator (1), a representative (2) and one who has left (3). Her agency takes part in
/// both cases, and the second is kept from the representative.
const GROUND: &str = "
    INSERT INTO agencies VALUES (i(1), 'A', 'a', 'other', '', '', NULL, 1), (i(2), 'B', 'b', 'other', '', '', NULL, 1);
    INSERT INTO panels VALUES (i(1), 'P', '', '{}', 1);
    INSERT INTO users (id, name, email, email_folded, agency_id, administrator, failures, ended_on, version)
        SELECT i(n), 'U' || n, 'u' || n, 'u' || n, i(2), FALSE, 0, CASE WHEN n = 3 THEN DATE '2026-03-31' END, 1
        FROM generate_series(1, 3) n;
    INSERT INTO seats SELECT i(n), i(1), i(n), i(2),
        CASE WHEN n = 1 THEN 'coordinator' ELSE 'representative' END, '2026-01-01', NULL, NULL
        FROM generate_series(1, 3) n;
    INSERT INTO people (id, surname, forename, aliases, unborn, address, postcode, root_id, created_at, version)
        SELECT i(n), 'S', 'F', '', FALSE, '', '', i(n), now(), 1 FROM generate_series(1, 2) n;
    INSERT INTO person_keys SELECT 's', i(n) FROM generate_series(1, 2) n;
    INSERT INTO cases (id, reference, panel_id, person_id, state, opened_on, close_note, trigger_note,
        closure_proposed, history, content_version, imported, version)
        SELECT i(n), 'R' || n, i(1), i(n), 'open', '2026-01-01', '', '', '', '', 1, FALSE, 1
        FROM generate_series(1, 2) n;
    INSERT INTO case_agencies SELECT i(n), i(2), '2026-01-01' FROM generate_series(1, 2) n;
    INSERT INTO case_lists VALUES (i(1), i(2), i(1), 'excluded', i(2), NULL, 'other', '', FALSE, i(1), now(),
        NULL, NULL, '');
    INSERT INTO actions (id, panel_id, case_id, text, owner_agency, owner_name, set_on, first_due, due, due_word,
        due_instance, state, outcome, reason, imported, created_at, version, finished, due_key, judged, search)
        SELECT i(n), i(1), i(n), 'Do', i(2), '', '2026-01-01', '2026-05-01', '2026-05-01', '', 1, 'open', '', '',
        FALSE, now(), 1, FALSE, '2026-05-01', '2026-05-01', 'do' FROM generate_series(1, 2) n;
    INSERT INTO drafts SELECT i(n), '/', '\\x00', now() FROM generate_series(1, 2) n;";

const COORDINATOR: u128 = 1;
const REPRESENTATIVE: u128 = 2;
const LEAVER: u128 = 3;

/// A person without any seat in the program's own eyes: the wall asks the database.
fn by(n: u128) -> Caller<'static> {
    let user: UserId = id(n);
    let actor =
        Actor { user, agency: id(2), administrator: false, seats: Vec::new(), opened_until: None };
    caller(Who::Person(actor))
}

/// A store with one connection over the ground, as a superuser.
fn on_ground(name: &str, work: impl FnOnce(&Store, &Address)) {
    on_postgres(name, |address| {
        let store = Store::open(address.clone(), 1).unwrap();
        store.migrate().unwrap();
        let id = "CREATE FUNCTION pg_temp.i(n INT) RETURNS UUID LANGUAGE sql
            AS $$ SELECT lpad(n::TEXT, 32, '0')::UUID $$;";
        as_owner(&store, &format!("{id}{}", GROUND.replace("i(", "pg_temp.i(")));
        work(&store, address);
    });
}

fn as_owner(store: &Store, sql: &str) {
    let work = |conn: &mut Conn| {
        let Conn::Pg(pg) = conn else { panic!("opened on PostgreSQL") };
        Ok(pg.batch_execute(sql)?)
    };
    store.peek(work).unwrap();
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

fn count(conn: &mut Conn, table: &str) -> i64 {
    let Conn::Pg(pg) = conn else { panic!("opened on PostgreSQL") };
    let asked = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
    asked.get_result::<Count>(pg).unwrap().n
}

fn changed(conn: &mut Conn, sql: &str) -> usize {
    let Conn::Pg(pg) = conn else { panic!("opened on PostgreSQL") };
    diesel::sql_query(sql).execute(pg).unwrap()
}

fn within<T>(store: &Store, caller: &Caller<'_>, look: impl FnOnce(&mut Authz<'_>) -> T) -> T {
    store.read(caller, |az| Ok::<_, StoreError>(look(az))).unwrap()
}

/// How many rows of cases, actions, people and drafts somebody sees.
fn sees(store: &Store, caller: &Caller<'_>) -> [i64; 4] {
    within(store, caller, |az| {
        ["cases", "actions", "people", "drafts"].map(|table| count(az.conn(), table))
    })
}

#[test]
fn each_sees_what_is_theirs_though_nothing_else_filters() {
    on_ground("wall_sees", |store, _| {
        assert_eq!(sees(store, &by(COORDINATOR)), [2, 2, 2, 1]);
        assert_eq!(sees(store, &by(REPRESENTATIVE)), [1, 1, 1, 1], "one is kept from her");
        assert_eq!(sees(store, &by(LEAVER)), [0; 4], "a seat ends with the account");
        assert_eq!(sees(store, &by(9)), [0; 4], "there is no such person");
        assert_eq!(sees(store, &caller(Who::Nobody)), [0; 4]);
        assert_eq!(sees(store, &caller(Who::Service("unheard of"))), [0; 4]);
        assert_eq!(sees(store, &caller(Who::Service("notify"))), [2, 2, 0, 0], "ids and dates");
        assert_eq!(sees(store, &caller(Who::Service("a' OR TRUE --"))), [0; 4]);
        let tomorrow = "2026-12-31".parse().unwrap();
        as_owner(store, "UPDATE seats SET ends_on = '2026-06-30'");
        let late = Caller { today: tomorrow, ..by(COORDINATOR) };
        assert_eq!(sees(store, &late), [0, 0, 0, 1], "a seat ends on its day");
    });
}

#[test]
fn who_does_not_see_a_row_does_not_change_it() {
    on_ground("wall_blind", |store, _| {
        let blind = |az: &mut Authz<'_>| {
            [
                "UPDATE cases SET close_note = 'x'",
                "DELETE FROM actions",
                "UPDATE drafts SET place = 'x'",
            ]
            .map(|sql| changed(az.conn(), sql))
        };
        assert_eq!(within(store, &by(LEAVER), blind), [0; 3]);
        assert_eq!(within(store, &caller(Who::Nobody), blind), [0; 3]);
        assert_eq!(within(store, &caller(Who::Service("notify")), blind), [0; 3], "it only reads");
        assert_eq!(within(store, &by(REPRESENTATIVE), blind), [1; 3]);
        assert_eq!(
            sees(store, &by(COORDINATOR)),
            [2, 1, 2, 1],
            "the other's action is there still"
        );
    });
}

#[test]
fn without_an_actor_no_walled_table_has_a_row() {
    on_ground("wall_nobody", |store, _| {
        as_owner(store, "BEGIN; SET LOCAL ROLE panel_app");
        let found: Vec<i64> = store
            .peek(|conn| Ok(walled().into_iter().map(|table| count(conn, table)).collect()))
            .unwrap();
        assert_eq!(found, vec![0; walled().len()]);
        let gone = store.peek(|conn| Ok(changed(conn, "DELETE FROM drafts"))).unwrap();
        assert_eq!(gone, 0);
        as_owner(store, "ROLLBACK");
    });
}

/// What a connection that comes back to the pool still says of whom it acted for.
fn left_over(store: &Store) -> (String, i64) {
    store
        .peek(|conn| {
            let Conn::Pg(pg) = &mut *conn else { panic!("opened on PostgreSQL") };
            let asked = diesel::sql_query(
                "SELECT concat(current_setting('panel.actor', true), current_setting('panel.whole', true),
                    current_setting('panel.beyond', true)) AS said",
            );
            let said = asked.get_result::<Said>(pg)?.said;
            pg.batch_execute("BEGIN; SET LOCAL ROLE panel_app")?;
            let seen = count(conn, "cases");
            let Conn::Pg(pg) = conn else { panic!("opened on PostgreSQL") };
            pg.batch_execute("ROLLBACK")?;
            Ok((said, seen))
        })
        .unwrap()
}

#[test]
fn who_acted_is_forgotten_with_the_transaction() {
    on_ground("wall_reused", |store, _| {
        let nothing = (String::new(), 0);
        assert_eq!(sees(store, &by(COORDINATOR))[0], 2);
        assert_eq!(left_over(store), nothing, "committed");
        let failed: Result<(), StoreError> =
            store.read(&by(COORDINATOR), |_| Err(StoreError::Taken));
        assert!(failed.is_err());
        assert_eq!(left_over(store), nothing, "rolled back");
        drop(store.begin(&by(COORDINATOR)).unwrap());
        assert_eq!(left_over(store), nothing, "given up");
        assert_eq!(sees(store, &by(LEAVER)), [0; 4], "the next on the same connection");
    });
}

#[test]
fn a_transaction_that_cannot_begin_leaves_a_connection_that_can() {
    on_ground("wall_refused", |store, _| {
        as_owner(store, "ALTER FUNCTION panel_enter RENAME TO elsewhere");
        assert!(store.begin(&by(COORDINATOR)).is_err());
        as_owner(store, "ALTER FUNCTION elsewhere RENAME TO panel_enter");
        assert_eq!(sees(store, &by(COORDINATOR))[0], 2);
    });
}

#[test]
fn a_look_beyond_goes_as_far_as_its_reason_and_ends_with_it() {
    on_ground("wall_beyond", |store, _| {
        let look = |why: Beyond| {
            within(store, &by(REPRESENTATIVE), |az| {
                let tables = ["cases", "actions", "people", "drafts"];
                let during = az.beyond(why, |conn| Ok(tables.map(|table| count(conn, table))));
                let failed: Result<(), _> = az.beyond(why, |_| Err(StoreError::Taken));
                assert!(failed.is_err());
                assert_eq!(tables.map(|table| count(az.conn(), table)), [1; 4], "{why:?} is over");
                during.unwrap()
            })
        };
        assert_eq!(look(Beyond::Alike), [1, 1, 2, 1]);
        assert_eq!(look(Beyond::Linking), [2, 1, 2, 1]);
        assert_eq!(look(Beyond::References), [2, 1, 0, 1]);
        assert_eq!(look(Beyond::Place), [2, 2, 0, 1]);
        assert_eq!(look(Beyond::Figures), [1, 1, 0, 1], "what is kept from her is not counted");
        assert_eq!(look(Beyond::Kept), [1, 2, 0, 1]);
        assert_eq!(look(Beyond::Handover), [1, 2, 0, 1]);
        assert_eq!(look(Beyond::Glass), [2, 1, 0, 1]);
    });
}

#[test]
fn policies_know_the_reasons_there_are_and_no_other() {
    let policies = [
        include_str!("../../../../migrations/postgres/2026-11-22-000052_walls/up.sql"),
        include_str!("../../../../migrations/postgres/2026-11-22-000080_later_walls/up.sql"),
    ]
    .concat();
    let policies = policies.split_whitespace().collect::<Vec<_>>().join(" ");
    let lists = policies.split("current_setting('panel.beyond', true) = ANY ('{").skip(1);
    let known: BTreeSet<&str> =
        lists.filter_map(|rest| rest.split('}').next()).flat_map(|list| list.split(',')).collect();
    // `lists` is set by functions of the database alone.
    let named = Beyond::ALL.iter().map(|why| why.name()).chain(["lists"]).collect();
    assert_eq!(known, named);
}

/// A login that is a member of the service's role and nothing more.
fn service(address: &Address, store: &Store, name: &str) -> Address {
    let Address::Postgres(url) = address else { panic!("opened on PostgreSQL") };
    as_owner(store, &format!("CREATE ROLE {name} LOGIN PASSWORD '{name}' IN ROLE panel_app"));
    let (_, host) = url.rsplit_once('@').unwrap();
    Address::Postgres(format!("postgres://{name}:{name}@{host}"))
}

/// What breaks the wall, what mends it, and what the check says between, about what.
type Broken = (&'static str, &'static str, fn(String) -> Breach, &'static str);

/// Breaches of the schema.
const BROKEN: [Broken; 8] = [
    (
        "ALTER TABLE cases NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE cases FORCE ROW LEVEL SECURITY",
        Breach::Down,
        "cases",
    ),
    ("CREATE TABLE spare (n INT)", "DROP TABLE spare", Breach::Unknown, "spare"),
    (
        "ALTER POLICY kept ON actions RENAME TO lost",
        "ALTER POLICY lost ON actions RENAME TO kept",
        Breach::Missing,
        "actions kept",
    ),
    (
        "CREATE POLICY more ON drafts USING (FALSE)",
        "DROP POLICY more ON drafts",
        Breach::Added,
        "drafts more",
    ),
    ("CREATE VIEW spare AS SELECT * FROM cases", "DROP VIEW spare", Breach::View, "spare"),
    (
        "ALTER FUNCTION panel_enter SECURITY DEFINER",
        "ALTER FUNCTION panel_enter SECURITY INVOKER",
        Breach::Definer,
        "panel_enter",
    ),
    (
        "GRANT UPDATE ON audit_events TO panel_app",
        "REVOKE UPDATE ON audit_events FROM panel_app",
        Breach::Rewritable,
        "audit_events",
    ),
    (
        "ALTER POLICY own ON drafts USING (TRUE)",
        "ALTER POLICY own ON drafts USING (user_id::TEXT = current_setting('panel.actor', true))",
        Breach::Open,
        "drafts",
    ),
];

/// Breaches of a login.
fn broken(name: &str) -> [(String, String, Breach); 4] {
    let on = |sql: &str| sql.replace("LOGIN", name);
    [
        (
            on("GRANT CREATE ON SCHEMA public TO LOGIN"),
            on("REVOKE CREATE ON SCHEMA public FROM LOGIN"),
            Breach::Creator("public".to_owned()),
        ),
        (
            on("ALTER TABLE plan_marks OWNER TO LOGIN"),
            on("ALTER TABLE plan_marks OWNER TO CURRENT_USER"),
            Breach::Owner("plan_marks".to_owned()),
        ),
        (
            on("ALTER ROLE LOGIN BYPASSRLS"),
            on("ALTER ROLE LOGIN NOBYPASSRLS"),
            Breach::Bypass(name.to_owned()),
        ),
        (on("REVOKE panel_app FROM LOGIN"), on("GRANT panel_app TO LOGIN"), Breach::Stranger),
    ]
}

#[test]
fn the_check_finds_every_breach() {
    on_ground("wall_check", |store, address| {
        assert_eq!(store.breaches().unwrap(), [Breach::Superuser]);
        let name = format!("panel_checked_{}", std::process::id());
        let service = Store::open(service(address, store, &name), 1).unwrap();
        service.check_schema().unwrap();
        assert_eq!(service.breaches().unwrap(), []);
        assert_eq!(sees(&service, &by(REPRESENTATIVE)), [1; 4], "it works as it is meant to");
        let finds = |breaks: &str, mends: &str, breach: &Breach| {
            as_owner(store, breaks);
            assert!(service.breaches().unwrap().contains(breach), "{breaks}");
            as_owner(store, mends);
            assert_eq!(service.breaches().unwrap(), [], "{mends}");
        };
        for (breaks, mends, breach, about) in BROKEN {
            finds(breaks, mends, &breach(about.to_owned()));
        }
        for (breaks, mends, breach) in broken(&name) {
            finds(&breaks, &mends, &breach);
        }
        drop(service);
        as_owner(store, &format!("DROP OWNED BY {name}; DROP ROLE {name}"));
    });
}
