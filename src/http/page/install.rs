//! How to bring Saywell into a chat platform: which are on, and the steps for each.

use std::hash::{BuildHasher as _, Hasher as _};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;

use super::{Frame, Visit, render};
use crate::{
    chat::{
        ALL, Kind,
        guide::{Span, Step},
    },
    http::{
        Service, access,
        metrics::REST,
        reply::{self, Caching},
        wants::Wants,
    },
    say::book::Command,
};

#[derive(Template)]
#[template(path = "install.html", config = "src/askama.toml")]
struct Install<'a> {
    frame: Frame,
    origin: String,
    platforms: Vec<Platform>,
    commands: &'a [Command],
}

/// A platform, with the steps for this service's address.
struct Platform {
    name: &'static str,
    title: &'static str,
    is_on: bool,
    steps: Vec<Step>,
}

/// `GET /install`.
pub async fn read(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "page");
    let book = service.shelf.book();
    let visit = Visit::new(request.headers());
    let mut hasher = foldhash::fast::FixedState::with_seed(visit.edition()).build_hasher();
    service.platforms.iter().map(|platform| platform.kind().name).for_each(|name| hasher.write(name.as_bytes()));
    let tag = reply::tag(book.hash ^ hasher.finish(), Wants::Html, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    let platform = |kind: &Kind| Platform {
        name: kind.name,
        title: kind.title,
        is_on: service.platforms.get(kind.name).is_some(),
        steps: (kind.steps)(&book, &visit.origin),
    };
    let page = Install {
        frame: Frame::new("Install", "Bring Saywell into your team's chat, step by step.", "/install"),
        platforms: ALL.iter().map(platform).collect(),
        origin: visit.origin.clone(),
        commands: &book.commands,
    };
    reply::content(render(&page), Wants::Html, &Caching::Tagged(tag), request.headers())
}
