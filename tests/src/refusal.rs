//! How a use case refused, as tests expect it.

use panel_app::{AppError, FieldError};
use panel_core::budget::Spent;
use std::fmt::Debug;

/// The refusal of what should not have happened.
#[track_caller]
fn refusal<T: Debug>(result: Result<T, AppError>) -> AppError {
    match result {
        Ok(value) => panic!("it happened: {value:?}"),
        Err(refusal) => refusal,
    }
}

/// The fields that were not taken.
///
/// # Panics
/// When the use case ended in any other way.
#[track_caller]
pub fn invalid<T: Debug>(result: Result<T, AppError>) -> Vec<FieldError> {
    match refusal(result) {
        AppError::Invalid(errors) => errors,
        other => panic!("{other:?}"),
    }
}

/// The code and the words of the rule that forbade it.
///
/// # Panics
/// When the use case ended in any other way.
#[track_caller]
pub fn rule<T: Debug>(result: Result<T, AppError>) -> (&'static str, String) {
    match refusal(result) {
        AppError::Rule { code, message } => (code, message),
        other => panic!("{other:?}"),
    }
}

/// Whoever asked may not know that it is there.
///
/// # Panics
/// When the use case ended in any other way.
#[track_caller]
pub fn not_found<T: Debug>(result: Result<T, AppError>) {
    match refusal(result) {
        AppError::NotFound => {}
        other => panic!("{other:?}"),
    }
}

/// The bound of reading that was reached.
///
/// # Panics
/// When the use case ended in any other way.
#[track_caller]
pub fn spent<T: Debug>(result: Result<T, AppError>) -> Spent {
    match refusal(result) {
        AppError::Spent(spent) => spent,
        other => panic!("{other:?}"),
    }
}

/// Somebody else changed it meanwhile.
///
/// # Panics
/// When the use case ended in any other way.
#[track_caller]
pub fn stale<T: Debug>(result: Result<T, AppError>) {
    match refusal(result) {
        AppError::Stale => {}
        other => panic!("{other:?}"),
    }
}
