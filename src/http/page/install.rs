//! How to bring Saywell into a chat platform: which are on, and the steps for each.

use askama::Template;

use super::{Frame, Visit, render};
use crate::{
    chat::{
        ALL, Kind, Platforms,
        guide::{Span, Step},
    },
    say::book::{Command, Phrasebook},
};

#[derive(Template)]
#[template(path = "install.html", config = "src/askama.toml")]
struct Install<'a> {
    frame: Frame,
    origin: &'a str,
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

/// The page.
pub(in crate::http) fn page(book: &Phrasebook, platforms: &Platforms, visit: &Visit) -> String {
    let platform = |kind: &Kind| Platform {
        name: kind.name,
        title: kind.title,
        is_on: platforms.get(kind.name).is_some(),
        steps: (kind.steps)(book, &visit.origin),
    };
    render(&Install {
        frame: Frame::new("Install", "Bring Saywell into your team's chat, step by step.", "/install"),
        platforms: ALL.iter().map(platform).collect(),
        origin: &visit.origin,
        commands: &book.commands,
    })
}
