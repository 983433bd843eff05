//! From what a form says to the records that are kept beside it: people, who they are to the
//! referral, and dated incidents.

use super::form::Entry;
use crate::context::Ctx;
use crate::error::AppError;
use chrono::NaiveDate;
use panel_core::id::PersonId;
use panel_core::referral::{
    Address, Child, NamedAs, Perpetrator, PersonName, ReferralForm, Victim,
};
use panel_core::time::local_date;
use panel_core::vocabulary::Answer;
use panel_store::people::{self, Person};
use panel_store::referrals::{IncidentRow, Mention, Referral};
use panel_store::{Authz, StoreError};

fn person(id: PersonId, name: &PersonName, born: Option<NaiveDate>, home: &Address) -> Person {
    let text = |name: &Option<panel_core::text::Name>| {
        name.as_ref().map_or_else(String::new, ToString::to_string)
    };
    Person {
        aliases: name.known_as.iter().map(ToString::to_string).collect(),
        born_on: born,
        address: home.lines.as_ref().map_or_else(String::new, ToString::to_string),
        postcode: home.postcode.as_ref().map_or_else(String::new, ToString::to_string),
        ..Person::named(id, text(&name.forename), text(&name.surname))
    }
}

/// The record of a perpetrator.
pub(super) fn perpetrator(id: PersonId, one: &Perpetrator) -> Person {
    let home = one.addresses.first().cloned().unwrap_or_default();
    let record = person(id, &one.name, one.born, &home);
    Person { gender: one.gender, ethnicity: one.ethnicity, ..record }
}

fn victim(id: PersonId, one: &Victim) -> Person {
    // Where a victim lives is kept apart, sealed, and in no record.
    let record = person(id, &one.name, one.born, &Address::default());
    Person { gender: one.gender, ethnicity: one.ethnicity, ..record }
}

fn child(id: PersonId, one: &Child) -> Person {
    Person { unborn: one.unborn, ..person(id, &one.name, one.born, &Address::default()) }
}

/// Whom a form names beside the perpetrator.
pub(super) struct Named {
    /// Who they are to the referral.
    pub(super) mentions: Vec<Mention>,
    /// Their records.
    pub(super) people: Vec<Person>,
}

fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX).saturating_add(1)
}

/// Victims and children of a form, under the records that are known and new ones for the rest.
pub(super) fn named(ctx: &Ctx<'_>, entry: &Entry) -> Named {
    let mut found = Named { mentions: Vec::new(), people: Vec::new() };
    for (index, (one, known)) in entry.form.victims.iter().zip(&entry.victims).enumerate() {
        let record = victim(known.unwrap_or_else(|| ctx.mint()), one);
        found.mentions.push(Mention {
            person: record.id,
            named_as: NamedAs::Victim,
            position: place(index),
            relationship: one.relationship,
        });
        found.people.push(record);
    }
    for (index, (one, known)) in entry.form.children.iter().zip(&entry.children).enumerate() {
        let record = child(known.unwrap_or_else(|| ctx.mint()), one);
        found.mentions.push(Mention {
            person: record.id,
            named_as: NamedAs::Child,
            position: place(index),
            relationship: None,
        });
        found.people.push(record);
    }
    found
}

/// The dated incidents of a form. One that names no victim is about the only victim there is; one
/// without a date became known, at the latest, on the day of the referral.
pub(super) fn incidents(
    ctx: &Ctx<'_>,
    form: &ReferralForm,
    mentions: &[Mention],
) -> Vec<IncidentRow> {
    let victims: Vec<PersonId> = mentions
        .iter()
        .filter(|mention| mention.named_as == NamedAs::Victim)
        .map(|mention| mention.person)
        .collect();
    let harmed = |place: Option<u8>| match (place, victims.as_slice()) {
        (Some(place), all) => all.get(usize::from(place).checked_sub(1)?).copied(),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    form.incidents
        .iter()
        .map(|incident| IncidentRow {
            id: ctx.mint(),
            victim: harmed(incident.victim),
            happened_on: incident.happened,
            identified_on: incident
                .identified
                .or(incident.happened)
                .unwrap_or_else(|| local_date(form.received_at)),
            crime: incident.crime == Some(Answer::Yes),
        })
        .collect()
}

/// Keeps a new record, and offers those that are likely the same person for a coordinator to decide.
pub(super) fn keep(az: &mut Authz<'_>, record: &Person) -> Result<(), StoreError> {
    people::insert(az, record)?;
    people::offer(az, record)
}

/// Brings the records of a corrected referral up to its form. A record of which the form says what
/// it said before stays as it is: somebody may have corrected it since.
pub(super) fn bring_up(
    ctx: &Ctx<'_>,
    az: &mut Authz<'_>,
    before: &Referral,
    entry: &Entry,
) -> Result<Named, AppError> {
    let old = Entry {
        form: before.form.clone(),
        victims: known(before, NamedAs::Victim),
        children: known(before, NamedAs::Child),
        confirmed: entry.confirmed.clone(),
    };
    let mut said_before = named(ctx, &old).people;
    let root = before.row.perpetrator;
    said_before.push(perpetrator(root, &before.form.perpetrator));
    let found = named(ctx, entry);
    let mut say_now = found.people.clone();
    say_now.push(perpetrator(root, &entry.form.perpetrator));
    for record in say_now {
        match said_before.iter().find(|old| old.id == record.id) {
            Some(old) if *old == record => {}
            Some(_) => change(az, record)?,
            None => keep(az, &record)?,
        }
    }
    Ok(found)
}

/// Changes what a record says and keeps its links.
fn change(az: &mut Authz<'_>, record: Person) -> Result<(), AppError> {
    let now = people::find(az, record.id)?.ok_or(AppError::NotFound)?;
    let record = Person { root: now.root, version: now.version, ..record };
    if !people::update(az, &record)? {
        return Err(AppError::Stale);
    }
    Ok(people::offer(az, &record)?)
}

/// The records of a referral's victims or children, in the order of its form.
fn known(referral: &Referral, named_as: NamedAs) -> Vec<Option<PersonId>> {
    let of = |mention: &&Mention| mention.named_as == named_as;
    referral.mentions.iter().filter(of).map(|mention| Some(mention.person)).collect()
}
