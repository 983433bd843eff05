//! Somebody who walks through a world at random, with a browser, a program and a mailbox.

use super::hand::{Control, FormOf, forms, links};
use super::mask::Mask;
use super::twins::{HIDDEN, SHARED};
use panel_app::Ids;
use panel_notify::{Post, Sender, Service, Smtp, Worker};
use panel_tests::assure::Dice;
use panel_tests::program::Program;
use panel_tests::site::{Pages, Visitor};
use panel_tests::smtp::SmtpServer;
use panel_tests::world::World;
use panel_web::routes::{Route, table};
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::sync::Arc;

/// One step of a walk, as it is the same in two worlds: places are counted and not named.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Follows a link that was seen.
    Link(usize),
    /// Opens a page under an address of its own.
    Open(String),
    /// Opens a route of the table with ids that were seen.
    Route(usize, [usize; 2]),
    /// Fills a form of the last page in and sends it.
    Fill(usize, u64),
    /// Looks for words.
    Search(String),
    /// Sends a body to the interface.
    Call(&'static str, String, Value),
}

pub(super) struct Walker {
    pages: Pages,
    visitor: Visitor,
    program: Program,
    email: String,
    mask: Mask,
    links: Vec<String>,
    forms: Vec<FormOf>,
    /// Rows that are read, of the pages and of the interface.
    routes: Vec<Route>,
    server: SmtpServer,
    worker: Worker,
    read: usize,
}

/// What is typed at random: names that are seen, those that must not be found, and odd ones.
pub(super) fn words() -> Vec<String> {
    let names = SHARED.into_iter().chain([HIDDEN, "Quarrington-Reed", "Imogen", "Tobias"]);
    let odd = ["Q%", "quarr", "ashdown", "C-", "9 Lark Close", "'", "1990-05-01", "2", "20"];
    names.chain(odd).map(str::to_owned).collect()
}

impl Walker {
    pub(super) fn enter(world: &World, email: &str) -> Self {
        let pages = Pages::of(world);
        let visitor = pages.signed_in(world, email);
        let program = Program::of(&pages, world, email);
        let server = SmtpServer::start().unwrap();
        let post = Post {
            sender: Sender::parse("Panel <panel@mail.example>").unwrap(),
            public_url: "https://panel.example".to_owned(),
        };
        let service = Service {
            store: world.app.store.clone(),
            // The mail of others must not lead to other references here.
            ids: Arc::new(Ids::seeded(5)),
            holidays: world.app.holidays.clone(),
        };
        let mailer = Smtp::new(&server.url(), None).unwrap().into();
        let worker = Worker::new(service, mailer, post, "walk".to_owned()).unwrap();
        let reads = |row: &Route| row.method == "GET";
        Self {
            pages,
            visitor,
            program,
            email: email.to_owned(),
            mask: Mask::default(),
            links: vec!["/".to_owned()],
            forms: Vec::new(),
            routes: table().into_iter().filter(reads).collect(),
            server,
            worker,
            read: 0,
        }
    }

    /// Another step, of those that can be taken from here.
    pub(super) fn next(&self, dice: &mut Dice, hidden: &[String]) -> Step {
        let word = |dice: &mut Dice| dice.of(&words()).unwrap().clone();
        match dice.below(16) {
            0..=4 => Step::Link(dice.below(self.links.len())),
            5..=8 => Step::Route(dice.below(self.routes.len()), [0; 2].map(|_| dice.below(9_999))),
            9..=11 if !self.forms.is_empty() => {
                Step::Fill(dice.below(self.forms.len()), u64::try_from(dice.below(9_999)).unwrap())
            }
            12 => Step::Search(word(dice)),
            13 => Step::Call("POST", "/api/v1/search".to_owned(), json!({"text": word(dice)})),
            14 => Step::Open(self.guess(dice, hidden)),
            _ => Step::Open(LISTS[dice.below(LISTS.len())].to_owned()),
        }
    }

    /// A route with an id in it that this person should never have seen.
    fn guess(&self, dice: &mut Dice, hidden: &[String]) -> String {
        let with: Vec<&Route> = self.routes.iter().filter(|row| row.path.contains('{')).collect();
        let row = with[dice.below(with.len())];
        let Some(id) = dice.of(hidden) else { return row.path.to_owned() };
        let parts = row.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Takes a step, and tells what came of it.
    pub(super) fn take(&mut self, step: &Step) -> String {
        match step {
            Step::Link(at) => match self.links.get(*at).cloned() {
                Some(link) => self.get(&link),
                None => "no such link".to_owned(),
            },
            Step::Open(path) => self.get(path),
            Step::Route(at, ids) => {
                let path = self.filled(self.routes[*at].path, ids);
                self.get(&path)
            }
            Step::Fill(at, seed) => match self.forms.get(*at).cloned() {
                Some(form) => self.send(&form, &mut Dice::seeded(*seed)),
                None => "no such form".to_owned(),
            },
            Step::Search(words) => {
                self.get("/cases/search");
                let search = self.forms.iter().find(|form| form.action == "/cases/search").cloned();
                let Some(search) = search else { return "no search".to_owned() };
                let typed = |(name, control): &(String, Control)| match control {
                    Control::Hidden(value) => (name.clone(), value.clone()),
                    _ => (name.clone(), words.clone()),
                };
                let fields: Vec<_> = search.controls.iter().map(typed).collect();
                self.post(&search.action, &fields)
            }
            Step::Call(method, path, body) => {
                let request = self.program.request(method, path).json(body);
                self.answer(&format!("{method} {path} {body}"), request)
            }
        }
    }

    /// A path with ids that were seen in its places.
    fn filled(&self, path: &str, ids: &[usize]) -> String {
        let mut ids = ids.iter();
        let mut part = |part: &str| {
            if !part.starts_with('{') {
                return part.to_owned();
            }
            let seen = ids.next().and_then(|at| self.mask.ids.get(at % self.mask.ids.len().max(1)));
            seen.cloned().unwrap_or_default()
        };
        path.split('/').map(&mut part).collect::<Vec<_>>().join("/")
    }

    fn get(&mut self, path: &str) -> String {
        let request = if path.starts_with("/api/") {
            self.program.request("GET", path)
        } else {
            self.visitor.request("GET", path)
        };
        self.answer(&format!("GET {path}"), request)
    }

    /// Fills a form in as the dice fall.
    fn send(&mut self, form: &FormOf, dice: &mut Dice) -> String {
        let mut fields = Vec::new();
        for (name, control) in &form.controls {
            let value = match control {
                Control::Hidden(value) => Some(value.clone()),
                Control::Text(stands) if dice.one_in(4) => Some(stands.clone()),
                Control::Text(_) => dice.of(&words()).cloned(),
                Control::Choice(values) => dice.of(values).cloned(),
                Control::Tick(value) => dice.one_in(2).then(|| value.clone()),
                Control::Button(value) => dice.one_in(2).then(|| value.clone()),
                Control::File => None,
            };
            fields.extend(value.map(|value| (name.clone(), value)));
        }
        // Whoever signs out walks no further.
        if form.action.contains("sign-out") || form.action.contains("/end") {
            return "not sent".to_owned();
        }
        if form.posts {
            self.post(&form.action, &fields)
        } else {
            self.query(&form.action, &fields)
        }
    }

    fn query(&mut self, path: &str, fields: &[(String, String)]) -> String {
        let url = reqwest::Url::parse_with_params(&format!("http://panel{path}"), fields).unwrap();
        self.get(&format!("{}?{}", url.path(), url.query().unwrap_or_default()))
    }

    fn post(&mut self, path: &str, fields: &[(String, String)]) -> String {
        let request = self.visitor.request("POST", path).form(fields);
        self.answer(&format!("POST {path} {fields:?}"), request)
    }

    /// Sends a request: what was asked, the status, every header and every byte, with ids in numbers.
    fn answer(&mut self, asked: &str, request: RequestBuilder) -> String {
        let answer: Response = request.send().unwrap();
        let (status, headers) = (answer.status().as_u16(), headers(answer.headers()));
        let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let bytes = answer.bytes().unwrap();
        let body = if kind.contains("spreadsheetml") {
            // A package is compressed, so that ids in it cannot be masked: its cells are compared.
            format!("{:#?}", panel_sheets::read(&bytes, "actions.xlsx").unwrap())
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        };
        if kind.starts_with("text/html") {
            self.links.extend(links(&body));
            self.forms = forms(&body);
        }
        let told = format!("{asked}\n{status}\n{headers}\n\n{body}");
        self.mask.over(&told.replace(&self.pages.address, "http://panel"))
    }

    /// Lets the worker run, and reads the mail of this person.
    pub(super) fn mail(&mut self, world: &World) -> String {
        self.worker.run_until_idle(world.app.clock.now().unwrap()).unwrap();
        let mails = self.server.mails();
        let new = mails.iter().skip(self.read).filter(|mail| mail.to == [self.email.as_str()]);
        let told = |mail: &panel_tests::smtp::Mail| format!("{}\n{}", mail.subject(), mail.body());
        let letters: Vec<String> = new.map(told).collect();
        self.read = mails.len();
        self.mask.over(&letters.join("\n---\n"))
    }
}

/// Headers by name, without what is of the moment.
fn headers(all: &HeaderMap) -> String {
    let told = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        let value = value.to_str().unwrap_or("?");
        match name.as_str() {
            // Whether a connection is kept depends on how much of a body had come before the answer; and
            // a package is as long as its ids let it be. The body itself is compared.
            "date" | "connection" | "content-length" => None,
            _ => Some(format!("{name}: {value}")),
        }
    };
    let mut lines: Vec<String> = all.iter().filter_map(told).collect();
    lines.sort();
    lines.join("\n")
}

/// Lists that are opened again and again, by whoever has them.
const LISTS: [&str; 22] = [
    "/",
    "/cases",
    "/cases?state=",
    "/actions",
    "/actions?status=",
    "/actions/export?format=csv&status=",
    "/actions/export?format=xlsx&status=",
    "/my-work",
    "/information",
    "/meetings",
    "/referrals",
    "/referrals?state=",
    "/completion",
    "/notices",
    "/account",
    "/api/v1/cases",
    "/api/v1/actions",
    "/api/v1/my-work",
    "/api/v1/my-requests",
    "/api/v1/referrals",
    "/api/v1/statements",
    "/api/v1/me",
];
