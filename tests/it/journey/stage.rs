//! The people of the town at their browsers, the worker, and the mail server it delivers to.

use super::watch::{Watch, listen};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use panel_core::time::local_date;
use panel_notify::{Post, Sender, Service, Smtp, Worker};
use panel_tests::paper::{Filled, Paper};
use panel_tests::site::{PASSWORD, Pages, Visitor};
use panel_tests::smtp::SmtpServer;
use panel_tests::world::{World, day, london};
use reqwest::blocking::Response;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// A mail as its reader has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) on: NaiveDate,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl Letter {
    /// The lines that begin with a dash.
    pub(crate) fn counts(&self) -> Vec<&str> {
        self.body.lines().filter_map(|line| line.strip_prefix("- ")).collect()
    }

    /// What the digest says, in whichever of its two forms.
    pub(crate) fn says(&self) -> String {
        format!("{}\n{}", self.subject, self.counts().join("\n"))
    }
}

/// A person's browser, and when it was last seen to be signed in.
type Seated = (Rc<Visitor>, DateTime<Utc>);

pub(crate) struct Stage<'w> {
    pub(crate) world: &'w World,
    pub(crate) pages: Pages,
    pub(crate) watch: Watch,
    server: SmtpServer,
    worker: RefCell<Worker>,
    people: RefCell<HashMap<String, Seated>>,
    read: Cell<usize>,
    /// Who had a digest on which day.
    digests: RefCell<BTreeSet<(NaiveDate, String)>>,
}

impl<'w> Stage<'w> {
    /// The town on this morning, with everybody invited and nobody signed in.
    #[track_caller]
    pub(crate) fn on(world: &'w World, start: &str) -> Self {
        listen();
        world.set(start);
        world.town();
        let (pages, server) = (Pages::of(world), SmtpServer::start().unwrap());
        let post = Post {
            sender: Sender::parse("Panel <panel@mail.example>").unwrap(),
            public_url: pages.address.clone(),
        };
        let service = Service {
            store: world.app.store.clone(),
            ids: world.app.ids.clone(),
            holidays: world.app.holidays.clone(),
        };
        let mailer = Smtp::new(&server.url(), None).unwrap().into();
        let worker = Worker::new(service, mailer, post, "journey".to_owned()).unwrap();
        Self {
            world,
            pages,
            watch: Watch::default(),
            server,
            worker: RefCell::new(worker),
            people: RefCell::default(),
            read: Cell::new(0),
            digests: RefCell::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.world.app.clock.now().unwrap()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        local_date(self.now())
    }

    pub(crate) fn set(&self, time: &str) {
        assert!(london(time) >= self.now(), "time only goes on, not back to {time}");
        self.world.set(time);
    }

    /// Lets the worker run now, and reads what came of it.
    #[track_caller]
    pub(crate) fn post(&self) -> Vec<Letter> {
        self.worker.borrow_mut().run_until_idle(self.now()).unwrap();
        let new: Vec<Letter> =
            self.server.mails().iter().skip(self.read.get()).map(|mail| self.open(mail)).collect();
        self.read.set(self.read.get() + new.len());
        new
    }

    /// What holds for every mail.
    #[track_caller]
    fn open(&self, mail: &panel_tests::smtp::Mail) -> Letter {
        let [to] = mail.to.as_slice() else { panic!("one recipient a message: {mail:?}") };
        assert_eq!(mail.header("To").as_deref(), Some(to.as_str()));
        assert_eq!(mail.header("Cc").or(mail.header("Bcc")), None);
        let plain = mail.header("Content-Type").unwrap();
        assert!(plain.starts_with("text/plain"), "{plain}");
        let body = mail.body();
        let links: Vec<&str> = body.lines().filter(|line| line.contains("://")).collect();
        assert_eq!(links.len(), 1, "one link a mail: {body}");
        assert!(links[0].starts_with(&self.pages.address), "{links:?}");
        let link = links[0].to_owned();
        let letter = Letter { on: self.today(), to: to.clone(), subject: mail.subject(), body };
        if !link.contains("/account-link/") {
            assert_eq!(link, format!("{}/", self.pages.address), "it leads to the sign-in");
            let first = self.digests.borrow_mut().insert((letter.on, letter.to.clone()));
            assert!(first, "a second digest for {} on {}", letter.to, letter.on);
        }
        self.watch.mail(&letter);
        letter
    }

    /// Every morning at eight, from tomorrow to this day.
    #[track_caller]
    pub(crate) fn mornings(&self, until: &str) -> Vec<Letter> {
        let (mut on, until) = (self.today(), day(until));
        let mut all = Vec::new();
        while on < until {
            on = on + Days::new(1);
            self.set(&format!("{on} 08:00"));
            let letters = self.post();
            let rests = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
            assert!(!rests || letters.is_empty(), "mail on a {}: {letters:?}", on.weekday());
            all.extend(letters);
        }
        all
    }

    /// Where the link of a letter leads.
    #[track_caller]
    pub(crate) fn link(&self, letter: &Letter) -> String {
        let link = letter.body.lines().find(|line| line.contains("://")).unwrap();
        link.strip_prefix(&self.pages.address).unwrap().to_owned()
    }

    /// Follows the link of an invitation and chooses a password.
    #[track_caller]
    pub(crate) fn enters(&self, invited: &Letter) {
        let path = &self.link(invited);
        let visitor = Rc::new(self.pages.visitor());
        let page = self.watch.page(&visitor, path);
        let mut form = page.form(path);
        for name in page.form(path).names().iter().filter(|name| name.contains("password")) {
            form = form.with(name, PASSWORD);
        }
        let answer = send(&visitor, &form).status().as_u16();
        assert!(matches!(answer, 200 | 303), "{answer} for the password of {}", invited.to);
        self.people.borrow_mut().insert(invited.to.clone(), (visitor, self.now()));
    }

    /// A person at the browser, signed in.
    #[track_caller]
    pub(crate) fn visitor(&self, who: &str) -> Rc<Visitor> {
        let mut people = self.people.borrow_mut();
        let Some((visitor, since)) = people.get_mut(who) else { panic!("{who} never came in") };
        if self.now() != *since {
            *since = self.now();
            // Whoever is still signed in is led away from there.
            if visitor.open("/sign-in").status().as_u16() == 200 {
                let page = self.watch.page(visitor, "/sign-in");
                let form = page.form("/sign-in").with("email", who).with("password", PASSWORD);
                assert_eq!(send(visitor, &form).status().as_u16(), 303, "{who} signs in");
            }
        }
        Rc::clone(visitor)
    }

    /// Opens a page that must be there.
    #[track_caller]
    pub(crate) fn see(&self, who: &str, path: &str) -> Paper {
        self.watch.page(&self.visitor(who), path)
    }

    /// Sends a form, and reads the page that it leads to.
    #[track_caller]
    pub(crate) fn press(&self, who: &str, form: &Filled) -> Paper {
        let visitor = self.visitor(who);
        let answer = send(&visitor, form);
        let status = answer.status().as_u16();
        if status != 303 {
            let page = Paper::new(&form.action, answer.text().unwrap());
            panic!("{who} was answered {status} by {}:\n{}", form.action, page.words());
        }
        let to = self.watch.redirect(&answer);
        self.watch.page(&visitor, &to)
    }

    /// Opens a page, fills its own form in, and sends it.
    #[track_caller]
    pub(crate) fn fill(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Paper {
        let page = self.see(who, path);
        let action = path.split('?').next().unwrap_or(path);
        let mut form = page.form(action);
        for (name, value) in fields {
            form = form.with(name, value);
        }
        self.press(who, &form)
    }

    /// Sends a form that is answered by a page of its own, such as a check before the last step.
    #[track_caller]
    pub(crate) fn check(&self, who: &str, form: &Filled) -> Paper {
        let answer = send(&self.visitor(who), form);
        assert_eq!(answer.status().as_u16(), 200, "{}", form.action);
        let page = Paper::new(&form.action, answer.text().unwrap());
        self.watch.look_at(&page);
        page
    }
}

/// Sends a form as it stands.
#[track_caller]
pub(crate) fn send(visitor: &Visitor, form: &Filled) -> Response {
    let fields: Vec<(&str, &str)> =
        form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.send(&form.action, &fields)
}
