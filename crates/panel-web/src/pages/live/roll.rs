//! The roll as one table: a row for everybody who was recorded or is expected, saved at once.

use crate::form::Values;
use crate::view::lists::Hidden;
use panel_app::live::{AttendeeView, Expected, LiveView, RollForm, RollLine};
use panel_core::coded::Coded;
use panel_core::id::{MeetingId, RequestId};
use panel_core::meeting::AttendanceStatus;
use serde::Serialize;

const STATUS: &str = "status.";
const STATEMENT: &str = "statement.";
const SEEN: &str = "seen.";

#[derive(Serialize)]
struct Entry {
    value: &'static str,
    text: &'static str,
    selected: bool,
}

#[derive(Serialize)]
struct RollRow {
    name: String,
    agency: String,
    remarks: Vec<String>,
    status_id: String,
    status_name: String,
    statement_id: String,
    statement_name: String,
    seen_name: String,
    seen: i32,
    options: Vec<Entry>,
    accepted: bool,
    /// Who accepted the statement or recorded that, and when.
    said: String,
    /// Whether the person accepted it, which is nobody else's to take back.
    alone: bool,
    open: bool,
    edit: Option<String>,
}

/// The table, with what was typed where it could not be saved.
#[derive(Serialize)]
pub(super) struct Roll {
    action: String,
    add: String,
    hidden: Vec<Hidden>,
    rows: Vec<RollRow>,
    open: bool,
}

fn options(chosen: &str) -> Vec<Entry> {
    let blank = Entry { value: "", text: "Not recorded", selected: chosen.is_empty() };
    let listed = AttendanceStatus::ALL.iter().map(|status| Entry {
        value: status.code(),
        text: status.label(),
        selected: status.code() == chosen,
    });
    std::iter::once(blank).chain(listed).collect()
}

fn row(
    key: &str,
    who: (&str, &str),
    status: &str,
    accepted: bool,
    typed: Option<&Values>,
) -> RollRow {
    let status_name = format!("{STATUS}{key}");
    let statement_name = format!("{STATEMENT}{key}");
    let (status, accepted) = match typed.filter(|values| values.has(&status_name)) {
        Some(values) => (values.one(&status_name), values.one(&statement_name) == "yes"),
        None => (status, accepted),
    };
    RollRow {
        name: who.0.to_owned(),
        agency: who.1.to_owned(),
        remarks: Vec::new(),
        status_id: status_name.replace('.', "-"),
        statement_id: statement_name.replace('.', "-"),
        seen_name: format!("{SEEN}{key}"),
        seen: 0,
        options: options(status),
        accepted,
        said: String::new(),
        alone: false,
        open: true,
        edit: None,
        status_name,
        statement_name,
    }
}

fn recorded(meeting: MeetingId, line: &AttendeeView, typed: Option<&Values>) -> RollRow {
    let key = format!("line.{}", line.id);
    let who = (line.name.as_str(), line.agency_name.as_str());
    RollRow {
        remarks: line.remarks.clone(),
        seen: line.version,
        said: line.accepted.clone(),
        alone: line.accepted_alone,
        edit: Some(format!("{}/people/{}", super::path(meeting), line.id)),
        ..row(&key, who, line.status.code(), line.statement, typed)
    }
}

fn expected(one: &Expected, typed: Option<&Values>) -> RollRow {
    let key = format!("seat.{}.{}", one.user, one.agency);
    RollRow {
        said: one.accepted.clone(),
        alone: !one.accepted.is_empty(),
        ..row(&key, (one.name.as_str(), one.agency_name.as_str()), "", false, typed)
    }
}

impl Roll {
    /// The roll of a meeting: who was recorded, then who is expected, by agency.
    pub(super) fn of(view: &LiveView, typed: Option<&Values>, operation: RequestId) -> Self {
        let id = view.meeting.id;
        let kept = view.attendance.iter().map(|line| recorded(id, line, typed));
        let mut rows: Vec<RollRow> =
            kept.chain(view.expected.iter().map(|one| expected(one, typed))).collect();
        rows.sort_by(|a, b| {
            (a.agency.is_empty(), &a.agency, &a.name).cmp(&(
                b.agency.is_empty(),
                &b.agency,
                &b.name,
            ))
        });
        for row in &mut rows {
            row.open = view.open;
        }
        Self {
            action: super::path(id),
            add: format!("{}/people/new", super::path(id)),
            hidden: vec![Hidden::new("operation", operation)],
            rows,
            open: view.open,
        }
    }
}

/// The rows that were sent. What cannot be read is no row of ours and is left out.
pub(super) fn read(values: &Values) -> RollForm {
    let line = |name: &str| {
        let key = name.strip_prefix(STATUS)?;
        let status = match values.one(name) {
            "" => None,
            code => Some(AttendanceStatus::from_code(code).ok()?),
        };
        let version = values.one(&format!("{SEEN}{key}")).parse().unwrap_or(0);
        let statement = values.one(&format!("{STATEMENT}{key}")) == "yes";
        let (line, expected) = match key.split_once('.')? {
            ("line", id) => (Some(id.parse().ok()?), None),
            ("seat", seat) => {
                let (user, agency) = seat.split_once('.')?;
                (None, Some((user.parse().ok()?, agency.parse().ok()?)))
            }
            _ => return None,
        };
        Some(RollLine { line, version, expected, status, statement })
    };
    RollForm { lines: values.iter().filter_map(|(name, _)| line(name)).collect() }
}
