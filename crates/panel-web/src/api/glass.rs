//! Emergencies: what was opened, closed again and reviewed. A program opens nothing: that needs a person
//! who proves who asks.

use super::prelude::*;
use panel_app::glass::{self, GlassDetail, GlassOverview, GlassReviewForm};
use panel_core::id::GlassId;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/glass", SignedIn => overview, "What was opened in an emergency, and what waits for review"),
        api!(GET "/api/v1/glass/{glass}", TakesPart => show, "One emergency access, for its reviewers"),
        api!(POST "/api/v1/glass/{glass}/close", TakesPart => close, "Close what the caller opened before its time"),
        api!(POST "/api/v1/glass/{glass}/review", TakesPart => review, "Say whether it was justified"),
    ]
}

fn overview(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<GlassOverview> {
    told(glass::overview(ctx)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<GlassId>, _: Nothing) -> Told<GlassDetail> {
    told(glass::show(ctx, id)?)
}

fn close(ctx: &Ctx<'_>, Path(id): Path<GlassId>, _: Nothing) -> Result<Done, AppError> {
    glass::close(ctx, id)?;
    done()
}

fn review(
    ctx: &Ctx<'_>,
    Path(id): Path<GlassId>,
    Body(form): Body<GlassReviewForm>,
) -> Told<GlassDetail> {
    glass::review(ctx, id, &form)?;
    told(glass::show(ctx, id)?)
}
