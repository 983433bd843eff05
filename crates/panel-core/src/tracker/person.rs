//! The words of a tracker for facts about a person.

use crate::text::fold;
use crate::vocabulary::{Ethnicity, EthnicityScheme, Gender, Relationship, RelativeKind};

/// The gender that a word or a letter means.
pub(super) fn gender(words: &str) -> Option<Gender> {
    match fold(words).as_str() {
        "f" | "female" | "woman" => Some(Gender::Woman),
        "m" | "male" | "man" => Some(Gender::Man),
        "nb" | "non binary" => Some(Gender::NonBinary),
        "ns" | "not stated" => Some(Gender::NotStated),
        _ => None,
    }
}

/// The ethnicity of a police code. The longer list is asked only for codes that the usual one does
/// not have, since the two differ in what some codes leave out.
pub(super) fn ethnicity(words: &str) -> Option<Ethnicity> {
    let of = |scheme| Ethnicity::parse(scheme, words).ok();
    of(EthnicityScheme::Police16).or_else(|| of(EthnicityScheme::Police18))
}

/// The relationship that a word means, and which relative where the word tells it whichever way
/// round it is meant: a sister is a sibling, but "mother" may be either of the two.
pub(super) fn relationship(words: &str) -> Option<(Relationship, Option<RelativeKind>)> {
    use Relationship as R;
    let relative = |kind| Some((R::Relative, kind));
    let plain = match fold(words).as_str() {
        "partner" | "boyfriend" | "girlfriend" => R::Partner,
        "ex partner" | "expartner" | "former partner" | "ex boyfriend" | "ex girlfriend" | "ex" => {
            R::FormerPartner
        }
        "husband" | "wife" | "spouse" | "married" => R::Married,
        "ex husband" | "ex wife" | "divorced" => R::FormerlyMarried,
        "civil partner" => R::CivilPartners,
        "ex civil partner" => R::FormerCivilPartners,
        "fiance" | "fiancee" => R::Engaged,
        "sister" | "brother" | "sibling" => return relative(Some(RelativeKind::Sibling)),
        "mother" | "father" | "parent" | "son" | "daughter" | "child" | "grandmother"
        | "grandfather" | "relative" => return relative(None),
        _ => return None,
    };
    Some((plain, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_codes_are_read_as_they_are_meant() {
        assert_eq!((gender("M"), gender("female")), (Some(Gender::Man), Some(Gender::Woman)));
        assert_eq!((gender(""), gender("x")), (None, None));
        let scheme = |code| ethnicity(code).map(Ethnicity::scheme);
        assert_eq!(scheme("w1"), Some(EthnicityScheme::Police16));
        assert_eq!(scheme("O2"), Some(EthnicityScheme::Police18));
        assert_eq!(scheme("Z9"), None);
    }

    #[test]
    fn a_relative_is_named_only_where_the_word_tells() {
        let sibling = (Relationship::Relative, Some(RelativeKind::Sibling));
        assert_eq!(relationship("Sister"), Some(sibling));
        assert_eq!(relationship("mother"), Some((Relationship::Relative, None)));
        assert_eq!(relationship("ex-wife"), Some((Relationship::FormerlyMarried, None)));
        assert_eq!(relationship("neighbour"), None);
    }
}
