//! Which agency a word of the file means.

use super::{correct, load_found, page, path, stale};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{line, one_of, pick, text};
use crate::form::{Choice, Field, Form, FormPage, FormView, Optional, Refused};
use crate::posted::Posted;
use crate::view::Button;
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{Change, Found, Shown};
use panel_core::id::{AgencyId, ImportId};
use panel_core::text::{Name, fold};
use panel_core::tracker::agencies::AgencyChoice;
use panel_core::vocabulary::AgencyType;
use std::collections::BTreeMap;

static CHOICE: Field<'_, String> = pick("choice", "This is");
static NAME: Optional<'_, Name> =
    line("name", "Name of the agency").hint("Only for a new agency").optional();
static KIND: Optional<'_, AgencyType> =
    one_of("kind", "Type of agency").hint("Only for a new agency").as_select().optional();
static ABOUT: Field<'_, String> = text("about", "Word").hidden();
static FORM: Form = Form::of(&[&CHOICE, &NAME, &KIND, &ABOUT]);

/// Values of the list that name no agency of Panel.
const AUTO: &str = "auto";
const NEW: &str = "new";
const NONE: &str = "none";
const KNOWN: &str = "known:";
const SAME: &str = "same:";

/// Some words of the file that are decided about together.
struct Subject {
    /// Where its page is.
    path: String,
    /// How it is called here.
    name: String,
    /// The words.
    words: Vec<String>,
    /// What kind of agency it seems to be.
    kind: Option<AgencyType>,
    /// Its own place among the agencies of the file.
    place: Option<usize>,
    /// How it stands now.
    now: String,
}

fn of_guess(shown: &Shown, found: &Found, place: usize) -> Option<Subject> {
    let guess = found.preview.agencies.get(place)?;
    let words: Vec<String> = guess.spellings.iter().map(|it| it.written.clone()).collect();
    let chosen = words.iter().find_map(|it| shown.choices.mapping.agencies.get(&fold(it)));
    let now = match chosen {
        Some(AgencyChoice::Known(id)) => format!("{KNOWN}{id}"),
        Some(AgencyChoice::New { .. }) => NEW.to_owned(),
        None | Some(AgencyChoice::SameAs(_) | AgencyChoice::NotAnAgency) => AUTO.to_owned(),
    };
    Some(Subject {
        path: format!("{}/agencies/{place}", path(shown.import.id)),
        name: guess.name.clone(),
        words,
        kind: guess.kind,
        place: Some(place),
        now,
    })
}

fn of_unknown(shown: &Shown, found: &Found, place: usize) -> Option<Subject> {
    let word = found.unknown_agencies.get(place)?.clone();
    let ruled_out = shown.choices.mapping.agencies.contains_key(&fold(&word));
    Some(Subject {
        path: format!("{}/unknown/{place}", path(shown.import.id)),
        name: word.clone(),
        words: vec![word],
        kind: None,
        place: None,
        now: if ruled_out { NONE } else { AUTO }.to_owned(),
    })
}

fn choices(shown: &Shown, found: &Found, subject: &Subject) -> Vec<Choice> {
    let auto = if subject.place.is_some() { "As it was recognised" } else { "Not known yet" };
    let mut choices = vec![Choice::new(AUTO, auto)];
    let known = shown.agencies.iter();
    choices.extend(known.map(|it| Choice::new(format!("{KNOWN}{}", it.id), it.name.clone())));
    let others = found.preview.agencies.iter().enumerate();
    let others = others.filter(|(at, it)| Some(*at) != subject.place && it.known.is_none());
    choices.extend(others.map(|(at, guess)| {
        Choice::new(format!("{SAME}{at}"), format!("The same as “{}” of this file", guess.name))
    }));
    choices.push(Choice::new(NEW, "A new agency"));
    choices.push(Choice::new(NONE, "Not an agency: its rows cannot be imported"));
    choices
}

/// Longer names are told apart by their beginning.
fn about(subject: &Subject) -> String {
    subject.name.chars().take(100).collect::<String>().trim().to_owned()
}

type Find = fn(&Shown, &Found, usize) -> Option<Subject>;

async fn draw(
    asker: &Asker,
    at: (ImportId, usize),
    find: Find,
    refused: Option<Refused>,
) -> Answer {
    let (shown, found) = load_found(asker, at.0).await?;
    let subject = find(&shown, &found, at.1).ok_or(Failure::NotFound)?;
    let name = (subject.now == NEW).then(|| Name::parse(&subject.name).ok()).flatten();
    let form = FormView::new(&FORM, subject.path.clone())
        .choices(&CHOICE, choices(&shown, &found, &subject))
        .fill(&CHOICE, &subject.now)
        .fill(&NAME, &name)
        .fill(&KIND, &subject.kind)
        .fill(&ABOUT, &about(&subject))
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(at.0))
        .refused(refused);
    let heading = format!("Which agency is “{}”?", subject.name);
    let words: Vec<String> = subject.words.iter().map(|it| format!("“{it}”")).collect();
    let view = FormPage::new(heading.clone(), form)
        .caption(&*shown.import.file_name)
        .intro(format!("Written in the file as {}", words.join(", ")));
    asker.form(page(&heading, &shown.import), view).await
}

/// The choice that was made for each of the words; `None` for a list that has changed meanwhile.
fn chosen(
    asker: &Asker,
    posted: &Posted,
    found: &Found,
    subject: &Subject,
) -> Result<Result<Option<AgencyChoice>, Refused>, Failure> {
    let mut reader = FORM.read(&posted.values, asker.today()?);
    let (choice, name, kind) = (reader.get(&CHOICE), reader.get(&NAME), reader.get(&KIND));
    if reader.get(&ABOUT).is_some_and(|it| it != about(subject)) {
        return Ok(Err(stale(&posted.values)));
    }
    let code = choice.clone().unwrap_or_default();
    let (name, kind) = (name.flatten(), kind.flatten());
    if code == NEW && name.is_none() {
        reader.refuse(&NAME, "missing", "Enter the name of the agency");
    }
    if code == NEW && kind.is_none() {
        reader.refuse(&KIND, "missing", "Select the type of agency");
    }
    let id = code.strip_prefix(KNOWN).and_then(|id| id.parse::<AgencyId>().ok());
    let other = code.strip_prefix(SAME).and_then(|at| at.parse::<usize>().ok());
    let other = other.and_then(|at| found.preview.agencies.get(at)?.spellings.first());
    let offered = [AUTO, NEW, NONE].contains(&code.as_str()) || id.is_some() || other.is_some();
    if choice.is_some() && !offered {
        reader.fault(&CHOICE, &crate::form::Fault::NotOffered);
    }
    Ok(reader.finish(|| {
        Some(match (code.as_str(), id, other) {
            (AUTO, ..) => None,
            (NONE, ..) => Some(AgencyChoice::NotAnAgency),
            (_, Some(id), _) => Some(AgencyChoice::Known(id)),
            (_, _, Some(other)) => Some(AgencyChoice::SameAs(other.written.clone())),
            _ => Some(AgencyChoice::New { name: name?.into(), kind: kind? }),
        })
    }))
}

async fn set(asker: &Asker, at: (ImportId, usize), find: Find, posted: Posted) -> Answer {
    let (shown, found) = load_found(asker, at.0).await?;
    let Some(subject) = find(&shown, &found, at.1) else {
        return Err(Failure::NotFound);
    };
    let choice = match chosen(asker, &posted, &found, &subject)? {
        Ok(choice) => choice,
        Err(refused) => return draw(asker, at, find, Some(refused)).await,
    };
    let words: BTreeMap<String, Option<AgencyChoice>> =
        subject.words.iter().map(|word| (fold(word), choice.clone())).collect();
    match correct(asker, at.0, &posted, Change::Agencies { words }).await? {
        Ok(()) => see(format!("{}#agencies", path(at.0))),
        Err(refused) => draw(asker, at, find, Some(refused)).await,
    }
}

pub(super) async fn ask_known(asker: Asker, at: web::Path<(ImportId, usize)>) -> Answer {
    draw(&asker, *at, of_guess, None).await
}

pub(super) async fn set_known(
    asker: Asker,
    at: web::Path<(ImportId, usize)>,
    posted: Posted,
) -> Answer {
    set(&asker, *at, of_guess, posted).await
}

pub(super) async fn ask_unknown(asker: Asker, at: web::Path<(ImportId, usize)>) -> Answer {
    draw(&asker, *at, of_unknown, None).await
}

pub(super) async fn set_unknown(
    asker: Asker,
    at: web::Path<(ImportId, usize)>,
    posted: Posted,
) -> Answer {
    set(&asker, *at, of_unknown, posted).await
}
