//! Who is answered what: everybody at every route, for something in each state, as one file to review.
//!
//! `PANEL_MATRIX=write` writes the file anew. A route that is neither in it nor among the exemptions, and
//! an exemption that is not needed any more, fail. Cells in which something would be changed cost a world
//! each, so that only the full form tries them again, on SQLite, where a world is copied in no time. The quick
//! form tries every fourth of the others.

use super::ground::{Ground, Thing};
use super::keys::{EVERYBODY, Key, Knocker, Reply, keys};
use panel_core::audit::SubjectKind;
use panel_core::coded::Coded;
use panel_tests::assure::{figure, is_full};
use panel_tests::site::Pages;
use panel_tests::world::World;
use panel_web::routes::{Route, table};
use panel_web::view::{Settings, Site};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/it/proofs/matrix.txt");

/// Routes that are not in the matrix, with the reason.
const EXEMPT: [(&str, &str); 30] = [
    ("/account-link/{token}", "its secret is its own key; accounts.rs"),
    ("/account/sessions/{session}/end", "one’s own alone; sessions.rs"),
    ("/glass/{glass}", "of those who opened it and who review it; glass.rs"),
    ("/glass/{glass}/close", "of those who opened it and who review it; glass.rs"),
    ("/glass/{glass}/review", "of those who opened it and who review it; glass.rs"),
    ("/api/v1/glass/{glass}", "of those who opened it and who review it; glass.rs"),
    ("/api/v1/glass/{glass}/close", "of those who opened it and who review it; glass.rs"),
    ("/api/v1/glass/{glass}/review", "of those who opened it and who review it; glass.rs"),
    ("/findings/{finding}", "of administrators whom it does not concern; watch.rs"),
    ("/users/{user}/reset-second-factor", "of those who have one; second_factor.rs"),
    ("/account/passkeys/{passkey}/remove", "one’s own alone; passkeys.rs"),
    ("/account/tokens/{token}/revoke", "one’s own alone; api/walls.rs"),
    ("/agency-people/{agency}/{user}/reopen", "of those who are suspended; dormant.rs"),
    ("/imports/{import}/agencies/{word}", "of a reading; the import itself is in the matrix"),
    ("/imports/{import}/sheets/{sheet}", "of a reading; the import itself is in the matrix"),
    ("/imports/{import}/unknown/{word}", "of a reading; the import itself is in the matrix"),
    ("/panels/{panel}/standing/{place}/remove", "of a panel; the panel itself is in the matrix"),
    ("/referrals/drafts/{draft}", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/all", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/check", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/discard", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/typed", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/{list}/{place}", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/{list}/{place}/remove", "one’s own alone; referral_pages.rs"),
    ("/referrals/drafts/{draft}/{part}", "one’s own alone; referral_pages.rs"),
    ("/sign-in", "everybody’s; accounts.rs"),
    ("/sign-out", "ends the session that asks; sessions.rs"),
    ("/account/sign-out-everywhere", "ends the session that asks; sessions.rs"),
    ("/users/{user}/sign-out", "ends a session that the matrix asks with; sessions.rs"),
    ("/demo/mailbox", "of demonstrations alone; demo.rs"),
];

/// Acts of `/actions/{action}/{act}`, one by a holder, one by the chair, one by whoever runs the panel.
const ACTS: [&str; 6] =
    ["done", "note", "accept-not-possible", "agree-extension", "wording", "transfer"];

/// Where a kind of subject is in the matrix.
fn shown_as(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Action => "{action}",
        SubjectKind::AgendaItem => "{item}",
        SubjectKind::Agency => "{agency}",
        SubjectKind::Account => "{user}",
        SubjectKind::Case => "{case}",
        SubjectKind::Import => "{import}",
        SubjectKind::InfoRequest => "{request}",
        SubjectKind::Meeting => "{meeting}",
        SubjectKind::Note => "{note}",
        SubjectKind::Panel => "{panel}",
        SubjectKind::Person => "{person}",
        SubjectKind::Referral => "{referral}",
        SubjectKind::Series => "{series}",
        SubjectKind::Listing => "/search",
        SubjectKind::AuditLog => "/audit",
    }
}

/// One row of the matrix: a route with something in its places.
struct Row {
    method: String,
    pattern: &'static str,
    state: String,
    path: String,
}

fn exempt(path: &str) -> bool {
    EXEMPT.iter().any(|(other, _)| *other == path)
}

fn rows(ground: &Ground) -> Vec<Row> {
    let mut routes: Vec<Route> = table().into_iter().filter(|row| !exempt(row.path)).collect();
    routes.sort_by_key(|row| (row.path, row.method.as_str() != "GET", row.method.to_string()));
    routes.iter().flat_map(|route| of_route(ground, route)).collect()
}

fn of_route(ground: &Ground, route: &Route) -> Vec<Row> {
    let names: Vec<&str> =
        route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')).collect();
    let row = |state: &str, fill: &dyn Fn(&str) -> String| {
        let part = |part: &str| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) => fill(name),
            None => part.to_owned(),
        };
        Row {
            method: route.method.to_string(),
            pattern: route.path,
            state: state.to_owned(),
            path: route.path.split('/').map(part).collect::<Vec<_>>().join("/"),
        }
    };
    match names.as_slice() {
        [] => vec![row("", &|_| String::new())],
        ["action", "act"] => {
            let open = |act| {
                let action = &ground.of("action").next().unwrap().id;
                row(act, &|name| if name == "act" { act.to_owned() } else { action.clone() })
            };
            ACTS.map(open).into()
        }
        [one] => {
            // What is wrongly written is told before anything is looked for: one state says it all.
            let reads = route.method == "GET" || !route.path.starts_with("/api/");
            let states = if reads { usize::MAX } else { 1 };
            let things: Vec<&Thing> = ground.of(kind_of(route.path, one)).take(states).collect();
            things.into_iter().map(|it| row(it.state, &|_| it.id.clone())).collect()
        }
        [outer, inner] => pairs(ground, route.path, outer, inner)
            .into_iter()
            .map(|(state, a, b)| {
                row(state, &|name| if name == *outer { a.clone() } else { b.clone() })
            })
            .collect(),
        more => panic!("{more:?} in {}", route.path),
    }
}

/// Lines of cases and lines of rolls are both lines.
fn kind_of<'a>(path: &str, name: &'a str) -> &'a str {
    if path.contains("attendance/{line}") { "line" } else { name }
}

/// Two ids that belong together.
fn pairs<'g>(
    ground: &'g Ground,
    path: &str,
    outer: &str,
    inner: &str,
) -> Vec<(&'static str, String, String)> {
    let roll = path.contains("/live/people/");
    let is = |id: &String| ground.of(outer).any(|other| other.id == *id);
    let fits = |it: &&'g Thing| match inner {
        "line" => (it.state == "of the roll") == roll,
        "change" => it.within.as_ref().is_some_and(is),
        _ => true,
    };
    let found = ground.of(inner).filter(fits).map(|it| {
        if let Some(within) = &it.within {
            return (it.state, within.clone(), it.id.clone());
        }
        // Two of one case: the perpetrator and the victim; the meeting that took it and the case.
        let same = |other: &&Thing| outer != "person" || other.case == it.case;
        let other = ground.of(outer).find(same).unwrap();
        (it.state, other.id.clone(), it.id.clone())
    });
    found.collect()
}

/// One letter for an answer.
fn letter(reply: &Reply) -> char {
    match reply.status {
        200..=299 => '2',
        300..=399 if reply.location.starts_with("/sign-in") => 's',
        300..=399 => '3',
        400 => 'b',
        401 => 'u',
        403 => 'f',
        404 => '4',
        405 => 'm',
        409 => 'c',
        412 => 'p',
        415 => 't',
        422 => 'i',
        428 => 'r',
        429 => 'w',
        _ => 'X',
    }
}

/// A world to ask in, which is replaced when something was changed in it.
struct Asked<'g> {
    ground: &'g Ground,
    site: Arc<Site>,
    pages: Pages,
    copy: Option<World>,
    knocker: Knocker,
}

impl Asked<'_> {
    fn cell(&mut self, row: &Row, key: &Key) -> char {
        let answer = letter(&self.knocker.ask(&self.pages.address, key, &row.method, &row.path));
        let changed = row.method != "GET" && matches!(answer, '2' | '3');
        if changed && let Some(copy) = &mut self.copy {
            let fresh = self.ground.world.copy();
            self.pages = Pages::with(&fresh, self.site.clone());
            *copy = fresh;
        }
        answer
    }
}

/// The matrix as text. Where there is a file, cells in which something would be changed are taken from it;
/// and in the quick form all but every fourth, from `first` on, so that each row and each column is tried.
fn matrix(ground: &Ground, pages: &Pages, kept: Option<&str>, first: usize) -> String {
    let keys = keys(ground, pages);
    let taken = |row: &Row, at: usize, answer: char| {
        let changes = row.method != "GET" && matches!(answer, '2' | '3');
        kept.is_some() && (changes || (!is_full() && at % 4 != first))
    };
    let site = Arc::new(Site::new(Settings::default()).unwrap());
    let copy = kept.is_none().then(|| ground.world.copy());
    let pages = Pages::with(copy.as_ref().unwrap_or(&ground.world), site.clone());
    let mut asked = Asked { ground, site, pages, copy, knocker: Knocker::new() };
    let mut known = kept.map(|text| text.lines().skip_while(|line| !line.is_empty()).skip(1));
    let mut text = heading();
    let mut before = "";
    for (number, row) in rows(ground).iter().enumerate() {
        if before != row.pattern {
            writeln!(text, "{}", row.pattern).unwrap();
            known.as_mut().map(Iterator::next);
            before = row.pattern;
        }
        let line = known.as_mut().and_then(Iterator::next).unwrap_or_default();
        let mut cells = line.trim_start().chars();
        let mut cell = |(place, key)| match cells.next() {
            Some(answer) if taken(row, number + place, answer) => answer,
            _ => asked.cell(row, key),
        };
        let answers: String = keys.iter().enumerate().map(&mut cell).collect();
        writeln!(text, "{}", format!("    {answers}  {:4} {}", row.method, row.state).trim_end())
            .unwrap();
    }
    text
}

fn heading() -> String {
    let mut text = "Who is answered what. One column a person:\n".to_owned();
    for (place, (name, _)) in EVERYBODY.iter().enumerate() {
        writeln!(text, "{:>w$} {name}", '|', w = place + 5).unwrap();
    }
    text.push_str(
        "2 shown or done, 3 done and led on, 4 not found, s asked to sign in, u no token, i not taken as \
         typed,\nc against a rule or too late, p another version, r no version, b malformed, f forged, \
         m no such method\n\n",
    );
    text
}

fn read() -> String {
    std::fs::read_to_string(FILE).unwrap_or_default()
}

#[track_caller]
fn same(database: &str, found: &str) {
    let file = read();
    let differ: Vec<_> = found.lines().zip(file.lines()).filter(|(a, b)| a != b).take(20).collect();
    let counts = (found.lines().count(), file.lines().count());
    assert!(
        differ.is_empty() && counts.0 == counts.1,
        "found, and in the file {counts:?}:\n{differ:#?}"
    );
    let rows = found.lines().filter(|line| line.starts_with("    ")).count();
    figure(
        &format!("cells on {database}"),
        format!("{} as the matrix says", rows * EVERYBODY.len()),
    );
}

#[test]
fn everybody_is_answered_as_the_matrix_says_on_sqlite() {
    let ground = Ground::lay(World::sqlite());
    let pages = Pages::of(&ground.world);
    let anew = std::env::var("PANEL_MATRIX").is_ok_and(|value| value == "write");
    let file = (!anew && !is_full()).then(read);
    let found = matrix(&ground, &pages, file.as_deref(), 0);
    if anew {
        std::fs::write(FILE, &found).unwrap();
    }
    same("SQLite", &found);
}

#[test]
fn everybody_is_answered_as_the_matrix_says_on_postgres() {
    let Some(world) = World::postgres() else { return };
    let ground = Ground::lay(world);
    let pages = Pages::of(&ground.world);
    same("PostgreSQL", &matrix(&ground, &pages, Some(&read()), 2));
}

#[test]
fn every_route_and_every_kind_of_thing_is_in_the_matrix_or_exempt_for_a_reason() {
    let file = read();
    let listed: BTreeSet<&str> = file.lines().filter(|line| line.starts_with('/')).collect();
    let routes: BTreeSet<&str> = table().iter().map(|row| row.path).collect();
    for route in &routes {
        let (shown, left_out) = (listed.contains(route), exempt(route));
        assert!(shown != left_out, "{route}: in the matrix {shown}, exempt {left_out}");
    }
    for (path, _) in EXEMPT {
        assert!(routes.contains(path), "{path} is exempt and is no route any more");
    }
    assert!(listed.is_subset(&routes), "the matrix has routes that are gone");
    for kind in SubjectKind::ALL {
        assert!(file.contains(shown_as(*kind)), "{kind:?} is not in the matrix");
    }
}
