//! The browser on pages with a planted fault, so that what it finds is known.

use std::fmt::Write;
use std::fs;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use thirtyfour::By;

use super::driver::started_on;
use super::*;

/// A page in a folder of its own, opened in a browser.
struct Page {
    browser: Browser,
    folder: TempDir,
}

async fn open(scripts: bool, body: &str) -> Option<Page> {
    let browser = Browser::start_with(scripts).await.unwrap()?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let html = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Agenda</title>\
         <meta name=viewport content='width=device-width, initial-scale=1'></head>\
         <body><main><h1>Agenda</h1>{body}</main></body></html>"
    );
    fs::write(&file, html).unwrap();
    browser.goto(format!("file://{}", file.display())).await.unwrap();
    Some(Page { browser, folder })
}

#[tokio::test]
async fn axe_finds_a_planted_fault_and_nothing_else() {
    let Some(page) = open(true, "<p>Fine.</p><img src=''>").await else { return };
    let found = page.browser.axe().await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].id, "image-alt");
    assert_eq!(found[0].nodes[0].html, "<img src=\"\">");
    // The rules are put into the page once; a second look gives the same.
    assert_eq!(page.browser.axe().await.unwrap(), found);
}

#[tokio::test]
async fn axe_looks_into_a_page_that_allows_no_script() {
    let policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";
    let body = format!("{policy}<img src=''>");
    for scripts in [true, false] {
        let Some(page) = open(scripts, &body).await else { return };
        assert_eq!(page.browser.axe().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn scripts_run_unless_they_are_off() {
    let body = "<p id=a>plain</p>\
                <script>document.getElementById('a').textContent = 'script'</script>";
    for (scripts, expected) in [(true, "script"), (false, "plain")] {
        let Some(page) = open(scripts, body).await else { return };
        // Examining the page does not let it run, and neither does going on from it.
        for _ in 0..2 {
            let text = page.browser.find(By::Id("a")).await.unwrap().text().await.unwrap();
            assert_eq!(text, expected);
            page.browser.axe().await.unwrap();
            page.browser.refresh().await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_sticks_out_of_a_narrow_page_is_found() {
    let wide = "<div style='width: 600px'>wide</div>";
    let body = format!("<section style='overflow-x: auto'>{wide}</section>");
    let Some(page) = open(true, &body).await else { return };
    assert_eq!(page.browser.reflow_320().await.unwrap(), Vec::<String>::new());
    let script = format!("document.body.insertAdjacentHTML('beforeend', `{wide}`)");
    page.browser.evaluate::<Value>(&script, json!(null)).await.unwrap();
    let found = page.browser.reflow_320().await.unwrap();
    assert_eq!(found, ["<div style=\"width: 600px\"></div>"]);
    let width: u32 = page.browser.evaluate("return innerWidth", json!(null)).await.unwrap();
    assert!(width > 1000, "the window has its width back: {width}");
}

#[tokio::test]
async fn tab_stops_at_everything_that_can_be_used() {
    let body = "<a href='#a' id=link>Skip</a><input aria-label=Name style='outline: none'>\
                <button disabled>No</button><button>Save</button>";
    let Some(page) = open(true, body).await else { return };
    let stops = page.browser.tab_walk(20).await.unwrap();
    let seen: Vec<_> = stops
        .iter()
        .map(|stop| (stop.tag.as_str(), stop.name.as_str(), stop.shows_focus, stop.is_covered))
        .collect();
    assert_eq!(
        seen,
        [
            ("a", "Skip", true, false),
            ("input", "Name", false, false),
            ("button", "Save", true, false),
        ]
    );
    assert_eq!(stops[0].id, "link");
}

#[tokio::test]
async fn a_keyboard_trap_and_a_covered_stop_are_found() {
    let trap = "<button onkeydown='event.preventDefault()'>Stay</button>\
                <div style='position: fixed; inset: 0; background: white'></div>";
    let Some(page) = open(true, trap).await else { return };
    let error = page.browser.tab_walk(20).await.unwrap_err();
    assert!(error.to_string().contains("caught"), "{error}");
    assert!(page.browser.tab_walk(1).await.unwrap()[0].is_covered);
}

#[tokio::test]
async fn a_picture_holds_the_whole_page() {
    let Some(page) = open(true, "<div style='height: 3000px'>long</div>").await else { return };
    let file = page.folder.path().join("page.png");
    page.browser.picture(&file).await.unwrap();
    let png = fs::read(&file).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    let height = u32::from_be_bytes(png[20..24].try_into().unwrap());
    assert!(height > 3000, "{height}");
}

#[tokio::test]
async fn nothing_is_left_when_a_browser_is_dropped() {
    let Some(page) = open(true, "").await else { return };
    let (profile, port) = (page.browser.driver.profile.clone(), page.browser.driver.port);
    assert!(profile.exists());
    drop(page);
    assert!(!profile.exists());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn the_port_is_read_from_the_driver() {
    assert_eq!(started_on("ChromeDriver was started successfully on port 37605."), Some(37605));
    assert_eq!(started_on("Starting ChromeDriver 156.0 on port 0"), None);
}

#[test]
fn axe_is_the_file_that_was_published() {
    let listed = include_str!("../../assets/axe.min.js.sha256");
    let mut found = String::new();
    for byte in Sha256::digest(AXE) {
        write!(found, "{byte:02x}").unwrap();
    }
    assert_eq!(listed, format!("{found}  axe.min.js\n"));
}
