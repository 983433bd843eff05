//! What the service asks of a directory, and what it believes of the answer, as a port: the crate that
//! speaks HTTP fills it.

use crate::random::hashed;
use chrono::{DateTime, Utc};
use panel_core::directory::{Reach, Said};

/// The two sides of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'a> {
    /// The address by which the directory calls itself.
    pub issuer: &'a str,
    /// The name by which it knows this service.
    pub client_id: &'a str,
    /// Where it sends people back to.
    pub back: &'a str,
}

/// What somebody is sent with. All of it comes of one secret that the person's browser alone holds, so that
/// nothing of it is kept here, and nobody else's browser can end the errand.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// Comes back with the person.
    pub state: String,
    /// Stands in what the directory signs.
    pub nonce: String,
    /// Proves that whoever was sent redeems the code.
    pub verifier: String,
    /// Whether the person is to prove anew who she is.
    pub is_fresh: bool,
}

impl Question {
    pub(super) fn of(secret: &str, is_fresh: bool) -> Self {
        let derived = |part: &str| hashed(&format!("directory {part} {secret}"));
        Self {
            state: derived("state"),
            nonce: derived("nonce"),
            verifier: derived("verifier"),
            is_fresh,
        }
    }
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question(…)")
    }
}

/// Why nothing came of asking a directory, as a code for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not answer, or not as a directory does; trying again may help.
    #[error("away: {0}")]
    Away(&'static str),
    /// It answered, and the answer is not to be believed.
    #[error("refused: {0}")]
    Unbelieved(&'static str),
}

impl Fault {
    /// The code alone.
    pub fn code(self) -> &'static str {
        match self {
            Self::Away(code) | Self::Unbelieved(code) => code,
        }
    }
}

/// Directories, as they are asked. Each call may take some seconds and is made outside of transactions.
pub trait Directories: std::fmt::Debug + Send + Sync {
    /// Which machines may be asked.
    fn reach(&self) -> Reach;

    /// The address at the directory to which a person is sent with a question.
    ///
    /// # Errors
    /// [`Fault`].
    fn way_in(
        &self,
        relation: Relation<'_>,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<String, Fault>;

    /// Redeems the code with which a person came back, and says what the directory signed; `named` is how
    /// whoever sent the person back called itself. No token is kept.
    ///
    /// # Errors
    /// [`Fault`].
    fn redeem(
        &self,
        relation: Relation<'_>,
        secret: &str,
        question: &Question,
        code: &str,
        named: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Said, Fault>;
}

/// For a program that asks no directory, such as one that only carries mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoDirectories;

impl Directories for NoDirectories {
    fn reach(&self) -> Reach {
        Reach::Public
    }

    fn way_in(&self, _: Relation<'_>, _: &Question, _: DateTime<Utc>) -> Result<String, Fault> {
        Err(Fault::Away("none"))
    }

    fn redeem(
        &self,
        _: Relation<'_>,
        _: &str,
        _: &Question,
        _: &str,
        _: Option<&str>,
        _: DateTime<Utc>,
    ) -> Result<Said, Fault> {
        Err(Fault::Away("none"))
    }
}
