//! What Telegram is told about the commands, which clients then suggest. In groups they are sent so that nobody else sees
//! them, where the client can do that, and the answer is for that person alone as well.

use std::borrow::Cow;

use serde::Serialize;
use thiserror::Error;

use crate::{
    chat::markup::plain,
    say::{
        ask::CHECK,
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

/// Commands of a list.
const COMMANDS: usize = 100;
/// What is said about one.
const DESCRIPTION: usize = 256;

/// Why there is nothing to register: more commands than Telegram takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "Telegram takes {COMMANDS} commands of a bot, and the phrasebook has {_0} with /{UMBRELLA}, /{CHECK} and /help: \
     leave some out (all of them work as /{UMBRELLA} and the command's name)"
)]
pub(super) struct TooMany(usize);

/// A list of commands, for some of the chats.
#[derive(Debug, Serialize)]
pub(super) struct Commands<'a> {
    commands: Vec<Command<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "they are Telegram's")]
struct Command<'a> {
    command: String,
    description: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_ephemeral: Option<bool>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Scope {
    #[serde(rename = "type")]
    kind: &'static str,
}

/// Which chats, and whether commands are sent there so that nobody else sees them.
const SCOPES: [(Option<&str>, bool); 4] = [
    (None, false),
    (Some("all_private_chats"), false),
    (Some("all_group_chats"), true),
    (Some("all_chat_administrators"), true),
];

/// Every command of the book, the umbrella command, `check` and `help`: a list for every kind of chat.
///
/// # Errors
/// Where they are too many.
pub(super) fn commands(book: &Phrasebook) -> Result<Vec<Commands<'_>>, TooMany> {
    let ours = [(UMBRELLA, words::UMBRELLA_ABOUT), (CHECK, words::CHECK_ABOUT), ("help", words::HELP_ABOUT)];
    let all: Vec<(&str, &str)> =
        book.commands.iter().map(|command| (&*command.name, &*command.about)).chain(ours).collect();
    if all.len() > COMMANDS {
        return Err(TooMany(all.len()));
    }
    let list = |(kind, for_one): (Option<&'static str>, bool)| {
        let command = |(name, about): &(&str, &'_ str)| Command {
            // There are no dashes in names of commands, and no underscores in ours.
            command: name.replace('-', "_"),
            description: plain(about, DESCRIPTION).into_owned().into(),
            is_ephemeral: for_one.then_some(true),
        };
        Commands { commands: all.iter().map(command).collect(), scope: kind.map(|kind| Scope { kind }) }
    };
    Ok(SCOPES.into_iter().map(list).collect())
}

impl Commands<'_> {
    /// Their names, as they are typed.
    pub(super) fn names(&self) -> Vec<String> {
        self.commands.iter().map(|command| format!("/{}", command.command)).collect()
    }
}
