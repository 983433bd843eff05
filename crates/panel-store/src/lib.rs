//! The only crate that knows the database.
//!
//! A caller opens [`Store::write`] or [`Store::read`], is handed an [`Authz`], and passes it to the
//! free functions of the modules below. `Conn` never leaves this crate.
#![recursion_limit = "256"]

mod authz;
mod call;
mod codes;
mod conn;
mod counted;
mod error;
mod listed;
mod migrate;
mod schema;
mod scope;
mod sql_types;
mod store;
mod wall;

pub mod actions;
pub mod agencies;
pub mod agenda;
pub mod attendance;
pub mod attestations;
pub mod audit;
pub mod budget;
pub mod cases;
pub mod clearances;
pub mod connections;
pub mod directories;
pub mod dormant;
pub mod drafts;
pub mod factors;
#[cfg(feature = "floor")]
pub mod floor;
pub mod glass;
pub mod handling;
pub mod imports;
pub mod information;
pub mod installation;
pub mod meetings;
pub mod minutes;
pub mod notes;
pub mod notices;
pub mod outbox;
pub mod panels;
pub mod passkeys;
pub mod people;
pub mod referrals;
pub mod series;
pub mod sessions;
pub mod users;
pub mod watch;
pub mod whereabouts;

pub use authz::{Authz, Caller, Who};
pub use conn::{Address, NoDatabase};
pub use error::StoreError;
pub use store::{Store, Transaction};
pub use wall::Breach;

/// A value with the version that a change must name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// The version it was read at.
    pub version: i32,
}
