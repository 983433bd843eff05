//! The pages of triage: decided, proposed, returned, corrected, withdrawn.

use super::{part, path};
use crate::referrals::{referred, shown};
use crate::series::thursdays;
use panel_core::referral::TriageStatus;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, POLICE, World};

on_both!(
    the_late_lane_takes_the_chairs_reason,
    the_chair_decides_with_what_each_outcome_needs,
    the_coordinator_proposes_and_returns_and_the_referrer_sends_again,
    only_who_may_decide_is_offered_to,
    f25_of_two_who_decide_the_second_sees_what_stands,
    f25_two_corrections_of_a_referral_show_both_texts,
    a_referral_is_withdrawn_and_a_refusal_looked_at_again,
);

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
    let draft = leads_to(&rep.press_on(&at, &format!("{at}/correct"), &[]));
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
    let mine = leads_to(&rep.press_on(&at, &format!("{at}/correct"), &[]));
    part(&rep, &mine, "grounds", &[("grounds.text", "He waits at the school")]);
    let hers = leads_to(&carol.press_on(&at, &format!("{at}/correct"), &[]));
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
