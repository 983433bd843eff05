//! An agenda as its readers get it: the cases with their people, clock times, who presents.

use super::desk::Desk;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use panel_core::agenda::{ItemState, Paper, PaperCase, PaperLine, PaperPerson, timetable};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId};
use panel_core::information::Question;
use panel_core::referral::{NamedAs, Source};
use panel_core::time::{Birth, age_on};
use panel_store::agenda::{Item, Mentioned, Subject};
use std::collections::HashMap;

/// Whether somebody counts as a child at a meeting on `day`. Who is named as a child and has no known
/// date of birth cannot be ruled out.
pub(crate) fn is_child(person: &Mentioned, named_as: Option<NamedAs>, day: NaiveDate) -> bool {
    match (person.unborn, person.born_on) {
        (true, _) => Birth::Unborn.is_child_on(day),
        (false, Some(born)) => Birth::On(born).is_child_on(day),
        (false, None) => named_as == Some(NamedAs::Child),
    }
}

/// Whether a child is involved in a case that is heard on `day`: the person, a victim, or a child.
pub(crate) fn involves_children(subject: &Subject, day: NaiveDate) -> bool {
    let others = subject.mentioned.iter();
    is_child(&subject.person, None, day)
        || others.into_iter().any(|(named_as, who)| is_child(who, Some(*named_as), day))
}

fn person(person: &Mentioned, day: NaiveDate) -> PaperPerson {
    let surname = person.surname.to_uppercase();
    let name = match (person.forename.as_str(), surname.as_str()) {
        ("", "") => person.aliases.lines().next().unwrap_or("Not known").to_owned(),
        ("", one) | (one, "") => one.to_owned(),
        (forename, surname) => format!("{surname} {forename}"),
    };
    let age = person.born_on.and_then(|born| age_on(born, day));
    PaperPerson { name, born_on: person.born_on, age, unborn: person.unborn }
}

/// A case as a paper for a meeting on `day` shows it.
pub(crate) fn paper_case(subject: &Subject, day: NaiveDate, flags: Vec<String>) -> PaperCase {
    let last = subject.referrals.last();
    let form = last.and_then(|origin| origin.form.as_deref());
    let named = |wanted: NamedAs| {
        let all = subject.mentioned.iter().filter(move |(named_as, _)| *named_as == wanted);
        all.map(|(_, who)| person(who, day)).collect()
    };
    let area = form
        .filter(|form| form.source == Source::TransferIn)
        .and_then(|form| form.context.other_panel_note.as_ref());
    let source = last.map_or_else(String::new, |origin| match area {
        Some(area) => format!("{}: {area}", origin.source),
        None => origin.source.to_string(),
    });
    PaperCase {
        case: subject.case,
        reference: subject.reference.clone(),
        person: person(&subject.person, day),
        aliases: subject.person.aliases.lines().map(str::to_owned).collect(),
        victims: named(NamedAs::Victim),
        children: named(NamedAs::Child),
        referrer: last.map_or_else(String::new, |origin| origin.agency_name.clone()),
        source,
        criteria: form.map_or_else(Vec::new, |form| {
            form.grounds.criteria.iter().map(|one| one.label().to_owned()).collect()
        }),
        flags,
    }
}

/// What agencies are asked about a case for a meeting on `day`.
pub(crate) fn question(subject: &Subject, day: NaiveDate, flags: Vec<String>) -> Question {
    let form = subject.referrals.last().and_then(|origin| origin.form.as_deref());
    let grounds = form.and_then(|form| form.grounds.text.as_ref());
    Question {
        case: paper_case(subject, day, flags),
        address: subject.address.clone(),
        grounds: grounds.map_or_else(String::new, ToString::to_string),
    }
}

/// Whether an item is on the agenda, as opposed to taken off or put off.
pub(crate) const fn is_on(item: &Item) -> bool {
    matches!(item.state, ItemState::Listed | ItemState::Heard)
}

/// What a paper is made of, besides the items.
pub(crate) struct Parts<'a> {
    pub(crate) subjects: &'a HashMap<CaseId, Subject>,
    pub(crate) agencies: &'a HashMap<AgencyId, String>,
    pub(crate) flags: &'a HashMap<CaseId, Vec<String>>,
}

/// The agenda as it stands, without what was taken off or put off.
pub(crate) fn paper(desk: &Desk, items: &[Item], parts: &Parts<'_>) -> Paper {
    let on: Vec<&Item> = items.iter().filter(|item| is_on(item)).collect();
    let starts: NaiveDateTime = desk.meeting.starts();
    let takes: Vec<(ItemState, i32)> = on.iter().map(|item| (item.state, item.minutes)).collect();
    let times = timetable(starts, &takes);
    let day = desk.meeting.on;
    let line = |(item, (begins, _)): (&&Item, &(NaiveDateTime, NaiveDateTime))| {
        let case = item.case.and_then(|case| parts.subjects.get(&case)).map(|subject| {
            paper_case(subject, day, parts.flags.get(&subject.case).cloned().unwrap_or_default())
        });
        let presenter = item.presenter;
        PaperLine {
            item: item.id,
            section: item.section,
            title: item.title.clone(),
            case,
            case_type: item.case_type,
            why: item.why.clone(),
            minutes: item.minutes,
            begins: *begins,
            presenter: presenter
                .map(|id| (id, parts.agencies.get(&id).cloned().unwrap_or_default())),
            late: item.late,
            late_reason: item.late_reason.clone(),
        }
    };
    Paper {
        starts,
        ends: starts + TimeDelta::minutes(desk.meeting.minutes.into()),
        venue: desk.meeting.venue.clone(),
        lines: on.iter().zip(&times).map(line).collect(),
    }
}
