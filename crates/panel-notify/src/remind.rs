//! Planning: what falls due is written down as notices, and what has fallen due is gathered into one
//! digest a person.

use crate::service::{NotifyError, Service};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use panel_core::id::{MessageId, NoticeId, PanelId, UserId};
use panel_core::outbox::{Content, MessageKind};
use panel_core::reminder::{
    Decision, Digest, Gate, Notice, Reason, ReminderPolicy, Waiting, decide, gate,
};
use panel_core::time::{last_instant, local, local_date};
use panel_store::notices::{self, Facts, NoticeRow};
use panel_store::outbox::{self, NewMessage};
use panel_store::{Authz, StoreError, panels};
use std::collections::HashMap;

/// Actions that one transaction of the sweep looks at.
const SWEEP: i64 = 3_000;
/// People whose digests one transaction makes.
const PEOPLE: i64 = 50;

/// What planning came to, in counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Reminded {
    /// Actions and information requests looked at.
    pub seen: usize,
    /// Notices written down.
    pub planned: usize,
    /// Digests put into the outbox.
    pub digests: usize,
    /// Things that they tell.
    pub told: usize,
    /// Notices left out, with their reason.
    pub skipped: usize,
    /// Notices that wait for somebody else's answer.
    pub held: usize,
    /// People who have had today's digest, or whose hour has not come.
    pub waiting: usize,
}

/// Plans what comes within reach and gathers what has fallen due, as at `now`. Nothing is sent: the
/// digests go into the outbox. Run again, it does nothing again. With `dry_run` the same is done and
/// taken back, so that the counts are those of a real run.
///
/// # Errors
/// When the database fails; what was committed before stays, and the next run goes on from there.
pub fn remind(
    service: &Service,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Reminded, NotifyError> {
    let mut reminded = Reminded::default();
    if dry_run {
        let caller = service.caller(now);
        let done = service.store.write(&caller, |az| {
            rehearse(service, az, now, &mut reminded).map_err(Stop::Failed)?;
            Err::<(), Stop>(Stop::Rehearsed)
        });
        return match done {
            Ok(()) | Err(Stop::Rehearsed) => Ok(reminded),
            Err(Stop::Failed(error)) => Err(error),
        };
    }
    let mut after = None;
    loop {
        let caller = service.caller(now);
        let swept =
            service.store.write(&caller, |az| notices::sweep(az, service.days(), after, SWEEP))?;
        reminded.swept(&swept);
        after = swept.next;
        if after.is_none() {
            break;
        }
    }
    let caller = service.caller(now);
    let Some(hour) = service.store.write(&caller, |az| Hour::read(service, az, now))? else {
        return Ok(reminded);
    };
    let mut after = None;
    loop {
        let caller = service.caller(now);
        let gathered = service.store.write(&caller, |az| gather(az, &hour, after, &mut reminded));
        after = match gathered {
            // Another worker makes the same digests at this moment: it will have made them.
            Err(NotifyError::Store(StoreError::Taken)) => return Ok(reminded),
            other => other?,
        };
        if after.is_none() {
            return Ok(reminded);
        }
    }
}

/// Why a rehearsal ends without a commit.
enum Stop {
    Rehearsed,
    Failed(NotifyError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

fn rehearse(
    service: &Service,
    az: &mut Authz<'_>,
    now: DateTime<Utc>,
    reminded: &mut Reminded,
) -> Result<(), NotifyError> {
    let mut after = None;
    loop {
        let swept = notices::sweep(az, service.days(), after, SWEEP)?;
        reminded.swept(&swept);
        after = swept.next;
        if after.is_none() {
            break;
        }
    }
    let Some(hour) = Hour::read(service, az, now)? else { return Ok(()) };
    let mut after = None;
    loop {
        after = gather(az, &hour, after, reminded)?;
        if after.is_none() {
            return Ok(());
        }
    }
}

impl Reminded {
    fn swept(&mut self, swept: &notices::Swept) {
        self.seen += swept.seen;
        self.planned += swept.planned;
    }
}

/// What every digest of a pass needs: the time, each panel's hour, and what waits for answers.
struct Hour<'s> {
    service: &'s Service,
    local: NaiveDateTime,
    policies: HashMap<PanelId, ReminderPolicy>,
    waiting: HashMap<UserId, Vec<Waiting>>,
}

impl<'s> Hour<'s> {
    /// Nothing when no panel's hour has come, so that a night of passes costs nothing.
    fn read(
        service: &'s Service,
        az: &mut Authz<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, NotifyError> {
        let local = local(now);
        let policies: HashMap<PanelId, ReminderPolicy> = panels::list(az)?
            .into_iter()
            .map(|panel| (panel.value.id, panel.value.policy.reminder))
            .collect();
        let open =
            |policy: &ReminderPolicy| gate(local, None, policy, &service.days()) == Gate::Open;
        if !policies.values().any(open) {
            return Ok(None);
        }
        let roster = notices::roster(az, None)?;
        let waiting = notices::waiting(az, &roster)?;
        Ok(Some(Self { service, local, policies, waiting }))
    }

    fn today(&self) -> NaiveDate {
        self.local.date()
    }

    /// Whether a person's digest may go: once a local date, from the hour of one of their panels.
    fn opens(&self, rows: &[NoticeRow], last: Option<NaiveDate>) -> bool {
        rows.iter().any(|row| {
            let policy = self.policies.get(&row.panel).copied().unwrap_or_default();
            gate(self.local, last, &policy, &self.service.days()) == Gate::Open
        })
    }
}

/// Makes the digests of the next people after `after`; returns where to go on.
fn gather(
    az: &mut Authz<'_>,
    hour: &Hour<'_>,
    after: Option<UserId>,
    reminded: &mut Reminded,
) -> Result<Option<UserId>, NotifyError> {
    let people = notices::due_people(az, after, PEOPLE)?;
    let Some(last_person) = people.last().copied() else { return Ok(None) };
    let rows = notices::due_of(az, &people)?;
    let subjects: Vec<_> = rows.iter().map(|row| (row.panel, row.subject)).collect();
    let facts = notices::facts(az, &subjects)?;
    // A clock that was set back may find a digest of a day ahead of it.
    let since = az.now() - Duration::days(3);
    let last: HashMap<UserId, NaiveDate> =
        outbox::last_put_in(az, MessageKind::Digest, &people, since)?
            .into_iter()
            .map(|(person, at)| (person, local_date(at)))
            .collect();
    for own in rows.chunk_by(|a, b| a.person == b.person) {
        let Some(person) = own.first().and_then(|row| row.person) else { continue };
        if hour.opens(own, last.get(&person).copied()) {
            digest(az, hour, &facts, person, own, reminded)?;
        } else {
            reminded.waiting += 1;
        }
    }
    Ok(Some(last_person))
}

/// Decides over a person's notices as things stand now.
pub(crate) fn decide_over(facts: &Facts, rows: &[NoticeRow], today: NaiveDate) -> Decision {
    let panels: HashMap<NoticeId, PanelId> = rows.iter().map(|row| (row.id, row.panel)).collect();
    let notices: Vec<Notice> =
        rows.iter().filter_map(NoticeRow::notice).map(|notice| facts.redated(notice)).collect();
    let now = |notice: &Notice| match panels.get(&notice.id) {
        Some(panel) => facts.now(*panel, notice),
        None => panel_core::reminder::Now::Over(Reason::Overtaken),
    };
    decide(&notices, now, today)
}

fn digest(
    az: &mut Authz<'_>,
    hour: &Hour<'_>,
    facts: &Facts,
    person: UserId,
    rows: &[NoticeRow],
    reminded: &mut Reminded,
) -> Result<(), NotifyError> {
    let today = hour.today();
    let decision = decide_over(facts, rows, today);
    reminded.held += decision.holds.len();
    let waiting = hour.waiting.get(&person).map_or(&[][..], Vec::as_slice);
    let put_in = match Digest::of(person, today, &decision.lines, waiting) {
        Some(digest) => put_in(az, digest)?,
        None => None,
    };
    let mut skips = decision.skips;
    if let Some(message) = put_in {
        let told: Vec<NoticeId> = decision.lines.iter().map(|line| line.notice.id).collect();
        notices::told(az, &told, message)?;
        reminded.digests += 1;
        reminded.told += told.len();
    } else {
        // What nothing was told beside is not covered by anything.
        skips.retain(|(_, reason)| *reason != Reason::Covered);
    }
    reminded.skipped += skips.len();
    notices::skip(az, &skips)?;
    Ok(())
}

fn put_in(az: &mut Authz<'_>, digest: Digest) -> Result<Option<MessageId>, NotifyError> {
    let (person, on) = (digest.person, digest.on);
    let message = NewMessage {
        kind: MessageKind::Digest,
        user: person,
        dedupe: format!("digest {person} {on}"),
        content: serde_json::to_string(&Content { entries: digest.entries })?,
        secret: None,
        not_before: az.now(),
        // Tomorrow's digest says what this one could not.
        expires_at: last_instant(on, None),
    };
    Ok(outbox::enqueue(az, &message)?)
}
