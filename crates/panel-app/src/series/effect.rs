//! What a change does to the meetings of a series, worked out before it is shown or saved.

use super::change::SeriesChange;
use crate::calendar::ScheduleForm;
use crate::context::Ctx;
use crate::error::AppError;
use crate::meetings::{Place, laid_out};
use chrono::{NaiveDateTime, NaiveTime};
use panel_core::id::MeetingId;
use panel_core::meeting::MeetingState;
use panel_core::schedule::{
    End, Occurrence, Orphans, Removed, RuleChange, Slot, change_rule, change_time, end_series,
    horizon, set_end,
};
use panel_core::time::local;
use panel_store::Authz;
use panel_store::meetings::{self, Filled, Meeting, items};
use panel_store::series::Series;
use std::collections::BTreeSet;

/// A meeting and what it becomes.
pub(super) struct Shift {
    pub(super) before: Meeting,
    pub(super) after: Meeting,
}

/// A change worked out, to be shown or saved.
pub(super) struct Effect {
    pub(super) series: Series,
    /// In an order in which they can be saved one by one.
    pub(super) shifts: Vec<Shift>,
    /// Meetings that the series loses.
    pub(super) removed: Vec<Meeting>,
    /// Meetings that go because they are too far ahead, and are laid out again when they are near.
    pub(super) later: Vec<Meeting>,
    /// How many of the removed were opened and nobody asked to end the series.
    pub(super) orphans: usize,
}

impl Effect {
    const fn of(series: Series, shifts: Vec<Shift>) -> Self {
        Self { series, shifts, removed: Vec::new(), later: Vec::new(), orphans: 0 }
    }
}

/// A series as it stands.
pub(super) struct Standing<'a> {
    ctx: &'a Ctx<'a>,
    series: &'a Series,
    there: Vec<Meeting>,
    recorded: BTreeSet<MeetingId>,
}

impl<'a> Standing<'a> {
    pub(super) fn load(
        ctx: &'a Ctx<'a>,
        az: &mut Authz<'_>,
        series: &'a Series,
    ) -> Result<Self, AppError> {
        let there = meetings::of_series(az, series.id)?;
        let ids: Vec<MeetingId> = there.iter().map(|meeting| meeting.id).collect();
        let recorded = items::with_record(az, &ids)?;
        Ok(Self { ctx, series, there, recorded })
    }

    fn now(&self) -> NaiveDateTime {
        local(self.ctx.now)
    }

    fn occurrences(&self) -> Vec<Occurrence> {
        self.there.iter().filter_map(Meeting::occurrence).collect()
    }

    fn at(&self, slot: Slot) -> Option<&Meeting> {
        self.there.iter().find(|row| row.fills.is_some_and(|fills| fills.slot == slot))
    }

    fn all(&self, slots: &[Slot]) -> Vec<Meeting> {
        slots.iter().filter_map(|slot| self.at(*slot)).cloned().collect()
    }

    pub(super) fn effect(
        &self,
        change: &SeriesChange,
        orphans: Orphans,
    ) -> Result<Effect, AppError> {
        match change {
            SeriesChange::Time { at } => Ok(self.time(*at)),
            SeriesChange::Rule { .. } => self.rule(ruled(self.series, change)?, orphans),
            SeriesChange::Place { minutes, venue, link } => {
                let place = Place::check(*minutes, venue, link).map_err(AppError::Invalid)?;
                Ok(self.place(&place))
            }
            SeriesChange::SetEnd { end } => self.end(*end, orphans),
            SeriesChange::EndNow {} => {
                let ending = end_series(&self.occurrences(), self.now());
                Ok(self.ended(End::Until(ending.last_day), &ending.removed))
            }
        }
    }

    fn time(&self, at: NaiveTime) -> Effect {
        let changes = change_time(&self.occurrences(), at, self.now());
        let shift = |slot: Slot, to| Some(self.shift(self.at(slot)?, slot, to));
        let shifts = changes.iter().filter_map(|change| shift(change.slot, change.to)).collect();
        let series = Series { at, ..self.series.clone() };
        Effect::of(series, shifts)
    }

    fn shift(&self, before: &Meeting, slot: Slot, to: NaiveDateTime) -> Shift {
        let filled = Filled { series: self.series.id, slot };
        let after = before.clone().moved(to, laid_out(to), self.ctx.now);
        Shift { before: before.clone(), after: Meeting { fills: Some(filled), ..after } }
    }

    fn rule(&self, series: Series, orphans: Orphans) -> Result<Effect, AppError> {
        let holidays = &*self.ctx.app.holidays;
        let plan = series.plan(holidays);
        let RuleChange { removed, moved } =
            change_rule(&self.occurrences(), &plan, self.now(), orphans)?;
        let removed = self.all(&removed);
        let (mut shifts, mut later) = (Vec::new(), Vec::new());
        for step in moved {
            let Some(meeting) = self.at(step.from) else { continue };
            // A meeting that keeps its slot keeps the day that somebody moved it to.
            if step.from == step.to && self.was_put(meeting, step.from) {
                continue;
            }
            if self.is_to_come_again(meeting, step.to) {
                later.push(meeting.clone());
            } else {
                shifts.push(self.shift(meeting, step.to, step.starts));
            }
        }
        let orphans = removed.len();
        Ok(Effect { series, shifts, removed, later, orphans })
    }

    /// Whether somebody moved the meeting away from where its series had it.
    fn was_put(&self, meeting: &Meeting, slot: Slot) -> bool {
        let plan = self.series.plan(&self.ctx.app.holidays);
        plan.starts(&plan.place(slot)) != Some(meeting.starts())
    }

    /// Whether a meeting that nothing was done with would get a slot too far ahead to be laid out
    /// now. It goes, and its slot is laid out when it is near.
    fn is_to_come_again(&self, meeting: &Meeting, to: Slot) -> bool {
        to.key() > horizon(self.ctx.today, &self.ctx.app.holidays)
            && meeting.state == MeetingState::Planned
            && !self.recorded.contains(&meeting.id)
    }

    fn place(&self, place: &Place) -> Effect {
        let old = self.series;
        let now = self.now();
        let is_as_laid_out = |row: &&Meeting| {
            (row.minutes, &row.venue, &row.link) == (old.minutes, &old.venue, &old.link)
                && matches!(row.state, MeetingState::Planned | MeetingState::Issued)
                && row.starts() > now
        };
        let put = |before: &Meeting| {
            let Place { minutes, venue, link } = place.clone();
            let after = Meeting { minutes, venue, link, ..before.clone() };
            Shift { before: before.clone(), after }
        };
        let shifts = self.there.iter().filter(is_as_laid_out).map(put).collect();
        let Place { minutes, venue, link } = place.clone();
        let series = Series { minutes, venue, link, ..old.clone() };
        Effect::of(series, shifts)
    }

    fn end(&self, end: End, orphans: Orphans) -> Result<Effect, AppError> {
        let mut recurrence = self.series.recurrence.clone();
        recurrence.end = end;
        if recurrence.dates().next().is_none() {
            let message = "Last day must be on or after the first date of the series";
            return Err(AppError::field("end", "before_start", message));
        }
        let removed = set_end(&self.occurrences(), &recurrence, self.now(), orphans)?;
        Ok(Effect { orphans: removed.opened.len(), ..self.ended(end, &removed) })
    }

    fn ended(&self, end: End, removed: &Removed) -> Effect {
        let mut series = self.series.clone();
        series.recurrence.end = end;
        let slots: Vec<Slot> = removed.opened.iter().chain(&removed.cancelled).copied().collect();
        Effect { removed: self.all(&slots), ..Effect::of(series, Vec::new()) }
    }

    /// Those of the removed meetings that stay, called off: where something was recorded, and the
    /// next one, because people have it in their diaries and are told.
    pub(super) fn kept(&self, effect: &Effect) -> BTreeSet<MeetingId> {
        let opened = effect.removed.iter().filter(|row| row.state != MeetingState::Cancelled);
        let next = opened.min_by_key(|row| row.starts_at).map(|row| row.id);
        let ids = effect.removed.iter().map(|row| row.id);
        ids.filter(|id| next == Some(*id) || self.recorded.contains(id)).collect()
    }

    /// The meetings of the series after the change.
    pub(super) fn after(&self, effect: &Effect) -> Vec<Meeting> {
        let gone: BTreeSet<MeetingId> =
            effect.removed.iter().chain(&effect.later).map(|row| row.id).collect();
        let shifted = |row: &Meeting| effect.shifts.iter().find(|shift| shift.after.id == row.id);
        self.there
            .iter()
            .filter(|row| !gone.contains(&row.id))
            .map(|row| shifted(row).map_or_else(|| row.clone(), |shift| shift.after.clone()))
            .collect()
    }
}

/// The series under another rule; the same for any other change.
pub(super) fn ruled(series: &Series, change: &SeriesChange) -> Result<Series, AppError> {
    let SeriesChange::Rule { rule, from, end, holiday_policy } = change else {
        return Ok(series.clone());
    };
    let form = ScheduleForm {
        rule: rule.clone(),
        from: *from,
        end: *end,
        at: series.at,
        holiday_policy: *holiday_policy,
    };
    let schedule = form.check().map_err(AppError::Invalid)?;
    let (recurrence, policy) = (schedule.recurrence, schedule.policy);
    Ok(Series { recurrence, policy, ..series.clone() })
}
