//! People who use Panel: invite, change, seat.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, email, id, line, one_of, tick};
use crate::form::{Choice, Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::dates;
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Confirmation;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::users::{self, SeatForm, User, UserDetail, UserForm};
use panel_app::{agencies, directory, panels, second_factor};
use panel_core::access::Role;
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, PanelId, SeatId, UserId};
use panel_core::text::{EmailAddress, Name};
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/users", Administrator => list),
        route!(GET "/users/new", Administrator => new),
        route!(POST "/users/new", Administrator => invite),
        route!(GET "/users/{user}", Administrator => show),
        route!(GET "/users/{user}/edit", Administrator => edit),
        route!(POST "/users/{user}/edit", Administrator => change),
        route!(POST "/users/{user}/invite-again", Administrator => invite_again),
        route!(POST "/users/{user}/sign-out", Administrator => sign_out),
        route!(POST "/users/{user}/reopen", Administrator => reopen),
        route!(POST "/users/{user}/reset-second-factor", Administrator => reset_factor),
        route!(GET "/users/{user}/seats/new", Administrator => new_seat),
        route!(POST "/users/{user}/seats/new", Administrator => seat),
        route!(POST "/users/{user}/seats/{seat}/end", Administrator => end_seat),
    ]
}

static NAME: Field<'_, Name> = line("name", "Full name");
static EMAIL: Field<'_, EmailAddress> = email("email", "Work email address");
static AGENCY: Field<'_, AgencyId> = id("agency", "Agency");
static ADMINISTRATOR: Field<'_, bool> =
    tick("administrator", "Runs the service: agencies, people and panels, never cases");
static FORM: Form = Form::of(&[&NAME, &EMAIL, &AGENCY, &ADMINISTRATOR]);

static PANEL: Field<'_, PanelId> = id("panel", "Panel");
static ROLE: Field<'_, Role> = one_of("role", "Role");
static FROM: Field<'_, NaiveDate> = date("from", "First day");
static UNTIL: Optional<'_, NaiveDate> = date("until", "Last day").optional();
static SEAT: Form = Form::of(&[&PANEL, &ROLE, &FROM, &UNTIL]);

fn read(posted: &Posted, today: NaiveDate) -> Result<UserForm, Refused> {
    let mut reader = FORM.read(&posted.values, today);
    let (name, email) = (reader.get(&NAME), reader.get(&EMAIL));
    let (agency, administrator) = (reader.get(&AGENCY), reader.get(&ADMINISTRATOR));
    reader.finish(|| {
        Some(UserForm {
            name: name?.into(),
            email: email?.as_str().to_owned(),
            agency: agency?,
            administrator: administrator?,
        })
    })
}

async fn agency_choices(asker: &Asker) -> Result<Vec<Choice>, Failure> {
    let all = asker.ask(agencies::list).await?;
    let live = all.iter().filter(|agency| agency.value.ended_on.is_none());
    Ok(live.map(|agency| Choice::new(agency.value.id, agency.value.name.as_str())).collect())
}

fn page(title: &str) -> Page {
    Page::new(title).section("settings")
}

async fn list(asker: Asker) -> Answer {
    let all = asker.ask(users::list).await?;
    let rows = all.iter().map(|user| {
        let state = match (user.ended_on, user.last_sign_in) {
            (Some(day), _) => format!("Left on {}", dates::date(day)),
            (None, None) => "Invited, has not signed in".to_owned(),
            (None, Some(at)) => {
                format!("Last signed in on {}", dates::date(panel_core::time::local_date(at)))
            }
        };
        Row::new(vec![
            Cell::link(format!("/users/{}", user.id), &user.name).heading(),
            Cell::text(&user.email),
            Cell::text(state),
        ])
    });
    let columns = ["Name", "Email address", "State"].map(Column::new).into();
    let table = Table::new(columns, rows.collect())
        .hidden_caption("People who use Panel")
        .wide()
        .or_say("Nobody has been invited yet.");
    let sheet = Sheet::new("People who use Panel")
        .acts(vec![Act::link("/users/new", "Invite a person")])
        .table(table);
    asker.page(&page("People who use Panel").crumb("/settings", "Settings"), "pages/sheet", &sheet)
}

async fn draw_new(asker: &Asker, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&FORM, "/users/new")
        .choices(&AGENCY, agency_choices(asker).await?)
        .operation(asker.operation()?)
        .button(Button::new("Invite"))
        .cancel("/users")
        .refused(refused);
    let view = FormPage::new("Invite a person", form)
        .intro("They get a link by email to set their password. It works once, for seven days.");
    asker.form(page("Invite a person").back("/users", "People who use Panel"), view).await
}

async fn new(asker: Asker) -> Answer {
    draw_new(&asker, None).await
}

#[derive(Serialize)]
struct LinkShown {
    confirmation: Confirmation,
    link: String,
    back: String,
}

fn show_link(asker: &Asker, user: UserId, link: String) -> Answer {
    let confirmation = Confirmation { title: "Invitation sent".to_owned(), text: None };
    let view = LinkShown { confirmation, link, back: format!("/users/{user}") };
    asker.page(&page("Invitation sent"), "pages/account-link", &view)
}

async fn invite(asker: Asker, posted: Posted) -> Answer {
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_new(&asker, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| users::invite(ctx, &form)).await {
        Ok(invited) => show_link(&asker, invited.user, invited.link),
        Err(failure) => draw_new(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn invite_again(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    let invited = asker.submit(posted.operation, move |ctx| users::invite_again(ctx, id)).await?;
    show_link(&asker, invited.user, invited.link)
}

fn seats(detail: &UserDetail) -> Table {
    let rows = detail.seats.iter().map(|(seat, panel)| {
        let until = seat.until.map_or_else(|| "no end set".to_owned(), dates::date);
        Row::new(vec![
            Cell::text(panel).heading(),
            Cell::text(seat.role.label()),
            Cell::text(format!("{} to {until}", dates::date(seat.from))),
        ])
    });
    Table::new(["Panel", "Role", "Dates"].map(Column::new).into(), rows.collect())
        .hidden_caption("Seats")
        .wide()
        .or_say("This person has no seat at a panel yet.")
}

/// What was just done.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    SignedOut,
    FactorReset,
    Reopened,
    DirectoryForgotten,
}

#[derive(Debug, Deserialize)]
struct Said {
    done: Option<Done>,
}

/// Whether somebody can sign in.
fn standing(user: &User) -> String {
    match (user.ended_on, user.suspended_on) {
        (Some(day), _) => format!("Closed on {}", dates::date(day)),
        (None, Some(day)) => format!("Suspended on {}, because nobody used it", dates::date(day)),
        (None, None) => "Open".to_owned(),
    }
}

fn told(done: Done) -> Banner {
    Banner::success(match done {
        Done::SignedOut => {
            "This person is signed out everywhere. Tokens of their programs are revoked."
        }
        Done::FactorReset => {
            "The second factor is removed, and the person is signed out and told so."
        }
        Done::DirectoryForgotten => {
            "The next time the directory sends this person, the email address decides. The person is told."
        }
        Done::Reopened => "The account is open again, and the person is told so.",
    })
}

/// What can be done with an account.
fn acts(detail: &UserDetail, is_of_directory: bool) -> Vec<Act> {
    let user = &detail.user;
    let post = |to: &str, label: &str| {
        Act::post(format!("/users/{}/{to}", user.id), Button::secondary(label))
    };
    let mut acts = vec![
        Act::link(format!("/users/{}/edit", user.id), "Change"),
        post("invite-again", "Send a new link"),
        post("sign-out", "Sign out everywhere"),
        Act::link(format!("/users/{}/leaving", user.id), "Hand over and remove").quiet(),
    ];
    if user.suspended_on.is_some() {
        acts.push(post("reopen", "Open the account again"));
    }
    if detail.has_second_factor {
        acts.push(post("reset-second-factor", "Reset the second factor"));
    }
    if is_of_directory {
        acts.push(post("forget-directory", "Forget the directory’s name for this person"));
    }
    acts
}

async fn show(asker: Asker, id: web::Path<UserId>, said: web::Query<Said>) -> Answer {
    let id = *id;
    let banner = said.done.map(told);
    let detail = asker.ask(move |ctx| users::show(ctx, id)).await?;
    let is_of_directory = asker.ask(move |ctx| directory::may_be_forgotten(ctx, id)).await?;
    let today = asker.today()?;
    let user = &detail.user;
    let facts = Facts::new(vec![
        Fact::new("Email address", &user.email),
        Fact::new("Agency", &detail.agency),
        Fact::new("Runs the service", if user.administrator { "Yes" } else { "No" }),
        Fact::new("Account", standing(user)),
    ]);
    let live = detail.seats.iter().filter(|(seat, _)| seat.until.is_none_or(|until| until > today));
    let ends = live.map(|(seat, panel)| {
        let button = Button::secondary(format!("End the seat at {panel}"));
        Act::post(format!("/users/{id}/seats/{}/end", seat.id), button)
    });
    let mut sheet = Sheet::new(&user.name);
    if EmailAddress::parse(&user.email).is_ok_and(|address| address.looks_shared()) {
        sheet = sheet.warning(Warning {
            text: "This looks like an address that several people read, or nobody. Whoever reads it can set \
                   this person’s password. Give each person an address of their own."
                .to_owned(),
        });
    }
    let sheet = sheet
        .facts(facts)
        .acts(acts(&detail, is_of_directory))
        .heading("Seats")
        .table(seats(&detail))
        .acts(vec![Act::link(format!("/users/{id}/seats/new"), "Add a seat")])
        .acts(ends.collect());
    let page = page(&user.name).back("/users", "People who use Panel").banner(banner);
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw_edit(asker: &Asker, id: UserId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| users::show(ctx, id)).await?;
    let user = detail.user;
    let broken = |_| Failure::Broken("a stored name or address does not parse".to_owned());
    let form = FormView::new(&FORM, format!("/users/{id}/edit"))
        .choices(&AGENCY, agency_choices(asker).await?)
        .fill(&NAME, &Name::parse(&user.name).map_err(broken)?)
        .fill(&EMAIL, &EmailAddress::parse(&user.email).map_err(broken)?)
        .fill(&AGENCY, &user.agency)
        .fill(&ADMINISTRATOR, &user.administrator)
        .version(user.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(format!("/users/{id}"))
        .refused(refused);
    let page = page(&user.name).back(format!("/users/{id}"), user.name.clone());
    asker.form(page, FormPage::new(format!("Change {}", user.name), form)).await
}

async fn edit(asker: Asker, id: web::Path<UserId>) -> Answer {
    draw_edit(&asker, *id, None).await
}

async fn change(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_edit(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    match asker.submit(posted.operation, move |ctx| users::change(ctx, id, version, &form)).await {
        Ok(()) => see(format!("/users/{id}")),
        Err(failure) => draw_edit(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

async fn draw_seat(asker: &Asker, id: UserId, refused: Option<Refused>) -> Answer {
    let all = asker.ask(panels::list).await?;
    let choices = all.iter().map(|p| Choice::new(p.value.id, p.value.name.as_str())).collect();
    let form = FormView::new(&SEAT, format!("/users/{id}/seats/new"))
        .choices(&PANEL, choices)
        .fill(&FROM, &asker.today()?)
        .operation(asker.operation()?)
        .button(Button::new("Add the seat"))
        .cancel(format!("/users/{id}"))
        .refused(refused);
    let page = page("Add a seat").back(format!("/users/{id}"), "Back");
    asker.form(page, FormPage::new("Add a seat", form)).await
}

async fn new_seat(asker: Asker, id: web::Path<UserId>) -> Answer {
    draw_seat(&asker, *id, None).await
}

async fn seat(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = SEAT.read(&posted.values, asker.today()?);
    let (panel, role) = (reader.get(&PANEL), reader.get(&ROLE));
    let (from, until) = (reader.get(&FROM), reader.get(&UNTIL));
    let form = match reader.finish(|| {
        Some(SeatForm { panel: panel?, role: role?, from: from?, until: until?, deputy_for: None })
    }) {
        Ok(form) => form,
        Err(refused) => return draw_seat(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| users::seat(ctx, id, &form)).await {
        Ok(_) => see(format!("/users/{id}")),
        Err(failure) => draw_seat(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

async fn sign_out(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    asker.submit(posted.operation, move |ctx| users::sign_out(ctx, id)).await?;
    see(format!("/users/{id}?done=signed_out"))
}

async fn reopen(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    asker.submit(posted.operation, move |ctx| users::reopen(ctx, id)).await?;
    see(format!("/users/{id}?done=reopened"))
}

async fn reset_factor(asker: Asker, id: web::Path<UserId>, posted: Posted) -> Answer {
    let id = *id;
    asker.submit(posted.operation, move |ctx| second_factor::reset(ctx, id)).await?;
    see(format!("/users/{id}?done=factor_reset"))
}

async fn end_seat(asker: Asker, path: web::Path<(UserId, SeatId)>, posted: Posted) -> Answer {
    let (id, seat) = *path;
    let today = asker.today()?;
    asker.submit(posted.operation, move |ctx| users::end_seat(ctx, id, seat, today)).await?;
    see(format!("/users/{id}"))
}
