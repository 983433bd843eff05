//! How the audit log is sealed: each row is hashed together with the hash before it.
//!
//! The canonical form of a row, version 1, is the tag [`TAG`], the row's number in the chain and the
//! instant of its sealing as eight bytes each, then every field of the row, each led by its length in
//! four bytes, then the 32 bytes of the hash before it. Numbers are big-endian, instants are whole
//! microseconds since 1970, ids are their sixteen bytes, codes and text are UTF-8, and what is absent
//! has no bytes. Its SHA-256 is the row's hash. Before the first row stands a hash of the log's own id,
//! so that one log cannot be given out for another.
//!
//! A row is sealed soon after it was committed, by the worker. Where the worker looks for rows that are
//! not sealed yet is decided here too, by [`places`].

use crate::id::{AuditId, Id, LogId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use ring::digest::{Context, SHA256, digest};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What the canonical form begins with; another form would have another tag.
pub const TAG: &[u8] = b"panel audit seal 1\n";

/// How far behind the newest sealed row a row may lie in time and still count as written then. A
/// transaction may commit after others that began later; nothing takes this long.
pub const TOLERANCE: Duration = Duration::minutes(15);

/// A SHA-256 hash. Written as 43 letters and digits of base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

/// What cannot be a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes, or 43 characters of base64url")]
pub struct NotAHash;

impl Hash {
    /// The hash of these 32 bytes.
    ///
    /// # Errors
    /// [`NotAHash`] when they are more or fewer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }

    /// The hash before a log's first row.
    pub fn genesis(log: LogId) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(b"panel audit log 1\n");
        context.update(log.uuid().as_bytes());
        Self::of(&context.finish())
    }

    fn of(digest: &ring::digest::Digest) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(bytes)
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        Self::from_bytes(&URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAHash)?)
    }
}

impl TryFrom<String> for Hash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// A row of the log as it is sealed: every column, codes as they are kept, so that a row whose code was
/// changed into none that is known can still be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The row's id.
    pub id: AuditId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// The code of its kind.
    pub kind: String,
    /// The use case.
    pub deed: String,
    /// Who.
    pub actor: Option<Uuid>,
    /// Employed by which agency.
    pub agency: Option<Uuid>,
    /// Whether it was entered for somebody else.
    pub on_behalf: bool,
    /// At which panel.
    pub panel: Option<Uuid>,
    /// In which case.
    pub case: Option<Uuid>,
    /// The code of what it was done to.
    pub subject_kind: String,
    /// What it was done to.
    pub subject: Option<Uuid>,
    /// Further cases that were shown, ids parted by spaces.
    pub cases: String,
    /// Codes and counts.
    pub detail: String,
    /// Under which request.
    pub request: Uuid,
}

/// A row's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Its number, from one on and without a gap.
    pub seq: i64,
    /// The row.
    pub event: AuditId,
    /// When it was sealed.
    pub sealed_at: DateTime<Utc>,
    /// The hash of the row before it.
    pub prev: Hash,
    /// Its own hash.
    pub hash: Hash,
}

impl Seal {
    /// The seal of the row that follows after `prev` as number `seq`.
    pub fn forge(seq: i64, sealed_at: DateTime<Utc>, event: &Event, prev: Hash) -> Self {
        let hash = hash(seq, sealed_at, event, prev);
        Self { seq, event: event.id, sealed_at, prev, hash }
    }

    /// Whether this is what `event` was sealed with, by the seal's own word on what came before.
    pub fn fits(&self, event: &Event) -> bool {
        self.event == event.id && self.hash == hash(self.seq, self.sealed_at, event, self.prev)
    }
}

fn hash(seq: i64, sealed_at: DateTime<Utc>, event: &Event, prev: Hash) -> Hash {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend(TAG);
    bytes.extend(seq.to_be_bytes());
    bytes.extend(sealed_at.timestamp_micros().to_be_bytes());
    canonical(event, &mut bytes);
    bytes.extend(prev.0);
    Hash::of(&digest(&SHA256, &bytes))
}

/// Appends every field of a row, each led by its length.
fn canonical(event: &Event, to: &mut Vec<u8>) {
    let Event {
        id,
        at,
        kind,
        deed,
        actor,
        agency,
        on_behalf,
        panel,
        case,
        subject_kind,
        subject,
        cases,
        detail,
        request,
    } = event;
    let mut field = |bytes: &[u8]| {
        // No text of the log comes near four gigabytes.
        to.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        to.extend(bytes);
    };
    let some = |id: &Option<Uuid>| id.map(Uuid::into_bytes);
    field(id.uuid().as_bytes());
    field(&at.timestamp_micros().to_be_bytes());
    field(kind.as_bytes());
    field(deed.as_bytes());
    field(some(actor).as_ref().map_or(&[], |bytes| &bytes[..]));
    field(some(agency).as_ref().map_or(&[], |bytes| &bytes[..]));
    field(&[u8::from(*on_behalf)]);
    field(some(panel).as_ref().map_or(&[], |bytes| &bytes[..]));
    field(some(case).as_ref().map_or(&[], |bytes| &bytes[..]));
    field(subject_kind.as_bytes());
    field(some(subject).as_ref().map_or(&[], |bytes| &bytes[..]));
    field(cases.as_bytes());
    field(detail.as_bytes());
    field(request.as_bytes());
}

/// The least id that a row of this instant can have: ids begin with the milliseconds of their time.
pub fn least_id(at: DateTime<Utc>) -> AuditId {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or_default();
    AuditId::from_uuid(Uuid::from_u128(millis << 80))
}

/// The instant that an id begins with.
pub fn time_of(id: AuditId) -> DateTime<Utc> {
    let millis = i64::try_from(id.uuid().as_u128() >> 80).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// How far back the worker looks for rows that were committed after others with a later id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A minute: at each look.
    Near,
    /// Longer than what counts as written late: once a minute.
    Far,
}

impl Reach {
    fn back(self) -> Duration {
        match self {
            Self::Near => Duration::minutes(1),
            Self::Far => TOLERANCE + Duration::minutes(5),
        }
    }
}

/// Where rows without a seal can be, as ranges of ids from the first and, where there is a second, up
/// to it: behind the greatest id that was sealed, and around a clock that was set back behind that.
/// Neither grows with the log.
pub fn places(
    reached: AuditId,
    now: DateTime<Utc>,
    reach: Reach,
) -> (AuditId, Option<(AuditId, AuditId)>) {
    let back = reach.back();
    let until = time_of(reached);
    let from = |at: DateTime<Utc>| {
        at.checked_sub_signed(back).map_or_else(|| least_id(DateTime::UNIX_EPOCH), least_id)
    };
    let behind = from(until);
    let around = (least_id(now + back) < behind).then(|| (from(now), least_id(now + back)));
    (behind, around)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        let id = |n: u128| Uuid::from_u128(n);
        Event {
            id: AuditId::from_uuid(id(1)),
            at: "2026-04-01T08:00:00.000001Z".parse().unwrap(),
            kind: "consultation".to_owned(),
            deed: "case.show".to_owned(),
            actor: Some(id(2)),
            agency: Some(id(3)),
            on_behalf: false,
            panel: Some(id(4)),
            case: None,
            subject_kind: "case".to_owned(),
            subject: Some(id(5)),
            cases: String::new(),
            detail: "Siân".to_owned(),
            request: id(6),
        }
    }

    fn sealed(event: &Event) -> Seal {
        let genesis = Hash::genesis(LogId::from_uuid(Uuid::from_u128(9)));
        Seal::forge(1, "2026-04-01T08:00:03Z".parse().unwrap(), event, genesis)
    }

    #[test]
    fn the_form_of_version_one_is_fixed() {
        let seal = sealed(&event());
        assert_eq!(seal.prev.to_string(), "xE8SjZVHoB92iqFYiCCeT84roualL-IWru8W43EUrBE");
        assert_eq!(seal.hash.to_string(), "VntN9nmwcuChXE1sjenBVF1f-tfFQq_l2cuB0syBJ4k");
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let (mut one, mut other) = (event(), event());
        (one.kind, one.deed) = ("ab".to_owned(), "c".to_owned());
        (other.kind, other.deed) = ("a".to_owned(), "bc".to_owned());
        assert_ne!(sealed(&one).hash, sealed(&other).hash);
        (one, other) = (event(), event());
        (one.panel, one.case) = (one.case, one.panel);
        assert_ne!(sealed(&one).hash, sealed(&other).hash);
    }

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = sealed(&event()).hash;
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("short".parse::<Hash>(), Err(NotAHash));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn rows_are_looked_for_a_little_behind_the_newest_that_is_sealed() {
        let reached = least_id(at("2026-04-01T08:00:00Z"));
        let now = at("2026-04-01T09:00:00Z");
        let near = (least_id(at("2026-04-01T07:59:00Z")), None);
        assert_eq!(places(reached, now, Reach::Near), near);
        assert_eq!(places(reached, now, Reach::Far).0, least_id(at("2026-04-01T07:40:00Z")));
        let nothing = AuditId::from_uuid(Uuid::nil());
        assert_eq!(places(nothing, now, Reach::Near), (nothing, None));
    }

    #[test]
    fn a_clock_that_was_set_back_is_looked_around_and_not_all_that_lies_between() {
        let reached = least_id(at("2030-01-01T00:00:00Z"));
        let (behind, around) = places(reached, at("2026-04-01T09:00:00Z"), Reach::Near);
        assert_eq!(behind, least_id(at("2029-12-31T23:59:00Z")));
        let (from, to) = (at("2026-04-01T08:59:00Z"), at("2026-04-01T09:01:00Z"));
        assert_eq!(around, Some((least_id(from), least_id(to))));
    }

    #[test]
    fn a_clock_is_set_back_once_what_is_around_it_ends_before_what_is_behind_the_newest() {
        let reached = least_id(at("2026-04-01T09:00:00Z"));
        let around = |now| places(reached, at(now), Reach::Near).1;
        assert_eq!(around("2026-04-01T08:58:00Z"), None);
        let (from, to) = (at("2026-04-01T08:56:59.999Z"), at("2026-04-01T08:58:59.999Z"));
        assert_eq!(around("2026-04-01T08:57:59.999Z"), Some((least_id(from), least_id(to))));
    }

    #[test]
    fn an_id_tells_the_time_it_begins_with() {
        let then = at("2026-04-01T08:00:00.123Z");
        assert_eq!(time_of(least_id(then)), then);
    }
}
