//! Emergencies: one case is opened by its reference, others look at that afterwards.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, narrative, one_of};
use crate::form::{Field, Form, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::page::Glass;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::glass::{
    self, GlassDetail, GlassForm, GlassOverview, GlassReviewForm, GlassRow, LateGlass, OpenGlass,
    OwnGlass,
};
use panel_core::access::glass::{Cause, Outcome};
use panel_core::coded::Coded;
use panel_core::id::GlassId;
use panel_core::text::{Name, Note};
use panel_core::time::local;
use panel_core::words;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/glass", SignedIn => overview),
        route!(GET "/glass/open", TakesPart => ask),
        route!(POST "/glass/open", TakesPart => open),
        route!(GET "/glass/{glass}", TakesPart => show),
        route!(POST "/glass/{glass}/close", TakesPart => close),
        route!(POST "/glass/{glass}/review", TakesPart => review),
    ]
}

static REFERENCE: Field<'_, Name> =
    line("reference", "Reference of the case").missing("Enter the reference of the case");
static CAUSE: Field<'_, Cause> = one_of("cause", "What is the emergency?");
static REASON: Field<'_, Note> = narrative("reason", "Reason").hint(
    "Why you need to read this case now, in 20 characters or more. The two people who look at it \
     afterwards read this. Do not name anybody.",
);
static OPEN: Form = Form::of(&[&REFERENCE, &CAUSE, &REASON]);

static OUTCOME: Field<'_, Outcome> = one_of("outcome", "Was it justified?");
static TEXT: Field<'_, Note> =
    narrative("text", "What led to that").hint("In 20 characters or more.");
static REVIEW: Form = Form::of(&[&OUTCOME, &TEXT]);

const HEADING: &str = "Emergency access";
const ASKING: &str = "Open a case in an emergency";

/// What every page says while a case is open.
pub(crate) fn said(name: &str, open: &OpenGlass) -> Glass {
    let until = words::time(local(open.ends_at).time());
    Glass {
        text: format!(
            "{name} opened case {} in an emergency, to read it until {until}. Two people in other \
             agencies have been told.",
            open.reference
        ),
        case: Link::new(format!("/cases/{}", open.case), "Read the case"),
        action: format!("/glass/{}/close", open.id),
    }
}

fn when(instant: chrono::DateTime<chrono::Utc>) -> String {
    words::date_time(local(instant))
}

fn outcome(found: Option<Outcome>) -> &'static str {
    found.map_or("Not reviewed yet", |found| found.label())
}

fn to_review(rows: &[GlassRow]) -> Table {
    let rows = rows.iter().map(|row| {
        Row::new(vec![
            Cell::link(format!("/glass/{}", row.id), when(row.opened_at)).heading(),
            Cell::text(&*row.user_name).note(&*row.agency_name),
            Cell::text(row.cause.label()),
            Cell::text(outcome(row.outcome))
                .note(format!("By {}", dates::with_weekday(row.review_by))),
        ])
    });
    let columns = ["Opened", "By", "Emergency", "Review"].map(Column::new).into();
    Table::new(columns, rows.collect()).hidden_caption("To review")
}

fn own(rows: &[OwnGlass]) -> Table {
    let rows = rows.iter().map(|row| {
        let ended = row.closed_at.unwrap_or(row.ends_at);
        Row::new(vec![
            Cell::text(when(row.opened_at)).heading(),
            Cell::text(row.cause.label()),
            Cell::text(when(ended)),
            Cell::text(outcome(row.outcome)),
        ])
    });
    let columns = ["Opened", "Emergency", "Until", "Review"].map(Column::new).into();
    Table::new(columns, rows.collect())
        .hidden_caption("What you opened")
        .or_say("You have opened nothing in an emergency.")
}

fn late(rows: &[LateGlass]) -> Table {
    let rows = rows.iter().map(|row| {
        Row::new(vec![
            Cell::text(when(row.opened_at)).heading(),
            Cell::text(&*row.user_name),
            Cell::text(row.reviewers.join(" and ")),
            Cell::date(row.review_by),
        ])
    });
    let columns = ["Opened", "By", "To be reviewed by", "At the latest"].map(Column::new).into();
    Table::new(columns, rows.collect())
        .hidden_caption("Not reviewed in time")
        .or_say("Everything was reviewed in time.")
}

async fn overview(asker: Asker) -> Answer {
    let found: GlassOverview = asker.ask(glass::overview).await?;
    let mut sheet = Sheet::new(HEADING);
    if found.may_open {
        sheet = sheet.text(
            "When a case is not shown to you and somebody may be hurt, you can open that one case by its \
             reference, to read it for an hour. Two people in other agencies are told at once and look at \
             it afterwards. A case that is kept from you cannot be opened.",
        );
        sheet = match (found.is_suspended, &asker.session.glass) {
            (true, _) => sheet.warning(Warning {
                text: "You cannot open a case until what you opened before was reviewed."
                    .to_owned(),
            }),
            (false, None) => sheet.acts(vec![Act::link("/glass/open", ASKING)]),
            (false, Some(_)) => sheet,
        };
    }
    if !found.to_review.is_empty() {
        sheet = sheet.heading("For you to review").table(to_review(&found.to_review));
    }
    if found.may_open || !found.own.is_empty() {
        sheet = sheet.heading("What you opened").table(own(&found.own));
    }
    if asker.person().actor.administrator {
        sheet = sheet
            .heading("Not reviewed in time")
            .text("Whoever opened one of these opens nothing more until it is reviewed.")
            .table(late(&found.late));
    }
    asker.page(&Page::new(HEADING).section("cases").back("/", "Today"), "pages/sheet", &sheet)
}

async fn draw(asker: &Asker, refused: Option<Refused>) -> Answer {
    if !asker.ask(glass::may_open).await? {
        return Err(Failure::NotFound);
    }
    let form = FormView::new(&OPEN, "/glass/open")
        .operation(asker.operation()?)
        .button(Button::warning("Open it for an hour"))
        .cancel("/glass")
        .refused(refused);
    let view = FormPage::new(ASKING, form).intro(
        "You can read the case for an hour and change nothing. Two people in other agencies are told at \
         once. They see who you are, what you say here, and what you read.",
    );
    asker.form(Page::new(ASKING).section("cases").back("/glass", HEADING), view).await
}

async fn ask(asker: Asker) -> Answer {
    draw(&asker, None).await
}

async fn open(asker: Asker, posted: Posted) -> Answer {
    let mut reader = OPEN.read(&posted.values, asker.today()?);
    let (reference, cause, reason) =
        (reader.get(&REFERENCE), reader.get(&CAUSE), reader.get(&REASON));
    let read = reader.finish(|| {
        let (reference, reason) = (reference?.as_str().to_owned(), reason?.as_str().to_owned());
        Some(GlassForm { reference, cause: cause?, reason })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw(&asker, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx: &Ctx<'_>| glass::open(ctx, &form)).await {
        Ok(opened) => see(format!("/cases/{opened}")),
        Err(failure) => draw(&asker, Some(posted.refused(failure)?)).await,
    }
}

async fn close(asker: Asker, id: web::Path<GlassId>) -> Answer {
    let id = *id;
    asker.ask(move |ctx| glass::close(ctx, id)).await?;
    see("/glass")
}

fn facts(detail: &GlassDetail) -> Facts {
    let row = &detail.row;
    let mut facts = vec![
        Fact::new("Case", row.reference.clone()),
        Fact::new("Opened by", format!("{}, {}", row.user_name, row.agency_name)),
        Fact::new("Opened", when(row.opened_at)),
        match row.closed_at {
            Some(at) => Fact::new("Closed again", when(at)),
            None => Fact::new("Open until", when(row.ends_at)),
        },
        Fact::new("Emergency", row.cause.label()),
        Fact::prose("Reason", row.reason.clone()),
    ];
    match row.outcome {
        Some(found) => {
            facts.push(Fact::new("Review", found.label()));
            facts.push(Fact::prose("What led to that", row.review.clone()));
        }
        None => facts.push(Fact::new("Review it by", dates::with_weekday(row.review_by))),
    }
    Facts::new(facts)
}

fn reads(detail: &GlassDetail) -> Table {
    let rows = detail
        .reads
        .iter()
        .map(|read| Row::new(vec![Cell::text(when(read.at)).heading(), Cell::text(&*read.what)]));
    let columns = ["When", "What was shown"].map(Column::new).into();
    Table::new(columns, rows.collect()).hidden_caption("What was read")
}

async fn draw_review(asker: &Asker, id: GlassId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| glass::show(ctx, id)).await?;
    let is_refused = refused.is_some();
    let mut sheet = Sheet::new("Look at an emergency access")
        .facts(facts(&detail))
        .heading("What was read")
        .text("As the audit log tells it.")
        .table(reads(&detail));
    if detail.row.outcome.is_none() {
        let form = FormView::new(&REVIEW, format!("/glass/{id}/review"))
            .operation(asker.operation()?)
            .button(Button::new("Save"))
            .refused(refused);
        sheet = sheet.heading("Your review").form(form);
    }
    let page = Page::new("Look at an emergency access").section("cases").back("/glass", HEADING);
    asker.page(&page.refused(is_refused), "pages/sheet", &sheet)
}

async fn show(asker: Asker, id: web::Path<GlassId>) -> Answer {
    draw_review(&asker, *id, None).await
}

async fn review(asker: Asker, id: web::Path<GlassId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = REVIEW.read(&posted.values, asker.today()?);
    let (outcome, text) = (reader.get(&OUTCOME), reader.get(&TEXT));
    let read = reader
        .finish(|| Some(GlassReviewForm { outcome: outcome?, text: text?.as_str().to_owned() }));
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_review(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx: &Ctx<'_>| glass::review(ctx, id, &form)).await {
        Ok(()) => see(format!("/glass/{id}")),
        Err(failure) => draw_review(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
