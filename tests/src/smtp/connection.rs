//! One connection to the mail server, from the greeting to its end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder, response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use super::{Behaviour, Mail, Security, Setup, Shared};

/// A connection that says nothing for this long is closed, so that no test hangs on one.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every connection needs to know.
pub(super) struct Host {
    pub(super) setup: Setup,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) shared: Arc<Shared>,
}

/// Serves every connection in a thread of its own until the server is stopped.
pub(super) fn listen(listener: &TcpListener, host: &Host) {
    // Every connection ends before the server has stopped.
    thread::scope(|scope| {
        for connection in listener.incoming() {
            let Ok(connection) = connection else { continue };
            let mut state = host.shared.lock();
            if state.stopped {
                break;
            }
            state.connections += 1;
            let number = state.connections;
            if let Ok(handle) = connection.try_clone() {
                state.open.insert(number, handle);
            }
            drop(state);
            scope.spawn(move || {
                // A client that goes away is the client's affair.
                let _ = serve(&connection, host);
                host.shared.lock().open.remove(&number);
            });
        }
    });
}

/// Why a conversation came to its end.
enum End {
    Closed,
    StartTls,
    Reset,
}

fn serve(connection: &TcpStream, host: &Host) -> Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    connection.set_nodelay(true)?;
    let mut builder = SessionBuilder::new("localhost");
    if host.setup.security == Security::StartTls {
        builder.enable_start_tls();
    }
    if host.setup.credentials.is_some() {
        builder.enable_auth(AuthMechanism::Plain).enable_auth(AuthMechanism::Login);
        if host.setup.security == Security::Plain {
            builder.insecure_enable_plaintext_auth();
        }
    }
    let over_tls = Arc::new(AtomicBool::new(false));
    let clerk = Clerk::new(host, Arc::clone(&over_tls));
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), clerk);
    let secure = |session: &mut Session<Clerk<'_>>| -> Result<_> {
        let config = host.tls.clone().context("no certificate")?;
        let stream = StreamOwned::new(ServerConnection::new(config)?, connection.try_clone()?);
        session.tls_active();
        over_tls.store(true, Ordering::SeqCst);
        Ok(BufReader::new(stream))
    };
    let end = if host.setup.security == Security::Tls {
        let mut stream = secure(&mut session)?;
        greet(&session, &mut stream)?;
        converse(&mut session, &mut stream, host)?
    } else {
        let mut stream = BufReader::new(connection.try_clone()?);
        greet(&session, &mut stream)?;
        match converse(&mut session, &mut stream, host)? {
            // What came after STARTTLS in the clear is lost with the reader, as it must be.
            End::StartTls => {
                let mut stream = secure(&mut session)?;
                converse(&mut session, &mut stream, host)?
            }
            other => other,
        }
    };
    if matches!(end, End::Reset) {
        SockRef::from(connection).set_linger(Some(Duration::ZERO))?;
    }
    Ok(())
}

fn greet<S: Read + Write>(
    session: &Session<Clerk<'_>>,
    stream: &mut BufReader<S>,
) -> io::Result<()> {
    answer(&session.greeting(), stream)
}

fn answer<S: Read + Write>(response: &Response, stream: &mut BufReader<S>) -> io::Result<()> {
    // One write for one answer: a half-sent line would wait for the client's acknowledgement.
    stream.get_mut().write_all(&response.buffer()?)?;
    stream.get_mut().flush()
}

fn converse<S: Read + Write>(
    session: &mut Session<Clerk<'_>>,
    stream: &mut BufReader<S>,
    host: &Host,
) -> Result<End> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line)? == 0 {
            return Ok(End::Closed);
        }
        // No command is a single dot, so this can only be the end of a mail.
        let is_data_end = line == b".\r\n";
        if is_data_end && host.shared.spend(&Behaviour::ResetBeforeDataEnd) {
            return Ok(End::Reset);
        }
        let response = session.process(&line);
        if is_data_end && host.shared.spend(&Behaviour::ResetAfterDataEnd) {
            return Ok(End::Reset);
        }
        if response.action != Action::NoReply {
            host.shared.linger();
            answer(&response, stream)?;
        }
        match response.action {
            Action::Close => return Ok(End::Closed),
            Action::UpgradeTls => return Ok(End::StartTls),
            Action::Reply | Action::NoReply => {}
        }
    }
}

/// Judges the commands of one connection.
struct Clerk<'a> {
    host: &'a Host,
    over_tls: Arc<AtomicBool>,
    user: Option<String>,
    from: String,
    to: Vec<String>,
    text: Vec<u8>,
}

impl<'a> Clerk<'a> {
    fn new(host: &'a Host, over_tls: Arc<AtomicBool>) -> Self {
        Self { host, over_tls, user: None, from: String::new(), to: Vec::new(), text: Vec::new() }
    }

    fn sign_in(&mut self, name: &str, password: &str) -> Response {
        match &self.host.setup.credentials {
            Some((known, secret)) if known == name && secret == password => {
                self.user = Some(name.to_owned());
                response::AUTH_OK
            }
            _ => response::INVALID_CREDENTIALS,
        }
    }
}

impl Handler for Clerk<'_> {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        if self.host.setup.credentials.is_some() && self.user.is_none() {
            return response::AUTHENTICATION_REQUIRED;
        }
        from.clone_into(&mut self.from);
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let mut state = self.host.shared.lock();
        match &state.behaviour {
            Behaviour::Refuse(refused) if refused.iter().any(|address| address == to) => {
                response::NO_MAILBOX
            }
            Behaviour::Greylist => {
                let pair = (self.from.clone(), to.to_owned());
                if state.greylisted.insert(pair) {
                    Response::custom(450, "Greylisted, try again later".to_owned())
                } else {
                    response::OK
                }
            }
            _ => response::OK,
        }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, to: &[String]) -> Response {
        to.clone_into(&mut self.to);
        self.text.clear();
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = Mail {
            from: std::mem::take(&mut self.from),
            to: std::mem::take(&mut self.to),
            text: String::from_utf8_lossy(&self.text).into_owned(),
            over_tls: self.over_tls.load(Ordering::SeqCst),
            user: self.user.clone(),
        };
        self.host.shared.lock().mails.push(mail);
        self.host.shared.changed.notify_all();
        response::OK
    }

    fn auth_plain(&mut self, _: &str, name: &str, password: &str) -> Response {
        self.sign_in(name, password)
    }

    fn auth_login(&mut self, name: &str, password: &str) -> Response {
        self.sign_in(name, password)
    }
}

/// A certificate for `localhost` from an authority made for this server, and that authority.
pub(super) fn make_tls() -> Result<(Arc<ServerConfig>, String)> {
    let mut root = CertificateParams::new(Vec::new())?;
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let certificate = CertificateParams::new(names)?.signed_by(&key, &root)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok((Arc::new(config), root.pem()))
}
