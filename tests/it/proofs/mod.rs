//! What is promised to whom a case is kept from, to whoever owns nothing of it, and of everything that can
//! be typed, shown by trying: in little in each run, and at length with `PANEL_ASSURE=full`.

mod canaries;
mod catalogue;
mod crawl;
mod doors;
mod ground;
mod hand;
mod keys;
pub(crate) mod mask;
mod matrix;
mod owners;
mod price;
mod said;
mod twins;
mod typed;
mod unseen;
mod walk;
mod wire;
