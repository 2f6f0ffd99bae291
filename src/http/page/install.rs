//! How to bring Saywell into a chat platform: which are on, and the steps for each.

use std::hash::{BuildHasher as _, Hasher as _};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;

use super::{Frame, Visit, render};
use crate::{
    chat::{Platform, Platforms, discord::register, mattermost, slack::manifest::manifest},
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
    platforms: &'a Platforms,
    commands: &'a [Command],
    /// Slack's manifest for this address; none where Slack could not call it.
    slack_manifest: Option<String>,
    /// A script that creates Mattermost's commands for this address.
    mattermost_script: Option<String>,
    /// What Discord is told about the commands; none where they are too many.
    discord_commands: Option<String>,
}

impl Install<'_> {
    fn is_on(&self, name: &str) -> bool {
        self.platforms.get(name).is_some()
    }
}

/// `GET /install`.
pub async fn read(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "page");
    let book = service.shelf.book();
    let visit = Visit::new(request.headers());
    let mut hasher = foldhash::fast::FixedState::with_seed(visit.edition()).build_hasher();
    service.platforms.iter().map(Platform::name).for_each(|name| hasher.write(name.as_bytes()));
    let tag = reply::tag(book.hash ^ hasher.finish(), Wants::Html, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    let page = Install {
        frame: Frame::new("Install", "Bring Saywell into your team's chat, step by step.", "/install"),
        slack_manifest: manifest(&book, &visit.origin, false).ok(),
        mattermost_script: mattermost::manifest::commands(&book, &visit.origin)
            .ok()
            .map(|commands| mattermost::manifest::script(&commands)),
        discord_commands: register::commands(&book).ok(),
        origin: visit.origin,
        platforms: &service.platforms,
        commands: &book.commands,
    };
    reply::content(render(&page), Wants::Html, &Caching::Tagged(tag), request.headers())
}
