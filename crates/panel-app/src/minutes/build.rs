//! The record of a meeting, from the rows that were written while it was held.

use crate::context::Ctx;
use crate::error::AppError;
use crate::information;
use crate::live::approaches;
use chrono::{Days, NaiveDate};
use panel_core::access::Role;
use panel_core::agenda::ItemState;
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, CaseId, UserId};
use panel_core::information::Coverage;
use panel_core::meeting::{AttendanceStatus, Movement, Stay, absentees, movements};
use panel_core::minutes::{
    ActionRecord, AttendanceLine, CaseRecord, Incomplete, IncompleteAction, ItemRecord, Record,
    SharedInformation,
};
use panel_core::text::{LongNote, Note};
use panel_core::time::local;
use panel_core::words;
use panel_store::actions::owed_at;
use panel_store::actions::register::{self, Filter, Order};
use panel_store::agenda::{self, Line};
use panel_store::attendance::{self, Attendee};
use panel_store::meetings::items::CALLED_OFF;
use panel_store::meetings::{self, Meeting};
use panel_store::panels::{self, Panel};
use panel_store::{Authz, users};
use std::collections::{HashMap, HashSet};

/// How many incomplete actions the minutes list at most.
const MOST_INCOMPLETE: i64 = 500;

/// How many actions one meeting sets at most.
const MOST_SET: usize = 2_000;

/// For a panel's first meeting there is none before it: reports of the last year are news.
const YEAR: Days = Days::new(366);

/// What the record is built from; the checks look at it too.
pub(super) struct Ground {
    pub(super) meeting: Meeting,
    pub(super) panel: Panel,
    pub(super) lines: Vec<Line>,
    pub(super) attendance: Vec<(Attendee, Option<String>)>,
    /// The actions set at the meeting.
    pub(super) set: Vec<register::Line>,
}

impl Ground {
    /// Reads what was recorded, for whoever runs the panel.
    pub(super) fn of(az: &mut Authz<'_>, meeting: Meeting) -> Result<Self, AppError> {
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
        let mut lines = agenda::list(az, meeting.id)?;
        lines.retain(|line| line.item.state_reason != CALLED_OFF);
        let attendance = attendance::list(az, meeting.id)?;
        let mut set = set_at(az, &meeting)?;
        // In the order in which they were set, whatever is done to them later.
        set.sort_by_key(|action| action.id);
        Ok(Self { meeting, panel, lines, attendance, set })
    }
}

/// The actions that were set at a meeting, as far as the caller may know of them, by due date.
pub(super) fn set_at(
    az: &mut Authz<'_>,
    meeting: &Meeting,
) -> Result<Vec<register::Line>, AppError> {
    let filter = Filter { meeting: Some(meeting.id), ..Filter::default() };
    let page = register::page(az, &filter, Order::default(), None, MOST_SET)?;
    Ok(page.lines)
}

/// The record as it would be signed now as this version.
pub(super) fn record(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    ground: &Ground,
    version: i32,
    reason: &str,
) -> Result<Record, AppError> {
    let meeting = &ground.meeting;
    let cases = cases(ctx, az, ground)?;
    Ok(Record {
        meeting: meeting.id,
        panel: ground.panel.name.clone().into(),
        number: meeting.number.map(|number| format!("{} of {}", number.number, number.year)),
        held_on: meeting.on,
        began: meeting.started_at.map(|at| words::time(local(at).time())).unwrap_or_default(),
        venue: meeting.venue.clone(),
        chair: chair(az, ground)?,
        statement: ground.panel.policy.minutes.statement.clone(),
        attendance: attendance_lines(az, ground)?,
        incomplete: incomplete(az, meeting)?,
        items: items(ground, cases),
        version,
        reason: reason.to_owned(),
    })
}

/// Those of the panel's chairs who were there; all of them when none was recorded.
fn chair(az: &mut Authz<'_>, ground: &Ground) -> Result<String, AppError> {
    let on = ground.meeting.on;
    let seats = users::seats(az, Some(ground.meeting.panel), None)?;
    let live = seats.iter().filter(|seat| {
        seat.role == Role::Chair && seat.from <= on && seat.until.is_none_or(|last| on <= last)
    });
    let chairs: HashSet<UserId> = live.map(|seat| seat.user).collect();
    let there = ground.attendance.iter().filter(|(line, _)| line.status.is_present());
    let present = there.filter(|(line, _)| line.user.is_some_and(|user| chairs.contains(&user)));
    let present: Vec<String> = present.map(|(line, _)| line.name.clone()).collect();
    if !present.is_empty() {
        return Ok(words::list(&present));
    }
    let chairs: Vec<UserId> = chairs.into_iter().collect();
    let mut names: Vec<String> = users::names(az, &chairs)?.into_values().collect();
    names.sort();
    Ok(words::list(&names))
}

/// Who was recorded, and the agencies of the panel of which nobody was.
fn attendance_lines(az: &mut Authz<'_>, ground: &Ground) -> Result<Vec<AttendanceLine>, AppError> {
    let line = |(line, agency): &(Attendee, Option<String>)| AttendanceLine {
        agency: agency.clone(),
        name: line.name.clone(),
        status: line.status,
        information_on: line.information_on,
        statement_accepted: line.statement_at.is_some(),
        note: line.note.clone(),
    };
    let mut lines: Vec<AttendanceLine> = ground.attendance.iter().map(line).collect();
    let members = panels::agencies_of(az, ground.meeting.panel)?;
    let ids: Vec<_> = members.iter().map(|member| member.agency).collect();
    let recorded: Vec<_> = ground.attendance.iter().filter_map(|(line, _)| line.agency).collect();
    let away = absentees(&ids, &recorded);
    lines.extend(members.into_iter().filter(|member| away.contains(&member.agency)).map(
        |member| AttendanceLine {
            agency: Some(member.name),
            name: String::new(),
            status: AttendanceStatus::Absent,
            information_on: None,
            statement_accepted: false,
            note: String::new(),
        },
    ));
    Ok(lines)
}

/// The actions of earlier meetings as they stood when this one met.
fn incomplete(az: &mut Authz<'_>, meeting: &Meeting) -> Result<Vec<IncompleteAction>, AppError> {
    let year = meeting.on.checked_sub_days(YEAR).unwrap_or(meeting.on);
    let before = meetings::held_before(az, meeting.panel, year, meeting.on)?;
    let since = before.last().map(|held| held.on);
    let span = (since.unwrap_or(year), meeting.on);
    let ids = owed_at(az, meeting.panel, meeting.id, span, MOST_INCOMPLETE)?;
    let lines = register::lines(az, &ids)?;
    Ok(lines.iter().filter_map(|line| incomplete_action(line, since, meeting.on)).collect())
}

fn incomplete_action(
    line: &register::Line,
    since: Option<NaiveDate>,
    day: NaiveDate,
) -> Option<IncompleteAction> {
    let why = Incomplete::on(line.state, line.reported_on, since, day)?;
    Some(IncompleteAction {
        action: line.id,
        case: line.case,
        reference: line.reference.clone().unwrap_or_default(),
        text: line.text.clone(),
        owner: owner(line),
        agency: line.agency,
        due: line.due,
        set_on: line.set_on,
        reason: if why == Incomplete::Open { String::new() } else { line.reason.clone() },
        why,
    })
}

/// The agency that owes an action, with the person where one is named.
fn owner(line: &register::Line) -> String {
    let agency = line.agency_name.clone().unwrap_or_default();
    match line.owner_name() {
        Some(person) if !person.is_empty() => format!("{agency} ({person})"),
        _ => agency,
    }
}

/// What each case is called, how well it was covered, and what agencies shared about it with all who
/// take part in it.
fn cases(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    ground: &Ground,
) -> Result<HashMap<CaseId, (Coverage, Vec<SharedInformation>)>, AppError> {
    let mut found: HashMap<CaseId, (Coverage, Vec<SharedInformation>)> = HashMap::new();
    for (case, coverage) in information::coverage(ctx, az, ground.meeting.id)? {
        found.entry(case).or_default().0 = coverage;
    }
    for (case, _, agency, reply, _) in panel_store::information::given(az, ground.meeting.id, None)?
    {
        if !reply.marking.is_open() {
            continue;
        }
        let text = |note: Option<&str>| note.unwrap_or_default().to_owned();
        let answer = &reply.answer;
        let facts = answer.facts.as_ref().map(LongNote::as_str);
        let reason = answer.reason.as_ref().map(Note::as_str);
        let shared = SharedInformation {
            agency,
            kind: answer.kind.label().to_owned(),
            facts: text(facts.or(reason)),
            opinion: text(answer.opinion.as_ref().map(LongNote::as_str)),
            at: reply.replied_at,
        };
        let all = &mut found.entry(case).or_default().1;
        // Of several replies of one agency the last stands.
        all.retain(|other| other.agency != shared.agency);
        all.push(shared);
    }
    Ok(found)
}

/// What was taken, in order; what left the agenda before the meeting is no part of it.
fn items(
    ground: &Ground,
    mut cases: HashMap<CaseId, (Coverage, Vec<SharedInformation>)>,
) -> Vec<ItemRecord> {
    let order: Vec<AgendaItemId> = ground.lines.iter().map(|line| line.item.id).collect();
    let stay = |(line, agency): &(Attendee, Option<String>)| {
        let who = agency
            .as_ref()
            .map_or_else(|| line.name.clone(), |agency| format!("{} ({agency})", line.name));
        (who, Stay { arrived_at: line.arrived_at, left_after: line.left_after })
    };
    let stays: Vec<(String, Stay)> = ground.attendance.iter().map(stay).collect();
    let mut moves: HashMap<AgendaItemId, Vec<Movement>> =
        movements(&order, &stays).into_iter().collect();
    let taken = ground.lines.iter().filter(|line| line.item.state != ItemState::Withdrawn);
    taken
        .zip(1..)
        .map(|(line, place)| {
            let (coverage, information) =
                line.item.case.and_then(|case| cases.remove(&case)).unwrap_or_default();
            let here = moves.remove(&line.item.id).unwrap_or_default();
            item(ground, (line, place), (coverage, information), here)
        })
        .collect()
}

fn item(
    ground: &Ground,
    (line, place): (&Line, usize),
    (coverage, information): (Coverage, Vec<SharedInformation>),
    movements: Vec<Movement>,
) -> ItemRecord {
    let notes = &line.notes;
    let case = line.case.as_ref().zip(line.item.case_type).map(|(heading, case_type)| CaseRecord {
        case: heading.id,
        reference: heading.reference.clone(),
        person: [heading.surname.to_uppercase().as_str(), heading.forename.as_str()]
            .join(" ")
            .trim()
            .to_owned(),
        born_on: heading.born_on,
        case_type,
        coverage,
        information,
    });
    ItemRecord {
        item: line.item.id,
        section: line.item.section,
        place,
        case,
        title: line.item.title.clone(),
        state: line.item.state,
        state_reason: line.item.state_reason.clone(),
        discussion: notes.discussion.clone(),
        risks: notes.risks.clone(),
        victim_voice: notes.victim_voice.clone(),
        voice_by: notes.voice_by.clone(),
        protective: notes.protective.clone(),
        approaches: approaches(&notes.approaches)
            .iter()
            .map(|one| one.label().to_owned())
            .collect(),
        decision: notes.decision,
        decision_note: notes.decision_note.clone(),
        next_review_on: notes.next_review_on,
        informs_victim: notes.informs_victim.clone(),
        actions: ground
            .set
            .iter()
            .filter(|action| action.item == Some(line.item.id))
            .map(action)
            .collect(),
        movements,
    }
}

/// An action as the meeting set it.
fn action(line: &register::Line) -> ActionRecord {
    let due = match (line.original_due, line.due_word.as_str()) {
        (Some(due), "") => words::weekday_date(due),
        (Some(due), word) => format!("{} ({word})", words::weekday_date(due)),
        (None, word) => word.to_owned(),
    };
    let agency = line.agency;
    ActionRecord { action: line.id, text: line.text.clone(), owner: owner(line), agency, due }
}
