//! The minutes as they are drawn.

use super::*;
use crate::page::{Frame, html, text};
use panel_core::agenda::{CaseType, Decision, ItemState, Section as Of};
use panel_core::id::{ActionId, AgencyId, CaseId, Id, MeetingId};
use panel_core::information::Coverage;
use panel_core::meeting::Movement;
use panel_core::minutes::SharedInformation;
use uuid::Uuid;

fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

fn line(name: &str, agency: &str, status: AttendanceStatus, accepted: bool) -> AttendanceLine {
    AttendanceLine {
        agency: Some(agency.to_owned()).filter(|agency| !agency.is_empty()),
        name: name.to_owned(),
        status,
        information_on: None,
        statement_accepted: accepted,
        note: String::new(),
    }
}

fn standing(n: u128, section: Of, title: &str) -> ItemRecord {
    ItemRecord {
        item: id(n),
        section,
        place: usize::try_from(n).unwrap(),
        case: None,
        title: title.to_owned(),
        state: ItemState::Heard,
        state_reason: String::new(),
        discussion: String::new(),
        risks: String::new(),
        victim_voice: String::new(),
        voice_by: String::new(),
        protective: String::new(),
        approaches: Vec::new(),
        decision: None,
        decision_note: String::new(),
        next_review_on: None,
        informs_victim: String::new(),
        actions: Vec::new(),
        movements: Vec::new(),
    }
}

fn heard() -> ItemRecord {
    ItemRecord {
        case: Some(CaseRecord {
            case: id::<CaseId>(20),
            reference: "K7MQ-4XWP".to_owned(),
            person: "O'NEILL Siân".to_owned(),
            born_on: "1990-04-03".parse().ok(),
            case_type: CaseType::Repeat,
            coverage: Coverage { asked: 3, replied: 2, ..Coverage::default() },
            information: vec![SharedInformation {
                agency: "Housing".to_owned(),
                kind: "Information to share".to_owned(),
                facts: "Two visits in March.\nNobody at home.".to_owned(),
                opinion: "Likely to move <soon>".to_owned(),
                at: "2026-04-10T09:00:00Z".parse().unwrap(),
            }],
        }),
        discussion: "Police set out three calls since February.".to_owned(),
        risks: "Escalating; access to weapons".to_owned(),
        victim_voice: "Wants no contact".to_owned(),
        voice_by: "Iris O'Neill".to_owned(),
        approaches: vec!["Disruption".to_owned(), "Support".to_owned()],
        decision: Some(Decision::Retain),
        next_review_on: "2026-06-11".parse().ok(),
        actions: vec![ActionRecord {
            action: id(30),
            text: "Apply for a stalking protection order".to_owned(),
            owner: "Eastshire Police (Priya Nair)".to_owned(),
            agency: id::<AgencyId>(9),
            due: "Thursday 14 May 2026 (next panel)".to_owned(),
        }],
        movements: vec![Movement { who: "Hana Sato (Housing)".to_owned(), came: true }],
        ..standing(2, Of::Adults, "")
    }
}

fn owed(why: Incomplete, text: &str, reason: &str) -> IncompleteAction {
    IncompleteAction {
        action: id::<ActionId>(40),
        case: Some(id(20)),
        reference: "K7MQ-4XWP".to_owned(),
        text: text.to_owned(),
        owner: "Housing".to_owned(),
        agency: id(8),
        due: "2026-04-10".parse().ok(),
        set_on: "2026-03-19".parse().unwrap(),
        why,
        reason: reason.to_owned(),
    }
}

fn record() -> Record {
    use AttendanceStatus::{ApologiesNone, Deputy, Observer, Present};
    let off = ItemRecord {
        state: ItemState::Deferred,
        state_reason: "Awaiting the report".to_owned(),
        ..standing(3, Of::Other, "Venue of the next meetings")
    };
    Record {
        meeting: id::<MeetingId>(1),
        panel: "North panel".to_owned(),
        number: Some("4 of 2026".to_owned()),
        held_on: "2026-04-16".parse().unwrap(),
        began: "10:02am".to_owned(),
        venue: "Town hall".to_owned(),
        chair: "Colin Hart".to_owned(),
        statement: "What is shared here is confidential.".to_owned(),
        attendance: vec![
            line("Colin Hart", "Police", Present, true),
            line("Sam Okoro", "Housing", Deputy, false),
            line("Otto Byrne", "", Observer, true),
            line("", "Probation", ApologiesNone, false),
        ],
        incomplete: vec![
            owed(Incomplete::NotPossible, "Fit new locks", "The tenancy ended"),
            owed(Incomplete::NotDone, "Visit", "No staff"),
            owed(Incomplete::Open, "Warn the school", ""),
        ],
        items: vec![standing(1, Of::Opening, "Introductions"), heard(), off],
        version: 2,
        reason: String::new(),
    }
}

fn signed() -> Minutes {
    let version = Version {
        number: 2,
        by: "Colin Hart".to_owned(),
        when: "5pm on Monday 20 April 2026".to_owned(),
        reason: "A name was wrong".to_owned(),
    };
    Minutes::of(&record(), Some(version))
}

fn frame() -> Frame<'static> {
    Frame { marking: Some("OFFICIAL-SENSITIVE"), copy: Some("Printed by Sam Lee") }
}

#[test]
fn minutes_html() {
    insta::assert_snapshot!(html(frame(), &signed()).unwrap());
}

#[test]
fn minutes_text() {
    insta::assert_snapshot!(text(frame(), &signed()));
}

#[test]
fn a_draft_says_so_and_an_empty_record_prints() {
    let record = Record {
        attendance: Vec::new(),
        incomplete: Vec::new(),
        items: Vec::new(),
        number: None,
        ..record()
    };
    let draft = Minutes::of(&record, None);
    assert!(html(Frame::default(), &draft).unwrap().contains("Draft, not approved yet"));
    assert!(text(Frame::default(), &draft).contains("Draft: not approved yet."));
}

#[test]
fn a_reader_s_copy_holds_no_word_of_a_case_out_of_scope() {
    let cut = record().only(|_| false, |_| false);
    let copy = text(frame(), &Minutes::of(&cut, None));
    for word in ["K7MQ", "NEILL", "stalking", "locks", "weapons"] {
        assert!(!copy.contains(word), "{word}\n{copy}");
    }
    assert!(copy.contains("2. Venue of the next meetings"), "numbered without a gap\n{copy}");
}
