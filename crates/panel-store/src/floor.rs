//! The least that a page can cost: its rows by bare statements, without scope, trail or types of the
//! product. The benchmark measures pages against this; nothing else is built with it.
//!
//! Everything runs on the connections, with the settings and the durability, that the product has. On
//! PostgreSQL that is behind its second wall: no login of the service reads these rows without it.

use crate::audit;
use crate::authz::Caller;
use crate::conn::{Conn, PG_SETTINGS, each_backend};
use crate::counted::Counted;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{
    action_extensions, action_transfers, actions, agencies, agenda_issues, agenda_items, cases,
    info_replies, info_requests, meetings, panel_agencies, people, seats, sessions, users,
};
use crate::sql_types::Sql;
use crate::store::Store;
use crate::wall;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::{
    AnsiTransactionManager, DefaultLoadingMode, SimpleConnection, TransactionManager,
};
use diesel::prelude::*;
use panel_core::action::{ActionStatus, ExtensionStatus, TransferStatus};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{ActionId, AgencyId, AgendaItemId, CaseId, MeetingId, PanelId, UserId};
use panel_core::information::{ReplyKind, RequestState};
use panel_core::meeting::MeetingState;
use serde::Serialize;

/// What a floor stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// What the product stands on, behind PostgreSQL's second wall.
    Walled,
    /// The tables alone, as their owner reads them: what the wall costs is the difference.
    Bare,
}

/// Which rows a page shows.
#[derive(Debug, Clone, Copy)]
pub enum Rows {
    /// An agenda as it was issued: its items, and the first unfinished actions of the panel.
    Agenda(MeetingId, PanelId, i64),
    /// An agenda as it is worked on: the same, how its requests were answered, and its latest issue,
    /// beside which the page says what readers do not know yet.
    Draft(MeetingId, PanelId, i64),
    /// The first unfinished actions of an agency at a panel, what waits beside each, and what the
    /// agency was asked for meetings ahead.
    Owed(PanelId, AgencyId, i64),
    /// The first unfinished actions of a panel, how many there are up to a thousand, and the agencies
    /// and people that its filters offer.
    Register(PanelId, i64),
}

/// An action with what its line shows.
#[derive(Debug, Queryable, Serialize)]
pub struct ActionRow {
    id: ActionId,
    reference: Option<String>,
    surname: Option<String>,
    forename: Option<String>,
    text: String,
    agency: Option<String>,
    user: Option<String>,
    set_on: NaiveDate,
    due: Option<NaiveDate>,
    due_word: String,
    state: ActionStatus,
    outcome: String,
    version: i32,
}

/// An item with what its line shows.
#[derive(Debug, Queryable, Serialize)]
pub struct ItemRow {
    id: AgendaItemId,
    position: i32,
    reference: Option<String>,
    surname: Option<String>,
    forename: Option<String>,
    born_on: Option<NaiveDate>,
    title: String,
    minutes: i32,
    why: String,
}

/// A request with the kind of its reply, and whether it came late.
type RequestRow = (CaseId, RequestState, DateTime<Utc>, Option<ReplyKind>, Option<bool>);

/// What a page shows.
#[derive(Debug, Default, Serialize)]
pub struct Shown {
    items: Vec<ItemRow>,
    requests: usize,
    issued: usize,
    waiting: usize,
    actions: Vec<ActionRow>,
    agencies: Vec<(AgencyId, String)>,
    people: Vec<(UserId, String)>,
    counted: i64,
}

impl Shown {
    /// How many items and actions there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.items.len(), self.actions.len())
    }
}

/// Looks a session up, reads the rows, appends one row to the log and commits.
///
/// # Errors
/// When the database fails, or nobody has this session.
pub fn page(
    store: &Store,
    ground: Ground,
    token_hash: &str,
    caller: &Caller<'_>,
    rows: Rows,
) -> Result<Shown, StoreError> {
    store.peek(|conn| {
        let _: (UserId, AgencyId) = each_backend!(conn, |c| sessions::table
            .inner_join(users::table)
            .filter(sessions::token_hash.eq(token_hash))
            .select((users::id, users::agency_id))
            .first(c))?;
        begin(conn, ground, caller)?;
        let shown = read(conn, rows)?;
        let deed = Deed::new(AuditKind::Consultation, "floor", SubjectKind::Listing, None);
        audit::append(conn, caller, &[(deed, Vec::new())])?;
        <Conn as TransactionManager<Conn>>::commit_transaction(conn)?;
        Ok(shown)
    })
}

fn begin(conn: &mut Conn, ground: Ground, caller: &Caller<'_>) -> Result<(), StoreError> {
    match (conn, ground) {
        (Conn::Sqlite(sqlite), _) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        }
        (Conn::Pg(pg), Ground::Walled) => wall::begin(pg, caller)?,
        (Conn::Pg(pg), Ground::Bare) => AnsiTransactionManager::begin_transaction(pg)?,
    }
    Ok(())
}

/// How far a register is counted.
const COUNTED: i64 = 1_001;

fn read(conn: &mut Conn, rows: Rows) -> Result<Shown, StoreError> {
    let none = Shown::default();
    Ok(match rows {
        Rows::Agenda(meeting, panel, most) => {
            let items = items(conn, meeting)?;
            Shown { items, actions: unfinished(conn, panel, None, most)?, ..none }
        }
        Rows::Draft(meeting, panel, most) => {
            let (items, requests) = (items(conn, meeting)?, requests(conn, meeting)?.len());
            let issued = issued(conn, meeting)?.map_or(0, |paper| paper.len());
            let actions = unfinished(conn, panel, None, most)?;
            Shown { items, requests, issued, actions, ..none }
        }
        Rows::Owed(panel, agency, most) => {
            let actions = unfinished(conn, panel, Some(agency), most)?;
            let waiting = waiting(conn, agency, &actions)?;
            Shown { waiting, actions, ..none }
        }
        Rows::Register(panel, most) => {
            let counted = counted(conn, panel)?;
            let actions = unfinished(conn, panel, None, most)?;
            let (agencies, people) = (agencies(conn, panel)?, people(conn, panel)?);
            Shown { actions, agencies, people, counted, ..none }
        }
    })
}

fn items(conn: &mut Conn, meeting: MeetingId) -> Result<Vec<ItemRow>, StoreError> {
    Ok(each_backend!(conn, |c| agenda_items::table
        .left_join(cases::table.on(cases::id.nullable().eq(agenda_items::case_id)))
        .left_join(people::table.on(people::id.nullable().eq(cases::person_id.nullable())))
        .filter(agenda_items::meeting_id.eq(Sql(meeting)))
        .order(agenda_items::position)
        .select((
            agenda_items::id,
            agenda_items::position,
            cases::reference.nullable(),
            people::surname.nullable(),
            people::forename.nullable(),
            people::born_on.nullable(),
            agenda_items::title,
            agenda_items::minutes,
            agenda_items::why,
        ))
        .load(c))?)
}

macro_rules! request {
    () => {
        (
            info_requests::case_id,
            info_requests::state,
            info_requests::due_at,
            info_replies::kind.nullable(),
            info_replies::late.nullable(),
        )
    };
}

fn requests(conn: &mut Conn, meeting: MeetingId) -> Result<Vec<RequestRow>, StoreError> {
    Ok(each_backend!(conn, |c| info_requests::table
        .left_join(info_replies::table.on(info_replies::request_id.eq(info_requests::id)))
        .filter(info_requests::meeting_id.eq(Sql(meeting)))
        .select(request!())
        .load(c))?)
}

/// What readers hold in their hands.
fn issued(conn: &mut Conn, meeting: MeetingId) -> Result<Option<String>, StoreError> {
    Ok(each_backend!(conn, |c| agenda_issues::table
        .filter(agenda_issues::meeting_id.eq(Sql(meeting)))
        .order(agenda_issues::number.desc())
        .select(agenda_issues::snapshot)
        .first(c)
        .optional())?)
}

fn unfinished(
    conn: &mut Conn,
    panel: PanelId,
    agency: Option<AgencyId>,
    most: i64,
) -> Result<Vec<ActionRow>, StoreError> {
    macro_rules! first {
        ($c:expr, $narrowed:expr) => {
            actions::table
                .left_join(agencies::table.on(agencies::id.eq(actions::owner_agency)))
                .left_join(users::table.on(users::id.nullable().eq(actions::owner_user)))
                .left_join(cases::table.on(cases::id.nullable().eq(actions::case_id)))
                .left_join(people::table.on(people::id.nullable().eq(cases::person_id.nullable())))
                .filter(actions::finished.eq(false).and($narrowed))
                .order((actions::due_key, actions::id))
                .limit(most)
                .select((
                    actions::id,
                    cases::reference.nullable(),
                    people::surname.nullable(),
                    people::forename.nullable(),
                    actions::text,
                    agencies::name.nullable(),
                    users::name.nullable(),
                    actions::set_on,
                    actions::due,
                    actions::due_word,
                    actions::state,
                    actions::outcome,
                    actions::version,
                ))
                .load($c)
        };
    }
    let of = actions::panel_id.eq(Sql(panel));
    Ok(each_backend!(conn, |c| match agency {
        Some(agency) => first!(c, of.and(actions::owner_agency.eq(Sql(agency)))),
        None => first!(c, of),
    })?)
}

/// How many extensions and transfers wait beside these actions, and how many requests for a reply.
fn waiting(conn: &mut Conn, agency: AgencyId, beside: &[ActionRow]) -> Result<usize, StoreError> {
    let ids: Vec<ActionId> = beside.iter().map(|row| row.id).collect();
    let extensions: Vec<(ActionId, NaiveDate, String)> = action_extensions::table
        .filter(action_extensions::action_id.eq_any(all(&ids)))
        .filter(action_extensions::state.eq(Sql(ExtensionStatus::Awaited)))
        .select((
            action_extensions::action_id,
            action_extensions::proposed_due,
            action_extensions::reason,
        ))
        .load(conn)?;
    let transfers: Vec<(ActionId, AgencyId, String)> = action_transfers::table
        .filter(action_transfers::action_id.eq_any(all(&ids)))
        .filter(action_transfers::state.eq(Sql(TransferStatus::Proposed)))
        .select((
            action_transfers::action_id,
            action_transfers::to_agency,
            action_transfers::reason,
        ))
        .load(conn)?;
    let requests: Vec<RequestRow> = info_requests::table
        .inner_join(meetings::table)
        .left_join(info_replies::table.on(info_replies::request_id.eq(info_requests::id)))
        .filter(info_requests::agency_id.eq(Sql(agency)))
        .filter(meetings::state.ne(Sql(MeetingState::Held)))
        .select(request!())
        .load(conn)?;
    Ok(extensions.len() + transfers.len() + requests.len())
}

fn counted(conn: &mut Conn, panel: PanelId) -> Result<i64, StoreError> {
    let some = actions::table
        .filter(actions::finished.eq(false).and(actions::panel_id.eq(Sql(panel))))
        .order((actions::due_key, actions::id))
        .select(actions::id)
        .limit(COUNTED);
    Ok(Counted(some).get_result(conn)?)
}

fn agencies(conn: &mut Conn, panel: PanelId) -> Result<Vec<(AgencyId, String)>, StoreError> {
    Ok(each_backend!(conn, |c| panel_agencies::table
        .inner_join(agencies::table)
        .filter(panel_agencies::panel_id.eq(Sql(panel)))
        .select((agencies::id, agencies::name))
        .load(c))?)
}

fn people(conn: &mut Conn, panel: PanelId) -> Result<Vec<(UserId, String)>, StoreError> {
    Ok(each_backend!(conn, |c| seats::table
        .inner_join(users::table.on(users::id.eq(seats::user_id)))
        .filter(seats::panel_id.eq(Sql(panel)))
        .select((users::id, users::name))
        .load(c))?)
}

/// Reads once what planning needs to know of every unfinished action; how many there are.
///
/// # Errors
/// When the database fails.
pub fn scan(store: &Store, ground: Ground, caller: &Caller<'_>) -> Result<usize, StoreError> {
    type Fact = (ActionId, PanelId, AgencyId, Option<NaiveDate>, i32);
    store.peek(|conn| {
        begin(conn, ground, caller)?;
        let found = each_backend!(conn, |c| {
            let rows = actions::table.filter(actions::finished.eq(false)).select((
                actions::id,
                actions::panel_id,
                actions::owner_agency,
                actions::due,
                actions::due_instance,
            ));
            let mut found = 0;
            for row in rows.load_iter::<Fact, DefaultLoadingMode>(c)? {
                let _: Fact = row?;
                found += 1;
            }
            Ok::<_, StoreError>(found)
        });
        <Conn as TransactionManager<Conn>>::commit_transaction(conn)?;
        found
    })
}

/// Makes every action unfinished again, due over the `days` after `from`.
///
/// # Errors
/// When the database fails.
pub fn reopen(store: &Store, from: NaiveDate, days: i32) -> Result<usize, StoreError> {
    const STATES: &str = "finished = FALSE, state = 'open', reported_on = NULL, outcome = ''";
    store.peek(|conn| {
        let due = match conn {
            Conn::Sqlite(_) => format!("date('{from}', '+' || (rowid % {days}) || ' days')"),
            Conn::Pg(_) => format!("DATE '{from}' + (abs(hashtext(id::text)) % {days})"),
        };
        let sql = format!("UPDATE actions SET {STATES}, due = {due}, due_key = {due}");
        patiently(conn, |conn| Ok(each_backend!(conn, |c| diesel::sql_query(sql).execute(c))?))
    })
}

/// Runs a statement that may take longer than any page's.
fn patiently<T>(
    conn: &mut Conn,
    run: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute("SET statement_timeout = 0")?;
    }
    let done = run(conn);
    if let Conn::Pg(pg) = conn {
        pg.batch_execute(PG_SETTINGS)?;
    }
    done
}

/// Lets PostgreSQL look at what was filled in, as it does by itself within a minute.
///
/// # Errors
/// When the database fails.
pub fn settle(store: &Store) -> Result<(), StoreError> {
    store.peek(|conn| {
        patiently(conn, |conn| {
            match conn {
                Conn::Pg(pg) => pg.batch_execute("VACUUM ANALYZE")?,
                Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?,
            }
            Ok(())
        })
    })
}
