//! The page of one referral: the facts, how complete they are, the flags, and who decided what.

use super::draft::Draft;
use super::entry::answers;
use super::leaf::Lists;
use super::part::Part;
use super::send::late_words;
use super::tasks::in_words;
use super::words::{alike_links, outcome_text, record, state_of, when};
use super::{flags, path, whereabouts};
use crate::answer::Answer;
use crate::errors::Failure;
use crate::form::{Choice, OPERATION};
use crate::view::facts::{Fact, Facts};
use crate::view::lists::{Moment, Timeline};
use crate::view::parts::{Inset, Warning};
use crate::view::{Act, Button, Link, Page, Sheet, Tag, dates};
use crate::web::Asker;
use actix_web::web;
use chrono::{DateTime, Utc};
use panel_app::panels;
use panel_app::referrals::{self, ReferralDetail};
use panel_core::coded::Coded;
use panel_core::id::{ReferralId, UserId};
use panel_core::referral::{LateLane, NamedAs, TriageState};
use panel_core::time::local_date;

fn facts(detail: &ReferralDetail, panel: &str) -> Facts {
    let row = &detail.row;
    let name = super::words::name_of(&row.forename, &row.surname);
    let mut rows =
        vec![Fact::new("Person referred", name).leading_to(format!("/people/{}", row.perpetrator))];
    if let Some(born) = row.born_on {
        let age = panel_core::time::age_on(born, local_date(row.received_at));
        let age = age.map(|age| format!(", {age} years old when it was received"));
        rows.push(Fact::new("Date of birth", dates::date(born) + &age.unwrap_or_default()));
    }
    rows.push(Fact::new("Panel", panel));
    rows.push(Fact::new("Referred by", row.agency_name.clone()));
    rows.push(Fact::new("Source", row.source.label()));
    rows.push(Fact::new("Received", when(row.received_at)));
    if let Some(at) = row.resubmitted_at {
        rows.push(Fact::new("Sent again", when(at)));
    }
    if let Some(case) = row.case {
        rows.push(Fact::new("Case", "Go to the case").leading_to(format!("/cases/{case}")));
    }
    if let Some(late) = &detail.late {
        rows.push(Fact::new("Late lane", late.lane.label()));
    }
    if row.imported {
        rows.push(Fact::new("Imported", "From an old tracker"));
    }
    Facts::new(rows)
}

fn acts(asker: &Asker, detail: &ReferralDetail) -> Result<Vec<Act>, Failure> {
    let (may, at) = (detail.may, path(detail.row.id));
    let mut acts = Vec::new();
    let mut link = |wanted: bool, verb: &str, words: &str| {
        if wanted {
            // The first thing to do stands out; the others are beside it.
            let act = Act::link(format!("{at}/{verb}"), words);
            acts.push(if acts.is_empty() { act } else { act.quiet() });
        }
    };
    link(may.decide, "decide", "Decide");
    link(may.propose && !may.decide, "propose", "Propose an outcome");
    link(may.send_back && !may.decide, "return", "Return as incomplete");
    link(may.resubmit, "resubmit", "Send again");
    link(may.reconsider, "reconsider", "Look again");
    let late = detail.late_for.as_ref().is_some_and(|late| late.late);
    link(may.late && late, "late", "Choose the late lane");
    if may.correct {
        let correct = Act::post(format!("{at}/correct"), Button::secondary("Correct"));
        acts.push(correct.with(OPERATION, asker.operation()?));
    }
    if may.withdraw {
        acts.push(Act::link(format!("{at}/withdraw"), "Withdraw").quiet());
    }
    Ok(acts)
}

/// What has to be known before anything else.
fn notices(mut sheet: Sheet, detail: &ReferralDetail) -> Sheet {
    let undecided = detail.late.is_none();
    let late = detail.late_for.as_ref().filter(|_| undecided).and_then(late_words);
    let warned = detail.warnings.iter().map(|warning| warning.label().to_owned());
    let namesake = detail.named_like_a_user.then(|| {
        "Somebody who uses this service has the same name as the person referred. Check for a \
         conflict of interest."
            .to_owned()
    });
    for text in late.into_iter().chain(warned).chain(namesake) {
        sheet = sheet.warning(Warning { text });
    }
    if detail.shortened {
        let text = "Your agency did not make this referral, so the ways to reach the victims are \
                    left out.";
        sheet = sheet.inset(Inset { text: text.to_owned(), id: None });
    }
    sheet
}

fn completeness(sheet: Sheet, detail: &ReferralDetail) -> Sheet {
    let found = &detail.completeness;
    let (answered, all) = found.counts();
    let mut sheet = sheet
        .heading("How complete it is")
        .text(format!("{answered} of {all} fields are answered."));
    if !found.missing.is_empty() {
        sheet = sheet.text("Missing:").list(in_words(&found.missing));
    }
    let settled = found
        .settled
        .iter()
        .map(|(field, gap)| format!("{}: {}", field.label(), gap.label().to_lowercase()));
    let settled: Vec<String> = settled.collect();
    if settled.is_empty() { sheet } else { sheet.text("Asked, without an answer:").list(settled) }
}

/// One state of the triage as it is told in the history.
fn moment(state: &TriageState, name: impl Fn(UserId) -> String) -> Option<(DateTime<Utc>, Moment)> {
    let told = |at: DateTime<Utc>, title: String, by: String, text: Option<String>| {
        let (when, instant) = (when(at), at.to_rfc3339());
        Some((at, Moment { title, by, when, instant, text, link: None }))
    };
    match state {
        TriageState::Received => None,
        TriageState::Proposed(decision) => {
            let title = format!("Proposed: {}", decision.outcome.status().label());
            told(decision.at, title, name(decision.by), outcome_text(&decision.outcome))
        }
        TriageState::Decided(decision) => {
            let title = decision.outcome.status().label().to_owned();
            told(decision.at, title, name(decision.by), outcome_text(&decision.outcome))
        }
        TriageState::Withdrawn { by, at, reason } => {
            told(*at, "Withdrawn".to_owned(), name(*by), Some(reason.to_string()))
        }
    }
}

fn history(detail: &ReferralDetail) -> Timeline {
    let name = |user: UserId| detail.names.get(&user).cloned().unwrap_or_default();
    let states = detail.history.iter().chain([&detail.triage]);
    let mut moments: Vec<(DateTime<Utc>, Moment)> =
        states.filter_map(|state| moment(state, name)).collect();
    let mut plain = |at: DateTime<Utc>, title: String, by: String, text: Option<String>| {
        let (when, instant) = (when(at), at.to_rfc3339());
        moments.push((at, Moment { title, by, when, instant, text, link: None }));
    };
    plain(detail.row.received_at, "Received".to_owned(), detail.row.agency_name.clone(), None);
    plain(detail.entered_at, "Entered".to_owned(), name(detail.entered_by), None);
    if let Some(at) = detail.row.resubmitted_at {
        plain(at, "Sent again".to_owned(), detail.row.agency_name.clone(), None);
    }
    if let Some(late) = &detail.late {
        let text = late.reason.as_ref().map(ToString::to_string);
        plain(late.at, format!("Late lane: {}", late.lane.label()), name(late.by), text);
    }
    moments.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Timeline { moments: moments.into_iter().map(|(_, moment)| moment).collect() }
}

/// What was referred, a card for each group of answers.
fn referred(mut sheet: Sheet, detail: &ReferralDetail) -> Sheet {
    let read = Draft::read_only(&detail.form);
    let victims = (0..detail.form.victims.len()).map(|place| {
        let name = read.name_of(Part::Victim(place));
        Choice::new(place + 1, name.unwrap_or_else(|| format!("Person {}", place + 1)))
    });
    let agency = Choice::new(detail.row.agency, detail.row.agency_name.clone());
    let lists = Lists { agencies: vec![agency], victims: victims.collect() };
    for part in read.parts().into_iter().filter(|part| !matches!(part, Part::Gaps)) {
        // When it was received, and by whom it came, stands at the top of the page.
        let runs = false;
        for (heading, facts) in answers(part, runs, &read.values, &lists) {
            if facts.is_empty() {
                continue;
            }
            let heading = heading.filter(|words| !words.is_empty());
            let title = match (part.entry().map(|_| read.name_of(part)), heading) {
                (None, Some(heading)) => heading,
                (None, None) => part.title(),
                (Some(name), None) => name.unwrap_or_else(|| part.title()),
                (Some(name), Some(heading)) => {
                    format!("{}: {heading}", name.unwrap_or_else(|| part.title()))
                }
            };
            sheet = sheet.facts(Facts::new(facts).card(title));
        }
    }
    sheet
}

/// The records that the referral made, with the way to each.
fn records(detail: &ReferralDetail) -> Vec<Link> {
    let role = |person: &referrals::Person| {
        let mention = detail.mentions.iter().find(|mention| mention.person == person.id);
        match mention.map(|mention| mention.named_as) {
            Some(NamedAs::Victim) => "victim",
            Some(NamedAs::Child) => "child",
            None => "person referred",
        }
    };
    let link = |person: &referrals::Person| {
        let words = format!("{} ({})", record(person), role(person));
        Link::new(format!("/people/{}", person.id), words)
    };
    detail.people.iter().map(link).collect()
}

pub(super) async fn show(asker: Asker, id: web::Path<ReferralId>) -> Answer {
    let id = *id;
    let detail = asker.ask(move |ctx| referrals::show(ctx, id)).await?;
    let panel_id = detail.row.panel;
    let panel = asker.ask(move |ctx| panels::show(ctx, panel_id)).await?.panel.value.name;
    let name = super::words::name_of(&detail.row.forename, &detail.row.surname);
    let (state, colour) = state_of(detail.row.state);
    let mut sheet = Sheet::new(name.clone())
        .caption(format!("Referral {}", detail.row.reference))
        .tag(Tag::new(state, colour));
    sheet = notices(sheet, &detail).facts(facts(&detail, panel.as_str()));
    sheet = sheet.acts(acts(&asker, &detail)?);
    if !detail.links.is_empty() {
        let own: Vec<_> = detail.people.iter().map(|person| person.id).collect();
        sheet = sheet
            .heading("Records that look alike")
            .text("Nothing is joined until somebody who runs the panel says so.")
            .links(alike_links(&detail.links, &own));
    }
    if let Some(late) = detail.late.as_ref().filter(|late| late.lane == LateLane::UrgentMeeting) {
        let day = dates::with_weekday(local_date(late.at));
        let text =
            format!("An urgent meeting was chosen on {day}. Add one from the panel’s meetings.");
        sheet = sheet.inset(Inset { text, id: None });
    }
    sheet = sheet.heading("Flags").text("They are worked out from the dates; nobody ticks them.");
    sheet = sheet.facts(flags::cards("Repeat, serial and re-referral", &detail.flags));
    sheet = completeness(sheet, &detail).heading("What was referred");
    sheet = referred(sheet, &detail);
    let runs = asker.person().actor.runs(panel_id);
    sheet = whereabouts::section(sheet, &detail, runs);
    sheet = sheet.heading("Records").links(records(&detail));
    sheet = sheet.heading("History").timeline(history(&detail));
    let page = Page::new(format!("Referral of {name}"));
    let page = page.section("referrals").back("/referrals", "Referrals");
    asker.page(&page, "pages/sheet", &sheet)
}
