//! The parts drawn from GOV.UK's own published examples, compared element by element.
//!
//! An example that uses an option our parts do not offer is passed over; each component says how
//! many it must at least match, so that passing over can never empty a test.

mod controls;
mod parts;

use crate::view::templates::Templates;
use crate::view::words::Language;
use scraper::{ElementRef, Html};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

const FIXTURES: &str = include_str!("../../../tests/fixtures/govuk-frontend.json");

/// The tree as text: names, sorted attributes, and text with its blanks folded.
fn canonical(html: &str) -> String {
    let tree = Html::parse_fragment(html);
    let mut out = String::new();
    write_children(tree.root_element(), 0, &mut out);
    out
}

fn write_children(parent: ElementRef<'_>, depth: usize, out: &mut String) {
    for child in parent.children() {
        if let Some(element) = ElementRef::wrap(child) {
            write_element(element, depth, out);
        } else if let Some(text) = child.value().as_text() {
            let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !folded.is_empty() {
                writeln!(out, "{:1$}{folded}", "", depth * 2).unwrap();
            }
        }
    }
}

fn write_element(element: ElementRef<'_>, depth: usize, out: &mut String) {
    let mut attributes: Vec<String> = element
        .value()
        .attrs()
        .map(|(name, value)| {
            let mut words: Vec<&str> = value.split_whitespace().collect();
            if name == "class" {
                words.sort_unstable();
                words.dedup();
            }
            format!("{name}={}", words.join(" "))
        })
        .collect();
    attributes.sort();
    writeln!(out, "{:2$}<{} {attributes:?}", "", element.value().name(), depth * 2).unwrap();
    // What a choice reveals is the page's own content.
    if !element.value().classes().any(|class| class.ends_with("__conditional")) {
        write_children(element, depth + 1, out);
    }
}

/// Draws every example of `component` that `build` can express, and compares.
#[track_caller]
pub(super) fn check<T: Serialize>(
    component: &str,
    least: usize,
    build: impl Fn(&Value) -> Option<T>,
) {
    check_as(component, component, least, build);
}

#[track_caller]
pub(super) fn check_as<T: Serialize>(
    component: &str,
    template: &str,
    least: usize,
    build: impl Fn(&Value) -> Option<T>,
) {
    let templates = Templates::new(Language::English).unwrap();
    let fixtures: Vec<(String, String, Value, String)> = serde_json::from_str(FIXTURES).unwrap();
    let mut matched = 0;
    for (_, name, options, html) in fixtures.iter().filter(|fixture| fixture.0 == component) {
        let Some(data) = build(options) else { continue };
        let ours = templates.render(&format!("govuk/{template}"), &data).unwrap();
        assert_eq!(canonical(&ours), canonical(html), "{component}: {name}\n{options}\n{ours}");
        matched += 1;
    }
    assert!(matched >= least, "{component}: only {matched} examples were expressed");
}

/// The options, when they hold nothing but these keys.
pub(super) fn only<'a>(options: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    let map = options.as_object()?;
    map.keys().all(|key| keys.contains(&key.as_str())).then_some(options)
}

pub(super) fn text(options: &Value, key: &str) -> Option<String> {
    match &options[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn nested(options: &Value, key: &str) -> Option<String> {
    text(&options[key], "text")
}

pub(super) fn flag(options: &Value, key: &str) -> bool {
    options[key] == true
}
