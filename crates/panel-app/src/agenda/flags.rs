//! Repeat, serial and re-referral in words, for many cases at once.

use crate::referrals::{Judgement, judge};
use panel_core::id::ReferralId;
use panel_core::pattern::{AnchorFact, Dated, Judged, PatternPolicy, Repeat};
use panel_core::time::local_date;
use panel_core::words;
use panel_store::referrals::Facts;
use std::collections::BTreeSet;

/// The flags of one referral, from the facts about its person; none when it is not among them.
pub(super) fn flags(facts: &Facts, of: ReferralId, rule: PatternPolicy) -> Option<Judgement> {
    let referral = facts.referrals.iter().find(|one| one.id == of)?;
    let judged = Judged { referral: of, received: local_date(referral.received_at) };
    Some(judge(facts, judged, rule))
}

impl Judgement {
    /// Whether any pair of the referral is a repeat.
    pub(super) fn is_repeat(&self) -> bool {
        self.repeats.iter().any(|(_, repeat)| repeat.flag)
    }

    /// The flags that apply, each with its anchor and dates.
    pub(super) fn words(&self) -> Vec<String> {
        let repeats = self.repeats.iter().filter_map(|(_, repeat)| repeat_in_words(repeat));
        // The same words for two victims are said once.
        let mut told: Vec<String> = repeats.collect::<BTreeSet<String>>().into_iter().collect();
        if self.serial.flag {
            let (victims, from) = (self.serial.victims.len(), words::date(self.serial.from));
            told.push(format!("Serial: {victims} victims since {from}"));
        }
        if let Some(last) = self.rereferral.closures.first().filter(|_| self.rereferral.flag) {
            told.push(format!("Re-referral: a case was closed on {}", words::date(last.on)));
        }
        told
    }
}

fn repeat_in_words(repeat: &Repeat) -> Option<String> {
    let anchor = match repeat.anchor.filter(|_| repeat.flag)? {
        AnchorFact::Referral { on, .. } => format!("the referral of {}", words::date(on)),
        AnchorFact::Meeting { on, .. } => format!("the meeting of {}", words::date(on)),
    };
    let date = |dated: &Dated| words::date(dated.on);
    let dates: Vec<String> = repeat.incidents.iter().map(date).collect();
    Some(format!("Repeat: {} within 12 months of {anchor}", words::list(&dates)))
}
