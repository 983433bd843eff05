//! The first page after signing in.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::Page;
use crate::web::Asker;
use serde::Serialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/", SignedIn => show)]
}

#[derive(Serialize)]
struct Home {
    name: String,
}

async fn show(asker: Asker) -> Answer {
    let view = Home { name: asker.person().name.clone() };
    asker.page(&Page::new("Today").section_start("home"), "pages/home", &view)
}
