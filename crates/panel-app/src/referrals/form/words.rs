//! The words of a field error: which field, in the reader's words, and what to do about it.

use crate::error::{FieldError, sentence as capital};
use panel_core::contact::ContactError;
use panel_core::referral::ProblemKind;
use panel_core::text::TextError;
use serde_json::Value;

/// A stable code for what core finds impossible.
pub(super) const fn code_of(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::NameMissing => "missing",
        ProblemKind::ReceivedInFuture
        | ProblemKind::BirthInFuture
        | ProblemKind::IncidentInFuture => "in_future",
        ProblemKind::BirthTooEarly | ProblemKind::DateOutOfRange { .. } => "out_of_range",
        ProblemKind::IdentifiedFirst => "before_incident",
        ProblemKind::NoSuchVictim => "no_such_victim",
        ProblemKind::Gravity | ProblemKind::Checklist => "out_of_range",
        ProblemKind::TooMany { .. } => "too_many",
    }
}

/// The error of a field whose value cannot be read; `message` is serde's or that of core's type.
pub(super) fn error(path: &str, typed: Option<&Value>, message: &str) -> FieldError {
    let (code, words) = said(path, typed, message);
    FieldError { field: path.to_owned(), code, message: sentence(path, &words) }
}

fn said(path: &str, typed: Option<&Value>, message: &str) -> (&'static str, String) {
    let own = |code| (code, message.to_owned());
    if message.starts_with("missing field") {
        return ("missing", "is needed".to_owned());
    }
    if message.starts_with("unknown field") {
        return ("unknown_field", "is not a field of this form".to_owned());
    }
    if message.starts_with("unknown variant") || message.contains("is not an ethnicity code") {
        return ("not_an_option", "must be one of the options".to_owned());
    }
    if message.starts_with("invalid value: integer") {
        return ("out_of_range", "must be a smaller whole number".to_owned());
    }
    if message.starts_with("invalid type") || message.starts_with("invalid length") {
        return ("wrong_type", "is not of the kind that this field takes".to_owned());
    }
    if is_date(path) && typed.is_some_and(Value::is_string) {
        return ("not_a_date", "must be a real date, like 2026-03-27".to_owned());
    }
    if message.starts_with("UUID") || message.contains("invalid character: expected") {
        return ("not_an_id", "must be chosen from the list".to_owned());
    }
    match message {
        m if m.ends_with(", this is") || m.contains("characters or fewer") => own("too_long"),
        m if m.contains("hidden control characters") => own("hidden_characters"),
        m if m == TextError::Stacked.to_string() => own("stacked_marks"),
        m if m == TextError::NotAnAddress.to_string() => own("not_an_address"),
        m if m == ContactError::Postcode.to_string() => own("not_a_postcode"),
        m if m == ContactError::Telephone.to_string() => own("not_a_telephone"),
        _ => ("invalid", "cannot be taken as it is".to_owned()),
    }
}

/// Whether the field at this path holds a date or an instant.
fn is_date(path: &str) -> bool {
    const DATES: [&str; 5] = ["born", "other_births", "happened", "identified", "on"];
    let mut names = path.rsplit('.').filter(|step| step.parse::<usize>().is_err());
    names
        .next()
        .is_some_and(|name| DATES.contains(&name) || name.ends_with("_on") || name.ends_with("_at"))
}

/// `victims.0.name.surname` and `must be …` become `Victim 1: surname must be …`.
pub(super) fn sentence(path: &str, words: &str) -> String {
    let mut whose = String::new();
    let mut what = "this";
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let place = steps.peek().and_then(|next| next.parse::<usize>().ok());
        match (step, place) {
            ("victims", Some(n)) => whose = format!("victim {}: ", n + 1),
            ("children", Some(n)) => whose = format!("child {}: ", n + 1),
            ("incidents", Some(n)) => whose = format!("incident {}: ", n + 1),
            ("perpetrator", _) if steps.peek().is_some() => whose = "perpetrator: ".to_owned(),
            _ if step.parse::<usize>().is_ok() => {}
            _ => what = step,
        }
    }
    let what = match what {
        "born" | "other_births" => "date of birth",
        "lines" => "address",
        "happened" => "date it happened",
        "identified" => "date it became known",
        "text" => "grounds",
        "known_as" => "other name",
        "received_at" => "date received",
        other => other,
    };
    let label = what.replace('_', " ");
    if words.starts_with("must") || words.starts_with("is ") || words.starts_with("cannot") {
        capital(&format!("{whose}{label} {words}"))
    } else {
        capital(&format!("{whose}{words}"))
    }
}
