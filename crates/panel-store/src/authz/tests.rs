//! What a transaction knows of whoever asks, and what it leaves in the log, on both databases.

use super::testing::{caller, ground, id, run, seat, seated};
use super::*;
use crate::conn::testing::on_both;
use crate::schema::{audit_events, opened};
use crate::store::Store;
use panel_core::access::Seat;
use panel_core::access::glass::{Cause, Opening};
use panel_core::text::Note;
use uuid::Uuid;

/// Cases of the ground at its panels 1, 2 and 3; two are of the second.
const AT_FIRST: u128 = 3;
const AT_SECOND: [u128; 2] = [1, 4];
const AT_THIRD: u128 = 2;

/// The first agency takes part in the case of the first panel.
const TAKES_PART: &str = "INSERT INTO case_agencies (case_id, agency_id, since) VALUES
    ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001', '2026-01-01')";

fn somebody(seats: Vec<Seat>) -> Actor {
    Actor { user: id(1), agency: id(1), administrator: false, seats, opened_until: None }
}

/// Somebody who speaks for her agency at the first panel.
fn representative() -> Actor {
    somebody(vec![seat(Role::Representative, 1, 1)])
}

fn coordinator_of_two() -> Actor {
    somebody(vec![seat(Role::Coordinator, 1, 1), seat(Role::Coordinator, 2, 1)])
}

/// Runs on the ground of each database, where this person sits.
fn on_ground(name: &str, actor: &Actor, work: impl Fn(&Store, &mut Conn, &Caller<'_>)) {
    let caller = caller(Who::Person(actor.clone()));
    on_both(name, |store, owner| {
        run(store, &ground());
        run(store, &seated(actor));
        work(store, owner, &caller);
    });
}

/// Reads what is shown by `work`.
fn reading(
    store: &Store,
    caller: &Caller<'_>,
    work: impl FnOnce(&mut Authz<'_>),
) -> Result<(), StoreError> {
    store.read(caller, |az| {
        work(az);
        Ok(())
    })
}

/// A list of these cases, shown at a panel or at none in particular.
fn list(az: &mut Authz<'_>, panel: Option<u128>, cases: &[u128]) {
    let cases = cases.iter().copied().map(id);
    az.saw("case.list", SubjectKind::Listing, None, panel.map(id), cases);
}

/// Opens so many cases of the first panel, each of its own number from `first` on.
fn open(az: &mut Authz<'_>, first: u128, many: u128) {
    let cases = (first..first + many).map(id);
    az.saw("case.open", SubjectKind::Case, None, Some(id(1)), cases);
}

/// A row of the log: which kind and deed, at which panel, in which case, with which others, and its detail.
#[derive(Debug, PartialEq, Eq, Queryable)]
struct Row {
    kind: AuditKind,
    deed: String,
    panel: Option<PanelId>,
    case: Option<CaseId>,
    cases: String,
    detail: String,
}

impl Row {
    fn of(kind: AuditKind, deed: &str, panel: Option<u128>) -> Self {
        let (cases, detail) = (String::new(), String::new());
        Self { kind, deed: deed.to_owned(), panel: panel.map(id), case: None, cases, detail }
    }

    fn list(panel: Option<u128>) -> Self {
        Self::of(AuditKind::Consultation, "case.list", panel)
    }

    fn one(self, case: u128) -> Self {
        Self { case: Some(id(case)), ..self }
    }

    fn several(self, cases: &[u128]) -> Self {
        let cases: Vec<String> = cases.iter().map(|n| Uuid::from_u128(*n).to_string()).collect();
        Self { cases: cases.join(" "), ..self }
    }

    fn with(self, detail: &str) -> Self {
        Self { detail: detail.to_owned(), ..self }
    }
}

fn log(owner: &mut Conn) -> Vec<Row> {
    let columns = (
        audit_events::kind,
        audit_events::deed,
        audit_events::panel_id,
        audit_events::case_id,
        audit_events::cases,
        audit_events::detail,
    );
    audit_events::table.order(audit_events::id).select(columns).load(owner).unwrap()
}

/// The one panel of somebody with these seats, each a role, a panel and an agency.
fn only(seats: &[(Role, u128, u128)]) -> Option<PanelId> {
    let seats = seats.iter().map(|(role, panel, agency)| seat(*role, *panel, *agency)).collect();
    Scope::of(&somebody(seats)).only()
}

#[test]
fn whoever_sees_cases_of_one_panel_has_that_for_all_her_readings() {
    assert_eq!(only(&[(Role::Coordinator, 10, 7)]), Some(id(10)));
    assert_eq!(only(&[(Role::Representative, 10, 7), (Role::Representative, 10, 8)]), Some(id(10)));
    assert_eq!(only(&[(Role::Coordinator, 10, 7), (Role::Representative, 11, 7)]), None);
    assert_eq!(only(&[(Role::Representative, 10, 7), (Role::Representative, 11, 7)]), None);
    assert_eq!(only(&[]), None);
}

#[test]
fn a_person_is_known_by_her_seats_a_service_by_none_and_nobody_is_nobody() {
    on_ground("knows", &representative(), |store, _, caller| {
        let check = |az: &mut Authz<'_>| {
            assert_eq!((az.now(), az.today()), (caller.now, caller.today));
            assert_eq!(az.user(), Some(id(1)));
            assert_eq!(az.actor().map(|actor| actor.agency), Some(id(1)));
            assert_eq!([1, 2].map(|panel| az.sits(id(panel))), [true, false]);
            assert!(az.is(Role::Representative, id(1)));
            assert!(!az.is(Role::Representative, id(2)) && !az.is(Role::Chair, id(1)));
            assert!(!az.runs(id(1)), "she only speaks for her agency");
            assert_eq!(az.glass(), None);
        };
        reading(store, caller, check).unwrap();
        let runs = testing::caller(Who::Person(coordinator_of_two()));
        let check = |az: &mut Authz<'_>| {
            assert_eq!([1, 2, 3].map(|panel| az.runs(id(panel))), [true, true, false]);
        };
        reading(store, &runs, check).unwrap();
        for (who, sits) in [(Who::Service("mailer"), true), (Who::Nobody, false)] {
            let check = |az: &mut Authz<'_>| {
                assert_eq!(az.user(), None);
                assert_eq!((az.sits(id(1)), az.runs(id(1))), (sits, false));
                assert!(!az.is(Role::Representative, id(1)));
            };
            reading(store, &testing::caller(who), check).unwrap();
        }
    });
}

#[test]
fn a_list_of_several_panels_leaves_a_row_at_each_with_the_cases_of_that_panel() {
    on_ground("by_panel", &coordinator_of_two(), |store, owner, caller| {
        let [one, other] = AT_SECOND;
        reading(store, caller, |az| list(az, None, &[other, AT_FIRST, one])).unwrap();
        let at = |panel| Row::list(Some(panel)).with("runs");
        assert_eq!(log(owner), [at(1).one(AT_FIRST), at(2).several(&AT_SECOND)]);
    });
}

#[test]
fn a_list_that_shows_nothing_leaves_a_row_too() {
    on_ground("empty", &coordinator_of_two(), |store, owner, caller| {
        reading(store, caller, |az| list(az, None, &[])).unwrap();
        reading(store, caller, |_| ()).unwrap();
        assert_eq!(log(owner), [Row::list(None)]);
    });
}

#[test]
fn what_several_looks_of_one_use_case_show_is_one_row_named_by_the_first() {
    on_ground("looks", &representative(), |store, owner, caller| {
        let work = |az: &mut Authz<'_>| {
            list(az, None, &[AT_FIRST]);
            az.saw("action.list", SubjectKind::Action, None, Some(id(1)), [id(6)]);
            az.on_occasion(Occasion::Action);
        };
        reading(store, caller, work).unwrap();
        assert_eq!(log(owner), [Row::list(Some(1)).several(&[AT_FIRST, 6]).with("action")]);
    });
}

#[test]
fn a_case_that_is_read_by_itself_has_its_occasion_and_each_of_several_has_none() {
    on_ground("occasion", &representative(), |store, owner, caller| {
        run(store, TAKES_PART);
        reading(store, caller, |az| list(az, None, &[AT_FIRST])).unwrap();
        reading(store, caller, |az| list(az, None, &[AT_FIRST, 6])).unwrap();
        let service = testing::caller(Who::Service("mailer"));
        reading(store, &service, |az| list(az, Some(1), &[AT_FIRST])).unwrap();
        let at = || Row::list(Some(1));
        let alone = at().one(AT_FIRST);
        let expected = [alone.with("unknown"), at().several(&[AT_FIRST, 6]), at().one(AT_FIRST)];
        assert_eq!(log(owner), expected);
    });
}

#[test]
fn what_is_changed_stands_in_the_log_before_what_was_shown_with_it() {
    on_ground("changed", &representative(), |store, owner, caller| {
        run(store, TAKES_PART);
        let deed = |code| Deed::new(AuditKind::Alteration, code, SubjectKind::Action, None);
        let work = |az: &mut Authz<'_>| {
            list(az, Some(1), &[AT_FIRST]);
            az.did(deed("action.progress").at(id(1)));
            let reading = Deed { kind: AuditKind::Consultation, ..deed("note.show") };
            az.did(reading.clone().at(id(1)).in_case(Some(id(AT_FIRST))));
            az.did(reading.at(id(1)).in_case(Some(id(AT_FIRST))).with("police"));
            az.did(deed("action.complete").at(id(1)).in_case(Some(id(AT_FIRST))));
            Ok::<_, StoreError>(())
        };
        store.write(caller, work).unwrap();
        let change = |deed| Row::of(AuditKind::Alteration, deed, Some(1));
        let read = || Row::of(AuditKind::Consultation, "note.show", Some(1)).one(AT_FIRST);
        let expected = [
            change("action.progress"),
            read().with("unknown"),
            read().with("police"),
            change("action.complete").one(AT_FIRST),
            Row::list(Some(1)).one(AT_FIRST).with("unknown"),
        ];
        assert_eq!(log(owner), expected);
    });
}

/// Somebody at the first panel who has opened a case of the third, with the opening's id.
fn in_emergency(
    name: &str,
    work: impl Fn(&Store, &mut dyn FnMut() -> Vec<Row>, &Caller<'_>, &str),
) {
    let seat = seat(Role::Chair, 1, 1);
    on_ground(name, &somebody(vec![seat]), |store, owner, caller| {
        let new = glass::NewGlass {
            case: id(AT_THIRD),
            panel: id(3),
            user: id(1),
            by: seat,
            cause: Cause::Danger,
            reason: Note::parse("She is said to be on her way to him").unwrap(),
            reviewers: [id(2), id(3)],
            review_by: caller.today,
        };
        let opening = store.write(caller, |az| glass::add(az, &new)).unwrap();
        let opened_until = Some(Opening::ends(caller.now));
        let who = Who::Person(Actor { opened_until, ..somebody(vec![seat]) });
        work(store, &mut || log(owner), &Caller { who, ..caller.clone() }, &opening.to_string());
    });
}

#[test]
fn what_is_open_in_an_emergency_has_a_row_of_its_own_at_its_own_panel() {
    in_emergency("glass_rows", |store, log, caller, opening| {
        let by = |code| Row::of(AuditKind::BreakGlass, code, Some(3)).one(AT_THIRD).with(opening);
        reading(store, caller, |az| {
            assert_eq!(az.glass(), Some(id(AT_THIRD)));
            az.saw("case.open", SubjectKind::Case, None, Some(id(3)), [id(AT_THIRD)]);
        })
        .unwrap();
        assert_eq!(log(), [by("case.open")], "alone it is no ordinary reading");
        // With another, which is not at the panel of the emergency.
        reading(store, caller, |az| list(az, Some(3), &[AT_THIRD, AT_FIRST])).unwrap();
        let others = Row::list(Some(1)).one(AT_FIRST).with("runs");
        assert_eq!(log(), [by("case.open"), by("case.list"), others]);
        reading(store, caller, |az| list(az, Some(2), &[AT_THIRD, 1, 4])).unwrap();
        let others = Row::list(Some(2)).several(&AT_SECOND);
        assert_eq!(log().split_off(3), [by("case.list"), others], "the panel that was named stays");
        let changing = store.write(caller, |az| Ok::<_, StoreError>(az.glass()));
        assert_eq!(changing.unwrap(), None, "whatever changes something does not find it");
    });
}

#[test]
fn an_emergency_is_never_stopped_by_what_was_read_before() {
    in_emergency("glass_bound", |store, _, caller, _| {
        reading(store, caller, |az| open(az, 100, 120)).unwrap();
        let one_more = reading(store, caller, |az| open(az, 300, 1));
        assert!(matches!(one_more, Err(StoreError::Spent(_))), "{one_more:?}");
        reading(store, caller, |az| open(az, AT_THIRD, 1)).unwrap();
    });
}

#[test]
fn what_is_read_counts_and_has_a_bound_and_what_is_changed_counts_and_has_none() {
    on_ground("bounds", &representative(), |store, owner, caller| {
        let mut remembered = || opened::table.count().get_result::<i64>(owner).unwrap();
        let changing = |first, uncovers: bool| {
            store.write(caller, |az| {
                open(az, first, 1);
                if uncovers {
                    az.reads();
                }
                Ok::<_, StoreError>(())
            })
        };
        reading(store, caller, |az| open(az, 100, 60)).unwrap();
        assert_eq!(remembered(), 60);
        changing(200, false).unwrap();
        assert_eq!(remembered(), 61, "recording goes on");
        let uncovered = changing(201, true);
        assert!(matches!(uncovered, Err(StoreError::Spent(_))), "{uncovered:?}");
        let read = reading(store, caller, |az| open(az, 201, 1));
        assert!(matches!(read, Err(StoreError::Spent(_))), "{read:?}");
        reading(store, caller, |az| open(az, 100, 60)).unwrap();
        assert_eq!(remembered(), 61, "what is opened again costs nothing");
    });
}
