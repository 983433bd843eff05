//! Takes the pictures of the guides from the running program, page by page as a coordinator and a
//! representative come to them. `cargo xtask pictures` builds the program and starts this.
//!
//! The clock is set by hand and the people come from one seed, so that a picture changes only when
//! the page does.

mod demo;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use panel_tests::browser::Browser;
use panel_tests::picture;
use thirtyfour::By;

use self::demo::Demo;

/// The day on which the agenda goes out: eight working days before the meeting.
const ISSUING: &str = "2026-11-23T09:00:00Z";
/// Five minutes before the meeting.
const MEETING: &str = "2026-12-03T09:25:00Z";

const COORDINATOR: &str = "marian.okafor@partnership.example.org";
const REPRESENTATIVE: &str = "joy.adeyemi@housing.example.org";

/// Width of the window in CSS pixels: that of a common laptop.
const WIDTH: u32 = 1280;
/// Rows of a picture at most; a guide shows the top of a long page.
const HEIGHT: usize = 1700;
/// Bytes of a picture at most: the pictures are kept with the source.
const LONGEST: u64 = 150_000;

/// How often a page is looked at again for what it should say.
const LOOKS: u32 = 80;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Takes the pictures: `pictures PROGRAM TRACKER FOLDER`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [program, tracker, folder] = arguments.as_slice() else {
        bail!("a program, a tracker and a folder are needed");
    };
    let demo = Demo::start(program, ISSUING).await?;
    let browser = Browser::start().await?.context("Chromium and chromedriver are needed")?;
    browser.set_window_rect(0, 0, WIDTH, 900).await?;
    let hidden = serde_json::json!({ "hidden": true });
    browser.cdp().send_raw("Emulation.setScrollbarsHidden", hidden).await?;
    let visit = Visit { demo: &demo, browser: &browser, folder };
    visit.before_the_meeting(tracker).await?;
    visit.between_meetings().await?;
    visit.as_representative().await?;
    visit.in_the_meeting().await
}

/// A walk through the demonstration that leaves pictures.
struct Visit<'a> {
    demo: &'a Demo,
    browser: &'a Browser,
    folder: &'a Path,
}

impl Visit<'_> {
    async fn before_the_meeting(&self, tracker: &Path) -> Result<()> {
        self.sign_in(COORDINATOR).await?;
        self.picture("today").await?;
        self.open("/referrals").await?;
        self.picture("referrals").await?;

        self.open("/imports").await?;
        self.press("Upload a tracker").await?;
        let file = tracker.canonicalize()?;
        let field = self.browser.find(By::Css("input[type=file]")).await?;
        field.send_keys(file.display().to_string()).await?;
        self.press("Upload").await?;
        self.arrive_at("Check the import").await?;
        self.picture("import").await?;

        self.open("/").await?;
        self.press("The meeting").await?;
        self.arrive_at("Meeting at").await?;
        self.picture("meeting").await?;
        self.press("Agenda").await?;
        self.arrive_at("Agenda for").await?;
        self.press("Propose the agenda").await?;
        self.arrive_at("Proposed agenda").await?;
        self.press("Put this on the agenda").await?;
        self.arrive_at("Agenda for").await?;
        self.open_again().await?;
        self.picture("agenda").await?;
        self.press("Issue the agenda").await?;
        self.arrive_at("Issue the agenda").await?;
        self.press("Issue the agenda").await?;
        self.arrive_at("Agenda for").await
    }

    async fn between_meetings(&self) -> Result<()> {
        self.open("/actions").await?;
        self.picture("actions").await?;
        self.press("Offer alcohol treatment without naming the referral").await?;
        self.arrive_at("Offer alcohol treatment").await?;
        self.picture("action").await?;
        self.open("/actions").await?;
        self.press("Warn in writing about the tenancy").await?;
        self.arrive_at("Warn in writing").await?;
        self.press("What was sent, and why").await?;
        self.arrive_at("Reminders").await?;
        self.wait_for_mail().await?;
        self.picture("reminders").await?;

        self.open("/meetings").await?;
        self.press("Past meetings").await?;
        self.press("9:30am on Thursday 5 November 2026").await?;
        self.arrive_at("Meeting at").await?;
        self.press("Information requests").await?;
        self.arrive_at("Information requests").await?;
        self.picture("information").await?;
        self.press("Meeting").await?;
        self.press("Minutes").await?;
        self.arrive_at("Minutes of").await?;
        self.picture("minutes").await
    }

    async fn as_representative(&self) -> Result<()> {
        self.sign_in(REPRESENTATIVE).await?;
        self.open("/my-work").await?;
        self.picture("my-work").await
    }

    async fn in_the_meeting(&self) -> Result<()> {
        self.demo.set_clock(MEETING)?;
        self.sign_in(COORDINATOR).await?;
        self.press("The meeting").await?;
        self.arrive_at("Meeting at").await?;
        self.press("Start the meeting").await?;
        self.arrive_at("Meeting of").await?;
        self.press("5. 7NFC-CNX4 HARLOW Dean").await?;
        self.arrive_at("HARLOW Dean").await?;
        self.picture("live").await
    }

    async fn sign_in(&self, email: &str) -> Result<()> {
        self.browser.delete_all_cookies().await?;
        self.open("/sign-in").await?;
        for (name, text) in [("email", email), ("password", "lantern orchard violet")] {
            self.browser.find(By::Name(name)).await?.send_keys(text).await?;
        }
        self.press("Sign in").await?;
        self.arrive_at("Today").await
    }

    async fn open(&self, path: &str) -> Result<()> {
        self.browser.goto(self.demo.at(path)).await.with_context(|| path.to_owned())
    }

    /// Opens the page again without what its address says of the step before.
    async fn open_again(&self) -> Result<()> {
        let mut address = self.browser.current_url().await?;
        address.set_query(None);
        Ok(self.browser.goto(address.as_str()).await?)
    }

    /// Follows the link, or presses the button, that says this.
    async fn press(&self, text: &str) -> Result<()> {
        let words = format!("//*[self::a or self::button][normalize-space()='{text}']");
        let places = [format!("//main{words}"), words];
        for place in places {
            if let Some(found) = self.browser.find_all(By::XPath(place)).await?.into_iter().next() {
                found.click().await?;
                return Ok(());
            }
        }
        bail!("{} has nothing that says “{text}”", self.browser.title().await?)
    }

    /// Waits for the page with this heading.
    async fn arrive_at(&self, heading: &str) -> Result<()> {
        for _ in 0..LOOKS {
            if let Ok(found) = self.browser.find(By::Css("h1")).await
                && found.text().await.is_ok_and(|text| text.contains(heading))
            {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("“{heading}” did not come; {} did", self.browser.title().await?)
    }

    /// Looks at this page again until the worker has sent the day's mail.
    async fn wait_for_mail(&self) -> Result<()> {
        for _ in 0..LOOKS {
            let tags = self.browser.find_all(By::Css("main .govuk-tag")).await?;
            for tag in tags {
                if tag.text().await? == "Sent" {
                    return Ok(());
                }
            }
            tokio::time::sleep(PAUSE).await;
            self.browser.refresh().await?;
        }
        bail!("no mail was sent")
    }

    async fn picture(&self, name: &str) -> Result<()> {
        let file = self.folder.join(format!("{name}.png"));
        self.browser.picture(&file).await?;
        picture::shrink(&file, HEIGHT)?;
        let length = file.metadata()?.len();
        ensure!(length <= LONGEST, "{} has {length} bytes", file.display());
        Ok(())
    }
}
