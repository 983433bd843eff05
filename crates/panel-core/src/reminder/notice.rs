//! A notice: one rule, about one thing, to one person, for one due instance. The four are its key.

use super::rule::Rule;
use crate::coded;
use crate::id::{
    ActionId, ExtensionId, InfoRequestId, MeetingId, MinutesId, NoticeId, TransferId, UserId,
};
use chrono::NaiveDate;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An action that is due.
    Action(ActionId),
    /// An information request.
    Request(InfoRequestId),
    /// A proposal to hand an action over.
    Transfer(TransferId),
    /// A request for more time.
    Extension(ExtensionId),
    /// A meeting: its agenda, or its new date.
    Meeting(MeetingId),
    /// A version of minutes.
    Minutes(MinutesId),
}

/// One thing that one person is to be told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Which row it is.
    pub id: NoticeId,
    /// The rule that asks for it.
    pub rule: Rule,
    /// What it is about.
    pub subject: Subject,
    /// Who is told.
    pub person: UserId,
    /// Which due date and owner it was planned for; each change of either counts one up.
    pub instance: u32,
    /// The first day on which it may be told.
    pub day: NaiveDate,
    /// The due date or meeting date that it tells.
    pub date: Option<NaiveDate>,
}

/// The unique key of a notice.
pub type NoticeKey = (Rule, Subject, UserId, u32);

impl Notice {
    /// What no second notice may share.
    pub const fn key(&self) -> NoticeKey {
        (self.rule, self.subject, self.person, self.instance)
    }
}

coded! {
    /// Why a notice was not told.
    pub enum Reason: "reason of a notice" {
        /// Its day lay before the action was made, or before its due date or owner became what they are.
        BeforeCreated = "before_created" => "its day had passed before this due date or owner was set",
        /// A later rule about the same thing was told in the same digest.
        Covered = "covered" => "a later reminder about the same thing was told instead",
        /// The action, request or question was finished or answered first.
        Finished = "finished" => "it was finished first",
        /// The owner reported the action as not possible; nobody is chased while the chair has not answered.
        AwaitsChair = "awaits_chair" => "the owner reported it as not possible, and is no longer chased",
        /// The due date changed, and new notices were planned for the new one.
        DueChanged = "due_changed" => "the due date changed",
        /// The action went to another owner, who has notices of their own.
        OwnerChanged = "owner_changed" => "the action went to another owner",
        /// The person no longer uses the service or sits at the panel, or the case is kept from her.
        RecipientLeft = "recipient_left" => "the person no longer has a seat at the panel, or may not know of it",
        /// The rule names nobody who is here; the coordinator sees it, and nobody else is told instead.
        Nobody = "nobody" => "nobody who should hear of it has a seat at the panel",
        /// The meeting it is about was held, moved or cancelled first.
        Overtaken = "overtaken" => "the meeting was held, moved or cancelled first",
    }
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// Waits for its day, or for the next digest.
    Planned,
    /// Told in the digest of this local date.
    Told {
        /// The date.
        on: NaiveDate,
    },
    /// Looked at when its day had come, and left out.
    Skipped {
        /// The date.
        on: NaiveDate,
        /// Why.
        reason: Reason,
    },
    /// Taken back before its day.
    Cancelled {
        /// The date.
        on: NaiveDate,
        /// Why.
        reason: Reason,
    },
}

coded! {
    /// Where a notice stands, for storage and filters.
    pub enum NoticeStatus: "notice status" {
        /// Not told yet.
        Planned = "planned" => "Planned",
        /// Told.
        Told = "told" => "Sent",
        /// Left out.
        Skipped = "skipped" => "Not sent",
        /// Taken back.
        Cancelled = "cancelled" => "Cancelled",
    }
}

impl NoticeState {
    /// The state without its proof.
    pub const fn status(&self) -> NoticeStatus {
        match self {
            Self::Planned => NoticeStatus::Planned,
            Self::Told { .. } => NoticeStatus::Told,
            Self::Skipped { .. } => NoticeStatus::Skipped,
            Self::Cancelled { .. } => NoticeStatus::Cancelled,
        }
    }
}

/// The notices that a change of due date or owner takes back: those not yet told, of instances
/// before the `current` one. What was told stays as it is, and so does its proof.
pub fn to_cancel<'a>(
    notices: impl IntoIterator<Item = (&'a Notice, &'a NoticeState)>,
    current: u32,
) -> Vec<NoticeId> {
    notices
        .into_iter()
        .filter(|(notice, state)| notice.instance < current && **state == NoticeState::Planned)
        .map(|(notice, _)| notice.id)
        .collect()
}
