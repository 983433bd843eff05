//! Which pages there are to be looked at: what people find by following links, by route.

use crate::journey::stage::Stage;
use panel_web::routes::table;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A route's path, and every path found that leads there.
pub(crate) type Found = BTreeMap<&'static str, BTreeSet<String>>;

/// The routes that a browser opens.
pub(crate) fn pages() -> Vec<&'static str> {
    let rows = table();
    let opened = rows.iter().filter(|row| row.method == "GET" && !row.path.starts_with("/api/"));
    opened.map(|row| row.path).collect()
}

/// The route that a path leads to; a route in plain words leads over one with a name in it.
pub(crate) fn route_of(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |route: &&str| {
        let all: Vec<&str> = route.split('/').collect();
        all.len() == parts.len()
            && all.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
    };
    pages().into_iter().filter(fits).min_by_key(|route| route.matches('{').count())
}

/// How many pages of a route are worth a look in one round: where a name in the path says what the
/// page is for, each is another page.
fn most(route: &str) -> usize {
    match route {
        "/actions/{action}/{act}" => 14,
        "/referrals/drafts/{draft}/{part}" => 6,
        "/referrals/drafts/{draft}/{list}/{place}" => 3,
        "/actions/{action}" | "/requests/{request}" => 2,
        _ => 1,
    }
}

/// Follows every link from these pages on, as a person who is signed in, and keeps what was found.
#[track_caller]
pub(crate) fn follow(stage: &Stage<'_>, who: &str, from: &[&str]) -> Found {
    let mut found = Found::new();
    let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    while let Some(path) = waiting.pop_front() {
        let Some(route) = route_of(&path) else { continue };
        let known = found.entry(route).or_default();
        if known.len() >= most(route) || known.contains(&path) {
            continue;
        }
        let answer = stage.visitor(who).open(&path);
        let html = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        if answer.status().as_u16() != 200 || !html.is_some_and(|kind| kind.contains("text/html")) {
            continue;
        }
        known.insert(path.clone());
        let page = panel_tests::paper::Paper::new(&path, answer.text().unwrap());
        for (_, href) in page.links() {
            let to = href.split(['?', '#']).next().unwrap_or_default();
            if to.starts_with('/') {
                waiting.push_back(to.to_owned());
            }
        }
    }
    found.retain(|_, paths| !paths.is_empty());
    found
}
