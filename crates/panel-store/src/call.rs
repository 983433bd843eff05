//! Statements of PostgreSQL that call one of its functions, and are prepared once for each connection.
//!
//! `diesel::sql_query` has its statement prepared anew at each run: another round trip and another plan, twice
//! for a page where a page asks twice.

use diesel::PgConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use std::marker::PhantomData;

/// A call: what stands before the arguments, and the arguments in their order. Its rows are of the SQL types
/// `S`.
pub(crate) struct Call<A, S> {
    before: &'static str,
    arguments: A,
    rows: PhantomData<S>,
}

/// A call of `SELECT … FROM function` with these arguments.
pub(crate) const fn call<A, S>(before: &'static str, arguments: A) -> Call<A, S> {
    Call { before, arguments, rows: PhantomData }
}

impl<A, S> QueryId for Call<A, S> {
    type QueryId = ();
    // Two calls can be of one type: the connection knows them apart by their text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<A: QueryFragment<Pg>, S> QueryFragment<Pg> for Call<A, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.before);
        out.push_sql("(");
        self.arguments.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<A, S> Query for Call<A, S> {
    type SqlType = S;
}

impl<A, S> RunQueryDsl<PgConnection> for Call<A, S> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conn::Conn;
    use crate::conn::testing::on_postgres;
    use crate::store::Store;
    use diesel::dsl::sql;
    use diesel::sql_types::BigInt;

    #[test]
    fn a_call_is_prepared_once_however_often_it_is_made() {
        on_postgres("call", |address| {
            let store = Store::open(address.clone(), 1).unwrap();
            let kept = store.peek(|conn| {
                let Conn::Pg(pg) = conn else { panic!("this is PostgreSQL") };
                for (asked, expected) in [(-1_i64, 1_i64), (2, 2)] {
                    let whole: Call<_, BigInt> = call("SELECT abs", asked.into_sql::<BigInt>());
                    assert_eq!(whole.get_result::<i64>(pg)?, expected);
                }
                let of_it =
                    "count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT abs%'";
                Ok(diesel::select(sql::<BigInt>(of_it)).get_result::<i64>(pg)?)
            });
            assert_eq!(kept.unwrap(), 1);
        });
    }
}
