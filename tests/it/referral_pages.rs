//! The pages of referrals, without script: written part by part, sent, triaged, corrected.

use crate::referrals::{form, other, over, referred, sent, shown};
use crate::series::thursdays;
use panel_core::id::ReferralId;
use panel_core::referral::TriageStatus;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::site::{Pages, Visitor, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, PROBATION, World};
use reqwest::blocking::Response;
use serde_json::json;

on_both!(
    a_referral_is_written_part_by_part_and_sent_once,
    what_is_typed_wrongly_is_kept_and_said_beside_its_field,
    nothing_is_sent_before_it_can_be_taken,
    an_entry_goes_out_again_and_the_others_stay,
    a_draft_is_its_writers_alone_and_can_be_discarded,
    one_address_for_two_is_asked_about,
    what_the_script_saves_while_typing_is_there_again,
    a_late_referral_says_so_before_and_after_it_is_sent,
    the_late_lane_takes_the_chairs_reason,
    whom_the_person_looks_like_is_offered_and_never_joined,
    the_chair_decides_with_what_each_outcome_needs,
    the_coordinator_proposes_and_returns_and_the_referrer_sends_again,
    only_who_may_decide_is_offered_to,
    f25_of_two_who_decide_the_second_sees_what_stands,
    f25_two_corrections_of_a_referral_show_both_texts,
    a_referral_is_withdrawn_and_a_refusal_looked_at_again,
    the_page_shows_flags_with_their_rule_anchor_and_dates,
    the_ways_to_a_victim_are_for_who_referred_and_who_runs_the_panel,
    a_stranger_is_told_what_a_wrong_address_tells,
    the_register_is_narrowed_counted_and_read_page_by_page,
);

#[track_caller]
pub(crate) fn says(answer: Response, status: u16, words: &[&str]) -> String {
    assert_eq!(answer.status().as_u16(), status);
    let page = answer.text().unwrap();
    for words in words {
        assert!(page.contains(words), "{words:?} is not on the page:\n{page}");
    }
    page
}

/// The value of a hidden field of a page.
#[track_caller]
pub(crate) fn mark(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Presses a button of a page that has a form of its own around it.
#[track_caller]
pub(crate) fn press(visitor: &Visitor, page: &str, action: &str) -> Response {
    let html = visitor.read(page);
    let (_, form) = html.split_once(&format!("action=\"{action}\"")).unwrap();
    let mut fields = vec![("csrf", mark(form, "csrf"))];
    let (form, _) = form.split_once("</form>").unwrap();
    for name in ["version", "operation"] {
        if form.contains(&format!("name=\"{name}\"")) {
            fields.push((name, mark(form, name)));
        }
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    visitor.send(action, &fields)
}

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

fn the_late_lane_takes_the_chairs_reason(world: &World) {
    thursdays(world, 4, End::Never);
    let id = referred(world);
    let pages = Pages::of(world);
    let chair = pages.signed_in(world, CHAIR);
    let lane = format!("{}/late", path(id));
    assert_eq!(chair.open(&lane).status().as_u16(), 404, "nothing was accepted yet");
    chair.fill(&format!("{}/decide", path(id)), &[("outcome", "accepted")]);
    assert!(chair.read(&path(id)).contains("Choose the late lane"));
    says(chair.fill(&lane, &[]), 422, &["Select which way it goes"]);
    says(chair.fill(&lane, &[("lane", "late_item"), ("reason", " ")]), 422, &["Enter the reason"]);
    let coordinator = pages.signed_in(world, COORDINATOR);
    let denied = coordinator.fill(&lane, &[("lane", "late_item"), ("reason", "Release on Friday")]);
    says(denied, 422, &["This is not open to"]);
    let done = chair.fill(&lane, &[("lane", "late_item"), ("reason", "Release on Friday")]);
    assert_eq!(leads_to(&done), path(id));
    let page = chair.read(&path(id));
    assert!(page.contains("Late item on this agenda") && page.contains("Release on Friday"));
    assert!(chair.read("/referrals?late=late_item").contains("There is 1 referral."));
    assert!(chair.read("/referrals?late=next_cycle").contains("There are no referrals like this."));
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

fn the_chair_decides_with_what_each_outcome_needs(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let chair = pages.signed_in(world, CHAIR);
    let decide = format!("{}/decide", path(id));
    let refused =
        |fields: &[(&str, &str)], words: &[&str]| says(chair.fill(&decide, fields), 422, words);
    refused(&[], &["Select the outcome"]);
    refused(&[("outcome", "urgent")], &["Enter why it cannot wait"]);
    refused(&[("outcome", "returned_incomplete")], &["Select what is missing"]);
    refused(
        &[("outcome", "redirected"), ("redirect_reason", "He is 15")],
        &["Enter the service that it is redirected to", "He is 15"],
    );
    let below = [("outcome", "below_threshold"), ("threshold_reason", "One old report")];
    refused(&below, &["Enter how it can be looked at again", "One old report"]);
    assert_eq!(shown(world, id).row.state, TriageStatus::Received);
    let whole: Vec<_> = below.into_iter().chain([("route", "Write to the chair.")]).collect();
    assert_eq!(leads_to(&chair.fill(&decide, &whole)), path(id));
    let page = chair.read(&path(id));
    for words in [
        "Below threshold",
        "One old report",
        "Write to the chair.",
        "Wednesday 1 April 2026 at 9am",
    ] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    assert!(pages.signed_in(world, POLICE).read(&path(id)).contains("Write to the chair."));
}

fn the_coordinator_proposes_and_returns_and_the_referrer_sends_again(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let at = path(id);
    assert!(carol.read("/referrals").contains("1 received, not looked at yet"));
    carol.fill(&format!("{at}/propose"), &[("outcome", "accepted")]);
    assert!(carol.read("/referrals").contains("1 with a proposal for the chair"));
    let chair = pages.signed_in(world, CHAIR);
    assert!(chair.read(&format!("{at}/decide")).contains("proposes: accepted."));
    let back = carol.read(&format!("{at}/return"));
    assert!(back.contains("checked"), "what is missing is ticked already");
    says(
        carol.fill(&format!("{at}/return"), &[("note", "Please ask")]),
        422,
        &["Select what is missing", "Please ask"],
    );
    let fields =
        [("missing", "perpetrator_gender"), ("missing", "weapons"), ("note", "Please ask")];
    assert_eq!(leads_to(&carol.fill(&format!("{at}/return"), &fields)), at);
    let rep = pages.signed_in(world, POLICE);
    let page = rep.read(&at);
    for words in ["Returned incomplete", "Perpetrator: gender; Weapons", "Please ask", "Send again"]
    {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    let draft = leads_to(&press(&rep, &at, &format!("{at}/correct")));
    let typed = [("context.weapons", "None known")];
    part(&rep, &draft, "context", &typed);
    assert!(rep.read(&draft).contains("Correct a referral"));
    assert_eq!(leads_to(&rep.fill(&format!("{draft}/check"), &[])), at);
    assert_eq!(shown(world, id).form.context.weapons.unwrap().as_str(), "None known");
    assert_eq!(leads_to(&rep.fill(&format!("{at}/resubmit"), &[])), at);
    assert_eq!(shown(world, id).row.state, TriageStatus::Received);
}

fn only_who_may_decide_is_offered_to(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let (carol, rep) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, POLICE));
    let at = path(id);
    let page = carol.read(&at);
    assert!(page.contains("Propose an outcome") && page.contains("Return as incomplete"));
    assert!(!page.contains(&format!("{at}/decide")));
    assert_eq!(carol.open(&format!("{at}/decide")).status().as_u16(), 404);
    let denied = carol.fill(&format!("{at}/propose"), &[("outcome", "accepted")]);
    assert_eq!(leads_to(&denied), at);
    for verb in ["decide", "propose", "return", "late", "reconsider"] {
        assert_eq!(rep.open(&format!("{at}/{verb}")).status().as_u16(), 404, "{verb}");
    }
    assert!(!rep.read(&at).contains("Propose an outcome"));
}

fn f25_of_two_who_decide_the_second_sees_what_stands(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let (carol, chair) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, CHAIR));
    let decide = format!("{}/decide", path(id));
    let page = chair.read(&decide);
    let back = [("missing", "weapons"), ("note", "Please ask the housing officer")];
    carol.fill(&format!("{}/return", path(id)), &back);
    let (csrf, version) = (mark(&page, "csrf"), mark(&page, "version"));
    let late = [
        ("csrf", csrf.as_str()),
        ("version", version.as_str()),
        ("outcome", "urgent"),
        ("urgent_reason", "He is released on Friday"),
    ];
    let words = [
        "Somebody else changed this referral meanwhile",
        "Please ask the housing officer",
        "He is released on Friday",
    ];
    says(chair.send(&decide, &late), 422, &words);
    assert_eq!(shown(world, id).row.state, TriageStatus::ReturnedIncomplete);
}

fn f25_two_corrections_of_a_referral_show_both_texts(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let (carol, rep) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, POLICE));
    let at = path(id);
    let mine = leads_to(&press(&rep, &at, &format!("{at}/correct")));
    part(&rep, &mine, "grounds", &[("grounds.text", "He waits at the school")]);
    let hers = leads_to(&press(&carol, &at, &format!("{at}/correct")));
    part(&carol, &hers, "grounds", &[("grounds.text", "He waits at her work")]);
    assert_eq!(leads_to(&carol.fill(&format!("{hers}/check"), &[])), at);
    let both = says(
        rep.fill(&format!("{mine}/check"), &[]),
        409,
        &["He waits at the school", "He waits at her work"],
    );
    assert_eq!(shown(world, id).form.grounds.text.unwrap().as_str(), "He waits at her work");
    // Saving mine over it is a choice of its own, which keeps everything else as it is.
    let (_, form) = both.split_once(&format!("action=\"{mine}/all\"")).unwrap();
    let mut fields: Vec<(String, String)> = Vec::new();
    for hidden in form.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = hidden.split_once("\" value=\"").unwrap();
        fields.push((name.to_owned(), rest.split_once('"').unwrap().0.to_owned()));
    }
    fields.push(("grounds.text".to_owned(), "He waits at the school and at her work".to_owned()));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(leads_to(&rep.send(&format!("{mine}/all"), &fields)), at);
    let detail = shown(world, id);
    assert_eq!(
        detail.form.grounds.text.unwrap().as_str(),
        "He waits at the school and at her work"
    );
    assert_eq!(detail.form.victims.len(), 1);
    assert_eq!(detail.form.perpetrator.name.surname.unwrap().as_str(), "Ashdown");
}

fn a_referral_is_withdrawn_and_a_refusal_looked_at_again(world: &World) {
    let id = referred(world);
    let pages = Pages::of(world);
    let (chair, rep) = (pages.signed_in(world, CHAIR), pages.signed_in(world, POLICE));
    let at = path(id);
    let below =
        [("outcome", "below_threshold"), ("threshold_reason", "One report"), ("route", "Write.")];
    chair.fill(&format!("{at}/decide"), &below);
    assert_eq!(leads_to(&chair.fill(&format!("{at}/reconsider"), &[])), at);
    assert_eq!(shown(world, id).row.state, TriageStatus::Received);
    assert!(chair.read(&at).contains("One report"), "the earlier decision stays in the history");
    says(rep.fill(&format!("{at}/withdraw"), &[("reason", " ")]), 422, &["Enter the reason"]);
    assert_eq!(leads_to(&rep.fill(&format!("{at}/withdraw"), &[("reason", "Sent twice")])), at);
    assert!(rep.read(&at).contains("Sent twice"));
    assert_eq!(rep.open(&format!("{at}/withdraw")).status().as_u16(), 404);
}

fn the_page_shows_flags_with_their_rule_anchor_and_dates(world: &World) {
    let first = referred(world);
    world.set("2026-05-06 09:00");
    let second = json!({"incidents": [{"happened": "2026-04-10", "victim": 1}]});
    let second = sent(&world.by(POLICE), &form(world, &second)).id;
    let (one, two) = (shown(world, first).people.clone(), shown(world, second).people.clone());
    let coordinator = world.by(COORDINATOR);
    for (one, two) in one.iter().zip(&two) {
        panel_app::people::decide(
            &coordinator,
            one.id,
            two.id,
            panel_core::likeness::Verdict::Same,
        )
        .unwrap();
    }
    let pages = Pages::of(world);
    let page = pages.signed_in(world, COORDINATOR).read(&path(second));
    for words in [
        "Repeat: Nóra Varga",
        "Yes: Friday 10 April 2026.",
        "any abuse, within 12 calendar months, counted from the last referral",
        "Anchor: the previous referral, received on Wednesday 1 April 2026.",
        "The window ends on Thursday 1 April 2027.",
        "Serial",
        "two or more victims, from Saturday 6 May 2023 to Wednesday 6 May 2026, both days in",
        "Re-referral",
    ] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
}

fn the_ways_to_a_victim_are_for_who_referred_and_who_runs_the_panel(world: &World) {
    let id = referred(world);
    let case = crate::referrals::accepted(world, id);
    crate::series::rows(world, |az| panel_store::cases::join(az, case, &[world.town().probation]));
    let nora = shown(world, id).people[1].id;
    let pages = Pages::of(world);
    for (who, sees) in [(POLICE, true), (COORDINATOR, true), (PROBATION, false)] {
        let visitor = pages.signed_in(world, who);
        for place in [path(id), format!("/people/{nora}")] {
            let page = visitor.read(&place);
            assert_eq!(page.contains("9 Lark Close"), sees, "{who} at {place}");
        }
        assert_eq!(visitor.read(&path(id)).contains("07700"), sees, "{who}");
    }
}

fn a_stranger_is_told_what_a_wrong_address_tells(world: &World) {
    let id = referred(world);
    let person = shown(world, id).people[0].id;
    let pages = Pages::of(world);
    let nowhere = "0198f0a4-0000-7000-8000-000000000001";
    for who in [OUTSIDER, HOUSING, IDVA] {
        let visitor = pages.signed_in(world, who);
        for (there, absent) in [
            (path(id), format!("/referrals/{nowhere}")),
            (format!("{}/sent", path(id)), format!("/referrals/{nowhere}/sent")),
            (format!("{}/withdraw", path(id)), format!("/referrals/{nowhere}/withdraw")),
            (format!("/people/{person}"), format!("/people/{nowhere}")),
        ] {
            let (there, absent) = (visitor.open(&there), visitor.open(&absent));
            assert_eq!((there.status().as_u16(), absent.status().as_u16()), (404, 404), "{who}");
            let body = |answer: Response| {
                let text = answer.text().unwrap();
                text.split_once("<main").unwrap().1.to_owned()
            };
            assert_eq!(body(there), body(absent), "{who}");
        }
        assert!(visitor.read("/referrals").contains("There are no referrals yet."), "{who}");
    }
}

fn the_register_is_narrowed_counted_and_read_page_by_page(world: &World) {
    for n in 0..52 {
        let surname = format!("Hollis{n:02}");
        let raw = other(world, &surname, "1990-05-01");
        let when = json!({"received_at": format!("2026-03-{:02}T10:00:00Z", 1 + n / 2)});
        sent(&world.by(COORDINATOR), &over(raw, &when));
    }
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read("/referrals");
    assert!(page.contains("There are 52 referrals.") && page.contains("Hollis51"));
    assert!(!page.contains("Hollis00") && !page.contains("Hollis01"), "the newest first");
    let next = |page: &str| {
        let (before, _) = page.split_once("Further referrals").unwrap();
        let (_, href) = before.rsplit_once("href=\"").unwrap();
        href.split_once('"').unwrap().0.replace("&amp;", "&").replace("&#x3D;", "=")
    };
    let rest = carol.read(&next(&page));
    assert!(rest.contains("Hollis00") && rest.contains("Hollis01") && !rest.contains("Hollis02"));
    for href in page.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0) {
        assert!(!href.contains("Hollis") && !href.contains("tobias"), "{href}");
    }
    let narrowed = carol.read("/referrals?from=1%2F3%2F2026&to=2%2F3%2F2026&state=received&panel=");
    assert!(narrowed.contains("There are 4 referrals."), "{narrowed}");
    let oldest = narrowed.find("Hollis00").unwrap() < narrowed.find("Hollis03").unwrap();
    assert!(oldest, "what waits is worked from the oldest");
    assert!(carol.read("/referrals?state=withdrawn").contains("There are no referrals like this."));
    says(carol.open("/referrals?from=31%2F2%2F2026"), 422, &["Received from must be a real date"]);
    says(carol.open("/referrals?nonsense=1"), 422, &["no field called"]);
}
