//! Two records side by side, with what speaks for one person and what against, and the decision.

use super::{facts, name_of, path};
use crate::answer::{Answer, see};
use crate::form::kinds::one_of;
use crate::form::{Field, Form, FormView, Refused};
use crate::posted::Posted;
use crate::view::facts::Facts;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Body, Button, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::people::{self, Link as Alikeness};
use panel_core::coded::Coded;
use panel_core::id::PersonId;
use panel_core::likeness::Verdict;
use panel_core::time::local_date;

static VERDICT: Field<'_, Verdict> =
    one_of("verdict", "Are they one person?").missing("Select whether they are one person");
static FORM: Form = Form::of(&[&VERDICT]);

fn address(pair: &Alikeness) -> String {
    format!("/people/{}/compare/{}", pair.one.id, pair.two.id)
}

/// Pairs that wait for a decision at the panels of the person who asks.
pub(super) async fn offers(asker: Asker) -> Answer {
    let found = asker.ask(people::offers).await?;
    let row = |pair: &Alikeness| {
        let evidence: Vec<&str> =
            pair.likeness.evidence.iter().map(|it| it.words.as_str()).collect();
        Row::new(vec![
            Cell::link(address(pair), name_of(&pair.one)).heading(),
            Cell::text(name_of(&pair.two)),
            Cell::text(evidence.join("; ")),
        ])
    };
    let columns = ["Record", "Looks like", "Because"].map(Column::new).into();
    let table = Table::new(columns, found.iter().map(row).collect())
        .hidden_caption("Records that look alike")
        .or_say("No records wait for a decision.");
    let heading = "Records that may be the same person";
    let sheet = Sheet::new(heading)
        .text("Nothing is joined by itself. Say of each pair whether they are one person.")
        .table(table);
    let page = Page::new(heading).section("cases").back("/cases", "Cases");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw(asker: &Asker, (one, two): (PersonId, PersonId), refused: Option<Refused>) -> Answer {
    let pair = asker.ask(move |ctx| people::compare(ctx, one, two)).await?;
    let today = asker.today()?;
    let form = FormView::new(&FORM, address(&pair))
        .fill(&VERDICT, &pair.verdict)
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(pair.one.id))
        .refused(refused);
    let evidence = pair.likeness.evidence.iter().map(|it| {
        let side = if it.points < 0 { "Against" } else { "For" };
        format!("{side}: {}", it.words)
    });
    let heading = "May be the same person";
    let mut body = Body::titled(heading)
        .text("The records stay as they are; what you say can be taken back at any time.")
        .facts(Facts::new(facts(&pair.one, today)).card("The older record"))
        .facts(Facts::new(facts(&pair.two, today)).card("The newer record"))
        .heading("What speaks for it and against it");
    let evidence: Vec<String> = evidence.collect();
    body = if evidence.is_empty() {
        body.text("Nothing that is written in both.")
    } else {
        body.bullets(evidence)
    };
    if let Some(at) = pair.decided_at.filter(|_| pair.verdict != Verdict::Offered) {
        let on = dates::with_weekday(local_date(at));
        body = body.inset(format!("Said on {on}: {}.", pair.verdict.label().to_lowercase()));
    }
    body = body.form(form).links(vec![
        Link::new(path(pair.one.id), "Go to the older record"),
        Link::new(path(pair.two.id), "Go to the newer record"),
        Link::new("/people/alike", "All records that look alike"),
    ]);
    let page = Page::new(heading).section("cases").back("/people/alike", "Records that look alike");
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

type At = web::Path<(PersonId, PersonId)>;

pub(super) async fn ask(asker: Asker, at: At) -> Answer {
    draw(&asker, at.into_inner(), None).await
}

pub(super) async fn decide(asker: Asker, at: At, posted: Posted) -> Answer {
    let (one, two) = at.into_inner();
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let verdict = reader.get(&VERDICT);
    let verdict = match reader.finish(|| verdict) {
        Ok(verdict) => verdict,
        Err(refused) => return draw(&asker, (one, two), Some(refused)).await,
    };
    let work = move |ctx: &panel_app::Ctx<'_>| people::decide(ctx, one, two, verdict);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(format!("/people/{one}/compare/{two}")),
        Err(failure) => draw(&asker, (one, two), Some(posted.refused(failure)?)).await,
    }
}
