//! Ids that never mix: one newtype for each noun, all over a UUID minted by the caller.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What every id can do, so that storage and web code can be written once.
pub trait Id: Copy + Eq + std::hash::Hash + fmt::Display + FromStr + 'static {
    /// Wraps a UUID that was minted or stored as this kind of id.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID inside.
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        #[cfg(feature = "openapi")]
        crate::schema!($name, crate::schema::uuid());

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// An action that one agency owes.
    ActionId,
    /// A line in the history of an action.
    ActionEntryId,
    /// One line of one meeting's agenda.
    AgendaItemId,
    /// One issue (freeze) of an agenda.
    AgendaIssueId,
    /// An agency that takes part in panels.
    AgencyId,
    /// A row of the audit log.
    AuditId,
    /// A one-time link that sets a password.
    AccountLinkId,
    /// A token by which a program acts as a person.
    ApiTokenId,
    /// One agency's or guest's line in a meeting's attendance.
    AttendanceId,
    /// A person under a panel's management.
    CaseId,
    /// A line on the lists of who may know of a case.
    CaseListId,
    /// Somebody’s answer about a connection.
    ConnectionAnswerId,
    /// A request for more time on an action.
    ExtensionId,
    /// Something that stood out in how cases are read.
    FindingId,
    /// One case that somebody opened in an emergency.
    GlassId,
    /// One reading of an uploaded tracker.
    ImportId,
    /// One dated incident named in a referral.
    IncidentId,
    /// A request to one agency for what it knows in one case.
    InfoRequestId,
    /// One answer to an information request.
    InfoReplyId,
    /// The audit log of one installation, from its first row on.
    LogId,
    /// A proposal to mark a record less strictly, or a note that it was marked more strictly.
    MarkingChangeId,
    /// A meeting of a panel.
    MeetingId,
    /// A message in the outbox.
    MessageId,
    /// One version of a meeting's minutes.
    MinutesId,
    /// A sealed note on a case.
    NoteId,
    /// What a person is to be told: one rule, subject, person and due instance.
    NoticeId,
    /// A panel: MATAC, DAPP or a local name.
    PanelId,
    /// A passkey by which a person signs in.
    PasskeyId,
    /// A person who is a perpetrator, a victim or a child in some referral.
    PersonId,
    /// The lifting of somebody's bounds of reading for a day.
    ReadingLiftId,
    /// Somebody named to read where the people of a referral can be found.
    ReaderId,
    /// A referral as it was received.
    ReferralId,
    /// One change or one look, as the person who asked for it saw it.
    RequestId,
    /// One reading of where somebody can be found.
    RevealId,
    /// A person's seat at a panel: role, agency and dates.
    SeatId,
    /// A series of meetings under one rule.
    SeriesId,
    /// A signed-in browser.
    SessionId,
    /// What a row of the audit log is about, whatever its noun.
    SubjectId,
    /// A code on paper that stands for a second factor once.
    RecoveryCodeId,
    /// A proposal that another agency take an action over.
    TransferId,
    /// A person who uses the service.
    UserId,
}

/// Where new ids and secrets come from: random in use, counted in tests.
pub trait IdSource: Send + Sync + std::fmt::Debug {
    /// A new UUID that sorts after those minted before it.
    fn uuid(&self, now: chrono::DateTime<chrono::Utc>) -> Uuid;
    /// Fills `bytes` with random bytes fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}

/// Mints an id of any kind.
pub fn mint<T: Id>(source: &dyn IdSource, now: chrono::DateTime<chrono::Utc>) -> T {
    T::from_uuid(source.uuid(now))
}
