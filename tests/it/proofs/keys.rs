//! Everybody who may knock: somebody of each sort, with a session and a token that work at any door.

use super::ground::{ALTERNATE, DEPUTY, ELSEWHERE, EXCLUDED, Ground, LEAVER, NEWCOMER};
use panel_app::accounts;
use panel_tests::page::mark;
use panel_tests::site::{PASSWORD, Pages, choose_password};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, POLICE_LEAD,
    POLICE_SPOC, PROBATION, STEERING,
};
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;

/// Everybody, as the matrix names them. Nobody has no address.
pub(super) const EVERYBODY: [(&str, Option<&str>); 19] = [
    ("coordinator", Some(COORDINATOR)),
    ("chair", Some(CHAIR)),
    ("representative of the police", Some(POLICE)),
    ("single point of contact of the police", Some(POLICE_SPOC)),
    ("lead of the police", Some(POLICE_LEAD)),
    ("officer from whom one case is kept", Some(EXCLUDED)),
    ("representative of probation, whom one case names", Some(PROBATION)),
    ("representative of housing, from which one case is kept", Some(HOUSING)),
    ("deputy for housing", Some(DEPUTY)),
    ("advocate, whose agency joined one case", Some(IDVA)),
    ("steering group", Some(STEERING)),
    ("observer", Some(OBSERVER)),
    ("observer to whom one case is shown", Some(ALTERNATE)),
    ("whose seat has ended", Some(LEAVER)),
    ("whose seat has not begun", Some(NEWCOMER)),
    ("coordinator of another panel", Some(OUTSIDER)),
    ("representative at another panel", Some(ELSEWHERE)),
    ("administrator", Some(ADMINISTRATOR)),
    ("nobody signed in", None),
];

/// How one of them is let in.
#[derive(Debug, Clone, Default)]
pub(super) struct Key {
    pub(super) email: Option<&'static str>,
    cookie: String,
    pub(super) csrf: String,
    bearer: String,
}

/// What was answered, without what is of the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) headers: String,
    pub(super) body: String,
}

/// A client that keeps nothing from one request to the next.
#[derive(Debug)]
pub(super) struct Knocker(Client);

impl Knocker {
    pub(super) fn new() -> Self {
        Self(Client::builder().redirect(Policy::none()).build().unwrap())
    }

    /// A request of somebody, with session or token as the door wants it.
    pub(super) fn request(&self, at: &str, key: &Key, method: &str, path: &str) -> RequestBuilder {
        let request = self.0.request(method.parse().unwrap(), format!("{at}{path}"));
        if path.starts_with("/api/") {
            request.bearer_auth(&key.bearer)
        } else if key.cookie.is_empty() {
            request
        } else {
            request.header("cookie", &key.cookie)
        }
    }

    /// Asks, and presses with nothing but the marks where a form is sent.
    pub(super) fn ask(&self, at: &str, key: &Key, method: &str, path: &str) -> Reply {
        let request = self.request(at, key, method, path);
        told(match (method, path.starts_with("/api/")) {
            ("GET", _) => request,
            (_, true) => request.header("content-type", "application/json").body("{}"),
            (_, false) => request.form(&[("csrf", key.csrf.as_str())]),
        })
    }
}

/// Sends a request and reads the answer.
pub(super) fn told(request: RequestBuilder) -> Reply {
    let answer = request.send().unwrap();
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, location) = (answer.status().as_u16(), header("location"));
    // Whether a connection is kept depends on how much of a body had come before the answer.
    let moment =
        |name: &&reqwest::header::HeaderName| !matches!(name.as_str(), "date" | "connection");
    let kept = answer.headers().iter().filter(|(name, _)| moment(name));
    let mut headers: Vec<String> =
        kept.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?"))).collect();
    headers.sort();
    let headers = headers.join("\n");
    let body = String::from_utf8_lossy(&answer.bytes().unwrap()).into_owned();
    Reply { status, location, headers, body }
}

/// The keys of everybody, in order.
pub(super) fn keys(ground: &Ground, pages: &Pages) -> Vec<Key> {
    EVERYBODY
        .iter()
        .map(|(_, email)| email.map_or_else(Key::default, |e| key(ground, pages, e)))
        .collect()
}

fn key(ground: &Ground, pages: &Pages, email: &'static str) -> Key {
    choose_password(&ground.world, email);
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = [("email", email), ("password", PASSWORD)];
    let entered = client.post(format!("{}/sign-in", pages.address)).form(&form).send().unwrap();
    assert_eq!(entered.status().as_u16(), 303, "{email} signs in");
    let set = entered.headers().get("set-cookie").unwrap().to_str().unwrap();
    let cookie = set.split(';').next().unwrap().to_owned();
    let account = client.get(format!("{}/account", pages.address)).header("cookie", &cookie);
    let csrf = mark(&account.send().unwrap().text().unwrap(), "csrf");
    let bearer = accounts::create_token(&ground.world.by(email), "a program").unwrap();
    Key { email: Some(email), cookie, csrf, bearer }
}
