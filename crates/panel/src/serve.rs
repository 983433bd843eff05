//! Running the service: the pages, and the worker that sends mail.

use crate::audit::WitnessArgs;
use crate::cli::{DemoArgs, MailArgs, ServeArgs, WorkerArgs};
use crate::config::{self, Common, DEMO_MARK, Demo};
use crate::demo;
use crate::output::{Output, table};
use crate::profile::Profile;
use anyhow::{Context, Result, bail};
use panel_app::App;
use panel_notify::{Mailbox, Mailer, Post, Sender, Service, Smtp, Stop, Worker};
use panel_web::view::{Settings, Site};
use panel_web::{Letter, Letters, Web};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How often the worker looks for something to do.
const EVERY: Duration = Duration::from_secs(3);

/// Runs the service until it is told to stop.
pub(crate) fn serve(common: &Common, args: &ServeArgs) -> Result<()> {
    let mail = (!args.no_worker).then_some(&args.mail);
    config::must_be_safe(common, mail, Some(args))?;
    let app = config::open_checked(common, None)?;
    config::wall_must_stand(common, &app)?;
    let stop = Stop::new();
    let worker = if args.no_worker {
        None
    } else {
        Some(start(&app, mailer(&args.mail)?, &args.mail, &args.witness, &stop)?)
    };
    run(&app, &args.listen, None)?;
    finish(worker, &stop)
}

/// Runs the mail worker alone until it is told to stop.
pub(crate) fn worker(common: &Common, args: &WorkerArgs) -> Result<()> {
    config::must_be_safe(common, Some(&args.mail), None)?;
    let app = config::open_checked(common, None)?;
    config::wall_must_stand(common, &app)?;
    let stop = Stop::new();
    let running = start(&app, mailer(&args.mail)?, &args.mail, &args.witness, &stop)?;
    actix_web::rt::System::new().block_on(told_to_stop())?;
    finish(Some(running), &stop)
}

/// Runs a demonstration with invented people. Mail goes to a mailbox that it shows.
pub(crate) fn demo(common: &Common, args: &DemoArgs, out: Output) -> Result<()> {
    if common.profile == Profile::Production {
        bail!("a demonstration is not for production: leave PANEL_PROFILE out");
    }
    let address = format!("127.0.0.1:{}", args.port);
    let common = Common { public_url: format!("http://{address}"), ..common.clone() };
    let demo = Demo { seed: args.seed, clock_file: args.clock_file.clone() };
    let app = config::open(&common, Some(&demo))?;
    std::fs::create_dir_all(&common.dir)?;
    std::fs::write(common.dir.join(DEMO_MARK), "{}\n")?;
    app.store.migrate()?;
    demo::seed(&app)?;
    let mailbox = Mailbox::new();
    let carrier = match &args.mail.smtp_url {
        Some(_) => mailer(&args.mail)?,
        None => Mailer::from(mailbox.clone()),
    };
    let stop = Stop::new();
    let worker = start(&app, carrier, &args.mail, &args.witness, &stop)?;
    announce(&address, out)?;
    run(&app, &address, Some(letters(mailbox)))?;
    finish(Some(worker), &stop)
}

fn announce(address: &str, out: Output) -> Result<()> {
    let sign_ins = demo::sign_ins();
    let rows: Vec<Vec<String>> =
        sign_ins.iter().map(|s| vec![s.role.to_owned(), s.email.clone()]).collect();
    let json = serde_json::json!({
        "address": format!("http://{address}"),
        "mailbox": format!("http://{address}/demo/mailbox"),
        "password": demo::PASSWORD,
        "sign_ins": sign_ins,
    });
    out.show(&json, |_| {
        format!(
            "Panel is at http://{address}\n\nSign in with the password “{}” as\n\n{}\n\nMail arrives at http://{address}/demo/mailbox",
            demo::PASSWORD,
            table(&["role", "email address"], &rows)
        )
    })
}

fn letters(mailbox: Mailbox) -> Letters {
    Letters::new(move || {
        let arrived = mailbox.letters().into_iter();
        arrived.map(|l| Letter { at: l.at, to: l.to, subject: l.subject, body: l.body }).collect()
    })
}

fn mailer(args: &MailArgs) -> Result<Mailer> {
    let url = args.smtp_url.as_deref().context(
        "mail needs a server: set SMTP_URL, or leave mail to `panel worker` with --no-worker",
    )?;
    Ok(Mailer::from(Smtp::new(url, None)?))
}

fn start(
    app: &App,
    mailer: Mailer,
    args: &MailArgs,
    witness: &WitnessArgs,
    stop: &Stop,
) -> Result<JoinHandle<()>> {
    let service =
        Service { store: app.store.clone(), ids: app.ids.clone(), holidays: app.holidays.clone() };
    let post = Post {
        sender: Sender::parse(&args.mail_from)?,
        public_url: app.settings.public_url.clone(),
    };
    let name = format!("worker {}", uuid::Uuid::from_u128(u128::from(std::process::id())));
    let worker = Worker::new(service, mailer, post, name)?;
    // The people of a demonstration come back whenever somebody looks at it.
    let mut worker = worker.witnessed_by(witness.witness()?).tending_accounts(!app.settings.demo);
    let (clock, stop) = (app.clock.clone(), stop.clone());
    let running = std::thread::Builder::new().name("mail".to_owned());
    Ok(running.spawn(move || worker.run(|| clock.now(), EVERY, &stop))?)
}

/// Lets the letter in hand be finished.
fn finish(worker: Option<JoinHandle<()>>, stop: &Stop) -> Result<()> {
    stop.set();
    if let Some(worker) = worker {
        worker.join().map_err(|_| anyhow::anyhow!("the worker panicked"))?;
    }
    tracing::info!(event = "stopped");
    Ok(())
}

async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn run(app: &App, address: &str, letters: Option<Letters>) -> Result<()> {
    let listener =
        TcpListener::bind(address).with_context(|| format!("{address} cannot be listened at"))?;
    let settings = Settings {
        public_url: app.settings.public_url.clone(),
        marking: Some(app.settings.marking.clone()).filter(|marking| !marking.is_empty()),
        demo: app.settings.demo,
        ..Settings::default()
    };
    let web = Web { app: app.clone(), site: Arc::new(Site::new(settings)?), letters };
    actix_web::rt::System::new().block_on(async move {
        let server = panel_web::serve(web, listener)?;
        let handle = server.handle();
        actix_web::rt::spawn(async move {
            if let Err(error) = told_to_stop().await {
                tracing::error!(%error, "signals cannot be heard");
            }
            handle.stop(true).await;
        });
        tracing::info!(event = "serving");
        server.await
    })?;
    Ok(())
}
