//! The minutes: the draft with its checks, the chair's approval, versions, corrections and prints.

use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::narrative;
use crate::form::{ConfirmView, Field, Form, FormView, Optional, Refused};
use crate::pages::clearing;
use crate::posted::Posted;
use crate::routes::{Route, route};
use crate::view::parts::{Inset, Warning};
use crate::view::table::{Cell, Column, Row, Table};
use crate::view::{Act, Banner, Button, Colour, Drawn, Link, Page, Sheet, Tag};
use crate::web::Asker;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use panel_app::clearing::Outgoing;
use panel_app::minutes::{
    self, ApproveForm, DraftView, FindingView, MinutesView, Place, VersionView,
};
use panel_core::id::MeetingId;
use panel_core::meeting::MeetingState;
use panel_core::text::Note;
use panel_documents::Document;
use panel_documents::minutes::{Minutes, Version};
use serde::{Deserialize, Serialize};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(GET "/meetings/{meeting}/minutes", TakesPart => show),
        route!(GET "/meetings/{meeting}/minutes/print", TakesPart => print),
        route!(GET "/meetings/{meeting}/minutes/approve", RunsPanel => ask_approve),
        route!(POST "/meetings/{meeting}/minutes/approve", RunsPanel => approve),
        route!(GET "/meetings/{meeting}/minutes/correct", RunsPanel => ask_correct),
        route!(POST "/meetings/{meeting}/minutes/correct", RunsPanel => correct),
        route!(GET "/meetings/{meeting}/actions/print", TakesPart => print_actions),
    ]
}

fn path(meeting: MeetingId) -> String {
    format!("/meetings/{meeting}/minutes")
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// The number of a version.
    version: Option<i32>,
    /// What was done just before.
    done: Option<String>,
}

impl Wanted {
    fn banner(&self) -> Option<Banner> {
        match self.done.as_deref()? {
            "approved" => Some(Banner::success(
                "The minutes are approved. Everyone who may read them is told in the next digest.",
            )),
            "open" => Some(Banner::success(
                "The minutes are open for a correction. Readers keep the approved version until the \
                 next is approved.",
            )),
            _ => None,
        }
    }
}

/// A gap with the place where it is mended.
#[derive(Serialize)]
struct Gap {
    href: String,
    label: String,
    about: String,
    stops: bool,
}

fn gap(meeting: MeetingId, finding: &FindingView) -> Gap {
    let room = format!("/meetings/{meeting}/live");
    let href = match finding.place {
        Place::Attendance => format!("{room}#roll"),
        Place::Person(line) => format!("{room}/people/{line}"),
        Place::Item(item) => format!("{room}/{item}"),
        Place::Action(action) => format!("/actions/{action}"),
    };
    let (label, about) = (finding.label.clone(), finding.about.clone());
    Gap { href, label, about, stops: finding.blocking }
}

#[derive(Serialize)]
struct Head {
    heading: String,
    caption: String,
    tag: Option<Tag>,
    inset: Option<Inset>,
    warning: Option<Warning>,
    is_draft: bool,
    gaps: Vec<Gap>,
    acts: Vec<Act>,
    versions: Option<Table>,
}

fn title(view: &MinutesView) -> String {
    format!("Minutes of {}", panel_core::words::weekday_date(view.meeting.on))
}

fn tag(view: &MinutesView) -> Option<Tag> {
    if view.draft.is_some() {
        return Some(Tag::new("Draft", Colour::Yellow));
    }
    let shown = view.shown.as_ref()?;
    let latest = view.versions.first().is_some_and(|one| one.number == shown.number);
    Some(match (latest, view.correcting) {
        (true, true) => Tag::new("Approved, being corrected", Colour::Purple),
        (true, false) => Tag::new("Approved", Colour::Green),
        (false, _) => Tag::new("Earlier version", Colour::Grey),
    })
}

/// What else is to be known before the text.
fn inset(view: &MinutesView) -> Option<Inset> {
    let text = match (&view.draft, &view.record) {
        (Some(draft), _) if !draft.corrects.is_empty() => {
            format!("This draft corrects version {}: {}", draft.version - 1, draft.corrects)
        }
        (None, Some(_)) if view.correcting => {
            "The chair is correcting these minutes. This is the version that is approved."
                .to_owned()
        }
        (None, None) => "There are no minutes to read yet. You are told in your digest when the \
                         chair has approved them."
            .to_owned(),
        _ => return None,
    };
    Some(Inset { text, id: None })
}

fn warning(draft: &DraftView) -> Option<Warning> {
    let text = match (&draft.waits_for, draft.held) {
        (Some((_, day)), _) => format!("The minutes of {day} have to be approved first."),
        (None, false) => {
            "The meeting is in progress. Its minutes can be approved once it has ended.".to_owned()
        }
        (None, true) => return None,
    };
    Some(Warning { text })
}

fn acts(id: MeetingId, view: &MinutesView) -> Vec<Act> {
    let mut acts = Vec::new();
    let at = path(id);
    if let Some(draft) = &view.draft {
        if draft.may_approve {
            acts.push(Act::link(format!("{at}/approve"), "Approve these minutes"));
        }
        if let Some((earlier, _)) = &draft.waits_for {
            acts.push(Act::link(path(*earlier), "Go to the earlier minutes").quiet());
        }
        acts.push(Act::link(format!("/meetings/{id}/live"), "Go to the live meeting").quiet());
    }
    if view.record.is_some() {
        let version = view.shown.as_ref().map(|one| format!("?version={}", one.number));
        let print = format!("{at}/print{}", version.unwrap_or_default());
        acts.push(Act::link(print, "Print the minutes").quiet());
    }
    if matches!(view.meeting.state, MeetingState::InProgress | MeetingState::Held) {
        let list = Act::link(format!("/meetings/{id}/actions/print"), "Print the action list");
        acts.push(list.quiet());
    }
    if view.may_open_again {
        acts.push(Act::link(format!("{at}/correct"), "Correct these minutes").quiet());
    }
    acts
}

fn versions(id: MeetingId, view: &MinutesView) -> Option<Table> {
    let rows = view.versions.iter().map(|version| {
        let words = format!("Version {}", version.number);
        let mut name =
            Cell::link(format!("{}?version={}", path(id), version.number), words).heading();
        if let Some(why) = &version.reopened {
            name = name.note(format!("Opened again: {why}"));
        }
        let reason = if version.reason.is_empty() { "First version" } else { &version.reason };
        Row::new(vec![
            name,
            Cell::text(format!("{}, {}", version.by, version.when)),
            Cell::text(reason),
        ])
    });
    let columns = ["Version", "Approved by", "Reason"].map(Column::new).into();
    let rows: Vec<Row<'_>> = rows.collect();
    (!rows.is_empty()).then(|| Table::new(columns, rows).hidden_caption("Versions"))
}

fn version_of(shown: &VersionView) -> Version {
    Version {
        number: shown.number,
        by: shown.by.clone(),
        when: shown.when.clone(),
        reason: shown.reason.clone(),
    }
}

async fn show(asker: Asker, id: web::Path<MeetingId>, wanted: web::Query<Wanted>) -> Answer {
    let (id, version) = (*id, wanted.version);
    let view = asker.ask(move |ctx| minutes::show(ctx, id, version)).await?;
    let gaps =
        view.draft.iter().flat_map(|draft| &draft.findings).map(|one| gap(id, one)).collect();
    let head = Head {
        heading: title(&view),
        caption: view.panel_name.clone(),
        tag: tag(&view),
        inset: inset(&view),
        warning: view.draft.as_ref().and_then(warning),
        is_draft: view.draft.is_some(),
        gaps,
        acts: acts(id, &view),
        versions: versions(id, &view),
    };
    let page = Page::new(head.heading.clone())
        .section("meetings")
        .back(format!("/meetings/{id}"), "Meeting")
        .banner(wanted.banner());
    let text = view.record.as_ref().map(|record| {
        let version = view.shown.as_ref().map(version_of);
        panel_documents::body(&Minutes::of(record, version))
    });
    let site = &asker.web.site;
    let mut content = site.templates().render("pages/minutes", &head)?;
    if let Some(text) = text {
        content.push_str(&text.map_err(|error| Failure::Broken(error.to_string()))?);
    }
    let html = site.framed(&asker.viewer(), &page, &content)?;
    Ok(HttpResponse::Ok().content_type(ContentType::html()).body(html))
}

async fn print(asker: Asker, id: web::Path<MeetingId>, wanted: web::Query<Wanted>) -> Answer {
    let (id, version) = (*id, wanted.version);
    asker.answer(move |ctx| minutes::document(ctx, id, version), printed(id)).await
}

async fn print_actions(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    let id = *id;
    asker.answer(move |ctx| minutes::action_list(ctx, id), printed(id)).await
}

/// Draws a document of a meeting for printing.
fn printed<D: Document>(of: MeetingId) -> impl FnOnce(&Asker, D) -> Result<Drawn, Failure> {
    move |asker, document| {
        let page = Page::new(document.title()).section("meetings").back(path(of), "Minutes");
        asker.document(&page, &document)
    }
}

static DIGEST: Field<'_, String> = crate::form::kinds::text("digest", "Draft").hidden();
static WHY: Optional<'_, Note> =
    narrative("reason", "Why this version corrects the one before").rows(3).optional();
static FIRST: Form = Form::of(&[&DIGEST]);
static CORRECTION: Form = Form::of(&[&DIGEST, &WHY]);

async fn draw_approve(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let view = asker.ask(move |ctx| minutes::show(ctx, id, None)).await?;
    let Some(draft) = &view.draft else { return see(path(id)) };
    if draft.may_approve && !clearing::suspects(asker, id, Outgoing::Minutes).await?.is_empty() {
        return see(clearing::path(id, Outgoing::Minutes));
    }
    let first = draft.version == 1;
    let mut form =
        FormView::new(if first { &FIRST } else { &CORRECTION }, format!("{}/approve", path(id)))
            .unmarked()
            .operation(asker.operation()?)
            .button(Button::new("Approve the minutes"))
            .cancel(path(id));
    if !first {
        form = form.fill(&WHY, &Note::parse(&draft.corrects).ok());
    }
    // The draft as it is now, also after a refusal: what the chair approves is what stands there.
    let form = form.refused(refused).fill(&DIGEST, &draft.digest);
    let cases =
        view.record.iter().flat_map(|record| &record.items).filter(|one| one.case.is_some());
    let actions = view.record.iter().flat_map(|record| &record.items).map(|one| one.actions.len());
    let text = format!(
        "Version {} holds {} cases and {} actions. Once it is approved it never changes; a correction \
         is a new version.",
        draft.version,
        cases.count(),
        actions.sum::<usize>()
    );
    let mut confirm =
        ConfirmView::new("Approve these minutes", form).caption(title(&view)).text(text);
    for finding in draft.findings.iter().filter(|finding| !finding.blocking) {
        confirm =
            confirm.text(format!("To know: {} ({}).", finding.label.to_lowercase(), finding.about));
    }
    let page = Page::new("Approve these minutes").section("meetings").back(path(id), "Minutes");
    Ok(confirm.answer(&asker.web.site, &asker.viewer(), page)?)
}

async fn ask_approve(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_approve(&asker, *id, None).await
}

async fn approve(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = CORRECTION.read(&posted.values, asker.today()?);
    let (digest, why) = (reader.get(&DIGEST), reader.get(&WHY));
    let read = reader.finish(|| {
        Some(ApproveForm { digest: digest?, reason: why?.map(String::from).unwrap_or_default() })
    });
    let form = match read {
        Ok(form) => form,
        Err(refused) => return draw_approve(&asker, id, Some(refused)).await,
    };
    match asker.submit(posted.operation, move |ctx| minutes::approve(ctx, id, &form)).await {
        Ok(_) => see(format!("{}?done=approved", path(id))),
        Err(failure) if clearing::is_asked_for(&failure) => {
            see(clearing::path(id, Outgoing::Minutes))
        }
        Err(Failure::Stale) => {
            let said = "The draft changed since you read it. Read it again before you approve it.";
            changed(&asker, id, said)
        }
        Err(failure) => draw_approve(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// Sends the chair back to the draft, because it is not what was read.
fn changed(asker: &Asker, id: MeetingId, said: &str) -> Answer {
    let sheet = Sheet::new("The minutes are not approved")
        .warning(Warning { text: said.to_owned() })
        .links(vec![Link::new(path(id), "Read the draft again")]);
    let page =
        Page::new("The minutes are not approved").section("meetings").back(path(id), "Minutes");
    asker.page(&page.status(StatusCode::CONFLICT), "pages/sheet", &sheet)
}

static REASON: Field<'_, Note> =
    narrative("reason", "What is to be corrected").missing("Enter what is to be corrected").rows(3);
static CORRECT: Form = Form::of(&[&REASON]);

async fn draw_correct(asker: &Asker, id: MeetingId, refused: Option<Refused>) -> Answer {
    let view = asker.ask(move |ctx| minutes::show(ctx, id, None)).await?;
    let form = FormView::new(&CORRECT, format!("{}/correct", path(id)))
        .operation(asker.operation()?)
        .button(Button::warning("Open the minutes again"))
        .cancel(path(id))
        .refused(refused);
    let confirm = ConfirmView::new("Correct these minutes", form).caption(title(&view)).text(
        "What was said can then be changed in the live meeting and approved as a new version. To change \
         a decision, open the meeting itself again as well. Readers keep the version that is approved \
         until the next is.",
    );
    let page = Page::new("Correct these minutes").section("meetings").back(path(id), "Minutes");
    Ok(confirm.answer(&asker.web.site, &asker.viewer(), page)?)
}

async fn ask_correct(asker: Asker, id: web::Path<MeetingId>) -> Answer {
    draw_correct(&asker, *id, None).await
}

async fn correct(asker: Asker, id: web::Path<MeetingId>, posted: Posted) -> Answer {
    let id = *id;
    let mut reader = CORRECT.read(&posted.values, asker.today()?);
    let reason = reader.get(&REASON);
    let reason = match reader.finish(|| reason) {
        Ok(reason) => reason,
        Err(refused) => return draw_correct(&asker, id, Some(refused)).await,
    };
    let work = move |ctx: &panel_app::Ctx<'_>| minutes::open_again(ctx, id, reason.as_str());
    match asker.submit(posted.operation, work).await {
        Ok(_) => see(format!("{}?done=open", path(id))),
        Err(failure) => draw_correct(&asker, id, Some(posted.refused(failure)?)).await,
    }
}
