//! A meeting from plan to record: its states, its number, and who was in the room for what.

use crate::coded;
use crate::id::AgendaItemId;
use chrono::NaiveDate;

coded! {
    /// How far a meeting has come.
    pub enum MeetingState: "state of a meeting" {
        /// Laid out; its agenda is the coordinator's draft.
        Planned = "planned" => "Planned",
        /// Its agenda was issued and frozen.
        Issued = "issued" => "Agenda issued",
        /// Being held.
        InProgress = "in_progress" => "In progress",
        /// Held and numbered.
        Held = "held" => "Held",
        /// Called off.
        Cancelled = "cancelled" => "Cancelled",
    }
}

coded! {
    /// How an agency or guest took part.
    pub enum AttendanceStatus: "attendance" {
        /// In the room.
        Present = "present" => "Present",
        /// By call.
        PresentRemote = "present_remote" => "Present by video or phone",
        /// Somebody stood in.
        Deputy = "deputy" => "Deputy present",
        /// Not there, sent information.
        ApologiesInformation = "apologies_information_sent" => "Apologies, information sent",
        /// Not there, sent nothing.
        ApologiesNone = "apologies_no_information" => "Apologies, no information",
        /// Not there, no word.
        Absent = "absent" => "Absent",
        /// There as an observer, without contributing.
        Observer = "observer" => "Observer",
    }
}

impl AttendanceStatus {
    /// Whether this counts as the agency being at the meeting.
    pub const fn is_present(self) -> bool {
        matches!(self, Self::Present | Self::PresentRemote | Self::Deputy)
    }

    /// Whether this is an apology, with or without information.
    pub const fn is_apology(self) -> bool {
        matches!(self, Self::ApologiesInformation | Self::ApologiesNone)
    }
}

/// Why a meeting cannot take a step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeetingError {
    /// The step does not start from this state.
    #[error("this cannot be done while the meeting is {}", .0.to_string().to_lowercase())]
    WrongState(MeetingState),
    /// Cases without a decision.
    #[error("{} still to be decided or deferred: {}", plural(.0.len(), "item"), .0.join(", "))]
    Undecided(Vec<String>),
    /// A later meeting of the same year has a number.
    #[error(
        "meeting {later} of {year} was held after this one, so its number cannot be given back"
    )]
    LaterNumber {
        /// The number that is in the way.
        later: i32,
        /// Its year.
        year: i32,
    },
    /// Only the latest minutes can be opened again.
    #[error("only the latest signed minutes can be opened again")]
    NotLatest,
    /// A reason is required.
    #[error("a reason is required")]
    NoReason,
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A step in the life of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Issue the agenda, or issue it again.
    Issue,
    /// Begin the meeting.
    Start,
    /// End the meeting.
    End,
    /// Call it off.
    Cancel,
    /// Take the calling-off back.
    Restore,
    /// Move it to another date or time.
    Move,
    /// Open a held meeting again.
    Reopen,
}

/// The state after a step.
///
/// # Errors
/// [`MeetingError::WrongState`] when the step does not start from `state`.
pub fn after(state: MeetingState, step: Step) -> Result<MeetingState, MeetingError> {
    use MeetingState::{Cancelled, Held, InProgress, Issued, Planned};
    match (state, step) {
        (Planned | Issued, Step::Issue) => Ok(Issued),
        (Planned | Issued, Step::Start) | (Held, Step::Reopen) => Ok(InProgress),
        (InProgress, Step::End) => Ok(Held),
        (Planned | Issued, Step::Cancel) => Ok(Cancelled),
        // A restored meeting starts from its template again: the old agenda does not come back.
        (Cancelled, Step::Restore) => Ok(Planned),
        (Planned | Issued, Step::Move) => Ok(state),
        _ => Err(MeetingError::WrongState(state)),
    }
}

/// Whether decisions and outcomes may be written now.
pub fn takes_outcomes(state: MeetingState) -> bool {
    state == MeetingState::InProgress
}

/// Whether what was said may still be written down: while the meeting is in progress, and after it
/// until its minutes are signed.
pub fn takes_notes(state: MeetingState, signed: bool) -> bool {
    takes_outcomes(state) || (state == MeetingState::Held && !signed)
}

/// Checks that every listed item has an outcome before the meeting ends.
///
/// # Errors
/// [`MeetingError::Undecided`] with the names of those that have none.
pub fn check_decided(undecided: Vec<String>) -> Result<(), MeetingError> {
    if undecided.is_empty() { Ok(()) } else { Err(MeetingError::Undecided(undecided)) }
}

/// The number a meeting takes when it is held: one more than the highest of its panel and year.
pub const fn next_number(highest: Option<i32>) -> i32 {
    match highest {
        Some(highest) => highest.saturating_add(1),
        None => 1,
    }
}

/// Checks that a held meeting can be opened again and its number given back.
///
/// # Errors
/// [`MeetingError::LaterNumber`] when a later meeting of the same year is numbered.
pub fn check_reopen(year: i32, number: i32, highest: Option<i32>) -> Result<(), MeetingError> {
    match highest {
        Some(later) if later > number => Err(MeetingError::LaterNumber { later, year }),
        _ => Ok(()),
    }
}

/// When somebody came and went, by agenda item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The first item the person was there for; the start of the meeting when none is given.
    pub arrived_at: Option<AgendaItemId>,
    /// The last item the person was there for; the end of the meeting when none is given.
    pub left_after: Option<AgendaItemId>,
}

impl Stay {
    /// Whether the person was there for `item`, given the order in which items were taken.
    pub fn covers(&self, item: AgendaItemId, order: &[AgendaItemId]) -> bool {
        let place = |id: AgendaItemId| order.iter().position(|other| *other == id);
        let Some(at) = place(item) else { return false };
        let came = self.arrived_at.and_then(place).is_none_or(|first| first <= at);
        let stayed = self.left_after.and_then(place).is_none_or(|last| at <= last);
        came && stayed
    }
}

/// Who comes in or goes out at one item, as the minutes say it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    /// The person's name and agency.
    pub who: String,
    /// Whether the person came in for this item, or left after it.
    pub came: bool,
}

/// The comings and goings at each item, in the order of the items.
pub fn movements(
    order: &[AgendaItemId],
    stays: &[(String, Stay)],
) -> Vec<(AgendaItemId, Vec<Movement>)> {
    let at = |item: AgendaItemId| {
        stays
            .iter()
            .flat_map(|(who, stay)| {
                let came = (stay.arrived_at == Some(item))
                    .then(|| Movement { who: who.clone(), came: true });
                let left = (stay.left_after == Some(item))
                    .then(|| Movement { who: who.clone(), came: false });
                [came, left].into_iter().flatten()
            })
            .collect::<Vec<_>>()
    };
    order.iter().map(|item| (*item, at(*item))).filter(|(_, moves)| !moves.is_empty()).collect()
}

/// Absentees: agencies that belonged to the panel on the day and have no line in the attendance.
pub fn absentees<A: Copy + Eq>(members: &[A], recorded: &[A]) -> Vec<A> {
    members.iter().copied().filter(|agency| !recorded.contains(agency)).collect()
}

/// The dates a meeting has had, oldest first, ending with the present one.
pub fn dates_had(earlier: &[NaiveDate], present: NaiveDate) -> Vec<NaiveDate> {
    earlier.iter().copied().chain(std::iter::once(present)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use crate::id::Id;
    use uuid::Uuid;

    fn item(n: u128) -> AgendaItemId {
        AgendaItemId::from_uuid(Uuid::from_u128(n))
    }

    #[track_caller]
    fn check(from: MeetingState, step: Step, expected: Option<MeetingState>) {
        assert_eq!(after(from, step).ok(), expected);
    }

    #[test]
    fn f20_outcomes_are_taken_only_while_the_meeting_is_in_progress() {
        let takes: Vec<_> = MeetingState::ALL.iter().filter(|s| takes_outcomes(**s)).collect();
        assert_eq!(takes, [&MeetingState::InProgress]);
    }

    #[test]
    fn notes_are_taken_until_the_minutes_are_signed() {
        assert!(takes_notes(MeetingState::InProgress, false));
        assert!(takes_notes(MeetingState::Held, false));
        assert!(!takes_notes(MeetingState::Held, true));
        assert!(!takes_notes(MeetingState::Issued, false));
    }

    #[test]
    fn a_meeting_is_issued_again_but_never_after_it_began() {
        check(MeetingState::Issued, Step::Issue, Some(MeetingState::Issued));
        check(MeetingState::InProgress, Step::Issue, None);
        check(MeetingState::Held, Step::Cancel, None);
        check(MeetingState::Cancelled, Step::Restore, Some(MeetingState::Planned));
        check(MeetingState::Cancelled, Step::Start, None);
    }

    #[test]
    fn f26_a_meeting_with_an_undecided_item_does_not_end_and_names_it() {
        let error = check_decided(vec!["K7MQ-4XWP".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "1 item still to be decided or deferred: K7MQ-4XWP");
    }

    #[test]
    fn f22_a_number_goes_back_when_no_later_meeting_has_one() {
        assert_eq!(next_number(None), 1);
        assert_eq!(next_number(Some(7)), 8);
        assert_eq!(check_reopen(2026, 8, Some(8)), Ok(()));
    }

    #[test]
    fn f23_a_later_number_of_the_same_year_keeps_a_meeting_closed() {
        let refused = check_reopen(2026, 7, Some(8));
        assert_eq!(refused, Err(MeetingError::LaterNumber { later: 8, year: 2026 }));
    }

    #[test]
    fn f31_somebody_who_comes_at_three_and_goes_after_six_is_there_for_four_items() {
        let order: Vec<_> = (1..=8).map(item).collect();
        let stay = Stay { arrived_at: Some(item(3)), left_after: Some(item(6)) };
        let there: Vec<_> = (1..=8).filter(|n| stay.covers(item(*n), &order)).collect();
        assert_eq!(there, [3, 4, 5, 6]);
        let moves = movements(&order, &[("Housing".to_owned(), stay)]);
        let said: Vec<_> = moves.iter().map(|(at, m)| (*at, m[0].came)).collect();
        assert_eq!(said, [(item(3), true), (item(6), false)]);
    }

    #[test]
    fn absentees_are_members_without_a_line() {
        assert_eq!(absentees(&[1, 2, 3], &[2]), [1, 3]);
    }
}
