//! The mail server, as lettre sees it in each mode.

use std::time::Instant;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::*;

fn message() -> Message {
    Message::builder()
        .from("panel@example.org".parse().unwrap())
        .to("rep@example.org".parse().unwrap())
        .subject("Three actions")
        .body(String::from("Line one\r\n.\r\nLine three"))
        .unwrap()
}

fn transport(server: &SmtpServer) -> SmtpTransport {
    let mut builder = SmtpTransport::from_url(&server.url()).unwrap();
    if let Some(pem) = server.authority_pem() {
        let authority = Certificate::from_pem(pem.as_bytes()).unwrap();
        let parameters = TlsParameters::builder("localhost".to_owned())
            .add_root_certificate(authority)
            .build()
            .unwrap();
        builder = builder.tls(match server.setup.security {
            Security::Tls => Tls::Wrapper(parameters),
            _ => Tls::Required(parameters),
        });
    }
    builder.build()
}

fn send(server: &SmtpServer) -> Result<(), Error> {
    transport(server).send(&message()).map(drop)
}

#[track_caller]
fn check(setup: Setup, over_tls: bool, user: Option<&str>) {
    let server = SmtpServer::start_with(setup).unwrap();
    send(&server).unwrap();
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].from, "panel@example.org");
    assert_eq!(mails[0].to, ["rep@example.org"]);
    assert!(mails[0].text.contains("Subject: Three actions\r\n"), "{}", mails[0].text);
    assert!(mails[0].text.contains("Line one\r\n.\r\nLine three"), "{}", mails[0].text);
    assert_eq!(mails[0].over_tls, over_tls);
    assert_eq!(mails[0].user.as_deref(), user);
}

fn credentials() -> (String, String) {
    ("panel".to_owned(), "secret".to_owned())
}

#[test]
fn mail_arrives_in_the_clear() {
    check(Setup { security: Security::Plain, credentials: None }, false, None);
    check(
        Setup { security: Security::Plain, credentials: Some(credentials()) },
        false,
        Some("panel"),
    );
}

#[test]
fn mail_arrives_after_starttls() {
    check(Setup { security: Security::StartTls, credentials: None }, true, None);
    check(
        Setup { security: Security::StartTls, credentials: Some(credentials()) },
        true,
        Some("panel"),
    );
}

#[test]
fn mail_arrives_over_tls_from_the_first_byte() {
    check(Setup { security: Security::Tls, credentials: None }, true, None);
    check(Setup { security: Security::Tls, credentials: Some(credentials()) }, true, Some("panel"));
}

#[test]
fn a_stranger_or_a_wrong_password_sends_nothing() {
    let setup = Setup { security: Security::Plain, credentials: Some(credentials()) };
    let server = SmtpServer::start_with(setup).unwrap();
    for user in ["", "panel:wrong@"] {
        let url = format!("smtp://{user}localhost:{}", server.address().port());
        let transport = SmtpTransport::from_url(&url).unwrap().build();
        let error = transport.send(&message()).unwrap_err();
        assert!(error.is_permanent(), "{error}");
    }
    assert_eq!(server.mails(), []);
}

#[test]
fn an_untrusted_certificate_is_refused_by_the_client() {
    let setup = Setup { security: Security::StartTls, credentials: None };
    let server = SmtpServer::start_with(setup).unwrap();
    let transport = SmtpTransport::from_url(&server.url()).unwrap().build();
    let error = transport.send(&message()).unwrap_err();
    assert!(format!("{error:?}").contains("UnknownIssuer"), "{error:?}");
    assert_eq!(server.mails(), []);
}

#[test]
fn a_refused_recipient_is_refused_for_good() {
    let server = SmtpServer::start().unwrap();
    server.behave(Behaviour::Refuse(vec!["rep@example.org".to_owned()]));
    for _ in 0..2 {
        let error = send(&server).unwrap_err();
        assert!(error.is_permanent(), "{error}");
    }
    server.behave(Behaviour::Refuse(vec!["other@example.org".to_owned()]));
    send(&server).unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[test]
fn a_greylisted_pair_is_taken_the_second_time() {
    let server = SmtpServer::start().unwrap();
    server.behave(Behaviour::Greylist);
    let error = send(&server).unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(server.mails(), []);
    send(&server).unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[test]
fn a_reset_before_the_end_keeps_nothing() {
    let server = SmtpServer::start().unwrap();
    server.behave(Behaviour::ResetBeforeDataEnd);
    let error = send(&server).unwrap_err();
    assert!(!error.is_permanent(), "{error}");
    assert_eq!(server.mails(), []);
    send(&server).unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[test]
fn a_reset_after_the_end_keeps_what_the_client_thinks_lost() {
    let server = SmtpServer::start().unwrap();
    server.behave(Behaviour::ResetAfterDataEnd);
    let error = send(&server).unwrap_err();
    assert!(!error.is_permanent(), "{error}");
    assert_eq!(server.mails().len(), 1);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_slow_server_is_slow_and_ends_with_its_test() {
    let server = SmtpServer::start().unwrap();
    let delay = Duration::from_millis(20);
    server.behave(Behaviour::Slow(delay));
    let started = Instant::now();
    send(&server).unwrap();
    // EHLO, MAIL, RCPT, DATA and the end of the mail each have an answer.
    assert!(started.elapsed() >= delay * 5, "{:?}", started.elapsed());
    server.behave(Behaviour::Slow(Duration::from_hours(1)));
    let mut waiting = TcpStream::connect(server.address()).unwrap();
    std::io::Write::write_all(&mut waiting, b"EHLO localhost\r\n").unwrap();
    drop(server);
    assert!(started.elapsed() < Duration::from_mins(1));
}

#[test]
fn waiting_for_mail_ends_with_the_mail_or_with_patience() {
    let server = SmtpServer::start().unwrap();
    let error = server.wait_for(1, Duration::from_millis(10)).unwrap_err();
    assert_eq!(error.to_string(), "0 of 1 mails arrived in 10ms");
    thread::scope(|scope| {
        scope.spawn(|| send(&server).unwrap());
        assert_eq!(server.wait_for(1, Duration::from_secs(30)).unwrap().len(), 1);
    });
}
