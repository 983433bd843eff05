//! Reads the rows of a list of agency representatives.

use super::agencies::Agencies;
use super::draft::{Origin, RepDraft};
use super::fields::Field;
use super::reader::RowReader;
use super::remark::{BadKind, Place, WarningKind};
use super::sheet::Row;
use crate::access::Role;
use crate::agency::Agency;
use crate::coded::Coded;
use crate::text::{EmailAddress, fold};
use std::collections::HashMap;

/// Reads one row; `None` when something is wrong with it, which the reader then holds. Whose deputy
/// a person is can be told only when all are read: see [`find_principals`].
pub(super) fn read(
    reader: &mut RowReader<'_>,
    row: &Row,
    sheet: &str,
    agencies: &Agencies,
    known: &[Agency],
) -> Option<RepDraft> {
    let name = reader.line(Field::Name);
    if name.is_none() && reader.words(Field::Name).is_empty() {
        reader.reject(Field::Name, BadKind::Missing, "the name is missing");
    }
    if reader.words(Field::Email).is_empty() {
        reader.reject(Field::Email, BadKind::Missing, "without an email nobody can be invited");
    }
    let email = reader.email(Field::Email);
    let agency = reader.agency(agencies, email.as_ref());
    reject_foreign_address(reader, agencies, known, email.as_ref());
    let words = reader.words(Field::Role);
    let role = role_of(&words).unwrap_or_else(|| {
        let said = "is no role of a panel; the person becomes a representative";
        reader.warn(Field::Role, WarningKind::LeftOut, said);
        Role::Representative
    });
    let is_deputy = fold(&words).contains("deput") || !reader.words(Field::DeputyFor).is_empty();
    if !reader.bad.is_empty() {
        return None;
    }
    let (name, email) = (name?, email?);
    let external = format!("rep {}", email.folded());
    let origin = Origin { sheet: sheet.to_owned(), row: row.number, external };
    Some(RepDraft { origin, agency: agency?, name, email, role, is_deputy, deputy_for: None })
}

/// An agency of Panel that has mail domains takes no addresses elsewhere.
fn reject_foreign_address(
    reader: &mut RowReader<'_>,
    agencies: &Agencies,
    known: &[Agency],
    email: Option<&EmailAddress>,
) {
    let guess = agencies.find(&reader.words(Field::Agency));
    let id = guess.and_then(|guess| guess.known);
    let agency = known.iter().find(|agency| Some(agency.id) == id);
    if let (Some(agency), Some(email)) = (agency, email)
        && !agency.takes_address(email)
    {
        let domains = agency.mail_domains.join(" or ");
        let reason = format!("must end in {domains} for {}", agency.name);
        reader.reject(Field::Email, BadKind::BadEmail, reason);
    }
}

/// The role that a tracker's word means; `None` for a word that means none.
fn role_of(words: &str) -> Option<Role> {
    let folded = fold(words);
    let usual = match folded.as_str() {
        "" | "rep" | "agency rep" | "deputy" | "deputy rep" | "deputy spoc" | "member" => {
            Some(Role::Representative)
        }
        "single point of contact" | "main contact" => Some(Role::SinglePointOfContact),
        "lead" | "senior lead" | "strategic lead" => Some(Role::AgencyLead),
        _ => None,
    };
    let said = |role: &&Role| folded == role.code() || folded == fold(role.label());
    usual.or_else(|| Role::ALL.iter().find(said).copied())
}

/// Finds whose deputies the deputies are. `written` holds what each row says and where, by its
/// external reference; answers the external references of those whose principal was not found.
pub(super) fn find_principals(
    reps: &mut [RepDraft],
    written: &HashMap<String, (String, Place)>,
) -> Vec<String> {
    let principals: Vec<RepDraft> = reps.to_vec();
    let mut lost = Vec::new();
    for rep in reps.iter_mut().filter(|rep| rep.is_deputy) {
        let Some((words, _)) = written.get(&rep.origin.external) else { continue };
        let role = role_of(words).filter(|_| !words.is_empty());
        let of_role = principals.iter().find(|other| {
            !other.is_deputy && other.agency == rep.agency && Some(other.role) == role
        });
        let of_name = || {
            principals
                .iter()
                .find(|other| other.email != rep.email && fold(other.name.as_str()) == fold(words))
        };
        rep.deputy_for = of_role.or_else(of_name).map(|principal| principal.email.clone());
        if rep.deputy_for.is_none() {
            lost.push(rep.origin.external.clone());
        }
    }
    lost
}
