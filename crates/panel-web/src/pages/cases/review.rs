//! When a case comes back: an agreed date, or an event that brings it to the next meeting.

use super::{called, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, line};
use crate::form::{Days, Form, FormPage, FormView, Optional, Refused, StaleView, Values};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::cases::{self, CaseDetail, ReviewForm};
use panel_core::id::CaseId;
use panel_core::text::Title;

static NEXT: Optional<'_, NaiveDate> = date("next_review_on", "Next review")
    .hint("Leave it blank to go by the panel’s rule.")
    .days(Days::FromToday)
    .optional();
static EVENT: Optional<'_, Title> = line("trigger_note", "Event that brings it back")
    .hint("For example, a release, or a new partner. The case then comes to the next meeting.")
    .optional();
static FORM: Form = Form::of(&[&NEXT, &EVENT]);

fn page(id: CaseId) -> Page {
    Page::new("Agree the next review").section("cases").back(path(id), "Case")
}

async fn load(asker: &Asker, id: CaseId) -> Result<CaseDetail, Failure> {
    asker.ask(move |ctx| cases::show(ctx, id)).await
}

fn view(asker: &Asker, detail: &CaseDetail) -> Result<FormView<'static>, Failure> {
    let row = &detail.row;
    Ok(FormView::new(&FORM, format!("{}/review", path(row.id)))
        .fill(&NEXT, &row.next_review_on)
        .fill(&EVENT, &Title::parse(&row.trigger_note).ok())
        .version(row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(row.id)))
}

async fn draw(asker: &Asker, id: CaseId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    if !detail.may.review {
        return Err(Failure::NotFound);
    }
    let form = view(asker, &detail)?.refused(refused);
    let caption = called(&detail.row);
    let view = FormPage::new("Agree the next review", form).caption(caption);
    asker.form(page(id), view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<CaseId>) -> Answer {
    draw(&asker, *id, None).await
}

pub(super) async fn agree(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (next, event) = (reader.get(&NEXT), reader.get(&EVENT));
    let read = reader.finish(|| {
        let trigger_note = event?.map(String::from).unwrap_or_default();
        Some(ReviewForm { next_review_on: next?, trigger_note, ..ReviewForm::default() })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let done = asker.submit(posted.operation, move |ctx| cases::review(ctx, id, version, &form));
    match done.await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => stale(&asker, id, posted.values).await,
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// Both texts, when somebody else changed the case first.
async fn stale(asker: &Asker, id: CaseId, typed: Values) -> Answer {
    let detail = load(asker, id).await?;
    let mut current = Values::new();
    if let Some(day) = detail.row.next_review_on {
        let parts = [("day", "%-d"), ("month", "%-m"), ("year", "%Y")];
        for (part, format) in parts {
            current.set(format!("next_review_on-{part}"), day.format(format).to_string());
        }
    }
    current.set("trigger_note", detail.row.trigger_note.clone());
    let form = view(asker, &detail)?.typed(typed);
    let view = StaleView::new(form, &current, detail.row.version.into(), path(id));
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(id))?)
}
