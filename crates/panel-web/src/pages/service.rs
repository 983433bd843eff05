//! Pages about the service itself, and the probes that keep it running.

use crate::answer::Answer;
use crate::errors::Failure;
use crate::routes::{Route, route};
use crate::session::live;
use crate::view::{Page, Sheet, Viewer, dates};
use crate::web::{Web, viewer};
use actix_web::{HttpRequest, HttpResponse, web};
use panel_app::App;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/livez", Anyone => livez),
        route!(GET "/readyz", Anyone => readyz),
        route!(GET "/accessibility", Anyone => accessibility),
        route!(GET "/guide", Anyone => guide),
        route!(GET "/privacy", Anyone => privacy),
        route!(GET "/demo/mailbox", Anyone => mailbox),
    ]
}

/// The process answers.
async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok")
}

/// The database answers, and its schema is this program's.
async fn readyz(shared: web::Data<Web>) -> Result<HttpResponse, Failure> {
    let ready = web::block(move || App::is_ready(&shared.app)).await?;
    Ok(match ready {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready"),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain").body("not ready"),
    })
}

fn draw(request: &HttpRequest, shared: &Web, title: &str, sheet: &Sheet) -> Answer {
    let seen = live(request).map_or_else(Viewer::default, |session| viewer(&session));
    Ok(shared.site.page(&seen, &Page::new(title), "pages/sheet", sheet)?)
}

async fn accessibility(request: HttpRequest, shared: web::Data<Web>) -> Answer {
    let sheet = Sheet::new("Accessibility statement")
        .text("Panel is built to be used by everyone who works with a panel. You should be able to zoom to 400%, use every page by keyboard alone, without script, and listen to it with a screen reader.")
        .heading("How it is tested")
        .text("Pages are checked by axe-core against WCAG 2.2 AA. No test with people who use assistive technology has been made yet.")
        .heading("If something is in your way")
        .text("Tell whoever administers Panel where you work.");
    draw(&request, &shared, "Accessibility statement", &sheet)
}

async fn guide(request: HttpRequest, shared: web::Data<Web>) -> Answer {
    let sheet = Sheet::new("Guide")
        .heading("Coordinators")
        .list(vec![
            "Lay out meetings under Meetings. Every deadline is worked out and says why it falls where it does.".to_owned(),
            "Import the tracker you have kept under Import. Nothing is saved until you confirm.".to_owned(),
            "Before each meeting the agenda proposes itself; you change it and issue it.".to_owned(),
        ])
        .heading("Agency representatives")
        .list(vec![
            "My work shows what you and your agency owe before the next panel.".to_owned(),
            "A message each working morning says how much is due. It never says about whom.".to_owned(),
        ]);
    draw(&request, &shared, "Guide", &sheet)
}

async fn privacy(request: HttpRequest, shared: web::Data<Web>) -> Answer {
    let sheet = Sheet::new("How information is kept")
        .text("You see only the panels you sit at, and only the cases your agency takes part in. What you may not see looks the same as what does not exist.")
        .text("Every time somebody reads or changes a case, the service notes who did and when.")
        .text("Mail from Panel holds your own name, counts and dates, and a link to sign in. It never names anybody a panel is concerned with.");
    draw(&request, &shared, "How information is kept", &sheet)
}

async fn mailbox(request: HttpRequest, shared: web::Data<Web>) -> Answer {
    let letters = shared.letters.as_ref().ok_or(Failure::NotFound)?.all();
    let mut sheet = Sheet::new("Mailbox of the demonstration");
    if letters.is_empty() {
        sheet = sheet.text("No message has been sent yet.");
    }
    for letter in letters.iter().take(50) {
        let at = panel_core::time::local(letter.at);
        sheet = sheet
            .heading(&letter.subject)
            .text(format!("To {}, {}", letter.to, dates::date_and_time(at.date(), at.time())))
            .prose(&letter.body);
    }
    draw(&request, &shared, "Mailbox of the demonstration", &sheet)
}
