//! Who a token acts as, and what waits for that person.

use super::prelude::*;
use panel_app::actions::{self, Mine, Waiting};
use panel_app::information::{self, MyRequest};
use panel_core::access::Seat;
use panel_core::id::{AgencyId, UserId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/me", SignedIn => show, "Who the token acts as"),
        api!(GET "/api/v1/my-work", TakesPart => work, "Actions that the caller and the caller’s agencies owe"),
        api!(GET "/api/v1/my-requests", TakesPart => requests, "Information that the caller’s agencies were asked for"),
        api!(GET "/api/v1/waiting", RunsPanel => waiting, "What waits for the answer of whoever runs a panel"),
    ]
}

/// The person whose token it is, with the seats that are live today.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The person.
    user: UserId,
    /// The person's name.
    name: String,
    /// The agency that employs the person.
    agency: AgencyId,
    /// Whether the person runs the service.
    administrator: bool,
    /// Seats that are live today.
    seats: Vec<Seat>,
}

fn show(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Me> {
    let actor = ctx.actor().clone();
    told(Me {
        user: actor.user,
        name: ctx.person.name.clone(),
        agency: actor.agency,
        administrator: actor.administrator,
        seats: actor.seats,
    })
}

fn work(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Mine> {
    told(actions::mine(ctx)?)
}

fn requests(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<MyRequest>> {
    all(information::mine(ctx)?)
}

fn waiting(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Waiting> {
    told(actions::waiting(ctx)?)
}
