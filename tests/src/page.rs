//! What an answer says, as the text that a browser is sent.

use crate::world::must;
use reqwest::blocking::Response;

/// The text of an answer that must have this status and hold these words.
///
/// # Panics
/// When it has not.
#[track_caller]
pub fn says(answer: Response, status: u16, words: &[&str]) -> String {
    let came = answer.status().as_u16();
    let page = must(answer.text());
    assert_eq!(came, status, "{page}");
    holds(&page, words);
    page
}

/// Tries that a page holds all of these words.
///
/// # Panics
/// When one is not there.
#[track_caller]
pub fn holds(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "{words:?} is not on the page:\n{page}");
    }
}

/// The value of the first hidden field of this name.
///
/// # Panics
/// When there is none.
#[track_caller]
pub fn mark(page: &str, name: &str) -> String {
    hidden(page, name).unwrap_or_else(|| panic!("no hidden {name} in\n{page}"))
}

/// The form of a page that leads to `action`.
///
/// # Panics
/// When there is none.
#[track_caller]
pub fn form_to<'a>(page: &'a str, action: &str) -> &'a str {
    form(page, action).unwrap_or_else(|| panic!("no form to {action} in\n{page}"))
}

/// The hidden marks that are sent along with what is filled in at `action`: the token, the submission's
/// number, the version, and the digest of what was shown.
pub(crate) fn marks(page: &str, action: &str) -> Vec<(String, String)> {
    // What a script sends has no form of its own, and takes the page's first marks.
    let form = form(page, action).unwrap_or(page);
    let found = ["csrf", "operation", "version", "digest"].map(|name| (name, hidden(form, name)));
    found.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn form<'a>(page: &'a str, action: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("action=\"{action}\""))?;
    Some(rest.split_once("</form>").map_or(rest, |(form, _)| form))
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}
