//! A browser at somebody's desk, used step by step beside the program.

use panel_tests::browser::{Browser, Stop, Violation};
use panel_tests::site::PASSWORD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::future::Future;
use std::time::Duration;
use thirtyfour::{By, Key, WebElement};
use tokio::runtime::{Builder, Runtime};

/// A browser and what drives it. Its steps wait until they are done, so that a test can turn to the
/// program between them.
pub(crate) struct Window {
    browser: Option<Browser>,
    runtime: Runtime,
    address: String,
}

impl Window {
    /// A browser on these pages, or `None` where there is none, which is then said.
    #[track_caller]
    pub(crate) fn open(address: &str, scripts: bool) -> Option<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let started = runtime.block_on(async {
            if scripts { Browser::start().await } else { Browser::start_without_script().await }
        });
        let browser = started.unwrap()?;
        Some(Self { browser: Some(browser), runtime, address: address.to_owned() })
    }

    fn browser(&self) -> &Browser {
        self.browser.as_ref().expect("the window is open")
    }

    #[track_caller]
    fn wait<T, E: std::fmt::Debug>(&self, step: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(step).unwrap_or_else(|error| panic!("{error:?} on {}", self.told()))
    }

    fn told(&self) -> String {
        let text = self.runtime.block_on(async {
            let page = self.browser().find(By::Tag("body")).await?.text().await?;
            Ok::<_, thirtyfour::error::WebDriverError>(page)
        });
        format!("{}:\n{}", self.path(), text.unwrap_or_default())
    }

    /// Where the browser is, without the address of the service.
    pub(crate) fn path(&self) -> String {
        let url = self.runtime.block_on(self.browser().current_url()).unwrap();
        url.as_str().strip_prefix(&self.address).unwrap_or(url.as_str()).to_owned()
    }

    #[track_caller]
    pub(crate) fn go(&self, path: &str) {
        self.wait(self.browser().goto(format!("{}{path}", self.address)));
    }

    /// Signs somebody in, in place of whoever was.
    #[track_caller]
    pub(crate) fn sign_in(&self, who: &str) {
        self.sign_out();
        self.go("/sign-in");
        self.fill("email", who);
        self.fill("password", PASSWORD);
        self.press("Sign in");
        assert_ne!(self.path(), "/sign-in", "{who} signs in");
    }

    #[track_caller]
    pub(crate) fn sign_out(&self) {
        self.go("/sign-in");
        self.wait(self.browser().delete_all_cookies());
    }

    /// What can be read on the page.
    #[track_caller]
    pub(crate) fn words(&self) -> String {
        let main = self.find(By::Tag("main"));
        self.wait(main.text())
    }

    #[track_caller]
    pub(crate) fn holds(&self, all: &[&str]) {
        let read = self.words();
        for words in all {
            assert!(read.contains(words), "{words:?} is not on {}", self.told());
        }
    }

    #[track_caller]
    fn find(&self, by: By) -> WebElement {
        self.wait(self.browser().find(by))
    }

    #[track_caller]
    fn click(&self, by: By) {
        let element = self.find(by);
        self.wait(element.scroll_into_view());
        self.wait(element.click());
    }

    /// Clicks on what leads on, and waits until the page is another: what is found meanwhile would
    /// still be of the old one.
    #[track_caller]
    fn lead_on(&self, by: By) {
        let old = self.find(By::Tag("html"));
        self.click(by);
        for _ in 0..20 {
            if self.runtime.block_on(old.tag_name()).is_err() {
                return;
            }
            self.rest();
        }
    }

    /// Follows the first link of the page that reads like this.
    #[track_caller]
    pub(crate) fn follow(&self, text: &str) {
        self.lead_on(By::XPath(format!("//main//a[contains(normalize-space(.), \"{text}\")]")));
    }

    /// Presses the first button of the page that reads like this.
    #[track_caller]
    pub(crate) fn press(&self, text: &str) {
        self.lead_on(By::XPath(format!(
            "//main//button[contains(normalize-space(.), \"{text}\")]"
        )));
    }

    /// Presses the button of the form that leads to this path.
    #[track_caller]
    pub(crate) fn submit(&self, action: &str) {
        self.lead_on(By::Css(format!("form[action=\"{action}\"] button")));
    }

    /// Types into the box of this name, in place of what stood there.
    #[track_caller]
    pub(crate) fn fill(&self, name: &str, text: &str) {
        let control = self.find(By::Css(format!("main [name=\"{name}\"]")));
        self.wait(control.clear());
        self.wait(control.send_keys(text));
    }

    /// Chooses one of several, or ticks a box.
    #[track_caller]
    pub(crate) fn choose(&self, name: &str, value: &str) {
        let control = self.find(By::Css(format!("[name=\"{name}\"][value=\"{value}\"]")));
        let id = self.wait(control.attr("id")).unwrap_or_default();
        self.click(By::Css(format!("label[for=\"{id}\"]")));
    }

    /// Chooses from a list by what is read there.
    #[track_caller]
    pub(crate) fn select(&self, name: &str, text: &str) {
        self.click(By::XPath(format!(
            "//main//select[@name=\"{name}\"]/option[contains(normalize-space(.), \"{text}\")]"
        )));
    }

    /// Chooses the first that this selector finds.
    #[track_caller]
    pub(crate) fn pick(&self, css: &str) {
        self.click(By::Css(css));
    }

    /// Presses Enter, and waits for the page that comes.
    #[track_caller]
    pub(crate) fn enter(&self) {
        let before = self.path();
        self.wait(self.browser().action_chain().send_keys(Key::Enter).perform());
        for _ in 0..50 {
            if self.path() != before {
                return;
            }
            self.rest();
        }
        panic!("Enter leads nowhere on {}", self.told());
    }

    /// What a box of this name holds.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> String {
        let control = self.find(By::Css(format!("main [name=\"{name}\"]")));
        self.wait(control.prop("value")).unwrap_or_default()
    }

    /// What axe finds wrong, in a wide window and in one of 320 pixels, and what sticks out there.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<String> {
        let wide = self.wait(self.browser().axe());
        let (outside, narrow) = self.wait(self.browser().narrow());
        let told = |width: u32| {
            move |one: Violation| {
                let nodes: Vec<String> =
                    one.nodes.into_iter().take(3).map(|node| node.html).collect();
                format!("{width}: {} ({}): {}", one.id, one.help, nodes.join(" | "))
            }
        };
        let mut all: Vec<String> = wide.into_iter().map(told(1280)).collect();
        all.extend(narrow.into_iter().map(told(320)));
        all.extend(outside.into_iter().take(5).map(|html| format!("320: outside: {html}")));
        all
    }

    /// Every stop that the keyboard makes on this page.
    #[track_caller]
    pub(crate) fn stops(&self, limit: usize) -> Vec<Stop> {
        self.wait(self.browser().tab_walk(limit))
    }

    /// Presses keys where the keyboard stands.
    #[track_caller]
    pub(crate) fn keys(&self, keys: &str) {
        self.wait(self.browser().action_chain().send_keys(keys).perform());
    }

    /// Goes on with Tab until the keyboard stands on what this test of the page accepts.
    #[track_caller]
    pub(crate) fn tab_to(&self, accepts: &str) {
        let body = format!(
            "const e = document.activeElement; const words = (e.innerText || '').trim(); \
             return Boolean({accepts});"
        );
        for _ in 0..80 {
            self.wait(self.browser().action_chain().send_keys(Key::Tab).perform());
            if self.wait(self.browser().evaluate::<bool>(&body, json!(null))) {
                return;
            }
        }
        panic!("the keyboard does not come to {accepts} on {}", self.told());
    }

    /// Runs a function body in the page, and gives what it returns.
    #[track_caller]
    pub(crate) fn run<T: DeserializeOwned>(&self, body: &str, argument: Value) -> T {
        self.wait(self.browser().evaluate(body, argument))
    }

    /// Lets the page believe that so many seconds have passed.
    #[track_caller]
    pub(crate) fn later(&self, seconds: u32) {
        let body = "const now = Date.now.bind(Date); const by = arguments[0] * 1000; \
                    Date.now = () => now() + by; return true";
        assert!(self.run::<bool>(body, json!(seconds)));
    }

    /// Gives the browser a key that holds passkeys, and a finger to touch it.
    #[track_caller]
    pub(crate) fn plug_in_a_key(&self) {
        let tools = self.browser().cdp();
        let key = json!({"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true,
            "automaticPresenceSimulation": true,
        }});
        self.wait(tools.send_raw("WebAuthn.enable", json!({})));
        self.wait(tools.send_raw("WebAuthn.addVirtualAuthenticator", key));
    }

    /// Whether the browser comes to this path within a few seconds.
    pub(crate) fn comes_to(&self, path: &str) -> bool {
        (0..100).any(|_| {
            self.rest();
            self.path() == path
        })
    }

    /// Lets the browser go on for a moment.
    fn rest(&self) {
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(100)).await });
    }

    /// Whether a script comes to say yes within a few seconds.
    pub(crate) fn comes_true(&self, script: &str) -> bool {
        (0..50).any(|_| {
            self.rest();
            self.run::<bool>(script, json!(null))
        })
    }

    /// Whether the page comes to say this within a few seconds.
    pub(crate) fn comes_to_say(&self, text: &str) -> bool {
        (0..50).any(|_| {
            self.rest();
            self.told().contains(text)
        })
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let browser = self.browser.take();
        // The session is ended from within the runtime that it lives in.
        self.runtime.block_on(async { drop(browser) });
    }
}
