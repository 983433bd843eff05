//! Referrals: received, triaged, corrected.

use super::document::name;
use super::prelude::*;
use chrono::{DateTime, Utc};
use panel_app::panels;
use panel_app::referrals::{
    self, Alike, Counts, LateForm, OutcomeForm, Receipt, ReferralDetail, ReferralRow, Show, Triaged,
};
use panel_app::whereabouts::{self, ReaderForm, Readers, RevealForm};
use panel_core::id::{PanelId, PersonId, ReaderId, ReferralId};
use panel_core::referral::{Found, ReferralForm, Warning};
use std::fmt;
use std::str::FromStr;
use utoipa::PartialSchema;
use utoipa::openapi::schema::{ArrayBuilder, Object};
use utoipa::openapi::{Ref, RefOr, Schema};

/// The rows of this area.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        api!(GET "/api/v1/referrals", TakesPart => list, "Referrals, by where they stand"),
        api!(POST "/api/v1/referrals", TakesPart => receive, "Refer somebody"),
        api!(POST "/api/v1/referrals/alike", TakesPart => alike, "People who may be the one of a form, before it is sent"),
        api!(GET "/api/v1/panels/{panel}/referral-counts", TakesPart => counts, "How many referrals wait at a panel"),
        api!(GET "/api/v1/referrals/{referral}", TakesPart => show, "One referral"),
        api!(PUT "/api/v1/referrals/{referral}", TakesPart => correct of show, "Correct a referral"),
        api!(POST "/api/v1/referrals/{referral}/resubmit", TakesPart => resubmit of show, "Send a returned referral again"),
        api!(POST "/api/v1/referrals/{referral}/withdraw", TakesPart => withdraw of show, "Take a referral back"),
        api!(POST "/api/v1/referrals/{referral}/propose", RunsPanel => propose of show, "Propose an outcome to the chair"),
        api!(POST "/api/v1/referrals/{referral}/decide", RunsPanel => decide of show, "Decide the triage"),
        api!(POST "/api/v1/referrals/{referral}/reconsider", RunsPanel => reconsider of show, "Look again at a refusal"),
        api!(POST "/api/v1/referrals/{referral}/people/{person}/whereabouts", TakesPart => reveal, "Read where a victim or child can be found, with a reason"),
        api!(GET "/api/v1/referrals/{referral}/readers", RunsPanel => readers, "Who may read where victims and children can be found"),
        api!(POST "/api/v1/referrals/{referral}/readers", RunsPanel => name_reader, "Name somebody to read it"),
        api!(POST "/api/v1/referrals/{referral}/readers/{line}/end", RunsPanel => end_reader, "Take somebody off again"),
        api!(POST "/api/v1/referrals/{referral}/late", RunsPanel => late of show, "Send a late referral one way or another"),
    ]
}

/// Which referrals.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// One panel.
    panel: Option<PanelId>,
    /// Where they stand; those that wait for the panel, unless said.
    show: Option<Show>,
}

/// Where a page of referrals begins.
struct Mark(DateTime<Utc>, ReferralId);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.0.timestamp_micros(), self.1)
    }
}

impl FromStr for Mark {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('_').ok_or(())?;
        let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(())?;
        Ok(Self(at, id.parse().map_err(|_| ())?))
    }
}

fn list(
    ctx: &Ctx<'_>,
    (): (),
    Paged { after, query }: Paged<Which, Mark>,
) -> Told<Listed<ReferralRow>> {
    let Which { panel, show } = query;
    let after = after.map(|Mark(at, id)| (at, id));
    let found = referrals::queue(ctx, panel, show.unwrap_or(Show::Waiting), after)?;
    page(found.rows, found.next.map(|(at, id)| Mark(at, id)))
}

/// A referral as it is sent: its form, and the questions about it that were answered.
struct Sent;

/// A correction: the whole form again, with the version that was read; each victim and child that is known
/// already comes with its `id`.
struct Corrected;

/// The fields of the form, with more beside them, as one object. Joined by `allOf`, of two objects that know
/// no further fields, they would be a description that nothing fits.
fn form_with(described: &str, optional: &[&str]) -> Object {
    let RefOr::T(Schema::Object(mut form)) = ReferralForm::schema() else { return Object::new() };
    form.description = Some(described.to_owned());
    form.required.retain(|name| !optional.contains(&name.as_str()));
    let warnings = ArrayBuilder::new()
        .items(Ref::from_schema_name(name::<Warning>()))
        .description(Some("Warnings whose question was answered with yes."))
        .unique_items(true);
    form.properties.insert("confirmed".to_owned(), warnings.into());
    form
}

/// What the form is made of.
fn parts(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    ReferralForm::schemas(schemas);
    schemas.push((name::<Warning>(), Warning::schema()));
}

impl PartialSchema for Sent {
    fn schema() -> RefOr<Schema> {
        let described = "A referral as it is sent. The agency that refers may be left out where it \
                         is the caller’s, and the instant of receipt where it is now.";
        Schema::Object(form_with(described, &["received_at", "referring_agency"])).into()
    }
}

impl ToSchema for Sent {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        parts(schemas);
    }
}

impl PartialSchema for Corrected {
    fn schema() -> RefOr<Schema> {
        let described = "A correction: the whole form again. Each victim and child that is known \
                         already comes with its `id`.";
        let mut form = form_with(described, &["received_at", "referring_agency"]);
        form.properties.insert("version".to_owned(), i32::schema());
        form.required.push("version".to_owned());
        Schema::Object(form).into()
    }
}

impl ToSchema for Corrected {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        parts(schemas);
    }
}

fn receive(ctx: &Ctx<'_>, (): (), Whole { value, .. }: Whole<Sent>) -> Made<Receipt> {
    let receipt = referrals::receive(ctx, &value)?;
    made(format!("/api/v1/referrals/{}", receipt.id), receipt)
}

fn alike(ctx: &Ctx<'_>, (): (), Whole { value, .. }: Whole<Sent>) -> Told<Listed<Alike>> {
    all(referrals::alike(ctx, &value)?)
}

fn counts(ctx: &Ctx<'_>, Path(panel): Path<PanelId>, _: Nothing) -> Told<Counts> {
    // Who has no part in a panel is not told that nothing waits there.
    panels::show(ctx, panel)?;
    told(referrals::counts(ctx, panel)?)
}

fn show(ctx: &Ctx<'_>, Path(id): Path<ReferralId>, _: Nothing) -> Seen<ReferralDetail> {
    let found = referrals::show(ctx, id)?;
    one(found.row.version, found)
}

fn correct(ctx: &Ctx<'_>, Path(id): Path<ReferralId>, form: Whole<Corrected>) -> Told<Receipt> {
    let (version, form) = form.version()?;
    told(referrals::correct(ctx, id, version, &form)?)
}

fn resubmit(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Version> {
    changed(referrals::resubmit(ctx, id, version)?)
}

fn withdraw(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, form }: Edit<Because>,
) -> Told<Version> {
    changed(referrals::withdraw(ctx, id, version, &form.reason)?)
}

fn propose(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, form }: Edit<OutcomeForm>,
) -> Told<Triaged> {
    told(referrals::propose(ctx, id, version, &form)?)
}

fn decide(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, form }: Edit<OutcomeForm>,
) -> Told<Triaged> {
    told(referrals::decide(ctx, id, version, &form)?)
}

fn reconsider(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, .. }: Edit<Plain>,
) -> Told<Triaged> {
    told(referrals::reconsider(ctx, id, version)?)
}

fn late(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Edit { version, form }: Edit<LateForm>,
) -> Told<Version> {
    changed(referrals::late(ctx, id, version, &form)?)
}

fn reveal(
    ctx: &Ctx<'_>,
    Paths(id, person): Paths<ReferralId, PersonId>,
    Body(form): Body<RevealForm>,
) -> Told<Found> {
    told(whereabouts::reveal(ctx, id, person, &form)?)
}

fn readers(ctx: &Ctx<'_>, Path(id): Path<ReferralId>, _: Nothing) -> Told<Readers> {
    told(whereabouts::readers(ctx, id)?)
}

fn name_reader(
    ctx: &Ctx<'_>,
    Path(id): Path<ReferralId>,
    Body(form): Body<ReaderForm>,
) -> Told<Readers> {
    whereabouts::name_reader(ctx, id, &form)?;
    told(whereabouts::readers(ctx, id)?)
}

fn end_reader(
    ctx: &Ctx<'_>,
    Paths(id, line): Paths<ReferralId, ReaderId>,
    _: Nothing,
) -> Told<Readers> {
    whereabouts::end_reader(ctx, id, line)?;
    told(whereabouts::readers(ctx, id)?)
}
