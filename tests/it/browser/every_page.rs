//! Every page of the service, in every state that a cycle brings it into, for everybody who opens it.

use super::ways::{Found, follow, pages, route_of};
use super::window::Window;
use crate::journey::acts::{Item, Referral};
use crate::journey::stage::Stage;
use crate::journey::story::{enter, lay_out};
use panel_app::cases::{self, CaseFilter};
use panel_app::glass::{self, GlassForm};
use panel_app::users::{self, SeatForm};
use panel_app::{panels, watch};
use panel_core::access::Role;
use panel_core::access::glass::Cause;
use panel_tests::site::{Pages, choose_password};
use panel_tests::world::{
    ADMINISTRATOR, CHAIR, COORDINATOR, HOUSING, IDVA, OUTSIDER, POLICE, POLICE_LEAD, PROBATION,
    World, day,
};
use std::collections::BTreeSet;

/// What is no page: an answer for machines, a file, a way to another page, and a page that only a demonstration has.
const NO_PAGES: [&str; 5] =
    ["/livez", "/readyz", "/actions/export", "/demo/mailbox", "/agency-people"];

/// A page that only an installation has which asks for a second factor; a test of its own looks at it.
const DEMANDED: &str = "/sign-in/set-up";

/// A file with everything that can be wrong with one: an agency nobody knows, a status word, one
/// person under two spellings, and a row that cannot be read.
const FILE: &str = "Ref,Date received,Agency,Referrer,Referrer email,Surname,Forename,DOB,Address,\
                    Postcode,Victim name,Status,Notes\n\
                    P1,3/3/26,Police,,,Wardle,Lee,10/12/1962,1 High Street,ZZ99 1AA,,Open,\n\
                    P2,3/4/26,Police,,,Wardel,Lee,10/12/1962,1 High Street,ZZ99 1AA,,Parked,\n\
                    P3,3/4/26,Night Watch,,,Carver,Jo,10/12/1970,2 High Street,ZZ99 1AB,,Open,\n\
                    P4,31/2/26,Police,,,Baxter,Jo,10/12/1970,2 High Street,ZZ99 1AB,,Open,\n";

/// A round of looking: what was looked at, and what was wrong.
struct Looks<'a> {
    stage: &'a Stage<'a>,
    window: &'a Window,
    seen: BTreeSet<&'static str>,
    faults: Vec<String>,
    looked: usize,
}

impl Looks<'_> {
    /// Looks at the pages that a person finds from here on, of routes that are new or named.
    #[track_caller]
    fn round(&mut self, who: &str, from: &[&str], again: &[&str]) {
        let found: Found = follow(self.stage, who, from);
        let wanted = found
            .into_iter()
            .filter(|(route, _)| !self.seen.contains(route) || again.contains(route));
        let paths: Vec<String> = wanted.flat_map(|(_, paths)| paths).collect();
        self.window.sign_in(who);
        for path in paths {
            self.look(who, &path);
        }
    }

    /// Looks at these pages, all of which must be there.
    #[track_caller]
    fn at(&mut self, who: &str, paths: &[&str]) {
        self.window.sign_in(who);
        for path in paths {
            self.stage.see(who, path);
            self.look(who, path);
        }
    }

    #[track_caller]
    fn look(&mut self, who: &str, path: &str) {
        self.window.go(path);
        assert_eq!(self.window.path(), path, "{who} is led away");
        let faults = self.window.faults();
        self.faults.extend(faults.into_iter().map(|fault| format!("{path} as {who}: {fault}")));
        self.seen.extend(route_of(path));
        self.looked += 1;
    }
}

#[test]
fn every_page_keeps_to_wcag_wide_and_narrow_and_none_is_left_out() {
    let world = World::sqlite();
    let stage = Stage::on(&world, "2026-11-20 09:00");
    let invited = enter(&stage);
    let Some(window) = Window::open(&stage.pages.address, true) else { return };
    let (seen, faults) = (BTreeSet::new(), Vec::new());
    let mut looks = Looks { stage: &stage, window: &window, seen, faults, looked: 0 };
    for path in ["/sign-in", "/forgot-password", "/accessibility", "/guide", "/privacy"] {
        looks.look("nobody", path);
    }
    looks.look("nobody", &invited);
    looks.look("nobody", "/sign-in/directory");
    looks.look("nobody", &format!("/sign-in/back/{}", world.town().police));
    before_the_meeting(&stage, &mut looks);
    around_the_meeting(&stage, &mut looks);
    the_people_of_agencies(&stage, &mut looks);
    looks.window.sign_in(ADMINISTRATOR);
    looks.look(ADMINISTRATOR, &format!("/agencies/{}/directory", world.town().police));
    with_a_second_factor(&stage, &mut looks);
    let left: Vec<&str> = pages()
        .into_iter()
        .filter(|route| !looks.seen.contains(route) && !NO_PAGES.contains(route))
        .filter(|route| *route != DEMANDED)
        .collect();
    let faults = looks.faults.join("\n");
    assert!(faults.is_empty(), "of {} pages:\n{faults}", looks.looked);
    assert_eq!(left, Vec::<&str>::new(), "nobody looked at these");
}

/// The lead of an agency, and whoever sees how far all have come.
#[track_caller]
fn the_people_of_agencies(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    let police = format!("/agency-people/{}", stage.world.town().police);
    looks.at(POLICE_LEAD, &["/account", "/account/password", &police]);
    looks.at(COORDINATOR, &["/agency-standings"]);
}

/// An app is set up; then the sign-in has two steps.
#[track_caller]
fn with_a_second_factor(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    looks.window.sign_in(IDVA);
    looks.look(IDVA, "/confirm");
    let late = "/actions/bulk/confirm\nnote=What+was+sent+too+late";
    let place = "confirm /actions/bulk/confirm";
    panel_app::drafts::keep(&stage.world.by(IDVA), place, late).unwrap();
    looks.look(IDVA, "/sign-in/again?next=%2Factions%2Fbulk%2Fconfirm");
    looks.seen.insert("/sign-in/again");
    looks.look(IDVA, "/account/app");
    give_first_code(stage.world, looks.window);
    looks.look(IDVA, "/account");
    looks.look(IDVA, "/account/passkeys");
    looks.window.sign_in(IDVA);
    looks.look(IDVA, "/sign-in/code");
    looks.look(IDVA, "/sign-in/recovery");
}

/// Gives the first code of the app whose key the page shows.
#[track_caller]
pub(super) fn give_first_code(world: &World, window: &Window) {
    let words = window.words();
    let (_, rest) = words.split_once("Key: ").expect("a key");
    let key = rest.lines().next().unwrap_or_default();
    window.fill("code", &panel_app::second_factor::shown_by_app(&world.app, key).unwrap());
    window.press("Use this app");
    window.holds(&["Your recovery codes"]);
    let faults = window.faults();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_set_up_that_is_demanded_keeps_to_wcag_and_leads_on() {
    let world = World::sqlite();
    world.town();
    let pages = Pages::asking(&world);
    choose_password(&world, IDVA);
    let Some(window) = Window::open(&pages.address, true) else { return };
    window.sign_in(IDVA);
    assert_eq!(window.path(), DEMANDED);
    let faults = window.faults();
    assert!(faults.is_empty(), "{faults:?}");
    give_first_code(&world, &window);
    window.follow("Go on to Panel");
    assert_eq!(window.path(), "/");
}

/// Referrals in every state, a draft, an import that waits, and an agenda that is worked on.
#[track_caller]
fn before_the_meeting(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    lay_out(stage);
    let (panel, police) = (stage.world.town().panel, stage.world.town().police.to_string());
    let referral =
        |surname| Referral { surname, forename: "Ambrose", victim: "Dunmorrow", child: true };
    let standing = [("section", "other"), ("title", "Training"), ("minutes", "5")];
    stage.fill(COORDINATOR, &format!("/panels/{panel}/standing/new"), &standing);
    let draft = stage.refers(POLICE, &police, &referral("Quillfeather"));
    stage.accepts(&draft);
    let second = stage.refers(POLICE, &police, &referral("Sato"));
    stage.accepts(&second);
    let waits = stage.refers(POLICE, &police, &referral("Quilfeather"));
    reads_apart(stage, &waits);
    let returned = stage.refers(POLICE, &police, &referral("Pennyfold"));
    let asked = stage.see(COORDINATOR, &format!("{returned}/return"));
    let form = asked.form(&format!("{returned}/return"));
    let form = form.with("missing", &asked.first_value("missing"));
    stage.press(COORDINATOR, &form);
    let below = stage.refers(POLICE, &police, &referral("Marrowby"));
    let refused = [
        ("outcome", "below_threshold"),
        ("threshold_reason", "One old report"),
        ("route", "Write to the chair."),
    ];
    stage.fill(CHAIR, &format!("{below}/decide"), &refused);
    // Written after the cut-off of a meeting is late for it.
    let new = format!("/panels/{panel}/imports/new");
    let sent = stage.visitor(COORDINATOR).upload(&new, "log.csv", FILE.as_bytes().to_vec());
    let import = stage.watch.redirect(&sent);
    let open = stage.see(POLICE, "/referrals/new");
    let own = stage.press(POLICE, &open.form("/referrals/new").with("panel", &panel.to_string()));
    stage.fill(POLICE, &format!("{}/victims/1", own.path), &[("victims.0.name.surname", "Reed")]);

    looks.round(ADMINISTRATOR, &["/", "/users/new", "/agencies/new", "/panels/new"], &[]);
    let entry = format!("{}/victims/1", own.path);
    let gone = format!("{entry}/remove");
    let parts = ["about", "person", "victims/2", "incidents/1", "grounds", "gaps", "check"];
    let parts: Vec<String> = parts.iter().map(|part| format!("{}/{part}", own.path)).collect();
    let mut from: Vec<&str> = parts.iter().map(String::as_str).collect();
    from.extend(["/", own.path.as_str(), entry.as_str(), gone.as_str(), returned.as_str()]);
    looks.round(POLICE, &from, &[]);
    let meeting = stage.meeting("Wednesday 9 December 2026");
    let agenda = format!("{meeting}/agenda");
    let proposal = format!("{agenda}/proposal");
    looks.round(COORDINATOR, &[&import, &proposal, "/", &waits, &agenda], &[]);
    let import = ["rows", "warnings", "people"].map(|part| format!("{import}/{part}"));
    looks.at(COORDINATOR, &import.each_ref().map(String::as_str));
    let alike = stage.see(COORDINATOR, "/people/alike");
    let compare = alike.links().into_iter().map(|(_, href)| href);
    let compare = compare.into_iter().find(|href| href.contains("/compare/"));
    looks.at(COORDINATOR, &[&compare.expect("two people who are alike")]);
    looks.at(POLICE, &[&format!("{waits}/sent")]);
    looks.at(CHAIR, &[&format!("{below}/reconsider")]);
    let late = stage.meeting("Wednesday 6 January 2027");
    let cancel = stage.fill(COORDINATOR, &format!("{late}/cancel"), &[("reason", "Snow")]);
    looks.round(COORDINATOR, &[&cancel.path], &["/meetings/{meeting}"]);
    looks.round(CHAIR, &["/", &waits, &below], &["/referrals/{referral}"]);
}

/// Somebody is named to read where the people of a referral can be found.
#[track_caller]
fn reads_apart(stage: &Stage<'_>, referral: &str) {
    let at = format!("{referral}/readers/name");
    let page = stage.see(COORDINATOR, &at);
    let form = page.form(&at).with("reason", "Finds her a new home");
    stage.press(COORDINATOR, &form.with("person", &page.option("person", "Hana Sato")));
}

/// Looks at what may tell where somebody can be found, and lets it stand.
#[track_caller]
fn clears(looks: &mut Looks<'_>, who: &str, paper: &str) {
    let look = format!("{paper}/look");
    looks.at(who, &[&look]);
    let page = looks.stage.see(who, &look);
    let form = page.form(&look).with("marks", &page.first_value("marks"));
    looks.stage.press(who, &form);
}

/// The agenda goes out, the agencies answer, the meeting is held, and its actions are worked on.
#[track_caller]
fn around_the_meeting(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    stage.set("2026-11-26 09:00");
    let police = stage.world.town().police.to_string();
    let tardy =
        Referral { surname: "Lateborough", forename: "Cosmo", victim: "Ashgrovely", child: false };
    let late = stage.refers(POLICE, &police, &tardy);
    stage.accepts(&late);
    let meeting = stage.meeting("Wednesday 9 December 2026");
    let agenda = format!("{meeting}/agenda");
    stage.press(
        COORDINATOR,
        &stage.see(COORDINATOR, &format!("{agenda}/proposal")).form(&format!("{agenda}/proposal")),
    );
    let late_lane = format!("{late}/late");
    looks.round(COORDINATOR, &[&agenda], &["/meetings/{meeting}/agenda"]);
    looks.at(COORDINATOR, &[&format!("{agenda}/surplus")]);
    looks.round(CHAIR, &[&late_lane, &late], &[]);
    looks.at(COORDINATOR, &[&format!("{agenda}/connections")]);
    stage.answers_for_namesakes(&meeting);
    let visit = [("section", "other"), ("title", "Visit to 14 Station Road")];
    stage.fill(COORDINATOR, &format!("{agenda}/items/new"), &visit);
    clears(looks, COORDINATOR, &agenda);
    looks.at(COORDINATOR, &[&format!("{agenda}/issue")]);
    stage.fill(COORDINATOR, &format!("{agenda}/issue"), &[]);
    stage.replies(HOUSING, "Quillfeather", "Two complaints.");
    looks.round(
        COORDINATOR,
        &[&agenda, &format!("{meeting}/requests")],
        &["/meetings/{meeting}/agenda"],
    );
    looks.round(
        HOUSING,
        &["/my-work", &agenda, "/information"],
        &["/meetings/{meeting}/agenda", "/my-work", "/requests/{request}"],
    );
    in_the_meeting(stage, looks, &meeting);
    after_the_meeting(stage, looks, &meeting, &late);
}

/// Items in every state, and the actions that are set.
#[track_caller]
fn in_the_meeting(stage: &Stage<'_>, looks: &mut Looks<'_>, meeting: &str) {
    let live = format!("{meeting}/live");
    stage.set("2026-12-09 10:00");
    stage.begins(meeting, &["Carol Finch", "Priya Nair", "Hana Sato", "Rhys Evans"]);
    let items = stage.items(meeting);
    looks.at(COORDINATOR, &[&format!("{}/defer", items[3].1)]);
    for (_, item) in items.iter().skip(1) {
        stage.records(item, "Spoken about at length.");
    }
    let (_, case) = items.iter().find(|(label, _)| label.contains("QUILLFEATHER")).unwrap();
    for (text, agency, person) in [
        ("Speak to the school", "Eastshire Police", "Priya Nair"),
        ("Serve the notice", "Eastshire Police", "Priya Nair"),
        ("Fit new locks", "Eastshire Homes", "Hana Sato"),
        ("Look at the licence", "Probation Service", "Rhys Evans"),
        ("Offer another flat", "Eastshire Homes", "Hana Sato"),
    ] {
        stage.sets(case, &Item { who: "", text, agency, person, due: "10 working days" });
    }
    looks.round(COORDINATOR, &[&live, case], &[]);
    looks.round(CHAIR, &[case], &["/meetings/{meeting}/live/{item}"]);
    let (_, first) = &items[0];
    stage.records(first, "Opened. Ring 01223 496 000 when the room is locked.");
    stage.ends(meeting);
}

/// Minutes, what becomes of the actions, and a case that is closed.
#[track_caller]
fn after_the_meeting(stage: &Stage<'_>, looks: &mut Looks<'_>, meeting: &str, late: &str) {
    clears(looks, CHAIR, &format!("{meeting}/minutes"));
    looks.round(CHAIR, &[&format!("{meeting}/minutes")], &["/meetings/{meeting}/minutes"]);
    stage.set("2026-12-10 09:00");
    stage.approves(meeting);
    stage.mornings("2026-12-11");
    work(stage, looks);
    let found = ["/", meeting, &format!("{meeting}/minutes"), "/cases", "/actions", "/audit"];
    let again =
        ["/", "/actions", "/meetings/{meeting}", "/cases/{case}", "/meetings/{meeting}/minutes"];
    looks.round(CHAIR, &found, &again);
    looks.round(COORDINATOR, &found, &["/", "/actions/{action}/{act}"]);
    looks.round(POLICE, &["/", "/notices"], &["/", "/notices"]);
    let case = stage.see(CHAIR, late).links().into_iter().map(|(_, href)| href);
    let case = case.into_iter().find(|href| route_of(href) == Some("/cases/{case}")).unwrap();
    kept_from(stage, looks, &case);
    sealed_notes(stage, looks, &case);
    let form = stage.see(CHAIR, &format!("{case}/close")).form(&format!("{case}/close"));
    let check = stage.check(CHAIR, &form.with("reason", "deceased_perpetrator"));
    stage.press(CHAIR, &check.form(&format!("{case}/close")).pressing("do", "confirm"));
    looks.at(CHAIR, &[&case, &format!("{case}/reopen")]);
    two_panels(stage, looks);
    emergency(stage, looks);
}

/// Sealed notes, and a change of who reads one that waits for a second person.
#[track_caller]
fn sealed_notes(stage: &Stage<'_>, looks: &mut Looks<'_>, case: &str) {
    let (notes, add) = (format!("{case}/notes"), format!("{case}/notes/add"));
    looks.at(POLICE, &[&notes, &add]);
    let note = [
        ("kind", "intelligence"),
        ("text", "An arrest is planned for Tuesday."),
        ("source", "A neighbour"),
        ("code", "police"),
        ("overlays", "not_to_victim"),
    ];
    stage.fill(POLICE, &add, &note);
    let links = stage.see(POLICE, &notes).links().into_iter().map(|(_, href)| href);
    let handling = links.into_iter().find(|href| href.ends_with("/handling")).expect("a note");
    let lower = [("code", "origin"), ("reason", "The arrest is over.")];
    stage.fill(POLICE, &handling, &lower);
    looks.at(CHAIR, &["/", "/handling", &handling]);
    looks.at(POLICE, &[&notes, &add, &handling]);
    looks.window.go(&notes);
    looks.window.press("Read it");
    looks.window.holds(&["An arrest is planned for Tuesday."]);
    let faults = looks.window.faults();
    assert!(faults.is_empty(), "{faults:?}");
}

/// A case that is kept from somebody, whose line the chair may lift.
#[track_caller]
fn kept_from(stage: &Stage<'_>, looks: &mut Looks<'_>, case: &str) {
    let (lists, add) = (format!("{case}/lists"), format!("{case}/lists/add"));
    let page = stage.see(COORDINATOR, &add);
    let form = page
        .form(&add)
        .with("kind", "excluded")
        .with("conflict", "personal")
        .with("person", &page.option("person", "Hana Sato"));
    stage.press(COORDINATOR, &form);
    looks.round(CHAIR, &[&lists], &["/cases/{case}/lists"]);
    let looked = format!("{case}/looked");
    let for_what = format!("{looked}?purpose=lawfulness");
    looks.at(CHAIR, &[&looked, &for_what, "/audit?purpose=integrity"]);
    looks.at(POLICE_LEAD, &["/statement"]);
}

/// Whoever sits at one panel is led straight on; whoever sits at two has a choice.
#[track_caller]
fn two_panels(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    let (panel, from) = (stage.world.town().elsewhere, day("2020-01-01"));
    let role = Role::Representative;
    let form = SeatForm { panel, role, from, until: None, deputy_for: None };
    let user = stage.world.by(IDVA).user();
    users::seat(&stage.world.operator(), user, &form).unwrap();
    looks.at(IDVA, &["/meetings", "/completion"]);
}

/// A case is opened in an emergency, which every page says, and two others look at it; and somebody looked
/// for her own name.
#[track_caller]
fn emergency(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    let (world, town) = (stage.world, *stage.world.town());
    let beside = [(town.westshire, true), (town.police, false)];
    panels::set_agencies(&world.operator(), town.elsewhere, &beside).unwrap();
    let lead = Some((town.panel, Role::AgencyLead));
    world.person("lead@probation.example", "Pat Wynn", town.probation, lead);
    let all = cases::list(&world.by(COORDINATOR), CaseFilter::default(), None).unwrap();
    choose_password(stage.world, OUTSIDER);
    looks.window.sign_in(OUTSIDER);
    looks.look(OUTSIDER, "/glass");
    looks.look(OUTSIDER, "/glass/open");
    let reason = "He is on his way to her now".to_owned();
    let reference = all.rows[0].reference.clone();
    let form = GlassForm { reference, cause: Cause::Danger, reason };
    let case = glass::open(&world.by(OUTSIDER), &form).unwrap();
    looks.look(OUTSIDER, &format!("/cases/{case}"));
    looks.look(OUTSIDER, "/glass");
    let id = glass::overview(&world.by(OUTSIDER)).unwrap().own[0].id;
    looks.at(CHAIR, &["/glass", &format!("/glass/{id}")]);
    cases::search(&world.by(POLICE), "nair").unwrap();
    let found = watch::list(&world.by(ADMINISTRATOR)).unwrap();
    let finding = format!("/findings/{}", found[0].id);
    looks.at(ADMINISTRATOR, &["/glass", "/findings", &finding, "/settings/reading"]);
    let reads = format!("/users/{}/reading", world.by(POLICE).user());
    looks.at(COORDINATOR, &["/reading", &reads]);
}

/// One action asks for time, one for another agency, one is not possible, one is done.
#[track_caller]
fn work(stage: &Stage<'_>, looks: &mut Looks<'_>) {
    let serve = stage.owed(POLICE, "Serve the notice");
    let custody = [("reason", "He is in custody")];
    stage.fill(POLICE, &format!("{serve}/not-possible"), &custody);
    let fitting = stage.owed(HOUSING, "Fit new locks");
    let later = [("due", "13/1/2027"), ("reason", "The locksmith is away")];
    stage.fill(HOUSING, &format!("{fitting}/extend"), &later);
    let licence = stage.owed(PROBATION, "Look at the licence");
    let page = stage.see(PROBATION, &format!("{licence}/transfer"));
    let form = page
        .form(&format!("{licence}/transfer"))
        .with("to", &page.option("to", "Eastshire Homes"))
        .with("reason", "They hold the file");
    stage.press(PROBATION, &form);
    stage.does(POLICE, "Speak to the school");
    let acts = ["/actions/{action}/{act}", "/actions/{action}", "/my-work"];
    looks.round(HOUSING, &["/my-work", &fitting], &acts);
}
