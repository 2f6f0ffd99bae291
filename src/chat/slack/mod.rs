//! Slack: commands, Block Kit, buttons, menus and forms.
//!
//! | door | what comes | what goes back |
//! |---|---|---|
//! | `commands` | a form: a command as it was typed | the answer |
//! | `interactions` | JSON in a form: a click, a choice, a form that was sent | nothing; the answer goes to the click's own address |
//! | `options` | JSON in a form: typing in a menu too long to be sent whole | the options that fit |
//!
//! Every one of them is signed: `v0=` and the HMAC-SHA256 of `v0:{timestamp}:{body}` in lower-case digits, in
//! `X-Slack-Signature`, not more than five minutes old or ahead. Written after Slack's documentation on verifying
//! requests, slash commands, handling interaction and Block Kit, and held against the official SDK in the tests.

mod blocks;
mod guide;
mod incoming;
mod manifest;
mod mrkdwn;
mod outgoing;
mod settings;
mod stand;
mod trial;

use std::slice;

use actix_web::http::header::HeaderName;
use clap::Args as _;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial, address,
    install::Install,
    kind::on,
    origin,
    proof::{HmacKeys, Proof, Proved, SealKeys, Secret, fresh, hex32, sole},
};
use crate::say::answer::Answer;

pub(crate) use settings::Settings;

/// What the program has to know of Slack.
pub const KIND: Kind = Kind {
    name: "slack",
    title: "Slack",
    switch: "SLACK_SIGNING_SECRET",
    doors: &["commands", "interactions", "options"],
    gets: &[],
    settings: Settings::augment_args,
    read: on::<Settings>,
    steps: guide::steps,
    manifest: Some(Tool::of::<manifest::Flags>("Slack's app manifest, to be pasted into a new app")),
    register: None,
    send: Trial::of::<trial::Flags>(
        "Sign and post a command as Slack would: saywell send slack \"/recover billing\" --press Another",
    ),
    stand: stand::STAND,
};

/// The version of what buttons carry. Another form of it is another version; see [`blocks::Value`].
const VERSION: &str = "v1";

const TIMESTAMP: HeaderName = HeaderName::from_static("x-slack-request-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-slack-signature");

/// The name of our form.
const FORM: &str = "fill";

/// How far the clocks may be apart, and how long a request may have been on its way: Slack's own rule.
const WINDOW: u64 = 300;

/// Slack, switched on.
#[derive(Debug, Clone)]
pub struct Slack {
    keys: HmacKeys,
    /// For what a form carries through Slack.
    seals: SealKeys,
    bot_token: Option<Secret>,
    install: Option<Install>,
    /// Where messages go: the hooks, and the API.
    origins: [String; 2],
}

impl Slack {
    /// Where Slack takes messages for a `response_url`.
    pub const HOOKS: &'static str = "https://hooks.slack.com";

    /// Slack with these signing secrets, any of which may have signed.
    #[must_use]
    pub fn new(secrets: &[Secret]) -> Self {
        Self {
            keys: HmacKeys::new(secrets),
            seals: SealKeys::new(secrets),
            bot_token: None,
            install: None,
            origins: [Self::HOOKS.into(), api(Self::HOOKS)],
        }
    }

    /// Another place for messages: a government cloud, a test. The API is then at the same name without its `hooks.`.
    /// None if it is no `http` or `https` origin.
    #[must_use]
    pub fn hooks(mut self, hooks: &str) -> Option<Self> {
        let hooks = origin(hooks)?;
        self.origins = [hooks.clone(), api(&hooks)];
        Some(self)
    }

    /// With a bot token forms open in a window of their own, by a call to the API.
    #[must_use]
    pub fn bot_token(mut self, token: Secret) -> Self {
        self.bot_token = Some(token);
        self
    }

    /// Who signed it, on the bytes as they came.
    fn prove(&self, delivery: Delivery<'_>) -> Result<Proof, Refusal> {
        let Delivery { headers, body, .. } = delivery;
        let seconds = sole(headers, &TIMESTAMP)?;
        let signature = sole(headers, &SIGNATURE)?;
        let mac = signature.strip_prefix("v0=").and_then(hex32).ok_or(Refusal::Unproved)?;
        let proof = self.keys.signed(&[b"v0:", seconds.as_bytes(), b":", body], &mac)?;
        fresh(seconds, delivery.at, WINDOW)?;
        Ok(proof)
    }

    /// The address of a `response_url`, if it is one: under the hooks' origin and with a path of the kinds that Slack has.
    fn hook(&self, url: &str) -> Option<String> {
        let [known, _] = &self.origins;
        let url = address(url).filter(|url| origin(url.as_str()).as_ref() == Some(known))?;
        let kinds = ["/commands/", "/actions/", "/app/"];
        kinds.iter().any(|kind| url.path().starts_with(kind)).then(|| url.into())
    }
}

fn api(hooks: &str) -> String {
    hooks.replacen("://hooks.", "://", 1)
}

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// An address for messages after the reply. It is as good as a key: never logged.
    reply_to: Option<String>,
    /// A ticket for opening a form.
    ticket: Option<String>,
}

impl Doors for Slack {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn origins(&self) -> &[String] {
        let [hooks, _] = &self.origins;
        if self.bot_token.is_some() { &self.origins } else { slice::from_ref(hooks) }
    }

    fn install(&self) -> Option<&Install> {
        self.install.as_ref()
    }
}

impl Platform for Slack {
    type Letter = Letter;

    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        let Delivery { door, body, .. } = delivery;
        let read: fn(&Self, &[u8]) -> Result<Event<Letter>, Refusal> = match door {
            "commands" => |_, body| incoming::command(body),
            "interactions" | "options" => incoming::payload,
            _ => return Err(Refusal::NoDoor),
        };
        match self.prove(delivery) {
            Ok(proof) => Ok(Proved::by(proof, read(self, body)?)),
            // Slack does not sign its look at our certificate. It gets an empty answer, and nothing else can.
            Err(_) if door == "commands" && incoming::is_probe(body) => Ok(Proved::probe()),
            Err(refusal) => Err(refusal),
        }
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(self, &letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
