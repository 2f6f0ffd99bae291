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

pub mod guide;
mod incoming;
mod message;
mod outgoing;
pub mod register;

use std::time::Duration;

use ed25519_dalek::VerifyingKey;

use super::{
    Call, Delivery, Event, Platform, Refusal, Reply,
    proof::{Ed25519Keys, Verified, fresh, sole, unhex},
};
use crate::say::answer::Answer;

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
}

impl Platform for Discord {
    fn name(&self) -> &'static str {
        "discord"
    }

    fn doors(&self) -> &'static [&'static str] {
        &["interactions"]
    }

    /// Everything is answered in the reply.
    fn gets(&self) -> &'static [&'static str] {
        &[]
    }

    fn origins(&self) -> &[String] {
        &[]
    }

    fn verify<'a>(&self, delivery: Delivery<'a>) -> Result<Verified<'a>, Refusal> {
        if !self.doors().contains(&delivery.door) {
            return Err(Refusal::NoDoor);
        }
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
        Ok(Verified::by(proof, delivery))
    }

    fn decode(&self, delivery: Verified<'_>) -> Result<Event, Refusal> {
        incoming::interaction(delivery.delivery().body)
    }

    fn encode(&self, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(call, answer)
    }
}

#[cfg(test)]
mod tests;
