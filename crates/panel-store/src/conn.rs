//! One connection type over both databases, chosen by the address, and the pool that hands it out.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL, in production.
    Pg(PgConnection),
    /// SQLite, embedded.
    Sqlite(SqliteConnection),
}

/// The same expression once for each database: for the few statements the derive cannot type, and for those of
/// nearly every page, which are then not written out anew for each database to choose from.
macro_rules! each_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::conn::Conn::Pg($c) => $body,
            $crate::conn::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use each_backend;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A PostgreSQL URL.
    Postgres(String),
    /// A SQLite file, or `:memory:`.
    Sqlite(String),
}

/// What was given names no database that Panel can work with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("DATABASE_URL must be a postgres:// URL that can be read, or the path of a SQLite file")]
pub struct NoDatabase;

impl Address {
    /// Tells PostgreSQL URLs from SQLite paths; `sqlite:` may stand before a path.
    ///
    /// # Errors
    /// [`NoDatabase`] for the URL of anything else, which would be taken for the name of a file.
    pub fn parse(url: &str) -> Result<Self, NoDatabase> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(url.to_owned())),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.to_owned())),
            Some((scheme, _)) if scheme != "file" => Err(NoDatabase),
            _ => Ok(Self::Sqlite(url.strip_prefix("sqlite:").unwrap_or(url).to_owned())),
        }
    }

    /// Asks once whether the database answers, so that a wrong address is told at once.
    ///
    /// # Errors
    /// [`NoDatabase`] when the URL cannot be read, which the database's own library would repeat together
    /// with its password; else that library's words.
    pub(crate) fn answers(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.connect() {
            Ok(_) => Ok(()),
            Err(error) if error.to_string().contains("://") => Err(NoDatabase.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens one connection. The derive's own `establish` would try each database in turn, and
    /// make a file named like a PostgreSQL URL when the server is down.
    ///
    /// # Errors
    /// The database's own words when it cannot be reached or prepared.
    pub fn connect(&self) -> ConnectionResult<Conn> {
        match self {
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(PG_SETTINGS)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Pg(conn))
            }
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(SQLITE_SETTINGS)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
        }
    }

    /// Whether every connection sees a database of its own, so that the pool must hold one only.
    fn is_memory(&self) -> bool {
        matches!(self, Self::Sqlite(path) if path == ":memory:" || path.is_empty())
    }
}

/// A committed change is on the disk before it is confirmed, also when the power goes.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; \
    PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; \
    PRAGMA secure_delete=ON; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;";

/// Compiling a statement takes longer than running any of ours, and the policies of the wall look costly
/// enough to be compiled. They also take longer to plan than to run: each statement is planned once for each
/// connection, whatever its values. Every list is read along an index, so that no value asks for another plan.
pub(crate) const PG_SETTINGS: &str = "SET statement_timeout='30s'; SET lock_timeout='10s'; \
    SET idle_in_transaction_session_timeout='60s'; SET TIME ZONE 'UTC'; SET jit=off; \
    SET plan_cache_mode=force_generic_plan;";

/// A connection of the pool.
pub struct Pooled {
    conn: Conn,
    is_lost: bool,
}

impl Pooled {
    /// Has the pool open another in its place. Diesel finds out by itself only inside a transaction that the
    /// server has closed a connection.
    pub(crate) fn give_up(&mut self) {
        self.is_lost = true;
    }
}

impl Deref for Pooled {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl r2d2::ManageConnection for Address {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        let conn = Self::connect(self).map_err(diesel::r2d2::Error::ConnectionError)?;
        Ok(Pooled { conn, is_lost: false })
    }

    fn is_valid(&self, conn: &mut Pooled) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.is_lost
            || std::thread::panicking()
            || each_backend!(&mut pooled.conn, |c| diesel::r2d2::R2D2Connection::is_broken(c))
    }
}

pub(crate) type Pool = r2d2::Pool<Address>;

/// A pool of `size` connections; waiting for one ends after five seconds with an error.
pub(crate) fn pool(address: Address, size: u32) -> Result<Pool, r2d2::Error> {
    let size = if address.is_memory() { 1 } else { size };
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .build(address)
}

#[cfg(test)]
pub(crate) mod testing {
    //! Which index a query uses, and databases for one test.

    use super::{Address, Conn};
    use crate::migrate;
    use crate::store::Store;
    use diesel::connection::SimpleConnection;
    use diesel::pg::PgConnection;
    use diesel::prelude::*;
    use diesel::query_builder::QueryFragment;
    use diesel::sql_types::Text;
    use diesel::sqlite::{Sqlite, SqliteQueryBuilder};

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    /// The plan of a query in SQLite's words, over the whole schema and no rows.
    #[track_caller]
    pub(crate) fn plan(query: &impl QueryFragment<Sqlite>) -> String {
        let mut conn = Address::Sqlite(":memory:".to_owned()).connect().unwrap();
        migrate::run(&mut conn).unwrap();
        let Conn::Sqlite(mut sqlite) = conn else { panic!("this is SQLite") };
        let mut sql = SqliteQueryBuilder::new();
        query.to_sql(&mut sql, &Sqlite).unwrap();
        let sql = diesel::query_builder::QueryBuilder::<Sqlite>::finish(sql);
        let steps: Vec<Step> =
            diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut sqlite).unwrap();
        steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
    }

    /// Names the maintenance database of a throw-away cluster, as for the tests of the whole product.
    const CLUSTER: &str = "PANEL_TEST_POSTGRES";

    /// Runs `work` on an empty database of its own, or says that there is no server for it.
    #[track_caller]
    pub(crate) fn on_postgres(name: &str, work: impl FnOnce(&Address)) {
        let Ok(cluster) = std::env::var(CLUSTER) else {
            eprintln!("not run: {CLUSTER} is not set; `cargo xtask test` starts a server");
            return;
        };
        let name = format!("panel_{name}_{}", std::process::id());
        let (host, _) = cluster.rsplit_once('/').unwrap();
        let mut maintenance = PgConnection::establish(&cluster).unwrap();
        maintenance.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        work(&Address::Postgres(format!("{host}/{name}")));
        maintenance.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    }

    /// Runs on a fresh database of each kind. `work` is given another connection, of the owner, for what a
    /// program cannot do.
    #[track_caller]
    pub(crate) fn on_both(name: &str, work: impl Fn(&Store, &mut Conn)) {
        let go = |address: &Address| {
            let store = Store::open(address.clone(), 8).unwrap();
            store.migrate().unwrap();
            work(&store, &mut address.connect().unwrap());
        };
        let folder = tempfile::tempdir().unwrap();
        go(&Address::Sqlite(folder.path().join("panel.db").display().to_string()));
        on_postgres(name, go);
    }
}
