//! A device that keeps one passkey and answers as a browser’s script would send it: honest by itself,
//! and bent by a test that wants a lie.

use crate::world::must;
use anyhow::{Context, Result};
use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// Somebody was there.
const PRESENT: u8 = 0x01;
/// The device made sure of who that was.
const VERIFIED: u8 = 0x04;
/// A new key is told.
const WITH_KEY: u8 = 0x40;

/// A device with one passkey.
#[derive(Debug)]
pub struct Device {
    /// The address that its browser says it is at.
    pub origin: String,
    /// Its name of the passkey.
    pub credential: Vec<u8>,
    /// How often the passkey was used.
    pub counter: u32,
    /// Whether it makes sure of who is there.
    pub verifies: bool,
    key: EcdsaKeyPair,
}

impl Device {
    /// A device whose browser is at this address; `mark` tells it from others.
    ///
    /// # Panics
    /// When no key can be made.
    #[track_caller]
    pub fn at(origin: &str, mark: u8) -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let made = must(EcdsaKeyPair::generate_pkcs8(kind, &random));
        let key = must(EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random));
        let (origin, credential) = (origin.to_owned(), vec![mark; 32]);
        Self { origin, credential, counter: 0, verifies: true, key }
    }

    /// Makes the passkey that `options` ask for.
    ///
    /// # Panics
    /// When they ask for nothing.
    #[track_caller]
    pub fn make(&self, options: &str) -> String {
        let asked: Value = must(serde_json::from_str(options));
        let client = must(self.client("webauthn.create", &asked));
        let mut data = must(self.data(asked.pointer("/rp/id"), WITH_KEY));
        data.extend([0; 16]);
        data.extend(must(u16::try_from(self.credential.len())).to_be_bytes());
        data.extend(&self.credential);
        data.extend(cose(self.key.public_key().as_ref()));
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(must(u8::try_from(data.len())));
        object.extend(data);
        let response = json!({
            "clientDataJSON": text(&client),
            "attestationObject": text(&object),
            "transports": ["internal"],
        });
        self.told(&response)
    }

    /// Proves who asks, as `options` ask for.
    ///
    /// # Panics
    /// When they ask for nothing.
    #[track_caller]
    pub fn prove(&mut self, options: &str) -> String {
        self.counter += 1;
        let asked: Value = must(serde_json::from_str(options));
        let client = must(self.client("webauthn.get", &asked));
        let data = must(self.data(asked.get("rpId"), 0));
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        let signature = must(self.key.sign(&SystemRandom::new(), &signed));
        let response = json!({
            "clientDataJSON": text(&client),
            "authenticatorData": text(&data),
            "signature": text(signature.as_ref()),
        });
        self.told(&response)
    }

    fn client(&self, kind: &str, asked: &Value) -> Result<Vec<u8>> {
        let challenge = asked.get("challenge").and_then(Value::as_str).context("no challenge")?;
        let client = json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        Ok(client.to_string().into_bytes())
    }

    fn data(&self, service: Option<&Value>, also: u8) -> Result<Vec<u8>> {
        let service = service.and_then(Value::as_str).context("no service")?;
        let mut data = digest(&SHA256, service.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | also | if self.verifies { VERIFIED } else { 0 });
        data.extend(self.counter.to_be_bytes());
        Ok(data)
    }

    fn told(&self, response: &Value) -> String {
        let id = text(&self.credential);
        let told = json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "response": response, "clientExtensionResults": {},
        });
        told.to_string()
    }
}

/// A key on the curve P-256 as CBOR writes it; `point` is a four and both coordinates.
fn cose(point: &[u8]) -> Vec<u8> {
    let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
    key.extend(point.iter().skip(1).take(32));
    key.extend(b"\x22\x58\x20");
    key.extend(point.iter().skip(33));
    key
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
