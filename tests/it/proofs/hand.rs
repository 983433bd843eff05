//! The forms of a page with everything that could be chosen in them.

use scraper::{ElementRef, Html, Selector};

/// What stands in a form under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Control {
    /// Sent as it stands.
    Hidden(String),
    /// Typed.
    Text(String),
    /// One of these.
    Choice(Vec<String>),
    /// Ticked or not.
    Tick(String),
    /// One of several buttons.
    Button(String),
    /// A file.
    File,
}

/// One form of a page.
#[derive(Debug, Clone)]
pub(super) struct FormOf {
    pub(super) action: String,
    pub(super) posts: bool,
    pub(super) controls: Vec<(String, Control)>,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// Every form of a page, in order.
pub(super) fn forms(html: &str) -> Vec<FormOf> {
    let page = Html::parse_document(html);
    page.select(&selector("form")).map(form).collect()
}

fn form(form: ElementRef<'_>) -> FormOf {
    let mut controls: Vec<(String, Control)> = Vec::new();
    let all = selector("input[name], textarea[name], select[name], button[name]");
    for control in form.select(&all).filter(|control| control.attr("disabled").is_none()) {
        let name = control.attr("name").unwrap_or_default().to_owned();
        match read(control) {
            Control::Choice(value) if control.value().name() == "input" => {
                match controls.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, Control::Choice(values))) => values.extend(value),
                    _ => controls.push((name, Control::Choice(value))),
                }
            }
            control => controls.push((name, control)),
        }
    }
    FormOf {
        action: form.attr("action").unwrap_or_default().to_owned(),
        posts: form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
        controls,
    }
}

fn read(control: ElementRef<'_>) -> Control {
    let value = control.attr("value").unwrap_or_default().to_owned();
    match (control.value().name(), control.attr("type")) {
        ("textarea", _) => Control::Text(control.text().collect()),
        ("button", _) | (_, Some("submit")) => Control::Button(value),
        ("select", _) => {
            let option = selector("option");
            let value = |o: ElementRef<'_>| o.attr("value").unwrap_or_default().to_owned();
            Control::Choice(control.select(&option).map(value).collect())
        }
        (_, Some("hidden")) => Control::Hidden(value),
        (_, Some("radio")) => Control::Choice(vec![value]),
        (_, Some("checkbox")) => Control::Tick(value),
        (_, Some("file")) => Control::File,
        _ => Control::Text(value),
    }
}

/// Where the links of a page lead, in order, within this service.
pub(super) fn links(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let link = selector("a[href]");
    let found = page.select(&link).filter_map(|a| a.attr("href"));
    let inside = found.filter(|href| href.starts_with('/') && !href.starts_with("//"));
    inside.map(|href| href.split('#').next().unwrap_or_default().to_owned()).collect()
}
