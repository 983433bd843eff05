//! Rings made of drawn bytes, and every way a sealed value can be changed or moved.

use super::*;
use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that differ at each draw and are the same in each run.
#[derive(Debug, Default)]
struct Drawn(AtomicU64);

impl IdSource for Drawn {
    fn uuid(&self, _: DateTime<Utc>) -> Uuid {
        Uuid::nil()
    }
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            for (to, from) in chunk.iter_mut().zip((state ^ (state >> 27)).to_be_bytes()) {
                *to = from;
            }
        }
    }
}

const fn place(row: u128, owner: u128) -> Place {
    let (row, owner) = (Uuid::from_u128(row), Uuid::from_u128(owner));
    Place { table: "whereabouts", column: "sealed", row, owner }
}

#[test]
fn what_is_sealed_opens_at_its_place_and_is_not_to_be_read() {
    let chance = Drawn::default();
    let ring = Ring::generate(&chance);
    let sealed = ring.seal(&chance, &place(1, 2), b"9 Lark Close");
    assert_eq!(ring.open(&place(1, 2), &sealed).unwrap().as_slice(), b"9 Lark Close");
    assert!(!sealed.windows(4).any(|window| window == b"Lark"));
    assert_ne!(ring.seal(&chance, &place(1, 2), b"9 Lark Close"), sealed);
}

#[test]
fn moved_to_another_row_record_column_or_table_it_does_not_open() {
    let chance = Drawn::default();
    let ring = Ring::generate(&chance);
    let (key, _) = ring.new_data_key(&chance, Uuid::from_u128(2));
    for n in 0..10_000_u128 {
        let home = place(n, 2);
        let sealed = key.seal(&chance, &home, b"9 Lark Close");
        let elsewhere = [
            place(n + 1, 2),
            place(n, 3),
            Place { column: "telephone", ..home },
            Place { table: "drafts", ..home },
        ];
        let opened = elsewhere.iter().filter(|other| key.open(other, &sealed).is_ok()).count();
        assert_eq!((opened, key.open(&home, &sealed).is_ok()), (0, true));
    }
}

#[test]
fn names_that_flow_together_are_different_places() {
    let at = |table, column| Place { table, column, ..place(1, 1) }.bytes();
    assert_ne!(at("ab", "c"), at("a", "bc"));
}

#[test]
fn a_changed_byte_or_a_cut_is_refused() {
    let chance = Drawn::default();
    let ring = Ring::generate(&chance);
    let sealed = ring.seal(&chance, &place(1, 1), b"07700 900 123");
    for n in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[n] ^= 1;
        assert!(ring.open(&place(1, 1), &changed).is_err(), "byte {n}");
        assert!(ring.open(&place(1, 1), &sealed[..n]).is_err(), "cut at {n}");
    }
}

#[test]
fn a_rotated_ring_opens_what_the_old_one_sealed_and_a_retired_one_does_not() {
    let chance = Drawn::default();
    let old = Ring::generate(&chance);
    let owner = Uuid::from_u128(7);
    let (key, kept) = old.new_data_key(&chance, owner);
    let field = key.seal(&chance, &place(1, 7), b"St Agnes School");
    let new = old.rotated(&chance);
    assert!(!new.is_newest(&kept));
    let resealed = new.resealed(&chance, owner, &kept).unwrap();
    assert!(new.is_newest(&resealed));
    let retired = new.retired();
    let opened = retired.data_key(owner, &resealed).unwrap().open(&place(1, 7), &field).unwrap();
    assert_eq!(opened.as_slice(), b"St Agnes School");
    assert!(matches!(retired.data_key(owner, &kept), Err(OpenError::UnknownKey(_))));
}

#[test]
fn a_key_file_reads_as_it_was_written() {
    let chance = Drawn::default();
    let ring = Ring::generate(&chance).rotated(&chance);
    let text = format!("# Keep apart\n\n{}", ring.write().as_str());
    let read = Ring::read(&text).unwrap();
    assert_eq!(read.write(), ring.write());
    let sealed = ring.seal(&chance, &place(1, 1), b"x");
    assert!(read.open(&place(1, 1), &sealed).is_ok());
    assert_eq!(read.blind("telephone", "07700900123"), ring.blind("telephone", "07700900123"));
}

#[test]
fn a_text_that_is_no_key_file_is_refused_by_line_and_never_shown() {
    let key = "00".repeat(32);
    let check = |text: &str, expected| assert_eq!(Ring::read(text).unwrap_err(), expected);
    check("", RingError::Heading);
    check("panel-keys 2\n", RingError::Heading);
    check(&format!("panel-keys 1\nmaster {key}\n"), RingError::Incomplete);
    check(&format!("panel-keys 1\nindex {key}\n"), RingError::Incomplete);
    check("panel-keys 1\n\nmaster 00ff\n", RingError::Line(3));
    check(&format!("panel-keys 1\nindex {key}\nindex {key}\n"), RingError::Line(3));
    check(&format!("panel-keys 1\nother {key}\n"), RingError::Line(2));
}

#[test]
fn a_ring_and_a_key_show_their_names_alone() {
    let chance = Drawn::default();
    let ring = Ring::generate(&chance);
    let (key, _) = ring.new_data_key(&chance, Uuid::nil());
    let shown = format!("{ring:?} {key:?}");
    assert!(shown.len() < 60, "{shown}");
    assert!(shown.contains(&ring.ids()[0].to_string()));
}

#[test]
fn a_mark_finds_equal_values_of_one_kind() {
    let chance = Drawn::default();
    let (ring, other) = (Ring::generate(&chance), Ring::generate(&chance));
    assert_eq!(ring.blind("postcode", "ZZ992AA"), ring.blind("postcode", "ZZ992AA"));
    assert_ne!(ring.blind("postcode", "ZZ992AA"), ring.blind("telephone", "ZZ992AA"));
    assert_ne!(ring.blind("postcode", "ZZ992AA"), other.blind("postcode", "ZZ992AA"));
}
