//! `saywell send telegram "/recover billing"`: posts a command as Telegram would, prints what a person would see, presses
//! buttons and replies where words are asked for, so that everything can be tried without a bot.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    HEADER,
    message::length,
    shown::{self, Shown},
};
use crate::{
    chat::{
        TrialFlags,
        trial::{Gestures, first, items, pressed, text},
    },
    say::ask::push_slot,
};

/// What `saywell send telegram` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The command as it is typed; in a chat with the bot any words
    #[arg(value_name = "COMMAND")]
    line: String,

    /// The words of a message that the command is the reply to, such as `/check`
    #[arg(long, value_name = "WORDS")]
    message: Option<String>,

    /// Where it is typed
    #[arg(long, value_enum, default_value = "private")]
    chat: ChatKind,

    #[command(flatten)]
    gestures: Gestures,

    /// A secret that the service has
    #[arg(long, env = "TELEGRAM_SECRET_TOKEN", value_name = "SECRET", hide_env_values = true)]
    secret_token: String,
}

/// Where something is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ChatKind {
    /// In a chat with the bot
    Private,
    /// In a group, with a client that sends commands so that nobody else sees them
    Group,
    /// In a group, where everybody sees it
    Open,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.line.trim())?;
        let mut shown = self.type_in(self.line.trim(), self.message.as_deref().map(|words| json!({"text": words})))?;
        self.show(out, &shown)?;
        for label in &self.gestures.press {
            writeln!(out, "\n[{label}]")?;
            let reply = self.press(out, &shown, label)?;
            self.show(out, &reply)?;
            let reply = if is_prompt(&reply) { self.fill(out, &reply)? } else { reply };
            // What was shared has no buttons.
            if reply.pointer("/reply_markup").is_some() {
                shown = reply;
            }
        }
        self.gestures.end()
    }
}

impl Flags {
    /// Types a message; it may be a reply.
    fn type_in(&self, line: &str, to: Option<Value>) -> io::Result<Value> {
        let command = line.split(char::is_whitespace).next().filter(|word| word.starts_with('/')).unwrap_or_default();
        let mut message =
            json!({"message_id": 77, "date": 1, "from": person(), "chat": self.where_it_is(), "text": line});
        let fields = [
            ("entities", (!command.is_empty()).then(|| entities(&[("bot_command", 0, length(command))]))),
            ("ephemeral_message_id", (self.chat == ChatKind::Group).then(|| 5.into())),
            ("reply_to_message", to),
        ];
        add(&mut message, fields);
        self.post(&json!({"update_id": 1, "message": message}))
    }

    /// Presses a button; what comes of it.
    fn press(&self, out: &mut dyn Write, shown: &Value, label: &str) -> io::Result<Value> {
        match pressed(controls(shown), label)? {
            Value::String(data) => {
                let press = json!({"id": "1", "from": person(), "message": self.sent(shown), "chat_instance": "1", "data": data});
                self.post(&json!({"update_id": 1, "callback_query": press}))
            }
            does => {
                let copied = text(&does, "/copy_text/text");
                let query = text(&does, "/switch_inline_query");
                writeln!(out, "{copied}{query}")?;
                Ok(shown.clone())
            }
        }
    }

    /// Replies with what is to be filled in, or sends the command that the message ends with, with that in it.
    fn fill(&self, out: &mut dyn Write, prompt: &Value) -> io::Result<Value> {
        let shown = read(prompt);
        let names: Vec<&str> = codes(&shown).filter(|code| !code.starts_with('/')).collect();
        self.gestures.fits(names.iter().copied())?;
        let mut words = String::new();
        for name in names {
            self.gestures.given(name).into_iter().for_each(|value| push_slot(&mut words, name, value));
        }
        let line = match self.chat {
            ChatKind::Private => words.trim().to_owned(),
            _ => format!("{}{words}", codes(&shown).last().unwrap_or_default()),
        };
        writeln!(out, "\n{line}")?;
        let reply = self.type_in(&line, (self.chat == ChatKind::Private).then(|| self.sent(prompt)))?;
        self.show(out, &reply)?;
        Ok(reply)
    }

    /// A message of ours, as Telegram has it.
    fn sent(&self, message: &Value) -> Value {
        let Shown { text, entities: parts } = read(message);
        let bot = json!({"id": 999, "is_bot": true, "first_name": "Saywell"});
        let mut sent = json!({"message_id": 78, "date": 1, "from": bot, "chat": self.where_it_is(), "text": text, "entities": entities(&parts)});
        add(&mut sent, [("ephemeral_message_id", is_for_one(message).then(|| 6.into()))]);
        sent
    }

    fn where_it_is(&self) -> Value {
        match self.chat {
            ChatKind::Private => json!({"id": 111, "type": "private"}),
            _ => json!({"id": -1_001_234_567_890_i64, "type": "supergroup", "title": "Support"}),
        }
    }

    /// Posts an update; what was answered with 200.
    fn post(&self, update: &Value) -> io::Result<Value> {
        let headers = [("Content-Type", "application/json"), (HEADER, first(&self.secret_token, &[',']))];
        let refused = "the service has other secrets (TELEGRAM_SECRET_TOKEN)";
        let absent = "the service needs TELEGRAM_SECRET_TOKEN";
        let reply = self.gestures.post("telegram/updates", &headers, &update.to_string(), [refused, absent])?;
        if reply.is_empty() {
            return Err(io::Error::other("The service has nothing to say to that."));
        }
        Ok(serde_json::from_slice(&reply)?)
    }

    /// A message as a person sees it, as far as a terminal can show it.
    fn show(&self, out: &mut dyn Write, message: &Value) -> io::Result<()> {
        let who = match self.chat {
            ChatKind::Private => "  (in the chat with the bot)",
            _ if is_for_one(message) => "  (only for you)",
            _ => "  (for everyone in the group)",
        };
        writeln!(out, "{who}")?;
        writeln!(out, "{}", read(message).text.replace('\u{200b}', ""))?;
        for row in items(message, "/reply_markup/inline_keyboard") {
            let labels: Vec<String> = items(row, "").map(|button| format!("[{}]", text(button, "/text"))).collect();
            writeln!(out, "{}", labels.join(" "))?;
        }
        Ok(())
    }
}

fn person() -> Value {
    json!({"id": 111, "is_bot": false, "first_name": "You"})
}

fn entities(parts: &[(&str, usize, usize)]) -> Value {
    parts.iter().map(|(kind, offset, length)| json!({"type": kind, "offset": offset, "length": length})).collect()
}

/// Adds the fields that there are.
fn add<const N: usize>(message: &mut Value, fields: [(&str, Option<Value>); N]) {
    if let Some(message) = message.as_object_mut() {
        message.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
}

fn read(message: &Value) -> Shown {
    shown::read(text(message, "/text")).unwrap_or_default()
}

/// Whether nobody else sees it.
fn is_for_one(message: &Value) -> bool {
    ["/ephemeral_message_parameters", "/ephemeral_message_id"].iter().any(|part| message.pointer(part).is_some())
}

/// Whether it asks for words: it ends with a command.
fn is_prompt(message: &Value) -> bool {
    let shown = read(message);
    let last = codes(&shown).last().filter(|code| code.starts_with('/'));
    last.is_some_and(|code| shown.text.ends_with(code))
}

/// What stands in a message as it is typed.
fn codes(shown: &Shown) -> impl Iterator<Item = &str> {
    let units: Vec<usize> = shown.text.char_indices().flat_map(|(at, c)| vec![at; c.len_utf16()]).collect();
    let end = shown.text.len();
    let place = move |unit: usize| units.get(unit).copied().unwrap_or(end);
    let codes = shown.entities.iter().filter(|(kind, ..)| *kind == "code");
    codes.filter_map(move |(_, offset, length)| shown.text.get(place(*offset)..place(offset + length)))
}

/// What can be pressed in a message: its label, and what Telegram sends for it, or what the client does.
fn controls(message: &Value) -> Vec<(&str, Value)> {
    let buttons = items(message, "/reply_markup/inline_keyboard").flat_map(|row| items(row, ""));
    buttons.map(|button| (text(button, "/text"), button.get("callback_data").unwrap_or(button).clone())).collect()
}
