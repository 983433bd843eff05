//! Text that was checked once, at the edge: single lines, narratives and e-mail addresses.
//!
//! Lengths are counted in characters as a reader counts them (grapheme clusters). Text is stored as
//! it was typed, in composed form (NFC); nothing is escaped here, because templates escape.

mod script;

pub use script::mixes_alphabets;

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Why a piece of text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was typed, or only blanks of some kind.
    #[error("nothing was entered")]
    Empty,
    /// More characters than the field holds.
    #[error("must be {max} characters or fewer, this is {was}")]
    TooLong {
        /// The most the field takes.
        max: usize,
        /// What was typed.
        was: usize,
    },
    /// A control character, a line break in a single line, or a mark that turns text around.
    #[error("must not contain hidden control characters (U+{0:04X})")]
    Hidden(u32),
    /// A letter carrying more marks than any script uses.
    #[error("must not stack more than {MAX_MARKS} marks on one letter")]
    Stacked,
    /// Not an address that mail can be sent to.
    #[error("must be an email address in the correct format, like name@example.org")]
    NotAnAddress,
}

/// Combining marks allowed on one letter; Vietnamese and pointed Hebrew stay well below.
const MAX_MARKS: usize = 8;

/// Whether a character overrides, embeds or isolates a reading direction: harmless in a script,
/// treacherous in a name.
pub const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without any width that only confuse matching. Joiners stay: some scripts need them.
const fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || is_zero_width(c)
        || matches!(c, '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{2800}')
}

fn check_marks(text: &str) -> Result<(), TextError> {
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            return Err(TextError::Stacked);
        }
    }
    Ok(())
}

fn bounded(text: String, max: usize) -> Result<String, TextError> {
    if text.chars().all(is_blank) {
        return Err(TextError::Empty);
    }
    // A grapheme is at least a byte, so a short string needs no count.
    if text.len() > max {
        let was = text.graphemes(true).count();
        if was > max {
            return Err(TextError::TooLong { max, was });
        }
    }
    check_marks(&text)?;
    Ok(text)
}

/// One line of at most `MAX` characters, such as a name or a title.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Takes one line: trims it, collapses runs of blanks, composes it, drops zero-width characters.
    ///
    /// # Errors
    /// [`TextError`] when it is empty, longer than `MAX`, or holds control or direction characters.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        if let Some(c) = raw.trim().chars().find(|c| c.is_control() || turns_text(*c)) {
            return Err(TextError::Hidden(u32::from(c)));
        }
        // What is left out first cannot stand between a letter and its mark afterwards.
        let clean: String = raw.chars().filter(|c| !is_zero_width(*c)).nfc().collect();
        let words: Vec<&str> = clean.split_whitespace().collect();
        bounded(words.join(" "), MAX).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Several lines of at most `MAX` characters together, such as notes and reasons.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Narrative<const MAX: usize>(String);

impl<const MAX: usize> Narrative<MAX> {
    /// Takes several lines: unifies line ends, drops control characters, trims the ends.
    ///
    /// # Errors
    /// [`TextError`] when it is empty, longer than `MAX`, or stacks marks.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        let shown = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        let clean: String = unified.chars().filter(shown).nfc().collect();
        bounded(clean.trim().to_owned(), MAX).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_impls {
    ($($name:ident),+) => {$(
        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl<const MAX: usize> AsRef<str> for $name<MAX> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> String {
                text.0
            }
        }
        impl<'de, const MAX: usize> Deserialize<'de> for $name<MAX> {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let raw = String::deserialize(d)?;
                Self::parse(&raw).map_err(serde::de::Error::custom)
            }
        }
    )+};
}
text_impls!(Line, Narrative);

#[cfg(feature = "openapi")]
mod schema {
    //! Text is known to the interface by its greatest length.

    use super::{EmailAddress, Line, Narrative};
    use crate::schema::bounded_text;
    use std::borrow::Cow;
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::Schema;
    use utoipa::{PartialSchema, ToSchema};

    macro_rules! text_schema {
        ($($name:ident),+) => {$(
            impl<const MAX: usize> PartialSchema for $name<MAX> {
                fn schema() -> RefOr<Schema> {
                    bounded_text(MAX)
                }
            }
            impl<const MAX: usize> ToSchema for $name<MAX> {
                fn name() -> Cow<'static, str> {
                    format!("{}{MAX}", stringify!($name)).into()
                }
            }
        )+};
    }
    text_schema!(Line, Narrative);

    crate::schema!(EmailAddress, crate::schema::formatted("email", "name@example.org"));
}

/// A name, a title, a reference: one line of up to 150 characters.
pub type Name = Line<150>;
/// A heading or the wording of an action: one line of up to 500 characters.
pub type Title = Line<500>;
/// A reason, a note, an answer: up to 4,000 characters.
pub type Note = Narrative<4_000>;
/// What was said about a case: up to 20,000 characters.
pub type LongNote = Narrative<20_000>;

/// Words by which addresses of offices, lists and programs are named.
const SHARED: [&str; 20] = [
    "admin",
    "all",
    "contact",
    "distribution",
    "duty",
    "enquiries",
    "enquiry",
    "everyone",
    "group",
    "helpdesk",
    "inbox",
    "info",
    "mailbox",
    "mailer",
    "office",
    "postmaster",
    "reception",
    "referrals",
    "shared",
    "team",
];

/// An address that a message can be sent to, in the form it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes a plain ASCII address with a dotted, named domain.
    ///
    /// Domain literals, `localhost` and look-alike letters from other scripts are refused: each is
    /// accepted by mail libraries and none belongs to an agency.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] over 254 characters, else [`TextError::NotAnAddress`].
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > 254 {
            return Err(TextError::TooLong { max: 254, was: text.chars().count() });
        }
        let (local, domain) = text.rsplit_once('@').ok_or(TextError::NotAnAddress)?;
        if is_local_part(local) && is_named_domain(domain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::NotAnAddress)
        }
    }

    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which two addresses are the same.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether the address is likely to be nobody's own: a mailbox that several people read, or one that
    /// nobody does.
    pub fn looks_shared(&self) -> bool {
        let local = self.0.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let mut words = local.split(|c: char| !c.is_ascii_alphabetic());
        let bare: String = local.chars().filter(char::is_ascii_alphabetic).collect();
        bare.starts_with("noreply")
            || bare.starts_with("donotreply")
            || words.any(|word| SHARED.contains(&word))
    }

    /// Whether the address lies in `suffix` or below it, on whole labels: `kent.police.uk` lies in
    /// `police.uk`, `notpolice.uk` does not.
    pub fn is_within(&self, suffix: &str) -> bool {
        let Some((_, domain)) = self.0.rsplit_once('@') else { return false };
        let (domain, suffix) = (domain.to_ascii_lowercase(), suffix.to_ascii_lowercase());
        domain == suffix || domain.strip_suffix(&suffix).is_some_and(|rest| rest.ends_with('.'))
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
}

fn is_named_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let named_top = labels.last().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    labels.len() >= 2 && named_top && labels.iter().all(is_label)
}

/// The form in which names are searched and compared: lower case, without accents, apostrophes,
/// hyphens or double blanks. `O’Neill`, `O'NEILL` and `oneill` fold to one; `Siân` folds to `sian`;
/// a word that mixes alphabets folds to what it looks like.
pub fn fold(text: &str) -> String {
    let bare: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_zero_width(*c))
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{02BC}' => None,
            '-' | '\u{2010}'..='\u{2015}' | '_' | '.' | ',' => Some(' '),
            'ø' => Some('o'),
            'ł' => Some('l'),
            'đ' => Some('d'),
            'ı' => Some('i'),
            other => Some(other),
        })
        .collect();
    bare.split_whitespace().map(script::unmixed).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(raw: &str) -> Result<String, TextError> {
        Name::parse(raw).map(String::from)
    }

    #[test]
    fn names_of_every_script_are_taken_unchanged() {
        for name in ["O'Brien", "D’Arcy", "Nguyễn Thị", "李小龍", "ap Rhys", "X", "Siân"]
        {
            assert_eq!(line(name), Ok(name.to_owned()));
        }
        assert!(line(&"a".repeat(150)).is_ok());
    }

    #[test]
    fn blanks_of_any_kind_count_as_empty() {
        for blank in ["", "   ", "\u{a0}\u{a0}", "\u{3164}", "\u{200b}"] {
            assert_eq!(line(blank), Err(TextError::Empty), "{blank:?}");
        }
    }

    #[test]
    fn hidden_characters_are_refused_in_a_line_and_dropped_from_a_narrative() {
        for bad in ["a\u{0}b", "a\r\nb", "a\u{202e}b", "a\u{7f}b"] {
            assert!(matches!(line(bad), Err(TextError::Hidden(_))), "{bad:?}");
        }
        assert_eq!(Note::parse("a\u{0}\r\nb").map(String::from), Ok("a\nb".to_owned()));
    }

    #[test]
    fn what_is_dropped_leaves_a_text_that_is_taken_again_as_it_is() {
        let apart = Note::parse("a\u{11}\u{308}").unwrap();
        assert_eq!(apart.as_str(), "ä");
        assert_eq!(line("e\u{200b}\u{301}"), Ok("é".to_owned()));
    }

    #[test]
    fn length_is_counted_as_a_reader_counts() {
        let family = "👨‍👩‍👧‍👦".repeat(150);
        assert!(line(&family).is_ok());
        assert_eq!(line(&"a".repeat(151)), Err(TextError::TooLong { max: 150, was: 151 }));
        assert_eq!(line(&format!("z{}", "\u{301}".repeat(100))), Err(TextError::Stacked));
    }

    #[test]
    fn composed_and_decomposed_names_are_one() {
        assert_eq!(line("Zoe\u{308}"), line("Zoë"));
        assert_eq!(fold("Siân O’NEILL-Parry"), "sian oneill parry");
    }

    #[test]
    fn addresses_that_no_agency_has_are_refused() {
        for good in ["a.b@police.example.org", "x+y@kent.police.uk", "n@charity.org.uk.cjsm.net"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "b@localhost",
            "b@[127.0.0.1]",
            "b@1.2",
            "a b@x.org",
            "a@pоlice.uk",
            "@x.org",
            "a@x..org",
            "a\r\n@x.org",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(TextError::NotAnAddress), "{bad}");
        }
    }

    #[test]
    fn a_mailbox_of_several_people_is_told_from_a_person_s() {
        let shared = |local: &str| {
            EmailAddress::parse(&format!("{local}@police.example.org")).unwrap().looks_shared()
        };
        for several in
            ["no-reply", "NoReply2", "do.not.reply", "matac.team", "info", "dv-referrals"]
        {
            assert!(shared(several), "{several}");
        }
        for one in ["z.ash", "j.teamer", "w.hall2", "infante", "officer.krupke"] {
            assert!(!shared(one), "{one}");
        }
    }

    #[test]
    fn a_domain_suffix_matches_on_label_boundaries() {
        let within = |raw: &str| EmailAddress::parse(raw).is_ok_and(|a| a.is_within("police.uk"));
        assert!(within("a@police.uk") && within("a@kent.Police.uk"));
        assert!(!within("a@notpolice.uk") && !within("a@police.uk.example.com"));
    }
}
