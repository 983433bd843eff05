//! Test equipment: real databases, a real mail server and a real browser, each for one test.
//!
//! What a machine lacks is never passed over in silence: `cargo xtask test` provides everything and
//! turns absence into a failure, and a plain `cargo test` names each test that it did not run.

pub mod absences;
pub mod assure;
pub mod bounds;
pub mod browser;
pub mod caller;
pub mod device;
pub mod directory;
mod equipment;
pub mod logbook;
pub mod page;
pub mod paper;
pub mod pg;
pub mod picture;
pub mod program;
pub mod refusal;
pub mod site;
pub mod smtp;
pub mod world;
