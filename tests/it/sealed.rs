//! The sealed audit log: the worker keeps it, others hold it to what they were given, and it can be
//! verified without the database.

use crate::casework::{Accepted, accept};
use panel_app::audit::{self, Outside, Report};
use panel_app::{cases, users};
use panel_core::audit::checkpoint::{Checkpoint, SecretKey};
use panel_core::audit::verify::{Finding, Tampering};
use panel_core::audit::{AuditKind, Deed, Purpose, SubjectKind};
use panel_notify::{Arrived, Mailbox, Post, Sender, Service, Witness, Worker};
use panel_tests::assure::figure;
use panel_tests::on_both;
use panel_tests::refusal::{not_found, rule};
use panel_tests::world::{ADMINISTRATOR, CHAIR, COORDINATOR, POLICE_LEAD, World, day};
use std::io::Cursor;
use std::sync::Arc;

on_both!(
    what_was_done_is_sealed_by_the_worker_and_found_sound,
    a_checkpoint_goes_to_a_file_and_once_a_working_day_to_agency_leads,
    a_lead_whose_seat_has_ended_is_sent_none,
    a_checkpoint_that_is_not_signed_by_the_key_is_refused,
    an_export_is_verified_without_the_database_and_stands_in_the_log,
    mail_that_was_sent_stands_in_the_log,
);

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32]).unwrap()
}

/// A worker with a mailbox, which signs checkpoints when it has a witness.
pub(crate) fn worker(world: &World, witness: Option<Witness>) -> (Worker, Mailbox) {
    let mailbox = Mailbox::new();
    let post = Post {
        sender: Sender::parse("Panel <panel@mail.example>").unwrap(),
        public_url: "https://panel.example".to_owned(),
    };
    let service = Service {
        store: world.app.store.clone(),
        ids: world.app.ids.clone(),
        holidays: world.app.holidays.clone(),
    };
    let worker = Worker::new(service, mailbox.clone().into(), post, "keeper".to_owned()).unwrap();
    (worker.witnessed_by(witness), mailbox)
}

#[track_caller]
pub(crate) fn run(world: &World, worker: &mut Worker) {
    worker.run_until_idle(world.app.clock.now().unwrap()).unwrap();
    // What the last letters left in the log.
    worker.run_once(world.app.clock.now().unwrap()).unwrap();
}

#[track_caller]
fn verify(world: &World, checkpoints: &[Checkpoint]) -> Report {
    let outside = Outside { checkpoints: checkpoints.to_vec(), keys: vec![key(1).public()] };
    audit::verify(&world.app, 1, &outside).unwrap()
}

fn witness(folder: &tempfile::TempDir) -> Witness {
    let file = Some(folder.path().join("checkpoints"));
    Witness { key: Arc::new(key(1)), file }
}

fn of_log(letter: &Arrived) -> bool {
    letter.subject.contains("audit log")
}

fn what_was_done_is_sealed_by_the_worker_and_found_sound(world: &World) {
    let nothing = verify(world, &[]);
    assert_eq!((nothing.finding, nothing.size), (None, 0));
    let case = accept(world, &Accepted::default());
    cases::show(&world.by(COORDINATOR), case).unwrap();
    assert!(verify(world, &[]).waiting > 0, "nobody has sealed it yet");
    let (mut worker, _) = worker(world, None);
    run(world, &mut worker);
    let report = verify(world, &[]);
    assert_eq!(report.finding, None);
    assert!(report.size > 10 && report.waiting == 0, "{report:?}");
    cases::show(&world.by(CHAIR), case).unwrap();
    run(world, &mut worker);
    assert_eq!(verify(world, &[]).size, report.size + 1);
}

fn a_checkpoint_goes_to_a_file_and_once_a_working_day_to_agency_leads(world: &World) {
    let case = accept(world, &Accepted::default());
    let folder = tempfile::tempdir().unwrap();
    let (mut worker, mailbox) = worker(world, Some(witness(&folder)));
    run(world, &mut worker);
    world.set("2026-04-01 11:00");
    run(world, &mut worker);
    let arrived: Vec<Arrived> = mailbox.letters().into_iter().filter(of_log).collect();
    let [letter] = arrived.as_slice() else { panic!("one letter a day: {arrived:?}") };
    assert_eq!(letter.to, POLICE_LEAD);
    let mailed = Checkpoint::read_all(&letter.body).unwrap();
    let filed = std::fs::read_to_string(folder.path().join("checkpoints")).unwrap();
    let filed = Checkpoint::read_all(&filed).unwrap();
    assert!(filed.contains(&mailed[0]) && filed.len() > 1, "{filed:?}");
    assert_eq!(verify(world, &filed).finding, None);
    world.set("2026-04-02 09:00");
    cases::show(&world.by(COORDINATOR), case).unwrap();
    run(world, &mut worker);
    // Good Friday.
    world.set("2026-04-03 09:00");
    run(world, &mut worker);
    assert_eq!(mailbox.letters().into_iter().filter(of_log).count(), 2);
    let keys = audit::list(&world.by(ADMINISTRATOR), Purpose::Integrity, None, None, 500).unwrap();
    let keys: Vec<_> = keys.iter().filter(|row| row.kind == AuditKind::Key).collect();
    assert_eq!(keys.len(), 1, "the key is noted when it first signs");
    assert_eq!(keys[0].detail, key(1).public().to_string());
}

fn a_lead_whose_seat_has_ended_is_sent_none(world: &World) {
    world.town();
    let folder = tempfile::tempdir().unwrap();
    let (mut worker, mailbox) = worker(world, Some(witness(&folder)));
    world.set("2026-04-01 07:00");
    run(world, &mut worker);
    let lead = world.by(POLICE_LEAD).user();
    let (seat, _) = users::show(&world.operator(), lead).unwrap().seats.remove(0);
    users::end_seat(&world.operator(), lead, seat.id, day("2026-04-01")).unwrap();
    world.set("2026-04-02 09:00");
    run(world, &mut worker);
    assert!(!mailbox.letters().iter().any(of_log));
}

fn a_checkpoint_that_is_not_signed_by_the_key_is_refused(world: &World) {
    world.town();
    let folder = tempfile::tempdir().unwrap();
    let (mut worker, _) = worker(world, Some(witness(&folder)));
    run(world, &mut worker);
    let file = std::fs::read_to_string(folder.path().join("checkpoints")).unwrap();
    let honest = Checkpoint::read_all(&file).unwrap()[0];
    assert_eq!(verify(world, &[honest]).finding, None);
    let forged = key(2).sign(honest.says);
    let outside = Outside { checkpoints: vec![forged], keys: vec![key(1).public()] };
    let (code, _) = rule(audit::verify(&world.app, 1, &outside));
    assert_eq!(code, "checkpoint_not_signed");
    // By another key than is given, those in the database are not what they say either.
    let outside = Outside { checkpoints: Vec::new(), keys: vec![key(2).public()] };
    let report = audit::verify(&world.app, 1, &outside).unwrap();
    assert_eq!(report.finding.map(|found| found.class), Some(Tampering::Forged));
    // One that tells of more rows than there are shows that the end is gone.
    let mut says = honest.says;
    says.size += 1_000;
    let more = key(1).sign(says);
    let cut = verify(world, &[more]);
    assert_eq!(cut.finding.map(|found| found.class), Some(Tampering::Truncated));
    // And one of another history of the same length, that it was written anew.
    let mut says = honest.says;
    says.head = panel_core::audit::seal::Hash::genesis(says.log);
    let other = key(1).sign(says);
    let rewritten = verify(world, &[other]);
    assert_eq!(rewritten.finding.map(|found| found.class), Some(Tampering::Rewritten));
}

fn an_export_is_verified_without_the_database_and_stands_in_the_log(world: &World) {
    let mut file = Vec::new();
    let ctx = world.by(ADMINISTRATOR);
    let (code, _) = rule(audit::export(&ctx, Purpose::Integrity, &mut file));
    assert_eq!(code, "nothing_sealed");
    accept(world, &Accepted::default());
    let (mut worker, _) = worker(world, None);
    run(world, &mut worker);
    not_found(audit::export(&world.by(COORDINATOR), Purpose::Integrity, &mut file));
    let header = audit::export(&ctx, Purpose::Integrity, &mut file).unwrap();
    let log = audit::list(&ctx, Purpose::Integrity, None, None, 5).unwrap();
    let noted = log.iter().find(|row| row.kind == AuditKind::Export).unwrap();
    assert_eq!(noted.detail, format!("{} rows; integrity", header.size));
    let text = String::from_utf8(file).unwrap();
    let judge = |text: &str| {
        let read = Cursor::new(text.as_bytes().to_vec());
        audit::verify_export(read, 1, &Outside::default()).unwrap()
    };
    let sound = judge(&text);
    assert_eq!((sound.finding, sound.size), (None, header.size));
    let mut lines: Vec<&str> = text.lines().collect();
    let edited = lines[3].replace("\"on_behalf\":false", "\"on_behalf\":true");
    let cut = lines[..lines.len() - 1].join("\n");
    let cut = judge(&cut).finding;
    assert_eq!(cut, Some(Finding { seq: header.size, class: Tampering::Truncated }));
    lines[3] = &edited;
    let edited = judge(&lines.join("\n")).finding;
    assert_eq!(edited, Some(Finding { seq: 3, class: Tampering::Edited }));
}

fn mail_that_was_sent_stands_in_the_log(world: &World) {
    world.town();
    let (mut worker, mailbox) = worker(world, None);
    run(world, &mut worker);
    let log = audit::list(&world.by(ADMINISTRATOR), Purpose::Integrity, None, None, 500).unwrap();
    let sent = log.iter().filter(|row| row.kind == AuditKind::Mail);
    let sent: Vec<&str> = sent.map(|row| row.detail.as_str()).collect();
    assert_eq!(sent, vec!["invitation sent"; mailbox.letters().len()]);
}

/// A million rows, in memory that does not grow. Run by hand, for it takes minutes to write them.
#[test]
#[ignore = "the full form: `cargo xtask assure verify`"]
fn assure_a_million_rows_are_verified_in_fifteen_seconds() {
    let rows = std::env::var("PANEL_ROWS").ok().and_then(|rows| rows.parse().ok());
    let rows: usize = rows.unwrap_or(1_000_000);
    let go = |database: &str, world: &World| {
        for _ in 0..rows / 1_000 {
            world.pass(chrono::Duration::seconds(1));
            crate::series::rows(world, |az| {
                for _ in 0..1_000 {
                    let (kind, subject) = (AuditKind::Alteration, SubjectKind::Case);
                    let deed = Deed::new(kind, "case.correct", subject, None);
                    az.did(deed.at(world.town().panel).with("some words of detail"));
                }
                Ok(())
            });
        }
        let (mut worker, _) = worker(world, None);
        run(world, &mut worker);
        let began = std::time::Instant::now();
        let report = audit::verify(&world.app, 1, &Outside::default()).unwrap();
        let took = began.elapsed();
        let seconds = took.as_secs_f64();
        figure(database, format!("{} rows in {seconds:.1} s", report.size));
        assert_eq!(report.finding, None);
        assert!(usize::try_from(report.size).unwrap() >= rows);
        assert!(took.as_secs() < 15, "{took:?}");
    };
    go("SQLite", &World::sqlite());
    if let Some(world) = World::postgres() {
        go("PostgreSQL", &world);
    }
}
