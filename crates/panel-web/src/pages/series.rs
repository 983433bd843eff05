//! Series of meetings: laid out from a rule, previewed, shown and changed.

mod change;
mod fields;
mod preview;

use super::meetings::date::{Pressed, again, carried};
use super::meetings::{list_of, name_of, runs};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::facts::{Fact, Facts};
use crate::view::{Act, Button, Colour, Page, Sheet, Tag, dates};
use crate::web::Asker;
use actix_web::web;
use fields::{SERIES, read_series};
use panel_app::series::{self, SeriesPreview, SeriesView};
use panel_core::coded::Coded;
use panel_core::id::{PanelId, SeriesId};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/panels/{panel}/series/new", RunsPanel => new),
        route!(POST "/panels/{panel}/series/new", RunsPanel => add),
        route!(GET "/series/{series}", SignedIn => show),
        route!(GET "/series/{series}/time", RunsPanel => change::ask_time),
        route!(POST "/series/{series}/time", RunsPanel => change::time),
        route!(GET "/series/{series}/rule", RunsPanel => change::ask_rule),
        route!(POST "/series/{series}/rule", RunsPanel => change::rule),
        route!(GET "/series/{series}/place", RunsPanel => change::ask_place),
        route!(POST "/series/{series}/place", RunsPanel => change::place),
        route!(GET "/series/{series}/last-day", RunsPanel => change::ask_last_day),
        route!(POST "/series/{series}/last-day", RunsPanel => change::last_day),
        route!(GET "/series/{series}/end", RunsPanel => change::ask_end),
        route!(POST "/series/{series}/end", RunsPanel => change::end),
    ]
}

fn path(series: SeriesId) -> String {
    format!("/series/{series}")
}

async fn load(asker: &Asker, id: SeriesId) -> Result<SeriesView, Failure> {
    asker.ask(move |ctx| series::show(ctx, id)).await
}

async fn draw_new(asker: &Asker, panel: PanelId, refused: Option<Refused>) -> Answer {
    let today = asker.today()?;
    let form =
        fields::defaults(FormView::new(&SERIES, format!("/panels/{panel}/series/new")), today)
            .operation(asker.operation()?)
            .button(Button::new("Show the dates"))
            .cancel(list_of(panel))
            .refused(refused);
    let view = FormPage::new("Add a series of meetings", form)
        .caption(name_of(asker, panel).await?)
        .intro("You see every date and every deadline before anything is saved.");
    let page = Page::new("Add a series of meetings").section("meetings");
    asker.form(page.back(list_of(panel), "Meetings"), view).await
}

async fn new(asker: Asker, panel: web::Path<PanelId>) -> Answer {
    draw_new(&asker, *panel, None).await
}

async fn add(asker: Asker, panel: web::Path<PanelId>, posted: Posted) -> Answer {
    let panel = *panel;
    let form = match read_series(&posted, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw_new(&asker, panel, Some(refused)).await,
    };
    let done = match Pressed::of(&posted) {
        Pressed::Change => return draw_new(&asker, panel, Some(again(&posted))).await,
        Pressed::Preview => {
            let work = move |ctx: &panel_app::Ctx<'_>| series::preview(ctx, panel, &form, None);
            match asker.ask(work).await {
                Ok(preview) => return show_preview(&asker, panel, &posted, &preview).await,
                Err(failure) => Err(failure),
            }
        }
        Pressed::Confirm => {
            asker.submit(posted.operation, move |ctx| series::create(ctx, panel, &form)).await
        }
    };
    match done {
        Ok(_) => see(list_of(panel)),
        Err(failure) => {
            let refused = fields::at_its_field(&posted, posted.refused(failure)?);
            draw_new(&asker, panel, Some(refused)).await
        }
    }
}

async fn show_preview(
    asker: &Asker,
    panel: PanelId,
    posted: &Posted,
    shown: &SeriesPreview,
) -> Answer {
    let until = dates::date(shown.until);
    let sheet = Sheet::new("Check the dates").caption(name_of(asker, panel).await?);
    let sheet = preview::dates(sheet, &shown.schedule);
    let mut sheet = preview::overlaps(sheet, &shown.overlaps);
    let free = shown.schedule.clashes.is_empty();
    if free {
        let laid_out = format!(
            "{} meetings are laid out at once, up to {until}. The others follow as time goes on.",
            shown.laid_out
        );
        sheet = sheet.text(laid_out);
    }
    let action = format!("/panels/{panel}/series/new");
    let confirm = free.then(|| Button::new("Save the series"));
    let sheet = sheet.acts(carried(posted, &action, confirm));
    let page = Page::new("Check the dates").section("meetings").back(list_of(panel), "Meetings");
    asker.page(&page, "pages/sheet", &sheet)
}

async fn show(asker: Asker, id: web::Path<SeriesId>) -> Answer {
    let id = *id;
    let found = load(&asker, id).await?;
    let mut sheet = Sheet::new(found.summary.clone()).caption(name_of(&asker, found.panel).await?);
    if found.ended {
        sheet = sheet.tag(Tag::new("Ended", Colour::Grey));
    }
    let or_none =
        |text: &str| if text.is_empty() { "Not given".to_owned() } else { text.to_owned() };
    sheet = sheet.facts(Facts::new(vec![
        Fact::new("First day", dates::with_weekday(found.from)),
        Fact::new("On a bank holiday", found.holiday_policy.label()),
        Fact::new("Length", format!("{} minutes", found.minutes)),
        Fact::new("Venue", or_none(&found.venue)),
        Fact::new("Video link", or_none(&found.link)),
        Fact::new("Time zone", found.zone.clone()),
    ]));
    if runs(&asker, found.panel) {
        let at = path(id);
        sheet = sheet.acts(vec![
            Act::link(format!("{at}/time"), "Change the time of day"),
            Act::link(format!("{at}/rule"), "Change the rule"),
            Act::link(format!("{at}/place"), "Change venue or length"),
            Act::link(format!("{at}/last-day"), "Set the last day"),
            Act::link(format!("{at}/end"), "End the series"),
        ]);
    }
    let page = Page::new(found.summary).section("meetings").back(list_of(found.panel), "Meetings");
    asker.page(&page, "pages/sheet", &sheet)
}
