//! Markings that change: raised at once, lowered by two people.

use super::{
    agree, check_readers, intelligence, lowering, note, propose, readers_of_reply, replied, seen,
    written,
};
use crate::information::{asked, request};
use panel_app::handling::{self, DecideForm, MarkForm, MarkOutcome};
use panel_app::notes::{self, NoteForm};
use panel_app::{Ctx, information};
use panel_core::handling::{Code, Marking, NoteKind, Record};
use panel_tests::on_both;
use panel_tests::refusal::{invalid, not_found, rule, stale};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, POLICE, POLICE_SPOC, PROBATION, World, day};

on_both!(
    to_let_fewer_read_it_holds_at_once,
    to_let_more_read_it_needs_a_second_person_of_the_agency_or_the_chair,
    whoever_proposed_cannot_agree_and_can_take_it_back,
    what_uses_a_note_is_marked_as_strictly,
);

fn to_let_fewer_read_it_holds_at_once(world: &World) {
    let (meeting, case) = replied(world, HOUSING, |form| form);
    assert_eq!(readers_of_reply(world, meeting, case).len(), 5);
    let request = request(world, meeting, world.town().housing);
    let reply = information::show(&world.by(HOUSING), request).unwrap().replies[0].id;
    let record = Record::Reply(reply);
    let form = |ctx: &Ctx<'_>, code: Code| MarkForm {
        marking: code.into(),
        seen: seen(ctx, record),
        reason: String::new(),
    };
    let (carol, rhys) = (world.by(COORDINATOR), world.by(PROBATION));
    let refused = handling::mark(&rhys, record, &form(&rhys, Code::Origin));
    assert_eq!(rule(refused).0, "not_allowed");
    let old = form(&carol, Code::Origin);
    assert_eq!(handling::mark(&carol, record, &old).unwrap(), MarkOutcome::Raised);
    assert_eq!(readers_of_reply(world, meeting, case), [COORDINATOR, CHAIR, HOUSING]);
    stale(handling::mark(&carol, record, &old));
    let back = handling::mark(&carol, record, &form(&carol, Code::Panel));
    assert_eq!(rule(back).0, "not_allowed");
}

fn to_let_more_read_it_needs_a_second_person_of_the_agency_or_the_chair(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let record = Record::Note(id);
    let empty =
        MarkForm { reason: String::new(), ..lowering(world, POLICE, record, Marking::default()) };
    assert_eq!(invalid(handling::mark(&world.by(POLICE), record, &empty))[0].field, "reason");
    let change = propose(world, POLICE, record, Marking::default());
    check_readers(world, case, id, &[POLICE, POLICE_SPOC, CHAIR]);
    let again = lowering(world, POLICE_SPOC, record, Code::Origin.into());
    let twice = handling::mark(&world.by(POLICE_SPOC), record, &again);
    assert_eq!(rule(twice).0, "already_proposed");
    for email in [COORDINATOR, HOUSING] {
        assert!(handling::waiting(&world.by(email)).unwrap().is_empty(), "{email}");
        not_found(agree(world, email, record, change));
    }
    assert!(handling::waiting(&world.by(CHAIR)).unwrap()[0].may_agree);
    agree(world, CHAIR, record, change).unwrap();
    let all = [COORDINATOR, CHAIR, POLICE, POLICE_SPOC, PROBATION, HOUSING];
    check_readers(world, case, id, &all);
    let change = &handling::show(&world.by(HOUSING), record).unwrap().changes[0];
    assert_eq!(change.decider.as_deref(), Some("Colin Hart"));
    assert_eq!(change.reason, "The arrest is over.");
}

fn whoever_proposed_cannot_agree_and_can_take_it_back(world: &World) {
    let (_, case) = asked(world);
    let record = Record::Note(intelligence(world, case));
    let change = propose(world, POLICE, record, Marking::default());
    not_found(agree(world, POLICE, record, change));
    let decide = |by, agree| handling::decide(&world.by(by), record, change, DecideForm { agree });
    decide(POLICE, false).unwrap();
    stale(decide(POLICE_SPOC, true));
    // What was raised meanwhile is not lowered by an agreement to what was proposed before.
    let change = propose(world, POLICE, record, Marking::default());
    let until = Marking { until: Some(day("2026-12-31")), ..Code::Police.into() };
    let raise = lowering(world, POLICE, record, until);
    assert_eq!(handling::mark(&world.by(POLICE), record, &raise).unwrap(), MarkOutcome::Raised);
    let agreed = DecideForm { agree: true };
    stale(handling::decide(&world.by(POLICE_SPOC), record, change, agreed));
}

fn what_uses_a_note_is_marked_as_strictly(world: &World) {
    let (_, case) = asked(world);
    let id = intelligence(world, case);
    let using = |marking: Option<Marking>| NoteForm {
        draws_on: vec![id],
        ..note(NoteKind::Other, marking)
    };
    let open = notes::add(&world.by(POLICE), case, &using(Some(Marking::default())));
    assert_eq!(rule(open).0, "uses_stricter");
    let stranger = notes::add(&world.by(HOUSING), case, &using(Some(Code::Police.into())));
    assert_eq!(invalid(stranger)[0].field, "draws_on");
    let second = written(world, POLICE, case, &using(Some(Code::Police.into())));
    let lower = lowering(world, POLICE, Record::Note(second), Marking::default());
    let lowered = handling::mark(&world.by(POLICE), Record::Note(second), &lower);
    assert_eq!(rule(lowered).0, "uses_stricter");
    for record in [Record::Note(id), Record::Note(second)] {
        let change = propose(world, POLICE, record, Marking::default());
        agree(world, POLICE_SPOC, record, change).unwrap();
    }
}
