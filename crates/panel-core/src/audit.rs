//! What the audit log says: who did or saw what, in ids, codes and counts, never in content.
//!
//! The first six kinds are those the Data Protection Act 2018 s.62 asks of law-enforcement systems;
//! the panel keeps them for every agency.

pub mod checkpoint;
pub mod occasion;
pub mod reading;
pub mod seal;
pub mod verify;

use crate::coded;
use crate::id::{CaseId, PanelId};
use uuid::Uuid;

coded! {
    /// The kind of an audited event.
    pub enum AuditKind: "kind of event" {
        /// Something about a person was taken in.
        Collection = "collection" => "Collected",
        /// Something about a person was changed.
        Alteration = "alteration" => "Changed",
        /// Something about a person was read.
        Consultation = "consultation" => "Read",
        /// Something about a person left the service.
        Disclosure = "disclosure" => "Disclosed",
        /// Two records were joined.
        Combination = "combination" => "Combined",
        /// Something about a person was erased.
        Erasure = "erasure" => "Erased",
        /// Signing in and out, and what leads to it.
        Authentication = "authentication" => "Sign-in",
        /// People, agencies, panels, settings.
        Administration = "administration" => "Administration",
        /// Something was asked for and not given.
        Denial = "denial" => "Refused",
        /// Somebody was let in for once, for a reason, and others are told.
        BreakGlass = "break_glass" => "Emergency access",
        /// Much of it left the service in a file.
        Export = "export" => "Exported",
        /// Something was mailed, or asked to be.
        Mail = "mail" => "Mailed",
        /// A key was made, changed or first used.
        Key = "key" => "Key",
        /// The database was copied or brought back.
        Backup = "backup" => "Backup",
    }
}

coded! {
    /// The kind of thing an event is about.
    pub enum SubjectKind: "kind of subject" {
        /// An action.
        Action = "action" => "Action",
        /// An agenda item.
        AgendaItem = "agenda_item" => "Agenda item",
        /// An agency.
        Agency = "agency" => "Agency",
        /// An account.
        Account = "account" => "Account",
        /// A case.
        Case = "case" => "Case",
        /// An uploaded file.
        Import = "import" => "Import",
        /// An information request.
        InfoRequest = "info_request" => "Information request",
        /// A meeting.
        Meeting = "meeting" => "Meeting",
        /// A sealed note on a case.
        Note = "note" => "Sealed note",
        /// A panel.
        Panel = "panel" => "Panel",
        /// A person in a referral.
        Person = "person" => "Person",
        /// A referral.
        Referral = "referral" => "Referral",
        /// A series of meetings.
        Series = "series" => "Series",
        /// A list or search over many things.
        Listing = "listing" => "List",
        /// The audit log itself.
        AuditLog = "audit_log" => "Audit log",
    }
}

coded! {
    /// For what somebody reads the log. The Data Protection Act 2018 s.62(4) lets it be used for these
    /// alone.
    pub enum Purpose: "purpose" {
        /// Whether what was done with people's data was lawful.
        Lawfulness = "lawfulness" => "To check that processing was lawful",
        /// Watching over one's own people, discipline included.
        SelfMonitoring = "self_monitoring" => "To monitor ourselves, including for discipline",
        /// Whether the data is whole and safe.
        Integrity = "integrity" => "To keep the data whole and secure",
        /// For a court or those who prepare for one.
        CriminalProceedings = "criminal_proceedings" => "For criminal proceedings",
    }
}

/// One thing done, as the audit log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Which kind of event.
    pub kind: AuditKind,
    /// The use case and what became of it, such as `action.complete`.
    pub code: &'static str,
    /// What it was done to.
    pub subject: SubjectKind,
    /// The id of what it was done to, where it has one.
    pub subject_id: Option<Uuid>,
    /// The panel, where one is touched.
    pub panel: Option<PanelId>,
    /// The case, where one is touched.
    pub case: Option<CaseId>,
    /// Whether it was entered for somebody else.
    pub on_behalf: bool,
    /// Codes and counts that a reader of the log needs; never names or text.
    pub detail: String,
}

impl Deed {
    /// A deed without panel, case or detail; add them with struct update syntax or the setters.
    pub const fn new(
        kind: AuditKind,
        code: &'static str,
        subject: SubjectKind,
        id: Option<Uuid>,
    ) -> Self {
        Self {
            kind,
            code,
            subject,
            subject_id: id,
            panel: None,
            case: None,
            on_behalf: false,
            detail: String::new(),
        }
    }

    /// The same deed at this panel.
    #[must_use]
    pub const fn at(mut self, panel: PanelId) -> Self {
        self.panel = Some(panel);
        self
    }

    /// The same deed in this case, where there is one.
    #[must_use]
    pub const fn in_case(mut self, case: Option<CaseId>) -> Self {
        self.case = case;
        self
    }

    /// The same deed, entered for somebody else when `on_behalf`.
    #[must_use]
    pub const fn on_behalf(mut self, on_behalf: bool) -> Self {
        self.on_behalf = on_behalf;
        self
    }

    /// The same deed with codes and counts.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}
