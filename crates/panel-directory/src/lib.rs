//! Agencies' directories: what is asked of them over HTTP, and whether to believe the answer.
//!
//! The only crate that calls other machines over HTTP, and only those whose address an administrator gave. It
//! knows neither accounts nor database: it fills the port [`Directories`] of the use cases.

mod desk;
mod http;
mod metadata;
mod token;

pub use desk::Desk;
#[doc(no_inline)]
pub use panel_app::directory::Directories;
