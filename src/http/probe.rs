//! How the service is: for orchestrators, balancers and Prometheus.

use std::fmt::Write as _;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{self, Data, ServiceConfig},
};

use super::{Service, fixed, problem::Problem, reply, wants::Wants};

/// Liveness and readiness.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(fixed("/healthz", healthz)).service(fixed("/readyz", readyz));
}

/// The metrics.
pub(crate) fn metrics_route(config: &mut ServiceConfig) {
    config.service(fixed("/metrics", metrics));
}

/// All of them and nothing else: what stands at the metrics' own address.
pub(crate) fn only(config: &mut ServiceConfig) {
    routes(config);
    metrics_route(config);
    let nothing = || Problem::NotFound("There is nothing at this address.".into(), vec!["/metrics".into()]);
    config.default_service(web::to(move || async move { reply::problem(&nothing(), Wants::Text) }));
}

async fn healthz() -> HttpResponse {
    probe(StatusCode::OK, "ok\n".into())
}

/// Ready with an old book where the new one was refused: the places are in the body, for who wonders.
async fn readyz(service: Data<Service>) -> HttpResponse {
    if !service.is_ready() {
        return probe(StatusCode::SERVICE_UNAVAILABLE, "stopping\n".into());
    }
    let mut body = String::from("ready\n");
    if let Some(places) = service.shelf.refused() {
        body.push_str("The phrasebook was changed and refused; the old one goes on:\n");
        for place in places.iter() {
            let _ = writeln!(body, "{place}");
        }
    }
    probe(StatusCode::OK, body)
}

async fn metrics(service: Data<Service>) -> HttpResponse {
    let mut response = probe(StatusCode::OK, service.metrics.text());
    let text = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

fn probe(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(Wants::Text.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}
