//! The agenda: what a meeting is to take, in the published order of business, with clock times.
//!
//! Source: the order of business of the MARAC agenda that the field works by, with the panel's own
//! reviews and closures: confidentiality, incomplete actions, deferred items, new cases with children
//! (after which agencies that serve only children may leave), adults, reviews, twelve-month notices,
//! proposed closures, any other business.

mod issue;
mod order;
mod paper;
mod policy;
mod propose;
mod revise;

pub use issue::{IssuedLine, changes};
pub use order::{Load, Move, place, reorder, timetable, too_many};
pub use paper::{Paper, PaperCase, PaperLine, PaperPerson};
pub use policy::{AgendaPolicy, AgendaPolicyError, MOST_MINUTES, MOST_STANDING, StandingItem};
pub use propose::{Candidate, Carried, Proposed, propose};
pub use revise::{Entry, OnAgenda, Regrouped, Revision, revise};

use crate::coded;

coded! {
    /// A section of the agenda, in the order in which it is taken.
    pub enum Section: "section" {
        /// Introductions, declarations of interest, the confidentiality statement.
        Opening = "opening" => "Declarations and confidentiality",
        /// Incomplete actions from earlier meetings.
        Actions = "actions" => "Incomplete actions",
        /// What the last meeting put off.
        Deferred = "deferred" => "Deferred from the last meeting",
        /// New cases that involve children.
        Children = "children" => "New cases involving children",
        /// New cases without children.
        Adults = "adults" => "New cases, adults only",
        /// Reviews that are due.
        Reviews = "reviews" => "Reviews due",
        /// Cases last heard twelve months ago.
        TwelveMonths = "twelve_months" => "Twelve-month notices",
        /// Cases proposed for closure.
        Closures = "closures" => "Proposed closures",
        /// Any other business.
        Other = "other" => "Any other business",
    }
}

impl Section {
    /// The heading that the agenda proposes for a section without cases.
    pub const fn standing_title(self) -> Option<&'static str> {
        match self {
            Self::Opening => {
                Some("Introductions, declarations of interest and confidentiality statement")
            }
            Self::Actions => Some("Incomplete actions from earlier meetings"),
            Self::Other => Some("Any other business"),
            _ => None,
        }
    }
}

coded! {
    /// Why a case is on the agenda.
    pub enum CaseType: "type of item" {
        /// Heard for the first time.
        New = "new" => "New",
        /// Further abuse in the same pair within twelve months.
        Repeat = "repeat" => "Repeat",
        /// Back after closure.
        ReReferral = "rereferral" => "Re-referral",
        /// Under management.
        Review = "review" => "Review",
        /// From another area.
        TransferIn = "transfer_in" => "Transfer in",
        /// Put off by the last meeting.
        Deferred = "deferred" => "Deferred",
        /// Twelve months since it was last heard.
        TwelveMonthNotice = "twelve_month_notice" => "Twelve-month notice",
        /// To be closed.
        Closure = "closure" => "Proposed closure",
    }
}

impl CaseType {
    /// The section of a case that is there for this reason, by whether a child is involved.
    pub const fn section(self, children: bool) -> Section {
        match self {
            Self::Deferred => Section::Deferred,
            Self::New | Self::Repeat | Self::ReReferral | Self::TransferIn => {
                if children {
                    Section::Children
                } else {
                    Section::Adults
                }
            }
            Self::Review => Section::Reviews,
            Self::TwelveMonthNotice => Section::TwelveMonths,
            Self::Closure => Section::Closures,
        }
    }
}

coded! {
    /// What becomes of an item.
    pub enum ItemState: "state of an item" {
        /// On the agenda.
        Listed = "listed" => "To be heard",
        /// Taken.
        Heard = "heard" => "Heard",
        /// Put off to the next meeting.
        Deferred = "deferred" => "Deferred",
        /// Taken off before the meeting.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

coded! {
    /// What a meeting decides about a case.
    pub enum Decision: "decision" {
        /// Stays under the panel's management.
        Retain = "retain" => "Keep under panel management",
        /// One agency goes on with it.
        StepDown = "step_down" => "Step down to single-agency management",
        /// Leaves the panel.
        Close = "close" => "Close",
        /// Goes to another area.
        Transfer = "transfer" => "Transfer to another area",
        /// Goes to MAPPA.
        ReferMappa = "refer_mappa" => "Refer to MAPPA",
    }
}
