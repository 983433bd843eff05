//! The pages of a world, on a port of their own, and a browser without script that walks them.

use crate::page;
use crate::world::{World, must};
use panel_app::accounts;
use panel_web::view::{Settings, Site};
use panel_web::{Web, serve};
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::redirect::Policy;
use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

/// The pages of one world, served until dropped.
#[derive(Debug)]
pub struct Pages {
    /// The address they are at, without a final slash.
    pub address: String,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Pages {
    /// Serves the pages of a world.
    ///
    /// # Panics
    /// When no port can be had.
    #[track_caller]
    pub fn of(world: &World) -> Self {
        let (listener, address) = port();
        let settings = Settings { public_url: address.clone(), ..Settings::default() };
        let site = Arc::new(must(Site::new(settings)));
        Self::serving(world.app.clone(), site, listener, address)
    }

    /// The same of an installation that asks everybody for a second factor.
    ///
    /// # Panics
    /// When no port can be had.
    #[track_caller]
    pub fn asking(world: &World) -> Self {
        let (listener, address) = port();
        let site = Settings { public_url: address.clone(), ..Settings::default() };
        let settings = panel_app::Settings {
            asks_second_factor: true,
            ..panel_app::Settings::clone(&world.app.settings)
        };
        let app = panel_app::App { settings: Arc::new(settings), ..world.app.clone() };
        Self::serving(app, Arc::new(must(Site::new(site))), listener, address)
    }

    /// The pages under a name, `localhost`, at which browsers know passkeys; it may ask everybody for a
    /// second factor.
    ///
    /// # Panics
    /// When no port can be had.
    #[track_caller]
    pub fn named(world: &World, asks_second_factor: bool) -> Self {
        let (listener, address) = port();
        let address = address.replace("127.0.0.1", "localhost");
        let site = Settings { public_url: address.clone(), ..Settings::default() };
        let settings = panel_app::Settings {
            public_url: address.clone(),
            asks_second_factor,
            ..panel_app::Settings::clone(&world.app.settings)
        };
        let app = panel_app::App { settings: Arc::new(settings), ..world.app.clone() };
        Self::serving(app, Arc::new(must(Site::new(site))), listener, address)
    }

    /// Serves the pages of a world with templates that were read before.
    ///
    /// # Panics
    /// When no port can be had.
    #[track_caller]
    pub fn with(world: &World, site: Arc<Site>) -> Self {
        let (listener, address) = port();
        Self::serving(world.app.clone(), site, listener, address)
    }

    #[track_caller]
    fn serving(
        app: panel_app::App,
        site: Arc<Site>,
        listener: TcpListener,
        address: String,
    ) -> Self {
        let web = Web { app, site, letters: None };
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            must(actix_web::rt::System::new().block_on(async move {
                let server = must(serve(web, listener));
                must(sender.send(server.handle()));
                server.await
            }));
        });
        Self { address, handle: must(receiver.recv()), thread: Some(thread) }
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::at(&self.address)
    }

    /// A registered person, signed in with a password of their own.
    ///
    /// # Panics
    /// When signing in is refused.
    #[track_caller]
    pub fn signed_in(&self, world: &World, email: &str) -> Visitor {
        choose_password(world, email);
        let visitor = self.visitor();
        let entered = visitor.send("/sign-in", &[("email", email), ("password", PASSWORD)]);
        assert_eq!(entered.status().as_u16(), 303, "signing in as {email}");
        visitor
    }
}

/// A port that nobody else has, and its address.
#[track_caller]
fn port() -> (TcpListener, String) {
    let listener = must(TcpListener::bind("127.0.0.1:0"));
    let address = format!("http://{}", must(listener.local_addr()));
    (listener, address)
}

/// Lets a registered person choose [`PASSWORD`].
#[track_caller]
pub fn choose_password(world: &World, email: &str) {
    let user = world.by(email).user();
    let invited = must(panel_app::users::invite_again(&world.operator(), user));
    let token = invited.link.rsplit('/').next().unwrap_or_default().to_owned();
    must(accounts::spend_link(&world.app, &token, PASSWORD));
}

/// The password of everybody in a test.
pub const PASSWORD: &str = "three quiet herons";

impl Drop for Pages {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            // A server that panicked has failed its test already.
            let _ = thread.join();
        }
    }
}

/// A browser without script: cookies are kept, redirects are looked at.
#[derive(Debug)]
pub struct Visitor {
    client: Client,
    address: String,
}

impl Visitor {
    /// Somebody who has not signed in to the service at `address`.
    ///
    /// # Panics
    /// When this machine cannot make a client.
    #[track_caller]
    pub fn at(address: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none());
        Self { client: must(client.build()), address: address.to_owned() }
    }

    /// A request that is still to be filled and sent.
    ///
    /// # Panics
    /// When there is no such method.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(must(method.parse()), format!("{}{path}", self.address))
    }

    /// Opens a page.
    #[track_caller]
    pub fn open(&self, path: &str) -> Response {
        must(self.client.get(format!("{}{path}", self.address)).send())
    }

    /// The text of a page that must be there.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        let page = self.open(path);
        assert_eq!(page.status().as_u16(), 200, "{path}");
        must(page.text())
    }

    /// Sends fields as they are, without opening a page first.
    #[track_caller]
    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        must(self.client.post(format!("{}{path}", self.address)).form(fields).send())
    }

    /// Opens the form at `path`, fills these fields in, and sends it with its hidden marks.
    #[track_caller]
    pub fn fill(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.press_on(path, path, fields)
    }

    /// Opens a page and sends its form that leads to `path`, with these fields and its hidden marks.
    #[track_caller]
    pub fn press_on(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        self.press(&self.read(page), path, fields)
    }

    /// Sends the form of a page's text that leads to `path`, with these fields and its hidden marks but
    /// those that are among the fields.
    #[track_caller]
    pub fn press(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let mut all = page::marks(page, path);
        all.retain(|(mark, _)| !fields.iter().any(|(name, _)| name == mark));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        must(self.client.post(format!("{}{path}", self.address)).form(&all).send())
    }

    /// Sends a file with the form at `path`, in its field `file`.
    #[track_caller]
    pub fn upload(&self, path: &str, name: &str, bytes: Vec<u8>) -> Response {
        let mut form = reqwest::blocking::multipart::Form::new();
        for (mark, value) in page::marks(&self.read(path), path) {
            form = form.text(mark, value);
        }
        let file = reqwest::blocking::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let request = self.client.post(format!("{}{path}", self.address));
        must(request.multipart(form.part("file", file)).send())
    }
}

/// Where an answer leads.
///
/// # Panics
/// When it does not lead anywhere.
#[track_caller]
pub fn leads_to(answer: &Response) -> String {
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
    location.unwrap_or_else(|| panic!("no redirect but {}", answer.status())).to_owned()
}

/// Where everything on a page leads, styles and scripts among it, as it is written.
pub fn hrefs(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0))
}
