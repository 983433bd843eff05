//! Before an agenda is issued, whoever runs the panel looks at people and agencies of the panel who may be
//! connected to somebody a case is about, keeps the case from them or says that they are not. Those it is
//! about are not told.

use crate::agenda;
use crate::context::Ctx;
use crate::error::{AppError, text_error};
use panel_core::access::connection::{Party, Tie, employs, of_person};
use panel_core::access::lists::{Listed, Lists, Reader};
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::{AgencyId, CaseId, Id, MeetingId, PanelId, UserId};
use panel_core::referral::NamedAs;
use panel_core::text::Note;
use panel_store::agenda::Subject;
use panel_store::cases::lists::live_at_panel;
use panel_store::notices::{self, Whom};
use panel_store::{Authz, connections, meetings, panels, users};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Somebody of the panel and a case that may be connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ConnectionQuestion))]
pub struct Question {
    /// What an answer names it by.
    pub mark: String,
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: String,
    /// The person or agency.
    pub name: String,
    /// What they have in common, in words.
    pub tie: String,
    /// Whether the caller may answer it: nobody does about herself, but for somebody who runs a panel alone.
    pub may_answer: bool,
    #[serde(skip)]
    whom: Listed,
}

/// Who is not connected, and how that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ConnectionForm))]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// The marks of the questions.
    pub marks: Vec<String>,
    /// How that is known.
    pub reason: String,
}

/// A person with a live seat at the panel.
struct Colleague {
    name: String,
    reader: Reader,
}

/// The people a case is about, as far as names go.
fn parties(subject: &Subject) -> Vec<Party<'_>> {
    let harmed = subject.mentioned.iter().map(|(named_as, person)| match named_as {
        NamedAs::Victim => ("a victim", person),
        NamedAs::Child => ("a child", person),
    });
    std::iter::once(("the perpetrator", &subject.person))
        .chain(harmed)
        .map(|(what, person)| Party {
            what,
            forename: &person.forename,
            surname: &person.surname,
            aliases: &person.aliases,
        })
        .collect()
}

/// Where the perpetrator works, as the last referral says.
fn employer(subject: &Subject) -> Option<&str> {
    let form = subject.referrals.last()?.form.as_ref()?;
    form.perpetrator.employer.as_ref().map(AsRef::as_ref)
}

fn colleagues(az: &mut Authz<'_>, panel: PanelId) -> Result<BTreeMap<UserId, Colleague>, AppError> {
    let mut found: BTreeMap<UserId, Colleague> = BTreeMap::new();
    for sitter in users::sitting(az, &[panel])? {
        let new = || Colleague {
            name: sitter.name,
            reader: Reader { user: sitter.user, agencies: [sitter.employed_by].into() },
        };
        found.entry(sitter.user).or_insert_with(new).reader.agencies.insert(sitter.agency);
    }
    Ok(found)
}

/// Everything that is open about these cases of a panel that the caller runs, by case and name.
pub(crate) fn open(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    subjects: &[&Subject],
) -> Result<Vec<Question>, AppError> {
    let people = colleagues(az, panel)?;
    let agencies: Vec<(AgencyId, String)> =
        panels::agencies_of(az, panel)?.into_iter().map(|one| (one.agency, one.name)).collect();
    let cases: Vec<CaseId> = subjects.iter().map(|subject| subject.case).collect();
    let answered = connections::answered(az, panel, &cases)?;
    let lines = live_at_panel(az, panel)?;
    // What a line says of somebody was decided with her in mind, and a case that is kept from her is no
    // question any more.
    let is_settled = |reader: &Reader, case: CaseId| {
        let named = Listed::Person(reader.user);
        lines.iter().any(|line| line.case == case && line.whom == named)
            || Lists::of(reader, &lines).hidden.contains(&case)
    };
    let me = ctx.user();
    let runs = notices::people(az, panel, &[Whom::Coordinators, Whom::Chairs])?;
    let is_alone = runs.iter().all(|user| *user == me);
    let mut found = Vec::new();
    for subject in subjects {
        let parties = parties(subject);
        let mut ask = |whom: Listed, name: &str, tie: (Tie, &str)| {
            if !answered.contains(&(subject.case, whom)) {
                found.push(question(
                    subject,
                    whom,
                    name,
                    tie,
                    whom != Listed::Person(me) || is_alone,
                ));
            }
        };
        for (user, one) in &people {
            let tie = of_person(&one.name, &parties);
            if let Some(tie) = tie.filter(|_| !is_settled(&one.reader, subject.case)) {
                ask(Listed::Person(*user), &one.name, tie);
            }
        }
        for (agency, name) in &agencies {
            let everybody = Reader { user: me, agencies: [*agency].into() };
            let employs = employer(subject).is_some_and(|employer| employs(name, employer));
            if employs && !Lists::of(&everybody, &lines).hidden.contains(&subject.case) {
                ask(Listed::Agency(*agency), name, (Tie::Employer, "the perpetrator"));
            }
        }
    }
    found.sort_by(|one, other| (&one.reference, &one.name).cmp(&(&other.reference, &other.name)));
    Ok(found)
}

fn question(
    subject: &Subject,
    whom: Listed,
    name: &str,
    (tie, with): (Tie, &str),
    may_answer: bool,
) -> Question {
    let id = match whom {
        Listed::Person(user) => user.uuid(),
        Listed::Agency(agency) => agency.uuid(),
    };
    Question {
        mark: format!("{}/{id}", subject.case),
        case: subject.case,
        reference: subject.reference.clone(),
        name: name.to_owned(),
        tie: format!("{} {with}", tie.label()),
        may_answer,
        whom,
    }
}

/// Refuses to let an agenda be issued while somebody may be connected to a case on it.
pub(crate) fn must_be_answered(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    panel: PanelId,
    subjects: &[&Subject],
) -> Result<(), AppError> {
    if open(ctx, az, panel, subjects)?.is_empty() {
        return Ok(());
    }
    let message =
        "Somebody of the panel may be connected to a case on this agenda. Look at it first";
    Err(AppError::rule("connections_open", message))
}

/// Who may be connected to the cases on an agenda, where nobody has said anything yet.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not run the panel.
pub fn look(ctx: &Ctx<'_>, id: MeetingId) -> Result<Vec<Question>, AppError> {
    ctx.read(|az| of_agenda(ctx, az, id))
}

fn of_agenda(ctx: &Ctx<'_>, az: &mut Authz<'_>, id: MeetingId) -> Result<Vec<Question>, AppError> {
    let meeting = meetings::find(az, id)?.ok_or(AppError::NotFound)?;
    ctx.must_run(meeting.panel)?;
    let subjects = agenda::subjects_on(ctx, az, id)?;
    open(ctx, az, meeting.panel, &subjects.values().collect::<Vec<_>>())
}

/// Says of people and agencies that they are not connected to a case. It is not asked again.
///
/// # Errors
/// [`AppError::Invalid`] without a reason or for a question that is not open or not hers to answer;
/// [`AppError::NotFound`].
pub fn answer(ctx: &Ctx<'_>, id: MeetingId, form: &AnswerForm) -> Result<(), AppError> {
    let reason = Note::parse(&form.reason)
        .map_err(|e| AppError::Invalid(vec![text_error("reason", "How you know", &e)]));
    ctx.write(|az| {
        let open = of_agenda(ctx, az, id)?;
        let panel = meetings::find(az, id)?.ok_or(AppError::NotFound)?.panel;
        let named = |question: &&Question| form.marks.contains(&question.mark);
        let answered: Vec<&Question> = open.iter().filter(named).collect();
        let is_hers = answered.iter().all(|question| question.may_answer);
        if answered.is_empty() || answered.len() != form.marks.len() || !is_hers {
            let message = "Choose who is not connected";
            return Err(AppError::field("marks", "unknown", message));
        }
        let reason = reason?;
        for question in answered {
            let case = question.case;
            connections::answer(az, (panel, case), question.whom, ctx.user(), &reason)?;
            let deed = Deed::new(
                AuditKind::Alteration,
                "case.not_connected",
                SubjectKind::Case,
                Some(case.uuid()),
            );
            az.did(deed.at(panel).in_case(Some(case)));
        }
        Ok(())
    })
}
