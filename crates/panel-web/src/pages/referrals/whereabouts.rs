//! Where the people of a referral can be found: asked for with a reason, and who may ask.

use super::{path, words};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id, narrative};
use crate::form::{Choice, Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::referrals::{self, ReferralDetail};
use panel_app::whereabouts::{self, ReaderForm, Readers, RevealForm};
use panel_core::coded::Coded;
use panel_core::id::{PersonId, ReaderId, ReferralId, UserId};
use panel_core::referral::{NamedAs, ProtectedField};
use panel_core::text::Note;
use panel_core::time::local_date;
use std::collections::BTreeSet;

static WHY: Field<'_, Note> = narrative("reason", "Why do you need it?").hint(
    "It is written down with your name and the time, and whoever runs the panel can read it.",
);
static ASK: Form = Form::of(&[&WHY]);

static PERSON: Field<'_, UserId> = id("person", "Person");
static REASON: Field<'_, Note> = narrative("reason", "Why does this person need it?");
static END: Form = Form::of(&[]);
static NAME: Form = Form::of(&[&PERSON, &REASON]);

/// Somebody of whom something is kept apart.
struct Harboured {
    person: PersonId,
    name: String,
    fields: BTreeSet<ProtectedField>,
}

/// Everybody of a referral of whom something is kept apart, in the form's order.
fn harboured(detail: &ReferralDetail) -> Vec<Harboured> {
    let one = |mention: &referrals::Mention| {
        let place = usize::try_from(mention.position).ok()?.checked_sub(1)?;
        let fields = match mention.named_as {
            NamedAs::Victim => &detail.form.victims.get(place)?.kept,
            NamedAs::Child => &detail.form.children.get(place)?.kept,
        };
        let record = detail.people.iter().find(|one| one.id == mention.person);
        let name = record.map_or_else(String::new, words::record);
        let harboured = Harboured { person: mention.person, name, fields: fields.clone() };
        (!harboured.fields.is_empty()).then_some(harboured)
    };
    detail.mentions.iter().filter_map(one).collect()
}

fn at(referral: ReferralId, person: PersonId) -> String {
    format!("{}/people/{person}/whereabouts", path(referral))
}

fn readers_at(referral: ReferralId) -> String {
    format!("{}/readers", path(referral))
}

/// What of a referral is kept apart, with the way to it for whoever may read it.
pub(super) fn section(sheet: Sheet, detail: &ReferralDetail, runs: bool) -> Sheet {
    let all = harboured(detail);
    if all.is_empty() {
        return sheet;
    }
    let mut sheet = sheet.heading("Kept apart").text(
        "Where victims and children can be found is sealed. Each reading needs a reason and is \
         written down.",
    );
    let mut columns = vec![Column::new("Name"), Column::new("What is kept")];
    if detail.may_reveal {
        columns.push(Column::new(""));
    }
    let rows = all.iter().map(|one| {
        let fields = one.fields.iter().map(|field| field.label()).collect::<Vec<_>>().join(", ");
        let mut cells = vec![Cell::text(&*one.name).heading(), Cell::text(fields)];
        if detail.may_reveal {
            cells.push(Cell::link(at(detail.row.id, one.person), "Read").about(&*one.name));
        }
        Row::new(cells)
    });
    sheet = sheet.table(Table::new(columns, rows.collect()).hidden_caption("What is kept apart"));
    if runs {
        sheet = sheet.links(vec![Link::new(readers_at(detail.row.id), "Who may read it")]);
    }
    sheet
}

type At = web::Path<(ReferralId, PersonId)>;

fn page(id: ReferralId, heading: &str) -> Page {
    Page::new(heading.to_owned()).section("referrals").back(path(id), "Referral")
}

async fn load(asker: &Asker, (id, person): (ReferralId, PersonId)) -> Result<Harboured, Failure> {
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    let found = harboured(&detail).into_iter().find(|one| one.person == person);
    found.filter(|_| detail.may_reveal).ok_or(Failure::NotFound)
}

const HEADING: &str = "Read what is kept apart";

async fn draw(asker: &Asker, at_: (ReferralId, PersonId), refused: Option<Refused>) -> Answer {
    let found = load(asker, at_).await?;
    let (id, person) = at_;
    let form = FormView::new(&ASK, at(id, person))
        .operation(asker.operation()?)
        .button(Button::new("Show it"))
        .cancel(path(id))
        .refused(refused);
    let fields: Vec<&str> = found.fields.iter().map(|field| field.label()).collect();
    let view = FormPage::new(HEADING, form)
        .caption(found.name)
        .intro(format!("Kept: {}.", fields.join(", ")));
    asker.form(page(id, HEADING), view).await
}

pub(super) async fn ask(asker: Asker, at: At) -> Answer {
    draw(&asker, *at, None).await
}

/// The answer to the form itself shows it, so that no address leads there.
pub(super) async fn reveal(asker: Asker, at: At, posted: Posted) -> Answer {
    let (id, person) = *at;
    let mut reader = ASK.read(&posted.values, asker.today()?);
    let reason = reader.get(&WHY);
    let form = match reader.finish(|| Some(RevealForm { reason: reason?.as_str().to_owned() })) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, *at, Some(refused)).await,
    };
    let name = load(&asker, *at).await?.name;
    let found = match asker.ask(move |ctx| whereabouts::reveal(ctx, id, person, &form)).await {
        Ok(found) => found,
        Err(failure) => return draw(&asker, *at, Some(posted.refused(failure)?)).await,
    };
    let facts = found
        .in_words()
        .into_iter()
        .map(|(field, words)| Fact::prose(field.label(), words.to_owned()));
    let sheet = Sheet::new(name)
        .caption("Kept apart")
        .warning(Warning {
            text:
                "Do not write this into notes, actions, minutes or mail. Leave the page when you \
                   have what you need."
                    .to_owned(),
        })
        .facts(Facts::new(facts.collect()))
        .links(vec![Link::new(path(id), "Back to the referral")]);
    asker.page(&page(id, HEADING), "pages/sheet", &sheet)
}

const READERS: &str = "Who may read what is kept apart";

fn named(found: &Readers) -> Table {
    let rows = found.named.iter().map(|one| {
        let since = dates::short(local_date(one.named_at));
        let ended = one.ended_at.map(|at| dates::short(local_date(at)));
        let last = match ended {
            Some(ended) => Cell::text(format!("Ended {ended}")),
            None => Cell::link(format!("{}/{}/end", readers_at(found.referral), one.id), "End")
                .about(&*one.name),
        };
        Row::new(vec![Cell::text(&*one.name).heading().note(&*one.reason), Cell::text(since), last])
    });
    let columns = ["Name and reason", "Since", ""].map(Column::new).into();
    Table::new(columns, rows.collect()).hidden_caption("Who is named").or_say("Nobody is named.")
}

fn readings(found: &Readers) -> Table {
    let rows = found.reveals.iter().map(|one| {
        Row::new(vec![
            Cell::text(&*one.name).heading().note(&*one.reason),
            Cell::text(words::when(one.at)),
        ])
    });
    let columns = ["Who, and why", "When"].map(Column::new).into();
    Table::new(columns, rows.collect()).hidden_caption("Readings").or_say("Nobody has read it.")
}

pub(super) async fn readers(asker: Asker, id: web::Path<ReferralId>) -> Answer {
    let id = *id;
    let found = asker.ask(move |ctx| whereabouts::readers(ctx, id)).await?;
    let sheet = Sheet::new(READERS)
        .caption(format!("Referral {}", found.reference))
        .text(
            "The panel’s coordinator, the advocates of the case and whoever typed the referral in may \
             read it. Everybody else has to be named here, with a reason.",
        )
        .acts(vec![Act::link(format!("{}/name", readers_at(id)), "Name somebody")])
        .table(named(&found))
        .heading("Who has read it")
        .table(readings(&found));
    asker.page(&page(id, READERS), "pages/sheet", &sheet)
}

async fn draw_name(asker: &Asker, id: ReferralId, refused: Option<Refused>) -> Answer {
    let found = asker.ask(move |ctx| whereabouts::readers(ctx, id)).await?;
    let heading = "Name somebody to read it";
    let form = FormView::new(&NAME, format!("{}/name", readers_at(id)))
        .choices(&PERSON, Choice::named(&found.people))
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(readers_at(id))
        .refused(refused);
    let view = FormPage::new(heading, form).caption(format!("Referral {}", found.reference));
    let page = Page::new(heading).section("referrals").back(readers_at(id), READERS);
    asker.form(page, view).await
}

pub(super) async fn ask_name(asker: Asker, id: web::Path<ReferralId>) -> Answer {
    draw_name(&asker, *id, None).await
}

pub(super) async fn name(asker: Asker, id: web::Path<ReferralId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = NAME.read(&posted.values, asker.today()?);
    let (person, reason) = (reader.get(&PERSON), reader.get(&REASON));
    let read = reader.finish(|| {
        Some(ReaderForm { person: person.map(Some)?, reason: reason?.as_str().to_owned() })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_name(&asker, id, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| whereabouts::name_reader(ctx, id, &form);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(readers_at(id)),
        Err(failure) => draw_name(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

type LineAt = web::Path<(ReferralId, ReaderId)>;

pub(super) async fn ask_end(asker: Asker, at: LineAt) -> Answer {
    let (id, line) = *at;
    let found = asker.ask(move |ctx| whereabouts::readers(ctx, id)).await?;
    let one = found.named.iter().find(|one| one.id == line && one.ended_at.is_none());
    let name = &one.ok_or(Failure::NotFound)?.name;
    let heading = format!("End that {name} may read it");
    let form = FormView::new(&END, format!("{}/{line}/end", readers_at(id)))
        .operation(asker.operation()?)
        .button(Button::warning("End it"))
        .cancel(readers_at(id));
    let view =
        FormPage::new(heading.clone(), form).caption(format!("Referral {}", found.reference));
    let page = Page::new(heading).section("referrals").back(readers_at(id), READERS);
    asker.form(page, view).await
}

pub(super) async fn end(asker: Asker, at: LineAt, posted: Posted) -> Answer {
    let (id, line) = *at;
    let work = move |ctx: &Ctx<'_>| whereabouts::end_reader(ctx, id, line);
    asker.submit(posted.operation, work).await?;
    see(readers_at(id))
}
