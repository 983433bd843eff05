//! Who is the same person: the likely pairs, each with its evidence.

use super::{correct, load_found, page, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::one_of;
use crate::form::layout::Layout;
use crate::form::{Field, FormPage, FormView, Refused};
use crate::posted::Posted;
use crate::view::{Button, dates};
use crate::web::Asker;
use actix_web::web;
use panel_app::imports::{Change, Found, LinkChoice, Offer};
use panel_core::coded;
use panel_core::id::ImportId;
use panel_core::text::Name;
use panel_core::tracker::draft::ReferralDraft;
use serde::Deserialize;

/// Pairs on one page.
const PER_PAGE: usize = 10;

coded! {
    /// What is said of a pair.
    pub enum Said: "answer" {
        /// One person.
        Same = "same" => "The same person",
        /// Two people.
        Different = "different" => "Different people",
        /// Nothing yet.
        Later = "later" => "Decide later",
    }
}

impl Said {
    const fn of(same: Option<bool>) -> Self {
        match same {
            Some(true) => Self::Same,
            Some(false) => Self::Different,
            None => Self::Later,
        }
    }

    const fn same(self) -> Option<bool> {
        match self {
            Self::Same => Some(true),
            Self::Different => Some(false),
            Self::Later => None,
        }
    }
}

static SAID: Field<'_, Said> = one_of("pair", "Pair");

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Place {
    page: Option<usize>,
}

impl Place {
    fn page(self) -> usize {
        self.page.unwrap_or(1).max(1)
    }

    fn skipped(self) -> usize {
        (self.page() - 1).saturating_mul(PER_PAGE)
    }
}

/// A pair as it is asked about.
struct Asked<'f> {
    name: String,
    label: String,
    hint: String,
    offer: &'f Offer,
}

fn referral(found: &Found, place: usize) -> Option<&ReferralDraft> {
    found.preview.referrals.get(place)
}

fn person(draft: &ReferralDraft) -> String {
    let subject = &draft.subject;
    let forename = subject.forename.as_ref().map_or("", Name::as_str);
    let born = subject.born.map(|day| format!(", born {}", dates::short(day))).unwrap_or_default();
    let reference = draft.reference.as_ref().map(|it| format!("{it}, ")).unwrap_or_default();
    let name = format!("{forename} {}", subject.surname);
    format!("{}{born} ({reference}row {})", name.trim(), draft.origin.row)
}

fn asked(found: &Found, place: Place) -> Vec<Asked<'_>> {
    let pairs = found.offers.iter().enumerate().skip(place.skipped()).take(PER_PAGE);
    let ask = |(number, offer): (usize, &'_ Offer)| {
        let (one, two) = (referral(found, offer.one)?, referral(found, offer.two)?);
        let evidence: Vec<&str> =
            offer.likeness.evidence.iter().map(|it| it.words.as_str()).collect();
        Some((format!("pair_{number}"), person(one), person(two), evidence.join("; ")))
    };
    let mut asked = Vec::new();
    for (number, offer) in pairs {
        if let Some((name, one, two, hint)) = ask((number, offer)) {
            asked.push(Asked { name, label: format!("{one} and {two}"), hint, offer });
        }
    }
    asked
}

fn fields<'a>(asked: &'a [Asked<'_>]) -> Vec<Field<'a, Said>> {
    asked.iter().map(|it| SAID.under(&it.name, &it.label).hint(&it.hint)).collect()
}

fn layout<'a>(fields: &'a [Field<'a, Said>]) -> Layout<'a> {
    fields.iter().fold(Layout::new(), Layout::with)
}

fn address(id: ImportId, number: usize) -> String {
    format!("{}/people?page={number}", path(id))
}

async fn draw(asker: &Asker, id: ImportId, place: Place, refused: Option<Refused>) -> Answer {
    let (shown, found) = load_found(asker, id).await?;
    let pairs = asked(&found, place);
    let fields = fields(&pairs);
    let pages = found.offers.len().div_ceil(PER_PAGE).max(1);
    let mut form = FormView::new(layout(&fields), address(id, place.page()));
    for (field, pair) in fields.iter().zip(&pairs) {
        form = form.fill(field, &Said::of(pair.offer.same));
    }
    let last = place.page() >= pages;
    let form = form
        .version(shown.import.version.into())
        .operation(asker.operation()?)
        .button(Button::new(if last { "Save" } else { "Save and go on" }))
        .cancel(path(id))
        .refused(refused);
    let title = "Who is the same person?";
    let mut view = FormPage::new(title, form).caption(&*shown.import.file_name).intro(
        "These referrals look as if they were of one person. Records that you call one person are \
         linked, not merged: each keeps what was written, and the link can be taken back.",
    );
    if pages > 1 {
        view = view.intro(format!("Page {} of {pages}.", place.page()));
    }
    asker.form(page(title, &shown.import), view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<ImportId>, place: web::Query<Place>) -> Answer {
    draw(&asker, *id, *place, None).await
}

/// The decisions that were made about the pairs of one page.
fn read(
    asker: &Asker,
    posted: &Posted,
    found: &Found,
    place: Place,
) -> Result<Result<Vec<LinkChoice>, Refused>, Failure> {
    let external = |place: usize| {
        referral(found, place).map(|draft| draft.origin.external.clone()).unwrap_or_default()
    };
    let choice = |offer: &Offer, same: Option<bool>| LinkChoice {
        one: external(offer.one),
        two: external(offer.two),
        same,
    };
    let pairs = asked(found, place);
    let fields = fields(&pairs);
    let mut reader = layout(&fields).read(&posted.values, asker.today()?);
    let mut decided = Vec::new();
    for (field, pair) in fields.iter().zip(&pairs) {
        if let Some(said) = reader.get(field) {
            decided.push(choice(pair.offer, said.same()));
        }
    }
    Ok(reader.finish(|| Some(decided)))
}

pub(super) async fn set(
    asker: Asker,
    id: web::Path<ImportId>,
    place: web::Query<Place>,
    posted: Posted,
) -> Answer {
    let (id, place) = (*id, *place);
    let (_, found) = load_found(&asker, id).await?;
    let decided = match read(&asker, &posted, &found, place)? {
        Ok(decided) => decided,
        Err(refused) => return draw(&asker, id, place, Some(refused)).await,
    };
    let more = place.page().saturating_mul(PER_PAGE) < found.offers.len();
    match correct(&asker, id, &posted, Change::Links { decided }).await? {
        Ok(()) if more => see(address(id, place.page() + 1)),
        Ok(()) => see(format!("{}#people", path(id))),
        Err(refused) => draw(&asker, id, place, Some(refused)).await,
    }
}
