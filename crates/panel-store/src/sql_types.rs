//! How ids, instants and vocabulary codes are kept, so that one query reads alike on both databases.
//!
//! `IdSql` is `uuid` on PostgreSQL and text on SQLite; `InstantSql` is `timestamptz` and RFC 3339
//! text with six decimals and `Z`, so that the order of the text is the order of time; `CodeSql` is
//! text on both. Core's own types are read directly as fields of a row; on their way into a
//! query they are wrapped in [`Sql`], because neither the types nor Diesel's traits are ours.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, Nullable, SqlOrd, SqlType};
use diesel::sqlite::Sqlite;
use panel_core::coded::Coded;
use panel_core::id::Id;

use crate::conn::{MultiBackend, MultiRawValue};

/// An id: `uuid` or text.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Text"))]
pub struct IdSql;
impl SqlOrd for IdSql {}

/// An instant: `timestamptz` or RFC 3339 text.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Text"))]
pub struct InstantSql;
impl SqlOrd for InstantSql {}

/// The code of a closed vocabulary: text on both.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(name = "text"), sqlite_type(name = "Text"))]
pub struct CodeSql;
impl SqlOrd for CodeSql {}

/// A value of core's on its way into a query: `Sql(id)` for a column that is never null,
/// `Sql(Some(id))` or `Sql(option)` for one that may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql<T>(pub T);

macro_rules! stored_as {
    ($sql:ty: $($rust:ty),+ $(,)?) => {$(
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
        impl AsExpression<$sql> for Sql<$rust> {
            type Expression = Bound<$sql, $rust>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self.0)
            }
        }
        impl AsExpression<Nullable<$sql>> for Sql<Option<$rust>> {
            type Expression = Bound<Nullable<$sql>, Option<$rust>>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self.0)
            }
        }
    )+};
}

/// Lets a type of core's be the field of a row that is read.
macro_rules! read_as {
    ($sql:ty: $($rust:ty),+ $(,)?) => {$(
        impl<DB: Backend> Queryable<$sql, DB> for $rust
        where
            $rust: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    )+};
}

macro_rules! multi_sql_type {
    ($($sql:ty),+) => {$(
        impl<T: ToSql<$sql, DB>, DB: Backend> ToSql<$sql, DB> for Sql<T> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
        impl<T, DB> ToSql<Nullable<$sql>, DB> for Sql<Option<T>>
        where
            T: ToSql<$sql, DB>,
            DB: Backend,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                match &self.0 {
                    Some(value) => value.to_sql(out),
                    None => Ok(IsNull::Yes),
                }
            }
        }
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
multi_sql_type!(IdSql, InstantSql, CodeSql);

fn id_to_pg(id: uuid::Uuid, out: &mut Output<'_, '_, Pg>) -> serialize::Result {
    use std::io::Write;
    out.write_all(id.as_bytes())?;
    Ok(IsNull::No)
}

fn id_from_pg(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<uuid::Uuid> {
    <uuid::Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(bytes)
}

pub(crate) fn text_from_sqlite(
    bytes: <Sqlite as Backend>::RawValue<'_>,
) -> deserialize::Result<String> {
    <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(bytes)
}

macro_rules! ids_stored {
    ($($id:ident),+ $(,)?) => {$(
        impl ToSql<IdSql, Pg> for panel_core::id::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                id_to_pg(self.uuid(), out)
            }
        }
        impl FromSql<IdSql, Pg> for panel_core::id::$id {
            fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                id_from_pg(bytes).map(Self::from_uuid)
            }
        }
        impl ToSql<IdSql, Sqlite> for panel_core::id::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.to_string());
                Ok(IsNull::No)
            }
        }
        impl FromSql<IdSql, Sqlite> for panel_core::id::$id {
            fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(text_from_sqlite(bytes)?.parse()?)
            }
        }
        stored_as!(IdSql: panel_core::id::$id);
        read_as!(IdSql: panel_core::id::$id);
    )+};
}
ids_stored!(
    RecoveryCodeId,
    ActionId,
    ActionEntryId,
    AgendaItemId,
    AgendaIssueId,
    AgencyId,
    AuditId,
    AccountLinkId,
    ApiTokenId,
    AttendanceId,
    CaseId,
    CaseListId,
    ConnectionAnswerId,
    ExtensionId,
    FindingId,
    GlassId,
    ImportId,
    IncidentId,
    InfoRequestId,
    InfoReplyId,
    LogId,
    MarkingChangeId,
    MeetingId,
    MessageId,
    MinutesId,
    NoteId,
    NoticeId,
    PanelId,
    PasskeyId,
    PersonId,
    ReferralId,
    RequestId,
    ReaderId,
    ReadingLiftId,
    RevealId,
    SeatId,
    SeriesId,
    SessionId,
    SubjectId,
    TransferId,
    UserId,
);

impl ToSql<IdSql, Pg> for crate::audit::AnyId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        id_to_pg(self.0, out)
    }
}
impl ToSql<IdSql, Sqlite> for crate::audit::AnyId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<IdSql, Pg> for crate::audit::AnyId {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        id_from_pg(bytes).map(Self)
    }
}
impl FromSql<IdSql, Sqlite> for crate::audit::AnyId {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(text_from_sqlite(bytes)?.parse()?))
    }
}
stored_as!(IdSql: crate::audit::AnyId);
read_as!(IdSql: crate::audit::AnyId);

impl ToSql<CodeSql, Pg> for crate::audit::AnyCode {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        use std::io::Write;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<CodeSql, Pg> for crate::audit::AnyCode {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<diesel::sql_types::Text, Pg>>::from_sql(bytes).map(Self)
    }
}
impl ToSql<CodeSql, Sqlite> for crate::audit::AnyCode {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_str());
        Ok(IsNull::No)
    }
}
impl FromSql<CodeSql, Sqlite> for crate::audit::AnyCode {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        text_from_sqlite(bytes).map(Self)
    }
}
stored_as!(CodeSql: crate::audit::AnyCode);
read_as!(CodeSql: crate::audit::AnyCode);

type Instant = DateTime<Utc>;

impl ToSql<InstantSql, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let naive: NaiveDateTime = self.naive_utc();
        <NaiveDateTime as ToSql<diesel::sql_types::Timestamp, Pg>>::to_sql(
            &naive,
            &mut out.reborrow(),
        )
    }
}
impl FromSql<InstantSql, Pg> for Instant {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<diesel::sql_types::Timestamp, Pg>>::from_sql(bytes)
            .map(|naive| naive.and_utc())
    }
}
impl ToSql<InstantSql, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_rfc3339_opts(SecondsFormat::Micros, true));
        Ok(IsNull::No)
    }
}
impl FromSql<InstantSql, Sqlite> for Instant {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(DateTime::parse_from_rfc3339(&text_from_sqlite(bytes)?)?.with_timezone(&Utc))
    }
}
stored_as!(InstantSql: Instant);

pub(crate) fn code_from<T: Coded>(code: &str) -> deserialize::Result<T> {
    Ok(T::from_code(code)?)
}

macro_rules! codes_stored {
    ($($vocabulary:ty),+ $(,)?) => {$(
        impl ToSql<CodeSql, Pg> for $vocabulary {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                use std::io::Write;
                out.write_all(self.code().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl FromSql<CodeSql, Pg> for $vocabulary {
            fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let code = <String as FromSql<diesel::sql_types::Text, Pg>>::from_sql(bytes)?;
                code_from(&code)
            }
        }
        impl ToSql<CodeSql, Sqlite> for $vocabulary {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.code());
                Ok(IsNull::No)
            }
        }
        impl FromSql<CodeSql, Sqlite> for $vocabulary {
            fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                code_from(&text_from_sqlite(bytes)?)
            }
        }
        stored_as!(CodeSql: $vocabulary);
        read_as!(CodeSql: $vocabulary);
    )+};
}
pub(crate) use codes_stored;
pub(crate) use read_as;
pub(crate) use stored_as;
