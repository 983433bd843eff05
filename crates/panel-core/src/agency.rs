//! Agencies that take part in panels.

use crate::id::AgencyId;
use crate::text::{EmailAddress, Name};
use crate::vocabulary::AgencyType;
use chrono::NaiveDate;

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// What people call it.
    pub name: Name,
    /// What kind of body it is.
    pub kind: AgencyType,
    /// Domains its people's addresses lie in; none means that any address is taken.
    pub mail_domains: Vec<String>,
    /// Other names under which files know it, folded.
    pub aliases: Vec<String>,
    /// The day it left, if it did.
    pub ended_on: Option<NaiveDate>,
}

impl Agency {
    /// Whether an address may belong to this agency's people.
    pub fn takes_address(&self, address: &EmailAddress) -> bool {
        self.mail_domains.is_empty() || self.mail_domains.iter().any(|d| address.is_within(d))
    }
}
