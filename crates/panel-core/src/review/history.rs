//! What held meetings did with a case, folded into where its reviews stand.

use super::ReviewPolicy;
use crate::coded;
use chrono::{DateTime, NaiveDate, Utc};

coded! {
    /// An event that brings a case to the next meeting whatever the count says.
    pub enum TriggerKind: "review trigger" {
        /// Another incident.
        NewIncident = "new_incident" => "New incident",
        /// Another partner.
        NewPartner = "new_partner" => "New partner",
        /// Release from custody.
        Release = "release" => "Release from custody",
        /// A court order that ends.
        OrderExpiry = "order_expiry" => "Order expires",
        /// Another address.
        AddressChange = "address_change" => "Change of address",
        /// Anything else that somebody noted.
        Noted = "noted" => "Event noted",
    }
}

/// An event in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// What happened, or will.
    pub kind: TriggerKind,
    /// The day on which it did, or will.
    pub on: NaiveDate,
    /// When the panel's record was told of it.
    pub recorded: DateTime<Utc>,
}

/// What a held meeting did with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It was not on the agenda.
    NotListed,
    /// It was heard.
    Heard {
        /// The date agreed for its next review.
        next_review: Option<NaiveDate>,
    },
    /// It was on the agenda and put off.
    Deferred,
    /// The panel was told that it had not been heard for so long.
    Noticed,
}

/// A meeting of the panel that was held. Cancelled meetings and those ahead are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldMeeting {
    /// Its local date.
    pub on: NaiveDate,
    /// When it ended; what was recorded later was not heard.
    pub ended: DateTime<Utc>,
    /// Whether it was an emergency meeting, which no review counts.
    pub emergency: bool,
    /// What it did with the case.
    pub case: Treatment,
}

/// Where the reviews of a case stand after the meetings held.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    /// The first and the last meeting that heard it.
    pub(super) heard: Option<(HeldMeeting, HeldMeeting)>,
    /// Counted meetings after the first that heard it.
    pub(super) held: u32,
    /// The meeting of the count at which a review is due next.
    pub(super) next: u32,
    /// The agreed date that stands in for the count.
    pub(super) agreed: Option<NaiveDate>,
    /// The meeting that put it off, until it is heard.
    pub(super) deferred: Option<NaiveDate>,
    /// Whether notice was given since it was last heard.
    pub(super) noticed: bool,
}

impl Progress {
    /// Folds the held meetings of the panel, in the order in which they were held.
    pub(super) fn of(history: &[HeldMeeting], policy: &ReviewPolicy) -> Self {
        history.iter().fold(Self::default(), |before, meeting| before.after(meeting, policy))
    }

    fn after(mut self, meeting: &HeldMeeting, policy: &ReviewPolicy) -> Self {
        // A meeting that put the case off does not advance its count.
        let counts = !meeting.emergency && meeting.case != Treatment::Deferred;
        self.held += u32::from(self.heard.is_some() && counts);
        match meeting.case {
            Treatment::NotListed => {}
            Treatment::Deferred => self.deferred = Some(meeting.on),
            Treatment::Noticed => self.noticed = true,
            Treatment::Heard { next_review } => {
                // A hearing before the count asked for one stands in for that review. An emergency
                // meeting stands in for none: the regular review still comes.
                if self.heard.is_none() {
                    self.next = policy.first_after(0);
                } else if !meeting.emergency {
                    self.next = policy.first_after(self.held.max(self.next));
                }
                if !meeting.emergency || next_review.is_some() {
                    self.agreed = next_review;
                }
                let first = self.heard.map_or(*meeting, |(first, _)| first);
                self.heard = Some((first, *meeting));
                self.deferred = None;
                self.noticed = false;
            }
        }
        self
    }
}

impl Trigger {
    /// Whether the meeting that last heard the case could not know of it or came before it.
    pub(super) fn is_news_after(&self, last: &HeldMeeting) -> bool {
        self.on > last.on || self.recorded > last.ended
    }
}
