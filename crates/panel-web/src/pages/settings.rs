//! The way to everything that is set rather than done.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::{Link, Page, Sheet};
use crate::web::Asker;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/settings", Manages => show)]
}

async fn show(asker: Asker) -> Answer {
    let mut sheet = Sheet::new("Settings");
    let mut items = vec![Link::new("/panels", "Panels")];
    if asker.person().actor.administrator {
        items.push(Link::new("/agencies", "Agencies"));
        items.push(Link::new("/users", "People who use Panel"));
    }
    items.push(Link::new("/audit", "Audit log"));
    sheet = sheet.links(items);
    asker.page(&Page::new("Settings").section_start("settings"), "pages/sheet", &sheet)
}
