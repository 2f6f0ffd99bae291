//! `saywell send discord "/recover billing"`: signs and posts a command as Discord would, prints what a person would see,
//! presses buttons and sends forms, so that everything can be tried without a server. The key pair is made from a few
//! words; the service must have been started with its public key.

use std::{
    io::{self, Write},
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    chat::{
        TrialFlags,
        proof::{Pair, hex},
        trial::{Asked, Gestures, items, pressed, text},
    },
    say::{
        ask::{CHECK, DRAFT},
        words,
    },
};

/// What `saywell send discord` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The command as it is typed
    #[arg(value_name = "COMMAND", required_unless_present_any = ["key", "message"])]
    line: Option<String>,

    /// The words of a message on which to choose “Check this draft”, in place of a command
    #[arg(long, value_name = "WORDS", conflicts_with = "line")]
    message: Option<String>,

    #[command(flatten)]
    gestures: Gestures,

    /// Any words: the key pair that signs is made from them; whoever knows them can sign, so they are for trying out only
    #[arg(long, env = "DISCORD_TEST_SEED", value_name = "WORDS", hide_env_values = true)]
    seed: String,

    /// Print the public key, for the service's DISCORD_PUBLIC_KEY, and send nothing
    #[arg(long)]
    key: bool,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let pair = Pair::of(&self.seed);
        if self.key {
            return writeln!(out, "{}", pair.public());
        }
        let asked = Asked::of(self.line.as_deref(), self.message.as_deref());
        talk(&Post { asked, gestures: &self.gestures, pair }, out)
    }
}

/// What is sent, to whom, and what is pressed then.
struct Post<'a> {
    /// What is asked.
    asked: Asked<'a>,
    /// To whom, and what is done with the answer.
    gestures: &'a Gestures,
    /// What signs.
    pair: Pair,
}

/// Sends a command, presses what is to be pressed, and writes what a person sees.
///
/// # Errors
/// What went wrong, as it is to be told, or that the output is closed.
fn talk(post: &Post<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", post.asked)?;
    let mut shown = json!({});
    let reply = post.to(2, &post.command(), None)?;
    post.follow(out, &reply, &mut shown)?;
    for label in &post.gestures.press {
        let data = pressed(controls(&shown), label)?;
        writeln!(out, "\n[{label}]")?;
        let reply = post.to(3, &data, Some(&shown))?;
        post.follow(out, &reply, &mut shown)?;
    }
    post.gestures.end()
}

impl Post<'_> {
    /// What Discord sends for what is asked.
    fn command(&self) -> Value {
        match self.asked {
            Asked::Command(command, text) => {
                let option = if command == CHECK { DRAFT } else { "topic" };
                let options = [json!({"name": option, "type": 3, "value": text})];
                let options = options.get(usize::from(text.is_empty())..);
                json!({"id": "1", "type": 1, "name": command, "options": options})
            }
            Asked::Message(words) => json!({
                "id": "1", "type": 3, "name": words::CHECK_MESSAGE, "target_id": "9",
                "resolved": {"messages": {"9": {"id": "9", "content": words}}},
            }),
        }
    }

    /// Shows a reply; a form is filled in and sent, and what comes of that is shown.
    fn follow(&self, out: &mut dyn Write, reply: &Value, shown: &mut Value) -> io::Result<()> {
        show(out, reply, shown)?;
        if number(reply) != 9 {
            return Ok(());
        }
        let form = reply.get("data").unwrap_or(&Value::Null);
        self.gestures.fits(items(form, "/components").map(|label| text(label, "/component/custom_id")))?;
        let form = self.filled(form);
        // What opened from a command has no message below it.
        let below = Some(&*shown).filter(|shown| shown.get("components").is_some());
        let reply = self.to(5, &form, below)?;
        show(out, &reply, shown)
    }

    /// Posts a signed interaction; what was answered with 200.
    fn to(&self, kind: u8, data: &Value, message: Option<&Value>) -> io::Result<Value> {
        let mut body = json!({
            "id": "1", "application_id": "1", "type": kind, "token": "send", "version": 1, "guild_id": "1",
            "channel_id": "1", "context": 0, "locale": "en-US", "data": data,
            "member": {"user": {"id": "1", "username": "you"}, "permissions": "0", "roles": []},
        });
        if let (Some(message), Some(body)) = (message, body.as_object_mut()) {
            body.insert("message".into(), message.clone());
        }
        let body = body.to_string();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()).to_string();
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Signature-Timestamp", &now),
            ("X-Signature-Ed25519", &hex(&self.pair.sign(&[now.as_bytes(), body.as_bytes()]))),
        ];
        let absent = format!("start the service with DISCORD_PUBLIC_KEY={}", self.pair.public());
        let refused = format!("{absent} (or its clock is another)");
        let reply = self.gestures.post("discord/interactions", &headers, &body, [&refused, &absent])?;
        Ok(serde_json::from_slice(&reply)?)
    }

    /// A form as it is sent: with what is to be filled in, or what was there.
    fn filled(&self, form: &Value) -> Value {
        let rows = items(form, "/components").map(|label| {
            let id = text(label, "/component/custom_id");
            let value = self.gestures.given(id).unwrap_or(text(label, "/component/value"));
            json!({"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": id, "value": value}})
        });
        json!({"custom_id": text(form, "/custom_id"), "components": rows.collect::<Vec<_>>()})
    }
}

fn number(reply: &Value) -> u64 {
    reply.get("type").and_then(Value::as_u64).unwrap_or_default()
}

/// What can be pressed in a message: its label, and what Discord sends for it.
fn controls(message: &Value) -> Vec<(&str, Value)> {
    let mut controls = Vec::new();
    for control in items(message, "/components").flat_map(|row| items(row, "/components")) {
        let id = text(control, "/custom_id");
        if !text(control, "/label").is_empty() {
            controls.push((text(control, "/label"), json!({"id": 1, "component_type": 2, "custom_id": id})));
        }
        for option in items(control, "/options") {
            let data = json!({"id": 1, "component_type": 3, "custom_id": id, "values": [option.get("value")]});
            controls.push((text(option, "/label"), data));
        }
    }
    controls
}

/// A reply as a person sees it, as far as a terminal can show it; the private message is kept.
fn show(out: &mut dyn Write, reply: &Value, shown: &mut Value) -> io::Result<()> {
    let data = reply.get("data").unwrap_or(&Value::Null);
    let is_private = number(reply) == 7 || data.get("flags").and_then(Value::as_u64).unwrap_or_default() & 64 != 0;
    if number(reply) == 9 {
        writeln!(out, "  (a form: {})", text(data, "/title"))?;
        return items(data, "/components").try_for_each(|label| {
            let value = text(label, "/component/value");
            writeln!(out, "{} {}", text(label, "/label"), if value.is_empty() { "____" } else { value })
        });
    }
    writeln!(out, "{}", if is_private { "  (only for you)" } else { "  (in the channel)" })?;
    if !text(data, "/content").is_empty() {
        writeln!(out, "{}", read(text(data, "/content")))?;
    }
    for embed in items(data, "/embeds") {
        for part in ["/title", "/description"].iter().map(|part| text(embed, part)).filter(|part| !part.is_empty()) {
            writeln!(out, "  · {}", read(part.trim()))?;
        }
        for field in items(embed, "/fields") {
            writeln!(out, "  · {}: {}", read(text(field, "/name")), read(text(field, "/value")))?;
        }
        if !text(embed, "/footer/text").is_empty() {
            writeln!(out, "  · {}", text(embed, "/footer/text"))?;
        }
    }
    for row in items(data, "/components") {
        let drawn = items(row, "/components").map(|control| {
            let options: Vec<&str> = items(control, "/options").map(|option| text(option, "/label")).collect();
            match text(control, "/label") {
                "" => format!("[{} ▾ {}]", text(control, "/placeholder"), options.join(" | ")),
                label => format!("[{label}]"),
            }
        });
        writeln!(out, "{}", drawn.collect::<Vec<_>>().join(" "))?;
    }
    if is_private {
        *shown = data.clone();
    }
    Ok(())
}

/// Without Discord's backslashes.
fn read(markdown: &str) -> String {
    let mut shown = String::new();
    let mut rest = markdown.chars();
    while let Some(c) = rest.next() {
        if c == '\\' { shown.extend(rest.next()) } else { shown.push(c) }
    }
    shown
}
