//! Keeps spreadsheet programs from running the text of a CSV cell as a formula.
//!
//! A dangerous cell is led by an apostrophe, as Excel itself marks text. So that reading undoes
//! writing exactly, a cell that already begins with apostrophes before something dangerous gets one
//! more: each cell then has one guarded form, and each guarded form one cell.

/// Characters by which a spreadsheet program takes a cell for a formula, with their wide forms.
const STARTERS: [char; 12] = [
    '=', '+', '-', '@', '|', '%', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{ff5c}',
    '\u{ff05}',
];

/// The text as it is written to a CSV file. NUL, which no text of Panel holds and no CSV file may,
/// is dropped.
pub(crate) fn guard(text: &str) -> String {
    let text = text.replace('\0', "");
    if is_dangerous(text.trim_start_matches('\'')) { format!("'{text}") } else { text }
}

/// The text that [`guard`] was given.
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Whether text begins like a formula, after blanks, marks without width and control characters. A
/// plain negative number is one that every program reads as a number, and stays.
fn is_dangerous(text: &str) -> bool {
    let hidden = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    let start = text.trim_start_matches(hidden);
    start.starts_with(STARTERS) && !(start.len() == text.len() && is_plain_number(text))
}

fn is_plain_number(text: &str) -> bool {
    let figures = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = figures.split_once('.').unwrap_or((figures, "0"));
    [whole, part].iter().all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn x1_cells_that_look_like_formulas_are_neutralised() {
        for starter in ["=", "+", "-", "@", "|", "%"] {
            for before in
                ["", " ", "\t", "\u{a0}", "\u{feff}", "\r\n", "\u{1}", " \u{feff}\t", "\u{200b}"]
            {
                for after in ["", "1+1", "SUM(A1)", "cmd|' /C calc'!A0", " x"] {
                    let cell = format!("{before}{starter}{after}");
                    assert_eq!(guard(&cell), format!("'{cell}"), "{cell:?}");
                }
            }
        }
        assert_eq!(guard("\0=1"), "'=1");
        assert_eq!(guard("+44 7700 900123"), "'+44 7700 900123");
        assert_eq!(guard("-1+1"), "'-1+1");
    }

    #[test]
    fn x1_ordinary_text_and_plain_numbers_are_untouched() {
        for cell in [
            "",
            "Siân O'Neill",
            "'t Hooft",
            "a=b",
            "50%",
            "x - y",
            "P25/001",
            "-5",
            "-0.75",
            "12",
            "3/4/26",
            "a|b",
            "name@police.example.org",
            "\ttext",
            "'quoted'",
        ] {
            assert_eq!(guard(cell), cell);
            assert_eq!(unguard(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_is_undone_exactly(text in "['= +\\-@|%\t\u{feff}a1.]{0,8}|[^\0]{0,30}") {
            let guarded = guard(&text);
            prop_assert_eq!(unguard(&guarded), &text);
            prop_assert!(!is_dangerous(&guarded));
        }
    }
}
