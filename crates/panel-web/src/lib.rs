//! Pages and JSON over the use cases.

mod answer;
pub mod assets;
pub mod form;
mod pages;
pub mod routes;
mod session;
pub mod view;
mod web;

pub use web::Web;
