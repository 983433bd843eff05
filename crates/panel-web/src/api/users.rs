//! People who use the service, and their seats.

use super::prelude::*;
use chrono::NaiveDate;
use panel_app::actions::{self, LeaverForm, Saved};
use panel_app::users::{self, Invited, SeatForm, User, UserDetail, UserForm};
use panel_core::id::{SeatId, UserId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/users", Manages => list, "Everybody who uses the service"),
        api!(POST "/api/v1/users", Administrator => invite, "Register somebody and mail the first link"),
        api!(GET "/api/v1/users/{user}", Administrator => show, "One person with seats"),
        api!(PUT "/api/v1/users/{user}", Administrator => change of show, "Change a person"),
        api!(POST "/api/v1/users/{user}/invite", Administrator => invite_again, "Send a new link"),
        api!(POST "/api/v1/users/{user}/remove", Administrator => remove, "Hand open actions over and close the account"),
        api!(POST "/api/v1/users/{user}/hand-over", RunsPanel => hand_over, "Hand a person’s open actions over"),
        api!(POST "/api/v1/users/{user}/seats", Administrator => seat, "Seat a person at a panel"),
        api!(POST "/api/v1/users/{user}/seats/{seat}/end", Administrator => end_seat, "End a seat"),
    ]
}

fn list(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<User>> {
    all(users::list(ctx)?)
}

fn invite(ctx: &Ctx<'_>, (): (), Body(form): Body<UserForm>) -> Made<Invited> {
    let invited = users::invite(ctx, &form)?;
    made(format!("/api/v1/users/{}", invited.user), invited)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<UserId>, _: Nothing) -> Seen<UserDetail> {
    let found = users::show(ctx, id)?;
    one(found.user.version, found)
}

fn change(
    ctx: &Ctx<'_>,
    Path(id): Path<UserId>,
    Edit { version, form }: Edit<UserForm>,
) -> Told<UserDetail> {
    users::change(ctx, id, version, &form)?;
    told(users::show(ctx, id)?)
}

fn invite_again(ctx: &Ctx<'_>, Path(id): Path<UserId>, _: Nothing) -> Told<Invited> {
    told(users::invite_again(ctx, id)?)
}

fn remove(
    ctx: &Ctx<'_>,
    Path(id): Path<UserId>,
    Body(form): Body<LeaverForm>,
) -> Told<Listed<Saved>> {
    all(actions::remove_person(ctx, id, &form)?)
}

fn hand_over(
    ctx: &Ctx<'_>,
    Path(id): Path<UserId>,
    Body(form): Body<LeaverForm>,
) -> Told<Listed<Saved>> {
    all(actions::hand_over(ctx, id, &form)?)
}

fn seat(ctx: &Ctx<'_>, Path(id): Path<UserId>, Body(form): Body<SeatForm>) -> Made<New<SeatId>> {
    let seat = users::seat(ctx, id, &form)?;
    made(format!("/api/v1/users/{id}"), New { id: seat })
}

/// When a seat ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatEnd {
    /// Its last day.
    last_day: NaiveDate,
}

fn end_seat(
    ctx: &Ctx<'_>,
    Paths(id, seat): Paths<UserId, SeatId>,
    Body(end): Body<SeatEnd>,
) -> Result<Done, AppError> {
    users::end_seat(ctx, id, seat, end.last_day)?;
    done()
}
