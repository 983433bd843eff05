//! Operators' commands: they show counts and ids, never case content.

use crate::config::{self, Common};
use crate::output::{Output, table};
use anyhow::Result;
use panel_app::{App, Ctx, Presence, accounts, sign_in};
use serde_json::json;

/// Brings the schema up to this program's.
pub(crate) fn migrate(common: &Common, out: Output) -> Result<()> {
    let app = config::open(common, None)?;
    let ran = app.store.migrate()?;
    out.show(&json!({ "ran": ran }), |_| match ran.len() {
        0 => "The database is up to date.".to_owned(),
        n => format!("Ran {n} migrations: {}", ran.join(", ")),
    })
}

/// Makes the first account and prints the link that sets its password.
pub(crate) fn bootstrap(common: &Common, email: &str, out: Output) -> Result<()> {
    let app = config::open_checked(common, None)?;
    let link = accounts::bootstrap(&app, email)?;
    out.show(&json!({ "link": link }), |_| {
        format!(
            "Open this link within 30 minutes to set the first password. It works once.\n\n{link}"
        )
    })
}

/// Makes a token for the person, and prints it once.
pub(crate) fn create_token(ctx: &Ctx<'_>, name: &str, out: Output) -> Result<()> {
    let token = accounts::create_token(ctx, name)?;
    out.show(&json!({ "token": token }), |_| {
        format!("Keep this token as a secret. It is shown once.\n\n{token}")
    })
}

/// The person a command acts as: `--as` in a demonstration, else the token in `PANEL_TOKEN`.
pub(crate) fn person<'a>(app: &'a App, as_person: Option<&str>) -> Result<Ctx<'a>> {
    let (person, presence) = match (as_person, std::env::var("PANEL_TOKEN")) {
        (Some(email), _) => {
            let known = sign_in::impersonate(app, email).map_err(|_| {
                anyhow::anyhow!(
                    "--as works in a demonstration, with the address of one of its people"
                )
            });
            (known?, Presence::Machine)
        }
        (None, Ok(token)) => {
            let known = sign_in::bearer(app, &token)?.ok_or_else(|| {
                anyhow::anyhow!("the token in PANEL_TOKEN is not known or was revoked")
            });
            (known?, Presence::Program)
        }
        (None, Err(_)) => anyhow::bail!(
            "this command acts as a person: set PANEL_TOKEN to a token of yours, made on your account page"
        ),
    };
    Ok(Ctx::new(app, person)?.present(presence))
}

/// Every route with who may call it.
pub(crate) fn routes(out: Output) -> Result<()> {
    let rows: Vec<Vec<String>> = panel_web::routes::table()
        .iter()
        .map(|r| vec![r.method.to_string(), r.path.to_owned(), r.access.in_words().to_owned()])
        .collect();
    out.show(&rows, |rows| table(&["method", "path", "who may call"], rows))
}

/// The deadlines of a meeting on `date` under the published defaults.
pub(crate) fn cycle(common: &Common, date: chrono::NaiveDate, out: Output) -> Result<()> {
    let holidays = config::holidays(common.bank_holidays.as_deref())?;
    let policy = panel_core::cycle::CyclePolicy::default();
    let view = panel_app::calendar::cycle(date, &policy, &holidays);
    out.show(&view, |view| {
        let rows: Vec<Vec<String>> = view
            .deadlines
            .iter()
            .map(|d| vec![d.label.clone(), d.when.clone(), d.why.clone()])
            .collect();
        let warnings = view.warnings.join("\n");
        format!("{}\n{warnings}\n{}", view.when, table(&["step", "when", "why"], &rows))
    })
}

/// Plans what is due, in counts.
pub(crate) fn remind(
    common: &Common,
    now: Option<chrono::DateTime<chrono::Utc>>,
    dry_run: bool,
    out: Output,
) -> Result<()> {
    let app = config::open_checked(common, None)?;
    let service = panel_notify::Service {
        store: app.store.clone(),
        ids: app.ids.clone(),
        holidays: app.holidays.clone(),
    };
    let now = now.map_or_else(|| app.clock.now(), Ok)?;
    let done = panel_notify::remind(&service, now, dry_run)?;
    out.show(&done, |done| {
        format!(
            "{} looked at, {} notices planned, {} digests for {} things to tell, {} left out",
            done.seen, done.planned, done.digests, done.told, done.skipped
        )
    })
}
