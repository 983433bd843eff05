//! From whom a case is kept, and a conflict of interest that somebody declares for herself.

use super::{called, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{id, narrative, one_of};
use crate::form::{Choice, Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::Ctx;
use panel_app::cases::{self, CaseListForm, CaseListRow, CaseLists, ConflictForm, LiftForm};
use panel_core::access::lists::{Conflict, ListKind};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, CaseListId, UserId};
use panel_core::text::Note;
use panel_core::time::local_date;

static KIND: Field<'_, ListKind> = one_of("kind", "What should this do?").hint(
    "“Kept from” hides the case from them. “Only for” hides it from everybody who is not named so. \
     “Shown to” is for an alternate, whom the chair names.",
);
static PERSON: Optional<'_, UserId> = id("person", "Person").optional();
static AGENCY: Optional<'_, AgencyId> =
    id("agency", "Or everybody of an agency").hint("Only to keep the case from them.").optional();
static CONFLICT: Field<'_, Conflict> = one_of("conflict", "Why?");
static NOTE: Optional<'_, Note> = narrative("note", "Note").optional();
static ADD: Form = Form::of(&[&KIND, &PERSON, &AGENCY, &CONFLICT, &NOTE]);
static DECLARE: Form = Form::of(&[&CONFLICT, &NOTE]);

static REASON: Field<'_, Note> = narrative("reason", "Reason");
static LIFT: Form = Form::of(&[&REASON]);

const HEADING: &str = "Who may know of this case";

fn at(case: CaseId) -> String {
    format!("{}/lists", path(case))
}

fn caption(found: &CaseLists) -> String {
    called(&found.row)
}

async fn load(asker: &Asker, case: CaseId) -> Result<CaseLists, Failure> {
    asker.ask(move |ctx| cases::lists(ctx, case)).await
}

/// Whom a line names.
fn whom(line: &CaseListRow) -> &str {
    let name = line.person_name.as_deref().or(line.agency_name.as_deref());
    name.unwrap_or("Somebody who is not here any more")
}

fn set(found: &CaseLists, line: &CaseListRow) -> String {
    let on = dates::short(local_date(line.set_at));
    if line.declared {
        return format!("Declared on {on}");
    }
    let by = found.names.get(&line.set_by).map_or("", String::as_str);
    format!("{by}, {on}")
}

fn live(found: &CaseLists) -> Table {
    let case = found.row.id;
    let lines = found.lines.iter().filter(|line| line.lifted_at.is_none());
    let rows = lines.map(|line| {
        let mut cells = vec![
            Cell::text(whom(line)).heading(),
            Cell::text(line.kind.label()),
            Cell::text(line.conflict.label()).note(&*line.note),
            Cell::text(set(found, line)),
        ];
        if found.chairs {
            let href = format!("{}/{}/lift", at(case), line.id);
            cells.push(Cell::link(href, "Lift").about(whom(line)));
        }
        Row::new(cells)
    });
    let mut columns = ["Name", "What it does", "Why", "Set by"].map(Column::new).to_vec();
    if found.chairs {
        columns.push(Column::new(""));
    }
    Table::new(columns, rows.collect())
        .hidden_caption("Who is named")
        .or_say("Nobody is named. Everybody of the agencies that take part may know of this case.")
}

fn lifted(sheet: Sheet, found: &CaseLists) -> Sheet {
    let rows = found.lines.iter().filter_map(|line| {
        let on = dates::short(local_date(line.lifted_at?));
        let by = line.lifted_by.and_then(|by| found.names.get(&by)).map_or("", String::as_str);
        Some(Row::new(vec![
            Cell::text(whom(line)).heading(),
            Cell::text(line.kind.label()),
            Cell::text(set(found, line)),
            Cell::text(format!("{by}, {on}")).note(&*line.lift_reason),
        ]))
    });
    let rows: Vec<Row<'_>> = rows.collect();
    if rows.is_empty() {
        return sheet;
    }
    let columns = ["Name", "What it did", "Set by", "Lifted by"].map(Column::new).into();
    sheet.heading("Lifted").table(Table::new(columns, rows).hidden_caption("Lifted"))
}

pub(super) async fn show(asker: Asker, case: web::Path<CaseId>) -> Answer {
    let found = load(&asker, *case).await?;
    let sheet = Sheet::new(HEADING)
        .caption(caption(&found))
        .text(
            "For somebody it is kept from, this case does not exist: not on a page, in a count, a \
             search, a file or a message. Nobody is told. It holds from the moment you save it.",
        )
        .text("Whoever runs the panel, as coordinator or chair, sees every case of it.")
        .acts(vec![Act::link(format!("{}/add", at(*case)), "Name somebody")])
        .table(live(&found));
    let page = Page::new(HEADING).section("cases").back(path(*case), "Case");
    asker.page(&page, "pages/sheet", &lifted(sheet, &found))
}

async fn draw_add(asker: &Asker, case: CaseId, refused: Option<Refused>) -> Answer {
    let found = load(asker, case).await?;
    let form = FormView::new(&ADD, format!("{}/add", at(case)))
        .choices(&PERSON, Choice::named(&found.people))
        .choices(&AGENCY, Choice::named(&found.agencies))
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(at(case))
        .refused(refused);
    let view = FormPage::new("Name somebody", form).caption(caption(&found));
    asker.form(Page::new("Name somebody").section("cases").back(at(case), HEADING), view).await
}

pub(super) async fn ask_add(asker: Asker, case: web::Path<CaseId>) -> Answer {
    draw_add(&asker, *case, None).await
}

pub(super) async fn add(asker: Asker, case: web::Path<CaseId>, posted: Posted) -> Answer {
    let case = *case;
    let mut reader = ADD.read(&posted.values, asker.today()?);
    let (kind, conflict) = (reader.get(&KIND), reader.get(&CONFLICT));
    let (person, agency) = (reader.get(&PERSON), reader.get(&AGENCY));
    let note = reader.get(&NOTE);
    let read = reader.finish(|| {
        Some(CaseListForm {
            kind: kind?,
            person: person?,
            agency: agency?,
            conflict: conflict?,
            note: note?.map(|note| note.as_str().to_owned()).unwrap_or_default(),
        })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_add(&asker, case, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| cases::add_to_list(ctx, case, &form);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(at(case)),
        Err(failure) => draw_add(&asker, case, Some(posted.refused(failure)?)).await,
    }
}

type LineAt = web::Path<(CaseId, CaseListId)>;

async fn draw_lift(
    asker: &Asker,
    (case, line): (CaseId, CaseListId),
    refused: Option<Refused>,
) -> Answer {
    let found = load(asker, case).await?;
    let is_it = |it: &&CaseListRow| it.id == line && it.lifted_at.is_none();
    let wanted = found.lines.iter().find(is_it).filter(|_| found.chairs);
    let wanted = wanted.ok_or(Failure::NotFound)?;
    let form = FormView::new(&LIFT, format!("{}/{line}/lift", at(case)))
        .operation(asker.operation()?)
        .button(Button::warning("Lift"))
        .cancel(at(case))
        .refused(refused);
    let heading = format!("Lift “{}” for {}", wanted.kind.label(), whom(wanted));
    let view = FormPage::new(heading.clone(), form).caption(caption(&found));
    asker.form(Page::new(heading).section("cases").back(at(case), HEADING), view).await
}

pub(super) async fn ask_lift(asker: Asker, line: LineAt) -> Answer {
    draw_lift(&asker, *line, None).await
}

pub(super) async fn lift(asker: Asker, line: LineAt, posted: Posted) -> Answer {
    let (case, id) = *line;
    let mut reader = LIFT.read(&posted.values, asker.today()?);
    let reason = reader.get(&REASON);
    let form = match reader.finish(|| Some(LiftForm { reason: reason?.as_str().to_owned() })) {
        Ok(form) => form,
        Err(refused) => return draw_lift(&asker, *line, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| cases::lift_from_list(ctx, case, id, &form);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(at(case)),
        Err(failure) => draw_lift(&asker, *line, Some(posted.refused(failure)?)).await,
    }
}

const CONFLICT_HEADING: &str = "Declare a conflict of interest";

async fn draw_conflict(asker: &Asker, case: CaseId, refused: Option<Refused>) -> Answer {
    let detail = asker.ask(move |ctx| cases::show(ctx, case)).await?;
    if !detail.may.declare {
        return Err(Failure::NotFound);
    }
    let form = FormView::new(&DECLARE, format!("{}/conflict", path(case)))
        .operation(asker.operation()?)
        .button(Button::warning("Declare it"))
        .cancel(path(case))
        .refused(refused);
    let view = FormPage::new(CONFLICT_HEADING, form).caption(called(&detail.row)).intro(
        "You will no longer see this case, and hear nothing of it. The coordinator and the chair \
             see what you declare. Only the chair can lift it.",
    );
    asker.form(Page::new(CONFLICT_HEADING).section("cases").back(path(case), "Case"), view).await
}

pub(super) async fn ask_conflict(asker: Asker, case: web::Path<CaseId>) -> Answer {
    draw_conflict(&asker, *case, None).await
}

pub(super) async fn declare(asker: Asker, case: web::Path<CaseId>, posted: Posted) -> Answer {
    let case = *case;
    let mut reader = DECLARE.read(&posted.values, asker.today()?);
    let (conflict, note) = (reader.get(&CONFLICT), reader.get(&NOTE));
    let read = reader.finish(|| {
        let note = note?.map(|note| note.as_str().to_owned()).unwrap_or_default();
        Some(ConflictForm { conflict: conflict?, note })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_conflict(&asker, case, Some(refused)).await,
    };
    let work = move |ctx: &Ctx<'_>| cases::declare_conflict(ctx, case, &form);
    match asker.submit(posted.operation, work).await {
        // The case is not there any more for whoever declared it.
        Ok(()) => see("/cases?declared=1"),
        Err(failure) => draw_conflict(&asker, case, Some(posted.refused(failure)?)).await,
    }
}
