//! Pages.

pub mod body;
pub mod controls;
pub mod dates;
pub mod facts;
#[cfg(test)]
mod golden;
pub mod lists;
pub mod page;
pub mod paging;
pub mod parts;
pub mod sheet;
pub mod site;
pub mod table;
pub mod templates;
pub mod words;

pub use body::Body;
pub use page::{Page, Section, Viewer};
pub use parts::{Banner, Button, Colour, Link, Tag};
pub use sheet::{Act, Sheet};
pub use site::{Settings, Site};
pub use templates::{Templates, ViewError};
