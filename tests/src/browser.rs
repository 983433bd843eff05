//! A real Chromium for one test, driven by chromedriver, with what accessibility tests ask of it.

mod driver;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities;
use thirtyfour::{DesiredCapabilities, Key, WebDriver};

use self::driver::{Driver, find_programs};

const AXE: &str = include_str!("../assets/axe.min.js");

/// The rules of WCAG 2.2 up to level AA.
const AXE_TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// All of these are needed when the browser runs as root in a container; the rest keeps it from
/// calling home. The pipe makes the browser end with its driver.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "--window-size=1280,1024",
];

/// Width of a page at 400 % zoom on a 1280 pixel window, in CSS pixels (WCAG 1.4.10).
const REFLOW_WIDTH: u32 = 320;

/// How long the browser may take over one command.
const PATIENCE: Duration = Duration::from_mins(1);

/// A browser with a new profile; dropping it ends the browser and its driver.
///
/// Everything that `thirtyfour` offers on a page is there by dereference.
pub struct Browser {
    // Dropped first, which ends the session while the driver is still there.
    page: WebDriver,
    driver: Driver,
    scripts: bool,
}

/// A rule of axe-core that the page breaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule, such as `image-alt`.
    pub id: String,
    /// What should be done, in words.
    pub help: String,
    /// The elements at fault.
    pub nodes: Vec<Fault>,
}

/// An element at fault.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Fault {
    /// The element's opening, as HTML.
    pub html: String,
}

/// Where the keyboard stood after one press of Tab.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stop {
    /// The element's name in lower case, such as `a`.
    pub tag: String,
    /// Its `id`, or nothing.
    pub id: String,
    /// What a person reads on it: label, text or value, at most 60 characters.
    pub name: String,
    /// Whether focus can be seen on it.
    pub shows_focus: bool,
    /// Whether its middle is covered by something that is not part of it (WCAG 2.4.11).
    pub is_covered: bool,
}

impl Browser {
    /// Starts a browser, or says that the test is not run and gives back `None`.
    ///
    /// # Errors
    /// When Chromium or its driver is there and does not start, or must be there and is not.
    pub async fn start() -> Result<Option<Self>> {
        Self::start_with(true).await
    }

    /// Starts a browser in which no page's script runs. What a test itself evaluates still does.
    ///
    /// # Errors
    /// As [`Browser::start`].
    pub async fn start_without_script() -> Result<Option<Self>> {
        Self::start_with(false).await
    }

    async fn start_with(scripts: bool) -> Result<Option<Self>> {
        let Some((chromium, chromedriver)) = find_programs()? else {
            return Ok(None);
        };
        let driver = Driver::start(&chromedriver)?;
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(&chromium.display().to_string())?;
        for flag in FLAGS {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", driver.profile.display()))?;
        let address = format!("http://127.0.0.1:{}", driver.port);
        // Without idle connections: ending the session on drop runs beside the test's own runtime,
        // where a connection kept from it would never be served.
        let client = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(PATIENCE)
            .build()?;
        let page = WebDriver::builder(address, wanted).client(client).connect().await;
        let page = page.context("chromedriver")?;
        let browser = Self { page, driver, scripts };
        browser.allow_scripts(scripts).await?;
        Ok(Some(browser))
    }

    /// What axe-core finds wrong with the page, by the rules of WCAG 2.2 up to level AA.
    ///
    /// # Errors
    /// When the page cannot be examined.
    pub async fn axe(&self) -> Result<Vec<Violation>> {
        // The examination waits for timers, which stand still where no script may run. Allowing
        // scripts now does not run those that the page was refused when it was loaded.
        self.allow_scripts(true).await?;
        let found = self.run_axe().await;
        self.allow_scripts(self.scripts).await?;
        found
    }

    async fn run_axe(&self) -> Result<Vec<Violation>> {
        if !self.evaluate::<bool>("return typeof window.axe === 'object'", json!(null)).await? {
            self.page.execute(AXE, Vec::new()).await?;
        }
        let script = "
            const [tags, done] = arguments;
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
               .then(found => done({ found: found.violations }),
                     error => done({ error: String(error) }));";
        let answer = self.page.execute_async(script, vec![json!(AXE_TAGS)]).await?;
        match answer.json().get("found") {
            Some(found) => Ok(Vec::deserialize(found)?),
            None => bail!("axe-core: {}", answer.json()),
        }
    }

    async fn allow_scripts(&self, allowed: bool) -> Result<()> {
        let value = json!({ "value": !allowed });
        self.page.cdp().send_raw("Emulation.setScriptExecutionDisabled", value).await?;
        Ok(())
    }

    /// The elements that stick out of a page 320 CSS pixels wide, so that one must scroll sideways
    /// (WCAG 1.4.10). What lies in a box that scrolls by itself, as wide tables may, is no fault.
    ///
    /// # Errors
    /// When the page cannot be examined.
    pub async fn reflow_320(&self) -> Result<Vec<String>> {
        let metrics = json!({
            "width": REFLOW_WIDTH, "height": 640, "deviceScaleFactor": 1, "mobile": false,
        });
        let tools = self.page.cdp();
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let found = self.evaluate(REFLOW, json!(REFLOW_WIDTH)).await;
        tools.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        found
    }

    /// The page 320 CSS pixels wide: what sticks out of it, and what axe-core finds wrong then.
    ///
    /// # Errors
    /// When the page cannot be examined.
    pub async fn narrow(&self) -> Result<(Vec<String>, Vec<Violation>)> {
        let metrics = json!({
            "width": REFLOW_WIDTH, "height": 640, "deviceScaleFactor": 1, "mobile": false,
        });
        let tools = self.page.cdp();
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let outside = self.evaluate(REFLOW, json!(REFLOW_WIDTH)).await;
        let found = self.axe().await;
        tools.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        Ok((outside?, found?))
    }

    /// Walks through the page by keyboard: every stop that Tab makes, until focus comes back to
    /// where it started or leaves the page, or `limit` stops were made.
    ///
    /// # Errors
    /// When the page cannot be examined, or focus stays on one element (WCAG 2.1.2).
    pub async fn tab_walk(&self, limit: usize) -> Result<Vec<Stop>> {
        self.evaluate::<Value>(START, json!(null)).await?;
        let mut stops: Vec<Stop> = Vec::new();
        while stops.len() < limit {
            self.page.action_chain().send_keys(Key::Tab).perform().await?;
            match self.evaluate(STOP, json!(null)).await? {
                Step::New(stop) => stops.push(stop),
                Step::Same(stop) => bail!("the keyboard is caught on {stop:?}"),
                Step::End => break,
            }
        }
        Ok(stops)
    }

    /// Keeps a picture of the whole page, not only of the part in the window, as PNG.
    ///
    /// # Errors
    /// When there is no picture, or it cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let height: u32 = self
            .evaluate("return Math.ceil(document.documentElement.scrollHeight)", json!(null))
            .await?;
        let width: u32 = self.evaluate("return window.innerWidth", json!(null)).await?;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        let tools = self.page.cdp();
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let taken = self.page.screenshot(file).await;
        tools.send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        taken.with_context(|| file.display().to_string())
    }

    /// Runs a function body in the page, with one argument, and reads what it returns.
    ///
    /// # Errors
    /// When the script fails or returns something else.
    pub async fn evaluate<T: DeserializeOwned>(&self, body: &str, argument: Value) -> Result<T> {
        let answer = self.page.execute(body, vec![argument]).await?;
        answer.convert().with_context(|| format!("the page answered {}", answer.json()))
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Browser").field("driver", &self.driver).finish_non_exhaustive()
    }
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.page
    }
}

/// What one press of Tab led to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Step {
    New(Stop),
    Same(Stop),
    End,
}

/// Finds elements beyond the given width, outside boxes that scroll by themselves.
const REFLOW: &str = "
    const width = arguments[0];
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = element => {
        for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
            if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(box).overflowX)) return true;
        return false;
    };
    return [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width + 0.5)
        .filter(element => !scrolls(element))
        .map(element => element.cloneNode(false).outerHTML.slice(0, 120));";

/// Puts the keyboard before the first element. Focus that is only taken away would go on from where
/// it was.
const START: &str = "
    window.panelStops = [];
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();";

/// Says where the focus is, after a press of Tab.
const STOP: &str = "
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement)
        return 'end';
    const before = window.panelStops;
    if (before[0] === element && before.length > 1) return 'end';
    const label = element.labels && element.labels[0];
    const text = element.getAttribute('aria-label') || (label && label.innerText)
        || element.innerText || element.value || element.title || '';
    const visible = style => style.boxShadow !== 'none'
        || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
    const faint = parseFloat(getComputedStyle(element).opacity) === 0;
    const shown = faint && label ? label : element;
    const styles = [getComputedStyle(shown), getComputedStyle(shown, '::before')];
    const box = shown.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const stop = {
        tag: element.tagName.toLowerCase(),
        id: element.id,
        name: text.trim().replace(/\\s+/g, ' ').slice(0, 60),
        showsFocus: styles.some(visible),
        isCovered: !!top && !shown.contains(top) && !top.contains(shown)
            && !(label && label.contains(top)),
    };
    const same = before[before.length - 1] === element;
    before.push(element);
    return same ? { same: stop } : { new: stop };";
