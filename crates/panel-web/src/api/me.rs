//! Who a token acts as.

use crate::answer::Answer;
use crate::routes::{Route, route};
use crate::web::Caller;
use actix_web::HttpResponse;
use panel_core::access::Seat;
use panel_core::id::{AgencyId, UserId};
use serde::Serialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(GET "/api/v1/me", SignedIn => show)]
}

/// The person whose token it is, with the seats that are live today.
#[derive(Serialize)]
struct Me {
    user: UserId,
    name: String,
    agency: AgencyId,
    administrator: bool,
    seats: Vec<Seat>,
}

async fn show(caller: Caller) -> Answer {
    let me = caller
        .ask(|ctx| {
            let actor = ctx.actor().clone();
            Ok(Me {
                user: actor.user,
                name: ctx.person.name.clone(),
                agency: actor.agency,
                administrator: actor.administrator,
                seats: actor.seats,
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(me))
}
