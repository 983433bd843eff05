//! One item: added by hand, its minutes, its presenter, its place.

use super::draft::back_to;
use super::{ITEM, ORDER, TO, load, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id, line, narrative, number, one_of, text, tick};
use crate::form::{
    Choice, Field, FormPage, FormView, Layout, Optional, Refused, StaleView, Values,
};
use crate::posted::Posted;
use crate::view::facts::{Fact, Facts};
use crate::view::{Body, Button, Link};
use crate::web::Asker;
use actix_web::web;
use panel_app::agenda::{self, CaseForm, DraftLine, DraftView, ItemForm, TitleForm};
use panel_app::{AppError, Ctx};
use panel_core::agenda::{CaseType, MOST_MINUTES, Section};
use panel_core::id::{AgencyId, AgendaItemId, MeetingId};
use panel_core::text::{Note, Title};

const MOST: u32 = MOST_MINUTES.unsigned_abs();

static TITLE: Field<'_, Title> = line("title", "Heading");
static SECTION: Field<'_, Section> = one_of("section", "Section").as_select();
static MINUTES: Field<'_, u32> = number("minutes", "Minutes", 0, MOST);
static USUAL: Optional<'_, u32> = number("minutes", "Minutes", 0, MOST)
    .hint("Leave empty for the panel’s usual minutes of its section")
    .optional();
static PRESENTER: Optional<'_, AgencyId> = id("presenter", "Presented by").optional();
static LATE: Field<'_, Note> = narrative("late_reason", "Reason for taking it late")
    .hint("This agenda was issued. What comes now is marked as late.")
    .rows(3);
static REFERENCE: Field<'_, String> =
    text("reference", "Case reference").hint("For example, K7MQ-4XWP").width(20).verbatim();
static KIND: Field<'_, CaseType> = one_of("case_type", "Why it is there").as_select();
static WHY: Optional<'_, Note> = narrative("why", "Note for the agenda").rows(3).optional();
static ANYWAY: Field<'_, bool> = tick("anyway", "List it although another meeting is to hear it");

fn title_layout(frozen: bool) -> Layout<'static> {
    let layout = Layout::new().with(&SECTION).with(&TITLE).with(&USUAL).with(&PRESENTER);
    if frozen { layout.with(&LATE) } else { layout }
}

fn case_layout(frozen: bool) -> Layout<'static> {
    let layout = Layout::new().with(&REFERENCE).with(&KIND).with(&WHY).with(&USUAL);
    let layout = layout.with(&PRESENTER).with(&ANYWAY);
    if frozen { layout.with(&LATE) } else { layout }
}

fn item_layout(has_case: bool) -> Layout<'static> {
    let layout = if has_case { Layout::new() } else { Layout::new().with(&TITLE) };
    layout.with(&MINUTES).with(&PRESENTER)
}

fn presenters(view: &DraftView) -> Vec<Choice> {
    Choice::named(&view.agencies)
}

fn signed(minutes: u32) -> i32 {
    i32::try_from(minutes).unwrap_or(MOST_MINUTES)
}

/// A form that adds something.
async fn draw_add(
    asker: &Asker,
    view: &DraftView,
    layout: Layout<'static>,
    (verb, heading): (&str, &str),
    refused: Option<Refused>,
) -> Answer {
    let at = path(view.meeting.id);
    let form = FormView::new(layout, format!("{at}/{verb}/new"))
        .fill(&SECTION, &Section::Other)
        .fill(&KIND, &CaseType::Review)
        .choices(&PRESENTER, presenters(view))
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::new(heading))
        .cancel(at)
        .refused(refused);
    let form = FormPage::new(heading, form).caption(view.meeting.when.clone());
    asker.form(page(heading, view.meeting.id), form).await
}

const ADD_TITLE: (&str, &str) = ("items", "Add an item");
const ADD_CASE: (&str, &str) = ("cases", "Add a case");

async fn draw_title(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let view = load(asker, id).await?;
    draw_add(asker, &view, title_layout(view.frozen), ADD_TITLE, refused).await
}

pub(super) async fn new(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_title(&asker, *id, None).await
}

pub(super) async fn add(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let frozen = posted.values.has("late_reason");
    let mut reader = title_layout(frozen).read(&posted.values, asker.today()?);
    let (section, title) = (reader.get(&SECTION), reader.get(&TITLE));
    let (minutes, presenter) = (reader.get(&USUAL), reader.get(&PRESENTER));
    let late = if frozen { reader.get(&LATE).map(String::from) } else { Some(String::new()) };
    let read = reader.finish(|| {
        Some(TitleForm {
            version,
            section: section?,
            title: title?.into(),
            minutes: minutes?.map(signed),
            presenter: presenter?,
            late_reason: late?,
        })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_title(&asker, id, Some(refused)).await,
    };
    let done = asker.submit(posted.operation, move |ctx| agenda::add_title(ctx, id, &form)).await;
    match done {
        Ok(_) => see(back_to(id, "added")),
        Err(failure) => draw_title(&asker, id, Some(behind(&posted, failure)?)).await,
    }
}

/// What a form is told that a use case did not take.
fn behind(posted: &Posted, failure: Failure) -> Result<Refused, Failure> {
    match failure {
        Failure::Stale => Ok(Refused::by_rule(&posted.values, "", "stale", STALE_TYPED)),
        other => posted.refused(other),
    }
}

const STALE_TYPED: &str = "Somebody else changed this agenda meanwhile. What you typed is below; \
                           save it again to add it to the agenda as it is now.";

async fn draw_case(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let view = load(asker, id).await?;
    draw_add(asker, &view, case_layout(view.frozen), ADD_CASE, refused).await
}

pub(super) async fn new_case(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_case(&asker, *id, None).await
}

pub(super) async fn add_case(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let frozen = posted.values.has("late_reason");
    let mut reader = case_layout(frozen).read(&posted.values, asker.today()?);
    let (reference, case_type) = (reader.get(&REFERENCE), reader.get(&KIND));
    let (why, minutes) = (reader.get(&WHY), reader.get(&USUAL));
    let (presenter, anyway) = (reader.get(&PRESENTER), reader.get(&ANYWAY));
    let late = if frozen { reader.get(&LATE).map(String::from) } else { Some(String::new()) };
    let read = reader.finish(|| {
        let (case_type, presenter, anyway) = (case_type?, presenter?, anyway?);
        let (why, late_reason) = (why?.map(String::from).unwrap_or_default(), late?);
        let minutes = minutes?.map(signed);
        let form = move |case| CaseForm {
            version,
            case,
            case_type,
            why,
            minutes,
            presenter,
            late_reason,
            anyway,
        };
        Some((reference?, form))
    });
    let (reference, form) = match read {
        Ok(read) => read,
        Err(refused) => return draw_case(&asker, id, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| {
        let case = agenda::find_case(ctx, id, &reference).map_err(at_reference)?;
        agenda::add_case(ctx, id, &form(case)).map_err(at_reference)
    };
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(back_to(id, "added")),
        Err(failure) => draw_case(&asker, id, Some(behind(&posted, failure)?)).await,
    }
}

/// What is wrong with the case is shown beside its reference, which is what the form asks.
fn at_reference(error: AppError) -> AppError {
    let AppError::Invalid(mut errors) = error else { return error };
    for error in errors.iter_mut().filter(|error| error.field == "case") {
        "reference".clone_into(&mut error.field);
    }
    AppError::Invalid(errors)
}

fn line_of(view: &DraftView, item: AgendaItemId) -> Result<&DraftLine, Failure> {
    let mut lines = view.sections.iter().flat_map(|section| &section.lines);
    lines.find(|line| line.line.item == item).ok_or(Failure::NotFound)
}

fn edit_view(
    asker: &Asker,
    view: &DraftView,
    draft: &DraftLine,
) -> Result<FormView<'static>, Failure> {
    let line = &draft.line;
    let at = path(view.meeting.id);
    Ok(FormView::new(item_layout(line.case.is_some()), format!("{at}/items/{}", line.item))
        .choices(&PRESENTER, presenters(view))
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(at)
        .typed(values(draft)))
}

/// What the boxes of an item hold.
fn values(draft: &DraftLine) -> Values {
    let mut values = Values::new();
    values.set("title", draft.line.label.clone());
    values.set("minutes", draft.line.minutes.to_string());
    values.set("presenter", draft.presenter.map(|id| id.to_string()).unwrap_or_default());
    values
}

fn facts(draft: &DraftLine) -> Facts {
    let line = &draft.line;
    let mut rows = vec![Fact::new("Time", format!("{} to {}", line.begins, line.ends))];
    if let Some(case) = &line.case {
        let person = Fact::new("Person", format!("{} ({})", case.person.name, case.person.age));
        rows.push(person.leading_to(format!("/cases/{}", case.id)));
        rows.push(Fact::new("Kind", line.kind.clone()));
    }
    let mut add = |key: &str, value: &str| {
        if !value.is_empty() {
            rows.push(Fact::prose(key, value));
        }
    };
    add("Why", &line.why);
    add("Taken late", &line.late_reason);
    add("Replies", draft.coverage.as_deref().unwrap_or_default());
    Facts::new(rows)
}

pub(super) async fn edit(asker: Asker, at: web::Path<(MeetingId, AgendaItemId)>) -> Answer {
    draw_edit(&asker, at.into_inner(), None).await
}

async fn draw_edit(
    asker: &Asker,
    (id, item): (MeetingId, AgendaItemId),
    refused: Option<Refused>,
) -> Answer {
    let view = load(asker, id).await?;
    let draft = line_of(&view, item)?;
    let title = format!("{}. {}", draft.line.number, draft.line.label);
    let mut body = Body::titled(title.clone()).facts(facts(draft));
    if view.locked {
        let words = "This agenda was issued and is locked. Prepare a new issue to change the order, \
                     the minutes or the presenter.";
        body = body.inset(words);
    } else {
        body = body.heading("Change").form(edit_view(asker, &view, draft)?.refused(refused));
        body = place(asker, &view, draft, body)?;
    }
    let leave = Link::new(format!("{}/items/{item}/leave", path(id)), "Take it off or put it off");
    let body = body.links(vec![leave]);
    Ok(body.answer(&asker.web.site, &asker.viewer(), page(title, id))?)
}

/// The form that gives an item another place, for long sections and for keyboards.
fn place<'a>(
    asker: &Asker,
    view: &DraftView,
    draft: &DraftLine,
    body: Body<'a>,
) -> Result<Body<'a>, Failure> {
    if draft.of < 2 {
        return Ok(body);
    }
    let places = (1..=draft.of).map(|n| Choice::new(n, format!("{n} of {}", draft.of))).collect();
    let form = FormView::new(&ORDER, format!("{}/order", path(view.meeting.id)))
        .ids("order-")
        .fill(&ITEM, &draft.line.item)
        .fill(&TO, &draft.place.to_string())
        .choices(&TO, places)
        .version(view.version.into())
        .operation(asker.operation()?)
        .button(Button::secondary("Move"));
    Ok(body.heading("Move").form(form))
}

pub(super) async fn change(
    asker: Asker,
    at: web::Path<(MeetingId, AgendaItemId)>,
    posted: Posted,
) -> Answer {
    let (id, item) = at.into_inner();
    let has_title = posted.values.has("title");
    let mut reader = item_layout(!has_title).read(&posted.values, asker.today()?);
    let (minutes, presenter) = (reader.get(&MINUTES), reader.get(&PRESENTER));
    let title = if has_title { reader.get(&TITLE).map(|t| Some(t.into())) } else { Some(None) };
    let version = posted.version;
    let read = reader.finish(|| {
        let (minutes, presenter) = (signed(minutes?), presenter?);
        Some(ItemForm { version, item, minutes, presenter, title: title? })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_edit(&asker, (id, item), Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| agenda::change_item(ctx, id, &form)).await {
        Ok(_) => see(format!("{}#item-{item}", back_to(id, "changed"))),
        Err(Failure::Stale) => stale(&asker, (id, item), posted.values).await,
        Err(failure) => draw_edit(&asker, (id, item), Some(posted.refused(failure)?)).await,
    }
}

/// Both texts, when somebody else changed the agenda first.
async fn stale(asker: &Asker, (id, item): (MeetingId, AgendaItemId), typed: Values) -> Answer {
    let view = load(asker, id).await?;
    let draft = line_of(&view, item)?;
    let form = edit_view(asker, &view, draft)?.typed(typed);
    let view = StaleView::new(form, &values(draft), view.version.into(), path(id));
    Ok(view.answer(&asker.web.site, &asker.viewer(), page("Change an item", id))?)
}
