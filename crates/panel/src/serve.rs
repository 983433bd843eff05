//! Running the service.

use crate::cli::{DemoArgs, MailArgs, ServeArgs};
use crate::config::{self, Common, Demo};
use crate::output::Output;
use anyhow::{Context, Result};
use panel_app::App;
use panel_web::Web;
use panel_web::view::{Settings, Site};
use std::net::TcpListener;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Runs the service until it is told to stop.
pub(crate) fn serve(common: &Common, args: &ServeArgs) -> Result<()> {
    let app = config::open_checked(common, None)?;
    run(&app, &args.listen)
}

/// Runs the mail worker alone until it is told to stop.
pub(crate) fn worker(common: &Common, _args: &MailArgs) -> Result<()> {
    let _app = config::open_checked(common, None)?;
    anyhow::bail!("the worker is not joined yet")
}

/// Runs a demonstration with invented people.
pub(crate) fn demo(common: &Common, args: &DemoArgs, out: Output) -> Result<()> {
    let address = format!("127.0.0.1:{}", args.port);
    let common = Common { public_url: format!("http://{address}"), ..common.clone() };
    let demo = Demo { seed: args.seed, clock_file: args.clock_file.clone() };
    let app = config::open(&common, Some(&demo))?;
    app.store.migrate()?;
    out.say(&format!("Panel is at http://{address}"))?;
    run(&app, &address)
}

fn run(app: &App, address: &str) -> Result<()> {
    let listener =
        TcpListener::bind(address).with_context(|| format!("{address} cannot be listened at"))?;
    let settings = Settings {
        public_url: app.settings.public_url.clone(),
        marking: Some(app.settings.marking.clone()).filter(|marking| !marking.is_empty()),
        demo: app.settings.demo,
        ..Settings::default()
    };
    let web = Web { app: app.clone(), site: Arc::new(Site::new(settings)?) };
    actix_web::rt::System::new().block_on(async move {
        let server = panel_web::serve(web, listener)?;
        let handle = server.handle();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            handle.stop(true).await;
        });
        tracing::info!(event = "serving");
        server.await
    })?;
    tracing::info!(event = "stopped");
    Ok(())
}
