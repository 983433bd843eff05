//! Confirming an import, or throwing it away.

use super::{load, load_found, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::tick;
use crate::form::{ConfirmView, Field, Form, FormView, Refused};
use crate::posted::Posted;
use crate::view::Button;
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{self, Found};
use panel_core::id::ImportId;
use panel_core::words::count;

static WITHOUT_BAD: Field<'_, bool> =
    tick("without_bad", "Import the good rows without those that cannot be imported");
static FORM: Form = Form::of(&[&WITHOUT_BAD]);
static NOTHING: Form = Form::of(&[]);

/// `Import 115 referrals and 289 actions; leave 5 rows out`.
fn sentence(found: &Found) -> String {
    let parts = [
        (found.new_referrals(), "referral"),
        (found.new_actions(), "action"),
        (found.new_reps(), "agency representative"),
    ];
    let some: Vec<String> = parts
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, noun)| count(many, noun))
        .collect();
    let all = match some.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    };
    match found.preview.counts.bad_rows {
        0 => format!("Import {all}"),
        bad => format!("Import {all}; leave {} out", count(bad, "row")),
    }
}

async fn draw_confirm(asker: &Asker, id: ImportId, refused: Option<Refused>) -> Answer {
    let (shown, found) = load_found(asker, id).await?;
    let bad = found.preview.counts.bad_rows > 0;
    let form = FormView::new(if bad { &FORM } else { &NOTHING }, format!("{}/confirm", path(id)))
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Import"))
        .cancel(path(id))
        .refused(refused);
    let heading = sentence(&found);
    let mut view = ConfirmView::new(&*heading, form)
        .caption(&*shown.import.file_name)
        .text("All of it is saved at once, or nothing. Nobody is sent any mail.");
    let new: Vec<&str> = found
        .preview
        .agencies
        .iter()
        .filter(|guess| guess.known.is_none())
        .map(|guess| guess.name.as_str())
        .collect();
    if !new.is_empty() {
        view =
            view.text(format!("Agencies that Panel does not have are added: {}.", new.join(", ")));
    }
    let open = found.offers.iter().filter(|offer| offer.same.is_none()).count();
    if open > 0 {
        view = view.text(format!(
            "{} that may be one person stay apart until somebody decides.",
            count(open, "pair")
        ));
    }
    let page = page("Confirm the import", &shown.import);
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn ask_confirm(asker: Asker, id: web::Path<ImportId>) -> Answer {
    draw_confirm(&asker, *id, None).await
}

pub(super) async fn confirm(asker: Asker, id: web::Path<ImportId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let without_bad = reader.get(&WITHOUT_BAD);
    let without_bad = match reader.finish(|| without_bad) {
        Ok(without_bad) => without_bad,
        Err(refused) => return draw_confirm(&asker, id, Some(refused)).await,
    };
    let work = move |ctx: &panel_app::Ctx<'_>| imports::confirm(ctx, id, version, without_bad);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => {
            let said = "Something changed since this page was drawn. Check the import again";
            let refused = Refused::by_rule(&posted.values, "", "stale", said);
            draw_confirm(&asker, id, Some(refused)).await
        }
        Err(Failure::Rule { code: "bad_rows", sentence }) => {
            let field = "without_bad";
            let refused = Refused::by_rule(&posted.values, field, "bad_rows", sentence);
            draw_confirm(&asker, id, Some(refused)).await
        }
        Err(failure) => draw_confirm(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

pub(super) async fn ask_discard(asker: Asker, id: web::Path<ImportId>) -> Answer {
    draw_discard(&asker, *id, None).await
}

async fn draw_discard(asker: &Asker, id: ImportId, refused: Option<Refused>) -> Answer {
    let shown = load(asker, id).await?;
    let form = FormView::new(&NOTHING, format!("{}/discard", path(id)))
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::warning("Discard the file"))
        .cancel(path(id))
        .refused(refused);
    let view = ConfirmView::new("Discard this file", form)
        .caption(&*shown.import.file_name)
        .text("The file and what you corrected are thrown away. Nothing of it was imported.");
    let page = page("Discard this file", &shown.import);
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn discard(asker: Asker, id: web::Path<ImportId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let work = move |ctx: &panel_app::Ctx<'_>| imports::discard(ctx, id, version);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(path(id)),
        Err(failure) => draw_discard(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
