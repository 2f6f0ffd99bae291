//! Google Chat: commands, cards, buttons and dialogs, at one door, all answered in the response.
//!
//! An app is set up in one of two ways, and each has an envelope of its own for what comes and what goes back:
//!
//! | | what comes | what goes back |
//! |---|---|---|
//! | app with interaction events | `type` at the top, `MESSAGE` or `CARD_CLICKED` | a message with an `actionResponse` |
//! | Google Workspace add-on | `chat` at the top, with one payload in it | a message within `hostAppDataAction` |
//!
//! Every delivery carries a token of Google's: for the project's number, signed by Chat's own account; or for the address of
//! the door, signed by Google's accounts, with the e-mail of Chat's account or of the add-on's. Written after Google's
//! documentation on verifying requests, commands, dialogs and the conversion of apps to add-ons.
//!
//! The wire types are our own. Weighed: `google-chat1`, the crate of the whole API, brings some 130 crates with it, an HTTP
//! client among them, and its edition is of 2021, before quick commands and the envelope of add-ons.

mod escape;
mod guide;
mod incoming;
mod manifest;
mod outgoing;
mod settings;
mod stand;
mod trial;

use std::sync::Arc;

use clap::Args as _;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial,
    install::Install,
    kind::on,
    proof::{Expected, Keys, Proof, Proved, Token, bearer},
};
use crate::say::answer::Answer;

/// What the program has to know of Google Chat.
pub const KIND: Kind = Kind {
    name: "google-chat",
    title: "Google Chat",
    switch: "GOOGLE_CHAT_AUDIENCE",
    doors: &["events"],
    gets: &[],
    settings: settings::Settings::augment_args,
    read: on::<settings::Settings>,
    steps: guide::steps,
    manifest: Some(Tool::of::<manifest::Flags>(
        "What to enter in Google's console, with an id for every command of the phrasebook",
    )),
    register: None,
    send: Trial::of::<trial::Flags>(
        "Sign and post a command as Google would: saywell send google-chat \"/recover billing\" --press Another",
    ),
    stand: stand::STAND,
};

/// The version of what buttons carry.
const VERSION: &str = "v1";
/// The parameter of a button that holds it.
const CARRIED: &str = "saywell";
/// The name of the menu in a card.
const PICK: &str = "pick";

/// Chat's own account: the issuer of tokens for a project, the e-mail in those for an address.
const CHAT: &str = "chat@system.gserviceaccount.com";
/// Who issues tokens for an address.
const GOOGLE: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];

/// Google Chat, switched on.
#[derive(Debug)]
pub struct GoogleChat {
    /// Numbers of projects.
    projects: Vec<String>,
    /// Addresses of the door, as they stand in the console.
    addresses: Vec<String>,
    /// Whose tokens for an address are taken.
    emails: Vec<String>,
    /// Chat's own keys, then those of Google's accounts; only those that are of use.
    keys: Vec<Arc<Keys>>,
}

impl GoogleChat {
    /// Who signed it; with the address that it is for, where it is for one.
    fn prove(&self, delivery: Delivery<'_>) -> Result<(Proof, Option<String>), Refusal> {
        let token = bearer(delivery.headers)?;
        let project = Expected { issuers: &[CHAT], audiences: &self.projects, at: delivery.at };
        let address = Expected { issuers: &GOOGLE, audiences: &self.addresses, at: delivery.at };
        let (own, google) = (self.keys.first(), self.keys.last());
        let none = Err(Refusal::Unproved);
        let for_project = own
            .filter(|_| !self.projects.is_empty())
            .map_or(none, |keys| Token::proved(token, keys, &project).map(|(proof, _)| (proof, None)));
        match (for_project, google.filter(|_| !self.addresses.is_empty())) {
            (Err(Refusal::Unproved), Some(keys)) => {
                let (proof, token) = Token::proved(token, keys, &address)?;
                let known = token.claim("email").is_some_and(|email| self.emails.iter().any(|known| known == email));
                let address = token.claim("aud").map(ToOwned::to_owned);
                if known && !token.denies("email_verified") { Ok((proof, address)) } else { Err(Refusal::Unproved) }
            }
            (proved, _) => proved,
        }
    }
}

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// Where buttons of an add-on call, if it is one.
    add_on: Option<String>,
    /// Who alone sees the answer; nobody is named where two are among themselves.
    viewer: Option<String>,
    /// How the person is called.
    name: String,
}

impl Doors for GoogleChat {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    /// Everything is answered in the reply.
    fn origins(&self) -> &[String] {
        &[]
    }

    fn install(&self) -> Option<&Install> {
        None
    }

    fn keys(&self) -> &[Arc<Keys>] {
        &self.keys
    }
}

impl Platform for GoogleChat {
    type Letter = Letter;

    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        if !KIND.doors.contains(&delivery.door) {
            return Err(Refusal::NoDoor);
        }
        let (proof, address) = self.prove(delivery)?;
        // An add-on's tokens are always for an address.
        let address = address.or_else(|| self.addresses.first().cloned());
        Ok(Proved::by(proof, incoming::event(delivery.body, address.unwrap_or_default(), delivery.book)?))
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(&letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
