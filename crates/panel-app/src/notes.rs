//! Sealed notes on a case: intelligence, health, and what else not everybody who takes part may read.

use crate::context::Ctx;
use crate::error::{AppError, FieldError, text_error};
use crate::handling::{Nameable, in_words, kind_of, must_fit, nameable};
use crate::sealed as keys;
use chrono::{DateTime, Utc};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::handling::{Code, Marking, NoteKind, Overlay, Record, Sealable};
use panel_core::id::{AgencyId, CaseId, Id, NoteId, PanelId};
use panel_core::text::TextError;
use panel_store::Authz;
use panel_store::cases::{self, CaseRow};
use panel_store::handling::Held;
use panel_store::notes::{self, NewNote, NoteRow};
use panel_vault::{OpenError, Place};
use serde::{Deserialize, Serialize};

/// Which sealed column of a note.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Text,
    Source,
}

/// Where a part of a note belongs.
pub(crate) fn place(case: CaseId, note: NoteId, part: Part) -> Place {
    let column = match part {
        Part::Text => "sealed",
        Part::Source => "source",
    };
    Place { table: "case_notes", column, row: note.uuid(), owner: case.uuid() }
}

/// A note that the caller reads, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteLine {
    /// The note.
    pub id: NoteId,
    /// What it is about.
    pub kind: NoteKind,
    /// The agency whose note it is.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Who wrote it.
    pub writer: String,
    /// When.
    pub written_at: DateTime<Utc>,
    /// What it is marked with.
    pub marking: Marking,
    /// The same in words.
    pub words: Vec<String>,
    /// Whether it says who told; only its own agency can read that.
    pub has_source: bool,
    /// The records that it uses.
    pub draws_on: Vec<Record>,
    /// Whether the caller acts for the agency whose note it is.
    pub own: bool,
}

fn line(ctx: &Ctx<'_>, row: NoteRow, names: &Nameable) -> NoteLine {
    NoteLine {
        words: in_words(&row.marking, names),
        own: ctx.actor().acts_for(row.agency, row.panel),
        id: row.id,
        kind: row.kind,
        agency: row.agency,
        agency_name: row.agency_name,
        writer: row.writer,
        written_at: row.written_at,
        marking: row.marking,
        has_source: row.has_source,
        draws_on: row.draws_on,
    }
}

/// The sealed notes on a case that the caller reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseNotes {
    /// The case.
    pub row: CaseRow,
    /// The notes, the latest first.
    pub notes: Vec<NoteLine>,
    /// The agencies for which the caller can write one, each with the code that its note of each kind
    /// begins with.
    pub writes_for: Vec<(AgencyId, String)>,
    /// Whom a marking can name; nobody for whoever writes none.
    pub nameable: Nameable,
}

/// The agencies for which the caller can write notes at a panel.
fn writes_for(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
) -> Result<Vec<(AgencyId, String)>, AppError> {
    let members = panel_store::panels::agencies_of(az, panel)?.into_iter();
    let own = members.filter(|one| ctx.actor().acts_for(one.agency, panel));
    Ok(own.map(|one| (one.agency, one.name)).collect())
}

fn find_case(az: &mut Authz<'_>, id: CaseId) -> Result<CaseRow, AppError> {
    cases::find(az, id)?.ok_or(AppError::NotFound)
}

/// The sealed notes on one case, as far as the caller reads them.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn list(ctx: &Ctx<'_>, case: CaseId) -> Result<CaseNotes, AppError> {
    ctx.read(|az| {
        let row = find_case(az, case)?;
        let names = nameable(az, row.panel)?;
        let found = notes::of_case(az, case)?;
        let writes_for = writes_for(ctx, az, row.panel)?;
        let lines = found.into_iter().map(|note| line(ctx, note, &names)).collect();
        let nameable = if writes_for.is_empty() { Nameable::default() } else { names };
        Ok(CaseNotes { row, notes: lines, writes_for, nameable })
    })
}

/// How many sealed notes on a case the caller reads.
pub(crate) fn count(az: &mut Authz<'_>, case: CaseId) -> Result<usize, AppError> {
    Ok(notes::of_case(az, case)?.len())
}

/// A note to be kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = SealedNoteForm))]
#[serde(deny_unknown_fields)]
pub struct NoteForm {
    /// For which agency; the only one that the caller acts for at the panel when it is left out.
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// What it is about.
    pub kind: Option<NoteKind>,
    /// What it says.
    pub text: String,
    /// Who told, for the eyes of its own agency.
    #[serde(default)]
    pub source: String,
    /// What it is marked with; what its kind begins with when it is left out.
    #[serde(default)]
    pub marking: Option<Marking>,
    /// Notes on the same case that it uses.
    #[serde(default)]
    pub draws_on: Vec<NoteId>,
}

fn parsed(
    errors: &mut Vec<FieldError>,
    (field, label): (&str, &str),
    raw: &str,
) -> Option<Sealable> {
    Sealable::parse(raw).map_err(|error| errors.push(text_error(field, label, &error))).ok()
}

struct Read {
    kind: NoteKind,
    text: Sealable,
    source: Option<Sealable>,
}

impl NoteForm {
    fn read(&self) -> Result<Read, AppError> {
        let mut errors = Vec::new();
        if self.kind.is_none() {
            let (field, code) = ("kind".to_owned(), "empty");
            let message = "Select what the note is about".to_owned();
            errors.push(FieldError { field, code, message });
        }
        let text = parsed(&mut errors, ("text", "Note"), &self.text);
        let wanted = Some(self.source.as_str()).filter(|raw| !raw.trim().is_empty());
        let source = wanted.and_then(|raw| parsed(&mut errors, ("source", "Source"), raw));
        match (self.kind, text) {
            (Some(kind), Some(text)) if errors.is_empty() => Ok(Read { kind, text, source }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// Keeps a note of an agency that the caller acts for.
///
/// # Errors
/// [`AppError::NotFound`] for a case the caller may not know of, and for whoever acts for no agency at its
/// panel; [`AppError::Invalid`]; [`AppError::Rule`] `uses_stricter` when it uses what is marked more strictly.
pub fn add(ctx: &Ctx<'_>, case: CaseId, form: &NoteForm) -> Result<NoteId, AppError> {
    let read = form.read();
    ctx.write(|az| {
        let row = find_case(az, case)?;
        let own = writes_for(ctx, az, row.panel)?;
        let agency = match (form.agency, own.as_slice()) {
            (_, []) => return Err(AppError::NotFound),
            (None, [(only, _)]) => *only,
            (Some(wanted), own) if own.iter().any(|(id, _)| *id == wanted) => wanted,
            _ => return Err(AppError::field("agency", "unknown", "Choose your agency")),
        };
        let Read { kind, text, source } = read?;
        let marking = form.marking.clone().unwrap_or_else(|| Code::of_notes(kind).into());
        must_fit(ctx, az, row.panel, &marking)?;
        let draws_on: Vec<Record> = form.draws_on.iter().copied().map(Record::Note).collect();
        must_cover(az, (case, agency), &marking, &draws_on)?;
        let (id, key) = (ctx.mint::<NoteId>(), keys::of_or_new(ctx, az, case)?);
        let seal =
            |part, text: &Sealable| key.seal(&*ctx.app.ids, &place(case, id, part), text.to_seal());
        let sealed = seal(Part::Text, &text);
        let source = source.map(|source| seal(Part::Source, &source));
        let panel = row.panel;
        let source = source.as_deref();
        let (marking, by) = (&marking, ctx.user());
        let (sealed, draws_on) = (sealed.as_slice(), draws_on.as_slice());
        let note = NewNote { id, case, panel, agency, kind, marking, sealed, source, draws_on, by };
        notes::add(az, &note)?;
        let deed = Deed::new(AuditKind::Collection, "note.add", SubjectKind::Note, Some(id.uuid()));
        az.did(deed.at(panel).in_case(Some(case)).with(marking.code.code()));
        Ok(id)
    })
}

/// Refuses a marking under which somebody would read what is kept from her in a record that is used.
fn must_cover(
    az: &mut Authz<'_>,
    (case, agency): (CaseId, AgencyId),
    marking: &Marking,
    used: &[Record],
) -> Result<(), AppError> {
    if used.is_empty() {
        return Ok(());
    }
    let kind = kind_of(az, agency)?;
    for record in used {
        let held = panel_store::handling::find(az, *record)?.filter(|held| held.case == case);
        let Some(held) = held else {
            return Err(AppError::field("draws_on", "unknown", "Choose notes on this case"));
        };
        if !marking.may_use(agency, kind, held.marked()) {
            let message = "It uses a note that is marked more strictly. Choose a marking that lets \
                           nobody read it who does not read that note.";
            return Err(AppError::rule("uses_stricter", message));
        }
    }
    Ok(())
}

/// Refuses to mark a record that uses others so that somebody would read what is kept from her there.
pub(crate) fn must_not_outreach(
    az: &mut Authz<'_>,
    held: &Held,
    marking: &Marking,
) -> Result<(), AppError> {
    let Record::Note(id) = held.record else { return Ok(()) };
    let note = notes::find(az, id)?.ok_or(AppError::NotFound)?;
    must_cover(az, (held.case, held.agency), marking, &note.draws_on)
}

/// A note as somebody reads it who asked for it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenNote {
    /// The note.
    pub line: NoteLine,
    /// Its case's reference.
    pub reference: String,
    /// Its case.
    pub case: CaseId,
    /// What was asked for: what it says, or who told.
    pub text: String,
}

fn open(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    (row, part): (&NoteRow, Part),
    sealed: &[u8],
) -> Result<String, AppError> {
    let key = keys::of(&ctx.app.vault, az, row.case)?;
    let key = key.ok_or_else(|| AppError::failed(OpenError::Form))?;
    let plain = key.open(&place(row.case, row.id, part), sealed).map_err(AppError::failed)?;
    let text =
        Sealable::opened(&plain).map_err(|_: TextError| AppError::failed(OpenError::Form))?;
    Ok(text.reveal().as_str().to_owned())
}

fn opened(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    row: NoteRow,
    text: String,
) -> Result<OpenNote, AppError> {
    let (case, names) = (find_case(az, row.case)?, nameable(az, row.panel)?);
    Ok(OpenNote { reference: case.reference, case: case.id, text, line: line(ctx, row, &names) })
}

fn noted(az: &mut Authz<'_>, code: &'static str, row: &NoteRow) {
    let subject = Some(row.id.uuid());
    let deed = Deed::new(AuditKind::Consultation, code, SubjectKind::Note, subject);
    az.did(deed.at(row.panel).in_case(Some(row.case)).with(row.marking.code.code()));
}

/// Reads what a note says: an act of its own, with its row in the log.
///
/// # Errors
/// [`AppError::NotFound`], also for whoever its marking does not let read it.
pub fn read(ctx: &Ctx<'_>, id: NoteId) -> Result<OpenNote, AppError> {
    ctx.read(|az| {
        let row = notes::find(az, id)?.ok_or(AppError::NotFound)?;
        let sealed = notes::sealed(az, &row)?;
        let text = open(ctx, az, (&row, Part::Text), &sealed)?;
        noted(az, "note.read", &row);
        opened(ctx, az, row, text)
    })
}

/// Reads who told: for the note's own agency alone, after a fresh proof of who asks.
///
/// # Errors
/// [`AppError::NotFound`] for everybody else, and where the note does not say; [`AppError::Unsure`].
pub fn source(ctx: &Ctx<'_>, id: NoteId) -> Result<OpenNote, AppError> {
    ctx.read(|az| {
        let row = notes::find(az, id)?.ok_or(AppError::NotFound)?;
        if !ctx.actor().acts_for(row.agency, row.panel) {
            return Err(AppError::NotFound);
        }
        let sealed = notes::source(az, &row)?.ok_or(AppError::NotFound)?;
        ctx.must_be_sure()?;
        let text = open(ctx, az, (&row, Part::Source), &sealed)?;
        noted(az, "note.source", &row);
        opened(ctx, az, row, text)
    })
}

/// Erases a note, for the agency whose note it is.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn erase(ctx: &Ctx<'_>, id: NoteId) -> Result<CaseId, AppError> {
    ctx.write(|az| {
        let row = notes::find(az, id)?.ok_or(AppError::NotFound)?;
        if !ctx.actor().acts_for(row.agency, row.panel) {
            return Err(AppError::NotFound);
        }
        let held = panel_store::handling::find(az, Record::Note(id))?.ok_or(AppError::NotFound)?;
        panel_store::handling::forget(az, &held)?;
        notes::erase(az, &row)?;
        let deed = Deed::new(AuditKind::Erasure, "note.erase", SubjectKind::Note, Some(id.uuid()));
        az.did(deed.at(row.panel).in_case(Some(row.case)));
        Ok(row.case)
    })
}

/// How what is shown together may be passed on: the strictest of each.
pub fn together<'m>(markings: impl IntoIterator<Item = &'m Marking>) -> Vec<String> {
    let markings: Vec<&Marking> = markings.into_iter().collect();
    let forbidden = |overlay: &&Overlay| markings.iter().any(|marking| marking.forbids(**overlay));
    let overlays = Overlay::ALL.iter().filter(forbidden);
    overlays.map(|overlay| overlay.label().to_owned()).collect()
}
