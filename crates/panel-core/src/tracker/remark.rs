//! What is said about a row: why it cannot be imported, or what the reader should know.

use crate::coded;
use serde::Serialize;

coded! {
    /// Why a row cannot be imported.
    pub enum BadKind: "reason for a bad row" {
        /// The person has no surname.
        NoSurname = "no_surname" => "No surname",
        /// Another value that every row needs is missing.
        Missing = "missing" => "Missing value",
        /// A day that no calendar has, or a month over 12.
        ImpossibleDate = "impossible_date" => "Impossible date",
        /// Two dates in one cell.
        TwoDates = "two_dates" => "Two dates",
        /// A birth date after today.
        FutureDob = "future_dob" => "Birth date in the future",
        /// Not a date that can be read.
        UnclearDate = "unclear_date" => "Unclear date",
        /// A date far outside what makes sense.
        DateOutOfRange = "date_out_of_range" => "Date out of range",
        /// A word that is no agency.
        UnknownAgency = "unknown_agency" => "Unknown agency",
        /// A status word that means nothing yet.
        UnknownStatus = "unknown_status" => "Unknown status",
        /// A mail address that cannot be one.
        BadEmail = "bad_email" => "Wrong email address",
        /// A number of children that is none.
        BadNumber = "bad_number" => "Wrong number",
        /// Text that is too long or holds hidden characters.
        BadText = "bad_text" => "Unusable text",
        /// A reference or a mail address that an earlier row has with other content.
        Repeated = "repeated" => "Repeated",
        /// A value past the last heading of separated text: the row is shifted.
        Shifted = "shifted" => "More values than headings",
    }
}

coded! {
    /// What a reader should know about a row that is imported all the same.
    pub enum WarningKind: "warning" {
        /// The same row stands in the file before; it is taken once.
        RepeatedRow = "repeated_row" => "Repeated row",
        /// The meeting lies before the day the referral was received.
        MeetingBeforeReferral = "meeting_before_referral" => "Meeting before referral",
        /// An action of a person that no good referral names.
        UnknownPerson = "unknown_person" => "Unknown person",
        /// The name beside an action is not the name in the referral.
        OtherName = "other_name" => "Another name",
        /// A due date in words that give no day.
        NoDueDay = "no_due_day" => "No due date",
        /// `next panel` in the last meeting of the file.
        NoNextMeeting = "no_next_meeting" => "No next meeting",
        /// A formula.
        Formula = "formula" => "Formula",
        /// A date after today, or before what led to it.
        OddDate = "odd_date" => "Odd date",
        /// An age that is unlikely.
        OddAge = "odd_age" => "Odd age",
        /// A value that was not understood and is left out.
        LeftOut = "left_out" => "Left out",
        /// A column that is not read.
        ColumnLeftOut = "column_left_out" => "Column left out",
        /// A case that the log calls heard and no meeting of the file has taken.
        NoHearing = "no_hearing" => "No meeting on record",
        /// A referral that awaits triage although meetings set actions about the person.
        HeardUntriaged = "heard_untriaged" => "Heard before triage",
        /// A status that should have a date and has none.
        NoStatusDate = "no_status_date" => "No status date",
    }
}

/// The place a remark points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// The sheet.
    pub sheet: String,
    /// The row, as Excel numbers it.
    pub row: u32,
    /// The letters of the column; `None` when no column is meant.
    pub column: Option<String>,
    /// The heading of the column.
    pub heading: Option<String>,
    /// What stands there, cut to 80 characters.
    pub value: String,
}

/// One problem of a row that cannot be imported. A row with several problems has several of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BadRow {
    /// Where.
    pub place: Place,
    /// What kind of problem.
    pub kind: BadKind,
    /// The problem in words, for the reader.
    pub reason: String,
}

/// Something to know about a row that is imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TrackerWarning))]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// What kind of warning.
    pub kind: WarningKind,
    /// The warning in words, for the reader.
    pub words: String,
}
