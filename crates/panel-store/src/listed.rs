//! Lists of values in a query, for `eq_any`.
//!
//! PostgreSQL takes a list as one array. SQLite takes each value by itself, so that a list of another
//! length is another statement, which Diesel therefore prepares anew each time: a fifth of the cost of
//! a page. Here a list is filled up with its last value to the next power of two, which changes nothing
//! that it finds, and leaves so few statements that all of them stay prepared.

use crate::sql_types::Sql;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType,
    ValidGrouping,
};
use diesel::internal::derives::multiconnection::array_comparison::{
    AsInExpression, InExpression, Many,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, SingleValue, SqlType};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, expression::is_aggregate};

/// The longest list that is filled up; a longer one is rare, and is prepared anew.
const LONGEST: usize = 1_024;

/// Every value of a list on its way into a query.
#[derive(Debug, Clone)]
pub(crate) struct All<T>(Vec<Sql<T>>);

/// Every value of a list on its way into a query, for `eq_any`.
pub(crate) fn all<T: Copy>(values: &[T]) -> All<T> {
    All(values.iter().copied().map(Sql).collect())
}

/// A list in a query.
#[derive(Debug, Clone)]
pub(crate) struct Listed<ST, I>(Many<ST, I>);

impl<T, ST> AsInExpression<ST> for All<T>
where
    Sql<T>: AsExpression<ST>,
    ST: SqlType + TypedExpressionType,
{
    type InExpression = Listed<ST, Sql<T>>;

    fn as_in_expression(self) -> Self::InExpression {
        Listed(self.0.as_in_expression())
    }
}

impl<ST: SqlType, I> InExpression for Listed<ST, I> {
    type SqlType = ST;

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn is_array(&self) -> bool {
        self.0.is_array()
    }
}

impl<ST: TypedExpressionType, I> Expression for Listed<ST, I> {
    type SqlType = <Many<ST, I> as Expression>::SqlType;
}

impl<ST, I, GB> ValidGrouping<GB> for Listed<ST, I> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST, I, QS> SelectableExpression<QS> for Listed<ST, I> where Self: AppearsOnTable<QS> {}

impl<ST, I, QS> AppearsOnTable<QS> for Listed<ST, I> where Self: Expression {}

impl<ST, I> QueryId for Listed<ST, I> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST, I> QueryFragment<Pg> for Listed<ST, I>
where
    Many<ST, I>: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl<ST, I> QueryFragment<Sqlite> for Listed<ST, I>
where
    Sqlite: HasSqlType<ST>,
    ST: SingleValue,
    I: ToSql<ST, Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let values = &self.0.values;
        let length = filled_up(values.len());
        if length > LONGEST {
            out.unsafe_to_cache_prepared();
        }
        for place in 0..length {
            let Some(value) = values.get(place).or_else(|| values.last()) else { break };
            if place > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param(value)?;
        }
        Ok(())
    }
}

/// How long a list of this length becomes.
const fn filled_up(length: usize) -> usize {
    if length > LONGEST { length } else { length.next_power_of_two() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::agencies;
    use diesel::prelude::*;
    use panel_core::id::{AgencyId, Id};
    use uuid::Uuid;

    fn id(n: usize) -> AgencyId {
        AgencyId::from_uuid(Uuid::from_u128(n.try_into().unwrap()))
    }

    fn sql(length: usize) -> String {
        let ids: Vec<AgencyId> = (0..length).map(id).collect();
        let query = agencies::table.filter(agencies::id.eq_any(all(&ids))).select(agencies::name);
        diesel::debug_query::<Sqlite, _>(&query).to_string()
    }

    #[track_caller]
    fn check(length: usize, expected: usize) {
        assert_eq!(sql(length).matches('?').count(), expected, "{length}");
    }

    #[test]
    fn a_list_is_filled_up_to_a_power_of_two() {
        for (length, expected) in [(1, 1), (2, 2), (3, 4), (5, 8), (1_000, 1_024), (1_025, 1_025)] {
            check(length, expected);
        }
        assert_eq!(sql(3).matches("0003").count(), 0, "no value that was not there");
    }

    #[test]
    fn an_empty_list_finds_nothing() {
        assert!(sql(0).contains("1=0"), "{}", sql(0));
    }
}
