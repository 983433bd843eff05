//! Which agencies take part in a case, changed by hand: by the use case, on its page, and over JSON.

use crate::agenda::{build, issue, meetings_of, title_form};
use crate::casework::{Accepted, accept};
use crate::series::rows;
use panel_app::actions::{self, ActionForm};
use panel_app::agenda::{self, TitleForm};
use panel_app::cases::{self, AgenciesForm};
use panel_app::information::{self, AskForm};
use panel_core::audit::{Purpose, SubjectKind};
use panel_core::id::{ActionId, AgencyId, CaseId};
use panel_core::reminder::{NoticeState, Subject};
use panel_store::notices;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::program::Program;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, World};
use serde_json::json;

on_both!(
    an_agency_that_is_added_sees_the_case_and_one_that_is_left_out_does_not,
    an_agency_that_owns_open_actions_hands_them_over_first,
    what_an_agency_has_not_answered_is_withdrawn_with_it_and_it_can_be_asked_again,
    only_who_runs_the_panel_changes_agencies,
    a_case_page_leads_to_its_agencies,
    a_program_sets_the_agencies_of_a_case,
);

fn a_case(world: &World) -> CaseId {
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() })
}

fn form(agencies: &[AgencyId]) -> AgenciesForm {
    AgenciesForm { agencies: agencies.iter().copied().collect() }
}

#[track_caller]
fn version(world: &World, case: CaseId) -> i32 {
    cases::show(&world.by(COORDINATOR), case).unwrap().row.version
}

#[track_caller]
fn set(world: &World, case: CaseId, agencies: &[AgencyId]) -> i32 {
    let version = version(world, case);
    cases::set_agencies(&world.by(COORDINATOR), case, version, &form(agencies)).unwrap()
}

#[track_caller]
fn taking_part(world: &World, case: CaseId) -> Vec<AgencyId> {
    let shown = cases::show(&world.by(COORDINATOR), case).unwrap();
    shown.agencies.into_iter().map(|(agency, _)| agency).collect()
}

#[track_caller]
fn action(world: &World, case: CaseId, agency: AgencyId) -> ActionId {
    let form: ActionForm = serde_json::from_value(json!({
        "panel": world.town().panel, "case": case, "text": "Visit him", "agency": agency,
    }))
    .unwrap();
    actions::set(&world.by(COORDINATOR), &form).unwrap().saved.action
}

fn an_agency_that_is_added_sees_the_case_and_one_that_is_left_out_does_not(world: &World) {
    let town = *world.town();
    let case = a_case(world);
    not_found(cases::show(&world.by(HOUSING), case));
    let changed = set(world, case, &[town.police, town.housing]);
    assert_eq!(taking_part(world, case), [town.housing, town.police], "by name");
    cases::show(&world.by(HOUSING), case).unwrap();
    let by = |code: &str| {
        let log = panel_app::audit::list(
            &world.by(COORDINATOR),
            Purpose::Integrity,
            Some(case),
            None,
            50,
        )
        .unwrap();
        let row = log.into_iter().find(|row| row.deed == code).expect(code);
        (row.actor, row.subject_kind, row.detail)
    };
    let carol = Some(world.by(COORDINATOR).user());
    let noted = |agency: AgencyId| (carol, SubjectKind::Agency, agency.to_string());
    assert_eq!(by("case.add_agency"), noted(town.housing));
    let named = panel_app::audit::newest(&world.by(COORDINATOR), Purpose::Integrity, 50).unwrap();
    let line = named.iter().find(|line| line.row.deed == "case.add_agency").unwrap();
    assert_eq!(line.name.as_deref(), Some("Carol Finch"));
    assert_eq!(
        panel_app::audit::newest(&world.by(POLICE), Purpose::Integrity, 50).unwrap().len(),
        0
    );

    assert_eq!(set(world, case, &[town.police, town.housing]), changed, "nothing to change");
    set(world, case, &[town.housing]);
    assert_eq!(by("case.remove_agency"), noted(town.police));
    not_found(cases::show(&world.by(POLICE), case));
    let late = cases::set_agencies(&world.by(COORDINATOR), case, changed, &form(&[]));
    stale(late);
    let version = version(world, case);
    let foreign = form(&[town.housing, town.westshire]);
    let refused = cases::set_agencies(&world.by(COORDINATOR), case, version, &foreign);
    assert_eq!(invalid(refused)[0].code, "not_a_member");
}

fn an_agency_that_owns_open_actions_hands_them_over_first(world: &World) {
    let town = *world.town();
    let case = a_case(world);
    let owed = action(world, case, town.housing);
    assert_eq!(taking_part(world, case), [town.housing, town.police], "an owner takes part");
    let seen = version(world, case);
    let refused = cases::set_agencies(&world.by(COORDINATOR), case, seen, &form(&[town.police]));
    let said = "Eastshire Homes owns 1 open action of this case. Hand them over first";
    assert_eq!(rule(refused), ("open_actions", said.to_owned()));
    assert_eq!(version(world, case), seen, "nothing has changed");
    let reason = json!({"version": 1, "reason": "No longer needed"});
    let reason = serde_json::from_value(reason).unwrap();
    actions::withdraw(&world.by(CHAIR), owed, &reason).unwrap();
    set(world, case, &[town.police]);
    assert_eq!(taking_part(world, case), [town.police]);
}

fn what_an_agency_has_not_answered_is_withdrawn_with_it_and_it_can_be_asked_again(world: &World) {
    let town = *world.town();
    let meeting = meetings_of(world, 3).remove(0).id;
    let case = a_case(world);
    build(world, meeting);
    issue(world, meeting);
    let owed = || information::mine(&world.by(HOUSING)).unwrap().len();
    assert_eq!(owed(), 1, "a core agency is asked");
    let request = information::mine(&world.by(HOUSING)).unwrap().remove(0).id;
    let planned = || {
        let all = rows(world, |az| notices::list_for_subject(az, Subject::Request(request)));
        all.into_iter().filter(|row| row.state == NoticeState::Planned).count()
    };
    assert!(planned() > 0, "and is reminded");
    let rest: Vec<AgencyId> =
        taking_part(world, case).into_iter().filter(|agency| *agency != town.housing).collect();
    set(world, case, &rest);
    assert_eq!((owed(), planned()), (0, 0));

    let version = crate::agenda::draft(world, meeting).version;
    let open = agenda::revise(&world.by(COORDINATOR), meeting, version).unwrap();
    let late = TitleForm { late_reason: "New".to_owned(), ..title_form(open, "Protocol") };
    agenda::add_title(&world.by(COORDINATOR), meeting, &late).unwrap();
    issue(world, meeting);
    assert_eq!(owed(), 0, "a new issue of the same agenda asks on who is left");

    let again = AskForm { case, agency: town.housing };
    information::ask(&world.by(COORDINATOR), meeting, &again).unwrap();
    assert_eq!(owed(), 1);
    assert!(taking_part(world, case).contains(&town.housing));
    let twice = information::ask(&world.by(COORDINATOR), meeting, &again);
    assert_eq!(invalid(twice)[0].code, "asked");
}

fn only_who_runs_the_panel_changes_agencies(world: &World) {
    let case = a_case(world);
    let none = form(&[]);
    assert_eq!(rule(cases::set_agencies(&world.by(POLICE), case, 1, &none)).0, "not_allowed");
    not_found(cases::set_agencies(&world.by(OUTSIDER), case, 1, &none));
    not_found(cases::set_agencies(&world.by(IDVA), case, 1, &none));
}

fn a_case_page_leads_to_its_agencies(world: &World) {
    let town = *world.town();
    let case = a_case(world);
    action(world, case, town.probation);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let (at, change) = (format!("/cases/{case}"), format!("/cases/{case}/agencies"));
    assert!(carol.read(&at).contains(&format!("href=\"{change}\"")));
    let asked = carol.read(&change);
    let ticked = |page: &str, agency: AgencyId| {
        let (_, rest) = page.split_once(&format!("value=\"{agency}\"")).unwrap();
        rest.split_once('>').unwrap().0.contains("checked")
    };
    assert!(ticked(&asked, town.police) && !ticked(&asked, town.idva));
    let (police, idva) = (town.police.to_string(), town.idva.to_string());
    let fields = [("agencies", police.as_str()), ("agencies", idva.as_str())];
    let refused = says(
        carol.fill(&change, &fields),
        422,
        &["Probation Service owns 1 open action of this case. Hand them over first"],
    );
    assert!(ticked(&refused, town.idva), "what was ticked is kept");
    let probation = town.probation.to_string();
    let all: Vec<_> = fields.into_iter().chain([("agencies", probation.as_str())]).collect();
    assert_eq!(leads_to(&carol.fill(&change, &all)), at);
    assert!(carol.read(&at).contains("Eastshire Advocates, Eastshire Police, Probation Service"));
    assert!(pages.signed_in(world, IDVA).read(&at).contains("Jo Adams"));

    let old = carol.send(
        &change,
        &[("csrf", &mark(&asked, "csrf")), ("version", "1"), ("agencies", police.as_str())],
    );
    says(old, 422, &["Somebody else changed this case meanwhile"]);
    let rep = pages.signed_in(world, POLICE);
    assert!(!rep.read(&at).contains(&change));
    assert_eq!(rep.open(&change).status().as_u16(), 404);
}

fn a_program_sets_the_agencies_of_a_case(world: &World) {
    let town = *world.town();
    let case = a_case(world);
    let pages = Pages::of(world);
    let program = Program::of(&pages, world, COORDINATOR);
    let at = format!("/api/v1/cases/{case}/agencies");
    let version = version(world, case);
    let both = json!({"version": version, "agencies": [town.police, town.idva]});
    let shown = program.put(&at, &both).well();
    assert_eq!(shown["agencies"].as_array().unwrap().len(), 2);
    assert_eq!(shown["row"]["version"], version + 1);
    let stale = program.put(&at, &both).problem(409, "stale");
    assert_eq!(stale["current"]["row"]["version"], version + 1);
    action(world, case, town.idva);
    let one = json!({"version": version + 1, "agencies": [town.police]});
    program.put(&at, &one).problem(422, "open_actions");
    Program::of(&pages, world, OUTSIDER).put(&at, &one).problem(404, "not_found");
}
