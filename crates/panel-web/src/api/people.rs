//! People whom referrals name, and which of their records are one person.

use super::prelude::*;
use panel_app::people::{self, Link, Person, PersonForm};
use panel_core::id::PersonId;
use panel_core::likeness::Verdict;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/people/{person}", TakesPart => show, "One record"),
        api!(PUT "/api/v1/people/{person}", RunsPanel => correct of show, "Correct a record"),
        api!(GET "/api/v1/people-offers", RunsPanel => offers, "Records that look alike and wait for a decision"),
        api!(GET "/api/v1/people/{person}/compare/{other}", RunsPanel => compare, "Two records side by side"),
        api!(PUT "/api/v1/people/{person}/compare/{other}", RunsPanel => decide, "Say whether two records are one person"),
    ]
}

fn show(ctx: &Ctx<'_>, Path(id): Path<PersonId>, _: Nothing) -> Seen<Person> {
    let found = people::show(ctx, id)?;
    one(found.version, found)
}

fn correct(
    ctx: &Ctx<'_>,
    Path(id): Path<PersonId>,
    Edit { version, form }: Edit<PersonForm>,
) -> Told<Person> {
    people::correct(ctx, id, version, &form)?;
    told(people::show(ctx, id)?)
}

fn offers(ctx: &Ctx<'_>, (): (), _: Nothing) -> Told<Listed<Link>> {
    all(people::offers(ctx)?)
}

fn compare(ctx: &Ctx<'_>, Paths(one, two): Paths<PersonId, PersonId>, _: Nothing) -> Told<Link> {
    told(people::compare(ctx, one, two)?)
}

/// What is said of two records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkDecision {
    /// One person, two, or undecided again.
    verdict: Verdict,
}

fn decide(
    ctx: &Ctx<'_>,
    Paths(one, two): Paths<PersonId, PersonId>,
    Body(decision): Body<LinkDecision>,
) -> Told<Link> {
    people::decide(ctx, one, two, decision.verdict)?;
    told(people::compare(ctx, one, two)?)
}
