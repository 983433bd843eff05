//! A register of many years.

use anyhow::{Context, Result};
use chrono::Days;
use panel_app::Ctx;
use panel_core::action::{Action, ActionState, Assignee, By, Capacity, NewAction, Owner};
use panel_core::case::{Closing, ClosureReason};
use panel_core::id::{AgencyId, CaseId, UserId};
use panel_core::text::{Note, Title};
use panel_store::actions::{Born, NewEntry};
use panel_store::cases::{self, NewCase, OldCase};
use panel_store::people::{self, Person};
use panel_store::{Authz, StoreError, actions, floor};
use panel_tests::caller;
use panel_tests::world::{COORDINATOR, HOUSING, IDVA, POLICE, PROBATION, World};

/// Cases over which the actions are spread.
const CASES: usize = 2_000;
/// One action in so many is unfinished.
const ONE_IN: usize = 10;
/// Actions of one transaction.
const BATCH: usize = 10_000;

/// Works on the rows themselves, as the coordinator.
pub(crate) fn rows<T>(
    ctx: &Ctx<'_>,
    work: impl FnOnce(&mut Authz<'_>) -> Result<T, StoreError>,
) -> Result<T> {
    let caller = caller::of(ctx);
    Ok(ctx.app.store.write(&caller, work)?)
}

/// Fills the town's register with so many actions. The unfinished ones are due from a month before to
/// a year after today.
pub(crate) fn fill(world: &World, count: usize) -> Result<()> {
    world.app.clock.set(panel_app::Clock::System.now()?);
    let ctx = world.by(COORDINATOR);
    let town = *world.town();
    let owners: Vec<(AgencyId, UserId)> = [
        (town.police, POLICE),
        (town.probation, PROBATION),
        (town.housing, HOUSING),
        (town.idva, IDVA),
    ]
    .map(|(agency, who)| (agency, world.by(who).user()))
    .into();
    let cases = old_cases(&ctx, world, &owners)?;
    let born: Vec<usize> = (0..count).collect();
    for some in born.chunks(BATCH) {
        let made: Result<Vec<_>> =
            some.iter().map(|n| action(&ctx, world, *n, &owners, &cases)).collect();
        let made = made?;
        let of = |(action, event)| Born {
            entry: NewEntry { event, note: "", before: None, after: action },
            item: None,
            imported: true,
        };
        let born: Vec<Born<'_>> = made.iter().map(|(action, event)| of((action, event))).collect();
        rows(&ctx, |az| actions::insert(az, &born))?;
    }
    floor::settle(&world.owner()?)?;
    Ok(())
}

fn action(
    ctx: &Ctx<'_>,
    world: &World,
    n: usize,
    owners: &[(AgencyId, UserId)],
    cases: &[CaseId],
) -> Result<(Action, panel_core::action::ActionEvent)> {
    // Prime strides keep agency, case, date and state apart.
    let owner = owners.get(n / ONE_IN % owners.len()).copied();
    let (agency, user) = owner.context("nobody owes anything")?;
    let open = n.is_multiple_of(ONE_IN);
    let day = u64::try_from(n * 7_919 % 7_300)?;
    let ahead = u64::try_from(n / ONE_IN * 31 % 395)?;
    let due = if open {
        ctx.today - Days::new(30) + Days::new(ahead)
    } else {
        ctx.today - Days::new(day + 30)
    };
    let set_on = due.min(ctx.today) - Days::new(14);
    let new = NewAction {
        id: ctx.mint(),
        panel: world.town().panel,
        case: cases.get(n * 104_729 % cases.len().max(1)).copied(),
        born_in: None,
        text: Title::parse(&format!("Check bail conditions with the court, matter {n}"))?,
        approach: None,
        owner: Owner { agency, person: Some(Assignee::User(user)) },
        set_on,
        due: Some(due),
        due_word: None,
    };
    let state = if open {
        ActionState::Open
    } else {
        ActionState::Completed { on: due, outcome: Note::parse("Conditions confirmed by email.")? }
    };
    let by = By { user: ctx.user(), capacity: Capacity::Coordinator };
    Ok(Action::imported(new, state, by, ctx.today)?)
}

fn old_cases(ctx: &Ctx<'_>, world: &World, owners: &[(AgencyId, UserId)]) -> Result<Vec<CaseId>> {
    let panel = world.town().panel;
    let opened_on = ctx.today - Days::new(7_400);
    let mut people = Vec::new();
    let mut old = Vec::new();
    for n in 0..CASES {
        let id = ctx.mint();
        people.push(Person::named(id, "Alex".to_owned(), format!("Surname{n}")));
        let case = NewCase {
            id: ctx.mint(),
            reference: format!("OLD-{n}"),
            panel,
            person: id,
            opened_on,
            imported: true,
        };
        let closing = Closing { reason: ClosureReason::RiskReduced, on: ctx.today, note: None };
        old.push(OldCase { case, closing: Some(closing) });
    }
    let parts: Vec<_> = old
        .iter()
        .flat_map(|old| owners.iter().map(|(agency, _)| (old.case.id, *agency, opened_on)))
        .collect();
    rows(ctx, |az| {
        people::insert_all(az, &people)?;
        cases::insert_old(az, &old)?;
        cases::join_all(az, &parts)
    })?;
    Ok(old.iter().map(|old| old.case.id).collect())
}
