//! Correcting a record. The referral stays as it was received.

use super::{name_of, path};
use crate::answer::{Answer, see};
use crate::errors::Failure;
use crate::form::kinds::{birth_date, line, narrative, one_of, pick, tick};
use crate::form::{Days, Field, Form, FormPage, FormView, Optional, Refused, StaleView, Values};
use crate::pages::referrals::ethnicities;
use crate::posted::Posted;
use crate::view::{Button, Page};
use crate::web::Asker;
use actix_web::web;
use chrono::NaiveDate;
use panel_app::people::{self, PersonDetail, PersonForm};
use panel_core::coded::Coded;
use panel_core::id::PersonId;
use panel_core::text::{Name, Narrative, Note};
use panel_core::vocabulary::{EthnicityScheme, Gender};

static SURNAME: Optional<'_, Name> = line("surname", "Surname").verbatim().width(30).optional();
static FORENAME: Optional<'_, Name> = line("forename", "Forename").verbatim().width(30).optional();
static KNOWN_AS: Optional<'_, Note> =
    narrative("known_as", "Other names and spellings").hint("One a line.").rows(3).optional();
static BORN: Optional<'_, NaiveDate> =
    birth_date("born_on", "Date of birth").days(Days::Any).optional();
static UNBORN: Field<'_, bool> = tick("unborn", "Not born yet");
static GENDER: Optional<'_, Gender> = one_of("gender", "Gender").as_select().optional();
static ETHNICITY: Optional<'_, String> = pick("ethnicity", "Ethnicity").optional();
static ADDRESS: Optional<'_, Narrative<500>> = narrative("address", "Address").rows(3).optional();
static POSTCODE: Optional<'_, Name> = line("postcode", "Postcode").verbatim().width(10).optional();
static FORM: Form = Form::of(&[
    &SURNAME, &FORENAME, &KNOWN_AS, &BORN, &UNBORN, &GENDER, &ETHNICITY, &ADDRESS, &POSTCODE,
]);

/// Where a victim or child lives stands in no record.
static APART: Form =
    Form::of(&[&SURNAME, &FORENAME, &KNOWN_AS, &BORN, &UNBORN, &GENDER, &ETHNICITY]);

fn page(id: PersonId) -> Page {
    Page::new("Correct a record").section("cases").back(path(id), "Record")
}

async fn load(asker: &Asker, id: PersonId) -> Result<PersonDetail, Failure> {
    let detail = asker.ask(move |ctx| people::detail(ctx, id)).await?;
    if detail.may_correct { Ok(detail) } else { Err(Failure::NotFound) }
}

/// A record as if it had been typed.
fn typed(detail: &PersonDetail) -> FormView<'static> {
    let person = &detail.person;
    let form = if detail.is_referred { &FORM } else { &APART };
    let ethnicity = person.ethnicity.map(|it| format!("{} {}", it.scheme().code(), it.code()));
    FormView::new(form, format!("{}/edit", path(person.id)))
        .fill(&SURNAME, &Name::parse(&person.surname).ok())
        .fill(&FORENAME, &Name::parse(&person.forename).ok())
        .fill(&KNOWN_AS, &Note::parse(&person.aliases.join("\n")).ok())
        .fill(&BORN, &person.born_on)
        .fill(&UNBORN, &person.unborn)
        .fill(&GENDER, &person.gender)
        .fill(&ETHNICITY, &ethnicity)
        .fill(&ADDRESS, &Narrative::parse(&person.address).ok())
        .fill(&POSTCODE, &Name::parse(&person.postcode).ok())
        .choices(&ETHNICITY, ethnicities())
}

fn view(asker: &Asker, detail: &PersonDetail) -> Result<FormView<'static>, Failure> {
    let person = &detail.person;
    Ok(typed(detail)
        .version(person.version.into())
        .operation(asker.operation()?)
        .button(Button::new("Save"))
        .cancel(path(person.id)))
}

async fn draw(asker: &Asker, id: PersonId, refused: Option<Refused>) -> Answer {
    let detail = load(asker, id).await?;
    let form = view(asker, &detail)?.refused(refused);
    let view = FormPage::new("Correct a record", form)
        .caption(name_of(&detail.person))
        .intro("The referral stays as it was received.");
    asker.form(page(id), view).await
}

pub(super) async fn ask(asker: Asker, id: web::Path<PersonId>) -> Answer {
    draw(&asker, *id, None).await
}

fn read(values: &Values, today: NaiveDate) -> Result<PersonForm, Refused> {
    let mut reader = FORM.read(values, today);
    let (surname, forename) = (reader.get(&SURNAME), reader.get(&FORENAME));
    let (known_as, born) = (reader.get(&KNOWN_AS), reader.get(&BORN));
    let (unborn, gender) = (reader.get(&UNBORN), reader.get(&GENDER));
    let (ethnicity, address) = (reader.get(&ETHNICITY), reader.get(&ADDRESS));
    let postcode = reader.get(&POSTCODE);
    let text = |name: Option<Name>| name.map(String::from).unwrap_or_default();
    reader.finish(|| {
        let ethnicity = ethnicity?.unwrap_or_default();
        let (scheme, code) = ethnicity.split_once(' ').unwrap_or_default();
        let known_as = known_as?.map(String::from).unwrap_or_default();
        Some(PersonForm {
            surname: text(surname?),
            forename: text(forename?),
            known_as: known_as.lines().map(str::to_owned).collect(),
            born_on: born?,
            unborn: unborn?,
            gender: gender?,
            ethnicity_scheme: EthnicityScheme::from_code(scheme).ok(),
            ethnicity: code.to_owned(),
            address: address?.map(String::from).unwrap_or_default(),
            postcode: text(postcode?),
        })
    })
}

pub(super) async fn save(asker: Asker, id: web::Path<PersonId>, posted: Posted) -> Answer {
    let id = *id;
    let form = match read(&posted.values, asker.today()?) {
        Ok(form) => form,
        Err(refused) => return draw(&asker, id, Some(refused)).await,
    };
    let version = posted.version;
    let work = move |ctx: &panel_app::Ctx<'_>| people::correct(ctx, id, version, &form);
    match asker.submit(posted.operation, work).await {
        Ok(()) => see(path(id)),
        Err(Failure::Stale) => stale(&asker, id, posted.values).await,
        Err(failure) => draw(&asker, id, Some(posted.refused(failure)?)).await,
    }
}

/// Both texts, when somebody else corrected the record first.
async fn stale(asker: &Asker, id: PersonId, typed_by_me: Values) -> Answer {
    let detail = load(asker, id).await?;
    let current = typed(&detail).values().clone();
    let form = view(asker, &detail)?.typed(typed_by_me);
    let view = StaleView::new(form, &current, detail.person.version.into(), path(id));
    Ok(view.answer(&asker.web.site, &asker.viewer(), page(id))?)
}
