//! Showing: what was typed stands where it was typed, errors lead to their fields, nothing is lost.

use super::kinds::{
    birth_date, date, id, line, many_of, narrative, one_of, password, time, yes_no,
};
use super::tests::Colour;
use super::*;
use crate::view::facts::Facts;
use crate::view::{Button, Page, Settings, Site, Viewer};
use chrono::{NaiveDate, NaiveTime};
use panel_core::id::{AgencyId, CaseId};
use panel_core::text::{Name, Note};
use scraper::{ElementRef, Html, Selector};
use serde::Serialize;
use std::sync::LazyLock;

static SITE: LazyLock<Site> = LazyLock::new(|| Site::new(Settings::default()).unwrap());

static TITLE: Field<'_, Name> = line("title", "What needs to be done?")
    .missing("Enter what needs to be done")
    .noun("the action");
static NOTE: Optional<'_, Note> = narrative("note", "Note").hint("As it was said.").optional();
static COLOUR: Field<'_, Colour> = one_of("colour", "Colour");
static WHY: Field<'_, Name> = line("why", "Why red?").shown_when("colour", "red");
static DUE: Field<'_, NaiveDate> = date("due", "Due date").hint("For example, 27 3 2026");
static AGENCY: Field<'_, AgencyId> = id("agency", "Owner agency");
static CASE: Field<'_, CaseId> = id("case", "Case").hidden();
static FORM: Form = Form::sections(&[
    Section::new("The action", &[&TITLE, &NOTE, &COLOUR, &WHY]),
    Section::new("Who and when", &[&AGENCY, &DUE, &CASE]),
]);

const UUID: &str = "0198f0a4-0000-7000-8000-000000000001";

fn viewer() -> Viewer {
    Viewer { csrf: "c5rf".to_owned(), ..Viewer::default() }
}

fn draw(template: &str, view: &impl Serialize) -> Html {
    Html::parse_document(&SITE.html(&viewer(), &Page::new("Test"), template, view).unwrap())
}

fn find<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

#[track_caller]
fn one<'a>(html: &'a Html, selector: &str) -> ElementRef<'a> {
    let found = find(html, selector);
    assert_eq!(found.len(), 1, "{selector}");
    found[0]
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn value<'a>(html: &'a Html, selector: &str) -> &'a str {
    one(html, selector).attr("value").unwrap_or_default()
}

fn refused(body: &str) -> Refused {
    let values = Values::from_urlencoded(body.as_bytes()).unwrap();
    let mut read = FORM.read(&values, "2026-11-21".parse().unwrap());
    let (title, note) = (read.get(&TITLE), read.get(&NOTE));
    let (colour, due) = (read.get(&COLOUR), read.get(&DUE));
    let agency = read.get(&AGENCY);
    read.finish(|| Some((title?, note?, colour?, due?, agency?))).unwrap_err()
}

fn view() -> FormView<'static> {
    FormView::new(&FORM, "/actions/new").choices(
        &AGENCY,
        vec![
            Choice::new(UUID, "Northshire <Police>"),
            Choice::new("0198f0a4-0000-7000-8000-000000000002", "Southshire Council"),
        ],
    )
}

fn page(form: FormView<'_>) -> Html {
    draw("pages/form", &FormPage::new("Add an action", form))
}

#[test]
fn an_empty_form_has_a_label_for_every_control() {
    let html = page(view().operation(7).version(3).cancel("/actions"));
    for control in
        find(&html, "main form input:not([type=hidden]), main form select, main form textarea")
    {
        let id = control.attr("id").unwrap();
        assert!(!words(one(&html, &format!("label[for='{id}']"))).is_empty(), "{id}");
    }
    assert_eq!(value(&html, "input[name=csrf]"), "c5rf");
    assert_eq!(value(&html, "input[name=operation]"), "7");
    assert_eq!(value(&html, "input[name=version]"), "3");
    assert_eq!(words(one(&html, "label[for=note]")), "Note (optional)");
    assert_eq!(words(one(&html, "form.panel-form button")), "Save");
    assert_eq!(one(&html, "form.panel-form a.govuk-link").attr("href"), Some("/actions"));
    assert!(find(&html, ".govuk-error-summary").is_empty());
    assert_eq!(words(one(&html, "title")), "Test - Panel");
}

#[test]
fn a_refused_form_keeps_every_word() {
    let body = "title=&note=%3Cb%3E+%22x%22%0D%0A%0D%0Ay&colour=red&why=%7B%7Bx%7D%7D&due-day=30\
                &due-month=feb&due-year=2026&agency=";
    let html = page(view().refused(refused(body)));
    assert_eq!(value(&html, "#title"), "");
    assert_eq!(one(&html, "#note").text().collect::<String>(), "<b> \"x\"\n\ny");
    assert!(one(&html, "#colour").attr("checked").is_some());
    assert_eq!(value(&html, ".govuk-radios__conditional #why"), "{{x}}");
    for (part, typed) in [("day", "30"), ("month", "feb"), ("year", "2026")] {
        assert_eq!(value(&html, &format!("#due-{part}")), typed);
    }
}

#[test]
fn every_error_leads_to_its_field_and_stands_beside_it() {
    let html = page(view().refused(refused("due-day=30&due-month=2&due-year=2026&role=chair")));
    let lines: Vec<(String, Option<&str>)> = find(&html, ".govuk-error-summary__list li")
        .into_iter()
        .map(|li| (words(li), li.child_elements().next().and_then(|a| a.attr("href"))))
        .collect();
    let expected = [
        ("Enter what needs to be done", Some("#title")),
        ("Select the colour", Some("#colour")),
        ("Select the owner agency", Some("#agency")),
        ("Due date must be a real date", Some("#due-day")),
        ("This form has no field called “role”", None),
    ];
    assert_eq!(lines, expected.map(|(text, href)| (text.to_owned(), href)));
    for (_, href) in lines {
        let Some(href) = href else { continue };
        let target = one(&html, href);
        assert!(matches!(target.value().name(), "input" | "select" | "textarea"), "{href}");
    }
    assert_eq!(words(one(&html, "#title-error")), "Error: Enter what needs to be done");
    assert_eq!(one(&html, "#title").attr("aria-describedby"), Some("title-error"));
    assert!(one(&html, "#due-day").attr("class").unwrap().contains("govuk-input--error"));
    assert!(!one(&html, "#due-month").attr("class").unwrap().contains("govuk-input--error"));
}

#[actix_web::test]
async fn a_refused_form_answers_422_and_says_error_in_the_title() {
    let refusal = refused("");
    let form = FormPage::new("Add an action", view().refused(refusal));
    let answer = form.answer(&SITE, &viewer(), Page::new("Add an action")).unwrap();
    assert_eq!(answer.status(), 422);
    let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
    let html = Html::parse_document(std::str::from_utf8(&body).unwrap());
    assert_eq!(words(one(&html, "title")), "Error: Add an action - Panel");
    let fresh = FormPage::new("Add an action", view());
    assert_eq!(fresh.answer(&SITE, &viewer(), Page::new("x")).unwrap().status(), 200);
}

#[test]
fn a_filled_form_shows_its_values_and_reads_dates_back_with_their_weekday() {
    let form = view()
        .fill(&TITLE, &Name::parse("Visit O'Brien").unwrap())
        .fill(&COLOUR, &Colour::Green)
        .fill(&AGENCY, &UUID.parse().unwrap())
        .fill(&CASE, &UUID.parse().unwrap())
        .fill(&DUE, &"2026-12-14".parse().unwrap());
    let html = page(form);
    assert_eq!(value(&html, "#title"), "Visit O'Brien");
    assert_eq!(value(&html, "input[name=colour][checked]"), "green");
    assert_eq!(words(one(&html, "#agency option[selected]")), "Northshire <Police>");
    assert_eq!(value(&html, "input[type=hidden][name=case]"), UUID);
    assert_eq!(words(one(&html, ".panel-readback")), "Monday 14 December 2026");
}

#[test]
fn a_date_that_is_not_certain_is_not_read_back() {
    static BORN: Field<'_, NaiveDate> = birth_date("born", "Date of birth");
    static ONE: Form = Form::of(&[&BORN]);
    let values = Values::from_urlencoded(b"born-day=1&born-month=2&born-year=85").unwrap();
    let html = page(FormView::new(&ONE, "/").typed(values));
    assert!(find(&html, ".panel-readback").is_empty());
}

#[test]
fn a_password_is_never_drawn_again() {
    static SECRET: Field<'_, String> = password("secret", "Password", "current-password");
    static ONE: Form = Form::of(&[&SECRET]);
    let values = Values::from_urlencoded(b"secret=hunter2").unwrap();
    let form = FormView::new(&ONE, "/sign-in").typed(values);
    let html =
        SITE.html(&viewer(), &Page::new("x"), "pages/form", &FormPage::new("x", form)).unwrap();
    assert!(!html.contains("hunter2"));
    assert!(html.contains("autocomplete=\"current-password\""));
}

#[test]
fn a_field_under_a_choice_is_hidden_until_it_is_chosen() {
    let html = page(view());
    let conditional = one(&html, ".govuk-radios__conditional");
    assert!(conditional.attr("class").unwrap().contains("--hidden"));
    let id = conditional.attr("id").unwrap();
    assert_eq!(one(&html, "input[data-aria-controls]").attr("data-aria-controls"), Some(id));
    let html = page(view().fill(&COLOUR, &Colour::Red));
    assert!(!one(&html, ".govuk-radios__conditional").attr("class").unwrap().contains("--hidden"));
}

fn current() -> Values {
    let mut saved = Values::new();
    TITLE.write(&Name::parse("Visit").unwrap(), &mut saved);
    NOTE.write(&Some(Note::parse("Their words").unwrap()), &mut saved);
    COLOUR.write(&Colour::Red, &mut saved);
    DUE.write(&"2026-12-21".parse().unwrap(), &mut saved);
    AGENCY.write(&UUID.parse().unwrap(), &mut saved);
    saved
}

#[test]
fn a_stale_write_shows_both_texts_and_loses_nothing() {
    let body = format!(
        "title=Visit&note=My+%3Cwords%3E&colour=red&why=Because&due-day=14&due-month=12&due-year=2026&agency={UUID}"
    );
    let typed = Values::from_urlencoded(body.as_bytes()).unwrap();
    let stale = StaleView::new(view().version(3).typed(typed.clone()), &current(), 4, "/actions/1")
        .by("Sam Lee at 2:32pm");
    assert_eq!(stale.version(), Some("4"));
    let html = draw("pages/stale", &stale);
    let heads: Vec<String> = find(&html, ".panel-stale h2").into_iter().map(words).collect();
    assert_eq!(heads, ["Saved now: Note", "Saved now: Why red?", "Saved now: Due date"]);
    assert_eq!(words(one(&html, "label[for=note]")), "Your version: Note");
    let saved: Vec<String> = find(&html, ".panel-stale__saved").into_iter().map(words).collect();
    assert_eq!(saved, ["Their words", "Not given", "Monday 21 December 2026"]);
    assert_eq!(one(&html, "#note").text().collect::<String>(), "My <words>");
    // Sending the page again must send every value that was typed.
    let mut sent = Values::new();
    for input in find(&html, "main input[type=hidden], main input[type=text], main input[checked]")
    {
        sent.set(input.attr("name").unwrap(), input.attr("value").unwrap());
    }
    sent.set("note", one(&html, "#note").text().collect::<String>());
    for (name, values) in typed.iter() {
        assert_eq!(sent.all(name), values, "{name}");
    }
    assert_eq!(sent.one("version"), "4");
}

#[actix_web::test]
async fn a_stale_write_answers_409() {
    let stale = StaleView::new(view(), &current(), 4, "/actions/1");
    let answer = stale.answer(&SITE, &viewer(), Page::new("Changed")).unwrap();
    assert_eq!(answer.status(), 409);
}

#[test]
fn answers_are_checked_in_words_and_carried_unseen() {
    let body = format!(
        "title=Visit&note=a%0Ab&colour=green&due-day=14&due-month=12&due-year=2026&agency={UUID}"
    );
    let typed = Values::from_urlencoded(body.as_bytes()).unwrap();
    let form = view().typed(typed.clone()).operation(9);
    let html = draw("pages/check", &CheckView::new(&form).confirming("Add the action"));
    let rows: Vec<(String, String)> = find(&html, ".govuk-summary-list__row")
        .into_iter()
        .map(|row| {
            let parts: Vec<String> = row.child_elements().map(words).collect();
            (parts[0].clone(), parts[1].clone())
        })
        .collect();
    let expected = [
        ("What needs to be done?", "Visit"),
        ("Note", "a b"),
        ("Colour", "Green"),
        ("Owner agency", "Northshire <Police>"),
        ("Due date", "Monday 14 December 2026"),
    ];
    assert_eq!(rows, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    for (name, values) in typed.iter() {
        assert_eq!(value(&html, &format!("main input[name='{name}']")), values[0]);
    }
    let buttons: Vec<Option<&str>> =
        find(&html, "main button").into_iter().map(|button| button.attr("value")).collect();
    assert_eq!(buttons, [Some("confirm"), Some("change")]);
}

#[test]
fn checked_answers_can_link_to_where_they_are_asked() {
    let form = view();
    let check = CheckView::with_links(&form, |name| Some(format!("/draft/1/{name}")));
    let html = draw("pages/check", &check);
    let links: Vec<String> =
        find(&html, ".govuk-summary-list__actions a").into_iter().map(words).collect();
    assert_eq!(links[0], "Change the action");
    assert_eq!(find(&html, "main button").len(), 1);
}

#[test]
fn what_cannot_be_undone_is_confirmed_by_one_button() {
    static REASON: Field<'_, Note> = narrative("reason", "Reason");
    static ONE: Form = Form::of(&[&REASON]);
    let form = FormView::new(&ONE, "/actions/1/withdraw")
        .version(2)
        .button(Button::warning("Withdraw the action"))
        .cancel("/actions/1");
    let confirm = ConfirmView::new("Are you sure you want to withdraw this action?", form)
        .warning("The agency is told, and its reminders stop.")
        .facts(Facts::new(vec![crate::view::facts::Fact::new("Action", "Visit")]));
    let html = draw("pages/confirm", &confirm);
    assert!(words(one(&html, "main button")).starts_with("Withdraw"));
    assert!(words(one(&html, ".govuk-warning-text")).contains("reminders stop"));
    assert_eq!(value(&html, "main input[name=version]"), "2");
}

#[test]
fn other_kinds_are_drawn_for_what_they_are() {
    static START: Field<'_, NaiveTime> = time("start", "Start time");
    static LIVES: Field<'_, bool> = yes_no("lives", "Lives there?", "Select yes if so");
    static ALL: Field<'_, Vec<Colour>> = many_of("all", "Colours");
    static QUICK: Field<'_, NaiveDate> = date("quick", "Due").in_one_box();
    static FOUR: Form = Form::of(&[&START, &LIVES, &ALL, &QUICK]);
    let values =
        Values::from_urlencoded(b"start=2pm&lives=yes&all=red&all=green&quick=3/4/2026").unwrap();
    let html = page(FormView::new(&FOUR, "/x").typed(values));
    assert_eq!(value(&html, "#start"), "2pm");
    assert_eq!(find(&html, "input[name=all][checked]").len(), 2);
    assert_eq!(value(&html, "#quick"), "3/4/2026");
    assert_eq!(words(one(&html, ".panel-readback")), "Friday 3 April 2026");
    assert!(one(&html, ".govuk-radios").attr("class").unwrap().contains("--inline"));
}
