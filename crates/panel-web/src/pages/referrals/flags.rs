//! The three flags of a referral, each with its rule, its anchor and its dates.

use crate::view::dates;
use crate::view::facts::{Fact, Facts};
use panel_app::referrals::Flags;
use panel_core::coded::Coded;
use panel_core::pattern::{AnchorFact, Dated, Repeat};

fn days(dated: &[Dated]) -> String {
    let day = |one: &Dated| {
        let learnt = if one.by_identification { " (the day it became known)" } else { "" };
        format!("{}{learnt}", dates::with_weekday(one.on))
    };
    let mut days: Vec<String> = dated.iter().map(day).collect();
    days.dedup();
    days.join(", ")
}

fn repeat_words(repeat: &Repeat) -> String {
    let mut words = Vec::new();
    match (repeat.flag, repeat.anchor) {
        (true, _) => words.push(format!("Yes: {}.", days(&repeat.incidents))),
        (false, None) => words.push("No: the pair was not before a panel earlier.".to_owned()),
        (false, Some(_)) => words.push("No: no incident falls in the window.".to_owned()),
    }
    words.push(format!(
        "Rule: {}, within 12 calendar months, counted from the {}.",
        repeat.rule.trigger.label().to_lowercase(),
        repeat.rule.anchor.label().to_lowercase(),
    ));
    if let Some(anchor) = repeat.anchor {
        let on = dates::with_weekday(anchor.on());
        words.push(match anchor {
            AnchorFact::Referral { .. } => {
                format!("Anchor: the previous referral, received on {on}.")
            }
            AnchorFact::Meeting { .. } => {
                format!("Anchor: the meeting that last heard the pair, on {on}.")
            }
        });
    }
    if let Some(until) = repeat.until {
        words.push(format!("The window ends on {}.", dates::with_weekday(until)));
    }
    words.join("\n")
}

fn serial_words(flags: &Flags) -> String {
    let serial = &flags.serial;
    let count = serial.victims.len();
    let mut words = vec![if serial.flag {
        format!("Yes: {count} victims with an incident in the look-back.")
    } else {
        "No: fewer than two victims with an incident in the look-back.".to_owned()
    }];
    for (victim, incidents) in &serial.victims {
        let name = flags.names.get(victim).map_or("Somebody outside your view", String::as_str);
        words.push(format!("{name}: {}.", days(incidents)));
    }
    words.push(format!(
        "Rule: two or more victims, from {} to {}, both days in.",
        dates::with_weekday(serial.from),
        dates::with_weekday(serial.to),
    ));
    words.join("\n")
}

fn rereferral_words(flags: &Flags) -> String {
    let rule = "Rule: a case of this person was closed at any time before, whichever victim.";
    let closed = flags.rereferral.closures.iter().zip(&flags.closed).map(|(closure, reference)| {
        format!("Case {reference}, closed on {}.", dates::with_weekday(closure.on))
    });
    let first = if flags.rereferral.flag { "Yes." } else { "No." };
    let words: Vec<String> =
        std::iter::once(first.to_owned()).chain(closed).chain([rule.to_owned()]).collect();
    words.join("\n")
}

/// The flags as facts in a card.
pub(in crate::pages) fn cards(title: &str, flags: &Flags) -> Facts {
    let repeats = flags.repeats.iter().map(|one| {
        let key =
            if one.name.is_empty() { "Repeat".to_owned() } else { format!("Repeat: {}", one.name) };
        Fact::prose(key, repeat_words(&one.repeat))
    });
    let mut facts: Vec<Fact> = repeats.collect();
    if facts.is_empty() {
        facts.push(Fact::new("Repeat", "No: no victim is named."));
    }
    facts.push(Fact::prose("Serial", serial_words(flags)));
    facts.push(Fact::prose("Re-referral", rereferral_words(flags)));
    Facts::new(facts).card(title)
}
