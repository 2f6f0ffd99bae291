//! Mattermost: commands, buttons, menus and forms.
//!
//! | door | what comes | what goes back |
//! |---|---|---|
//! | `commands` | a form, a query or JSON: a command as it was typed, with its token | the answer |
//! | `actions` | JSON: a click or a choice, with the `context` that we gave it | `{}`, or a line; the answer is a new message |
//! | `dialogs` | JSON: a form that was sent, with the `state` that we gave it | `{}`, or what is wrong with it |
//!
//! A command proves itself by its token, one of a list. Clicks and forms carry no proof of the server's at all, so what
//! they bring back is sealed by us; see `seal`. Messages after the reply go only to `{site}/hooks/commands/…`, at most
//! five within half an hour of the command, and forms are opened at `{site}/api/v4/actions/dialogs/open`; both only
//! where the site is one that is configured. Written after Mattermost's documentation on slash commands, interactive
//! messages and dialogs, and after what its server does.

mod escape;
mod guide;
mod incoming;
mod manifest;
mod message;
mod outgoing;
mod seal;
mod settings;
mod stand;
mod trial;

use clap::Args as _;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial, address,
    install::Install,
    kind::on,
    origin,
    proof::{Proved, SealKeys, Secret, Tokens},
};
use crate::say::answer::Answer;
use seal::Talk;

/// What the program has to know of Mattermost.
pub const KIND: Kind = Kind {
    name: "mattermost",
    title: "Mattermost",
    switch: "MATTERMOST_TOKEN",
    doors: &["commands", "actions", "dialogs"],
    gets: &["commands"],
    settings: settings::Settings::augment_args,
    read: on::<settings::Settings>,
    steps: guide::steps,
    manifest: Some(Tool::of::<manifest::Flags>(
        "What to enter for each of Mattermost's slash commands, or calls to its API that create them",
    )),
    register: None,
    send: Trial::of::<trial::Flags>(
        "Post a command as Mattermost would: saywell send mattermost \"/recover billing\" --press Another",
    ),
    stand: stand::STAND,
};

/// Mattermost, switched on.
#[derive(Debug, Clone)]
pub struct Mattermost {
    tokens: Tokens,
    /// The site of each token, where it is known.
    sites: Vec<Option<String>>,
    origins: Vec<String>,
    buttons: Option<Buttons>,
    updates: bool,
}

/// What buttons need: a key for what they carry, and where the server calls when one is pressed.
#[derive(Debug, Clone)]
struct Buttons {
    keys: SealKeys,
    base: String,
}

impl Mattermost {
    /// Mattermost with these tokens, each with the address of its server (see [`super::base`]), without which nothing is
    /// sent there.
    #[must_use]
    pub fn new(tokens: Vec<(Secret, Option<String>)>) -> Self {
        let known = Tokens::new(tokens.iter().map(|(token, _)| token));
        let sites: Vec<Option<String>> = tokens.into_iter().map(|(_, site)| site).collect();
        let mut origins: Vec<String> = sites.iter().flatten().filter_map(|site| origin(site)).collect();
        origins.sort_unstable();
        origins.dedup();
        Self { tokens: known, sites, origins, buttons: None, updates: false }
    }

    /// With buttons, sealed with the first of these keys, that call us at this address (see [`super::base`]).
    #[must_use]
    pub fn buttons(mut self, keys: SealKeys, base: String) -> Self {
        self.buttons = Some(Buttons { keys, base });
        self
    }

    /// For servers that can replace a private message (11.10 and later): *Another* then takes the place of the old one.
    /// Older servers answer such a click with an error.
    #[must_use]
    pub fn updates(mut self, updates: bool) -> Self {
        self.updates = updates;
        self
    }

    /// The site whose `response_url` this is: of all that are configured.
    fn site(&self, url: &str) -> Option<&str> {
        self.sites.iter().flatten().map(String::as_str).find(|site| is_hook(url, site))
    }
}

/// Whether this is an address of the site at which it takes messages for a command.
fn is_hook(url: &str, site: &str) -> bool {
    let Some(url) = address(url) else { return false };
    let Some(origin) = origin(url.as_str()) else { return false };
    let path = site.strip_prefix(&*origin).filter(|path| path.is_empty() || path.starts_with('/'));
    let rest = path.and_then(|path| url.path().strip_prefix(path)?.strip_prefix("/hooks/commands/"));
    rest.is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())) && url.query().is_none()
}

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// The command, and what has come of it.
    talk: Talk,
    /// A ticket for opening a form.
    ticket: Option<String>,
}

impl Doors for Mattermost {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn origins(&self) -> &[String] {
        &self.origins
    }

    fn install(&self) -> Option<&Install> {
        None
    }
}

impl Platform for Mattermost {
    type Letter = Letter;

    /// What proves a delivery stands among what is to be read.
    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        match delivery.door {
            "commands" => incoming::command(self, delivery),
            "actions" => incoming::click(self, delivery),
            "dialogs" => incoming::sent(self, delivery),
            _ => Err(Refusal::NoDoor),
        }
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(self, letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
