//! The action list: what a meeting set, by agency, to be sent round after it.

use crate::agenda::OwedAction;
use crate::page::Document;
use crate::text::Text;
use serde::Serialize;

/// The actions of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfAgency {
    /// The agency.
    pub agency: String,
    /// Its actions, early due dates first; never empty.
    pub actions: Vec<OwedAction>,
}

/// The actions that one meeting set, as far as a reader may know of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionList {
    /// The panel's name.
    pub panel: String,
    /// The day of the meeting, in words.
    pub day: String,
    /// The agencies that owe something, by name.
    pub agencies: Vec<OfAgency>,
}

impl ActionList {
    /// The list of these actions.
    pub fn of(panel: String, day: String, actions: Vec<OwedAction>) -> Self {
        let mut agencies: Vec<OfAgency> = Vec::new();
        for action in actions {
            if let Some(one) = agencies.iter_mut().find(|one| one.agency == action.agency) {
                one.actions.push(action);
            } else {
                agencies.push(OfAgency { agency: action.agency.clone(), actions: vec![action] });
            }
        }
        agencies.sort_by(|a, b| a.agency.cmp(&b.agency));
        Self { panel, day, agencies }
    }
}

impl Document for ActionList {
    const TEMPLATE: &'static str = "actions";

    fn title(&self) -> String {
        format!("Actions set on {}", self.day)
    }

    fn caption(&self) -> String {
        self.panel.clone()
    }

    fn write(&self, text: &mut Text) {
        if self.agencies.is_empty() {
            text.line("This meeting set no action.");
        }
        for agency in &self.agencies {
            text.heading(&agency.agency);
            for action in &agency.actions {
                let of =
                    if action.reference.is_empty() { "Panel business" } else { &action.reference };
                text.point(0, &[of, ": ", &action.text].concat());
                text.fact(4, "Person", &action.owner);
                let due = if action.due.is_empty() { "no due date" } else { &action.due };
                let late = if action.overdue { ", overdue" } else { "" };
                text.fact(4, "Due", &[due, late].concat());
                text.fact(4, "Status", &action.state);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Frame, html, text};
    use panel_core::id::{ActionId, Id};
    use uuid::Uuid;

    fn action(agency: &str, text: &str, due: &str) -> OwedAction {
        OwedAction {
            id: ActionId::from_uuid(Uuid::from_u128(3)),
            case: None,
            reference: String::new(),
            text: text.to_owned(),
            agency: agency.to_owned(),
            owner: "Sam Lee".to_owned(),
            due: due.to_owned(),
            overdue: false,
            state: "Open".to_owned(),
        }
    }

    fn list(actions: Vec<OwedAction>) -> ActionList {
        ActionList::of("North panel".to_owned(), "Thursday 16 April 2026".to_owned(), actions)
    }

    fn some() -> ActionList {
        list(vec![
            action("Police", "Visit <today>", "Friday 17 April 2026"),
            action("Housing", "Fit new locks", ""),
            action("Police", "Apply for an order", "Thursday 14 May 2026"),
        ])
    }

    #[test]
    fn actions_html() {
        insta::assert_snapshot!(html(Frame::default(), &some()).unwrap());
    }

    #[test]
    fn actions_stand_under_their_agencies() {
        let text = text(Frame::default(), &some());
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}\n{text}"));
        assert!(place("Housing\n") < place("Fit new locks"));
        assert!(place("Fit new locks") < place("Police\n"));
        assert!(place("Visit <today>") < place("Apply for an order"));
        assert!(text.contains("Due: no due date"));
    }

    #[test]
    fn a_meeting_without_actions_says_so() {
        let empty = list(Vec::new());
        assert!(html(Frame::default(), &empty).unwrap().contains("set no action"));
        assert!(text(Frame::default(), &empty).contains("set no action"));
    }
}
