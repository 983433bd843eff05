//! The directories of agencies: how each is asked, by which names they know people, and who was sent there.

use crate::Versioned;
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::schema::{directories, directory_domains, directory_errands, directory_subjects, users};
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::directory::{Account, Errand, Standing};
use panel_core::id::{AgencyId, SessionId, UserId};

/// The directory of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Whose.
    pub agency: AgencyId,
    /// The address by which it calls itself.
    pub issuer: String,
    /// The name by which it knows this service.
    pub client_id: String,
    /// The sealed secret by which this service proves who asks.
    pub secret: Vec<u8>,
    /// Whether it asks people for a second factor itself.
    pub asks_second_factor: bool,
    /// How far it binds.
    pub standing: Standing,
    /// The domains of its people's addresses, in order.
    pub domains: Vec<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = directories)]
struct Row {
    #[diesel(column_name = agency_id)]
    agency: AgencyId,
    issuer: String,
    client_id: String,
    secret: Vec<u8>,
    asks_second_factor: bool,
    standing: Standing,
    version: i32,
}

fn whole(az: &mut Authz<'_>, row: Row) -> Result<Versioned<Directory>, StoreError> {
    let Row { agency, issuer, client_id, secret, asks_second_factor, standing, version } = row;
    let domains = directory_domains::table
        .filter(directory_domains::agency_id.eq(Sql(agency)))
        .select(directory_domains::domain)
        .order(directory_domains::domain)
        .load(az.conn())?;
    let value =
        Directory { agency, issuer, client_id, secret, asks_second_factor, standing, domains };
    Ok(Versioned { value, version })
}

/// The directory of an agency.
pub fn find(
    az: &mut Authz<'_>,
    agency: AgencyId,
) -> Result<Option<Versioned<Directory>>, StoreError> {
    let row: Option<Row> = directories::table
        .find(Sql(agency))
        .select(Row::as_select())
        .first(az.conn())
        .optional()?;
    row.map(|row| whole(az, row)).transpose()
}

/// The directory to which the people of a domain belong.
pub fn of_domain(
    az: &mut Authz<'_>,
    domain: &str,
) -> Result<Option<Versioned<Directory>>, StoreError> {
    let agency: Option<AgencyId> = directory_domains::table
        .find(domain)
        .select(directory_domains::agency_id)
        .first(az.conn())
        .optional()?;
    match agency {
        Some(agency) => find(az, agency),
        None => Ok(None),
    }
}

/// Every directory, for trying whether its secret opens.
pub fn list(az: &mut Authz<'_>) -> Result<Vec<Versioned<Directory>>, StoreError> {
    let rows: Vec<Row> = directories::table
        .order(directories::agency_id)
        .select(Row::as_select())
        .load(az.conn())?;
    rows.into_iter().map(|row| whole(az, row)).collect()
}

/// Whether any directory is offered.
pub fn any_offered(az: &mut Authz<'_>) -> Result<bool, StoreError> {
    let offered = directories::table.filter(directories::standing.ne(Sql(Standing::Untried)));
    let offered = offered.select(directories::agency_id);
    Ok(diesel::select(diesel::dsl::exists(offered)).get_result(az.conn())?)
}

/// Adds the directory of an agency.
///
/// # Errors
/// [`StoreError::Taken`] when it has one, or a domain leads to another's.
pub fn insert(az: &mut Authz<'_>, new: &Directory) -> Result<(), StoreError> {
    diesel::insert_into(directories::table)
        .values((
            directories::agency_id.eq(Sql(new.agency)),
            directories::issuer.eq(&new.issuer),
            directories::client_id.eq(&new.client_id),
            directories::secret.eq(&new.secret),
            directories::asks_second_factor.eq(new.asks_second_factor),
            directories::standing.eq(Sql(new.standing)),
            directories::version.eq(1),
        ))
        .execute(az.conn())?;
    replace_domains(az, new)
}

/// Changes a directory; `false` when somebody else changed it since `version` was read.
///
/// # Errors
/// [`StoreError::Taken`] when a domain leads to another agency's.
pub fn update(az: &mut Authz<'_>, new: &Directory, version: i32) -> Result<bool, StoreError> {
    let changed = diesel::update(directories::table.find(Sql(new.agency)))
        .filter(directories::version.eq(version))
        .set((
            directories::issuer.eq(&new.issuer),
            directories::client_id.eq(&new.client_id),
            directories::secret.eq(&new.secret),
            directories::asks_second_factor.eq(new.asks_second_factor),
            directories::standing.eq(Sql(new.standing)),
            directories::version.eq(version + 1),
        ))
        .execute(az.conn())?;
    if changed == 1 {
        replace_domains(az, new)?;
    }
    Ok(changed == 1)
}

fn replace_domains(az: &mut Authz<'_>, new: &Directory) -> Result<(), StoreError> {
    let of_agency = directory_domains::agency_id.eq(Sql(new.agency));
    diesel::delete(directory_domains::table.filter(of_agency)).execute(az.conn())?;
    for domain in &new.domains {
        diesel::insert_into(directory_domains::table)
            .values((
                directory_domains::domain.eq(domain),
                directory_domains::agency_id.eq(Sql(new.agency)),
            ))
            .execute(az.conn())?;
    }
    Ok(())
}

/// Removes a directory with everything that was kept for it; `false` when there was none.
pub fn remove(az: &mut Authz<'_>, agency: AgencyId) -> Result<bool, StoreError> {
    forget_all(az, agency)?;
    let errands = directory_errands::agency_id.eq(Sql(agency));
    diesel::delete(directory_errands::table.filter(errands)).execute(az.conn())?;
    let domains = directory_domains::agency_id.eq(Sql(agency));
    diesel::delete(directory_domains::table.filter(domains)).execute(az.conn())?;
    Ok(diesel::delete(directories::table.find(Sql(agency))).execute(az.conn())? == 1)
}

/// The account for which a subject was kept.
pub fn by_subject(
    az: &mut Authz<'_>,
    agency: AgencyId,
    subject: &str,
) -> Result<Option<Account>, StoreError> {
    let holder: Option<UserId> = directory_subjects::table
        .filter(directory_subjects::agency_id.eq(Sql(agency)))
        .filter(directory_subjects::subject.eq(subject))
        .select(directory_subjects::user_id)
        .first(az.conn())
        .optional()?;
    match holder {
        Some(user) => account(az, user),
        None => Ok(None),
    }
}

/// The account with this address, by its folded form.
pub fn by_address(az: &mut Authz<'_>, folded: &str) -> Result<Option<Account>, StoreError> {
    let user: Option<UserId> = users::table
        .filter(users::email_folded.eq(folded))
        .select(users::id)
        .first(az.conn())
        .optional()?;
    match user {
        Some(user) => account(az, user),
        None => Ok(None),
    }
}

/// An account as a directory's people are judged by. A subject that another agency's directory gave before
/// the person moved counts as none.
pub fn account(az: &mut Authz<'_>, user: UserId) -> Result<Option<Account>, StoreError> {
    let found = crate::users::find(az, user)?;
    let kept: Option<(AgencyId, String)> = directory_subjects::table
        .find(Sql(user))
        .select((directory_subjects::agency_id, directory_subjects::subject))
        .first(az.conn())
        .optional()?;
    let today = az.today();
    Ok(found.map(|found| Account {
        user,
        agency: found.agency,
        subject: kept.filter(|(of, _)| *of == found.agency).map(|(_, subject)| subject),
        is_open: found.ended_on.is_none_or(|day| day > today) && found.suspended_on.is_none(),
    }))
}

/// Keeps the subject by which an agency's directory knows a person.
///
/// # Errors
/// [`StoreError::Taken`] when it was kept for somebody else.
pub fn keep_subject(
    az: &mut Authz<'_>,
    user: UserId,
    agency: AgencyId,
    subject: &str,
) -> Result<(), StoreError> {
    let now = az.now();
    each_backend!(az.conn(), |c| diesel::insert_into(directory_subjects::table)
        .values((
            directory_subjects::user_id.eq(Sql(user)),
            directory_subjects::agency_id.eq(Sql(agency)),
            directory_subjects::subject.eq(subject),
            directory_subjects::kept_at.eq(Sql(now)),
        ))
        .on_conflict(directory_subjects::user_id)
        .do_update()
        .set((
            directory_subjects::agency_id.eq(Sql(agency)),
            directory_subjects::subject.eq(subject),
            directory_subjects::kept_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(())
}

/// Forgets by which name a directory knows a person; `false` when none was kept.
pub fn forget_subject(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(diesel::delete(directory_subjects::table.find(Sql(user))).execute(az.conn())? == 1)
}

/// Forgets by which names a directory knows its people.
pub fn forget_all(az: &mut Authz<'_>, agency: AgencyId) -> Result<(), StoreError> {
    let of_agency = directory_subjects::agency_id.eq(Sql(agency));
    diesel::delete(directory_subjects::table.filter(of_agency)).execute(az.conn())?;
    Ok(())
}

/// Somebody who is sent to a directory.
#[derive(Debug, Clone, Copy)]
pub struct NewErrand<'a> {
    /// The hash of what that browser alone holds.
    pub token_hash: &'a str,
    /// To whose directory.
    pub agency: AgencyId,
    /// For what.
    pub errand: Errand,
    /// Out of which session.
    pub session: Option<SessionId>,
}

/// Somebody who came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = directory_errands)]
pub struct Ended {
    /// From whose directory.
    #[diesel(column_name = agency_id)]
    pub agency: AgencyId,
    /// For what.
    pub errand: Errand,
    /// Into which session.
    #[diesel(column_name = session_id)]
    pub session: Option<SessionId>,
    /// When the person was sent.
    pub began_at: DateTime<Utc>,
}

/// Notes that somebody is sent to a directory, unless `most` are under way there already; those from before
/// `since` are forgotten first.
pub fn begin(
    az: &mut Authz<'_>,
    new: &NewErrand<'_>,
    since: DateTime<Utc>,
    most: i64,
) -> Result<bool, StoreError> {
    let now = az.now();
    let of_agency = directory_errands::agency_id.eq(Sql(new.agency));
    let outdated = directory_errands::began_at.lt(Sql(since));
    diesel::delete(directory_errands::table.filter(of_agency.and(outdated))).execute(az.conn())?;
    let under_way: i64 =
        directory_errands::table.filter(of_agency).count().get_result(az.conn())?;
    if under_way >= most {
        return Ok(false);
    }
    diesel::insert_into(directory_errands::table)
        .values((
            directory_errands::token_hash.eq(new.token_hash),
            directory_errands::agency_id.eq(Sql(new.agency)),
            directory_errands::errand.eq(Sql(new.errand)),
            directory_errands::session_id.eq(Sql(new.session)),
            directory_errands::began_at.eq(Sql(now)),
        ))
        .execute(az.conn())?;
    Ok(true)
}

/// Ends an errand, which can be done once.
pub fn end(az: &mut Authz<'_>, token_hash: &str) -> Result<Option<Ended>, StoreError> {
    let errand = directory_errands::table.find(token_hash);
    let found = errand.select(Ended::as_select()).first(az.conn()).optional()?;
    // Of two who come back at once, one removes the row.
    let ended = diesel::delete(errand).execute(az.conn())?;
    Ok(found.filter(|_| ended == 1))
}

/// Whether a person's password lets nobody in, since the agency's directory is the only way.
///
/// Of those who run the service somebody always keeps a way that needs no directory: where no other
/// administrator could sign in by a password, this one can.
pub fn bars_password(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let today = az.today();
    let only = directories::table
        .filter(directories::standing.eq(Sql(Standing::Only)))
        .select(directories::agency_id);
    let bound = users::table.find(Sql(user)).filter(users::agency_id.eq_any(only));
    let administers: Option<bool> =
        bound.select(users::administrator).first(az.conn()).optional()?;
    if administers != Some(true) {
        return Ok(administers.is_some());
    }
    let here = users::ended_on.is_null().or(users::ended_on.gt(Some(today)).assume_not_null());
    let other = users::table
        .filter(users::administrator.and(users::id.ne(Sql(user))).and(here))
        .filter(users::suspended_on.is_null().and(users::password_hash.is_not_null()))
        .filter(users::agency_id.ne_all(only))
        .select(users::id);
    Ok(diesel::select(diesel::dsl::exists(other)).get_result(az.conn())?)
}

/// Whether a person signs in by an agency's directory: one that is offered, from which she came before.
pub fn knows(az: &mut Authz<'_>, user: UserId) -> Result<bool, StoreError> {
    let known = directory_subjects::table
        .inner_join(users::table.on(users::id.eq(directory_subjects::user_id)))
        .inner_join(
            directories::table.on(directories::agency_id
                .eq(directory_subjects::agency_id)
                .and(directories::agency_id.eq(users::agency_id))),
        )
        .filter(directory_subjects::user_id.eq(Sql(user)))
        .filter(directories::standing.ne(Sql(Standing::Untried)))
        .select(directory_subjects::user_id);
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(az.conn())?)
}
