//! A cycle that the demonstration has lived through: referrals, triage, an agenda, replies, a meeting
//! with minutes, actions and what became of them. Every step is a use case, taken by the person whose
//! it is, on the day on which it would have been taken.

use super::{COLLEAGUES, PEOPLE, address};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use panel_app::actions::{
    self, ActionForm, CompleteForm, ExtensionForm, Plain, ReasonForm, TransferForm,
};
use panel_app::agenda;
use panel_app::information::{self, ReplyForm};
use panel_app::live::{self, RecordForm, RollForm, RollLine};
use panel_app::meetings::{self, MeetingView};
use panel_app::minutes::{self, ApproveForm};
use panel_app::referrals::{self, OutcomeForm};
use panel_app::{App, Clock, Ctx, Presence, sign_in};
use panel_core::access::Role;
use panel_core::action::Approach;
use panel_core::agenda::Decision;
use panel_core::id::{ActionId, AgencyId, CaseId, PanelId};
use panel_core::information::ReplyKind;
use panel_core::meeting::AttendanceStatus;
use panel_core::referral::TriageStatus;
use panel_core::time::resolve_leniently;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const COORDINATOR: &str = "marian.okafor@partnership.example.org";
const CHAIR: &str = "owen.prosser@police.example.org";

/// Days between the last meeting and the next.
const CYCLE: u64 = 28;

/// One invented case, with what the panel said of it.
#[derive(Deserialize)]
struct Story {
    by: String,
    /// Days before the last meeting; after it when negative.
    received_days_before: i64,
    /// Whether it still waits for triage.
    #[serde(default)]
    waits: bool,
    form: Map<String, Value>,
    #[serde(default)]
    discussion: String,
    #[serde(default)]
    risks: String,
    #[serde(default)]
    victim_voice: String,
    decision: Option<Decision>,
    #[serde(default)]
    actions: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    text: String,
    agency: String,
    approach: Approach,
    due: String,
    #[serde(default)]
    after: After,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    to: String,
}

/// What became of an action after the meeting.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum After {
    #[default]
    Nothing,
    Started,
    Done,
    NotPossible,
    Extension,
    Transfer,
}

/// The first label of an address's domain.
fn domain(email: &str) -> Option<&str> {
    email.split_once('@').and_then(|(_, domain)| domain.split('.').next())
}

/// Those who answer for their agency.
fn representatives() -> impl Iterator<Item = String> {
    let answers = |role| matches!(role, Role::Representative | Role::SinglePointOfContact);
    let people = PEOPLE.iter().filter(move |(_, role, ..)| answers(*role));
    let colleagues = COLLEAGUES.iter().map(|(_, local, domain)| address(local, domain));
    people.map(|(_, _, _, local, domain)| address(local, domain)).chain(colleagues)
}

/// What the demonstration is about.
pub(super) struct Stage<'a> {
    pub(super) app: &'a App,
    pub(super) panel: PanelId,
    /// Agencies by the first label of their mail domain.
    pub(super) agencies: &'a HashMap<&'static str, AgencyId>,
    /// The day of the meeting that was held.
    pub(super) held: NaiveDate,
}

/// The instant of a local wall time.
fn at(day: NaiveDate, hour: u32) -> Result<DateTime<Utc>> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).context("an hour of the day")?;
    Ok(resolve_leniently(day.and_time(time)))
}

impl Stage<'_> {
    /// Acts as somebody, at an hour of a day that is past.
    fn by(&self, email: &str, day: NaiveDate, hour: u32) -> Result<Ctx<'_>> {
        if let Clock::Hand(_) = &self.app.clock {
            self.app.clock.set(at(day, hour)?);
        }
        let person = sign_in::impersonate(self.app, email)?;
        Ok(Ctx::new(self.app, person)?.present(Presence::Machine))
    }

    /// Who speaks for an agency.
    fn rep(agency: &str) -> Result<String> {
        let mut all = representatives();
        all.find(|email| domain(email) == Some(agency))
            .with_context(|| format!("nobody of {agency}"))
    }

    fn agency(&self, label: &str) -> Result<AgencyId> {
        self.agencies.get(label).copied().with_context(|| format!("no agency {label}"))
    }

    /// Receives and decides the referrals; the case of each that was accepted.
    fn referrals(&self, stories: &[Story]) -> Result<Vec<Option<CaseId>>> {
        let mut order: Vec<usize> = (0..stories.len()).collect();
        order.sort_by_key(|place| stories.get(*place).map(|story| -story.received_days_before));
        let mut cases = vec![None; stories.len()];
        for place in order {
            let story = stories.get(place).context("a story")?;
            let on = self.held - chrono::TimeDelta::days(story.received_days_before);
            let case = self.refer(story, on)?;
            if let Some(slot) = cases.get_mut(place) {
                *slot = case;
            }
        }
        Ok(cases)
    }

    fn refer(&self, story: &Story, on: NaiveDate) -> Result<Option<CaseId>> {
        let mut form = story.form.clone();
        form.insert("panel".to_owned(), json!(self.panel));
        let agency = self.agency(domain(&story.by).context("a domain")?)?;
        form.insert("referring_agency".to_owned(), json!(agency));
        dated(&mut form, on)?;
        let form = Value::Object(form);
        let receipt = referrals::receive(&self.by(&story.by, on, 10)?, &form)?;
        if story.waits {
            return Ok(None);
        }
        let outcome = OutcomeForm {
            outcome: TriageStatus::Accepted,
            missing: Vec::new(),
            reason: String::new(),
            service: String::new(),
            route: String::new(),
        };
        let decided = referrals::decide(&self.by(CHAIR, on, 16)?, receipt.id, 1, &outcome)?;
        Ok(decided.case)
    }

    /// Takes over the proposed agenda and issues it.
    fn issue(&self, meeting: &MeetingView, on: NaiveDate) -> Result<()> {
        let ctx = self.by(COORDINATOR, on, 11)?;
        let proposal = agenda::proposal(&ctx, meeting.id)?;
        let version = agenda::confirm(&ctx, meeting.id, proposal.version, &proposal.digest)?;
        agenda::issue(&ctx, meeting.id, version)?;
        Ok(())
    }

    /// Most agencies answer in time, each in its own way.
    fn replies(&self, on: NaiveDate) -> Result<()> {
        for (place, email) in representatives().enumerate() {
            let ctx = self.by(&email, on, 14)?;
            for (number, asked) in information::mine(&ctx)?.iter().enumerate() {
                if (place + number) % 4 == 3 {
                    continue;
                }
                let shown = information::show(&ctx, asked.id)?;
                let known = (place + number) % 2 == 0;
                let form = ReplyForm {
                    kind: if known { ReplyKind::Information } else { ReplyKind::NothingKnown },
                    facts: if known {
                        "Known to us since last year; seen twice this month.".to_owned()
                    } else {
                        String::new()
                    },
                    opinion: if known {
                        "The pattern has become more frequent.".to_owned()
                    } else {
                        String::new()
                    },
                    ..ReplyForm::empty(shown.answers)
                };
                // Two people of one agency would answer the same request.
                if let Err(error) = information::release(&ctx, asked.id, &form) {
                    ensure!(
                        matches!(
                            error,
                            panel_app::AppError::Rule { .. } | panel_app::AppError::Stale
                        ),
                        error
                    );
                }
            }
        }
        Ok(())
    }

    /// Holds the meeting: the roll, the statement, every case with its decision and actions.
    fn hold(
        &self,
        meeting: &MeetingView,
        stories: &HashMap<CaseId, &Story>,
    ) -> Result<Vec<(ActionId, usize, CaseId)>> {
        let ctx = self.by(COORDINATOR, self.held, 9)?;
        let version = meetings::show(&ctx, meeting.id)?.meeting.version;
        let version = meetings::start(&ctx, meeting.id, version)?;
        let room = live::show(&ctx, meeting.id)?;
        let present = |expected: &live::Expected| RollLine {
            line: None,
            version: 0,
            expected: Some((expected.user, expected.agency)),
            status: Some(AttendanceStatus::Present),
            statement: true,
        };
        let lines = room.expected.iter().map(present).collect();
        live::take_roll(&ctx, meeting.id, &RollForm { lines })?;
        let mut born = Vec::new();
        for step in &room.steps {
            let item = live::item(&ctx, step.item)?;
            let Some(case) = item.case.map(|case| case.id) else { continue };
            let Some(story) = stories.get(&case) else { continue };
            let form = RecordForm {
                version: item.version,
                discussion: story.discussion.clone(),
                risks: story.risks.clone(),
                victim_voice: story.victim_voice.clone(),
                decision: story.decision,
                ..RecordForm::default()
            };
            live::record(&ctx, step.item, &form)?;
            for (place, task) in story.actions.iter().enumerate() {
                let agency = self.agency(&task.agency)?;
                let owner = room.expected.iter().find(|expected| expected.agency == agency);
                let form = ActionForm {
                    panel: self.panel,
                    item: Some(step.item),
                    case: None,
                    text: task.text.clone(),
                    approach: Some(task.approach),
                    agency,
                    person: owner.map(|owner| owner.user),
                    due: task.due.clone(),
                    stands: false,
                };
                born.push((actions::set(&ctx, &form)?.saved.action, place, case));
            }
        }
        meetings::end(&ctx, meeting.id, version)?;
        Ok(born)
    }

    fn sign(&self, meeting: &MeetingView, on: NaiveDate) -> Result<()> {
        let chair = self.by(CHAIR, on, 12)?;
        let draft = minutes::show(&chair, meeting.id, None)?.draft.context("a draft")?;
        let form = ApproveForm { digest: draft.digest, reason: String::new() };
        minutes::approve(&chair, meeting.id, &form)?;
        Ok(())
    }

    /// What the agencies did about an action since.
    fn after(&self, id: ActionId, task: &Task, on: NaiveDate) -> Result<()> {
        let ctx = self.by(&Self::rep(&task.agency)?, on, 15)?;
        let (version, reason) = (1, task.reason.clone());
        match task.after {
            After::Nothing => {}
            After::Started => drop(actions::start(&ctx, id, Plain { version })?),
            After::Done => {
                let form = CompleteForm { version, on, outcome: task.outcome.clone() };
                actions::complete(&ctx, id, &form)?;
            }
            After::NotPossible => {
                actions::report_not_possible(&ctx, id, &ReasonForm { version, reason })?;
            }
            After::Extension => {
                let due = self.held + Days::new(CYCLE);
                actions::ask_extension(&ctx, id, &ExtensionForm { version, due, reason })?;
            }
            After::Transfer => {
                let to = self.agency(&task.to)?;
                actions::propose_transfer(&ctx, id, &TransferForm { version, to, reason })?;
            }
        }
        Ok(())
    }
}

/// Puts dates into a story, counted back from the day of its referral.
fn dated(form: &mut Map<String, Value>, received: NaiveDate) -> Result<()> {
    let incidents = form.get_mut("incidents").and_then(Value::as_array_mut);
    for incident in incidents.into_iter().flatten() {
        let fields = incident.as_object_mut().context("an incident")?;
        let days = fields.remove("happened_days_before").and_then(|days| days.as_u64());
        let happened = received - Days::new(days.context("a number of days")?);
        fields.insert("happened".to_owned(), json!(happened));
    }
    Ok(())
}

/// Lives through the cycle whose meeting was held, up to `today`.
pub(super) fn live_through(stage: &Stage<'_>, today: NaiveDate) -> Result<()> {
    let stories: Vec<Story> = serde_json::from_str(include_str!("cases.json"))
        .context("the cases of the demonstration")?;
    let (past, since): (Vec<Story>, Vec<Story>) =
        stories.into_iter().partition(|story| story.received_days_before > 0);
    let cases = stage.referrals(&past)?;
    let told: HashMap<CaseId, &Story> =
        cases.iter().zip(&past).filter_map(|(case, story)| Some(((*case)?, story))).collect();

    let coordinator = stage.by(COORDINATOR, stage.held - Days::new(13), 11)?;
    let ahead = meetings::upcoming(&coordinator, stage.panel, None)?;
    let meeting = ahead.rows.into_iter().next().context("a first meeting")?;
    stage.issue(&meeting, stage.held - Days::new(13))?;
    stage.replies(stage.held - Days::new(9))?;
    let born = stage.hold(&meeting, &told)?;
    stage.sign(&meeting, stage.held + Days::new(1))?;
    for (id, place, case) in born {
        let task = told.get(&case).and_then(|story| story.actions.get(place));
        stage.after(id, task.context("a task")?, stage.held + Days::new(4))?;
    }
    let reached =
        |story: &Story| stage.held - chrono::TimeDelta::days(story.received_days_before) < today;
    stage.referrals(&since.into_iter().filter(reached).collect::<Vec<_>>())?;
    Ok(())
}
