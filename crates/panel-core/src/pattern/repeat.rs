//! Repeat: further abuse in the same pair within twelve months of when it was last before a panel.

use super::{AnchorKind, Dated, IncidentFact, Judged, PatternPolicy, TriggerSet, months_after};
use crate::id::{MeetingId, PersonId, ReferralId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The window, in calendar months.
const WINDOW: u32 = 12;

/// When one pair was before a panel, apart from the referral that is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PairHistory {
    /// Referrals of the pair, each with the local date on which it was received.
    pub referrals: Vec<(ReferralId, NaiveDate)>,
    /// Meetings that heard the pair, each with its local date and the referral it heard.
    pub hearings: Vec<(MeetingId, NaiveDate, ReferralId)>,
}

/// What the window was counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AnchorFact {
    /// The day on which the previous referral was received.
    Referral {
        /// Which.
        referral: ReferralId,
        /// The local date.
        on: NaiveDate,
    },
    /// The last meeting that heard the pair.
    Meeting {
        /// Which.
        meeting: MeetingId,
        /// The local date.
        on: NaiveDate,
    },
}

impl AnchorFact {
    /// The local date.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Referral { on, .. } | Self::Meeting { on, .. } => *on,
        }
    }
}

/// Whether a referral repeats for one victim, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Repeat {
    /// The victim of the pair.
    pub victim: PersonId,
    /// Whether it is a repeat.
    pub flag: bool,
    /// The definition by which it was judged.
    pub rule: PatternPolicy,
    /// What the window is counted from; the day itself lies outside. None when the pair is new.
    pub anchor: Option<AnchorFact>,
    /// The last day of the window, which lies inside.
    pub until: Option<NaiveDate>,
    /// The incidents inside, earliest first.
    pub incidents: Vec<Dated>,
}

/// Judges one pair of a referral by the incidents which that referral names.
///
/// The test is on the date of the incident and not on the day the paperwork arrived:
/// anchor < incident ≤ anchor + 12 calendar months. The referral that is judged is never its own
/// anchor; nor is another received on the same day, so that two agencies that refer one incident on
/// one day get the same answer.
pub fn repeat(
    judged: Judged,
    victim: PersonId,
    incidents: &[IncidentFact],
    history: &PairHistory,
    rule: PatternPolicy,
) -> Repeat {
    let anchor = anchor(judged, history, rule.anchor);
    let until = anchor.map(|anchor| months_after(anchor.on(), WINDOW));
    let inside = |incident: &&IncidentFact| {
        let date = incident.date();
        incident.victim == victim
            && (rule.trigger == TriggerSet::AnyAbuse || incident.crime)
            && anchor.is_some_and(|anchor| anchor.on() < date)
            && until.is_some_and(|until| date <= until)
    };
    let mut dates: Vec<Dated> = incidents.iter().filter(inside).map(Dated::from).collect();
    dates.sort_by_key(|dated| dated.on);
    Repeat { victim, flag: !dates.is_empty(), rule, anchor, until, incidents: dates }
}

fn anchor(judged: Judged, history: &PairHistory, kind: AnchorKind) -> Option<AnchorFact> {
    match kind {
        AnchorKind::LastReferral => history
            .referrals
            .iter()
            .filter(|(referral, on)| *referral != judged.referral && *on < judged.received)
            .max_by_key(|(_, on)| *on)
            .map(|(referral, on)| AnchorFact::Referral { referral: *referral, on: *on }),
        AnchorKind::LastMeeting => history
            .hearings
            .iter()
            .filter(|(_, on, heard)| *heard != judged.referral && *on <= judged.received)
            .max_by_key(|(_, on, _)| *on)
            .map(|(meeting, on, _)| AnchorFact::Meeting { meeting: *meeting, on: *on }),
    }
}
