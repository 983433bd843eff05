//! What a journey leaves where no name may be: in addresses, in mail, and in the log.

use super::stage::Letter;
use panel_tests::logbook::Logbook;
use panel_tests::paper::Paper;
use panel_tests::site::Visitor;
use reqwest::blocking::Response;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Every line that the program has logged in this process.
static LOG: OnceLock<Logbook> = OnceLock::new();

/// Begins to keep the log: JSON as the service writes it, and more of it than the service does.
pub(crate) fn listen() {
    LOG.get_or_init(|| {
        let log = Logbook::default();
        let all =
            Targets::new().with_default(LevelFilter::INFO).with_target("panel", LevelFilter::TRACE);
        let lines = tracing_subscriber::fmt::layer().json().with_writer(log.clone());
        // Another test of this process may have been first, and then nothing is kept.
        let _ = tracing_subscriber::registry().with(all).with(lines).try_init();
        log
    });
}

#[derive(Debug, Default)]
pub(crate) struct Watch {
    addresses: RefCell<BTreeSet<String>>,
    letters: RefCell<Vec<Letter>>,
}

impl Watch {
    pub(crate) fn mail(&self, letter: &Letter) {
        self.letters.borrow_mut().push(letter.clone());
    }

    /// Opens a page that must be there, and keeps every address on it.
    #[track_caller]
    pub(crate) fn page(&self, visitor: &Visitor, path: &str) -> Paper {
        let answer = visitor.open(path);
        let status = answer.status().as_u16();
        let page = Paper::new(path, answer.text().unwrap());
        assert_eq!(status, 200, "{path}: {}", page.words());
        self.addresses.borrow_mut().insert(path.to_owned());
        self.look_at(&page);
        page
    }

    pub(crate) fn look_at(&self, page: &Paper) {
        let mut addresses = self.addresses.borrow_mut();
        addresses.extend(page.links().into_iter().map(|(_, href)| href));
        addresses.extend(page.actions());
    }

    /// Where an answer leads.
    #[track_caller]
    pub(crate) fn redirect(&self, answer: &Response) -> String {
        let to = panel_tests::site::leads_to(answer);
        self.addresses.borrow_mut().insert(to.clone());
        to.split('#').next().unwrap_or_default().to_owned()
    }

    /// Asserts that none of these words stands in an address, a mail or a line of the log.
    #[track_caller]
    pub(crate) fn holds_none_of(&self, secrets: &BTreeSet<String>) {
        assert!(secrets.len() > 3, "there is something to look for: {secrets:?}");
        let addresses = self.addresses.borrow();
        assert!(addresses.len() > 50, "{addresses:?}");
        for address in addresses.iter() {
            let plain = address.replace("%20", " ").replace('+', " ").to_lowercase();
            let found = secrets.iter().find(|word| plain.contains(&word.to_lowercase()));
            assert_eq!(found, None, "in the address {address}");
        }
        for letter in self.letters.borrow().iter() {
            let (greeting, text) = letter.body.split_once('\n').unwrap_or_default();
            assert!(greeting.starts_with("Hello "), "{greeting}");
            let text = format!("{}\n{text}", letter.subject);
            let found = secrets.iter().find(|word| has_word(&text, word));
            assert_eq!(found, None, "in the mail {letter:?}");
        }
        let log = LOG.get().expect("a stage listens").text();
        assert!(log.contains("\"target\":\"panel_notify"), "the log is kept: {log}");
        for line in log.lines() {
            let found = secrets.iter().find(|word| has_word(line, word));
            assert_eq!(found, None, "in the log line {line}");
        }
    }
}

/// Whether a text holds these words, not as a part of longer ones.
fn has_word(text: &str, words: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, found)| {
        let (before, rest) = text.split_at(at);
        let (_, after) = rest.split_at(found.len());
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}
