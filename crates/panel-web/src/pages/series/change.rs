//! Changes to a running series: typed, shown with what they do, then saved.

use super::fields::{self, AT, LAST_DAY, PLACE, RULE, RuleRead, TIME};
use super::{load, path, preview};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{Form, FormPage, FormView, Refused};
use crate::pages::meetings::date::{Pressed, again, carried, told};
use crate::posted::Posted;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::series::{self, ChangeForm, ChangePreview, SeriesChange, SeriesView};
use panel_core::id::SeriesId;

/// One kind of change: its form, what stands in it, and what is read from it.
struct Kind {
    verb: &'static str,
    heading: &'static str,
    form: &'static Form,
    fill: fn(FormView<'static>, &SeriesView, NaiveDate) -> FormView<'static>,
    read: fn(&Posted, NaiveDate) -> Result<SeriesChange, Refused>,
}

static TIME_OF_DAY: Kind = Kind {
    verb: "time",
    heading: "Change the time of day",
    form: &TIME,
    fill: |form, series, _| form.fill(&AT, &series.at),
    read: |posted, today| {
        let mut reader = TIME.read(&posted.values, today);
        let at = reader.get(&AT);
        reader.finish(|| Some(SeriesChange::Time { at: at? }))
    },
};

static RULE_OF: Kind = Kind {
    verb: "rule",
    heading: "Change the rule",
    form: &RULE,
    fill: fields::rule_of,
    read: |posted, today| {
        let mut reader = RULE.read(&posted.values, today);
        let rule = fields::rule(&mut reader);
        reader.finish(|| {
            let RuleRead { rule, from, end, policy } = rule?;
            Some(SeriesChange::Rule { rule, from, end, holiday_policy: policy })
        })
    },
};

static PLACE_OF: Kind = Kind {
    verb: "place",
    heading: "Change venue or length",
    form: &PLACE,
    fill: |form, series, _| fields::place_of(form, series),
    read: |posted, today| {
        let mut reader = PLACE.read(&posted.values, today);
        let place = fields::place(&mut reader);
        reader.finish(|| {
            let (minutes, venue, link) = place?;
            Some(SeriesChange::Place { minutes, venue, link })
        })
    },
};

static END_OF: Kind = Kind {
    verb: "last-day",
    heading: "Set the last day",
    form: &LAST_DAY,
    fill: |form, series, _| fields::end_of(form, series),
    read: |posted, today| {
        let mut reader = LAST_DAY.read(&posted.values, today);
        let end = fields::end(&mut reader);
        reader.finish(|| Some(SeriesChange::SetEnd { end: end? }))
    },
};

impl Kind {
    fn action(&self, id: SeriesId) -> String {
        format!("{}/{}", path(id), self.verb)
    }

    async fn draw(&self, asker: &Asker, id: SeriesId, refused: Option<Refused>) -> Answer {
        let series = load(asker, id).await?;
        let form = FormView::new(self.form, self.action(id));
        let form = (self.fill)(form, &series, asker.today()?)
            .version(series.version.into())
            .operation(asker.operation()?)
            .button(Button::new("Show what changes"))
            .cancel(path(id))
            .refused(refused);
        let view = FormPage::new(self.heading, form)
            .caption(series.summary)
            .intro("Meetings that were held stay as they are. Nothing is saved yet.");
        let page = Page::new(self.heading).section("meetings").back(path(id), "Series");
        asker.form(page, view).await
    }

    async fn take(&self, asker: &Asker, id: SeriesId, posted: Posted) -> Answer {
        let change = match (self.read)(&posted, asker.today()?) {
            Ok(change) => change,
            Err(refused) => return self.draw(asker, id, Some(refused)).await,
        };
        let done = match Pressed::of(&posted) {
            Pressed::Change => return self.draw(asker, id, Some(again(&posted))).await,
            Pressed::Preview => {
                let shown = asker.ask(move |ctx| series::preview_change(ctx, id, &change)).await;
                match shown {
                    Ok(shown) => return self.show(asker, id, &posted, &shown),
                    Err(failure) => Err(failure),
                }
            }
            // What goes was named on the page that this was pressed on.
            Pressed::Confirm => save(asker, id, &posted, change, true).await,
        };
        match done {
            Ok(()) => see(path(id)),
            Err(Failure::Stale) => self.draw(asker, id, Some(behind(&posted))).await,
            Err(failure) => {
                let refused = fields::at_its_field(&posted, posted.refused(failure)?);
                self.draw(asker, id, Some(refused)).await
            }
        }
    }

    fn show(&self, asker: &Asker, id: SeriesId, posted: &Posted, shown: &ChangePreview) -> Answer {
        let sheet = Sheet::new("Check what changes").caption(shown.after.summary.clone());
        let sheet = effects(sheet, shown);
        let confirm = if shown.needs_consent {
            let words = format!("Save and remove {}", meetings(shown.removed.len()));
            Button::warning(words)
        } else {
            Button::new("Save the change")
        };
        let sheet = sheet.acts(carried(posted, &self.action(id), Some(confirm)));
        let page = Page::new("Check what changes").section("meetings").back(path(id), "Series");
        asker.page(&page, "pages/sheet", &sheet)
    }
}

async fn save(
    asker: &Asker,
    id: SeriesId,
    posted: &Posted,
    change: SeriesChange,
    remove: bool,
) -> Result<(), Failure> {
    let (version, form) = (posted.version, ChangeForm { change, remove });
    let work = move |ctx: &panel_app::Ctx<'_>| series::change(ctx, id, version, &form);
    asker.submit(posted.operation, work).await.map(|_| ())
}

fn behind(posted: &Posted) -> Refused {
    let said = "Somebody else changed this series meanwhile. Look at it again before you go on.";
    Refused::by_rule(&posted.values, "", "stale", said)
}

fn meetings(count: usize) -> String {
    if count == 1 { "1 meeting".to_owned() } else { format!("{count} meetings") }
}

/// What a change does, with counts.
fn effects(mut sheet: Sheet, shown: &ChangePreview) -> Sheet {
    let mut points = vec![
        format!("{} move or start at another time.", meetings(shown.moved.len())),
        format!("{} deadlines fall on another day.", shown.deadlines_moved),
    ];
    let mut add = |count: usize, words: &str| {
        if count > 0 {
            points.push(format!("{} {words}", meetings(count)));
        }
    };
    add(shown.removed.len(), "that were planned go.");
    add(shown.removed_cancelled, "that were cancelled go.");
    add(shown.kept_as_record, "of those stay on record, cancelled.");
    add(shown.laid_out_later, "far ahead are laid out again when they are near.");
    add(shown.opened, "are laid out anew.");
    points.push(told(shown.told));
    sheet = sheet.list(points);
    if shown.needs_consent {
        let text = "Planned meetings would have no place in the series and go.".to_owned();
        sheet = sheet.warning(Warning { text });
    }
    if !shown.removed.is_empty() {
        sheet = sheet.heading("Meetings that go").list(shown.removed.clone());
    }
    if !shown.moved.is_empty() {
        let rows = shown.moved.iter().map(|step| {
            Row::new(vec![
                Cell::link(format!("/meetings/{}", step.meeting), step.from.clone()).heading(),
                Cell::text(step.to.clone()),
                Cell::number(step.deadlines),
            ])
        });
        let columns = vec![Column::new("Now"), Column::new("Then"), Column::numeric("Deadlines")];
        let table = Table::new(columns, rows.collect()).caption("Meetings that move");
        sheet = sheet.table(table.wide("Meetings that move"));
    }
    match &shown.schedule {
        Some(schedule) => preview::dates(sheet.heading("The new dates"), schedule),
        None => sheet,
    }
}

pub(super) async fn ask_time(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    TIME_OF_DAY.draw(&asker, *id, None).await
}

pub(super) async fn time(asker: Asker, id: web::Path<SeriesId>, posted: Posted) -> Answer {
    TIME_OF_DAY.take(&asker, *id, posted).await
}

pub(super) async fn ask_rule(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    RULE_OF.draw(&asker, *id, None).await
}

pub(super) async fn rule(asker: Asker, id: web::Path<SeriesId>, posted: Posted) -> Answer {
    RULE_OF.take(&asker, *id, posted).await
}

pub(super) async fn ask_place(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    PLACE_OF.draw(&asker, *id, None).await
}

pub(super) async fn place(asker: Asker, id: web::Path<SeriesId>, posted: Posted) -> Answer {
    PLACE_OF.take(&asker, *id, posted).await
}

pub(super) async fn ask_last_day(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    END_OF.draw(&asker, *id, None).await
}

pub(super) async fn last_day(asker: Asker, id: web::Path<SeriesId>, posted: Posted) -> Answer {
    END_OF.take(&asker, *id, posted).await
}

/// Asks before the series ends, with everything that goes.
pub(super) async fn ask_end(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    draw_end(&asker, *id, None).await
}

async fn draw_end(asker: &Asker, id: SeriesId, refused: Option<String>) -> Answer {
    let work =
        move |ctx: &panel_app::Ctx<'_>| series::preview_change(ctx, id, &SeriesChange::EndNow {});
    let (series, shown) = (load(asker, id).await?, asker.ask(work).await?);
    let mut sheet = Sheet::new("End this series").caption(series.summary);
    let is_refused = refused.is_some();
    if let Some(text) = refused {
        sheet = sheet.warning(Warning { text });
    }
    sheet = sheet.text("Yesterday was its last day. What was held stays; what lies ahead goes.");
    let end = Act::post(format!("{}/end", path(id)), Button::warning("End the series"))
        .with("version", series.version)
        .with("operation", asker.operation()?);
    sheet = effects(sheet, &shown).acts(vec![end, Act::link(path(id), "Keep the series")]);
    let page = Page::new("End this series").section("meetings").back(path(id), "Series");
    asker.page(&page.refused(is_refused), "pages/sheet", &sheet)
}

pub(super) async fn end(asker: Asker, id: web::Path<SeriesId>, posted: Posted) -> Answer {
    let id = *id;
    match save(&asker, id, &posted, SeriesChange::EndNow {}, true).await {
        Ok(()) => see(path(id)),
        Err(Failure::Stale) => {
            let said = behind(&posted).errors.into_iter().map(|error| error.message);
            draw_end(&asker, id, Some(said.collect())).await
        }
        Err(Failure::Rule { sentence, .. }) => draw_end(&asker, id, Some(sentence)).await,
        Err(failure) => Err(failure),
    }
}
