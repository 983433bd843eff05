//! Records that may be one person: found by key, weighed by core, decided by a coordinator.

use super::{Person, load, search, visible};
use crate::authz::Authz;
use crate::conn::each_backend;
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{cases, likenesses, people, person_keys, referral_people, referrals};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use panel_core::audit::SubjectKind;
use panel_core::case::CaseStatus;
use panel_core::id::{CaseId, PanelId, PersonId, UserId};
use panel_core::likeness::{Judged, Likeness, Verdict, roots};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Records weighed for one question at most; the newest that share a key come first.
const MOST_WEIGHED: i64 = 400;

/// Pairs that one list of offers looks at.
const MOST_OFFERS: i64 = 200;

/// Two records, the older one first, with what was said about them.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The older record.
    pub one: Person,
    /// The younger record.
    pub two: Person,
    /// What was said.
    pub verdict: Verdict,
    /// What they have in common, as it was weighed when the pair was first looked at.
    pub likeness: Likeness,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Link {
    /// Whether both became one person through decisions about third records, so that nobody need say
    /// anything about this pair.
    fn is_settled_by_others(&self) -> bool {
        self.verdict == Verdict::Offered && self.one.root == self.two.root
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = likenesses)]
struct Row {
    #[diesel(column_name = left_id)]
    left: PersonId,
    #[diesel(column_name = right_id)]
    right: PersonId,
    verdict: Verdict,
    evidence: String,
    decided_by: Option<UserId>,
    decided_at: Option<DateTime<Utc>>,
}

/// Records that share a key with this one, whoever may see them, the newest first.
fn candidates(az: &mut Authz<'_>, person: &Person) -> Result<Vec<Person>, StoreError> {
    let keys = search::record(person).search_keys();
    let alike = person_keys::table
        .filter(person_keys::key.eq_any(keys))
        .filter(person_keys::person_id.ne(Sql(person.id)))
        .select(person_keys::person_id)
        .distinct()
        .order(person_keys::person_id.desc())
        .limit(MOST_WEIGHED);
    az.beyond(Beyond::Alike, |conn| {
        let ids: Vec<PersonId> = alike.load(conn)?;
        load(conn, &ids)
    })
}

/// Records that the caller may know of and that may be this person, the likeliest first, at most
/// `limit`. The record need not be saved. Only one record of each known person is given.
pub fn look_alikes(
    az: &mut Authz<'_>,
    person: &Person,
    limit: usize,
) -> Result<Vec<(Person, Likeness)>, StoreError> {
    let found = candidates(az, person)?;
    let ids: Vec<PersonId> = found.iter().map(|one| one.id).collect();
    let seen = visible(az, &ids)?;
    let record = search::record(person);
    let mut alike: Vec<(Person, Likeness)> = found
        .into_iter()
        .filter(|other| seen.contains(&other.id) && other.root != person.root)
        .map(|other| (record.compare(&search::record(&other)), other))
        .filter(|(likeness, _)| likeness.is_possible())
        .map(|(likeness, other)| (other, likeness))
        .collect();
    alike.sort_by_key(|(other, likeness)| (Reverse(likeness.score), other.id));
    let mut known = BTreeSet::new();
    alike.retain(|(other, _)| known.insert(other.root));
    alike.truncate(limit);
    az.saw("person.alike", SubjectKind::Listing, None, None, []);
    Ok(alike)
}

/// Offers every record that is likely this person for a coordinator to decide, whoever may see it;
/// pairs that were looked at before stay as they are.
pub fn offer(az: &mut Authz<'_>, person: &Person) -> Result<(), StoreError> {
    let record = search::record(person);
    for other in candidates(az, person)? {
        let likeness = record.compare(&search::record(&other));
        if !likeness.is_likely() || other.root == person.root {
            continue;
        }
        let (left, right) = (person.id.min(other.id), person.id.max(other.id));
        let evidence = serde_json::to_string(&likeness)?;
        each_backend!(az.conn(), |c| diesel::insert_into(likenesses::table)
            .values((
                likenesses::left_id.eq(Sql(left)),
                likenesses::right_id.eq(Sql(right)),
                likenesses::verdict.eq(Sql(Verdict::Offered)),
                likenesses::evidence.eq(&evidence),
            ))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// What was said about pairs of which one is among these records, the undecided first. Pairs of
/// which the caller may not know both are left out.
pub fn links_of(az: &mut Authz<'_>, records: &[PersonId]) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<Row> = likenesses::table
        .filter(likenesses::left_id.eq_any(all(records)))
        .or_filter(likenesses::right_id.eq_any(all(records)))
        .order((likenesses::left_id, likenesses::right_id))
        .select(Row::as_select())
        .load(az.conn())?;
    let mut links = whole(az, rows)?;
    links.retain(|link| !link.is_settled_by_others());
    links.sort_by_key(|link| link.verdict);
    Ok(links)
}

/// Pairs that wait for a decision at the panels the caller sees whole, the newest first.
pub fn offers(az: &mut Authz<'_>) -> Result<Vec<Link>, StoreError> {
    let whole_panels = az.scope().whole.clone();
    let named = |panels: &[PanelId]| {
        let perpetrators = referrals::table
            .filter(referrals::panel_id.eq_any(all(panels)))
            .select(referrals::perpetrator_id);
        let others = referral_people::table
            .inner_join(referrals::table)
            .filter(referrals::panel_id.eq_any(all(panels)))
            .select(referral_people::person_id);
        (perpetrators, others)
    };
    let (left_perpetrators, left_others) = named(&whole_panels);
    let (right_perpetrators, right_others) = named(&whole_panels);
    let rows: Vec<Row> = likenesses::table
        .filter(likenesses::verdict.eq(Sql(Verdict::Offered)))
        .filter(
            likenesses::left_id
                .eq_any(left_perpetrators)
                .or(likenesses::left_id.eq_any(left_others)),
        )
        .filter(
            likenesses::right_id
                .eq_any(right_perpetrators)
                .or(likenesses::right_id.eq_any(right_others)),
        )
        .order((likenesses::right_id.desc(), likenesses::left_id.desc()))
        .limit(MOST_OFFERS)
        .select(Row::as_select())
        .load(az.conn())?;
    let mut links = whole(az, rows)?;
    links.retain(|link| !link.is_settled_by_others());
    Ok(links)
}

/// One pair, whichever is named first, when the caller may know of both. A pair that nobody looked
/// at before is weighed now.
pub fn link_of(
    az: &mut Authz<'_>,
    one: PersonId,
    two: PersonId,
) -> Result<Option<Link>, StoreError> {
    let (left, right) = (one.min(two), one.max(two));
    let row: Option<Row> = likenesses::table
        .find((Sql(left), Sql(right)))
        .select(Row::as_select())
        .first(az.conn())
        .optional()?;
    let row = if let Some(row) = row {
        row
    } else {
        let found = load(az.conn(), &[left, right])?;
        let [older, younger] = found.as_slice() else { return Ok(None) };
        let likeness = search::record(older).compare(&search::record(younger));
        let evidence = serde_json::to_string(&likeness)?;
        let verdict = Verdict::Offered;
        Row { left, right, verdict, evidence, decided_by: None, decided_at: None }
    };
    Ok(whole(az, vec![row])?.pop())
}

fn whole(az: &mut Authz<'_>, rows: Vec<Row>) -> Result<Vec<Link>, StoreError> {
    let ids: BTreeSet<PersonId> = rows.iter().flat_map(|row| [row.left, row.right]).collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let people = super::find_many(az, &ids)?;
    let person = |id| people.iter().find(|person| person.id == id).cloned();
    let mut links = Vec::new();
    for row in rows {
        if let (Some(one), Some(two)) = (person(row.left), person(row.right)) {
            links.push(Link {
                one,
                two,
                verdict: row.verdict,
                likeness: serde_json::from_str(&row.evidence)?,
                decided_by: row.decided_by,
                decided_at: row.decided_at,
            });
        }
    }
    Ok(links)
}

/// Everything that was said among the people of two records, with the records themselves.
pub fn said(
    az: &mut Authz<'_>,
    one: PersonId,
    two: PersonId,
) -> Result<(Vec<PersonId>, Vec<Judged>), StoreError> {
    let (records, pairs) = az.beyond(Beyond::Linking, |conn| {
        let mut records = super::records(conn, one)?;
        records.extend(super::records(conn, two)?);
        records.sort_unstable();
        records.dedup();
        let pairs: Vec<(PersonId, PersonId, Verdict)> = likenesses::table
            .filter(likenesses::left_id.eq_any(all(&records)))
            .filter(likenesses::right_id.eq_any(all(&records)))
            .select((likenesses::left_id, likenesses::right_id, likenesses::verdict))
            .load(conn)?;
        Ok((records, pairs))
    })?;
    let judged = |(one, two, verdict)| Judged { one, two, verdict };
    Ok((records, pairs.into_iter().map(judged).collect()))
}

/// Says of a pair that it is one person, or two, or undecided again.
pub fn judge(az: &mut Authz<'_>, link: &Link, verdict: Verdict) -> Result<(), StoreError> {
    let by = az.user().filter(|_| verdict != Verdict::Offered);
    let at = by.map(|_| az.now());
    let evidence = serde_json::to_string(&link.likeness)?;
    each_backend!(az.conn(), |c| diesel::insert_into(likenesses::table)
        .values((
            likenesses::left_id.eq(Sql(link.one.id)),
            likenesses::right_id.eq(Sql(link.two.id)),
            likenesses::verdict.eq(Sql(verdict)),
            likenesses::evidence.eq(&evidence),
            likenesses::decided_by.eq(Sql(by)),
            likenesses::decided_at.eq(Sql(at)),
        ))
        .on_conflict((likenesses::left_id, likenesses::right_id))
        .do_update()
        .set((
            likenesses::verdict.eq(Sql(verdict)),
            likenesses::decided_by.eq(Sql(by)),
            likenesses::decided_at.eq(Sql(at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Gives every one of these records the root that follows from what was said among them.
pub fn set_roots(
    az: &mut Authz<'_>,
    records: &[PersonId],
    judged: &[Judged],
) -> Result<(), StoreError> {
    az.beyond(Beyond::Linking, |conn| {
        for (record, root) in roots(records, judged) {
            diesel::update(people::table)
                .filter(people::id.eq(Sql(record)).and(people::root_id.ne(Sql(root))))
                .set(people::root_id.eq(Sql(root)))
                .execute(conn)?;
        }
        Ok(())
    })
}

/// The panels at which a record is named. It is for deciding who may link the record.
pub fn panels_of(az: &mut Authz<'_>, person: PersonId) -> Result<Vec<PanelId>, StoreError> {
    az.beyond(Beyond::Linking, |conn| {
        let mut panels: Vec<PanelId> = referrals::table
            .filter(referrals::perpetrator_id.eq(Sql(person)))
            .select(referrals::panel_id)
            .distinct()
            .load(conn)?;
        panels.extend(
            referral_people::table
                .inner_join(referrals::table)
                .filter(referral_people::person_id.eq(Sql(person)))
                .select(referrals::panel_id)
                .distinct()
                .load::<PanelId>(conn)?,
        );
        panels.extend(
            cases::table
                .filter(cases::person_id.eq(Sql(person)))
                .select(cases::panel_id)
                .distinct()
                .load::<PanelId>(conn)?,
        );
        Ok(panels)
    })
}

/// The open cases in which a record is the person, a victim or a child. What agencies were asked
/// about there changes when the record does.
pub fn open_cases_naming(az: &mut Authz<'_>, person: PersonId) -> Result<Vec<CaseId>, StoreError> {
    let named = referral_people::table
        .filter(referral_people::person_id.eq(Sql(person)))
        .select(referral_people::referral_id);
    let referred = referrals::table
        .filter(referrals::perpetrator_id.eq(Sql(person)).or(referrals::id.eq_any(named)))
        .select(referrals::case_id);
    let open = cases::table
        .filter(cases::state.eq(Sql(CaseStatus::Open)))
        .filter(cases::person_id.eq(Sql(person)).or(cases::id.nullable().eq_any(referred)))
        .select(cases::id);
    az.beyond(Beyond::Linking, |conn| Ok(open.load(conn)?))
}
