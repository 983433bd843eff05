//! Checkpoints: how long the log was at an instant and which hash stood at its end, signed with a key
//! that the database never holds.
//!
//! A chain alone proves nothing against somebody who can write the whole of it anew. A checkpoint that
//! somebody else has kept does: the log must still hold that hash at that place. It names nobody and
//! no case, so it may be mailed, printed and published.

use super::seal::{Hash, NotAHash};
use crate::id::LogId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The first line of a checkpoint.
const TITLE: &str = "panel audit checkpoint 1";
/// What a file with the secret key begins with.
const SECRET: &str = "panel audit secret key 1 ";
/// What a file with the public key begins with.
const PUBLIC: &str = "panel audit public key 1 ";

/// Rows after which a checkpoint is made.
const ROWS: i64 = 1_000;
/// Time after which a checkpoint is made when rows were added.
const TIME: Duration = Duration::minutes(5);

/// Whether a checkpoint is due over a log of `size` rows, when the last was made over `last` rows then.
pub fn is_due(size: i64, last: Option<(i64, DateTime<Utc>)>, now: DateTime<Utc>) -> bool {
    let Some((rows, at)) = last else { return size > 0 };
    // A clock that was set back makes no checkpoint wait.
    size > rows && (size - rows >= ROWS || now - at >= TIME || now < at)
}

/// What a checkpoint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// Of which log.
    pub log: LogId,
    /// How many rows were sealed.
    pub size: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The hash of the last of them.
    pub head: Hash,
}

impl Statement {
    /// The lines that are signed.
    fn signed(&self) -> String {
        let Self { log, size, at, head } = self;
        let at = written(*at);
        format!("{TITLE}\nlog {log}\nsize {size}\ntime {at}\nhead {head}\n")
    }
}

/// A signature: 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// The signature of these 64 bytes; none when they are more or fewer.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().map(Self).ok()
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// A signed checkpoint. Its text has seven lines of at most 48 characters, so that it passes through a
/// letter unharmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checkpoint {
    /// What it says.
    pub says: Statement,
    /// By whose key.
    pub signature: Signature,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says.signed())?;
        for half in self.signature.0.chunks(32) {
            writeln!(f, "sign {}", URL_SAFE_NO_PAD.encode(half))?;
        }
        Ok(())
    }
}

/// The instant of a checkpoint as it is signed.
fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// No line is the first line of one.
    #[error("there is no line that says {TITLE:?}")]
    Missing,
    /// A line does not say what it should.
    #[error("the line of a checkpoint that begins with {0:?} is missing or cannot be read")]
    Line(&'static str),
}

impl Checkpoint {
    /// Every checkpoint in a text, such as a saved letter or a file to which they were appended.
    /// Whatever stands around them is passed over.
    ///
    /// # Errors
    /// [`BadCheckpoint`] when there is none, or one is damaged.
    pub fn read_all(text: &str) -> Result<Vec<Self>, BadCheckpoint> {
        let mut lines = text.lines().map(|line| line.trim_matches([' ', '\t', '>', '\r']));
        let mut found = Vec::new();
        while lines.by_ref().any(|line| line == TITLE) {
            found.push(Self::read(&mut lines)?);
        }
        if found.is_empty() { Err(BadCheckpoint::Missing) } else { Ok(found) }
    }

    fn read<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<Self, BadCheckpoint> {
        fn value<'a>(
            lines: &mut impl Iterator<Item = &'a str>,
            name: &'static str,
        ) -> Result<&'a str, BadCheckpoint> {
            let line = lines.find(|line| !line.is_empty());
            let rest = line.and_then(|line| line.strip_prefix(name));
            rest.map(str::trim).ok_or(BadCheckpoint::Line(name))
        }
        // Only as it is written when it is signed: else a text that was changed would count as signed.
        fn parsed<T: FromStr + ToString>(
            text: &str,
            name: &'static str,
        ) -> Result<T, BadCheckpoint> {
            let value = text.parse().ok().filter(|value: &T| value.to_string() == text);
            value.ok_or(BadCheckpoint::Line(name))
        }
        let log = parsed(value(lines, "log ")?, "log ")?;
        let size = parsed(value(lines, "size ")?, "size ")?;
        let time = value(lines, "time ")?;
        let at = time.parse().ok().filter(|at| written(*at) == time);
        let at = at.ok_or(BadCheckpoint::Line("time "))?;
        let head = parsed(value(lines, "head ")?, "head ")?;
        let mut bytes = Vec::new();
        for _ in 0..2 {
            let half = URL_SAFE_NO_PAD.decode(value(lines, "sign ")?);
            bytes.extend(half.map_err(|_| BadCheckpoint::Line("sign "))?);
        }
        let signature = Signature::from_bytes(&bytes).ok_or(BadCheckpoint::Line("sign "))?;
        Ok(Self { says: Statement { log, size, at, head }, signature })
    }
}

impl TryFrom<String> for Checkpoint {
    type Error = BadCheckpoint;
    fn try_from(text: String) -> Result<Self, BadCheckpoint> {
        Self::read_all(&text)?.pop().ok_or(BadCheckpoint::Missing)
    }
}

impl From<Checkpoint> for String {
    fn from(checkpoint: Checkpoint) -> Self {
        checkpoint.to_string()
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no key of the audit log")]
pub struct BadKey;

impl From<NotAHash> for BadKey {
    fn from(_: NotAHash) -> Self {
        Self
    }
}

fn key_bytes(text: &str, title: &str) -> Result<[u8; 32], BadKey> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(title)).ok_or(BadKey)?;
    // A hash and a key are both 32 bytes.
    Ok(*line.trim().parse::<Hash>()?.bytes())
}

/// The secret key by which checkpoints are signed (Ed25519). It is kept in a file and nowhere else.
pub struct SecretKey {
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl SecretKey {
    /// The key that follows from 32 random bytes.
    ///
    /// # Errors
    /// [`BadKey`] when they are refused.
    pub fn from_seed(seed: [u8; 32]) -> Result<Self, BadKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| BadKey)?;
        Ok(Self { seed, pair })
    }

    /// Reads the text of a key's file.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn read(text: &str) -> Result<Self, BadKey> {
        Self::from_seed(key_bytes(text, SECRET)?)
    }

    /// The text of a key's file. Only for that file.
    pub fn to_file(&self) -> String {
        format!("{SECRET}{}\n", URL_SAFE_NO_PAD.encode(self.seed))
    }

    /// The key that others check by.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.pair.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey(bytes)
    }

    /// Signs.
    pub fn sign(&self, says: Statement) -> Checkpoint {
        let signed = self.pair.sign(says.signed().as_bytes());
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(signed.as_ref()) {
            *to = *from;
        }
        Checkpoint { says, signature: Signature(bytes) }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

/// The key by which anybody can tell a checkpoint of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Whether this key's owner signed the checkpoint.
    pub fn signed(&self, checkpoint: &Checkpoint) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(checkpoint.says.signed().as_bytes(), &checkpoint.signature.0).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        key_bytes(text, PUBLIC).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use uuid::Uuid;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed([seed; 32]).unwrap()
    }

    fn says() -> Statement {
        let log = LogId::from_uuid(Uuid::from_u128(9));
        let at = "2026-11-22T14:30:00.5Z".parse().unwrap();
        Statement { log, size: 12_345, at, head: Hash::genesis(log) }
    }

    #[test]
    fn a_checkpoint_is_read_out_of_a_letter_as_it_was_signed() {
        let signed = key(1).sign(says());
        let quoted: String = signed
            .to_string()
            .lines()
            .fold(String::new(), |text, line| text + "> " + line + "\r\n");
        let letter = format!("Hello Jo,\n\nKeep this.\n\n{quoted}\nhttps://panel.example/\n");
        assert_eq!(Checkpoint::try_from(String::from(signed)), Ok(signed));
        assert_eq!(Checkpoint::read_all(&letter).unwrap(), [signed]);
        assert!(key(1).public().signed(&signed));
        assert!(signed.to_string().lines().all(|line| line.len() <= 48));
    }

    #[test]
    fn several_in_one_file_are_all_read() {
        let two = [says(), Statement { size: 12_346, ..says() }].map(|says| key(1).sign(says));
        let file = format!("{}\n{}", two[0], two[1]);
        assert_eq!(Checkpoint::read_all(&file).unwrap(), two);
    }

    #[test]
    fn a_checkpoint_that_says_the_same_in_other_letters_is_not_what_was_signed() {
        let text = key(1).sign(says()).to_string();
        for (signed, other, line) in [
            ("size 12345", "size +12345", "size "),
            (":00.500000Z", ":00.5Z", "time "),
            (":00.500000Z", ":00.5000009Z", "time "),
            ("T14:30", "t14:30", "time "),
            ("log 0", "log {0", "log "),
        ] {
            let changed = text.replace(signed, other);
            assert_ne!(changed, text, "{signed}");
            assert_eq!(Checkpoint::read_all(&changed), Err(BadCheckpoint::Line(line)), "{other}");
        }
    }

    #[test]
    fn a_damaged_checkpoint_is_not_read_and_a_changed_one_is_not_signed() {
        let text = key(1).sign(says()).to_string();
        assert_eq!(Checkpoint::read_all("nothing"), Err(BadCheckpoint::Missing));
        let cut = text.replace("sign ", "");
        assert_eq!(Checkpoint::read_all(&cut), Err(BadCheckpoint::Line("sign ")));
        let changed = Checkpoint::read_all(&text.replace("12345", "12344")).unwrap();
        assert!(!key(1).public().signed(&changed[0]));
        let another = key(2).sign(says());
        assert!(!key(1).public().signed(&another));
    }

    #[test]
    fn keys_are_read_as_they_are_written_and_the_secret_is_never_shown() {
        let secret = key(3);
        let again = SecretKey::read(&secret.to_file()).unwrap();
        assert_eq!(again.public(), secret.public());
        assert_eq!(secret.public().to_string().parse(), Ok(secret.public()));
        assert!(SecretKey::read(&secret.public().to_string()).is_err());
        let encoded = URL_SAFE_NO_PAD.encode([3; 32]);
        assert!(!format!("{secret:?}").contains(&encoded) && secret.to_file().contains(&encoded));
    }

    #[track_caller]
    fn due(size: i64, last: Option<(i64, i64)>, now: i64, expected: bool) {
        let at = |seconds| DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap();
        assert_eq!(is_due(size, last.map(|(rows, then)| (rows, at(then))), at(now)), expected);
    }

    #[test]
    fn one_is_due_after_a_thousand_rows_or_five_minutes_with_any() {
        due(0, None, 0, false);
        due(1, None, 0, true);
        due(1_009, Some((10, 0)), 299, false);
        due(1_010, Some((10, 0)), 1, true);
        due(11, Some((10, 0)), 300, true);
        due(10, Some((10, 0)), 9_000, false);
        due(11, Some((10, 0)), 0, false);
        due(11, Some((10, 0)), -1, true);
    }
}
