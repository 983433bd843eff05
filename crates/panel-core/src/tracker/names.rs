//! Names and postcodes as a tracker writes them.

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

/// A postcode in the usual form: `cb44hh` is `CB4 4HH`. What is not a British postcode is kept in
/// capitals as it was typed.
pub fn postcode(typed: &str) -> String {
    let upper = tidy(typed).to_uppercase();
    let plain: Vec<char> = upper.chars().filter(char::is_ascii_alphanumeric).collect();
    let Some((outward, inward)) =
        plain.len().checked_sub(3).and_then(|at| plain.split_at_checked(at))
    else {
        return upper;
    };
    let is_inward = matches!(inward, [digit, one, two]
        if digit.is_ascii_digit() && one.is_ascii_alphabetic() && two.is_ascii_alphabetic());
    let is_outward = (2..=4).contains(&outward.len())
        && outward.first().is_some_and(char::is_ascii_alphabetic)
        && outward.iter().any(char::is_ascii_digit);
    if is_inward && is_outward {
        format!("{} {}", outward.iter().collect::<String>(), inward.iter().collect::<String>())
    } else {
        upper
    }
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

    #[test]
    fn postcodes_are_brought_to_their_usual_form() {
        for (typed, usual) in [
            ("cb44hh", "CB4 4HH"),
            (" PE29  7HN", "PE29 7HN"),
            ("SW1A1AA", "SW1A 1AA"),
            ("ZZ99 3VZ", "ZZ99 3VZ"),
            ("bfpo 801", "BFPO 801"),
            ("75001", "75001"),
            ("nfa", "NFA"),
            ("", ""),
        ] {
            assert_eq!(postcode(typed), usual, "{typed:?}");
        }
    }
}
