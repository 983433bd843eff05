//! Reading an upload: what is in it, and what an import of it would do.

use super::choices::Choices;
use super::summary::Summary;
use super::{Import, ImportState, open};
use crate::context::Ctx;
use crate::error::AppError;
use panel_core::access::Role;
use panel_core::agency::Agency;
use panel_core::id::{AgencyId, ImportId};
use panel_core::likeness::Likeness;
use panel_core::text::fold;
use panel_core::tracker::headings::recognise;
use panel_core::tracker::preview::{Preview, preview};
use panel_core::tracker::remark::BadKind;
use panel_core::tracker::sheet::Workbook;
use panel_core::vocabulary::AgencyType;
use panel_store::imports::{self, KeyKind};
use panel_store::{Authz, Versioned, agencies};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// An upload that is still to be checked, with all that its reading rests on.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) import: Import,
    pub(super) choices: Choices,
    pub(super) workbook: Workbook,
    pub(super) agencies: Vec<Versioned<Agency>>,
}

impl Loaded {
    /// What an import would do; the problems of the mapping in words when it cannot be used.
    pub(super) fn preview(&self, ctx: &Ctx<'_>) -> Result<Preview, Vec<String>> {
        let known: Vec<Agency> = self.agencies.iter().map(|it| it.value.clone()).collect();
        preview(&self.workbook, &self.choices.mapping, &known, ctx.today)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }
}

/// Loads an upload that is still to be checked. The file is read after the transaction, so that
/// nobody waits for it.
pub(super) fn load(ctx: &Ctx<'_>, id: ImportId) -> Result<Loaded, AppError> {
    let (import, content, agencies) = ctx.read(|az| {
        let (import, content) = open(ctx, az, id)?;
        Ok((import, content, agencies::list(az)?))
    })?;
    let workbook = panel_sheets::read(&content, &import.file_name).map_err(AppError::failed)?;
    // An upload made before the form of the choices changed is recognised anew.
    let choices = serde_json::from_str(&import.mapping)
        .unwrap_or_else(|_| Choices { mapping: recognise(&workbook), ..Choices::default() });
    Ok(Loaded { import, choices, workbook, agencies })
}

/// An upload as its page shows it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shown {
    /// The upload.
    pub import: Import,
    /// How it is read.
    pub choices: Choices,
    /// The sheets of the file, in the order of their tabs; none once it has ended.
    pub sheets: Vec<SheetShape>,
    /// The agencies of Panel that a word can mean, by name.
    pub agencies: Vec<AgencyName>,
    /// What it would do, or has done.
    pub reading: Reading,
}

/// A sheet of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetShape {
    /// The name on the tab.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Rows with something in them.
    pub rows: usize,
}

/// An agency of Panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgencyName {
    /// Which.
    pub id: AgencyId,
    /// What people call it.
    pub name: String,
    /// What kind of body it is.
    pub kind: AgencyType,
}

/// What an upload would do, or has done.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reading {
    /// It cannot be read by its mapping: what is wrong, in words.
    Problems {
        /// Each as a sentence.
        problems: Vec<String>,
    },
    /// What it would do.
    Preview(Box<Found>),
    /// What it did.
    Imported(Box<Summary>),
    /// It was thrown away.
    Discarded,
}

/// What an import would do, and what earlier imports did already.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ImportFound))]
pub struct Found {
    /// Every row of the file.
    pub preview: Preview,
    /// Rows that an earlier import took; they stay as they are.
    pub kept: Kept,
    /// Words for an agency that mean none.
    pub unknown_agencies: Vec<String>,
    /// People who are offered for linking.
    pub offers: Vec<Offer>,
    /// Representatives whose role only an administrator gives; they get an account and no seat.
    pub without_seat: usize,
}

/// How many rows an earlier import took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kept {
    /// Referrals.
    pub referrals: usize,
    /// Actions.
    pub actions: usize,
    /// Representatives.
    pub reps: usize,
}

/// Two referrals that are likely to be of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = LinkOffer))]
pub struct Offer {
    /// The place of the earlier one in the preview's referrals.
    pub one: usize,
    /// The place of the later one.
    pub two: usize,
    /// What they have in common.
    pub likeness: Likeness,
    /// What was decided.
    pub same: Option<bool>,
}

impl Found {
    /// Referrals that are new.
    pub fn new_referrals(&self) -> usize {
        self.preview.referrals.len() - self.kept.referrals
    }

    /// Actions that are new.
    pub fn new_actions(&self) -> usize {
        self.preview.actions.len() - self.kept.actions
    }

    /// Representatives who are new.
    pub fn new_reps(&self) -> usize {
        self.preview.reps.len() - self.kept.reps
    }

    /// Whether there is nothing to import.
    pub fn is_empty(&self) -> bool {
        self.new_referrals() + self.new_actions() + self.new_reps() == 0
    }
}

/// Which rows of a preview an earlier import took, and what they became.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) referrals: HashMap<String, Uuid>,
    pub(super) actions: HashMap<String, Uuid>,
    pub(super) reps: HashMap<String, Uuid>,
}

impl Done {
    pub(super) fn find(
        az: &mut Authz<'_>,
        import: &Import,
        preview: &Preview,
    ) -> Result<Self, AppError> {
        let referrals = preview.referrals.iter().map(|it| it.origin.external.clone()).collect();
        let actions = preview.actions.iter().map(|it| it.origin.external.clone()).collect();
        let reps = preview.reps.iter().map(|it| it.origin.external.clone()).collect();
        let mut of =
            |kind, externals: Vec<String>| imports::keys(az, import.panel, kind, &externals);
        Ok(Self {
            referrals: of(KeyKind::Referral, referrals)?,
            actions: of(KeyKind::Action, actions)?,
            reps: of(KeyKind::Rep, reps)?,
        })
    }
}

/// Whether a role speaks for an agency. Who runs a panel, only an administrator says.
pub(super) const fn speaks_for_agency(role: Role) -> bool {
    match role {
        Role::Representative | Role::SinglePointOfContact | Role::AgencyLead => true,
        Role::Coordinator | Role::Chair | Role::SteeringGroup | Role::Observer => false,
    }
}

/// What an upload holds and would do.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not coordinate its panel.
pub fn show(ctx: &Ctx<'_>, id: ImportId) -> Result<Shown, AppError> {
    let import = ctx.read(|az| Ok(imports::find(az, id)?.ok_or(AppError::NotFound)?.0))?;
    let ended = |reading| Shown {
        choices: Choices::default(),
        sheets: Vec::new(),
        agencies: Vec::new(),
        reading,
        import: import.clone(),
    };
    match import.state {
        ImportState::Read => {}
        ImportState::Dropped => return Ok(ended(Reading::Discarded)),
        ImportState::Confirmed => {
            let summary = serde_json::from_str(&import.summary).map_err(AppError::failed)?;
            return Ok(ended(Reading::Imported(Box::new(summary))));
        }
    }
    let loaded = load(ctx, id)?;
    let reading = match loaded.preview(ctx) {
        Err(problems) => Reading::Problems { problems },
        Ok(preview) => {
            let done = ctx.read(|az| Done::find(az, &loaded.import, &preview))?;
            Reading::Preview(Box::new(found(preview, &done, &loaded.choices)))
        }
    };
    let shape = |sheet: &panel_core::tracker::sheet::Sheet| SheetShape {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        rows: sheet.rows.len(),
    };
    let name = |agency: &Agency| AgencyName {
        id: agency.id,
        name: agency.name.to_string(),
        kind: agency.kind,
    };
    let sheets = loaded.workbook.sheets.iter().map(shape).collect();
    let live = loaded.agencies.iter().filter(|agency| agency.value.ended_on.is_none());
    let agencies = live.map(|agency| name(&agency.value)).collect();
    Ok(Shown { import: loaded.import, choices: loaded.choices, sheets, agencies, reading })
}

fn found(preview: Preview, done: &Done, choices: &Choices) -> Found {
    let unknown: BTreeSet<String> = preview
        .bad
        .iter()
        .filter(|bad| bad.kind == BadKind::UnknownAgency)
        .map(|bad| bad.place.value.clone())
        .collect();
    let mut folded = BTreeSet::new();
    let unknown_agencies = unknown.into_iter().filter(|word| folded.insert(fold(word))).collect();
    let offers = offers(&preview, done, choices);
    let reps = preview.reps.iter().filter(|rep| !done.reps.contains_key(&rep.origin.external));
    let without_seat = reps.filter(|rep| !speaks_for_agency(rep.role)).count();
    let kept = Kept {
        referrals: done.referrals.len(),
        actions: done.actions.len(),
        reps: done.reps.len(),
    };
    Found { preview, kept, unknown_agencies, offers, without_seat }
}

/// The pairs to decide about. Two rows that are imported already are decided about on the pages of
/// the people themselves.
pub(super) fn offers(preview: &Preview, done: &Done, choices: &Choices) -> Vec<Offer> {
    let external = |place: usize| {
        preview.referrals.get(place).map_or("", |referral| referral.origin.external.as_str())
    };
    let is_new = |place| !done.referrals.contains_key(external(place));
    let pairs = preview.links.iter().flat_map(|link| &link.evidence);
    pairs
        .filter(|pair| is_new(pair.one) || is_new(pair.two))
        .map(|pair| Offer {
            one: pair.one,
            two: pair.two,
            likeness: pair.likeness.clone(),
            same: choices.decided(external(pair.one), external(pair.two)),
        })
        .collect()
}
