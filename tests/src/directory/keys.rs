//! By what a directory signs, and by what it only pretends to.

use crate::world::must;
use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use serde_json::{Value, json};

/// A key for tests alone.
const RSA: &[u8] = include_bytes!("../../data/directory-rs256.pk8");

/// By what it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// An elliptic curve.
    Es256,
    /// Edwards' curve.
    EdDsa,
    /// RSA.
    Rs256,
    /// Nothing at all.
    None,
    /// A shared secret that is no secret: its own public key.
    Hs256,
    /// A key that it does not publish, under the name of one that it does.
    OtherKey,
    /// A key that it does not publish, under a name of its own.
    UnknownKey,
}

#[derive(Debug)]
pub(super) struct Keys {
    es256: EcdsaKeyPair,
    other: EcdsaKeyPair,
    eddsa: Ed25519KeyPair,
    rs256: RsaKeyPair,
}

fn ecdsa() -> EcdsaKeyPair {
    let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let key = must(EcdsaKeyPair::generate_pkcs8(kind, &random));
    must(EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random))
}

pub(super) fn coded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

impl Keys {
    /// Keys of its own.
    #[track_caller]
    pub(super) fn new() -> Self {
        let eddsa = must(Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()));
        Self {
            es256: ecdsa(),
            other: ecdsa(),
            eddsa: must(Ed25519KeyPair::from_pkcs8(eddsa.as_ref())),
            rs256: must(RsaKeyPair::from_pkcs8(RSA)),
        }
    }

    /// What it publishes of them.
    pub(super) fn published(&self) -> Value {
        let Self { es256, eddsa, rs256, .. } = self;
        let (_, point) = es256.public_key().as_ref().split_at(1);
        let (x, y) = point.split_at(32);
        let rsa = PublicKeyComponents::<Vec<u8>>::from(rs256.public());
        json!({ "keys": [
        { "kty": "oct-of-another-kind", "kid": "odd" },
        { "kty": "EC", "crv": "P-256", "kid": "es256", "use": "sig", "x": coded(x), "y": coded(y) },
        { "kty": "OKP", "crv": "Ed25519", "kid": "eddsa", "x": coded(eddsa.public_key().as_ref()) },
        { "kty": "RSA", "kid": "rs256", "alg": "RS256", "n": coded(&rsa.n), "e": coded(&rsa.e) },
    ] })
    }

    /// These claims, signed as it was told.
    pub(super) fn signed(&self, by: Signs, claims: &Value) -> String {
        let Self { es256, other, eddsa, rs256 } = self;
        let (algorithm, kid) = match by {
            Signs::Es256 | Signs::OtherKey => ("ES256", "es256"),
            Signs::EdDsa => ("EdDSA", "eddsa"),
            Signs::Rs256 => ("RS256", "rs256"),
            Signs::None => ("none", "es256"),
            Signs::Hs256 => ("HS256", "es256"),
            Signs::UnknownKey => ("ES256", "of-my-own"),
        };
        let header = json!({ "alg": algorithm, "kid": kid, "typ": "JWT" });
        let message = format!(
            "{}.{}",
            coded(header.to_string().as_bytes()),
            coded(claims.to_string().as_bytes())
        );
        let (random, bytes) = (SystemRandom::new(), message.as_bytes());
        let signature = match by {
            Signs::Es256 => must(es256.sign(&random, bytes)).as_ref().to_vec(),
            Signs::OtherKey | Signs::UnknownKey => {
                must(other.sign(&random, bytes)).as_ref().to_vec()
            }
            Signs::EdDsa => eddsa.sign(bytes).as_ref().to_vec(),
            Signs::Rs256 => {
                let mut signature = vec![0; rs256.public().modulus_len()];
                must(rs256.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature));
                signature
            }
            Signs::None => Vec::new(),
            Signs::Hs256 => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, es256.public_key().as_ref());
                hmac::sign(&key, bytes).as_ref().to_vec()
            }
        };
        format!("{message}.{}", coded(&signature))
    }
}
