//! Every route as an attacker tries it: without a token, by other methods, with forged headers; and every
//! answer with the headers that protect it.

use super::ground::Ground;
use super::hand::links;
use super::keys::{EVERYBODY, Key, Knocker, keys, told};
use panel_tests::assure::{Dice, times};
use panel_tests::site::Pages;
use panel_tests::world::World;
use panel_web::routes::{Access, Route, table};
use reqwest::blocking::RequestBuilder;
use std::collections::BTreeSet;

const SOME_ID: &str = "0198f0a4-0000-7000-8000-000000000001";
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const PROTECTING: [&str; 8] = [
    "content-security-policy: default-src 'none'",
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
    "cross-origin-opener-policy: same-origin",
    "cross-origin-resource-policy: same-origin",
    "permissions-policy: accelerometer=()",
    "x-frame-options: DENY",
    "cache-control: ",
];

/// A populated town with its pages, and who runs it.
struct House {
    ground: Ground,
    pages: Pages,
    knocker: Knocker,
    keys: Vec<Key>,
}

impl House {
    fn of(world: World) -> Self {
        let ground = Ground::lay(world);
        let pages = Pages::of(&ground.world);
        let keys = keys(&ground, &pages);
        Self { ground, pages, knocker: Knocker::new(), keys }
    }

    #[track_caller]
    fn key(&self, who: &str) -> &Key {
        let place = EVERYBODY.iter().position(|(name, _)| *name == who).unwrap();
        &self.keys[place]
    }

    fn request(&self, who: &str, method: &str, path: &str) -> RequestBuilder {
        self.knocker.request(&self.pages.address, self.key(who), method, path)
    }

    /// A path with something that is there in each place, as far as the ground has it.
    fn path(&self, route: &Route) -> String {
        let part = |part: &str| {
            let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                return part.to_owned();
            };
            let found = self.ground.of(name).next();
            found.map_or_else(|| SOME_ID.to_owned(), |thing| thing.id.clone())
        };
        route.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

#[track_caller]
fn protected(headers: &str, what: &str) {
    for header in PROTECTING {
        assert!(headers.contains(header), "{what} lacks {header}:\n{headers}");
    }
    for name in ["server: ", "x-powered-by: "] {
        assert!(!headers.contains(name), "{what} tells {name}");
    }
    let page = headers.contains("text/html") || headers.contains("json");
    assert!(!page || headers.contains("cache-control: no-store"), "{what} may be kept:\n{headers}");
}

#[test]
fn every_answer_of_every_route_carries_every_header() {
    let house = House::of(World::sqlite());
    let mut assets = BTreeSet::new();
    for route in table() {
        let path = house.path(&route);
        for who in ["coordinator", "administrator", "nobody signed in"] {
            let reply = told(house.request(who, route.method.as_str(), &path));
            protected(&reply.headers, &format!("{} {path} for {who}", route.method));
            let linked = reply.body.split('"').filter(|part| part.starts_with("/assets/"));
            assets.extend(linked.map(str::to_owned));
            if reply.status == 200 {
                assert!(links(&reply.body).iter().all(|link| !link.contains("javascript:")));
            }
        }
    }
    assert!(assets.len() > 3, "{assets:?}");
    let odd = ["/nowhere", "/assets/x/y", "/cases/1", "/cases/%00", "/%2e%2e/etc/passwd", "//x"];
    for path in assets.iter().map(String::as_str).chain(odd) {
        let reply = told(house.request("coordinator", "GET", path));
        protected(&reply.headers, path);
    }
}

#[test]
fn no_form_of_anybody_is_taken_without_its_session_s_token() {
    let house = House::of(World::sqlite());
    let sent = |row: &Route| row.method == "POST" && !row.path.starts_with("/api/");
    let others = house.key("chair").csrf.clone();
    let mut tried = 0;
    // Whoever is signed in has no business with half a sign-in; its own test is in second_factor.rs.
    let held = |row: &Route| !matches!(row.access, Access::Anyone | Access::HalfWay);
    for route in table().iter().filter(|row| sent(row) && held(row)) {
        let path = house.path(route);
        for who in ["coordinator", "administrator", "representative of the police"] {
            for csrf in [None, Some(""), Some(&*others), Some("00")] {
                let fields: Vec<_> = csrf.map(|token| ("csrf", token)).into_iter().collect();
                let reply = told(house.request(who, "POST", &path).form(&fields));
                // The wall keeps out who has no business there; a file's form is another kind of body.
                assert!(
                    matches!(reply.status, 403 | 404 | 415),
                    "{who} was answered {} by {path} with {csrf:?}",
                    reply.status
                );
                tried += usize::from(reply.status == 403);
            }
            let foreign = house.request(who, "POST", &path).header("sec-fetch-site", "cross-site");
            let own = house.key(who).csrf.clone();
            assert_eq!(told(foreign.form(&[("csrf", own)])).status, 403, "{path}");
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_method_that_no_route_declares_is_refused_and_another_header_does_not_change_it() {
    let house = House::of(World::sqlite());
    let (all, mut dice) = (table(), Dice::seeded(14));
    let paths: BTreeSet<&str> = all.iter().map(|row| row.path).collect();
    for path in paths {
        let rows: Vec<&Route> = all.iter().filter(|row| row.path == path).collect();
        let declared: Vec<&str> = rows.iter().map(|row| row.method.as_str()).collect();
        let at = house.path(rows[0]);
        let others = METHODS.iter().filter(|method| !declared.contains(*method));
        for method in others.filter(|_| dice.one_in(times(3, 1))) {
            let reply = told(house.request("coordinator", method, &at));
            assert!(
                matches!(reply.status, 404 | 405),
                "{method} {path} was answered {}",
                reply.status
            );
        }
        if declared.contains(&"GET") && dice.one_in(times(3, 1)) {
            let plain = told(house.request("coordinator", "GET", &at));
            for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
                let asked = house.request("coordinator", "GET", &at).header(name, "DELETE");
                assert_eq!(told(asked).status, plain.status, "{path} {name}");
            }
        }
    }
}

#[test]
fn reading_changes_nothing_but_the_log_and_the_session() {
    let Some(world) = World::postgres() else { return };
    let house = House::of(world);
    let before = house.ground.world.digests();
    assert!(before.len() > 30, "{}", before.len());
    for route in table().iter().filter(|row| row.method == "GET") {
        let path = house.path(route);
        for who in ["coordinator", "administrator", "representative of the police"] {
            told(house.request(who, "GET", &path));
            told(house.request(who, "HEAD", &path));
        }
    }
    let after = house.ground.world.digests();
    let changed = after.iter().filter(|(table, digest)| before.get(*table) != Some(digest));
    let changed: BTreeSet<&str> = changed.map(|(table, _)| table.as_str()).collect();
    let allowed = ["api_tokens", "audit", "audit_cases", "audit_events", "opened", "sessions"];
    let allowed = BTreeSet::from(allowed);
    assert!(changed.is_subset(&allowed), "{changed:?}");
    assert!(changed.iter().any(|table| table.starts_with("audit")), "readings are logged");
}

#[test]
fn what_a_request_says_besides_its_address_opens_nothing() {
    let house = House::of(World::sqlite());
    a_part_a_tag_and_another_host_change_no_answer(&house);
    a_tag_that_was_read_before_a_case_was_hidden_brings_nothing_back(&house);
    no_address_of_another_place_is_followed_after_signing_in(&house);
}

fn a_part_a_tag_and_another_host_change_no_answer(house: &House) {
    let who = "representative of the police";
    for path in ["/", "/cases", "/actions/export?format=csv&status=", "/api/v1/cases"] {
        let plain = told(house.request(who, "GET", path));
        assert_eq!(plain.status, 200, "{path}");
        for (name, value) in [
            ("range", "bytes=0-9"),
            ("if-none-match", "*"),
            ("if-none-match", "\"1\""),
            ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "host=evil.example"),
            ("host", "evil.example"),
        ] {
            let reply = told(house.request(who, "GET", path).header(name, value));
            assert_eq!(reply.status, 200, "{path} with {name}: {value}");
            assert_eq!(reply.body.len(), plain.body.len(), "{path} with {name}: {value}");
            assert!(!format!("{reply:?}").contains("evil.example"), "{path} with {name}");
        }
    }
    let nobody =
        told(house.request("nobody signed in", "GET", "/cases").header("host", "evil.example"));
    assert_eq!(nobody.location, "/sign-in?next=%2Fcases");
}

fn a_tag_that_was_read_before_a_case_was_hidden_brings_nothing_back(house: &House) {
    let who = "officer from whom one case is kept";
    let [open, kept] = ["open", "kept from a person"]
        .map(|state| house.ground.of("case").find(|case| case.state == state).unwrap().id.clone());
    let read = told(house.request(who, "GET", &format!("/api/v1/cases/{open}")));
    let tag = read.headers.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    for tag in [tag, "\"1\"", "*"] {
        let path = format!("/api/v1/cases/{kept}");
        let reply = told(house.request(who, "GET", &path).header("if-none-match", tag));
        assert_eq!(reply.status, 404, "{tag}");
        assert!(!reply.headers.contains("etag"), "{}", reply.headers);
    }
}

fn no_address_of_another_place_is_followed_after_signing_in(house: &House) {
    for next in [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nset-cookie: a=b",
        "evil.example",
        "",
    ] {
        let query = serde_json::json!({"next": next});
        let url = reqwest::Url::parse_with_params(
            "http://panel/sign-in",
            [("next", query["next"].as_str().unwrap())],
        );
        let url = url.unwrap();
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        let reply = told(house.request("coordinator", "GET", &path));
        assert_eq!((reply.status, reply.location.as_str()), (303, "/"), "{next:?}");
        let back = format!("/actions?back={}", url.query().unwrap());
        let page = told(house.request("coordinator", "GET", &back));
        assert!(!page.body.contains("href=\"//evil") && !page.body.contains("href=\"javascript:"));
    }
}
