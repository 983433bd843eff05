//! Which of core's vocabularies are kept as codes. One line each, so that a new one is easy to add.

use crate::conn::{MultiBackend, MultiRawValue};
use crate::sql_types::{
    CodeSql, Sql, code_from, codes_stored, read_as, stored_as, text_from_sqlite,
};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Nullable;
use diesel::sqlite::Sqlite;
use panel_core::coded::Coded;

codes_stored!(crate::notices::NoticeSubject);
codes_stored!(crate::imports::ImportState);
codes_stored!(crate::imports::KeyKind);
codes_stored!(panel_core::access::Role);
codes_stored!(panel_core::access::lists::Conflict);
codes_stored!(panel_core::access::lists::ListKind);
codes_stored!(panel_core::account::LinkPurpose);
codes_stored!(panel_core::account::Stage);
codes_stored!(panel_core::action::ActionStatus);
codes_stored!(panel_core::action::Approach);
codes_stored!(panel_core::action::Capacity);
codes_stored!(panel_core::action::EntryKind);
codes_stored!(panel_core::action::ExtensionStatus);
codes_stored!(panel_core::action::Progress);
codes_stored!(panel_core::action::ReceiverDueStatus);
codes_stored!(panel_core::action::TransferStatus);
codes_stored!(panel_core::agenda::CaseType);
codes_stored!(panel_core::agenda::Decision);
codes_stored!(panel_core::agenda::ItemState);
codes_stored!(panel_core::agenda::Section);
codes_stored!(panel_core::audit::AuditKind);
codes_stored!(panel_core::audit::SubjectKind);
codes_stored!(panel_core::case::CaseStatus);
codes_stored!(panel_core::case::ClosureReason);
codes_stored!(panel_core::information::Readers);
codes_stored!(panel_core::information::ReplyKind);
codes_stored!(panel_core::information::RequestState);
codes_stored!(panel_core::likeness::Verdict);
codes_stored!(panel_core::meeting::AttendanceStatus);
codes_stored!(panel_core::meeting::MeetingState);
codes_stored!(panel_core::outbox::MessageKind);
codes_stored!(panel_core::outbox::MessageState);
codes_stored!(panel_core::referral::LateLane);
codes_stored!(panel_core::referral::NamedAs);
codes_stored!(panel_core::referral::Source);
codes_stored!(panel_core::referral::TriageStatus);
codes_stored!(panel_core::reminder::NoticeStatus);
codes_stored!(panel_core::reminder::Reason);
codes_stored!(panel_core::reminder::Rule);
codes_stored!(panel_core::schedule::HolidayPolicy);
codes_stored!(panel_core::vocabulary::AgencyType);
codes_stored!(panel_core::vocabulary::Gender);
codes_stored!(panel_core::vocabulary::Relationship);
