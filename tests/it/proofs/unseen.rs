//! Whom a case is kept from cannot tell whether it is there: every byte of a walk is the same in a world
//! without it.

use super::twins::{Hidden, How, Plan, Twin};
use super::walk::{Step, Walker};
use crate::referrals::other;
use panel_tests::assure::{Dice, figure, is_full, side_by_side, times};
use panel_tests::world::World;
use serde_json::json;

/// Walks that say nothing would be as equal: so many answers must have shown content.
const SHOWING: usize = 20;

/// How a walk went.
struct Walked {
    steps: usize,
    shown: usize,
    letters: usize,
}

/// Two walks side by side.
struct Pair {
    twins: [Twin; 2],
    walkers: [Walker; 2],
    hidden: Hidden,
    walked: Walked,
}

fn both(plan: &Plan, worlds: [World; 2]) -> Pair {
    let [with, without] = worlds;
    let mut twins = [Twin::new(with, plan, true), Twin::new(without, plan, false)];
    let walkers = twins.each_mut().map(|twin| {
        twin.step();
        Walker::enter(&twin.world, plan.who)
    });
    let hidden = twins[0].hidden.clone().unwrap();
    Pair { twins, walkers, hidden, walked: Walked { steps: 0, shown: 0, letters: 0 } }
}

impl Pair {
    /// One step of the months, in both.
    fn live(&mut self, step: impl Fn(&mut Twin)) {
        self.twins.iter_mut().for_each(step);
        self.hidden = self.twins[0].hidden.clone().unwrap();
    }

    fn compare(&mut self, plan: &Plan, told: &str, [with, without]: [String; 2]) {
        if with == without {
            return;
        }
        let lines = with.lines().zip(without.lines()).enumerate();
        let differ: Vec<_> = lines.filter(|(_, (a, b))| a != b).take(12).collect();
        panic!(
            "{plan:?}\nafter {} steps, {told} is told apart, in {} and {} lines:\n{differ:#?}\n\n{}",
            self.walked.steps,
            with.lines().count(),
            without.lines().count(),
            with.chars().take(300).collect::<String>()
        );
    }

    #[track_caller]
    fn take(&mut self, plan: &Plan, step: &Step) {
        let [with, without] = &mut self.walkers;
        let (a, b) = (with.take(step), without.take(step));
        self.walked.steps += 1;
        self.walked.shown += usize::from(a.contains("\n200\n"));
        self.compare(plan, &format!("{step:?}"), [a, b]);
    }

    /// The mornings until a day, with their mail.
    fn mornings(&mut self, plan: &Plan, days: i64) {
        for _ in 0..days {
            self.live(|twin| twin.world.pass(chrono::Duration::days(1)));
            let [(with, a), (without, b)] = self.mail();
            self.walked.letters += usize::from(!a.is_empty());
            assert!(with && without);
            self.compare(plan, "mail", [a, b]);
        }
    }

    fn mail(&mut self) -> [(bool, String); 2] {
        let [a, b] = &mut self.walkers;
        let [x, y] = &self.twins;
        [(true, a.mail(&x.world)), (true, b.mail(&y.world))]
    }

    fn walk(&mut self, plan: &Plan, dice: &mut Dice, steps: usize) {
        let ids = self.hidden.ids.clone();
        for _ in 0..steps {
            let step = self.walkers[0].next(dice, &ids);
            self.take(plan, &step);
        }
    }

    /// What a walk by chance could miss: each thing of the hidden case asked for by its own address, its
    /// reference looked for, and somebody of its people referred again.
    fn ask_outright(&mut self, plan: &Plan) {
        let Hidden { case, reference, ids } = self.hidden.clone();
        for id in ids {
            for area in ["cases", "actions", "requests", "referrals", "people"] {
                self.take(plan, &Step::Open(format!("/{area}/{id}")));
                self.take(plan, &Step::Open(format!("/api/v1/{area}/{id}")));
            }
            self.take(plan, &Step::Open(format!("/notices?action={id}")));
        }
        let conflict = json!({"conflict": "personal", "note": ""});
        self.take(plan, &Step::Call("POST", format!("/api/v1/cases/{case}/conflict"), conflict));
        self.take(plan, &Step::Search(reference));
        let raw = other(&self.twins[0].world, super::twins::HIDDEN, "1990-05-01");
        let own = self.twins[0].world.by(plan.who).actor().agency;
        let mut raw = raw;
        raw["referring_agency"] = json!(own);
        let alike = "/api/v1/referrals/alike".to_owned();
        self.take(plan, &Step::Call("POST", alike, raw.clone()));
        self.take(plan, &Step::Call("POST", "/api/v1/referrals".to_owned(), raw));
        self.take(plan, &Step::Open("/api/v1/referrals".to_owned()));
    }
}

/// Lives through two months with and without a case, and walks in each part of them.
fn nothing_tells(plan: &Plan, worlds: [World; 2], steps: usize) -> Walked {
    let mut pair = both(plan, worlds);
    let mut dice = Dice::seeded(plan.seed);
    let part = steps / 4;
    pair.walk(plan, &mut dice, part);
    pair.live(|twin| twin.issue(0));
    pair.live(|twin| twin.act("2026-04-10"));
    assert!(pair.twins[0].is_on(0), "what is hidden is on the agenda");
    pair.walk(plan, &mut dice, part);
    pair.live(Twin::reply);
    pair.mornings(plan, 9);
    pair.ask_outright(plan);
    pair.live(|twin| twin.hold(0));
    pair.walk(plan, &mut dice, part);
    pair.live(|twin| twin.sign(0));
    pair.live(|twin| twin.act("2026-05-10"));
    pair.mornings(plan, 6);
    pair.live(|twin| twin.issue(1));
    pair.walk(plan, &mut dice, steps - 3 * part);
    let named = plan.how == How::AmongOthers;
    assert!(named || pair.hidden.ids.len() > 6, "{:?}", pair.hidden);
    pair.walked
}

/// Pairs of worlds share nothing, so that each processor walks through its own.
fn run(database: &str, seeds: impl Iterator<Item = u64>, world: impl Fn() -> Option<World> + Sync) {
    let steps = times(100, 500);
    let walks = side_by_side(seeds, |seed| {
        let (with, without) = (world()?, world()?);
        let walked = nothing_tells(&Plan::of(seed), [with, without], steps);
        assert!(walked.shown > SHOWING, "{} of {} showed anything", walked.shown, walked.steps);
        assert!(walked.letters > 0, "there was mail to compare");
        Some(walked)
    });
    let walks: Vec<Walked> = walks.into_iter().flatten().collect();
    let compared: usize = walks.iter().map(|walked| walked.steps).sum();
    let found = format!("{compared} answers the same in {} pairs", walks.len());
    figure(&format!("worlds on {database}"), found);
}

/// Worlds, half of them on each database.
fn seeds(odd: u64) -> impl Iterator<Item = u64> {
    let worlds = if is_full() { 200 } else { 6 };
    (0..worlds).filter(move |seed| seed % 2 == odd)
}

#[test]
fn for_whom_a_case_is_kept_from_two_worlds_are_the_same_on_sqlite() {
    run("SQLite", seeds(0), || Some(World::sqlite()));
}

#[test]
fn for_whom_a_case_is_kept_from_two_worlds_are_the_same_on_postgres() {
    run("PostgreSQL", seeds(1), World::postgres);
}
