//! Everybody walks through all that is offered to them; then everybody knocks at every door that somebody
//! else was let through. What the rules do not let her know of is answered like a door that is not there.

use super::ground::Ground;
use super::hand::{Control, forms, links};
use super::keys::{EVERYBODY, Key, Knocker, Reply, keys, told};
use super::mask::Mask;
use super::owners::Owners;
use panel_core::access::Actor;
use panel_tests::assure::{Dice, figure, times};
use panel_tests::site::Pages;
use panel_tests::world::World;
use panel_web::routes::{Route, table};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

/// What stands in a form, without the token of its session.
type Fields = Vec<(String, String)>;

/// One request that somebody was offered.
struct Found<'a> {
    method: &'a str,
    path: &'a str,
    fields: &'a [(String, String)],
}

/// What somebody was offered: pages, and forms with what stands in them.
#[derive(Debug, Default)]
struct Offered {
    pages: BTreeSet<String>,
    forms: BTreeMap<String, Fields>,
}

/// Follows every link from the first page on.
fn spider(at: &str, knocker: &Knocker, key: &Key, most: usize, offered: &mut Offered) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open = VecDeque::from(["/".to_owned()]);
    while let Some(path) = open.pop_front() {
        if seen.len() >= most || !seen.insert(path.clone()) {
            continue;
        }
        let reply = knocker.ask(at, key, "GET", &path);
        if reply.status != 200 || !reply.headers.contains("text/html") {
            continue;
        }
        offered.pages.insert(path);
        open.extend(links(&reply.body).into_iter().filter(|link| !seen.contains(link)));
        for form in forms(&reply.body).into_iter().filter(|form| form.posts) {
            let stands = |(name, control): (String, Control)| match control {
                _ if name == "csrf" => None,
                Control::Hidden(value) | Control::Text(value) => Some((name, value)),
                _ => None,
            };
            let fields = form.controls.into_iter().filter_map(stands).collect();
            offered.forms.insert(form.action, fields);
        }
    }
}

/// The route that a path leads to, as the table has it.
fn route<'t>(routes: &'t [Route], method: &str, path: &str) -> Option<&'t Route> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |row: &&Route| {
        let (mut a, mut b) = (row.path.split('/'), path.split('/'));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return row.method == method,
                (Some(name), Some(_)) if name.starts_with('{') => {}
                (Some(name), Some(part)) if name == part => {}
                _ => return false,
            }
        }
    };
    let mut found: Vec<&Route> = routes.iter().filter(fits).collect();
    // The more words a pattern has of its own, the sooner it is meant.
    found.sort_by_key(|row| row.path.matches('{').count());
    found.first().copied()
}

/// Everything that a replay needs.
struct Doors<'g> {
    owners: Owners,
    routes: Vec<Route>,
    knocker: Knocker,
    at: &'g str,
    dice: Dice,
    refused: usize,
    allowed: usize,
}

impl Doors<'_> {
    /// What a path names that this person may not know of; all of it where the wall before the route keeps
    /// her out.
    fn unknown(&self, actor: Option<&Actor>, method: &str, path: &str) -> Vec<String> {
        let wall = route(&self.routes, method, path);
        let admitted = wall.is_some_and(|row| match actor {
            Some(actor) => row.access.admits(actor),
            None => row.access == panel_web::routes::Access::Anyone,
        });
        let hidden = |id: &String| !admitted || !self.owners.may_know(actor, id);
        Mask::ids_in(path).into_iter().filter(hidden).collect()
    }

    /// The same path with ids that nothing has in the place of these.
    fn elsewhere(&mut self, path: &str, ids: &[String]) -> String {
        ids.iter().fold(path.to_owned(), |path, id| {
            let other = u128::try_from(self.dice.below(usize::MAX)).unwrap();
            let other = 0x0198_f0a4_0000_7000_8000_0000_0000_0000_u128 | (other & 0xFFFF_FFFF_FFFF);
            path.replace(id.as_str(), &Uuid::from_u128(other).to_string())
        })
    }

    fn knock(&self, key: &Key, method: &str, path: &str, fields: &[(String, String)]) -> Reply {
        if method == "GET" {
            return self.knocker.ask(self.at, key, method, path);
        }
        let mut all = fields.to_vec();
        all.push(("csrf".to_owned(), key.csrf.clone()));
        told(self.knocker.request(self.at, key, method, path).form(&all))
    }

    /// Knocks as somebody who may not know of these: she is answered as if they were not there, and not at
    /// all where the address leads to one of them.
    fn refuse(&mut self, who: &str, key: &Key, found: &Found<'_>, unknown: &[String]) {
        let Found { method, path, fields } = *found;
        let refused = self.knock(key, method, path, fields);
        let leads = path.split('?').next().unwrap_or_default();
        let narrows = unknown.iter().all(|id| !leads.contains(id.as_str()));
        assert!(
            narrows || refused.status == 404 || refused.location.starts_with("/sign-in"),
            "{who} was answered {} by {method} {path}\n{}",
            refused.status,
            refused.body
        );
        let nowhere = self.elsewhere(path, unknown);
        let absent = self.knock(key, method, &nowhere, fields);
        let masked = |reply: &Reply| Mask::default().over(&format!("{reply:?}"));
        assert_eq!(masked(&refused), masked(&absent), "{who}: {method} {path} and {nowhere}");
        self.refused += 1;
    }
}

fn nobody_passes_elsewhere(database: &str, world: World) {
    let ground = Ground::lay(world);
    let pages = Pages::of(&ground.world);
    let keys = keys(&ground, &pages);
    let mut doors = Doors {
        owners: Owners::read(&ground),
        routes: table(),
        knocker: Knocker::new(),
        at: &pages.address,
        dice: Dice::seeded(7),
        refused: 0,
        allowed: 0,
    };
    let mut offered = Offered::default();
    for key in &keys {
        spider(doors.at, &doors.knocker, key, times(60, 2_000), &mut offered);
    }
    let about = |path: &&String| Mask::ids_in(path).iter().any(|id| doors.owners.knows(id));
    let read: Vec<String> = offered.pages.iter().filter(about).cloned().collect();
    let sent: Vec<(&String, &Fields)> =
        offered.forms.iter().filter(|(path, _)| about(path)).collect();
    assert!(read.len() > 60 && sent.len() > 20, "{} pages, {} forms", read.len(), sent.len());
    for (key, (who, _)) in keys.iter().zip(EVERYBODY) {
        let ctx = key.email.map(|email| ground.world.by(email));
        let actor = ctx.as_ref().map(panel_app::Ctx::actor);
        let pages = read.iter().map(|path| Found { method: "GET", path, fields: &[] });
        let forms = sent.iter().map(|(path, fields)| Found { method: "POST", path, fields });
        for found in pages.chain(forms) {
            let unknown = doors.unknown(actor, found.method, found.path);
            if unknown.is_empty() {
                doors.allowed += 1;
            } else if doors.dice.one_in(times(6, 1)) {
                doors.refuse(who, key, &found, &unknown);
            }
        }
    }
    assert!(doors.refused > 300 && doors.allowed > 300, "{} and {}", doors.refused, doors.allowed);
    let told =
        format!("{} replays of {} pages and {} forms", doors.refused, read.len(), sent.len());
    figure(&format!("refused like what is not there on {database}"), told);
}

#[test]
fn what_one_is_offered_another_is_refused_like_something_that_is_not_there_on_sqlite() {
    nobody_passes_elsewhere("SQLite", World::sqlite());
}

#[test]
fn what_one_is_offered_another_is_refused_like_something_that_is_not_there_on_postgres() {
    if let Some(world) = World::postgres() {
        nobody_passes_elsewhere("PostgreSQL", world);
    }
}
