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

use super::metrics::Metrics;

/// Serves `/healthz`, `/readyz` and `/metrics`.
///
/// # Errors
/// The system's own.
pub(super) fn serve(listener: TcpListener, metrics: Arc<Metrics>) -> io::Result<ServerHandle> {
    /// Enough for a few probes.
    const CONNECTIONS: usize = 16;
    info!("probes and metrics on http://{}", listener.local_addr()?);
    let metrics = Data::from(metrics);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(metrics.clone())
            .route("/healthz", web::get().to(|| async { text(StatusCode::OK, "ok\n".into()) }))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(read))
    });
    let server = server.workers(1).max_connections(CONNECTIONS).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    rt::spawn(server);
    Ok(handle)
}

/// Ready while at least one connection is open.
async fn readyz(metrics: Data<Metrics>) -> HttpResponse {
    if metrics.is_ready() {
        text(StatusCode::OK, "ready\n".into())
    } else {
        text(StatusCode::SERVICE_UNAVAILABLE, "not connected to Slack\n".into())
    }
}

async fn read(metrics: Data<Metrics>) -> HttpResponse {
    text(StatusCode::OK, metrics.text())
}

fn text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
