//! The agencies of a file and the people who speak for them.

use super::confirm::Filing;
use super::read::speaks_for_agency;
use crate::error::AppError;
use panel_core::agency::Agency;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::id::{AgencyId, Id, SeatId, UserId};
use panel_core::text::{EmailAddress, Name, fold};
use panel_core::tracker::agencies::{AgencyChoice, AgencyGuess};
use panel_core::tracker::draft::RepDraft;
use panel_core::vocabulary::AgencyType;
use panel_store::imports::KeyKind;
use panel_store::users::{SeatRow, User};
use panel_store::{Authz, StoreError, Versioned, agencies, panels, users};
use std::collections::{BTreeSet, HashMap};

/// Which agency each key of the preview stands for.
pub(super) type OfKey = HashMap<String, AgencyId>;

/// The agency of a draft. Every draft names a guess of its own preview.
pub(super) fn agency_of(of_key: &OfKey, key: &str) -> Result<AgencyId, AppError> {
    let lost = || AppError::failed(std::io::Error::other("a row without its agency"));
    of_key.get(key).copied().ok_or_else(lost)
}

/// Finds the agencies of the new rows, adds those that are new, and remembers the words by which
/// the coordinator chose them. All of them belong to the panel from now on.
pub(super) fn agencies(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    known: &[Versioned<Agency>],
) -> Result<OfKey, AppError> {
    let wanted = wanted(filing);
    let mut of_key = OfKey::new();
    for guess in filing.preview.agencies.iter().filter(|it| wanted.contains(it.key.as_str())) {
        let id = match guess.known {
            Some(id) => id,
            None => add(filing, az, guess)?,
        };
        of_key.insert(guess.key.clone(), id);
    }
    for agency in known.iter().filter(|it| of_key.values().any(|id| *id == it.value.id)) {
        learn(filing, az, agency)?;
    }
    let members: BTreeSet<AgencyId> = of_key.values().copied().collect();
    let members: Vec<AgencyId> = members.into_iter().collect();
    panels::add_agencies(az, filing.import.panel, &members)?;
    Ok(of_key)
}

/// The keys of the agencies that new rows name.
fn wanted<'a>(filing: &Filing<'a>) -> BTreeSet<&'a str> {
    let (preview, done) = (filing.preview, &filing.done);
    let referrals = preview.referrals.iter();
    let referrals = referrals.filter(|it| !done.referrals.contains_key(&it.origin.external));
    let actions = preview.actions.iter();
    let actions = actions.filter(|it| !done.actions.contains_key(&it.origin.external));
    let reps = preview.reps.iter();
    let reps = reps.filter(|it| !done.reps.contains_key(&it.origin.external));
    let keys = referrals.map(|it| it.agency.as_str());
    keys.chain(actions.map(|it| it.agency.as_str()))
        .chain(reps.map(|it| it.agency.as_str()))
        .collect()
}

fn deed_of(code: &'static str, agency: AgencyId) -> Deed {
    Deed::new(AuditKind::Administration, code, SubjectKind::Agency, Some(agency.uuid()))
}

fn add(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    guess: &AgencyGuess,
) -> Result<AgencyId, AppError> {
    let unusable = |why: &str| {
        let message = format!("The agency “{}” cannot be added: {why}", guess.name);
        AppError::rule("agency", message)
    };
    let name = Name::parse(&guess.name).map_err(|error| unusable(&error.to_string()))?;
    let own = fold(name.as_str());
    let spellings = guess.spellings.iter().map(|spelling| fold(&spelling.written));
    let aliases: BTreeSet<String> = spellings.filter(|spelling| *spelling != own).collect();
    let agency = Agency {
        id: filing.ctx.mint(),
        name,
        kind: guess.kind.unwrap_or(AgencyType::Other),
        // Which addresses an agency's people may have is for an administrator to say.
        mail_domains: Vec::new(),
        aliases: aliases.into_iter().collect(),
        ended_on: None,
    };
    agencies::insert(az, &agency).map_err(|error| match error {
        StoreError::Taken => unusable("Panel has one of this name, choose it from the list"),
        other => other.into(),
    })?;
    az.did(deed_of("agency.add", agency.id));
    filing.summary.agencies += 1;
    Ok(agency.id)
}

/// Adds the words that the coordinator said to mean this agency.
fn learn(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
    agency: &Versioned<Agency>,
) -> Result<(), AppError> {
    let Versioned { value, version } = agency;
    let chosen = filing.choices.mapping.agencies.iter();
    let words = chosen.filter(|(_, choice)| **choice == AgencyChoice::Known(value.id));
    let own = fold(value.name.as_str());
    let new = words.map(|(word, _)| word).filter(|it| **it != own && !value.aliases.contains(it));
    let new: Vec<String> = new.cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    let learnt = Agency { aliases: [value.aliases.clone(), new].concat(), ..value.clone() };
    if !agencies::update(az, &learnt, *version)? {
        return Err(AppError::Stale);
    }
    az.did(deed_of("agency.change", value.id));
    Ok(())
}

/// Registers the representatives who are new and seats them, without any mail: whoever administers
/// invites them. Nobody is made more than the voice of an agency.
pub(super) fn reps(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    of_key: &OfKey,
) -> Result<(), AppError> {
    let all = filing.preview.reps.iter();
    let is_new = |rep: &&RepDraft| !filing.done.reps.contains_key(&rep.origin.external);
    let new: Vec<&RepDraft> = all.filter(is_new).collect();
    if new.is_empty() {
        return Ok(());
    }
    let folded: Vec<String> = filing.preview.reps.iter().map(|it| it.email.folded()).collect();
    let registered = users::with_addresses(az, &folded)?;
    let mut by_email: HashMap<String, User> =
        registered.into_iter().map(|user| (user.email.to_ascii_lowercase(), user)).collect();
    for rep in &new {
        let agency = agency_of(of_key, &rep.agency)?;
        let folded = rep.email.folded();
        if !by_email.contains_key(&folded) {
            by_email.insert(folded.clone(), register(filing, az, rep, agency)?);
        }
        if let Some(user) = by_email.get(&folded) {
            filing.became(KeyKind::Rep, &rep.origin.external, user.id.uuid());
        }
    }
    let seats = users::seats(az, Some(filing.import.panel), None)?;
    let today = filing.ctx.today;
    let lasting = seats.iter().filter(|seat| seat.until.is_none_or(|until| until >= today));
    let seated: BTreeSet<UserId> = lasting.map(|seat| seat.user).collect();
    let user_of = |email: &EmailAddress| by_email.get(&email.folded());
    for rep in new {
        let agency = agency_of(of_key, &rep.agency)?;
        let Some(user) = user_of(&rep.email) else { continue };
        // Somebody who works for another agency, or has left, stays as the administrator has it.
        let fits = user.agency == agency && user.ended_on.is_none();
        if fits && speaks_for_agency(rep.role) && !seated.contains(&user.id) {
            let principal = rep.deputy_for.as_ref().and_then(user_of).map(|user| user.id);
            seat(filing, az, rep, user, principal)?;
        }
    }
    Ok(())
}

fn register(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    rep: &RepDraft,
    agency: AgencyId,
) -> Result<User, AppError> {
    let user = User {
        id: filing.ctx.mint(),
        name: rep.name.to_string(),
        email: rep.email.as_str().to_owned(),
        agency,
        administrator: false,
        last_sign_in: None,
        ended_on: None,
        suspended_on: None,
        version: 1,
    };
    users::insert(az, &user)?;
    let (kind, subject) = (AuditKind::Administration, SubjectKind::Account);
    az.did(Deed::new(kind, "account.register", subject, Some(user.id.uuid())));
    filing.summary.accounts += 1;
    Ok(user)
}

fn seat(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    rep: &RepDraft,
    user: &User,
    deputy_for: Option<UserId>,
) -> Result<SeatId, AppError> {
    let seat = SeatRow {
        id: filing.ctx.mint(),
        panel: filing.import.panel,
        user: user.id,
        agency: user.agency,
        role: rep.role,
        from: filing.ctx.today,
        until: None,
        deputy_for,
    };
    users::insert_seat(az, &seat)?;
    let (kind, subject) = (AuditKind::Administration, SubjectKind::Account);
    az.did(Deed::new(kind, "seat.add", subject, Some(user.id.uuid())).at(seat.panel));
    filing.summary.seats += 1;
    Ok(seat.id)
}

/// The people with a seat at the panel who can be told from their name and agency alone.
pub(super) fn seated_by_name(
    filing: &Filing<'_>,
    az: &mut Authz<'_>,
) -> Result<HashMap<(AgencyId, String), Option<UserId>>, AppError> {
    let today = filing.ctx.today;
    let seats = users::seats(az, Some(filing.import.panel), None)?;
    let lasting = seats.iter().filter(|seat| seat.until.is_none_or(|until| until >= today));
    let seated: BTreeSet<UserId> = lasting.map(|seat| seat.user).collect();
    let mut by_name: HashMap<(AgencyId, String), Option<UserId>> = HashMap::new();
    for user in users::list(az)?.into_iter().filter(|user| seated.contains(&user.id)) {
        let found = by_name.entry((user.agency, fold(&user.name)));
        found.and_modify(|one| *one = None).or_insert(Some(user.id));
    }
    Ok(by_name)
}
