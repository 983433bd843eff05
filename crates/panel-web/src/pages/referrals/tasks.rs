//! The task list of a referral that is being written.

use super::draft::Draft;
use super::entry::preview;
use super::part::{List, Part};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::view::facts::{Task, Tasks};
use crate::view::{Body, Button, Colour, Page};
use crate::web::Asker;
use actix_web::web;
use panel_app::referrals::Preview;
use panel_core::coded::Coded;
use panel_core::id::RequestId;
use panel_core::referral::ReferralField;

/// What is known of a draft when its tasks are drawn.
struct State {
    draft: Draft,
    runs: bool,
    preview: Preview,
    /// Parts with an answer that cannot be taken.
    wrong: Vec<Part>,
}

impl State {
    async fn of(asker: &Asker, draft: Draft) -> Result<Self, Failure> {
        let (runs, today) = (draft.runs(asker), asker.today()?);
        let (raw, unreadable) = draft.raw(runs, today);
        let preview = preview(asker, raw).await?;
        let said = preview.errors.iter().filter(|error| error.code != "missing");
        let fields = unreadable.iter().map(|error| error.field.as_str());
        let fields = fields.chain(said.map(|error| error.field.as_str()));
        let wrong = fields.filter_map(|field| Some(draft.asked_in(field, runs)?.0)).collect();
        Ok(Self { draft, runs, preview, wrong })
    }

    fn missing(&self, part: Part) -> Vec<ReferralField> {
        let all = self.preview.completeness.as_ref().map_or(&[][..], |it| it.missing.as_slice());
        all.iter().copied().filter(|field| Part::of(*field).is_kin_of(part)).collect()
    }

    /// One part as a task: where it stands, and what is still missing of it.
    fn task(&self, part: Part, words: String) -> Task {
        let missing = self.missing(part);
        let begun = self.draft.is_begun(part, self.runs);
        let task = match (self.wrong.contains(&part), begun, missing.is_empty()) {
            (true, _, _) => Task::new(words, "There is a problem").tagged(Colour::Red),
            (_, false, _) => Task::new(words, "Not started").tagged(Colour::Blue),
            (_, true, false) => Task::new(words, "Incomplete").tagged(Colour::Yellow),
            (_, true, true) => Task::new(words, "Completed"),
        };
        task.at(self.draft.path_of(part))
    }

    /// The entries of a list, and the way to add one.
    fn entries(&self, list: List) -> Vec<Task> {
        let count = self.draft.count(list);
        let mut tasks: Vec<Task> = (0..count)
            .map(|place| {
                let part = list.at(place);
                self.task(part, self.draft.name_of(part).unwrap_or_else(|| part.title()))
            })
            .collect();
        let words = if count == 0 {
            format!("Add {}", list.a())
        } else {
            format!("Add another {}", list.one())
        };
        let status =
            if count == 0 && !self.missing(list.at(0)).is_empty() { "None yet" } else { "" };
        tasks.push(Task::new(words, status).at(self.draft.path_of(list.at(count))));
        tasks
    }
}

pub(super) async fn show(asker: Asker, id: web::Path<RequestId>) -> Answer {
    let state = State::of(&asker, Draft::load(&asker, *id).await?).await?;
    let draft = &state.draft;
    let single = |part: Part| vec![state.task(part, part.title())];
    let corrects = draft.origin().is_some();
    let heading = if corrects { "Correct a referral" } else { "Refer someone" };
    let who = draft.name_of(Part::Person).unwrap_or_else(|| "Nobody named yet".to_owned());
    let mut family = single(Part::Family);
    family.extend(state.entries(List::Children));
    let mut known = single(Part::Context);
    known.extend(state.entries(List::Orders));
    let groups = [
        ("The referral", "about", single(Part::About)),
        ("The person referred", "person", single(Part::Person)),
        ("People who are harmed", "victims", state.entries(List::Victims)),
        ("Children", "family", family),
        ("What happened", "incidents", state.entries(List::Incidents)),
        ("Why", "grounds", single(Part::Grounds)),
        ("What else is known", "context", known),
        ("Blank fields", "gaps", single(Part::Gaps)),
    ];
    let mut body = Body::titled(heading).lead(who);
    if let Some(found) = &state.preview.completeness {
        let (answered, all) = found.counts();
        body = body.text(format!(
            "{answered} of {all} fields are answered. What is missing stops nothing: the panel sees \
             it and may ask."
        ));
    }
    for (heading, key, tasks) in groups {
        body = body.heading(heading).tasks(Tasks::new(key, tasks));
    }
    body = body.heading(if corrects { "Save" } else { "Send" }).buttons(vec![
        Button::link(format!("{}/check", draft.path()), "Check your answers"),
        Button::link(format!("{}/discard", draft.path()), "Discard").quiet(),
    ]);
    let removable = removals(draft);
    if !removable.is_empty() {
        body = body.heading("Take something out again").links(removable);
    }
    let page = Page::new(heading).section("referrals").back("/referrals", "Referrals");
    Ok(body.answer(&asker.web.site, &asker.viewer(), page)?)
}

fn removals(draft: &Draft) -> Vec<crate::view::Link> {
    let parts = draft.parts().into_iter().filter(|part| part.entry().is_some());
    let link = |part: Part| {
        let name = draft.name_of(part).unwrap_or_else(|| part.title());
        crate::view::Link::new(format!("{}/remove", draft.path_of(part)), format!("Remove {name}"))
    };
    parts.map(link).collect()
}

/// The fields that are missing, in the words of the form.
pub(super) fn in_words(missing: &[ReferralField]) -> Vec<String> {
    missing.iter().map(|field| field.label().to_owned()).collect()
}
