//! Several use cases that read for one page: one transaction, the audit rows of each, and no change.

use crate::casework::{Accepted, accept};
use panel_app::{AppError, Ctx, actions, audit, cases};
use panel_core::audit::Purpose;
use panel_core::id::{CaseId, Id, RequestId};
use panel_tests::on_both;
use panel_tests::refusal::not_found;
use panel_tests::world::{COORDINATOR, OUTSIDER, World};
use uuid::Uuid;

on_both!(
    what_is_read_together_leaves_the_audit_rows_of_each,
    what_fails_there_leaves_no_row_and_takes_none_away,
    nothing_changes_where_things_are_read_together,
);

fn a_case(world: &World) -> CaseId {
    accept(world, &Accepted { surname: "Adams", ..Accepted::default() })
}

/// What the log says of one request, oldest first.
fn told(world: &World, request: RequestId) -> Vec<String> {
    let rows = audit::list(&world.by(COORDINATOR), Purpose::Integrity, None, None, 500).unwrap();
    let of = rows.into_iter().rev().filter(|row| row.request == request);
    of.map(|row| row.deed).collect()
}

fn what_is_read_together_leaves_the_audit_rows_of_each(world: &World) {
    let case = a_case(world);
    let ctx = world.by(COORDINATOR);
    let read = |ctx: &Ctx<'_>| {
        let all = actions::list(ctx, &actions::Filters::default(), None)?;
        Ok::<_, AppError>((all.rows.len(), cases::show(ctx, case)?.row.id))
    };
    assert_eq!(ctx.together(read).unwrap(), (0, case));
    assert_eq!(told(world, ctx.request), ["action.list", "case.show"]);
    // Alone again, each read is a transaction of its own.
    cases::show(&ctx, case).unwrap();
    assert_eq!(told(world, ctx.request), ["action.list", "case.show", "case.show"]);
}

fn what_fails_there_leaves_no_row_and_takes_none_away(world: &World) {
    let case = a_case(world);
    let ctx = world.by(COORDINATOR);
    let nowhere = CaseId::from_uuid(Uuid::from_u128(7));
    let read = |ctx: &Ctx<'_>| {
        cases::show(ctx, case)?;
        cases::show(ctx, nowhere)
    };
    not_found(ctx.together(read));
    assert_eq!(told(world, ctx.request), ["case.show"], "what was found before is logged");
    let outside = world.by(OUTSIDER);
    not_found(outside.together(|ctx| cases::show(ctx, case)));
    assert!(told(world, outside.request).is_empty());
}

fn nothing_changes_where_things_are_read_together(world: &World) {
    let case = a_case(world);
    let ctx = world.by(COORDINATOR);
    let version = cases::show(&ctx, case).unwrap().row.version;
    let form = cases::AgenciesForm { agencies: std::iter::empty().collect() };
    let change = |ctx: &Ctx<'_>| cases::set_agencies(ctx, case, version, &form);
    let refused = ctx.together(change).unwrap_err();
    assert!(matches!(refused, AppError::Failed(_)), "{refused:?}");
    assert_eq!(cases::show(&world.by(COORDINATOR), case).unwrap().row.version, version);
}
