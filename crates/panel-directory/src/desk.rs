//! The desk at which directories are asked: the port of the use cases, filled.

use crate::http::Client;
use crate::metadata::{Kept, Known};
use crate::token;
use chrono::{DateTime, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use panel_app::directory::{Directories, Fault, Question, Relation};
use panel_core::directory::{Reach, Said};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use url::Url;

/// The most bytes of an answer with tokens.
const TOKENS: u64 = 64 * 1024;

/// Asks directories, and keeps for ten minutes what they say of themselves.
#[derive(Debug)]
pub struct Desk {
    client: Client,
    known: Known,
}

impl Desk {
    /// A desk that asks the machines within this reach.
    pub fn new(reach: Reach) -> Self {
        Self { client: Client::new(reach), known: Known::default() }
    }

    fn kept(&self, issuer: &str, now: DateTime<Utc>) -> Result<Arc<Kept>, Fault> {
        self.known.of(&self.client, issuer, now)
    }

    /// Redeems a code for what the directory signed. The other token of the answer is not even read.
    fn signed(
        &self,
        relation: Relation<'_>,
        kept: &Kept,
        secret: &str,
        question: &Question,
        code: &str,
    ) -> Result<String, Fault> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", relation.back),
            ("code_verifier", question.verifier.as_str()),
        ];
        let basic = kept.takes_basic.then(|| basic(relation.client_id, secret));
        if basic.is_none() {
            form.extend([("client_id", relation.client_id), ("client_secret", secret)]);
        }
        let (status, body) = self.client.send(&kept.token, basic.as_deref(), &form, TOKENS)?;
        match status {
            200 => {}
            401 => return Err(Fault::Unbelieved("client_refused")),
            400..=499 => return Err(Fault::Unbelieved("code_refused")),
            _ => return Err(Fault::Away("status")),
        }
        let tokens: Tokens =
            serde_json::from_slice(&body).map_err(|_| Fault::Unbelieved("tokens"))?;
        Ok(tokens.id_token)
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// The header by which this service proves who asks: both parts are escaped before they are joined.
fn basic(client: &str, secret: &str) -> String {
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        BASE64.encode(format!("{}:{}", escaped(client), escaped(secret)).as_bytes())
    )
}

impl Directories for Desk {
    fn reach(&self) -> Reach {
        self.client.reach()
    }

    fn way_in(
        &self,
        relation: Relation<'_>,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<String, Fault> {
        let kept = self.kept(relation.issuer, now)?;
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(question.verifier.as_bytes()));
        let mut address: Url = kept.authorise.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", relation.client_id)
            .append_pair("redirect_uri", relation.back)
            .append_pair("scope", "openid email")
            .append_pair("state", &question.state)
            .append_pair("nonce", &question.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if question.is_fresh {
            address.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        }
        Ok(address.into())
    }

    fn redeem(
        &self,
        relation: Relation<'_>,
        secret: &str,
        question: &Question,
        code: &str,
        named: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Said, Fault> {
        let kept = self.kept(relation.issuer, now)?;
        match named {
            Some(named) if named != relation.issuer => {
                return Err(Fault::Unbelieved("named_other"));
            }
            None if kept.names_itself => return Err(Fault::Unbelieved("not_named")),
            _ => {}
        }
        let signed = self.signed(relation, &kept, secret, question, code)?;
        let expected = token::Expected {
            issuer: relation.issuer,
            client: relation.client_id,
            nonce: &question.nonce,
            now,
        };
        match token::read(&signed, &kept.keys, &expected) {
            // Directories change their keys; one that is not known yet is looked for once more.
            Err(Fault::Unbelieved(token::NO_KEY)) => {
                let keys = self.known.keys_again(&self.client, relation.issuer, &kept, now)?;
                token::read(&signed, &keys, &expected)
            }
            read => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_the_header_are_escaped() {
        let decoded = |text: String| {
            let (_, coded) = text.split_once(' ').unwrap();
            String::from_utf8(BASE64.decode(coded.as_bytes()).unwrap()).unwrap()
        };
        assert_eq!(decoded(basic("panel", "a b:c%")), "panel:a+b%3Ac%25");
    }
}
