//! The settings of a panel's cycle: how far from the meeting each step falls.

use crate::coded;
use chrono::NaiveTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

coded! {
    /// A step of the cycle, in the order in which the steps come by default.
    pub enum Step: "cycle step" {
        /// The last moment at which a referral is in time.
        ReferralCutOff = "referral_cut_off" => "Referral cut-off",
        /// The agenda is issued, and with it the information requests.
        AgendaIssued = "agenda_issued" => "Agenda and information requests issued",
        /// Agencies have answered the information requests.
        ResearchDue = "research_due" => "Information replies due",
        /// Agencies have brought the status of their actions up to date.
        StatusDue = "status_due" => "Action updates due",
        /// The meeting itself.
        Meeting = "meeting" => "Meeting",
        /// The action list goes out.
        ActionList = "action_list" => "Action list issued",
        /// The chair has approved the minutes.
        MinutesApproved = "minutes_approved" => "Minutes approved by the chair",
        /// The minutes go out.
        MinutesCirculated = "minutes_circulated" => "Minutes circulated",
        /// The next meeting, if the cycle is kept; the series decides its real date.
        NextMeeting = "next_meeting" => "Next meeting",
    }
}

/// How far a step is from the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Offset {
    /// Working days, the meeting day being day 0.
    pub working_days: u8,
    /// The local hour that is still in time, or none when the whole day is.
    #[serde(default)]
    pub at: Option<NaiveTime>,
}

impl Offset {
    /// So many working days, to the end of the day.
    pub const fn days(working_days: u8) -> Self {
        Self { working_days, at: None }
    }

    /// So many working days, to this local time.
    pub const fn until(working_days: u8, at: NaiveTime) -> Self {
        Self { working_days, at: Some(at) }
    }
}

/// Every day count of a panel's cycle. A setting that a stored policy lacks has its default;
/// reading one checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self", default, deny_unknown_fields)]
pub struct CyclePolicy {
    /// Before the meeting; 10 working days, 5pm.
    pub referral_cut_off: Offset,
    /// Before the meeting; 8 working days, 5pm.
    pub agenda_issued: Offset,
    /// Before the meeting; 3 working days, midday.
    pub research_due: Offset,
    /// Before the meeting; 2 working days, 5pm.
    pub status_due: Offset,
    /// After the meeting; 1 working day.
    pub action_list: Offset,
    /// After the meeting; 2 working days.
    pub minutes_approved: Offset,
    /// After the meeting; 3 working days.
    pub minutes_circulated: Offset,
    /// From one meeting to the next; 28 days of any kind.
    pub cycle_days: u16,
}

impl Default for CyclePolicy {
    fn default() -> Self {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        let (noon, five) = (hour(12), hour(17));
        Self {
            referral_cut_off: Offset::until(10, five),
            agenda_issued: Offset::until(8, five),
            research_due: Offset::until(3, noon),
            status_due: Offset::until(2, five),
            action_list: Offset::days(1),
            minutes_approved: Offset::days(2),
            minutes_circulated: Offset::days(3),
            cycle_days: 28,
        }
    }
}

/// Why settings do not make a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A count of working days out of bounds.
    #[error("{step}: choose {least} to {MOST} working days, not {was}")]
    WorkingDays {
        /// The step.
        step: Step,
        /// The fewest it takes.
        least: u8,
        /// What was chosen.
        was: u8,
    },
    /// A cycle out of bounds.
    #[error("the next meeting is 1 to {LONGEST_CYCLE} days later, not {0}")]
    Cycle(u16),
    /// Two steps the wrong way round.
    #[error("{first} must not fall after {second}")]
    Order {
        /// The step that comes first.
        first: Step,
        /// The step that comes after it.
        second: Step,
    },
}

/// The most working days between a step and its meeting: about a quarter.
const MOST: u8 = 60;

/// The longest cycle, in days: a year.
const LONGEST_CYCLE: u16 = 366;

impl CyclePolicy {
    /// Checks bounds and order: referrals close before the agenda is issued, requests go out before
    /// replies are due, and minutes are approved before they are circulated.
    ///
    /// # Errors
    /// [`PolicyError`], which names the first step at fault.
    pub fn check(self) -> Result<Self, PolicyError> {
        let before = [
            (Step::ReferralCutOff, self.referral_cut_off),
            (Step::AgendaIssued, self.agenda_issued),
            (Step::ResearchDue, self.research_due),
            (Step::StatusDue, self.status_due),
        ];
        let after = [
            (Step::ActionList, self.action_list),
            (Step::MinutesApproved, self.minutes_approved),
            (Step::MinutesCirculated, self.minutes_circulated),
        ];
        // A step before the meeting cannot fall on its day, where its hour might come after it.
        let counts = before.map(|step| (1, step)).into_iter().chain(after.map(|step| (0, step)));
        for (least, (step, Offset { working_days: was, .. })) in counts {
            if !(least..=MOST).contains(&was) {
                return Err(PolicyError::WorkingDays { step, least, was });
            }
        }
        if !(1..=LONGEST_CYCLE).contains(&self.cycle_days) {
            return Err(PolicyError::Cycle(self.cycle_days));
        }
        self.check_order()
    }

    fn check_order(self) -> Result<Self, PolicyError> {
        let before = |offset: Offset| (-i16::from(offset.working_days), end_of(offset));
        let after = |offset: Offset| (i16::from(offset.working_days), end_of(offset));
        let [cut_off, agenda, replies] =
            [self.referral_cut_off, self.agenda_issued, self.research_due].map(before);
        let [approved, circulated] = [self.minutes_approved, self.minutes_circulated].map(after);
        let pairs = [
            (Step::ReferralCutOff, cut_off, Step::AgendaIssued, agenda),
            (Step::AgendaIssued, agenda, Step::ResearchDue, replies),
            (Step::MinutesApproved, approved, Step::MinutesCirculated, circulated),
        ];
        match pairs.into_iter().find(|(_, first, _, second)| first > second) {
            Some((first, _, second, _)) => Err(PolicyError::Order { first, second }),
            None => Ok(self),
        }
    }
}

/// The hour of a step for comparing; a step without one lasts to the end of its day.
const fn end_of(offset: Offset) -> (bool, Option<NaiveTime>) {
    (offset.at.is_none(), offset.at)
}

impl Serialize for CyclePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for CyclePolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)?.check().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(json: &str, words: &str) {
        let error = serde_json::from_str::<CyclePolicy>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn an_empty_policy_is_the_default_and_the_stored_form_is_stable() {
        let read: CyclePolicy = serde_json::from_str("{}").unwrap();
        assert_eq!(read, CyclePolicy::default());
        let json = serde_json::to_string(&read).unwrap();
        assert!(
            json.starts_with(r#"{"referral_cut_off":{"working_days":10,"at":"17:00:00"},"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<CyclePolicy>(&json).unwrap(), read);
    }

    #[test]
    fn one_setting_may_differ_and_hours_are_read_without_seconds() {
        let json = r#"{"referral_cut_off":{"working_days":12,"at":"09:30"},"cycle_days":14}"#;
        let read: CyclePolicy = serde_json::from_str(json).unwrap();
        let half_past_nine = NaiveTime::from_hms_opt(9, 30, 0).unwrap();
        let referral_cut_off = Offset::until(12, half_past_nine);
        let expected = CyclePolicy { referral_cut_off, cycle_days: 14, ..CyclePolicy::default() };
        assert_eq!(read, expected);
    }

    #[test]
    fn settings_out_of_bounds_cannot_be_read() {
        refused(r#"{"cycle_days":0}"#, "1 to 366 days later, not 0");
        refused(r#"{"cycle_days":367}"#, "not 367");
        refused(r#"{"status_due":{"working_days":0}}"#, "Action updates due: choose 1 to 60");
        refused(
            r#"{"minutes_circulated":{"working_days":61}}"#,
            "choose 0 to 60 working days, not 61",
        );
        refused(r#"{"cut_off":{"working_days":1}}"#, "unknown field `cut_off`");
        refused(r#"{"status_due":{"days":1}}"#, "unknown field `days`");
    }

    #[test]
    fn steps_the_wrong_way_round_cannot_be_read() {
        refused(
            r#"{"agenda_issued":{"working_days":10,"at":"16:59"}}"#,
            "Referral cut-off must not fall after Agenda and information requests issued",
        );
        refused(
            r#"{"research_due":{"working_days":8,"at":"12:00"}}"#,
            "Agenda and information requests issued must not fall after Information replies due",
        );
        refused(
            r#"{"minutes_circulated":{"working_days":2,"at":"12:00"}}"#,
            "Minutes approved by the chair must not fall after Minutes circulated",
        );
    }

    #[test]
    fn two_steps_may_fall_together_and_the_action_list_on_the_day() {
        let together = r#"{"agenda_issued":{"working_days":10,"at":"17:00"},"action_list":{"working_days":0}}"#;
        assert!(serde_json::from_str::<CyclePolicy>(together).is_ok());
    }
}
