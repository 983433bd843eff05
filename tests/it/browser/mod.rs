//! The pages in a real browser: what each is like for everybody, and whole paths through them.

mod directory;
mod every_page;
mod paths;
mod signing_in;
mod ways;
mod window;
