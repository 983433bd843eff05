//! One range of one index.

use super::{Cursor, Filter, Key, Line, Order, Part};
use crate::authz::Authz;
use crate::conn::Conn;
use crate::counted::Counted;
use crate::error::StoreError;
use crate::listed::all;
use crate::people::begins_with;
use crate::schema::{actions, agencies, cases, people, person_keys, users};
use crate::scope::actions_in_scope;
use crate::sql_types::{IdSql, Sql};
use diesel::dsl::{Eq, LeftJoinQuerySource, Nullable, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use panel_core::action::{ActionStatus, SortBy, StatusFilter};
use panel_core::id::PanelId;

type WithAgency =
    LeftJoinQuerySource<actions::table, agencies::table, Eq<agencies::id, actions::owner_agency>>;
type WithUser =
    LeftJoinQuerySource<WithAgency, users::table, Eq<Nullable<users::id>, actions::owner_user>>;
type WithCase =
    LeftJoinQuerySource<WithUser, cases::table, Eq<Nullable<cases::id>, actions::case_id>>;
/// An action with what its line shows. Only outer joins: the actions lead, whatever the planner
/// thinks of the small tables.
type Source = LeftJoinQuerySource<
    WithCase,
    people::table,
    Eq<Nullable<people::id>, Nullable<cases::person_id>>,
>;

/// One range of one index: one panel, or whatever a case or a meeting implies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch {
    pub(super) panel: Option<PanelId>,
    pub(super) finished: bool,
    pub(super) part: Part,
}

/// The state that a filter stands for, where it stands for one alone.
const fn state_of(status: StatusFilter) -> Option<ActionStatus> {
    match status {
        StatusFilter::Unfinished | StatusFilter::Overdue | StatusFilter::Finished => None,
        StatusFilter::Open => Some(ActionStatus::Open),
        StatusFilter::InProgress => Some(ActionStatus::InProgress),
        StatusFilter::AwaitsChair | StatusFilter::NotPossible => Some(ActionStatus::NotPossible),
        StatusFilter::Completed => Some(ActionStatus::Completed),
        StatusFilter::NotDone => Some(ActionStatus::NotDone),
        StatusFilter::Withdrawn => Some(ActionStatus::Withdrawn),
    }
}

/// A word as a pattern that holds it anywhere, its own signs taken as letters.
fn pattern(word: &str) -> String {
    let literal = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

/// The actions of a branch that the caller may know of and the filter lets through. With `walked`
/// the query is to be read along the index of its order: on SQLite, which does not know how many
/// rows an agency or a person has, those conditions are then kept from choosing the index.
macro_rules! narrowed {
    ($az:expr, $branch:expr, $filter:expr, $walked:expr) => {{
        let (branch, filter): (&Branch, &Filter) = ($branch, $filter);
        let today = $az.today();
        let seen = match branch.panel {
            Some(panel) => actions_in_scope!($az, Source, at panel),
            None => actions_in_scope!($az, Source),
        };
        let sqlite = matches!($az.conn(), Conn::Sqlite(_));
        let mut query = actions::table
            .left_join(agencies::table.on(agencies::id.eq(actions::owner_agency)))
            .left_join(users::table.on(users::id.nullable().eq(actions::owner_user)))
            .left_join(cases::table.on(cases::id.nullable().eq(actions::case_id)))
            .left_join(people::table.on(people::id.nullable().eq(cases::person_id.nullable())))
            .filter(seen)
            .filter(actions::finished.eq(branch.finished))
            .into_boxed();
        let part_agency = match branch.part {
            Part::Agency(agency) => Some(agency),
            _ => None,
        };
        if let Some(agency) = part_agency.or(filter.agency) {
            if sqlite && $walked {
                let unindexed =
                    sql::<Bool>("+actions.owner_agency = ").bind::<IdSql, _>(Sql(agency));
                query = query.filter(unindexed);
            } else {
                query = query.filter(actions::owner_agency.eq(Sql(agency)));
            }
        }
        if let Some(person) = filter.person {
            if sqlite && $walked {
                let unindexed = sql::<Bool>("+actions.owner_user = ").bind::<IdSql, _>(Sql(person));
                query = query.filter(unindexed);
            } else {
                query = query.filter(actions::owner_user.eq(Sql(Some(person))));
            }
        }
        if let Some(ids) = &filter.ids {
            query = query.filter(actions::id.eq_any(all(ids)));
        }
        if let Some(case) = filter.case {
            query = query.filter(actions::case_id.eq(Sql(Some(case))));
        }
        if let Some(meeting) = filter.meeting {
            query = query.filter(actions::meeting_id.eq(Sql(Some(meeting))));
        }
        let state = match branch.part {
            Part::Status(status) => Some(status),
            _ => filter.status,
        };
        if let Some(state) = state.and_then(state_of) {
            query = query.filter(actions::state.eq(Sql(state)));
        }
        match branch.part {
            Part::InCase => query = query.filter(actions::case_id.is_not_null()),
            Part::WithoutCase => query = query.filter(actions::case_id.is_null()),
            Part::Whole | Part::Agency(_) | Part::Status(_) => {}
        }
        if filter.status == Some(StatusFilter::Overdue) {
            query = query.filter(actions::due_key.lt(today));
        }
        if let Some(from) = filter.due_from {
            query = query.filter(actions::due_key.ge(from));
        }
        if let Some(to) = filter.due_to {
            query = query.filter(actions::due_key.le(to));
        }
        if filter.due_from.is_some() || filter.due_to.is_some() {
            query = query.filter(actions::due.is_not_null());
        }
        for word in &filter.words {
            let reference = pattern(&word.to_uppercase());
            let key = format!("w {word}");
            let named = person_keys::table
                .filter(begins_with!(person_keys::key, &key))
                .select(person_keys::person_id.nullable());
            query = query.filter(
                actions::search
                    .like(pattern(word))
                    .escape('\\')
                    .or(cases::reference.nullable().like(reference).escape('\\').assume_not_null())
                    .or(cases::person_id.nullable().eq_any(named).assume_not_null()),
            );
        }
        query
    }};
}

macro_rules! line {
    () => {
        (
            actions::id,
            actions::panel_id,
            actions::case_id,
            cases::reference.nullable(),
            people::surname.nullable(),
            people::forename.nullable(),
            actions::meeting_id,
            actions::item_id,
            actions::text,
            actions::approach,
            actions::owner_agency,
            agencies::name.nullable(),
            actions::owner_user,
            users::name.nullable(),
            actions::owner_name,
            actions::set_on,
            actions::first_due,
            actions::due,
            actions::due_word,
            actions::state,
            actions::was,
            actions::reported_on,
            actions::outcome,
            actions::reason,
            actions::finished,
            actions::imported,
            actions::version,
        )
    };
}

impl Branch {
    /// How many actions there are, or none when there are more than `most`.
    pub(super) fn count(
        &self,
        az: &mut Authz<'_>,
        filter: &Filter,
        most: usize,
    ) -> Result<Option<usize>, StoreError> {
        // In the order of an index, so that no planner reads a whole table to find the first of them.
        let some = narrowed!(az, self, filter, false)
            .select(actions::id)
            .order((actions::due_key.asc(), actions::id.asc()))
            .limit(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1));
        let counted: i64 = Counted(some).get_result(az.conn())?;
        Ok(usize::try_from(counted).ok().filter(|counted| *counted <= most))
    }

    /// The first lines from `after` on, at most `limit`.
    pub(super) fn read(
        &self,
        az: &mut Authz<'_>,
        filter: &Filter,
        order: Order,
        after: Option<&Cursor>,
        limit: usize,
        many: bool,
    ) -> Result<Vec<Line>, StoreError> {
        // The index by due date holds an agency's and a person's actions in order; others do not.
        let walked = many && matches!(order.by, SortBy::Set | SortBy::Case);
        let mut query = narrowed!(az, self, filter, walked);
        macro_rules! ordered {
            ($key:expr, $from:expr) => {{
                // The range on the key alone is what the index can begin at.
                if let Some((from, id)) = $from {
                    query = if order.descending {
                        query
                            .filter($key.le(from.clone()))
                            .filter($key.lt(from).or(actions::id.lt(Sql(id))))
                    } else {
                        query
                            .filter($key.ge(from.clone()))
                            .filter($key.gt(from).or(actions::id.gt(Sql(id))))
                    };
                }
                query = if order.descending {
                    query.order(($key.desc(), actions::id.desc()))
                } else {
                    query.order(($key.asc(), actions::id.asc()))
                };
            }};
        }
        let day = |cursor: &Cursor| match cursor.key {
            Key::Day(day) => Some((day, cursor.id)),
            Key::Case(_) | Key::Id => None,
        };
        match (order.by, self.part) {
            (SortBy::Due | SortBy::Agency | SortBy::Status, _) => {
                ordered!(actions::due_key, after.and_then(day));
            }
            (SortBy::Set, _) => ordered!(actions::set_on, after.and_then(day)),
            (SortBy::Case, Part::WithoutCase) => {
                if let Some(cursor) = after {
                    query = if order.descending {
                        query.filter(actions::id.lt(Sql(cursor.id)))
                    } else {
                        query.filter(actions::id.gt(Sql(cursor.id)))
                    };
                }
                query = if order.descending {
                    query.order(actions::id.desc())
                } else {
                    query.order(actions::id.asc())
                };
            }
            (SortBy::Case, _) => {
                let case = after.and_then(|cursor| match cursor.key {
                    Key::Case(case) => Some((Sql(Some(case)), cursor.id)),
                    Key::Day(_) | Key::Id => None,
                });
                ordered!(actions::case_id, case);
            }
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(query.limit(limit).select(line!()).load(az.conn())?)
    }
}
