//! Tasks run on the source.
fn main() {}
