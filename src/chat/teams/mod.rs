//! Microsoft Teams: an extension of the message box, and the webhook of a team, both at one door, both answered in the
//! response.
//!
//! | what comes | what goes back |
//! |---|---|
//! | a search in the message box | up to 25 lines, of which one is picked |
//! | a command of the message box, or of a message | a dialog: a menu, a line, a form, the review of a draft |
//! | a button of a dialog | the next dialog; or, where it is *Share*, the words, for the message box |
//! | a mention of a team's outgoing webhook | the words, for everybody in the channel |
//!
//! The extension's deliveries carry a token of Microsoft's Bot Framework, the webhook's an HMAC over the body. Written after
//! Microsoft's documentation on message extensions, cards and outgoing webhooks, and held against its own packages in the tests.
//!
//! What the extension puts into the message box is a card with the words and nothing else. A button carries its ask, so
//! nothing is kept here.

mod card;
mod escape;
mod guide;
mod incoming;
mod manifest;
mod outgoing;
mod package;
mod settings;
mod stand;
mod trial;

use std::sync::Arc;

use actix_web::http::header::AUTHORIZATION;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::Args as _;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial,
    install::Install,
    kind::on,
    proof::{Expected, HmacKeys, Keys, Proof, Proved, Token, bearer, sole},
};
use crate::say::answer::Answer;

/// What the program has to know of Teams.
pub const KIND: Kind = Kind {
    name: "teams",
    title: "Microsoft Teams",
    switch: "TEAMS_APP_ID",
    doors: &["messages"],
    gets: &[],
    settings: settings::Settings::augment_args,
    read: on::<settings::Settings>,
    steps: guide::steps,
    manifest: Some(Tool::of::<manifest::Flags>(
        "Write the app package for Microsoft Teams, with every command of the phrasebook",
    )),
    register: None,
    send: Trial::of::<trial::Flags>(
        "Sign and post a command as Teams would: saywell send teams \"/recover billing\" --press Share",
    ),
    stand: stand::STAND,
};

/// The version of what buttons carry. Another form of it is another version; see [`card::Press`].
const VERSION: &str = "v1";
/// Who issues the tokens of Bot Framework, outside of government clouds.
const ISSUER: &str = "https://api.botframework.com";
/// Where it says what its keys are.
const KEYS: &str = "https://login.botframework.com/v1/.well-known/openidconfiguration";
/// The channel for which its keys have to be good.
const CHANNEL: &str = "msteams";

/// Teams, switched on.
#[derive(Debug)]
pub struct Teams {
    extension: Option<Extension>,
    webhook: Option<Webhook>,
}

/// The extension of the message box: the ids of the apps that it is for, who signs, and with which keys.
#[derive(Debug)]
struct Extension {
    apps: Vec<String>,
    issuer: String,
    keys: [Arc<Keys>; 1],
}

/// Outgoing webhooks: a key for each, and where people get more than the channel is told.
#[derive(Debug)]
struct Webhook {
    keys: HmacKeys,
    more: String,
}

impl Webhook {
    /// Who signed it, on the bytes as they came.
    fn prove(&self, delivery: Delivery<'_>) -> Result<Proof, Refusal> {
        let (_, signature) = sole(delivery.headers, AUTHORIZATION)?.split_once(' ').ok_or(Refusal::Unproved)?;
        let signature = BASE64_STANDARD.decode(signature.trim_matches(' ')).map_err(|_| Refusal::Unproved)?;
        self.keys.signed(&[delivery.body], &signature)
    }
}

impl Extension {
    /// Who signed it, and for which address it was meant.
    fn prove(&self, delivery: Delivery<'_>) -> Result<(Proof, Token), Refusal> {
        let [keys] = &self.keys;
        let expected = Expected { issuers: &[&self.issuer], audiences: &self.apps, at: delivery.at };
        let (proof, token) = Token::proved(bearer(delivery.headers)?, keys, &expected)?;
        if token.is_endorsed(CHANNEL) { Ok((proof, token)) } else { Err(Refusal::Unproved) }
    }
}

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub enum Letter {
    /// The answer is a dialog, or goes into the message box.
    #[default]
    Dialog,
    /// The answer is a list to pick from; with what has been typed.
    Search(String),
    /// The answer goes into the message box.
    Picked,
    /// The answer goes to everybody in a channel, with a word on where there is more.
    Channel(String),
}

impl Doors for Teams {
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
        self.extension.as_ref().map_or(&[], |extension| &extension.keys)
    }
}

impl Platform for Teams {
    type Letter = Letter;

    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        if !KIND.doors.contains(&delivery.door) {
            return Err(Refusal::NoDoor);
        }
        let scheme = sole(delivery.headers, AUTHORIZATION)?.split(' ').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("hmac") {
            let webhook = self.webhook.as_ref().ok_or(Refusal::Unproved)?;
            let proof = webhook.prove(delivery)?;
            return Ok(Proved::by(proof, incoming::mention(delivery.body, &webhook.more)?));
        }
        let extension = self.extension.as_ref().ok_or(Refusal::Unproved)?;
        let (proof, token) = extension.prove(delivery)?;
        let activity = incoming::Activity::read(delivery.body)?;
        // The token says where its answers would go, so that none is of use at another place.
        if token.claim("serviceurl") != Some(activity.service_url()) || !activity.is_of(CHANNEL) {
            return Err(Refusal::Unproved);
        }
        Ok(Proved::by(proof, activity.event()?))
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(&letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
