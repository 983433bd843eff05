//! Breaking the glass: one case, opened in an emergency by somebody who may not see it for an ordinary
//! reason, for an hour, to be read only, and looked at afterwards by others.
//!
//! It leads over seats and never over lists: for whomever a case is kept from, or who is not among those
//! it is kept among, no emergency makes it exist. What is opened ends by itself: nothing has to run for that.

use super::lists::{Lists, Reader};
use super::{Actor, Role, Seat};
use crate::calendar::{NoHolidayData, WorkingDays};
use crate::coded;
use crate::id::{AgencyId, CaseId, PanelId, UserId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use std::collections::BTreeSet;

/// How long an opened case stays open, in minutes.
pub const MINUTES: i64 = 60;
/// The fewest characters of a reason, and of what a reviewer says.
pub const REASON: usize = 20;
/// Working days within which somebody looks at it.
pub const REVIEW_DAYS: u16 = 2;

coded! {
    /// What kind of emergency it is.
    pub enum Cause: "emergency" {
        /// Somebody may be hurt now.
        Danger = "danger" => "Somebody is in danger now",
        /// A child may be hurt now.
        Child = "child" => "A child is in danger now",
        /// Somebody who may be in danger cannot be found.
        Missing = "missing" => "Somebody who may be in danger is missing",
        /// The police meet the person, or he is let go.
        Police = "police" => "The police are dealing with the person now",
        /// Something else that cannot wait.
        Other = "other" => "Something else that cannot wait",
    }
}

coded! {
    /// What a reviewer found.
    pub enum Outcome: "outcome of a review" {
        /// It had to be opened.
        Justified = "justified" => "It was justified",
        /// It had not.
        NotJustified = "not_justified" => "It was not justified",
    }
}

/// Whether a role may give the right; a lead's does at an agency of the police alone.
const fn may_give(role: Role) -> bool {
    matches!(role, Role::Coordinator | Role::Chair | Role::AgencyLead)
}

/// What decides who may open a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlassFacts {
    /// The case.
    pub case: CaseId,
    /// The panel that manages it.
    pub panel: PanelId,
    /// Panels to which an agency belongs that takes part in the case.
    pub near: BTreeSet<PanelId>,
    /// Which of the caller's agencies are police.
    pub police: BTreeSet<AgencyId>,
}

impl Actor {
    /// Whether any seat of the actor may give the right to open a case in an emergency.
    pub fn could_break_glass(&self) -> bool {
        self.seats.iter().any(|seat| may_give(seat.role))
    }

    /// Whether something can be open that the actor opened in an emergency. Nearly always nothing is, and
    /// then nothing has to be looked up.
    pub fn may_have_open(&self, now: DateTime<Utc>) -> bool {
        self.could_break_glass() && self.opened_until.is_some_and(|until| now < until)
    }

    /// By which seat the actor may: whoever coordinates or chairs a panel, and a lead of the police.
    pub fn breaks_glass_by(&self, police: &BTreeSet<AgencyId>) -> impl Iterator<Item = &Seat> {
        let of_police = |seat: &Seat| police.contains(&seat.agency);
        let gives = move |seat: &Seat| {
            may_give(seat.role) && (seat.role != Role::AgencyLead || of_police(seat))
        };
        self.seats.iter().filter(move |seat| gives(seat))
    }

    /// By which seat the actor may open this case: one at its own panel, or at a panel with an agency that
    /// takes part in it. Nobody opens what the lists of the case keep from her.
    pub fn opens_by(&self, facts: &GlassFacts, lists: &Lists) -> Option<Seat> {
        if lists.hidden.contains(&facts.case) {
            return None;
        }
        let reaches = |seat: &&Seat| seat.panel == facts.panel || facts.near.contains(&seat.panel);
        self.breaks_glass_by(&facts.police).find(reaches).copied()
    }
}

/// A case that somebody opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The case.
    pub case: CaseId,
    /// Who opened it.
    pub user: UserId,
    /// The panel, agency and role of the seat that gave the right.
    pub by: (PanelId, AgencyId, Role),
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When it was closed before that.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Opening {
    /// When a case that is opened now ends.
    pub fn ends(now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::minutes(MINUTES)
    }

    /// Whether it is open at `now`: for an hour, the last moment not among it.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < self.ends_at && self.closed_at.is_none()
    }

    /// Whether it lets this person read the case now; `lists` is what the lists of the case come to for
    /// her. It ends with the seat that gave the right, and with a line that keeps the case from her.
    pub fn lets_in(&self, actor: &Actor, lists: &Lists, now: DateTime<Utc>) -> bool {
        let is_it =
            |seat: &Seat| (seat.panel, seat.agency, seat.role) == self.by && may_give(seat.role);
        self.user == actor.user
            && self.is_open(now)
            && !lists.hidden.contains(&self.case)
            && actor.seats.iter().any(is_it)
    }
}

/// The last day on which what was opened on `day` is reviewed in time.
///
/// # Errors
/// [`NoHolidayData`] when no bank holidays are loaded that far.
pub fn review_by(day: NaiveDate, days: WorkingDays<'_>) -> Result<NaiveDate, NoHolidayData> {
    days.add(day, REVIEW_DAYS)
}

/// Whether what nobody has reviewed is late `today`; whoever opened it opens nothing more until it is
/// reviewed.
pub fn is_late(review_by: NaiveDate, today: NaiveDate) -> bool {
    review_by < today
}

/// Somebody who could review: a chair of the case's panel, or a lead of an agency there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who, and for which agencies.
    pub reader: Reader,
    /// Which agency the seat is for.
    pub agency: AgencyId,
    /// Whether it is the chair.
    pub chairs: bool,
    /// Whether that agency takes part in the case.
    pub takes_part: bool,
    /// Whether the case is kept from her.
    pub is_kept_from: bool,
}

/// Who reviews what `opener` opens: two people of agencies that are none of hers, from whom the case is not
/// kept; of two agencies where there are two, the chair first, then leads of agencies that take part. The same
/// people for the same candidates. None where there are fewer than two.
pub fn reviewers(opener: &Reader, candidates: &[Candidate]) -> Option<[UserId; 2]> {
    let fit = fit(opener, candidates);
    let first = fit.first()?;
    let others = || fit.iter().filter(|one| one.reader.user != first.reader.user);
    let second = others().find(|one| one.agency != first.agency).or_else(|| others().next())?;
    Some([first.reader.user, second.reader.user])
}

/// Who reviews in the place of one who was asked and no longer can: the next who is fit, of an agency that is
/// not the other's where there is one. None while both can, and where there is nobody to ask.
pub fn replaced(
    opener: &Reader,
    candidates: &[Candidate],
    asked: [UserId; 2],
) -> Option<[UserId; 2]> {
    let fit = fit(opener, candidates);
    let find = |user: UserId| fit.iter().find(|one| one.reader.user == user).copied();
    let instead_of = |one: UserId, beside: UserId| {
        if find(one).is_some() {
            return one;
        }
        let is_free =
            |next: &&&Candidate| !asked.contains(&next.reader.user) && next.reader.user != beside;
        let free = || fit.iter().filter(is_free);
        let agency = find(beside).map(|beside| beside.agency);
        let next = free().find(|next| Some(next.agency) != agency).or_else(|| free().next());
        next.map_or(one, |next| next.reader.user)
    };
    let [first, second] = asked;
    let first = instead_of(first, second);
    let now = [first, instead_of(second, first)];
    (now != asked).then_some(now)
}

/// Those who can review what `opener` opens, the first to be asked first.
fn fit<'a>(opener: &Reader, candidates: &'a [Candidate]) -> Vec<&'a Candidate> {
    let is_other = |one: &&Candidate| {
        one.reader.user != opener.user
            && !one.is_kept_from
            && !opener.agencies.contains(&one.agency)
            && one.reader.agencies.is_disjoint(&opener.agencies)
    };
    let mut fit: Vec<&Candidate> = candidates.iter().filter(is_other).collect();
    fit.sort_by_key(|one| (!one.chairs, !one.takes_part, one.agency, one.reader.user));
    fit
}

#[cfg(test)]
mod tests;
