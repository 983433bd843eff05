//! Who reads a record: the fields of a marking, the page that changes it, and what waits for a second
//! person.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, ids, many_of, narrative, one_of, text, tick};
use crate::form::{
    Choice, Days, Declared, Field, Form, FormView, Optional, Readable, Reader, Refused, Values,
};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Banner, Body, Button, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::Ctx;
use panel_app::handling::{
    self, DecideForm, MarkForm, MarkOutcome, MarkingChangeView, MarkingView, Nameable,
    WaitingChange,
};
use panel_core::coded::Coded;
use panel_core::handling::{ChangeState, Code, Marking, Overlay, Record};
use panel_core::id::{AgencyId, InfoReplyId, MarkingChangeId, NoteId, UserId};
use panel_core::text::Note;
use panel_core::time::local_date;
use serde::Deserialize;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/handling", TakesPart => list),
        route!(GET "/replies/{reply}/handling", TakesPart => ask_reply),
        route!(POST "/replies/{reply}/handling", TakesPart => mark_reply),
        route!(POST "/replies/{reply}/handling/{change}/agree", TakesPart => agree_reply),
        route!(POST "/replies/{reply}/handling/{change}/refuse", TakesPart => refuse_reply),
        route!(GET "/notes/{note}/handling", TakesPart => ask_note),
        route!(POST "/notes/{note}/handling", TakesPart => mark_note),
        route!(POST "/notes/{note}/handling/{change}/agree", TakesPart => agree_note),
        route!(POST "/notes/{note}/handling/{change}/refuse", TakesPart => refuse_note),
    ]
}

static CODE: Field<'_, Code> = one_of("code", "Who reads it?");
static AGENCIES: Optional<'_, Vec<AgencyId>> = ids("agencies", "Agencies that read it")
    .hint("When you name who reads it, or release health information.")
    .optional();
static PEOPLE: Optional<'_, Vec<UserId>> =
    ids("people", "People who read it").hint("When you name who reads it.").optional();
static RUNNERS: Field<'_, bool> = tick("runners", "The chair and the coordinator read it too")
    .hint("When you name who reads it, or release health information.");
static NECESSITY: Optional<'_, Note> =
    narrative("necessity", "Why is it necessary to release health information?").rows(2).optional();
static OVERLAYS: Optional<'_, Vec<Overlay>> =
    many_of("overlays", "How may it not be passed on?").optional();
static UNTIL: Optional<'_, NaiveDate> = date("until", "Last day on which others read it")
    .hint("Leave empty for no end.")
    .days(Days::FromToday)
    .optional();

/// The fields of a marking, in the order in which they are asked.
pub(super) static MARKING: [&dyn Declared; 7] =
    [&CODE, &AGENCIES, &PEOPLE, &RUNNERS, &NECESSITY, &OVERLAYS, &UNTIL];

/// Writes a marking into the boxes.
pub(super) fn write(marking: &Marking, values: &mut Values) {
    CODE.write(&marking.code, values);
    AGENCIES.write(&Some(marking.agencies.iter().copied().collect()), values);
    PEOPLE.write(&Some(marking.people.iter().copied().collect()), values);
    RUNNERS.write(&marking.runners, values);
    NECESSITY.write(&marking.necessity, values);
    OVERLAYS.write(&Some(marking.overlays.iter().copied().collect()), values);
    UNTIL.write(&marking.until, values);
}

/// Reads the boxes of a marking.
pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Marking> {
    let (code, agencies, people) = (reader.get(&CODE), reader.get(&AGENCIES), reader.get(&PEOPLE));
    let (runners, necessity) = (reader.get(&RUNNERS), reader.get(&NECESSITY));
    let (overlays, until) = (reader.get(&OVERLAYS), reader.get(&UNTIL));
    Some(Marking {
        code: code?,
        agencies: agencies?.unwrap_or_default().into_iter().collect(),
        people: people?.unwrap_or_default().into_iter().collect(),
        runners: runners?,
        necessity: necessity?,
        overlays: overlays?.unwrap_or_default().into_iter().collect(),
        until: until?,
    })
}

/// Gives a form whom a marking can name.
pub(super) fn naming<'a>(form: FormView<'a>, names: &Nameable) -> FormView<'a> {
    form.choices(&AGENCIES, Choice::named(&names.agencies))
        .choices(&PEOPLE, Choice::named(&names.people))
}

static REASON: Optional<'_, Note> = narrative("reason", "Reason")
    .hint("Needed to let more people read it. A second person has to agree.")
    .rows(3)
    .optional();
static SEEN: Field<'_, String> = text("seen", "Version").hidden();
static FORM: Form =
    Form::of(&[&SEEN, &CODE, &AGENCIES, &PEOPLE, &RUNNERS, &NECESSITY, &OVERLAYS, &UNTIL, &REASON]);
static PRESS: Form = Form::of(&[]);

const HEADING: &str = "Who reads this";

/// Where the marking of a record is shown and changed.
pub(super) fn path(record: Record) -> String {
    match record {
        Record::Reply(id) => format!("/replies/{id}/handling"),
        Record::Note(id) => format!("/notes/{id}/handling"),
    }
}

fn noun(record: Record) -> &'static str {
    match record {
        Record::Reply(_) => "Reply",
        Record::Note(_) => "Sealed note",
    }
}

/// What was just done.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Unchanged,
    Raised,
    Proposed,
    Agreed,
    Refused,
}

impl Done {
    const fn words(self) -> &'static str {
        match self {
            Self::Unchanged => "Nothing has changed.",
            Self::Raised => "It is marked so from now on.",
            Self::Proposed => {
                "Your proposal waits for a second person: a colleague of your agency, or the chair."
            }
            Self::Agreed => "It is marked as proposed from now on.",
            Self::Refused => "The proposal is refused. Nothing has changed.",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Said {
    done: Option<Done>,
}

async fn load(asker: &Asker, record: Record) -> Result<MarkingView, Failure> {
    asker.ask(move |ctx| handling::show(ctx, record)).await
}

async fn draw(asker: &Asker, record: Record, said: &Said, refused: Option<Refused>) -> Answer {
    let view = load(asker, record).await?;
    let facts = Facts::new(vec![
        Fact::new("Record", format!("{} of {}", noun(record), view.agency_name)),
        Fact::prose("Marked", view.words.join("\n")),
    ]);
    let mut body = Body::titled(HEADING).facts(facts);
    for change in view.changes.iter().filter(|change| change.step == ChangeState::Proposed) {
        body = proposal(asker, body, change)?;
    }
    if view.may_raise {
        let mut values = Values::new();
        write(&view.marking, &mut values);
        SEEN.write(&view.seen, &mut values);
        let intro = if view.may_lower {
            "What lets nobody new read it holds at once. What lets somebody new read it, or lets it be \
             passed on, waits for a second person."
        } else {
            "You can mark it so that fewer people read it. Only its own agency can let more people read \
             it."
        };
        let form = naming(FormView::new(&FORM, path(record)).typed(values), &view.nameable)
            .operation(asker.operation()?)
            .button(Button::new("Save"))
            .cancel(format!("/cases/{}/notes", view.case))
            .refused(refused);
        body = body.heading("Change it").text(intro).form(form);
    }
    let done: Vec<&MarkingChangeView> =
        view.changes.iter().filter(|change| change.step != ChangeState::Proposed).collect();
    if !done.is_empty() {
        body = body.heading("Earlier changes").table(history(&done));
    }
    let page = Page::new(HEADING)
        .section("cases")
        .back(format!("/cases/{}/notes", view.case), "Sealed notes")
        .banner(said.done.map(|done| Banner::success(done.words())));
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn proposal<'a>(
    asker: &Asker,
    body: Body<'a>,
    change: &MarkingChangeView,
) -> Result<Body<'a>, Failure> {
    let when = dates::short(local_date(change.proposed_at));
    let facts = Facts::new(vec![
        Fact::new("Proposed by", format!("{}, {when}", change.proposer)),
        Fact::prose("To be marked", change.after.join("\n")),
        Fact::prose("Because", change.reason.clone()),
    ]);
    let mut body = body.facts(facts.card("This waits for a second person"));
    let at = format!("{}/{}", path(change.record), change.id);
    let press = |step: &str| FormView::new(&PRESS, format!("{at}/{step}"));
    if change.may_agree {
        let agree = press("agree").operation(asker.operation()?).button(Button::new("Agree"));
        body = body.form(agree);
    }
    if change.may_agree || change.may_drop {
        let words = if change.may_drop { "Take it back" } else { "Refuse" };
        let refuse = press("refuse").operation(asker.operation()?).button(Button::secondary(words));
        body = body.form(refuse);
    }
    Ok(body)
}

fn history(changes: &[&MarkingChangeView]) -> Table {
    let rows = changes.iter().map(|change| {
        let on = dates::short(local_date(change.proposed_at));
        let second = match (&change.decider, change.decided_at) {
            (Some(name), Some(at)) => format!("{name}, {}", dates::short(local_date(at))),
            _ => "Not needed".to_owned(),
        };
        Row::new(vec![
            Cell::text(change.after.join("; ")).heading().note(change.reason.clone()),
            Cell::text(format!("{}, {on}", change.proposer)),
            Cell::text(second),
            Cell::text(change.step.label()),
        ])
    });
    let columns = ["Marked", "By", "Second person", "State"].map(Column::new).into();
    Table::new(columns, rows.collect()).hidden_caption("Earlier changes")
}

async fn mark(asker: Asker, record: Record, posted: Posted) -> Answer {
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (seen, reason) = (reader.get(&SEEN), reader.get(&REASON));
    let marking = read(&mut reader);
    let form = match reader.finish(|| {
        let reason = reason?.map(|note| note.as_str().to_owned()).unwrap_or_default();
        Some(MarkForm { marking: marking?, seen: seen?, reason })
    }) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, record, &Said::default(), Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| handling::mark(ctx, record, &form);
    let done = match asker.submit(posted.operation, work).await {
        Ok(MarkOutcome::Unchanged) => "unchanged",
        Ok(MarkOutcome::Raised) => "raised",
        Ok(MarkOutcome::Proposed) => "proposed",
        Err(failure) => {
            let refused = Some(posted.refused(failure)?);
            return draw(&asker, record, &Said::default(), refused).await;
        }
    };
    see(format!("{}?done={done}", path(record)))
}

async fn decide(
    asker: Asker,
    record: Record,
    change: MarkingChangeId,
    (agree, posted): (bool, Posted),
) -> Answer {
    let work = move |ctx: &Ctx<'_>| handling::decide(ctx, record, change, DecideForm { agree });
    match asker.submit(posted.operation, work).await {
        // Whoever could read it only while it was proposed to her goes on with what else waits.
        Ok(()) => {
            let done = if agree { "agreed" } else { "refused" };
            see(format!("{}?done={done}", path(record)))
        }
        Err(failure) => {
            let refused = Some(posted.refused(failure)?);
            draw(&asker, record, &Said::default(), refused).await
        }
    }
}

type Changed<I> = web::Path<(I, MarkingChangeId)>;

async fn ask_reply(asker: Asker, id: web::Path<InfoReplyId>, said: web::Query<Said>) -> Answer {
    draw(&asker, Record::Reply(*id), &said, None).await
}

async fn mark_reply(asker: Asker, id: web::Path<InfoReplyId>, posted: Posted) -> Answer {
    mark(asker, Record::Reply(*id), posted).await
}

async fn agree_reply(asker: Asker, at: Changed<InfoReplyId>, posted: Posted) -> Answer {
    decide(asker, Record::Reply(at.0), at.1, (true, posted)).await
}

async fn refuse_reply(asker: Asker, at: Changed<InfoReplyId>, posted: Posted) -> Answer {
    decide(asker, Record::Reply(at.0), at.1, (false, posted)).await
}

async fn ask_note(asker: Asker, id: web::Path<NoteId>, said: web::Query<Said>) -> Answer {
    draw(&asker, Record::Note(*id), &said, None).await
}

async fn mark_note(asker: Asker, id: web::Path<NoteId>, posted: Posted) -> Answer {
    mark(asker, Record::Note(*id), posted).await
}

async fn agree_note(asker: Asker, at: Changed<NoteId>, posted: Posted) -> Answer {
    decide(asker, Record::Note(at.0), at.1, (true, posted)).await
}

async fn refuse_note(asker: Asker, at: Changed<NoteId>, posted: Posted) -> Answer {
    decide(asker, Record::Note(at.0), at.1, (false, posted)).await
}

/// What waits for the person as second person, and what she proposed.
async fn list(asker: Asker) -> Answer {
    let all = asker.ask(handling::waiting).await?;
    let row = |one: &WaitingChange| {
        let words = format!("{} of {}", noun(one.record), one.agency_name);
        let when = dates::short(local_date(one.proposed_at));
        Row::new(vec![
            Cell::link(path(one.record), one.reference.clone()).heading().note(words),
            Cell::text(format!("{}, {when}", one.proposer)),
            Cell::text(if one.may_agree { "For you to decide" } else { "Proposed by you" }),
        ])
    };
    let columns = ["Case and record", "Proposed by", "State"].map(Column::new).into();
    let table = Table::new(columns, all.iter().map(row).collect())
        .hidden_caption("What waits for a second person")
        .or_say("Nothing waits for a second person.");
    let heading = "Waiting for a second person";
    let sheet = Sheet::new(heading)
        .text("Two people have to agree before somebody new can read a reply or a sealed note.")
        .table(table);
    asker.page(&Page::new(heading).section("cases").back("/", "Today"), "pages/sheet", &sheet)
}
