//! Referrals: what comes in, how complete it is, who decides on it, and what happens when it is late.
//!
//! A [`ReferralForm`] is taken with the few facts without which nothing can be filed
//! ([`ReferralForm::problems`]). [`completeness`] shows what else is there, weighs nothing and blocks
//! nothing. [`Triage`] carries the decision, and [`late_lane`] says which way a late one goes.

mod completeness;
mod field;
mod form;
mod late;
mod partner;
mod people;
mod problem;
mod triage;
mod whereabouts;

pub use completeness::{Completeness, completeness};
pub use field::ReferralField;
pub use form::{
    Arrangement, Context, Criterion, Grounds, Incident, Informed, Order, ReferralForm, Referrer,
    Source,
};
pub use late::{LateDecision, LateLane, late_lane};
pub use people::{Address, Child, ChildStatus, NamedAs, Perpetrator, PersonName, Victim};
pub use problem::{Part, Problem, ProblemKind, Warning};
pub use triage::{
    Decision, Triage, TriageCapacity, TriageError, TriageOutcome, TriagePolicy, TriageState,
    TriageStatus,
};
pub use whereabouts::{Apart, Found, OpenForm, POSTCODE, ProtectedField, TELEPHONE, Whereabouts};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
