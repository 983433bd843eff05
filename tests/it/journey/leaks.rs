//! What goes wrong leaves no name behind either.

use super::acts::Referral;
use super::stage::{Stage, send};
use super::story::{enter, lay_out};
use panel_tests::on_both;
use panel_tests::paper::Paper;
use panel_tests::world::{CHAIR, COORDINATOR, HOUSING, POLICE, World};

on_both!(names_stay_out_of_addresses_mail_and_logs_where_things_go_wrong);

const NEW: Referral<'_> =
    Referral { surname: "Quillfeather", forename: "Ambrose", victim: "Dunmorrow", child: true };

fn names_stay_out_of_addresses_mail_and_logs_where_things_go_wrong(world: &World) {
    let stage = Stage::on(world, "2026-11-20 09:00");
    enter(&stage);
    lay_out(&stage);
    let police = world.town().police.to_string();
    let referral = stage.refers(POLICE, &police, &NEW);
    let refused = stage.see(CHAIR, &format!("{referral}/decide"));
    let nothing = refused.form(&format!("{referral}/decide"));
    assert_eq!(send(&stage.visitor(CHAIR), &nothing).status().as_u16(), 422);
    let reference = stage.accepts(&referral);
    // Looked for by name, and by a name in the address, as somebody may type it.
    search(&stage, "Quillfeather").holds(&["Ambrose"]);
    search(&stage, "Quillfeather Dunmorrow Nobody");
    let visitor = stage.visitor(COORDINATOR);
    for path in ["/cases/Quillfeather", "/people/Ambrose", "/nowhere/Dunmorrow"] {
        assert_eq!(visitor.open(path).status().as_u16(), 404, "{path}");
    }
    // Somebody without a part in it, a form that was not drawn here, and a page that went stale.
    assert_eq!(stage.visitor(HOUSING).open(&referral).status().as_u16(), 404);
    let forged = [("csrf", "forged"), ("reason", "Quillfeather was seen")];
    let answer = visitor.send(&format!("{referral}/withdraw"), &forged);
    assert!(answer.status().is_client_error(), "{}", answer.status());
    assert!(send(&stage.visitor(CHAIR), &nothing).status().is_client_error());
    stage.mornings("2026-11-24");
    let names =
        ["Quillfeather", "Ambrose", "Dunmorrow", "MATAC", &reference, "Lark Close", "900 123"];
    stage.watch.holds_none_of(&names.map(str::to_owned).into());
}

/// Searches the cases, and reads what was found.
#[track_caller]
fn search(stage: &Stage<'_>, words: &str) -> Paper {
    let page = stage.see(COORDINATOR, "/cases/search");
    let form = page.form("/cases/search");
    let marks = ["csrf", "operation", "version"];
    let name = form.names().iter().find(|name| !marks.contains(&name.as_str())).cloned();
    stage.check(COORDINATOR, &form.with(&name.expect("a box to type into"), words))
}
