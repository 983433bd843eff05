//! What browsers send: forms, and the addresses that lead on.

use crate::{Parser, seeds, text, today};
use chrono::{NaiveDate, NaiveTime};
use panel_core::access::Role;
use panel_core::id::AgencyId;
use panel_core::text::{EmailAddress, Name, Note};
use panel_web::form::kinds::{
    birth_date, date, email, ids, line, many_of, narrative, number, one_of, tick, time, yes_no,
};
use panel_web::form::{Field, Kept, Layout, Values, local_path};

/// A body of a form, read by a field of each kind.
pub(crate) const FORM: Parser = Parser { name: "form", reads: form, seeds: bodies };
/// Where a sign-in leads on, and what is carried through it.
pub(crate) const NEXT: Parser = Parser { name: "next", reads: next, seeds: paths };

fn form(bytes: &[u8]) {
    let Ok(values) = Values::from_urlencoded(bytes) else { return };
    let again = Values::from_urlencoded(values.to_urlencoded().as_bytes());
    assert_eq!(again.as_ref(), Ok(&values), "values are read as they are carried");
    let name: Field<'_, Name> = line("name", "Name");
    let note: Field<'_, Note> = narrative("note", "Note");
    let mail: Field<'_, EmailAddress> = email("email", "Email address");
    let (due, born): (Field<'_, NaiveDate>, _) = (date("due", "Due"), birth_date("born", "Born"));
    let at: Field<'_, NaiveTime> = time("at", "Time");
    let role: Field<'_, Role> = one_of("role", "Role");
    let roles: Field<'_, Vec<Role>> = many_of("roles", "Roles");
    let agencies: Field<'_, Vec<AgencyId>> = ids("agencies", "Agencies");
    let (many, sure) = (number("many", "How many", 1, 520), yes_no("sure", "Sure", "Say whether"));
    let ticked = tick("ticked", "Ticked");
    let layout = Layout::new().with(&name).with(&note).with(&mail).with(&due).with(&born).with(&at);
    let layout =
        layout.with(&role).with(&roles).with(&agencies).with(&many).with(&sure).with(&ticked);
    let mut reader = layout.read(&values, today());
    let _ = (reader.get(&name), reader.get(&note), reader.get(&mail), reader.get(&due));
    let _ = (reader.get(&born), reader.get(&at), reader.get(&role), reader.get(&roles));
    let _ = (reader.get(&agencies), reader.get(&many), reader.get(&sure), reader.get(&ticked));
    let (_, _): (Option<i64>, Option<AgencyId>) = (reader.version(), reader.operation());
    let _ = reader.finish(|| Some(()));
}

fn next(bytes: &[u8]) {
    let text = text(bytes);
    if let Some(path) = local_path(&text) {
        assert!(path.starts_with('/') && !path.starts_with("//"), "leads away: {path}");
        assert!(!path.contains(['\\', '\r', '\n', '\t']), "leads away: {path}");
    }
    if let Some(kept) = Kept::from_field(&text) {
        assert!(local_path(&kept.action).is_some(), "leads away: {}", kept.action);
        assert_eq!(Kept::from_field(&kept.to_field()), Some(kept), "carried as it was kept");
    }
}

fn bodies() -> Vec<Vec<u8>> {
    seeds(&[
        "name=O%27Brien&note=a%0D%0Ab&email=a%40b.example&due-day=14&due-month=5&due-year=2026",
        "born=1+May+1990&at=9.30am&role=chair&roles=chair&roles=observer&version=3",
        "agencies=0198f0a4-0000-7000-8000-000000000001&many=15&sure=yes&ticked=yes&csrf=a&do=save",
        "name=a%00b&name=b&%ff=a&due=30%2F2%2F2027&many=99999999999999999999",
    ])
}

fn paths() -> Vec<Vec<u8>> {
    seeds(&[
        "/actions?status=open#top",
        "//evil.example",
        "/\\evil.example",
        "/%2F/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/cases/0198f0a4-0000-7000-8000-000000000001\nname=a&note=b",
        "/a?b=//c\ncsrf=1",
    ])
}
