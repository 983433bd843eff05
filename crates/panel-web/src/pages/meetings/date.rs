//! When a meeting is: moving one, and laying out an emergency meeting.

use super::acts::{LINK, VENUE, behind};
use super::{list_of, name_of, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{date, number, one_of, time};
use crate::form::{Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::parts::Warning;
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Button, Page, Sheet};
use crate::web::Asker;
use actix_web::web;
use chrono::{NaiveDate, NaiveTime};
use panel_app::meetings::{self, EmergencyForm, MoveForm, MovePreview};
use panel_core::id::{MeetingId, PanelId};
use panel_core::time::Repeated;

static ON: Field<'_, NaiveDate> = date("on", "Date").noun("the date");
static AT: Field<'_, NaiveTime> = time("at", "Start time");
static MINUTES: Field<'_, u32> = number("minutes", "Length", 5, 1440).suffix("minutes");
static WHICH: Optional<'_, Repeated> = one_of("which", "Which of the two")
    .hint("Only on the night when the clocks go back and the hour comes twice.")
    .as_select()
    .optional();
static MOVE: Form = Form::of(&[&ON, &AT, &MINUTES, &WHICH]);
static EMERGENCY: Form = Form::of(&[&ON, &AT, &MINUTES, &VENUE, &LINK, &WHICH]);

/// The value of the button that saves what was previewed.
const CONFIRM: &str = "confirm";
/// The value of the button that goes back to the form.
const CHANGE: &str = "change";

/// Two buttons under a preview, which carry everything that was typed.
pub(crate) fn carried(posted: &Posted, action: &str, confirm: Option<Button>) -> Vec<Act> {
    let change = Button::secondary("Change").doing(CHANGE);
    let carry = |button: Button| {
        let mut act = Act::post(action, button);
        let typed = posted.values.iter().filter(|(name, _)| *name != crate::form::PRESSED);
        for (name, values) in typed {
            for value in values {
                act = act.with(name, value.as_str());
            }
        }
        act
    };
    confirm.map(|button| button.doing(CONFIRM)).into_iter().chain([change]).map(carry).collect()
}

/// What was pressed on a form with a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// Show what it would do.
    Preview,
    /// Do it.
    Confirm,
    /// Back to the form with everything in it.
    Change,
}

impl Pressed {
    pub(crate) fn of(posted: &Posted) -> Self {
        match posted.values.one(crate::form::PRESSED) {
            CONFIRM => Self::Confirm,
            CHANGE => Self::Change,
            _ => Self::Preview,
        }
    }
}

/// The form again, with what was typed and nothing refused.
pub(crate) fn again(posted: &Posted) -> Refused {
    Refused { errors: Vec::new(), typed: posted.values.clone() }
}

async fn draw(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let meeting = asker.ask(move |ctx| meetings::show(ctx, id)).await?.meeting;
    let form = FormView::new(&MOVE, format!("{}/move", path(id)))
        .fill(&ON, &meeting.on)
        .fill(&AT, &meeting.at)
        .fill(&MINUTES, &u32::try_from(meeting.minutes).unwrap_or_default())
        .version(meeting.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Show what moves"))
        .cancel(path(id))
        .refused(refused);
    let view = FormPage::new("Move this meeting", form)
        .caption(meeting.when)
        .intro("The meeting keeps its place in its series. Nothing is saved yet.");
    let page = Page::new("Move this meeting").section("meetings").back(path(id), "Meeting");
    asker.form(page, view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw(&asker, *id, None).await
}

fn read(posted: &Posted, today: NaiveDate) -> Result<MoveForm, Refused> {
    let mut reader = MOVE.read(&posted.values, today);
    let (on, at, minutes) = (reader.get(&ON), reader.get(&AT), reader.get(&MINUTES));
    let which = reader.get(&WHICH);
    reader.finish(|| {
        let minutes = i32::try_from(minutes?).ok();
        Some(MoveForm { on: on?, at: at?, which: which?, minutes })
    })
}

pub(super) async fn move_to(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let (id, version) = (*id, posted.version);
    let form = match read(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let done = match Pressed::of(&posted) {
        Pressed::Change => return draw(&asker, id, Some(again(&posted))).await,
        Pressed::Preview => {
            match asker.ask(move |ctx| meetings::preview_move(ctx, id, &form)).await {
                Ok(preview) => return show_preview(&asker, id, &posted, &preview),
                Err(failure) => Err(failure),
            }
        }
        Pressed::Confirm => {
            let work = move |ctx: &panel_app::Ctx<'_>| meetings::move_to(ctx, id, version, &form);
            asker.submit(posted.operation, work).await
        }
    };
    match done {
        Ok(_) => see(path(id)),
        Err(Failure::Stale) => draw(&asker, id, Some(behind(&posted))).await,
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// `9 people are told`, `1 person is told`, `Nobody else is told`.
pub(crate) fn told(people: usize) -> String {
    match people {
        0 => "Nobody else needs to be told.".to_owned(),
        1 => "1 person is told.".to_owned(),
        many => format!("{many} people are told."),
    }
}

fn show_preview(asker: &Asker, id: MeetingId, posted: &Posted, preview: &MovePreview) -> Answer {
    let mut sheet = Sheet::new("Check what moves").caption(preview.from.clone());
    sheet = sheet.text(format!("The meeting moves to {}. {}", preview.to, told(preview.told)));
    for warning in &preview.warnings {
        sheet = sheet.warning(Warning { text: warning.clone() });
    }
    if preview.deadlines.is_empty() {
        sheet = sheet.text("No deadline falls on another day.");
    } else {
        let rows = preview.deadlines.iter().map(|step| {
            Row::new(vec![
                Cell::text(step.label.clone()).heading(),
                Cell::text(step.from.clone()),
                Cell::text(step.to.clone()).note(step.why.clone()),
            ])
        });
        let columns = ["Step", "Now", "Then"].map(Column::new).into();
        let table = Table::new(columns, rows.collect()).caption("Deadlines that move");
        sheet = sheet.table(table.wide("Deadlines that move"));
    }
    let action = format!("{}/move", path(id));
    sheet = sheet.acts(carried(posted, &action, Some(Button::new("Move the meeting"))));
    let page = Page::new("Check what moves").section("meetings").back(path(id), "Meeting");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn draw_emergency(asker: &Asker, panel: PanelId, refused: Option<Refused>) -> Answer {
    let form = FormView::new(&EMERGENCY, format!("{}/emergency", list_of(panel)))
        .fill(&ON, &asker.today()?)
        .fill(&MINUTES, &60)
        .operation(asker.operation()?)
        .button(Button::new("Add the meeting"))
        .cancel(list_of(panel))
        .refused(refused);
    let view = FormPage::new("Add an emergency meeting", form)
        .caption(name_of(asker, panel).await?)
        .intro(
            "It needs no series and does not count towards reviews. One that was held by \
                telephone can be entered up to a month later.",
        );
    let page = Page::new("Add an emergency meeting").section("meetings");
    asker.form(page.back(list_of(panel), "Meetings"), view).await
}

pub(super) async fn new_emergency(asker: Asker, panel: web::Path<PanelId>) -> Answer {
    draw_emergency(&asker, *panel, None).await
}

pub(super) async fn add_emergency(
    asker: Asker,
    panel: web::Path<PanelId>,
    posted: Posted,
) -> Answer {
    let panel = *panel;
    let mut reader = EMERGENCY.read(&posted.values, asker.today()?);
    let (on, at, minutes) = (reader.get(&ON), reader.get(&AT), reader.get(&MINUTES));
    let (venue, link, which) = (reader.get(&VENUE), reader.get(&LINK), reader.get(&WHICH));
    let read = reader.finish(|| {
        Some(EmergencyForm {
            on: on?,
            at: at?,
            which: which?,
            minutes: i32::try_from(minutes?).ok()?,
            venue: venue?.map(String::from).unwrap_or_default(),
            link: link?.map(String::from).unwrap_or_default(),
        })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_emergency(&asker, panel, Some(refused)).await,
    };
    let work = move |ctx: &panel_app::Ctx<'_>| meetings::add_emergency(ctx, panel, &form);
    match asker.submit(posted.operation, work).await {
        Ok(added) => see(path(added.meeting)),
        Err(failure) => draw_emergency(&asker, panel, Some(posted.refused(failure)?)).await,
    }
}
