//! A gallery of every part and form state, on invented data, to be looked at while designing.
//!
//! `cargo run -p panel-web --example gallery -- 8090`, then open `http://127.0.0.1:8090/`. It shares
//! the real frame, headers and middleware; nothing of it is part of the service.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpMessage, HttpRequest, HttpResponse, HttpServer};
use chrono::{NaiveDate, NaiveTime};
use panel_core::coded;
use panel_core::id::{AgencyId, CaseId};
use panel_core::text::{EmailAddress, LongNote, Name, Note};
use panel_web::csrf::{Session, Token, refuse_foreign};
use panel_web::errors::{Failure, design};
use panel_web::form::field::Size;
use panel_web::form::kinds::{
    birth_date, date, email, file, id, line, many_of, narrative, number, one_of, password, tick,
    time, yes_no,
};
use panel_web::form::{
    CheckView, Choice, ConfirmView, Field, Form, FormPage, FormView, Layout, Optional, Query,
    Reader, Section as FormSection, StaleView, Values,
};
use panel_web::view::facts::{Fact, Facts, Task, Tasks};
use panel_web::view::lists::{Bulk, Filter, Hidden, Identity, Moment, Timeline};
use panel_web::view::order::{Order, Place};
use panel_web::view::paging::{PageLink, Pagination};
use panel_web::view::table::{Cell, Column, Row, Sorted, Table};
use panel_web::view::{
    Banner, Body, Button, Colour, Link, Page, Section, Settings, Site, Tag, ViewError, Viewer,
};
use panel_web::{assets, headers, limits};
use std::sync::Arc;

coded! {
    /// How an action stands.
    pub enum Status: "status" {
        /// Nothing done yet.
        Open = "open" => "Open",
        /// Being done.
        InProgress = "in_progress" => "In progress",
        /// Done.
        Completed = "completed" => "Completed",
        /// Cannot be done.
        NotPossible = "not_possible" => "Not possible",
    }
}

const AGENCY: &str = "0198f0a4-0000-7000-8000-000000000001";
const LONG: &str = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Nguyễn Thị Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";

static TITLE: Field<'_, Name> = line("title", "What needs to be done?")
    .missing("Enter what needs to be done")
    .noun("the action")
    .hint("One thing that one agency can do.");
static NOTE: Optional<'_, Note> =
    narrative("note", "Why it is needed").hint("As it was said in the meeting.").optional();
static OWNER: Field<'_, AgencyId> = id("owner", "Owner agency");
static DUE: Field<'_, NaiveDate> = date("due", "Due date").hint("For example, 27 3 2026");
static START: Field<'_, NaiveTime> = time("start", "Start time");
static WEEKS: Field<'_, u32> = number("weeks", "Repeat every", 1, 52).suffix("weeks");
static STATUS: Field<'_, Status> = one_of("status", "How does it stand?").noun("the status");
static REASON: Field<'_, Note> =
    narrative("reason", "Reason").rows(3).shown_when("status", "not_possible");
static LIVES: Field<'_, bool> = yes_no(
    "lives",
    "Does a child live at the address?",
    "Select yes if a child lives at the address",
);
static TOLD: Field<'_, Vec<Status>> =
    many_of("told", "Tell the owner when it is").noun("when to tell the owner");
static BORN: Optional<'_, NaiveDate> = birth_date("born", "Date of birth").optional();
static EMAIL: Field<'_, EmailAddress> = email("email", "Email address").width(30);
static SURE: Field<'_, bool> = tick("sure", "I have checked that this is safe to send");
static CASE: Field<'_, CaseId> = id("case", "Case").hidden();
static FORM: Form = Form::sections(&[
    FormSection::new("The action", &[&TITLE, &NOTE, &STATUS, &REASON, &CASE])
        .intro("Actions are shown to the agency that owns them and to the coordinator."),
    FormSection::new("Who and when", &[&OWNER, &DUE, &START, &WEEKS]),
    FormSection::new("About the person", &[&LIVES, &TOLD, &BORN, &EMAIL, &SURE]),
]);

static FILE: Field<'_, ()> =
    file("tracker", "Your tracker", ".xlsx,.csv").hint("An Excel workbook of up to 20 MB.");
static UPLOAD: Form = Form::of(&[&FILE]);

static WHERE: Field<'_, Name> = line("where", "What is the name of the panel?").size(Size::Heading);
static QUESTION: Form = Form::of(&[&WHERE]);

static ADDRESS: Field<'_, EmailAddress> = email("email", "Email address");
static SECRET: Field<'_, String> = password("password", "Password", "current-password");
static SIGN_IN: Form = Form::of(&[&ADDRESS, &SECRET]);

static NOTES: Field<'_, LongNote> = narrative("notes", "Notes of the discussion").rows(8);
static VOICE: Field<'_, LongNote> = narrative("voice", "What the victim wants").rows(4);
static MEETING: Form = Form::of(&[&NOTES, &VOICE]);

type Answer = Result<HttpResponse, Failure>;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 14).unwrap_or_default()
}

fn agencies() -> Vec<Choice> {
    vec![
        Choice::new(AGENCY, "Northshire Police"),
        Choice::new("0198f0a4-0000-7000-8000-000000000002", "Southshire Council Housing"),
        Choice::new("0198f0a4-0000-7000-8000-000000000003", LONG),
    ]
}

fn viewer() -> Viewer {
    Viewer {
        person: Some(Link::new("/me", "Sam O’Neill-Featherstone")),
        csrf: Token::from_bytes([7; 32]).as_str().to_owned(),
        sections: ["Actions", "Cases", "Meetings", "Referrals", "Requests", "Administration"]
            .into_iter()
            .zip(["actions", "cases", "meetings", "referrals", "requests", "admin"])
            .map(|(text, key)| Section::new(key, format!("/{key}"), text))
            .collect(),
        session: None,
        glass: None,
        printed: Some("Printed by Sam O’Neill on Monday 14 December 2026 at 2:32pm".to_owned()),
    }
}

fn form(action: &str) -> FormView<'static> {
    FormView::new(&FORM, action).choices(&OWNER, agencies()).operation(1).cancel("/")
}

fn typed(body: &str) -> Values {
    Values::from_urlencoded(body.as_bytes()).unwrap_or_default()
}

const GOOD: &str = "title=Visit+the+home&note=He+said+%3Cb%3Eno%3C%2Fb%3E.%0A%0AAsk+again.&status=not_possible\
    &reason=He+is+in+custody.&owner=0198f0a4-0000-7000-8000-000000000003&due-day=14&due-month=12\
    &due-year=2026&start=2pm&weeks=4&lives=yes&told=open&told=completed&born-day=1&born-month=2\
    &born-year=1985&email=sam%40police.example.org&sure=yes";

const BAD: &str = "title=&note=Kept+as+typed&owner=nobody&due-day=30&due-month=2&due-year=2026\
    &start=9&weeks=none&told=blue&born-day=1&born-month=&born-year=&email=sam%40localhost\
    &status=not_possible&reason=&role=coordinator";

fn refused(body: &str) -> Option<panel_web::form::Refused> {
    let values = typed(body);
    let mut read = FORM.read(&values, today());
    read_all(&mut read);
    read.finish(|| Some(())).err()
}

fn read_all(read: &mut Reader<'_, '_>) {
    read.get(&TITLE);
    read.get(&NOTE);
    read.get(&STATUS);
    read.get(&REASON);
    read.get(&OWNER);
    read.get(&DUE);
    read.get(&START);
    read.get(&WEEKS);
    read.get(&LIVES);
    read.get(&TOLD);
    read.get(&BORN);
    read.get(&EMAIL);
}

async fn form_page(site: Data<Site>, state: web::Path<String>) -> Answer {
    let view = form("/form/sent");
    let view = match state.as_str() {
        "filled" => view.typed(typed(GOOD)),
        "error" => view.refused(refused(BAD)),
        _ => view,
    };
    let page = FormPage::new("Add an action", view)
        .caption("Case K7QF2")
        .intro("The owner agency is told by email as soon as you save. The email holds no names.");
    Ok(page.answer(
        &site,
        &viewer(),
        Page::new("Add an action").section("actions").back("/", "Back"),
    )?)
}

/// Takes the form as a handler would, so that the whole way can be tried by hand.
async fn form_sent(site: Data<Site>, values: Values) -> Answer {
    let mut read = FORM.read(&values, today());
    read_all(&mut read);
    match read.finish(|| Some(())) {
        Ok(()) => {
            let check = CheckView::new(&form("/form/sent").typed(values));
            Ok(check.answer(&site, &viewer(), &Page::new("Check your answers"))?)
        }
        Err(refused) => {
            let page = FormPage::new("Add an action", form("/form/sent").refused(refused));
            Ok(page.answer(&site, &viewer(), Page::new("Add an action").section("actions"))?)
        }
    }
}

async fn question(site: Data<Site>) -> Answer {
    let view = FormView::new(&QUESTION, "/form/sent").button(Button::new("Continue"));
    let page = FormPage::question(view);
    Ok(page.answer(
        &site,
        &viewer(),
        Page::new("What is the name of the panel?").back("/", "Back"),
    )?)
}

async fn upload(site: Data<Site>) -> Answer {
    let view = FormView::new(&UPLOAD, "/upload").button(Button::new("Upload"));
    let page = FormPage::new("Import your tracker", view);
    Ok(page.answer(&site, &viewer(), Page::new("Import your tracker").back("/", "Back"))?)
}

async fn sign_in(site: Data<Site>) -> Answer {
    let view = FormView::new(&SIGN_IN, "/sign-in").button(Button::new("Sign in"));
    let page = FormPage::new("Sign in", view);
    Ok(page.answer(&site, &Viewer::default(), Page::new("Sign in"))?)
}

fn long_table(rows: usize) -> Table {
    let tags = [
        ("Overdue", Colour::Red),
        ("Open", Colour::Blue),
        ("In progress", Colour::Turquoise),
        ("Completed", Colour::Green),
        ("Not possible", Colour::Yellow),
    ];
    let rows = (0..rows).map(|n| {
        let (status, colour) = tags.get(n % tags.len()).copied().unwrap_or(("Open", Colour::Blue));
        let title = if n == 3 { LONG.to_owned() } else { format!("Visit the home and check {n}") };
        Row::new(vec![
            Cell::link(format!("/actions/{n}"), title).heading().note("Case K7QF2"),
            Cell::text(if n == 4 { LONG } else { "Northshire Police" }),
            Cell::text("Sam O’Neill"),
            Cell::date(today()).note("was 7 Dec 2026"),
            Cell::tag(status, colour),
            Cell::number(n * 7),
        ])
        .selected_by("row", n, format!("action {n}"), n == 1)
    });
    let columns = vec![
        Column::new("Action").sorting("?sort=title", Sorted::None),
        Column::new("Agency").sorting("?sort=agency", Sorted::None),
        Column::new("Person"),
        Column::new("Due").sorting("?sort=-due", Sorted::Ascending),
        Column::new("Status"),
        Column::numeric("Days open").sorting("?sort=days", Sorted::None),
    ];
    Table::new(columns, rows.collect()).hidden_caption("Actions").wide().small()
}

async fn register(site: Data<Site>, query: Query) -> Answer {
    static STATUSES: Optional<'_, Vec<Status>> = many_of("status", "Status").optional();
    static AGENCIES: Optional<'_, AgencyId> = id("agency", "Agency").optional();
    static FROM: Optional<'_, NaiveDate> =
        date("from", "Due from").in_one_box().hint("For example, 27/3/2026").optional();
    static SET: Field<'_, Status> = one_of("status", "Set the status to").as_select();
    static WORDS: Optional<'_, Name> = line("q", "Words in the action").optional();
    let layout = Layout::new().with(&WORDS).with(&AGENCIES).with(&FROM).with(&STATUSES);
    let filters = FormView::new(layout, "/register").choices(&AGENCIES, agencies()).typed(query.0);
    let filter = Filter::new(
        "/register",
        filters.filters(),
        vec![Link::new("/register?a", "Overdue"), Link::new("/register?b", "Northshire Police")],
    );
    let set = FormView::new(Layout::new().with(&SET), "");
    let bulk = Bulk {
        action: "/register".to_owned(),
        hidden: vec![Hidden::new("operation", 3)],
        controls: set.controls(),
        buttons: vec![
            Button::new("Change selected").doing("status"),
            Button::secondary("Send a reminder").doing("remind"),
        ],
        table: long_table(50),
        heading: "With the selected actions".to_owned(),
    };
    let body = Body::titled("Action register")
        .filter(filter)
        .text("Showing 1 to 50 of 2,036 actions.")
        .bulk(bulk)
        .pages(Pagination::numbered(6, 42, |page| format!("/register?page={page}")));
    let page = Page::new("Action register").section_start("actions");
    Ok(body.answer(&site, &viewer(), page)?)
}

async fn empty_register(site: Data<Site>) -> Answer {
    let body = Body::titled("Action register")
        .table(long_table(0).or_say("No actions match the filters."));
    Ok(body.answer(&site, &viewer(), Page::new("Action register").section_start("actions"))?)
}

fn moments() -> Timeline {
    let moment = |title: &str, text: Option<&str>| Moment {
        title: title.to_owned(),
        by: "Sam O’Neill, Northshire Police".to_owned(),
        when: "Monday 14 December 2026 at 2:32pm".to_owned(),
        instant: "2026-12-14T14:32:00Z".to_owned(),
        text: text.map(str::to_owned),
        link: None,
    };
    Timeline {
        moments: vec![
            moment("Completed", Some("He answered the door.\nThe children were at school.")),
            Moment {
                link: Some(Link::new("/meetings/4", "Meeting of 7 December 2026")),
                ..moment("Extension agreed", Some("\u{202e}gnitaerht a drow\u{202c} and <script>"))
            },
            moment("Added", None),
        ],
    }
}

async fn case(site: Data<Site>, long: web::Path<String>) -> Answer {
    let name = if long.as_str() == "long" { LONG } else { "Alex Example" };
    let facts = Facts::new(vec![
        Fact::new("Name", name).link("/change", "Change", "the name"),
        Fact::new("Date of birth", "1 February 1985 (41)"),
        Fact::new("Status", "Open").tagged(Colour::Blue),
        Fact::new("Referral", "K7QF2").leading_to("/referrals/1"),
        Fact::prose("What happened", "He came to the house.\n\nShe called the police.")
            .link("/change", "Change", "what happened")
            .link("/hide", "Hide", "what happened"),
    ])
    .card("Details")
    .card_link("/cases/1/edit", "Edit all", "");
    let body = Body::new()
        .identity(Identity {
            title: name.to_owned(),
            kind: "Case K7QF2".to_owned(),
            facts: vec![
                ("Born".to_owned(), "1 February 1985".to_owned()),
                ("First heard".to_owned(), "7 September 2026".to_owned()),
                ("Next review".to_owned(), "Monday 14 December 2026".to_owned()),
            ],
            tags: vec![Tag::new("Repeat", Colour::Orange), Tag::new("Child at risk", Colour::Pink)],
            buttons: vec![
                Button::link("/actions/new", "Add an action"),
                Button::link("/agenda", "Add to agenda").quiet(),
            ],
        })
        .facts(facts)
        .heading("To prepare")
        .tasks(Tasks::new("prepare", vec![
            Task::new("Referral", "Completed").at("/a"),
            Task::new("Information requests", "Not started").tagged(Colour::Blue).hint("Six agencies are asked.").at("/b"),
            Task::new("Minutes", "Cannot start yet").not_yet(),
        ]))
        .heading("Actions")
        .table(long_table(3))
        .heading("History")
        .timeline(moments())
        .details("Why is this marked as a repeat?", "The last referral of this pair was received on 3 March 2026, less than 12 months before this incident.")
        .inset("The victim has asked not to be phoned.");
    let page = Page::new(name).section("cases").crumb("/", "Cases").crumb("/cases/1", "Open cases");
    Ok(body.answer(&site, &viewer(), page)?)
}

async fn components(site: Data<Site>) -> Answer {
    let body = Body::titled("Parts")
        .lead("A leading paragraph in larger type, for the one thing that must be read.")
        .text("A paragraph of plain text that runs over more than one line on most screens, so that the measure can be judged.")
        .warning("You are about to share this with 11 agencies and 14 people.")
        .inset("Words set apart by a bar.")
        .bullets(vec!["One".to_owned(), "Two".to_owned()])
        .buttons(vec![
            Button::link("/", "Start now").starting(),
            Button::link("/", "Second").quiet(),
            Button::link("/", "Delete").grave(),
        ])
        .heading("Pages around")
        .pages(Pagination::around(
            Some(PageLink::new("/1", "Monday 7 December 2026")),
            Some(PageLink::new("/2", "Monday 21 December 2026")),
        ))
        .heading("A small table")
        .table(Table::new(
            vec![Column::new("Agency"), Column::numeric("Completed"), Column::numeric("Rate")],
            vec![
                Row::new(vec![Cell::text("Northshire Police").heading(), Cell::number("3 of 14"), Cell::number("21%")]),
                Row::new(vec![Cell::text("Southshire Council").heading(), Cell::number("0 of 0"), Cell::number("–")]),
            ],
        ).caption("Actions completed"));
    let banner = Banner::success("The agenda was issued.").link("/meetings/4", "See the agenda");
    Ok(body.answer(&site, &viewer(), Page::new("Parts").banner(banner))?)
}

async fn agenda(site: Data<Site>) -> Answer {
    let places = [
        "Welcome and confidentiality",
        "Incomplete actions",
        "K7QF2: new case, child at risk",
        LONG,
        "Any other business",
    ];
    let places = places.into_iter().zip(["9:30am", "9:35am", "9:55am", "10:10am", "11:45am"]);
    let order = Order::new(
        places
            .map(|(text, time)| {
                Place::new(text, time, "/agenda/move", vec![Hidden::new("version", 4)])
                    .note("15 minutes")
            })
            .collect(),
    );
    let body = Body::titled("Agenda for Monday 14 December 2026")
        .warning("The agenda needs 165 minutes and the meeting has 150.")
        .order(order);
    let banner = Banner::important("Two items came after the agenda was issued.");
    let page = Page::new("Agenda").section("meetings").banner(banner).back("/", "Meetings");
    Ok(body.answer(&site, &viewer(), page)?)
}

async fn meeting(site: Data<Site>) -> Answer {
    let view = FormView::new(&MEETING, "/meeting")
        .version(3)
        .autosave(&NOTES, "/draft")
        .autosave(&VOICE, "/draft")
        .typed(typed("notes=He+came+to+the+house."));
    let page = FormPage::new("K7QF2: Alex Example", view).caption("Item 3 of 12");
    Ok(page.answer(&site, &viewer(), Page::new("K7QF2").section("meetings").back("/", "Agenda"))?)
}

async fn draft(values: Values) -> HttpResponse {
    let version: i64 = values.one("version").parse().unwrap_or(0);
    HttpResponse::Ok().json(serde_json::json!({"version": version + 1, "saved": "2:32pm"}))
}

async fn stale(site: Data<Site>) -> Answer {
    let mut saved = typed(GOOD);
    saved.set("note", "Someone else wrote this.\nAnd this.");
    saved.set("due-day", "21");
    let view = StaleView::new(form("/form/sent").typed(typed(GOOD)), &saved, 4, "/case/short")
        .by("Jo Lee at 2:32pm");
    Ok(view.answer(&site, &viewer(), Page::new("Changed by someone else"))?)
}

async fn check(site: Data<Site>, links: web::Path<String>) -> Answer {
    let view = form("/form/sent").typed(typed(GOOD));
    let check = if links.as_str() == "links" {
        CheckView::with_links(&view, |name| Some(format!("/form/filled#{name}")))
    } else {
        CheckView::new(&view)
    };
    Ok(check.confirming("Add the action").answer(
        &site,
        &viewer(),
        &Page::new("Check your answers"),
    )?)
}

async fn confirm(site: Data<Site>) -> Answer {
    static WHY: Field<'_, Note> = narrative("reason", "Why is it withdrawn?").noun("the reason");
    static ONE: Form = Form::of(&[&WHY]);
    let view = FormView::new(&ONE, "/form/sent")
        .button(Button::warning("Withdraw the action"))
        .cancel("/");
    let page = ConfirmView::new("Are you sure you want to withdraw this action?", view)
        .caption("Case K7QF2")
        .warning("The agency is told, and its reminders stop.")
        .facts(Facts::new(vec![
            Fact::new("Action", "Visit the home"),
            Fact::new("Owner", "Northshire Police"),
        ]));
    Ok(page.answer(&site, &viewer(), Page::new("Withdraw an action").back("/", "Back"))?)
}

async fn done(site: Data<Site>) -> Answer {
    let body = Body::new()
        .confirmation("Referral sent", Some("Reference K7QF2".to_owned()))
        .heading("What happens next")
        .text("The coordinator looks at it by Thursday 17 December 2026.");
    Ok(body.answer(&site, &viewer(), Page::new("Referral sent"))?)
}

async fn failure(request: HttpRequest) -> Answer {
    Err(match request.match_info().query("kind") {
        "stale" => Failure::Stale,
        "large" => Failure::TooLarge { limit: limits::UPLOAD_BYTES },
        "broken" => Failure::from(ViewError::Asset("x".to_owned())),
        "out" => Failure::SignedOut,
        "rule" => Failure::Rule {
            code: "undecided_case",
            sentence: "The minutes cannot be signed off: case K7QF2 has no decision.".to_owned(),
        },
        _ => Failure::NotFound,
    })
}

const PAGES: [&str; 24] = [
    "/components",
    "/form/empty",
    "/form/filled",
    "/form/error",
    "/question",
    "/upload",
    "/sign-in",
    "/register",
    "/empty-register",
    "/case/short",
    "/case/long",
    "/agenda",
    "/meeting",
    "/stale",
    "/check/buttons",
    "/check/links",
    "/confirm",
    "/done",
    "/fail/none",
    "/fail/stale",
    "/fail/large",
    "/fail/broken",
    "/fail/out",
    "/fail/rule",
];

async fn index(site: Data<Site>) -> Answer {
    let links = PAGES.iter().map(|path| Link::new(*path, *path)).collect();
    let body = Body::titled("Gallery").links(links);
    Ok(body.answer(&site, &viewer(), Page::new("Gallery"))?)
}

async fn session(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    request.extensions_mut().insert(viewer());
    request.extensions_mut().insert(Session::Open(Token::from_bytes([7; 32])));
    next.call(request).await
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(index))
        .route(assets::ROUTE, web::get().to(assets::serve))
        .route("/form/sent", web::post().to(form_sent))
        .route("/form/{state}", web::get().to(form_page))
        .route("/question", web::get().to(question))
        .route("/upload", web::get().to(upload))
        .route("/sign-in", web::get().to(sign_in))
        .route("/register", web::get().to(register))
        .route("/empty-register", web::get().to(empty_register))
        .route("/case/{long}", web::get().to(case))
        .route("/components", web::get().to(components))
        .route("/agenda", web::get().to(agenda))
        .route("/meeting", web::get().to(meeting))
        .route("/draft", web::post().to(draft))
        .route("/stale", web::get().to(stale))
        .route("/check/{links}", web::get().to(check))
        .route("/confirm", web::get().to(confirm))
        .route("/done", web::get().to(done))
        .route("/fail/{kind}", web::get().to(failure));
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).as_deref().unwrap_or("8090").parse()?;
    let settings = Settings {
        public_url: format!("http://127.0.0.1:{port}"),
        demo: true,
        ..Settings::default()
    };
    let site = Arc::new(Site::new(settings)?);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::from(site.clone()))
            .configure(routes)
            .wrap(from_fn(session))
            .wrap(from_fn(refuse_foreign))
            .wrap(from_fn(limits::guard))
            .wrap(from_fn(design))
            .wrap(from_fn(headers::secure))
    });
    server
        .workers(1)
        .client_request_timeout(limits::CLIENT_REQUEST)
        .client_disconnect_timeout(limits::CLIENT_DISCONNECT)
        .keep_alive(limits::KEEP_ALIVE)
        .bind(("127.0.0.1", port))?
        .run()
        .await?;
    Ok(())
}
