//! What a person may be told, by which rule, and under which heading of the digest.

use crate::coded;
use chrono::NaiveDate;
use std::cmp::Ordering;

coded! {
    /// A rule by which somebody is told something.
    pub enum Rule: "notice rule" {
        /// To the owner, some working days before the due date (five by default).
        EarlyReminder = "early_reminder" => "First reminder",
        /// To the owner, shortly before the due date (one working day by default).
        LateReminder = "late_reminder" => "Last reminder",
        /// To the owner, on the due date.
        OnDay = "on_day" => "Reminder on the day",
        /// To the owner, after the due date (one working day by default).
        ChaseOwner = "chase_owner" => "Chaser to the owner",
        /// To the owner and the agency's single point of contact (three by default).
        ChaseContact = "chase_contact" => "Chaser to the owner and the agency's contact",
        /// To the agency lead (five by default).
        ChaseLead = "chase_lead" => "Chaser to the agency lead",
        /// To the chair and the steering list (ten by default).
        ChaseChair = "chase_chair" => "Chaser to the chair and the steering group",
        /// An agency was asked for information.
        RequestIssued = "request_issued" => "Information asked for",
        /// The information is due on the next working day.
        RequestDue = "request_due" => "Information due",
        /// The information is late.
        RequestOverdue = "request_overdue" => "Information overdue",
        /// Another agency proposes to hand an action over.
        TransferProposed = "transfer_proposed" => "Transfer to answer",
        /// An owner asks for more time.
        ExtensionAsked = "extension_asked" => "Extension to answer",
        /// An owner reports an action as not possible, and the chair has to accept that.
        NotPossibleReported = "not_possible_reported" => "Not possible, to accept",
        /// An agenda was issued.
        AgendaReady = "agenda_ready" => "Agenda ready",
        /// Minutes were approved.
        MinutesReady = "minutes_ready" => "Minutes ready",
        /// A meeting has a new date or time.
        MeetingMoved = "meeting_moved" => "Meeting moved",
        /// A meeting was cancelled.
        MeetingCancelled = "meeting_cancelled" => "Meeting cancelled",
        /// The coordinator chased everything that is owed.
        Chased = "chased" => "Chased by the coordinator",
    }
}

coded! {
    /// A heading of the digest.
    pub enum Group: "digest group" {
        /// Actions due today.
        DueToday = "due_today" => "Actions due today",
        /// Actions due soon.
        DueSoon = "due_soon" => "Actions due soon",
        /// Actions past their due date.
        Overdue = "overdue" => "Actions overdue",
        /// New information requests.
        RequestsAsked = "requests_asked" => "Information requests received",
        /// Information requests due on the next working day.
        RequestsDue = "requests_due" => "Information requests due",
        /// Information requests past their deadline.
        RequestsOverdue = "requests_overdue" => "Information requests overdue",
        /// Transfers that wait for this person's agency.
        Transfers = "transfers" => "Transfers to answer",
        /// Extensions that wait for this person.
        Extensions = "extensions" => "Extensions to answer",
        /// Actions reported as not possible that wait for the chair.
        NotPossible = "not_possible" => "Actions reported as not possible",
        /// Agendas to read.
        AgendaReady = "agenda_ready" => "Agendas ready",
        /// Minutes to read.
        MinutesReady = "minutes_ready" => "Minutes ready",
        /// Meetings with a new date or time.
        MeetingMoved = "meeting_moved" => "Meetings moved",
        /// Meetings that will not take place.
        MeetingCancelled = "meeting_cancelled" => "Meetings cancelled",
        /// What the coordinator asks for again.
        Chased = "chased" => "Updates the coordinator asks for",
    }
}

coded! {
    /// Who hears of an action by a rule, before anybody is named.
    pub enum Audience: "audience" {
        /// The person who owns the action.
        Owner = "owner" => "the owner",
        /// The single point of contact of the owning agency.
        Contact = "contact" => "the agency's single point of contact",
        /// The lead of the owning agency.
        Lead = "lead" => "the agency lead",
        /// The chair of the panel.
        Chair = "chair" => "the chair",
        /// The panel's steering group.
        Steering = "steering" => "the steering group",
    }
}

/// Which rules share one line of a digest, so that the latest speaks for the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ladder {
    /// The reminders and chasers of an action.
    Action,
    /// The notices of an information request.
    Request,
    /// A notice that stands alone.
    Alone(Rule),
}

impl Rule {
    /// The rules by which an action's due date is watched, in the order in which they fall.
    pub const OF_AN_ACTION: [Self; 7] = [
        Self::EarlyReminder,
        Self::LateReminder,
        Self::OnDay,
        Self::ChaseOwner,
        Self::ChaseContact,
        Self::ChaseLead,
        Self::ChaseChair,
    ];

    /// The rules of an information request, in the order in which they fall.
    pub const OF_A_REQUEST: [Self; 3] =
        [Self::RequestIssued, Self::RequestDue, Self::RequestOverdue];

    /// Who hears of an action by this rule. Notices that are not about a due date of an action go
    /// to people whom their use case names.
    pub const fn audiences(self) -> &'static [Audience] {
        match self {
            Self::EarlyReminder | Self::LateReminder | Self::OnDay | Self::ChaseOwner => {
                &[Audience::Owner]
            }
            Self::ChaseContact => &[Audience::Owner, Audience::Contact],
            Self::ChaseLead => &[Audience::Lead],
            Self::ChaseChair => &[Audience::Chair, Audience::Steering],
            Self::RequestIssued
            | Self::RequestDue
            | Self::RequestOverdue
            | Self::TransferProposed
            | Self::ExtensionAsked
            | Self::NotPossibleReported
            | Self::AgendaReady
            | Self::MinutesReady
            | Self::MeetingMoved
            | Self::MeetingCancelled
            | Self::Chased => &[],
        }
    }

    /// The heading under which this rule is told on `today`, about a due or meeting date. What is
    /// due is told as the reader finds it: a reminder that was brought forward from a Sunday is
    /// about something due soon, and one that comes late is about something overdue.
    pub fn group(self, date: Option<NaiveDate>, today: NaiveDate) -> Group {
        match self {
            Self::EarlyReminder
            | Self::LateReminder
            | Self::OnDay
            | Self::ChaseOwner
            | Self::ChaseContact
            | Self::ChaseLead
            | Self::ChaseChair => match date.map(|due| due.cmp(&today)) {
                Some(Ordering::Equal) => Group::DueToday,
                Some(Ordering::Less) => Group::Overdue,
                Some(Ordering::Greater) | None => Group::DueSoon,
            },
            Self::RequestIssued => Group::RequestsAsked,
            Self::RequestDue | Self::RequestOverdue if date.is_some_and(|due| due < today) => {
                Group::RequestsOverdue
            }
            Self::RequestDue | Self::RequestOverdue => Group::RequestsDue,
            Self::TransferProposed => Group::Transfers,
            Self::ExtensionAsked => Group::Extensions,
            Self::NotPossibleReported => Group::NotPossible,
            Self::AgendaReady => Group::AgendaReady,
            Self::MinutesReady => Group::MinutesReady,
            Self::MeetingMoved => Group::MeetingMoved,
            Self::MeetingCancelled => Group::MeetingCancelled,
            Self::Chased => Group::Chased,
        }
    }

    /// Which other rules share its line.
    pub const fn ladder(self) -> Ladder {
        match self {
            Self::EarlyReminder
            | Self::LateReminder
            | Self::OnDay
            | Self::ChaseOwner
            | Self::ChaseContact
            | Self::ChaseLead
            | Self::ChaseChair => Ladder::Action,
            Self::RequestIssued | Self::RequestDue | Self::RequestOverdue => Ladder::Request,
            Self::TransferProposed
            | Self::ExtensionAsked
            | Self::NotPossibleReported
            | Self::AgendaReady
            | Self::MinutesReady
            | Self::MeetingMoved
            | Self::MeetingCancelled
            | Self::Chased => Ladder::Alone(self),
        }
    }
}
