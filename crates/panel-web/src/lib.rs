//! Pages and JSON over the use cases.
//!
//! [`view`] draws pages, [`form`] reads and draws forms; each begins with a guide and an example.
//! [`errors::Failure`] is what handlers fail with. The middleware, from the inside out:
//!
//! ```text
//! App::new()
//!     .app_data(Data::from(site))
//!     .configure(routes)
//!     .wrap(from_fn(session))                // puts `Viewer` and `csrf::Session` into the request
//!     .wrap(from_fn(csrf::refuse_foreign))   // another site's changes
//!     .wrap(from_fn(limits::guard))          // heads that are too large
//!     .wrap(from_fn(errors::design))         // failures become pages or problems
//!     .wrap(from_fn(headers::secure))        // the headers of every answer; panics
//! ```
//!
//! A middleware answers (`request.error_response(failure)`) and does not fail: only an answer passes
//! through [`errors::design`].

mod answer;
mod api;
pub mod assets;
pub mod csrf;
pub mod errors;
pub mod form;
pub mod headers;
pub mod limits;
pub mod logged;
mod outside;
mod pages;
mod posted;
pub mod problem;
pub mod routes;
mod server;
mod session;
pub mod view;
mod web;

pub use server::serve;
pub use web::{Letter, Letters, Web};
