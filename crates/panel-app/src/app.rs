//! What every use case needs: the database, the clock, and where ids come from.

use crate::clock::Clock;
use crate::context::{Ctx, Person, Presence};
use crate::directory::Directories;
use crate::error::AppError;
use crate::pace::Paces;
use crate::random::Ids;
use panel_core::access::Actor;
use panel_core::calendar::BankHolidays;
use panel_core::id::{AgencyId, Id, RequestId, UserId};
use panel_store::{Authz, Caller, Store, Who};
use panel_vault::Ring;
use std::sync::Arc;

/// What an operator sets for the whole installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people reach the service at, without a final slash. Links in mail begin with it.
    pub public_url: String,
    /// Whether this is a demonstration with invented people.
    pub demo: bool,
    /// The marking on pages and papers.
    pub marking: String,
    /// Whether a second factor is asked of everybody, as it is in production.
    pub asks_second_factor: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            demo: false,
            marking: "OFFICIAL-SENSITIVE".to_owned(),
            asks_second_factor: false,
        }
    }
}

/// The program.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// Ids and secrets.
    pub ids: Arc<Ids>,
    /// Bank holidays of England and Wales.
    pub holidays: Arc<BankHolidays>,
    /// The master keys, by which protected fields are sealed.
    pub vault: Arc<Ring>,
    /// The directories of agencies, as they are asked.
    pub directories: Arc<dyn Directories>,
    /// How fast each person asks of this node.
    pub paces: Arc<Paces>,
    /// The installation's settings.
    pub settings: Arc<Settings>,
}

impl App {
    /// Runs `work` as somebody who has not signed in yet.
    pub(crate) fn as_nobody<T>(
        &self,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.run_as(Who::Nobody, work)
    }

    /// Runs `work` as a part of the service itself.
    pub(crate) fn as_service<T>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.run_as(Who::Service(name), work)
    }

    fn run_as<T>(
        &self,
        who: Who,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let now = self.clock.now()?;
        let caller = Caller {
            who,
            now,
            today: panel_core::time::local_date(now),
            request: panel_core::id::mint::<RequestId>(&*self.ids, now),
            ids: &*self.ids,
        };
        self.store.write(&caller, work)
    }

    /// The context in which an operator at the machine administers: people, agencies and panels,
    /// never case content.
    ///
    /// # Errors
    /// When the clock tells no time.
    pub fn operator(&self) -> Result<Ctx<'_>, AppError> {
        let nil = uuid::Uuid::nil();
        let actor = Actor {
            user: UserId::from_uuid(nil),
            agency: AgencyId::from_uuid(nil),
            administrator: true,
            seats: Vec::new(),
            opened_until: None,
        };
        let person = Person { actor, name: "operator".to_owned() };
        Ok(Ctx::new(self, person)?.present(Presence::Machine))
    }

    /// The working days by which this installation counts.
    pub fn working_days(&self) -> panel_core::calendar::WorkingDays<'_> {
        panel_core::calendar::WorkingDays::new(&self.holidays)
    }

    /// Whether the database answers and holds this program's schema.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn is_ready(&self) -> Result<(), panel_store::StoreError> {
        self.store.check_schema()
    }

    /// The link to a page, absolute.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url)
    }
}
