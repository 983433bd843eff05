//! The `panel` binary.
fn main() {}
