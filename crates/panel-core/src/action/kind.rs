//! What kinds of change an action's history holds.

use crate::coded;

coded! {
    /// The kind of one line in the history of an action.
    pub enum EntryKind: "kind of change" {
        /// It was set.
        Set = "action_set" => "Set",
        /// It was taken over from an old tracker.
        Imported = "action_imported" => "Taken over from the old tracker",
        /// It was started.
        Started = "action_started" => "Started",
        /// It was completed.
        Completed = "action_completed" => "Completed",
        /// It was reported as not possible.
        ReportedNotPossible = "action_reported_not_possible" => "Reported as not possible",
        /// The chair accepted that.
        AcceptedNotPossible = "action_not_possible_accepted" => "Not possible: accepted by the chair",
        /// The chair did not accept that.
        RefusedNotPossible = "action_not_possible_refused" => "Not possible: not accepted by the chair",
        /// It was reported as not done.
        ReportedNotDone = "action_reported_not_done" => "Reported as not done",
        /// It was withdrawn.
        Withdrawn = "action_withdrawn" => "Withdrawn",
        /// A finished action was taken up again.
        Reopened = "action_reopened" => "Reopened",
        /// It reads differently.
        Reworded = "action_reworded" => "Wording changed",
        /// Its due date was put right before any minutes held it.
        DueCorrected = "action_due_corrected" => "Due date corrected",
        /// It has a new due date.
        DueChanged = "action_due_changed" => "Due date changed",
        /// It has a new owner.
        OwnerChanged = "action_owner_changed" => "Owner changed",
        /// The owner asked for more time.
        ExtensionAsked = "extension_asked" => "Extension requested",
        /// That was refused.
        ExtensionRefused = "extension_refused" => "Extension refused",
        /// The owner proposed that another agency take it over.
        TransferProposed = "transfer_proposed" => "Transfer proposed",
        /// That agency took it over.
        TransferAccepted = "transfer_accepted" => "Transfer accepted",
        /// That agency declined.
        TransferRefused = "transfer_refused" => "Transfer refused",
        /// The proposal was taken back.
        TransferRevoked = "transfer_revoked" => "Transfer taken back",
        /// The chair kept the due date, although the receiver had proposed another.
        TransferDueDeclined = "transfer_due_declined" => "Due date kept by the chair",
        /// Somebody wrote how it goes.
        Noted = "action_noted" => "Progress note",
        /// Somebody wrote what shows that it was done.
        Evidenced = "action_evidenced" => "Evidence note",
        /// It was deleted.
        Deleted = "action_deleted" => "Deleted",
    }
}
