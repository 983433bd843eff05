//! An agency's directory, by which its people sign in: which addresses may be asked, who is meant by what it
//! says, and for how long a question to it holds.

use crate::coded;
use crate::id::{AgencyId, UserId};
use chrono::{DateTime, Duration, Utc};
// Addresses as values alone: what calls them is not in `core`.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

coded! {
    /// How far the connection to a directory binds an agency's people.
    pub enum Standing: "standing of a directory" {
        /// It was not tried since it was changed; nobody is sent there.
        Untried = "untried" => "Not tried yet",
        /// Its people may sign in by it or by a password.
        Offered = "offered" => "Offered beside passwords",
        /// Its people sign in by it alone.
        Only = "only" => "The only way in",
    }
}

coded! {
    /// What somebody is sent to a directory for.
    pub enum Errand: "errand at a directory" {
        /// To sign in.
        SignIn = "sign_in" => "Sign in",
        /// To prove once more who asks.
        Confirm = "confirm" => "Confirm who asks",
        /// To see whether the connection works.
        Trial = "trial" => "Try the connection",
    }
}

/// Minutes within which somebody comes back from a directory.
pub const ERRAND_MINUTES: i64 = 10;
/// Errands of one directory that may be under way at once; more are somebody's mischief.
pub const MOST_ERRANDS: i64 = 1_000;
/// How far a directory's clock may be from ours.
pub const SKEW: Duration = Duration::seconds(60);
/// The most characters of an issuer's address, a client's id and a subject.
pub const MOST: usize = 255;

/// Whether an errand that began at this instant can still be ended at `now`.
///
/// A clock that was set back never gives more time: an errand from the future has none.
pub fn can_be_ended(began: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (Duration::zero()..=Duration::minutes(ERRAND_MINUTES)).contains(&(now - began))
}

/// Which machines may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of the public internet, over HTTPS: no directory's address leads into the operator's own network.
    Public,
    /// This very machine besides, over HTTP too: for trying the program out.
    Loopback,
}

impl Reach {
    /// Whether the machine with this address may be asked.
    pub fn takes(self, address: IpAddr) -> bool {
        let is_here = address.to_canonical().is_loopback();
        is_public(address) || (self == Self::Loopback && is_here)
    }
}

/// Whether an address belongs to the public internet and to nothing that only looks like it.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let assigned = a == 192 && b == 0 && c == 0;
    let measured = a == 198 && (b == 18 || b == 19);
    let relay = a == 192 && b == 88 && c == 99;
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || v4.is_multicast();
    !(special || shared || assigned || measured || relay || a == 0 || a >= 240)
}

/// Of the sixth version only what is given out as global unicast, without the ways by which an address of
/// the fourth hides in one of the sixth.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = v6.segments();
    let is_global = first & 0xe000 == 0x2000;
    let tunnelled = first == 0x2002 || (first == 0x2001 && second < 0x0200);
    let documented = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    is_global && !tunnelled && !documented
}

/// The address by which a directory calls itself. It is compared as a whole, so nothing of it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

/// Why an address is no issuer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// It does not begin with https://.
    #[error("Issuer address must begin with https://")]
    Plain,
    /// It holds what an issuer's address never does, or too much.
    #[error("Issuer address must be one like https://login.example.org/tenant, without a query")]
    Form,
}

impl Issuer {
    /// An issuer's address; without TLS only on this very machine, where that may be asked.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub fn parse(raw: &str, reach: Reach) -> Result<Self, IssuerError> {
        let raw = raw.trim();
        let rest = match (raw.strip_prefix("https://"), raw.strip_prefix("http://")) {
            (Some(rest), _) => rest,
            (None, Some(rest)) if reach == Reach::Loopback && is_here(rest) => rest,
            _ => return Err(IssuerError::Plain),
        };
        let odd = |c: char| !c.is_ascii_graphic() || "?#@\\\"'<>%".contains(c);
        let host = host_of(rest);
        if raw.len() > MOST || raw.contains(odd) || host.is_empty() || host.starts_with(':') {
            return Err(IssuerError::Form);
        }
        Ok(Self(raw.to_owned()))
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The machine that people are told they are sent to.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| host_of(rest))
    }
}

fn host_of(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

fn is_here(rest: &str) -> bool {
    let host = host_of(rest);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// What a directory said of whoever signed in there, after its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whom it means, by a name that it never gives to anybody else.
    pub subject: String,
    /// The person's address, if it tells one.
    pub email: Option<String>,
    /// Whether it says that the address is that person's.
    pub is_verified: bool,
    /// When the person last proved to it who signs in, if it tells.
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl Said {
    /// Whether the person proved to the directory who she is after the errand began.
    pub fn is_fresh(&self, began: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.signed_in_at.is_some_and(|at| at >= began - SKEW && at <= now + SKEW)
    }

    /// The address, folded, if the directory says that it is that person's and it lies in one of the
    /// domains that were agreed for it.
    ///
    /// # Errors
    /// [`Refusal::Unverified`], [`Refusal::ForeignDomain`].
    pub fn address(&self, domains: &[String]) -> Result<String, Refusal> {
        let email = self.email.as_deref().filter(|_| self.is_verified);
        let folded = email.ok_or(Refusal::Unverified)?.trim().to_ascii_lowercase();
        let domain = domain_of(&folded).ok_or(Refusal::Unverified)?;
        // Whole: a directory of police.uk says nothing of fens.police.uk, which may be another's.
        if domains.iter().any(|one| one == domain) {
            Ok(folded)
        } else {
            Err(Refusal::ForeignDomain)
        }
    }
}

/// The domain of a folded address.
pub fn domain_of(folded: &str) -> Option<&str> {
    folded.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !domain.is_empty())
}

/// Why somebody who comes from a directory is not let in. The person is told none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The directory does not say that the address is that person's.
    #[error("unverified_address")]
    Unverified,
    /// The address lies in a domain that is not the agency's.
    #[error("foreign_domain")]
    ForeignDomain,
    /// Nobody was invited under that address.
    #[error("no_account")]
    NoAccount,
    /// The account belongs to another agency.
    #[error("other_agency")]
    OtherAgency,
    /// The account was signed in to before by another subject.
    #[error("other_subject")]
    OtherSubject,
    /// The account has ended or is suspended.
    #[error("closed_account")]
    Closed,
    /// The person did not prove anew who she is.
    #[error("not_fresh")]
    NotFresh,
    /// Somebody else came back than was sent.
    #[error("other_person")]
    OtherPerson,
}

/// An account that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub user: UserId,
    /// The agency that employs the person.
    pub agency: AgencyId,
    /// The subject by which that agency's directory knows the person, once she has come from there.
    pub subject: Option<String>,
    /// Whether it has neither ended nor is suspended.
    pub is_open: bool,
}

/// Who is meant by what a directory said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// Whose account.
    pub user: UserId,
    /// Whether the subject is to be kept, since the person comes from there for the first time.
    pub is_first: bool,
}

/// Who is meant: whoever the subject was kept for; else, once, whoever has the address. `by_subject` and
/// `by_address` are the accounts that the two lead to; the second counts only where there is no first.
///
/// # Errors
/// [`Refusal`].
pub fn meant(
    agency: AgencyId,
    subject: &str,
    by_subject: Option<&Account>,
    by_address: Result<Option<&Account>, Refusal>,
) -> Result<Meant, Refusal> {
    let (account, is_first) = match by_subject {
        Some(known) => (known, false),
        None => (by_address?.ok_or(Refusal::NoAccount)?, true),
    };
    if account.agency != agency {
        return Err(Refusal::OtherAgency);
    }
    if account.subject.as_deref().is_some_and(|kept| kept != subject) {
        return Err(Refusal::OtherSubject);
    }
    if !account.is_open {
        return Err(Refusal::Closed);
    }
    Ok(Meant { user: account.user, is_first })
}

#[cfg(test)]
mod tests;
