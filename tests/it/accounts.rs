//! From the first account to a signed-in representative.

use panel_app::accounts::{bootstrap, forgot_password, look_at_link, spend_link};
use panel_app::actions::LeaverForm;
use panel_app::panels;
use panel_app::sign_in::{Presented, present, sign_in, sign_out};
use panel_app::users::{self, SeatForm, UserForm};
use panel_app::{Ctx, Person, Presence};
use panel_core::access::Role;
use panel_core::id::Id;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::world::{COORDINATOR, HOUSING, World, day};

const PASSWORD: &str = "three quiet herons";

#[track_caller]
fn token(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

#[track_caller]
fn signed_in(world: &World, token: &str) -> Person {
    match present(&world.app, token).unwrap() {
        Presented::Live(session) => session.person,
        other => panic!("{other:?}"),
    }
}

on_both! {
    fn row_72_two_people_do_not_share_one_mailbox(world) {
        let agency = world.town().housing;
        let form = |name: &str, email: &str| UserForm {
            name: name.to_owned(),
            email: email.to_owned(),
            agency,
            administrator: false,
        };
        let by = world.operator();
        for shared in [HOUSING, "REP@Housing.Example", " rep@housing.example "] {
            let refused = invalid(users::invite(&by, &form("Nora Pike", shared)));
            assert_eq!((refused.len(), refused[0].field.as_str()), (1, "email"), "{shared}");
        }
        let nora = users::invite(&by, &form("Nora Pike", "nora@housing.example")).unwrap().user;
        let version = users::show(&by, nora).unwrap().user.version;
        let refused = invalid(users::change(&by, nora, version, &form("Nora Pike", HOUSING)));
        assert_eq!(refused[0].field, "email");
        assert_eq!(users::show(&by, nora).unwrap().user.email, "nora@housing.example");
    }

    fn the_first_account_invites_a_person_who_signs_in(world) {
        let link = bootstrap(&world.app, "root@council.example").unwrap();
        let first = spend_link(&world.app, token(&link), PASSWORD).unwrap();
        assert_eq!(rule(bootstrap(&world.app, "else@council.example")).0, "already_set_up");
        let root = signed_in(world, &first.token);
        assert!(root.actor.administrator);

        let form = UserForm {
            name: "Siân O'Neill".to_owned(),
            email: "sian@council.example".to_owned(),
            agency: root.actor.agency,
            administrator: false,
        };
        let ctx = Ctx::new(&world.app, root).unwrap().present(Presence::Machine);
        let invited = users::invite(&ctx, &form).unwrap();
        assert_eq!(look_at_link(&world.app, token(&invited.link)).unwrap().name, "Siân O'Neill");
        spend_link(&world.app, token(&invited.link), PASSWORD).unwrap();
        not_found(spend_link(&world.app, token(&invited.link), PASSWORD));

        let session = sign_in(&world.app, " SIAN@council.example ", PASSWORD).unwrap();
        let sian = signed_in(world, &session.token);
        assert_eq!(sian.name, "Siân O'Neill");
        assert!(!sian.actor.administrator);
        sign_out(&Ctx::new(&world.app, sian).unwrap(), None).unwrap();
        assert!(matches!(present(&world.app, &session.token), Ok(Presented::Unknown)));
    }

    fn a_wrong_password_and_an_unknown_address_get_the_same_answer(world) {
        world.town();
        assert_eq!(rule(sign_in(&world.app, COORDINATOR, "no such password")).0, "sign_in_failed");
        assert_eq!(rule(sign_in(&world.app, "x@y.example", PASSWORD)).0, "sign_in_failed");
        forgot_password(&world.app, COORDINATOR).unwrap();
        forgot_password(&world.app, "x@y.example").unwrap();
    }

    fn a_seat_gives_its_role_at_its_panel_alone(world) {
        let town = world.town();
        let ctx = world.by(COORDINATOR);
        assert!(ctx.actor().is(Role::Coordinator, town.panel));
        assert!(!ctx.actor().runs(town.elsewhere));
    }

    fn a_seat_that_has_not_begun_can_be_ended_and_does_not_keep_anybody_from_leaving(world) {
        let town = world.town();
        let user = world.by(HOUSING).user();
        let role = Role::Observer;
        let later = |from| SeatForm {
            panel: town.elsewhere, role, from: day(from), until: None, deputy_for: None,
        };
        let by = world.operator();
        let seat = users::seat(&by, user, &later("2026-05-01")).unwrap();
        users::end_seat(&by, user, seat, by.today).unwrap();
        users::seat(&by, user, &later("2026-04-01")).unwrap();
        panel_app::actions::remove_person(&by, user, &LeaverForm::default()).unwrap();
        assert!(users::show(&by, user).unwrap().seats.iter().all(|(seat, _)| seat.until.is_some()));
    }

    fn a_panel_takes_no_agency_that_does_not_exist_and_none_twice(world) {
        let town = world.town();
        let nobody = panel_core::id::AgencyId::from_uuid(town.panel.uuid());
        for members in [vec![(nobody, true)], vec![(town.police, true), (town.police, false)]] {
            let refused = panels::set_agencies(&world.operator(), town.panel, &members);
            assert_eq!(invalid(refused)[0].field, "agencies");
        }
    }
}
