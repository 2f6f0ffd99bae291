//! How the connections are: for orchestrators and Prometheus.

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::{StatusCode, header},
    rt,
    web::{self, Data},
};
use tracing::info;

/// What is looked at.
pub(super) trait Watched: Send + Sync + 'static {
    /// Where deliveries come from.
    const PLATFORM: &'static str;

    /// Whether they can come, and are welcome.
    fn is_ready(&self) -> bool;

    /// What is counted, in Prometheus' text format.
    fn text(&self) -> String;
}

/// Serves `/healthz`, `/readyz` and `/metrics`.
///
/// # Errors
/// The system's own.
pub(super) fn serve<W: Watched>(listener: TcpListener, watched: Arc<W>) -> io::Result<ServerHandle> {
    /// Enough for a few probes.
    const CONNECTIONS: usize = 16;
    info!("probes and metrics on http://{}", listener.local_addr()?);
    let watched = Data::from(watched);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(watched.clone())
            .route("/healthz", web::get().to(|| async { text(StatusCode::OK, "ok\n".into()) }))
            .route("/readyz", web::get().to(readyz::<W>))
            .route("/metrics", web::get().to(read::<W>))
    });
    let server = server.workers(1).max_connections(CONNECTIONS).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    rt::spawn(server);
    Ok(handle)
}

/// Ready while deliveries can come.
async fn readyz<W: Watched>(watched: Data<W>) -> HttpResponse {
    if watched.is_ready() {
        text(StatusCode::OK, "ready\n".into())
    } else {
        text(StatusCode::SERVICE_UNAVAILABLE, format!("not connected to {}\n", W::PLATFORM))
    }
}

async fn read<W: Watched>(watched: Data<W>) -> HttpResponse {
    text(StatusCode::OK, watched.text())
}

fn text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
