//! Which agencies take part in a case.

use super::{called, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::ids;
use crate::form::{Choice, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::cases::{self, AgenciesForm, CaseDetail};
use panel_app::panels;
use panel_core::id::{AgencyId, CaseId};

static AGENCIES: Optional<'_, Vec<AgencyId>> =
    ids("agencies", "Agencies that take part").optional();
static FORM: Form = Form::of(&[&AGENCIES]);

const HEADING: &str = "Agencies of this case";

/// Agencies of the case's panel, and those that take part without belonging to it any more.
async fn choices(asker: &Asker, detail: &CaseDetail) -> Result<Vec<Choice>, Failure> {
    let panel = detail.row.panel;
    let found = asker.ask(move |ctx| panels::show(ctx, panel)).await?;
    let is_member = |id: &AgencyId| found.agencies.iter().any(|member| member.agency == *id);
    let gone = detail.agencies.iter().filter(|(id, _)| !is_member(id));
    let members = found.agencies.iter().map(|member| {
        let choice = Choice::new(member.agency, member.name.clone());
        if member.core {
            choice.hint("Core: takes part again with the next agenda")
        } else {
            choice
        }
    });
    Ok(members.chain(gone.map(|(id, name)| Choice::new(id, name.clone()))).collect())
}

async fn draw(asker: &Asker, id: CaseId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| cases::show(ctx, id)).await?;
    if !detail.may.agencies {
        return Err(Failure::NotFound);
    }
    let there: Vec<AgencyId> = detail.agencies.iter().map(|(agency, _)| *agency).collect();
    let form = FormView::new(&FORM, format!("{}/agencies", path(id)))
        .choices(&AGENCIES, choices(asker, &detail).await?)
        .fill(&AGENCIES, &Some(there))
        .version(detail.row.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(id))
        .refused(refused);
    let view = FormPage::new(HEADING, form).caption(called(&detail.row)).intro(
        "The representatives of an agency that takes part see this case. An agency that you leave \
             out no longer sees it, and its unanswered information requests are withdrawn.",
    );
    let page = Page::new(HEADING).section("cases").back(path(id), "Case");
    asker.form(page, view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<CaseId>) -> Answer {
    draw(&asker, *id, None).await
}

pub(super) async fn set(asker: Asker, id: web::Path<CaseId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let chosen = reader.get(&AGENCIES);
    let read = reader.finish(|| {
        Some(AgenciesForm { agencies: chosen?.unwrap_or_default().into_iter().collect() })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| cases::set_agencies(ctx, id, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw(&asker, id, Some(super::close::behind(&posted))).await,
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
