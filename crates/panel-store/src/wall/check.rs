//! Whether the wall stands: the server's catalogues are asked what could let somebody through, and every
//! walled table is looked at by nobody.

use super::ROLE;
use super::tables::{APPENDED, TABLES, policies, walled};
use crate::conn::Conn;
use crate::error::StoreError;
use crate::store::Store;
use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

/// Something that lets rows through the wall, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// Superusers pass every wall.
    #[error(
        "the login of DATABASE_URL is a superuser of PostgreSQL: use one that is only a member of {ROLE}"
    )]
    Superuser,
    /// The login may take on a role that passes every wall.
    #[error(
        "the login of DATABASE_URL passes every wall as, or as a member of, “{0}”: take BYPASSRLS or the membership away"
    )]
    Bypass(String),
    /// Who owns a table can take its wall down.
    #[error(
        "the login of DATABASE_URL owns tables, such as “{0}”: run `panel migrate` by another login, which owns them"
    )]
    Owner(String),
    /// Who may make things could make functions and views that others then use.
    #[error(
        "the login of DATABASE_URL may make things in schema “{0}”: REVOKE CREATE ON SCHEMA {0}"
    )]
    Creator(String),
    /// The login could not work as the service's role.
    #[error("the login of DATABASE_URL is no member of {ROLE}: GRANT {ROLE} TO it")]
    Stranger,
    /// The service's role itself passes walls or owns something.
    #[error("the role {ROLE} is more than it should be: {0}")]
    Role(String),
    /// Rows of the log could be changed.
    #[error("rows of “{0}” can be changed by the service: REVOKE UPDATE, DELETE, TRUNCATE ON {0}")]
    Rewritable(String),
    /// A table's wall is down.
    #[error("row-level security of “{0}” is not both enabled and forced")]
    Down(String),
    /// A table of which nothing says whether it needs a wall.
    #[error("the table “{0}” is none of this program's")]
    Unknown(String),
    /// A policy is gone.
    #[error("a policy is missing, given by table and name: “{0}”")]
    Missing(String),
    /// Somebody added a policy.
    #[error("a policy is none of this program's, given by table and name: “{0}”")]
    Added(String),
    /// A view shows what its owner sees.
    #[error("the view “{0}” shows what its owner sees: make it security_invoker")]
    View(String),
    /// A function does what its owner may.
    #[error("the function “{0}” does what its owner may: make it SECURITY INVOKER")]
    Definer(String),
    /// Nobody sees rows.
    #[error("rows of “{0}” are there for somebody who is nobody")]
    Open(String),
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Text)]
    about: String,
}

/// The login is asked for by `session_user`: what a transaction works as can be taken back by whoever is
/// connected, the login cannot.
const ASKED: &str = "WITH
login AS (SELECT oid, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user),
here AS (SELECT c.oid, c.relname::TEXT AS name, c.relkind, c.relowner, c.reloptions,
    c.relrowsecurity AND c.relforcerowsecurity AS walled
    FROM pg_class c WHERE c.relnamespace = current_schema()::REGNAMESPACE),
standing AS (SELECT tablename || ' ' || policyname AS name FROM pg_policies
    WHERE schemaname = current_schema())
SELECT 'superuser' AS what, '' AS about FROM login WHERE rolsuper
UNION ALL SELECT 'bypass', r.rolname::TEXT FROM pg_roles r, login l
    WHERE NOT l.rolsuper AND (r.rolsuper OR r.rolbypassrls) AND pg_has_role(l.oid, r.oid, 'MEMBER')
UNION ALL SELECT 'owner', min(name) FROM here, login
    WHERE NOT rolsuper AND relkind IN ('r', 'p') AND pg_has_role(login.oid, relowner, 'MEMBER')
    HAVING count(*) > 0
UNION ALL SELECT 'creator', current_schema()::TEXT FROM login
    WHERE NOT rolsuper AND has_schema_privilege(oid, current_schema()::TEXT, 'CREATE')
UNION ALL SELECT 'stranger', '' FROM login WHERE NOT pg_has_role(oid, $1, 'MEMBER')
UNION ALL SELECT 'role', 'superuser, BYPASSRLS or LOGIN' FROM pg_roles
    WHERE rolname = $1 AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)
UNION ALL SELECT 'role', 'owner of ' || min(name) FROM here, pg_roles r
    WHERE r.rolname = $1 AND pg_has_role(r.oid, relowner, 'MEMBER') HAVING count(*) > 0
UNION ALL SELECT 'rewritable', name FROM here, login
    WHERE name = ANY ($2) AND (has_table_privilege($1, here.oid, 'UPDATE, DELETE, TRUNCATE')
        OR NOT rolsuper AND has_table_privilege(login.oid, here.oid, 'UPDATE, DELETE, TRUNCATE'))
UNION ALL SELECT 'down', name FROM unnest($3) AS name
    WHERE NOT EXISTS (SELECT FROM here WHERE here.name = name.name AND walled)
UNION ALL SELECT 'unknown', name FROM here
    WHERE relkind IN ('r', 'p', 'f') AND name <> ALL ($4) AND name NOT LIKE '\\_\\_diesel%'
UNION ALL SELECT 'missing', name FROM unnest($5) AS name WHERE name NOT IN (SELECT name FROM standing)
UNION ALL SELECT 'added', name FROM standing WHERE name <> ALL ($5)
UNION ALL SELECT 'view', name FROM here
    WHERE relkind = 'm' OR relkind = 'v' AND NOT COALESCE(reloptions && ARRAY['security_invoker=true',
        'security_invoker=on', 'security_invoker=1'], FALSE)
UNION ALL SELECT 'definer', proname::TEXT FROM pg_proc
    WHERE pronamespace = current_schema()::REGNAMESPACE AND prosecdef
ORDER BY 1, 2";

fn breach(found: Found) -> Breach {
    let Found { what, about } = found;
    match what.as_str() {
        "superuser" => Breach::Superuser,
        "bypass" => Breach::Bypass(about),
        "owner" => Breach::Owner(about),
        "creator" => Breach::Creator(about),
        "stranger" => Breach::Stranger,
        "rewritable" => Breach::Rewritable(about),
        "down" => Breach::Down(about),
        "unknown" => Breach::Unknown(about),
        "missing" => Breach::Missing(about),
        "added" => Breach::Added(about),
        "view" => Breach::View(about),
        "definer" => Breach::Definer(about),
        _ => Breach::Role(about),
    }
}

impl Store {
    /// Everything that lets rows through the wall of a PostgreSQL database; nothing on SQLite, which has
    /// none.
    pub fn breaches(&self) -> Result<Vec<Breach>, StoreError> {
        self.peek(|conn| match conn {
            Conn::Pg(pg) => breaches(pg),
            Conn::Sqlite(_) => Ok(Vec::new()),
        })
    }
}

fn breaches(pg: &mut PgConnection) -> Result<Vec<Breach>, StoreError> {
    let known: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
    let found: Vec<Found> = diesel::sql_query(ASKED)
        .bind::<Text, _>(ROLE)
        .bind::<Array<Text>, _>(APPENDED.as_slice())
        .bind::<Array<Text>, _>(walled())
        .bind::<Array<Text>, _>(known)
        .bind::<Array<Text>, _>(policies())
        .load(pg)?;
    let mut breaches: Vec<Breach> = found.into_iter().map(breach).collect();
    // Only a login that may work as the role can look as it.
    if !breaches.contains(&Breach::Stranger) {
        breaches.extend(seen_by_nobody(pg)?.into_iter().map(Breach::Open));
    }
    Ok(breaches)
}

/// The walled tables of which somebody who is nobody sees rows, as the service's role.
fn seen_by_nobody(pg: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let look = |table: &str| {
        format!("SELECT 'open' AS what, '{table}' AS about WHERE EXISTS (SELECT FROM {table})")
    };
    let looks: Vec<String> = walled().into_iter().map(look).collect();
    AnsiTransactionManager::begin_transaction(pg)?;
    let found = pg
        .batch_execute(&format!("SET LOCAL ROLE {ROLE}"))
        .and_then(|()| diesel::sql_query(looks.join(" UNION ALL ")).load::<Found>(pg));
    AnsiTransactionManager::rollback_transaction(pg)?;
    Ok(found?.into_iter().map(|found| found.about).collect())
}
