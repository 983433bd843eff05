//! Pages and JSON over the use cases.

pub mod assets;
pub mod csrf;
pub mod errors;
pub mod form;
pub mod headers;
pub mod limits;
pub mod problem;
pub mod view;
