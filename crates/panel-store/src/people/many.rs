//! Likeness of many records at a time, as a file brings them.

use super::{BATCH, Person, load, search};
use crate::authz::Authz;
use crate::conn::{Conn, each_backend};
use crate::error::StoreError;
use crate::listed::all;
use crate::schema::{likenesses, people, person_keys};
use crate::sql_types::Sql;
use crate::wall::Beyond;
use diesel::prelude::*;
use panel_core::id::PersonId;
use panel_core::likeness::{Likeness, Record, Verdict, groups};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Records under one key that a new record is compared with at most, the newest first.
const NEIGHBOURS: usize = 40;

/// Two records and what is said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// One record.
    pub one: PersonId,
    /// The other.
    pub two: PersonId,
    /// Whether somebody decided.
    pub verdict: Verdict,
    /// What they have in common.
    pub likeness: Likeness,
}

/// The pairs to be offered among `new` records, which are not saved yet, and between them and those
/// that are kept, whoever may see these. Records of one root need no offer.
pub fn weigh_all(az: &mut Authz<'_>, new: &[Person]) -> Result<Vec<Pair>, StoreError> {
    let records: Vec<Record> = new.iter().map(search::record).collect();
    let mut pairs = among(new, &records);
    let kept = az.beyond(Beyond::Alike, |conn| kept_under(conn, &records))?;
    let mut seen = HashSet::new();
    for (person, record) in new.iter().zip(&records) {
        for key in record.search_keys() {
            for (other, weighed) in kept.get(&key).into_iter().flatten() {
                if other.root == person.root || !seen.insert((person.id, other.id)) {
                    continue;
                }
                let likeness = record.compare(weighed);
                if likeness.is_likely() {
                    let (one, two) = (person.id, other.id);
                    pairs.push(Pair { one, two, verdict: Verdict::Offered, likeness });
                }
            }
        }
    }
    Ok(pairs)
}

fn among(new: &[Person], records: &[Record]) -> Vec<Pair> {
    let offered = |pair: panel_core::likeness::Pair| {
        let (one, two) = (new.get(pair.one)?, new.get(pair.two)?);
        let pair =
            Pair { one: one.id, two: two.id, verdict: Verdict::Offered, likeness: pair.likeness };
        (one.root != two.root).then_some(pair)
    };
    groups(records).into_iter().flat_map(|group| group.pairs).filter_map(offered).collect()
}

type Kept = HashMap<String, Vec<(Person, Record)>>;

/// The kept records by the keys that any of these records is searched by.
fn kept_under(conn: &mut Conn, records: &[Record]) -> Result<Kept, StoreError> {
    let keys: BTreeSet<String> = records.iter().flat_map(Record::search_keys).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut under: HashMap<String, Vec<PersonId>> = HashMap::new();
    for some in keys.chunks(BATCH) {
        let rows: Vec<(String, PersonId)> = person_keys::table
            .filter(person_keys::key.eq_any(some))
            .order((person_keys::key, person_keys::person_id.desc()))
            .select((person_keys::key, person_keys::person_id))
            .load(conn)?;
        for (key, person) in rows {
            let near = under.entry(key).or_default();
            if near.len() < NEIGHBOURS {
                near.push(person);
            }
        }
    }
    let ids: BTreeSet<PersonId> = under.values().flatten().copied().collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for some in ids.chunks(BATCH) {
        for person in load(conn, some)? {
            found.insert(person.id, (search::record(&person), person));
        }
    }
    let whole = |id: PersonId| found.get(&id).map(|(record, one)| (one.clone(), record.clone()));
    Ok(under
        .into_iter()
        .map(|(key, ids)| (key, ids.into_iter().filter_map(whole).collect()))
        .collect())
}

/// Keeps what was said of pairs; pairs that were looked at before stay as they are.
pub fn judge_all(az: &mut Authz<'_>, pairs: &[Pair]) -> Result<(), StoreError> {
    for some in pairs.chunks(BATCH) {
        let mut rows = Vec::new();
        for pair in some {
            let by = az.user().filter(|_| pair.verdict != Verdict::Offered);
            rows.push((
                likenesses::left_id.eq(Sql(pair.one.min(pair.two))),
                likenesses::right_id.eq(Sql(pair.one.max(pair.two))),
                likenesses::verdict.eq(Sql(pair.verdict)),
                likenesses::evidence.eq(serde_json::to_string(&pair.likeness)?),
                likenesses::decided_by.eq(Sql(by)),
                likenesses::decided_at.eq(Sql(by.map(|_| az.now()))),
            ));
        }
        each_backend!(az.conn(), |c| diesel::insert_into(likenesses::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Gives all records of one person the root of another, older one.
pub fn join_roots(
    az: &mut Authz<'_>,
    younger: &[PersonId],
    older: PersonId,
) -> Result<(), StoreError> {
    let theirs = diesel::update(people::table.filter(people::root_id.eq_any(all(younger))))
        .set(people::root_id.eq(Sql(older)));
    az.beyond(Beyond::Linking, |conn| {
        theirs.execute(conn)?;
        Ok(())
    })
}
