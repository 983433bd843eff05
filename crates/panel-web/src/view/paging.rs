//! Ways to the pages of a long list, and to the neighbours of one thing.

use super::words::Language;
use serde::Serialize;

/// A way to the pages before and after.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageLink {
    /// The address.
    pub href: String,
    /// Words instead of "Previous" and "Next".
    pub text: Option<String>,
    /// What stands there, such as a meeting's date.
    pub label: Option<String>,
    decorated: bool,
}

impl PageLink {
    /// A link to the thing that `label` names, such as a meeting's date.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: Some(label.into()), ..Self::default() }
    }

    /// A link to the pages before or after, without a name of what stands there.
    pub fn to(href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::default() }
    }

    /// Says this instead of "Previous" or "Next".
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

/// One number of the pages.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageNumber {
    /// The number.
    pub number: String,
    /// The address.
    pub href: String,
    /// What a screen reader says.
    pub label: String,
    /// Whether this page is shown now.
    pub current: bool,
    /// Whether pages are left out here.
    pub ellipsis: bool,
}

/// Numbers of pages with a way back and on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Pagination {
    label: String,
    block: bool,
    previous: Option<PageLink>,
    next: Option<PageLink>,
    items: Vec<PageNumber>,
}

impl Pagination {
    /// Pages 1 to `last` around `current`; `href` gives the address of a page.
    ///
    /// The first, the last and the neighbours are numbered, the rest left out. `None` when
    /// everything fits on one page.
    pub fn numbered(current: usize, last: usize, href: impl Fn(usize) -> String) -> Option<Self> {
        if last < 2 {
            return None;
        }
        let words = Language::English.words();
        let mut items: Vec<PageNumber> = Vec::new();
        let mut shown = 0;
        for page in
            (1..=last).filter(|page| *page == 1 || *page == last || page.abs_diff(current) <= 1)
        {
            if page > shown + 1 {
                items.push(PageNumber { ellipsis: true, ..PageNumber::default() });
            }
            items.push(PageNumber {
                number: page.to_string(),
                href: href(page),
                label: format!("{} {page}", words.page_number),
                current: page == current,
                ellipsis: false,
            });
            shown = page;
        }
        let link = |page: usize| PageLink { href: href(page), ..PageLink::default() };
        Some(Self {
            previous: (current > 1).then(|| link(current - 1)),
            next: (current < last).then(|| link(current + 1)),
            ..Self::of(items)
        })
    }

    /// The thing before and the thing after, without numbers.
    pub fn around(previous: Option<PageLink>, next: Option<PageLink>) -> Self {
        let decorate = |link: PageLink| PageLink { decorated: link.label.is_none(), ..link };
        Self {
            block: true,
            previous: previous.map(decorate),
            next: next.map(decorate),
            ..Self::of(Vec::new())
        }
    }

    fn of(items: Vec<PageNumber>) -> Self {
        let label = Language::English.words().pagination.to_owned();
        Self { label, items, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(current: usize, last: usize, expected: &str) {
        let pages = Pagination::numbered(current, last, |page| format!("?page={page}")).unwrap();
        let shown: Vec<String> = pages
            .items
            .iter()
            .map(|item| match (item.ellipsis, item.current) {
                (true, _) => "…".to_owned(),
                (_, true) => format!("[{}]", item.number),
                _ => item.number.clone(),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn far_pages_are_left_out() {
        check(1, 3, "[1] 2 3");
        check(6, 42, "1 … 5 [6] 7 … 42");
        check(42, 42, "1 … 41 [42]");
        assert!(Pagination::numbered(1, 1, |_| String::new()).is_none());
    }
}
