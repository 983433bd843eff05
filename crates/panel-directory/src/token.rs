//! Whether to believe what a directory signed.
//!
//! The signature is checked by `jsonwebtoken`. The claims are checked here, one by one, by the service's own
//! clock: each must be there, and must be what was asked for.

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use panel_app::directory::Fault;
use panel_core::directory::{MOST, SKEW, Said};
use serde::Deserialize;
use subtle::ConstantTimeEq;

/// The most bytes of what is signed.
const TOKEN: usize = 16 * 1024;
/// How old it may be: it comes straight from the directory.
const AGE: Duration = Duration::minutes(10);
/// The fewest and most bytes of an RSA key's modulus; a longer one would only keep us busy.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;
/// No key at hand fits.
pub(crate) const NO_KEY: &str = "no_key";

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) now: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: String,
    auth_time: Option<i64>,
    email: Option<String>,
    email_verified: Option<Flag>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some directories write it as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Said(bool),
    Written(String),
}

fn unbelieved(code: &'static str) -> Fault {
    Fault::Unbelieved(code)
}

/// Reads what a directory signed.
///
/// # Errors
/// [`Fault::Unbelieved`] with a code for the first thing that is wrong.
pub(crate) fn read(signed: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Said, Fault> {
    if signed.len() > TOKEN {
        return Err(unbelieved("too_large"));
    }
    // `none` is no algorithm that can be read, so that it ends here too.
    let header = decode_header(signed).map_err(|_| unbelieved("header"))?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA) {
        return Err(unbelieved("algorithm"));
    }
    let named = |key: &&Jwk| header.kid.is_none() || key.common.key_id == header.kid;
    let mut fitting = keys.iter().filter(named).filter(|key| fits(key, header.alg)).peekable();
    if fitting.peek().is_none() {
        return Err(unbelieved(NO_KEY));
    }
    let claims = fitting.find_map(|key| verified(signed, key, header.alg));
    judged(claims.ok_or(unbelieved("signature"))??, expected)
}

/// Whether a key is one for signing by this algorithm, and no weaker than it should be.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_for_signing =
        key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let (named, kind) = match (algorithm, &key.algorithm) {
        (Algorithm::RS256, AlgorithmParameters::RSA(rsa)) => {
            let modulus = BASE64URL_NOPAD.decode(rsa.n.as_bytes());
            let fits = modulus.is_ok_and(|bytes| MODULUS.contains(&bytes.len()));
            (KeyAlgorithm::RS256, fits)
        }
        (Algorithm::ES256, AlgorithmParameters::EllipticCurve(of)) => {
            (KeyAlgorithm::ES256, of.curve == EllipticCurve::P256)
        }
        (Algorithm::EdDSA, AlgorithmParameters::OctetKeyPair(of)) => {
            (KeyAlgorithm::EdDSA, of.curve == EllipticCurve::Ed25519)
        }
        _ => return false,
    };
    is_for_signing && kind && key.common.key_algorithm.is_none_or(|said| said == named)
}

/// What was signed, if it was by this key; a fault where its signature is right and its form is not.
fn verified(signed: &str, key: &Jwk, algorithm: Algorithm) -> Option<Result<Claims, Fault>> {
    let key = DecodingKey::from_jwk(key).ok()?;
    let mut rules = Validation::new(algorithm);
    // The claims are judged below: by the service's clock, and with no exception.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    match decode::<serde_json::Value>(signed, &key, &rules) {
        Ok(read) => {
            let claims = serde_json::from_value(read.claims);
            Some(claims.map_err(|_| unbelieved("claims")))
        }
        Err(_) => None,
    }
}

fn judged(claims: Claims, expected: &Expected<'_>) -> Result<Said, Fault> {
    let Expected { issuer, client, nonce, now } = *expected;
    let is_for_us = match &claims.aud {
        Audience::One(aud) => aud == client,
        // Whoever else it is for could bring it here as well.
        Audience::Many(all) => matches!(all.as_slice(), [one] if one == client),
    };
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let after = |seconds: i64, earliest: DateTime<Utc>| at(seconds).is_some_and(|t| t > earliest);
    let before = |seconds: i64, latest: DateTime<Utc>| at(seconds).is_some_and(|t| t <= latest);
    let rules = [
        (claims.iss == issuer, "issuer"),
        (is_for_us, "audience"),
        (claims.azp.as_deref().is_none_or(|azp| azp == client), "authorised_party"),
        (after(claims.exp, now - SKEW), "expired"),
        (after(claims.iat, now - AGE) && before(claims.iat, now + SKEW), "issued"),
        (claims.nbf.is_none_or(|nbf| before(nbf, now + SKEW)), "not_yet"),
        (claims.nonce.as_bytes().ct_eq(nonce.as_bytes()).into(), "nonce"),
        (!claims.sub.is_empty() && claims.sub.len() <= MOST, "subject"),
    ];
    if let Some((_, code)) = rules.iter().find(|(is_so, _)| !is_so) {
        return Err(unbelieved(code));
    }
    let is_verified = match claims.email_verified {
        Some(Flag::Said(said)) => said,
        Some(Flag::Written(text)) => text == "true",
        None => false,
    };
    Ok(Said {
        subject: claims.sub,
        email: claims.email.filter(|email| email.len() <= MOST),
        is_verified,
        signed_in_at: claims.auth_time.and_then(at),
    })
}
