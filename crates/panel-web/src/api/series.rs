//! Series of meetings.

use super::prelude::*;
use panel_app::series::{
    self, ChangeForm, ChangePreview, Extended, SeriesChange, SeriesForm, SeriesPreview, SeriesView,
};
use panel_core::id::{PanelId, SeriesId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/panels/{panel}/series", TakesPart => list, "The series of a panel"),
        api!(POST "/api/v1/panels/{panel}/series", RunsPanel => create, "Lay out a series"),
        api!(POST "/api/v1/panels/{panel}/series/preview", RunsPanel => preview, "Every date and deadline of a series, before it is saved"),
        api!(GET "/api/v1/series/{series}", TakesPart => show, "One series"),
        api!(PUT "/api/v1/series/{series}", RunsPanel => change of show, "Change a running series"),
        api!(POST "/api/v1/series/{series}/preview", RunsPanel => preview_change, "What a change of a series would do"),
        api!(POST "/api/v1/series/{series}/extend", RunsPanel => extend, "Lay a series out as far as today allows"),
    ]
}

fn list(ctx: &Ctx<'_>, Path(panel): Path<PanelId>, _: Nothing) -> Told<Listed<SeriesView>> {
    all(series::list(ctx, panel)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<SeriesId>, _: Nothing) -> Seen<SeriesView> {
    let found = series::show(ctx, id)?;
    one(found.version, found)
}

fn create(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Body(form): Body<SeriesForm>,
) -> Made<New<SeriesId>> {
    let id = series::create(ctx, panel, &form)?;
    made(format!("/api/v1/series/{id}"), New { id })
}

/// A series that is not saved yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Planned {
    /// The series.
    series: SeriesForm,
    /// How many months to show: 24 unless said, 60 at most.
    #[serde(default)]
    months: Option<u32>,
}

fn preview(
    ctx: &Ctx<'_>,
    Path(panel): Path<PanelId>,
    Body(planned): Body<Planned>,
) -> Told<SeriesPreview> {
    told(series::preview(ctx, panel, &planned.series, planned.months)?)
}

fn preview_change(
    ctx: &Ctx<'_>,
    Path(id): Path<SeriesId>,
    Body(change): Body<SeriesChange>,
) -> Told<ChangePreview> {
    told(series::preview_change(ctx, id, &change)?)
}

fn change(
    ctx: &Ctx<'_>,
    Path(id): Path<SeriesId>,
    Edit { version, form }: Edit<ChangeForm>,
) -> Told<Version> {
    changed(series::change(ctx, id, version, &form)?)
}

fn extend(ctx: &Ctx<'_>, Path(id): Path<SeriesId>, _: Nothing) -> Told<Extended> {
    told(series::extend(ctx, id)?)
}
