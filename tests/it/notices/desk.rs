//! A desk from which actions are set and mail is run, with the mailbox beside it.

use chrono::{DateTime, NaiveDate, Utc};
use panel_core::action::{
    Action, ActionError, ActionEvent, Assignee, By, Capacity, NewAction, Owner,
};
use panel_core::calendar::WorkingDays;
use panel_core::id::{ActionId, AgencyId, Id, RequestId, UserId, mint};
use panel_core::reminder::{NoticeState, Reason, Rule, Subject};
use panel_core::text::{Note, Title};
use panel_core::time::local_date;
use panel_notify::{
    Arrived, Mailbox, Mailer, Post, Reminded, Sender, Service, Tally, Worker, remind,
};
use panel_store::actions::{self, Born, NewEntry};
use panel_store::notices::{self, NoticeRow};
use panel_store::users::{self, User};
use panel_store::{Authz, Caller, StoreError, Who};
use panel_tests::world::{ADMINISTRATOR, COORDINATOR, World, day, london, must};
use std::collections::HashMap;

pub(super) type Changed = Result<(Action, ActionEvent), ActionError>;

/// The town's panel, a worker, and the mailbox into which it delivers.
pub(super) struct Desk<'w> {
    pub(super) world: &'w World,
    pub(super) mailbox: Mailbox,
    pub(super) worker: Worker,
}

pub(super) fn service(world: &World) -> Service {
    Service {
        store: world.app.store.clone(),
        ids: world.app.ids.clone(),
        holidays: world.app.holidays.clone(),
    }
}

pub(super) fn worker(world: &World, name: &str, mailer: Mailer) -> Worker {
    let post = Post {
        sender: must(Sender::parse("Panel <panel@mail.example>")),
        public_url: "https://panel.example".to_owned(),
    };
    must(Worker::new(service(world), mailer, post, name.to_owned()))
}

/// Work in one transaction, as a person.
#[track_caller]
pub(super) fn as_person<T>(
    world: &World,
    email: &str,
    work: impl FnOnce(&mut Authz<'_>) -> Result<T, StoreError>,
) -> T {
    let ctx = world.by(email);
    let caller = Caller {
        who: Who::Person(ctx.actor().clone()),
        now: ctx.now,
        today: ctx.today,
        request: mint::<RequestId>(&*world.app.ids, ctx.now),
        ids: &*world.app.ids,
    };
    must(world.app.store.write(&caller, work))
}

impl<'w> Desk<'w> {
    /// A desk at nine on Wednesday 1 April 2026, with the invitations already out.
    #[track_caller]
    pub(super) fn new(world: &'w World) -> Self {
        world.town();
        let mailbox = Mailbox::new();
        let mut desk =
            Self { world, worker: worker(world, "desk", mailbox.clone().into()), mailbox };
        must(desk.worker.run_until_idle(desk.now()));
        assert_eq!(desk.mailbox.letters().len(), 12, "everybody was invited");
        desk
    }

    #[track_caller]
    pub(super) fn now(&self) -> DateTime<Utc> {
        must(self.world.app.clock.now())
    }

    pub(super) fn today(&self) -> NaiveDate {
        local_date(self.now())
    }

    pub(super) fn days(&self) -> WorkingDays<'_> {
        self.world.app.working_days()
    }

    #[track_caller]
    pub(super) fn user(&self, email: &str) -> UserId {
        self.world.by(email).user()
    }

    /// Sets an action between meetings, as the coordinator does.
    #[track_caller]
    pub(super) fn action(&self, agency: AgencyId, owner: Option<&str>, due: &str) -> ActionId {
        let today = self.today();
        let new = NewAction {
            id: self.world.by(COORDINATOR).mint(),
            panel: self.world.town().panel,
            case: None,
            born_in: None,
            text: must(Title::parse("Check the bail conditions")),
            approach: None,
            owner: Owner { agency, person: owner.map(|email| Assignee::User(self.user(email))) },
            set_on: today,
            due: Some(day(due)),
            due_word: None,
        };
        let (action, event) = must(Action::set(new, self.by(Capacity::Coordinator), today));
        as_person(self.world, COORDINATOR, |az| {
            let entry = NewEntry { event: &event, note: "", before: None, after: &action };
            actions::insert(az, &[Born { entry, item: None, imported: false }])?;
            notices::plan_action(az, self.days(), action.id)
        });
        action.id
    }

    pub(super) fn by(&self, capacity: Capacity) -> By {
        By { user: self.user(COORDINATOR), capacity }
    }

    /// Changes an action and plans it again.
    #[track_caller]
    pub(super) fn change(&self, id: ActionId, change: impl FnOnce(Action) -> Changed) {
        self.change_only(id, change);
        as_person(self.world, COORDINATOR, |az| notices::plan_action(az, self.days(), id));
    }

    /// Changes an action and plans nothing, as though planning had not got there yet.
    #[track_caller]
    pub(super) fn change_only(&self, id: ActionId, change: impl FnOnce(Action) -> Changed) {
        let saved = as_person(self.world, COORDINATOR, |az| {
            let before = actions::find(az, id)?.expect("the action is there");
            let (after, event) = must(change(before.action.clone()));
            actions::save(az, &before, &after, &event, "")
        });
        assert!(saved);
    }

    /// Completes an action today.
    #[track_caller]
    pub(super) fn complete(&self, id: ActionId) {
        let (by, today) = (self.by(Capacity::Coordinator), self.today());
        let note = must(Note::parse("Done."));
        self.change_only(id, |action| action.complete(by, today, note, today));
    }

    /// Moves the clock to a London time and lets the worker run until there is nothing to do; returns
    /// what arrived meanwhile, by recipient.
    #[track_caller]
    pub(super) fn run_at(&mut self, time: &str) -> Vec<(String, String)> {
        self.world.set(time);
        self.run()
    }

    #[track_caller]
    pub(super) fn run(&mut self) -> Vec<(String, String)> {
        let before = self.mailbox.letters().len();
        must(self.worker.run_until_idle(self.now()));
        self.arrived(before).into_iter().map(|letter| (letter.to, letter.subject)).collect()
    }

    /// The tally of one pass at the present time.
    #[track_caller]
    pub(super) fn pass(&mut self) -> Tally {
        let now = self.now();
        must(self.worker.run_once(now))
    }

    /// Plans and gathers without sending.
    #[track_caller]
    pub(super) fn remind(&self, dry_run: bool) -> Reminded {
        must(remind(&service(self.world), self.now(), dry_run))
    }

    /// What arrived after the first so many letters, by recipient.
    pub(super) fn arrived(&self, before: usize) -> Vec<Arrived> {
        let letters = self.mailbox.letters();
        let mut new: Vec<Arrived> = letters.into_iter().rev().skip(before).collect();
        new.sort_by(|a, b| (&a.to, &a.subject).cmp(&(&b.to, &b.subject)));
        new
    }

    /// The notices about an action that a coordinator sees.
    #[track_caller]
    pub(super) fn rows(&self, action: ActionId) -> Vec<NoticeRow> {
        as_person(self.world, COORDINATOR, |az| {
            notices::list_for_subject(az, Subject::Action(action))
        })
    }

    /// The state of each rule for one person, where there is a row.
    #[track_caller]
    pub(super) fn states(&self, action: ActionId, email: &str) -> HashMap<Rule, NoticeState> {
        let person = self.user(email);
        let own = self.rows(action).into_iter().filter(|row| row.person == Some(person));
        own.map(|row| (row.rule, row.state)).collect()
    }

    /// A person leaves: seats and account end today.
    #[track_caller]
    pub(super) fn leaves(&self, email: &str) {
        let (id, today) = (self.user(email), self.today());
        as_person(self.world, ADMINISTRATOR, |az| {
            users::end_seats(az, None, Some(id), today.pred_opt().expect("a day before"))?;
            let user = users::find(az, id)?.expect("the person is there");
            users::update(az, &User { ended_on: Some(today), ..user })
        });
    }

    /// A person's address changes.
    #[track_caller]
    pub(super) fn moves_to(&self, email: &str, new: &str) {
        let id = self.user(email);
        as_person(self.world, ADMINISTRATOR, |az| {
            let user = users::find(az, id)?.expect("the person is there");
            users::update(az, &User { email: new.to_owned(), ..user })
        });
    }
}

pub(super) fn skipped(on: &str, reason: Reason) -> NoticeState {
    NoticeState::Skipped { on: day(on), reason }
}

pub(super) fn cancelled(on: &str, reason: Reason) -> NoticeState {
    NoticeState::Cancelled { on: day(on), reason }
}

pub(super) fn told(on: &str) -> NoticeState {
    NoticeState::Told { on: day(on) }
}

/// Letters as `(recipient, subject)`, for comparison.
pub(super) fn letters(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(to, subject)| ((*to).to_owned(), (*subject).to_owned())).collect()
}

/// Nothing was said to anybody.
pub(super) fn nothing() -> Vec<(String, String)> {
    Vec::new()
}

/// An instant, for passes that do not move the world's clock.
pub(super) fn at(time: &str) -> DateTime<Utc> {
    london(time)
}

/// An id that nothing has.
pub(super) fn unknown<T: Id>() -> T {
    T::from_uuid(uuid::Uuid::from_u128(1))
}
