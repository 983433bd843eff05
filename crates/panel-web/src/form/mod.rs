//! Forms.

mod draw;
mod extract;
pub mod field;
pub mod kept;
pub mod kinds;
pub mod layout;
pub mod parse;
pub mod read;
pub mod review;
pub mod stale;
pub mod upload;
pub mod values;
pub mod view;
pub mod wording;

pub(crate) use extract::whole;
pub use extract::{Query, Upload};
pub use field::{Choice, Days, Declared, Field, Optional, Readable, Size};
pub use kept::{Kept, local_path};
pub use layout::{Form, Layout, Section};
pub use read::{FieldError, Reader, Refused};
pub use review::{CheckView, ConfirmView};
pub use stale::StaleView;
pub use values::{InputError, Values};
pub use view::{FormPage, FormView};
pub use wording::Fault;

/// The name under which a form's buttons say which of them was pressed.
pub const PRESSED: &str = "do";

/// The name under which the session's token against forged requests is sent.
pub const CSRF: &str = "csrf";

/// The name under which the id of one intended change is sent.
pub const OPERATION: &str = "operation";

/// The name under which the version of the row that the page showed is sent.
pub const VERSION: &str = "version";

#[cfg(test)]
mod tests;
#[cfg(test)]
mod view_tests;
