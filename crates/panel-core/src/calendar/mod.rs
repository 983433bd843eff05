//! Bank holidays of England and Wales, working days over them, and the hours a service keeps.
//!
//! Bank holidays are data: a list is compiled in, and an operator may replace it by a file in the
//! form that GOV.UK publishes. A day outside the loaded years is never guessed at; whoever needs to
//! know whether it is a working day is told so by [`NoHolidayData`].

mod holidays;
mod service;
mod working_days;

pub use holidays::{BankHoliday, BankHolidays, HolidayFileError};
pub use service::ServiceHours;
pub use working_days::{NoHolidayData, Toward, WorkingDays, is_weekend};
