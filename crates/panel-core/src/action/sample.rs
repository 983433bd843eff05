//! An invented action and the people around it, for tests of every module that reads actions.

use super::*;
use crate::id::Id;
use crate::reminder::sample::day;
use crate::text::Note;
use uuid::Uuid;

pub(crate) fn id<T: Id>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

/// Somebody acting in a capacity; which person it is matters to no rule.
pub(crate) fn by(capacity: Capacity) -> By {
    By { user: id(9), capacity }
}

pub(crate) fn note(text: &str) -> Note {
    Note::parse(text).expect(text)
}

/// Set on 2 March 2026 for agency 1, due on 11 March 2026.
pub(crate) fn action() -> Action {
    Action {
        id: id(100),
        panel: id(10),
        case: Some(id(20)),
        born_in: Some(id(30)),
        text: Title::parse("Check bail conditions with court").unwrap(),
        approach: Some(Approach::Enforcement),
        owner: Owner { agency: id(1), person: Some(Assignee::User(id(5))) },
        set_on: day("2026-03-02"),
        original_due: Some(day("2026-03-11")),
        due: Some(day("2026-03-11")),
        due_word: None,
        due_instance: 1,
        state: ActionState::Open,
    }
}
