//! Reminders: what was planned, sent, left out or taken back, and why.

use super::actions::path as action_path;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Inset;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Colour, Link, Page, Sheet, Tag, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::actions::{self, Chased};
use panel_app::notices::{self, NoticeView, OfAction, WhyView};
use panel_app::panels;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, MeetingId, NoticeId, PanelId, UserId};
use panel_core::reminder::{NoticeStatus, Subject};
use panel_core::words::count;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/notices", SignedIn => show),
        route!(GET "/notices/{notice}", SignedIn => explain),
        route!(POST "/panels/{panel}/chase", RunsPanel => chase),
    ]
}

/// Whose reminders, or about what; one's own without a word.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Wanted {
    action: Option<ActionId>,
    person: Option<UserId>,
    /// The day and the notice at which the page before this one ended.
    day: Option<NaiveDate>,
    before: Option<NoticeId>,
    /// How many people were just chased.
    chased: Option<usize>,
}

/// One notice.
fn path(notice: NoticeId) -> String {
    format!("/notices/{notice}")
}

const fn colour(status: NoticeStatus) -> Colour {
    match status {
        NoticeStatus::Planned => Colour::Blue,
        NoticeStatus::Told => Colour::Green,
        NoticeStatus::Skipped => Colour::Yellow,
        NoticeStatus::Cancelled => Colour::Grey,
    }
}

/// What a notice is about, as a link where there is a page for it.
fn subject(subject: Subject, meeting: Option<MeetingId>) -> Option<Link> {
    match subject {
        Subject::Action(id) => Some(Link::new(action_path(id), "An action")),
        Subject::Request(id) => {
            Some(Link::new(format!("/requests/{id}"), "An information request"))
        }
        Subject::Meeting(id) => Some(Link::new(format!("/meetings/{id}"), "A meeting")),
        Subject::Minutes(_) => {
            meeting.map(|id| Link::new(format!("/meetings/{id}/minutes"), "Minutes"))
        }
        Subject::Transfer(_) | Subject::Extension(_) => None,
    }
}

fn subject_cell(about: Subject, meeting: Option<MeetingId>) -> Cell<'static> {
    match (subject(about, meeting), about) {
        (Some(link), _) => Cell::link(link.href, link.text),
        (None, Subject::Transfer(_)) => Cell::text("A transfer"),
        (None, Subject::Extension(_)) => Cell::text("A request for more time"),
        (None, _) => Cell::text("Minutes"),
    }
}

fn page(title: &str) -> Page {
    Page::new(title).section("actions")
}

async fn show(asker: Asker, query: web::Query<Wanted>) -> Answer {
    match (query.action, query.person) {
        (Some(action), person) => of_action(&asker, action, person).await,
        (None, person) => of_person(&asker, person, &query).await,
    }
}

async fn of_action(asker: &Asker, id: ActionId, person: Option<UserId>) -> Answer {
    let found = asker.ask(move |ctx| notices::of_action(ctx, id)).await?;
    let mut sheet = Sheet::new("Reminders of an action")
        .caption(found.text.clone())
        .links(vec![Link::new(action_path(id), "The action")]);
    sheet = sheet.table(
        about_table(&found.rows)
            .or_say("No reminder of this action was planned for anybody you may ask about."),
    );
    if let Some(person) = person {
        let all = asker.ask(move |ctx| notices::why(ctx, id, person)).await?;
        let name = found.people.iter().find(|(user, _)| *user == person);
        let name = name.map_or("this person", |(_, name)| name.as_str());
        sheet = sheet.heading(format!("Why and why not: {name}")).table(why_table(&all));
    }
    sheet = sheet.heading("Why did somebody hear of it, or not?").links(askable(&found));
    asker.page(
        &page("Reminders of an action").back(action_path(id), "Action"),
        "pages/sheet",
        &sheet,
    )
}

fn askable(found: &OfAction) -> Vec<Link> {
    let link = |(user, name): &(UserId, String)| {
        Link::new(format!("/notices?action={}&person={user}", found.action), name.clone())
    };
    found.people.iter().map(link).collect()
}

fn about_table(rows: &[NoticeView]) -> Table {
    let row = |one: &NoticeView| {
        let name = if one.name.is_empty() { "Nobody".to_owned() } else { one.name.clone() };
        Row::new(vec![
            Cell::link(path(one.id), one.rule.label()).heading().about(name.clone()),
            Cell::text(name),
            Cell::date(one.day),
            Cell::tag(one.status.label(), colour(one.status)).note(one.words.clone()),
        ])
    };
    let columns = ["Reminder", "To", "Its day", "Status"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Reminders").wide()
}

fn why_table(rows: &[WhyView]) -> Table {
    let row = |one: &WhyView| {
        let rule = match one.notice {
            Some(notice) => Cell::link(path(notice), one.rule.label()).heading(),
            None => Cell::text(one.rule.label()).heading(),
        };
        let day = one.day.map_or_else(|| Cell::text("–"), Cell::date);
        Row::new(vec![rule, day, Cell::text(one.what.clone())])
    };
    let columns = ["Reminder", "Its day", "What happened"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect()).hidden_caption("Why and why not").wide()
}

async fn of_person(asker: &Asker, person: Option<UserId>, query: &Wanted) -> Answer {
    let own = asker.person().actor.user;
    let person = person.unwrap_or(own);
    let before = query.day.zip(query.before);
    let found = asker.ask(move |ctx| notices::of_person(ctx, person, before)).await?;
    let panels = if person == own && before.is_none() { run(asker).await? } else { Vec::new() };
    let title = match (person == own, panels.is_empty()) {
        (true, true) => "My reminders".to_owned(),
        (true, false) => "Reminders".to_owned(),
        (false, _) => format!("Reminders to {}", found.name),
    };
    let mut sheet = Sheet::new(title.clone()).text(
        "Everybody gets one message a day at most, on working days from 8am, and none when there \
         is nothing to say.",
    );
    if !panels.is_empty() {
        sheet = of_panels(asker, sheet, &panels).await?.heading("My reminders");
    }
    let rows = found.rows.iter().map(|one| {
        Row::new(vec![
            Cell::link(path(one.id), one.rule.label()).heading(),
            subject_cell(one.subject, one.meeting),
            Cell::date(one.day),
            Cell::tag(one.status.label(), colour(one.status)).note(one.words.clone()),
        ])
    });
    let columns = ["Reminder", "About", "Its day", "Status"].map(Column::new).into();
    let table = Table::new(columns, rows.collect())
        .hidden_caption("Reminders")
        .wide()
        .or_say("No reminder was planned yet.");
    sheet = sheet.table(table);
    if let Some((day, notice)) = found.older {
        let href = format!("/notices?person={person}&day={day}&before={notice}");
        sheet = sheet.links(vec![Link::new(href, "Earlier reminders")]);
    }
    let banner = query.chased.map(|people| Banner::success(format!("{} told.", told(people))));
    asker.page(&page(&title).back("/actions", "Actions").banner(banner), "pages/sheet", &sheet)
}

fn told(people: usize) -> String {
    if people == 1 { "1 person is".to_owned() } else { format!("{people} people are") }
}

/// The panels that the reader runs, by name.
async fn run(asker: &Asker) -> Result<Vec<(PanelId, String)>, Failure> {
    let all = asker.ask(panels::list).await?.into_iter().map(|panel| panel.value);
    let mine = all.filter(|panel| asker.person().actor.runs(panel.id));
    Ok(mine.map(|panel| (panel.id, panel.name.into())).collect())
}

/// For each of these panels: who hears nothing, and one press that chases everything.
async fn of_panels(
    asker: &Asker,
    mut sheet: Sheet,
    panels: &[(PanelId, String)],
) -> Result<Sheet, Failure> {
    for (id, name) in panels {
        let id = *id;
        sheet = sheet.heading(name.clone());
        let unheard = asker.ask(move |ctx| notices::unheard(ctx, id)).await?;
        if !unheard.is_empty() {
            let rows = unheard.iter().map(|one| {
                Row::new(vec![
                    Cell::text(one.rule.label()).heading(),
                    subject_cell(one.subject, one.meeting),
                    Cell::date(one.day),
                ])
            });
            let columns = ["Reminder", "About", "Its day"].map(Column::new).into();
            sheet = sheet.table(
                Table::new(columns, rows.collect())
                    .caption("These reach nobody: no person with a seat here answers for them")
                    .wide(),
            );
        }
        let operation = asker.operation()?;
        let chase = |words: &str, now: &str| {
            Act::post(format!("/panels/{id}/chase"), Button::secondary(words))
                .with("operation", operation)
                .with("now", now)
        };
        sheet = sheet.acts(vec![
            chase("Chase all overdue actions now", "yes"),
            chase("Chase them with the next daily message", "no"),
        ]);
    }
    Ok(sheet)
}

async fn explain(asker: Asker, id: web::Path<NoticeId>) -> Answer {
    let id = *id;
    let found = asker.ask(move |ctx| notices::explain(ctx, id)).await?;
    let notice = &found.notice;
    let name = if notice.name.is_empty() { "Nobody".to_owned() } else { notice.name.clone() };
    let about = subject(notice.subject, notice.meeting).map_or_else(
        || Fact::new("About", "A proposal or minutes"),
        |link| Fact::new("About", link.text).leading_to(link.href),
    );
    let mut facts = vec![
        Fact::new("To", name),
        about,
        Fact::new("Rule", found.rule),
        Fact::new("Its day", dates::with_weekday(notice.day)),
        Fact::new("Planned", found.planned),
    ];
    facts.extend(found.delivery.map(|words| Fact::new("Message", words)));
    let title = notice.rule.label();
    let sheet = Sheet::new(title)
        .tag(Tag::new(notice.status.label(), colour(notice.status)))
        .inset(Inset { text: found.what, id: None })
        .facts(Facts::new(facts));
    let back = match notice.subject {
        Subject::Action(action) => format!("/notices?action={action}"),
        _ => "/notices".to_owned(),
    };
    asker.page(&page(title).back(back, "Reminders"), "pages/sheet", &sheet)
}

/// Chases every overdue action of a panel.
async fn chase(asker: Asker, panel: web::Path<PanelId>, posted: Posted) -> Answer {
    let panel = *panel;
    let now = posted.values.one("now") == "yes";
    let work = move |ctx: &panel_app::Ctx<'_>| actions::chase_overdue(ctx, panel, now);
    let done: Chased = asker.submit(posted.operation, work).await?;
    if done.items == 0 && done.people == 0 {
        let mut sheet =
            Sheet::new("Nothing was chased").links(vec![Link::new("/notices", "Reminders")]);
        sheet =
            sheet.text("No overdue action waits for an update that was not chased today already.");
        if done.unheard > 0 {
            let words = count(done.unheard, "action");
            sheet = sheet.text(format!("{words} with nobody here who answers for it."));
        }
        return asker.page(
            &page("Nothing was chased").back("/notices", "Reminders"),
            "pages/sheet",
            &sheet,
        );
    }
    see(format!("/notices?chased={}", done.people))
}
