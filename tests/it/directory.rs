//! Signing in through an agency's directory: connected, tried, used, refused, confirmed, and when it is away.

mod connection;
mod refused;

use chrono::Duration;
use panel_app::audit;
use panel_core::audit::Purpose;
use panel_core::id::AgencyId;
use panel_tests::directory::{CLIENT, Directory, SECRET};
use panel_tests::on_both;
use panel_tests::site::{PASSWORD, Pages, Visitor, choose_password, leads_to};
use panel_tests::world::{ADMINISTRATOR, POLICE, World};
use reqwest::blocking::Response;
use serde_json::json;

on_both!(
    an_invited_person_signs_in_and_is_known_by_her_subject_from_then_on,
    each_algorithm_that_is_allowed_is_believed,
    the_directory_s_second_factor_counts_where_that_was_said_and_else_ours_is_asked,
    a_session_at_the_directory_alone_proves_nothing_for_grave_acts,
    whoever_has_no_password_confirms_at_the_directory,
    what_was_typed_waits_until_its_person_comes_back_from_the_directory,
);

/// A world whose police sign in through a directory, which says that this is Priya Nair.
pub(crate) struct Hall<'w> {
    pub(crate) world: &'w World,
    pub(crate) pages: Pages,
    pub(crate) directory: Directory,
    pub(crate) ada: Visitor,
    pub(crate) police: AgencyId,
}

impl<'w> Hall<'w> {
    /// Connected and tried; it says, or does not, that it asks for a second factor itself.
    #[track_caller]
    pub(crate) fn open(world: &'w World, pages: Pages, asks_second_factor: bool) -> Self {
        let hall = Self::connected(world, pages, asks_second_factor);
        assert_eq!(leads_to(&hall.tries()), hall.at());
        hall
    }

    /// Connected and not tried yet.
    #[track_caller]
    pub(crate) fn connected(world: &'w World, pages: Pages, asks_second_factor: bool) -> Self {
        let police = world.town().police;
        let directory = Directory::of(world, "priya-1", POLICE);
        let ada = signed_in(world, &pages);
        let hall = Self { world, pages, directory, ada, police };
        let factor = [("asks_second_factor", "yes")];
        let more = if asks_second_factor { &factor[..] } else { &[] };
        let issuer = hall.directory.issuer.clone();
        assert_eq!(leads_to(&hall.sets(&issuer, SECRET, more)), hall.at());
        hall
    }

    pub(crate) fn at(&self) -> String {
        format!("/agencies/{}/directory", self.police)
    }

    /// Ada fills in the page of the connection.
    #[track_caller]
    pub(crate) fn sets(&self, issuer: &str, secret: &str, more: &[(&str, &str)]) -> Response {
        let usual = [
            ("issuer", issuer),
            ("client_id", CLIENT),
            ("secret", secret),
            ("domains", "police.example"),
        ];
        self.ada.fill(&self.at(), &[&usual, more].concat())
    }

    /// Ada presses a button on the page of the connection.
    #[track_caller]
    pub(crate) fn presses(&self, what: &str) -> Response {
        self.ada.press_on(&self.at(), &format!("{}/{what}", self.at()), &[])
    }

    /// Ada tries the connection.
    #[track_caller]
    pub(crate) fn tries(&self) -> Response {
        let page = self.presses("try");
        assert_eq!(page.status().as_u16(), 200);
        let back = self.directory.sign_in(&way(&page.text().unwrap()));
        self.ada.open(path(&back))
    }

    /// Somebody goes to the directory and comes back.
    #[track_caller]
    pub(crate) fn enters(&self, visitor: &Visitor) -> Response {
        let back = self.directory.sign_in(&sent(visitor, POLICE));
        visitor.open(path(&back))
    }

    /// The codes of the newest rows of the audit log, with their details.
    #[track_caller]
    pub(crate) fn deeds(&self) -> Vec<(String, String)> {
        let newest = audit::newest(&self.world.by(ADMINISTRATOR), Purpose::Integrity, 20).unwrap();
        newest.into_iter().map(|line| (line.row.deed, line.row.detail)).collect()
    }
}

/// Ada, who runs the service, with her password and whatever else is asked.
#[track_caller]
fn signed_in(world: &World, pages: &Pages) -> Visitor {
    choose_password(world, ADMINISTRATOR);
    let ada = pages.visitor();
    let entered = ada.send("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    let next = leads_to(&entered);
    if next.starts_with("/sign-in/set-up") {
        crate::second_factor::sets_up(world, &ada, &next);
    }
    ada
}

/// The address at the directory to which somebody is sent who types this one of her own.
#[track_caller]
pub(crate) fn sent(visitor: &Visitor, email: &str) -> String {
    let page = visitor.fill("/sign-in/directory?next=%2Fmeetings", &[("email", email)]);
    assert_eq!(page.status().as_u16(), 200);
    way(&page.text().unwrap())
}

/// Where the page that sends a person to the directory leads.
#[track_caller]
pub(crate) fn way(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"http://127.0.0.1").expect("a link to the directory");
    let escaped = format!("http://127.0.0.1{}", rest.split('"').next().unwrap());
    escaped.replace("&amp;", "&").replace("&#x3D;", "=").replace("&#61;", "=")
}

/// An address of the service without its head.
#[track_caller]
pub(crate) fn path(address: &str) -> &str {
    let at = address.match_indices('/').nth(2).expect("an address").0;
    address.split_at(at).1
}

#[track_caller]
pub(crate) fn is_in(visitor: &Visitor) -> bool {
    visitor.open("/account").status().as_u16() == 200
}

fn an_invited_person_signs_in_and_is_known_by_her_subject_from_then_on(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let priya = hall.pages.visitor();
    assert!(priya.read("/sign-in").contains("Sign in with your agency’s directory"));
    let sent = sent(&priya, "Anybody.At.All@POLICE.example");
    for part in ["code_challenge_method=S256", "response_type=code", "scope=openid+email"] {
        assert!(sent.contains(part), "{sent}");
    }
    assert!(!sent.to_lowercase().contains("anybody"), "nobody's address travels: {sent}");
    let back = hall.directory.sign_in(&sent);
    assert!(back.contains(&format!("/sign-in/back/{}?", hall.police)), "{back}");
    assert_eq!(leads_to(&priya.open(path(&back))), "/meetings");
    assert!(priya.read("/account").contains("Priya Nair"));

    // Her address there may change; who she is does not.
    let moved =
        json!({ "sub": "priya-1", "email": "someone@else.example", "email_verified": false });
    hall.directory.says(moved);
    let again = hall.pages.visitor();
    assert_eq!(leads_to(&hall.enters(&again)), "/meetings");
    assert!(is_in(&again));
    let deeds: Vec<String> = hall.deeds().into_iter().map(|(deed, _)| deed).collect();
    for deed in ["directory.connect", "directory.tried", "directory.first", "sign_in.directory"] {
        assert!(deeds.iter().any(|one| one == deed), "{deed} in {deeds:?}");
    }
    assert_eq!(deeds.iter().filter(|one| *one == "directory.first").count(), 1);
}

fn each_algorithm_that_is_allowed_is_believed(world: &World) {
    use panel_tests::directory::Signs::{EdDsa, Es256, Rs256};
    let hall = Hall::open(world, Pages::named(world, false), false);
    for by in [Es256, EdDsa, Rs256] {
        hall.directory.signs(by);
        let priya = hall.pages.visitor();
        assert_eq!(leads_to(&hall.enters(&priya)), "/meetings", "{by:?}");
    }
}

fn the_directory_s_second_factor_counts_where_that_was_said_and_else_ours_is_asked(world: &World) {
    let hall = Hall::open(world, Pages::named(world, true), false);
    let priya = hall.pages.visitor();
    assert_eq!(leads_to(&hall.enters(&priya)), "/sign-in/set-up?next=%2Fmeetings");
    assert!(!is_in(&priya));

    let issuer = hall.directory.issuer.clone();
    hall.sets(&issuer, "", &[("asks_second_factor", "yes")]);
    let again = hall.pages.visitor();
    assert_eq!(leads_to(&hall.enters(&again)), "/meetings");
    assert!(is_in(&again));
}

fn a_session_at_the_directory_alone_proves_nothing_for_grave_acts(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), true);
    let now = world.app.clock.now().unwrap();
    let priya = |ago: Option<i64>| {
        let at = ago.map(|ago| (now - Duration::minutes(ago)).timestamp());
        hall.directory.says(json!({
            "sub": "priya-1", "email": POLICE, "email_verified": true, "auth_time": at
        }));
        let priya = hall.pages.visitor();
        assert_eq!(leads_to(&hall.enters(&priya)), "/meetings");
        leads_to(&priya.fill("/account/tokens/new", &[("name", "A program")]))
    };
    assert!(priya(None).starts_with("/confirm"));
    assert!(priya(Some(30)).starts_with("/confirm"));
    let client = hall.pages.visitor();
    hall.directory.says(json!({
        "sub": "priya-1", "email": POLICE, "email_verified": true, "auth_time": now.timestamp()
    }));
    hall.enters(&client);
    let made = client.fill("/account/tokens/new", &[("name", "A program")]);
    assert_eq!(made.status().as_u16(), 200, "she has just typed her password there");
}

/// Somebody who came from the directory ten minutes ago.
#[track_caller]
fn stale(hall: &Hall<'_>) -> Visitor {
    let priya = hall.pages.visitor();
    hall.enters(&priya);
    hall.world.pass(Duration::minutes(10));
    priya
}

/// Confirms at the directory, which says so many seconds ago that she signed in there.
#[track_caller]
fn confirms(hall: &Hall<'_>, priya: &Visitor, asked: &str, subject: &str, ago: i64) -> Response {
    let page = priya.read(asked);
    assert!(page.contains("Confirm at your agency’s directory"), "{page}");
    let target = asked.replacen("/confirm", "/confirm/directory", 1);
    let sent = way(&priya.press(&page, &target, &[]).text().unwrap());
    assert!(sent.contains("prompt=login") && sent.contains("max_age=0"), "{sent}");
    let at = hall.world.app.clock.now().unwrap() - Duration::seconds(ago);
    hall.directory.says(json!({
        "sub": subject, "email": POLICE, "email_verified": true, "auth_time": at.timestamp()
    }));
    priya.open(path(&hall.directory.sign_in(&sent)))
}

fn whoever_has_no_password_confirms_at_the_directory(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let priya = stale(&hall);
    let asked = leads_to(&priya.open("/account/app"));
    assert_eq!(asked, "/confirm?next=%2Faccount%2Fapp");
    for (subject, ago) in [("priya-1", 61), ("somebody-else", 0)] {
        let refused = confirms(&hall, &priya, &asked, subject, ago);
        assert_eq!(refused.status().as_u16(), 403, "{subject} {ago}");
        assert_eq!(leads_to(&priya.open("/account/app")), asked);
    }
    let deeds = hall.deeds();
    assert!(deeds.contains(&("directory.refused".to_owned(), "not_fresh".to_owned())), "{deeds:?}");
    assert_eq!(leads_to(&confirms(&hall, &priya, &asked, "priya-1", 0)), "/account/app");
    assert_eq!(priya.open("/account/app").status().as_u16(), 200);
}

fn what_was_typed_waits_until_its_person_comes_back_from_the_directory(world: &World) {
    let hall = Hall::open(world, Pages::named(world, false), false);
    let priya = stale(&hall);
    let asked = leads_to(&priya.fill("/account/tokens/new", &[("name", "The tracker’s copy")]));
    let page = confirms(&hall, &priya, &asked, "priya-1", 0).text().unwrap();
    assert!(page.contains("The tracker’s copy"), "{page}");
}
