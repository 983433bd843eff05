//! The frame around every page, and pages put together from parts.

use super::controls::{Head, TextInput};
use super::facts::{Fact, Facts, Task, Tasks};
use super::lists::{Bulk, Filter, Hidden, Identity, Moment, Timeline};
use super::order::{Order, Place};
use super::paging::{PageLink, Pagination};
use super::table::{Cell, Column, Row, Table};
use super::*;
use crate::form::kinds::line;
use crate::form::{Field, FormView, Layout, Values};
use crate::view::controls::Control;
use panel_core::text::Name;
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::sync::LazyLock;

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let settings = Settings { demo: true, ..Settings::default() };
    Site::new(settings).unwrap()
});

fn viewer() -> Viewer {
    Viewer {
        person: Some(Link::new("/me", "Sam <O'Neill>")),
        csrf: "t0ken".to_owned(),
        sections: vec![
            Section::new("actions", "/actions", "Actions"),
            Section::new("cases", "/cases", "Cases"),
        ],
        session: None,
        glass: None,
        printed: Some("Printed by Sam".to_owned()),
    }
}

fn draw(site: &Site, viewer: &Viewer, page: &Page, body: &Body<'_>) -> Html {
    Html::parse_document(&site.html(viewer, page, "pages/parts", body).unwrap())
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn one<'a>(html: &'a Html, selector: &str) -> ElementRef<'a> {
    let found = all(html, selector);
    assert_eq!(found.len(), 1, "{selector}");
    found[0]
}

#[test]
fn every_page_stands_in_the_frame() {
    let page = Page::new("Actions")
        .section_start("actions")
        .back("/cases", "Cases")
        .crumb("/", "Home")
        .banner(Banner::success("Done.").link("/x", "See it"));
    let html = draw(&SITE, &viewer(), &page, &Body::titled("Actions"));
    assert_eq!(words(one(&html, "title")), "Actions - Panel");
    assert_eq!(one(&html, "html").attr("lang"), Some("en"));
    assert_eq!(one(&html, "a.govuk-skip-link").attr("href"), Some("#main-content"));
    assert_eq!(all(&html, "main#main-content h1").len(), 1);
    assert_eq!(words(one(&html, ".panel-header__name")), "Signed in as Sam <O'Neill>");
    assert_eq!(words(one(&html, "[aria-current=page]")), "Actions");
    assert_eq!(words(one(&html, ".panel-demo")), "Demonstration – invented people");
    assert_eq!(words(one(&html, ".panel-marking")), "Protective marking: OFFICIAL-SENSITIVE");
    assert!(words(one(&html, ".panel-print-header")).contains("Printed by Sam"));
    assert_eq!(words(one(&html, ".govuk-notification-banner__heading")), "Done. See it");
    assert_eq!(one(&html, ".govuk-back-link").attr("href"), Some("/cases"));
    assert_eq!(one(&html, ".panel-header__out input").attr("value"), Some("t0ken"));
    for page_of_ours in ["/accessibility", "/guide"] {
        assert_eq!(all(&html, &format!("footer a[href='{page_of_ours}']")).len(), 1);
    }
}

#[test]
fn a_page_for_nobody_names_nobody() {
    let settings = Settings { marking: None, ..Settings::default() };
    let site = Site::new(settings).unwrap();
    let html = draw(&site, &Viewer::default(), &Page::new("Sign in"), &Body::titled("Sign in"));
    for absent in
        [".panel-header__person", ".govuk-service-navigation", ".panel-demo", ".panel-marking"]
    {
        assert!(all(&html, absent).is_empty(), "{absent}");
    }
}

#[test]
fn a_page_of_a_section_is_marked_in_the_navigation() {
    let html = draw(&SITE, &viewer(), &Page::new("One action").section("actions"), &Body::new());
    assert_eq!(words(one(&html, "[aria-current=true]")), "Actions");
    assert!(all(&html, "[aria-current=page]").is_empty());
}

#[test]
fn nothing_of_gov_uk_s_own_marks_is_shown() {
    let html = SITE.html(&viewer(), &Page::new("x"), "pages/parts", &Body::titled("x")).unwrap();
    for mark in ["GOV.UK", "crown", "crest", "Crown copyright", "GDS"] {
        assert!(!html.contains(mark), "{mark}");
    }
}

#[test]
fn a_hostile_name_is_text_in_every_place() {
    let evil = "\"><img src=x onerror=alert(1)>";
    let page = Page::new(evil).back("/x", evil).crumb("/x", evil).banner(Banner::important(evil));
    let body = Body::titled(evil)
        .text(evil)
        .prose(evil)
        .inset(evil)
        .warning(evil)
        .details(evil, evil)
        .bullets(vec![evil.to_owned()])
        .links(vec![Link::new(evil, evil)])
        .identity(Identity {
            title: evil.to_owned(),
            kind: evil.to_owned(),
            facts: vec![(evil.to_owned(), evil.to_owned())],
            tags: vec![Tag::new(evil, Colour::Red)],
            buttons: vec![Button::link(evil, evil)],
        })
        .facts(Facts::new(vec![Fact::new(evil, evil).link(evil, evil, evil)]).card(evil))
        .table(
            Table::new(
                vec![Column::new(evil)],
                vec![
                    Row::new(vec![
                        Cell::link(evil, evil).about(evil).note(evil),
                        Cell::tag(evil, Colour::Red),
                    ])
                    .selected_by("row", 1, evil, false),
                ],
            )
            .caption(evil),
        );
    let html = draw(&SITE, &viewer(), &page, &body);
    assert!(all(&html, "img").is_empty());
    assert!(html.html().matches("&lt;img").count() > 20);
}

#[test]
fn a_form_in_a_list_carries_the_session_s_token() {
    let places = ["One", "Two", "Three"].map(|text| {
        Place::new(text, "9am", "/agenda/move", vec![Hidden::new("version", 4)]).note("5 minutes")
    });
    let input = TextInput::new("days", Head::new("days", "Days"));
    let bulk = Bulk {
        action: "/actions".to_owned(),
        hidden: vec![Hidden::new("operation", 9)],
        controls: vec![Control::Input(input)],
        buttons: vec![Button::new("Change").doing("change")],
        table: Table::new(
            vec![Column::new("Action")],
            vec![Row::new(vec![Cell::text("Visit").heading()]).selected_by("id", 7, "Visit", true)],
        ),
        heading: "Selected".to_owned(),
    };
    let body = Body::titled("Agenda").order(Order::new(places.into())).bulk(bulk);
    let html = draw(&SITE, &viewer(), &Page::new("Agenda"), &body);
    for form in all(&html, "form[method=post]") {
        let token = form.child_elements().find(|child| child.attr("name") == Some("csrf"));
        assert_eq!(token.and_then(|input| input.attr("value")), Some("t0ken"));
    }
    let to: Vec<Option<&str>> =
        all(&html, "button[name=to]").into_iter().map(|button| button.attr("value")).collect();
    assert_eq!(to, [Some("2"), Some("1"), Some("3"), Some("2")]);
    assert_eq!(words(one(&html, "label[for=id-7]")), "Select Visit");
    assert!(one(&html, "#id-7").attr("checked").is_some());
    assert_eq!(one(&html, ".panel-bulk button").attr("value"), Some("change"));
}

#[test]
fn lists_are_filtered_by_their_address_alone() {
    static WORDS: Field<'_, Name> = line("q", "Words");
    let typed = Values::from_urlencoded(b"q=visit").unwrap();
    let form = FormView::new(Layout::new().with(&WORDS), "").typed(typed);
    let mut filter = Filter::new("/actions", form.filters(), vec![Link::new("/actions", "visit")]);
    filter.kept.push(Hidden::new("sort", "due"));
    let body = Body::titled("Actions")
        .filter(filter)
        .pages(Pagination::numbered(2, 3, |page| format!("?page={page}")))
        .pages(Pagination::around(Some(PageLink::new("/1", "7 December")), None));
    let html = draw(&SITE, &viewer(), &Page::new("Actions"), &body);
    let form = one(&html, "form.panel-filter");
    assert_eq!((form.attr("method"), form.attr("action")), (Some("get"), Some("/actions")));
    assert!(all(&html, "form.panel-filter input[name=csrf]").is_empty(), "no token in an address");
    assert_eq!(one(&html, "#filter-q").attr("value"), Some("visit"));
    assert_eq!(words(one(&html, ".panel-filter__tag")), "Remove this filter: visit");
    assert_eq!(all(&html, "nav.govuk-pagination").len(), 2);
}

#[test]
fn two_forms_of_one_page_keep_their_ids_apart() {
    static WORDS: Field<'_, Name> = line("q", "Words");
    let form = |prefix| {
        let refused = crate::form::Refused::by_rule(&Values::new(), "q", "no", "Not these words");
        FormView::new(Layout::new().with(&WORDS), "/x").ids(prefix).refused(refused)
    };
    let body = Body::titled("Two").form(form("a-")).form(form("b-"));
    let html = draw(&SITE, &viewer(), &Page::new("Two"), &body);
    for link in all(&html, ".govuk-error-summary a") {
        let target = one(&html, link.attr("href").unwrap());
        assert_eq!(target.attr("name"), Some("q"));
    }
    assert_eq!(all(&html, ".govuk-error-summary a").len(), 2);
    assert_eq!(one(&html, "#b-q").attr("aria-describedby"), Some("b-q-error"));
    assert_eq!(all(&html, "label[for=b-q]").len(), 1);
}

#[test]
fn what_happened_is_told_in_order() {
    let moment = Moment {
        title: "Completed".to_owned(),
        by: "Sam Lee".to_owned(),
        when: "Monday 14 December 2026".to_owned(),
        instant: "2026-12-14T14:32:00Z".to_owned(),
        text: Some("One\nTwo".to_owned()),
        link: Some(Link::new("/meetings/4", "Meeting")),
    };
    let tasks = Tasks::new(
        "t",
        vec![
            Task::new("Referral", "Completed").at("/a"),
            Task::new("Minutes", "Not started")
                .tagged(Colour::Blue)
                .hint("After the meeting.")
                .not_yet(),
        ],
    );
    let body = Body::titled("Case")
        .timeline(Timeline { moments: vec![moment] })
        .tasks(tasks)
        .confirmation("Sent", None)
        .lead("Lead")
        .heading("More")
        .buttons(vec![Button::link("/", "Home")]);
    let html = draw(&SITE, &viewer(), &Page::new("Case"), &body);
    assert_eq!(one(&html, "time").attr("datetime"), Some("2026-12-14T14:32:00Z"));
    assert_eq!(one(&html, ".panel-timeline bdi").text().collect::<String>(), "One\nTwo");
    assert_eq!(words(one(&html, "#t-2-status")), "Not started");
}

#[test]
fn a_body_must_be_a_set_of_names() {
    let view = json!({"heading": "x"});
    assert!(SITE.html(&viewer(), &Page::new("x"), "pages/parts", &view).is_err());
    assert!(SITE.html(&viewer(), &Page::new("x"), "pages/none", &view).is_err());
}

#[test]
fn numbers_are_grouped_by_thousands() {
    for (digits, expected) in
        [("7", "7"), ("150", "150"), ("4000", "4,000"), ("1000000", "1,000,000")]
    {
        assert_eq!(grouped(digits), expected);
    }
}
