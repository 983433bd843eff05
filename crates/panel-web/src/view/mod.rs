//! Pages.

pub mod body;
pub mod controls;
pub mod dates;
pub mod facts;
#[cfg(test)]
mod golden;
pub mod lists;
pub mod page;
pub mod paging;
pub mod parts;
pub mod site;
pub mod table;
pub mod templates;
pub mod words;

pub use body::Body;
pub use page::{Page, Section, Viewer};
pub use parts::{Banner, Button, Colour, Link, Tag};
pub use site::{Settings, Site};
pub use templates::{Templates, ViewError};

/// Digits in groups of three: `20,000` from `20000`.
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (digits, expected) in
            [("7", "7"), ("150", "150"), ("4000", "4,000"), ("1000000", "1,000,000")]
        {
            assert_eq!(super::grouped(digits), expected);
        }
    }
}
