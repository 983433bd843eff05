//! A whole Panel for one test: the use cases over a fresh database, a clock moved by hand, and a
//! town of invented people who sit at its panel.
//!
//! ```text
//! on_both! {
//!     fn r22_only_the_time_changes(world) {
//!         let town = world.town();
//!         world.set("2026-04-20 09:00");
//!         panels::show(&world.by(COORDINATOR), town.panel).unwrap();
//!     }
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use panel_app::agencies::{self, AgencyForm};
use panel_app::panels::{self, PanelForm};
use panel_app::users::{self, SeatForm, UserForm};
use panel_app::{Address, App, Clock, Ctx, Ids, Person, Presence, Ring, Settings, Store};
use panel_core::access::Role;
use panel_core::calendar::BankHolidays;
use panel_core::directory::Reach;
use panel_core::id::{AgencyId, PanelId};
use panel_core::time::resolve_leniently;
use panel_core::vocabulary::AgencyType;
use panel_directory::Desk;
use tempfile::TempDir;

use crate::pg::{self, TestDatabase};

/// Runs the service: people, agencies and panels.
pub const ADMINISTRATOR: &str = "admin@council.example";
/// Coordinates the town's panel; employed by the council.
pub const COORDINATOR: &str = "coordinator@council.example";
/// Chairs the town's panel; employed by the police.
pub const CHAIR: &str = "chair@police.example";
/// Represents the police, a core agency.
pub const POLICE: &str = "rep@police.example";
/// The police's single point of contact.
pub const POLICE_SPOC: &str = "spoc@police.example";
/// The police's senior sponsor.
pub const POLICE_LEAD: &str = "lead@police.example";
/// Represents probation, a core agency.
pub const PROBATION: &str = "rep@probation.example";
/// Represents housing, a core agency.
pub const HOUSING: &str = "rep@housing.example";
/// Represents the victims' advocates, who belong to the panel but are not asked about every case.
pub const IDVA: &str = "rep@idva.example";
/// Sits on the steering group.
pub const STEERING: &str = "steering@council.example";
/// Observes.
pub const OBSERVER: &str = "observer@council.example";
/// Coordinates another panel, and must see nothing of the town's.
pub const OUTSIDER: &str = "coordinator@westshire.example";

/// One installation of Panel, alone with its database.
#[derive(Debug)]
pub struct World {
    /// The program, on a hand clock and seeded ids. Clones of it share the database and the clock.
    pub app: App,
    /// Where its database is, as `DATABASE_URL` says it.
    pub url: String,
    town: OnceLock<Town>,
    // After the program, so that its connections are closed before their database goes.
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder(#[expect(dead_code, reason = "kept for its drop")] TempDir),
    Server(TestDatabase),
}

/// A panel with its agencies. Everybody named in the constants above has a seat from 2020 on.
#[derive(Debug, Clone, Copy)]
pub struct Town {
    /// Eastshire's panel.
    pub panel: PanelId,
    /// The other panel, of [`OUTSIDER`].
    pub elsewhere: PanelId,
    /// Employs the coordinator; not a core agency.
    pub council: AgencyId,
    /// Core.
    pub police: AgencyId,
    /// Core.
    pub probation: AgencyId,
    /// Core.
    pub housing: AgencyId,
    /// Victims' advocates; not a core agency.
    pub idva: AgencyId,
    /// Belongs to the other panel.
    pub westshire: AgencyId,
}

/// The value, or the test fails where it asked.
///
/// # Panics
/// When there is none.
#[track_caller]
pub fn must<T, E: Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error:?}"),
    }
}

/// An instant from London wall time such as `2026-04-01 09:00`.
#[track_caller]
pub fn london(text: &str) -> DateTime<Utc> {
    resolve_leniently(must(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")))
}

/// A date such as `2026-04-01`.
#[track_caller]
pub fn day(text: &str) -> NaiveDate {
    must(text.parse())
}

impl World {
    /// On a SQLite file of its own. A file, because a database in memory has one connection and
    /// would hide what two threads do to each other.
    ///
    /// # Panics
    /// When the database cannot be made.
    #[track_caller]
    pub fn sqlite() -> Self {
        let folder = must(tempfile::tempdir());
        let file = folder.path().join("panel.db");
        let url = file.display().to_string();
        let store = must(Store::open(Address::Sqlite(url.clone()), 4));
        must(store.migrate());
        Self::over(store, url, Home::Folder(folder))
    }

    /// On a PostgreSQL database of its own, or `None` without a server, which is then said.
    ///
    /// # Panics
    /// When there is a server and the database cannot be made.
    #[track_caller]
    pub fn postgres() -> Option<Self> {
        let database = must(TestDatabase::postgres(&must(migrations()), migrate))?;
        let url = database.url();
        let store = must(Store::open(Address::Postgres(database.service_url()), 4));
        Some(Self::over(store, url, Home::Server(database)))
    }

    /// Wednesday 1 April 2026, nine in the morning, with nobody registered yet.
    fn over(store: Store, url: String, home: Home) -> Self {
        let app = App {
            store,
            clock: Clock::hand(london("2026-04-01 09:00")),
            ids: Arc::new(Ids::seeded(1)),
            holidays: Arc::new(BankHolidays::england_and_wales().clone()),
            vault: Arc::new(Ring::generate(&Ids::seeded(2))),
            directories: Arc::new(Desk::new(Reach::Loopback)),
            paces: Arc::default(),
            settings: Arc::new(Settings::default()),
        };
        Self { app, url, town: OnceLock::new(), home }
    }

    /// Another world that stands as this one does now, and goes on by itself. On SQLite alone, where a
    /// database is a file and what was written beside it last.
    ///
    /// # Panics
    /// When the files cannot be copied.
    #[track_caller]
    #[must_use]
    pub fn copy(&self) -> Self {
        let folder = must(tempfile::tempdir());
        let url = folder.path().join("panel.db").display().to_string();
        must(fs::copy(&self.url, &url));
        let written = format!("{}-wal", self.url);
        if Path::new(&written).exists() {
            must(fs::copy(written, format!("{url}-wal")));
        }
        let store = must(Store::open(Address::Sqlite(url.clone()), 2));
        let copy = Self::over(store, url, Home::Folder(folder));
        copy.app.clock.set(must(self.app.clock.now()));
        if let Some(town) = self.town.get() {
            copy.town.get_or_init(|| *town);
        }
        copy
    }

    /// Where a program finds the database, by the login that an operator would give it.
    pub fn served_from(&self) -> String {
        match &self.home {
            Home::Folder(_) => self.url.clone(),
            Home::Server(database) => database.service_url(),
        }
    }

    /// The database as its owner opens it: for what is measured beside the program, and never by it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn owner(&self) -> Result<Store> {
        Ok(self.unwalled()?.unwrap_or_else(|| self.app.store.clone()))
    }

    /// The same where a wall stands before everybody but the owner.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn unwalled(&self) -> Result<Option<Store>> {
        Ok(match &self.home {
            Home::Folder(_) => None,
            Home::Server(_) => Some(Store::open(Address::Postgres(self.url.clone()), 1)?),
        })
    }

    /// A digest of the rows of every table, by its name. On PostgreSQL alone, whose client tells it without
    /// a part of the program.
    ///
    /// # Panics
    /// On SQLite, and when the server refuses.
    #[track_caller]
    pub fn digests(&self) -> BTreeMap<String, String> {
        let Home::Server(database) = &self.home else { panic!("the digests are PostgreSQL's") };
        let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
        let names = must(database.ask(tables));
        let digest = |name: &str| {
            format!(
                "SELECT '{name}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') \
                 FROM {name} t"
            )
        };
        let all = names.lines().map(digest).collect::<Vec<_>>().join(" UNION ALL ");
        let found = must(database.ask(&all));
        let row = |line: &str| line.split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned()));
        found.lines().filter_map(row).collect()
    }

    /// Sets the clock to a London wall time such as `2026-04-01 09:00`.
    #[track_caller]
    pub fn set(&self, text: &str) {
        self.app.clock.set(london(text));
    }

    /// Lets time pass.
    #[track_caller]
    pub fn pass(&self, time: Duration) {
        self.app.clock.set(must(self.app.clock.now()) + time);
    }

    /// A request of the person with this address, now, with the seats live today. Naming somebody of
    /// the town lays it out.
    ///
    /// # Panics
    /// When nobody has this address.
    #[track_caller]
    pub fn by(&self, email: &str) -> Ctx<'_> {
        let now = must(self.app.clock.now());
        let today = panel_core::time::local_date(now);
        let look = || must(panel_store::sessions::find_person(&self.app.store, email, today));
        let found = look().or_else(|| {
            self.town();
            look()
        });
        let Some((actor, name)) = found else { panic!("nobody has the address {email}") };
        must(Ctx::new(&self.app, Person { actor, name })).present(Presence::Machine)
    }

    /// A request of an operator at the machine, who administers.
    #[track_caller]
    pub fn operator(&self) -> Ctx<'_> {
        must(self.app.operator())
    }

    /// The town, which is settled when it is first asked for.
    #[track_caller]
    pub fn town(&self) -> &Town {
        self.town.get_or_init(|| self.settle())
    }

    #[track_caller]
    fn settle(&self) -> Town {
        let agency = |name: &str, kind| {
            let form = AgencyForm {
                name: name.to_owned(),
                kind,
                mail_domains: Vec::new(),
                aliases: Vec::new(),
            };
            must(agencies::add(&self.operator(), &form))
        };
        let panel = |name: &str, area: &str| {
            let form = PanelForm { name: name.to_owned(), area: area.to_owned() };
            must(panels::add(&self.operator(), &form))
        };
        let town = Town {
            panel: panel("Eastshire MATAC", "Eastshire"),
            elsewhere: panel("Westshire MATAC", "Westshire"),
            council: agency("Eastshire Council", AgencyType::Other),
            police: agency("Eastshire Police", AgencyType::Police),
            probation: agency("Probation Service", AgencyType::Probation),
            housing: agency("Eastshire Homes", AgencyType::Housing),
            idva: agency("Eastshire Advocates", AgencyType::Idva),
            westshire: agency("Westshire Council", AgencyType::Other),
        };
        let members = [
            (town.council, false),
            (town.police, true),
            (town.probation, true),
            (town.housing, true),
            (town.idva, false),
        ];
        must(panels::set_agencies(&self.operator(), town.panel, &members));
        must(panels::set_agencies(&self.operator(), town.elsewhere, &[(town.westshire, true)]));
        self.people(&town);
        town
    }

    #[track_caller]
    fn people(&self, town: &Town) {
        self.person(ADMINISTRATOR, "Ada Moore", town.council, None);
        let here = |role| Some((town.panel, role));
        self.person(COORDINATOR, "Carol Finch", town.council, here(Role::Coordinator));
        self.person(CHAIR, "Colin Hart", town.police, here(Role::Chair));
        self.person(POLICE, "Priya Nair", town.police, here(Role::Representative));
        self.person(POLICE_SPOC, "Sam Okoro", town.police, here(Role::SinglePointOfContact));
        self.person(POLICE_LEAD, "Lena Brandt", town.police, here(Role::AgencyLead));
        self.person(PROBATION, "Rhys Evans", town.probation, here(Role::Representative));
        self.person(HOUSING, "Hana Sato", town.housing, here(Role::Representative));
        self.person(IDVA, "Iris O'Neill", town.idva, here(Role::Representative));
        self.person(STEERING, "Stella Quinn", town.council, here(Role::SteeringGroup));
        self.person(OBSERVER, "Otto Byrne", town.council, here(Role::Observer));
        let west = Some((town.elsewhere, Role::Coordinator));
        self.person(OUTSIDER, "Wendy Marsh", town.westshire, west);
    }

    /// Registers a person, with a seat from 2020 on when one is given, else as an administrator.
    ///
    /// # Panics
    /// When the use cases refuse.
    #[track_caller]
    pub fn person(&self, email: &str, name: &str, agency: AgencyId, seat: Option<(PanelId, Role)>) {
        let form = UserForm {
            name: name.to_owned(),
            email: email.to_owned(),
            agency,
            administrator: seat.is_none(),
        };
        let invited = must(users::invite(&self.operator(), &form));
        let Some((panel, role)) = seat else { return };
        let from = day("2020-01-01");
        let form = SeatForm { panel, role, from, until: None, deputy_for: None };
        must(users::seat(&self.operator(), invited.user, &form));
    }
}

fn migrate(url: &str) -> Result<()> {
    Store::open(Address::parse(url)?, 1)?.migrate()?;
    pg::add_service(url)
}

/// The text of every migration, which tells one schema from another.
fn migrations() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files = Vec::new();
    list(&folder, &mut files)?;
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).with_context(|| file.display().to_string()))
        .collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Runs each test on both databases, as `sqlite::name` and `postgres::name`.
///
/// The tests are written inside, with the world as their argument, or named, where they are long
/// and rustfmt should see them: `on_both!(f22_reopened, f23_refused);`. Once a module.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* fn $name:ident($world:ident) $body:block)+) => {
        $($(#[$attribute])* fn $name($world: &$crate::world::World) $body)+
        $crate::on_both!($($name),+);
    };
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&$crate::world::World::sqlite());
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(world) = $crate::world::World::postgres() {
                    super::$name(&world);
                }
            })+
        }
    };
}
