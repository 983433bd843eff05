//! The one filter by which content is visible, as SQL.
//!
//! It says in SQL what `panel_core::access::Actor::sees` says in Rust: a panel's coordinator and
//! chair see all of its cases, an agency's people see the cases that the agency takes part in, but for
//! those that are kept from them by a list, and those to which a list admits them. The participation is
//! looked up row by row on a key, so the cost does not grow with history.

#[cfg(test)]
mod tests;

/// A condition on the rows of a source.
pub(crate) type Filter<S> = Box<
    dyn diesel::BoxableExpression<S, crate::conn::MultiBackend, SqlType = diesel::sql_types::Bool>,
>;

/// A condition on the case of a row: `among` or `outside` these, for one that is never null (`plain`)
/// or may be (`nullable`).
macro_rules! on_case {
    (plain $case:expr, among $ids:expr) => {
        $case.eq_any($crate::listed::all($ids))
    };
    (plain $case:expr, outside $ids:expr) => {
        $case.ne_all($crate::listed::all($ids))
    };
    (nullable $case:expr, among $ids:expr) => {
        $case.is_not_null().and($case.assume_not_null().eq_any($crate::listed::all($ids)))
    };
    (nullable $case:expr, outside $ids:expr) => {
        $case.is_null().or($case.assume_not_null().ne_all($crate::listed::all($ids)))
    };
}
pub(crate) use on_case;

/// The scope filter for a query over `$source`, whose rows hold a panel and a case that is never
/// null: a boxed expression to pass to `filter`.
macro_rules! in_scope {
    ($az:expr, $source:ty, $panel:expr, $case:expr) => {
        $crate::scope::in_scope!(@filter $az, $source, $panel, plain $case,
            $crate::schema::case_agencies::case_id.eq($case), |_agency| false.into_sql::<diesel::sql_types::Bool>())
    };
    // The same for rows whose case may be null: without a case, a row is seen by its own agency.
    ($az:expr, $source:ty, $panel:expr, $case:expr, or own $own:expr) => {
        $crate::scope::in_scope!(@filter $az, $source, $panel, nullable $case,
            $crate::schema::case_agencies::case_id.nullable().eq($case),
            |agency| $case.is_null().and($own.eq($crate::sql_types::Sql(agency))))
    };
    (@filter $az:expr, $source:ty, $panel:expr, $null:ident $case:expr, $same_case:expr, |$agency:ident| $own:expr) => {{
        use $crate::schema::case_agencies;
        use $crate::listed::all;
        use $crate::sql_types::Sql;
        let scope = $az.scope();
        let mut seen: $crate::scope::Filter<$source> = Box::new($panel.eq_any(all(&scope.whole)));
        for ($agency, panels) in &scope.by_agency {
            let $agency = *$agency;
            let takes_part = diesel::dsl::exists(
                case_agencies::table
                    .filter($same_case)
                    .filter(case_agencies::agency_id.eq(Sql($agency)))
                    .select(case_agencies::case_id),
            );
            seen = Box::new(seen.or($panel.eq_any(all(panels)).and(takes_part.or($own))));
        }
        if !scope.admitted.is_empty() {
            seen = Box::new(seen.or($crate::scope::on_case!($null $case, among &scope.admitted)));
        }
        // Last, so that nothing of the above shows what a list hides.
        if !scope.hidden.is_empty() {
            seen = Box::new(seen.and($crate::scope::on_case!($null $case, outside &scope.hidden)));
        }
        seen
    }};
}
pub(crate) use in_scope;

/// The scope filter for actions. Without a case an action is seen by its own agency, and an agency
/// that is asked to take one over sees that one too, for as long as it is asked.
macro_rules! actions_in_scope {
    // The same for the actions of one panel, which need no more words where it is seen whole.
    ($az:expr, $source:ty, at $at:expr) => {{
        use $crate::scope::{Filter, actions_in_scope};
        use $crate::sql_types::Sql;
        let here = $crate::schema::actions::panel_id.eq(Sql($at));
        let seen: Filter<$source> = if $az.scope().whole.contains(&$at) {
            Box::new(here)
        } else {
            Box::new(here.and(actions_in_scope!($az, $source)))
        };
        seen
    }};
    ($az:expr, $source:ty) => {
        $crate::scope::in_scope!(@filter $az, $source, $crate::schema::actions::panel_id,
            nullable $crate::schema::actions::case_id,
            $crate::schema::case_agencies::case_id.nullable().eq($crate::schema::actions::case_id),
            |agency| {
                use $crate::schema::{action_transfers, actions};
                let asked = diesel::dsl::exists(
                    action_transfers::table
                        .filter(action_transfers::action_id.eq(actions::id))
                        .filter(action_transfers::to_agency.eq(Sql(agency)))
                        .filter(action_transfers::state
                            .eq(Sql(panel_core::action::TransferStatus::Proposed)))
                        .select(action_transfers::id),
                );
                actions::case_id.is_null().and(actions::owner_agency.eq(Sql(agency))).or(asked)
            })
    };
}
pub(crate) use actions_in_scope;
