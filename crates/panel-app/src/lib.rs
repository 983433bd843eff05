//! The verbs of Panel. Each authorises, loads, decides by core's rules, saves, and leaves its audit
//! and outbox rows, all in one transaction.
//!
//! A page, the JSON interface and the command line all call the same functions of the modules below
//! with a [`Ctx`]: who asks, and the one instant at which they ask.

mod app;
mod clock;
pub mod connections;
mod context;
mod error;
mod passwords;
mod random;
mod sealed;
mod totp;
mod webauthn;

pub mod accounts;
pub mod actions;
pub mod agencies;
pub mod agenda;
pub mod attestation;
pub mod audit;
pub mod budget;
pub mod calendar;
pub mod cases;
pub mod clearing;
pub mod completion;
pub mod directory;
pub mod drafts;
pub mod glass;
pub mod handling;
pub mod imports;
pub mod information;
pub mod installation;
pub mod keys;
pub mod live;
pub mod meetings;
pub mod minutes;
pub mod notes;
pub mod notices;
pub mod pace;
pub mod panels;
pub mod passkeys;
pub mod people;
pub mod referrals;
pub mod second_factor;
pub mod series;
pub mod sign_in;
pub mod today;
pub mod users;
pub mod watch;
pub mod whereabouts;

pub use app::{App, Settings};
pub use clock::Clock;
pub use context::{Ctx, Person, Presence};
pub use error::{AppError, FieldError};
pub use panel_store::{Address, Store, StoreError, Versioned};
pub use panel_vault::{Ring, Zeroizing};
pub use random::{Ids, reference};
