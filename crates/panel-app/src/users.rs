//! People who use the service: invited, seated, and let go in one act.

use crate::accounts::{issue_link, taken};
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::second_factor::tell;
use chrono::NaiveDate;
use panel_core::access::Role;
use panel_core::account::LinkPurpose;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id, PanelId, SeatId, UserId};
use panel_core::text::{EmailAddress, Name};
use panel_store::users;
pub use panel_store::users::{SeatRow, User};
use panel_store::{Authz, agencies, dormant, factors, glass, outbox, panels, sessions};
use serde::{Deserialize, Serialize};

/// What the form of a person holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserForm {
    /// The person's own name.
    pub name: String,
    /// The address mail goes to.
    pub email: String,
    /// The agency that employs the person.
    pub agency: AgencyId,
    /// Whether the person runs the service.
    #[serde(default)]
    pub administrator: bool,
}

/// What the form of a seat holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeatForm {
    /// At which panel.
    pub panel: PanelId,
    /// In which role.
    pub role: Role,
    /// First day.
    pub from: NaiveDate,
    /// Last day, if known.
    pub until: Option<NaiveDate>,
    /// Whom the person stands in for.
    pub deputy_for: Option<UserId>,
}

/// A person with seats.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserDetail {
    /// The person.
    pub user: User,
    /// The agency's name.
    pub agency: String,
    /// Whether the person has a second factor.
    pub has_second_factor: bool,
    /// Seats, newest first, each with the panel's name.
    pub seats: Vec<(SeatRow, String)>,
}

/// A person who was just invited, with the link that sets the first password. It is shown once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// Who.
    pub user: UserId,
    /// The link.
    pub link: String,
}

fn deed(code: &'static str, user: UserId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Account, Some(user.uuid()))
}

const TAKEN: &str = "Another person already has this email address";

fn check(az: &mut Authz<'_>, form: &UserForm) -> Result<(Name, EmailAddress), AppError> {
    let mut errors = Vec::new();
    let name =
        Name::parse(&form.name).map_err(|e| errors.push(text_error("name", "Name", &e))).ok();
    let email = EmailAddress::parse(&form.email)
        .map_err(|e| errors.push(text_error("email", "Email address", &e)))
        .ok();
    let (Some(name), Some(email)) = (name, email) else { return Err(AppError::Invalid(errors)) };
    let agency = agencies::find(az, form.agency)?
        .ok_or_else(|| AppError::field("agency", "unknown", "Select the agency"))?;
    if !agency.value.takes_address(&email) {
        let domains = agency.value.mail_domains.join(" or ");
        let message = format!("Email address must end in {domains} for {}", agency.value.name);
        return Err(AppError::field("email", "foreign_domain", message));
    }
    Ok((name, email))
}

/// Everybody, those who left last.
///
/// # Errors
/// [`AppError::NotFound`] for whoever neither administers nor runs a panel.
pub fn list(ctx: &Ctx<'_>) -> Result<Vec<User>, AppError> {
    let runs = |role: Role| ctx.actor().seats.iter().any(|seat| seat.role == role);
    if !ctx.actor().administrator && !runs(Role::Coordinator) && !runs(Role::Chair) {
        return Err(AppError::NotFound);
    }
    ctx.read(|az| Ok(users::list(az)?))
}

/// One person with seats.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: UserId) -> Result<UserDetail, AppError> {
    ctx.must_administer()?;
    ctx.read(|az| {
        let user = users::find(az, id)?.ok_or(AppError::NotFound)?;
        let agency = agencies::find(az, user.agency)?.ok_or(AppError::NotFound)?;
        let names: Vec<(PanelId, String)> =
            panels::list(az)?.into_iter().map(|p| (p.value.id, p.value.name.into())).collect();
        let name_of = |panel| {
            names
                .iter()
                .find(|(id, _)| *id == panel)
                .map(|(_, name)| name.clone())
                .unwrap_or_default()
        };
        let seats = users::seats(az, None, Some(id))?;
        let seats = seats.into_iter().map(|seat| (seat.clone(), name_of(seat.panel))).collect();
        let has_second_factor = factors::is_set_up(az, id)?;
        Ok(UserDetail { user, agency: agency.value.name.into(), has_second_factor, seats })
    })
}

/// Registers a person and mails the one-time link that sets the first password.
///
/// # Errors
/// [`AppError::Invalid`] for what was typed, [`AppError::NotFound`] for whoever does not administer.
pub fn invite(ctx: &Ctx<'_>, form: &UserForm) -> Result<Invited, AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    ctx.write(|az| {
        let (name, email) = check(az, form)?;
        let user = User {
            id: ctx.mint(),
            name: name.into(),
            email: email.as_str().to_owned(),
            agency: form.agency,
            administrator: form.administrator,
            last_sign_in: None,
            ended_on: None,
            suspended_on: None,
            version: 1,
        };
        users::insert(az, &user).map_err(|e| taken(e, "email", TAKEN))?;
        az.did(deed("account.invite", user.id));
        let link = issue_link(az, ctx.app, user.id, LinkPurpose::Invitation)?;
        Ok(Invited { user: user.id, link })
    })
}

/// Makes a new link for a person whose last one was lost or ran out.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn invite_again(ctx: &Ctx<'_>, id: UserId) -> Result<Invited, AppError> {
    ctx.must_administer()?;
    ctx.write(|az| {
        let user = users::find(az, id)?.ok_or(AppError::NotFound)?;
        if user.ended_on.is_some() {
            return Err(AppError::rule("has_left", "This person has left"));
        }
        if user.suspended_on.is_some() {
            return Err(AppError::rule("suspended", "Open this account again first"));
        }
        let purpose =
            if user.last_sign_in.is_some() { LinkPurpose::Reset } else { LinkPurpose::Invitation };
        let link = issue_link(az, ctx.app, id, purpose)?;
        Ok(Invited { user: id, link })
    })
}

/// Changes a person's name, address or agency. A new address ends the person's sessions.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Stale`], [`AppError::NotFound`].
pub fn change(ctx: &Ctx<'_>, id: UserId, version: i32, form: &UserForm) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    ctx.write(|az| {
        let (name, email) = check(az, form)?;
        let found = users::find(az, id)?.ok_or(AppError::NotFound)?;
        if found.id == ctx.user() && found.administrator && !form.administrator {
            return Err(AppError::rule("last_key", "You cannot take away your own administration"));
        }
        let moved = found.email != email.as_str();
        let changed = User {
            name: name.into(),
            email: email.as_str().to_owned(),
            agency: form.agency,
            administrator: form.administrator,
            version,
            ..found
        };
        let saved = users::update(az, &changed).map_err(|e| taken(e, "email", TAKEN))?;
        if !saved {
            return Err(AppError::Stale);
        }
        if moved {
            sessions::end_sessions(az, None, id)?;
        }
        az.did(deed("account.change", id));
        Ok(())
    })
}

/// Seats a person at a panel for the agency that employs them.
///
/// # Errors
/// [`AppError::Invalid`] when the seat would end before it begins, [`AppError::NotFound`].
pub fn seat(ctx: &Ctx<'_>, id: UserId, form: &SeatForm) -> Result<SeatId, AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    if form.until.is_some_and(|until| until < form.from) {
        return Err(AppError::field(
            "until",
            "before_start",
            "Last day must be on or after the first day",
        ));
    }
    ctx.write(|az| {
        let user = users::find(az, id)?.ok_or(AppError::NotFound)?;
        let panel = panels::find(az, form.panel)?.ok_or(AppError::NotFound)?;
        let seat = SeatRow {
            id: ctx.mint(),
            panel: panel.value.id,
            user: id,
            agency: user.agency,
            role: form.role,
            from: form.from,
            until: form.until,
            deputy_for: form.deputy_for,
        };
        users::insert_seat(az, &seat)?;
        az.did(deed("seat.add", id).at(form.panel));
        Ok(seat.id)
    })
}

/// Ends a seat after `last_day`.
///
/// # Errors
/// When the database fails.
pub fn end_seat(
    ctx: &Ctx<'_>,
    id: UserId,
    seat: SeatId,
    last_day: NaiveDate,
) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.must_be_sure()?;
    ctx.write(|az| {
        users::end_seats(az, Some(seat), Some(id), last_day)?;
        az.did(deed("seat.end", id));
        Ok(())
    })
}

/// Opens an account again that was suspended because nobody used it.
///
/// # Errors
/// [`AppError::Unsure`]; [`AppError::NotFound`] for whoever neither administers nor leads the person's
/// agency, and when the account is not suspended.
pub fn reopen(ctx: &Ctx<'_>, id: UserId) -> Result<(), AppError> {
    ctx.write(|az| {
        let user = users::find(az, id)?.ok_or(AppError::NotFound)?;
        if !ctx.actor().administrator && !ctx.actor().leads(user.agency) {
            return Err(AppError::NotFound);
        }
        ctx.must_be_sure()?;
        if user.ended_on.is_some() || !dormant::reopen(az, id)? {
            return Err(AppError::NotFound);
        }
        az.did(deed("account.reopen", id));
        tell(az, id)
    })
}

/// Signs a person out everywhere, such as when a device was lost; their programs' tokens end too.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown person, and for whoever does not administer.
pub fn sign_out(ctx: &Ctx<'_>, id: UserId) -> Result<(), AppError> {
    ctx.must_administer()?;
    ctx.write(|az| {
        users::find(az, id)?.ok_or(AppError::NotFound)?;
        sessions::end_sessions(az, None, id)?;
        sessions::revoke_tokens(az, None, id)?;
        az.did(deed("account.signed_out", id));
        Ok(())
    })
}

/// Ends sessions, tokens, seats and waiting mail of a person at once. Whoever lets a person go has
/// handed over the open actions first (see `actions::hand_over`).
pub(crate) fn close_account(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: UserId) -> Result<(), AppError> {
    let user = users::find(az, id)?.ok_or(AppError::NotFound)?;
    if id == ctx.user() {
        return Err(AppError::rule("own_account", "You cannot remove yourself"));
    }
    let yesterday = ctx.today.pred_opt().unwrap_or(ctx.today);
    users::end_seats(az, None, Some(id), yesterday)?;
    sessions::end_sessions(az, None, id)?;
    sessions::revoke_tokens(az, None, id)?;
    outbox::cancel_for(az, id, "the person has left")?;
    glass::close_all(az, id)?;
    users::update(az, &User { ended_on: Some(ctx.today), ..user })?;
    az.did(deed("account.close", id));
    Ok(())
}
