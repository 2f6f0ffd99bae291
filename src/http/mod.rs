//! The web: routes, the REST interface, pages, limits and errors. Only here are there status codes.

pub mod api;
pub mod body;
pub mod client;
pub mod hook;
pub mod install;
pub mod limit;
pub mod outbound;
pub mod page;
pub mod problem;
pub mod recent;
pub mod reply;
pub mod wants;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::{StatusCode, header},
    web::{self, Data, ServiceConfig},
};
use ipnet::IpNet;

use crate::{
    chat::{Platforms, slack::install::Install},
    server::shelf::Shelf,
};
use limit::Limiter;
use outbound::Courier;
use problem::Problem;
use recent::Recent;
use reply::Caching;
use wants::Wants;

/// What requests share. Immutable but for the book, which is swapped whole, and for what may be lost.
pub struct Service {
    /// The book in service.
    pub shelf: Shelf,
    /// The platforms that are on.
    pub platforms: Platforms,
    /// Installing the Slack app into several workspaces, if that is on.
    pub slack_install: Option<Install>,
    /// The rate limit; none if it is off.
    pub limiter: Option<Limiter>,
    /// What each person saw last.
    pub recent: Recent,
    /// Sends messages after replies.
    pub courier: Courier,
    /// Proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether new requests are welcome.
    pub ready: AtomicBool,
}

impl Service {
    /// Whose request it is.
    #[must_use]
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        client::address(request.peer_addr(), request.headers(), &self.trusted_proxies)
    }
}

/// Every route. Fixed paths come first: the framework tries them in turn, and a chat command is to be found at once.
pub fn routes(config: &mut ServiceConfig, service: &Service) {
    hook::routes(config, &service.platforms);
    install::routes(config, service.slack_install.as_ref());
    config
        .service(fixed("/healthz").route(web::get().to(healthz)).route(web::head().to(healthz)))
        .service(fixed("/readyz").route(web::get().to(readyz)).route(web::head().to(readyz)))
        .service(fixed("/openapi.json").route(web::get().to(openapi)).route(web::head().to(openapi)))
        .default_service(web::to(api::read));
}

/// A fixed path that is only read.
fn fixed(path: &str) -> Resource {
    web::resource(path)
        .default_service(web::to(|| async { reply::problem(&Problem::Method("GET, HEAD"), Wants::Text) }))
}

async fn healthz() -> HttpResponse {
    probe(StatusCode::OK, "ok\n")
}

async fn readyz(service: Data<Service>) -> HttpResponse {
    if service.ready.load(Ordering::Relaxed) {
        probe(StatusCode::OK, "ready\n")
    } else {
        probe(StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    }
}

fn probe(status: StatusCode, body: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(Wants::Text.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}

async fn openapi(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    let book = service.shelf.book();
    let tag = reply::tag(book.hash, Wants::Json, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    reply::json(api::document(&book), &Caching::Tagged(tag), request.headers())
}
