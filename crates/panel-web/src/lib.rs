//! Pages and JSON over the use cases.

pub mod assets;
pub mod form;
pub mod view;
