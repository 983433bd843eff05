//! The pages of actions, one's own work, today, reminders and leavers, without script.

mod one;
mod own;
mod register;

use panel_core::id::ActionId;
use panel_tests::site::Visitor;

/// One action.
fn at(action: ActionId) -> String {
    format!("/actions/{action}")
}

#[track_caller]
fn lacks(page: &str, words: &[&str]) {
    for words in words {
        assert!(!page.contains(words), "{words:?} is on the page:\n{page}");
    }
}

/// That somebody gets the very page of an address where nothing is.
#[track_caller]
fn is_not_there(visitor: &Visitor, path: &str) {
    let (hidden, absent) = (visitor.open(path), visitor.open("/nowhere"));
    assert_eq!(hidden.status().as_u16(), 404, "{path}");
    let (hidden, absent) = (hidden.text().unwrap(), absent.text().unwrap());
    assert!(hidden.contains("Page not found"), "{path}");
    let body = |page: &str| page.split_once("<main").map(|(_, main)| main.to_owned());
    assert_eq!(body(&hidden), body(&absent), "{path}");
}
