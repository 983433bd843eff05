//! What agencies are asked about a case and what they answer.

mod deadline;
mod question;
mod reply;
mod standing;

pub use deadline::{Due, ExtensionError};
pub use question::Question;
pub use reply::{Answer, Particulars, ReplyError};
pub use standing::{Coverage, RequestFacts, Standing};

use crate::coded;

coded! {
    /// Where a request stands.
    pub enum RequestState: "state of a request" {
        /// Asked, and no released reply yet.
        Asked = "asked" => "No reply yet",
        /// Answered.
        Replied = "replied" => "Replied",
        /// No longer needed: the case left the agenda.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

coded! {
    /// What kind of answer an agency gave. Silence is none of them.
    pub enum ReplyKind: "kind of reply" {
        /// Information to share with the panel.
        Information = "information" => "Information to share",
        /// The agency looked and does not know the person.
        NothingKnown = "nothing_known" => "Nothing known",
        /// The agency knows the person and keeps the papers; it will speak at the meeting.
        HeldInternally = "held_internally" => "Held internally, to be shared at the meeting",
        /// The agency declines, with a reason.
        NotShared = "not_shared" => "Not shared",
    }
}

coded! {
    /// The law under which an agency shares; each agency records its own.
    pub enum Regime: "regime" {
        /// UK GDPR and Part 2 of the Data Protection Act 2018.
        General = "part2" => "UK GDPR and Part 2 of the Data Protection Act 2018",
        /// Part 3 of the Act: a competent authority, for law enforcement.
        LawEnforcement = "part3" => "Part 3 of the Data Protection Act 2018",
    }
}
