//! From flags and environment to an opened program.

use crate::cli::{MailArgs, ServeArgs};
use crate::keys;
use crate::profile::{self, Profile};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Datelike, Utc};
use clap::Args;
use panel_app::{Address, App, Clock, Ids, Settings, Store};
use panel_core::calendar::BankHolidays;
use panel_core::directory::Reach;
use panel_directory::Desk;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use url::Url;

/// Connections at most; the blocking threads of the server are kept below.
pub(crate) const POOL: u32 = 8;

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Where the data is: a PostgreSQL URL, or a SQLite path. Without it, `panel.db` in `--dir`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub(crate) database_url: Option<String>,
    /// The folder of the embedded database.
    #[arg(long, default_value = "./data", global = true)]
    pub(crate) dir: PathBuf,
    /// The key file, which seals protected fields. Without it, in development, `panel.keys` in `--dir`.
    #[arg(long = "keys", env = "PANEL_KEYS", global = true)]
    pub(crate) keys: Option<PathBuf>,
    /// Bank holidays in the JSON form that gov.uk publishes, instead of those built in.
    #[arg(long, env = "PANEL_BANK_HOLIDAYS", global = true)]
    pub(crate) bank_holidays: Option<PathBuf>,
    /// The address people reach the service at; links in mail begin with it.
    #[arg(long, env = "PANEL_PUBLIC_URL", default_value = "http://127.0.0.1:8080", global = true)]
    pub(crate) public_url: String,
    /// The protective marking on pages and papers.
    #[arg(long, env = "PANEL_MARKING", default_value = "OFFICIAL-SENSITIVE", global = true)]
    pub(crate) marking: String,
    /// How strict the program is about its settings.
    #[arg(long, env = "PANEL_PROFILE", value_enum, default_value_t, global = true)]
    pub(crate) profile: Profile,
    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What a demonstration changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Demo {
    /// Seed of its ids.
    pub(crate) seed: u64,
    /// A file that holds the time.
    pub(crate) clock_file: Option<PathBuf>,
}

/// Opens the database and puts the program together. Nothing is migrated.
pub(crate) fn open(common: &Common, demo: Option<&Demo>) -> Result<App> {
    let clock = match demo.and_then(|demo| demo.clock_file.clone()) {
        Some(path) => Clock::File(path),
        None => Clock::System,
    };
    // What cannot be meant is refused before anything is made.
    must_be_possible(clock.now()?)?;
    let public_url = public_url(&common.public_url)?;
    let address = address(common)?;
    if let Address::Sqlite(path) = &address {
        profile::keep_private(path).with_context(|| format!("{path} cannot be made"))?;
    }
    let store = Store::open(address, POOL).context("the database cannot be opened")?;
    let ids = demo.map_or_else(Ids::random, |demo| Ids::seeded(demo.seed));
    let settings = Settings {
        public_url,
        demo: demo.is_some(),
        marking: common.marking.clone(),
        asks_second_factor: common.profile == Profile::Production,
    };
    let holidays = holidays(common.bank_holidays.as_deref())?;
    let (ids, vault, settings) = (Arc::new(ids), Arc::new(keys::open(common)?), Arc::new(settings));
    // In production no directory's address leads into the operator's own network.
    let reach = match common.profile {
        Profile::Production => Reach::Public,
        Profile::Development => Reach::Loopback,
    };
    let directories = Arc::new(Desk::new(reach));
    let paces = Arc::default();
    Ok(App { store, clock, ids, holidays, vault, directories, paces, settings })
}

/// Refuses a time before this program was written: the clock of such a machine has stopped, and every date
/// that it gives would be wrong.
fn must_be_possible(now: DateTime<Utc>) -> Result<()> {
    if now.year() < 2026 {
        bail!("the clock says {now}, which cannot be: set the time of this machine");
    }
    Ok(())
}

/// The address that links in mail begin with, without a slash at its end.
fn public_url(typed: &str) -> Result<String> {
    let bare = |url: &Url| {
        let plain = url.username().is_empty() && url.password().is_none();
        plain && url.has_host() && url.query().is_none() && url.fragment().is_none()
    };
    match Url::parse(typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && bare(&url) => {
            Ok(typed.trim_end_matches('/').to_owned())
        }
        _ => bail!("PANEL_PUBLIC_URL must be an address such as https://panel.example.org"),
    }
}

/// Refuses to run a service in production with settings that are unsafe there, and says all of them.
pub(crate) fn must_be_safe(
    common: &Common,
    mail: Option<&MailArgs>,
    serving: Option<&ServeArgs>,
) -> Result<()> {
    if common.profile != Profile::Production {
        return Ok(());
    }
    let address = address(common)?;
    let (postgres, file_mode) = match &address {
        Address::Postgres(url) => (Some(url.as_str()), None),
        Address::Sqlite(path) => (None, profile::mode_of(Path::new(path))),
    };
    let folder = match &address {
        Address::Sqlite(path) => Path::new(path).parent(),
        Address::Postgres(_) => None,
    };
    let keys = common.keys.as_ref().map(|file| file.to_string_lossy());
    let refused = profile::refused(&profile::Settings {
        public_url: &common.public_url,
        postgres,
        folder,
        keys: keys.as_deref(),
        file_mode,
        smtp: mail.and_then(|mail| mail.smtp_url.as_deref()),
        listen: serving.map(|serving| serving.listen.as_str()),
        behind_proxy: serving.is_some_and(|serving| serving.behind_proxy),
    });
    if refused.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = refused.iter().map(|one| format!("- {one}")).collect();
    bail!("these settings are not safe in production:\n{}", all.join("\n"))
}

/// Looks whether the database's own wall stands: in production, what lets rows through is refused; elsewhere
/// it is logged.
pub(crate) fn wall_must_stand(common: &Common, app: &App) -> Result<()> {
    let breaches = app.store.breaches().context("the roles of the database cannot be read")?;
    if common.profile == Profile::Production && !breaches.is_empty() {
        let all: Vec<String> = breaches.iter().map(|one| format!("- {one}")).collect();
        bail!("the database would let rows through its wall:\n{}", all.join("\n"))
    }
    for breach in breaches {
        tracing::warn!(event = "wall", reason = %breach);
    }
    Ok(())
}

/// Opens a program whose schema is this program's; anything else is refused with what to do.
pub(crate) fn open_checked(common: &Common, demo: Option<&Demo>) -> Result<App> {
    let app = open(common, demo)?;
    app.store.check_schema()?;
    panel_app::keys::must_fit(&app)?;
    Ok(app)
}

fn address(common: &Common) -> Result<Address> {
    if let Some(url) = &common.database_url {
        return Ok(Address::parse(url)?);
    }
    std::fs::create_dir_all(&common.dir)
        .with_context(|| format!("the folder {} cannot be made", common.dir.display()))?;
    Ok(Address::Sqlite(common.dir.join("panel.db").to_string_lossy().into_owned()))
}

/// The bank holidays of a file, or those built in.
pub(crate) fn holidays(file: Option<&Path>) -> Result<Arc<BankHolidays>> {
    let Some(path) = file else { return Ok(Arc::new(BankHolidays::england_and_wales().clone())) };
    let json = std::fs::read_to_string(path)
        .with_context(|| format!("the bank holidays {} cannot be read", path.display()))?;
    let parsed = BankHolidays::parse(&json).with_context(|| path.display().to_string())?;
    Ok(Arc::new(parsed))
}

/// One JSON object a line on standard error: ids and counts, never names, text or addresses, whatever level
/// is asked for.
pub(crate) fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("PANEL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_writer(std::io::stderr);
    let kept = filter_fn(panel_web::logged::is_kept);
    tracing_subscriber::registry().with(filter).with(kept).with(lines).init();
}

/// The file that marks a folder as a demonstration's, so that `--as` works there and nowhere else.
pub(crate) const DEMO_MARK: &str = "demo.json";

/// Opens the program for a command that acts as a person.
pub(crate) fn open_as(common: &Common, who: &crate::cli::AsPerson) -> Result<App> {
    let demo = who.as_person.is_some() && common.dir.join(DEMO_MARK).exists();
    open_checked(common, demo.then(Demo::default).as_ref())
}
