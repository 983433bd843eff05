//! Who asks, and the one instant at which they ask.

use crate::app::App;
use crate::budget;
use crate::error::AppError;
use crate::sealed::Slot;
use chrono::{DateTime, NaiveDate, Utc};
use panel_core::access::Actor;
use panel_core::account::is_sure;
use panel_core::id::{Id, PanelId, RequestId, UserId, mint};
use panel_store::{Authz, Caller, StoreError, Transaction, Who, drafts};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;

/// A signed-in person, as the database said at the start of the request.
#[derive(Debug, Clone)]
pub struct Person {
    /// Id, agency and live seats.
    pub actor: Actor,
    /// The person's own name.
    pub name: String,
}

/// How sure it is that the person is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    /// Nothing is known.
    #[default]
    Unproven,
    /// A sign-in that waits for a second factor to be set up.
    HalfWay,
    /// A session, whose person proved at this instant who asks.
    Proven(DateTime<Utc>),
    /// A program that acts by a token, for the making of which its person proved who asks.
    Program,
    /// Somebody at the machine itself, who could do anything there.
    Machine,
}

/// A change was tried where several use cases read together: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("what is read together changes nothing")]
struct ReadsOnly;

/// One request of one person.
#[derive(Debug)]
pub struct Ctx<'a> {
    /// The program.
    pub app: &'a App,
    /// Who asks.
    pub person: Person,
    /// The one instant of this request.
    pub now: DateTime<Utc>,
    /// The local date of that instant.
    pub today: NaiveDate,
    /// The request's number in the audit log.
    pub request: RequestId,
    /// The submission's number, so that a second press of the button changes nothing.
    pub operation: Option<RequestId>,
    /// How sure it is that the person is there.
    presence: Presence,
    /// What several use cases read in, while [`Ctx::together`] runs.
    shared: RefCell<Option<Transaction>>,
}

impl<'a> Ctx<'a> {
    /// The context of a person's request, now.
    ///
    /// # Errors
    /// When the clock tells no time.
    pub fn new(app: &'a App, person: Person) -> Result<Self, AppError> {
        let now = app.clock.now()?;
        let today = panel_core::time::local_date(now);
        let request = mint(&*app.ids, now);
        let shared = RefCell::default();
        let presence = Presence::default();
        Ok(Self { app, person, now, today, request, operation: None, presence, shared })
    }

    /// The same request, knowing how sure it is that the person is there.
    #[must_use]
    pub fn present(mut self, presence: Presence) -> Self {
        self.presence = presence;
        self
    }

    /// The same request as the submission `operation` of a form.
    #[must_use]
    pub fn submitted(mut self, operation: Option<RequestId>) -> Self {
        self.operation = operation;
        self
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.person.actor
    }

    /// Who asks, by id.
    pub fn user(&self) -> UserId {
        self.person.actor.user
    }

    /// A new id.
    pub fn mint<T: Id>(&self) -> T {
        mint(&*self.app.ids, self.now)
    }

    fn caller(&self) -> Caller<'_> {
        Caller {
            who: Who::Person(self.person.actor.clone()),
            now: self.now,
            today: self.today,
            request: self.request,
            ids: &*self.app.ids,
        }
    }

    /// Runs several reading use cases at one instant of the database, for a page that shows what
    /// several of them find: in one transaction, with the audit rows of each. Nothing is given back
    /// before these are committed.
    ///
    /// # Errors
    /// Whatever `work` returns; and when the database fails.
    pub fn together<T, E: From<AppError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.app.store.begin(&self.caller()).map_err(AppError::from)?;
        self.shared.replace(Some(transaction));
        let done = work(self);
        // What was found is as good as shown, also where another of the use cases then failed.
        if let Some(transaction) = self.shared.take() {
            let committed = transaction.commit(&self.caller()).map_err(AppError::from);
            self.bounded(committed)?;
        }
        done
    }

    /// Passes on what became of a use case; where a bound of reading was reached, that is noted first.
    fn bounded<T>(&self, done: Result<T, AppError>) -> Result<T, AppError> {
        if let Err(AppError::Spent(spent)) = &done {
            budget::reached(self, spent)?;
        }
        done
    }

    /// Writes something down in a transaction of its own, whatever becomes of the submission.
    pub(crate) fn apart(
        &self,
        work: impl FnOnce(&mut Authz<'_>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        self.app.store.write(&self.caller(), work)
    }

    /// Reads in one transaction.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        match self.shared.borrow_mut().as_mut() {
            Some(transaction) => transaction.run(&self.caller(), work),
            None => self.bounded(self.app.store.read(&self.caller(), work)),
        }
    }

    /// Reads what is to leave the service, in a transaction of its own. A case that is open in an
    /// emergency is there to be looked at, and is not among it.
    pub(crate) fn hand_out<T>(
        &self,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.bounded(self.app.store.write(&self.caller(), work))
    }

    /// Changes in one transaction. A submission that was answered before gets that answer again and
    /// changes nothing.
    pub(crate) fn write<T: Serialize + DeserializeOwned>(
        &self,
        work: impl FnOnce(&mut Authz<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        if self.shared.borrow().is_some() {
            return Err(AppError::failed(ReadsOnly));
        }
        let Some(operation) = self.operation else {
            return self.bounded(self.app.store.write(&self.caller(), work));
        };
        let slot = Slot::answer(operation, self.user());
        let done = self.app.store.write(&self.caller(), |az| {
            if let Some(answer) = drafts::answered(az, operation, self.user())? {
                let answer = self.app.unseal(slot, &answer)?;
                return serde_json::from_slice(&answer).map_err(AppError::failed);
            }
            let value = work(az)?;
            let answer = serde_json::to_vec(&value).map_err(AppError::failed)?;
            let answer = self.app.seal(slot, &answer);
            match drafts::answer(az, operation, self.user(), &answer) {
                // The same submission is being answered by another thread: it wins.
                Err(StoreError::Taken) => Err(AppError::Stale),
                done => done.map(|()| value).map_err(AppError::from),
            }
        });
        self.bounded(done)
    }

    /// How sure it is that the person is there.
    pub(crate) fn presence(&self) -> Presence {
        self.presence
    }

    /// Asks of a person to prove once more who asks, unless that was done within five minutes. For grave
    /// acts: what leaves the service, what gives rights, what uncovers. A program's token passes, since it
    /// was made under such a proof; see [`Ctx::must_be_there`].
    pub(crate) fn must_be_sure(&self) -> Result<(), AppError> {
        match self.presence {
            Presence::Proven(at) if is_sure(at, self.now) => Ok(()),
            Presence::Program | Presence::Machine => Ok(()),
            Presence::Proven(_) | Presence::HalfWay | Presence::Unproven => Err(AppError::Unsure),
        }
    }

    /// As [`Ctx::must_be_sure`], of a person alone: no program's token passes.
    pub(crate) fn must_be_there(&self) -> Result<(), AppError> {
        if self.presence == Presence::Program {
            let message = "Sign in to do this; a program cannot do it for you";
            return Err(AppError::rule("in_person", message));
        }
        self.must_be_sure()
    }

    /// Refuses whoever does not run the service.
    pub(crate) fn must_administer(&self) -> Result<(), AppError> {
        if self.actor().administrator { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Refuses whoever has no seat at this panel.
    pub(crate) fn must_sit(&self, panel: PanelId) -> Result<(), AppError> {
        let sits = self.actor().seats.iter().any(|seat| seat.panel == panel);
        if sits { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Refuses whoever does not run this panel, as coordinator or chair.
    pub(crate) fn must_run(&self, panel: PanelId) -> Result<(), AppError> {
        if self.actor().runs(panel) { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Refuses whoever does not coordinate this panel.
    pub(crate) fn must_coordinate(&self, panel: PanelId) -> Result<(), AppError> {
        if self.actor().coordinates(panel) { Ok(()) } else { Err(AppError::NotFound) }
    }
}
