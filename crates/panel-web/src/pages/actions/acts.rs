//! The forms of the acts on one action, all drawn and taken in the same way.

use super::change::{Left, read};
use super::facts::{dated, day, name_of, waits};
use super::verb::{
    AGENCY, APPROACH, DUE, ON, OTHER_DUE, OUTCOME, PERSON, REASON, TEXT, TO, UNTIL, Verb, WHO,
};
use super::{agency_choices, path, people_choices};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::{Choice, Declared, FormPage, FormView, Readable, Refused, StaleView, Values};
use crate::posted::Posted;
use crate::view::{Button, Page, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::actions::{self, ActionPage, Choices};
use panel_core::coded::Coded;
use panel_core::id::{ActionId, AgencyId, UserId};
use panel_core::text::Title;
use panel_core::time::local;
use serde::Deserialize;

/// Where the reader came from and goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Origin {
    MyWork,
    Today,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct From {
    from: Option<Origin>,
}

impl From {
    fn query(self) -> &'static str {
        match self.from {
            Some(Origin::MyWork) => "?from=my-work",
            Some(Origin::Today) => "?from=today",
            None => "",
        }
    }

    fn page(self, id: ActionId) -> String {
        match self.from {
            Some(Origin::MyWork) => "/my-work".to_owned(),
            Some(Origin::Today) => "/".to_owned(),
            None => path(id),
        }
    }
}

/// What a form is drawn from.
struct Scene {
    verb: Verb,
    from: From,
    found: ActionPage,
    choices: Choices,
    runs: bool,
}

async fn scene(asker: &Asker, id: ActionId, verb: Verb, from: From) -> Result<Scene, Failure> {
    let found = asker.ask(move |ctx| actions::show(ctx, id)).await?;
    let panel = found.action.panel;
    let choices = match verb {
        Verb::Transfer | Verb::AcceptTransfer | Verb::Owner => {
            // Somebody who reads an action of a panel takes part in that panel.
            asker.ask(move |ctx| actions::choices(ctx, Some(panel))).await?
        }
        _ => Choices::default(),
    };
    let runs = asker.person().actor.runs(panel);
    Ok(Scene { verb, from, found, choices, runs })
}

impl Scene {
    fn id(&self) -> ActionId {
        self.found.action.id
    }

    /// Whether the reader would enter it for the agency.
    fn on_behalf(&self) -> Option<bool> {
        let offers = self.found.offers.iter();
        offers.into_iter().find(|offer| offer.act == self.verb.act()).map(|offer| offer.on_behalf)
    }

    fn page(&self) -> Page {
        let back = if self.from.from.is_some() { "Back" } else { "Action" };
        Page::new(self.verb.words().heading)
            .section("actions")
            .back(self.from.page(self.id()), back)
    }

    fn form(&self, asker: &Asker) -> Result<FormView<'static>, Failure> {
        let words = self.verb.words();
        let button = if self.verb.is_grave() {
            Button::warning(words.button)
        } else {
            Button::new(words.button)
        };
        let at = format!("{}/{}{}", path(self.id()), self.verb.slug(), self.from.query());
        let form = FormView::new(self.verb.form(self.runs), at)
            .version(self.found.row.line.version.into())
            .operation(asker.operation()?)
            .button(button)
            .cancel(self.from.page(self.id()));
        Ok(self.filled(form, asker))
    }

    fn filled(&self, form: FormView<'static>, asker: &Asker) -> FormView<'static> {
        let line = &self.found.row.line;
        match self.verb {
            Verb::Done => match asker.today() {
                Ok(today) => form.fill(&ON, &today),
                Err(_) => form,
            },
            Verb::Wording => {
                let form = form.fill(&APPROACH, &line.approach);
                match Title::parse(&line.text) {
                    Ok(text) => form.fill(&TEXT, &text),
                    Err(_) => form,
                }
            }
            Verb::Due => form.fill(&DUE, &self.due_as_typed()),
            Verb::Owner => form
                .choices(&AGENCY, agency_choices(&self.choices))
                .choices(&PERSON, people_choices(&self.choices))
                .fill(&AGENCY, &line.agency)
                .fill(&PERSON, &line.user),
            Verb::Transfer => {
                let others = agency_choices(&self.choices).into_iter();
                let own = line.agency.to_string();
                form.choices(&TO, others.filter(|choice| choice.value != own).collect())
            }
            Verb::AcceptTransfer => {
                let to = self.found.transfers.iter().find(|one| one.is_open()).map(|one| one.to);
                form.choices(&WHO, self.colleagues(to)).fill(&WHO, &self.myself(asker, to))
            }
            _ => form,
        }
    }

    fn due_as_typed(&self) -> Option<String> {
        self.found.row.line.due.map(|due| due.format("%-d/%-m/%Y").to_string())
    }

    fn colleagues(&self, agency: Option<AgencyId>) -> Vec<Choice> {
        let theirs = self.choices.people.iter().filter(|person| Some(person.agency) == agency);
        theirs.map(|person| Choice::new(person.user, person.name.as_str())).collect()
    }

    /// The reader, if the reader is one of those who may take it over.
    fn myself(&self, asker: &Asker, agency: Option<AgencyId>) -> Option<UserId> {
        let me = asker.person().actor.user;
        let mine =
            |person: &&actions::PersonChoice| person.user == me && Some(person.agency) == agency;
        self.choices.people.iter().find(mine).map(|person| person.user)
    }

    fn view(&self, form: FormView<'static>) -> FormPage<'static> {
        let words = self.verb.words();
        let mut view = FormPage::new(words.heading, form).caption(self.found.row.line.text.clone());
        for said in self.asked() {
            view = view.intro(said);
        }
        if !words.intro.is_empty() {
            view = view.intro(words.intro);
        }
        if self.on_behalf() == Some(true) {
            let agency = self.found.row.line.agency_name.clone().unwrap_or_default();
            view = view.intro(format!(
                "You enter this on behalf of {agency}. The history says so beside your name."
            ));
        }
        view
    }

    /// What the form answers.
    fn asked(&self) -> Vec<String> {
        let found = &self.found;
        match self.verb {
            Verb::AgreeExtension | Verb::RefuseExtension => found
                .extensions
                .iter()
                .filter(|one| one.is_open())
                .map(|one| waits(found, one))
                .collect(),
            Verb::AcceptTransfer | Verb::RefuseTransfer => found
                .transfers
                .iter()
                .filter(|one| one.is_open())
                .map(|one| super::facts::proposal(found, one))
                .collect(),
            Verb::AgreeDate | Verb::KeepDate => found.transfers.iter().filter_map(dated).collect(),
            Verb::AcceptNotPossible | Verb::RefuseNotPossible => {
                vec![format!(
                    "{} says: “{}”",
                    found.row.line.agency_name.as_deref().unwrap_or_default(),
                    found.row.line.reason
                )]
            }
            Verb::Extend => {
                vec![format!("It is due on {}.", found.row.line.due.map(day).unwrap_or_default())]
            }
            _ => Vec::new(),
        }
    }

    /// What is saved now, as if it had been typed.
    fn current(&self) -> Values {
        let line = &self.found.row.line;
        let mut values = Values::new();
        let said = if line.outcome.is_empty() { &line.reason } else { &line.outcome };
        for field in [OUTCOME.spec().name(), REASON.spec().name()] {
            values.set(field, said.clone());
        }
        if let Some(on) = line.reported_on {
            ON.write(&on, &mut values);
        }
        values.set(TEXT.spec().name(), line.text.clone());
        APPROACH.write(&line.approach, &mut values);
        AGENCY.write(&line.agency, &mut values);
        PERSON.write(&line.user, &mut values);
        match self.verb {
            Verb::Due => DUE.write(&self.due_as_typed(), &mut values),
            Verb::AcceptTransfer => OTHER_DUE.write(&line.due, &mut values),
            _ => {
                if let Some(due) = line.due {
                    UNTIL.write(&due, &mut values);
                }
            }
        }
        values
    }

    /// Who changed the action last, to what and when.
    fn last_change(&self) -> Option<String> {
        let entry = self.found.history.entries.first()?;
        let at = local(entry.at);
        let when = dates::date_and_time(at.date(), at.time());
        Some(format!("{} by {}, {when}", entry.kind.label(), name_of(entry.by.as_ref())))
    }
}

/// Shows the form of an act, if the reader may do it now.
pub(super) async fn ask(
    asker: Asker,
    at: web::Path<(ActionId, Verb)>,
    from: web::Query<From>,
) -> Answer {
    let (id, verb) = *at;
    let scene = scene(&asker, id, verb, *from).await?;
    if scene.on_behalf().is_none() {
        let sentence = "This cannot be done to the action as it stands now, or not by you.";
        return Err(Failure::Rule { code: "not_offered", sentence: sentence.to_owned() });
    }
    draw(&asker, &scene, None).await
}

async fn draw(asker: &Asker, scene: &Scene, refused: Option<Refused>) -> Answer {
    let form = scene.form(asker)?.refused(refused);
    asker.form(scene.page(), scene.view(form)).await
}

/// Does it.
pub(super) async fn take(
    asker: Asker,
    at: web::Path<(ActionId, Verb)>,
    from: web::Query<From>,
    posted: Posted,
) -> Answer {
    let (id, verb) = *at;
    let from = *from;
    // Only a note asks those who run the panel for more than the agency.
    let runs = verb == Verb::Note && {
        let found = asker.ask(move |ctx| actions::show(ctx, id)).await?;
        asker.person().actor.runs(found.action.panel)
    };
    let work = match read(verb, id, runs, &posted, asker.today()?) {
        Ok(work) => work,
        Err(refused) => {
            return draw(&asker, &scene(&asker, id, verb, from).await?, Some(refused)).await;
        }
    };
    match asker.submit(posted.operation, work).await {
        Ok(left) => see(after(id, verb, from, left)),
        Err(Failure::Stale) => stale(&asker, &scene(&asker, id, verb, from).await?, &posted).await,
        Err(failure) => {
            let refused = posted.refused(failure)?;
            draw(&asker, &scene(&asker, id, verb, from).await?, Some(refused)).await
        }
    }
}

/// Where the reader goes afterwards, with a word of what was done.
fn after(id: ActionId, verb: Verb, from: From, left: Left) -> String {
    match (from.from, left) {
        (_, Left::Nothing) => "/actions".to_owned(),
        (Some(Origin::MyWork), _) => format!("/my-work?done={}", verb.slug()),
        (Some(Origin::Today), _) => format!("/?done={}", verb.slug()),
        // The agency that declined no longer sees the action, unless it has another part in its case.
        (None, _) if verb == Verb::RefuseTransfer => format!("/my-work?done={}", verb.slug()),
        (None, _) => format!("{}?done={}", path(id), verb.slug()),
    }
}

/// Somebody else was faster: both texts, and nothing lost.
async fn stale(asker: &Asker, scene: &Scene, posted: &Posted) -> Answer {
    let form = scene.form(asker)?;
    if form.controls().is_empty() {
        let said = match scene.last_change() {
            Some(change) => format!("Somebody else changed this action meanwhile: {change}."),
            None => "Somebody else changed this action meanwhile.".to_owned(),
        };
        let refused = Refused::by_rule(&Values::new(), "", "stale", said);
        return draw(asker, scene, Some(refused)).await;
    }
    let version = scene.found.row.line.version.into();
    let form = form.typed(posted.values.clone());
    let mut view = StaleView::new(form, &scene.current(), version, scene.from.page(scene.id()));
    if let Some(change) = scene.last_change() {
        view = view.by(change);
    }
    Ok(view.answer(&asker.web.site, &asker.viewer(), scene.page())?)
}
