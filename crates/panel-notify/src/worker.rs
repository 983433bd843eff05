//! The worker: plans, takes messages out of the outbox one at a time, sends each, notes what became of
//! it, and seals the audit log.

use crate::accounts::{remind_leads, tend};
use crate::glass;
use crate::letter::{Letter, Sender, compose};
use crate::mailer::Mailer;
use crate::prepare::{Prepared, prepare};
use crate::remind::{Reminded, remind};
use crate::seals::{self, Witness};
use crate::service::{NotifyError, Service};
use crate::stop::Stop;
use crate::templates::Templates;
use crate::watch;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::Id;
use panel_core::outbox::{self as rules, Delivery, MessageKind, Settled};
use panel_core::time::local_date;
use panel_store::outbox::{self, Leased};
use panel_store::{Authz, StoreError, budget, notices};
use std::fmt::Display;

/// What an operator sets for letters.
#[derive(Debug, Clone)]
pub struct Post {
    /// Who letters come from.
    pub sender: Sender,
    /// The address people reach the service at, without a final slash. Links begin with it.
    pub public_url: String,
}

/// What a pass came to, in counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// What was planned.
    pub reminded: Reminded,
    /// Letters that the server took.
    pub sent: usize,
    /// Letters that the server refused for good, or that could not be written.
    pub failed: usize,
    /// Letters that are tried again later.
    pub retried: usize,
    /// Messages that were no longer wanted when their turn came.
    pub cancelled: usize,
    /// Messages whose time had passed.
    pub expired: usize,
    /// Letters whose lease had gone to another worker before they were settled.
    pub lost: usize,
}

impl Tally {
    fn is_quiet(&self) -> bool {
        let Self { reminded, sent, failed, retried, cancelled, expired, lost } = *self;
        let changed = reminded.planned + reminded.digests + reminded.skipped;
        changed + sent + failed + retried + cancelled + expired + lost == 0
    }

    fn add(&mut self, other: &Self) {
        self.reminded.seen += other.reminded.seen;
        self.reminded.planned += other.reminded.planned;
        self.reminded.digests += other.reminded.digests;
        self.reminded.told += other.reminded.told;
        self.reminded.skipped += other.reminded.skipped;
        self.reminded.held = other.reminded.held;
        self.reminded.waiting = other.reminded.waiting;
        self.sent += other.sent;
        self.failed += other.failed;
        self.retried += other.retried;
        self.cancelled += other.cancelled;
        self.expired += other.expired;
        self.lost += other.lost;
    }
}

/// A message in a worker's hands.
#[derive(Debug, Clone)]
pub struct InHand {
    message: Leased,
    letter: Letter,
}

/// What a worker found in the outbox.
#[derive(Debug)]
pub enum Taken {
    /// Nothing that is due.
    Nothing,
    /// A message that was closed without being sent.
    Closed(Settled),
    /// A letter to send.
    Letter(Box<InHand>),
}

/// Seconds between two plannings while messages are being looked for more often.
const PLANNING: i64 = 60;

/// Takes messages out of the outbox and sends them. Several may run, in one process or in many: a
/// lease keeps a message in one worker's hands, and its epoch keeps a worker that was away for too
/// long from settling what is no longer its own.
#[derive(Debug)]
pub struct Worker {
    service: Service,
    mailer: Mailer,
    post: Post,
    templates: Templates,
    name: String,
    witness: Option<Witness>,
    tends_accounts: bool,
    tended_on: Option<NaiveDate>,
    planned_at: Option<DateTime<Utc>>,
}

impl Worker {
    /// A worker under a name that no other has at this moment.
    ///
    /// # Errors
    /// [`NotifyError::Template`].
    pub fn new(
        service: Service,
        mailer: Mailer,
        post: Post,
        name: String,
    ) -> Result<Self, NotifyError> {
        let templates = Templates::new()?;
        Ok(Self {
            service,
            mailer,
            post,
            templates,
            name,
            witness: None,
            tends_accounts: false,
            tended_on: None,
            planned_at: None,
        })
    }

    /// The same worker, which also signs checkpoints of the audit log.
    #[must_use]
    pub fn witnessed_by(mut self, witness: Option<Witness>) -> Self {
        self.witness = witness;
        self
    }

    /// The same worker, which also suspends accounts that nobody uses.
    #[must_use]
    pub fn tending_accounts(mut self, tends: bool) -> Self {
        self.tends_accounts = tends;
        self
    }

    /// One pass at `now`: closes what is too late, plans, and sends everything that is due.
    ///
    /// # Errors
    /// When the database fails; whatever was committed stays, the next pass goes on from there.
    pub fn run_once(&mut self, now: DateTime<Utc>) -> Result<Tally, NotifyError> {
        let stop = Stop::new();
        let tally = self.pass(now, &|| Some(now), true, &stop)?;
        self.keep_log(now, true, &stop)?;
        Ok(tally)
    }

    /// Passes at `now` until there is nothing more to do.
    ///
    /// # Errors
    /// When the database fails.
    pub fn run_until_idle(&mut self, now: DateTime<Utc>) -> Result<Tally, NotifyError> {
        let mut all = Tally::default();
        loop {
            let tally = self.run_once(now)?;
            all.add(&tally);
            if tally.is_quiet() {
                return Ok(all);
            }
        }
    }

    /// Passes again and again, `every` so often by the machine's own time, until `stop` is set; the
    /// letter in hand is finished first. A failure is logged and tried again with the next pass.
    pub fn run<E: Display>(
        &mut self,
        clock: impl Fn() -> Result<DateTime<Utc>, E>,
        every: std::time::Duration,
        stop: &Stop,
    ) {
        let name = self.name.clone();
        let clock = || {
            let told = clock();
            if let Err(error) = &told {
                tracing::error!(worker = name, %error, "the clock is silent");
            }
            told.ok()
        };
        while !stop.is_set() {
            if let Some(now) = clock() {
                let is_time = self.is_time_to_plan(now);
                if let Err(error) = self.pass(now, &clock, is_time, stop) {
                    tracing::error!(worker = name, %error, "a pass was broken off");
                }
                if let Err(error) = self.keep_log(now, is_time, stop) {
                    tracing::error!(worker = name, %error, "the audit log was not sealed");
                }
            }
            stop.wait(every);
        }
    }

    fn is_time_to_plan(&self, now: DateTime<Utc>) -> bool {
        self.planned_at.is_none_or(|at| {
            now < at || now - at >= Duration::seconds(PLANNING) || local_date(now) != local_date(at)
        })
    }

    fn pass(
        &mut self,
        now: DateTime<Utc>,
        clock: &dyn Fn() -> Option<DateTime<Utc>>,
        plans: bool,
        stop: &Stop,
    ) -> Result<Tally, NotifyError> {
        let mut tally = Tally { expired: self.expire(now)?, ..Tally::default() };
        if plans && self.tends_accounts && self.tended_on != Some(local_date(now)) {
            tend(&self.service, now)?;
            self.tended_on = Some(local_date(now));
        }
        if plans && self.tends_accounts {
            remind_leads(&self.service, now)?;
        }
        if plans {
            glass::replace(&self.service, now)?;
            glass::tell_late(&self.service, now)?;
            watch::look(&self.service, now, stop)?;
            let caller = self.service.caller(now);
            self.service.store.write(&caller, budget::sweep)?;
            tally.reminded = remind(&self.service, now, false)?;
            self.planned_at = Some(now);
        }
        let sent = self.send_all(clock, stop, &mut tally);
        self.mailer.rest();
        sent.map(|()| tally)
    }

    /// Seals what was added to the audit log; looks further for it once a minute.
    fn keep_log(&self, now: DateTime<Utc>, far: bool, stop: &Stop) -> Result<(), NotifyError> {
        seals::keep(&self.service, self.witness.as_ref(), now, far, stop)
    }

    /// The clock is read again for each letter: a lease that began with the pass would run out in a
    /// long one.
    fn send_all(
        &mut self,
        clock: &dyn Fn() -> Option<DateTime<Utc>>,
        stop: &Stop,
        tally: &mut Tally,
    ) -> Result<(), NotifyError> {
        while let (false, Some(now)) = (stop.is_set(), clock()) {
            let settled = match self.take(now)? {
                Taken::Nothing => return Ok(()),
                Taken::Closed(settled) => settled,
                Taken::Letter(in_hand) => {
                    let settled = self.send(&in_hand, now);
                    let now = clock().unwrap_or(now);
                    if !self.settle(&in_hand, &settled, now)? {
                        tally.lost += 1;
                        continue;
                    }
                    settled
                }
            };
            match settled {
                Settled::Sent => tally.sent += 1,
                Settled::Failed(_) => tally.failed += 1,
                Settled::Retry(..) => tally.retried += 1,
                Settled::Expired(_) => tally.expired += 1,
                Settled::Cancelled(_) => tally.cancelled += 1,
            }
        }
        Ok(())
    }

    /// Closes what waited past its time. What it was to tell waits for the next digest.
    fn expire(&self, now: DateTime<Utc>) -> Result<usize, NotifyError> {
        self.service.store.write(&self.service.caller(now), |az| {
            let late = outbox::expire(az)?;
            for (message, kind) in &late {
                if tells_notices(*kind) {
                    notices::give_back(az, *message, None)?;
                }
            }
            Ok(late.len())
        })
    }

    /// Takes the next due message and looks at it once more, in one short transaction.
    ///
    /// # Errors
    /// When the database fails; nothing was taken then.
    pub fn take(&self, now: DateTime<Utc>) -> Result<Taken, NotifyError> {
        self.service.store.write(&self.service.caller(now), |az| {
            let Some(message) = outbox::claim(az, &self.name)? else { return Ok(Taken::Nothing) };
            match prepare(az, &self.templates, &self.post.public_url, &message)? {
                Prepared::Letter(letter) => Ok(Taken::Letter(Box::new(InHand { message, letter }))),
                Prepared::Close(settled) => {
                    settle_in(az, &message, &settled)?;
                    let state = describe(&settled);
                    tracing::info!(message = %message.id, kind = ?message.kind, state, "closed");
                    Ok(Taken::Closed(settled))
                }
            }
        })
    }

    /// Sends one letter, with no transaction open, and says what is to become of it.
    pub fn send(&mut self, in_hand: &InHand, now: DateTime<Utc>) -> Settled {
        let InHand { message, letter } = in_hand;
        let delivery = match compose(&self.post.sender, letter.clone(), now) {
            Ok(composed) => self.mailer.deliver(&composed),
            Err(error) => Delivery::Refused(error.to_string()),
        };
        rules::settle(delivery, message.attempts, message.expires_at, now, self.jitter())
    }

    /// Notes what became of a letter; `false` when another worker holds it by now.
    ///
    /// # Errors
    /// When the database fails; the lease then runs out, and the letter is sent again.
    pub fn settle(
        &self,
        in_hand: &InHand,
        settled: &Settled,
        now: DateTime<Utc>,
    ) -> Result<bool, NotifyError> {
        let message = &in_hand.message;
        let caller = self.service.caller(now);
        let mine = self.service.store.write(&caller, |az| settle_in(az, message, settled))?;
        let state = if mine { describe(settled) } else { "lost" };
        tracing::info!(
            message = %message.id, kind = ?message.kind, attempt = message.attempts, state, "settled"
        );
        Ok(mine)
    }

    /// A number from −1.0 to 1.0.
    fn jitter(&self) -> f64 {
        let mut bytes = [0_u8; 4];
        self.service.ids.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX) * 2.0 - 1.0
    }
}

const fn tells_notices(kind: MessageKind) -> bool {
    matches!(kind, MessageKind::Digest | MessageKind::Chase)
}

fn settle_in(az: &mut Authz<'_>, message: &Leased, settled: &Settled) -> Result<bool, StoreError> {
    let mine = outbox::settle(az, message, settled)?;
    if mine && matches!(settled, Settled::Sent | Settled::Failed(_)) {
        let (kind, subject) = (AuditKind::Mail, SubjectKind::Account);
        let deed = Deed::new(kind, "mail.send", subject, Some(message.user.uuid()));
        az.did(deed.with(format!("{} {}", message.kind.code(), describe(settled))));
    }
    if mine && matches!(settled, Settled::Expired(_)) && tells_notices(message.kind) {
        notices::give_back(az, message.id, None)?;
    }
    Ok(mine)
}

const fn describe(settled: &Settled) -> &'static str {
    match settled {
        Settled::Sent => "sent",
        Settled::Failed(_) => "failed",
        Settled::Retry(..) => "retry",
        Settled::Expired(_) => "expired",
        Settled::Cancelled(_) => "cancelled",
    }
}
