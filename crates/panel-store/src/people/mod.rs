//! People whom referrals name: perpetrators, victims and children.
//!
//! Every referral makes records of its own. Records that a coordinator has called one person share a
//! root, the oldest of them; none is ever merged, so that a link can be taken back. A record is
//! visible to whoever may see a referral or a case that names it.

mod likeness;
mod many;
mod search;

pub use likeness::{
    Link, judge, link_of, links_of, look_alikes, offer, offers, open_cases_naming, panels_of, said,
    set_roots,
};
pub use many::{Pair, join_roots, judge_all, weigh_all};
pub(crate) use search::{begins_with, end_of, named, second_keys, third_keys, words};

use crate::authz::Authz;
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{cases, people, person_keys, referral_people, referrals};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::NaiveDate;
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::coded::Coded;
use panel_core::id::{Id, PersonId};
use panel_core::vocabulary::{Ethnicity, EthnicityScheme, Gender};
use std::collections::BTreeSet;

/// Rows of one statement: PostgreSQL takes no more than 65,535 values in one.
const BATCH: usize = 500;

/// One record of a person, as some referral named her or him.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The record.
    pub id: PersonId,
    /// Family name; empty where there is none.
    pub surname: String,
    /// Given names; empty where there are none.
    pub forename: String,
    /// Other names and spellings.
    pub aliases: Vec<String>,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Not born yet.
    pub unborn: bool,
    /// Gender as stated.
    pub gender: Option<Gender>,
    /// Ethnicity, with its scheme.
    pub ethnicity: Option<Ethnicity>,
    /// House, street and town.
    pub address: String,
    /// Postcode.
    pub postcode: String,
    /// The oldest record of the same person: this one, unless a coordinator linked it.
    pub root: PersonId,
    /// The version a change must name.
    pub version: i32,
}

impl Person {
    /// The first record of somebody of whom only these names are known.
    pub fn named(id: PersonId, forename: String, surname: String) -> Self {
        Self {
            id,
            surname,
            forename,
            aliases: Vec::new(),
            born_on: None,
            unborn: false,
            gender: None,
            ethnicity: None,
            address: String::new(),
            postcode: String::new(),
            root: id,
            version: 1,
        }
    }

    /// Surname and forename as a heading shows them, or the first other name.
    pub fn name(&self) -> String {
        match (self.forename.as_str(), self.surname.as_str()) {
            ("", "") => self.aliases.first().cloned().unwrap_or_default(),
            ("", one) | (one, "") => one.to_owned(),
            (forename, surname) => format!("{forename} {surname}"),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
struct Row {
    id: PersonId,
    surname: String,
    forename: String,
    aliases: String,
    born_on: Option<NaiveDate>,
    unborn: bool,
    gender: Option<Gender>,
    ethnicity: Option<String>,
    address: String,
    postcode: String,
    #[diesel(column_name = root_id)]
    root: PersonId,
    version: i32,
}

impl TryFrom<Row> for Person {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            surname: row.surname,
            forename: row.forename,
            aliases: row.aliases.lines().map(str::to_owned).collect(),
            born_on: row.born_on,
            unborn: row.unborn,
            gender: row.gender,
            ethnicity: row.ethnicity.as_deref().map(read_ethnicity).transpose()?,
            address: row.address,
            postcode: row.postcode,
            root: row.root,
            version: row.version,
        })
    }
}

fn read_ethnicity(stored: &str) -> Result<Ethnicity, StoreError> {
    let unreadable = |e: &dyn std::fmt::Display| StoreError::Unreadable(e.to_string());
    let (scheme, code) = stored.split_once(' ').unwrap_or((stored, ""));
    let scheme = EthnicityScheme::from_code(scheme).map_err(|e| unreadable(&e))?;
    Ethnicity::parse(scheme, code).map_err(|e| unreadable(&e))
}

fn write_ethnicity(ethnicity: Option<Ethnicity>) -> Option<String> {
    ethnicity.map(|one| format!("{} {}", one.scheme().code(), one.code()))
}

type Mentions = diesel::dsl::InnerJoinQuerySource<referral_people::table, referrals::table>;

/// Which of these records the caller may know of.
pub(crate) fn visible(
    az: &mut Authz<'_>,
    ids: &[PersonId],
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut seen = BTreeSet::new();
    if ids.is_empty() {
        return Ok(seen);
    }
    let scope = in_scope!(az, referrals::table, referrals::panel_id, referrals::case_id, or own referrals::agency_id);
    let referred: Vec<PersonId> = referrals::table
        .filter(referrals::perpetrator_id.eq_any(all(ids)))
        .filter(scope)
        .select(referrals::perpetrator_id)
        .distinct()
        .load(az.conn())?;
    seen.extend(referred);
    let scope = in_scope!(az, Mentions, referrals::panel_id, referrals::case_id, or own referrals::agency_id);
    let named: Vec<PersonId> = referral_people::table
        .inner_join(referrals::table)
        .filter(referral_people::person_id.eq_any(all(ids)))
        .filter(scope)
        .select(referral_people::person_id)
        .distinct()
        .load(az.conn())?;
    seen.extend(named);
    let scope = in_scope!(az, cases::table, cases::panel_id, cases::id);
    let managed: Vec<PersonId> = cases::table
        .filter(cases::person_id.eq_any(all(ids)))
        .filter(scope)
        .select(cases::person_id)
        .distinct()
        .load(az.conn())?;
    seen.extend(managed);
    Ok(seen)
}

/// One record, when the caller may know of it.
pub fn find(az: &mut Authz<'_>, id: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(find_many(az, &[id])?.pop())
}

/// These records as far as the caller may know of them, oldest first.
pub fn find_many(az: &mut Authz<'_>, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    let seen: Vec<PersonId> = visible(az, ids)?.into_iter().collect();
    let found = load(az.conn(), &seen)?;
    if let Some(first) = found.first() {
        az.saw("person.show", SubjectKind::Person, Some(first.id.uuid()), None, []);
    }
    Ok(found)
}

/// These records, whoever asks.
fn load(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    let rows: Vec<Row> = people::table
        .filter(people::id.eq_any(all(ids)))
        .order(people::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Adds a record.
pub fn insert(az: &mut Authz<'_>, person: &Person) -> Result<(), StoreError> {
    insert_all(az, std::slice::from_ref(person))
}

/// Adds records, each after its root.
pub fn insert_all(az: &mut Authz<'_>, new: &[Person]) -> Result<(), StoreError> {
    let now = az.now();
    for some in new.chunks(BATCH) {
        let row = |person: &Person| {
            (
                people::id.eq(Sql(person.id)),
                people::surname.eq(person.surname.clone()),
                people::forename.eq(person.forename.clone()),
                people::aliases.eq(person.aliases.join("\n")),
                people::born_on.eq(person.born_on),
                people::unborn.eq(person.unborn),
                people::gender.eq(Sql(person.gender)),
                people::ethnicity.eq(write_ethnicity(person.ethnicity)),
                people::address.eq(person.address.clone()),
                people::postcode.eq(person.postcode.clone()),
                people::root_id.eq(Sql(person.root)),
                people::created_at.eq(Sql(now)),
                people::version.eq(1),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(people::table).values(&rows).execute(c))?;
    }
    insert_keys(az, new)
}

/// Changes what a record says; `false` when somebody else changed it since `person.version` was
/// read. Links stay as they are.
pub fn update(az: &mut Authz<'_>, person: &Person) -> Result<bool, StoreError> {
    let changed = diesel::update(people::table)
        .filter(people::id.eq(Sql(person.id)).and(people::version.eq(person.version)))
        .set((
            people::surname.eq(&person.surname),
            people::forename.eq(&person.forename),
            people::aliases.eq(person.aliases.join("\n")),
            people::born_on.eq(person.born_on),
            people::unborn.eq(person.unborn),
            people::gender.eq(Sql(person.gender)),
            people::ethnicity.eq(write_ethnicity(person.ethnicity)),
            people::address.eq(&person.address),
            people::postcode.eq(&person.postcode),
            people::version.eq(person.version + 1),
        ))
        .execute(az.conn())?;
    if changed == 1 {
        diesel::delete(person_keys::table.filter(person_keys::person_id.eq(Sql(person.id))))
            .execute(az.conn())?;
        insert_keys(az, std::slice::from_ref(person))?;
    }
    Ok(changed == 1)
}

fn insert_keys(az: &mut Authz<'_>, of: &[Person]) -> Result<(), StoreError> {
    let keys = |person: &Person| {
        let id = person.id;
        search::keys(person).into_iter().map(move |key| (key, id))
    };
    let keys: Vec<_> = of.iter().flat_map(keys).collect();
    for some in keys.chunks(BATCH) {
        let row = |(key, person): &(String, PersonId)| {
            (person_keys::key.eq(key.clone()), person_keys::person_id.eq(Sql(*person)))
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(az.conn(), |c| diesel::insert_into(person_keys::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}

/// Every record of the same person, by any one of them, the root first. It is for finding what
/// belongs together: what is shown of it goes through the scope again.
pub fn records_of(az: &mut Authz<'_>, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
    records(az.conn(), person)
}

fn records(conn: &mut Conn, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
    let root = people::table.filter(people::id.eq(Sql(person))).select(people::root_id);
    let root: Option<PersonId> = root.first(conn).optional()?;
    let Some(root) = root else { return Ok(Vec::new()) };
    Ok(people::table
        .filter(people::root_id.eq(Sql(root)))
        .select(people::id)
        .order(people::id)
        .load(conn)?)
}

/// Whether somebody was referred, or is under management, under this very record.
pub fn is_referred(az: &mut Authz<'_>, person: PersonId) -> Result<bool, StoreError> {
    let referred = diesel::dsl::exists(
        referrals::table.filter(referrals::perpetrator_id.eq(Sql(person))).select(referrals::id),
    );
    let managed = diesel::dsl::exists(
        cases::table.filter(cases::person_id.eq(Sql(person))).select(cases::id),
    );
    let is_so = diesel::select(referred.or(managed));
    az.beyond(Beyond::Linking, |conn| Ok(is_so.get_result(conn)?))
}

/// The root of each of these records.
pub fn roots(
    az: &mut Authz<'_>,
    ids: &[PersonId],
) -> Result<Vec<(PersonId, PersonId)>, StoreError> {
    let roots =
        people::table.filter(people::id.eq_any(all(ids))).select((people::id, people::root_id));
    az.beyond(Beyond::Linking, |conn| Ok(roots.load(conn)?))
}

/// Holds the person until the transaction ends, so that two people who accept referrals of one
/// person at once open one case. SQLite has one writer anyway.
pub fn hold(az: &mut Authz<'_>, person: PersonId) -> Result<(), StoreError> {
    let Conn::Pg(_) = az.conn() else { return Ok(()) };
    az.beyond(Beyond::Linking, |conn| {
        let Conn::Pg(pg) = conn else { return Ok(()) };
        let root: Option<PersonId> = people::table
            .filter(people::id.eq(Sql(person)))
            .select(people::root_id)
            .first(pg)
            .optional()?;
        people::table
            .filter(people::id.nullable().eq(Sql(root)))
            .select(people::id)
            .for_update()
            .load::<PersonId>(pg)?;
        Ok(())
    })
}
