//! What can go wrong with the database, told apart by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error};
use panel_core::budget::Spent;

/// A failure of the database. Absence is never one: queries return `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken: somebody else was first, or the same thing was done before.
    #[error("already there")]
    Taken,
    /// A row points at nothing, or a rule of the schema is broken.
    #[error("a constraint of the database refused the change")]
    Refused(#[source] Error),
    /// No connection in time, or a lock held too long: try again.
    #[error("the database is busy or away")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database holds a schema this program does not know.
    #[error("the database was made by a newer version of Panel ({0})")]
    NewerSchema(String),
    /// The database holds an older schema, and nobody asked to migrate.
    #[error("the database needs {0} migrations: run `panel migrate`")]
    NeedsMigration(usize),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
    /// A stored document could not be read back.
    #[error("a stored value could not be read: {0}")]
    Unreadable(String),
    /// The caller has opened or taken as much as she may, or was slowed. Nothing was read or changed.
    #[error("a bound of reading was reached")]
    Spent(Spent),
    /// Anything else: a fault of ours.
    #[error("the database failed")]
    Failed(#[source] Error),
}

impl StoreError {
    /// Whether the server closed the connection, so that another may do.
    pub(crate) fn is_lost(&self) -> bool {
        let Self::Unavailable(source) = self else { return false };
        matches!(
            source.downcast_ref(),
            Some(Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            ))
        )
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Taken,
            Error::DatabaseError(
                DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::NotNullViolation,
                _,
            ) => Self::Refused(error),
            Error::DatabaseError(
                DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) => Self::Unavailable(Box::new(error)),
            Error::DatabaseError(_, info) if waited_too_long(info.message()) => {
                Self::Unavailable(Box::new(error))
            }
            _ => Self::Failed(error),
        }
    }
}

/// Whether a database says that something took longer than it may: SQLite of its file, PostgreSQL of a lock or a
/// statement. Diesel hands on their words and no code.
fn waited_too_long(message: &str) -> bool {
    ["database is locked", "due to lock timeout", "due to statement timeout", "deadlock detected"]
        .iter()
        .any(|words| message.contains(words))
}

impl From<r2d2::Error> for StoreError {
    fn from(error: r2d2::Error) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
