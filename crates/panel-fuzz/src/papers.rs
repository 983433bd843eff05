//! Checkpoints and exports of the audit log, which may come from anywhere.

use crate::{Parser, seeds, text};
use chrono::{DateTime, Duration};
use panel_app::audit::{Header, Line, Outside, verify_export};
use panel_core::audit::checkpoint::{Checkpoint, SecretKey, Statement};
use panel_core::audit::seal::{Event, Hash, Seal};
use panel_core::id::{AuditId, Id, LogId};
use uuid::Uuid;

/// Checkpoints in a letter or a file.
pub(crate) const CHECKPOINTS: Parser =
    Parser { name: "checkpoints", reads: checkpoints, seeds: signed };
/// An export that is verified without the database.
pub(crate) const EXPORT: Parser = Parser { name: "export", reads: export, seeds: exports };

fn checkpoints(bytes: &[u8]) {
    let Ok(found) = Checkpoint::read_all(&text(bytes)) else { return };
    let shown: String = found.iter().map(ToString::to_string).collect();
    assert_eq!(Checkpoint::read_all(&shown), Ok(found), "a checkpoint is read as it is shown");
}

fn export(bytes: &[u8]) {
    let _ = verify_export(bytes, 1, &Outside::default());
}

/// A log of three rows, with the checkpoint over it.
fn log() -> (Statement, Vec<(Seal, Event)>) {
    let log = LogId::from_uuid(Uuid::from_u128(1));
    let (mut head, mut rows) = (Hash::genesis(log), Vec::new());
    let began = DateTime::from_timestamp_millis(1_775_000_000_000).unwrap_or_default();
    for (seq, number) in (1..=3).zip(1_u128..) {
        let at = began + Duration::seconds(seq);
        let event = Event {
            id: AuditId::from_uuid(Uuid::from_u128((0x019D << 112) | number)),
            at,
            kind: "consultation".to_owned(),
            deed: "case.show".to_owned(),
            actor: Some(Uuid::from_u128(7)),
            agency: None,
            on_behalf: false,
            panel: None,
            case: Some(Uuid::from_u128(8)),
            subject_kind: "case".to_owned(),
            subject: None,
            cases: String::new(),
            detail: "words".to_owned(),
            request: Uuid::from_u128(9),
        };
        let seal = Seal::forge(seq, at, &event, head);
        head = seal.hash;
        rows.push((seal, event));
    }
    (Statement { log, size: 3, at: began, head }, rows)
}

fn signed() -> Vec<Vec<u8>> {
    let (says, _) = log();
    let signed = SecretKey::from_seed([1; 32]).map(|key| key.sign(says).to_string());
    let signed = signed.unwrap_or_default();
    let letter = format!("Dear auditor,\n\n> {}\nYours\n{signed}", signed.replace('\n', "\n> "));
    seeds(&[&signed, &letter, &signed.replace("size 3", "size 99999999999999999999")])
}

fn exports() -> Vec<Vec<u8>> {
    let (says, rows) = log();
    let header = Header { panel_audit_export: 1, log: says.log, size: 3, head: says.head };
    let line = |(seal, event): (Seal, Event)| {
        serde_json::to_string(&Line { seal, event: Some(event) }).unwrap_or_default()
    };
    let first = serde_json::to_string(&header).unwrap_or_default();
    let whole: Vec<String> = std::iter::once(first).chain(rows.into_iter().map(line)).collect();
    let cut = whole.iter().take(2).cloned().collect::<Vec<_>>();
    seeds(&[&whole.join("\n"), &cut.join("\n"), "{}"])
}
