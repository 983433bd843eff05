//! What differs between two answers although nothing tells them apart: ids, tokens, addresses of ports.

use std::collections::HashMap;
use std::fmt::Write as _;

/// Gives each id the number of its first appearance, so that the answers of two worlds can be compared.
/// Ids sort as they were made, so that what is ordered by them is in the same order in both.
#[derive(Debug, Default)]
pub(crate) struct Mask {
    seen: HashMap<String, usize>,
    /// Every id, in the order in which they were seen.
    pub(super) ids: Vec<String>,
}

const ID: usize = 36;
const TOKEN: usize = 64;

fn is_id(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == ID
        && text.bytes().enumerate().all(|(at, b)| {
            if dash(at) { b == b'-' } else { b.is_ascii_hexdigit() && !b.is_ascii_uppercase() }
        })
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl Mask {
    /// The text with a number in the place of each id, and none of the tokens.
    pub(crate) fn over(&mut self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let skip = if let Some(id) = rest.get(..ID).filter(|id| is_id(id)) {
                write!(masked, "#{}", self.number(id)).unwrap();
                ID
            } else if rest.get(..TOKEN).is_some_and(is_token) {
                masked.push_str("#token");
                TOKEN
            } else {
                masked.push(c);
                c.len_utf8()
            };
            rest = rest.split_at(skip).1;
        }
        masked
    }

    /// Every id in a text.
    pub(super) fn ids_in(text: &str) -> Vec<String> {
        let mut mask = Self::default();
        mask.over(text);
        mask.ids
    }

    fn number(&mut self, id: &str) -> usize {
        if let Some(number) = self.seen.get(id) {
            return *number;
        }
        let number = self.ids.len();
        self.ids.push(id.to_owned());
        self.seen.insert(id.to_owned(), number);
        number
    }
}

#[test]
fn ids_become_numbers_and_tokens_nothing() {
    let mut mask = Mask::default();
    let (a, b) = ("0198f0a4-0000-7000-8000-000000000001", "0198f0a4-0000-7000-8000-000000000002");
    let token = "5e".repeat(32);
    let text = format!("/cases/{b}?x={a} {b} csrf={token} €");
    assert_eq!(mask.over(&text), "/cases/#0?x=#1 #0 csrf=#token €");
    assert_eq!(mask.ids, [b, a]);
}
