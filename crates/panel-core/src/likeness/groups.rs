//! Groups of records that are likely to be one person.

use super::{Likeness, Record};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Records under one key that one record is compared with at most. A key is that full only when
/// names and dates repeat wholesale; neighbours in order of name are then compared, the rest not.
const NEIGHBOURS: usize = 40;

/// Two records of a group and what links them, by their places in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = LikenessPair))]
pub struct Pair {
    /// The earlier of the two.
    pub one: usize,
    /// The later of the two.
    pub two: usize,
    /// What they have in common.
    pub likeness: Likeness,
}

/// Records that are offered as one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Their places in the list, in order.
    pub members: Vec<usize>,
    /// For each member but the first, the best reason why it belongs.
    pub pairs: Vec<Pair>,
}

/// Groups `records`: two belong together when they are likely one person, or when a third links
/// them. Records that are like no other are in no group.
///
/// The work grows with the number of records, not with its square: see [`Record::keys`].
pub fn groups(records: &[Record]) -> Vec<Group> {
    let mut pairs = likely_pairs(records);
    // The strongest reasons link first, so that each member is shown with its best.
    pairs.sort_by(|a, b| {
        b.likeness.score.cmp(&a.likeness.score).then((a.one, a.two).cmp(&(b.one, b.two)))
    });
    let mut linked = Links::new(records.len());
    pairs.retain(|pair| linked.join(pair.one, pair.two));
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for index in 0..records.len() {
        members.entry(linked.root(index)).or_default().push(index);
    }
    let mut reasons: HashMap<usize, Vec<Pair>> = HashMap::new();
    for pair in pairs {
        reasons.entry(linked.root(pair.one)).or_default().push(pair);
    }
    let mut groups: Vec<Group> = members
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|(root, members)| {
            let mut pairs = reasons.remove(&root).unwrap_or_default();
            pairs.sort_by_key(|pair| (pair.two, pair.one));
            Group { members, pairs }
        })
        .collect();
    groups.sort_by(|a, b| a.members.cmp(&b.members));
    groups
}

fn likely_pairs(records: &[Record]) -> Vec<Pair> {
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|place| records.get(*place).map(|r| (&r.surname, &r.forename, r.born)));
    let mut pairs = HashMap::new();
    for place in order {
        let Some(record) = records.get(place) else { continue };
        // A name alone is never likely, so its key finds nothing here.
        for key in record.search_keys().iter().filter(|key| !key.starts_with('n')) {
            let places = index.get(key).map_or(&[][..], Vec::as_slice).iter().rev();
            let near = places.filter_map(|other| Some((*other, records.get(*other)?)));
            let near = near.filter(|(_, other)| !record.is_hopeless(other));
            for (at, other) in near.take(NEIGHBOURS) {
                pairs
                    .entry((place.min(at), place.max(at)))
                    .or_insert_with(|| Some(record.compare(other)).filter(Likeness::is_likely));
            }
        }
        for key in record.keys() {
            index.entry(key).or_default().push(place);
        }
    }
    let likely = pairs.into_iter();
    likely.filter_map(|((one, two), found)| Some(Pair { one, two, likeness: found? })).collect()
}

/// Which records have been linked, directly or through others.
struct Links(Vec<usize>);

impl Links {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, index: usize) -> usize {
        let mut at = index;
        while let Some(parent) = self.0.get(at).copied().filter(|parent| *parent != at) {
            let grandparent = self.0.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = grandparent;
            }
            at = parent;
        }
        at
    }

    /// Links two; false when they were linked already.
    fn join(&mut self, one: usize, two: usize) -> bool {
        let (one, two) = (self.root(one), self.root(two));
        let (low, high) = (one.min(two), one.max(two));
        if let Some(slot) = self.0.get_mut(high) {
            *slot = low;
        }
        low != high
    }
}
