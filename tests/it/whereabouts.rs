//! Where victims and children can be found: sealed, read by an act of its own, by few.

use crate::referrals::{accepted, form, referred, sent, shown};
use crate::series::rows;
use panel_app::referrals::{self, ReferralDetail};
use panel_app::whereabouts::{self, ReaderForm, RevealForm};
use panel_app::{AppError, keys};
use panel_core::audit::AuditKind;
use panel_core::id::{PersonId, ReferralId};
use panel_core::referral::{Found, NamedAs, ProtectedField};
use panel_tests::on_both;
use panel_tests::page::{mark, says};
use panel_tests::site::{PASSWORD, Pages, leads_to};
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, IDVA, POLICE, POLICE_SPOC, World};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;

on_both!(
    a_victims_address_is_in_no_row_and_in_no_file_of_the_database,
    the_advocate_the_coordinator_and_who_typed_it_read_it_and_nobody_else,
    somebody_named_reads_it_until_that_is_ended,
    each_reading_is_written_down_with_its_reason_before_anything_is_shown,
    a_correction_keeps_what_it_does_not_show_replaces_what_is_typed_and_drops_what_is_unticked,
    an_address_that_is_kept_is_still_compared_with_the_perpetrators,
    no_record_of_a_victim_takes_an_address,
    it_is_read_on_a_page_that_has_no_address_of_its_own,
    sealed_values_of_two_people_that_change_places_do_not_open,
    a_rotated_key_seals_every_record_anew,
    whoever_was_signed_in_for_long_proves_who_asks_first,
    a_coordinator_finds_a_referral_by_the_whole_number_or_postcode_and_nobody_else_does,
);

const SECRETS: [&str; 4] = ["Lark Close", "ZZ99 2AA", "07700900123", "St Agnes"];

/// A referral with something of every kind to keep apart.
pub(crate) fn harboured(world: &World) -> ReferralId {
    let child = json!({"name": {"surname": "Varga", "forename": "Lili"}, "school": "St Agnes"});
    sent(&world.by(POLICE), &form(world, &json!({"children": [child]}))).id
}

fn nora(detail: &ReferralDetail) -> PersonId {
    detail.mentions.iter().find(|one| one.named_as == NamedAs::Victim).unwrap().person
}

fn why() -> RevealForm {
    RevealForm { reason: "To plan her move with the refuge.".to_owned() }
}

pub(crate) fn read(world: &World, email: &str, id: ReferralId) -> Result<Found, AppError> {
    let person = nora(&shown(world, id));
    whereabouts::reveal(&world.by(email), id, person, &why())
}

fn a_victims_address_is_in_no_row_and_in_no_file_of_the_database(world: &World) {
    let id = harboured(world);
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    // A form that was begun and not sent is kept as well.
    let panel = world.town().panel.to_string();
    let draft = leads_to(&rep.fill("/referrals/new", &[("panel", &panel)]));
    rep.fill(&format!("{draft}/victims/1"), &[("victims.0.address.lines", "9 Lark Close")]);
    let kept = panel_app::drafts::keep(&world.by(POLICE), "/notes", "She is at 9 Lark Close");
    kept.unwrap();
    let everything = dump(world);
    for secret in SECRETS {
        // A dump writes bytes as digits.
        let digits = secret.bytes().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        let there = everything.contains(secret) || everything.contains(&digits);
        assert!(!there, "{secret} can be read in the database");
    }
    assert!(everything.contains("Ashdown"), "the dump holds what is not sealed");
    let detail = shown(world, id);
    let told = serde_json::to_string(&detail).unwrap();
    assert!(SECRETS.iter().all(|secret| !told.contains(secret)), "{told}");
    assert!(detail.form.victims[0].kept.contains(&ProtectedField::Address));
}

/// Everything that somebody with the database in hand can read: the files, or each row of each table.
pub(crate) fn dump(world: &World) -> String {
    if world.url.starts_with("postgres") {
        return panel_tests::pg::dump(&world.url).unwrap();
    }
    let files = ["", "-wal", "-shm"].map(|ending| fs::read(format!("{}{ending}", world.url)));
    let found: Vec<u8> = files.into_iter().flatten().flatten().collect();
    String::from_utf8_lossy(&found).into_owned()
}

fn the_advocate_the_coordinator_and_who_typed_it_read_it_and_nobody_else(world: &World) {
    let id = harboured(world);
    let case = accepted(world, id);
    rows(world, |az| panel_store::cases::join(az, case, &[world.town().housing]));
    for email in [COORDINATOR, POLICE] {
        let found = read(world, email, id).ok().unwrap();
        assert_eq!(found.telephone.unwrap().as_str(), "07700900123", "{email}");
    }
    for email in [CHAIR, POLICE_SPOC, HOUSING, IDVA] {
        assert!(matches!(read(world, email, id), Err(AppError::NotFound)), "{email}");
    }
    rows(world, |az| panel_store::cases::join(az, case, &[world.town().idva]));
    assert!(read(world, IDVA, id).is_ok());
}

fn somebody_named_reads_it_until_that_is_ended(world: &World) {
    let id = harboured(world);
    let case = accepted(world, id);
    rows(world, |az| panel_store::cases::join(az, case, &[world.town().housing]));
    let named = ReaderForm {
        person: Some(world.by(HOUSING).user()),
        reason: "Finds her a new home.".to_owned(),
    };
    let by_housing = whereabouts::name_reader(&world.by(HOUSING), id, &named);
    assert!(matches!(by_housing, Err(AppError::NotFound)));
    whereabouts::name_reader(&world.by(CHAIR), id, &named).unwrap();
    assert!(read(world, HOUSING, id).is_ok());
    let twice = whereabouts::name_reader(&world.by(CHAIR), id, &named);
    assert!(matches!(twice, Err(AppError::Invalid(_))));
    let line = whereabouts::readers(&world.by(COORDINATOR), id).unwrap().named[0].id;
    whereabouts::end_reader(&world.by(COORDINATOR), id, line).unwrap();
    assert!(matches!(read(world, HOUSING, id), Err(AppError::NotFound)));
}

fn each_reading_is_written_down_with_its_reason_before_anything_is_shown(world: &World) {
    let id = harboured(world);
    let person = nora(&shown(world, id));
    for reason in ["", "curious"] {
        let form = RevealForm { reason: reason.to_owned() };
        let refused = whereabouts::reveal(&world.by(COORDINATOR), id, person, &form);
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{reason}");
    }
    assert_eq!(whereabouts::readers(&world.by(CHAIR), id).unwrap().reveals.len(), 0);
    assert!(read(world, COORDINATOR, id).is_ok());
    let readings = whereabouts::readers(&world.by(CHAIR), id).unwrap().reveals;
    assert_eq!(readings.len(), 1);
    assert_eq!((readings[0].person, &*readings[0].reason), (person, &*why().reason));
    let log = rows(world, |az| panel_store::audit::page(az, None, None, 50));
    let noted = log.iter().find(|row| row.deed == "whereabouts.reveal").unwrap();
    assert_eq!(noted.kind, AuditKind::Consultation);
    assert!(!format!("{log:?}").contains("refuge"), "the log holds no words");
}

/// The form of a referral as a program reads it, ready to be sent again.
fn again(detail: &ReferralDetail) -> serde_json::Value {
    let mut raw = serde_json::to_value(&detail.form).unwrap();
    for mention in &detail.mentions {
        let list = if mention.named_as == NamedAs::Victim { "victims" } else { "children" };
        let place = usize::try_from(mention.position - 1).unwrap();
        raw[list][place]["id"] = json!(mention.person);
    }
    raw
}

fn a_correction_keeps_what_it_does_not_show_replaces_what_is_typed_and_drops_what_is_unticked(
    world: &World,
) {
    let id = harboured(world);
    let detail = shown(world, id);
    let correct = |email: &str, version: i32, raw: &serde_json::Value| {
        referrals::correct(&world.by(email), id, version, raw).unwrap();
    };
    // The chair, who may not read it, corrects something else.
    let mut raw = again(&detail);
    raw["grounds"]["text"] = json!("Threats to kill.");
    correct(CHAIR, 1, &raw);
    let found = read(world, POLICE, id).ok().unwrap();
    assert_eq!(found.address.unwrap().as_str(), "9 Lark Close, Fenbridge");
    raw["victims"][0]["telephone"] = json!("07700 900 456");
    raw["victims"][0]["kept"] = json!(["address", "telephone"]);
    correct(COORDINATOR, 2, &raw);
    let found = read(world, POLICE, id).ok().unwrap();
    assert_eq!(found.telephone.unwrap().as_str(), "07700900456");
    assert_eq!((found.address.is_some(), found.postcode), (true, None));
    let kept = &shown(world, id).form.victims[0].kept;
    assert_eq!(
        kept.iter().collect::<Vec<_>>(),
        [&ProtectedField::Address, &ProtectedField::Telephone]
    );
}

fn an_address_that_is_kept_is_still_compared_with_the_perpetrators(world: &World) {
    let id = harboured(world);
    let mut raw = again(&shown(world, id));
    raw["perpetrator"]["addresses"] =
        json!([{"lines": "9 LARK close, fenbridge", "postcode": "zz992aa"}]);
    let refused = referrals::correct(&world.by(CHAIR), id, 1, &raw).unwrap_err();
    let AppError::Invalid(errors) = refused else { panic!("{refused:?}") };
    assert_eq!(errors[0].code, "same_address");
}

fn no_record_of_a_victim_takes_an_address(world: &World) {
    let id = harboured(world);
    let person = nora(&shown(world, id));
    let form = panel_app::people::PersonForm {
        surname: "Varga".to_owned(),
        address: "9 Lark Close".to_owned(),
        ..Default::default()
    };
    let refused = panel_app::people::correct(&world.by(COORDINATOR), person, 1, &form).unwrap_err();
    let AppError::Invalid(errors) = refused else { panic!("{refused:?}") };
    assert_eq!((&*errors[0].field, errors[0].code), ("address", "protected"));
}

fn it_is_read_on_a_page_that_has_no_address_of_its_own(world: &World) {
    let id = harboured(world);
    let person = nora(&shown(world, id));
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    let at = format!("/referrals/{id}/people/{person}/whereabouts");
    let page = rep.read(&format!("/referrals/{id}"));
    assert!(page.contains("Kept apart") && page.contains(&at) && !page.contains("Lark Close"));
    assert!(!rep.read(&at).contains("Lark Close"));
    let refused = rep.fill(&at, &[("reason", "")]);
    assert!(!says(refused, 422, &["There is a problem"]).contains("Lark Close"));
    let reason = [("reason", "To arrange a safe visit.")];
    says(rep.fill(&at, &reason), 200, &["9 Lark Close, Fenbridge", "ZZ99 2AA", "07700900123"]);
    let spoc = pages.signed_in(world, POLICE_SPOC);
    assert!(!spoc.read(&format!("/referrals/{id}")).contains(&at));
    let csrf = mark(&spoc.read("/account"), "csrf");
    let asked = [("csrf", &*csrf), reason[0]];
    assert_eq!(spoc.send(&at, &asked).status().as_u16(), 404);
}

fn sealed_values_of_two_people_that_change_places_do_not_open(world: &World) {
    let id = harboured(world);
    let kept = rows(world, |az| panel_store::whereabouts::of(az, id));
    let [(one, of_one), (two, of_two)] = <[_; 2]>::try_from(kept).unwrap();
    let swapped = [(one, of_two), (two, of_one)].map(|(person, sealed)| {
        panel_store::whereabouts::Kept { person, sealed, marks: Vec::new() }
    });
    rows(world, |az| panel_store::whereabouts::replace(az, id, &swapped));
    assert!(matches!(read(world, POLICE, id), Err(AppError::Failed(_))));
    assert_eq!(keys::verify(&world.app).unwrap().unreadable.len(), 1);
}

fn a_rotated_key_seals_every_record_anew(world: &World) {
    let ids: Vec<ReferralId> = vec![harboured(world), referred(world)];
    let mut app = world.app.clone();
    app.vault = std::sync::Arc::new((*app.vault).clone().rotated(&*app.ids));
    let before = keys::verify(&app).unwrap();
    assert_eq!((before.records, before.older, before.unreadable.len()), (2, 2, 0));
    assert_eq!(keys::reseal(&app).unwrap(), 2);
    let after = keys::verify(&app).unwrap();
    assert_eq!((after.older, after.opened), (0, before.opened));
    // The ring without the old key reads all of it, and a stranger's reads nothing.
    app.vault = std::sync::Arc::new((*app.vault).clone().retired());
    keys::must_fit(&app).unwrap();
    assert_eq!(keys::verify(&app).unwrap().unreadable.len(), 0);
    app.vault = std::sync::Arc::new(panel_app::Ring::generate(&*app.ids));
    assert!(matches!(keys::must_fit(&app), Err(AppError::Rule { .. })));
    assert_eq!(keys::verify(&app).unwrap().unreadable.len(), ids.len());
}

fn a_coordinator_finds_a_referral_by_the_whole_number_or_postcode_and_nobody_else_does(
    world: &World,
) {
    let id = harboured(world);
    let finds = |email: &str, text: &str| {
        let found = panel_app::cases::search(&world.by(email), text).unwrap().referrals;
        found.iter().map(|row| row.id).collect::<Vec<_>>() == [id]
    };
    for text in ["07700 900123", "(07700) 900-123", "zz99 2aa", "ZZ992AA"] {
        assert!(finds(COORDINATOR, text), "{text}");
        for email in [CHAIR, POLICE, HOUSING] {
            assert!(!finds(email, text), "{email} {text}");
        }
    }
    for part in ["07700", "0770090012", "ZZ99", "ZZ99 2AB"] {
        assert!(!finds(COORDINATOR, part), "{part}");
    }
}

fn whoever_was_signed_in_for_long_proves_who_asks_first(world: &World) {
    let id = harboured(world);
    let person = nora(&shown(world, id));
    let pages = Pages::of(world);
    let rep = pages.signed_in(world, POLICE);
    world.pass(chrono::Duration::minutes(10));
    let at = format!("/referrals/{id}/people/{person}/whereabouts");
    let answer = rep.fill(&at, &[("reason", "To arrange a safe visit.")]);
    let asked = leads_to(&answer);
    assert!(asked.starts_with("/confirm"), "{asked}");
    assert_eq!(whereabouts::readers(&world.by(CHAIR), id).unwrap().reveals.len(), 0);
    rep.fill(&asked, &[("proof", PASSWORD)]);
    let reason = [("reason", "To arrange a safe visit.")];
    says(rep.fill(&at, &reason), 200, &["9 Lark Close, Fenbridge"]);
}
