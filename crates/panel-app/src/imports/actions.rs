//! The actions of a file, with the cases that its meetings heard.

use super::confirm::Filing;
use super::directory::{OfKey, agency_of, seated_by_name};
use super::meetings::{Sitting, Sittings};
use super::people::Entry;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::action::{Action, ActionEvent, Assignee, NewAction, Owner};
use panel_core::agenda::{CaseType, ItemState, Section};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, AgendaItemId, CaseId, Id, MeetingId, UserId};
use panel_core::text::fold;
use panel_core::tracker::draft::{ActionDraft, Children};
use panel_store::actions::{self, Born, NewEntry};
use panel_store::agenda::{self, Item};
use panel_store::imports::{self, KeyKind};
use panel_store::{Authz, cases, notices};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Why such an item stands on the agenda of its meeting.
const WHY: &str = "The old tracker has actions about this case from this meeting";

/// A new action of the file, with what it belongs to.
struct Row<'a> {
    draft: &'a ActionDraft,
    case: Option<CaseId>,
    agency: AgencyId,
    sitting: Option<Sitting>,
}

/// The items of the meetings, by meeting and case.
type Items = HashMap<(MeetingId, CaseId), AgendaItemId>;

/// Adds the new actions with their comments, lets their agencies take part in the cases, and puts
/// each case on the agenda of the past meetings that set actions about it.
pub(super) fn file(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    entries: &[Entry<'_>],
    of_key: &OfKey,
    sittings: &Sittings,
    new_cases: &BTreeSet<CaseId>,
) -> Result<(), AppError> {
    let rows = rows(filing, entries, of_key, sittings)?;
    join(az, entries, of_key, &rows)?;
    let children: BTreeSet<CaseId> = entries
        .iter()
        .filter(|it| matches!(it.draft.children, Children::Number(1..)))
        .filter_map(|it| it.actions_case)
        .collect();
    let items = items(filing, az, &rows, new_cases, &children)?;
    let made = make(filing, az, &rows)?;
    insert(filing, az, &rows, &made, &items)?;
    for (row, (action, _)) in rows.iter().zip(&made) {
        filing.became(KeyKind::Action, &row.draft.origin.external, action.id.uuid());
        let status = row.draft.status.code().to_owned();
        *filing.summary.action_status.entry(status).or_default() += 1;
    }
    filing.summary.actions = made.len();
    leave_trail(filing, az, &rows);
    let open = made.iter().filter(|(action, _)| !action.is_finished());
    let open: Vec<ActionId> = open.map(|(action, _)| action.id).collect();
    notices::plan_actions(az, filing.ctx.app.working_days(), &open)?;
    Ok(())
}

fn rows<'a>(
    filing: &Filing<'a>,
    entries: &[Entry<'_>],
    of_key: &OfKey,
    sittings: &Sittings,
) -> Result<Vec<Row<'a>>, AppError> {
    let cases: HashMap<&str, CaseId> = entries
        .iter()
        .filter_map(|entry| Some((entry.draft.origin.external.as_str(), entry.actions_case?)))
        .collect();
    let is_new = |it: &&ActionDraft| !filing.done.actions.contains_key(&it.origin.external);
    let row = |draft: &'a ActionDraft| {
        Ok(Row {
            draft,
            case: draft.referral.as_deref().and_then(|referral| cases.get(referral).copied()),
            agency: agency_of(of_key, &draft.agency)?,
            sitting: sittings.get(&draft.meeting).copied(),
        })
    };
    filing.preview.actions.iter().filter(is_new).map(row).collect()
}

/// Lets the agencies that referred and those that owe actions take part in the cases.
fn join(
    az: &mut Authz<'_>,
    entries: &[Entry<'_>],
    of_key: &OfKey,
    rows: &[Row<'_>],
) -> Result<(), AppError> {
    let mut parts: BTreeMap<(CaseId, AgencyId), NaiveDate> = BTreeMap::new();
    let mut part = |case, agency, since: NaiveDate| {
        let found = parts.entry((case, agency)).or_insert(since);
        *found = since.min(*found);
    };
    for entry in entries.iter().filter(|entry| entry.is_new) {
        if let Some(case) = entry.case {
            part(case, agency_of(of_key, &entry.draft.agency)?, entry.draft.received);
        }
    }
    for row in rows {
        if let Some(case) = row.case {
            part(case, row.agency, row.draft.meeting);
        }
    }
    let parts: Vec<_> =
        parts.into_iter().map(|((case, agency), since)| (case, agency, since)).collect();
    Ok(cases::join_all(az, &parts)?)
}

/// Puts cases on the agenda of the meetings from trackers that set the actions, as heard. A meeting
/// that Panel itself ran has the agenda that it had.
fn items(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
    rows: &[Row<'_>],
    new_cases: &BTreeSet<CaseId>,
    children: &BTreeSet<CaseId>,
) -> Result<Items, AppError> {
    let mut wanted: BTreeMap<(NaiveDate, MeetingId), Vec<CaseId>> = BTreeMap::new();
    for row in rows {
        let (Some(sitting), Some(case)) = (row.sitting, row.case) else { continue };
        let cases = wanted.entry((row.draft.meeting, sitting.meeting)).or_default();
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    let Some(((first, _), _)) = wanted.first_key_value() else { return Ok(Items::new()) };
    let heard = imports::heard(az, filing.import.panel, *first)?;
    let mut items: Items = heard.iter().map(|it| ((it.meeting, it.case), it.item)).collect();
    let own: BTreeSet<MeetingId> = rows
        .iter()
        .filter_map(|row| row.sitting)
        .filter(|sitting| sitting.imported)
        .map(|sitting| sitting.meeting)
        .collect();
    let mut seen: BTreeSet<CaseId> = BTreeSet::new();
    let mut new = Vec::new();
    for ((_, meeting), cases) in wanted {
        if !own.contains(&meeting) {
            continue;
        }
        let last = heard.iter().filter(|it| it.meeting == meeting).map(|it| it.position).max();
        let mut position = last.unwrap_or(0);
        for case in cases {
            let first = new_cases.contains(&case) && seen.insert(case);
            if items.contains_key(&(meeting, case)) {
                continue;
            }
            position += 1;
            let id = filing.ctx.mint();
            items.insert((meeting, case), id);
            let with_children = children.contains(&case);
            new.push(item(id, meeting, case, position, first, with_children));
        }
    }
    agenda::insert_all(az, &new)?;
    Ok(items)
}

fn item(
    id: AgendaItemId,
    meeting: MeetingId,
    case: CaseId,
    position: i32,
    first: bool,
    with_children: bool,
) -> Item {
    let section = match (first, with_children) {
        (true, true) => Section::Children,
        (true, false) => Section::Adults,
        (false, _) => Section::Reviews,
    };
    Item {
        id,
        meeting,
        section,
        position,
        case: Some(case),
        case_type: Some(if first { CaseType::New } else { CaseType::Review }),
        title: String::new(),
        minutes: 0,
        presenter: None,
        late: false,
        late_reason: String::new(),
        state: ItemState::Heard,
        state_reason: String::new(),
        carried_from: None,
        why: WHY.to_owned(),
        by_hand: false,
        version: 1,
    }
}

/// Makes core's actions of the rows, in their order.
fn make(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
    rows: &[Row<'_>],
) -> Result<Vec<(Action, ActionEvent)>, AppError> {
    let by_name = seated_by_name(filing, az)?;
    let today = filing.ctx.today;
    let action = |row: &Row<'_>| {
        let draft = row.draft;
        let known = |name: &str| *by_name.get(&(row.agency, fold(name)))?;
        let user = draft.owner.as_ref().and_then(|name| known(name.as_str()));
        let written = || draft.owner.clone().map(Assignee::Written);
        let new = NewAction {
            id: filing.ctx.mint(),
            panel: filing.import.panel,
            case: row.case,
            born_in: row.sitting.map(|sitting| sitting.meeting),
            text: draft.wording.clone(),
            approach: None,
            owner: Owner {
                agency: row.agency,
                person: user.map(|user: UserId| Assignee::User(user)).or_else(written),
            },
            // A meeting of a day to come has set nothing yet.
            set_on: draft.meeting.min(today),
            due: draft.due.on,
            due_word: draft.due.words.clone(),
        };
        let state = draft.state(filing.ctx.user(), today).map_err(AppError::failed)?;
        Action::imported(new, state, filing.by, today).map_err(AppError::failed)
    };
    rows.iter().map(action).collect()
}

/// Writes the actions, the row each came from, and the comments as notes of the panel's own.
fn insert(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
    rows: &[Row<'_>],
    made: &[(Action, ActionEvent)],
    items: &Items,
) -> Result<(), AppError> {
    let from = |row: &Row<'_>| format!("{}, row {}", row.draft.origin.sheet, row.draft.origin.row);
    let from: Vec<String> = rows.iter().map(from).collect();
    let mut born = Vec::new();
    for ((row, (action, event)), note) in rows.iter().zip(made).zip(&from) {
        let key = row.sitting.zip(row.case).map(|(sitting, case)| (sitting.meeting, case));
        let item = key.and_then(|key| items.get(&key).copied());
        let entry = NewEntry { event, note, before: None, after: action };
        born.push(Born { entry, item, imported: true });
    }
    actions::insert(az, &born)?;
    let mut notes = Vec::new();
    for (row, (action, _)) in rows.iter().zip(made) {
        for remark in row.draft.remarks() {
            let event = action.note(filing.by, remark, false, false, filing.ctx.today);
            notes.push((action, event.map_err(AppError::failed)?));
        }
    }
    let lines = notes.iter().map(|(action, event)| NewEntry {
        event,
        note: "",
        before: Some(action),
        after: action,
    });
    Ok(actions::append_all(az, &lines.collect::<Vec<_>>())?)
}

/// One row of the log for each case that got actions, and one for those without a case.
fn leave_trail(filing: &Filing<'_>, az: &mut Authz<'_>, rows: &[Row<'_>]) {
    let mut counts: BTreeMap<Option<CaseId>, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.case).or_default() += 1;
    }
    let (kind, subject) = (AuditKind::Collection, SubjectKind::Import);
    for (case, count) in counts {
        let deed = Deed::new(kind, "action.import", subject, Some(filing.import.id.uuid()));
        az.did(deed.at(filing.import.panel).in_case(case).with(count.to_string()));
    }
}
