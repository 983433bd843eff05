//! What a list is narrowed to, as it stands in its address: the way to take one filter off, and the
//! way to the next page.

use crate::form::Values;
use crate::view::Link;

/// A list's address with its filters.
#[derive(Debug, Clone)]
pub(crate) struct Narrowing {
    path: &'static str,
    /// The filters as they were typed, without the place in the list.
    pub(crate) values: Values,
}

impl Narrowing {
    /// The filters of a list; names in `places` say where in it a page begins.
    pub(crate) fn new(path: &'static str, mut values: Values, places: &[&str]) -> Self {
        for place in places {
            values.remove(place);
        }
        Self { path, values }
    }

    /// Whether anything is filtered.
    pub(crate) fn is_any(&self) -> bool {
        self.values.iter().any(|(_, values)| values.iter().any(|value| !value.trim().is_empty()))
    }

    /// The address with every filter but `without`, and with `more` beside them.
    pub(crate) fn href(&self, without: &str, more: &[(&str, String)]) -> String {
        let kept = self.values.iter().filter(|(name, _)| *name != without);
        let kept = kept.flat_map(|(name, values)| {
            let given = values.iter().filter(|value| !value.trim().is_empty());
            given.map(move |value| (name, value.clone()))
        });
        let more = more.iter().map(|(name, value)| (*name, value.clone()));
        let pairs: Vec<(&str, String)> = kept.chain(more).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) }
    }

    /// A link that takes one filter off, when it is set: `words` says what it is set to.
    pub(crate) fn selected(&self, name: &str, words: Option<String>) -> Option<Link> {
        Some(Link::new(self.href(name, &[]), words?))
    }
}

/// `No referral`, `1 referral`, `20 referrals`, `more than 1,000 referrals`.
pub(crate) fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        0 => format!("There are no {many}."),
        1 => format!("There is 1 {one}."),
        2..=1_000 => format!("There are {} {many}.", crate::view::grouped(&count.to_string())),
        _ => format!("There are more than 1,000 {many}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_taken_off_and_the_others_stay() {
        let values =
            Values::from_urlencoded(b"state=open&panel=&from=1%2F4%2F2026&after=x").unwrap();
        let list = Narrowing::new("/cases", values, &["after"]);
        assert_eq!(list.href("state", &[]), "/cases?from=1%2F4%2F2026");
        let next = list.href("", &[("after", "y".to_owned())]);
        assert_eq!(next, "/cases?from=1%2F4%2F2026&state=open&after=y");
    }

    #[test]
    fn counts_are_bounded() {
        assert_eq!(counted(1_000, "case", "cases"), "There are 1,000 cases.");
        assert_eq!(counted(1_001, "case", "cases"), "There are more than 1,000 cases.");
        assert_eq!(counted(1, "case", "cases"), "There is 1 case.");
    }
}
