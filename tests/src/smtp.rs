//! A real SMTP server in the test's process, which keeps what it is sent and fails on demand.
//!
//! The protocol is mailin's. The connections are ours and not mailin-embedded's, because a test
//! must be able to cut one at a chosen point and to stop the server, and because that crate brings
//! a second TLS provider into every build.

mod connection;
mod letter;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use self::connection::{Host, listen, make_tls};
use anyhow::{Context, Result, bail};

/// How connections are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Never: the server does not offer TLS.
    Plain,
    /// After `STARTTLS`, which the server offers.
    StartTls,
    /// From the first byte, as on port 465.
    Tls,
}

/// What the server does with what it is sent, besides keeping it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes every mail.
    #[default]
    Accept,
    /// Answers 550 to these recipients, every time.
    Refuse(Vec<String>),
    /// Answers 450 to each pair of sender and recipient the first time.
    Greylist,
    /// Resets the connection when the next mail is complete but not yet taken: it is not kept.
    /// After that the server accepts.
    ResetBeforeDataEnd,
    /// Keeps the next mail and resets the connection before saying so. After that the server
    /// accepts.
    ResetAfterDataEnd,
    /// Takes every mail, but waits this long before each answer.
    Slow(Duration),
}

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and body as they came, dots unstuffed.
    pub text: String,
    /// Whether it came over TLS.
    pub over_tls: bool,
    /// Who had signed in, if anybody.
    pub user: Option<String>,
}

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How connections are protected.
    pub security: Security,
    /// A name and a password without which no mail is taken.
    pub credentials: Option<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { security: Security::Plain, credentials: None }
    }
}

/// A running server on a loopback port of its own; dropping it stops it.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    setup: Setup,
    authority: Option<String>,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl SmtpServer {
    /// Starts a server that takes every mail without TLS and without a password.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub fn start() -> Result<Self> {
        Self::start_with(Setup::default())
    }

    /// Starts a server as set up.
    ///
    /// # Errors
    /// When no port can be listened on, or no certificate can be made.
    pub fn start_with(setup: Setup) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("SMTP listener")?;
        let address = listener.local_addr()?;
        let (tls, authority) = match setup.security {
            Security::Plain => (None, None),
            Security::StartTls | Security::Tls => {
                let (config, authority) = make_tls()?;
                (Some(config), Some(authority))
            }
        };
        let shared = Arc::new(Shared::default());
        let host = Host { setup: setup.clone(), tls, shared: Arc::clone(&shared) };
        let listening = thread::spawn(move || listen(&listener, &host));
        Ok(Self { address, setup, authority, shared, listening: Some(listening) })
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address with protection and credentials, in the form that lettre reads.
    ///
    /// The host is `localhost`, the name in the certificate.
    pub fn url(&self) -> String {
        let user = match &self.setup.credentials {
            Some((name, password)) => format!("{name}:{password}@"),
            None => String::new(),
        };
        let port = self.address.port();
        match self.setup.security {
            Security::Plain => format!("smtp://{user}localhost:{port}"),
            Security::StartTls => format!("smtp://{user}localhost:{port}?tls=required"),
            Security::Tls => format!("smtps://{user}localhost:{port}"),
        }
    }

    /// The certificate of the authority that a client must trust, in PEM; `None` without TLS.
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Changes what the server does from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        let mut state = self.shared.lock();
        state.greylisted.clear();
        state.behaviour = behaviour;
    }

    /// Every mail taken so far, in the order of taking.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.lock().mails.clone()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> u64 {
        self.shared.lock().connections
    }

    /// Waits until at least so many mails were taken, and gives back all of them.
    ///
    /// # Errors
    /// When `patience` runs out first; says how many there are.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Mail>> {
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), patience, |state| state.mails.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        if state.mails.len() < count {
            bail!("{} of {count} mails arrived in {patience:?}", state.mails.len());
        }
        Ok(state.mails.clone())
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.stopped = true;
        for connection in state.open.values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        // The listener sees that it is to stop when it is called once more.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

/// What the connections and the test both see.
#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    behaviour: Behaviour,
    mails: Vec<Mail>,
    greylisted: BTreeSet<(String, String)>,
    connections: u64,
    open: BTreeMap<u64, TcpStream>,
    stopped: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a one-time behaviour away, and says whether it was there.
    fn spend(&self, behaviour: &Behaviour) -> bool {
        let mut state = self.lock();
        let found = state.behaviour == *behaviour;
        if found {
            state.behaviour = Behaviour::Accept;
        }
        found
    }

    /// Waits as long as a slow server does, but no longer than the server runs.
    fn linger(&self) {
        let state = self.lock();
        if let Behaviour::Slow(delay) = state.behaviour {
            let waited = self.changed.wait_timeout_while(state, delay, |state| !state.stopped);
            drop(waited);
        }
    }
}
