//! The notification service.
//!
//! What somebody is to be told is planned as rows with the change that asks for it
//! (`panel_store::notices`). On working days from eight o'clock [`remind`] gathers what has fallen due
//! into one message a person; a [`Worker`] takes messages out of the outbox one at a time, looks once
//! more whether they are still true, hands them to a [`Mailer`], and notes what became of them. No
//! transaction is open while a mail server is waited for. A letter holds its recipient's own name,
//! counts, dates and one link, and nothing of a case.

mod accounts;
mod glass;
mod letter;
mod mailbox;
mod mailer;
mod prepare;
mod remind;
mod seals;
mod service;
mod smtp;
mod stop;
mod templates;
mod watch;
mod words;
mod worker;

pub use letter::{Composed, Letter, LetterError, Sender, SenderError, compose};
pub use mailbox::{Arrived, Mailbox};
pub use mailer::Mailer;
pub use remind::{Reminded, remind};
pub use seals::Witness;
pub use service::{NotifyError, Service};
pub use smtp::{Limits, Smtp, SmtpUrlError, is_plain_smtp};
pub use stop::Stop;
pub use templates::TemplateError;
pub use worker::{InHand, Post, Taken, Tally, Worker};
