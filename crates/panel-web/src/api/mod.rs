//! The JSON interface: the same use cases as the pages, for programs with a person's token.

pub(crate) mod me;
