//! What may tell where somebody can be found is looked at by a person before a paper leaves.

use crate::actions::form as action_form;
use crate::agenda::{build, draft, meetings_of};
use crate::live::{as_it_stands, decide, end, everybody_present, item_of, room, set_action, start};
use crate::referrals::{accepted, form, sent, shown};
use panel_app::actions::{self, ActionForm, WordingForm};
use panel_app::agenda::{self, TitleForm};
use panel_app::clearing::{self, ClearForm, Outgoing, Suspect};
use panel_app::{AppError, live};
use panel_core::agenda::{Decision, Section};
use panel_core::guard::FindKind;
use panel_core::id::MeetingId;
use panel_tests::on_both;
use panel_tests::page::says;
use panel_tests::refusal::invalid;
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World};
use serde_json::json;

on_both!(
    an_agenda_with_a_victims_address_is_not_issued_before_it_is_cleared,
    minutes_are_not_signed_before_each_find_is_cleared_and_what_was_cleared_stays_so,
    what_the_perpetrator_is_known_by_and_where_the_panel_meets_may_stand,
    only_who_runs_the_panel_looks_and_only_what_stands_there_is_cleared,
    the_pages_lead_to_it_and_on_again,
    an_action_that_may_tell_where_she_is_waits_for_a_word,
    the_page_of_a_new_action_asks_whether_it_may_stand,
);

/// A meeting with the case of Callum Ashdown on its agenda.
fn meeting(world: &World) -> (MeetingId, String) {
    world.set("2026-03-23 09:00");
    let meeting = meetings_of(world, 3).remove(0).id;
    let referral = sent(&world.by(POLICE), &form(world, &json!({}))).id;
    let case = accepted(world, referral);
    build(world, meeting);
    assert!(!shown(world, referral).form.victims[0].kept.is_empty());
    (meeting, panel_app::cases::show(&world.by(CHAIR), case).unwrap().row.reference)
}

fn add_title(world: &World, meeting: MeetingId, title: &str) {
    let form = TitleForm {
        version: draft(world, meeting).version,
        section: Section::Other,
        title: title.to_owned(),
        late_reason: String::new(),
        minutes: None,
        presenter: None,
    };
    agenda::add_title(&world.by(COORDINATOR), meeting, &form).unwrap();
}

fn issue(world: &World, meeting: MeetingId) -> Result<agenda::Issued, AppError> {
    agenda::issue(&world.by(COORDINATOR), meeting, draft(world, meeting).version)
}

fn look(world: &World, meeting: MeetingId, paper: Outgoing) -> Vec<Suspect> {
    clearing::look(&world.by(COORDINATOR), meeting, paper).unwrap()
}

fn clear(world: &World, meeting: MeetingId, paper: Outgoing, some: &[Suspect]) {
    let marks = some.iter().map(|one| one.mark.clone()).collect();
    clearing::clear(&world.by(CHAIR), meeting, paper, &ClearForm { marks }).unwrap();
}

#[track_caller]
fn not_cleared<T: std::fmt::Debug>(answer: Result<T, AppError>) {
    let error = answer.unwrap_err();
    assert!(matches!(error, AppError::Rule { code: "not_cleared", .. }), "{error:?}");
}

fn an_agenda_with_a_victims_address_is_not_issued_before_it_is_cleared(world: &World) {
    let (meeting, _) = meeting(world);
    add_title(world, meeting, "Locks changed at nine Lark Cl");
    let found = look(world, meeting, Outgoing::Agenda);
    let told: Vec<(FindKind, &str)> = found.iter().map(|one| (one.kind, &*one.words)).collect();
    assert_eq!(told, [(FindKind::Address, "nine Lark Cl")]);
    not_cleared(issue(world, meeting));
    assert_eq!(crate::series::show(world, meeting).state.to_string(), "Planned");
    clear(world, meeting, Outgoing::Agenda, &found);
    assert_eq!(issue(world, meeting).unwrap().number, 1);
}

fn minutes_are_not_signed_before_each_find_is_cleared_and_what_was_cleared_stays_so(world: &World) {
    let (meeting, reference) = meeting(world);
    issue(world, meeting).unwrap();
    start(world, meeting);
    everybody_present(world, meeting);
    let item = item_of(world, meeting, &reference);
    decide(world, item, Decision::Retain);
    let written = live::RecordForm {
        discussion: "She moved; post goes to z z 9 9 2 a a now.".to_owned(),
        ..as_it_stands(world, item)
    };
    live::record(&world.by(COORDINATOR), item, &written).unwrap();
    set_action(world, item, "Ring her on +44 7700 900 123");
    assert!(!room(world, meeting).steps.is_empty());
    end(world, meeting);
    not_cleared(crate::minutes::approve(world, meeting, ""));
    let found = look(world, meeting, Outgoing::Minutes);
    let kinds: Vec<FindKind> = found.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [FindKind::Postcode, FindKind::Telephone]);
    assert!(found[0].place.contains("discussion") && found[1].place.contains("action"));
    clear(world, meeting, Outgoing::Minutes, &found[..1]);
    not_cleared(crate::minutes::approve(world, meeting, ""));
    assert_eq!(look(world, meeting, Outgoing::Minutes), found[1..]);
    clear(world, meeting, Outgoing::Minutes, &found[1..]);
    crate::minutes::approve(world, meeting, "").unwrap();
}

fn what_the_perpetrator_is_known_by_and_where_the_panel_meets_may_stand(world: &World) {
    let (meeting, _) = meeting(world);
    add_title(world, meeting, "Visit him at 4 Mill Rd, Fenbridge, ZZ99 1AA");
    assert_eq!(look(world, meeting, Outgoing::Agenda), []);
    issue(world, meeting).unwrap();
}

fn only_who_runs_the_panel_looks_and_only_what_stands_there_is_cleared(world: &World) {
    let (meeting, _) = meeting(world);
    add_title(world, meeting, "Locks changed at 9 Lark Close");
    let ctx = world.by(POLICE);
    let refused = clearing::look(&ctx, meeting, Outgoing::Agenda);
    assert!(matches!(refused, Err(AppError::NotFound)));
    let marks = vec![look(world, meeting, Outgoing::Agenda)[0].mark.clone()];
    let refused = clearing::clear(&ctx, meeting, Outgoing::Agenda, &ClearForm { marks });
    assert!(matches!(refused, Err(AppError::NotFound)));
    for marks in [vec![], vec!["00".repeat(32)]] {
        let form = ClearForm { marks };
        let refused = clearing::clear(&world.by(CHAIR), meeting, Outgoing::Agenda, &form);
        assert!(matches!(refused, Err(AppError::Invalid(_))));
    }
    not_cleared(issue(world, meeting));
}

fn the_pages_lead_to_it_and_on_again(world: &World) {
    let (meeting, _) = meeting(world);
    add_title(world, meeting, "Locks changed at 9 Lark Close");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/meetings/{meeting}/agenda");
    let look_at = format!("{at}/look");
    assert_eq!(leads_to(&carol.open(&format!("{at}/issue"))), look_at);
    let page = carol.read(&look_at);
    assert!(page.contains("“9 Lark Close”") && page.contains("Looks like an address"), "{page}");
    says(carol.fill(&look_at, &[]), 422, &["There is a problem"]);
    let mark = look(world, meeting, Outgoing::Agenda)[0].mark.clone();
    let cleared = carol.fill(&look_at, &[("marks", &mark)]);
    assert_eq!(leads_to(&cleared), format!("{at}/issue"));
    assert_eq!(leads_to(&carol.open(&look_at)), format!("{at}/issue"));
    says(carol.open(&format!("{at}/issue")), 200, &["Issue the agenda"]);
}

/// Between meetings an action is read the moment it is set.
fn an_action_that_may_tell_where_she_is_waits_for_a_word(world: &World) {
    let (_, reference) = meeting(world);
    let police = world.town().police;
    let case = panel_app::cases::search(&world.by(CHAIR), &reference).unwrap().cases[0].id;
    let form =
        |text: &str| ActionForm { stands: false, ..action_form(world, text, Some(case), police) };
    let set = |form: &ActionForm| actions::set(&world.by(COORDINATOR), form);
    for text in ["Change the locks at 9 lark close", "Ring her on 07700-900 123"] {
        let errors = invalid(set(&form(text)));
        assert_eq!(
            (errors[0].field.as_str(), errors[0].code),
            ("text", "may_tell_where"),
            "{text}"
        );
    }
    let set = set(&ActionForm { stands: true, ..form("Ring her on 07700-900 123") }).unwrap().saved;
    actions::set(&world.by(COORDINATOR), &form("Visit him at 4 Mill Rd, Fenbridge")).unwrap();
    let words = |stands| WordingForm {
        version: set.version,
        text: "Write to zz99 2aa".to_owned(),
        approach: None,
        stands,
    };
    let reword = |stands| actions::reword(&world.by(COORDINATOR), set.action, &words(stands));
    assert_eq!(invalid(reword(false))[0].code, "may_tell_where");
    reword(true).unwrap();
}

fn the_page_of_a_new_action_asks_whether_it_may_stand(world: &World) {
    let (_, reference) = meeting(world);
    let case = panel_app::cases::search(&world.by(CHAIR), &reference).unwrap().cases[0].id;
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = format!("/actions/new?case={case}");
    assert!(!carol.read(&at).contains("It may stand"));
    let police = world.town().police.to_string();
    let (panel, case) = (world.town().panel.to_string(), case.to_string());
    let fields = [
        ("text", "Change the locks at 9 Lark Close"),
        ("agency", police.as_str()),
        ("panel", panel.as_str()),
        ("case", case.as_str()),
    ];
    let page = says(carol.fill(&at, &fields), 422, &["may tell where somebody can be found"]);
    assert!(page.contains("It may stand"), "{page}");
    let stands = [fields.as_slice(), &[("stands", "yes")]].concat();
    says(carol.fill(&at, &stands), 200, &["Check the action", "9 Lark Close"]);
}
