//! The minutes: who was there, what was said and decided, who does what until when.

use crate::page::Document;
use crate::text::Text;
use panel_core::coded::Coded;
use panel_core::id::AgendaItemId;
use panel_core::meeting::AttendanceStatus;
use panel_core::minutes::{
    ActionRecord, AttendanceLine, CaseRecord, Incomplete, IncompleteAction, ItemRecord, Record,
};
use panel_core::words;
use serde::Serialize;

/// How a version of the minutes came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its number, from one.
    pub number: i32,
    /// Who approved it.
    pub by: String,
    /// When, in words.
    pub when: String,
    /// Why it corrects the one before; empty for the first.
    pub reason: String,
}

/// One person of the attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// The person; empty where an agency was absent without a word.
    pub name: String,
    /// The agency; empty for a guest.
    pub agency: String,
    /// By video, as a deputy, information sent, statement not accepted.
    pub remarks: Vec<String>,
}

/// People who took part in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// `Present`, `Observers`, `Apologies`, `Absent`.
    pub heading: &'static str,
    /// The people.
    pub people: Vec<Attendee>,
}

/// An action of an earlier meeting that was not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    /// The case's reference; empty for the panel's own business.
    pub reference: String,
    /// What was to be done.
    pub text: String,
    /// Who owes it.
    pub owner: String,
    /// When it was due, in words; empty without a date.
    pub due: String,
    /// When it was set, in words.
    pub set: String,
    /// The reason given; empty while it is open.
    pub reason: String,
}

/// Unfinished actions that stand alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnfinishedGroup {
    /// Where they stand.
    pub heading: &'static str,
    /// The actions.
    pub actions: Vec<Unfinished>,
}

/// A text under a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The label.
    pub label: String,
    /// The text, as it was typed.
    pub text: String,
}

/// What one agency shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// The agency.
    pub agency: String,
    /// What kind of reply.
    pub kind: String,
    /// Facts.
    pub facts: String,
    /// Professional opinion.
    pub opinion: String,
}

/// An action that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAction {
    /// What is to be done.
    pub text: String,
    /// Who owes it.
    pub owner: String,
    /// When it is due, in words; empty without a date.
    pub due: String,
}

/// One item as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The item.
    pub id: AgendaItemId,
    /// Its number among those that this reader sees.
    pub number: usize,
    /// The case's reference, or the heading.
    pub label: String,
    /// The person, with the date of birth; empty without a case.
    pub person: String,
    /// Why the case was there; empty without one.
    pub kind: String,
    /// Who came in, in words.
    pub came: Vec<String>,
    /// How well agencies had replied, in words; empty without a case or when nobody was asked.
    pub coverage: String,
    /// What agencies shared.
    pub information: Vec<Shared>,
    /// What was said: discussion, risks, the victim's voice, protective factors.
    pub notes: Vec<Part>,
    /// Approaches, decision, terms, next review, who tells the victim.
    pub outcome: Vec<Part>,
    /// Actions that were set.
    pub actions: Vec<SetAction>,
    /// Who went out, in words.
    pub left: Vec<String>,
}

/// Items of one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its items; never empty.
    pub items: Vec<Item>,
}

/// The minutes as one reader may hold them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Minutes {
    /// The panel's name.
    pub panel: String,
    /// The day of the meeting, in words.
    pub day: String,
    /// The meeting's number, such as `7 of 2026`; none while it is in progress.
    pub number: Option<String>,
    /// When it began, in words; empty when that is not known.
    pub began: String,
    /// Where; empty when not said.
    pub venue: String,
    /// Who chaired.
    pub chair: String,
    /// The version; none for a draft.
    pub version: Option<Version>,
    /// The confidentiality statement.
    pub statement: String,
    /// Who was there and who was not.
    pub attendance: Vec<Attendance>,
    /// What was owed from before.
    pub unfinished: Vec<UnfinishedGroup>,
    /// What was taken, in order.
    pub sections: Vec<Section>,
}

impl Minutes {
    /// The minutes of a record that was cut to its reader.
    pub fn of(record: &Record, version: Option<Version>) -> Self {
        Self {
            panel: record.panel.clone(),
            day: words::weekday_date(record.held_on),
            number: record.number.clone(),
            began: record.began.clone(),
            venue: record.venue.clone(),
            chair: record.chair.clone(),
            version,
            statement: record.statement.clone(),
            attendance: attendance(&record.attendance),
            unfinished: unfinished(&record.incomplete),
            sections: sections(&record.items),
        }
    }
}

fn attendee(line: &AttendanceLine) -> Attendee {
    let here = line.status.is_present() || line.status == AttendanceStatus::Observer;
    let mut remarks = Vec::new();
    match line.status {
        AttendanceStatus::PresentRemote => remarks.push("by video or phone".to_owned()),
        AttendanceStatus::Deputy => remarks.push("deputy".to_owned()),
        AttendanceStatus::ApologiesInformation => remarks.push(match line.information_on {
            Some(on) => format!("information sent on {}", words::weekday_date(on)),
            None => "information sent".to_owned(),
        }),
        AttendanceStatus::ApologiesNone => remarks.push("no information".to_owned()),
        AttendanceStatus::Present | AttendanceStatus::Absent | AttendanceStatus::Observer => {}
    }
    if !line.note.is_empty() {
        remarks.push(line.note.clone());
    }
    if here && !line.statement_accepted {
        remarks.push("confidentiality statement not accepted".to_owned());
    }
    let agency = line.agency.clone().unwrap_or_default();
    Attendee { name: line.name.clone(), agency, remarks }
}

fn attendance(lines: &[AttendanceLine]) -> Vec<Attendance> {
    type Belongs = fn(AttendanceStatus) -> bool;
    let groups: [(&'static str, Belongs); 4] = [
        ("Present", AttendanceStatus::is_present),
        ("Observers", |status| status == AttendanceStatus::Observer),
        ("Apologies", AttendanceStatus::is_apology),
        ("Absent", |status| status == AttendanceStatus::Absent),
    ];
    let group = |(heading, belongs): (&'static str, Belongs)| {
        let people: Vec<Attendee> =
            lines.iter().filter(|line| belongs(line.status)).map(attendee).collect();
        (!people.is_empty()).then_some(Attendance { heading, people })
    };
    groups.into_iter().filter_map(group).collect()
}

fn unfinished(actions: &[IncompleteAction]) -> Vec<UnfinishedGroup> {
    let one = |action: &IncompleteAction| Unfinished {
        reference: action.reference.clone(),
        text: action.text.clone(),
        owner: action.owner.clone(),
        due: action.due.map(words::weekday_date).unwrap_or_default(),
        set: words::date(action.set_on),
        reason: action.reason.clone(),
    };
    let group = |why: &Incomplete| {
        let actions: Vec<Unfinished> =
            actions.iter().filter(|action| action.why == *why).map(one).collect();
        (!actions.is_empty()).then_some(UnfinishedGroup { heading: why.label(), actions })
    };
    Incomplete::ALL.iter().filter_map(group).collect()
}

fn sections(items: &[ItemRecord]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for record in items {
        let heading = record.section.label();
        if sections.last().is_none_or(|last| last.heading != heading) {
            sections.push(Section { heading: heading.to_owned(), items: Vec::new() });
        }
        if let Some(last) = sections.last_mut() {
            last.items.push(item(record));
        }
    }
    sections
}

fn person(case: &CaseRecord) -> String {
    match case.born_on {
        Some(born) => format!("{}, born {}", case.person, words::date(born)),
        None => case.person.clone(),
    }
}

/// The parts that say something.
fn said(parts: Vec<(&str, String)>) -> Vec<Part> {
    let part = |(label, text): (&str, String)| Part { label: label.to_owned(), text };
    parts.into_iter().filter(|(_, text)| !text.is_empty()).map(part).collect()
}

fn outcome(record: &ItemRecord) -> Vec<Part> {
    let state = match record.state {
        panel_core::agenda::ItemState::Deferred => {
            format!("Put off to the next meeting: {}", record.state_reason)
        }
        _ => String::new(),
    };
    let decision = record.decision.map_or("", |decision| decision.label()).to_owned();
    let next = record.next_review_on.map(words::weekday_date).unwrap_or_default();
    said(vec![
        ("Not taken", state),
        ("Approach", words::list(&record.approaches)),
        ("Decision", decision),
        ("Terms", record.decision_note.clone()),
        ("Next review", next),
        ("Who tells the victim", record.informs_victim.clone()),
    ])
}

fn item(record: &ItemRecord) -> Item {
    let case = record.case.as_ref();
    let voice = match record.voice_by.as_str() {
        "" => "Victim’s voice".to_owned(),
        by => format!("Victim’s voice, given by {by}"),
    };
    let moved = |came: bool| {
        let of = record.movements.iter().filter(move |movement| movement.came == came);
        of.map(|movement| movement.who.clone()).collect()
    };
    let shared = |one: &panel_core::minutes::SharedInformation| Shared {
        agency: one.agency.clone(),
        kind: one.kind.clone(),
        facts: one.facts.clone(),
        opinion: one.opinion.clone(),
    };
    let set = |action: &ActionRecord| SetAction {
        text: action.text.clone(),
        owner: action.owner.clone(),
        due: action.due.clone(),
    };
    Item {
        id: record.item,
        number: record.place,
        label: case.map_or_else(|| record.title.clone(), |case| case.reference.clone()),
        person: case.map(person).unwrap_or_default(),
        kind: case.map_or("", |case| case.case_type.label()).to_owned(),
        came: moved(true),
        coverage: case
            .filter(|case| case.coverage.asked > 0)
            .map(|case| case.coverage.in_words())
            .unwrap_or_default(),
        information: case
            .map(|case| case.information.iter().map(shared).collect())
            .unwrap_or_default(),
        notes: said(vec![
            ("Discussion", record.discussion.clone()),
            ("Risks", record.risks.clone()),
            (voice.as_str(), record.victim_voice.clone()),
            ("Protective factors", record.protective.clone()),
        ]),
        outcome: outcome(record),
        actions: record.actions.iter().map(set).collect(),
        left: moved(false),
    }
}

impl Document for Minutes {
    const TEMPLATE: &'static str = "minutes";

    fn title(&self) -> String {
        format!("Minutes of {}", self.day)
    }

    fn caption(&self) -> String {
        self.panel.clone()
    }

    fn write(&self, text: &mut Text) {
        if let Some(number) = &self.number {
            text.fact(0, "Meeting", number);
        }
        text.fact(0, "Began at", &self.began);
        text.fact(0, "Venue", &self.venue);
        text.fact(0, "Chair", &self.chair);
        match &self.version {
            Some(version) => {
                let Version { number, by, when, .. } = version;
                text.fact(0, "Version", &format!("{number}, approved by {by} at {when}"));
                text.fact(0, "Corrects the version before", &version.reason);
            }
            None => text.line("Draft: not approved yet."),
        }
        for group in &self.attendance {
            text.heading(group.heading);
            group.people.iter().for_each(|person| text.point(0, &person.in_words()));
        }
        text.heading("Confidentiality statement");
        text.line(&self.statement);
        for group in &self.unfinished {
            text.heading(&["Incomplete actions: ", group.heading].concat());
            group.actions.iter().for_each(|action| action.write(text));
        }
        for section in &self.sections {
            text.heading(&section.heading);
            section.items.iter().for_each(|item| item.write(text));
        }
    }
}

impl Attendee {
    fn in_words(&self) -> String {
        let parts = [self.name.as_str(), self.agency.as_str()];
        let who: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let remarks = self.remarks.iter().map(String::as_str);
        who.into_iter().chain(remarks).collect::<Vec<_>>().join(", ")
    }
}

impl Unfinished {
    fn write(&self, text: &mut Text) {
        let of = if self.reference.is_empty() { "Panel business" } else { &self.reference };
        text.point(0, &[of, ": ", &self.text].concat());
        text.fact(4, "Owner", &self.owner);
        text.fact(4, "Set on", &self.set);
        text.fact(4, "Due", &self.due);
        text.fact(4, "Reason", &self.reason);
    }
}

impl Item {
    fn write(&self, text: &mut Text) {
        let kind = if self.kind.is_empty() { String::new() } else { format!(", {}", self.kind) };
        text.line(&format!("{}. {}{kind}", self.number, self.label));
        text.fact(4, "Came in", &self.came.join("; "));
        text.fact(4, "Person", &self.person);
        text.fact(4, "Replies", &self.coverage);
        for one in &self.information {
            text.fact(4, &one.agency, &one.kind);
            text.fact(8, "Facts", &one.facts);
            text.fact(8, "Opinion", &one.opinion);
        }
        for part in self.notes.iter().chain(&self.outcome) {
            text.fact(4, &part.label, &part.text);
        }
        for action in &self.actions {
            let due = if action.due.is_empty() { "no due date" } else { &action.due };
            text.point(4, &[&action.text, ": ", &action.owner, ", ", due].concat());
        }
        text.fact(4, "Left", &self.left.join("; "));
        text.gap();
    }
}

#[cfg(test)]
mod tests;
