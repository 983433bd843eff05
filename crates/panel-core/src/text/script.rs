//! Letters of one alphabet that pass for those of another, as in `Раul` with a Cyrillic beginning.

use std::borrow::Cow;

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{0000}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}')
}

/// The Latin letter that a Cyrillic or Greek letter passes for, in small letters. Those that look
/// alike as capitals only are among them, because folding makes capitals small.
const fn latin_look(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'н' | 'η' | 'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' => 'y',
        'ζ' => 'z',
        _ => return None,
    })
}

/// Whether a word has Latin letters beside letters that pass for Latin ones.
fn is_mixed(word: &str) -> bool {
    let passes = |c: char| c.to_lowercase().any(|small| latin_look(small).is_some());
    word.chars().any(is_latin) && word.chars().any(passes)
}

/// Whether any word of a name mixes alphabets in a way that deceives the eye.
pub fn mixes_alphabets(name: &str) -> bool {
    name.split(|c: char| !c.is_alphabetic()).any(is_mixed)
}

/// A folded word with every letter that passes for a Latin one made Latin, where it mixes alphabets;
/// a word that is wholly in another alphabet stays.
pub(super) fn unmixed(word: &str) -> Cow<'_, str> {
    if is_mixed(word) {
        word.chars().map(|c| latin_look(c).unwrap_or(c)).collect()
    } else {
        Cow::Borrowed(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn a_word_of_two_alphabets_folds_to_what_it_looks_like() {
        assert!(mixes_alphabets("Раul Smith"));
        assert_eq!(fold("Раul Smith"), "paul smith");
        assert_eq!(fold("SМIТН"), "smith");
    }

    #[test]
    fn a_word_of_one_alphabet_stays() {
        for name in ["Nguyễn Thị", "Анна Новак", "Ελένη", "李小龍", "Siân O’Neill", "Anna Новак"]
        {
            assert!(!mixes_alphabets(name), "{name}");
        }
        assert_eq!(fold("Анна"), "анна");
    }
}
