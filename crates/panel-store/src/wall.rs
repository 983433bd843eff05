//! The second wall: row-level security of PostgreSQL, which lets through what the scope does and nothing else.
//!
//! Every transaction works as a role that owns nothing, and says first who acts. Policies
//! (`migrations/postgres`) compare each row with what the database itself finds out about that actor. Whoever
//! forgets the scope in a query finds nothing more by it. SQLite has no such thing; there, the scope stands
//! alone, and the same tests run on both.

mod check;
mod tables;
#[cfg(test)]
mod tests;

use crate::authz::{Caller, Who};
use crate::conn::Conn;
use crate::error::StoreError;
use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection};

pub use check::Breach;

/// The role that transactions work as.
const ROLE: &str = "panel_app";

/// Why a statement looks beyond what the caller may see. What it finds is weighed, counted or changed, and
/// never shown as it is. Each policy that knows a reason names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// Which records may be one person is weighed over all of them; what is shown passes the scope again.
    Alike,
    /// What is said of a person holds for all records of that person, at whatever panel.
    Linking,
    /// Whether a reference is taken, anywhere.
    References,
    /// At which panel a thing is that somebody asked for and was not given, so that the log can say it.
    Place,
    /// A panel's figures count what its agencies do, without naming it.
    Figures,
    /// What is kept from somebody is found, so that it can be left out of her notices.
    Kept,
    /// Nobody leaves while something is theirs, at whatever panel.
    Handover,
    /// A case that is opened in an emergency is looked up by its reference, and reviewed by those who may
    /// not see it.
    Glass,
}

impl Beyond {
    /// Every reason.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 8] = [
        Self::Alike,
        Self::Linking,
        Self::References,
        Self::Place,
        Self::Figures,
        Self::Kept,
        Self::Handover,
        Self::Glass,
    ];

    /// How policies call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Alike => "alike",
            Self::Linking => "linking",
            Self::References => "references",
            Self::Place => "place",
            Self::Figures => "figures",
            Self::Kept => "kept",
            Self::Handover => "handover",
            Self::Glass => "glass",
        }
    }
}

/// Begins a transaction as the role of the service and for one caller, in one message to the server. All that
/// is set holds for this transaction alone.
pub(crate) fn begin(pg: &mut PgConnection, caller: &Caller<'_>) -> Result<(), StoreError> {
    let sql = format!("BEGIN; SET LOCAL ROLE {ROLE}; {}", enters(caller));
    let begun = AnsiTransactionManager::begin_transaction_sql(pg, &sql);
    if begun.is_err() {
        // The server may have begun before it refused. Diesel does not know, and the connection is shared.
        let _ = pg.batch_execute("ROLLBACK");
    }
    Ok(begun?)
}

/// The statement by which a caller begins to act. It holds ids, dates and names from this program's text.
fn enters(caller: &Caller<'_>) -> String {
    match &caller.who {
        Who::Person(actor) => {
            format!("SELECT panel_enter('{}', '{}')", uuid(actor.user), caller.today)
        }
        Who::Service(name) => acts(name),
        Who::Nobody => acts("nobody"),
    }
}

fn uuid(id: panel_core::id::UserId) -> uuid::Uuid {
    panel_core::id::Id::uuid(id)
}

fn acts(name: &str) -> String {
    let name = name.replace('\'', "''");
    format!(
        "SELECT set_config('panel.actor', '{name}', true), set_config('panel.hidden', '{{}}', true)"
    )
}

/// Does `work` with the wall open as far as this reason goes, and closes it again whatever came of it.
pub(crate) fn beyond<T>(
    conn: &mut Conn,
    why: Beyond,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    because(conn, why.name())?;
    let found = work(conn);
    let closed = because(conn, "");
    // A statement that failed leaves the transaction to be rolled back, and the reason with it.
    found.and_then(|found| closed.map(|()| found))
}

/// Sets the reason for the rest of the transaction.
fn because(conn: &mut Conn, reason: &str) -> Result<(), StoreError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute(&format!("SELECT set_config('panel.beyond', '{reason}', true)"))?;
    }
    Ok(())
}

/// Lets a connection that migrates pass the walls of the tables it owns, or no longer.
pub(crate) fn migrates(pg: &mut PgConnection, does: bool) -> Result<(), StoreError> {
    let actor = if does { "migrations" } else { "" };
    Ok(pg.batch_execute(&format!("SELECT set_config('panel.actor', '{actor}', false)"))?)
}
