//! Proof that the filter in SQL, and on PostgreSQL the wall by itself, let through what core's decision does, over
//! worlds made at random.

use crate::agenda::issues::visible;
use crate::authz::testing::{caller, id};
use crate::authz::{Authz, Who};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn, each_backend};
use crate::error::StoreError;
use crate::sql_types::IdSql;
use crate::store::Store;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use panel_core::access::glass::Opening;
use panel_core::access::lists::{ListKind, ListLine, Listed, Lists, Reader};
use panel_core::access::{Actor, CaseFacts, Role, Seat};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, Id, PanelId, UserId};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use uuid::Uuid;

const PANELS: u128 = 3;
const AGENCIES: u128 = 4;
const USERS: u128 = 6;
const CASES: u128 = 24;
/// People who look at each world.
const READERS: u128 = 25;

/// Worlds: a few in each run of the suite, and a million triples of reader, case and lists in the full form.
fn worlds() -> u128 {
    let full = std::env::var("PANEL_ASSURE").is_ok_and(|value| value == "full");
    if full { 1_000_000_u128.div_ceil(READERS * CASES) } else { 40 }
}

/// A row of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    /// One of 1 to `sides`.
    fn roll(&mut self, sides: u128) -> u128 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u128::from(mixed ^ (mixed >> 31)) % sides + 1
    }

    fn one_in(&mut self, sides: u128) -> bool {
        self.roll(sides) == 1
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let sides = u128::try_from(all.len()).unwrap();
        all[usize::try_from(self.roll(sides) - 1).unwrap()]
    }
}

/// Who takes part in which case, and what its lists say.
struct World {
    cases: Vec<CaseFacts>,
    lines: Vec<ListLine>,
    lifted: Vec<ListLine>,
}

fn panel_of(case: u128) -> u128 {
    case % PANELS + 1
}

impl World {
    fn roll(dice: &mut Dice) -> Self {
        let mut cases = Vec::new();
        let (mut lines, mut lifted) = (Vec::new(), Vec::new());
        for number in 1..=CASES {
            let agencies = (1..=AGENCIES).filter(|_| dice.one_in(2)).map(id).collect();
            let case: CaseId = id(number);
            cases.push(CaseFacts { case, panel: id(panel_of(number)), agencies });
            let mut named = BTreeSet::new();
            for _ in 0..dice.roll(4) - 1 {
                let kind = dice.of(ListKind::ALL);
                let whom = if dice.one_in(3) {
                    Listed::Agency(id(dice.roll(AGENCIES)))
                } else {
                    Listed::Person(id(dice.roll(USERS)))
                };
                if named.insert((kind, whom)) {
                    let line = ListLine { case, kind, whom };
                    if dice.one_in(5) { lifted.push(line) } else { lines.push(line) }
                }
            }
        }
        Self { cases, lines, lifted }
    }

    /// The statements that bring a database to this world.
    fn sql(&self) -> String {
        let mut sql = "DELETE FROM case_lists; DELETE FROM case_agencies;".to_owned();
        for case in &self.cases {
            for agency in &case.agencies {
                let CaseFacts { case, .. } = case;
                let values = format!("'{}', '{}', '2026-01-01'", case.uuid(), agency.uuid());
                write!(sql, "INSERT INTO case_agencies VALUES ({values});").unwrap();
            }
        }
        let live = self.lines.iter().map(|line| (line, "NULL, NULL, ''"));
        let ended = "'00000000-0000-0000-0000-000000000001', '2026-01-02T00:00:00.000000Z', 'Over'";
        let lifted = self.lifted.iter().map(|line| (line, ended));
        for (number, (line, ending)) in live.chain(lifted).enumerate() {
            let place = u128::try_from(number).unwrap() + 1;
            let panel = self.cases.iter().find(|case| case.case == line.case).unwrap().panel;
            let (user, agency) = match line.whom {
                Listed::Person(user) => (format!("'{}'", user.uuid()), "NULL".to_owned()),
                Listed::Agency(agency) => ("NULL".to_owned(), format!("'{}'", agency.uuid())),
            };
            let kind = line.kind.code();
            let (row, case, panel) = (Uuid::from_u128(place), line.case.uuid(), panel.uuid());
            write!(
                sql,
                "INSERT INTO case_lists VALUES ('{row}', '{case}', '{panel}', '{kind}', {user},
                    {agency}, 'other', '', FALSE, '00000000-0000-0000-0000-000000000001',
                    '2026-01-01T00:00:00.000000Z', {ending});"
            )
            .unwrap();
        }
        sql
    }
}

fn reader(dice: &mut Dice) -> Actor {
    let seats = (1..dice.roll(4)).map(|_| Seat {
        panel: id(dice.roll(PANELS)),
        agency: id(dice.roll(AGENCIES)),
        // A coordinator now and then: others have more to be compared.
        role: if dice.one_in(6) { Role::Coordinator } else { dice.of(Role::ALL) },
        from: NaiveDate::MIN,
        until: None,
    });
    let seats = seats.collect();
    let (user, agency): (UserId, AgencyId) = (id(dice.roll(USERS)), id(dice.roll(AGENCIES)));
    Actor { user, agency, administrator: dice.one_in(2), seats }
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

/// Runs statements as whoever owns the database.
fn run(owner: &Store, sql: &str) {
    owner.peek(|conn| Ok(each_backend!(conn, |c| c.batch_execute(sql))?)).unwrap();
}

/// Agencies, people and cases that the worlds are about.
fn ground() -> String {
    let mut sql = String::new();
    for n in 1..=AGENCIES {
        let id = Uuid::from_u128(n);
        write!(
            sql,
            "INSERT INTO agencies VALUES ('{id}', 'A{n}', 'a{n}', 'other', '', '', NULL, 1);"
        )
        .unwrap();
    }
    for n in 1..=PANELS {
        let id = Uuid::from_u128(n);
        write!(sql, "INSERT INTO panels VALUES ('{id}', 'P{n}', '', '{{}}', 1);").unwrap();
    }
    for n in 1..=USERS {
        let (id, agency) = (Uuid::from_u128(n), Uuid::from_u128(1));
        write!(
            sql,
            "INSERT INTO users (id, name, email, email_folded, agency_id, administrator, failures,
                version) VALUES ('{id}', 'U{n}', 'u{n}', 'u{n}', '{agency}', FALSE, 0, 1);"
        )
        .unwrap();
    }
    for n in 1..=CASES {
        let (id, panel) = (Uuid::from_u128(n), Uuid::from_u128(panel_of(n)));
        write!(
            sql,
            "INSERT INTO people (id, surname, forename, aliases, unborn, address, postcode, root_id,
                created_at, version) VALUES ('{id}', 'S', 'F', '', FALSE, '', '', '{id}',
                '2026-01-01T00:00:00.000000Z', 1);
             INSERT INTO cases (id, reference, panel_id, person_id, state, opened_on, close_note,
                trigger_note, closure_proposed, history, content_version, imported, version)
                VALUES ('{id}', 'R{n}', '{panel}', '{id}', 'open', '2026-01-01', '', '', '', '', 1,
                FALSE, 1);"
        )
        .unwrap();
    }
    sql
}

/// Gives the person her seats and her employer, which is what the database itself goes by.
fn seated(actor: &Actor) -> String {
    let (user, employer) = (actor.user.uuid(), actor.agency.uuid());
    let mut sql = format!(
        "UPDATE users SET agency_id = '{employer}' WHERE id = '{user}';
         DELETE FROM seats WHERE user_id = '{user}';"
    );
    for (place, seat) in (1_u128..).zip(&actor.seats) {
        let id = Uuid::from_u128(actor.user.uuid().as_u128() * 100 + place);
        let (panel, agency, role) = (seat.panel.uuid(), seat.agency.uuid(), seat.role.code());
        let values = format!("'{id}', '{panel}', '{user}', '{agency}', '{role}', '2026-01-01'");
        write!(sql, "INSERT INTO seats VALUES ({values}, NULL, NULL);").unwrap();
    }
    sql
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = IdSql)]
    id: CaseId,
}

type Cases = BTreeSet<CaseId>;

/// What one person sees of the cases: by the filter, and by nothing but the wall where there is one.
fn seen(store: &Store, actor: &Actor, all: &[CaseId]) -> (Cases, Option<Cases>) {
    let look = |az: &mut Authz<'_>| -> Result<_, StoreError> {
        let filtered = visible(az, all)?;
        let Conn::Pg(pg) = az.conn() else { return Ok((filtered, None)) };
        let rows: Vec<Row> = diesel::sql_query("SELECT id FROM cases").load(pg)?;
        Ok((filtered, Some(rows.into_iter().map(|row| row.id).collect())))
    };
    store.read(&caller(Who::Person(actor.clone())), look).unwrap()
}

/// What core decides that one person sees of a world, and from how many cases she is kept.
fn decided(world: &World, actor: &Actor) -> (Cases, usize) {
    let sits: Vec<PanelId> = actor.seats.iter().map(|seat| seat.panel).collect();
    let at_hers = |line: &&ListLine| {
        let case = world.cases.iter().find(|case| case.case == line.case);
        case.is_some_and(|case| sits.contains(&case.panel))
    };
    let lines: Vec<ListLine> = world.lines.iter().filter(at_hers).copied().collect();
    let lists = Lists::of(&Reader::from(actor), &lines);
    let sees = |case: &&CaseFacts| actor.sees(case, &lists);
    let found = world.cases.iter().filter(sees).map(|case| case.case).collect();
    (found, lists.hidden.len())
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
            let actor = reader(&mut dice);
            run(&store, &seated(&actor));
            let caller = caller(Who::Person(actor.clone()));
            let opening = opening(&mut dice, &actor, caller.now);
            run(&store, &opened(&opening));
            let (mut expected, hidden) = decided(&world, &actor);
            let mine: Cases = store.write(&caller, |az| visible(az, &all)).unwrap();
            assert_eq!(mine, expected, "an emergency changes nothing: {actor:#?}");
            let of_case = Lists::of(&Reader::from(&actor), &world.lines);
            if opening.lets_in(&actor, &of_case, caller.now) {
                through += usize::from(expected.insert(opening.case));
            }
            let (filtered, walled) = seen(&store, &actor, &all);
            let of = format!("{actor:#?}\n{:#?}\n{opening:#?}", world.lines);
            assert_eq!(filtered, expected, "the filter: {of}");
            assert_eq!(walled.unwrap_or(filtered), expected, "the wall: {of}");
            shown += expected.len();
            kept += hidden;
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
