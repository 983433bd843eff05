//! Requests to the rows themselves, below the use cases.

use panel_app::Ctx;
use panel_store::{Caller, Who};

/// A request of a context's person, at its instant.
pub fn of<'c>(ctx: &'c Ctx<'_>) -> Caller<'c> {
    by(ctx, Who::Person(ctx.actor().clone()))
}

/// A request of a part of the service, at the instant of a context.
pub fn of_service<'c>(ctx: &'c Ctx<'_>, name: &'static str) -> Caller<'c> {
    by(ctx, Who::Service(name))
}

fn by<'c>(ctx: &'c Ctx<'_>, who: Who) -> Caller<'c> {
    Caller { who, now: ctx.now, today: ctx.today, request: ctx.request, ids: &*ctx.app.ids }
}
