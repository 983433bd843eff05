//! What is written down about an item, and what a case shows while it is heard.

use super::{as_it_stands, decide, end, in_progress, item, item_of, reply, set_action, start};
use crate::agenda::{build, issue};
use panel_app::live::{self, NoteField, Progress, RecordForm};
use panel_core::agenda::{Decision, Section};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, stale};
use panel_tests::world::{CHAIR, COORDINATOR, World};

on_both!(
    what_is_typed_is_saved_as_it_is_typed,
    f25_a_second_writer_of_an_item_is_refused_and_both_texts_are_there,
    a_case_shows_what_was_decided_before_what_is_open_and_who_replied,
    the_chairs_own_notes_are_the_chairs,
);

fn what_is_typed_is_saved_as_it_is_typed(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let carol = world.by(COORDINATOR);
    let type_in = |version, field, text: &str| live::type_note(&carol, id, version, field, text);
    let typed = "Calls on 2 March\n  and again — \"tonight\"";
    assert_eq!(type_in(1, NoteField::Discussion, typed).unwrap(), 2);
    assert_eq!(type_in(2, NoteField::VictimVoice, "Wants no contact").unwrap(), 3);
    stale(type_in(2, NoteField::Risks, "Weapons"));
    let long = "x".repeat(20_001);
    assert_eq!(invalid(type_in(3, NoteField::Risks, &long))[0].field, "risks");
    let found = item(world, id);
    assert_eq!((found.notes.discussion.as_str(), found.version), (typed, 3));
    assert_eq!(
        (found.notes.victim_voice.as_str(), found.progress),
        ("Wants no contact", Progress::Noted)
    );
    assert_eq!(type_in(3, NoteField::Discussion, "").unwrap(), 4, "what is emptied is empty");
    assert_eq!(item(world, id).notes.discussion, "");
}

fn f25_a_second_writer_of_an_item_is_refused_and_both_texts_are_there(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let seen = as_it_stands(world, id);
    let by = |risks: &str| RecordForm { risks: risks.to_owned(), ..seen.clone() };
    live::record(&world.by(COORDINATOR), id, &by("Weapons")).unwrap();
    let theirs = by("A new partner");
    stale(live::record(&world.by(CHAIR), id, &theirs));
    assert_eq!(item(world, id).notes.risks, "Weapons");
    let again = RecordForm { version: 2, ..theirs };
    live::record(&world.by(CHAIR), id, &again).unwrap();
    assert_eq!(item(world, id).notes.risks, "A new partner");
}

fn a_case_shows_what_was_decided_before_what_is_open_and_who_replied(world: &World) {
    let (meetings, cases) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let set = set_action(world, id, "Fit new locks");
    decide(world, id, Decision::Retain);
    end(world, meetings[0]);
    build(world, meetings[1]);
    issue(world, meetings[1]);
    reply(world, meetings[1], cases[0], "Seen on Tuesday");
    start(world, meetings[1]);
    let found = item(world, item_of(world, meetings[1], "C-STONE"));
    assert_eq!(found.decisions[0].on, "Thursday 16 April 2026");
    assert_eq!(found.decisions[0].decision, "Keep under panel management");
    let open: Vec<_> = found.open_actions.iter().map(|one| (one.id, one.person.as_str())).collect();
    assert_eq!(open, [(set.saved.action, "Hana Sato")]);
    assert_eq!(found.set_here, []);
    let replies = found.replies.unwrap();
    assert_eq!(replies.agencies[0].0, "Eastshire Police");
    let facts = replies.agencies[0].1[0].answer.facts.as_ref().unwrap();
    assert_eq!(facts.as_str(), "Seen on Tuesday");
    let silent: Vec<_> = found.silent.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(silent, ["Eastshire Homes", "Probation Service"]);
    let around = (found.before.unwrap().label, found.after.unwrap().label);
    assert_eq!(around.1, Section::Other.standing_title().unwrap());
    assert_eq!(around.0, Section::Actions.standing_title().unwrap());
}

fn the_chairs_own_notes_are_the_chairs(world: &World) {
    let (meetings, _) = in_progress(world, &["Stone"]);
    let id = item_of(world, meetings[0], "C-STONE");
    let (chair, carol) = (world.by(CHAIR), world.by(COORDINATOR));
    live::type_note(&chair, id, 1, NoteField::ChairNotes, "Ask about the dog").unwrap();
    not_found(live::type_note(&carol, id, 2, NoteField::ChairNotes, "x"));
    assert_eq!(item(world, id).notes.chair_notes, "");
    let form = RecordForm { risks: "Weapons".to_owned(), ..as_it_stands(world, id) };
    live::record(&carol, id, &form).unwrap();
    assert_eq!(live::item(&chair, id).unwrap().notes.chair_notes, "Ask about the dog");
}
