//! A new proposal laid over an agenda that somebody has worked on: the order and every edit by hand
//! stay, and only what has come or gone is added or taken off.

use super::order::place;
use super::{Candidate, CaseType, ItemState, Proposed, Section};
use crate::id::{AgendaItemId, CaseId};

/// An item that stands on the agenda, as far as a new proposal asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnAgenda {
    /// The item.
    pub item: AgendaItemId,
    /// Its section.
    pub section: Section,
    /// The case, unless it has none.
    pub case: Option<CaseId>,
    /// Why the case is there.
    pub case_type: Option<CaseType>,
    /// The heading of an item without a case.
    pub title: String,
    /// What became of it.
    pub state: ItemState,
    /// Whether it is marked late.
    pub late: bool,
    /// Whether a person added it. Only a person takes it off again.
    pub by_hand: bool,
    /// The item of an earlier meeting that it continues.
    pub carried_from: Option<AgendaItemId>,
}

impl OnAgenda {
    /// Whether a proposed line is this item.
    fn is(&self, proposed: &Proposed) -> bool {
        match (self.case, &proposed.case) {
            (Some(case), Some(candidate)) => case == candidate.case,
            (None, None) if proposed.carried_from.is_some() => {
                self.carried_from == proposed.carried_from
            }
            (None, None) => self.section == proposed.section && self.title == proposed.title,
            _ => false,
        }
    }
}

/// An item that stays and is there for another reason now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regrouped {
    /// The item.
    pub item: AgendaItemId,
    /// Where it stood.
    pub from: Section,
    /// Why it is there now.
    pub to: Candidate,
}

/// One place of the agenda after the proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// An item that was there.
    Kept(AgendaItemId),
    /// This one of [`Revision::added`].
    Added(usize),
}

/// What a new proposal changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revision {
    /// What has come, in the published order.
    pub added: Vec<Proposed>,
    /// What is no longer due.
    pub removed: Vec<AgendaItemId>,
    /// What stays for another reason, in another section or late where it was not.
    pub regrouped: Vec<Regrouped>,
    /// The whole agenda afterwards.
    pub order: Vec<Entry>,
}

impl Revision {
    /// Whether nothing changes.
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.regrouped.is_empty()
    }
}

/// Lays a proposal over the agenda as it stands.
///
/// What was added by hand, put off or taken off stays as it is: a case that the coordinator took off
/// does not come back to this agenda by itself.
pub fn revise(agenda: &[OnAgenda], proposal: Vec<Proposed>) -> Revision {
    let mut revision = Revision::default();
    let wanted = |item: &OnAgenda| proposal.iter().find(|line| item.is(line));
    let mut order: Vec<(Entry, Section, bool)> = Vec::new();
    let mut regrouped = Vec::new();
    for item in agenda {
        let entry = Entry::Kept(item.item);
        let may_change = item.state == ItemState::Listed && !item.by_hand;
        match wanted(item) {
            None if may_change => revision.removed.push(item.item),
            Some(Proposed { case: Some(to), .. }) if may_change && is_other(item, to) => {
                let to = to.clone();
                regrouped.push(Regrouped { item: item.item, from: item.section, to });
            }
            _ => order.push((entry, item.section, item.late)),
        }
    }
    for change in regrouped {
        let (section, late) = (change.to.section(), change.to.late);
        insert(&mut order, Entry::Kept(change.item), section, late);
        revision.regrouped.push(change);
    }
    for line in proposal {
        if !agenda.iter().any(|item| item.is(&line)) {
            let entry = Entry::Added(revision.added.len());
            insert(&mut order, entry, line.section, line.is_late());
            revision.added.push(line);
        }
    }
    revision.order = order.into_iter().map(|(entry, ..)| entry).collect();
    revision
}

/// Whether the item is there for another reason than it says.
fn is_other(item: &OnAgenda, to: &Candidate) -> bool {
    (item.section, item.case_type, item.late) != (to.section(), Some(to.case_type), to.late)
}

fn insert(order: &mut Vec<(Entry, Section, bool)>, entry: Entry, section: Section, late: bool) {
    let places: Vec<(Section, bool)> = order.iter().map(|(_, s, l)| (*s, *l)).collect();
    order.insert(place(&places, section, late), (entry, section, late));
}

#[cfg(test)]
mod tests {
    use super::super::propose::tests::{case, item};
    use super::super::{AgendaPolicy, propose};
    use super::*;

    fn on_agenda(n: u128, candidate: &Candidate) -> OnAgenda {
        OnAgenda {
            item: item(n),
            section: candidate.section(),
            case: Some(candidate.case),
            case_type: Some(candidate.case_type),
            title: String::new(),
            state: ItemState::Listed,
            late: candidate.late,
            by_hand: false,
            carried_from: None,
        }
    }

    /// The proposal without the standing items, which these agendas lack.
    fn proposal(candidates: &[&Candidate]) -> Vec<Proposed> {
        let all = candidates.iter().copied().cloned().collect();
        let mut lines = propose(all, Vec::new(), &AgendaPolicy::default());
        lines.retain(|line| line.case.is_some());
        lines
    }

    fn kept(ns: &[u128]) -> Vec<Entry> {
        ns.iter().map(|n| Entry::Kept(item(*n))).collect()
    }

    #[test]
    fn the_same_proposal_changes_nothing_and_keeps_the_order_made_by_hand() {
        let [a, b] = [1, 2].map(|n| case(n, CaseType::New, false, false, 1));
        let agenda = [on_agenda(2, &b), on_agenda(1, &a)];
        let revision = revise(&agenda, proposal(&[&a, &b]));
        assert!(revision.is_empty());
        assert_eq!(revision.order, kept(&[2, 1]));
    }

    #[test]
    fn what_has_come_is_added_in_its_place_and_what_has_gone_is_taken_off() {
        let [a, b] = [1, 2].map(|n| case(n, CaseType::New, false, false, 1));
        let review = case(3, CaseType::Review, false, false, 1);
        let agenda = [on_agenda(2, &b), on_agenda(1, &a), on_agenda(3, &review)];
        let [children, late] =
            [(4, true, false), (5, false, true)].map(|(n, c, l)| case(n, CaseType::New, c, l, 9));
        let again = case(6, CaseType::New, false, false, 9);
        let revision = revise(&agenda, proposal(&[&a, &b, &children, &late, &again]));
        assert_eq!(revision.removed, [item(3)]);
        let [first, second, third] = [0, 1, 2].map(Entry::Added);
        let [two, one] = [2, 1].map(|n| Entry::Kept(item(n)));
        assert_eq!(revision.order, [first, two, one, second, third]);
        assert!(revision.added[2].is_late() && !revision.added[1].is_late());
    }

    #[test]
    fn what_a_person_added_or_took_off_is_left_alone() {
        let [a, b] = [1, 2].map(|n| case(n, CaseType::New, false, false, 1));
        let by_hand = OnAgenda { by_hand: true, ..on_agenda(1, &a) };
        let withdrawn = OnAgenda { state: ItemState::Withdrawn, ..on_agenda(2, &b) };
        let revision = revise(&[by_hand, withdrawn], proposal(&[&b]));
        assert!(revision.is_empty());
        assert_eq!(revision.order, kept(&[1, 2]));
    }

    #[test]
    fn a_case_that_is_there_for_another_reason_moves_and_keeps_its_item() {
        let adult = case(1, CaseType::New, false, false, 1);
        let other = case(2, CaseType::New, false, false, 2);
        let agenda = [on_agenda(1, &adult), on_agenda(2, &other)];
        let child = Candidate { children: true, ..adult.clone() };
        let revision = revise(&agenda, proposal(&[&child, &other]));
        assert_eq!(revision.regrouped[0].item, item(1));
        assert_eq!(revision.regrouped[0].from, Section::Adults);
        assert_eq!(revision.order, kept(&[1, 2]));
        let late = Candidate { late: true, ..adult };
        let revision = revise(&agenda, proposal(&[&late, &other]));
        assert_eq!(revision.order, kept(&[2, 1]), "late comes after those in time");
    }
}
