//! Where the people of a referral can be found: kept sealed, found by mark, read by whom.
//!
//! Every function takes the row of a referral that the caller has found, and so may know of.

use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::referrals::ReferralRow;
use crate::schema::{
    agencies, case_agencies, data_keys, referrals, reveals, users, whereabouts, whereabouts_marks,
    whereabouts_readers,
};
use crate::scope::in_scope;
use crate::sql_types::Sql;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::access::reveal::RevealFacts;
use panel_core::audit::SubjectKind;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, Id, PersonId, ReaderId, ReferralId, RevealId, UserId};
use panel_core::text::Note;
use panel_core::vocabulary::AgencyType;
use std::collections::HashMap;
use uuid::Uuid;

/// The sealed key of a record, a referral or a case, where it has one.
pub fn data_key(az: &mut Authz<'_>, owner: impl Id) -> Result<Option<Vec<u8>>, StoreError> {
    let owner = ReferralId::from_uuid(owner.uuid());
    Ok(data_keys::table.find(Sql(owner)).select(data_keys::sealed).first(az.conn()).optional()?)
}

/// Keeps the sealed key of a record.
pub fn add_data_key(az: &mut Authz<'_>, owner: impl Id, sealed: &[u8]) -> Result<(), StoreError> {
    let (owner, now) = (ReferralId::from_uuid(owner.uuid()), az.now());
    each_backend!(az.conn(), |c| diesel::insert_into(data_keys::table)
        .values((
            data_keys::owner_id.eq(Sql(owner)),
            data_keys::sealed.eq(sealed),
            data_keys::made_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(())
}

/// What is kept of the people of a referral, sealed.
pub fn of(
    az: &mut Authz<'_>,
    referral: ReferralId,
) -> Result<Vec<(PersonId, Vec<u8>)>, StoreError> {
    Ok(whereabouts::table
        .filter(whereabouts::referral_id.eq(Sql(referral)))
        .order(whereabouts::person_id)
        .select((whereabouts::person_id, whereabouts::sealed))
        .load(az.conn())?)
}

/// What is kept of one person of a case: the referral, its sealed key, the person, and the sealed value.
pub type OfCase = (ReferralId, Vec<u8>, PersonId, Vec<u8>);

/// What is kept, sealed, of everybody whom the referrals of these cases name, as far as the caller may know
/// of the cases.
pub fn of_cases(az: &mut Authz<'_>, cases: &[CaseId]) -> Result<Vec<OfCase>, StoreError> {
    type Joined = diesel::dsl::InnerJoinQuerySource<whereabouts::table, referrals::table>;
    let seen =
        in_scope!(az, Joined, referrals::panel_id, referrals::case_id, or own referrals::agency_id);
    let cases: Vec<Option<CaseId>> = cases.iter().copied().map(Some).collect();
    let found: Vec<(ReferralId, PersonId, Vec<u8>)> = whereabouts::table
        .inner_join(referrals::table)
        .filter(referrals::case_id.eq_any(all(&cases)))
        .filter(seen)
        .order((whereabouts::referral_id, whereabouts::person_id))
        .select((whereabouts::referral_id, whereabouts::person_id, whereabouts::sealed))
        .load(az.conn())?;
    let owners: Vec<ReferralId> = found.iter().map(|(referral, ..)| *referral).collect();
    let keys: HashMap<ReferralId, Vec<u8>> = data_keys::table
        .filter(data_keys::owner_id.eq_any(all(&owners)))
        .select((data_keys::owner_id, data_keys::sealed))
        .load(az.conn())?
        .into_iter()
        .collect();
    let whole = |(referral, person, sealed): (ReferralId, PersonId, Vec<u8>)| {
        Some((referral, keys.get(&referral)?.clone(), person, sealed))
    };
    Ok(found.into_iter().filter_map(whole).collect())
}

/// What is kept of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The record.
    pub person: PersonId,
    /// Sealed.
    pub sealed: Vec<u8>,
    /// By what it is found.
    pub marks: Vec<[u8; 32]>,
}

/// Replaces everything that is kept of the people of a referral.
pub fn replace(az: &mut Authz<'_>, referral: ReferralId, kept: &[Kept]) -> Result<(), StoreError> {
    let conn = az.conn();
    diesel::delete(
        whereabouts_marks::table.filter(whereabouts_marks::referral_id.eq(Sql(referral))),
    )
    .execute(conn)?;
    diesel::delete(whereabouts::table.filter(whereabouts::referral_id.eq(Sql(referral))))
        .execute(conn)?;
    for one in kept {
        each_backend!(conn, |c| diesel::insert_into(whereabouts::table)
            .values((
                whereabouts::referral_id.eq(Sql(referral)),
                whereabouts::person_id.eq(Sql(one.person)),
                whereabouts::sealed.eq(&one.sealed),
            ))
            .execute(c))?;
        for mark in &one.marks {
            each_backend!(conn, |c| diesel::insert_into(whereabouts_marks::table)
                .values((
                    whereabouts_marks::mark.eq(mark.as_slice()),
                    whereabouts_marks::referral_id.eq(Sql(referral)),
                    whereabouts_marks::person_id.eq(Sql(one.person)),
                ))
                .execute(c))?;
        }
    }
    Ok(())
}

/// What decides who may read what is kept of a referral's people.
pub fn facts(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    entered_by: UserId,
) -> Result<RevealFacts, StoreError> {
    let advocacy: Vec<AgencyType> =
        AgencyType::ALL.iter().copied().filter(|kind| kind.speaks_for_victims()).collect();
    let takes_part = case_agencies::table
        .filter(case_agencies::case_id.nullable().eq(Sql(row.case)))
        .select(case_agencies::agency_id);
    let advocates: Vec<AgencyId> = agencies::table
        .filter(agencies::kind.eq_any(all(&advocacy)))
        .filter(agencies::id.eq(Sql(row.agency)).or(agencies::id.eq_any(takes_part)))
        .select(agencies::id)
        .load(az.conn())?;
    let named = whereabouts_readers::table
        .filter(whereabouts_readers::referral_id.eq(Sql(row.id)))
        .filter(whereabouts_readers::ended_at.is_null())
        .select(whereabouts_readers::user_id)
        .load(az.conn())?;
    Ok(RevealFacts { panel: row.panel, referring: row.agency, entered_by, advocates, named })
}

/// Somebody named to read it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = whereabouts_readers)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reader {
    /// The line.
    pub id: ReaderId,
    /// Who.
    #[diesel(column_name = user_id)]
    pub user: UserId,
    /// By name.
    #[diesel(select_expression = users::name)]
    pub name: String,
    /// Why.
    pub reason: String,
    /// Who named her or him.
    pub named_by: UserId,
    /// When.
    pub named_at: DateTime<Utc>,
    /// When that ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Everybody who is or was named for a referral, the latest first.
pub fn readers(az: &mut Authz<'_>, row: &ReferralRow) -> Result<Vec<Reader>, StoreError> {
    Ok(whereabouts_readers::table
        .inner_join(users::table)
        .filter(whereabouts_readers::referral_id.eq(Sql(row.id)))
        .order((whereabouts_readers::named_at.desc(), whereabouts_readers::id.desc()))
        .select(Reader::as_select())
        .load(az.conn())?)
}

/// Names somebody to read it.
pub fn name_reader(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    user: UserId,
    by: UserId,
    reason: &Note,
) -> Result<ReaderId, StoreError> {
    let (id, now) = (az.mint::<ReaderId>(), az.now());
    each_backend!(az.conn(), |c| diesel::insert_into(whereabouts_readers::table)
        .values((
            whereabouts_readers::id.eq(Sql(id)),
            whereabouts_readers::referral_id.eq(Sql(row.id)),
            whereabouts_readers::user_id.eq(Sql(user)),
            whereabouts_readers::reason.eq(reason.as_str()),
            whereabouts_readers::named_by.eq(Sql(by)),
            whereabouts_readers::named_at.eq(Sql(now)),
        ))
        .execute(c))?;
    Ok(id)
}

/// Takes somebody off again; `false` when nobody is named by this line.
pub fn end_reader(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    line: ReaderId,
    by: UserId,
) -> Result<bool, StoreError> {
    let now = az.now();
    let ended = diesel::update(whereabouts_readers::table)
        .filter(whereabouts_readers::id.eq(Sql(line)))
        .filter(whereabouts_readers::referral_id.eq(Sql(row.id)))
        .filter(whereabouts_readers::ended_at.is_null())
        .set((
            whereabouts_readers::ended_by.eq(Sql(Some(by))),
            whereabouts_readers::ended_at.eq(Sql(Some(now))),
        ))
        .execute(az.conn())?;
    Ok(ended == 1)
}

/// Notes that somebody reads what is kept of a person, and why. The audit log names the row.
pub fn note_reveal(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    person: PersonId,
    by: UserId,
    reason: &Note,
) -> Result<RevealId, StoreError> {
    let (id, now) = (az.mint::<RevealId>(), az.now());
    each_backend!(az.conn(), |c| diesel::insert_into(reveals::table)
        .values((
            reveals::id.eq(Sql(id)),
            reveals::referral_id.eq(Sql(row.id)),
            reveals::person_id.eq(Sql(person)),
            reveals::user_id.eq(Sql(by)),
            reveals::at.eq(Sql(now)),
            reveals::reason.eq(reason.as_str()),
        ))
        .execute(c))?;
    az.reads();
    az.saw(
        "whereabouts.reveal",
        SubjectKind::Person,
        Some(person.uuid()),
        Some(row.panel),
        row.case,
    );
    Ok(id)
}

/// One reading of what is kept of a person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = reveals)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reveal {
    /// Of whom.
    #[diesel(column_name = person_id)]
    pub person: PersonId,
    /// Who read it, by name.
    #[diesel(select_expression = users::name)]
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Who read what is kept of a referral's people, the latest first, at most `limit`.
pub fn reveals_of(
    az: &mut Authz<'_>,
    row: &ReferralRow,
    limit: i64,
) -> Result<Vec<Reveal>, StoreError> {
    Ok(reveals::table
        .inner_join(users::table.on(users::id.eq(reveals::user_id)))
        .filter(reveals::referral_id.eq(Sql(row.id)))
        .order((reveals::at.desc(), reveals::id.desc()))
        .limit(limit)
        .select(Reveal::as_select())
        .load(az.conn())?)
}

/// Sealed keys of records in the order of their ids, after one of them, at most `limit`.
pub fn data_keys_after(
    az: &mut Authz<'_>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
    let after = ReferralId::from_uuid(after.unwrap_or_default());
    let found: Vec<(ReferralId, Vec<u8>)> = data_keys::table
        .filter(data_keys::owner_id.gt(Sql(after)))
        .order(data_keys::owner_id)
        .limit(limit)
        .select((data_keys::owner_id, data_keys::sealed))
        .load(az.conn())?;
    Ok(found.into_iter().map(|(owner, sealed)| (owner.uuid(), sealed)).collect())
}

/// The sealed key of the newest record that has one.
pub fn newest_data_key(az: &mut Authz<'_>) -> Result<Option<(Uuid, Vec<u8>)>, StoreError> {
    let found: Option<(ReferralId, Vec<u8>)> = data_keys::table
        .order(data_keys::owner_id.desc())
        .select((data_keys::owner_id, data_keys::sealed))
        .first(az.conn())
        .optional()?;
    Ok(found.map(|(owner, sealed)| (owner.uuid(), sealed)))
}

/// Puts the same key in the place of one that was sealed by another master key; `false` when it changed
/// meanwhile.
pub fn reseal_data_key(
    az: &mut Authz<'_>,
    owner: Uuid,
    before: &[u8],
    sealed: &[u8],
) -> Result<bool, StoreError> {
    let changed = diesel::update(data_keys::table.find(Sql(ReferralId::from_uuid(owner))))
        .filter(data_keys::sealed.eq(before))
        .set(data_keys::sealed.eq(sealed))
        .execute(az.conn())?;
    Ok(changed == 1)
}
