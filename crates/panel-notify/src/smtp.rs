//! Sending over SMTP, on connections of our own.
//!
//! lettre's pool writes a letter and its final dot separately on a socket that gathers small
//! writes, so that each letter waits some forty milliseconds for the server's acknowledgement. Here
//! lettre speaks the protocol over a socket that does not gather. Each step has a time limit of its
//! own, and the sum of them is less than a lease.

use crate::letter::Composed;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use panel_core::outbox::Delivery;
use percent_encoding::percent_decode_str;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use url::Url;

/// How long each step of a delivery may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Reaching the server.
    pub connect: Duration,
    /// Its greeting, protection and signing in, together.
    pub welcome: Duration,
    /// Each reply to a command.
    pub reply: Duration,
    /// The reply to the letter itself.
    pub letter: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            welcome: Duration::from_mins(1),
            reply: Duration::from_secs(30),
            letter: Duration::from_mins(1),
        }
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    Plain,
    StartTls,
    Tls,
}

/// Why the address of a mail server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpUrlError {
    /// It is no URL with a host.
    #[error("the mail server must be given as smtp://, smtp+starttls:// or smtps:// with a host")]
    NotSmtp,
    /// A password would travel in the clear.
    #[error("a password needs a protected connection: use smtp+starttls:// or smtps://")]
    PasswordInTheClear,
    /// The name or the password is not UTF-8.
    #[error("the name and the password must be percent-encoded UTF-8")]
    Credentials,
    /// The extra certificate cannot be read.
    #[error("the extra root certificate cannot be used: {0}")]
    Certificate(#[source] Error),
    /// The machine gave us no threads or sockets.
    #[error("the mail client could not be started: {0}")]
    Runtime(#[source] std::io::Error),
}

/// A mail server, and the connection to it while there is one.
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    limits: Limits,
    // Dropped before the runtime that it belongs to.
    connection: Option<AsyncSmtpConnection>,
    runtime: Runtime,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// Reads `smtp://host`, `smtp+starttls://user:password@host:587` or `smtps://host`. Protection
    /// that is asked for is required, and the server's certificate is checked against the machine's
    /// roots and `extra_root`, in PEM.
    ///
    /// # Errors
    /// [`SmtpUrlError`].
    pub fn new(url: &str, extra_root: Option<&str>) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(url).map_err(|_| SmtpUrlError::NotSmtp)?;
        let (security, usual_port) = asked_by(&url).ok_or(SmtpUrlError::NotSmtp)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::NotSmtp)?;
        let credentials = credentials(&url)?;
        if credentials.is_some() && security == Security::Plain && !is_this_machine(host) {
            return Err(SmtpUrlError::PasswordInTheClear);
        }
        let tls = match security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => {
                Some(tls(host, extra_root).map_err(SmtpUrlError::Certificate)?)
            }
        };
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(usual_port),
            security,
            tls,
            credentials,
            limits: Limits::default(),
            connection: None,
            runtime: Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(SmtpUrlError::Runtime)?,
        })
    }

    /// The same server with other time limits.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Hands one letter to the server, on the connection of the letter before where it still holds.
    /// Must not be called from an async task.
    pub(crate) fn deliver(&mut self, letter: &Composed) -> Delivery {
        let Self { runtime, connection, host, port, security, tls, credentials, limits } = self;
        let server = Server {
            host: host.as_str(),
            port: *port,
            security: *security,
            tls: tls.as_ref(),
            credentials: credentials.as_ref(),
            limits: *limits,
        };
        runtime.block_on(server.deliver(connection, letter))
    }

    /// Ends the connection: a server that waits for the next pass would end it itself, and less
    /// politely.
    pub(crate) fn rest(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let patience = self.limits.reply;
            let farewell = async { timeout(patience, connection.quit()).await };
            // The server may be gone already; there is nothing more to ask of it.
            let _ = self.runtime.block_on(farewell);
        }
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, SmtpUrlError> {
    let Some(password) = url.password() else { return Ok(None) };
    let decode = |text| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.map(String::from).map_err(|_| SmtpUrlError::Credentials)
    };
    Ok(Some(Credentials::new(decode(url.username())?, decode(password)?)))
}

/// The protection that a URL asks for, and the usual port of such a server.
fn asked_by(url: &Url) -> Option<(Security, u16)> {
    let asked = url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
    match (url.scheme(), asked) {
        ("smtps", _) => Some((Security::Tls, 465)),
        ("smtp+starttls", _) | ("smtp", true) => Some((Security::StartTls, 587)),
        ("smtp", false) => Some((Security::Plain, 25)),
        _ => None,
    }
}

/// Whether mail by this URL travels in the clear.
pub fn is_plain_smtp(url: &Url) -> bool {
    matches!(asked_by(url), Some((Security::Plain, _)))
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn tls(host: &str, extra_root: Option<&str>) -> Result<TlsParameters, Error> {
    let mut tls = TlsParametersBuilder::new(host.to_owned());
    if let Some(pem) = extra_root {
        tls = tls.add_root_certificate(Certificate::from_pem(pem.as_bytes())?);
    }
    tls.build()
}

/// What a step of a delivery came to, when it was not what is hoped for.
enum Fault {
    /// The server answered with this code, for good.
    Refused(String),
    /// Anything that another attempt may better.
    Later(String),
}

impl Fault {
    /// An answer about the whole conversation, such as a wrong password, says nothing about the
    /// letter: it waits until somebody has put that right.
    fn later(error: &Error) -> Self {
        Self::Later(code(error))
    }

    /// An answer about this letter or its recipient counts.
    fn judged(error: &Error) -> Self {
        if error.is_permanent() { Self::Refused(code(error)) } else { Self::Later(code(error)) }
    }
}

/// What is kept of an error: a code. A server's words may name the recipient.
fn code(error: &Error) -> String {
    match error.status() {
        Some(code) => code.to_string(),
        None if error.is_tls() => "tls".to_owned(),
        None if error.is_timeout() => "timeout".to_owned(),
        None => "connection".to_owned(),
    }
}

struct Server<'a> {
    host: &'a str,
    port: u16,
    security: Security,
    tls: Option<&'a TlsParameters>,
    credentials: Option<&'a Credentials>,
    limits: Limits,
}

impl Server<'_> {
    async fn deliver(&self, kept: &mut Option<AsyncSmtpConnection>, letter: &Composed) -> Delivery {
        if let Some(mut connection) = kept.take() {
            // A server may have ended a connection that it was tired of; that is no attempt.
            if self.begin(&mut connection, letter).await.is_ok() {
                let outcome = self.hand_over(&mut connection, letter).await;
                return self.conclude(kept, connection, outcome).await;
            }
        }
        let opened = match self.open().await {
            Ok(mut connection) => self.begin(&mut connection, letter).await.map(|()| connection),
            Err(fault) => Err(fault),
        };
        match opened {
            Ok(mut connection) => {
                let outcome = self.hand_over(&mut connection, letter).await;
                self.conclude(kept, connection, outcome).await
            }
            Err(Fault::Refused(code) | Fault::Later(code)) => Delivery::Later(code),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Fault> {
        let hello = ClientId::default();
        let address = (self.host, self.port);
        let welcome = async {
            if let (Security::Tls, Some(tls)) = (self.security, self.tls) {
                // lettre gives no way to hand it a socket for this; such letters take longer.
                let (limit, tls) = (Some(self.limits.connect), Some(tls.clone()));
                AsyncSmtpConnection::connect_tokio1(address, limit, &hello, tls, None).await
            } else {
                let socket = timeout(self.limits.connect, TcpStream::connect(address)).await;
                let socket = socket.map_err(|_| Fault::Later("timeout".to_owned()))?;
                let socket = socket.map_err(|_| Fault::Later("connection".to_owned()))?;
                // Without this the final dot waits for the acknowledgement of the letter.
                socket.set_nodelay(true).map_err(|_| Fault::Later("connection".to_owned()))?;
                AsyncSmtpConnection::connect_with_transport(Box::new(socket), &hello).await
            }
            .map_err(|error| Fault::later(&error))
        };
        let arrive = async {
            let mut connection = welcome.await?;
            if let (Security::StartTls, Some(tls)) = (self.security, self.tls) {
                let secured = connection.starttls(tls.clone(), &hello).await;
                secured.map_err(|error| Fault::later(&error))?;
            }
            if let Some(credentials) = self.credentials {
                let signed_in = connection.auth(DEFAULT_MECHANISMS, credentials).await;
                signed_in.map_err(|error| Fault::later(&error))?;
            }
            Ok(connection)
        };
        let late = Err(Fault::Later("timeout".to_owned()));
        timeout(self.limits.connect + self.limits.welcome, arrive).await.unwrap_or(late)
    }

    /// Names the sender: a refusal is about us and not about the letter.
    async fn begin(
        &self,
        connection: &mut AsyncSmtpConnection,
        letter: &Composed,
    ) -> Result<(), Fault> {
        let from = Mail::new(letter.envelope.from().cloned(), vec![]);
        let named = self.within(self.limits.reply, connection.command(from)).await?;
        named.map(|_| ()).map_err(|error| Fault::later(&error))
    }

    /// Names the one recipient and hands over the letter.
    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        letter: &Composed,
    ) -> Result<(), Fault> {
        for to in letter.envelope.to() {
            let to = Rcpt::new(to.clone(), vec![]);
            let named = self.within(self.limits.reply, connection.command(to)).await?;
            named.map_err(|error| Fault::judged(&error))?;
        }
        let begun = self.within(self.limits.reply, connection.command(Data)).await?;
        begun.map_err(|error| Fault::judged(&error))?;
        let taken = self.within(self.limits.letter, connection.message(&letter.bytes)).await?;
        taken.map(|_| ()).map_err(|error| Fault::judged(&error))
    }

    async fn within<T>(
        &self,
        limit: Duration,
        step: impl Future<Output = Result<T, Error>>,
    ) -> Result<Result<T, Error>, Fault> {
        timeout(limit, step).await.map_err(|_| Fault::Later("timeout".to_owned()))
    }

    /// Keeps the connection for the next letter where the conversation is in order.
    async fn conclude(
        &self,
        kept: &mut Option<AsyncSmtpConnection>,
        mut connection: AsyncSmtpConnection,
        outcome: Result<(), Fault>,
    ) -> Delivery {
        let delivery = match outcome {
            Ok(()) => {
                *kept = Some(connection);
                return Delivery::Accepted;
            }
            Err(Fault::Refused(code)) => Delivery::Refused(code),
            Err(Fault::Later(code)) => Delivery::Later(code),
        };
        let answered = match &delivery {
            Delivery::Refused(code) | Delivery::Later(code) => code.starts_with(['4', '5']),
            Delivery::Accepted => true,
        };
        // A server that only refused this letter takes the next one.
        if answered && let Ok(Ok(_)) = timeout(self.limits.reply, connection.command(Rset)).await {
            *kept = Some(connection);
        }
        delivery
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Result<(&str, u16, Security), &str>) {
        match (Smtp::new(url, None), expected) {
            (Ok(smtp), Ok(expected)) => {
                assert_eq!((smtp.host.as_str(), smtp.port, smtp.security), expected);
            }
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (found, expected) => panic!("{found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn an_address_says_how_the_connection_is_protected() {
        check("smtp://relay.example", Ok(("relay.example", 25, Security::Plain)));
        check("smtp+starttls://relay.example", Ok(("relay.example", 587, Security::StartTls)));
        check("smtp://relay.example?tls=required", Ok(("relay.example", 587, Security::StartTls)));
        check("smtps://u:p%40ss@relay.example", Ok(("relay.example", 465, Security::Tls)));
        check("smtp://localhost:2525", Ok(("localhost", 2525, Security::Plain)));
    }

    #[test]
    fn an_address_that_would_not_do_what_it_says_is_refused() {
        check("smtp://u:p@relay.example", Err("a password needs a protected connection"));
        check("relay.example:25", Err("must be given as"));
        check("http://relay.example", Err("must be given as"));
        check("smtps://u:%FF@relay.example", Err("percent-encoded"));
    }

    #[test]
    fn all_the_time_limits_together_are_shorter_than_a_lease() {
        let limits = Limits::default();
        // The sender twice, once on a kept connection; recipient; DATA; the reset after a refusal.
        let longest =
            limits.connect + limits.welcome + limits.reply * 4 + limits.letter + limits.reply;
        let lease = u64::try_from(panel_core::outbox::LEASE_MINUTES).unwrap() * 60;
        assert!(longest < Duration::from_secs(lease), "{longest:?}");
    }
}
