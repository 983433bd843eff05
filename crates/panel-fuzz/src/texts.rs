//! Names, notes, addresses and numbers, and what is looked for in them.

use crate::{Parser, seeds, text, today};
use panel_core::contact::{Postcode, Telephone};
use panel_core::guard::Guard;
use panel_core::id::{CaseId, UserId};
use panel_core::likeness::Record;
use panel_core::text::{EmailAddress, Name, Note, fold};
use panel_core::tracker::names::split;

/// Names and notes, and how alike two names are.
pub(crate) const TEXTS: Parser = Parser { name: "texts", reads: texts, seeds: words };
/// Postcodes, telephone numbers, e-mail addresses and ids.
pub(crate) const CONTACTS: Parser = Parser { name: "contacts", reads: contacts, seeds: numbers };
/// Texts that are looked through before a paper leaves.
pub(crate) const GUARD: Parser = Parser { name: "guard", reads: guard, seeds: addresses };

fn texts(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(name) = Name::parse(&text) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(&name), "a name is taken again");
    }
    if let Ok(note) = Note::parse(&text) {
        assert_eq!(Note::parse(note.as_str()).as_ref(), Ok(&note), "a note is taken again");
    }
    let _ = fold(&text);
    let _ = split(&text);
    let (one, other) = text.split_once(' ').unwrap_or((&text, ""));
    let left = Record::new(one, other, Some(today())).living_at(other, one).known_as(&text);
    let right = Record::new(other, one, None).living_at(one, other);
    let _ = (left.compare(&right), left.keys(), right.search_keys());
}

fn contacts(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(postcode) = Postcode::parse(&text) {
        assert_eq!(Postcode::parse(postcode.as_str()).as_ref(), Ok(&postcode), "taken again");
    }
    if let Ok(number) = Telephone::parse(&text) {
        assert_eq!(Telephone::parse(number.as_str()).as_ref(), Ok(&number), "taken again");
    }
    let _ = EmailAddress::parse(&text);
    if let Ok(id) = text.parse::<CaseId>() {
        assert_eq!(id.to_string().parse(), Ok(id), "an id is read as it is shown");
    }
    let _ = text.parse::<UserId>();
}

fn guard(bytes: &[u8]) {
    let text = text(bytes);
    for find in Guard::default().finds(&text) {
        assert!(text.contains(&find.words), "what is found is shown as it was typed");
    }
}

fn words() -> Vec<Vec<u8>> {
    seeds(&[
        "O'Brien",
        "Nguyễn Thị",
        "李小龍",
        "Smith, John (known as Jack)",
        "Zoe\u{308}",
        "Ze/\u{fffd}a\u{11}\u{11}\u{308}",
        "\u{202e}gnp.exe",
        "\u{200b}Zero\u{2060}",
        "a\r\nb",
        "Раul Smith",
        "👩‍👩‍👧‍👦 family",
        "MacDonald-Ffoulkes",
    ])
}

fn numbers() -> Vec<Vec<u8>> {
    seeds(&[
        "SW1A1AA",
        "sw1a 1aa",
        "ZZ99 3VZ",
        "BF1 0AA",
        "GIR 0AA",
        "+44 (0)7700 900123",
        "07700 900123 ext. 5",
        "0044 7700 900123",
        "rep@police.example",
        "a@[127.0.0.1]",
        "a@localhost",
        "0198f0a4-0000-7000-8000-000000000001",
    ])
}

fn addresses() -> Vec<Vec<u8>> {
    seeds(&[
        "She moved to 9 Lark Close, ZZ99 2AA.",
        "Call 07700 900 123 or (0) 7700-900124",
        "Flat 2b, 14-16 High Street",
        "S W 1 A 1 A A",
        "O7700 9OO l23",
        "St Agnes school",
        "twelve Lark Road",
    ])
}
