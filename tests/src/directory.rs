//! An agency's directory for tests: it signs people in without asking, and lies, stalls or breaks as it is told.

mod keys;

use crate::world::{World, must};
use chrono::Duration;
use data_encoding::BASE64;
pub use keys::Signs;
use keys::{Keys, coded};
use panel_app::Clock;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// By which this directory knows the service.
pub const CLIENT: &str = "panel";
/// By which the service proves who asks.
pub const SECRET: &str = "mistletoe:on the old oak";

/// What it does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As a directory should.
    Well,
    /// Answers nothing but faults.
    Broken,
    /// Answers after this many seconds.
    Slow(u64),
    /// Answers without end.
    Huge,
    /// Sends whoever asks elsewhere.
    LeadsOn,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    signs: Signs,
    claims: Value,
    answers: Value,
    metadata: Value,
    asked: HashMap<String, Asked>,
    seen: Vec<String>,
}

#[derive(Debug, Clone)]
struct Asked {
    nonce: String,
    challenge: String,
    back: String,
}

#[derive(Debug)]
struct Shared {
    issuer: String,
    clock: Clock,
    keys: Keys,
    state: Mutex<State>,
    stops: AtomicBool,
}

/// A directory that runs until it is dropped.
#[derive(Debug)]
pub struct Directory {
    /// The address by which it calls itself.
    pub issuer: String,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Directory {
    /// A directory on this machine, by the clock of a world; it says who signs in as this person.
    ///
    /// # Panics
    /// When no port can be had.
    #[track_caller]
    pub fn of(world: &World, subject: &str, email: &str) -> Self {
        let listener = must(TcpListener::bind("127.0.0.1:0"));
        let issuer = format!("http://{}/tenant", must(listener.local_addr()));
        let state = State {
            mood: Mood::Well,
            signs: Signs::Es256,
            claims: json!({ "sub": subject, "email": email, "email_verified": true }),
            answers: json!({}),
            metadata: json!({}),
            asked: HashMap::new(),
            seen: Vec::new(),
        };
        let shared = Arc::new(Shared {
            issuer: issuer.clone(),
            clock: world.app.clock.clone(),
            keys: Keys::new(),
            state: Mutex::new(state),
            stops: AtomicBool::new(false),
        });
        let thread = std::thread::spawn({
            let shared = shared.clone();
            move || serve(&listener, &shared)
        });
        Self { issuer, shared, thread: Some(thread) }
    }

    /// Who signs in from now on, and what else is signed: claims given here stand over its own.
    pub fn says(&self, claims: Value) {
        self.shared.state().claims = claims;
    }

    /// By what it signs from now on.
    pub fn signs(&self, by: Signs) {
        self.shared.state().signs = by;
    }

    /// What it does from now on when it is asked.
    pub fn is(&self, mood: Mood) {
        self.shared.state().mood = mood;
    }

    /// What it says of itself besides, from now on.
    pub fn describes(&self, metadata: Value) {
        self.shared.state().metadata = metadata;
    }

    /// What it sends people back with besides, from now on.
    pub fn answers(&self, parameters: Value) {
        self.shared.state().answers = parameters;
    }

    /// The heads of all requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.shared.state().seen.clone()
    }

    /// Signs in at an address of this directory, as a browser would, and gives the address that it sends the
    /// browser back to.
    ///
    /// # Panics
    /// When it sends nobody back.
    #[track_caller]
    pub fn sign_in(&self, address: &str) -> String {
        let client =
            reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none());
        let answer = must(must(client.build()).get(address).send());
        crate::site::leads_to(&answer)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.shared.stops.store(true, Ordering::SeqCst);
        let host = self.issuer.trim_start_matches("http://").trim_end_matches("/tenant");
        // It waits for a connection, and stops with this one.
        drop(TcpStream::connect(host));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stops.load(Ordering::SeqCst) {
            return;
        }
        let shared = shared.clone();
        std::thread::spawn(move || {
            // A caller that went away is no fault of the test.
            let _ = stream.and_then(|stream| answer(&shared, stream));
        });
    }
}

/// What a caller sent: the first line, how it proves who it is, and the body.
fn heard(stream: &TcpStream) -> std::io::Result<(String, String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length, mut proof) = (String::new(), 0_usize, String::new());
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or_default(),
            "authorization" => value.trim().clone_into(&mut proof),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((first, proof, body))
}

fn answer(shared: &Shared, mut stream: TcpStream) -> std::io::Result<()> {
    let (first, proof, body) = heard(&stream)?;
    let mood = {
        let mut state = shared.state();
        state.seen.push(first.trim().to_owned());
        state.mood
    };
    match mood {
        Mood::Well => {}
        Mood::Slow(seconds) => std::thread::park_timeout(std::time::Duration::from_secs(seconds)),
        Mood::Broken => return send(&mut stream, "500 Oh", "", "{}"),
        Mood::LeadsOn => {
            return send(&mut stream, "302 Found", "location: http://127.0.0.1:9/\r\n", "");
        }
        Mood::Huge => return send(&mut stream, "200 OK", "", &" ".repeat(1024 * 1024)),
    }
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    match path {
        "/tenant/.well-known/openid-configuration" => {
            send(&mut stream, "200 OK", "", &metadata(shared).to_string())
        }
        "/tenant/keys" => send(&mut stream, "200 OK", "", &shared.keys.published().to_string()),
        "/tenant/authorise" => match authorised(shared, &pairs(query)) {
            Some(back) => send(&mut stream, "302 Found", &format!("location: {back}\r\n"), ""),
            None => send(&mut stream, "400 No", "", "{}"),
        },
        "/tenant/token" => {
            let form = pairs(&String::from_utf8_lossy(&body));
            match redeemed(shared, &form, &proof) {
                Ok(tokens) => send(&mut stream, "200 OK", "", &tokens.to_string()),
                Err(status) => send(&mut stream, status, "", "{\"error\":\"invalid_grant\"}"),
            }
        }
        _ => send(&mut stream, "404 No", "", ""),
    }
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )?;
    stream.flush()
}

fn pairs(text: &str) -> HashMap<String, String> {
    must(reqwest::Url::parse(&format!("http://x/?{text}"))).query_pairs().into_owned().collect()
}

/// Values given by a test stand over the directory's own; null takes one away.
fn over(mut own: Value, given: &Value) -> Value {
    let (Some(own_fields), Some(given)) = (own.as_object_mut(), given.as_object()) else {
        return own;
    };
    for (name, value) in given {
        own_fields.shift_remove(name);
        if !value.is_null() {
            own_fields.insert(name.clone(), value.clone());
        }
    }
    own
}

fn metadata(shared: &Shared) -> Value {
    let issuer = &shared.issuer;
    let own = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorise"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
    });
    over(own, &shared.state().metadata)
}

fn authorised(shared: &Shared, query: &HashMap<String, String>) -> Option<String> {
    let of = |name: &str| query.get(name).cloned();
    let is_right = of("response_type")? == "code"
        && of("client_id")? == CLIENT
        && of("code_challenge_method")? == "S256"
        && of("scope")? == "openid email";
    if !is_right {
        return None;
    }
    let (back, state) = (of("redirect_uri")?, of("state")?);
    let asked = Asked { nonce: of("nonce")?, challenge: of("code_challenge")?, back: back.clone() };
    let mut kept = shared.state();
    let code = format!("code-{}", kept.asked.len());
    kept.asked.insert(code.clone(), asked);
    let given = over(json!({ "code": code, "state": state }), &kept.answers);
    let mut back = reqwest::Url::parse(&back).ok()?;
    for (name, value) in given.as_object()? {
        back.query_pairs_mut().append_pair(name, value.as_str()?);
    }
    Some(back.into())
}

fn redeemed(
    shared: &Shared,
    form: &HashMap<String, String>,
    proof: &str,
) -> Result<Value, &'static str> {
    let expected = BASE64
        .encode(format!("{CLIENT}:{}", SECRET.replace(':', "%3A").replace(' ', "+")).as_bytes());
    if proof != format!("Basic {expected}") {
        return Err("401 Who");
    }
    let of = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    // Each code is redeemed once.
    let asked = shared.state().asked.insert(
        of("code").to_owned(),
        Asked { nonce: String::new(), challenge: String::new(), back: String::new() },
    );
    let asked = asked.ok_or("400 No")?;
    let challenge = coded(digest(&SHA256, of("code_verifier").as_bytes()).as_ref());
    if of("grant_type") != "authorization_code"
        || of("redirect_uri") != asked.back
        || challenge != asked.challenge
    {
        return Err("400 No");
    }
    let now = must(shared.clock.now());
    let own = json!({
        "iss": shared.issuer,
        "aud": CLIENT,
        "iat": now.timestamp(),
        "exp": (now + Duration::minutes(5)).timestamp(),
        "nonce": asked.nonce,
    });
    let claims = over(own, &shared.state().claims);
    let by = shared.state().signs;
    let signed = shared.keys.signed(by, &claims);
    Ok(json!({ "access_token": "never read", "token_type": "Bearer", "id_token": signed }))
}
