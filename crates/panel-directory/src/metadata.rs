//! What directories say of themselves: where people are sent, where codes are redeemed, and their keys.

use crate::http::Client;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::Jwk;
use panel_app::directory::Fault;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// How long what a directory says of itself is kept.
const KEPT: Duration = Duration::minutes(10);
/// How old keys are before they are read anew because one is not among them: whoever sends tokens with
/// invented keys does not make us ask each time.
const KEYS_AGAIN: Duration = Duration::minutes(1);
/// Directories of which something is kept.
const MOST: usize = 64;
/// The most bytes of each.
const METADATA: u64 = 64 * 1024;
const KEYS: u64 = 256 * 1024;
/// The most keys of a directory that are looked at.
const MOST_KEYS: usize = 100;

/// What is kept of one directory.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Where people are sent.
    pub(crate) authorise: Url,
    /// Where codes are redeemed.
    pub(crate) token: Url,
    /// Whether who asks is proved in a header, or else in the form.
    pub(crate) takes_basic: bool,
    /// Whether it says who it is when it sends people back.
    pub(crate) names_itself: bool,
    /// The keys by which it signs.
    pub(crate) keys: Vec<Jwk>,
    keys_at: Url,
    read_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

/// What is kept of all.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<HashMap<String, Arc<Kept>>>);

impl Known {
    /// What a directory says of itself, asked anew when it is ten minutes old. No lock is held meanwhile.
    pub(crate) fn of(
        &self,
        client: &Client,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Kept>, Fault> {
        let kept = self.all().get(issuer).cloned();
        let is_new = |kept: &Arc<Kept>| (Duration::zero()..KEPT).contains(&(now - kept.read_at));
        if let Some(kept) = kept.filter(is_new) {
            return Ok(kept);
        }
        Ok(self.keep(issuer, read(client, issuer, now)?))
    }

    /// The keys of a directory, asked for anew unless they were just now.
    pub(crate) fn keys_again(
        &self,
        client: &Client,
        issuer: &str,
        kept: &Kept,
        now: DateTime<Utc>,
    ) -> Result<Vec<Jwk>, Fault> {
        if (Duration::zero()..KEYS_AGAIN).contains(&(now - kept.read_at)) {
            return Ok(kept.keys.clone());
        }
        let keys = keys(client, &kept.keys_at)?;
        self.keep(issuer, Kept { keys: keys.clone(), read_at: now, ..kept.clone() });
        Ok(keys)
    }

    fn keep(&self, issuer: &str, kept: Kept) -> Arc<Kept> {
        let kept = Arc::new(kept);
        let mut all = self.all();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(issuer.to_owned(), kept.clone());
        kept
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Kept>>> {
        // A panic elsewhere leaves the map as good as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(client: &Client, issuer: &str, now: DateTime<Utc>) -> Result<Kept, Fault> {
    let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let body = client.read(&client.address(&place)?, METADATA)?;
    let said: Metadata = serde_json::from_slice(&body).map_err(|_| Fault::Away("metadata"))?;
    if said.issuer != issuer {
        return Err(Fault::Away("other_issuer"));
    }
    let methods = said.token_endpoint_auth_methods_supported;
    let takes = |method: &str| match &methods {
        Some(methods) => methods.iter().any(|one| one == method),
        None => method == "client_secret_basic",
    };
    let takes_basic = takes("client_secret_basic");
    if !takes_basic && !takes("client_secret_post") {
        return Err(Fault::Away("client_proof"));
    }
    let keys_at = client.address(&said.jwks_uri)?;
    Ok(Kept {
        authorise: client.address(&said.authorization_endpoint)?,
        token: client.address(&said.token_endpoint)?,
        takes_basic,
        names_itself: said.authorization_response_iss_parameter_supported,
        keys: keys(client, &keys_at)?,
        keys_at,
        read_at: now,
    })
}

/// The keys that we can read; of a kind that we do not know there may be others.
fn keys(client: &Client, place: &Url) -> Result<Vec<Jwk>, Fault> {
    let body = client.read(place, KEYS)?;
    let said: Keys = serde_json::from_slice(&body).map_err(|_| Fault::Away("keys"))?;
    let known = said.keys.into_iter().take(MOST_KEYS);
    Ok(known.filter_map(|key| serde_json::from_value(key).ok()).collect())
}
