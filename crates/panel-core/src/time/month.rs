//! Months by their names, as people type them.

const NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month, from 1, whose name is written out or cut to three letters or more: "Sept".
pub fn month_named(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    (name.len() >= 3).then_some(())?;
    (1..).zip(NAMES).find(|(_, month)| month.starts_with(&name)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_known_by_three_letters_or_more() {
        for (number, name) in (1..).zip(NAMES) {
            assert_eq!(month_named(name), Some(number));
            let short: String = name.chars().take(3).collect();
            assert_eq!(month_named(&short.to_uppercase()), Some(number));
        }
        assert_eq!(month_named("Sept"), Some(9));
        assert_eq!(month_named("June"), Some(6));
    }

    #[test]
    fn what_is_shorter_longer_or_misspelt_is_no_month() {
        for name in ["", "j", "ma", "sepp", "septembers", "may ", "05"] {
            assert_eq!(month_named(name), None, "{name}");
        }
    }
}
