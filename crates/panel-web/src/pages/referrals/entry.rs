//! Writing a referral: where it begins, its task list, and one page for each part.

use super::asked::KEPT;
use super::draft::{self, Draft};
use super::leaf::Lists;
use super::part::{List, Part, Questions};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::id_radios;
use crate::form::{
    Choice, ConfirmView, Field, FieldError, Form, FormPage, FormView, OPERATION, PRESSED, Refused,
    VERSION, Values,
};
use crate::posted::Posted;
use crate::view::facts::Fact;
use crate::view::{Body, Button, Link, Page, dates};
use crate::web::Asker;
use actix_web::{HttpResponse, web};
use panel_app::referrals::{self, Preview};
use panel_app::{agencies, drafts, panels};
use panel_core::coded::Coded;
use panel_core::id::{PanelId, RequestId};
use panel_core::time::local;
use serde::Serialize;
use serde_json::Value;

static PANEL: Field<'_, PanelId> = id_radios("panel", "Which panel do you refer to?");
static BEGIN: Form = Form::of(&[&PANEL]);
static NOTHING: Form = Form::of(&[]);

/// The button that saves an entry and begins the next one.
const ANOTHER: &str = "another";

/// The panels that the person takes part in.
pub(in crate::pages) async fn panels_of(asker: &Asker) -> Result<Vec<Choice>, Failure> {
    let reaches = asker.person().actor.reaches();
    let all = asker.ask(panels::list).await?;
    let mine = all.iter().filter(|one| reaches.iter().any(|(panel, _)| *panel == one.value.id));
    Ok(mine.map(|one| Choice::new(one.value.id, one.value.name.as_str())).collect())
}

/// What the person has begun and not sent.
async fn unfinished(asker: &Asker) -> Result<Vec<Link>, Failure> {
    let kept = asker.ask(|ctx| drafts::list(ctx, draft::PLACE)).await?;
    let link = |kept: &drafts::Draft| {
        let id = kept.place.strip_prefix(draft::PLACE)?.parse().ok()?;
        let draft = Draft::read(id, &kept.body)?;
        let who = draft.name_of(Part::Person).unwrap_or_else(|| "Nobody named yet".to_owned());
        let saved = local(kept.saved_at);
        let when = dates::date_and_time(saved.date(), saved.time());
        let what = if draft.origin().is_some() { "correction" } else { "new referral" };
        Some(Link::new(draft.path(), format!("{who}: {what}, saved on {when}")))
    };
    Ok(kept.iter().filter_map(link).collect())
}

async fn draw_begin(asker: &Asker, refused: Option<Refused>) -> Answer {
    let choices = panels_of(asker).await?;
    let mut form = FormView::new(&BEGIN, "/referrals/new")
        .operation(asker.operation()?)
        .button(Button::new("Begin"))
        .cancel("/referrals");
    if let [only] = choices.as_slice() {
        let mut values = Values::new();
        values.set("panel", only.value.clone());
        form = form.typed(values);
    }
    let form = form.choices(&PANEL, choices).refused(refused);
    let mut body = Body::titled("Refer someone")
        .text(
            "You can save a referral part by part and come back to it. Leave blank what you do \
             not know: what is missing is shown to the panel and stops nothing.",
        )
        .text("If somebody is in immediate danger, call 999 first.");
    let begun = unfinished(asker).await?;
    if !begun.is_empty() {
        body = body.heading("Not sent yet").links(begun).heading("A new referral");
    }
    let page = Page::new("Refer someone").section("referrals").back("/referrals", "Referrals");
    Ok(body.form(form).answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn new(asker: Asker) -> Answer {
    draw_begin(&asker, None).await
}

pub(super) async fn begin(asker: Asker, posted: Posted) -> Answer {
    let mut reader = BEGIN.read(&posted.values, asker.today()?);
    let (panel, id) = (reader.get(&PANEL), reader.operation::<RequestId>());
    let (panel, id) = match reader.finish(|| Some((panel?, id?))) {
        Ok(read) => read,
        Err(refused) => return draw_begin(&asker, Some(refused)).await,
    };
    if !asker.person().actor.reaches().iter().any(|(reached, _)| *reached == panel) {
        return Err(Failure::NotFound);
    }
    // A second press finds the draft of the first.
    if let Some(begun) = Draft::find(&asker, id).await? {
        return see(begun.path());
    }
    let mut draft = Draft::begun(id, panel);
    draft.values.set("referring_agency", asker.person().actor.agency.to_string());
    draft.keep(&asker).await?;
    see(draft.path())
}

/// What a draft's form chooses from.
pub(super) async fn lists(asker: &Asker, draft: &Draft) -> Result<Lists, Failure> {
    let (actor, panel) = (asker.person().actor.clone(), draft.panel());
    let runs = draft.runs(asker);
    let all = asker.ask(agencies::list).await?;
    let may = |agency: &panel_core::agency::Agency| {
        let own = panel.is_some_and(|panel| actor.acts_for(agency.id, panel));
        agency.ended_on.is_none() && (runs || own)
    };
    let agencies = all.iter().map(|one| &one.value).filter(|agency| may(agency));
    let victims = (0..draft.count(List::Victims)).map(|place| {
        let name = draft.name_of(Part::Victim(place));
        Choice::new(place + 1, name.unwrap_or_else(|| format!("Person {}, not named", place + 1)))
    });
    Ok(Lists {
        agencies: agencies.map(|agency| Choice::new(agency.id, agency.name.as_str())).collect(),
        victims: victims.collect(),
    })
}

/// What is said of a draft as it stands; nothing is kept of it.
pub(super) async fn preview(asker: &Asker, raw: Value) -> Result<Preview, Failure> {
    asker.ask(move |ctx| referrals::preview(ctx, &raw)).await
}

/// The questions of one part as they are asked of this draft.
async fn questions(asker: &Asker, draft: &Draft, part: Part) -> Result<Questions, Failure> {
    let questions = part.questions(draft.runs(asker));
    if part != Part::Gaps {
        let corrects = draft.origin().is_some();
        return Ok(questions.only(|name| corrects || !name.ends_with(KEPT)));
    }
    let (raw, _) = draft.raw(draft.runs(asker), asker.today()?);
    let missing = preview(asker, raw).await?.completeness.map(|it| it.missing).unwrap_or_default();
    let open = |name: &str| {
        let code = name.strip_prefix("gaps.");
        draft.values.has(name) || missing.iter().any(|field| code == Some(field.code()))
    };
    Ok(questions.only(open))
}

/// The words of everything that stands in a part, group by group.
pub(super) fn answers(
    part: Part,
    runs: bool,
    values: &Values,
    lists: &Lists,
) -> Vec<(Option<String>, Vec<Fact>)> {
    let questions = part.questions(runs);
    let drawn = questions.drawn();
    let mut form = FormView::new(drawn.layout(), "").typed(values.clone());
    for leaf in drawn.leaves() {
        if let Some(choices) = leaf.offered(lists) {
            form = form.choices(leaf.as_ref(), choices);
        }
    }
    form.answers()
}

fn intro(part: Part) -> Option<&'static str> {
    match part {
        Part::About | Part::Person | Part::Victim(_) | Part::Grounds | Part::Context => {
            Some("Leave blank what you do not know.")
        }
        Part::Gaps => Some(
            "For each field that is still blank, say whether it was asked. What nobody knows, or \
             would not say, is not asked again.",
        ),
        Part::Family | Part::Child(_) | Part::Incident(_) | Part::Order(_) => None,
    }
}

async fn draw_part(asker: &Asker, draft: &Draft, part: Part, refused: Option<Refused>) -> Answer {
    let (questions, lists) = (questions(asker, draft, part).await?, lists(asker, draft).await?);
    let drawn = questions.drawn();
    let action = draft.path_of(part);
    let mut form = FormView::new(drawn.layout(), action)
        .typed(draft.values.clone())
        .operation(asker.operation()?)
        .unmarked();
    for leaf in drawn.leaves() {
        form = form.autosave(leaf.as_ref(), format!("{}/typed", draft.path()));
        if let Some(choices) = leaf.offered(&lists) {
            form = form.choices(leaf.as_ref(), choices);
        }
    }
    form = form.button(Button::new("Save and continue"));
    if let Some((list, _)) = part.entry() {
        let another = if list == List::Victims { "another person" } else { "another" };
        let words = format!("Save and add {another}");
        form = form.button(Button::secondary(words).doing(ANOTHER));
    }
    let form = form.cancel(draft.path()).refused(refused);
    let mut view = FormPage::new(part.title(), form);
    view.intro.extend(intro(part).map(str::to_owned));
    if view.form.has_errors() {
        view.intro.push("What you typed is kept. Put right what is marked, or go on later.".into());
    }
    if part == Part::Gaps && questions.names().next().is_none() {
        view.intro = vec!["Every field has an answer.".to_owned()];
    }
    let page = Page::new(part.title()).section("referrals").back(draft.path(), "Referral");
    asker.form(page, view).await
}

/// A part that can be opened: it stands alone, or is an entry that is there or comes next.
fn entry(draft: &Draft, list: &str, place: usize) -> Result<Part, Failure> {
    let list = List::of_slug(list).ok_or(Failure::NotFound)?;
    let place = place.checked_sub(1).ok_or(Failure::NotFound)?;
    if place <= draft.count(list) { Ok(list.at(place)) } else { Err(Failure::NotFound) }
}

type At = web::Path<(RequestId, String)>;
type EntryAt = web::Path<(RequestId, String, usize)>;

pub(super) async fn ask(asker: Asker, at: At) -> Answer {
    let (id, slug) = at.into_inner();
    let draft = Draft::load(&asker, id).await?;
    let part = Part::of_slug(&slug).ok_or(Failure::NotFound)?;
    draw_part(&asker, &draft, part, None).await
}

pub(super) async fn ask_entry(asker: Asker, at: EntryAt) -> Answer {
    let (id, list, place) = at.into_inner();
    let draft = Draft::load(&asker, id).await?;
    let part = entry(&draft, &list, place)?;
    draw_part(&asker, &draft, part, None).await
}

pub(super) async fn save(asker: Asker, at: At, posted: Posted) -> Answer {
    let (id, slug) = at.into_inner();
    let draft = Draft::load(&asker, id).await?;
    let part = Part::of_slug(&slug).ok_or(Failure::NotFound)?;
    save_part(&asker, draft, part, posted).await
}

pub(super) async fn save_entry(asker: Asker, at: EntryAt, posted: Posted) -> Answer {
    let (id, list, place) = at.into_inner();
    let draft = Draft::load(&asker, id).await?;
    let part = entry(&draft, &list, place)?;
    save_part(&asker, draft, part, posted).await
}

/// Keeps what was typed in a part, right or wrong, and says what of it cannot be taken.
async fn save_part(asker: &Asker, mut draft: Draft, part: Part, posted: Posted) -> Answer {
    let runs = draft.runs(asker);
    draft.merge(part, runs, &posted.values);
    draft.keep(asker).await?;
    let place = draft.path_of(part);
    asker.ask(move |ctx| drafts::forget(ctx, &place)).await?;
    if let Err(refused) = judge(asker, &draft, part, &posted.values).await? {
        return draw_part(asker, &draft, part, Some(refused)).await;
    }
    match part.entry() {
        Some((list, _)) if posted.values.one(PRESSED) == ANOTHER => {
            see(draft.path_of(list.at(draft.count(list))))
        }
        _ => see(draft.path()),
    }
}

/// Whether what stands in a part can be taken.
async fn judge(
    asker: &Asker,
    draft: &Draft,
    part: Part,
    typed: &Values,
) -> Result<Result<(), Refused>, Failure> {
    let (runs, today) = (draft.runs(asker), asker.today()?);
    let (raw, unreadable) = draft.raw(runs, today);
    let found = preview(asker, raw).await?.errors;
    let questions = part.questions(runs);
    let drawn = questions.drawn();
    let read = drawn.layout().read(typed, today).finish(|| Some(()));
    let mut refused =
        read.err().unwrap_or_else(|| Refused { errors: Vec::new(), typed: typed.clone() });
    refused.errors.extend(found_in(draft, part, runs, unreadable));
    let said = found.into_iter().map(crate::answer::field).filter(|error| !is_absence(error));
    refused.errors.extend(found_in(draft, part, runs, said.collect()));
    Ok(if refused.errors.is_empty() { Ok(()) } else { Err(refused) })
}

/// Whether an error says that something is not there yet. It is said when the referral is sent.
fn is_absence(error: &FieldError) -> bool {
    error.code == "missing" || error.code == "same_address"
}

/// The errors that belong to a part, under the names of its questions, one a question.
fn found_in(draft: &Draft, part: Part, runs: bool, errors: Vec<FieldError>) -> Vec<FieldError> {
    let own = |error: FieldError| {
        let (at, name) = draft.asked_in(&error.field, runs)?;
        (at == part).then_some(FieldError { field: name, ..error })
    };
    let mut found: Vec<FieldError> = errors.into_iter().filter_map(own).collect();
    found.dedup_by(|one, two| one.field == two.field);
    found
}

#[derive(Serialize)]
struct Saved {
    saved: String,
}

/// Keeps a text while it is typed; the script calls it every few seconds.
pub(super) async fn typed(asker: Asker, id: web::Path<RequestId>, typed: Values) -> Answer {
    let mut draft = Draft::load(&asker, *id).await?;
    let runs = draft.runs(&asker);
    let marks = [OPERATION, VERSION, PRESSED];
    for (name, values) in typed.iter().filter(|(name, _)| !marks.contains(name)) {
        if draft.asked_in(name, runs).is_some() {
            draft.values.set_all(name, values.to_vec());
        }
    }
    draft.keep(&asker).await?;
    let now = asker.web.app.clock.now().map_err(panel_app::AppError::from)?;
    Ok(HttpResponse::Ok().json(Saved { saved: dates::time(local(now).time()) }))
}

async fn draw_drop(asker: &Asker, at: (RequestId, String, usize)) -> Answer {
    let (id, list, place) = at;
    let draft = Draft::load(asker, id).await?;
    let part = entry(&draft, &list, place)?;
    let (list, index) = part.entry().ok_or(Failure::NotFound)?;
    if index >= draft.count(list) {
        return Err(Failure::NotFound);
    }
    let name = draft.name_of(part).unwrap_or_else(|| part.title());
    let form = FormView::new(&NOTHING, format!("{}/remove", draft.path_of(part)))
        .operation(asker.operation()?)
        .button(Button::warning("Remove"))
        .cancel(draft.path());
    let heading = format!("Remove this {} from the referral?", list.one());
    let view = ConfirmView::new(heading.clone(), form).caption(name);
    let page = Page::new(heading).section("referrals").back(draft.path(), "Referral");
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn ask_drop(asker: Asker, at: EntryAt) -> Answer {
    draw_drop(&asker, at.into_inner()).await
}

pub(super) async fn drop_entry(asker: Asker, at: EntryAt, _: Posted) -> Answer {
    let (id, list, place) = at.into_inner();
    let mut draft = Draft::load(&asker, id).await?;
    if let Some((list, place)) = entry(&draft, &list, place)?.entry() {
        draft.remove(list, place);
        draft.keep(&asker).await?;
    }
    see(draft.path())
}

pub(super) async fn ask_discard(asker: Asker, id: web::Path<RequestId>) -> Answer {
    let draft = Draft::load(&asker, *id).await?;
    let form = FormView::new(&NOTHING, format!("{}/discard", draft.path()))
        .operation(asker.operation()?)
        .button(Button::warning("Discard"))
        .cancel(draft.path());
    let heading = "Discard what you typed?";
    let view = ConfirmView::new(heading, form)
        .caption(draft.name_of(Part::Person).unwrap_or_else(|| "Nobody named yet".to_owned()))
        .text("Nothing of it was sent, and nothing of it is kept.");
    let page = Page::new(heading).section("referrals").back(draft.path(), "Referral");
    Ok(view.answer(&asker.web.site, &asker.viewer(), page)?)
}

pub(super) async fn discard(asker: Asker, id: web::Path<RequestId>, _: Posted) -> Answer {
    let draft = Draft::load(&asker, *id).await?;
    draft.forget(&asker).await?;
    see("/referrals")
}
