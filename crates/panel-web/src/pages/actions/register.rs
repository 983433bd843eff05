//! The register: every action the reader may know of, narrowed, ordered and read page by page.

use super::bulk::{self, ROW, row_value};
use super::{
    about, agency_choices, due_cell, panel_choices, panel_name, path, people_choices,
    register_with, standing_cell,
};
use crate::answer::{Answer, field};
use crate::errors::Failure;
use crate::form::Field;
use crate::form::kinds::{date, id, one_of, text, tick};
use crate::form::{Choice, Declared, FieldError, Form, FormView, Optional, Query, Refused, Values};
use crate::view::controls::ErrorLine;
use crate::view::lists::{Bulk, Filter, Hidden};
use crate::view::paging::{PageLink, Pagination};
use crate::view::table::{Cell, Column, Row as TableRow, Sorted, Table};
use crate::view::{Act, Banner, Button, Link, Page, Sheet, grouped};
use crate::web::Asker;
use chrono::NaiveDate;
use panel_app::actions::{self, Choices, Filters, Register, Row, Total};
use panel_app::{AppError, Ctx};
use panel_core::action::{SortBy, StatusFilter};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, MeetingId, PanelId, UserId};

static PANEL: Optional<'_, PanelId> = id("panel", "Panel").optional();
static STATUS: Optional<'_, StatusFilter> = one_of("status", "Status").as_select().optional();
static AGENCY: Optional<'_, AgencyId> = id("agency", "Agency").optional();
static PERSON: Optional<'_, UserId> = id("person", "Person").optional();
static DUE_FROM: Optional<'_, NaiveDate> =
    date("due_from", "Due from").hint("For example, 1/4/2026").in_one_box().optional();
static DUE_TO: Optional<'_, NaiveDate> =
    date("due_to", "Due up to").hint("For example, 30/4/2026").in_one_box().optional();
static SEARCH: Optional<'_, String> =
    text("search", "Words").hint("In the action, the owner or the case reference").optional();
static CASE: Optional<'_, CaseId> = id("case", "Case").hidden().optional();
static MEETING: Optional<'_, MeetingId> = id("meeting", "Meeting").hidden().optional();
static SORT: Optional<'_, SortBy> = one_of("sort", "Order").hidden().optional();
static DESCENDING: Field<'_, bool> = tick("descending", "From the last").hidden();
static AFTER: Optional<'_, String> = text("after", "Page").hidden().optional();
static FORMAT: Optional<'_, String> = text("format", "Format").hidden().optional();
static FORM: Form = Form::of(&[
    &PANEL,
    &STATUS,
    &AGENCY,
    &PERSON,
    &DUE_FROM,
    &DUE_TO,
    &SEARCH,
    &CASE,
    &MEETING,
    &SORT,
    &DESCENDING,
    &AFTER,
    &FORMAT,
]);

/// Filters that are shown as tags above the list, each with its words.
const SHOWN: [&str; 9] =
    ["panel", "status", "agency", "person", "due_from", "due_to", "search", "case", "meeting"];

/// A list as its address asks for it. Without a word on the status, what is finished is left out.
pub(super) struct Address {
    /// Everything in the address, with that default.
    pub(super) values: Values,
    /// The same, read; or what is wrong with it.
    pub(super) read: Result<(Filters, Option<String>), Refused>,
}

impl Address {
    pub(super) fn of(mut values: Values, today: NaiveDate) -> Self {
        if !values.has(STATUS.spec().name()) {
            values.set(STATUS.spec().name(), StatusFilter::Unfinished.code());
        }
        let read = read(&values, today);
        values.remove(FORMAT.spec().name());
        Self { values, read }
    }

    /// The address of this list without the named values.
    fn without(&self, names: &[&str]) -> Values {
        let mut values = self.values.clone();
        for name in names {
            values.remove(name);
        }
        values
    }

    /// The query of this list from its beginning.
    pub(super) fn query(&self) -> String {
        self.without(&["after"]).to_urlencoded()
    }
}

fn read(values: &Values, today: NaiveDate) -> Result<(Filters, Option<String>), Refused> {
    let mut reader = FORM.read(values, today);
    let (panel, status, agency) = (reader.get(&PANEL), reader.get(&STATUS), reader.get(&AGENCY));
    let (person, case, meeting) = (reader.get(&PERSON), reader.get(&CASE), reader.get(&MEETING));
    let (due_from, due_to) = (reader.get(&DUE_FROM), reader.get(&DUE_TO));
    let (search, sort) = (reader.get(&SEARCH), reader.get(&SORT));
    let (descending, after) = (reader.get(&DESCENDING), reader.get(&AFTER));
    reader.finish(|| {
        let filters = Filters {
            panel: panel?,
            agency: agency?,
            person: person?,
            case: case?,
            meeting: meeting?,
            status: status?,
            due_from: due_from?,
            due_to: due_to?,
            search: search?.unwrap_or_default(),
            sort: sort?,
            descending: descending?,
        };
        Some((filters, after?))
    })
}

/// `1 action`, `12 actions`, `More than 1,000 actions`.
pub(crate) fn counted(total: Total) -> String {
    match total {
        Total::Exactly(1) => "1 action".to_owned(),
        Total::Exactly(n) => format!("{} actions", grouped(&n.to_string())),
        Total::More => "More than 1,000 actions".to_owned(),
    }
}

pub(super) async fn show(asker: Asker, query: Query) -> Answer {
    let address = Address::of(query.0, asker.today()?);
    draw(&asker, address, Vec::new(), None).await
}

/// Draws the list; `errors` are of a change that was asked for from it.
pub(super) async fn draw(
    asker: &Asker,
    address: Address,
    errors: Vec<ErrorLine>,
    banner: Option<Banner>,
) -> Answer {
    let wanted = address.read.as_ref().ok().cloned();
    let read = move |ctx: &Ctx<'_>| {
        let choices = actions::choices(ctx, None)?;
        let list = |(filters, after): (Filters, Option<String>)| match actions::list(
            ctx,
            &filters,
            after.as_deref(),
        ) {
            Ok(found) => Ok(Listed::Ok(found)),
            Err(AppError::Invalid(errors)) => Ok(Err(errors.into_iter().map(field).collect())),
            Err(error) => Err(error),
        };
        Ok((choices, wanted.map(list).transpose()?))
    };
    let drawn = move |asker: &Asker, (choices, listed): (Choices, Option<Listed>)| {
        let (found, refused) = match (listed, &address.read) {
            (Some(Ok(found)), _) => (Some(found), None),
            (Some(Err(errors)), _) => {
                (None, Some(Refused { errors, typed: address.values.clone() }))
            }
            (None, read) => (None, read.as_ref().err().cloned()),
        };
        let sheet = sheet(asker, &address, &choices, found.as_ref(), refused)?.errors(errors);
        let page = Page::new("Actions").section_start("actions").banner(banner);
        let page = if sheet.has_errors() { page.refused(true) } else { page };
        asker.drawn(&page, "pages/sheet", &sheet)
    };
    asker.answer(move |ctx| ctx.together(read), drawn).await
}

/// A list, or why its filters do not fit.
type Listed = Result<Register, Vec<FieldError>>;

fn sheet(
    asker: &Asker,
    address: &Address,
    choices: &Choices,
    found: Option<&Register>,
    refused: Option<Refused>,
) -> Result<Sheet, Failure> {
    let actor = &asker.person().actor;
    let runs = choices.panels.iter().any(|choice| actor.runs(choice.panel));
    let form = FormView::new(&FORM, "/actions")
        .choices(&PANEL, panel_choices(choices))
        .choices(&AGENCY, agency_choices(choices))
        .choices(&PERSON, people_choices(choices))
        .typed(address.values.clone())
        .refused(refused)
        .ids("filter-");
    let errors = form.errors().map(|found| found.errors).unwrap_or_default();
    let mut sheet = Sheet::new("Actions").errors(errors);
    if runs {
        sheet = sheet.acts(vec![Act::link("/actions/new", "Set an action")]);
    }
    sheet = sheet.filter(filter(address, choices, form));
    let Some(found) = found else { return Ok(sheet) };
    sheet = sheet.text(counted(found.total));
    sheet = rows(sheet, asker, address, found, runs)?;
    sheet = sheet.pagination(paging(address, found));
    sheet = sheet.heading("More").links(ways(address, choices, runs));
    Ok(sheet)
}

fn filter(address: &Address, choices: &Choices, form: FormView<'static>) -> Filter {
    let selected = SHOWN.iter().filter_map(|name| {
        let value = address.values.one(name);
        if value.is_empty() {
            return None;
        }
        let mut left = address.without(&[name, "after"]);
        if *name == STATUS.spec().name() {
            // Without a word on it the list would be narrowed again.
            left.set(*name, "");
        }
        Some(Link::new(register_with(&left), tag(name, value, choices)))
    });
    let selected: Vec<Link> = selected.collect();
    let kept = ["case", "meeting", "sort", "descending"].into_iter().filter_map(|name| {
        let value = address.values.one(name);
        (!value.is_empty()).then(|| Hidden::new(name, value))
    });
    let kept: Vec<Hidden> = kept.collect();
    // What is not finished is what the list is for; that alone needs no open filters.
    let open = selected.len() > 1;
    let mut filter = Filter::new("/actions", form.filters(), selected);
    filter.open = open;
    filter.kept = kept;
    filter
}

/// A filter in words.
fn tag(name: &str, value: &str, choices: &Choices) -> String {
    let named = |all: Vec<Choice>| {
        let found = all.into_iter().find(|choice| choice.value == value);
        found.map_or_else(|| "one that is not here".to_owned(), |choice| choice.text)
    };
    match name {
        "panel" => value.parse().map_or_else(|_| value.to_owned(), |id| panel_name(choices, id)),
        "agency" => named(agency_choices(choices)),
        "person" => named(people_choices(choices)),
        "status" => match StatusFilter::from_code(value) {
            Ok(status) => status.label().to_owned(),
            Err(_) => value.to_owned(),
        },
        "due_from" => format!("Due from {value}"),
        "due_to" => format!("Due up to {value}"),
        "case" => "One case".to_owned(),
        "meeting" => "Set in one meeting".to_owned(),
        _ => format!("“{value}”"),
    }
}

fn rows(
    sheet: Sheet,
    asker: &Asker,
    address: &Address,
    found: &Register,
    runs: bool,
) -> Result<Sheet, Failure> {
    let table = table(&found.rows, columns(address), false);
    if found.rows.is_empty() {
        let narrowed = SHOWN.iter().any(|name| !address.values.one(name).is_empty());
        let empty =
            if narrowed { "No action fits these filters." } else { "No action has been set yet." };
        return Ok(sheet.table(table.or_say(empty)));
    }
    let hidden = vec![
        Hidden::new("query", address.query().as_str()),
        Hidden::new("operation", asker.operation()?),
    ];
    Ok(sheet.bulk(Bulk {
        action: "/actions/bulk".to_owned(),
        hidden,
        controls: bulk::choosing(runs),
        buttons: vec![Button::secondary("Continue")],
        table,
        heading: "Change the selected actions".to_owned(),
    }))
}

/// A list of actions with a checkbox each.
pub(super) fn table(rows: &[Row], columns: Vec<Column>, checked: bool) -> Table {
    let drawn = rows.iter().map(|row| {
        let line = &row.line;
        let owner = line.owner_name().unwrap_or("Nobody is named");
        TableRow::new(vec![
            Cell::link(path(line.id), &*line.text).heading(),
            Cell::text(about(row)),
            Cell::text(line.agency_name.as_deref().unwrap_or_default()).note(owner),
            due_cell(row),
            standing_cell(row),
            Cell::date(line.set_on),
        ])
        .selected_by(ROW, row_value(row).as_str(), &*line.text, checked)
    });
    Table::new(columns, drawn.collect()).hidden_caption("Actions").wide().small()
}

/// The headings of that list without an order.
pub(super) fn headings() -> Vec<Column> {
    ["Action", "Case", "Agency and person", "Due", "Status", "Set on"].map(Column::new).into()
}

fn columns(address: &Address) -> Vec<Column> {
    let (by, descending) = match &address.read {
        Ok((filters, _)) => (filters.sort.unwrap_or(SortBy::Due), filters.descending),
        Err(_) => (SortBy::Due, false),
    };
    let sorting = |text: &str, wanted: SortBy| {
        let mut values = address.without(&["after", "descending"]);
        values.set("sort", wanted.code());
        let sorted = match (by == wanted, descending) {
            (true, false) => {
                values.set("descending", "yes");
                Sorted::Ascending
            }
            (true, true) => Sorted::Descending,
            (false, _) => Sorted::None,
        };
        Column::new(text).sorting(register_with(&values), sorted)
    };
    vec![
        Column::new("Action"),
        sorting("Case", SortBy::Case),
        sorting("Agency and person", SortBy::Agency),
        sorting("Due", SortBy::Due),
        sorting("Status", SortBy::Status),
        sorting("Set on", SortBy::Set),
    ]
}

fn paging(address: &Address, found: &Register) -> Option<Pagination> {
    let paged = !address.values.one("after").is_empty();
    let first = paged
        .then(|| PageLink::to(register_with(&address.without(&["after"]))).saying("First page"));
    let next = found.next.as_ref().map(|next| {
        let mut values = address.without(&["after"]);
        values.set("after", next.clone());
        PageLink::to(register_with(&values))
    });
    (first.is_some() || next.is_some()).then(|| Pagination::around(first, next))
}

/// The ways on: files, completion, a leaver.
fn ways(address: &Address, choices: &Choices, runs: bool) -> Vec<Link> {
    let query = address.query();
    let mut ways = vec![
        Link::new(
            format!("/actions/export?format=xlsx&{query}"),
            "Download this list as an Excel workbook",
        ),
        Link::new(format!("/actions/export?format=csv&{query}"), "Download this list as CSV"),
        Link::new("/actions/import", "Bring a downloaded list back with changes"),
    ];
    if let [only] = choices.panels.as_slice() {
        ways.push(Link::new(format!("/panels/{}/completion", only.panel), "Completion by agency"));
    } else {
        ways.extend(choices.panels.iter().map(|choice| {
            let words = format!("Completion by agency, {}", choice.name);
            Link::new(format!("/panels/{}/completion", choice.panel), words)
        }));
    }
    let reminders = if runs { "Reminders and chasers" } else { "My reminders" };
    ways.push(Link::new("/notices", reminders));
    let person = address.values.one("person");
    if runs && !person.is_empty() {
        ways.push(Link::new(format!("/users/{person}/leaving"), "Hand this person’s actions over"));
        ways.push(Link::new(format!("/notices?person={person}"), "This person’s reminders"));
    }
    ways
}
