//! How another machine is called: within the reach that was set, bounded in time and size, and never led on.

use panel_app::directory::Fault;
use panel_core::directory::Reach;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};
use url::Url;

/// How long one call may take in all.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of an answer's headers.
const HEADERS: usize = 16 * 1024;

/// Calls machines within its reach.
#[derive(Debug)]
pub(crate) struct Client {
    /// Made when it is first needed: most commands of the program ask no directory.
    agent: OnceLock<Agent>,
    reach: Reach,
}

/// Looks a name up once; what lies out of reach is not there. The call goes to the very addresses that were
/// judged, so that a name which answers differently the next time leads nowhere else.
#[derive(Debug)]
struct Within {
    reach: Reach,
    names: DefaultResolver,
}

impl Resolver for Within {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut within = self.empty();
        for address in found.iter().filter(|address| self.reach.takes(address.ip())) {
            within.push(*address);
        }
        if within.is_empty() { Err(Error::HostNotFound) } else { Ok(within) }
    }
}

impl Client {
    pub(crate) fn new(reach: Reach) -> Self {
        Self { agent: OnceLock::new(), reach }
    }

    fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| agent(self.reach))
    }

    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether an address that a directory gave may be called, or people be sent there.
    pub(crate) fn address(&self, raw: &str) -> Result<Url, Fault> {
        let url = Url::parse(raw).map_err(|_| Fault::Away("address"))?;
        let here = || matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let is_safe = match url.scheme() {
            "https" => true,
            "http" => self.reach == Reach::Loopback && here(),
            _ => false,
        };
        let is_plain = url.username().is_empty() && url.password().is_none();
        if is_safe && is_plain && url.fragment().is_none() {
            Ok(url)
        } else {
            Err(Fault::Away("address"))
        }
    }

    /// Reads what stands at an address, of at most so many bytes.
    pub(crate) fn read(&self, url: &Url, most: u64) -> Result<Vec<u8>, Fault> {
        let (status, body) = whole(self.agent().get(url.as_str()).call(), most)?;
        if status == 200 { Ok(body) } else { Err(Fault::Away("status")) }
    }

    /// Sends a form, and gives the answer's status and at most so many bytes of it.
    pub(crate) fn send(
        &self,
        url: &Url,
        authorization: Option<&str>,
        form: &[(&str, &str)],
        most: u64,
    ) -> Result<(u16, Vec<u8>), Fault> {
        let mut request = self.agent().post(url.as_str());
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        whole(request.send_form(form.iter().copied()), most)
    }
}

fn agent(reach: Reach) -> Agent {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> =
        roots.iter().map(|root| Certificate::from_der(root.as_ref()).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::from(roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .https_only(reach == Reach::Public)
        .http_status_as_error(false)
        // An answer that leads on is looked at, and nobody follows it.
        .max_redirects(0)
        .max_redirects_will_error(false)
        // Whoever runs the machine may have set one for other programs; it would look names up for us.
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .max_response_header_size(HEADERS)
        .max_idle_connections(0)
        .user_agent("Panel")
        .accept("application/json")
        .build();
    let names = Within { reach, names: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), names)
}

fn whole(
    answer: Result<ureq::http::Response<Body>, Error>,
    most: u64,
) -> Result<(u16, Vec<u8>), Fault> {
    let mut answer = answer.map_err(|error| fault(&error))?;
    let status = answer.status().as_u16();
    if (300..400).contains(&status) {
        return Err(Fault::Away("led_on"));
    }
    let body = answer.body_mut().with_config().limit(most).read_to_vec();
    Ok((status, body.map_err(|error| fault(&error))?))
}

/// A code for the log. What the error itself says may hold an address with what was sent in it.
fn fault(error: &Error) -> Fault {
    Fault::Away(match error {
        Error::Timeout(_) => "timeout",
        Error::HostNotFound => "host",
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(_, _) => "too_large",
        Error::Tls(_) | Error::Rustls(_) => "tls",
        Error::Io(_) | Error::ConnectionFailed => "connect",
        _ => "http",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn nothing_in_the_operator_s_own_network_is_called() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = Client::new(Reach::Public);
        for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
            let url = client.address(&format!("https://{host}:{port}/")).unwrap();
            assert_eq!(client.read(&url, 100), Err(Fault::Away("host")), "{host}");
        }
        let heard = listener.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(heard, Err(std::io::ErrorKind::WouldBlock), "nobody so much as knocked");
        for plain in ["http://localhost/", "http://login.example.org/", "https://a@b.example/"] {
            assert_eq!(client.address(plain), Err(Fault::Away("address")), "{plain}");
        }
    }
}
