//! Sealed notes on a case: what is there, writing one, reading one.

use super::handling;
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id, ids, narrative, one_of};
use crate::form::{Choice, Field, FormPage, FormView, Layout, Optional, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::parts::Warning;
use crate::view::{Act, Button, Link, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::notes::{self, CaseNotes, NoteForm, NoteLine, OpenNote};
use panel_core::coded::Coded;
use panel_core::handling::{NoteKind, Overlay, Record};
use panel_core::id::{AgencyId, CaseId, NoteId};
use panel_core::text::LongNote;
use panel_core::time::local_date;

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/cases/{case}/notes", TakesPart => list),
        route!(GET "/cases/{case}/notes/add", TakesPart => ask_add),
        route!(POST "/cases/{case}/notes/add", TakesPart => add),
        route!(POST "/notes/{note}/read", TakesPart => read),
        route!(POST "/notes/{note}/source", TakesPart => source),
        route!(POST "/notes/{note}/erase", TakesPart => erase),
    ]
}

static AGENCY: Optional<'_, AgencyId> = id("agency", "Your agency").optional();
static KIND: Field<'_, NoteKind> = one_of("kind", "What is it about?");
static TEXT: Field<'_, LongNote> = narrative("text", "Note").rows(8);
static SOURCE: Optional<'_, LongNote> = narrative("source", "Who told you?")
    .hint("Kept apart. Only your agency can read it, after proving who asks.")
    .rows(2)
    .optional();
static USES: Optional<'_, Vec<NoteId>> = ids("draws_on", "Does it use what another note says?")
    .hint("Then nobody can read it who does not read that note.")
    .optional();

const HEADING: &str = "Sealed notes";

/// The sealed notes on a case.
pub(super) fn path(case: CaseId) -> String {
    format!("/cases/{case}/notes")
}

fn caption(found: &CaseNotes) -> String {
    super::cases::called(&found.row)
}

async fn load(asker: &Asker, case: CaseId) -> Result<CaseNotes, Failure> {
    asker.ask(move |ctx| notes::list(ctx, case)).await
}

fn card(note: &NoteLine) -> Facts {
    let when = dates::short(local_date(note.written_at));
    let mut rows = vec![
        Fact::new("Written by", format!("{}, {when}", note.writer)),
        Fact::prose("Who reads it", note.words.join("\n")),
    ];
    if note.has_source {
        rows.push(Fact::new("Who told", "Kept apart, for its own agency alone"));
    }
    let title = format!("{}, {}", note.agency_name, note.kind.label().to_lowercase());
    let at = handling::path(Record::Note(note.id));
    Facts::new(rows).card(title.clone()).card_link(at, "Change", format!("who reads it ({title})"))
}

async fn list(asker: Asker, case: web::Path<CaseId>) -> Answer {
    let found = load(&asker, *case).await?;
    let mut sheet = Sheet::new(HEADING).caption(caption(&found)).text(
        "Intelligence, health and what else not everybody may read is kept sealed here, in no \
         agenda, minutes, search, file or message. Each reading is written down. Nothing of a case is \
         ever for the perpetrator.",
    );
    if !found.writes_for.is_empty() {
        sheet = sheet.acts(vec![Act::link(format!("{}/add", path(*case)), "Write a sealed note")]);
    }
    let together = notes::together(found.notes.iter().map(|note| &note.marking));
    if !together.is_empty() {
        sheet = sheet.text("Of what is shown here together:").list(together);
    }
    if found.notes.is_empty() {
        sheet = sheet.text("There is no sealed note here that you can read.");
    }
    for note in &found.notes {
        let mut acts =
            vec![press(&asker, format!("/notes/{}/read", note.id), Button::new("Read it"))?];
        if note.own && note.has_source {
            let to = format!("/notes/{}/source", note.id);
            acts.push(press(&asker, to, Button::secondary("Read who told"))?);
        }
        sheet = sheet.facts(card(note)).acts(acts);
    }
    let page = Page::new(HEADING).section("cases").back(super::cases::path(*case), "Case");
    asker.page(&page, "pages/sheet", &sheet)
}

fn press(asker: &Asker, to: String, button: Button) -> Result<Act, Failure> {
    Ok(Act::post(to, button).with(crate::form::OPERATION, asker.operation()?))
}

/// The form; who acts for several agencies chooses one, and what can be used is offered where there is any.
fn layout(found: &CaseNotes) -> Layout<'static> {
    let mut layout = Layout::new();
    if found.writes_for.len() > 1 {
        layout = layout.with(&AGENCY);
    }
    layout = layout.with(&KIND).with(&TEXT).with(&SOURCE);
    if !found.notes.is_empty() {
        layout = layout.with(&USES);
    }
    let intro = "Your agency always reads it. Nobody else is told that it is there.";
    let layout = layout.section("Handling", Some(intro));
    handling::MARKING.into_iter().fold(layout, Layout::with)
}

async fn draw_add(asker: &Asker, case: CaseId, refused: Option<Refused>) -> Answer {
    let found = load(asker, case).await?;
    if found.writes_for.is_empty() {
        return Err(Failure::NotFound);
    }
    let others = found.notes.iter().map(|note| {
        let when = dates::short(local_date(note.written_at));
        let words = format!("{}, {}, {when}", note.agency_name, note.kind.label().to_lowercase());
        Choice::new(note.id, words).hint(note.words.join("; "))
    });
    let form = FormView::new(layout(&found), format!("{}/add", path(case)))
        .choices(&AGENCY, Choice::named(&found.writes_for))
        .choices(&USES, others.collect());
    let form = handling::naming(form, &found.nameable)
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(case))
        .refused(refused);
    let heading = "Write a sealed note";
    let view = FormPage::new(heading, form).caption(caption(&found));
    asker.form(Page::new(heading).section("cases").back(path(case), HEADING), view).await
}

async fn ask_add(asker: Asker, case: web::Path<CaseId>) -> Answer {
    draw_add(&asker, *case, None).await
}

async fn add(asker: Asker, case: web::Path<CaseId>, posted: Posted) -> Answer {
    let case = *case;
    let found = load(&asker, case).await?;
    let mut reader = layout(&found).read(&posted.values, asker.today()?);
    let agency = if found.writes_for.len() > 1 { reader.get(&AGENCY) } else { Some(None) };
    let (kind, text) = (reader.get(&KIND), reader.get(&TEXT));
    let source = reader.get(&SOURCE);
    let uses = if found.notes.is_empty() { Some(None) } else { reader.get(&USES) };
    let marking = handling::read(&mut reader);
    let read = reader.finish(|| {
        Some(NoteForm {
            agency: agency?,
            kind: Some(kind?),
            text: text?.as_str().to_owned(),
            source: source?.map(|note| note.as_str().to_owned()).unwrap_or_default(),
            marking: Some(marking?),
            draws_on: uses?.unwrap_or_default(),
        })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_add(&asker, case, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx: &Ctx<'_>| notes::add(ctx, case, &form)).await {
        Ok(_) => see(path(case)),
        Err(failure) => draw_add(&asker, case, Some(posted.refused(failure)?)).await,
    }
}

/// The answer to the press itself shows it, so that no address leads there.
fn opened(asker: &Asker, found: &OpenNote, what: &str) -> Answer {
    let note = &found.line;
    let heading = format!("{}, {}", note.agency_name, note.kind.label().to_lowercase());
    let marking = &note.marking;
    let mut facts = Facts::new(vec![Fact::prose(what, found.text.clone())]);
    if marking.forbids(Overlay::NoPrint) {
        facts = facts.unprinted();
    }
    let when = dates::short(local_date(note.written_at));
    let mut sheet = Sheet::new(heading.clone())
        .caption(format!("Sealed note on case {}", found.reference))
        .warning(Warning {
            text: "Do not write this into actions, minutes or mail. Leave the page when you have what \
                   you need."
                .to_owned(),
        })
        .facts(Facts::new(vec![
            Fact::new("Written by", format!("{}, {when}", note.writer)),
            Fact::prose("Who reads it", note.words.join("\n")),
        ]))
        .facts(facts);
    if note.own {
        let erase = Button::warning("Erase this note");
        sheet = sheet.acts(vec![press(asker, format!("/notes/{}/erase", note.id), erase)?]);
    }
    sheet = sheet.links(vec![Link::new(path(found.case), "Back to the sealed notes")]);
    let page = Page::new(heading).section("cases").back(path(found.case), HEADING);
    asker.page(&page, "pages/sheet", &sheet)
}

async fn read(asker: Asker, note: web::Path<NoteId>, _posted: Posted) -> Answer {
    let note = *note;
    let found = asker.ask(move |ctx| notes::read(ctx, note)).await?;
    opened(&asker, &found, "Note")
}

async fn source(asker: Asker, note: web::Path<NoteId>, _posted: Posted) -> Answer {
    let note = *note;
    let found = asker.ask(move |ctx| notes::source(ctx, note)).await?;
    opened(&asker, &found, "Who told")
}

async fn erase(asker: Asker, note: web::Path<NoteId>, posted: Posted) -> Answer {
    let note = *note;
    let case = asker.submit(posted.operation, move |ctx| notes::erase(ctx, note)).await?;
    see(path(case))
}
