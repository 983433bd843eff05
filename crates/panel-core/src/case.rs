//! A person under a panel's management: open, then closed with a reason.

use crate::coded;

coded! {
    /// Whether a case is under management.
    pub enum CaseState: "state of a case" {
        /// Under the panel's management.
        Open = "open" => "Open",
        /// No longer.
        Closed = "closed" => "Closed",
    }
}
