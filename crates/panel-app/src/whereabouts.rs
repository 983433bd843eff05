//! Where the people of a referral can be found: sealed when it is taken in, read by an act of its own.

use crate::context::Ctx;
use crate::error::{AppError, text_error};
use crate::sealed;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::contact::{Postcode, Telephone};
use panel_core::id::{CaseId, Id, PersonId, ReaderId, ReferralId, UserId};
use panel_core::referral::{Apart, Found, NamedAs, POSTCODE, TELEPHONE, Whereabouts};
use panel_core::text::Note;
use panel_store::referrals::{self, Mention, Referral, ReferralRow};
use panel_store::whereabouts::{self, Kept};
pub use panel_store::whereabouts::{Reader, Reveal};
use panel_store::{Authz, users};
use panel_vault::{OpenError, Place, Ring};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Readings that the page of a referral's readers shows at most.
const SHOWN: i64 = 50;

/// Where what is kept of a person belongs.
pub(crate) fn place(referral: ReferralId, person: PersonId) -> Place {
    Place { table: "whereabouts", column: "sealed", row: person.uuid(), owner: referral.uuid() }
}

/// Seals what was taken out of a referral, under the referral's key, which is made when there is none.
pub(crate) fn keep(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: ReferralId,
    mentions: &[Mention],
    apart: &Apart,
) -> Result<(), AppError> {
    let mut found = Vec::new();
    for mention in mentions {
        let all = match mention.named_as {
            NamedAs::Victim => &apart.victims,
            NamedAs::Child => &apart.children,
        };
        let place = usize::try_from(mention.position).unwrap_or(0).checked_sub(1);
        let one = place.and_then(|place| all.get(place)).filter(|one| !one.fields().is_empty());
        found.extend(one.map(|one| (mention.person, one)));
    }
    if found.is_empty() && whereabouts::data_key(az, referral)?.is_none() {
        return Ok(());
    }
    let key = sealed::of_or_new(ctx, az, referral)?;
    let mut kept = Vec::new();
    for (person, one) in found {
        let plain = panel_vault::Zeroizing::new(one.to_seal().map_err(AppError::failed)?);
        let sealed = key.seal(az.ids(), &place(referral, person), &plain);
        let marks = one.marks().into_iter().map(|(kind, value)| ctx.app.vault.blind(kind, &value));
        kept.push(Kept { person, sealed, marks: marks.collect() });
    }
    Ok(whereabouts::replace(az, referral, &kept)?)
}

/// What is kept of the people of a referral, opened.
pub(crate) fn opened(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: ReferralId,
) -> Result<BTreeMap<PersonId, Whereabouts>, AppError> {
    let Some(key) = sealed::of(&ctx.app.vault, az, referral)? else { return Ok(BTreeMap::new()) };
    let open = |(person, sealed): (PersonId, Vec<u8>)| {
        let plain = key.open(&place(referral, person), &sealed)?;
        Ok((person, Whereabouts::opened(&plain).map_err(|_| OpenError::Form)?))
    };
    let all = whereabouts::of(az, referral)?.into_iter().map(open);
    all.collect::<Result<_, OpenError>>().map_err(AppError::failed)
}

/// What is kept of everybody whom the referrals of these cases name, opened.
pub(crate) fn of_cases(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    cases: &[CaseId],
) -> Result<Vec<Whereabouts>, AppError> {
    let open = |(referral, key, person, sealed): whereabouts::OfCase| {
        let key = ctx.app.vault.data_key(referral.uuid(), &key)?;
        let plain = key.open(&place(referral, person), &sealed)?;
        Whereabouts::opened(&plain).map_err(|_| OpenError::Form)
    };
    let all = whereabouts::of_cases(az, cases)?.into_iter().map(open);
    all.collect::<Result<_, OpenError>>().map_err(AppError::failed)
}

/// By which marks a text is looked for: as a number, and as a postcode.
pub(crate) fn marks_of(vault: &Ring, text: &str) -> Vec<[u8; 32]> {
    let number = Telephone::parse(text).ok();
    let number = number.map(|number| vault.blind(TELEPHONE, number.as_str()));
    let code = Postcode::parse(text).ok().map(|code| vault.blind(POSTCODE, code.as_str()));
    number.into_iter().chain(code).collect()
}

/// Whether the caller may read what is kept of a referral's people.
pub(crate) fn may_reveal(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    referral: &Referral,
) -> Result<bool, AppError> {
    let facts = whereabouts::facts(az, &referral.row, referral.entered_by)?;
    Ok(ctx.actor().may_reveal(&facts))
}

/// Why somebody reads what is kept of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevealForm {
    /// In a few words.
    pub reason: String,
}

/// The fewest characters of a reason.
const REASON: usize = 10;

fn reason(raw: &str) -> Result<Note, AppError> {
    let note = Note::parse(raw)
        .map_err(|e| AppError::Invalid(vec![text_error("reason", "Reason", &e)]))?;
    if note.as_str().chars().count() < REASON {
        let message = "Reason must be 10 characters or more";
        return Err(AppError::field("reason", "too_short", message));
    }
    Ok(note)
}

/// Reads what is kept of one victim or child. The reading and its reason are written down before anything
/// is given out.
///
/// # Errors
/// [`AppError::NotFound`] for whoever may not read it, and where nothing is kept; [`AppError::Invalid`] for
/// the reason.
pub fn reveal(
    ctx: &Ctx<'_>,
    id: ReferralId,
    person: PersonId,
    form: &RevealForm,
) -> Result<Found, AppError> {
    let reason = reason(&form.reason);
    ctx.read(|az| {
        let referral = referrals::find(az, id)?.ok_or(AppError::NotFound)?;
        if !may_reveal(ctx, az, &referral)? {
            return Err(AppError::NotFound);
        }
        ctx.must_be_sure()?;
        let reason = reason?;
        let found = opened(ctx, az, id)?.remove(&person).ok_or(AppError::NotFound)?;
        let row = &referral.row;
        let noted = whereabouts::note_reveal(az, row, person, ctx.user(), &reason)?;
        let code = "whereabouts.reveal";
        let subject = Some(person.uuid());
        let deed = Deed::new(AuditKind::Consultation, code, SubjectKind::Person, subject);
        az.did(deed.at(row.panel).in_case(row.case).with(noted.to_string()));
        Ok(found.reveal())
    })
}

/// Who may read what is kept of a referral's people, and who has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = WhereaboutsReaders))]
pub struct Readers {
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: String,
    /// People who are or were named, the latest first.
    pub named: Vec<Reader>,
    /// People who can be named.
    pub people: Vec<(UserId, String)>,
    /// Readings, the latest first, at most 50.
    pub reveals: Vec<Reveal>,
}

/// A referral of a panel that the caller runs.
fn run(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: ReferralId) -> Result<ReferralRow, AppError> {
    let row = referrals::find(az, id)?.ok_or(AppError::NotFound)?.row;
    ctx.must_run(row.panel).map(|()| row)
}

/// Who may read it, for whoever runs the panel.
///
/// # Errors
/// [`AppError::NotFound`], also for whoever does not run the panel.
pub fn readers(ctx: &Ctx<'_>, id: ReferralId) -> Result<Readers, AppError> {
    ctx.read(|az| {
        let row = run(ctx, az, id)?;
        let named = whereabouts::readers(az, &row)?;
        let is_named = |user: UserId| named.iter().any(|r| r.user == user && r.ended_at.is_none());
        let sitting = users::sitting(az, &[row.panel])?.into_iter();
        let mut people: Vec<_> = sitting
            .filter(|sitter| !is_named(sitter.user))
            .map(|sitter| (sitter.user, sitter.name))
            .collect();
        people.dedup();
        let reveals = whereabouts::reveals_of(az, &row, SHOWN)?;
        Ok(Readers { referral: id, reference: row.reference, named, people, reveals })
    })
}

/// Somebody to be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReaderForm {
    /// Who.
    pub person: Option<UserId>,
    /// Why.
    pub reason: String,
}

/// Names somebody who sits at the panel to read what is kept of a referral's people.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Invalid`] for whom or why.
pub fn name_reader(ctx: &Ctx<'_>, id: ReferralId, form: &ReaderForm) -> Result<(), AppError> {
    let reason = reason(&form.reason);
    ctx.write(|az| {
        let row = run(ctx, az, id)?;
        ctx.must_be_sure()?;
        let sitting = users::sitting(az, &[row.panel])?;
        let named = whereabouts::readers(az, &row)?;
        let is_open = |user: UserId| {
            sitting.iter().any(|sitter| sitter.user == user)
                && !named.iter().any(|one| one.user == user && one.ended_at.is_none())
        };
        let person = form.person.filter(|user| is_open(*user));
        let missing = || AppError::field("person", "unknown", "Choose somebody of the panel");
        let (person, reason) = (person.ok_or_else(missing)?, reason?);
        let line = whereabouts::name_reader(az, &row, person, ctx.user(), &reason)?;
        az.did(deed("whereabouts.name_reader", &row, line));
        Ok(())
    })
}

/// Takes somebody off again.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn end_reader(ctx: &Ctx<'_>, id: ReferralId, line: ReaderId) -> Result<(), AppError> {
    ctx.write(|az| {
        let row = run(ctx, az, id)?;
        if !whereabouts::end_reader(az, &row, line, ctx.user())? {
            return Err(AppError::NotFound);
        }
        az.did(deed("whereabouts.end_reader", &row, line));
        Ok(())
    })
}

fn deed(code: &'static str, row: &ReferralRow, line: ReaderId) -> Deed {
    let subject = Some(row.id.uuid());
    let deed = Deed::new(AuditKind::Administration, code, SubjectKind::Referral, subject);
    deed.at(row.panel).in_case(row.case).with(line.to_string())
}
