//! The ceremonies of passkeys, by the W3C's Web Authentication: what a device is asked, and whether its
//! answer holds. The proofs themselves are `webauthn_rp`'s; here stands what this service asks for.
//!
//! That crate draws its challenges from the operating system and times them by the machine's clock. The
//! service's own clock decides beside it, in [`crate::passkeys`].

use panel_core::id::{Id, UserId};
use panel_store::passkeys::Passkey;
use std::net::IpAddr;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{
    AllowedCredentials, AuthenticationVerificationOptions, NonDiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
    RegistrationVerificationOptions, ResidentKeyRequirement, UserHandle16,
};
use webauthn_rp::request::{
    AsciiDomain, Credentials, PublicKeyCredentialDescriptor, RpId, UserVerificationRequirement,
};
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, NonDiscoverableAuthentication16,
    NonDiscoverableAuthenticationServerState, Registration, RegistrationServerState,
};

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It does not answer what was asked, or not by the key that was asked for.
    Wrong,
    /// Its counter did not go on: the key may be held by two devices.
    Copied,
}

/// What was begun: what the service keeps, and what the device is told, as JSON.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) state: Vec<u8>,
    pub(crate) options: String,
}

/// A passkey that a device made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) credential: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) state: Vec<u8>,
    pub(crate) transports: i32,
}

/// Who asks a device: the service under its one public address.
#[derive(Debug)]
pub(crate) struct Party {
    id: RpId,
    origin: String,
}

impl Party {
    /// The service at this address; nothing where browsers know no passkeys: by a bare number, and
    /// without HTTPS anywhere but on the machine itself.
    pub(crate) fn of(public_url: &str) -> Option<Self> {
        let (scheme, rest) = public_url.split_once("://")?;
        let authority = rest.split('/').next()?;
        let host = authority.split_once(':').map_or(authority, |(host, _)| host);
        let is_private = scheme == "https" || (scheme == "http" && host == "localhost");
        if !is_private || host.parse::<IpAddr>().is_ok() || host.starts_with('[') {
            return None;
        }
        let id = RpId::Domain(AsciiDomain::try_from(host.to_owned()).ok()?);
        Some(Self { id, origin: format!("{scheme}://{authority}") })
    }

    /// Asks a device to make a passkey for a person who has these already.
    pub(crate) fn invite(
        &self,
        user: UserId,
        email: &str,
        name: &str,
        known: &[Passkey],
    ) -> Option<Asked> {
        let handle = handle(user);
        let entity = PublicKeyCredentialUserEntity {
            name: email.try_into().ok()?,
            id: &handle,
            // What a name may not hold here is left out; the address says whose it is.
            display_name: name.try_into().ok(),
        };
        let known = known.iter().filter_map(descriptor).collect();
        let mut options = PublicKeyCredentialCreationOptions::passkey(&self.id, entity, known);
        // The password names the person, so that the few places of an older key need not be used up.
        options.authenticator_selection.resident_key = ResidentKeyRequirement::Preferred;
        // Every proof is checked for it anyway; older keys that know no such promise are not shut out.
        options.extensions.cred_protect = CredProtect::None;
        let (server, client) = options.start_ceremony().ok()?;
        Some(Asked { state: server.encode().ok()?, options: serde_json::to_string(&client).ok()? })
    }

    /// The passkey that a device made when it was asked.
    pub(crate) fn accept(&self, user: UserId, state: &[u8], answer: &str) -> Result<Made, Refusal> {
        let server = RegistrationServerState::<16>::decode(state).map_err(wrong)?;
        let answer = Registration::from_json_relaxed(answer.as_bytes()).map_err(wrong)?;
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin.as_str()],
            // Some devices say more than they were asked, which proves nothing and harms nobody.
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let made = server.verify(&self.id, &answer, &options).map_err(wrong)?;
        if *made.user_id() != handle(user) {
            return Err(Refusal::Wrong);
        }
        Ok(Made {
            credential: made.id().as_ref().to_vec(),
            public_key: encoded(made.static_state().encode())?,
            state: encoded(made.dynamic_state().encode())?.to_vec(),
            transports: i32::from(encoded(made.transports().encode())?),
        })
    }

    /// Asks a device to prove who asks, by one of these passkeys.
    pub(crate) fn ask(&self, known: &[Passkey]) -> Option<Asked> {
        let mut allowed = AllowedCredentials::with_capacity(known.len());
        for one in known.iter().filter_map(descriptor) {
            allowed.push(one.into());
        }
        let mut options =
            NonDiscoverableCredentialRequestOptions::second_factor(&self.id, allowed).ok()?;
        options.options().user_verification = UserVerificationRequirement::Required;
        let (server, client) = options.start_ceremony().ok()?;
        Some(Asked { state: server.encode().ok()?, options: serde_json::to_string(&client).ok()? })
    }

    /// Checks a device's proof, and gives the passkey by which it was given with its new state.
    pub(crate) fn check<'k>(
        &self,
        user: UserId,
        state: &[u8],
        answer: &str,
        known: &'k [Passkey],
    ) -> Result<(&'k Passkey, Vec<u8>), Refusal> {
        let server = NonDiscoverableAuthenticationServerState::decode(state).map_err(wrong)?;
        let answer = NonDiscoverableAuthentication16::from_json_relaxed(answer.as_bytes());
        let answer = answer.map_err(wrong)?;
        let named = answer.raw_id();
        let one = known.iter().find(|one| one.credential == named.as_ref());
        let one = one.ok_or(Refusal::Wrong)?;
        let handle = handle(user);
        let kept: [u8; 7] = one.state.as_slice().try_into().map_err(wrong)?;
        let mut credential = AuthenticatedCredential::new(
            CredentialId::<&[u8]>::decode(&one.credential).map_err(wrong)?,
            &handle,
            StaticState::decode(one.public_key.as_slice()).map_err(wrong)?,
            DynamicState::decode(kept).map_err(wrong)?,
        )
        .map_err(wrong)?;
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin.as_str()],
            error_on_unsolicited_extensions: false,
            ..AuthenticationVerificationOptions::default()
        };
        match server.verify(&self.id, &answer, &mut credential, &options) {
            Ok(_) => Ok((one, encoded(credential.dynamic_state().encode())?.to_vec())),
            Err(AuthCeremonyErr::SignatureCounter) => Err(Refusal::Copied),
            Err(_) => Err(Refusal::Wrong),
        }
    }
}

/// What a device files a passkey under: the person's id, which says nothing.
fn handle(user: UserId) -> UserHandle16 {
    let Ok(handle) = UserHandle16::decode(user.uuid().into_bytes());
    handle
}

fn descriptor(one: &Passkey) -> Option<PublicKeyCredentialDescriptor<Vec<u8>>> {
    let transports = u8::try_from(one.transports).ok()?;
    Some(PublicKeyCredentialDescriptor {
        id: CredentialId::decode(one.credential.clone()).ok()?,
        transports: AuthTransports::decode(transports).ok()?,
    })
}

fn wrong<E>(_: E) -> Refusal {
    Refusal::Wrong
}

fn encoded<T, E>(encoded: Result<T, E>) -> Result<T, Refusal> {
    encoded.map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(public_url: &str, expected: Option<&str>) {
        let party = Party::of(public_url);
        assert_eq!(party.as_ref().map(|party| party.origin.as_str()), expected);
    }

    #[test]
    fn a_service_has_passkeys_under_a_name_and_in_private() {
        let origin = "https://panel.example.org";
        check(origin, Some(origin));
        check("https://panel.example.org:8443", Some("https://panel.example.org:8443"));
        check("http://localhost:8080", Some("http://localhost:8080"));
        for none in [
            "http://panel.example.org",
            "http://127.0.0.1:8080",
            "https://192.0.2.1",
            "https://[2001:db8::1]:8443",
            "https://",
            "panel.example.org",
        ] {
            check(none, None);
        }
    }
}
