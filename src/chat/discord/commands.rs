//! What Discord is told about the commands, in one go: it takes the whole list and forgets what is not in it.
//!
//! Every command has a `topic` with suggestions as one types, and no subcommands. Subcommands would hide the bare command
//! and its menu, hold 25 topics at most, take no other words than their names, and need registering again with every
//! new topic. The rest of what one can ask for is options too, because Discord shows what can be typed by its options.
//! `/check` takes a draft instead, and stands in the menu of every message besides.

use std::borrow::Cow;

use serde::Serialize;
use thiserror::Error;

use super::incoming::{MESSAGE, option};
use crate::{
    chat::markup::plain,
    say::{
        ask::{CHECK, DRAFT},
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

/// Slash commands of an application.
const COMMANDS: usize = 100;
/// A description.
const DESCRIPTION: usize = 100;

/// Why there is nothing to register: more commands than Discord takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "Discord takes {COMMANDS} commands of an application, and the phrasebook has {_0} with /{UMBRELLA} and \
     /{CHECK}: leave some out (all of them work as /{UMBRELLA} and the command's name)"
)]
pub(super) struct TooMany(usize);

/// Every command of the book, the umbrella command and `check`, as JSON.
///
/// # Errors
/// Where they are too many.
pub(super) fn commands(book: &Phrasebook) -> Result<String, TooMany> {
    let all = book.commands.iter().map(|command| Command::new(&command.name, &command.about, words::TOPIC_OPTION));
    let umbrella = Command::new(UMBRELLA, words::UMBRELLA_ABOUT, words::UMBRELLA_OPTION);
    let mut commands: Vec<Command<'_>> = all.chain([umbrella, Command::check()]).collect();
    if commands.len() > COMMANDS {
        return Err(TooMany(commands.len()));
    }
    commands.push(Command::check_message());
    Ok(serde_json::to_string_pretty(&commands).unwrap_or_default())
}

/// A command. The phrasebook holds names of at most 31 lower-case letters, digits and dashes, which are names for Discord
/// too.
#[derive(Serialize)]
struct Command<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: u8,
    /// None where it is chosen on a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Parameter>,
    /// Installed in a server, or by a person for themselves.
    integration_types: [u8; 2],
    /// In servers, in private with us, in private with others.
    contexts: [u8; 3],
}

#[derive(Serialize)]
struct Parameter {
    name: &'static str,
    #[serde(rename = "type")]
    kind: u8,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    autocomplete: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ParameterChoice>,
}

#[derive(Serialize)]
struct ParameterChoice {
    name: &'static str,
    value: &'static str,
}

/// A command that is typed.
const SLASH: u8 = 1;

const TEXT: u8 = 3;
const FLAG: u8 = 5;

impl Parameter {
    fn text(name: &'static str, description: &'static str) -> Self {
        Self { name, kind: TEXT, description, autocomplete: None, choices: Vec::new() }
    }
}

impl<'a> Command<'a> {
    fn new(name: &'a str, about: &'a str, topic: &'static str) -> Self {
        let suggested = |parameter| Parameter { autocomplete: Some(true), ..parameter };
        let choices = words::SHOW_CHOICES.map(|(name, value)| ParameterChoice { name, value }).into();
        let options = vec![
            suggested(Parameter::text(option::TOPIC, topic)),
            suggested(Parameter::text(option::FILL, words::FILL_OPTION)),
            Parameter { choices, ..Parameter::text(option::SHOW, words::SHOW_OPTION) },
            Parameter { kind: FLAG, ..Parameter::text(option::SHARE, words::SHARE_OPTION) },
        ];
        Self::of(name, SLASH, Some(plain(about, DESCRIPTION)), options)
    }

    fn check() -> Self {
        let draft = Parameter::text(DRAFT, words::DRAFT_OPTION);
        Self::of(CHECK, SLASH, Some(plain(words::CHECK_ABOUT, DESCRIPTION)), vec![draft])
    }

    fn check_message() -> Self {
        Self::of(words::CHECK_MESSAGE, MESSAGE, None, Vec::new())
    }

    fn of(name: &'a str, kind: u8, description: Option<Cow<'a, str>>, options: Vec<Parameter>) -> Self {
        Self { name, kind, description, options, integration_types: [0, 1], contexts: [0, 1, 2] }
    }
}
