//! The one table of routes: method, path, who may call, and the handler.
//!
//! The router, the sign-in wall, `panel routes`, the interface description and the coverage tests
//! all read it, so that no handler can be mounted outside of it. Each area adds its own rows.

use crate::api;
use crate::api::document::Described;
use crate::pages;
use crate::session::guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Scope};
use panel_core::access::{Actor, Role};

/// Who may call a route. The use case behind it still decides about the very thing asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever gave a password and still lacks a second factor: the pages that ask for it, and no others.
    HalfWay,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has a seat at some panel, in any role: an observer sees a case that is shown to her.
    Sits,
    /// Whoever has a seat that reaches case content at some panel.
    TakesPart,
    /// A coordinator or chair of some panel.
    RunsPanel,
    /// Whoever runs the service.
    Administrator,
    /// An administrator, or a coordinator or chair of some panel.
    Manages,
    /// Whoever leads an agency.
    LeadsAgency,
    /// Whoever manages or leads an agency: who lets people go.
    LetsGo,
}

impl Access {
    /// Whether this person passes.
    pub fn admits(self, actor: &Actor) -> bool {
        let leads = || actor.seats.iter().any(|seat| seat.role == Role::AgencyLead);
        match self {
            Self::Anyone | Self::HalfWay | Self::SignedIn => true,
            Self::Sits => !actor.seats.is_empty(),
            Self::TakesPart => actor.takes_part(),
            Self::RunsPanel => actor.runs_some(),
            Self::Administrator => actor.administrator,
            Self::Manages => actor.administrator || actor.runs_some(),
            Self::LeadsAgency => leads(),
            Self::LetsGo => actor.administrator || actor.runs_some() || leads(),
        }
    }

    /// Who passes, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::HalfWay => "gave a password, lacks a second factor",
            Self::SignedIn => "signed in",
            Self::Sits => "sits at a panel",
            Self::TakesPart => "takes part in a panel",
            Self::RunsPanel => "coordinator or chair",
            Self::Administrator => "administrator",
            Self::Manages => "administrator, coordinator or chair",
            Self::LeadsAgency => "agency lead",
            Self::LetsGo => "administrator, coordinator, chair or agency lead",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Route {
    /// GET or POST for pages, any method for the interface.
    pub method: Method,
    /// The path, with names in braces.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// Mounts the handler.
    pub(crate) mount: fn() -> actix_web::Route,
    /// How the description of the interface tells of it; pages are not told of there.
    pub described: Option<Described>,
}

/// A row: `route!(GET "/meetings/{meeting}", TakesPart => meetings::show)`.
macro_rules! route {
    ($method:ident $path:literal, $access:ident => $handler:path) => {
        $crate::routes::Route {
            method: actix_web::http::Method::$method,
            path: $path,
            access: $crate::routes::Access::$access,
            mount: || actix_web::web::method(actix_web::http::Method::$method).to($handler),
            described: None,
        }
    };
}
pub(crate) use route;

/// Every route of the service.
pub fn table() -> Vec<Route> {
    let areas = [
        api::routes(),
        pages::account::routes(),
        pages::actions::routes(),
        pages::agencies::routes(),
        pages::agenda::routes(),
        pages::attestation::routes(),
        pages::audit::routes(),
        pages::cases::routes(),
        pages::clearing::routes(),
        pages::connections::routes(),
        pages::completion::routes(),
        pages::confirm::routes(),
        pages::directory::routes(),
        pages::findings::routes(),
        pages::glass::routes(),
        pages::handling::routes(),
        pages::home::routes(),
        pages::live::routes(),
        pages::minutes::routes(),
        pages::imports::routes(),
        pages::leaving::routes(),
        pages::meetings::routes(),
        pages::my_work::routes(),
        pages::notes::routes(),
        pages::notices::routes(),
        pages::panels::routes(),
        pages::passkeys::routes(),
        pages::password::routes(),
        pages::people::routes(),
        pages::policy::routes(),
        pages::reading::routes(),
        pages::referrals::routes(),
        pages::requests::routes(),
        pages::series::routes(),
        pages::service::routes(),
        pages::settings::routes(),
        pages::second_factor::routes(),
        pages::sign_in::routes(),
        pages::users::routes(),
    ];
    areas.concat()
}

/// Mounts the table: one scope an area, one resource a path, so that other methods get 405, each
/// behind its guard.
///
/// Paths are tried one after another. In scopes most of them are passed over by their first words, and
/// not each by a pattern of its own.
pub(crate) fn mount(config: &mut ServiceConfig) {
    let mut rows = table();
    rows.sort_by_key(|row| (area(row.path), row.path));
    for rows in rows.chunk_by(|a, b| area(a.path) == area(b.path)) {
        let resources =
            |area| rows.chunk_by(|a, b| a.path == b.path).map(move |rows| resource(area, rows));
        match rows.first().and_then(|row| area(row.path)) {
            Some(area) => {
                config.service(resources(area).fold(web::scope(area), Scope::service));
            }
            None => resources("").for_each(|resource| {
                config.service(resource);
            }),
        }
    }
}

/// Whether there is a page at this very path, to which somebody can be led back. Of the rows that fit it
/// counts the one that names most of it, as it does in answering.
pub(crate) fn has_page(path: &str) -> bool {
    let rows = table();
    let fitting = rows.iter().map(|row| row.path).filter(|row| fits(row, path));
    let named = |row: &&str| row.split('/').filter(|word| !word.starts_with('{')).count();
    let best = fitting.max_by_key(named);
    best.is_some_and(|best| rows.iter().any(|r| r.path == best && r.method == Method::GET))
}

/// Whether a path is one of those that a row stands for.
fn fits(row: &str, path: &str) -> bool {
    let (mut words, mut given) = (row.split('/'), path.split('/'));
    loop {
        match (words.next(), given.next()) {
            (None, None) => return true,
            (Some(word), Some(one))
                if word == one || (word.starts_with('{') && !one.is_empty()) => {}
            _ => return false,
        }
    }
}

/// What a path begins with: its first word, or its first three in the interface; nothing where that is
/// no plain word.
fn area(path: &str) -> Option<&str> {
    let words = if path.starts_with("/api/") { 3 } else { 1 };
    let ends = path.match_indices('/').nth(words).map_or(path.len(), |(at, _)| at);
    path.get(..ends).filter(|area| area.len() > 1 && !area.contains(['{', '.']))
}

/// The rows of one path, within its area.
fn resource(area: &str, rows: &[Route]) -> Resource {
    let path = rows.first().and_then(|row| row.path.strip_prefix(area)).unwrap_or_default();
    rows.iter().fold(web::resource(path), |resource, row| {
        let access = row.access;
        let wall = from_fn(move |request, next| guard(access, request, next));
        resource.route((row.mount)().wrap(wall))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(area(path), expected);
    }

    #[test]
    fn a_path_belongs_to_the_area_of_its_first_words() {
        check("/", None);
        check("/api/openapi.json", None);
        check("/{anything}", None);
        check("/meetings", Some("/meetings"));
        check("/meetings/{meeting}/agenda", Some("/meetings"));
        check("/api/v1/cases", Some("/api/v1/cases"));
        check("/api/v1/cases/{case}", Some("/api/v1/cases"));
    }

    #[test]
    fn a_page_is_told_from_what_can_only_be_sent() {
        for page in ["/", "/account", "/meetings/7", "/users/7/edit"] {
            assert!(has_page(page), "{page}");
        }
        for none in ["/drafts", "/actions/bulk", "/meetings/7/live/8/actions", "/no/such", "", "//"]
        {
            assert!(!has_page(none), "{none}");
        }
    }

    #[test]
    fn no_area_lies_within_another_which_would_answer_for_it() {
        let areas: BTreeSet<&str> = table().iter().filter_map(|row| area(row.path)).collect();
        for area in &areas {
            let inside =
                |other: &&&str| other.strip_prefix(area).is_some_and(|r| r.starts_with('/'));
            assert_eq!(areas.iter().find(inside), None, "within {area}");
        }
        let within = |path: &str| areas.iter().any(|a| path.starts_with(&format!("{a}/")));
        let alone = table().into_iter().filter(|row| area(row.path).is_none());
        assert_eq!(alone.map(|row| row.path).find(|path| within(path)), None);
    }
}
