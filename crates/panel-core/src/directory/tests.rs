//! The rules of a directory, tried at their edges.

use super::*;
use crate::id::Id;
use chrono::TimeZone;
use uuid::Uuid;

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(seconds, 0).unwrap()
}

#[test]
fn an_errand_holds_for_ten_minutes_and_not_before_it_began() {
    assert!(can_be_ended(at(0), at(0)) && can_be_ended(at(0), at(600)));
    assert!(!can_be_ended(at(0), at(601)) && !can_be_ended(at(1), at(0)));
}

#[test]
fn only_machines_of_the_public_internet_are_asked() {
    let takes = |text: &str, reach: Reach| reach.takes(text.parse().unwrap());
    for public in
        ["9.9.9.9", "172.32.0.1", "100.128.0.1", "192.1.0.1", "2a00:1450::1", "::ffff:9.9.9.9"]
    {
        assert!(takes(public, Reach::Public), "{public}");
    }
    for inner in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "3fff::1",
    ] {
        assert!(!takes(inner, Reach::Public), "{inner}");
    }
    for here in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        assert!(takes(here, Reach::Loopback), "{here}");
    }
    assert!(!takes("10.0.0.1", Reach::Loopback) && !takes("169.254.169.254", Reach::Loopback));
}

#[track_caller]
fn check(raw: &str, reach: Reach, expected: Result<&str, IssuerError>) {
    let parsed = Issuer::parse(raw, reach);
    assert_eq!(parsed.as_ref().map(Issuer::host).map_err(|e| *e), expected, "{raw}");
}

#[test]
fn an_issuer_is_an_address_with_tls_and_nothing_hidden_in_it() {
    let public = Reach::Public;
    check(" https://login.example.org/tenant/v2.0 ", public, Ok("login.example.org"));
    check("https://login.example.org:8443", public, Ok("login.example.org:8443"));
    check("http://login.example.org", public, Err(IssuerError::Plain));
    check("http://127.0.0.1:9", public, Err(IssuerError::Plain));
    check("http://127.0.0.1:9/a", Reach::Loopback, Ok("127.0.0.1:9"));
    check("http://127.0.0.1.example.org", Reach::Loopback, Err(IssuerError::Plain));
    check("http://10.0.0.1", Reach::Loopback, Err(IssuerError::Plain));
    for odd in [
        "https://",
        "https:///path",
        "https://:443",
        "https://a.example/?x",
        "https://a.example/#x",
        "https://known@evil.example",
        "https://a.example\\b",
        "https://a.exämple",
        "https://a b.example",
        "https://a%2eexample",
    ] {
        check(odd, public, Err(IssuerError::Form));
    }
    check("ftp://a.example", public, Err(IssuerError::Plain));
    check(&format!("https://a.example/{}", "x".repeat(MOST)), public, Err(IssuerError::Form));
}

fn said(email: Option<&str>, is_verified: bool) -> Said {
    Said {
        subject: "s".to_owned(),
        email: email.map(str::to_owned),
        is_verified,
        signed_in_at: None,
    }
}

#[test]
fn an_address_counts_when_the_directory_vouches_for_it_and_may() {
    let domains = ["police.example".to_owned()];
    let of = |email, verified| said(email, verified).address(&domains);
    assert_eq!(of(Some(" Ann@Police.Example"), true), Ok("ann@police.example".to_owned()));
    assert_eq!(of(Some("ann@police.example"), false), Err(Refusal::Unverified));
    assert_eq!(of(None, true), Err(Refusal::Unverified));
    assert_eq!(of(Some("ann"), true), Err(Refusal::Unverified));
    for foreign in
        ["ann@fens.police.example", "ann@xpolice.example", "ann@police.example@evil.example"]
    {
        assert_eq!(of(Some(foreign), true), Err(Refusal::ForeignDomain), "{foreign}");
    }
}

#[test]
fn a_proof_is_fresh_when_it_was_given_after_the_question_but_for_a_minute_of_clocks() {
    let of = |when| Said { signed_in_at: when, ..said(None, false) }.is_fresh(at(1000), at(1100));
    assert!(of(Some(at(940))) && of(Some(at(1000))) && of(Some(at(1160))));
    assert!(!of(Some(at(939))) && !of(Some(at(1161))) && !of(None));
}

fn id<T: Id>(number: u128) -> T {
    T::from_uuid(Uuid::from_u128(number))
}

fn account(agency: u128, subject: Option<&str>, is_open: bool) -> Account {
    Account { user: id(9), agency: id(agency), subject: subject.map(str::to_owned), is_open }
}

#[test]
fn the_subject_leads_and_the_address_only_once() {
    let here = id(1);
    let new = account(1, None, true);
    let known = account(1, Some("s"), true);
    let user = id(9);
    assert_eq!(meant(here, "s", None, Ok(Some(&new))), Ok(Meant { user, is_first: true }));
    assert_eq!(meant(here, "s", Some(&known), Ok(None)), Ok(Meant { user, is_first: false }));
    let changed = Err(Refusal::Unverified);
    assert_eq!(meant(here, "s", Some(&known), changed), Ok(Meant { user, is_first: false }));
    assert_eq!(meant(here, "t", None, Ok(Some(&known))), Err(Refusal::OtherSubject));
    assert_eq!(meant(here, "t", None, Ok(None)), Err(Refusal::NoAccount));
    assert_eq!(meant(here, "t", None, Err(Refusal::Unverified)), Err(Refusal::Unverified));
    for kept in [None, Some("s")] {
        assert_eq!(
            meant(here, "s", None, Ok(Some(&account(2, kept, true)))),
            Err(Refusal::OtherAgency)
        );
        assert_eq!(
            meant(here, "s", None, Ok(Some(&account(1, kept, false)))),
            Err(Refusal::Closed)
        );
    }
    assert_eq!(
        meant(here, "s", Some(&account(2, None, true)), Ok(None)),
        Err(Refusal::OtherAgency)
    );
}
