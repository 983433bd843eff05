//! The history of an action: who changed what, from what to what.

use super::facts::{agency, day, name_of};
use crate::view::dates;
use crate::view::lists::{Moment, Timeline};
use panel_app::actions::{ActionPage, History};
use panel_core::action::ActionChange;
use panel_core::coded::Coded;
use panel_core::time::local;

/// The lines of a history as the page draws them.
pub(super) fn timeline(found: &ActionPage, history: &History) -> Timeline {
    let moments = history.entries.iter().map(|entry| {
        let at = local(entry.at);
        let behalf = if entry.on_behalf { ", on behalf of the agency" } else { "" };
        let mut said: Vec<String> = Vec::new();
        if let ActionChange::Completed { done_on, .. } = entry.detail.event.change {
            said.push(format!("Done on {}.", day(done_on)));
        }
        if let ActionChange::TransferProposed { to, .. } = entry.detail.event.change {
            said.push(format!("To {}.", agency(found, to)));
        }
        let (from, to) = (&entry.detail.from, &entry.detail.to);
        let is_new =
            matches!(entry.detail.event.change, ActionChange::Set | ActionChange::Imported);
        if let (Some(was), false) = (&from.text, is_new) {
            said.push(format!("It read: “{was}”"));
        }
        if let Some(now) = &to.due {
            let words = |on: Option<chrono::NaiveDate>| on.map_or_else(|| "none".to_owned(), day);
            let was = from.due.as_ref().filter(|_| !is_new);
            said.push(match was {
                Some(was) => format!("Due date: {}; it was {}.", words(now.on), words(was.on)),
                None => format!("Due date: {}.", words(now.on)),
            });
        }
        if let Some(now) = to.agency {
            said.push(match from.agency.filter(|_| !is_new) {
                Some(was) => format!("From {} to {}.", agency(found, was), agency(found, now)),
                None => format!("Agency: {}.", agency(found, now)),
            });
        }
        if let Some(owner) = to.user.and_then(|user| found.people.get(&user)) {
            said.push(format!("Person: {owner}."));
        }
        if !entry.note.is_empty() {
            said.push(entry.note.clone());
        }
        Moment {
            title: entry.kind.label().to_owned(),
            by: format!("{}{behalf}", name_of(entry.by.as_ref())),
            when: dates::date_and_time(at.date(), at.time()),
            instant: entry.at.to_rfc3339(),
            text: (!said.is_empty()).then(|| said.join("\n")),
            link: None,
        }
    });
    Timeline { moments: moments.collect() }
}
