//! Proof that the filter in SQL lets through what core's decision does, over worlds made at random.

use crate::agenda::issues::visible;
use crate::authz::testing::{caller, id};
use crate::authz::{Authz, Who};
use crate::conn::testing::on_postgres;
use crate::conn::{Address, Conn};
use crate::error::StoreError;
use crate::store::Store;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
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

fn run(store: &Store, sql: &str) {
    let work = |az: &mut Authz<'_>| -> Result<(), StoreError> {
        match az.conn() {
            Conn::Pg(pg) => pg.batch_execute(sql)?,
            Conn::Sqlite(sqlite) => sqlite.batch_execute(sql)?,
        }
        Ok(())
    };
    store.write(&caller(Who::Service("test")), work).unwrap();
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

fn both_agree(address: &Address) {
    let store = Store::open(address.clone(), 1).unwrap();
    store.migrate().unwrap();
    run(&store, &ground());
    let mut dice = Dice(20_260_401);
    let all: Vec<CaseId> = (1..=CASES).map(id).collect();
    let (mut shown, mut kept) = (0, 0);
    for _ in 0..worlds() {
        let world = World::roll(&mut dice);
        run(&store, &world.sql());
        for _ in 0..READERS {
            let actor = reader(&mut dice);
            let found: BTreeSet<CaseId> =
                store.read(&caller(Who::Person(actor.clone())), |az| visible(az, &all)).unwrap();
            let sits: Vec<PanelId> = actor.seats.iter().map(|seat| seat.panel).collect();
            let at_hers = |line: &&ListLine| {
                let case = world.cases.iter().find(|case| case.case == line.case);
                case.is_some_and(|case| sits.contains(&case.panel))
            };
            let lines: Vec<ListLine> = world.lines.iter().filter(at_hers).copied().collect();
            let lists = Lists::of(&Reader::from(&actor), &lines);
            let sees = |case: &&CaseFacts| actor.sees(case, &lists);
            let expected: BTreeSet<CaseId> =
                world.cases.iter().filter(sees).map(|case| case.case).collect();
            assert_eq!(found, expected, "{actor:#?}\n{lines:#?}");
            shown += found.len();
            kept += lists.hidden.len();
        }
    }
    assert!(shown > 1_000 && kept > 1_000, "{shown} seen and {kept} hidden prove little");
    let triples = worlds() * READERS * CASES;
    println!("\n[assured] disagreements = 0 in {triples} triples, {shown} of them seen");
}

#[test]
fn sql_lets_through_what_core_decides_on_sqlite() {
    both_agree(&Address::Sqlite(":memory:".to_owned()));
}

#[test]
fn sql_lets_through_what_core_decides_on_postgres() {
    on_postgres("scope", both_agree);
}
