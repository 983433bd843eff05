//! The referrals of a file.

use super::confirm::Filing;
use super::directory::{OfKey, agency_of};
use super::people::Entry;
use crate::error::AppError;
use chrono::NaiveTime;
use panel_core::audit::{AuditKind, Deed, SubjectKind};
use panel_core::coded::Coded;
use panel_core::id::Id;
use panel_core::referral::{NamedAs, OpenForm, Triage};
use panel_core::time::resolve_leniently;
use panel_core::tracker::status::ReferralWord;
use panel_store::Authz;
use panel_store::imports::KeyKind;
use panel_store::referrals::{self, Mention, NewReferral};

/// Adds the new referrals, each with its form, its people and how its triage stands.
pub(super) fn file(
    filing: &mut Filing<'_>,
    az: &mut Authz<'_>,
    entries: &[Entry<'_>],
    of_key: &OfKey,
) -> Result<(), AppError> {
    let panel = filing.import.panel;
    let mut forms = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_new) {
        let agency = agency_of(of_key, &entry.draft.agency)?;
        // A tracker names a victim and says nothing of where she is: nothing is taken apart.
        forms.push((entry, entry.draft.form(panel, agency).part().0));
    }
    let new = forms.iter().map(|(entry, form)| new_referral(filing, entry, form));
    let new: Vec<NewReferral<'_>> = new.collect();
    referrals::insert_all(az, &new)?;
    for (entry, _) in &forms {
        filing.became(KeyKind::Referral, &entry.draft.origin.external, entry.id.uuid());
        let word = entry.draft.status.code().to_owned();
        *filing.summary.referral_words.entry(word).or_default() += 1;
        let import = filing.import.id.uuid();
        let deed =
            Deed::new(AuditKind::Collection, "referral.import", SubjectKind::Import, Some(import));
        az.did(deed.at(panel).in_case(entry.case).with(entry.id.to_string()));
    }
    filing.summary.referrals = forms.len();
    Ok(())
}

fn new_referral<'f>(filing: &Filing<'_>, entry: &Entry<'_>, form: &'f OpenForm) -> NewReferral<'f> {
    let by = filing.ctx.user();
    let triage = match entry.draft.status {
        ReferralWord::AwaitingTriage => Triage::received(entry.id, form.received_at),
        ReferralWord::Open => Triage::taken_over(entry.id, form.received_at, by, form.received_at),
        // What was heard was accepted no later than that, so that no agenda calls it new again.
        ReferralWord::Heard | ReferralWord::Closed => {
            let at = resolve_leniently(entry.taken_up.and_time(NaiveTime::MIN));
            Triage::taken_over(entry.id, form.received_at, by, at)
        }
    };
    let mention = |person| Mention {
        person,
        named_as: NamedAs::Victim,
        position: 1,
        relationship: entry.draft.relationship,
    };
    NewReferral {
        reference: entry.reference.clone(),
        form,
        perpetrator: entry.perpetrator,
        triage,
        case: entry.case,
        entered_by: by,
        imported: true,
        mentions: entry.victim.map(mention).into_iter().collect(),
        incidents: Vec::new(),
    }
}
