//! Requests before those who answer them, and replies before those who may read them.

use super::board::{in_words, person};
use super::find;
use super::standing::{Stands, stands};
use crate::agenda::{CaseView, question};
use crate::context::Ctx;
use crate::error::AppError;
use crate::handling::{self, Nameable, kind_of, nameable};
use chrono::NaiveDate;
use panel_core::coded::Coded;
use panel_core::handling::{Code, Marking};
use panel_core::id::{AgencyId, CaseId, InfoReplyId, InfoRequestId, MeetingId, PanelId};
use panel_core::information::{Answer, Question, ReplyKind, RequestState, Standing};
use panel_core::time::local;
use panel_core::words;
use panel_store::agenda::{issues, subjects};
use panel_store::information::{self, Asked as Found, Reply, is_own};
use panel_store::{Authz, cases};
use serde::Serialize;

/// A request in the list of those who answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyRequest {
    /// The request.
    pub id: InfoRequestId,
    /// The panel.
    pub panel: PanelId,
    /// The agency that was asked.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// The case's reference.
    pub reference: String,
    /// The person.
    pub person: String,
    /// The meeting that the reply is for.
    pub meeting: MeetingId,
    /// Its day, in words.
    pub meets: String,
    /// By when the reply is due, in words.
    pub due: String,
    /// The same as a date.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub standing: Standing,
    /// The same in words, with the kind of the reply.
    pub words: String,
    /// Whether the agency has a draft that was not released.
    pub draft: bool,
}

/// What the agencies that the caller acts for were asked for meetings that are still to be held, what
/// is owed first.
///
/// # Errors
/// When the database fails.
pub fn mine(ctx: &Ctx<'_>) -> Result<Vec<MyRequest>, AppError> {
    ctx.read(|az| {
        let found = information::mine(az)?;
        let drafts =
            information::drafts(az, &found.iter().map(|f| &f.request).collect::<Vec<_>>())?;
        let mut all = stands(ctx, az, found)?;
        all.sort_by_key(|one| (one.standing, one.asked.request.due_at));
        let view = |one: &Stands| MyRequest {
            id: one.asked.request.id,
            panel: one.asked.request.panel,
            agency: one.asked.request.agency,
            agency_name: one.asked.agency_name.clone(),
            reference: one.asked.reference.clone(),
            person: person(&one.asked.surname, &one.asked.forename),
            meeting: one.asked.request.meeting,
            meets: words::weekday_date(one.asked.meets_on),
            due: words::date_time(local(one.asked.request.due_at)),
            due_on: one.asked.request.due_on,
            standing: one.standing,
            words: in_words(one),
            draft: drafts.contains(&one.asked.request.id),
        };
        Ok(all.iter().map(view).collect())
    })
}

/// What an agency is asked now: the case as it stands, with the flags of the latest issue.
pub(super) fn asks(az: &mut Authz<'_>, found: &Found) -> Result<Question, AppError> {
    let case = found.request.case;
    let subject = subjects(az, &[case], true)?.pop().ok_or(AppError::NotFound)?;
    let issued = issues::latest(az, found.request.meeting, 1)?.pop();
    let line = issued.and_then(|(_, paper)| {
        paper.lines.into_iter().filter_map(|line| line.case).find(|paper| paper.case == case)
    });
    let flags = line.map_or_else(Vec::new, |paper| paper.flags);
    Ok(question(&subject, found.meets_on, flags))
}

/// A reply, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "a reader is told each of them on its own")]
pub struct ReplyView {
    /// Its id.
    pub id: InfoReplyId,
    /// Its number among the replies to its request, from one.
    pub number: i32,
    /// What kind of answer it is.
    pub kind: ReplyKind,
    /// The same in words.
    pub kind_label: String,
    /// What it says, facts apart from opinion.
    pub answer: Answer,
    /// What it is marked with.
    pub marking: Marking,
    /// The same in words; nothing when everybody reads it.
    pub marked: Vec<String>,
    /// Who wrote it, or entered it for the agency.
    pub by: String,
    /// When it was released, or the draft last saved, in words.
    pub when: String,
    /// Whether it came after the deadline.
    pub late: bool,
    /// Whether somebody else entered it for the agency.
    pub on_behalf: bool,
    /// Whether it was given for an earlier meeting that put the case off.
    pub carried: bool,
    /// Whether the case has changed since it was released.
    pub stale: bool,
    /// What has changed since, by the names of the fields; empty when that is not known.
    pub changed: Vec<&'static str>,
    /// The version that a change of a draft must name.
    pub version: i32,
}

fn reply_view(
    reply: &Reply,
    by: &str,
    request: InfoRequestId,
    (now, names): (Option<(&Question, i32)>, &Nameable),
) -> ReplyView {
    let changed = match (reply.answered.as_deref(), now) {
        (Some(then), Some((question, _))) => question.changed_since(then),
        _ => Vec::new(),
    };
    ReplyView {
        id: reply.id,
        number: reply.number,
        kind: reply.answer.kind,
        kind_label: reply.answer.kind.label().to_owned(),
        answer: reply.answer.clone(),
        marking: reply.marking.clone(),
        marked: if reply.marking.is_open() {
            Vec::new()
        } else {
            handling::in_words(&reply.marking, names)
        },
        by: by.to_owned(),
        when: words::date_time(local(reply.replied_at)),
        late: reply.late,
        on_behalf: reply.on_behalf,
        carried: reply.request != request,
        stale: reply.released && now.is_some_and(|(_, version)| reply.answered_version < version),
        changed,
        version: reply.version,
    }
}

/// One request with what is asked and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestView {
    /// The request.
    pub id: InfoRequestId,
    /// The panel.
    pub panel: PanelId,
    /// The meeting that the reply is for.
    pub meeting: MeetingId,
    /// Its day, in words.
    pub meets: String,
    /// The agency that was asked.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// The case with its people.
    pub case: CaseView,
    /// The person's own address.
    pub address: String,
    /// Why the panel asks.
    pub grounds: String,
    /// The content version of the case, which a reply names.
    pub answers: i32,
    /// When it was asked, in words.
    pub asked: String,
    /// By when the reply is due, in words.
    pub due: String,
    /// The deadline before it was extended, in words; none unless it was.
    pub first_due: Option<String>,
    /// Why it was extended.
    pub extension_reason: String,
    /// Where it stands.
    pub standing: Standing,
    /// The same in words.
    pub words: String,
    /// The released replies, oldest first.
    pub replies: Vec<ReplyView>,
    /// The agency's draft, for its own people alone.
    pub draft: Option<ReplyView>,
    /// Whether the caller may reply for the agency.
    pub may_reply: bool,
    /// Whether the caller may enter a mailed reply, extend, ask again and chase.
    pub may_run: bool,
    /// Whether asking again makes sense: there is a reply.
    pub may_ask_again: bool,
    /// Whom the marking of a reply can name.
    pub nameable: Nameable,
    /// The code that a reply of this agency begins with.
    pub begins_with: Code,
    /// The version that a change of the request must name.
    pub version: i32,
}

/// One request, for the agency that was asked and for whoever runs the panel.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn show(ctx: &Ctx<'_>, id: InfoRequestId) -> Result<RequestView, AppError> {
    ctx.read(|az| {
        let found = find(az, id)?;
        let question = asks(az, &found)?;
        let replies = information::replies(az, &found.request)?;
        let nameable = nameable(az, found.request.panel)?;
        let begins_with = Code::of_replies(kind_of(az, found.request.agency)?);
        let (may_reply, may_run) = (is_own(az, &found.request), az.runs(found.request.panel));
        let one = stands(ctx, az, vec![found])?.pop().ok_or(AppError::NotFound)?;
        let (words, standing, found) = (in_words(&one), one.standing, one.asked);
        let request = &found.request;
        let now = Some((&question, found.case_version));
        let views = |released: bool| {
            let wanted = replies.iter().filter(move |(reply, _)| reply.released == released);
            wanted
                .map(|(reply, by)| reply_view(reply, by, request.id, (now, &nameable)))
                .collect::<Vec<_>>()
        };
        let extended = request.first_due_at != request.due_at;
        Ok(RequestView {
            id,
            panel: request.panel,
            meeting: request.meeting,
            meets: words::weekday_date(found.meets_on),
            agency: request.agency,
            agency_name: found.agency_name.clone(),
            case: CaseView::of(&question.case),
            address: question.address.clone(),
            grounds: question.grounds.clone(),
            answers: found.case_version,
            asked: words::date_time(local(request.asked_at)),
            due: words::date_time(local(request.due_at)),
            first_due: extended.then(|| words::date_time(local(request.first_due_at))),
            extension_reason: request.extension_reason.clone(),
            standing,
            words,
            replies: views(true),
            draft: views(false).pop(),
            may_reply,
            may_run,
            may_ask_again: may_run && request.state == RequestState::Replied,
            nameable,
            begins_with,
            version: request.version,
        })
    })
}

/// What agencies answered about one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseReplies {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// Each agency with what it answered, oldest first.
    pub agencies: Vec<(String, Vec<ReplyView>)>,
}

/// What agencies answered about a case for a meeting, for everybody who may know of the case: what was
/// released, and for those alone whom the agency chose.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn about_case(
    ctx: &Ctx<'_>,
    meeting: MeetingId,
    case: CaseId,
) -> Result<CaseReplies, AppError> {
    ctx.read(|az| replies_about(az, meeting, case))
}

/// The same, within a transaction.
pub(crate) fn replies_about(
    az: &mut Authz<'_>,
    meeting: MeetingId,
    case: CaseId,
) -> Result<CaseReplies, AppError> {
    let found = cases::find(az, case)?.ok_or(AppError::NotFound)?;
    let given = information::given(az, meeting, Some(case))?;
    let any = given.iter().any(|(_, _, _, reply, _)| reply.marking.names_somebody());
    let names = if any { nameable(az, found.panel)? } else { Nameable::default() };
    let mut agencies: Vec<(String, Vec<ReplyView>)> = Vec::new();
    for (_, _, name, reply, by) in given {
        let mut view = reply_view(&reply, &by, reply.request, (None, &names));
        view.stale = reply.answered_version < found.content_version;
        match agencies.last_mut().filter(|(last, _)| *last == name) {
            Some((_, replies)) => replies.push(view),
            None => agencies.push((name, vec![view])),
        }
    }
    Ok(CaseReplies { case, reference: found.reference, agencies })
}
