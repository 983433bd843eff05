//! Chasing: the coordinator asks for everything that is owed, with one press.

use super::facts::{Facts, facts};
use super::{BATCH, NewRow, NoticeRow, Raw, insert, parts, rows, told};
use crate::authz::Authz;
use crate::error::StoreError;
use crate::outbox::{self, NewMessage};
use crate::schema::notices;
use crate::sql_types::Sql;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use panel_core::id::{PanelId, UserId};
use panel_core::outbox::{Content, MessageKind};
use panel_core::reminder::{Digest, Fate, Group, Line, Notice, Reason, Rule, Subject};
use panel_core::time::last_instant;
use std::collections::BTreeMap;

/// What a chase came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chased {
    /// People who are asked.
    pub people: usize,
    /// Things that they are asked for.
    pub items: usize,
    /// Of the people, those whose message goes at once and not with the next digest.
    pub at_once: usize,
    /// Things that were chased today already, or wait for somebody else.
    pub left_out: usize,
    /// Things that nobody here answers for.
    pub unheard: usize,
}

/// Chases actions and information requests: the owner of each, or the contacts of its agency, hears
/// with the next digest or, with `at_once`, by a message that leaves now. Each thing is chased once a
/// day at most, and nobody gets more than one such message a day; what comes later joins the digest.
pub fn chase(
    az: &mut Authz<'_>,
    panel: PanelId,
    owed: &[Subject],
    at_once: bool,
) -> Result<Chased, StoreError> {
    let today = az.today();
    let pairs: Vec<(PanelId, Subject)> = owed.iter().map(|subject| (panel, *subject)).collect();
    let facts = facts(az, &pairs)?;
    let mut chased = Chased::default();
    let mut new = Vec::new();
    let before: Vec<Subject> = chased_today(az, owed)?.iter().map(|row| row.subject).collect();
    for subject in owed {
        let Some((date, people)) = facts.owed(panel, *subject) else {
            chased.left_out += 1;
            continue;
        };
        if before.contains(subject) {
            chased.left_out += 1;
            continue;
        }
        chased.items += usize::from(!people.is_empty());
        chased.unheard += usize::from(people.is_empty());
        let row = |person, fate| NewRow {
            rule: Rule::Chased,
            panel,
            subject: *subject,
            person,
            instance: instance(today),
            day: today,
            date,
            fate,
        };
        if people.is_empty() {
            new.push(row(None, Fate::Skipped(Reason::Nobody)));
        }
        new.extend(people.into_iter().map(|person| row(Some(person), Fate::Due)));
    }
    insert(az, &new)?;
    let mut people: Vec<UserId> = new.iter().filter_map(|row| row.person).collect();
    people.sort_unstable();
    people.dedup();
    chased.people = people.len();
    if at_once {
        chased.at_once = send(az, owed, &people)?;
    }
    Ok(chased)
}

/// A chase of another day is another instance, so that the key of a row allows one a day.
fn instance(today: NaiveDate) -> u32 {
    u32::try_from(today.num_days_from_ce()).unwrap_or(0)
}

impl Facts {
    /// What is to be chased about a subject, and whom; nothing when nobody owes it any more.
    fn owed(&self, panel: PanelId, subject: Subject) -> Option<(Option<NaiveDate>, Vec<UserId>)> {
        match subject {
            Subject::Action(id) => {
                let action = self.actions.get(&id).filter(|action| action.panel == panel)?;
                if action.is_finished() || action.awaits_chair() {
                    return None;
                }
                let directory =
                    self.roster.around(panel, action.case).directory(action.agency, action.owner);
                let owner = panel_core::reminder::Audience::Owner;
                Some((action.due, directory.people(owner).to_vec()))
            }
            Subject::Request(id) => {
                let request = self.requests.get(&id).filter(|r| r.panel == panel && r.is_open())?;
                let people = self.roster.around(panel, Some(request.case)).contacts(request.agency);
                Some((Some(request.due_on), people))
            }
            _ => None,
        }
    }
}

fn chased_today(az: &mut Authz<'_>, owed: &[Subject]) -> Result<Vec<NoticeRow>, StoreError> {
    let instance = i32::try_from(instance(az.today())).unwrap_or(i32::MAX);
    let mut found = Vec::new();
    for batch in owed.chunks(BATCH) {
        let subjects: Vec<_> = batch.iter().map(|subject| Sql(parts(*subject).1)).collect();
        let query = notices::table
            .filter(notices::subject_id.eq_any(subjects))
            .filter(notices::rule.eq(Sql(Rule::Chased)).and(notices::instance.eq(instance)));
        found.extend(rows(query.load::<Raw>(az.conn())?));
    }
    Ok(found)
}

/// Puts in one message for each person and marks what it tells; says for how many.
fn send(az: &mut Authz<'_>, owed: &[Subject], people: &[UserId]) -> Result<usize, StoreError> {
    let waiting = chased_today(az, owed)?;
    let mut by_person: BTreeMap<UserId, Vec<Notice>> = BTreeMap::new();
    for notice in waiting.iter().filter_map(NoticeRow::notice) {
        if people.contains(&notice.person) {
            by_person.entry(notice.person).or_default().push(notice);
        }
    }
    let (now, today) = (az.now(), az.today());
    let mut sent = 0;
    for (person, notices) in by_person {
        let line = |notice: &Notice| Line { notice: *notice, group: Group::Chased, covers: vec![] };
        let lines: Vec<Line> = notices.iter().map(line).collect();
        let Some(digest) = Digest::of(person, today, &lines, &[]) else { continue };
        let message = NewMessage {
            kind: MessageKind::Chase,
            user: person,
            dedupe: format!("chase {person} {today}"),
            content: serde_json::to_string(&Content { entries: digest.entries })?,
            secret: None,
            not_before: now,
            // A message about a day is of no use after it.
            expires_at: last_instant(today, None),
        };
        if let Some(id) = outbox::enqueue(az, &message)? {
            let ids: Vec<_> = notices.iter().map(|notice| notice.id).collect();
            told(az, &ids, id)?;
            sent += 1;
        }
    }
    Ok(sent)
}
