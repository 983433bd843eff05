//! Reads the rows of an action list.

use super::agencies::Agencies;
use super::dates::{DateError, Purpose};
use super::draft::{ActionDraft, DueDraft, Origin, ReferralDraft};
use super::fields::Field;
use super::mapping::Mapping;
use super::reader::RowReader;
use super::remark::{BadKind, WarningKind};
use super::sheet::Row;
use super::status::usual_action_status;
use crate::action::{ActionStatus, DueText, DueWord};
use crate::text::{Name, Title, fold};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// What actions refer to: the referrals and the meetings of the file.
pub(super) struct Surroundings<'a> {
    by_reference: HashMap<String, &'a ReferralDraft>,
    by_name: HashMap<BTreeSet<String>, Vec<&'a ReferralDraft>>,
    bad_references: &'a HashMap<String, u32>,
    meetings: &'a BTreeSet<NaiveDate>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(
        referrals: &'a [ReferralDraft],
        bad_references: &'a HashMap<String, u32>,
        meetings: &'a BTreeSet<NaiveDate>,
    ) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for referral in referrals {
            by_name.entry(name_words(&subject_name(referral))).or_default().push(referral);
        }
        let by_reference = referrals
            .iter()
            .filter_map(|referral| Some((fold(referral.reference.as_ref()?.as_str()), referral)))
            .collect();
        Self { by_reference, by_name, bad_references, meetings }
    }
}

fn subject_name(referral: &ReferralDraft) -> String {
    let forename = referral.subject.forename.as_ref().map_or("", Name::as_str);
    format!("{forename} {}", referral.subject.surname)
}

/// The words of a name in no order, since trackers write surnames first or last.
fn name_words(name: &str) -> BTreeSet<String> {
    fold(name).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Reads one row; `None` when something is wrong with it, which the reader then holds.
pub(super) fn read(
    reader: &mut RowReader<'_>,
    row: &Row,
    sheet: &str,
    mapping: &Mapping,
    agencies: &Agencies,
    around: &Surroundings<'_>,
) -> Option<ActionDraft> {
    let meeting = reader.required_date(Field::Meeting);
    let reference: Option<Name> = reader.line(Field::Reference);
    let name: Option<Name> = reader.line(Field::Name);
    let wording: Option<Title> = reader.line(Field::Action);
    if wording.is_none() && reader.words(Field::Action).is_empty() {
        reader.reject(Field::Action, BadKind::Missing, "the action has no words");
    }
    if reference.is_none() && name.is_none() && reader.bad.is_empty() {
        reader.reject(Field::Reference, BadKind::Missing, "neither a case nor a name is given");
    }
    let agency = reader.agency(agencies, None);
    let owner: Option<Name> = reader.line(Field::Owner);
    let due = read_due(reader, meeting, around.meetings);
    let status = read_status(reader, mapping);
    let status_words: Option<Title> = reader.line(Field::Status);
    let status_on = reader.date(Field::StatusDate, Purpose::Event);
    let notes = reader.notes(Field::Notes);
    if !reader.bad.is_empty() {
        return None;
    }
    let (meeting, wording, status) = (meeting?, wording?, status?);
    warn_of_dates(reader, meeting, &due, status, status_on);
    let referral = find_referral(reader, reference.as_ref(), name.as_ref(), around);
    if referral.is_some_and(|referral| meeting < referral.received) {
        let words = "the meeting lies before the day the referral was received";
        reader.warn(Field::Meeting, WarningKind::MeetingBeforeReferral, words);
    }
    let external = external(reader, meeting);
    Some(ActionDraft {
        origin: Origin { sheet: sheet.to_owned(), row: row.number, external },
        meeting,
        reference,
        referral: referral.map(|referral| referral.origin.external.clone()),
        name,
        wording,
        agency: agency?,
        owner,
        due,
        status,
        status_words,
        status_on,
        notes,
    })
}

/// What makes an action the same in every file: what was agreed, not how it went since.
fn external(reader: &RowReader<'_>, meeting: NaiveDate) -> String {
    let agreed = [Field::Reference, Field::Name, Field::Agency, Field::Owner, Field::Action];
    let words = agreed.map(|field| fold(&reader.words(field)));
    format!("action {meeting}|{}", words.join("|")).chars().take(500).collect()
}

fn read_due(
    reader: &mut RowReader<'_>,
    meeting: Option<NaiveDate>,
    meetings: &BTreeSet<NaiveDate>,
) -> DueDraft {
    let on = match reader.try_date(Field::Due) {
        Ok(on) => on,
        Err(DateError::NotUnderstood) => {
            let words = reader.line(Field::Due);
            return read_due_words(reader, words, meeting, meetings);
        }
        Err(error) => {
            reader.reject_date(Field::Due, &error);
            None
        }
    };
    DueDraft { on, words: None }
}

fn read_due_words(
    reader: &mut RowReader<'_>,
    words: Option<DueText>,
    meeting: Option<NaiveDate>,
    meetings: &BTreeSet<NaiveDate>,
) -> DueDraft {
    use std::ops::Bound::{Excluded, Unbounded};
    let next = meeting.and_then(|day| meetings.range((Excluded(day), Unbounded)).next().copied());
    let written = words.as_ref().map_or("", DueText::as_str);
    match DueWord::parse(written) {
        Some(DueWord::NextMeeting) => {
            if next.is_none() {
                let said = "the file has no later meeting, so there is no due date";
                reader.warn(Field::Due, WarningKind::NoNextMeeting, said);
            }
            DueDraft { on: next, words }
        }
        // Figures were meant for a day: `3/4` without a year is not a word.
        None if written.contains(|c: char| c.is_ascii_digit()) => {
            reader.reject_date(Field::Due, &DateError::NotUnderstood);
            DueDraft { on: None, words }
        }
        _ => {
            let said = "is no day; the words are kept and there is no due date";
            reader.warn(Field::Due, WarningKind::NoDueDay, said);
            DueDraft { on: None, words }
        }
    }
}

/// What the status word of an action means under this mapping.
pub(super) fn meaning(words: &str, mapping: &Mapping) -> Option<ActionStatus> {
    mapping.action_words.get(&fold(words)).copied().or_else(|| usual_action_status(words))
}

fn read_status(reader: &mut RowReader<'_>, mapping: &Mapping) -> Option<ActionStatus> {
    let meaning = meaning(&reader.words(Field::Status), mapping);
    if meaning.is_none() {
        let reason = "is a status that Panel does not know; say what it means";
        reader.reject(Field::Status, BadKind::UnknownStatus, reason);
    }
    meaning
}

fn warn_of_dates(
    reader: &mut RowReader<'_>,
    meeting: NaiveDate,
    due: &DueDraft,
    status: ActionStatus,
    status_on: Option<NaiveDate>,
) {
    if due.on.is_some_and(|due| due < meeting) {
        reader.warn(Field::Due, WarningKind::OddDate, "lies before the meeting");
    }
    match status_on {
        Some(on) if on < meeting => {
            reader.warn(Field::StatusDate, WarningKind::OddDate, "lies before the meeting");
        }
        None if status == ActionStatus::Completed => {
            let words = "the action is completed, but no day is given; its due date stands in";
            reader.warn(Field::StatusDate, WarningKind::NoStatusDate, words);
        }
        _ => {}
    }
}

/// The referral of an action: by its reference, else by a name that only one person has.
fn find_referral<'a>(
    reader: &mut RowReader<'_>,
    reference: Option<&Name>,
    name: Option<&Name>,
    around: &Surroundings<'a>,
) -> Option<&'a ReferralDraft> {
    let Some(reference) = reference.map(|reference| fold(reference.as_str())) else {
        return find_by_name(reader, name?, around);
    };
    let Some(referral) = around.by_reference.get(&reference).copied() else {
        let words = match around.bad_references.get(&reference) {
            Some(row) => format!("its referral in row {row} cannot be imported"),
            None => "no referral has this reference".to_owned(),
        };
        reader.warn(Field::Reference, WarningKind::UnknownPerson, words);
        return None;
    };
    if let Some(name) = name {
        let full = subject_name(referral);
        if name_words(name.as_str()) != name_words(&full) {
            let words = format!("the referral with this reference names {}", full.trim());
            reader.warn(Field::Name, WarningKind::OtherName, words);
        }
    }
    Some(referral)
}

fn find_by_name<'a>(
    reader: &mut RowReader<'_>,
    name: &Name,
    around: &Surroundings<'a>,
) -> Option<&'a ReferralDraft> {
    let found = around.by_name.get(&name_words(name.as_str())).map_or(&[][..], Vec::as_slice);
    let words = match found {
        [only] => return Some(*only),
        [] => "no referral has this name, and no reference is given",
        _ => "several referrals have this name, and no reference is given",
    };
    reader.warn(Field::Name, WarningKind::UnknownPerson, words);
    None
}
