//! Whole names as a tracker writes them.

/// A whole name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitName {
    /// The surname; the whole name when it is one word.
    pub surname: String,
    /// The forenames, if any.
    pub forename: Option<String>,
}

/// Takes a whole name apart: `Katarzyna TAYLOR`, `TAYLOR Katarzyna`, `Taylor, Katarzyna` and
/// `Katarzyna Taylor` are one. `None` for a blank name.
///
/// Words in capitals are the surname; else what stands before a comma; else the last word.
pub fn split(name: &str) -> Option<SplitName> {
    if let Some((surname, forename)) = name.split_once(',') {
        let forename = tidy(forename);
        let surname = Some(tidy(surname)).filter(|surname| !surname.is_empty())?;
        return Some(SplitName { surname, forename: (!forename.is_empty()).then_some(forename) });
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let (capitals, others): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| is_in_capitals(word));
    let (surname, forename) = if capitals.is_empty() || others.is_empty() {
        let (last, rest) = words.split_last()?;
        ((*last).to_owned(), rest.join(" "))
    } else {
        (capitals.join(" "), others.join(" "))
    };
    Some(SplitName { surname, forename: (!forename.is_empty()).then_some(forename) })
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a word is a surname in capitals: `HUGHES-PARRY`, `O'NEILL`, `McDONALD`; an initial is not.
fn is_in_capitals(word: &str) -> bool {
    let bare = word.strip_prefix("Mc").or(word.strip_prefix("Mac")).unwrap_or(word);
    let letters = bare.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, surname: &str, forename: &str) {
        let split = split(name).unwrap();
        assert_eq!(
            (split.surname.as_str(), split.forename.as_deref().unwrap_or("")),
            (surname, forename)
        );
    }

    #[test]
    fn a_name_is_taken_apart_however_it_is_written() {
        check("Katarzyna TAYLOR", "TAYLOR", "Katarzyna");
        check("TAYLOR Katarzyna", "TAYLOR", "Katarzyna");
        check("Taylor, Katarzyna Anna", "Taylor", "Katarzyna Anna");
        check("Katarzyna Anna Taylor", "Taylor", "Katarzyna Anna");
        check("Zoë O'BRIEN", "O'BRIEN", "Zoë");
        check("Donna HUGHES-PARRY", "HUGHES-PARRY", "Donna");
        check("Ann DE SOUZA", "DE SOUZA", "Ann");
        check("Ryan McDONALD", "McDONALD", "Ryan");
        check("LEE WARD", "WARD", "LEE");
        check("J SMITH", "SMITH", "J");
        check("X", "X", "");
        assert_eq!(split(" \u{a0}"), None);
    }
}
