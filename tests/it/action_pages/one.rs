//! One action: setting it, every act on it, who may see it.

use super::{at, is_not_there, lacks};
use crate::actions::{case, done, set, show, user, version};
use crate::series::thursdays;
use panel_app::actions;
use panel_core::action::StatusFilter;
use panel_core::id::ActionId;
use panel_core::schedule::End;
use panel_tests::on_both;
use panel_tests::page::{holds, says};
use panel_tests::site::{Pages, leads_to};
use panel_tests::world::{
    CHAIR, COORDINATOR, HOUSING, IDVA, OBSERVER, OUTSIDER, POLICE, PROBATION, World,
};

on_both!(
    an_action_is_set_after_a_look_at_the_date_its_words_mean,
    what_is_missing_from_a_new_action_is_said_and_the_rest_kept,
    an_action_shows_where_it_stands_and_what_may_be_done,
    f25_two_people_who_report_at_once_see_both_texts,
    more_time_is_asked_for_and_agreed_beside_the_first_date,
    a1_a_transfer_changes_nothing_until_it_is_accepted,
    a2_a_declined_transfer_takes_the_action_from_sight_again,
    not_possible_waits_for_the_chair,
    the_coordinator_enters_what_an_agency_mailed_marked_so,
    the_record_is_put_right_and_a_slip_deleted,
    what_is_foreign_is_what_is_not_there,
    a_long_history_is_read_page_by_page,
    every_act_comes_back_with_what_was_typed,
);

fn an_action_is_set_after_a_look_at_the_date_its_words_mean(world: &World) {
    thursdays(world, 2, End::Never);
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let new = format!("/actions/new?case={dai}");
    let form = carol.read(&new);
    holds(&form, &["Set an action", "Dai Price", "Priya Nair (Eastshire Police)"]);
    let (panel, agency, case) = (town.panel.to_string(), town.police.to_string(), dai.to_string());
    let person = user(world, POLICE).to_string();
    let mut fields = vec![
        ("text", "Monitor the situation"),
        ("agency", agency.as_str()),
        ("person", ""),
        ("due", "10 working days"),
        ("approach", "disruption"),
        ("panel", panel.as_str()),
        ("case", case.as_str()),
        ("item", ""),
    ];
    let look = says(
        carol.press(&form, "/actions/new", &fields),
        200,
        &[
            "Check the action",
            "Friday 17 April 2026",
            "10 working days",
            "have no end of their own",
        ],
    );
    holds(&look, &["Name one person who will do it", "This is advice.", "Set the action"]);
    fields[0] = ("text", "Check bail conditions with court");
    fields[2] = ("person", person.as_str());
    fields[3] = ("due", "next panel");
    let look = says(carol.press(&form, "/actions/new", &fields), 200, &["Thursday 2 April 2026"]);
    lacks(&look, &["What would make it a better action"]);
    fields.push(("do", "change"));
    let back = carol.press(&look, "/actions/new", &fields);
    says(back, 200, &["value=\"next panel\"", "value=\"Check bail conditions with court\""]);
    fields.pop();
    fields.push(("do", "confirm"));
    let set = carol.press(&look, "/actions/new", &fields);
    let path = leads_to(&set);
    let page = carol.read(&path);
    holds(&page, &["The action was set.", "Thursday 2 April 2026 (“next panel”)", "Disruption"]);
    // Sent again, it is the same action.
    assert_eq!(leads_to(&carol.press(&look, "/actions/new", &fields)), path);
    let filters = actions::Filters::default();
    let all = actions::list(&world.by(COORDINATOR), &filters, None).unwrap();
    assert_eq!(all.rows.len(), 1);
}

fn what_is_missing_from_a_new_action_is_said_and_the_rest_kept(world: &World) {
    let town = world.town();
    let dai = case(world, "Dai", "Price");
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let new = format!("/actions/new?case={dai}");
    let form = carol.read(&new);
    let (panel, agency, case) = (town.panel.to_string(), town.police.to_string(), dai.to_string());
    let other = user(world, HOUSING).to_string();
    let sent = |text, person, due| {
        let fields = [
            ("text", text),
            ("agency", agency.as_str()),
            ("person", person),
            ("due", due),
            ("approach", ""),
            ("panel", panel.as_str()),
            ("case", case.as_str()),
            ("item", ""),
        ];
        carol.press(&form, "/actions/new", &fields)
    };
    let page = says(sent("", "", "Friday"), 422, &["Error: Set an action", "href=\"#text\""]);
    holds(&page, &["Enter what needs to be done", "value=\"Friday\"", "Dai Price"]);
    holds(&page, &["Due date must be a date, such as 27/3/2026", "href=\"#due\""]);
    let all = says(sent("", &other, "1/3/2026"), 422, &["The due date must be on or after"]);
    let (text, person, due) =
        (all.find("href=\"#text\""), all.find("href=\"#person\""), all.find("href=\"#due\""));
    assert!(text < person && person < due && text.is_some(), "in the order of the form: {all}");
    let words = ["Select somebody who sits at this panel for that agency", "href=\"#person\""];
    says(sent("Check bail", &other, ""), 422, &words);
    says(sent("Check bail", "", "next panel"), 422, &["href=\"#due\"", "next meeting yet"]);
    says(sent("Check bail", "", "1/3/2026"), 422, &["The due date must be on or after"]);
    is_not_there(&pages.signed_in(world, OUTSIDER), &new);
}

/// An action of the police in a case that only they have a part in.
fn bail(world: &World) -> ActionId {
    let dai = case(world, "Dai", "Price");
    set(world, "Check bail", dai, world.town().police, Some(POLICE), "2026-04-08")
}

fn an_action_shows_where_it_stands_and_what_may_be_done(world: &World) {
    let action = bail(world);
    world.set("2026-04-10 09:00");
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let page = priya.read(&at(action));
    holds(
        &page,
        &["Check bail", "Overdue by 2 days", "Wednesday 8 April 2026", "Eastshire Police"],
    );
    holds(&page, &["Mark as done", "Mark as started", "Ask for more time", "Propose a transfer"]);
    holds(&page, &["History", "Carol Finch", "Wednesday 1 April 2026 at 9am"]);
    lacks(&page, &["Withdraw", "on behalf", "/wording", "Chase now"]);
    let carol = pages.signed_in(world, COORDINATOR);
    let page = carol.read(&at(action));
    holds(&page, &["Update on behalf of Eastshire Police", "/wording", "/owner", "Chase now"]);
    lacks(&page, &["/withdraw"]);
    let colin = pages.signed_in(world, CHAIR);
    holds(&colin.read(&at(action)), &["/withdraw"]);
    let started = priya.press_on(&at(action), &format!("{}/start", at(action)), &[]);
    let page = priya.read(&leads_to(&started));
    holds(&page, &["Marked as started.", "In progress"]);
    lacks(&page, &[">Mark as started<"]);
    // What cannot be done now has no form.
    let start = priya.open(&format!("{}/start", at(action)));
    says(start, 422, &["This cannot be done to the action as it stands now"]);
    assert_eq!(priya.open(&format!("{}/dance", at(action))).status().as_u16(), 404);
}

fn f25_two_people_who_report_at_once_see_both_texts(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let path = format!("{}/done", at(action));
    let open = priya.read(&path);
    let first = done(world, action, "2026-04-01", "Court says no conditions");
    actions::complete(&world.by(COORDINATOR), action, &first).unwrap();
    let mine = [("on", "1/4/2026"), ("outcome", "I rang the court")];
    let stale = says(
        priya.press(&open, &path, &mine),
        409,
        &["Someone else changed this while you were typing", "I rang the court"],
    );
    holds(&stale, &["Court says no conditions", "Completed by Carol Finch"]);
    // Insisting meets the rule, and what was typed is still there.
    let again = priya.press(&stale, &path, &mine);
    says(again, 422, &["I rang the court", "Error: Mark as done"]);
    assert_eq!(show(world, action).row.line.outcome, "Court says no conditions");

    let carol = pages.signed_in(world, COORDINATOR);
    let other = bail(world);
    let wording = format!("{}/wording", at(other));
    let open = carol.read(&wording);
    let form = actions::WordingForm {
        version: version(world, other),
        text: "Check bail and tell the chair".to_owned(),
        approach: None,
        stands: false,
    };
    actions::reword(&world.by(CHAIR), other, &form).unwrap();
    let mine = [("text", "Check bail by phone"), ("approach", "")];
    let stale = carol.press(&open, &wording, &mine);
    let stale = says(stale, 409, &["Check bail and tell the chair", "Check bail by phone"]);
    assert_eq!(
        leads_to(&carol.press(&stale, &wording, &mine)),
        format!("{}?done=wording", at(other))
    );
    assert_eq!(show(world, other).row.line.text, "Check bail by phone");
}

fn more_time_is_asked_for_and_agreed_beside_the_first_date(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let path = format!("{}/extend", at(action));
    let early = priya.fill(&path, &[("due", "7/4/2026"), ("reason", "Court is closed")]);
    let words = ["The new date must be after 8 April 2026", "Court is closed"];
    says(early, 422, &words);
    let asked = priya.fill(&path, &[("due", "22/4/2026"), ("reason", "Court is closed")]);
    let page = priya.read(&leads_to(&asked));
    holds(&page, &["You asked for more time", "More time is asked for.", "Court is closed"]);
    lacks(&page, &["/extend\"", "/agree-extension"]);
    let carol = pages.signed_in(world, COORDINATOR);
    holds(&carol.read("/"), &["Requests for more time", "22 Apr 2026: Court is closed"]);
    let path = format!("{}/agree-extension", at(action));
    holds(&carol.read(&path), &["Priya Nair asked", "Wednesday 22 April 2026 instead of"]);
    let agreed = carol.fill(&path, &[("due", "20/4/2026")]);
    let page = carol.read(&leads_to(&agreed));
    holds(&page, &["Monday 20 April 2026", "First due date", "Wednesday 8 April 2026"]);
    holds(&page, &["Answered requests", "Agreed to Monday 20 April 2026 by Carol Finch"]);
    let again = carol.open(&path);
    assert_eq!(again.status().as_u16(), 422);
}

fn a1_a_transfer_changes_nothing_until_it_is_accepted(world: &World) {
    let action = bail(world);
    let town = world.town();
    let pages = Pages::of(world);
    let (priya, rhys) = (pages.signed_in(world, POLICE), pages.signed_in(world, PROBATION));
    is_not_there(&rhys, &at(action));
    let to = town.probation.to_string();
    let propose = format!("{}/transfer", at(action));
    let none = priya.fill(&propose, &[("to", ""), ("reason", "They hold the order")]);
    says(none, 422, &["Select", "They hold the order"]);
    let proposed = priya.fill(&propose, &[("to", &to), ("reason", "They hold the order")]);
    holds(&priya.read(&leads_to(&proposed)), &["A transfer waits.", "Take the transfer back"]);
    assert_eq!(show(world, action).action.owner.agency, town.police);
    let work = rhys.read("/my-work");
    holds(&work, &["Transfers to answer", "Check bail", "They hold the order", "/accept-transfer"]);
    let accept = format!("{}/accept-transfer", at(action));
    let me = user(world, PROBATION).to_string();
    holds(&rhys.read(&accept), &["They hold the order", "Rhys Evans"]);
    let fields = [("person", me.as_str()), ("due", "30/4/2026")];
    let accepted = rhys.fill(&accept, &fields);
    let page = rhys.read(&leads_to(&accepted));
    holds(&page, &["Your agency owes it now.", "Probation Service", "Rhys Evans"]);
    holds(&page, &["Wednesday 8 April 2026", "asks for Thursday 30 April 2026"]);
    let colin = pages.signed_in(world, CHAIR);
    let agreed = colin.fill(&format!("{}/agree-date", at(action)), &[]);
    holds(&colin.read(&leads_to(&agreed)), &["Thursday 30 April 2026"]);
    assert_eq!(show(world, action).action.due.unwrap().to_string(), "2026-04-30");
}

fn a2_a_declined_transfer_takes_the_action_from_sight_again(world: &World) {
    let action = bail(world);
    let town = world.town();
    let pages = Pages::of(world);
    let (priya, iris) = (pages.signed_in(world, POLICE), pages.signed_in(world, IDVA));
    let to = town.idva.to_string();
    let propose = format!("{}/transfer", at(action));
    priya.fill(&propose, &[("to", &to), ("reason", "They know her")]);
    holds(&iris.read(&at(action)), &["Check bail", "/refuse-transfer"]);
    let path = format!("{}/refuse-transfer", at(action));
    says(iris.fill(&path, &[("reason", "")]), 422, &["Enter"]);
    let declined = iris.fill(&path, &[("reason", "Not ours")]);
    assert_eq!(leads_to(&declined), "/my-work?done=refuse-transfer");
    holds(&iris.read("/my-work?done=refuse-transfer"), &["Declined.", "Nothing is owed"]);
    is_not_there(&iris, &at(action));
    holds(&priya.read(&at(action)), &["Declined by Iris O&#x27;Neill", "Not ours"]);
}

fn not_possible_waits_for_the_chair(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let path = format!("{}/not-possible", at(action));
    let reported = priya.fill(&path, &[("reason", "He is in custody")]);
    holds(&priya.read(&leads_to(&reported)), &["Not possible, to be accepted", "He is in custody"]);
    world.set("2026-04-10 09:00");
    let priya = pages.signed_in(world, POLICE);
    holds(&priya.read(&at(action)), &["Overdue by 2 days"]);
    let carol = pages.signed_in(world, COORDINATOR);
    let accept = format!("{}/accept-not-possible", at(action));
    assert_eq!(carol.open(&accept).status().as_u16(), 422, "only the chair answers");
    let colin = pages.signed_in(world, CHAIR);
    holds(&colin.read("/"), &["Reported as not possible, for the chair", "He is in custody"]);
    holds(&colin.read(&accept), &["Eastshire Police says: “He is in custody”"]);
    let accepted = colin.fill(&accept, &[]);
    holds(
        &colin.read(&leads_to(&accepted)),
        &["Accepted as not possible.", "Not possible, accepted"],
    );
    assert_eq!(show(world, action).row.status, StatusFilter::NotPossible);
}

fn the_coordinator_enters_what_an_agency_mailed_marked_so(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let path = format!("{}/done", at(action));
    holds(&carol.read(&path), &["You enter this on behalf of Eastshire Police"]);
    let future = carol.fill(&path, &[("on", "2/4/2026"), ("outcome", "No conditions")]);
    says(future, 422, &["today or in the past", "No conditions"]);
    let saved = carol.fill(&path, &[("on", "1/4/2026"), ("outcome", "No conditions")]);
    let page = carol.read(&leads_to(&saved));
    holds(&page, &["Completed", "No conditions", "Carol Finch, on behalf of the agency"]);
    let note = format!("{}/note", at(action));
    let fields = [("note", "Letter is on file"), ("evidence", "yes")];
    let noted = carol.fill(&note, &fields);
    holds(&carol.read(&leads_to(&noted)), &["Evidence note", "Letter is on file"]);
    assert_eq!(show(world, action).row.status, StatusFilter::Completed);
}

fn the_record_is_put_right_and_a_slip_deleted(world: &World) {
    let action = bail(world);
    let town = world.town();
    let pages = Pages::of(world);
    let carol = pages.signed_in(world, COORDINATOR);
    let due = format!("{}/due", at(action));
    says(carol.fill(&due, &[("due", "whenever")]), 422, &["Due date must be a date", "whenever"]);
    let saved = carol.fill(&due, &[("due", "2 weeks")]);
    holds(&carol.read(&leads_to(&saved)), &["Wednesday 15 April 2026 (“2 weeks”)"]);
    let (agency, person) = (town.housing.to_string(), user(world, HOUSING).to_string());
    let owner = format!("{}/owner", at(action));
    let saved = carol.fill(&owner, &[("agency", &agency), ("person", &person)]);
    holds(&carol.read(&leads_to(&saved)), &["Eastshire Homes", "Hana Sato", "Owner changed"]);
    let colin = pages.signed_in(world, CHAIR);
    let withdraw = format!("{}/withdraw", at(action));
    let saved = colin.fill(&withdraw, &[("reason", "Overtaken")]);
    holds(&colin.read(&leads_to(&saved)), &["Withdrawn", "Overtaken"]);
    let reopened = carol.fill(&format!("{}/reopen", at(action)), &[("reason", "By mistake")]);
    holds(&carol.read(&leads_to(&reopened)), &["Open again.", "By mistake"]);
    let slip = bail(world);
    let gone = carol.fill(&format!("{}/delete", at(slip)), &[("reason", "Typed twice")]);
    assert_eq!(leads_to(&gone), "/actions");
    is_not_there(&carol, &at(slip));
}

fn what_is_foreign_is_what_is_not_there(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    for email in [HOUSING, OUTSIDER, OBSERVER] {
        let visitor = pages.signed_in(world, email);
        for path in [
            at(action),
            format!("{}/done", at(action)),
            format!("/notices?action={action}"),
            format!("/actions/new?case={}", show(world, action).row.line.case.unwrap()),
        ] {
            is_not_there(&visitor, &path);
        }
        let csrf = visitor.read("/");
        let fields = [("on", "1/4/2026"), ("outcome", "x"), ("version", "1")];
        let sent = visitor.press(&csrf, &format!("{}/done", at(action)), &fields);
        assert_eq!(sent.status().as_u16(), 404, "{email}");
    }
    assert_eq!(show(world, action).row.status, StatusFilter::Open);
}

fn a_long_history_is_read_page_by_page(world: &World) {
    let action = bail(world);
    for n in 0..60 {
        let note = actions::NoteForm {
            note: format!("Note {n:02}."),
            evidence: false,
            from_agency: false,
        };
        actions::note(&world.by(POLICE), action, &note).unwrap();
    }
    let pages = Pages::of(world);
    let priya = pages.signed_in(world, POLICE);
    let first = priya.read(&at(action));
    holds(&first, &["Note 59.", "Note 10.", "Earlier history"]);
    lacks(&first, &["Note 09."]);
    let (before, _) = first.split_once("\">Earlier history").unwrap();
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    let href = href.replace("&#x3D;", "=");
    let earlier = priya.read(href.split('#').next().unwrap());
    holds(&earlier, &["Note 09.", "Note 00.", "Back to the latest history"]);
    lacks(&earlier, &["Note 10.", "Earlier history"]);
}

fn every_act_comes_back_with_what_was_typed(world: &World) {
    let action = bail(world);
    let pages = Pages::of(world);
    let (carol, colin) = (pages.signed_in(world, COORDINATOR), pages.signed_in(world, CHAIR));
    for (visitor, act, fields) in [
        (&carol, "done", vec![("on", "31/2/2026"), ("outcome", "typed")]),
        (&carol, "not-possible", vec![("reason", " ")]),
        (&carol, "not-done", vec![("reason", "")]),
        (&carol, "note", vec![("note", "")]),
        (&carol, "extend", vec![("due", "soon"), ("reason", "typed")]),
        (&carol, "transfer", vec![("to", "x"), ("reason", "typed")]),
        (&carol, "wording", vec![("text", ""), ("approach", "")]),
        (&carol, "due", vec![("due", "typed")]),
        (&carol, "owner", vec![("agency", ""), ("person", "")]),
        (&colin, "withdraw", vec![("reason", "")]),
        (&carol, "done", vec![("on", "1/4/2026"), ("outcome", "typed"), ("colour", "red")]),
    ] {
        let path = format!("{}/{act}", at(action));
        let page = says(visitor.fill(&path, &fields), 422, &["There is a problem", "Error: "]);
        if fields.iter().any(|(_, value)| *value == "typed") {
            holds(&page, &["typed"]);
        }
    }
    assert_eq!(version(world, action), 1);
}
