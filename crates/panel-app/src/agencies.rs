//! Agencies, kept by the administrator.

use crate::accounts::taken;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use panel_core::agency::Agency;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id};
use panel_core::text::{Name, fold};
use panel_core::vocabulary::AgencyType;
use panel_store::{Versioned, agencies};
use serde::{Deserialize, Serialize};

/// What the form of an agency holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AgencyForm {
    /// What people call it.
    pub name: String,
    /// What kind of body it is.
    pub kind: AgencyType,
    /// Domains of its people's addresses.
    #[serde(default)]
    pub mail_domains: Vec<String>,
    /// Other names under which files know it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl AgencyForm {
    fn check(&self, id: AgencyId) -> Result<Agency, AppError> {
        let name = Name::parse(&self.name)
            .map_err(|e| AppError::Invalid(vec![text_error("name", "Name", &e)]))?;
        let domain = |raw: &String| {
            let domain = raw.trim().trim_start_matches('@').to_ascii_lowercase();
            let probe = panel_core::text::EmailAddress::parse(&format!("a@{domain}"));
            let message = "Each mail domain must be one like police.uk";
            let refused = || AppError::field("mail_domains", "not_a_domain", message);
            probe.map(|_| domain).map_err(|_| refused())
        };
        let blank = |text: &&String| !text.trim().is_empty();
        Ok(Agency {
            id,
            name,
            kind: self.kind,
            mail_domains: self
                .mail_domains
                .iter()
                .filter(blank)
                .map(domain)
                .collect::<Result<_, _>>()?,
            aliases: self.aliases.iter().filter(blank).map(|alias| fold(alias)).collect(),
            ended_on: None,
        })
    }
}

fn deed(code: &'static str, id: AgencyId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Agency, Some(id.uuid()))
}

const TAKEN: &str = "Another agency already has this name";

/// Every agency, the ones that left last.
///
/// # Errors
/// When the database fails.
pub fn list(ctx: &Ctx<'_>) -> Result<Vec<Versioned<Agency>>, AppError> {
    ctx.read(|az| Ok(agencies::list(az)?))
}

/// One agency.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: AgencyId) -> Result<Versioned<Agency>, AppError> {
    ctx.read(|az| agencies::find(az, id)?.ok_or(AppError::NotFound))
}

/// Adds an agency.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed, [`AppError::NotFound`] for whoever does not administer.
pub fn add(ctx: &Ctx<'_>, form: &AgencyForm) -> Result<AgencyId, AppError> {
    ctx.must_administer()?;
    let agency = form.check(ctx.mint())?;
    ctx.write(|az| {
        agencies::insert(az, &agency).map_err(|e| taken(e, "name", TAKEN))?;
        az.did(deed("agency.add", agency.id));
        Ok(agency.id)
    })
}

/// Changes an agency.
///
/// # Errors
/// As [`add`], and [`AppError::Stale`] when it was changed since `version` was read.
pub fn change(
    ctx: &Ctx<'_>,
    id: AgencyId,
    version: i32,
    form: &AgencyForm,
) -> Result<(), AppError> {
    ctx.must_administer()?;
    let agency = form.check(id)?;
    ctx.write(|az| {
        let found = agencies::find(az, id)?.ok_or(AppError::NotFound)?;
        let agency = Agency { ended_on: found.value.ended_on, ..agency };
        let saved = agencies::update(az, &agency, version).map_err(|e| taken(e, "name", TAKEN))?;
        az.did(deed("agency.change", id));
        if saved { Ok(()) } else { Err(AppError::Stale) }
    })
}
