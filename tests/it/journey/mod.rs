//! Whole cycles as people live through them: over the pages, with real mail, on a clock that is moved
//! by hand. Only what people get is looked at.

pub(crate) mod acts;
mod leaks;
pub(crate) mod stage;
pub(crate) mod story;
pub(crate) mod watch;
