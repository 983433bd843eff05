//! The pages of referrals, without script: written part by part, sent, triaged, corrected.

mod read;
mod triage;

use crate::referrals::{referred, shown};
use crate::series::thursdays;
use panel_core::id::ReferralId;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{CHAIR, HOUSING, POLICE, World};

on_both!(
    a_referral_is_written_part_by_part_and_sent_once,
    what_is_typed_wrongly_is_kept_and_said_beside_its_field,
    nothing_is_sent_before_it_can_be_taken,
    an_entry_goes_out_again_and_the_others_stay,
    a_draft_is_its_writers_alone_and_can_be_discarded,
    one_address_for_two_is_asked_about,
    what_the_script_saves_while_typing_is_there_again,
    a_late_referral_says_so_before_and_after_it_is_sent,
    whom_the_person_looks_like_is_offered_and_never_joined,
);

fn path(id: ReferralId) -> String {
    format!("/referrals/{id}")
}

/// Begins a referral to the town's panel and gives the address of its draft.
#[track_caller]
fn begin(world: &World, visitor: &Visitor) -> String {
    let panel = world.town().panel.to_string();
    leads_to(&visitor.fill("/referrals/new", &[("panel", &panel)]))
}

/// Fills one part in and goes on.
#[track_caller]
fn part(visitor: &Visitor, draft: &str, part: &str, fields: &[(&str, &str)]) -> String {
    let answer = visitor.fill(&format!("{draft}/{part}"), fields);
    assert_eq!(answer.status().as_u16(), 303, "{part} was refused");
    leads_to(&answer)
}

const PERSON: [(&str, &str); 6] = [
    ("perpetrator.name.surname", "Ashdown"),
    ("perpetrator.name.forename", "Callum"),
    ("perpetrator.name.known_as", "Cal\nAsh"),
    ("perpetrator.born-day", "29"),
    ("perpetrator.born-month", "2"),
    ("perpetrator.born-year", "1988"),
];

/// The least that a referral needs to be sent.
#[track_caller]
fn least(world: &World, visitor: &Visitor) -> String {
    let draft = begin(world, visitor);
    let agency = world.town().police.to_string();
    part(visitor, &draft, "about", &[("source", "partner"), ("referring_agency", &agency)]);
    part(visitor, &draft, "person", &PERSON);
    draft
}

/// Sends a draft and gives the referral's id.
#[track_caller]
fn send(visitor: &Visitor, draft: &str) -> ReferralId {
    let done = leads_to(&visitor.fill(&format!("{draft}/check"), &[]));
    let id = done.strip_prefix("/referrals/").and_then(|rest| rest.strip_suffix("/sent"));
    id.unwrap_or_else(|| panic!("{done}")).parse().unwrap()
}

fn a_referral_is_written_part_by_part_and_sent_once(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    assert!(rep.read("/referrals").contains("There are no referrals yet."));
    let draft = begin(world, &rep);
    let tasks = rep.read(&draft);
    assert!(tasks.contains("Nobody named yet") && tasks.contains("Not started"), "{tasks}");
    let agency = world.town().police.to_string();
    let about = [("source", "partner"), ("referring_agency", agency.as_str())];
    assert_eq!(part(&rep, &draft, "about", &about), draft);
    part(&rep, &draft, "person", &PERSON);
    let nora = [
        ("victims.0.name.surname", "Varga"),
        ("victims.0.name.forename", "Nóra"),
        ("victims.0.relationship", "former_partner"),
        ("do", "another"),
    ];
    assert_eq!(part(&rep, &draft, "victims/1", &nora), format!("{draft}/victims/2"));
    part(&rep, &draft, "victims/2", &[("victims.1.name.surname", "O’Neill-Reed")]);
    assert_eq!(rep.open(&format!("{draft}/victims/4")).status().as_u16(), 404);
    part(&rep, &draft, "children/1", &[("children.0.unborn", "yes")]);
    let incident = rep.read(&format!("{draft}/incidents/1"));
    assert!(incident.contains("O’Neill-Reed"), "a victim is chosen by name: {incident}");
    let hurt = [
        ("incidents.0.happened-day", "20"),
        ("incidents.0.happened-month", "3"),
        ("incidents.0.happened-year", "2026"),
        ("incidents.0.victim", "2"),
        ("incidents.0.kinds", "physical"),
    ];
    part(&rep, &draft, "incidents/1", &hurt);
    let why = [("grounds.criteria", "professional_judgement"), ("grounds.ppit.recent", "present")];
    part(&rep, &draft, "grounds", &why);
    part(&rep, &draft, "gaps", &[("gaps.victim_telephone", "declined")]);
    let check = rep.read(&format!("{draft}/check"));
    for words in
        ["Ashdown", "Nóra Varga", "Friday 20 March 2026", "Declined to say", "fields are missing"]
    {
        assert!(check.contains(words), "{words:?}: {check}");
    }
    assert!(rep.read("/referrals/new").contains("Callum Ashdown: new referral, saved on"));
    let id = send(&rep, &draft);
    let reference = shown(world, id).row.reference;
    let done = rep.read(&format!("/referrals/{id}/sent"));
    assert!(done.contains(&reference) && done.contains("What happens next"), "{done}");
    assert_eq!(rep.open(&draft).status().as_u16(), 404, "what was sent is no draft any more");
    let detail = shown(world, id);
    assert_eq!(detail.form.perpetrator.name.known_as.len(), 2);
    assert_eq!(detail.form.incidents[0].victim, Some(2));
    assert_eq!(detail.form.victims.len(), 2);
    assert!(detail.form.children[0].unborn);
    assert!(rep.read("/referrals").contains("Callum Ashdown"));
    assert!(rep.read("/referrals").contains("There is 1 referral."));
}

fn what_is_typed_wrongly_is_kept_and_said_beside_its_field(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = begin(world, &rep);
    let long = "a".repeat(151);
    let wrong = [
        ("perpetrator.name.surname", long.as_str()),
        ("perpetrator.born-day", "31"),
        ("perpetrator.born-month", "2"),
        ("perpetrator.born-year", "1990"),
        ("perpetrator.addresses.0.postcode", "<b>"),
        ("perpetrator.other_births", "1/2/1980\nlast week"),
    ];
    let page = says(
        rep.fill(&format!("{draft}/person"), &wrong),
        422,
        &[
            "Error: ",
            "Surname must be 150 characters or fewer",
            "Date of birth must be a real date",
            "href=\"#perpetrator.born-day\"",
            "href=\"#perpetrator.addresses.0.postcode\"",
            "must be a postcode",
            "Other dates of birth in use must be a real date",
            "value=\"1990\"",
            "value=\"&lt;b&gt;\"",
            "What you typed is kept",
        ],
    );
    assert!(page.contains("last week"));
    assert!(rep.read(&format!("{draft}/person")).contains("value=\"1990\""), "kept over a reload");
    assert!(rep.read(&draft).contains("There is a problem"));
    let stranger = rep.fill(&format!("{draft}/person"), &[("victims.0.version", "3")]);
    says(stranger, 422, &["This form has no field called"]);
}

fn nothing_is_sent_before_it_can_be_taken(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = begin(world, &rep);
    let early = rep.fill(&format!("{draft}/check"), &[]);
    says(
        early,
        422,
        &[
            "Error: ",
            &format!("{draft}/about#source"),
            &format!("{draft}/person#perpetrator.name.surname"),
        ],
    );
    part(&rep, &draft, "person", &PERSON);
    let ahead = [
        ("incidents.0.happened-day", "2"),
        ("incidents.0.happened-month", "4"),
        ("incidents.0.happened-year", "2026"),
    ];
    says(
        rep.fill(&format!("{draft}/incidents/1"), &ahead),
        422,
        &["When it happened must be today or in the past"],
    );
    let check = rep.read(&format!("{draft}/check"));
    assert!(check.contains("must be put right before this can be sent"), "{check}");
    says(
        rep.fill(&format!("{draft}/check"), &[]),
        422,
        &[&format!("{draft}/incidents/1#incidents.0.happened")],
    );
    assert!(rep.read("/referrals").contains("There are no referrals yet."));
}

fn an_entry_goes_out_again_and_the_others_stay(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    part(&rep, &draft, "victims/1", &[("victims.0.name.surname", "Varga")]);
    part(&rep, &draft, "victims/2", &[("victims.1.name.surname", "Reed")]);
    part(&rep, &draft, "incidents/1", &[("incidents.0.victim", "2")]);
    let asked = rep.read(&format!("{draft}/victims/1/remove"));
    assert!(asked.contains("Varga"), "{asked}");
    assert_eq!(leads_to(&rep.fill(&format!("{draft}/victims/1/remove"), &[])), draft);
    let tasks = rep.read(&draft);
    assert!(!tasks.contains("Varga") && tasks.contains("Reed"));
    assert_eq!(rep.open(&format!("{draft}/victims/2/remove")).status().as_u16(), 404);
    let id = send(&rep, &draft);
    let form = shown(world, id).form;
    assert_eq!((form.victims.len(), form.incidents[0].victim), (1, Some(1)));
}

fn a_draft_is_its_writers_alone_and_can_be_discarded(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    let housing = pages.signed_in(world, HOUSING);
    for place in [draft.clone(), format!("{draft}/person"), format!("{draft}/check")] {
        assert_eq!(housing.open(&place).status().as_u16(), 404, "{place}");
    }
    let elsewhere = world.town().elsewhere.to_string();
    let foreign = rep.fill("/referrals/new", &[("panel", &elsewhere)]);
    assert_eq!(foreign.status().as_u16(), 404, "no panel that one has no part in");
    assert_eq!(leads_to(&rep.fill(&format!("{draft}/discard"), &[])), "/referrals");
    assert_eq!(rep.open(&draft).status().as_u16(), 404);
    assert!(!rep.read("/referrals/new").contains("Not sent yet"));
}

fn one_address_for_two_is_asked_about(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    let home = [
        ("perpetrator.addresses.0.lines", "4 Mill Road"),
        ("perpetrator.addresses.0.postcode", "ZZ99 1AA"),
    ];
    let person: Vec<_> = PERSON.into_iter().chain(home).collect();
    part(&rep, &draft, "person", &person);
    let hers =
        [("victims.0.address.lines", "4 Mill Road"), ("victims.0.address.postcode", "zz991aa")];
    part(&rep, &draft, "victims/1", &hers);
    let check = format!("{draft}/check");
    assert!(rep.read(&check).contains("Both addresses are right"));
    says(rep.fill(&check, &[]), 200, &["One address for two"]);
    let done = leads_to(&rep.fill(&check, &[("same_address", "yes")]));
    assert!(done.ends_with("/sent"), "{done}");
}

fn what_the_script_saves_while_typing_is_there_again(world: &World) {
    world.town();
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    let page = rep.read(&format!("{draft}/grounds"));
    assert!(page.contains(&format!("data-autosave=\"{draft}/typed\"")), "{page}");
    let csrf = mark(&page, "csrf");
    let fields = [("csrf", csrf.as_str()), ("grounds.text", "Threats to"), ("panel", "x")];
    says(rep.send(&format!("{draft}/typed"), &fields), 200, &["\"saved\":\"9am\""]);
    assert!(rep.read(&format!("{draft}/grounds")).contains("Threats to"));
    assert_eq!(rep.open(&draft).status().as_u16(), 200, "only answers are taken");
}

fn a_late_referral_says_so_before_and_after_it_is_sent(world: &World) {
    thursdays(world, 4, End::Never);
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    let late = "The cut-off of the next meeting, on Thursday 2 April 2026, passed on";
    assert!(rep.read(&format!("{draft}/check")).contains(late));
    let id = send(&rep, &draft);
    assert!(rep.read(&format!("/referrals/{id}/sent")).contains(late));
    assert!(rep.read(&path(id)).contains(late));
}

fn whom_the_person_looks_like_is_offered_and_never_joined(world: &World) {
    let first = referred(world);
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let draft = least(world, &rep);
    let home = [
        ("perpetrator.addresses.0.lines", "4 Mill Road, Fenbridge"),
        ("perpetrator.addresses.0.postcode", "zz991aa"),
    ];
    let person: Vec<_> = PERSON.into_iter().chain(home).collect();
    part(&rep, &draft, "person", &person);
    let check = rep.read(&format!("{draft}/check"));
    assert!(check.contains("May be somebody you know already"), "{check}");
    let second = send(&rep, &draft);
    let (one, two) = (shown(world, first).people[0].id, shown(world, second).people[0].id);
    let pair = format!("/people/{one}/compare/{two}");
    assert_eq!(rep.open(&pair).status().as_u16(), 404, "an agency decides nothing about this");
    let chair = pages.signed_in(world, CHAIR);
    let decide = format!("{}/decide", path(second));
    says(
        chair.fill(&decide, &[("outcome", "accepted")]),
        422,
        &["Decide first whether this is the same person"],
    );
    assert!(chair.read(&path(second)).contains(&pair));
    assert!(chair.read("/people/alike").contains(&pair));
    assert!(chair.read(&pair).contains("For: "));
    assert_eq!(leads_to(&chair.fill(&pair, &[("verdict", "same")])), pair);
    assert!(chair.read(&pair).contains("the same person."));
    assert!(chair.read(&format!("/people/{two}")).contains("Other records of the same person"));
    assert_eq!(leads_to(&chair.fill(&decide, &[("outcome", "accepted")])), path(second));
    chair.fill(&pair, &[("verdict", "offered")]);
    assert!(!chair.read(&format!("/people/{two}")).contains("Other records of the same person"));
}
