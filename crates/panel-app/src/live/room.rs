//! The meeting at a glance: its statement, who is there, and how far its order of business has come.

use super::statement::{acceptance, recorders};
use super::{found, is_open};
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::MeetingView;
use panel_core::agenda::{ItemState, timetable};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, AgendaItemId, AttendanceId, UserId};
use panel_core::id::{MeetingId, PanelId};
use panel_core::meeting::{AttendanceStatus, takes_outcomes};
use panel_core::time::local;
use panel_core::words;
use panel_store::agenda::{self, Line};
use panel_store::attendance::{self, Attendee};
use panel_store::meetings::items::CALLED_OFF;
use panel_store::notices::{self, Whom};
use panel_store::{Authz, panels, users};
use serde::Serialize;
use std::collections::HashMap;

/// How far one item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingProgress))]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Nothing was written down.
    ToCome,
    /// Something was written down, and nothing is decided.
    Noted,
    /// A case with a decision, or a standing item with notes.
    Done,
    /// Put off to the next meeting.
    PutOff,
    /// Taken off.
    Off,
}

impl Progress {
    pub(super) fn of(line: &Line) -> Self {
        let notes = &line.notes;
        let texts = [&notes.discussion, &notes.risks, &notes.victim_voice, &notes.protective];
        let written = texts.iter().any(|text| !text.is_empty());
        match line.item.state {
            ItemState::Deferred => Self::PutOff,
            ItemState::Withdrawn => Self::Off,
            _ if notes.decision.is_some() || (line.item.case.is_none() && written) => Self::Done,
            _ if written => Self::Noted,
            _ => Self::ToCome,
        }
    }
}

/// One item of the order of business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// The item.
    pub item: AgendaItemId,
    /// Its section, in words.
    pub section: String,
    /// Its number, from one.
    pub number: usize,
    /// The case's reference, or the heading.
    pub label: String,
    /// The person; empty without a case.
    pub person: String,
    /// When it was meant to begin, in words.
    pub begins: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// How far it has come.
    pub progress: Progress,
    /// The same in words, with the decision.
    pub words: String,
}

/// One line of the attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttendeeView {
    /// The line.
    pub id: AttendanceId,
    /// The person's account, where there is one.
    pub user: Option<UserId>,
    /// The agency.
    pub agency: Option<AgencyId>,
    /// Its name; empty for a guest.
    pub agency_name: String,
    /// The person.
    pub name: String,
    /// How they take part.
    pub status: AttendanceStatus,
    /// Whether the statement was accepted.
    pub statement: bool,
    /// Who accepted it or recorded that, and when, in words; empty before.
    pub accepted: String,
    /// Whether the person accepted it without anybody recording it, which nobody takes back.
    pub accepted_alone: bool,
    /// What else is to be said: arrival, departure, information, the note.
    pub remarks: Vec<String>,
    /// The version that a change must name.
    pub version: i32,
}

/// Somebody with a seat of whom nothing is recorded yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Expected {
    /// Who.
    pub user: UserId,
    /// For which agency.
    pub agency: AgencyId,
    /// The agency's name.
    pub agency_name: String,
    /// The person's name.
    pub name: String,
    /// When the person accepted the statement, in words; empty before.
    pub accepted: String,
}

/// The meeting as whoever runs it sees it while it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveView {
    /// The meeting.
    pub meeting: MeetingView,
    /// The panel's name.
    pub panel_name: String,
    /// The confidentiality statement.
    pub statement: String,
    /// Who was recorded, by agency.
    pub attendance: Vec<AttendeeView>,
    /// Who comes to the panel's meetings and was not recorded, by agency.
    pub expected: Vec<Expected>,
    /// Agencies of the panel of which nobody is recorded.
    pub missing: Vec<String>,
    /// The order of business.
    pub steps: Vec<StepView>,
    /// Cases that are neither decided nor put off.
    pub undecided: usize,
    /// Whether outcomes are taken now.
    pub in_progress: bool,
    /// Whether notes and attendance are taken now.
    pub open: bool,
}

/// Surname in capitals and forename, as the agenda has them.
pub(super) fn person_of(line: &Line) -> String {
    let Some(case) = &line.case else { return String::new() };
    [case.surname.to_uppercase().as_str(), case.forename.as_str()].join(" ").trim().to_owned()
}

/// What an item is called.
pub(super) fn label_of(line: &Line) -> String {
    line.case.as_ref().map_or_else(|| line.item.title.clone(), |case| case.reference.clone())
}

fn progress_words(line: &Line) -> String {
    match (Progress::of(line), line.notes.decision) {
        (Progress::Done, Some(decision)) => decision.label().to_owned(),
        (Progress::Done, None) => "Recorded".to_owned(),
        (Progress::Noted, _) => "Notes, no decision yet".to_owned(),
        (Progress::ToCome, _) => "To be heard".to_owned(),
        (Progress::PutOff | Progress::Off, _) => line.item.state.label().to_owned(),
    }
}

/// The lines of a meeting but for those that went when it was called off.
pub(super) fn lines(az: &mut Authz<'_>, id: MeetingId) -> Result<Vec<Line>, AppError> {
    let mut lines = agenda::list(az, id)?;
    lines.retain(|line| line.item.state_reason != CALLED_OFF);
    Ok(lines)
}

fn steps(meeting: &panel_store::meetings::Meeting, lines: &[Line]) -> Vec<StepView> {
    let takes: Vec<(ItemState, i32)> =
        lines.iter().map(|line| (line.item.state, line.item.minutes)).collect();
    let times = timetable(meeting.starts(), &takes);
    let step = |((line, number), (begins, _)): ((&Line, usize), &(_, _))| StepView {
        item: line.item.id,
        section: line.item.section.label().to_owned(),
        number,
        label: label_of(line),
        person: person_of(line),
        begins: words::time(chrono::NaiveDateTime::time(begins)),
        minutes: line.item.minutes,
        progress: Progress::of(line),
        words: progress_words(line),
    };
    lines.iter().zip(1..).zip(&times).map(step).collect()
}

/// What else is to be said of a person: when information came, when they came and went, the note.
fn remarks(line: &Attendee, labels: &HashMap<AgendaItemId, String>) -> Vec<String> {
    let label = |id: &AgendaItemId| labels.get(id).cloned().unwrap_or_default();
    let information =
        line.information_on.map(|on| format!("Information came on {}", words::weekday_date(on)));
    let came = line.arrived_at.map(|item| format!("Came for {}", label(&item)));
    let left = line.left_after.map(|item| format!("Left after {}", label(&item)));
    let paper = line.statement_on_paper.then(|| "Statement signed on paper".to_owned());
    let note = (!line.note.is_empty()).then(|| line.note.clone());
    [information, came, left, paper, note].into_iter().flatten().collect()
}

fn expected(
    az: &mut Authz<'_>,
    (meeting, panel): (MeetingId, PanelId),
    kept: &[(Attendee, Option<String>)],
) -> Result<(Vec<Expected>, Vec<String>), AppError> {
    let members = panels::agencies_of(az, panel)?;
    let come = notices::people(az, panel, &[Whom::Everyone])?;
    let accepted = attendance::acceptances(az, meeting)?;
    let recorded = |user: UserId| kept.iter().any(|(line, _)| line.user == Some(user));
    let mut expected: Vec<Expected> = Vec::new();
    for one in users::sitting(az, &[panel])? {
        let seen = expected.iter().any(|other| other.user == one.user);
        let member = members.iter().find(|member| member.agency == one.agency);
        let wanted = come.contains(&one.user) && !seen && !recorded(one.user);
        if let Some(member) = member.filter(|_| wanted) {
            expected.push(Expected {
                user: one.user,
                agency: one.agency,
                agency_name: member.name.clone(),
                accepted: accepted.get(&one.user).map_or_else(String::new, |at| {
                    format!("Accepted by {} at {}", one.name, words::date_time(local(*at)))
                }),
                name: one.name,
            });
        }
    }
    expected.sort_by(|a, b| (&a.agency_name, &a.name).cmp(&(&b.agency_name, &b.name)));
    let has_line = |agency| kept.iter().any(|(line, _)| line.agency == Some(agency));
    let missing = members.into_iter().filter(|member| !has_line(member.agency));
    Ok((expected, missing.map(|member| member.name).collect()))
}

/// The meeting while it is held, for whoever runs its panel.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: MeetingId) -> Result<LiveView, AppError> {
    ctx.read(|az| {
        let meeting = found(ctx, az, id)?;
        let panel = panels::find(az, meeting.panel)?.ok_or(AppError::NotFound)?.value;
        let lines = lines(az, id)?;
        let steps = steps(&meeting, &lines);
        let labels: HashMap<AgendaItemId, String> =
            steps.iter().map(|step| (step.item, step.label.clone())).collect();
        let kept = attendance::list(az, id)?;
        let (expected, missing) = expected(az, (id, meeting.panel), &kept)?;
        let recorders = recorders(az, &kept)?;
        let open = |line: &&Line| {
            line.item.case.is_some()
                && matches!(Progress::of(line), Progress::ToCome | Progress::Noted)
        };
        Ok(LiveView {
            undecided: lines.iter().filter(open).count(),
            attendance: kept
                .iter()
                .map(|(line, agency)| AttendeeView {
                    id: line.id,
                    user: line.user,
                    agency: line.agency,
                    agency_name: agency.clone().unwrap_or_default(),
                    name: line.name.clone(),
                    status: line.status,
                    statement: line.statement_at.is_some(),
                    accepted: acceptance(line, &recorders),
                    accepted_alone: line.accepted_alone(),
                    remarks: remarks(line, &labels),
                    version: line.version,
                })
                .collect(),
            in_progress: takes_outcomes(meeting.state),
            open: is_open(az, &meeting)?,
            panel_name: panel.name.into(),
            statement: panel.policy.minutes.statement,
            meeting: MeetingView::of(&meeting),
            expected,
            missing,
            steps,
        })
    })
}
