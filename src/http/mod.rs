//! The web: routes, the REST interface, pages, limits and errors. Only here are there status codes.

pub mod access;
mod api;
mod assets;
mod body;
mod browser;
pub mod client;
pub(crate) mod connection;
pub(crate) mod cors;
mod hook;
mod install;
mod kept;
mod key_sets;
mod languagetool;
pub mod limit;
mod mcp;
pub(crate) mod metrics;
pub(crate) mod outbound;
mod page;
pub(crate) mod path;
pub(crate) mod probe;
mod problem;
mod recent;
pub mod reply;
pub mod wants;
pub(crate) mod wire;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder,
    web::{self, Data, ServiceConfig},
};
use ipnet::IpNet;

use crate::{chat::Platforms, rate::Rate, shelf::Shelf};
use access::Journal;
use cors::Origins;
use kept::Kept;
use key_sets::KeySets;
use limit::Limiter;
use metrics::Metrics;
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
    /// The rate limit; none if it is off.
    pub limiter: Option<Limiter>,
    /// What each person saw last.
    pub recent: Recent,
    /// Sends messages after replies.
    pub courier: Courier,
    /// Fetches the keys of platforms that sign with keys of their own.
    pub key_sets: KeySets,
    /// Proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whose pages may have drafts reviewed.
    pub reviewers: Origins,
    /// What is counted.
    pub metrics: Metrics,
    /// What is logged of requests.
    pub journal: Journal,
    /// The OpenAPI document.
    pub document: Kept<String>,
    /// What the page about it shows.
    pub guide: Kept<page::docs::Guide>,
    /// Whether new requests are welcome.
    ready: AtomicBool,
}

impl Service {
    /// A service that is ready.
    #[must_use]
    pub fn new(shelf: Shelf, platforms: Platforms, rate: Option<Rate>, trusted_proxies: Vec<IpNet>) -> Self {
        let metrics = Metrics::new(&platforms);
        metrics.shelved(&shelf.book());
        let key_sets = KeySets::of(&platforms);
        Self {
            shelf,
            platforms,
            limiter: rate.map(Limiter::new),
            recent: Recent::new(),
            courier: Courier::new(metrics.posts()),
            key_sets,
            trusted_proxies,
            reviewers: Origins::default(),
            metrics,
            journal: Journal::new(),
            document: Kept::new(),
            guide: Kept::new(),
            ready: AtomicBool::new(true),
        }
    }

    /// Whether new requests are welcome.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// From now on they are not, though they are still answered: balancers are to look elsewhere.
    pub fn retire(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }

    /// Whose request it is.
    #[must_use]
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        client::address(request.peer_addr(), request.headers(), &self.trusted_proxies)
    }
}

/// Every route. Fixed paths come first: the framework tries them in turn, and a chat command is to be found at once. A
/// pattern stands in a scope, so that only what begins like it is held against it.
pub fn routes(config: &mut ServiceConfig, service: &Service) {
    hook::routes(config, &service.platforms);
    install::routes(config, &service.platforms);
    languagetool::routes(config);
    mcp::routes(config);
    probe::routes(config);
    config.service(fixed("/openapi.json", openapi));
    browser::routes(config);
    config.default_service(web::to(api::read));
}

/// A fixed path that is only read.
fn fixed<H, A>(path: &str, handler: H) -> Resource
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(|| async { reply::problem(&Problem::Method("GET, HEAD"), Wants::Text) }))
}

async fn openapi(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, metrics::REST, "openapi");
    let book = service.shelf.book();
    let tag = reply::tag(book.hash, Wants::Json, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    let document = service.document.of(&book, api::document);
    reply::json(document.1.clone(), &Caching::Tagged(tag), request.headers())
}
