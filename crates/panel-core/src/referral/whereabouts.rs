//! Where somebody who is harmed, or a child, can be found or reached. It is taken out of a referral before
//! that is kept, sealed, and read again only by an act of its own.

use super::form::ReferralForm;
use super::people::{Child, Victim};
use crate::coded;
use crate::contact::{Postcode, Telephone};
use crate::text::{Name, Narrative, Note};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Deref;

coded! {
    /// A field by which somebody can be found or reached.
    pub enum ProtectedField: "protected field" {
        /// House, street and town.
        Address = "address" => "Address",
        /// Postcode.
        Postcode = "postcode" => "Postcode",
        /// Home owner or landlord.
        Landlord = "landlord" => "Home owner or landlord",
        /// Number.
        Telephone = "telephone" => "Telephone",
        /// When and how contact is safe.
        ContactNotes = "contact_notes" => "When and how contact is safe",
        /// Employer.
        Employer = "employer" => "Employer",
        /// General practice.
        Gp = "gp" => "General practice",
        /// With whom a child lives.
        LivesWith = "lives_with" => "Who the child lives with",
        /// School or nursery.
        School = "school" => "School or nursery",
    }
}

impl ProtectedField {
    /// The fields that are taken out of what is said of a victim.
    pub const OF_VICTIMS: [Self; 7] = [
        Self::Address,
        Self::Postcode,
        Self::Landlord,
        Self::Telephone,
        Self::ContactNotes,
        Self::Employer,
        Self::Gp,
    ];
    /// The fields that are taken out of what is said of a child.
    pub const OF_CHILDREN: [Self; 2] = [Self::LivesWith, Self::School];
}

/// What is kept apart of one person, as somebody reads it who asked for it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Found {
    /// House, street and town.
    pub address: Option<Narrative<500>>,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Home owner or landlord.
    pub landlord: Option<Name>,
    /// Number.
    pub telephone: Option<Telephone>,
    /// When and how contact is safe.
    pub contact_notes: Option<Note>,
    /// Employer.
    pub employer: Option<Name>,
    /// General practice.
    pub gp: Option<Name>,
    /// With whom a child lives.
    pub lives_with: Option<Name>,
    /// School or nursery.
    pub school: Option<Name>,
}

impl Found {
    /// Each field that says something, in words.
    pub fn in_words(&self) -> Vec<(ProtectedField, &str)> {
        use ProtectedField as F;
        let all = [
            (F::Address, self.address.as_ref().map(AsRef::as_ref)),
            (F::Postcode, self.postcode.as_ref().map(Postcode::as_str)),
            (F::Landlord, self.landlord.as_ref().map(Name::as_str)),
            (F::Telephone, self.telephone.as_ref().map(Telephone::as_str)),
            (F::ContactNotes, self.contact_notes.as_ref().map(Note::as_str)),
            (F::Employer, self.employer.as_ref().map(Name::as_str)),
            (F::Gp, self.gp.as_ref().map(Name::as_str)),
            (F::LivesWith, self.lives_with.as_ref().map(Name::as_str)),
            (F::School, self.school.as_ref().map(Name::as_str)),
        ];
        all.into_iter().filter_map(|(field, words)| Some((field, words?))).collect()
    }

    /// What is said here, and for the fields of `keep` of which nothing is said, what `before` said.
    fn or_kept(self, before: Self, keep: &BTreeSet<ProtectedField>) -> Self {
        use ProtectedField as F;
        fn one<T>(now: Option<T>, before: Option<T>, keep: bool) -> Option<T> {
            now.or(before.filter(|_| keep))
        }
        let kept = |field: F| keep.contains(&field);
        Self {
            address: one(self.address, before.address, kept(F::Address)),
            postcode: one(self.postcode, before.postcode, kept(F::Postcode)),
            landlord: one(self.landlord, before.landlord, kept(F::Landlord)),
            telephone: one(self.telephone, before.telephone, kept(F::Telephone)),
            contact_notes: one(self.contact_notes, before.contact_notes, kept(F::ContactNotes)),
            employer: one(self.employer, before.employer, kept(F::Employer)),
            gp: one(self.gp, before.gp, kept(F::Gp)),
            lives_with: one(self.lives_with, before.lives_with, kept(F::LivesWith)),
            school: one(self.school, before.school, kept(F::School)),
        }
    }
}

/// The kind of mark that a number leaves.
pub const TELEPHONE: &str = "telephone";
/// The kind of mark that a postcode leaves.
pub const POSTCODE: &str = "postcode";

/// What is kept apart of one person. It cannot be printed, logged or sent by mistake: the two ways to its
/// content say what they are for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Whereabouts(Found);

impl Whereabouts {
    /// Gives the content to somebody who may read it.
    pub fn reveal(self) -> Found {
        self.0
    }

    /// The content as it is sealed.
    ///
    /// # Errors
    /// Never for what was parsed.
    pub fn to_seal(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&self.0)
    }

    /// The content of what was opened.
    ///
    /// # Errors
    /// When it is not what [`Whereabouts::to_seal`] wrote.
    pub fn opened(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes).map(Self)
    }

    /// Which fields say something.
    pub fn fields(&self) -> BTreeSet<ProtectedField> {
        self.0.in_words().into_iter().map(|(field, _)| field).collect()
    }

    /// By what it can be found without being read: number and postcode, in the form they are compared.
    pub fn marks(&self) -> Vec<(&'static str, String)> {
        let number = self.0.telephone.as_ref().map(|it| (TELEPHONE, it.as_str().to_owned()));
        let code = self.0.postcode.as_ref().map(|it| (POSTCODE, it.as_str().to_owned()));
        number.into_iter().chain(code).collect()
    }
}

/// Somebody of whom a part is kept apart.
trait Harboured {
    /// Takes the protected fields out.
    fn take(&mut self) -> Found;
    /// Puts them in again.
    fn put(&mut self, found: Found);
    /// Which of them are said to be kept.
    fn kept(&mut self) -> &mut BTreeSet<ProtectedField>;
}

impl Harboured for Victim {
    fn take(&mut self) -> Found {
        Found {
            address: self.address.lines.take(),
            postcode: self.address.postcode.take(),
            landlord: self.landlord.take(),
            telephone: self.telephone.take(),
            contact_notes: self.contact_notes.take(),
            employer: self.employer.take(),
            gp: self.gp.take(),
            lives_with: None,
            school: None,
        }
    }

    fn put(&mut self, found: Found) {
        self.address.lines = found.address;
        self.address.postcode = found.postcode;
        self.landlord = found.landlord;
        self.telephone = found.telephone;
        self.contact_notes = found.contact_notes;
        self.employer = found.employer;
        self.gp = found.gp;
    }

    fn kept(&mut self) -> &mut BTreeSet<ProtectedField> {
        &mut self.kept
    }
}

impl Harboured for Child {
    fn take(&mut self) -> Found {
        Found { lives_with: self.lives_with.take(), school: self.school.take(), ..Found::default() }
    }

    fn put(&mut self, found: Found) {
        self.lives_with = found.lives_with;
        self.school = found.school;
    }

    fn kept(&mut self) -> &mut BTreeSet<ProtectedField> {
        &mut self.kept
    }
}

fn part(one: &mut impl Harboured) -> Whereabouts {
    let apart = Whereabouts(one.take());
    *one.kept() = apart.fields();
    apart
}

fn fill(one: &mut impl Harboured, before: Option<Whereabouts>) {
    let kept = std::mem::take(one.kept());
    let typed = one.take();
    one.put(typed.or_kept(before.unwrap_or_default().0, &kept));
}

/// A referral without anything by which somebody who is harmed, or a child, can be found: the form in which
/// it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct OpenForm(ReferralForm);

impl Deref for OpenForm {
    type Target = ReferralForm;
    fn deref(&self) -> &ReferralForm {
        &self.0
    }
}

/// What was taken out of a form, in the form's order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// Of each victim.
    pub victims: Vec<Whereabouts>,
    /// Of each child.
    pub children: Vec<Whereabouts>,
}

impl ReferralForm {
    /// Parts what may be kept in the open from what is sealed. The open part says which fields were taken.
    pub fn part(mut self) -> (OpenForm, Apart) {
        let victims = self.victims.iter_mut().map(part).collect();
        let children = self.children.iter_mut().map(part).collect();
        (OpenForm(self), Apart { victims, children })
    }

    /// Puts in again what is said to be kept and was not typed anew; `before` tells what was kept of the
    /// victim or child at a place of the form.
    pub fn fill(
        &mut self,
        victim: impl Fn(usize) -> Option<Whereabouts>,
        child: impl Fn(usize) -> Option<Whereabouts>,
    ) {
        for (place, one) in self.victims.iter_mut().enumerate() {
            fill(one, victim(place));
        }
        for (place, one) in self.children.iter_mut().enumerate() {
            fill(one, child(place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::WHOLE;
    use super::*;

    fn form() -> ReferralForm {
        serde_json::from_str(WHOLE).unwrap()
    }

    #[test]
    fn what_is_kept_in_the_open_says_which_fields_were_taken_and_nothing_of_them() {
        let (open, apart) = form().part();
        let text = serde_json::to_string(&open).unwrap();
        for secret in ["Lark Close", "ZZ99 2AA", "07700"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let kept = &open.victims[0].kept;
        assert_eq!(*kept, apart.victims[0].fields());
        assert!(kept.contains(&ProtectedField::Address) && !kept.contains(&ProtectedField::Gp));
        assert!(text.contains("4 Mill Road"), "the perpetrator's address stays");
    }

    #[test]
    fn parted_and_filled_it_is_what_it_was() {
        let whole = form();
        let (open, apart) = whole.clone().part();
        let mut again = (*open).clone();
        again.fill(|n| apart.victims.get(n).cloned(), |n| apart.children.get(n).cloned());
        assert_eq!(again, whole);
    }

    #[test]
    fn a_new_answer_leads_over_what_is_kept_and_what_is_not_named_goes() {
        let (open, apart) = form().part();
        let mut again = (*open).clone();
        let victim = &mut again.victims[0];
        victim.telephone = Telephone::parse("07700 900 999").ok();
        victim.kept.remove(&ProtectedField::Address);
        again.fill(|n| apart.victims.get(n).cloned(), |_| None);
        let victim = &again.victims[0];
        assert_eq!(victim.telephone.as_ref().map(Telephone::as_str), Some("07700900999"));
        assert_eq!(victim.address.lines, None);
        assert!(victim.address.postcode.is_some());
    }

    #[test]
    fn what_was_sealed_is_read_again() {
        let (_, apart) = form().part();
        let one = &apart.victims[0];
        assert!(Whereabouts::opened(&one.to_seal().unwrap()).unwrap() == *one);
        assert!(one.marks().contains(&("telephone", "07700900123".to_owned())));
    }
}
