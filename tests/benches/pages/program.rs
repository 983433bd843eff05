//! The processes that are measured: the program itself, and a server that answers with nothing.

use crate::gauge;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result, bail};
use panel_tests::site::{PASSWORD, Visitor, choose_password};
use panel_tests::world::World;
use reqwest::blocking::Client;
use sha2::{Digest, Sha256};
use std::env;
use std::fmt::Write;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Names the built program.
const PROGRAM: &str = "PANEL_PROGRAM";
/// Makes this very program serve an empty answer at the address that follows.
const NOTHING: &str = "--serve-nothing";
/// Tries before a server that does not answer is given up, a twentieth of a second apart.
const TRIES: usize = 200;

/// A running server; dropping it ends it.
pub(crate) struct Program {
    child: Child,
    /// Its address, without a final slash.
    pub(crate) address: String,
}

/// Somebody who is signed in.
pub(crate) struct SignedIn {
    /// What the browser sends.
    pub(crate) cookie: String,
    /// What the database knows the session by.
    pub(crate) token_hash: String,
}

impl Program {
    /// Starts the program over the database of a world, as an operator would.
    pub(crate) fn start(world: &World) -> Result<Self> {
        let program = env::var_os(PROGRAM).with_context(|| format!("{PROGRAM} is not set"))?;
        let port = free_port()?;
        let address = format!("http://127.0.0.1:{port}");
        let child = Command::new(program)
            .args(["serve", "--no-worker", "--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", world.served_from())
            .env("PANEL_PUBLIC_URL", &address)
            .env("PANEL_LOG", "warn")
            .stdin(Stdio::null())
            .spawn()?;
        Self { child, address }.ready("/readyz")
    }

    /// Starts a server that answers with nothing.
    pub(crate) fn empty() -> Result<Self> {
        let port = free_port()?;
        let child = Command::new(env::current_exe()?)
            .args([NOTHING, &port.to_string()])
            .stdin(Stdio::null())
            .spawn()?;
        Self { child, address: format!("http://127.0.0.1:{port}") }.ready("/")
    }

    fn ready(self, path: &str) -> Result<Self> {
        let client = Client::new();
        for _ in 0..TRIES {
            if client
                .get(format!("{}{path}", self.address))
                .send()
                .is_ok_and(|it| it.status().is_success())
            {
                return Ok(self);
            }
            wait(Duration::from_millis(50));
        }
        bail!("the server at {} does not answer", self.address)
    }

    /// Processor time it has used.
    pub(crate) fn processor(&self) -> Result<Duration> {
        gauge::processor(self.child.id())
    }

    /// Its resident memory, in KiB.
    pub(crate) fn memory(&self) -> Result<u64> {
        gauge::memory(self.child.id())
    }

    /// Signs somebody of the world in.
    pub(crate) fn sign_in(&self, world: &World, who: &str) -> Result<SignedIn> {
        choose_password(world, who);
        let visitor = Visitor::at(&self.address);
        let answer = visitor.send("/sign-in", &[("email", who), ("password", PASSWORD)]);
        let header = answer.headers().get("set-cookie").context("signing in was refused")?;
        let cookie = header.to_str()?.split(';').next().unwrap_or_default().to_owned();
        let token = cookie.split_once('=').context("a cookie without a value")?.1;
        let mut token_hash = String::new();
        for byte in Sha256::digest(token.as_bytes()) {
            write!(token_hash, "{byte:02x}")?;
        }
        Ok(SignedIn { cookie, token_hash })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Lets real time pass, as a load that keeps to a timetable must.
#[expect(clippy::disallowed_methods, reason = "a measurement waits for real time")]
pub(crate) fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Whether this process was started to serve nothing.
pub(crate) fn is_empty_server() -> bool {
    env::args().nth(1).as_deref() == Some(NOTHING)
}

/// Answers every request with nothing, with as many workers as the program has, until it is ended.
pub(crate) fn serve_nothing() -> Result<()> {
    let port: u16 = env::args().nth(2).context("no port")?.parse()?;
    let server = HttpServer::new(|| {
        App::new().default_service(web::to(|| async { HttpResponse::Ok().finish() }))
    });
    let server = server.workers(2).bind(("127.0.0.1", port))?;
    Ok(actix_web::rt::System::new().block_on(server.run())?)
}
