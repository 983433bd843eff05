//! Forms.

/// The name under which a form's buttons say which of them was pressed.
pub const PRESSED: &str = "do";
