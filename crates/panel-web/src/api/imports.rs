//! Imports: a tracker is uploaded, read, corrected and confirmed.

use super::prelude::*;
use panel_app::imports::{self, Change, Import, Shown, Summary};
use panel_core::id::{ImportId, PanelId};

/// Uploads of one page.
const PAGE: i64 = 50;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/panels/{panel}/imports", RunsPanel => list, "Uploads for a panel, newest first"),
        api!(POST "/api/v1/panels/{panel}/imports", RunsPanel => upload, "Upload a tracker; nothing of it is imported yet"),
        api!(GET "/api/v1/imports/{import}", RunsPanel => show, "What an upload holds and would do"),
        api!(PUT "/api/v1/imports/{import}/mapping", RunsPanel => set_mapping of show, "Correct how an upload is read"),
        api!(POST "/api/v1/imports/{import}/confirm", RunsPanel => confirm of show, "Import it"),
        api!(POST "/api/v1/imports/{import}/discard", RunsPanel => discard of show, "Throw an upload away"),
    ]
}

fn list(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Paged { after, .. }: Paged<Plain, ImportId>,
) -> Told<Listed<Import>> {
    let rows = imports::list(ctx, panel, after, PAGE)?;
    let full = i64::try_from(rows.len()).is_ok_and(|found| found == PAGE);
    let next = rows.last().map(|last| last.id).filter(|_| full);
    page(rows, next)
}

/// The name of a tracker.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Named {
    /// Its name; the ending says of what kind it is.
    file_name: String,
}

fn upload(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Upload { query, bytes }: Upload<Named>,
) -> Made<New<ImportId>> {
    let id = imports::upload(ctx, panel, &query.file_name, &bytes)?;
    made(format!("/api/v1/imports/{id}"), New { id })
}

fn show(ctx: &Ctx<'_>, Path(id): Path<ImportId>, _: Nothing) -> Seen<Shown> {
    let found = imports::show(ctx, id)?;
    one(found.import.version, found)
}

/// A correction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// What is read otherwise.
    correction: Change,
}

fn set_mapping(
    ctx: &Ctx<'_>,
    Path(id): Path<ImportId>,
    Edit { version, form }: Edit<Correction>,
) -> Told<Shown> {
    imports::set_mapping(ctx, id, version, &form.correction)?;
    told(imports::show(ctx, id)?)
}

/// Whether good rows are imported although others are bad.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    /// Whether bad rows are left out.
    #[serde(default)]
    without_bad: bool,
}

fn confirm(
    ctx: &Ctx<'_>,
    Path(id): Path<ImportId>,
    Edit { version, form }: Edit<Confirmed>,
) -> Told<Summary> {
    told(imports::confirm(ctx, id, version, form.without_bad)?)
}

fn discard(
    ctx: &Ctx<'_>,
    Path(id): Path<ImportId>,
    Edit { version, .. }: Edit<Plain>,
) -> Result<Done, AppError> {
    imports::discard(ctx, id, version)?;
    done()
}
