//! Rules of extensions, as sentences.

use super::*;

const TUESDAY: &str = "2026-03-10";

fn ask(action: &Action, on: &str, proposed: &str) -> Result<Extension, ActionError> {
    let reason = note("the court sits later");
    Extension::ask(id(40), action, false, by(OwnerAgency), day(proposed), reason, day(on))
        .map(|(extension, _)| extension)
}

#[test]
fn an_agreed_extension_keeps_the_original_date_beside_the_new_one() {
    let asked = ask(&action(), TUESDAY, "2026-03-25").unwrap();
    let (answered, extended, event) =
        asked.agree(action(), by(Coordinator), day("2026-03-25"), today()).unwrap();
    assert!(!answered.is_open());
    assert_eq!(extended.original_due, Some(day("2026-03-11")));
    assert_eq!((extended.due, extended.due_instance), (Some(day("2026-03-25")), 2));
    let change = event.due_change().unwrap();
    assert!(change.asked_in_time(), "asked on the 10th, agreed on the 12th, due on the 11th");
    assert_eq!(judged_date(extended.original_due, &[change]), Some(day("2026-03-25")));
}

#[test]
fn one_asked_for_after_the_due_date_does_not_change_what_is_judged() {
    let asked = ask(&action(), TODAY, "2026-03-25").unwrap();
    let (_, extended, event) =
        asked.agree(action(), by(Chair), day("2026-03-25"), today()).unwrap();
    let judged = judged_date(extended.original_due, &[event.due_change().unwrap()]);
    assert_eq!((extended.due, judged), (Some(day("2026-03-25")), Some(day("2026-03-11"))));
}

#[test]
fn a_refused_extension_changes_nothing_and_is_not_answered_twice() {
    let asked = ask(&action(), TUESDAY, "2026-03-25").unwrap();
    let (refused, event) = asked.refuse(by(Chair), note("too long"), today()).unwrap();
    assert_eq!(event.due_change(), None);
    let again = refused.agree(action(), by(Chair), day("2026-03-25"), today());
    assert_eq!(again.map(|(.., event)| event), Err(ActionError::AlreadyAnswered));
}

#[test]
fn an_extension_asks_for_a_later_day_that_has_not_passed() {
    let due = day("2026-03-11");
    let same = ActionError::NotLater { proposed: due, due };
    assert_eq!(ask(&action(), TUESDAY, "2026-03-11"), Err(same));
    assert!(matches!(
        ask(&action(), "2026-03-20", "2026-03-19"),
        Err(ActionError::DueInPast { .. })
    ));
    let none = Action { due: None, ..action() };
    assert_eq!(ask(&none, TUESDAY, "2026-03-25"), Err(ActionError::NoDueDate));
    assert!(ask(&completed(), TUESDAY, "2026-03-25").is_err());
}

#[test]
fn only_one_extension_waits_at_a_time() {
    let by = by(OwnerAgency);
    let second = Extension::ask(id(41), &action(), true, by, day("2026-03-25"), note("x"), today());
    assert_eq!(second.map(|_| ()), Err(ActionError::OneWaits));
}

#[test]
fn an_unanswered_extension_lapses_with_its_action() {
    let asked = ask(&action(), TUESDAY, "2026-03-25").unwrap();
    assert_eq!(asked.lapse(today()).answer, ExtensionAnswer::Lapsed { on: today() });
    let answer = ask(&action(), TUESDAY, "2026-03-25").unwrap().agree(
        completed(),
        by(Chair),
        day("2026-03-25"),
        today(),
    );
    assert!(matches!(answer, Err(ActionError::Finished { .. })));
}
