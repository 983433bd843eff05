//! Proof that the schema goes down and up again, that both databases have the same one, and that
//! `schema.rs` says what they have.

use super::{Merged, POSTGRES, SQLITE, check, known, run};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn, each_backend};
use crate::error::StoreError;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;
use std::collections::BTreeSet;

/// One part of a schema, told in lines: the statement for PostgreSQL and the one for SQLite.
struct Part {
    postgres: &'static str,
    sqlite: &'static str,
}

/// `table.column: type not null`.
const COLUMNS: Part = Part {
    postgres: "SELECT c.relname || '.' || a.attname || ': ' ||
            CASE format_type(a.atttypid, NULL) WHEN 'timestamp with time zone' THEN 'timestamptz'
                WHEN 'time without time zone' THEN 'time' ELSE format_type(a.atttypid, NULL) END ||
            CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND a.attnum > 0 AND NOT a.attisdropped",
    sqlite: "SELECT m.name || '.' || c.name || ': ' || lower(c.type) ||
            CASE WHEN c.\"notnull\" THEN ' not null' ELSE '' END AS line
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
};

/// `table (columns)` of each primary key.
const KEYS: Part = Part {
    postgres: "SELECT i.indrelid::regclass || ' (' || (
            SELECT string_agg(replace(pg_get_indexdef(i.indexrelid, k, true), '\"', ''), ', ' ORDER BY k)
            FROM generate_series(1, i.indnkeyatts) k) || ')' AS line
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace",
    sqlite: "SELECT m.name || ' (' || (SELECT group_concat(k.name, ', ')
            FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) k) || ')' AS line
        FROM sqlite_master m JOIN pragma_index_list(m.name) i
        WHERE m.type = 'table' AND i.origin = 'pk'",
};

/// `name: unique on table (columns), in part`; what a `UNIQUE` makes by itself has no name of ours.
const INDEXES: Part = Part {
    postgres: "SELECT CASE WHEN EXISTS (SELECT FROM pg_constraint p WHERE p.conindid = i.indexrelid
                AND p.contype = 'u') THEN '' ELSE i.indexrelid::regclass || ': ' END ||
            CASE WHEN i.indisunique THEN 'unique ' ELSE '' END ||
            'on ' || i.indrelid::regclass || ' (' || (
                SELECT string_agg(replace(pg_get_indexdef(i.indexrelid, k, true), '\"', '') ||
                    CASE WHEN i.indoption[k - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY k)
                FROM generate_series(1, i.indnkeyatts) k) || ')' ||
            CASE WHEN i.indpred IS NULL THEN '' ELSE ', in part' END AS line
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace",
    sqlite: "SELECT CASE i.origin WHEN 'c' THEN i.name || ': ' ELSE '' END ||
            CASE WHEN i.\"unique\" THEN 'unique ' ELSE '' END ||
            'on ' || m.name || ' (' || (SELECT group_concat(
                    coalesce(k.name, 'an expression') || CASE WHEN k.desc THEN ' desc' ELSE '' END, ', ')
                FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno) k) || ')' ||
            CASE WHEN i.partial THEN ', in part' ELSE '' END AS line
        FROM sqlite_master m JOIN pragma_index_list(m.name) i
        WHERE m.type = 'table' AND i.origin <> 'pk'",
};

/// `table.column -> table.column`.
const REFERENCES: Part = Part {
    postgres: "SELECT f.conrelid::regclass || '.' || a.attname || ' -> ' ||
            f.confrelid::regclass || '.' || b.attname AS line
        FROM pg_constraint f
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
        JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = ANY (f.confkey)
        WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace",
    sqlite: "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' ||
            coalesce(f.\"to\", 'id') AS line
        FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
};

/// Whatever else a migration can leave behind: triggers, functions, views, sequences, columns in an order of
/// their own, policies and rights. What a function does and what a policy says stands as a digest.
const REST: Part = Part {
    postgres: "SELECT 'trigger ' || tgname AS line FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'function ' || proname || ' ' || md5(prosrc) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'relation ' || relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
        UNION ALL SELECT a.attrelid::regclass || '.' || a.attname || ' in order of ' || o.collname
            FROM pg_attribute a JOIN pg_collation o ON o.oid = a.attcollation
            JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
            WHERE c.relnamespace = 'public'::regnamespace AND o.collname <> 'default'
        UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' '
                || md5(coalesce(qual, '') || coalesce(with_check, ''))
            FROM pg_policies
        UNION ALL SELECT 'walled ' || relname FROM pg_class WHERE relrowsecurity OR relforcerowsecurity
        UNION ALL SELECT grantee || ' ' || privilege_type || ' ' || table_name
            FROM information_schema.role_table_grants WHERE grantee IN ('panel_app', 'panel_backup')",
    sqlite: "SELECT type || ' ' || name AS line FROM sqlite_master WHERE type NOT IN ('table', 'index')",
};

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The lines of a part, without the migrations' own table.
fn tell(conn: &mut Conn, part: &Part) -> BTreeSet<String> {
    let sql = match conn {
        Conn::Pg(_) => part.postgres,
        Conn::Sqlite(_) => part.sqlite,
    };
    let told: Vec<Told> = each_backend!(conn, |c| diesel::sql_query(sql).load(c)).unwrap();
    let lines = told.into_iter().map(|told| told.line);
    lines.filter(|line| !line.contains("__diesel_schema_migrations")).collect()
}

/// The whole schema.
fn whole(conn: &mut Conn) -> BTreeSet<String> {
    [COLUMNS, KEYS, INDEXES, REFERENCES, REST].iter().flat_map(|part| tell(conn, part)).collect()
}

fn sqlite() -> Conn {
    Address::Sqlite(":memory:".to_owned()).connect().unwrap()
}

fn migrated() -> Conn {
    let mut conn = sqlite();
    run(&mut conn).unwrap();
    conn
}

/// Asserts that two tellings are one, and names only what differs.
#[track_caller]
fn same(left: &BTreeSet<String>, right: &BTreeSet<String>) {
    assert!(left.len() > 20, "there is something to compare: {left:?}");
    let only = |here: &BTreeSet<String>, there: &BTreeSet<String>| -> Vec<String> {
        here.difference(there).cloned().collect()
    };
    assert_eq!(only(left, right), only(right, left));
}

/// Takes the newest migration back.
fn revert(conn: &mut Conn) {
    match conn {
        Conn::Pg(pg) => pg.revert_last_migration(Merged(POSTGRES)).map(drop).unwrap(),
        Conn::Sqlite(sqlite) => sqlite.revert_last_migration(Merged(SQLITE)).map(drop).unwrap(),
    }
}

#[track_caller]
fn goes_down_and_up(conn: &mut Conn) {
    let ran = run(conn).unwrap();
    assert_eq!(ran, known(conn).unwrap());
    let before = whole(conn);
    for version in ran.iter().rev() {
        let with_it = whole(conn);
        revert(conn);
        assert_ne!(whole(conn), with_it, "{version} goes down without a trace");
    }
    assert_eq!(whole(conn), BTreeSet::new());
    assert_eq!(run(conn).unwrap(), ran);
    same(&before, &whole(conn));
    assert_eq!(run(conn).unwrap(), Vec::<String>::new());
}

#[test]
fn every_migration_goes_down_and_up_again_on_sqlite() {
    goes_down_and_up(&mut sqlite());
}

#[test]
fn every_migration_goes_down_and_up_again_on_postgres() {
    on_postgres("down_and_up", |address| goes_down_and_up(&mut address.connect().unwrap()));
}

#[test]
fn both_databases_have_the_same_tables_keys_and_indexes() {
    on_postgres("parity", |address| {
        let (mut sqlite, mut postgres) = (migrated(), address.connect().unwrap());
        run(&mut postgres).unwrap();
        for part in [COLUMNS, KEYS, INDEXES, REFERENCES] {
            same(&tell(&mut sqlite, &part), &tell(&mut postgres, &part));
        }
    });
}

/// The type of a column as migrations write it, of one as `schema.rs` writes it.
fn column_type(declared: &str) -> String {
    let inner = declared.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>'));
    let written = match inner.unwrap_or(declared) {
        "IdSql" => "uuid",
        "InstantSql" => "timestamptz",
        "CodeSql" | "Text" => "text",
        "Integer" => "integer",
        "BigInt" => "bigint",
        "Bool" => "boolean",
        "Date" => "date",
        "Time" => "time",
        "Double" => "double precision",
        "Binary" => "bytea",
        other => panic!("no type of a column is known as {other}"),
    };
    if inner.is_some() { written.to_owned() } else { format!("{written} not null") }
}

/// The columns and the keys that `schema.rs` declares, as the databases tell them.
fn declared() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut columns, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut table = "";
    for line in include_str!("../schema.rs").lines().map(str::trim) {
        if let Some((name, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name;
            keys.insert(format!("{name} ({key})"));
        } else if let Some((column, kind)) =
            line.strip_suffix(',').and_then(|l| l.split_once(" -> "))
        {
            let kind = column_type(kind);
            assert!(columns.insert(format!("{table}.{column}: {kind}")), "{table}.{column}");
        }
    }
    (columns, keys)
}

#[test]
fn the_schema_in_rust_is_the_schema_of_the_database() {
    let (columns, keys) = declared();
    let mut conn = migrated();
    same(&columns, &tell(&mut conn, &COLUMNS));
    same(&keys, &tell(&mut conn, &KEYS));
}

#[test]
fn a_schema_of_another_version_is_refused() {
    let mut conn = sqlite();
    assert!(matches!(check(&mut conn), Err(StoreError::NeedsMigration(_))));
    run(&mut conn).unwrap();
    check(&mut conn).unwrap();
    revert(&mut conn);
    assert!(matches!(check(&mut conn), Err(StoreError::NeedsMigration(1))));
    run(&mut conn).unwrap();
    let later = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')";
    each_backend!(&mut conn, |c| diesel::sql_query(later).execute(c)).unwrap();
    let refused = check(&mut conn);
    assert!(matches!(&refused, Err(StoreError::NewerSchema(name)) if name == "29990101000001"));
}
