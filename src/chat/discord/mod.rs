//! Discord: commands, what is typed ahead, buttons, menus and forms, all at one door, all answered in the reply itself.
//!
//! | what comes | what goes back |
//! |---|---|
//! | a ping | a pong |
//! | a command | the answer as a message, private unless it is shared |
//! | typing in a command's option | up to 25 choices |
//! | a button or a choice from a menu | the answer in place of the message; a form; the shared words as a new message |
//! | a form that was sent | the answer in place of the message from which it was opened |
//!
//! Each is JSON, signed with Ed25519 over the timestamp's text and the body. Discord sends wrong signatures now and then
//! and unplugs a service that does not answer 401. There is no rule on how old a request may be; ours is in [`WINDOW`].
//! Written after Discord's documentation on interactions, components and messages, and held against its own packages in
//! the tests.
//!
//! The words stand in the message's content, so that copying the message copies the words and nothing else; everything
//! around them is an embed. Buttons carry an ask within 100 characters. Where what was filled in does not fit, all of
//! it stands in the embed's footer, which Discord sends along with every press; see `message`.

mod commands;
mod escape;
mod guide;
mod incoming;
mod message;
mod outgoing;
mod register;
mod settings;
mod stand;
mod trial;

use std::time::Duration;

use clap::Args as _;
use ed25519_dalek::VerifyingKey;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial,
    install::Install,
    kind::on,
    proof::{Ed25519Keys, Proof, Proved, fresh, sole, unhex},
};
use crate::say::answer::Answer;

/// What the program has to know of Discord.
pub const KIND: Kind = Kind {
    name: "discord",
    title: "Discord",
    switch: "DISCORD_PUBLIC_KEY",
    doors: &["interactions"],
    gets: &[],
    settings: settings::Settings::augment_args,
    read: on::<settings::Settings>,
    steps: guide::steps,
    manifest: None,
    register: Some(Tool::of::<register::Flags>(
        "Put every command of the phrasebook in place of those that a Discord application has",
    )),
    send: Trial::of::<trial::Flags>(
        "Sign and post a command as Discord would: saywell send discord \"/recover billing\" --press Share",
    ),
    stand: stand::STAND,
};

/// The version of what buttons carry. Another form of it is another version; see [`message::Ids`].
const VERSION: &str = "v1";

/// How far the clocks may be apart, and how long a request may have been on its way, where nothing else is set. Discord
/// has no rule; its tickets hold for seconds, so that five minutes are generous, and what is older is a replay.
pub const WINDOW: Duration = Duration::from_mins(5);

/// Discord, switched on.
#[derive(Debug, Clone)]
pub struct Discord {
    keys: Ed25519Keys,
    window: u64,
}

impl Discord {
    /// Discord with the public keys of these applications.
    #[must_use]
    pub fn new(keys: Vec<VerifyingKey>) -> Self {
        Self { keys: Ed25519Keys::new(keys), window: WINDOW.as_secs() }
    }

    /// Another window for timestamps; with none, any time is taken.
    #[must_use]
    pub fn window(mut self, window: Option<Duration>) -> Self {
        self.window = window.map_or(u64::MAX, |window| window.as_secs());
        self
    }

    /// Who signed it, on the bytes as they came.
    fn prove(&self, delivery: Delivery<'_>) -> Result<Proof, Refusal> {
        let Delivery { headers, body, .. } = delivery;
        let seconds = sole(headers, "x-signature-timestamp")?;
        // Discord's own library takes capitals too.
        let digits = sole(headers, "x-signature-ed25519")?.to_ascii_lowercase();
        let signature = unhex(&digits).ok_or(Refusal::Unproved)?;
        // Nothing stands between timestamp and body, so a digit could move from one to the other under a true signature.
        if !body.starts_with(b"{") {
            return Err(Refusal::Unproved);
        }
        let proof = self.keys.signed(&[seconds.as_bytes(), body], &signature)?;
        fresh(seconds, delivery.at, self.window)?;
        Ok(proof)
    }
}

/// What is kept of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub enum Letter {
    /// The answer is a message of its own.
    #[default]
    Apart,
    /// Of a form that was opened from a message: the answer takes its place.
    InPlace,
    /// Of an option for words, with what has been typed so far.
    Words(String),
}

impl Doors for Discord {
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
}

impl Platform for Discord {
    type Letter = Letter;

    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        if !KIND.doors.contains(&delivery.door) {
            return Err(Refusal::NoDoor);
        }
        let proof = self.prove(delivery)?;
        Ok(Proved::by(proof, incoming::interaction(delivery.body)?))
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(&letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
