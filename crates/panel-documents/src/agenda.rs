//! The agenda: who is heard when, why, and what agencies still owe.

pub use crate::owed::{OwedAction, OwedActions};
use crate::page::Document;
use crate::text::Text;
use chrono::{NaiveDate, TimeDelta};
use panel_core::agenda::{CaseType, Paper, PaperCase, PaperLine, PaperPerson, Section};
use panel_core::coded::Coded;
use panel_core::id::{AgendaItemId, CaseId};
use panel_core::words;
use serde::Serialize;

/// A person on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    /// The name, with the surname in capitals.
    pub name: String,
    /// The date of birth, in words; empty when not known.
    pub born: String,
    /// The age on the day of the meeting, such as `34`, `unborn` or `age not known`.
    pub age: String,
}

impl PersonView {
    /// A person of a paper, in words.
    pub fn of(person: &PaperPerson) -> Self {
        let age = match (person.unborn, person.age) {
            (true, _) => "unborn".to_owned(),
            (false, Some(age)) => age.to_string(),
            (false, None) => "age not known".to_owned(),
        };
        Self {
            name: person.name.clone(),
            born: person.born_on.map(words::date).unwrap_or_default(),
            age,
        }
    }

    fn all(people: &[PaperPerson]) -> Vec<Self> {
        people.iter().map(Self::of).collect()
    }
}

/// A case on an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// The reference that all readers share.
    pub reference: String,
    /// The person.
    pub person: PersonView,
    /// The person's date of birth.
    pub born_on: Option<NaiveDate>,
    /// Other names.
    pub aliases: Vec<String>,
    /// Those who are harmed.
    pub victims: Vec<PersonView>,
    /// Children.
    pub children: Vec<PersonView>,
    /// The agency that referred; empty when none is known.
    pub referrer: String,
    /// Where the last referral came from; for a transfer with the area.
    pub source: String,
    /// Criteria of the last referral.
    pub criteria: Vec<String>,
    /// Repeat, serial and re-referral, as far as they apply.
    pub flags: Vec<String>,
}

impl CaseView {
    /// A case of a paper, in words.
    pub fn of(case: &PaperCase) -> Self {
        Self {
            id: case.case,
            reference: case.reference.clone(),
            person: PersonView::of(&case.person),
            born_on: case.person.born_on,
            aliases: case.aliases.clone(),
            victims: PersonView::all(&case.victims),
            children: PersonView::all(&case.children),
            referrer: case.referrer.clone(),
            source: case.source.clone(),
            criteria: case.criteria.clone(),
            flags: case.flags.clone(),
        }
    }
}

/// One line of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineView {
    /// The item.
    pub item: AgendaItemId,
    /// Its number among the lines that this reader sees, without a gap.
    pub number: usize,
    /// The case reference, or the heading.
    pub label: String,
    /// The case, where there is one.
    pub case: Option<CaseView>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The same in words; empty without a case.
    pub kind: String,
    /// The reason with its dates.
    pub why: String,
    /// Minutes allotted.
    pub minutes: i32,
    /// When it begins, such as `10:25am`.
    pub begins: String,
    /// When it ends.
    pub ends: String,
    /// The agency that presents it; empty when none is named.
    pub presenter: String,
    /// Whether it came after the cut-off.
    pub late: bool,
    /// The chair's reason for taking it late.
    pub late_reason: String,
}

/// A section of an agenda with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SectionView<L = LineView> {
    /// The section.
    pub section: Section,
    /// Its heading.
    pub heading: String,
    /// When it begins.
    pub begins: String,
    /// The lines, in order; never empty.
    pub lines: Vec<L>,
}

fn line((line, number): (&PaperLine, usize)) -> LineView {
    let ends = line.begins + TimeDelta::minutes(line.minutes.into());
    LineView {
        item: line.item,
        number,
        label: line.label().to_owned(),
        case: line.case.as_ref().map(CaseView::of),
        case_type: line.case_type,
        kind: line.case_type.map_or_else(String::new, |kind| kind.label().to_owned()),
        why: line.why.clone(),
        minutes: line.minutes,
        begins: words::time(line.begins.time()),
        ends: words::time(ends.time()),
        presenter: line.presenter.as_ref().map_or_else(String::new, |(_, name)| name.clone()),
        late: line.late,
        late_reason: line.late_reason.clone(),
    }
}

/// The sections of a paper that have lines, in order; `as_line` may add to each line.
pub fn sections<L>(
    paper: &Paper,
    mut as_line: impl FnMut(&PaperLine, LineView) -> L,
) -> Vec<SectionView<L>> {
    let mut sections: Vec<SectionView<L>> = Vec::new();
    for (of, number) in paper.lines.iter().zip(1..) {
        let view = line((of, number));
        if sections.last().is_none_or(|last| last.section != of.section) {
            let (section, heading) = (of.section, of.section.label().to_owned());
            let begins = view.begins.clone();
            sections.push(SectionView { section, heading, begins, lines: Vec::new() });
        }
        if let Some(last) = sections.last_mut() {
            last.lines.push(as_line(of, view));
        }
    }
    sections
}

/// One issue of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueView {
    /// Its number, from one.
    pub number: i32,
    /// When it was issued, in words.
    pub when: String,
    /// By whom.
    pub by: String,
}

/// An agenda as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agenda {
    /// The panel's name.
    pub panel: String,
    /// The day of the meeting, in words.
    pub day: String,
    /// From when to when, in words.
    pub time: String,
    /// Where; empty when not said.
    pub venue: String,
    /// Who chairs the panel; empty when nobody does.
    pub chair: String,
    /// The issue; none for a draft.
    pub issue: Option<IssueView>,
    /// What changed since the issue before, for this reader.
    pub changes: Vec<String>,
    /// The sections that have lines.
    pub sections: Vec<SectionView>,
    /// When everything should be done, in words; empty when there is nothing.
    pub ends: String,
    /// The incomplete actions of earlier meetings.
    pub actions: OwedActions,
}

impl Document for Agenda {
    const TEMPLATE: &'static str = "agenda";

    fn title(&self) -> String {
        format!("Agenda for {}", self.day)
    }

    fn caption(&self) -> String {
        self.panel.clone()
    }

    fn write(&self, text: &mut Text) {
        text.fact(0, "Time", &self.time);
        text.fact(0, "Venue", &self.venue);
        text.fact(0, "Chair", &self.chair);
        match &self.issue {
            Some(issue) => {
                let issue = format!("{}, issued by {} at {}", issue.number, issue.by, issue.when);
                text.fact(0, "Issue", &issue);
            }
            None => text.line("Draft: not issued yet."),
        }
        if !self.changes.is_empty() {
            text.heading("What changed since the issue before");
            self.changes.iter().for_each(|change| text.point(0, change));
        }
        for section in &self.sections {
            text.heading(&section.heading);
            section.lines.iter().for_each(|line| line.write(text));
        }
        text.gap();
        text.fact(0, "Ends at", &self.ends);
        self.actions.write(text);
    }
}

/// Names with their ages, apart by semicolons.
fn people(people: &[PersonView]) -> String {
    let one = |person: &PersonView| match person.born.as_str() {
        "" => format!("{} ({})", person.name, person.age),
        born => format!("{} ({}, born {born})", person.name, person.age),
    };
    people.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl LineView {
    fn write(&self, text: &mut Text) {
        let kind = if self.kind.is_empty() { String::new() } else { format!(", {}", self.kind) };
        let minutes = words::count(usize::try_from(self.minutes).unwrap_or(0), "minute");
        let label = &self.label;
        text.line(&format!("{}. {} {label}{kind} ({minutes})", self.number, self.begins));
        if self.late {
            text.fact(4, "Taken late", &self.late_reason);
        }
        if let Some(case) = &self.case {
            case.write(text);
        }
        text.fact(4, "Why", &self.why);
        text.fact(4, "Presented by", &self.presenter);
        text.gap();
    }
}

impl CaseView {
    fn write(&self, text: &mut Text) {
        text.fact(4, "Person", &people(std::slice::from_ref(&self.person)));
        text.fact(4, "Also known as", &self.aliases.join("; "));
        text.fact(4, "Victims", &people(&self.victims));
        text.fact(4, "Children", &people(&self.children));
        text.fact(4, "Referred by", &self.referrer);
        text.fact(4, "Source", &self.source);
        text.fact(4, "Criteria", &self.criteria.join("; "));
        text.fact(4, "Flags", &self.flags.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Frame, html, text};
    use panel_core::id::{ActionId, Id};
    use uuid::Uuid;

    fn person(name: &str, age: Option<u32>) -> PaperPerson {
        let born_on = age.and_then(|_| NaiveDate::from_ymd_opt(1990, 4, 3));
        PaperPerson { name: name.to_owned(), born_on, age, unborn: false }
    }

    fn case() -> PaperCase {
        let unborn = PaperPerson { unborn: true, ..person("Not known", None) };
        PaperCase {
            case: CaseId::from_uuid(Uuid::from_u128(2)),
            reference: "K7MQ-4XWP".to_owned(),
            person: person("O'NEILL Siân", Some(36)),
            aliases: vec!["Shaz <b>".to_owned()],
            victims: vec![person("DOE Jo", None)],
            children: vec![unborn],
            referrer: "Fenshire Police".to_owned(),
            source: "Partner agency".to_owned(),
            criteria: vec!["Visible high risk".to_owned()],
            flags: vec!["Serial: 2 victims since 1 April 2023".to_owned()],
        }
    }

    fn line(n: u128, section: Section, case: Option<PaperCase>, at: &str) -> PaperLine {
        let begins = format!("2026-04-16T{at}:00").parse().unwrap();
        let late = case.is_some();
        PaperLine {
            item: AgendaItemId::from_uuid(Uuid::from_u128(n)),
            section,
            title: "Introductions".to_owned(),
            case_type: case.as_ref().map(|_| CaseType::New),
            case,
            why: if late { "New referral of 2 April 2026".to_owned() } else { String::new() },
            minutes: 15,
            begins,
            presenter: late.then(|| (Id::from_uuid(Uuid::from_u128(9)), "Housing".to_owned())),
            late,
            late_reason: if late { "Release on 14 April".to_owned() } else { String::new() },
        }
    }

    fn agenda() -> Agenda {
        let starts = "2026-04-16T10:00:00".parse().unwrap();
        let lines = vec![
            line(1, Section::Opening, None, "10:00"),
            line(2, Section::Children, Some(case()), "10:15"),
        ];
        let paper = Paper { starts, ends: starts, venue: String::new(), lines };
        let owed = OwedAction {
            id: ActionId::from_uuid(Uuid::from_u128(3)),
            case: None,
            reference: "K7MQ-4XWP".to_owned(),
            text: "Fit new locks".to_owned(),
            agency: "Housing".to_owned(),
            owner: "Sam Lee".to_owned(),
            due: "Wednesday 8 April 2026".to_owned(),
            overdue: true,
            state: "Open".to_owned(),
        };
        Agenda {
            panel: "North panel".to_owned(),
            day: "Thursday 16 April 2026".to_owned(),
            time: "10am to midday".to_owned(),
            venue: "Town hall".to_owned(),
            chair: "Alex Kaya".to_owned(),
            issue: Some(IssueView {
                number: 2,
                when: "5pm on Thursday 9 April 2026".to_owned(),
                by: "Priya Shah".to_owned(),
            }),
            changes: vec!["Added, late: K7MQ-4XWP at 10:15am".to_owned()],
            sections: sections(&paper, |_, line| line),
            ends: "10:30am".to_owned(),
            actions: OwedActions { actions: vec![owed], more: true },
        }
    }

    #[test]
    fn an_agenda_prints_with_all_its_readers_need() {
        let frame = Frame { marking: Some("OFFICIAL-SENSITIVE"), copy: Some("Printed by Sam Lee") };
        insta::assert_snapshot!("agenda_html", html(frame, &agenda()).unwrap());
        insta::assert_snapshot!("agenda_text", text(frame, &agenda()));
    }

    #[test]
    fn a_draft_without_lines_says_so() {
        let draft = Agenda {
            issue: None,
            changes: Vec::new(),
            sections: Vec::new(),
            actions: OwedActions::default(),
            ..agenda()
        };
        let html = html(Frame::default(), &draft).unwrap();
        assert!(html.contains("Draft, not issued yet") && html.contains("nothing on this agenda"));
        assert!(text(Frame::default(), &draft).contains("Draft: not issued yet."));
    }
}
