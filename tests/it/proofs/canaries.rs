//! Strings that stand nowhere else, typed into everything that can be typed into; then looked for where no
//! word of a case may be.

use super::ground::Ground;
use super::hand::links;
use super::keys::{EVERYBODY, Knocker, Reply, keys, told};
use super::said::{Described, fill, filled, offered};
use panel_app::Ids;
use panel_notify::{Post, Sender, Service, Smtp, Worker};
use panel_tests::assure::{Dice, figure};
use panel_tests::logbook::Logbook;
use panel_tests::site::Pages;
use panel_tests::smtp::SmtpServer;
use panel_tests::world::World;
use std::sync::Arc;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// As the program logs when everything is asked for.
fn listen() -> Logbook {
    let log = Logbook::default();
    let lines = tracing_subscriber::fmt::layer().json().with_writer(log.clone());
    let kept = filter_fn(panel_web::logged::is_kept);
    let all = tracing_subscriber::registry().with(LevelFilter::TRACE).with(kept).with(lines);
    // Another test of this process may have been first; each has a process of its own under nextest.
    let _ = all.try_init();
    log
}

/// Strings that were typed, none of them twice.
#[derive(Default)]
struct Planted(Vec<String>);

impl Planted {
    /// What is typed into a field of this name.
    fn typed(&mut self, field: &str) -> String {
        let n = self.0.len() + 1;
        let mark = format!("zq{n:04}wyrm");
        let (seen, typed) = match field {
            name if name.contains("email") => (mark.clone(), format!("{mark}@canary.example")),
            name if name.contains("phone") => (format!("0770099{n:04}"), format!("0770099{n:04}")),
            name if name.contains("postcode") => return "ZZ99 9ZZ".to_owned(),
            name if name.contains("-day") => return "14".to_owned(),
            name if name.contains("-month") => return "5".to_owned(),
            name if name.contains("-year") => return "2026".to_owned(),
            "due" => return "14 May 2026".to_owned(),
            "minutes" => return "15".to_owned(),
            _ => (mark.clone(), format!("Zq{n:04}wyrm")),
        };
        self.0.push(seen);
        typed
    }
}

/// Where no word of a case may be.
#[derive(Default)]
struct Places(Vec<(String, String)>);

impl Places {
    fn keep(&mut self, place: &str, text: &str) {
        self.0.push((place.to_owned(), text.to_lowercase()));
    }

    fn reply(&mut self, what: &str, reply: &Reply) {
        self.keep(&format!("a header of {what}"), &reply.headers);
        self.keep(&format!("where {what} leads"), &reply.location);
        for link in links(&reply.body) {
            self.keep(&format!("an address on {what}"), &link);
        }
    }

    /// Looks for each string in each place. The file of the database and its copies belong here too, for
    /// the fields that are kept encrypted.
    fn hold_none_of(&self, planted: &Planted) {
        assert!(planted.0.len() >= 300, "{} were planted", planted.0.len());
        assert!(self.0.len() > 300, "{} places", self.0.len());
        for (place, text) in &self.0 {
            let found = planted.0.iter().find(|mark| text.contains(mark.as_str()));
            assert_eq!(found, None, "in {place}: {}", text.chars().take(400).collect::<String>());
        }
        figure("found", format!("0 of {} strings in {} places", planted.0.len(), self.0.len()));
    }
}

/// Plants through every form and every body as these people, and notes every answer.
fn plant(ground: &Ground, pages: &Pages, planted: &mut Planted, places: &mut Places) {
    let (keys, knocker) = (keys(ground, pages), Knocker::new());
    let at = &pages.address;
    let described = Described::read(at, &knocker);
    let mut dice = Dice::seeded(13);
    for who in ["coordinator", "representative of the police"] {
        let place = EVERYBODY.iter().position(|(name, _)| *name == who).unwrap();
        let key = &keys[place];
        for form in offered(at, &knocker, key, 60).values() {
            let mut typed = |field: &str| planted.typed(field);
            let reply = fill(at, &knocker, key, form, &mut typed, &mut dice);
            places.reply(&format!("{who} at {}", form.action), &reply);
            if reply.location.starts_with('/') {
                let then = knocker.ask(at, key, "GET", &reply.location);
                places.reply(&reply.location, &then);
            }
        }
        for (method, path, schema) in described.changes() {
            let body = described.value(&schema, &mut |field| planted.typed(field));
            let path = filled(ground, &path);
            let reply = told(knocker.request(at, key, &method, &path).json(&body));
            places.reply(&format!("{who} at {method} {path}"), &reply);
        }
        for path in ["/", "/actions?status=", "/cases", "/referrals", "/my-work", "/metrics"] {
            places.reply(path, &knocker.ask(at, key, "GET", path));
        }
        let sheet = format!("Action,Owner\n{},{}\n", planted.typed("text"), planted.typed("name"));
        let import = format!("/api/v1/panels/{}/imports", ground.world.town().panel);
        let import = format!("{import}?file_name=log.csv");
        let request = knocker.request(at, key, "POST", &import);
        let request = request.header("content-type", "application/octet-stream");
        places.reply("an import", &told(request.body(sheet)));
    }
}

/// The mail of the days after.
fn post(world: &World, places: &mut Places) -> usize {
    let server = SmtpServer::start().unwrap();
    let post = Post {
        sender: Sender::parse("Panel <panel@mail.example>").unwrap(),
        public_url: "https://panel.example".to_owned(),
    };
    let service = Service {
        store: world.app.store.clone(),
        ids: Arc::new(Ids::seeded(9)),
        holidays: world.app.holidays.clone(),
    };
    let mailer = Smtp::new(&server.url(), None).unwrap().into();
    let mut worker = Worker::new(service, mailer, post, "canaries".to_owned()).unwrap();
    for _ in 0..8 {
        world.pass(chrono::Duration::days(1));
        worker.run_until_idle(world.app.clock.now().unwrap()).unwrap();
    }
    for mail in server.mails() {
        places.keep("a mail", &mail.text);
        places.keep("a mail, decoded", &format!("{}\n{}", mail.subject(), mail.body()));
    }
    server.mails().len()
}

#[test]
fn what_is_typed_stands_in_no_log_address_header_or_mail() {
    let log = listen();
    let ground = Ground::lay(World::sqlite());
    let pages = Pages::of(&ground.world);
    let (mut planted, mut places) = (Planted::default(), Places::default());
    plant(&ground, &pages, &mut planted, &mut places);
    assert!(post(&ground.world, &mut places) > 5, "there was mail to look into");
    let lines = log.text();
    assert!(lines.contains("\"target\":\"panel_"), "the log is kept: {lines}");
    for line in lines.lines() {
        places.keep("the log", line);
    }
    places.hold_none_of(&planted);
    let typed = panel_app::actions::list(
        &ground.world.by(panel_tests::world::COORDINATOR),
        &panel_app::actions::Filters::default(),
        None,
    );
    let kept = format!("{:?}", typed.unwrap()).to_lowercase();
    assert!(planted.0.iter().any(|mark| kept.contains(mark.as_str())), "some of it was taken");
}
