//! What the log tells of those who read: what each use case showed, and who read how often.

use crate::id::{AgencyId, AuditId, UserId};
use std::collections::BTreeMap;

/// What somebody could see by this use case; none for one that shows nothing of a case.
pub fn shows(deed: &str) -> Option<&'static str> {
    let all = [
        ("action.export", "Actions with owner, due date and outcome, in a file"),
        ("action.list", "Actions of the case in a list: owner, due date, standing"),
        ("action.show", "An action with its history and evidence"),
        ("actions.print", "Actions with owner, due date and outcome, on paper"),
        ("agenda.hearings", "When the case was and is to be heard"),
        ("agenda.item", "The case’s agenda item, with notes and decision"),
        ("agenda.print", "The agenda on paper, with the person’s name and why the case is on it"),
        ("agenda.propose", "That the case could be heard, and why"),
        ("agenda.read", "The agenda as it was issued, with the person’s name"),
        ("agenda.show", "The agenda, with the person’s name and why the case is on it"),
        ("audit.read", "Who read and changed the case"),
        ("case.list", "The case in a list: reference, person’s name, state"),
        ("case.looked", "Who read the case"),
        ("case.search", "The case among what a search found: reference, person’s name, state"),
        ("case.show", "The case: person, agencies, pairs, reviews, hearings"),
        ("case.statement", "How often whom read the case"),
        ("completion.show", "The case’s actions, as counts"),
        ("glass.close", "The case was closed again after an emergency"),
        ("glass.list", "That the case was opened in an emergency, by whom and why"),
        ("glass.open", "The case was opened in an emergency"),
        ("glass.review", "The opening in an emergency was reviewed"),
        (
            "glass.show",
            "That the case was opened in an emergency, by whom and why, and what was read",
        ),
        ("import.show", "Rows of an old tracker"),
        ("marking.lower", "A reply or sealed note was opened to more readers"),
        ("marking.show", "How a reply or sealed note is marked, and what was proposed"),
        ("meeting.items", "The meeting’s items, with the person’s name"),
        ("minutes.print", "The minutes on paper: notes, decisions, actions"),
        ("minutes.show", "The minutes: notes, decisions, actions"),
        ("note.list", "That there are sealed notes, with kind, agency and marking"),
        ("note.read", "What a sealed note says"),
        ("note.show", "A sealed note, without what it says"),
        ("note.source", "Who told what a sealed note says"),
        ("person.alike", "People who look alike, with names and dates of birth"),
        ("person.show", "The person: names, date of birth, addresses, referrals"),
        ("referral.list", "Referrals in a list: person’s name, agency, state"),
        ("referral.search", "The referral among what a search found: person’s name, agency, state"),
        ("referral.show", "A referral with all of its particulars"),
        ("request.board", "Which agency was asked, and who owes an answer"),
        ("request.given", "What agencies answered"),
        ("request.list", "Requests in a list: person’s name, agency, when the answer is due"),
        ("request.replies", "What agencies answered, with earlier versions"),
        ("request.show", "A request for information, with what it asks"),
        (
            "text.clear",
            "Words that were cleared before they left in an agenda, minutes or an action",
        ),
        ("whereabouts.reveal", "Where a victim or child can be found"),
    ];
    all.iter().find(|(code, _)| *code == deed).map(|(_, words)| *words)
}

/// Looks at one case that are counted before the counting stops.
pub const MOST: usize = 1_000;

/// Somebody who read a case, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Who; none for the service itself.
    pub who: Option<UserId>,
    /// Employed by which agency then.
    pub agency: Option<AgencyId>,
    /// How often.
    pub times: usize,
    /// The last time.
    pub last: AuditId,
}

/// One look at a case.
pub type Look = (AuditId, Option<UserId>, Option<AgencyId>);

/// Who looked how often, the most frequent first; and whether there was more than is counted.
pub fn readers(looks: &[Look]) -> (Vec<Reader>, bool) {
    let mut found: BTreeMap<(Option<UserId>, Option<AgencyId>), Reader> = BTreeMap::new();
    for (id, who, agency) in looks.iter().take(MOST) {
        let new = Reader { who: *who, agency: *agency, times: 0, last: *id };
        let reader = found.entry((*who, *agency)).or_insert(new);
        reader.times += 1;
        reader.last = reader.last.max(*id);
    }
    let mut readers: Vec<Reader> = found.into_values().collect();
    readers.sort_by_key(|reader| (std::cmp::Reverse(reader.times), reader.who, reader.agency));
    (readers, looks.len() > MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    fn id<T: Id>(n: u128) -> T {
        T::from_uuid(Uuid::from_u128(n))
    }

    fn look(n: u128, who: u128) -> Look {
        (id(n), Some(id(who)), Some(id(9)))
    }

    #[test]
    fn whoever_looked_most_often_comes_first_with_the_last_look() {
        let (found, more) = readers(&[look(5, 1), look(4, 2), look(3, 2), look(1, 1), look(2, 2)]);
        let told = |reader: &Reader| (reader.who, reader.times, reader.last);
        let told: Vec<_> = found.iter().map(told).collect();
        assert_eq!(told, [(Some(id(2)), 3, id(4)), (Some(id(1)), 2, id(5))]);
        assert!(!more);
    }

    #[test]
    fn counting_stops_at_a_thousand_and_says_so() {
        for (looks, more) in [(1_000, false), (1_001, true)] {
            let looks: Vec<Look> = (0..looks).map(|n| look(n, 1)).collect();
            let (found, is_more) = readers(&looks);
            assert_eq!((found[0].times, is_more), (1_000, more));
        }
    }

    #[test]
    fn what_a_use_case_showed_is_told_by_its_own_words() {
        let words = "Where a victim or child can be found";
        assert_eq!(shows("whereabouts.reveal"), Some(words));
        assert_ne!(shows("case.search"), shows("case.show"));
        assert_eq!(shows("case.correct"), None);
    }
}
