//! Worlds made at random: who takes part in which case, what its lists say, and what there is of a case or of none.

use crate::authz::testing::{AGENCIES, CASES, PANELS, USERS, id, panel_of};
use panel_core::access::CaseFacts;
use panel_core::access::lists::{ListKind, ListLine, Listed};
use panel_core::action::TransferStatus;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, Id, PanelId};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// Matters without a case, behind one of each case.
const LOOSE: u128 = 12;

/// A row of numbers that is the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// One of 1 to `sides`.
    pub(super) fn roll(&mut self, sides: u128) -> u128 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u128::from(mixed ^ (mixed >> 31)) % sides + 1
    }

    pub(super) fn one_in(&mut self, sides: u128) -> bool {
        self.roll(sides) == 1
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let sides = u128::try_from(all.len()).unwrap();
        all[usize::try_from(self.roll(sides) - 1).unwrap()]
    }
}

/// Who takes part in which case, and what its lists say.
pub(super) struct World {
    pub(super) cases: Vec<CaseFacts>,
    pub(super) lines: Vec<ListLine>,
    lifted: Vec<ListLine>,
    pub(super) matters: Vec<Matter>,
}

/// An action, and a referral of the same number.
pub(super) struct Matter {
    pub(super) id: Uuid,
    pub(super) panel: PanelId,
    pub(super) case: Option<CaseId>,
    /// Who owns the action and made the referral.
    pub(super) agency: AgencyId,
    /// Which agency is or was asked to take the action over.
    pub(super) asked: Option<(AgencyId, TransferStatus)>,
}

impl Matter {
    fn roll(dice: &mut Dice, number: u128) -> Self {
        let states = [TransferStatus::Proposed, TransferStatus::Refused];
        let of_case = number <= CASES;
        let panel = if of_case { panel_of(number) } else { dice.roll(PANELS) };
        Self {
            id: Uuid::from_u128(number),
            panel: id(panel),
            case: of_case.then(|| id(number)),
            agency: id(dice.roll(AGENCIES)),
            asked: dice.one_in(2).then(|| (id(dice.roll(AGENCIES)), dice.of(&states))),
        }
    }

    /// The statements that put it into a database.
    fn sql(&self) -> String {
        let Self { id, panel, case, agency, asked } = self;
        let case = case.map_or("NULL".to_owned(), |case| format!("'{}'", case.uuid()));
        let (panel, agency) = (panel.uuid(), agency.uuid());
        let mut sql = format!(
            "INSERT INTO actions (id, panel_id, case_id, text, owner_agency, owner_name, set_on, due_word,
                due_instance, state, outcome, reason, imported, created_at, version, finished, due_key,
                search) VALUES ('{id}', '{panel}', {case}, 'T', '{agency}', '', '2026-01-01', '', 1,
                'open', '', '', FALSE, '2026-01-01T00:00:00.000000Z', 1, FALSE, '9999-12-31', '');
             INSERT INTO referrals (id, reference, panel_id, received_at, source, agency_id,
                perpetrator_id, state, triage, history, late_reason, case_id, particulars, entered_by,
                entered_at, imported, version) VALUES ('{id}', 'R{id}', '{panel}',
                '2026-01-01T00:00:00.000000Z', 'other', '{agency}', '{SOMEBODY}', 'received', '', '', '',
                {case}, '', '{SOMEBODY}', '2026-01-01T00:00:00.000000Z', FALSE, 1);"
        );
        if let Some((to, state)) = asked {
            let answered = if *state == TransferStatus::Proposed { "NULL" } else { "'2026-01-02'" };
            let (to, state) = (to.uuid(), state.code());
            write!(
                sql,
                "INSERT INTO action_transfers (id, action_id, from_agency, to_agency, proposed_on,
                    proposed_by, capacity, reason, state, answered_on, answer_note) VALUES ('{id}', '{id}',
                    '{agency}', '{to}', '2026-01-01', '{SOMEBODY}', 'owner', '', '{state}', {answered},
                    '');"
            )
            .unwrap();
        }
        sql
    }
}

/// The first of the people and users there are.
const SOMEBODY: Uuid = Uuid::from_u128(1);

impl World {
    pub(super) fn roll(dice: &mut Dice) -> Self {
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
        let matters = (1..=CASES + LOOSE).map(|number| Matter::roll(dice, number)).collect();
        Self { cases, lines, lifted, matters }
    }

    /// The statements that bring a database to this world.
    pub(super) fn sql(&self) -> String {
        let mut sql =
            "DELETE FROM case_lists; DELETE FROM case_agencies; DELETE FROM action_transfers;
            DELETE FROM actions; DELETE FROM referrals;"
                .to_owned();
        self.matters.iter().for_each(|matter| sql.push_str(&matter.sql()));
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
