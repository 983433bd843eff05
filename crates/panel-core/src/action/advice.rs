//! Advice on a new action: what a good one has. It warns and never blocks.

use super::Owner;
use crate::coded;
use crate::text::{Title, fold};
use chrono::NaiveDate;

coded! {
    /// What a new action lacks.
    pub enum Advice: "advice" {
        /// It begins with a verb that has no end.
        OpenEnded = "open_ended" => "Say how you will know it is done: “monitor”, “liaise” and “consider” have no end of their own",
        /// Nobody is named.
        NoPerson = "no_person" => "Name one person who will do it",
        /// There is no due date.
        NoDate = "no_date" => "Give it a due date",
    }
}

/// Verbs that describe an activity rather than a result.
const ENDLESS: [&str; 11] = [
    "monitor", "liaise", "consider", "explore", "discuss", "support", "continue", "maintain",
    "review", "look", "keep",
];

/// Words by which a sentence goes on to say what the result is.
const ENDINGS: [&str; 22] = [
    "until", "confirm", "report", "agree", "decide", "record", "send", "book", "complete", "share",
    "update", "submit", "arrange", "apply", "refer", "provide", "inform", "so", "whether", "tell",
    "obtain", "return",
];

/// Looks at a new action and lists what it lacks.
pub fn advise(text: &Title, owner: &Owner, due: Option<NaiveDate>) -> Vec<Advice> {
    let mut advice = Vec::new();
    if is_open_ended(text.as_str()) {
        advice.push(Advice::OpenEnded);
    }
    if owner.person.is_none() {
        advice.push(Advice::NoPerson);
    }
    if due.is_none() {
        advice.push(Advice::NoDate);
    }
    advice
}

fn is_open_ended(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split_whitespace().skip_while(|word| *word == "to");
    let begins = words.next().is_some_and(|verb| ENDLESS.contains(&verb));
    begins && !words.any(|word| ENDINGS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::super::Assignee;
    use super::*;
    use crate::id::{AgencyId, Id, UserId};
    use crate::reminder::sample::day;
    use uuid::Uuid;

    #[track_caller]
    fn check(text: &str, expected: &[Advice]) {
        let person = Some(Assignee::User(UserId::from_uuid(Uuid::from_u128(1))));
        let owner = Owner { agency: AgencyId::from_uuid(Uuid::from_u128(2)), person };
        let found = advise(&Title::parse(text).unwrap(), &owner, Some(day("2026-03-11")));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_verb_without_an_end_is_advised_against() {
        for text in ["Monitor the situation", "To liaise with housing", "CONSIDER options."] {
            check(text, &[Advice::OpenEnded]);
        }
    }

    #[test]
    fn the_same_verb_with_a_result_passes() {
        for text in [
            "Monitor the tag until 4 May",
            "Liaise with housing and confirm the tenancy start",
            "Consider an order and tell the chair whether it is applied for",
            "Flag and tag record",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn an_owner_and_a_date_are_asked_for() {
        let owner = Owner { agency: AgencyId::from_uuid(Uuid::from_u128(2)), person: None };
        let text = Title::parse("Check bail conditions with court").unwrap();
        assert_eq!(advise(&text, &owner, None), [Advice::NoPerson, Advice::NoDate]);
    }
}
