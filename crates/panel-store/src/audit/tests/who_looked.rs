//! Who finds what in the log, who keeps its checkpoints, and what is noted of what was asked for in vain.

use super::*;
use crate::audit::{denials, looks, page, readers};
use crate::authz::Authz;
use crate::authz::testing::{ground, run, seat, seated};
use panel_core::access::{Actor, Role, Seat};
use panel_core::audit::seal::least_id;
use panel_core::id::{AuditId, Id, PanelId, UserId};

/// A case of the first panel, another of it, and one of the second.
const CASE: u128 = 3;
const OTHER: u128 = 6;
const ELSEWHERE: u128 = 1;

fn person(user: u128, seats: Vec<Seat>) -> Actor {
    Actor { user: id(user), agency: id(1), administrator: false, seats, opened_until: None }
}

fn coordinator(user: u128, panel: u128) -> Actor {
    person(user, vec![seat(Role::Coordinator, panel, 1)])
}

fn representative() -> Actor {
    person(2, vec![seat(Role::Representative, 1, 2)])
}

/// Runs on the ground of each database, where these people sit.
fn on_ground(name: &str, people: &[Actor], work: impl Fn(&Store)) {
    on_both(name, |store, _| {
        run(store, &ground());
        for person in people {
            run(store, &seated(person));
        }
        work(store);
    });
}

fn reading<T>(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut Authz<'_>) -> Result<T, StoreError>,
) -> T {
    store.read(&by(Who::Person(actor.clone()), now), work).unwrap()
}

/// A representative opens the case, later sees it in a list, and then changes it.
fn looked_at(store: &Store) {
    let says = |code, subject, cases: &[u128], minute| {
        let cases: Vec<CaseId> = cases.iter().copied().map(id).collect();
        reading(store, &representative(), at(minute), |az| {
            az.saw(code, subject, None, Some(id(1)), cases);
            Ok(())
        });
    };
    says("case.open", SubjectKind::Case, &[CASE], 0);
    says("case.list", SubjectKind::Listing, &[CASE, OTHER], 1);
    let changes = by(Who::Person(representative()), at(2));
    let change = deed().at(id(1)).in_case(Some(id(CASE)));
    store
        .write(&changes, |az| {
            az.did(change);
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

type Rows = Vec<crate::audit::AuditRow>;

fn deeds(rows: &Rows) -> Vec<&str> {
    rows.iter().map(|row| row.deed.as_str()).collect()
}

#[test]
fn who_has_looked_at_a_case_is_found_by_whoever_runs_its_panel_sealed_or_not() {
    let (here, there) = (coordinator(1, 1), coordinator(3, 2));
    let everybody = [here.clone(), there.clone(), representative()];
    on_ground("looked", &everybody, |store| {
        looked_at(store);
        for sealed in [false, true] {
            let all = reading(store, &here, at(3), |az| page(az, Some(id(CASE)), None, 10));
            assert_eq!(deeds(&all), ["case.correct", "case.list", "case.open"], "{sealed}");
            let read = reading(store, &here, at(3), |az| looks(az, id(CASE), None, 10));
            assert_eq!(deeds(&read), ["case.list", "case.open"], "{sealed}");
            assert!(read.iter().all(|row| row.actor == Some(id(2)) && row.panel == Some(id(1))));
            let before = Some(read[0].id);
            let older = reading(store, &here, at(3), |az| looks(az, id(CASE), before, 10));
            assert_eq!(deeds(&older), ["case.open"], "{sealed}");
            let newest = reading(store, &here, at(3), |az| looks(az, id(CASE), None, 1));
            assert_eq!(deeds(&newest), ["case.list"], "{sealed}");
            let other = reading(store, &here, at(3), |az| looks(az, id(OTHER), None, 10));
            assert_eq!(deeds(&other), ["case.list"], "{sealed}");
            for stranger in [&there, &representative()] {
                let found = reading(store, stranger, at(3), |az| looks(az, id(CASE), None, 10));
                assert!(found.is_empty(), "{sealed}: {found:?}");
            }
            seal(store, at(4), Reach::Near);
        }
    });
}

#[test]
fn the_log_is_read_by_panel_and_what_has_none_by_administrators() {
    let (here, there) = (coordinator(1, 1), coordinator(3, 2));
    let administrator = Actor { administrator: true, ..person(4, Vec::new()) };
    on_ground("pages", &[here.clone(), there.clone(), representative()], |store| {
        looked_at(store);
        add(store, at(3));
        let all = |actor: &Actor, before, most| {
            reading(store, actor, at(4), |az| page(az, None, before, most))
        };
        let mine = all(&here, None, 10);
        assert_eq!(deeds(&mine), ["case.correct", "case.list", "case.open"]);
        assert_eq!(deeds(&all(&here, Some(mine[0].id), 1)), ["case.list"]);
        let nobody_s = all(&administrator, None, 10);
        assert_eq!((nobody_s.len(), nobody_s[0].panel), (1, None));
        assert!(all(&there, None, 10).is_empty());
    });
}

#[test]
fn the_statement_of_an_agency_names_its_cases_that_the_reader_may_know_and_who_read_them() {
    let here = coordinator(1, 1);
    on_ground("statement", &[here.clone(), representative()], |store| {
        for case in [CASE, OTHER, ELSEWHERE] {
            let (case, agency) = (Uuid::from_u128(case), Uuid::from_u128(2));
            let values = format!("'{case}', '{agency}', '2026-01-01'");
            run(store, &format!("INSERT INTO case_agencies VALUES ({values})"));
        }
        let cases = |agency: u128, after: Option<u128>, most| -> Vec<(CaseId, String)> {
            let after = after.map(id);
            reading(store, &here, at(9), |az| readers::cases_of(az, id(agency), after, most))
        };
        let found = cases(2, None, 10);
        assert_eq!(found, [(id(CASE), "R3".to_owned()), (id(OTHER), "R6".to_owned())]);
        assert_eq!(
            (cases(2, Some(CASE), 10), cases(2, None, 1)),
            (found[1..].to_vec(), found[..1].to_vec())
        );
        assert!(cases(3, None, 10).is_empty());
        looked_at(store);
        seal(store, at(9), Reach::Near);
        let look = |from: DateTime<Utc>, to: DateTime<Utc>| {
            let (from, to): (AuditId, AuditId) = (least_id(from), least_id(to));
            reading(store, &here, at(9), |az| readers::looks_at(az, id(CASE), from, to))
        };
        let whole = look(at(0), at(3));
        assert!(whole.iter().all(|(_, who, agency)| (*who, *agency) == (Some(id(2)), Some(id(1)))));
        assert!(whole.len() == 2 && whole[0].0 > whole[1].0, "the newest first: {whole:?}");
        assert_eq!(
            (look(at(1), at(3)), look(at(0), at(1))),
            (whole[..1].to_vec(), whole[1..].to_vec())
        );
    });
}

#[test]
fn what_was_asked_for_in_vain_is_noted_where_it_is_and_what_is_nowhere_is_not() {
    on_ground("denied", &[representative()], |store| {
        let stranger = person(5, vec![seat(Role::Representative, 3, 4)]);
        let place = |kind, n: u128| {
            reading(store, &stranger, at(0), |az| denials::place(az, kind, Uuid::from_u128(n)))
        };
        let of_case: (PanelId, Option<CaseId>) = (id(1), Some(id(CASE)));
        assert_eq!(place(SubjectKind::Case, CASE), Some(of_case));
        assert_eq!(place(SubjectKind::Panel, 2), Some((id(2), None)));
        for (kind, n) in
            [(SubjectKind::Case, 99), (SubjectKind::Meeting, 1), (SubjectKind::Account, 1)]
        {
            assert_eq!(place(kind, n), None, "{kind:?}");
        }
    });
}

#[test]
fn leads_of_agencies_keep_the_checkpoints_while_they_sit() {
    let leads =
        [(2, 1), (3, 2)].map(|(user, panel)| person(user, vec![seat(Role::AgencyLead, panel, 1)]));
    let [first, second] = leads.clone();
    on_ground("holders", &[first, second, coordinator(1, 1)], |store| {
        run(
            store,
            &format!(
                "UPDATE seats SET ends_on = '2026-04-02' WHERE user_id = '{}'",
                leads[1].user.uuid()
            ),
        );
        let holders = |minute: i64| {
            let found = store.read(&caller(at(minute)), |az| {
                let listed = checkpoints::holders(az)?;
                let each =
                    (1..=3).map(id).filter_map(|user: UserId| {
                        match checkpoints::is_holder(az, user) {
                            Ok(holds) => holds.then_some(Ok(user)),
                            Err(error) => Some(Err(error)),
                        }
                    });
                Ok::<_, StoreError>((listed, each.collect::<Result<Vec<UserId>, _>>()?))
            });
            let (listed, each) = found.unwrap();
            assert_eq!(listed, each);
            listed
        };
        let day = 24 * 60;
        assert_eq!(holders(0), [id(2), id(3)]);
        assert_eq!(holders(day), [id(2), id(3)], "to the end of her last day");
        assert_eq!(holders(2 * day), [id(2)]);
    });
}
