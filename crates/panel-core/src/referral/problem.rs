//! What is wrong with a form, and what its reader should think about before it is filed.

use super::form::ReferralForm;
use super::people::Address;
use crate::coded;
use crate::text::{fold, mixes_alphabets};
use crate::vocabulary::LivesWithVictim;
use chrono::{Datelike, NaiveDate};

/// The part of a form that a problem is about; lists count from 1, as their readers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The form as a whole.
    Form,
    /// The perpetrator.
    Perpetrator,
    /// One of the victims.
    Victim(usize),
    /// One of the children.
    Child(usize),
    /// One of the incidents.
    Incident(usize),
    /// The list of victims.
    Victims,
    /// The list of children.
    Children,
    /// The list of incidents.
    Incidents,
}

/// Why a form is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// Nobody is named.
    #[error("enter the surname of the person, or a name he or she is known by")]
    NameMissing,
    /// Received on a day to come.
    #[error("must have been received today or in the past")]
    ReceivedInFuture,
    /// Born on a day to come.
    #[error("date of birth must be in the past")]
    BirthInFuture,
    /// Born before anybody alive.
    #[error("date of birth must be in 1900 or later")]
    BirthTooEarly,
    /// An incident on a day to come.
    #[error("must have happened today or in the past")]
    IncidentInFuture,
    /// A date that is a slip of the keyboard.
    #[error("must be between 1900 and 2100")]
    DateOutOfRange {
        /// Its place in the part, as the form is written.
        field: &'static str,
    },
    /// It became known before it happened.
    #[error("must have been identified on or after the day it happened")]
    IdentifiedFirst,
    /// An incident names a victim that the form does not have.
    #[error("choose a victim of this referral")]
    NoSuchVictim,
    /// Gravity runs from 1 to 5.
    #[error("gravity must be from 1 to 5")]
    Gravity,
    /// The risk checklist has 24 questions.
    #[error("the checklist has 24 questions")]
    Checklist,
    /// More entries than one form holds.
    #[error("must be {most} or fewer")]
    TooMany {
        /// The most.
        most: usize,
    },
}

/// Something to put right before a form is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub part: Part,
    /// What.
    pub kind: ProblemKind,
}

impl Problem {
    /// The place of the field in the form as it is written, such as `victims.0.born`; lists count
    /// from 0 there.
    pub fn path(&self) -> String {
        let part = match self.part {
            Part::Form => String::new(),
            Part::Perpetrator => "perpetrator.".to_owned(),
            Part::Victim(n) => format!("victims.{}.", n.saturating_sub(1)),
            Part::Child(n) => format!("children.{}.", n.saturating_sub(1)),
            Part::Incident(n) => format!("incidents.{}.", n.saturating_sub(1)),
            Part::Victims => return "victims".to_owned(),
            Part::Children => return "children".to_owned(),
            Part::Incidents => return "incidents".to_owned(),
        };
        let field = match self.kind {
            ProblemKind::NameMissing => "name.surname",
            ProblemKind::ReceivedInFuture => "received_at",
            ProblemKind::BirthInFuture | ProblemKind::BirthTooEarly => "born",
            ProblemKind::IncidentInFuture => "happened",
            ProblemKind::DateOutOfRange { field } => field,
            ProblemKind::IdentifiedFirst => "identified",
            ProblemKind::NoSuchVictim => "victim",
            ProblemKind::Gravity => "gravity",
            ProblemKind::Checklist => "grounds.checklist",
            ProblemKind::TooMany { .. } => "name.known_as",
        };
        format!("{part}{field}")
    }
}

coded! {
    /// Something to think about, which blocks nothing by itself.
    pub enum Warning: "referral warning" {
        /// Somebody is under 16, so that the Act's definition does not apply.
        Safeguarding = "safeguarding" => "Somebody is under 16: this goes by the safeguarding route",
        /// The perpetrator is under 18.
        YoungPerpetrator = "young_perpetrator" => "The perpetrator is under 18",
        /// One address stands for both, though they are not said to live together.
        SameAddress = "same_address" => "The perpetrator's address is a victim's address: check that it was not typed in the wrong place",
        /// A date of birth that makes somebody older than 100.
        VeryOld = "very_old" => "Somebody is over 100: check the date of birth",
        /// A name that passes for another one.
        MixedAlphabets = "mixed_alphabets" => "A name mixes letters of two alphabets that look alike: check how it is spelled",
        /// No victim is named.
        NoVictim = "no_victim" => "No victim is named",
    }
}

const MOST_VICTIMS: usize = 20;
const MOST_CHILDREN: usize = 30;
const MOST_INCIDENTS: usize = 200;
const MOST_NAMES: usize = 20;

impl ReferralForm {
    /// Everything that has to be put right before the form is taken; nothing is left for later.
    /// `received_on` and `today` are local dates.
    pub fn problems(&self, received_on: NaiveDate, today: NaiveDate) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut put = |part, kind| found.push(Problem { part, kind });
        if self.perpetrator.name.surname.is_none() && self.perpetrator.name.known_as.is_empty() {
            put(Part::Perpetrator, ProblemKind::NameMissing);
        }
        if received_on > today {
            put(Part::Form, ProblemKind::ReceivedInFuture);
        }
        if self.grounds.checklist.is_some_and(|yes| yes > 24) {
            put(Part::Form, ProblemKind::Checklist);
        }
        for (part, kind) in
            self.births().filter_map(|(part, born)| Some((part, birth(born, today)?)))
        {
            put(part, kind);
        }
        for (part, count, most) in self.lists() {
            if count > most {
                put(part, ProblemKind::TooMany { most });
            }
        }
        found.extend(self.incident_problems(today));
        found.extend(self.dates().filter_map(|(part, field, date)| {
            let kind = ProblemKind::DateOutOfRange { field };
            (!(1900..=2100).contains(&date.year())).then_some(Problem { part, kind })
        }));
        found
    }

    /// What the reader should think about. Ages are those of the day on which it was received.
    pub fn warnings(&self, received_on: NaiveDate) -> Vec<Warning> {
        let age = |born: NaiveDate| received_on.years_since(born);
        let adults = std::iter::once(self.perpetrator.born)
            .chain(self.victims.iter().map(|victim| victim.born))
            .flatten()
            .filter_map(age);
        let holds = |warning: &Warning| match warning {
            Warning::Safeguarding => adults.clone().any(|age| age < 16),
            Warning::YoungPerpetrator => {
                self.perpetrator.born.and_then(age).is_some_and(|age| age < 18)
            }
            Warning::SameAddress => self.shares_an_address(),
            Warning::VeryOld => adults.clone().any(|age| age > 100),
            Warning::MixedAlphabets => self.names().any(mixes_alphabets),
            Warning::NoVictim => self.victims.is_empty(),
        };
        <Warning as crate::coded::Coded>::ALL.iter().copied().filter(holds).collect()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let victims = self.victims.iter().map(|one| &one.name);
        let children = self.children.iter().map(|one| &one.name);
        std::iter::once(&self.perpetrator.name)
            .chain(victims)
            .chain(children)
            .flat_map(|name| name.surname.iter().chain(&name.forename).chain(&name.known_as))
            .map(AsRef::as_ref)
    }

    fn births(&self) -> impl Iterator<Item = (Part, NaiveDate)> {
        let perpetrator = self.perpetrator.born.iter().chain(&self.perpetrator.other_births);
        let victims = (1..).zip(&self.victims);
        let children = (1..).zip(&self.children);
        perpetrator
            .map(|born| (Part::Perpetrator, *born))
            .chain(victims.filter_map(|(n, one)| Some((Part::Victim(n), one.born?))))
            .chain(children.filter_map(|(n, one)| Some((Part::Child(n), one.born?))))
    }

    /// Every date but those of birth, with its place.
    fn dates(&self) -> impl Iterator<Item = (Part, &'static str, NaiveDate)> {
        let (grounds, context) = (&self.grounds, &self.context);
        let single = [
            (Part::Perpetrator, "release_on", self.perpetrator.release_on),
            (Part::Form, "grounds.listed_on", grounds.listed_on),
            (Part::Form, "context.last_marac_on", context.last_marac_on),
            (Part::Form, "context.informed.on", context.informed.on),
        ];
        let orders = context.orders.iter().flat_map(|order| {
            [order.made_on, order.ends_on].map(|date| (Part::Form, "context.orders", date))
        });
        let incidents = (1..).zip(&self.incidents).flat_map(|(n, one)| {
            let part = Part::Incident(n);
            [(part, "happened", one.happened), (part, "identified", one.identified)]
        });
        let all = single.into_iter().chain(orders).chain(incidents);
        all.filter_map(|(part, field, date)| Some((part, field, date?)))
    }

    fn lists(&self) -> [(Part, usize, usize); 4] {
        [
            (Part::Perpetrator, self.perpetrator.name.known_as.len(), MOST_NAMES),
            (Part::Victims, self.victims.len(), MOST_VICTIMS),
            (Part::Children, self.children.len(), MOST_CHILDREN),
            (Part::Incidents, self.incidents.len(), MOST_INCIDENTS),
        ]
    }

    fn incident_problems(&self, today: NaiveDate) -> impl Iterator<Item = Problem> {
        (1..).zip(&self.incidents).flat_map(move |(n, one)| {
            let ahead = [one.happened, one.identified].into_iter().flatten().any(|day| day > today);
            let first = one.happened.zip(one.identified).is_some_and(|(did, known)| known < did);
            let stranger = one
                .victim
                .is_some_and(|victim| victim == 0 || usize::from(victim) > self.victims.len());
            let gravity = one.gravity.is_some_and(|gravity| !(1..=5).contains(&gravity));
            [
                (ahead, ProblemKind::IncidentInFuture),
                (first, ProblemKind::IdentifiedFirst),
                (stranger, ProblemKind::NoSuchVictim),
                (gravity, ProblemKind::Gravity),
            ]
            .into_iter()
            .filter_map(move |(wrong, kind)| {
                wrong.then_some(Problem { part: Part::Incident(n), kind })
            })
        })
    }

    /// Whether an address of the perpetrator is a victim's, though nobody says they live together.
    fn shares_an_address(&self) -> bool {
        let together = matches!(
            self.perpetrator.lives_with_victim,
            Some(LivesWithVictim::Always | LivesWithVictim::Intermittent)
        );
        let mut homes = self.victims.iter().filter_map(|victim| place(&victim.address));
        !together
            && homes.any(|home| {
                self.perpetrator.addresses.iter().filter_map(place).any(|other| other == home)
            })
    }
}

/// The form in which two addresses are compared; none when there is too little to compare.
fn place(address: &Address) -> Option<String> {
    let lines = address.lines.as_ref()?;
    let postcode = address.postcode.as_ref().map_or("", |postcode| postcode.as_str());
    Some(fold(&format!("{lines} {postcode}")))
}

fn birth(born: NaiveDate, today: NaiveDate) -> Option<ProblemKind> {
    let earliest = NaiveDate::from_ymd_opt(1900, 1, 1)?;
    if born > today {
        Some(ProblemKind::BirthInFuture)
    } else if born < earliest {
        Some(ProblemKind::BirthTooEarly)
    } else {
        None
    }
}
