//! One change of many actions: select them, say what is to change, see what became of each.

use super::register::{self, Address, headings, table};
use super::verb::{AGENCY, DUE, ON, OUTCOME, PERSON, REASON};
use super::{agency_choices, path, people_choices, register_with, standing_cell};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::kinds::pick;
use crate::form::{Choice, Field, FieldError, Form, FormView, Refused, Values};
use crate::posted::Posted;
use crate::view::controls::{Control, ErrorLine};
use crate::view::lists::{Bulk, Hidden};
use crate::view::table::{Cell, Column, Row as TableRow, Table};
use crate::view::{Button, Link, Page, Sheet};
use crate::web::Asker;
use chrono::NaiveDate;
use panel_app::actions::{self, BulkChange, BulkForm, BulkRow, Choices, MOST_AT_ONCE, Row};
use panel_core::coded;
use panel_core::coded::Coded;
use panel_core::id::ActionId;
use panel_core::words::count;
use std::collections::BTreeSet;

coded! {
    /// What can be done to many actions at once.
    pub enum Change: "bulk change" {
        /// They take another due date.
        Redate = "redate" => "Change the due date",
        /// They take another owner.
        Reassign = "reassign" => "Change the owner",
        /// They were started.
        Start = "start" => "Mark as started",
        /// They were done.
        Complete = "complete" => "Mark as done",
        /// They were not done.
        NotDone = "not_done" => "Report as not done",
        /// The chair withdraws them.
        Withdraw = "withdraw" => "Withdraw",
    }
}

/// The name under which the checkboxes send their rows.
pub(super) const ROW: &str = "row";

static CHANGE: Field<'_, String> = pick("change", "What to change");
static CHOOSING: Form = Form::of(&[&CHANGE]);
static REDATING: Form = Form::of(&[&DUE]);
static REASSIGNING: Form = Form::of(&[&AGENCY, &PERSON]);
static STARTING: Form = Form::of(&[]);
static COMPLETING: Form = Form::of(&[&ON, &OUTCOME]);
static REASONED: Form = Form::of(&[&REASON]);

impl Change {
    fn form(self) -> &'static Form {
        match self {
            Self::Redate => &REDATING,
            Self::Reassign => &REASSIGNING,
            Self::Start => &STARTING,
            Self::Complete => &COMPLETING,
            Self::NotDone | Self::Withdraw => &REASONED,
        }
    }

    /// Whether only those who run a panel have a use for it.
    const fn is_the_panel_s(self) -> bool {
        matches!(self, Self::Redate | Self::Reassign | Self::Withdraw)
    }
}

/// What a checkbox sends: the action and the version that the page shows.
pub(super) fn row_value(row: &Row) -> String {
    format!("{}.{}", row.line.id, row.line.version)
}

/// The controls under a list: which change.
pub(super) fn choosing(runs: bool) -> Vec<Control> {
    let all = Change::ALL.iter().filter(|change| runs || !change.is_the_panel_s());
    let choices = all.map(|change| Choice::new(change.code(), change.label()));
    FormView::new(&CHOOSING, "").choices(&CHANGE, choices.collect()).controls()
}

fn selected(values: &Values) -> Option<Vec<BulkRow>> {
    let row = |sent: &String| {
        let (action, version) = sent.split_once('.')?;
        Some(BulkRow { action: action.parse().ok()?, version: version.parse().ok()? })
    };
    values.all(ROW).iter().map(row).collect()
}

fn line(text: impl Into<String>, href: Option<String>) -> ErrorLine {
    ErrorLine { text: text.into(), href }
}

/// What was selected and is to be done, or what is missing.
fn chosen(values: &Values) -> Result<(Vec<BulkRow>, Change), ErrorLine> {
    let rows = selected(values).filter(|rows| !rows.is_empty());
    let rows = rows.ok_or_else(|| line("Select at least one action", None))?;
    if rows.len() > MOST_AT_ONCE {
        return Err(line(format!("Select at most {MOST_AT_ONCE} actions at once"), None));
    }
    let change = Change::from_code(values.one("change"))
        .map_err(|_| line("Select what to change", Some("#change".to_owned())))?;
    Ok((rows, change))
}

/// The list that the selection was made in.
fn list(asker: &Asker, values: &Values) -> Result<Address, Failure> {
    let query = Values::from_urlencoded(values.one("query").as_bytes()).unwrap_or_default();
    Ok(Address::of(query, asker.today()?))
}

/// Takes the selection and asks for what the change needs.
pub(super) async fn choose(asker: Asker, posted: Posted) -> Answer {
    match chosen(&posted.values) {
        Ok((rows, change)) => {
            let step = Step { change, ids: ids(&rows), address: list(&asker, &posted.values)? };
            draw(&asker, &step, None, &[]).await
        }
        Err(error) => {
            let address = list(&asker, &posted.values)?;
            register::draw(&asker, address, vec![error], None).await
        }
    }
}

fn ids(rows: &[BulkRow]) -> Vec<ActionId> {
    rows.iter().map(|row| row.action).collect()
}

/// The second page.
struct Step {
    change: Change,
    ids: Vec<ActionId>,
    address: Address,
}

async fn draw(
    asker: &Asker,
    step: &Step,
    refused: Option<Refused>,
    in_the_way: &[(ActionId, String)],
) -> Answer {
    let ids = step.ids.clone();
    let rows = asker.ask(move |ctx| actions::some(ctx, &ids)).await?;
    let choices = match step.change {
        Change::Reassign => asker.ask(move |ctx| actions::choices(ctx, None)).await?,
        _ => Choices::default(),
    };
    let mut form = FormView::new(step.change.form(), "")
        .choices(&AGENCY, agency_choices(&choices))
        .choices(&PERSON, people_choices(&choices));
    if step.change == Change::Complete {
        form = form.fill(&ON, &asker.today()?);
    }
    let form = form.refused(refused);
    let heading = format!("{}: {}", step.change.label(), count(rows.len(), "action"));
    let mut errors = form.errors().map(|found| found.errors).unwrap_or_default();
    errors.extend(summed_up(in_the_way));
    let hidden = vec![
        Hidden::new("change", step.change.code()),
        Hidden::new("query", step.address.query().as_str()),
        Hidden::new("operation", asker.operation()?),
    ];
    let mut sheet = Sheet::new(heading.clone()).errors(errors);
    if !in_the_way.is_empty() {
        sheet = sheet.table(report(&rows, in_the_way));
    }
    let save = Button::new(step.change.label());
    let sheet = sheet
        .text("All of them change, or none does. Leave out what should stay as it is.")
        .bulk(Bulk {
            action: "/actions/bulk/confirm".to_owned(),
            hidden,
            controls: form.controls(),
            buttons: vec![save],
            table: table(&rows, headings(), true),
            heading: "Change the selected actions".to_owned(),
        })
        .links(vec![Link::new(back(&step.address), "Go back without changing anything")]);
    let page = Page::new(heading).section("actions").back(back(&step.address), "Actions");
    let page = if sheet.has_errors() { page.refused(true) } else { page };
    asker.page(&page, "pages/sheet", &sheet)
}

fn back(address: &Address) -> String {
    let mut values = address.values.clone();
    values.remove("after");
    register_with(&values)
}

/// Each thing in the way once, with how many actions it is about.
fn summed_up(in_the_way: &[(ActionId, String)]) -> Vec<ErrorLine> {
    let said: BTreeSet<&String> = in_the_way.iter().map(|(_, said)| said).collect();
    let lines = said.into_iter().map(|said| {
        let of = in_the_way.iter().filter(|(_, other)| other == said).count();
        line(format!("{}: {said}", count(of, "action")), None)
    });
    lines.collect()
}

/// What stands in the way of each.
fn report(rows: &[Row], in_the_way: &[(ActionId, String)]) -> Table {
    let rows = rows.iter().filter_map(|row| {
        let said: Vec<&str> = in_the_way
            .iter()
            .filter(|(action, _)| *action == row.line.id)
            .map(|(_, said)| said.as_str())
            .collect();
        let id = row.line.id;
        let cells = || {
            vec![
                Cell::link(path(id), row.line.text.clone()).heading(),
                standing_cell(row),
                Cell::text(said.join(". ")),
            ]
        };
        (!said.is_empty()).then(|| TableRow::new(cells()))
    });
    let columns = ["Action", "Status", "In the way"].map(Column::new).into();
    Table::new(columns, rows.collect()).caption("Nothing was changed").wide()
}

fn read(change: Change, values: &Values, today: NaiveDate) -> Result<BulkChange, Refused> {
    let mut values = values.clone();
    for name in [ROW, "change", "query"] {
        values.remove(name);
    }
    let mut reader = change.form().read(&values, today);
    match change {
        Change::Redate => {
            let due = reader.get(&DUE);
            reader.finish(|| Some(BulkChange::Redate { due: due?.unwrap_or_default() }))
        }
        Change::Reassign => {
            let (agency, person) = (reader.get(&AGENCY), reader.get(&PERSON));
            reader.finish(|| Some(BulkChange::Reassign { agency: agency?, person: person? }))
        }
        Change::Start => reader.finish(|| Some(BulkChange::Start)),
        Change::Complete => {
            let (on, outcome) = (reader.get(&ON), reader.get(&OUTCOME));
            reader.finish(|| Some(BulkChange::Complete { on: on?, outcome: outcome?.into() }))
        }
        Change::NotDone => {
            let reason = reader.get(&REASON);
            reader.finish(|| Some(BulkChange::NotDone { reason: reason?.into() }))
        }
        Change::Withdraw => {
            let reason = reader.get(&REASON);
            reader.finish(|| Some(BulkChange::Withdraw { reason: reason?.into() }))
        }
    }
}

/// Does it, and says what became of each.
pub(super) async fn confirm(asker: Asker, posted: Posted) -> Answer {
    let address = list(&asker, &posted.values)?;
    let (rows, change) = match chosen(&posted.values) {
        Ok(chosen) => chosen,
        Err(error) => return register::draw(&asker, address, vec![error], None).await,
    };
    let step = Step { change, ids: ids(&rows), address };
    let changed = match read(change, &posted.values, asker.today()?) {
        Ok(changed) => changed,
        Err(refused) => return draw(&asker, &step, Some(refused), &[]).await,
    };
    let form = BulkForm { actions: rows, change: changed };
    match asker.submit(posted.operation, move |ctx| actions::bulk(ctx, &form)).await {
        Ok(saved) => done(&asker, &step, saved.len()).await,
        Err(failure) => {
            let mut refused = posted.refused(failure)?;
            let in_the_way = of_rows(&step.ids, &mut refused.errors);
            draw(&asker, &step, Some(refused), &in_the_way).await
        }
    }
}

/// Takes out of the errors those that belong to one action.
fn of_rows(ids: &[ActionId], errors: &mut Vec<FieldError>) -> Vec<(ActionId, String)> {
    let place = |error: &FieldError| {
        let place = error.field.strip_prefix("actions.")?.parse::<usize>().ok()?;
        ids.get(place).copied()
    };
    let found = errors.iter().filter_map(|error| Some((place(error)?, error.message.clone())));
    let found: Vec<(ActionId, String)> = found.collect();
    errors.retain(|error| place(error).is_none());
    found
}

async fn done(asker: &Asker, step: &Step, changed: usize) -> Answer {
    let ids = step.ids.clone();
    let rows = asker.ask(move |ctx| actions::some(ctx, &ids)).await?;
    let heading = format!("{} changed", count(changed, "action"));
    let table_rows = rows.iter().map(|row| {
        TableRow::new(vec![
            Cell::link(path(row.line.id), row.line.text.clone()).heading(),
            Cell::text(row.line.agency_name.clone().unwrap_or_default())
                .note(row.line.owner_name().unwrap_or("Nobody is named")),
            super::due_cell(row),
            standing_cell(row),
        ])
    });
    let columns = ["Action", "Agency and person", "Due", "Status"].map(Column::new).into();
    let table =
        Table::new(columns, table_rows.collect()).hidden_caption("Changed actions").wide().small();
    let sheet = Sheet::new(heading.clone())
        .caption(step.change.label())
        .table(table)
        .links(vec![Link::new(back(&step.address), "Back to the list")]);
    let page = Page::new(heading).section("actions").back(back(&step.address), "Actions");
    asker.page(&page, "pages/sheet", &sheet)
}
