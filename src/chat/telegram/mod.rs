//! Telegram: commands in private chats and groups, buttons, and what is typed after the bot's name in any chat, all at one
//! door, all answered in the reply itself.
//!
//! | what comes | what goes back |
//! |---|---|
//! | a command, or in private any words | the answer as a message; in a group for one person alone, where the command was |
//! | a reply to a message that asks for something | the answer to that, with what was replied |
//! | a button | the answer in place of the message; a message that asks for words; the shared words as a new message |
//! | a query after the bot's name | phrases to choose from |
//! | anything else | nothing |
//!
//! Each is JSON with a secret in a header. A reply carries at most one call of the Bot API, whose result nobody reports: a
//! text too long, or broken markup, is just not there. What is not answered with 200 comes again for a day, so once the
//! secret has been seen right everything is, understood or not. Written after the Bot API 10.3 and its open server, and
//! held against two clients for Python in the tests.
//!
//! Buttons carry an ask within 64 bytes. Where what was filled in does not fit, all of it is the last line of the message,
//! which Telegram sends along with every press. There are no forms: a message asks for the words, ends with the command
//! that they belong to, and is replied to.

pub mod api;
mod commands;
mod escape;
mod guide;
mod incoming;
mod inline;
mod message;
mod outgoing;
mod register;
mod settings;
mod shown;
mod stand;
mod trial;

use clap::Args as _;

use super::{
    Call, Delivery, Doors, Event, Kind, Platform, Refusal, Reply, Tool, Trial,
    install::Install,
    kind::on,
    proof::{Proved, Secret, Tokens, sole},
};
use crate::say::answer::Answer;
use incoming::Letter;
pub(crate) use settings::Settings;

/// What the program has to know of Telegram.
pub const KIND: Kind = Kind {
    name: "telegram",
    title: "Telegram",
    switch: "TELEGRAM_SECRET_TOKEN",
    doors: &["updates"],
    gets: &[],
    settings: Settings::augment_args,
    read: on::<Settings>,
    steps: guide::steps,
    manifest: None,
    register: Some(Tool::of::<register::Flags>(
        "Tell Telegram every command of the phrasebook, and where the service is",
    )),
    send: Trial::of::<trial::Flags>(
        "Post a command as Telegram would: saywell send telegram \"/recover billing\" --press Another",
    ),
    stand: stand::STAND,
};

/// The header in which Telegram sends the secret back.
const HEADER: &str = "x-telegram-bot-api-secret-token";

/// Telegram, switched on.
#[derive(Debug, Clone)]
pub struct Telegram {
    tokens: Tokens,
    bot: Option<String>,
    inline: bool,
}

impl Telegram {
    /// Telegram with these secrets, any of which proves it.
    #[must_use]
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        Self { tokens: Tokens::new(secrets), bot: None, inline: false }
    }

    /// For the bot of this name. Commands that name another one are for that one.
    #[must_use]
    pub fn bot(self, name: Option<String>) -> Self {
        Self { bot: name, ..self }
    }

    /// Whether the bot may be asked in every chat, so that buttons can lead there. Where it may not, Telegram refuses
    /// messages with such buttons.
    #[must_use]
    pub fn inline(self, inline: bool) -> Self {
        Self { inline, ..self }
    }
}

impl Doors for Telegram {
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

impl Platform for Telegram {
    type Letter = Letter;

    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
        if !KIND.doors.contains(&delivery.door) {
            return Err(Refusal::NoDoor);
        }
        let (proof, _) = self.tokens.known(sole(delivery.headers, HEADER)?)?;
        let event = incoming::update(delivery.body, self.bot.as_deref());
        Ok(Proved::by(proof, event.unwrap_or_else(|| Event::Handshake(Reply::default()))))
    }

    fn reply(&self, letter: Letter, call: &Call, answer: &Answer<'_>) -> Reply {
        outgoing::reply(self, letter, call, answer)
    }
}

#[cfg(test)]
mod tests;
