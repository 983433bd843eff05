//! The record of a person: what it says, where it occurs, and which records are one person.

mod compare;
mod edit;

use super::referrals::{alike_links, state_of};
use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Inset;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::cases::CaseRow;
use panel_app::people::{self, Person, PersonDetail};
use panel_app::referrals::ReferralRow;
use panel_core::coded::Coded;
use panel_core::id::PersonId;
use panel_core::time::{age_on, local_date};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/people/alike", RunsPanel => compare::offers),
        route!(GET "/people/{person}", TakesPart => show),
        route!(GET "/people/{person}/edit", RunsPanel => edit::ask),
        route!(POST "/people/{person}/edit", RunsPanel => edit::save),
        route!(GET "/people/{person}/compare/{other}", RunsPanel => compare::ask),
        route!(POST "/people/{person}/compare/{other}", RunsPanel => compare::decide),
    ]
}

/// One record.
fn path(id: PersonId) -> String {
    format!("/people/{id}")
}

fn name_of(person: &Person) -> String {
    let name = person.name();
    if name.is_empty() { "No name given".to_owned() } else { name }
}

/// What a record says.
fn facts(person: &Person, today: chrono::NaiveDate) -> Vec<Fact> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            rows.push(Fact::new(key, value));
        }
    };
    add("Surname", person.surname.clone());
    add("Forename", person.forename.clone());
    add("Other names", person.aliases.join(", "));
    if let Some(born) = person.born_on {
        let age = age_on(born, today).map(|age| format!(", {age} years old"));
        add("Date of birth", dates::date(born) + &age.unwrap_or_default());
    }
    if person.unborn {
        add("Not born yet", "Yes".to_owned());
    }
    add("Gender", person.gender.map_or_else(String::new, |it| it.label().to_owned()));
    add("Ethnicity", person.ethnicity.map_or_else(String::new, |it| it.to_string()));
    rows.push(Fact::prose("Address", person.address.clone()));
    rows.push(Fact::new("Postcode", person.postcode.clone()));
    rows.retain(|row| !row.value.is_empty());
    rows
}

fn cases(rows: &[CaseRow]) -> Table {
    let row = |row: &CaseRow| {
        let opened = dates::short(row.opened_on);
        Row::new(vec![
            Cell::link(format!("/cases/{}", row.id), format!("Case {}", row.reference)).heading(),
            Cell::text(row.state.label()),
            Cell::text(opened),
        ])
    };
    let columns = ["Case", "Status", "Opened"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect())
        .hidden_caption("Cases")
        .or_say("No case of this person is within your view.")
}

fn referrals(rows: &[ReferralRow], records: &[PersonId]) -> Table {
    let row = |row: &ReferralRow| {
        let (state, colour) = state_of(row.state);
        let referred = records.contains(&row.perpetrator);
        let part = if referred { "Person referred" } else { "Named in it" };
        let received = dates::short(local_date(row.received_at));
        Row::new(vec![
            Cell::link(format!("/referrals/{}", row.id), received)
                .heading()
                .note(row.reference.clone()),
            Cell::text(part),
            Cell::text(row.agency_name.clone()),
            Cell::tag(state, colour),
        ])
    };
    let columns = ["Received", "As", "From", "State"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect())
        .hidden_caption("Referrals")
        .or_say("No referral of this person is within your view.")
}

fn linked(detail: &PersonDetail) -> Vec<Link> {
    let link = |one: &Person| {
        let born = one.born_on.map(|day| format!(", born {}", dates::date(day)));
        Link::new(path(one.id), format!("{}{}", name_of(one), born.unwrap_or_default()))
    };
    detail.records.iter().map(link).collect()
}

async fn show(asker: Asker, id: web::Path<PersonId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| people::detail(ctx, id)).await?;
    let name = name_of(&detail.person);
    let mut sheet = Sheet::new(name.clone()).caption("Record of a person");
    if !detail.is_referred {
        let text =
            "Where this person lives and how to reach her or him is kept apart, with the referral.";
        sheet = sheet.inset(Inset { text: text.to_owned(), id: None });
    }
    sheet = sheet.facts(Facts::new(facts(&detail.person, asker.today()?)));
    if detail.may_correct {
        sheet = sheet.acts(vec![Act::link(format!("{}/edit", path(id)), "Correct this record")]);
    }
    if !detail.records.is_empty() {
        sheet = sheet
            .heading("Other records of the same person")
            .text(
                "Somebody who runs the panel called these one person. Each record stays as it is.",
            )
            .links(linked(&detail));
    }
    if !detail.links.is_empty() {
        sheet = sheet
            .heading("Records that look alike")
            .text("Nothing is joined until somebody who runs the panel says so.")
            .links(alike_links(&detail.links, &[id]));
    }
    let records: Vec<PersonId> =
        detail.records.iter().map(|one| one.id).chain([detail.person.id]).collect();
    sheet = sheet.heading("Cases").table(cases(&detail.cases));
    sheet = sheet.heading("Referrals").table(referrals(&detail.referrals, &records));
    let page = Page::new(name).section("cases").back("/cases", "Cases");
    asker.page(&page, "pages/sheet", &sheet)
}
