//! Refreshes the vendored front end from an unpacked `govuk-frontend` package.
//!
//! `npm pack govuk-frontend@6.6.0`, unpack it, then from the repository's root:
//! `cargo run -p panel-web --example vendor -- path/to/package`.
//!
//! What may be used only on GOV.UK itself is left out: the font, the crest and the crown. The files
//! are otherwise taken as they were published.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Components drawn by our partials, whose published examples the tests compare with.
const COMPONENTS: [&str; 26] = [
    "back-link",
    "breadcrumbs",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-summary",
    "file-upload",
    "generic-header",
    "input",
    "inset-text",
    "notification-banner",
    "pagination",
    "panel",
    "password-input",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tag",
    "task-list",
    "textarea",
    "warning-text",
];

fn main() -> Outcome<()> {
    let package = PathBuf::from(env::args().nth(1).ok_or("give the unpacked package's folder")?);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vendor = here.join("assets/vendor");
    let manifest: Value = serde_json::from_slice(&fs::read(package.join("package.json"))?)?;
    let version = manifest.get("version").and_then(Value::as_str).ok_or("no version")?;

    let built = package.join("dist/govuk");
    let css = fs::read_to_string(built.join("govuk-frontend.min.css"))?;
    let js = fs::read_to_string(built.join("govuk-frontend.min.js"))?;
    let files = [
        ("govuk-frontend.min.css", css.clone(), neutral_css(&css)?),
        ("govuk-frontend.min.js", js.clone(), without_source_map(&js).to_owned()),
    ];
    let mut record = format!(
        "# Written by `cargo run -p panel-web --example vendor`; the tests compare the hashes.\n\n\
         [package]\nname = \"govuk-frontend\"\nversion = \"{version}\"\nlicence = \"MIT\"\n\
         source = \"https://www.npmjs.com/package/govuk-frontend\"\n\
         changes = \"Font faces, crest and crown removed; the font family is Arial.\"\n"
    );
    for (name, published, kept) in &files {
        fs::write(vendor.join("govuk-frontend").join(name), kept)?;
        write!(
            record,
            "\n[[file]]\npath = \"govuk-frontend/{name}\"\nsha256 = \"{}\"\npublished_sha256 = \"{}\"\n",
            sha256(kept),
            sha256(published)
        )?;
    }
    fs::write(vendor.join("VENDOR.toml"), record)?;
    fs::write(here.join("tests/fixtures/govuk-frontend.json"), examples(&built)?)?;
    Ok(())
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn without_source_map(text: &str) -> &str {
    let end = ["/*# sourceMappingURL", "//# sourceMappingURL"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end()
}

/// The style sheet without the marks that belong to GOV.UK.
fn neutral_css(css: &str) -> Outcome<String> {
    let mut kept = String::with_capacity(css.len());
    for rule in without_source_map(css).split_inclusive('}') {
        let unwanted = ["@font-face", "govuk-footer__copyright-logo", "govuk-footer__crown"];
        match unwanted.iter().filter_map(|mark| rule.find(mark)).min() {
            // What stands before the selector opens or closes a surrounding block and stays.
            Some(at) => {
                let head = rule.get(..at).unwrap_or_default();
                let end = head.rfind(['{', '}']).map_or(0, |brace| brace + 1);
                kept.push_str(head.get(..end).unwrap_or_default());
            }
            None => kept.push_str(rule),
        }
    }
    let kept = kept.replace("GDS Transport,arial,sans-serif", "arial,sans-serif");
    for mark in ["url(", "GDS", "crest", "crown", "@font-face"] {
        if kept.contains(mark) {
            return Err(format!("{mark} is still in the style sheet").into());
        }
    }
    if kept.matches('{').count() != kept.matches('}').count() {
        return Err("the style sheet's braces no longer match".into());
    }
    Ok(kept)
}

/// The published examples that use plain options only, one a line.
fn examples(built: &Path) -> Outcome<String> {
    let mut lines = Vec::new();
    for component in COMPONENTS {
        let path = built.join("components").join(component).join("fixtures.json");
        let published: Value = serde_json::from_slice(&fs::read(path)?)?;
        let fixtures = published.get("fixtures").and_then(Value::as_array).ok_or("no fixtures")?;
        for fixture in fixtures {
            let name = fixture.get("name").and_then(Value::as_str).unwrap_or_default();
            let options = fixture.get("options").cloned().unwrap_or(json!({}));
            if is_plain(&options) && !name.ends_with("state") {
                let html = fixture.get("html").and_then(Value::as_str).unwrap_or_default();
                lines.push(json!([component, name, options, squeezed(html)]).to_string());
            }
        }
    }
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

/// Whether no option, at any depth, injects markup or attributes; a reveal's content may.
fn is_plain(options: &Value) -> bool {
    match options {
        Value::Object(map) => map
            .iter()
            .all(|(key, value)| key == "conditional" || (!injects(key, map) && is_plain(value))),
        Value::Array(items) => items.iter().all(|item| !item.is_null() && is_plain(item)),
        _ => true,
    }
}

fn injects(key: &str, map: &Map<String, Value>) -> bool {
    let markup = key == "html" || key.ends_with("Html");
    let told = matches!(key, "attributes" | "slots" | "formGroup" | "inputWrapper" | "behaviour");
    let empty = map.get(key).is_some_and(|value| value == "" || value == false);
    markup || told || (empty && key == "text")
}

/// The markup with each run of blanks as one blank; elements that keep blanks are rare and short.
fn squeezed(html: &str) -> String {
    html.split_whitespace().collect::<Vec<_>>().join(" ")
}
