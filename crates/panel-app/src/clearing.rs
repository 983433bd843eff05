//! Before an agenda is issued or minutes are signed, somebody looks at whatever in them may tell where
//! somebody who is harmed can be found.

use crate::context::Ctx;
use crate::error::AppError;
use crate::random::hex;
use crate::whereabouts;
use crate::{agenda, minutes};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::guard::{Find, FindKind, Guard};
use panel_core::id::{CaseId, Id, MeetingId};
use panel_core::referral::Perpetrator;
use panel_store::agenda::subjects;
use panel_store::{Authz, clearances, meetings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which paper of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// The agenda, before it is issued.
    Agenda,
    /// The minutes, before they are signed.
    Minutes,
}

/// A text of a paper, and where it stands.
pub(crate) struct Text {
    pub(crate) place: String,
    pub(crate) text: String,
}

/// What is to leave: its texts, and the cases it is about.
pub(crate) struct Texts {
    pub(crate) texts: Vec<Text>,
    pub(crate) cases: Vec<CaseId>,
}

impl Texts {
    /// Adds a text, unless it is empty.
    pub(crate) fn add(&mut self, place: impl Into<String>, text: &str) {
        if !text.is_empty() {
            self.texts.push(Text { place: place.into(), text: text.to_owned() });
        }
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suspect {
    /// What clearing it names it by.
    pub mark: String,
    /// What it looks like.
    pub kind: FindKind,
    /// The same in words.
    pub label: String,
    /// As it stands in the text.
    pub words: String,
    /// Where it stands.
    pub place: String,
}

/// What is looked for in texts about these cases.
fn guard(ctx: &Ctx<'_>, az: &mut Authz<'_>, cases: &[CaseId]) -> Result<Guard, AppError> {
    let mut guard = Guard::default();
    for found in whereabouts::of_cases(ctx, az, cases)? {
        guard.keep_in(&found.reveal());
    }
    let nobody = Perpetrator::default();
    for subject in subjects(az, cases, true)? {
        let last = subject.referrals.last().and_then(|origin| origin.form.as_ref());
        guard.let_stand(last.map_or(&nobody, |form| &form.perpetrator));
    }
    Ok(guard)
}

/// The mark of a find, which is one for every spelling and says nothing to whoever reads the database.
fn mark(ctx: &Ctx<'_>, find: &Find) -> [u8; 32] {
    ctx.app.vault.blind("clearance", &find.key)
}

/// Everything in the texts that nobody has cleared yet, each once.
pub(crate) fn suspects(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
    outgoing: &Texts,
) -> Result<Vec<Suspect>, AppError> {
    let guard = guard(ctx, az, &outgoing.cases)?;
    let cleared = clearances::of(az, meeting)?;
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for Text { place, text } in &outgoing.texts {
        for find in guard.finds(text) {
            let mark = mark(ctx, &find);
            if !cleared.contains(mark.as_slice()) && told.insert(mark) {
                let label = find.kind.label().to_owned();
                let (kind, words) = (find.kind, find.words);
                found.push(Suspect { mark: hex(&mark), kind, label, words, place: place.clone() });
            }
        }
    }
    Ok(found)
}

/// Refuses to let a paper leave while something in it is not cleared.
pub(crate) fn must_be_clear(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
    outgoing: &Texts,
) -> Result<(), AppError> {
    if suspects(ctx, az, meeting, outgoing)?.is_empty() {
        return Ok(());
    }
    let message = "Something in it may tell where somebody can be found. Look at it first";
    Err(AppError::rule("not_cleared", message))
}

/// Refuses a text that leaves at once while something in it may tell where somebody of the case can be
/// found, until whoever writes it says that it may stand.
pub(crate) fn must_tell_nobody(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    case: Option<CaseId>,
    (text, stands): (&str, bool),
) -> Result<(), AppError> {
    if stands {
        return Ok(());
    }
    let Some(words) = may_tell(ctx, az, case, text)? else { return Ok(()) };
    let message = format!(
        "“{words}” may tell where somebody can be found. Take it out, or say that it may stand"
    );
    Err(AppError::field("text", MAY_TELL_WHERE, message))
}

/// The first words of a text that may tell where somebody of the case can be found.
pub(crate) fn may_tell(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    case: Option<CaseId>,
    text: &str,
) -> Result<Option<String>, AppError> {
    let cases: Vec<CaseId> = case.into_iter().collect();
    let found = guard(ctx, az, &cases)?.finds(text).into_iter().next();
    Ok(found.map(|find| find.words))
}

/// The code of the error that asks whether a text may stand.
pub const MAY_TELL_WHERE: &str = "may_tell_where";

fn outgoing(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    meeting: MeetingId,
    paper: Outgoing,
) -> Result<Texts, AppError> {
    match paper {
        Outgoing::Agenda => agenda::outgoing(ctx, az, meeting),
        Outgoing::Minutes => minutes::outgoing(ctx, az, meeting),
    }
}

/// What in a paper has to be looked at before it leaves.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn look(ctx: &Ctx<'_>, id: MeetingId, paper: Outgoing) -> Result<Vec<Suspect>, AppError> {
    ctx.read(|az| {
        let texts = outgoing(ctx, az, id, paper)?;
        suspects(ctx, az, id, &texts)
    })
}

/// Which finds may stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClearForm {
    /// Their marks.
    pub marks: Vec<String>,
}

/// Says of finds that they may stand: they are nobody's who could be harmed by it. What is left has to be
/// changed in the text.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Invalid`] for a mark of nothing that stands there.
pub fn clear(
    ctx: &Ctx<'_>,
    id: MeetingId,
    paper: Outgoing,
    form: &ClearForm,
) -> Result<(), AppError> {
    ctx.write(|az| {
        let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
        ctx.must_run(meeting.panel)?;
        let texts = outgoing(ctx, az, id, paper)?;
        let open = suspects(ctx, az, id, &texts)?;
        let guard = guard(ctx, az, &texts.cases)?;
        let all = texts.texts.iter().flat_map(|text| guard.finds(&text.text));
        let marks: BTreeSet<[u8; 32]> = all.map(|find| mark(ctx, &find)).collect();
        let named = |mark: &&[u8; 32]| form.marks.contains(&hex(mark.as_slice()));
        let cleared: Vec<[u8; 32]> = marks.iter().filter(named).copied().collect();
        let is_open = |mark: &String| open.iter().any(|suspect| suspect.mark == *mark);
        if form.marks.is_empty() || !form.marks.iter().all(is_open) {
            let message = "Choose what may stand, or change the text";
            return Err(AppError::field("marks", "unknown", message));
        }
        clearances::add(az, id, ctx.user(), &cleared)?;
        let deed =
            Deed::new(AuditKind::Disclosure, "text.clear", SubjectKind::Meeting, Some(id.uuid()));
        az.did(deed.at(meeting.panel).with(format!("{} finds", cleared.len())));
        Ok(())
    })
}
