//! The commands.

use crate::admin;
use crate::audit::{self, AuditCommand, WitnessArgs};
use crate::casework::{self, ActionsArgs, TrackerArgs};
use crate::config::{self, Common};
use crate::environment;
use crate::keys;
use crate::output::Output;
use crate::schedule::{self, ScheduleArgs};
use crate::serve;
use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use panel_core::id::MeetingId;
use std::path::PathBuf;

/// Coordination of multi-agency panels that manage high-risk perpetrators of domestic abuse and
/// stalking.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a demonstration with invented people.
    Demo(DemoArgs),
    /// Run the service: pages, interface and, unless switched off, the mail worker.
    Serve(ServeArgs),
    /// Run the mail worker alone.
    Worker(WorkerArgs),
    /// Bring the database up to this program.
    Migrate,
    /// Administer the installation.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Tokens by which programs act as you.
    #[command(subcommand)]
    Token(TokenCommand),
    /// The keys that seal protected fields.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Every route: method, path, who may call.
    Routes,
    /// Bring old records in.
    #[command(subcommand)]
    Import(ImportCommand),
    /// The actions you may see.
    Actions {
        #[command(flatten)]
        which: ActionsArgs,
        #[command(flatten)]
        who: AsPerson,
    },
    /// The agenda of a meeting.
    Agenda {
        /// The meeting's id, as `panel meetings` lists it.
        meeting: MeetingId,
        #[command(flatten)]
        who: AsPerson,
    },
    /// The minutes of a meeting.
    Minutes {
        /// The meeting's id, as `panel meetings` lists it.
        meeting: MeetingId,
        #[command(flatten)]
        who: AsPerson,
    },
    /// The meetings of your panels, with their ids.
    Meetings {
        #[command(flatten)]
        who: AsPerson,
    },
    /// The dates of a rule, and what becomes of them on bank holidays.
    Schedule(ScheduleArgs),
    /// The deadlines of a meeting on this date, and why each falls where it does.
    Cycle {
        /// The date, such as 2026-04-16.
        date: chrono::NaiveDate,
    },
    /// Plan what is due and put digests into the outbox; the worker does this by itself.
    Remind {
        /// As at this instant (RFC 3339) instead of now.
        #[arg(long)]
        now: Option<chrono::DateTime<chrono::Utc>>,
        /// Only count.
        #[arg(long)]
        dry_run: bool,
    },
}

/// How the demonstration runs.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// The seed of the invented people.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Read the time from this file (RFC 3339) at each look.
    #[arg(long)]
    pub(crate) clock_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
    #[command(flatten)]
    pub(crate) witness: WitnessArgs,
}

/// How mail leaves.
#[derive(Debug, Clone, Args)]
pub(crate) struct MailArgs {
    /// The mail server: `smtp://`, `smtp+starttls://` or `smtps://`, with user and password if needed.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub(crate) smtp_url: Option<String>,
    /// The address mail comes from.
    #[arg(long, env = "PANEL_MAIL_FROM", default_value = "no-reply@panel.invalid")]
    pub(crate) mail_from: String,
}

/// How the mail worker runs by itself.
#[derive(Debug, Clone, Args)]
pub(crate) struct WorkerArgs {
    #[command(flatten)]
    pub(crate) mail: MailArgs,
    #[command(flatten)]
    pub(crate) witness: WitnessArgs,
}

/// How the service runs.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen at.
    #[arg(long, env = "PANEL_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// Leave mail to `panel worker`.
    #[arg(long)]
    pub(crate) no_worker: bool,
    /// In production: only a proxy with TLS can reach the address that is listened at.
    #[arg(long, env = "PANEL_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
    #[command(flatten)]
    pub(crate) witness: WitnessArgs,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Print the one-time link that creates the first account.
    Bootstrap {
        /// The first administrator's address.
        #[arg(long)]
        email: String,
    },
}

/// Whom a command acts as.
#[derive(Debug, Clone, Args)]
pub(crate) struct AsPerson {
    /// In a demonstration: act as the person with this address. Elsewhere set `PANEL_TOKEN`.
    #[arg(long = "as", value_name = "EMAIL")]
    pub(crate) as_person: Option<String>,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it once.
    Create {
        /// What you call it.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        who: AsPerson,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key file, readable by its owner alone.
    Generate {
        /// The file, which must not be there yet.
        file: PathBuf,
    },
    /// Add a master key to the key file and seal every record's key by it.
    Rotate,
    /// Open every sealed field once.
    Verify,
    /// Print the key file in two halves, for two agencies to keep on paper.
    Escrow,
    /// Make the key file again from its two halves.
    Join {
        /// The file that holds the first half.
        first: PathBuf,
        /// The file that holds the second half.
        second: PathBuf,
        /// The key file, which must not be there yet.
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// An old tracker: says what an import would do, and with --confirm does it.
    Tracker {
        #[command(flatten)]
        what: TrackerArgs,
        #[command(flatten)]
        who: AsPerson,
    },
}

/// Runs one command.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let Cli { common, command } = cli;
    environment::must_be_known(common.profile)?;
    let out = Output { json: common.json };
    match command {
        Command::Demo(args) => serve::demo(&common, &args, out),
        Command::Serve(args) => serve::serve(&common, &args),
        Command::Worker(args) => serve::worker(&common, &args),
        Command::Migrate => admin::migrate(&common, out),
        Command::Admin(AdminCommand::Bootstrap { email }) => admin::bootstrap(&common, &email, out),
        Command::Token(TokenCommand::Create { name, who }) => {
            let app = config::open_as(&common, &who)?;
            admin::create_token(&admin::person(&app, who.as_person.as_deref())?, &name, out)
        }
        Command::Keys(command) => run_keys(&common, command, out),
        Command::Audit(command) => audit::run(&common, command, out),
        Command::Import(ImportCommand::Tracker { what, who }) => {
            let app = config::open_as(&common, &who)?;
            casework::import_tracker(&admin::person(&app, who.as_person.as_deref())?, &what, out)
        }
        Command::Actions { which, who } => {
            let app = config::open_as(&common, &who)?;
            casework::list_actions(&admin::person(&app, who.as_person.as_deref())?, &which, out)
        }
        Command::Agenda { meeting, who } => {
            let app = config::open_as(&common, &who)?;
            casework::agenda(&admin::person(&app, who.as_person.as_deref())?, meeting, out)
        }
        Command::Minutes { meeting, who } => {
            let app = config::open_as(&common, &who)?;
            casework::minutes(&admin::person(&app, who.as_person.as_deref())?, meeting, out)
        }
        Command::Meetings { who } => {
            let app = config::open_as(&common, &who)?;
            casework::meetings(&admin::person(&app, who.as_person.as_deref())?, out)
        }
        Command::Schedule(args) => {
            schedule::show(&args, &*config::holidays(common.bank_holidays.as_deref())?, out)
        }
        Command::Routes => admin::routes(out),
        Command::Cycle { date } => admin::cycle(&common, date, out),
        Command::Remind { now, dry_run } => admin::remind(&common, now, dry_run, out),
    }
}

fn run_keys(common: &Common, command: KeysCommand, out: Output) -> Result<()> {
    match command {
        KeysCommand::Generate { file } => keys::generate(&file, out),
        KeysCommand::Rotate => keys::rotate(common, out),
        KeysCommand::Verify => keys::verify(common, out),
        KeysCommand::Escrow => keys::escrow(common, out),
        KeysCommand::Join { first, second, file } => keys::join(&first, &second, &file, out),
    }
}
