//! Pages and JSON over the use cases.

mod answer;
mod api;
pub mod assets;
pub mod csrf;
pub mod errors;
pub mod form;
pub mod headers;
pub mod limits;
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
