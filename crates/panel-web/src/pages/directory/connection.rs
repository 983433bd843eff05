//! An agency's connection to its directory: set, tried, made binding, removed.

use super::{away, leave};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{narrative, password, text, tick};
use crate::form::{Field, Form, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::session::with_next;
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Inset;
use crate::view::{Act, Button, Link, Page, Sheet, Viewer};
use crate::web::{Asker, Web};
use actix_web::http::StatusCode;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::directory::{self, Connection, DirectoryForm, Sent};
use panel_core::coded::Coded;
use panel_core::directory::Standing;
use panel_core::id::{AgencyId, UserId};
use panel_core::text::Note;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/agencies/{agency}/directory", Administrator => show),
        route!(POST "/agencies/{agency}/directory", Administrator => save),
        route!(POST "/agencies/{agency}/directory/try", Administrator => try_out),
        route!(POST "/agencies/{agency}/directory/only", Administrator => only),
        route!(POST "/agencies/{agency}/directory/beside", Administrator => beside),
        route!(POST "/agencies/{agency}/directory/remove", Administrator => remove),
        route!(POST "/users/{user}/forget-directory", Administrator => forget),
    ]
}

static ISSUER: Field<'_, String> = text("issuer", "Issuer address")
    .hint("As the directory writes it, like https://login.example.org/tenant.");
static CLIENT: Field<'_, String> = text("client_id", "Client id");
static SECRET: Optional<'_, String> = password("secret", "Client secret", "off")
    .hint("It is sealed and never shown again. Leave it empty to keep the one before.")
    .optional();
static DOMAINS: Field<'_, Note> = narrative("domains", "Domains of its people’s addresses")
    .hint("One a line, like police.uk. The directory decides about these addresses and no others.");
static FACTOR: Field<'_, bool> =
    tick("asks_second_factor", "The directory asks everybody for a second factor")
        .hint("If it does, Panel does not ask for one of its own at sign-in.");
static FORM: Form = Form::of(&[&ISSUER, &CLIENT, &SECRET, &DOMAINS, &FACTOR]);

fn address(agency: AgencyId) -> String {
    format!("/agencies/{agency}/directory")
}

fn read(posted: &Posted, today: NaiveDate) -> Result<DirectoryForm, Refused> {
    let mut reader = FORM.read(&posted.values, today);
    let (issuer, client) = (reader.get(&ISSUER), reader.get(&CLIENT));
    let (secret, domains) = (reader.get(&SECRET), reader.get(&DOMAINS));
    let factor = reader.get(&FACTOR);
    reader.finish(|| {
        Some(DirectoryForm {
            issuer: issuer?,
            client_id: client?,
            secret: secret?,
            domains: domains?.as_str().lines().map(str::to_owned).collect(),
            asks_second_factor: factor?,
        })
    })
}

/// What can be done with a connection as it stands.
fn acts(agency: AgencyId, standing: Standing, version: i32) -> Vec<Act> {
    let to = |what: &str, label: &str| {
        let button = Button::secondary(label);
        Act::post(format!("{}/{what}", address(agency)), button).with("version", version)
    };
    let mut acts = vec![to("try", "Try it")];
    match standing {
        Standing::Untried => {}
        Standing::Offered => acts.push(to("only", "Make it the only way in")),
        Standing::Only => acts.push(to("beside", "Allow passwords beside it")),
    }
    acts.push(to("remove", "Remove the connection"));
    acts
}

fn explained(standing: Standing) -> &'static str {
    match standing {
        Standing::Untried => {
            "Nobody is sent there yet. Try it: you sign in at the directory once, and nothing else happens."
        }
        Standing::Offered => "Its people can sign in there or with a password.",
        Standing::Only => {
            "Its people sign in there alone. An administrator can still use a password where no other \
             administrator could sign in without this directory."
        }
    }
}

fn sheet(agency: AgencyId, found: &Connection, form: FormView<'static>) -> Sheet {
    let mut sheet = Sheet::new(format!("Directory of {}", found.agency));
    if let Some(directory) = &found.directory {
        let standing = directory.value.standing;
        sheet = sheet
            .facts(Facts::new(vec![Fact::new("Standing", standing.label())]))
            .text(explained(standing))
            .acts(acts(agency, standing, directory.version));
    }
    sheet
        .heading("How it is connected")
        .text("Enter Panel in the directory as a web application that uses a code and a client secret. The directory sends people back to this address:")
        .inset(Inset { text: found.back.clone(), id: None })
        .form(form)
}

async fn draw(asker: &Asker, agency: AgencyId, refused: Option<Refused>) -> Answer {
    let found = asker.ask(move |ctx| directory::show(ctx, agency)).await?;
    let mut form = FormView::new(&FORM, address(agency))
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel("/agencies");
    let lines = |lines: &[String]| Note::parse(&lines.join("\n")).ok();
    form = match &found.directory {
        Some(directory) => {
            let (version, directory) = (directory.version, &directory.value);
            let filled = form
                .version(version.into())
                .fill(&ISSUER, &directory.issuer)
                .fill(&CLIENT, &directory.client_id)
                .fill(&FACTOR, &directory.asks_second_factor);
            match lines(&directory.domains) {
                Some(domains) => filled.fill(&DOMAINS, &domains),
                None => filled,
            }
        }
        None => match lines(&found.mail_domains) {
            Some(domains) => form.fill(&DOMAINS, &domains),
            None => form,
        },
    };
    let sheet = sheet(agency, &found, form.refused(refused));
    let page = Page::new(format!("Directory of {}", found.agency)).section("settings");
    let page = page.back("/agencies", "Agencies").refused(sheet.has_errors());
    asker.page(&page, "pages/sheet", &sheet)
}

async fn show(asker: Asker, agency: web::Path<AgencyId>) -> Answer {
    draw(&asker, *agency, None).await
}

async fn save(asker: Asker, agency: web::Path<AgencyId>, posted: Posted) -> Answer {
    let agency = *agency;
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, agency, Some(refused)).await,
    };
    let version = posted.version;
    let saved =
        asker.submit(posted.operation, move |ctx| directory::save(ctx, agency, version, &form));
    match saved.await {
        Ok(()) => see(address(agency)),
        // What was typed holds a secret, which waits nowhere for a proof.
        Err(Failure::Unsure) => see(with_next("/confirm", &address(agency))),
        Err(Failure::Stale) => {
            let said = "Somebody else changed this directory. Check what you typed and save again.";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw(&asker, agency, Some(refused)).await
        }
        Err(failure) => draw(&asker, agency, Some(posted.refused(failure)?)).await,
    }
}

async fn try_out(asker: Asker, agency: web::Path<AgencyId>, _posted: Posted) -> Answer {
    let (agency, session) = (*agency, asker.session.id);
    match asker.ask_outside(move |ctx| directory::to_try(ctx, session, agency)).await? {
        Sent::There(way) => leave(&asker.web, &asker.viewer(), &way, "/"),
        Sent::Away => away(&asker.web, &asker.viewer()),
        Sent::Nowhere => Err(Failure::NotFound),
    }
}

/// What a trial showed, to whoever connects the directory.
pub(super) fn tried(
    shared: &Web,
    viewer: &Viewer,
    agency: AgencyId,
    tried: Result<(), String>,
) -> Answer {
    let code = match tried {
        Ok(()) => return see(address(agency)),
        Err(code) => code,
    };
    let title = "The directory does not work yet";
    let sheet = Sheet::new(title)
        .text(in_words(&code))
        .facts(Facts::new(vec![Fact::new("What was found", code)]))
        .links(vec![Link::new(address(agency), "Back to the connection")]);
    let page = Page::new(title).section("settings").status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(shared.site.page(viewer, &page, "pages/sheet", &sheet)?)
}

fn in_words(code: &str) -> &'static str {
    match code {
        "unverified_address" => {
            "The directory does not say that the address it gave is that person’s. It must send \
             the claims email and email_verified."
        }
        "foreign_domain" => "You signed in there with an address outside of the domains below.",
        "client_refused" => "The directory does not take the client id with this secret.",
        "code_refused" => {
            "The directory did not redeem its own code. Check the client id, and the address it sends people back to."
        }
        "no_code" => {
            "You were sent back without a code: you broke off, or the directory does not know this service."
        }
        "no_key" | "signature" | "algorithm" => {
            "The directory must sign by RS256, ES256 or EdDSA, with a key that it publishes."
        }
        "expired" | "issued" | "not_yet" => {
            "The clocks of the directory and of this service differ."
        }
        _ => "What the directory answered is not what was asked for.",
    }
}

async fn bind(asker: Asker, agency: AgencyId, posted: Posted, is_only: bool) -> Answer {
    let version = posted.version;
    let bind = move |ctx: &panel_app::Ctx<'_>| directory::set_only(ctx, agency, version, is_only);
    asker.submit(posted.operation, bind).await?;
    see(address(agency))
}

async fn only(asker: Asker, agency: web::Path<AgencyId>, posted: Posted) -> Answer {
    bind(asker, *agency, posted, true).await
}

async fn beside(asker: Asker, agency: web::Path<AgencyId>, posted: Posted) -> Answer {
    bind(asker, *agency, posted, false).await
}

async fn remove(asker: Asker, agency: web::Path<AgencyId>, posted: Posted) -> Answer {
    let agency = *agency;
    asker.submit(posted.operation, move |ctx| directory::remove(ctx, agency)).await?;
    see(address(agency))
}

async fn forget(asker: Asker, user: web::Path<UserId>, posted: Posted) -> Answer {
    let user = *user;
    asker.submit(posted.operation, move |ctx| directory::forget(ctx, user)).await?;
    see(format!("/users/{user}?done=directory_forgotten"))
}
