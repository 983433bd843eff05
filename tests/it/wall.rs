//! The database's own wall under the whole product, which works here as a login that is nothing but a member of
//! the service's role.

use crate::actions::{case_at, form};
use crate::casework::{Accepted, accept};
use panel_app::actions;
use panel_tests::world::{COORDINATOR, OUTSIDER, POLICE, World};

#[test]
fn the_wall_stands_with_rows_behind_it_and_nobody_sees_one() {
    let Some(world) = World::postgres() else { return };
    let town = *world.town();
    let case = accept(&world, &Accepted { surname: "Adams", ..Accepted::default() });
    case_at(&world, town.elsewhere, "Wyn", "Marsh");
    let action = form(&world, "Check bail", Some(case), town.police);
    actions::set(&world.by(COORDINATOR), &action).unwrap();
    panel_app::drafts::keep(&world.by(POLICE), "/referrals/new", "Not yet sent").unwrap();
    let rows = world.digests();
    for table in
        ["cases", "referrals", "people", "person_keys", "actions", "case_agencies", "drafts"]
    {
        assert!(!rows[table].is_empty(), "{table} holds something");
    }
    world.app.is_ready().unwrap();
    assert_eq!(world.app.store.breaches().unwrap(), []);
    // Each side goes on seeing its own.
    let seen = |email: &str| {
        let all = actions::list(&world.by(email), &actions::Filters::default(), None).unwrap();
        all.rows.len()
    };
    assert_eq!((seen(COORDINATOR), seen(POLICE), seen(OUTSIDER)), (1, 1, 0));
}
