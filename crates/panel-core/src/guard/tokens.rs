//! A text in pieces: runs of letters and runs of figures, each folded, with the place where it stands.

use crate::text::fold;

/// One piece of a text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Without case, accents and look-alike letters; a number in words as figures.
    pub(super) folded: String,
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether it stands at the beginning of a word, and not as the `a` of `9a` does.
    pub(super) begins_word: bool,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Figure,
    Joint,
    Between,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_numeric() => Class::Figure,
        c if c.is_alphabetic() => Class::Letter,
        // They stand within a word and are no part of it.
        '\'' | '\u{2019}' | '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}'
        | '\u{AD}' => Class::Joint,
        c if unicode_normalization::char::is_combining_mark(c) => Class::Joint,
        _ => Class::Between,
    }
}

/// Every piece of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut begun: Option<(usize, Class, bool)> = None;
    let mut before = Class::Between;
    for (at, c) in text.char_indices() {
        let class = class(c);
        if class == Class::Joint {
            continue;
        }
        if let Some((start, of, begins)) = begun.filter(|(_, of, _)| *of != class) {
            found.extend(token(text, start, at, of, begins));
            begun = None;
        }
        if begun.is_none() && class != Class::Between {
            begun = Some((at, class, before == Class::Between));
        }
        before = class;
    }
    if let Some((start, of, begins)) = begun {
        found.extend(token(text, start, text.len(), of, begins));
    }
    found
}

fn token(text: &str, start: usize, end: usize, of: Class, begins_word: bool) -> Option<Token> {
    let raw = text.get(start..end)?.trim_end_matches(|c| class(c) == Class::Joint);
    let folded: String = fold(raw).split_whitespace().collect();
    let folded = if of == Class::Letter {
        in_figures(&folded).map_or(folded.clone(), str::to_owned)
    } else {
        folded
    };
    let is_capital = raw.chars().next().is_some_and(char::is_uppercase);
    (!folded.is_empty()).then_some(Token {
        folded,
        start,
        end: start + raw.len(),
        begins_word,
        is_capital,
    })
}

/// House numbers are spelt out up to twenty.
fn in_figures(word: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 20] = [
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("eleven", "11"),
        ("twelve", "12"),
        ("thirteen", "13"),
        ("fourteen", "14"),
        ("fifteen", "15"),
        ("sixteen", "16"),
        ("seventeen", "17"),
        ("eighteen", "18"),
        ("nineteen", "19"),
        ("twenty", "20"),
    ];
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, figures)| *figures)
}
