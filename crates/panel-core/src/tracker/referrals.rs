//! Reads the rows of a referral log.

use super::agencies::Agencies;
use super::dates::Purpose;
use super::draft::{Children, CriteriaDraft, Origin, ReferralDraft, SubjectDraft, VictimDraft};
use super::fields::Field;
use super::mapping::Mapping;
use super::names;
use super::person;
use super::reader::RowReader;
use super::remark::{BadKind, WarningKind};
use super::sheet::Row;
use super::status::{ReferralWord, is_unknown_word, usual_referral_word};
use crate::contact::Postcode;
use crate::text::{EmailAddress, Name, fold};
use chrono::{Datelike, NaiveDate};

/// A number of children beyond which it is a slip.
const MOST_CHILDREN: u16 = 25;

/// The youngest whom a panel is made for, and an age that few reach.
const USUAL_AGES: std::ops::RangeInclusive<i32> = 18..=110;

/// Reads one row; `None` when something is wrong with it, which the reader then holds.
pub(super) fn read(
    reader: &mut RowReader<'_>,
    row: &Row,
    sheet: &str,
    mapping: &Mapping,
    agencies: &Agencies,
) -> Option<ReferralDraft> {
    let reference: Option<Name> = reader.line(Field::Reference);
    let received = reader.required_date(Field::Received);
    // The referrer's address decides nothing, so that a wrong one is left out, not the row.
    let referrer_email =
        reader.known(Field::ReferrerEmail, "an email address", |it| EmailAddress::parse(it).ok());
    let agency = reader.agency(agencies, referrer_email.as_ref());
    let subject = read_subject(reader);
    let victim = read_victim(reader);
    let children = read_children(reader);
    let status = read_status(reader, mapping);
    let (referrer, relationship_words) =
        (reader.line(Field::Referrer), reader.line(Field::Relationship));
    let relationship = reader.known(Field::Relationship, "a relationship", person::relationship);
    let (criteria, notes) = (read_criteria(reader), reader.notes(Field::Notes));
    if !reader.bad.is_empty() {
        return None;
    }
    let (received, subject) = (received?, subject?);
    warn_of_age(reader, &subject, received);
    let external = match &reference {
        Some(reference) => format!("referral {}", fold(reference.as_str())),
        None => external_by_content(reader, received, &subject),
    };
    Some(ReferralDraft {
        origin: Origin { sheet: sheet.to_owned(), row: row.number, external },
        reference,
        received,
        agency: agency?,
        referrer,
        referrer_email,
        subject,
        victim,
        relationship_words,
        relationship: relationship.map(|(relationship, _)| relationship),
        relative: relationship.and_then(|(_, relative)| relative),
        children,
        criteria,
        status: status?,
        notes,
    })
}

/// What makes the same referral the same in every file when the tracker gave it no reference.
fn external_by_content(
    reader: &RowReader<'_>,
    received: NaiveDate,
    subject: &SubjectDraft,
) -> String {
    let forename = subject.forename.as_ref().map_or("", Name::as_str);
    let born = subject.born.map(|born| born.to_string()).unwrap_or_default();
    let parts = [
        received.to_string(),
        fold(subject.surname.as_str()),
        fold(forename),
        born,
        fold(&reader.words(Field::Agency)),
        fold(&reader.words(Field::Victim)),
    ];
    format!("referral without reference {}", parts.join("|")).chars().take(500).collect()
}

fn read_subject(reader: &mut RowReader<'_>) -> Option<SubjectDraft> {
    let whole = names::split(&reader.words(Field::Name));
    let surname: Option<Name> = match (reader.line(Field::Surname), &whole) {
        (Some(surname), _) => Some(surname),
        (None, Some(whole)) => Name::parse(&whole.surname).ok(),
        (None, None) => None,
    };
    let forename: Option<Name> = match (reader.line(Field::Forename), &whole) {
        (None, Some(whole)) => whole.forename.as_deref().and_then(|name| Name::parse(name).ok()),
        (forename, _) => forename,
    };
    if surname.is_none() {
        let field = if reader.has(Field::Surname) { Field::Surname } else { Field::Name };
        reader.reject(field, BadKind::NoSurname, "the person referred has no surname");
    }
    let alias = reader.line(Field::Alias);
    let born = reader.date(Field::Born, Purpose::Birth);
    let address = reader.address(Field::Address);
    let postcode = reader.known(Field::Postcode, "a postcode", |words| Postcode::parse(words).ok());
    let gender = reader.known(Field::Gender, "a gender", person::gender);
    let ethnicity = reader.known(Field::Ethnicity, "an ethnicity code", person::ethnicity);
    let surname = surname?;
    Some(SubjectDraft { surname, forename, alias, born, address, postcode, gender, ethnicity })
}

fn read_victim(reader: &mut RowReader<'_>) -> Option<VictimDraft> {
    let born = reader.date(Field::VictimBorn, Purpose::Birth);
    let name: Name = reader.line(Field::Victim)?;
    let split = names::split(name.as_str())?;
    let forename = split.forename.and_then(|forename| Name::parse(&forename).ok());
    Some(VictimDraft { surname: Name::parse(&split.surname).ok()?, forename, born })
}

fn read_children(reader: &mut RowReader<'_>) -> Children {
    let words = reader.words(Field::Children);
    if words.is_empty() {
        return Children::NotAsked;
    }
    if is_unknown_word(&words) {
        return Children::NotKnown;
    }
    match words.parse::<u16>() {
        Ok(number) if number <= MOST_CHILDREN => Children::Number(number),
        _ => {
            let reason = format!("must be a whole number up to {MOST_CHILDREN}, or ?");
            reader.reject(Field::Children, BadKind::BadNumber, reason);
            Children::NotKnown
        }
    }
}

fn read_criteria(reader: &mut RowReader<'_>) -> CriteriaDraft {
    CriteriaDraft {
        high_risk: reader.yes_no(Field::HighRisk),
        professional_judgement: reader.yes_no(Field::ProfessionalJudgement),
        escalation: reader.yes_no(Field::Escalation),
        repeat: reader.yes_no(Field::Repeat),
        mappa: reader.yes_no(Field::Mappa),
    }
}

/// What the status word of a referral means under this mapping.
pub(super) fn meaning(words: &str, mapping: &Mapping) -> Option<ReferralWord> {
    mapping.referral_words.get(&fold(words)).copied().or_else(|| usual_referral_word(words))
}

fn read_status(reader: &mut RowReader<'_>, mapping: &Mapping) -> Option<ReferralWord> {
    let meaning = meaning(&reader.words(Field::Status), mapping);
    if meaning.is_none() {
        let reason = "is a status that Panel does not know; say what it means";
        reader.reject(Field::Status, BadKind::UnknownStatus, reason);
    }
    meaning
}

fn warn_of_age(reader: &mut RowReader<'_>, subject: &SubjectDraft, received: NaiveDate) {
    let Some(born) = subject.born else { return };
    let had_birthday = (received.month(), received.day()) >= (born.month(), born.day());
    let age = received.year() - born.year() - i32::from(!had_birthday);
    if born > received {
        reader.warn(Field::Born, WarningKind::OddAge, "lies after the day of the referral");
    } else if !USUAL_AGES.contains(&age) {
        reader.warn(Field::Born, WarningKind::OddAge, format!("makes the person {age} years old"));
    }
}
