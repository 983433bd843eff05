//! How letters leave.

use crate::letter::Composed;
use crate::mailbox::Mailbox;
use crate::smtp::Smtp;
use panel_core::outbox::Delivery;

/// A way for letters to leave.
#[derive(Debug)]
pub enum Mailer {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into a mailbox of our own, for demonstrations and tests.
    Mailbox(Mailbox),
}

impl From<Smtp> for Mailer {
    fn from(smtp: Smtp) -> Self {
        Self::Smtp(Box::new(smtp))
    }
}

impl From<Mailbox> for Mailer {
    fn from(mailbox: Mailbox) -> Self {
        Self::Mailbox(mailbox)
    }
}

impl Mailer {
    /// Hands over one letter and says what became of it. Must not be called from an async task.
    pub fn deliver(&mut self, letter: &Composed) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.deliver(letter),
            Self::Mailbox(mailbox) => mailbox.deliver(letter),
        }
    }

    /// Ends what is open towards the server until the next letter.
    pub fn rest(&mut self) {
        match self {
            Self::Smtp(smtp) => smtp.rest(),
            Self::Mailbox(_) => {}
        }
    }
}
