//! The agenda that proposes itself: shown with all that it would change, taken when confirmed.

use super::draft::back_to;
use super::{STALE, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::text;
use crate::form::{Field, Form, FormView};
use crate::posted::Posted;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Body, Button, Link};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{self, Proposal, ProposedView};
use panel_core::coded::Coded;
use panel_core::id::MeetingId;

static DIGEST: Field<'_, String> = text("digest", "Proposal").hidden();
static FORM: Form = Form::of(&[&DIGEST]);

pub(super) async fn show(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, None).await
}

async fn load(asker: &Asker, id: MeetingId) -> Result<Proposal, Failure> {
    asker.ask(move |ctx| agenda::proposal(ctx, id)).await
}

async fn draw(asker: &Asker, id: MeetingId, warning: Option<&str>) -> Answer {
    let proposal = load(asker, id).await?;
    let mut body = Body::titled("Proposed agenda");
    for words in warning.map(str::to_owned).iter().chain(&proposal.warnings) {
        body = body.warning(words.clone());
    }
    body = if proposal.changes.is_empty() {
        let words = "Nothing has come or gone since the agenda was last proposed.";
        body.text(words).links(vec![Link::new(path(id), "Go back to the agenda")])
    } else {
        changes(body, &proposal).form(
            FormView::new(&FORM, format!("{}/proposal", path(id)))
                .fill(&DIGEST, &proposal.digest)
                .version(proposal.version.into())
                .operation(asker.operation()?)
                .button(Button::new("Put this on the agenda"))
                .cancel(path(id)),
        )
    };
    let body = waiting(body, &proposal);
    let page = page("Proposed agenda", id).refused(warning.is_some());
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn changes<'a>(body: Body<'a>, proposal: &Proposal) -> Body<'a> {
    if proposal.changes.len() > proposal.added.len() {
        let words = "The order, the minutes and the presenters that you set stay.";
        return body.text(words).bullets(proposal.changes.clone());
    }
    let row = |line: &ProposedView| {
        let item = match line.case {
            Some(case) => Cell::link(format!("/cases/{case}"), line.label.clone()),
            None => Cell::text(line.label.clone()),
        };
        let kind = line.case_type.map(Coded::label).unwrap_or_default();
        let late = if line.late { ", late" } else { "" };
        Row::new(vec![
            Cell::text(line.section.label()),
            if kind.is_empty() { item } else { item.note(format!("{kind}{late}")) }.heading(),
            Cell::text(line.why.clone()),
            Cell::number(line.minutes),
        ])
    };
    let mut columns = ["Section", "Item", "Why"].map(Column::new).to_vec();
    columns.push(Column::numeric("Minutes"));
    let rows = proposal.added.iter().map(row).collect();
    body.text("These come on the agenda, in the published order of business.")
        .table(Table::new(columns, rows).hidden_caption("What comes on the agenda").wide())
}

/// Late referrals for which nobody has said which way they go.
fn waiting<'a>(body: Body<'a>, proposal: &Proposal) -> Body<'a> {
    if proposal.waiting.is_empty() {
        return body;
    }
    let link = |one: &agenda::WaitingView| {
        let words = format!("{}, received at {}", one.reference, one.received);
        Link::new(format!("/referrals/{}", one.referral), words)
    };
    body.heading("Late referrals that wait for the chair")
        .text("They came after the cut-off. The chair decides which way each goes.")
        .links(proposal.waiting.iter().map(link).collect())
}

pub(super) async fn confirm(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let digest = reader.get(&DIGEST);
    let read = reader.finish(|| digest);
    let digest = match read {
        Ok(digest) => digest,
        Err(refused) => return Err(refused.once_found(load(&asker, id)).await),
    };
    let work = move |ctx: &panel_app::Ctx<'_>| agenda::confirm(ctx, id, version, &digest);
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "proposed")),
        Err(Failure::Stale) => draw(&asker, id, Some(STALE)).await,
        Err(failure) => super::not_done(&asker, id, failure).await,
    }
}
