//! What of a referral other agencies read: all that they need to look in their records, without the
//! ways to find or reach the people who are harmed.

use super::form::ReferralForm;
use super::people::{Address, Child, Victim};
use std::collections::BTreeSet;

impl ReferralForm {
    /// The form as an agency reads it that takes part in the case and did not refer. Where a victim
    /// lives, works and is treated, how and through whom she or he is reached, whom she or he fears,
    /// where a child lives and goes to school: these stay with the referring agency and the panel.
    #[must_use]
    pub fn for_partner(mut self) -> Self {
        self.referrer.email = None;
        self.referrer.telephone = None;
        self.victims = self.victims.into_iter().map(victim).collect();
        self.children = self
            .children
            .into_iter()
            .map(|child| Child { lives_with: None, school: None, kept: BTreeSet::new(), ..child })
            .collect();
        self
    }
}

fn victim(victim: Victim) -> Victim {
    Victim {
        address: Address::default(),
        landlord: None,
        telephone: None,
        safe_to_call: None,
        contact_notes: None,
        occupation: None,
        employer: None,
        gp: None,
        afraid_of: None,
        safe_to_talk_to: None,
        not_safe_to_talk_to: None,
        wishes: None,
        kept: BTreeSet::new(),
        ..victim
    }
}
