//! How to bring Saywell into a chat platform: which are on, and the steps for each.

use std::hash::{BuildHasher as _, Hasher as _};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;

use super::{Frame, Visit, render};
use crate::{
    chat::{self, discord, guide::Step, mattermost, slack},
    http::{
        Service, access,
        metrics::REST,
        reply::{self, Caching},
        wants::Wants,
    },
    say::book::{Command, Phrasebook},
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
    service.platforms.iter().map(chat::Platform::name).for_each(|name| hasher.write(name.as_bytes()));
    let tag = reply::tag(book.hash ^ hasher.finish(), Wants::Html, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    let platform = |name, title, steps: fn(&Phrasebook, &str) -> Vec<Step>| {
        let is_on = service.platforms.get(name).is_some();
        Platform { name, title, is_on, steps: steps(&book, &visit.origin) }
    };
    let page = Install {
        frame: Frame::new("Install", "Bring Saywell into your team's chat, step by step.", "/install"),
        platforms: vec![
            platform("slack", "Slack", slack::guide::steps),
            platform("mattermost", "Mattermost", mattermost::guide::steps),
            platform("discord", "Discord", discord::guide::steps),
        ],
        origin: visit.origin.clone(),
        commands: &book.commands,
    };
    reply::content(render(&page), Wants::Html, &Caching::Tagged(tag), request.headers())
}
