//! What people and programs may type, by the numbers of the catalogue of bad input: taken as typed or
//! refused beside its field, never an error of ours, never markup, never a formula.

use super::ground::Ground;
use super::keys::{EVERYBODY, Key, Knocker, Reply, keys, told};
use super::said::{Described, fill, filled, offered};
use panel_tests::assure::{Dice, times};
use panel_tests::site::Pages;
use panel_tests::world::World;

/// Row of the catalogue, and what is typed.
fn catalogue() -> Vec<(u8, String)> {
    let plain: [(u8, &str); 24] = [
        (1, "<script>alert(1)</script>"),
        (2, "\"><img src=x onerror=alert(2)>"),
        (3, "{{7919*6841}} ${7919*6841} {% raw %} <%= 7919*6841 %> #{7919*6841}"),
        (4, "#import \"x\": * #read(\"/etc/passwd\") #eval(\"7919*6841\")"),
        (5, "{{> partial}} {{lookup this \"__proto__\"}} {{{html}}}"),
        (6, "</w:t><w:p>&amp;amp;\u{b}\u{fffe}"),
        (7, "a\0b\u{1}c\u{7f}d"),
        (8, "a\r\nBcc: x@evil.example"),
        (9, "\u{202e}gnp.exe\u{2066}"),
        (10, "\u{200b}Zero\u{2060}\u{feff}"),
        (11, "Раul Smith"),
        (12, "Zoe\u{308}"),
        (13, "O'Brien D’Arcy Nguyễn Thị 李小龍 ap Rhys"),
        (16, "\u{a0}\u{3164}"),
        (17, "👩‍👩‍👧‍👦"),
        (18, "(a+)+$"),
        (19, "'; DROP TABLE cases; -- % _ \\"),
        (21, "ZZ99 3VZ"),
        (22, "+44 (0)7700 900 ext. five"),
        (24, "30/2/2027"),
        (26, "10000"),
        (29, "-1"),
        (48, "=HYPERLINK(\"http://evil.example\")"),
        (59, "1%00%2e%2e%2f"),
    ];
    let mut all: Vec<(u8, String)> = plain.map(|(row, text)| (row, text.to_owned())).into();
    all.push((15, "a".repeat(300_000)));
    all.push((15, format!("z{}", "\u{301}".repeat(50_000))));
    all.push((15, "line\n".repeat(50_000)));
    all.push((73, "\t=1+1".to_owned()));
    all.push((73, "@SUM(1)".to_owned()));
    all
}

/// Somebody who types, and what she must never be shown.
struct Typist {
    ground: Ground,
    pages: Pages,
    knocker: Knocker,
    keys: Vec<Key>,
}

impl Typist {
    fn of(world: World) -> Self {
        let ground = Ground::lay(world);
        let pages = Pages::of(&ground.world);
        let keys = keys(&ground, &pages);
        Self { ground, pages, knocker: Knocker::new(), keys }
    }

    fn key(&self, who: &str) -> &Key {
        let place = EVERYBODY.iter().position(|(name, _)| *name == who).unwrap();
        &self.keys[place]
    }
}

/// An answer to what was typed: never an error of ours, and nothing of it taken for markup.
#[track_caller]
fn sound(reply: &Reply, row: u8, what: &str) {
    let statuses = [200, 201, 204, 303, 400, 404, 409, 412, 413, 415, 422];
    assert!(
        statuses.contains(&reply.status),
        "row {row}: {} by {what}\n{}",
        reply.status,
        reply.body
    );
    let page = reply.headers.contains("text/html");
    for markup in ["<script>alert", "<img src=x", "<w:p>", "\"><img"] {
        assert!(!page || !reply.body.contains(markup), "row {row}: {what} shows {markup}");
    }
    assert!(!page || !reply.body.contains("54173879"), "row {row}: {what} was worked out");
    for line in reply.headers.lines() {
        assert!(!line.to_lowercase().starts_with("bcc"), "row {row}: a header of {what}");
    }
}

#[test]
fn rows_1_to_26_and_48_in_every_field_of_every_form() {
    let typist = Typist::of(World::sqlite());
    let mut dice = Dice::seeded(11);
    let (mut sent, mut refused) = (0, 0);
    for who in ["coordinator", "representative of the police", "administrator"] {
        let key = typist.key(who);
        let at = &typist.pages.address;
        let forms = offered(at, &typist.knocker, key, times(70, 1_000));
        assert!(forms.len() > 4, "{who} is offered {:?}", forms.keys());
        for (row, text) in catalogue() {
            for form in forms.values() {
                if !dice.one_in(times(4, 1)) {
                    continue;
                }
                let mut typed = |_: &str| text.clone();
                let reply = fill(at, &typist.knocker, key, form, &mut typed, &mut dice);
                sound(&reply, row, &format!("{who} at {}", form.action));
                sent += 1;
                refused += usize::from(reply.status == 422);
            }
        }
    }
    assert!(sent > 200 && refused > 80, "{refused} of {sent} were refused");
    what_was_kept_is_shown_as_text(&typist);
}

/// Pages and files after all of that: text, and no formula.
fn what_was_kept_is_shown_as_text(typist: &Typist) {
    let key = typist.key("coordinator");
    for path in ["/", "/actions?status=", "/cases", "/referrals", "/settings", "/meetings"] {
        sound(&typist.knocker.ask(&typist.pages.address, key, "GET", path), 1, path);
    }
    let file = "/actions/export?format=csv&status=";
    let csv = typist.knocker.ask(&typist.pages.address, key, "GET", file);
    assert_eq!(csv.status, 200);
    for cell in csv.body.split([',', '\n']) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '@', '\t']), "rows 48 and 73: {cell}");
    }
}

#[test]
fn rows_1_to_26_and_57_in_every_field_that_a_program_may_send() {
    let typist = Typist::of(World::sqlite());
    let at = &typist.pages.address;
    let described = Described::read(at, &typist.knocker);
    let changes = described.changes();
    assert!(changes.len() > 50, "{} changes", changes.len());
    let mut dice = Dice::seeded(12);
    for who in ["coordinator", "administrator", "representative of the police"] {
        let key = typist.key(who);
        for (row, text) in catalogue().into_iter().filter(|(_, text)| text.len() < 100_000) {
            for (method, path, schema) in &changes {
                if !dice.one_in(times(5, 1)) || path.contains("sign-out") {
                    continue;
                }
                let body = described.value(schema, &mut |_| text.clone());
                let path = filled(&typist.ground, path);
                let request = typist.knocker.request(at, key, method, &path).json(&body);
                let reply = told(request);
                sound(&reply, row, &format!("{who} at {method} {path} with {body}"));
                if reply.status >= 400 {
                    assert!(reply.headers.contains("application/problem+json"), "{path}");
                    // A change that is stale is told what stands there now, which may be the same.
                    let is_markup = reply.status != 409
                        && reply.status != 412
                        && text.contains(['<', '{', '=']);
                    let echoed = is_markup && reply.body.contains(&*text);
                    assert!(!echoed, "row {row}: {path} repeats {text}");
                }
            }
        }
    }
}

#[test]
fn rows_14_and_59_bytes_that_are_no_text_and_addresses_that_mean_two_things() {
    let typist = Typist::of(World::sqlite());
    bytes_that_are_no_text_are_malformed(&typist);
    addresses_that_mean_two_things_are_not_found(&typist);
}

fn bytes_that_are_no_text_are_malformed(typist: &Typist) {
    let key = typist.key("coordinator");
    let at = &typist.pages.address;
    for bytes in ["query=%ff%fe", "query=%c0%af", "query=%ed%a0%80", "query=a%00b", "%ff=a"] {
        let body = format!("csrf={}&{bytes}", key.csrf);
        let request = typist.knocker.request(at, key, "POST", "/cases/search");
        let kind = "application/x-www-form-urlencoded";
        let reply = told(request.header("content-type", kind).body(body));
        assert!(matches!(reply.status, 400 | 422), "{bytes} was answered {}", reply.status);
    }
}

fn addresses_that_mean_two_things_are_not_found(typist: &Typist) {
    let key = typist.key("coordinator");
    let case = &typist.ground.of("case").next().unwrap().id;
    for path in [
        format!("/cases/{case}%00"),
        format!("/cases/{case};jsessionid=1"),
        format!("/cases/%2e%2e%2f{case}"),
        format!("//cases/{case}"),
        format!("/cases//{case}"),
        format!("/cases/{case}/"),
        "/cases/1".to_owned(),
        "/api/v1/cases?panel=1&panel=2".to_owned(),
        "/api/v1/actions?status[]=open".to_owned(),
    ] {
        let reply = typist.knocker.ask(&typist.pages.address, key, "GET", &path);
        assert!(matches!(reply.status, 400 | 404 | 422), "{path} was answered {}", reply.status);
    }
}
