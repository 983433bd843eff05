//! Letters over a real mail server: protection, refusals, resets and two workers at once.

use super::desk::{Desk, as_person, at, worker};
use panel_core::outbox::MessageState;
use panel_notify::{Limits, Mailer, Smtp, Taken, Worker};
use panel_store::outbox::{self, SentRow};
use panel_tests::on_both;
use panel_tests::smtp::{Behaviour, Security, Setup, SmtpServer};
use panel_tests::world::{ADMINISTRATOR, HOUSING, POLICE, PROBATION, World, must};
use std::time::Duration;

fn mailer(server: &SmtpServer) -> Mailer {
    must(Smtp::new(&server.url(), server.authority_pem())).into()
}

/// A desk with one action due tomorrow for each of three people, and a worker that mails them.
#[track_caller]
fn desk_with_mail<'w>(world: &'w World, server: &SmtpServer) -> (Desk<'w>, Worker) {
    let desk = Desk::new(world);
    let town = world.town();
    for (agency, owner) in
        [(town.housing, HOUSING), (town.police, POLICE), (town.probation, PROBATION)]
    {
        desk.action(agency, Some(owner), "2026-04-02");
    }
    (desk, worker(world, "mailing", mailer(server)))
}

#[track_caller]
fn log(world: &World) -> Vec<SentRow> {
    as_person(world, ADMINISTRATOR, |az| outbox::log(az, None, 3))
}

fn recipients(server: &SmtpServer) -> Vec<String> {
    let mut to: Vec<String> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    to
}

fn each_letter_has_one_recipient_and_they_share_a_connection(world: &World) {
    let server = must(SmtpServer::start());
    let (_desk, mut worker) = desk_with_mail(world, &server);
    assert_eq!(must(worker.run_until_idle(at("2026-04-01 09:00"))).sent, 3);
    assert_eq!(recipients(&server), [HOUSING, POLICE, PROBATION]);
    assert_eq!(server.connections(), 1);
    for mail in server.mails() {
        assert_eq!((mail.from.as_str(), mail.to.len()), ("panel@mail.example", 1));
        assert!(mail.text.contains("Auto-Submitted: auto-generated\r\n"), "{}", mail.text);
        assert!(mail.text.contains("Content-Type: text/plain; charset=utf-8\r\n"));
        assert!(mail.text.contains("Date: Wed, 01 Apr 2026 08:00:00 +0000\r\n"));
    }
}

fn a_refused_recipient_fails_alone(world: &World) {
    let server = must(SmtpServer::start());
    server.behave(Behaviour::Refuse(vec![POLICE.to_owned()]));
    let (_desk, mut worker) = desk_with_mail(world, &server);
    let tally = must(worker.run_until_idle(at("2026-04-01 09:00")));
    assert_eq!((tally.sent, tally.failed), (2, 1));
    assert_eq!(recipients(&server), [HOUSING, PROBATION]);
    let failed: Vec<SentRow> =
        log(world).into_iter().filter(|row| row.state == MessageState::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].last_error, "550", "a code, and nothing of what the server said");
}

fn a_greylisted_letter_goes_with_the_next_attempt(world: &World) {
    let server = must(SmtpServer::start());
    server.behave(Behaviour::Greylist);
    let (_desk, mut worker) = desk_with_mail(world, &server);
    let tally = must(worker.run_until_idle(at("2026-04-01 09:00")));
    assert_eq!((tally.sent, tally.retried), (0, 3));
    assert_eq!(must(worker.run_until_idle(at("2026-04-01 09:00"))).sent, 0, "not before a minute");
    assert_eq!(must(worker.run_until_idle(at("2026-04-01 09:02"))).sent, 3);
    assert_eq!(recipients(&server), [HOUSING, POLICE, PROBATION]);
}

fn message_ids(server: &SmtpServer) -> Vec<String> {
    let of = |text: String| {
        let line = text.lines().find(|line| line.starts_with("Message-ID: "));
        line.expect("every letter has one").to_owned()
    };
    let mut ids: Vec<String> = server.mails().into_iter().map(|mail| of(mail.text)).collect();
    ids.sort();
    ids
}

fn a_line_that_breaks_before_the_letter_was_taken_costs_nothing(world: &World) {
    let server = must(SmtpServer::start());
    let (_desk, mut worker) = desk_with_mail(world, &server);
    server.behave(Behaviour::ResetBeforeDataEnd);
    let tally = must(worker.run_until_idle(at("2026-04-01 09:00")));
    assert_eq!((tally.sent, tally.retried), (2, 1));
    assert_eq!(must(worker.run_until_idle(at("2026-04-01 09:02"))).sent, 1);
    assert_eq!(recipients(&server), [HOUSING, POLICE, PROBATION]);
}

fn a_line_that_breaks_after_it_leads_to_a_second_copy_with_the_same_id(world: &World) {
    let server = must(SmtpServer::start());
    let (_desk, mut worker) = desk_with_mail(world, &server);
    server.behave(Behaviour::ResetAfterDataEnd);
    must(worker.run_until_idle(at("2026-04-01 09:00")));
    must(worker.run_until_idle(at("2026-04-01 09:02")));
    let mut ids = message_ids(&server);
    assert_eq!(ids.len(), 4, "nothing is lost, one came twice");
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

fn a_worker_that_dies_between_sending_and_settling_leads_to_a_copy_with_the_same_id(world: &World) {
    let server = must(SmtpServer::start());
    let (desk, mut dying) = desk_with_mail(world, &server);
    desk.remind(false);
    let Taken::Letter(in_hand) = must(dying.take(at("2026-04-01 09:00"))) else { panic!() };
    dying.send(&in_hand, at("2026-04-01 09:00"));
    drop(dying);
    assert_eq!(server.mails().len(), 1);
    let mut next = worker(world, "next", mailer(&server));
    assert_eq!(must(next.run_until_idle(at("2026-04-01 09:01"))).sent, 2);
    assert_eq!(must(next.run_until_idle(at("2026-04-01 09:06"))).sent, 1);
    let mut ids = message_ids(&server);
    assert_eq!(ids.len(), 4);
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

fn letters_travel_protected_and_signed_in_where_that_is_asked_for(world: &World) {
    let desk = Desk::new(world);
    for (security, on) in [(Security::StartTls, "2026-04-01"), (Security::Tls, "2026-04-07")] {
        let credentials = Some(("panel".to_owned(), "quiet".to_owned()));
        let server = must(SmtpServer::start_with(Setup { security, credentials }));
        world.set(&format!("{on} 09:30"));
        desk.action(world.town().housing, Some(HOUSING), on);
        let mut worker = worker(world, "mailing", mailer(&server));
        assert_eq!(must(worker.run_until_idle(desk.now())).sent, 1, "{security:?}");
        let mail = server.mails().pop().expect("it arrived");
        assert!(mail.over_tls);
        assert_eq!(mail.user.as_deref(), Some("panel"));
    }
}

fn a_server_with_the_wrong_certificate_gets_no_letter(world: &World) {
    let (_desk, _) = desk_with_mail(world, &must(SmtpServer::start()));
    for (security, time) in
        [(Security::StartTls, "2026-04-01 09:00"), (Security::Tls, "2026-04-01 09:02")]
    {
        let server = must(SmtpServer::start_with(Setup { security, credentials: None }));
        // The worker trusts the authority of another server.
        let other = must(SmtpServer::start_with(Setup { security, credentials: None }));
        let smtp = must(Smtp::new(&server.url(), other.authority_pem()));
        let mut worker = worker(world, "mailing", smtp.into());
        let tally = must(worker.run_once(at(time)));
        assert_eq!((tally.sent, tally.retried), (0, 3), "{security:?}");
        assert_eq!(server.mails(), []);
    }
    assert!(log(world).iter().all(|row| row.state == MessageState::Pending));
}

fn a_server_without_protection_gets_no_letter_where_it_is_asked_for(world: &World) {
    let server = must(SmtpServer::start());
    let (_desk, _) = desk_with_mail(world, &server);
    let url = server.url().replace("smtp://", "smtp+starttls://");
    let mut worker = worker(world, "mailing", must(Smtp::new(&url, None)).into());
    assert_eq!(must(worker.run_once(at("2026-04-01 09:00"))).retried, 3);
    assert_eq!(server.mails(), []);
}

fn a_wrong_password_waits_until_it_is_put_right(world: &World) {
    let server = must(SmtpServer::start_with(Setup {
        security: Security::StartTls,
        credentials: Some(("panel".to_owned(), "quiet".to_owned())),
    }));
    let (_desk, _) = desk_with_mail(world, &server);
    let url = server.url().replace("quiet", "loud");
    let smtp = must(Smtp::new(&url, server.authority_pem()));
    let mut wrong = worker(world, "wrong", smtp.into());
    assert_eq!(must(wrong.run_once(at("2026-04-01 09:00"))).retried, 3);
    let mut right = worker(world, "right", mailer(&server));
    assert_eq!(must(right.run_until_idle(at("2026-04-01 09:02"))).sent, 3);
}

fn a_server_that_says_nothing_is_given_up_in_time(world: &World) {
    let server = must(SmtpServer::start());
    server.behave(Behaviour::Slow(Duration::from_secs(20)));
    let (_desk, _) = desk_with_mail(world, &server);
    let moment = Duration::from_millis(200);
    let limits = Limits { connect: moment, welcome: moment, reply: moment, letter: moment };
    let smtp = must(Smtp::new(&server.url(), None)).within(limits);
    let mut worker = worker(world, "mailing", smtp.into());
    assert_eq!(must(worker.run_once(at("2026-04-01 09:00"))).retried, 3);
    assert!(log(world).iter().all(|row| row.last_error == "timeout"));
}

fn three_days_without_a_mail_server_are_one_letter_each(world: &World) {
    let (mut desk, _) = desk_with_mail(world, &must(SmtpServer::start()));
    let gone = must(SmtpServer::start()).url();
    let mut worker = worker(world, "mailing", must(Smtp::new(&gone, None)).into());
    // Tries through the days: a digest ends with its day, and what it was to tell waits.
    for time in ["2026-04-01 09:00", "2026-04-01 18:00", "2026-04-02 08:00", "2026-04-07 08:00"] {
        world.set(time);
        assert_eq!(must(worker.run_until_idle(at(time))).sent, 0, "{time}");
    }
    let late = "You have 1 action overdue since 2 April";
    let heard = desk.run_at("2026-04-08 08:00");
    assert_eq!(heard.len(), 3);
    assert!(heard.iter().all(|(_, subject)| subject == late), "{heard:?}");
}

fn n4_two_workers_run_together_and_send_each_letter_once(world: &World) {
    let server = must(SmtpServer::start());
    let desk = Desk::new(world);
    let town = world.town();
    let agencies = [town.police, town.probation, town.housing, town.idva];
    for number in 0..40 {
        let email = format!("worker{number:02}@police.example");
        let seat = (town.panel, panel_core::access::Role::Representative);
        world.person(&email, "Robin Vale", town.police, Some(seat));
        desk.action(agencies[number % 4], Some(&email), "2026-04-02");
    }
    let mut workers: Vec<Worker> =
        ["one", "two"].into_iter().map(|name| worker(world, name, mailer(&server))).collect();
    let sent: usize = std::thread::scope(|scope| {
        let running: Vec<_> = workers
            .iter_mut()
            .map(|worker| scope.spawn(|| must(worker.run_until_idle(at("2026-04-01 09:00"))).sent))
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no worker fails")).sum()
    });
    // An invitation and a digest for each of the forty.
    assert_eq!(sent, 80);
    let mut ids = message_ids(&server);
    assert_eq!(ids.len(), 80);
    ids.dedup();
    assert_eq!(ids.len(), 80);
    let again = must(workers[0].run_until_idle(at("2026-04-01 09:01")));
    assert_eq!(again.sent, 0);
}

on_both!(
    each_letter_has_one_recipient_and_they_share_a_connection,
    a_refused_recipient_fails_alone,
    a_greylisted_letter_goes_with_the_next_attempt,
    a_line_that_breaks_before_the_letter_was_taken_costs_nothing,
    a_line_that_breaks_after_it_leads_to_a_second_copy_with_the_same_id,
    a_worker_that_dies_between_sending_and_settling_leads_to_a_copy_with_the_same_id,
    letters_travel_protected_and_signed_in_where_that_is_asked_for,
    a_server_with_the_wrong_certificate_gets_no_letter,
    a_server_without_protection_gets_no_letter_where_it_is_asked_for,
    a_wrong_password_waits_until_it_is_put_right,
    a_server_that_says_nothing_is_given_up_in_time,
    three_days_without_a_mail_server_are_one_letter_each,
    n4_two_workers_run_together_and_send_each_letter_once,
);
