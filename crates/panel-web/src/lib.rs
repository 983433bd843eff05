//! Pages and JSON over the use cases.

mod answer;
pub mod assets;
mod failures;
pub mod form;
pub mod headers;
mod pages;
mod posted;
mod problem;
pub mod routes;
mod server;
mod session;
pub mod view;
mod web;

pub use server::serve;
pub use web::Web;
