//! The page of one case.

use super::{name_of, path, status_of};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::{OPERATION, VERSION};
use crate::pages::referrals::{alike_links, flag_cards, state_of};
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Inset;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Link, Page, Sheet, Tag, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::actions::{self, Filters, Register};
use panel_app::cases::{self, CaseDetail, CaseRow, Pair, ReferralLine, Sitting};
use panel_core::action::StatusFilter;
use panel_core::agenda::ItemState;
use panel_core::case::CaseStatus;
use panel_core::coded::Coded;
use panel_core::id::{CaseId, PersonId, UserId};
use panel_core::time::{age_on, local_date};
use panel_core::words::count;
use std::borrow::Cow;

fn by(detail: &CaseDetail, user: UserId) -> String {
    detail.people.get(&user).cloned().unwrap_or_default()
}

/// Whether the reader may follow what the case leads to. To whoever only observes it is shown alone.
fn leads_on(asker: &Asker) -> bool {
    asker.person().actor.takes_part()
}

/// Words that lead somewhere, for whoever may go there.
fn way<'a>(leads_on: bool, href: String, text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    if leads_on { Cell::link(href, text) } else { Cell::text(text) }
}

fn facts(asker: &Asker, detail: &CaseDetail) -> Result<Facts, Failure> {
    let row = &detail.row;
    let mut person = Fact::new("Person", name_of(row));
    if leads_on(asker) {
        person = person.leading_to(format!("/people/{}", row.person));
    }
    let mut rows = vec![person];
    if !detail.names.is_empty() {
        rows.push(Fact::new("Other names", detail.names.join(", ")));
    }
    if let Some(born) = row.born_on {
        let age = age_on(born, asker.today()?).map(|age| format!(", {age} years old"));
        rows.push(Fact::new("Date of birth", dates::date(born) + &age.unwrap_or_default()));
    }
    rows.push(Fact::new("Panel", detail.panel_name.clone()));
    rows.push(Fact::new("Opened", dates::with_weekday(row.opened_on)));
    if row.state == CaseStatus::Open {
        let next = row.next_review_on.map(dates::with_weekday);
        rows.push(Fact::new("Next review", next.unwrap_or_else(|| "By the panel’s rule".into())));
        if !row.trigger_note.is_empty() {
            rows.push(Fact::new("Brought back by", row.trigger_note.clone()));
        }
    }
    if let Some(on) = row.closed_on {
        let name = row.closed_by.map(|user| format!(" by {}", by(detail, user)));
        let closed = dates::with_weekday(on) + &name.unwrap_or_default();
        rows.push(Fact::new("Closed", closed));
    }
    if let Some(reason) = row.close_reason {
        rows.push(Fact::new("Closed because", reason.label()));
    }
    if !row.close_note.is_empty() {
        rows.push(Fact::prose("Note on the closure", row.close_note.clone()));
    }
    let agencies: Vec<&str> = detail.agencies.iter().map(|(_, name)| name.as_str()).collect();
    let agencies = if agencies.is_empty() { "None yet".to_owned() } else { agencies.join(", ") };
    let mut agencies = Fact::new("Agencies that take part", agencies);
    if detail.may.agencies {
        agencies = agencies.link(
            format!("{}/agencies", path(row.id)),
            "Change",
            "the agencies that take part",
        );
    }
    rows.push(agencies);
    if detail.may.agencies {
        let named = match detail.named {
            0 => "Nobody is left out or let in by name".to_owned(),
            named => count(named, "line"),
        };
        let link = format!("{}/lists", path(row.id));
        let fact = Fact::new("Kept from or shown to", named);
        rows.push(fact.link(link, "Change", "who may know of this case"));
    }
    if row.imported {
        rows.push(Fact::new("Imported", "From an old tracker"));
    }
    Ok(Facts::new(rows))
}

fn acts(asker: &Asker, detail: &CaseDetail) -> Result<Vec<Act>, Failure> {
    let (may, row) = (detail.may, &detail.row);
    let at = path(row.id);
    let mut acts = Vec::new();
    let mut link = |wanted: bool, verb: &str, words: &str| {
        if wanted {
            let act = Act::link(format!("{at}/{verb}"), words);
            acts.push(if acts.is_empty() { act } else { act.quiet() });
        }
    };
    link(may.review, "review", "Agree the next review");
    link(may.close, "close", "Close the case");
    link(may.propose && !may.close, "propose", "Propose to close it");
    link(may.reopen, "reopen", "Open again");
    link(may.declare, "conflict", "Declare a conflict of interest");
    if may.propose && detail.history.proposal.is_some() {
        let button = Button::secondary("Take the proposal back");
        let act = Act::post(format!("{at}/drop-proposal"), button);
        acts.push(act.with(VERSION, row.version).with(OPERATION, asker.operation()?));
    }
    Ok(acts)
}

fn proposal(sheet: Sheet, detail: &CaseDetail) -> Sheet {
    let Some(proposal) = &detail.history.proposal else { return sheet };
    let note = proposal.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
    let text = format!(
        "{} proposed on {} to close this case: {}.{note}",
        by(detail, proposal.by),
        dates::with_weekday(proposal.on),
        proposal.reason.label().to_lowercase(),
    );
    let sheet = sheet.inset(Inset { text, id: None });
    if detail.history.unticked.is_empty() {
        return sheet;
    }
    let left = detail.history.unticked.iter().map(|check| check.label().to_owned());
    sheet.text("Not seen to yet:").list(left.collect())
}

fn pairs(rows: &[Pair], leads_on: bool) -> Table {
    let row = |pair: &Pair| {
        let name = pair.person.name();
        let name = if name.is_empty() { "No name given".to_owned() } else { name };
        let born = match (pair.person.born_on, pair.person.unborn) {
            (_, true) => Cell::text("Not born yet"),
            (Some(day), _) => Cell::date(day),
            (None, _) => Cell::text("Not known"),
        };
        let relation = pair.relationship.map_or("", |it| it.label());
        Row::new(vec![
            way(leads_on, format!("/people/{}", pair.person.id), name).heading(),
            Cell::text(pair.named_as.label()).note(relation),
            born,
            Cell::number(pair.referrals.len()),
        ])
    };
    let columns = vec![
        Column::new("Name"),
        Column::new("As"),
        Column::new("Born"),
        Column::numeric("Referrals"),
    ];
    Table::new(columns, rows.iter().map(row).collect())
        .hidden_caption("Victims and children")
        .or_say("No victim and no child is named.")
}

fn referrals(rows: &[ReferralLine], leads_on: bool) -> Table {
    let row = |line: &ReferralLine| {
        let (state, colour) = state_of(line.row.state);
        let flags = [
            (line.flags.is_repeat(), "repeat"),
            (line.flags.serial.flag, "serial"),
            (line.flags.rereferral.flag, "re-referral"),
        ];
        let flags: Vec<&str> = flags.iter().filter(|(is, _)| *is).map(|(_, it)| *it).collect();
        let received = dates::short(local_date(line.row.received_at));
        Row::new(vec![
            way(leads_on, format!("/referrals/{}", line.row.id), received)
                .heading()
                .note(line.row.reference.clone()),
            Cell::text(line.row.agency_name.clone()),
            Cell::tag(state, colour),
            Cell::text(if flags.is_empty() { "None".to_owned() } else { flags.join(", ") }),
        ])
    };
    let columns = ["Received", "From", "State", "Flags"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect())
        .hidden_caption("Referrals")
        .or_say("No referral of this case is within your view.")
}

/// Without a way to the meetings for somebody who may read no more than the case.
fn sittings(rows: &[Sitting], leads_on: bool) -> Table {
    let row = |sitting: &Sitting| {
        let kind = sitting.case_type.map_or("", |it| it.label());
        let emergency = if sitting.emergency { "Emergency meeting" } else { kind };
        let decision = sitting.decision.map_or("", |it| it.label());
        let next = sitting.next_review_on.map(|day| format!("Next review {}", dates::short(day)));
        let mut decided = Cell::text(decision);
        if let Some(note) =
            next.or_else(|| Some(sitting.decision_note.clone()).filter(|it| !it.is_empty()))
        {
            decided = decided.note(note);
        }
        let meeting = format!("/meetings/{}", sitting.meeting);
        Row::new(vec![
            way(leads_on, meeting, dates::short(sitting.on)).heading(),
            Cell::text(emergency),
            Cell::text(sitting.state.label()),
            decided,
        ])
    };
    let columns = ["Meeting", "As", "State", "Decision"].map(Column::new).into();
    Table::new(columns, rows.iter().map(row).collect())
        .hidden_caption("Meetings")
        .or_say("No meeting has it on its agenda yet.")
}

fn open_actions(found: &Register, leads_on: bool) -> Table {
    let row = |row: &actions::Row| {
        let line = &row.line;
        let status = if row.overdue { "Overdue" } else { row.status.label() };
        let colour = if row.overdue { crate::view::Colour::Red } else { crate::view::Colour::Blue };
        let person = line.user_name.clone().unwrap_or_else(|| line.written_name.clone());
        let due = line.due.map_or_else(|| Cell::text(line.due_word.clone()), Cell::date);
        Row::new(vec![
            way(leads_on, format!("/actions/{}", line.id), line.text.clone()).heading(),
            Cell::text(line.agency_name.clone().unwrap_or_default()).note(person),
            due,
            Cell::tag(status, colour),
        ])
    };
    let columns = ["Action", "Owner", "Due", "Status"].map(Column::new).into();
    Table::new(columns, found.rows.iter().map(row).collect())
        .hidden_caption("Open actions")
        .wide()
        .or_say("No action of this case is open.")
}

fn others(rows: &[CaseRow]) -> Vec<Link> {
    let link = |row: &CaseRow| {
        let state = status_of(row.state).0.to_lowercase();
        let opened = dates::date(row.opened_on);
        Link::new(path(row.id), format!("Case {}, {state}, opened {opened}", row.reference))
    };
    rows.iter().map(link).collect()
}

fn reopenings(detail: &CaseDetail) -> Vec<String> {
    let words = |one: &panel_core::case::Reopening| {
        format!(
            "Opened again on {} by {}: {}",
            dates::with_weekday(one.on),
            by(detail, one.by),
            one.reason,
        )
    };
    detail.history.reopenings.iter().map(words).collect()
}

/// The board of information requests of the next meeting that has the case on its agenda, for whoever
/// runs the panel.
fn board(asker: &Asker, detail: &CaseDetail) -> Result<Option<Link>, Failure> {
    let today = asker.today()?;
    let ahead = |sitting: &&Sitting| sitting.on >= today && sitting.state == ItemState::Listed;
    let next = detail.sittings.iter().filter(ahead).min_by_key(|sitting| sitting.on);
    let link = |sitting: &Sitting| {
        let words = format!("Information for the meeting of {}", dates::with_weekday(sitting.on));
        Link::new(format!("/meetings/{}/requests", sitting.meeting), words)
    };
    Ok(next.filter(|_| detail.may.correct).map(link))
}

/// Where else to read about the case.
fn ways(asker: &Asker, detail: &CaseDetail) -> Result<Vec<Link>, Failure> {
    let id = detail.row.id;
    let mut ways = vec![Link::new(format!("/actions?case={id}"), "All actions of this case")];
    if detail.may.review {
        ways.push(Link::new(format!("/actions/new?case={id}"), "Add an action"));
        ways.push(Link::new(format!("{}/looked", path(id)), "Who has looked at this case"));
    }
    ways.push(Link::new(
        super::super::notes::path(id),
        match detail.sealed_notes {
            0 => "Sealed notes".to_owned(),
            some => format!("Sealed notes ({some})"),
        },
    ));
    ways.extend(board(asker, detail)?);
    Ok(ways)
}

pub(super) async fn show(asker: Asker, id: web::Path<CaseId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| cases::show(ctx, id)).await?;
    let status = Some(StatusFilter::Unfinished);
    let filters = Filters { case: Some(id), status, ..Filters::default() };
    let open = asker.ask(move |ctx| actions::list(ctx, &filters, None)).await?;
    let name = name_of(&detail.row);
    let (state, colour) = status_of(detail.row.state);
    let mut sheet = Sheet::new(name.clone())
        .caption(format!("Case {}", detail.row.reference))
        .tag(Tag::new(state, colour));
    sheet = proposal(sheet, &detail).facts(facts(&asker, &detail)?);
    sheet = sheet.acts(acts(&asker, &detail)?);
    if !detail.links.is_empty() {
        let records = detail.records.iter().map(|one| one.id);
        let own: Vec<PersonId> = records.chain([detail.person.id]).collect();
        sheet = sheet
            .heading("Records that look alike")
            .text("Nothing is joined until somebody who runs the panel says so.")
            .links(alike_links(&detail.links, &own));
    }
    let leads_on = leads_on(&asker);
    sheet = sheet.heading("Victims and children").table(pairs(&detail.pairs, leads_on));
    sheet = sheet.heading("Open actions").table(open_actions(&open, leads_on));
    if leads_on {
        sheet = sheet.links(ways(&asker, &detail)?);
    }
    let meetings = sittings(&detail.sittings, leads_on && !detail.in_emergency);
    sheet = sheet.heading("Meetings").table(meetings);
    sheet = sheet.heading("Referrals").table(referrals(&detail.referrals, leads_on));
    for line in detail.referrals.iter().rev() {
        let received = dates::date(local_date(line.row.received_at));
        let title = format!("Flags of the referral received on {received}");
        sheet = sheet.facts(flag_cards(&title, &line.flags));
    }
    if !detail.others.is_empty() {
        sheet = sheet.heading("Other cases of this person").links(others(&detail.others));
    }
    let reopened = reopenings(&detail);
    if !reopened.is_empty() {
        sheet = sheet.heading("Closures that were taken back").list(reopened);
    }
    let (back, words) = if leads_on { ("/cases", "Cases") } else { ("/", "Today") };
    let page = Page::new(format!("Case of {name}")).section("cases").back(back, words);
    asker.page(&page, "pages/sheet", &sheet)
}
