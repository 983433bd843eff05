//! A referral that is being written, or corrected: everything typed so far, kept for the person who
//! types it and nobody else.

use super::part::{List, Part};
use crate::errors::Failure;
use crate::form::parse::{self, Century};
use crate::form::{FieldError, Values};
use crate::view::dates;
use crate::web::Asker;
use chrono::{NaiveDate, NaiveTime, SubsecRound};
use panel_app::drafts;
use panel_app::referrals::ReferralDetail;
use panel_core::id::{Id, PanelId, ReferralId, RequestId};
use panel_core::referral::{NamedAs, ReferralForm};
use panel_core::time::{local, resolve_leniently};
use serde_json::{Value, json};

/// Where the drafts of referrals are kept.
pub(super) const PLACE: &str = "/referrals/drafts/";

/// The referral that a draft corrects.
const ORIGIN: &str = "origin";
/// The version of it that was read.
const ORIGIN_VERSION: &str = "origin-version";
/// When the referral that is corrected was received.
const RECEIVED: &str = "received_at";
/// Questions that were answered with yes before sending.
const CONFIRMED: &str = "confirmed";

/// Entries of one list at most; more are refused when the referral is sent.
const MOST: usize = 200;

/// Everything typed so far.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The draft.
    pub(super) id: RequestId,
    /// What was typed, under the questions' full names.
    pub(super) values: Values,
}

impl Draft {
    /// A referral to a panel that has just been begun.
    pub(super) fn begun(id: RequestId, panel: PanelId) -> Self {
        let mut values = Values::new();
        values.set("panel", panel.to_string());
        Self { id, values }
    }

    /// A referral that is to be corrected, as it stands.
    pub(super) fn correcting(detail: &ReferralDetail) -> Self {
        let id = RequestId::from_uuid(detail.row.id.uuid());
        let mut draft = Self { id, values: typed_of(&detail.form) };
        draft.values.set(ORIGIN, detail.row.id.to_string());
        draft.values.set(ORIGIN_VERSION, detail.row.version.to_string());
        for mention in &detail.mentions {
            let list = if mention.named_as == NamedAs::Victim { "victims" } else { "children" };
            let place = mention.position.saturating_sub(1);
            draft.values.set(format!("{list}.{place}.id"), mention.person.to_string());
        }
        draft
    }

    /// A referral that is shown and not written.
    pub(super) fn read_only(form: &ReferralForm) -> Self {
        Self { id: RequestId::from_uuid(form.panel.uuid()), values: typed_of(form) }
    }

    /// The draft of the person who asks.
    pub(super) async fn load(asker: &Asker, id: RequestId) -> Result<Self, Failure> {
        Self::find(asker, id).await?.ok_or(Failure::NotFound)
    }

    /// The draft of the person who asks, if there is one.
    pub(super) async fn find(asker: &Asker, id: RequestId) -> Result<Option<Self>, Failure> {
        let place = place(id);
        let kept = asker.ask(move |ctx| drafts::find(ctx, &place)).await?;
        Ok(kept.and_then(|(body, _)| Self::read(id, &body)))
    }

    /// A draft as it was kept.
    pub(super) fn read(id: RequestId, body: &str) -> Option<Self> {
        let values = Values::from_urlencoded(body.as_bytes()).ok()?;
        Some(Self { id, values })
    }

    /// Keeps the draft.
    pub(super) async fn keep(&self, asker: &Asker) -> Result<(), Failure> {
        let (place, body) = (place(self.id), self.values.to_urlencoded());
        asker.ask(move |ctx| drafts::keep(ctx, &place, &body)).await?;
        Ok(())
    }

    /// Forgets the draft.
    pub(super) async fn forget(&self, asker: &Asker) -> Result<(), Failure> {
        let place = place(self.id);
        asker.ask(move |ctx| drafts::forget(ctx, &place)).await
    }

    /// The address of its task list.
    pub(super) fn path(&self) -> String {
        place(self.id)
    }

    /// The address of one part.
    pub(super) fn path_of(&self, part: Part) -> String {
        format!("{}/{}", self.path(), part.slug())
    }

    /// The panel it is addressed to.
    pub(super) fn panel(&self) -> Option<PanelId> {
        self.values.one("panel").parse().ok()
    }

    /// The referral that it corrects, in the version that was read.
    pub(super) fn origin(&self) -> Option<(ReferralId, i32)> {
        let id = self.values.one(ORIGIN).parse().ok()?;
        Some((id, self.values.one(ORIGIN_VERSION).parse().unwrap_or(0)))
    }

    /// Whether the person who asks runs the panel, and so is asked when it was received.
    pub(super) fn runs(&self, asker: &Asker) -> bool {
        self.panel().is_some_and(|panel| asker.person().actor.runs(panel))
    }

    /// Notes that a question was answered with yes.
    pub(super) fn confirm(&mut self, warnings: Vec<String>) {
        self.values.set_all(CONFIRMED, warnings);
    }

    /// How many entries a list has.
    pub(super) fn count(&self, list: List) -> usize {
        self.values.one(&format!("{}.count", list.name())).parse().unwrap_or(0).min(MOST)
    }

    fn set_count(&mut self, list: List, count: usize) {
        self.values.set(format!("{}.count", list.name()), count.to_string());
    }

    /// Every part, in the order of the form.
    pub(super) fn parts(&self) -> Vec<Part> {
        let entries = |list: List| (0..self.count(list)).map(move |place| list.at(place));
        let mut parts = vec![Part::About, Part::Person];
        parts.extend(entries(List::Victims));
        parts.push(Part::Family);
        parts.extend(entries(List::Children));
        parts.extend(entries(List::Incidents));
        parts.extend([Part::Grounds, Part::Context]);
        parts.extend(entries(List::Orders));
        parts.push(Part::Gaps);
        parts
    }

    /// Whether anything stands in a part.
    pub(super) fn is_begun(&self, part: Part, runs: bool) -> bool {
        let questions = part.questions(runs);
        let mut typed = questions.names().flat_map(typed_names);
        typed.any(|name| self.values.has(&name))
    }

    /// Takes over what was typed in one part, as it was typed; blanks take away what stood there.
    pub(super) fn merge(&mut self, part: Part, runs: bool, typed: &Values) {
        for name in part.questions(runs).names() {
            for name in typed_names(name) {
                let given: Vec<String> =
                    typed.all(&name).iter().filter(|v| !v.trim().is_empty()).cloned().collect();
                if given.is_empty() {
                    self.values.remove(&name);
                } else {
                    self.values.set_all(name, given);
                }
            }
        }
        if let Some((list, place)) = part.entry()
            && place >= self.count(list)
        {
            self.set_count(list, place + 1);
        }
    }

    /// Takes one entry out of its list; those after it move up.
    pub(super) fn remove(&mut self, list: List, place: usize) {
        let count = self.count(list);
        let before = format!("{}.", list.name());
        let all: Vec<(String, Vec<String>)> =
            self.values.iter().map(|(name, values)| (name.to_owned(), values.to_vec())).collect();
        for (name, values) in all {
            let Some((at, rest)) = name.strip_prefix(&before).and_then(|r| r.split_once('.'))
            else {
                continue;
            };
            let Ok(at) = at.parse::<usize>() else { continue };
            if at >= place {
                self.values.remove(&name);
            }
            if at > place {
                self.values.set_all(format!("{before}{}.{rest}", at - 1), values);
            }
        }
        self.set_count(list, count.saturating_sub(1));
        if list == List::Victims {
            self.renumber_victims(place + 1);
        }
    }

    /// After a victim is gone, incidents that named one further down name the same person still.
    fn renumber_victims(&mut self, gone: usize) {
        for incident in 0..self.count(List::Incidents) {
            let name = format!("incidents.{incident}.victim");
            match self.values.one(&name).parse::<usize>() {
                Ok(victim) if victim == gone => self.values.remove(&name),
                Ok(victim) if victim > gone => self.values.set(name, (victim - 1).to_string()),
                _ => {}
            }
        }
    }

    /// Takes over, whole, what was decided between two texts: from now on the draft corrects
    /// `version` of its referral.
    pub(super) fn rebase(&mut self, theirs: &Self, typed: &Values, runs: bool, version: i32) {
        let mut all = self.parts();
        all.extend(theirs.parts());
        all.sort_unstable();
        all.dedup();
        for part in all {
            self.merge(part, runs, typed);
        }
        let of_record = |name: &str| name.rsplit('.').next() == Some("id");
        for (name, values) in theirs.values.iter().filter(|(name, _)| of_record(name)) {
            self.values.set_all(name, values.to_vec());
        }
        self.values.set(ORIGIN_VERSION, version.to_string());
    }

    /// What an entry is called by what stands in it.
    pub(super) fn name_of(&self, part: Part) -> Option<String> {
        let at = |field: &str| self.values.one(&format!("{}{field}", part.prefix())).to_owned();
        let words = match part {
            Part::Victim(_) | Part::Child(_) => {
                format!("{} {}", at("name.forename"), at("name.surname"))
            }
            Part::Person => {
                let at = |field: &str| self.values.one(&format!("perpetrator.name.{field}"));
                format!("{} {}", at("forename"), at("surname"))
            }
            Part::Incident(_) => {
                let [day, month, year] =
                    ["happened-day", "happened-month", "happened-year"].map(at);
                let read = parse::boxes(&day, &month, &year, Century::This);
                read.map_or_else(
                    |_| String::new(),
                    |day| format!("Incident on {}", dates::date(day)),
                )
            }
            _ => String::new(),
        };
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    }

    /// The referral as the use cases take it, and every answer that cannot be read.
    pub(super) fn raw(&self, runs: bool, today: NaiveDate) -> (Value, Vec<FieldError>) {
        let mut raw = json!({"perpetrator": {}});
        let mut errors = Vec::new();
        for part in self.parts() {
            let questions = part.questions(runs);
            let drawn = questions.drawn();
            for leaf in drawn.leaves() {
                match leaf.answer(&self.values, today) {
                    Ok(Some(answer)) => put(&mut raw, leaf.spec().name(), answer),
                    Ok(None) => {}
                    Err(fault) => errors.push(FieldError {
                        field: leaf.spec().name().to_owned(),
                        code: fault.code().into(),
                        message: leaf.spec().sentence(&fault),
                        part: fault.part(),
                    }),
                }
            }
            if let Some((list, place)) = part.entry() {
                let id = format!("{}.{place}.id", list.name());
                if self.values.has(&id) {
                    put(&mut raw, &id, json!(self.values.one(&id)));
                }
            }
        }
        self.address(&mut raw);
        (raw, errors)
    }

    /// To whom it goes, when it came, and what was confirmed.
    fn address(&self, raw: &mut Value) {
        let Some(fields) = raw.as_object_mut() else { return };
        fields.insert("panel".to_owned(), json!(self.values.one("panel")));
        let day = fields.remove("received_on").and_then(|day| serde_json::from_value(day).ok());
        let at = fields.remove("received_time").and_then(|at| serde_json::from_value(at).ok());
        if let Some(day) = day {
            let day: NaiveDate = day;
            let typed = day.and_time(at.unwrap_or(NaiveTime::MIN));
            // The boxes hold minutes; an instant that nobody changed keeps its seconds.
            let kept = self.values.one(RECEIVED).parse::<chrono::DateTime<chrono::Utc>>().ok();
            let same = kept.filter(|kept| to_the_minute(local(*kept)) == typed);
            let instant = same.unwrap_or_else(|| resolve_leniently(typed));
            fields.insert(RECEIVED.to_owned(), json!(instant));
        }
        let confirmed = self.values.all(CONFIRMED);
        if !confirmed.is_empty() {
            fields.insert(CONFIRMED.to_owned(), json!(confirmed));
        }
    }

    /// The part in which the field of an error is asked, with that question's full name.
    pub(super) fn asked_in(&self, field: &str, runs: bool) -> Option<(Part, String)> {
        let field = if field == RECEIVED { "received_on" } else { field };
        self.parts().into_iter().find_map(|part| {
            let questions = part.questions(runs);
            let holds = |name: &str| {
                field
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let found = questions.names().find(|name| holds(name))?;
            Some((part, found.to_owned()))
        })
    }
}

fn to_the_minute(at: chrono::NaiveDateTime) -> chrono::NaiveDateTime {
    use chrono::Timelike;
    at.with_second(0).unwrap_or(at).trunc_subsecs(0)
}

/// Where a draft is kept, which is its address.
pub(super) fn place(id: RequestId) -> String {
    format!("{PLACE}{id}")
}

/// The names under which a browser sends a question: its own, and the boxes of a date.
fn typed_names(name: &str) -> [String; 4] {
    ["", "-day", "-month", "-year"].map(|part| format!("{name}{part}"))
}

/// Sets what stands at a dotted place; numbers are places in lists.
fn put(at: &mut Value, path: &str, value: Value) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let slot = if let Ok(place) = step.parse::<usize>() {
        if !at.is_array() {
            *at = json!([]);
        }
        let Some(items) = at.as_array_mut() else { return };
        if items.len() <= place {
            items.resize(place + 1, json!({}));
        }
        items.get_mut(place)
    } else {
        if !at.is_object() {
            *at = json!({});
        }
        at.as_object_mut().map(|fields| fields.entry(step).or_insert(Value::Null))
    };
    let Some(slot) = slot else { return };
    match rest {
        None => *slot = value,
        Some(rest) => put(slot, rest, value),
    }
}

/// A referral as if it had been typed.
pub(super) fn typed_of(form: &ReferralForm) -> Values {
    let mut draft = Draft::begun(RequestId::from_uuid(form.panel.uuid()), form.panel);
    draft.values.set(RECEIVED, form.received_at.to_rfc3339());
    draft.set_count(List::Victims, form.victims.len());
    draft.set_count(List::Children, form.children.len());
    draft.set_count(List::Incidents, form.incidents.len());
    draft.set_count(List::Orders, form.context.orders.len());
    let mut whole = serde_json::to_value(form).unwrap_or_default();
    let received = local(form.received_at);
    put(&mut whole, "received_on", json!(received.date()));
    put(&mut whole, "received_time", json!(to_the_minute(received).time()));
    for part in draft.parts() {
        let questions = part.questions(true);
        let drawn = questions.drawn();
        for leaf in drawn.leaves() {
            let place = format!("/{}", leaf.spec().name().replace('.', "/"));
            match whole.pointer(&place) {
                None | Some(Value::Null) => {}
                Some(answer) => leaf.fill(answer, &mut draft.values),
            }
        }
    }
    draft.values
}

#[cfg(test)]
mod tests;
