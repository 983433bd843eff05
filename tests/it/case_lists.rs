//! From whom a case is kept: on every page, in counts, searches, agendas and mail.

mod setting;

use crate::agenda::{build, issue, meetings_of};
use crate::casework::{Accepted, accept};
use crate::series::rows;
use panel_app::actions::{self, ActionForm, Filters, Total};
use panel_app::cases::{self, CaseFilter, CaseListForm};
use panel_app::completion;
use panel_app::information;
use panel_app::users::{self, SeatForm};
use panel_core::access::Role;
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::id::{ActionId, AgencyId, CaseId, MeetingId, PanelId, UserId};
use panel_core::reminder::{NoticeState, Subject};
use panel_store::notices;
use panel_store::users::SeatRow;
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule};
use panel_tests::site::{Pages, Visitor, hrefs};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, OBSERVER, POLICE, POLICE_SPOC, World, day,
};
use serde_json::json;
use std::collections::BTreeSet;

on_both!(
    for_whom_a_case_is_kept_from_it_does_not_exist_on_any_page,
    the_agenda_of_whom_it_is_kept_from_shows_no_gap,
    reminders_of_a_kept_case_go_to_somebody_else,
    a_case_kept_from_an_agency_reminds_nobody_who_sits_for_it_at_another_panel,
    only_those_who_are_named_know_of_a_case_that_is_kept_among_them,
    an_alternate_sees_the_one_case_to_which_the_chair_admits_her,
    an_alternate_who_only_observes_opens_the_case_from_her_first_page,
    an_administrator_who_observes_finds_the_case_that_is_shown_to_her,
    an_agency_from_which_a_case_is_kept_is_not_asked_and_owes_nothing,
);

/// Three cases on an issued agenda, each with an action of the police's representative.
struct Scene {
    cases: [CaseId; 3],
    actions: [ActionId; 3],
    meeting: MeetingId,
    panel: PanelId,
}

const NAMES: [&str; 3] = ["Adams", "Brook", "Clark"];

fn scene(world: &World) -> Scene {
    let meeting = meetings_of(world, 3).remove(0).id;
    let cases = NAMES.map(|surname| accept(world, &Accepted { surname, ..Accepted::default() }));
    build(world, meeting);
    issue(world, meeting);
    let actions = cases.map(|case| action(world, case, world.town().police, Some(POLICE)));
    Scene { cases, actions, meeting, panel: world.town().panel }
}

fn user(world: &World, email: &str) -> UserId {
    world.by(email).user()
}

#[track_caller]
fn action(world: &World, case: CaseId, agency: AgencyId, owner: Option<&str>) -> ActionId {
    let form: ActionForm = serde_json::from_value(json!({
        "panel": world.town().panel, "case": case, "text": "Visit him", "agency": agency,
        "person": owner.map(|owner| user(world, owner)), "due": "2026-04-02",
    }))
    .unwrap();
    actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action
}

fn person(world: &World, kind: ListKind, email: &str) -> CaseListForm {
    let person = Some(user(world, email));
    CaseListForm { kind, person, agency: None, conflict: Conflict::Personal, note: String::new() }
}

fn agency(kind: ListKind, agency: AgencyId) -> CaseListForm {
    let (person, agency) = (None, Some(agency));
    CaseListForm {
        kind,
        person,
        agency,
        conflict: Conflict::EmployeeIsPerpetrator,
        note: String::new(),
    }
}

#[track_caller]
pub(crate) fn keep_from(world: &World, case: CaseId, email: &str) {
    let form = person(world, ListKind::Excluded, email);
    cases::add_to_list(&world.by(COORDINATOR), case, &form).unwrap();
}

/// Everything a representative reads in a session, under the addresses that do not depend on the case.
fn walk(visitor: &Visitor, scene: &Scene) -> String {
    let meeting = scene.meeting;
    let paths = [
        "/".to_owned(),
        "/cases".to_owned(),
        "/actions".to_owned(),
        "/actions?status=".to_owned(),
        "/my-work".to_owned(),
        format!("/panels/{}/completion", scene.panel),
        "/notices".to_owned(),
        format!("/meetings/{meeting}"),
        format!("/meetings/{meeting}/agenda"),
        format!("/meetings/{meeting}/agenda/print"),
    ];
    let mut seen: String = paths.iter().map(|path| visitor.read(path)).collect();
    let csv = visitor.open("/actions/export?format=csv&status=");
    seen.push_str(&csv.text().unwrap());
    for name in NAMES {
        let found = visitor.fill("/cases/search", &[("query", name)]);
        // What was looked for is shown again in its box.
        seen.push_str(&found.text().unwrap().replace(&format!("value=\"{name}\""), ""));
    }
    seen
}

fn for_whom_a_case_is_kept_from_it_does_not_exist_on_any_page(world: &World) {
    let scene = scene(world);
    let [_, kept, _] = scene.cases;
    let reference = cases::show(&world.by(COORDINATOR), kept).unwrap().row.reference;
    let requests = information::mine(&world.by(POLICE)).unwrap();
    let request = requests.iter().find(|asked| asked.reference == reference).unwrap().id;
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let marks = [
        "Brook".to_owned(),
        reference,
        kept.to_string(),
        scene.actions[1].to_string(),
        request.to_string(),
    ];
    let before = walk(&priya, &scene);
    for mark in &marks {
        assert!(before.contains(mark), "{mark} is seen before");
    }
    keep_from(world, kept, POLICE);
    let after = walk(&priya, &scene);
    for mark in &marks {
        let seen = after.lines().find(|line| line.contains(mark));
        assert_eq!(seen, None, "{mark} is seen");
    }
    assert!(after.contains("Adams") && after.contains("Clark"));
    let none = [
        format!("/cases/{kept}"),
        format!("/cases/{kept}/conflict"),
        format!("/actions/{}", scene.actions[1]),
        format!("/requests/{request}"),
        format!("/notices?action={}", scene.actions[1]),
    ];
    for path in &none {
        let answer = priya.open(path);
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
    let by = world.by(POLICE);
    assert_eq!(cases::count(&by, CaseFilter::default()).unwrap(), 2);
    assert_eq!(actions::count(&by, &Filters::default()).unwrap(), Total::Exactly(2));
    assert_eq!(information::mine(&by).unwrap().len(), requests.len() - 1);
    let counted = |email: &str| {
        let (from, to) = (day("2026-04-01"), day("2026-04-30"));
        let found = completion::show(&world.by(email), world.town().panel, from, to).unwrap();
        found.agencies.iter().map(|one| one.overdue).sum::<u32>()
    };
    world.set("2026-04-30 09:00");
    assert_eq!((counted(POLICE), counted(POLICE_SPOC)), (2, 3));
    let reason = serde_json::from_value(json!({"version": 1, "reason": "No"})).unwrap();
    not_found(actions::report_not_possible(&by, scene.actions[1], &reason));
    cases::show(&world.by(POLICE_SPOC), kept).unwrap();
    assert!(walk(&pages.signed_in(world, POLICE_SPOC), &scene).contains("Brook"));
}

fn the_agenda_of_whom_it_is_kept_from_shows_no_gap(world: &World) {
    let scene = scene(world);
    let pages = Pages::of(world);
    let times = |email: &str| {
        let at = format!("/meetings/{}/agenda", scene.meeting);
        begins(&pages.signed_in(world, email).read(&at))
    };
    let mut before = times(POLICE);
    keep_from(world, scene.cases[1], POLICE);
    assert_eq!(times(POLICE_SPOC), before, "for others nothing has changed");
    before.pop_last();
    assert!(before.len() >= 3);
    assert_eq!(
        times(POLICE),
        before,
        "what comes later closes up, so that only the last time is gone"
    );
}

/// When the lines of an agenda begin, as its page says: clock times after the first, which is when all
/// of it ends.
fn begins(page: &str) -> BTreeSet<String> {
    let (_, main) = page.split_once("<main").unwrap();
    let is_time = |word: &&str| {
        let (hours, minutes) = word.split_once(':').unwrap_or_default();
        hours.len() == 2 && minutes.len() == 2
    };
    let words = main.split(|c: char| !(c.is_ascii_digit() || c == ':'));
    words.filter(is_time).skip(1).map(str::to_owned).collect()
}

fn reminders_of_a_kept_case_go_to_somebody_else(world: &World) {
    let scene = scene(world);
    let waiting = |email: &str, action: ActionId| {
        let person = user(world, email);
        let all = rows(world, |az| notices::list_for_subject(az, Subject::Action(action)));
        let own = all.iter().filter(|row| row.person == Some(person));
        own.filter(|row| row.state == NoticeState::Planned).count()
    };
    let kept = scene.actions[1];
    assert!(waiting(POLICE, kept) > 0 && waiting(POLICE_SPOC, kept) == 0);
    keep_from(world, scene.cases[1], POLICE);
    let later = action(world, scene.cases[1], world.town().police, Some(POLICE));
    assert_eq!(waiting(POLICE, later), 0, "nothing is planned for her");
    assert!(waiting(POLICE_SPOC, later) > 0, "the agency's contact stands in");
    let told = notices_of(world, POLICE);
    assert!(told.contains(&Subject::Action(scene.actions[0])));
    for gone in [kept, later] {
        assert!(!told.contains(&Subject::Action(gone)), "she sees none of those planned before");
    }
}

fn a_case_kept_from_an_agency_reminds_nobody_who_sits_for_it_at_another_panel(world: &World) {
    let scene = scene(world);
    let town = world.town();
    let also = SeatRow {
        id: world.by(CHAIR).mint(),
        panel: town.elsewhere,
        user: user(world, POLICE),
        agency: town.idva,
        role: Role::Representative,
        from: day("2020-01-01"),
        until: None,
        deputy_for: None,
    };
    rows(world, |az| panel_store::users::insert_seat(az, &also));
    let form = agency(ListKind::Excluded, town.idva);
    cases::add_to_list(&world.by(CHAIR), scene.cases[1], &form).unwrap();
    not_found(cases::show(&world.by(POLICE), scene.cases[1]));
    let later = action(world, scene.cases[1], town.police, Some(POLICE));
    let all = rows(world, |az| notices::list_for_subject(az, Subject::Action(later)));
    let person = Some(user(world, POLICE));
    assert!(all.iter().all(|row| row.person != person || row.state != NoticeState::Planned));
    assert!(!notices_of(world, POLICE).contains(&Subject::Action(later)));
}

/// What somebody's own list of reminders is about.
fn notices_of(world: &World, email: &str) -> Vec<Subject> {
    let page = panel_app::notices::of_person(&world.by(email), user(world, email), None).unwrap();
    page.rows.into_iter().map(|row| row.subject).collect()
}

fn only_those_who_are_named_know_of_a_case_that_is_kept_among_them(world: &World) {
    let scene = scene(world);
    let case = scene.cases[0];
    let form = person(world, ListKind::Named, HOUSING);
    cases::add_to_list(&world.by(CHAIR), case, &form).unwrap();
    cases::show(&world.by(HOUSING), case).unwrap();
    for email in [COORDINATOR, CHAIR] {
        cases::show(&world.by(email), case).unwrap();
    }
    for email in [POLICE, POLICE_SPOC] {
        not_found(cases::show(&world.by(email), case));
        cases::show(&world.by(email), scene.cases[1]).unwrap();
    }
    let not_an_agency = agency(ListKind::Named, world.town().police);
    let refused = cases::add_to_list(&world.by(CHAIR), case, &not_an_agency);
    assert_eq!(invalid(refused)[0].field, "person");
}

fn an_alternate_sees_the_one_case_to_which_the_chair_admits_her(world: &World) {
    let scene = scene(world);
    let case = scene.cases[0];
    let form = person(world, ListKind::Alternate, OBSERVER);
    let refused = cases::add_to_list(&world.by(COORDINATOR), case, &form);
    assert_eq!(rule(refused).0, "not_allowed");
    not_found(cases::show(&world.by(OBSERVER), case));
    cases::add_to_list(&world.by(CHAIR), case, &form).unwrap();
    cases::show(&world.by(OBSERVER), case).unwrap();
    not_found(cases::show(&world.by(OBSERVER), scene.cases[1]));
    assert_eq!(cases::count(&world.by(OBSERVER), CaseFilter::default()).unwrap(), 1);
}

fn an_alternate_who_only_observes_opens_the_case_from_her_first_page(world: &World) {
    let scene = scene(world);
    let [case, other, _] = scene.cases.map(|case| format!("/cases/{case}"));
    let pages = Pages::of(world);
    let otto = pages.signed_in(world, OBSERVER);
    assert!(otto.read("/").contains("Nothing waits for you."));
    let not_found = |path: &str| assert_eq!(otto.open(path).status().as_u16(), 404, "{path}");
    not_found(&case);
    let form = person(world, ListKind::Alternate, OBSERVER);
    cases::add_to_list(&world.by(CHAIR), scene.cases[0], &form).unwrap();
    let today = otto.read("/");
    assert!(today.contains("Cases that are shown to you") && today.contains(&case), "{today}");
    assert!(!today.contains(&other));
    let page = otto.read(&case);
    for words in ["Adams", "Visit him", "Victims and children"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    not_found(&other);
    not_found("/cases");
    for page in [&today, &page] {
        for href in hrefs(page).filter(|href| href.starts_with('/')) {
            assert_eq!(otto.open(href).status().as_u16(), 200, "{href} is offered");
        }
    }
}

fn an_administrator_who_observes_finds_the_case_that_is_shown_to_her(world: &World) {
    let scene = scene(world);
    let from = day("2020-01-01");
    let panel = world.town().panel;
    let seat = SeatForm { panel, role: Role::Observer, from, until: None, deputy_for: None };
    users::seat(&world.operator(), world.by(ADMINISTRATOR).user(), &seat).unwrap();
    let form = person(world, ListKind::Alternate, ADMINISTRATOR);
    cases::add_to_list(&world.by(CHAIR), scene.cases[0], &form).unwrap();
    let pages = Pages::of(world);
    let today = pages.signed_in(world, ADMINISTRATOR).read("/");
    for words in ["Cases that are shown to you", "Adams", "Run the service"] {
        assert!(today.contains(words), "{words}: {today}");
    }
}

fn an_agency_from_which_a_case_is_kept_is_not_asked_and_owes_nothing(world: &World) {
    let town = *world.town();
    let meeting = meetings_of(world, 3).remove(0).id;
    let case = accept(world, &Accepted { surname: "Adams", ..Accepted::default() });
    let other = accept(world, &Accepted { surname: "Brook", ..Accepted::default() });
    let owed = action(world, case, town.housing, None);
    let form = agency(ListKind::Excluded, town.housing);
    let refused = cases::add_to_list(&world.by(COORDINATOR), case, &form);
    assert_eq!(rule(refused).0, "open_actions");
    let reason =
        serde_json::from_value(json!({"version": 1, "reason": "No longer needed"})).unwrap();
    actions::withdraw(&world.by(CHAIR), owed, &reason).unwrap();
    cases::add_to_list(&world.by(COORDINATOR), case, &form).unwrap();
    not_found(cases::show(&world.by(HOUSING), case));
    build(world, meeting);
    issue(world, meeting);
    let asked: Vec<String> =
        information::mine(&world.by(HOUSING)).unwrap().into_iter().map(|it| it.reference).collect();
    let reference = cases::show(&world.by(COORDINATOR), other).unwrap().row.reference;
    assert_eq!(asked, [reference], "a core agency is asked about the others alone");
    let foreign = agency(ListKind::Excluded, town.westshire);
    let refused = cases::add_to_list(&world.by(COORDINATOR), case, &foreign);
    assert_eq!(invalid(refused)[0].code, "not_a_member");
}
