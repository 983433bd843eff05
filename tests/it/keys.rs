//! The keys of an installation, tried on everything that they seal.

use crate::referrals::referred;
use crate::second_factor::with_app;
use panel_app::{App, Ids, Ring, keys};
use panel_core::id::Id;
use panel_tests::on_both;
use panel_tests::refusal::rule;
use panel_tests::site::Pages;
use panel_tests::world::{POLICE, World};
use std::sync::Arc;

on_both!(
    the_keys_are_tried_on_second_factors_too,
    a_database_is_not_served_with_the_keys_of_another,
);

fn a_database_is_not_served_with_the_keys_of_another(world: &World) {
    referred(world);
    keys::must_fit(&world.app).unwrap();
    let other = App { vault: Arc::new(Ring::generate(&Ids::seeded(7))), ..world.app.clone() };
    assert_eq!(rule(keys::must_fit(&other)).0, "wrong_keys");
}

fn the_keys_are_tried_on_second_factors_too(world: &World) {
    let pages = Pages::of(world);
    with_app(world, &pages, POLICE);
    let found = keys::verify(&world.app).unwrap();
    assert_eq!((found.factors, found.unreadable.len()), (1, 0));
    let other = App { vault: Arc::new(Ring::generate(&Ids::seeded(7))), ..world.app.clone() };
    let found = keys::verify(&other).unwrap();
    assert_eq!((found.factors, found.unreadable), (0, vec![world.by(POLICE).user().uuid()]));
}
