//! Proof that the filter in SQL, and on PostgreSQL the wall by itself, let through what core's decision does, over
//! worlds made at random: of cases, and of actions and referrals with a case and without.

mod world;

use crate::agenda::issues::visible;
use crate::authz::testing::{
    AGENCIES, CASES, PANELS, USERS, caller, ground, id, panel_of, run, seat, seated,
};
use crate::authz::{Authz, Who};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn};
use crate::error::StoreError;
use crate::schema::{actions, referrals};
use crate::scope::{actions_in_scope, in_scope};
use crate::sql_types::IdSql;
use crate::store::Store;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use panel_core::access::glass::Opening;
use panel_core::access::lists::{ListLine, Lists, Reader};
use panel_core::access::{Actor, CaseFacts, Reach, Role};
use panel_core::action::TransferStatus;
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, CaseId, Id, PanelId, ReferralId, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;
use world::{Dice, Matter, World};

/// People who look at each world.
const READERS: u128 = 25;

/// Worlds: a few in each run of the suite, and a million triples of reader, case and lists in the full form.
fn worlds() -> u128 {
    let full = std::env::var("PANEL_ASSURE").is_ok_and(|value| value == "full");
    if full { 1_000_000_u128.div_ceil(READERS * CASES) } else { 40 }
}

fn reader(dice: &mut Dice) -> Actor {
    let seats = (1..dice.roll(4)).map(|_| {
        let (panel, agency) = (dice.roll(PANELS), dice.roll(AGENCIES));
        // A coordinator now and then: others have more to be compared.
        let role = if dice.one_in(6) { Role::Coordinator } else { dice.of(Role::ALL) };
        seat(role, panel, agency)
    });
    let seats = seats.collect();
    let (user, agency): (UserId, AgencyId) = (id(dice.roll(USERS)), id(dice.roll(AGENCIES)));
    Actor { user, agency, administrator: dice.one_in(2), seats, opened_until: None }
}

/// What a reader has opened in an emergency: by a seat of hers or one she has lost, over by now or not.
fn opening(dice: &mut Dice, actor: &Actor, now: DateTime<Utc>) -> Opening {
    let mut by = (id(dice.roll(PANELS)), id(dice.roll(AGENCIES)), dice.of(Role::ALL));
    if let Some(seat) = actor.seats.first().filter(|_| !dice.one_in(4)) {
        by = (seat.panel, seat.agency, seat.role);
    }
    let left = dice.of(&[-1, 0, 1, 3_600_000_000]);
    Opening {
        case: id(dice.roll(CASES)),
        user: actor.user,
        by,
        ends_at: now + Duration::microseconds(left),
        closed_at: dice.one_in(5).then_some(now),
    }
}

/// The statements that leave this opening alone in a database.
fn opened(opening: &Opening) -> String {
    let (panel, agency, role) = opening.by;
    let at = |instant: DateTime<Utc>| format!("'{}'", instant.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
    let closed = opening.closed_at.map_or("NULL".to_owned(), at);
    let panel_of_case =
        PanelId::from_uuid(Uuid::from_u128(panel_of(opening.case.uuid().as_u128())));
    let others: Vec<u128> = (1..=USERS).filter(|n| id::<UserId>(*n) != opening.user).collect();
    let [first, second] = [others[0], others[1]].map(Uuid::from_u128);
    format!(
        "DELETE FROM glass; INSERT INTO glass VALUES ('00000000-0000-0000-0000-000000000001', '{}',
            '{panel_of_case}', '{}', '{panel}', '{agency}', '{}', 'danger', 'Why',
            '2026-01-01T00:00:00.000000Z', {}, {closed}, '{first}', '{second}', '2026-04-09', NULL,
            NULL, '', NULL, NULL);",
        opening.case,
        opening.user,
        role.code(),
        at(opening.ends_at),
    )
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = IdSql)]
    id: CaseId,
}

type Cases = BTreeSet<CaseId>;

/// What one person sees of a world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Seen {
    cases: Cases,
    actions: BTreeSet<Uuid>,
    referrals: BTreeSet<Uuid>,
}

impl Seen {
    /// By the filter.
    fn filtered(az: &mut Authz<'_>, all: &[CaseId]) -> Result<Self, StoreError> {
        let cases = visible(az, all)?;
        let filter = actions_in_scope!(az, actions::table);
        let found: Vec<ActionId> =
            actions::table.filter(filter).select(actions::id).load(az.conn())?;
        let actions = found.into_iter().map(Id::uuid).collect();
        let filter = in_scope!(az, referrals::table, referrals::panel_id, referrals::case_id, or own referrals::agency_id);
        let found: Vec<ReferralId> =
            referrals::table.filter(filter).select(referrals::id).load(az.conn())?;
        Ok(Self { cases, actions, referrals: found.into_iter().map(Id::uuid).collect() })
    }

    /// By nothing but the wall, where there is one.
    fn walled(conn: &mut Conn) -> Result<Option<Self>, StoreError> {
        let Conn::Pg(pg) = conn else { return Ok(None) };
        let mut all = |table: &str| -> Result<BTreeSet<CaseId>, StoreError> {
            let rows: Vec<Row> = diesel::sql_query(format!("SELECT id FROM {table}")).load(pg)?;
            Ok(rows.into_iter().map(|row| row.id).collect())
        };
        let cases = all("cases")?;
        let [actions, referrals] = [all("actions")?, all("referrals")?]
            .map(|found| found.into_iter().map(Id::uuid).collect());
        Ok(Some(Self { cases, actions, referrals }))
    }

    /// Adds the actions and referrals, where these cases are seen.
    fn with_matters(mut self, world: &World, actor: &Actor, lists: &Lists) -> Self {
        for matter in &world.matters {
            let hidden = matter.case.is_some_and(|case| lists.hidden.contains(&case));
            let own = match matter.case {
                Some(case) => self.cases.contains(&case),
                None => runs_or_speaks(actor, matter, matter.agency),
            };
            let asked = matter.asked.is_some_and(|(agency, state)| {
                state == TransferStatus::Proposed && runs_or_speaks(actor, matter, agency)
            });
            if own {
                self.referrals.insert(matter.id);
            }
            if own || (asked && !hidden) {
                self.actions.insert(matter.id);
            }
        }
        self
    }
}

/// Whether the reader sees the whole panel of a matter, or speaks for this agency there.
fn runs_or_speaks(actor: &Actor, matter: &Matter, agency: AgencyId) -> bool {
    actor.reaches().iter().filter(|(panel, _)| *panel == matter.panel).any(|(_, reach)| match reach
    {
        Reach::Whole => true,
        Reach::Agency(hers) => *hers == agency,
    })
}

/// What one person sees: by the filter, and by nothing but the wall where there is one.
fn seen(store: &Store, actor: &Actor, all: &[CaseId]) -> (Seen, Option<Seen>) {
    let look = |az: &mut Authz<'_>| -> Result<_, StoreError> {
        Ok((Seen::filtered(az, all)?, Seen::walled(az.conn())?))
    };
    store.read(&caller(Who::Person(actor.clone())), look).unwrap()
}

/// What core decides that one person sees of the cases, and what the lists of her panels come to for her.
fn decided(world: &World, actor: &Actor) -> (Cases, Lists) {
    let sits: Vec<PanelId> = actor.seats.iter().map(|seat| seat.panel).collect();
    let at_hers = |line: &&ListLine| {
        let case = world.cases.iter().find(|case| case.case == line.case);
        case.is_some_and(|case| sits.contains(&case.panel))
    };
    let lines: Vec<ListLine> = world.lines.iter().filter(at_hers).copied().collect();
    let lists = Lists::of(&Reader::from(actor), &lines);
    let sees = |case: &&CaseFacts| actor.sees(case, &lists);
    (world.cases.iter().filter(sees).map(|case| case.case).collect(), lists)
}

fn all_agree(address: &Address) {
    let store = Store::open(address.clone(), 1).unwrap();
    store.migrate().unwrap();
    run(&store, &ground());
    let mut dice = Dice(20_260_401);
    let all: Vec<CaseId> = (1..=CASES).map(id).collect();
    let (mut shown, mut kept, mut through) = (0, 0, 0);
    for _ in 0..worlds() {
        let world = World::roll(&mut dice);
        run(&store, &world.sql());
        for _ in 0..READERS {
            let mut actor = reader(&mut dice);
            run(&store, &seated(&actor));
            let caller = caller(Who::Person(actor.clone()));
            let opening = opening(&mut dice, &actor, caller.now);
            actor.opened_until = (!dice.one_in(8)).then_some(opening.ends_at);
            run(&store, &opened(&opening));
            let (mut cases, lists) = decided(&world, &actor);
            let mine: Cases = store.write(&caller, |az| visible(az, &all)).unwrap();
            assert_eq!(mine, cases, "an emergency changes nothing: {actor:#?}");
            let of_case = Lists::of(&Reader::from(&actor), &world.lines);
            let is_open = opening.lets_in(&actor, &of_case, caller.now);
            if is_open && actor.opened_until.is_some() {
                through += usize::from(cases.insert(opening.case));
            }
            let expected = Seen { cases, ..Seen::default() }.with_matters(&world, &actor, &lists);
            let (filtered, walled) = seen(&store, &actor, &all);
            let of = format!("{actor:#?}\n{:#?}\n{opening:#?}", world.lines);
            assert_eq!(filtered, expected, "the filter: {of}");
            assert_eq!(walled.unwrap_or(filtered), expected, "the wall: {of}");
            shown += expected.cases.len();
            kept += lists.hidden.len();
        }
    }
    assert!(shown > 1_000 && kept > 1_000, "{shown} seen and {kept} hidden prove little");
    assert!(through > 20, "{through} opened in an emergency prove little");
    let triples = worlds() * READERS * CASES;
    println!("\n[assured] disagreements = 0 in {triples} triples, {shown} of them seen");
}

#[test]
fn sql_lets_through_what_core_decides_on_sqlite() {
    all_agree(&Address::Sqlite(":memory:".to_owned()));
}

#[test]
fn sql_and_the_wall_let_through_what_core_decides_on_postgres() {
    on_postgres("scope", all_agree);
}
