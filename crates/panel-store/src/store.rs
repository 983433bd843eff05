//! The pool and the two doors through it.

use crate::audit;
use crate::authz::{Authz, Caller, Doing, Notes, Scope};
use crate::budget;
use crate::conn::{Address, Conn, Pool, pool};
use crate::error::StoreError;
use crate::migrate;
use crate::wall;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use parking_lot::{ArcMutexGuard, Mutex, RawMutex};
use r2d2::PooledConnection;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    queue: Option<Queue>,
}

/// Where the transactions of an embedded database wait for each other. SQLite lets one write at a time
/// and has the others try again after pauses, so that under load some wait for seconds and give up;
/// here the next goes on at once. Other processes still meet in SQLite's own way.
type Queue = Arc<Mutex<()>>;

/// A transaction's turn, until it is over.
type Turn = ArcMutexGuard<RawMutex, ()>;

/// How long a transaction waits for its turn, as long as SQLite itself would.
const TURN: Duration = Duration::from_secs(5);

impl Store {
    /// Opens a pool of at most `size` connections. Nothing is migrated and nothing is checked.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection can be made.
    pub fn open(address: Address, size: u32) -> Result<Self, StoreError> {
        let queue = matches!(address, Address::Sqlite(_)).then(Queue::default);
        address.answers().map_err(StoreError::Unavailable)?;
        Ok(Self { pool: pool(address, size)?, queue })
    }

    /// Brings the schema up to this program's and names what ran.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        migrate::run(&mut **self.pool.get()?)
    }

    /// Refuses to go on with a schema that is not this program's.
    pub fn check_schema(&self) -> Result<(), StoreError> {
        migrate::check(&mut **self.pool.get()?)
    }

    /// Runs `work` in one transaction for one caller: all of it and its audit rows, or nothing.
    ///
    /// # Errors
    /// Whatever `work` returns, or the database's own failure; either way nothing was changed.
    pub fn write<T, E, F>(&self, caller: &Caller<'_>, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&mut Authz<'_>) -> Result<T, E>,
    {
        self.alone(Doing::Changing, caller, work)
    }

    fn alone<T, E, F>(&self, doing: Doing, caller: &Caller<'_>, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&mut Authz<'_>) -> Result<T, E>,
    {
        let mut transaction = self.open_for(doing, caller)?;
        let value = transaction.run(caller, work)?;
        transaction.commit(caller)?;
        Ok(value)
    }

    /// Opens a transaction in which several use cases of one caller read; unless it is committed, none
    /// of it happened.
    ///
    /// # Errors
    /// When no connection or no turn can be had in five seconds, or the database fails.
    pub fn begin(&self, caller: &Caller<'_>) -> Result<Transaction, StoreError> {
        self.open_for(Doing::Reading, caller)
    }

    fn open_for(&self, doing: Doing, caller: &Caller<'_>) -> Result<Transaction, StoreError> {
        let turn = self.turn()?;
        let (conn, ()) = self.first(|conn| begin(conn, caller))?;
        let (scope, notes) = (None, Vec::new());
        Ok(Transaction { conn, _turn: turn, doing, scope, notes, is_open: true })
    }

    /// Waits until no other transaction of this process writes to an embedded database.
    fn turn(&self) -> Result<Option<Turn>, StoreError> {
        let Some(queue) = &self.queue else { return Ok(None) };
        let busy = || StoreError::Unavailable("others are writing".into());
        queue.try_lock_arc_for(TURN).map(Some).ok_or_else(busy)
    }

    /// Reads for one caller. A read of content leaves an audit row, so it is a short write too, but
    /// nothing else changes: here alone is a case there that is open in an emergency.
    pub fn read<T, E, F>(&self, caller: &Caller<'_>, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&mut Authz<'_>) -> Result<T, E>,
    {
        self.alone(Doing::Reading, caller, work)
    }

    /// Looks at rows that hold no content and leave no trail, such as the session of a request,
    /// without a transaction.
    pub(crate) fn peek<T>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.first(work).map(|(_, found)| found)
    }

    /// Does what is asked first of a connection. A server that was started anew, or another that took its
    /// place, has closed those that the pool still holds: each that turns out so is given up and the next
    /// one tried, since nothing was done with it yet.
    fn first<T>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<(PooledConnection<Address>, T), StoreError> {
        let mut others = self.pool.max_size();
        loop {
            let mut conn = self.pool.get()?;
            match work(&mut conn) {
                Err(error) if error.is_lost() => {
                    conn.give_up();
                    others = others.checked_sub(1).ok_or(error)?;
                }
                done => return done.map(|value| (conn, value)),
            }
        }
    }
}

/// An open transaction, with what its use cases noted for the audit log so far.
pub struct Transaction {
    conn: PooledConnection<Address>,
    _turn: Option<Turn>,
    doing: Doing,
    /// What its caller may see, read with the first use case.
    scope: Option<Scope>,
    notes: Vec<Notes>,
    is_open: bool,
}

impl Transaction {
    /// Runs one use case. What it notes is written down with the commit; when it fails, its notes are
    /// dropped, and what it changed must be dropped with the transaction.
    ///
    /// # Errors
    /// Whatever `work` returns.
    pub fn run<T, E: From<StoreError>>(
        &mut self,
        caller: &Caller<'_>,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let scope = match self.scope.take() {
            Some(scope) => scope,
            None => Scope::read(&mut self.conn, caller, self.doing)?,
        };
        let mut az = Authz::new(&mut self.conn, caller, self.scope.insert(scope));
        let value = work(&mut az)?;
        self.notes.push(az.into_notes());
        Ok(value)
    }

    /// Writes the audit rows down and commits everything.
    ///
    /// # Errors
    /// When the database fails, and when more was read than the caller may; then nothing was changed.
    pub fn commit(mut self, caller: &Caller<'_>) -> Result<(), StoreError> {
        budget::weigh(&mut self.conn, caller, self.doing, &self.notes)?;
        let erases = self.notes.iter().any(Notes::erases);
        audit::append_notes(&mut self.conn, caller, std::mem::take(&mut self.notes))?;
        <Conn as TransactionManager<Conn>>::commit_transaction(&mut self.conn)?;
        self.is_open = false;
        if erases {
            cut_journal(&mut self.conn);
        }
        Ok(())
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("notes", &self.notes).finish_non_exhaustive()
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.is_open {
            // Where this fails the connection is broken, and the pool drops it.
            let _ = <Conn as TransactionManager<Conn>>::rollback_transaction(&mut *self.conn);
        }
    }
}

/// Cuts the journal of an embedded database off, in which what was erased stands until it is written over.
/// The erasure holds either way: where another program reads for seconds, the next one cuts more.
fn cut_journal(conn: &mut Conn) {
    if let Conn::Sqlite(sqlite) = conn {
        let _ = sqlite.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

/// PostgreSQL is told who acts as it begins.
///
/// Diesel's own `BEGIN` is deferred: under load SQLite then refuses the later upgrade to a write
/// lock, whatever the busy timeout.
fn begin(conn: &mut Conn, caller: &Caller<'_>) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        }
        Conn::Pg(pg) => wall::begin(pg, caller)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Who;
    use crate::authz::testing::caller;
    use crate::conn::testing::on_postgres;
    use diesel::RunQueryDsl;

    fn asks(conn: &mut Conn) -> Result<(), StoreError> {
        diesel::sql_query("SELECT 1").execute(conn)?;
        Ok(())
    }

    /// As a server does that is started anew.
    fn close_all(address: &Address) {
        let all = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        diesel::sql_query(all).execute(&mut address.connect().unwrap()).unwrap();
    }

    #[test]
    fn a_server_that_was_started_anew_is_found_again() {
        on_postgres("anew", |address| {
            let store = Store::open(address.clone(), 4).unwrap();
            store.migrate().unwrap();
            let nobody = caller(Who::Nobody);
            let reads = || store.read(&nobody, |az| asks(az.conn()));
            let open_all = || (0..4).map(|_| store.pool.get().unwrap()).collect::<Vec<_>>().len();

            assert_eq!(open_all(), 4);
            close_all(address);
            store.peek(asks).unwrap();

            assert_eq!(open_all(), 4);
            close_all(address);
            reads().unwrap();

            let torn: Result<(), StoreError> = store.read(&nobody, |az| {
                close_all(address);
                asks(az.conn())
            });
            assert!(matches!(torn, Err(StoreError::Unavailable(_))), "{torn:?}");
            reads().unwrap();
            assert_eq!(open_all(), 4, "none is lost for good");
        });
    }
}
