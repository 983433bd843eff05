//! Requests as no browser sends them, written byte by byte.

use panel_tests::site::Pages;
use panel_tests::world::World;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// Sends bytes and reads until the other side closes, or for this long.
fn send(at: &str, bytes: &[u8], most: Duration) -> (String, Duration) {
    let mut stream = TcpStream::connect(at.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(most)).unwrap();
    let begun = Instant::now();
    // The service may have hung up before all of it was sent.
    let _ = stream.write_all(bytes);
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read);
    (String::from_utf8_lossy(&read).into_owned(), begun.elapsed())
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[test]
fn whoever_sends_too_slowly_is_let_go_of() {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    let heads: [(&str, &[u8]); 3] = [
        ("half a head", b"GET / HTTP/1.1\r\nHost: panel\r\nX-"),
        (
            "half a body",
            b"POST /sign-in HTTP/1.1\r\nHost: panel\r\nContent-Length: 900\r\n\
              Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
        ),
        ("a connection", b""),
    ];
    let tried = heads.map(|(what, bytes)| {
        let at = pages.address.clone();
        thread::spawn(move || {
            let (answer, took) = send(&at, bytes, Duration::from_secs(20));
            assert!(took < Duration::from_secs(12), "{what} was held for {took:?}: {answer}");
            assert!(matches!(status(&answer), "408" | "400" | "closed"), "{what}: {answer}");
        })
    });
    for one in tried {
        one.join().unwrap();
    }
}

#[test]
fn a_request_that_cannot_be_read_one_way_is_not_read() {
    let world = World::sqlite();
    let pages = Pages::of(&world);
    let form = "Content-Type: application/x-www-form-urlencoded";
    let many = "X-A: b\r\n".repeat(10_000);
    let cases = [
        (
            "two lengths",
            format!(
                "POST /sign-in HTTP/1.1\r\nHost: p\r\n{form}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\na=b&"
            ),
        ),
        (
            "a length and pieces",
            format!(
                "POST /sign-in HTTP/1.1\r\nHost: p\r\n{form}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            "a length that is none",
            format!("POST /sign-in HTTP/1.1\r\nHost: p\r\n{form}\r\nContent-Length: -1\r\n\r\n"),
        ),
        ("a folded header", "GET /sign-in HTTP/1.1\r\nHost: p\r\nX-A: b\r\n c\r\n\r\n".to_owned()),
        (
            "a header of 100 kB",
            format!("GET /sign-in HTTP/1.1\r\nHost: p\r\nX-A: {}\r\n\r\n", "a".repeat(100_000)),
        ),
        ("ten thousand headers", format!("GET /sign-in HTTP/1.1\r\nHost: p\r\n{many}\r\n")),
        (
            "ten thousand pairs",
            format!("GET /sign-in?{} HTTP/1.1\r\nHost: p\r\n\r\n", "a=b&".repeat(10_000)),
        ),
        ("a NUL in a header", "GET /sign-in HTTP/1.1\r\nHost: p\r\nX-A: b\0c\r\n\r\n".to_owned()),
        ("no method", " /sign-in HTTP/1.1\r\n\r\n".to_owned()),
    ];
    for (what, bytes) in cases {
        let (answer, _) = send(&pages.address, bytes.as_bytes(), Duration::from_secs(2));
        let refused = matches!(status(&answer), "400" | "404" | "413" | "414" | "431" | "closed");
        assert!(refused, "{what} was answered {}", answer.lines().next().unwrap_or_default());
        assert!(!answer.contains("500"), "{what}: {answer}");
    }
    assert_eq!(pages.visitor().open("/livez").status().as_u16(), 200, "the service goes on");
}
