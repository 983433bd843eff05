//! The HTTP server: the table of routes behind the walls that every request passes.

use crate::routes;
use crate::session::identify;
use crate::web::Web;
use crate::{assets, csrf, errors, headers, limits};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use std::net::TcpListener;

/// Event loops; each hands its database work to a few blocking threads.
const WORKERS: usize = 2;
/// Blocking threads of each event loop: all of them together stay within the connection pool.
const BLOCKING_THREADS: usize = 4;

/// Serves until it is told to stop, then lets running requests finish.
///
/// # Errors
/// When the socket cannot be used.
pub fn serve(shared: Web, listener: TcpListener) -> std::io::Result<Server> {
    let shared = web::Data::new(shared);
    let site = web::Data::from(shared.site.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(site.clone())
            .wrap(from_fn(csrf::refuse_foreign))
            .wrap(from_fn(identify))
            .wrap(from_fn(limits::guard))
            .wrap(from_fn(errors::design))
            .wrap(Compress::default())
            .wrap(from_fn(headers::secure))
            .route(assets::ROUTE, web::get().to(assets::serve))
            .configure(routes::mount)
    })
    .workers(WORKERS)
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .max_connections(limits::CONNECTIONS)
    .client_request_timeout(limits::CLIENT_REQUEST)
    .client_disconnect_timeout(limits::CLIENT_DISCONNECT)
    .keep_alive(limits::KEEP_ALIVE)
    .shutdown_timeout(limits::SHUTDOWN.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}
