//! `saywell send slack "/recover billing"`: signs and posts a command as Slack would, prints what a person would see, and
//! presses buttons, so that everything can be tried without a workspace.
//!
//! What follows a press is sent to `hooks.slack.com`. Here that is a port of this machine, to which the service must have
//! been told to send (`SLACK_HOOKS_ORIGIN`); it is open for as long as this runs.

use std::{
    io::{self, Write},
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Args;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::mrkdwn::unescape;
use crate::{
    chat::{
        TrialFlags,
        proof::{HmacKeys, Secret, hex},
        trial::{Asked, Gestures, Sink, first, items, pressed, text},
    },
    say::ask::CHECK,
};

/// What `saywell send slack` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The command as it is typed
    #[arg(value_name = "COMMAND", required_unless_present = "message")]
    line: Option<String>,

    /// The words of a message on which to choose “Check this draft”, in place of a command
    #[arg(long, value_name = "WORDS", conflicts_with = "line")]
    message: Option<String>,

    #[command(flatten)]
    gestures: Gestures,

    /// The signing secret that the service has
    #[arg(long, env = "SLACK_SIGNING_SECRET", value_name = "SECRET", hide_env_values = true)]
    signing_secret: String,

    /// A port of this machine that stands for hooks.slack.com; the service must have been started with the same
    #[arg(long, env = "SLACK_HOOKS_ORIGIN", default_value = HOOKS, value_name = "ORIGIN")]
    hooks: String,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        let asked = Asked::of(self.line.as_deref(), self.message.as_deref());
        let secret = Secret::from(first(&self.signing_secret, &[',']));
        talk(&Post { asked, gestures: &self.gestures, secret, hooks: &self.hooks }, out)
    }
}

/// What is sent, to whom, and what is pressed then.
#[derive(Debug)]
struct Post<'a> {
    /// What is asked.
    asked: Asked<'a>,
    /// To whom, and what is done with the answer.
    gestures: &'a Gestures,
    /// The signing secret that the service has.
    secret: Secret,
    /// Where the service sends what follows a press; a port of this machine.
    hooks: &'a str,
}

/// Where `send` stands for Slack's hooks unless it is told otherwise.
const HOOKS: &str = "http://127.0.0.1:8099";

/// Sends a command, presses what is to be pressed, and writes what a person sees.
///
/// # Errors
/// What went wrong, as it is to be told, or that the output is closed.
fn talk(post: &Post<'_>, out: &mut dyn Write) -> io::Result<()> {
    let is_message = matches!(post.asked, Asked::Message(_));
    let sink = Sink::open(post.hooks, is_message || !post.gestures.press.is_empty())?;
    let mut shown = match post.asked {
        Asked::Command(command, text) => post.command(command, text)?,
        Asked::Message(words) => post.point(words, &sink)?,
    };
    writeln!(out, "{}", post.asked)?;
    show(out, &shown)?;
    for label in &post.gestures.press {
        let action = pressed(controls(&shown), label)?;
        writeln!(out, "\n[{label}]")?;
        post.gestures.fits(fields(&shown).map(slot))?;
        post.click(&action, &post.entered(&shown))?;
        for message in post.next(&sink)? {
            show(out, &message)?;
            if message.get("replace_original") == Some(&Value::Bool(true)) {
                shown = message;
            }
        }
    }
    post.gestures.end()
}

impl Post<'_> {
    fn hook(&self, kind: &str) -> String {
        format!("{}/{kind}/T0SAYWELL/1/send", self.hooks.trim_end_matches('/'))
    }

    fn command(&self, command: &str, text: &str) -> io::Result<Value> {
        let reply = self.to(
            "commands",
            &[
                ("team_id", "T0SAYWELL"),
                ("channel_id", "C0SAYWELL"),
                ("user_id", "U0SAYWELL"),
                ("command", &format!("/{command}")),
                ("text", text),
                ("response_url", &self.hook("commands")),
                ("trigger_id", "1.1.send"),
            ],
        )?;
        Ok(serde_json::from_slice(&reply)?)
    }

    /// Chooses *Check this draft* on a message; what comes back.
    fn point(&self, words: &str, sink: &Sink) -> io::Result<Value> {
        let payload = json!({
            "type": "message_action", "callback_id": CHECK, "team": {"id": "T0SAYWELL"}, "user": {"id": "U0SAYWELL"},
            "channel": {"id": "C0SAYWELL"}, "trigger_id": "1.1.send", "response_url": self.hook("app"),
            "message_ts": "1.1", "message": {"type": "message", "user": "U0SAYWELL", "ts": "1.1", "text": words},
        });
        self.to("interactions", &[("payload", &payload.to_string())])?;
        Ok(self.next(sink)?.into_iter().next().unwrap_or_default())
    }

    /// The messages that follow; at least one.
    fn next(&self, sink: &Sink) -> io::Result<Vec<Value>> {
        let messages = sink.take()?;
        if messages.is_empty() {
            let hint = "Nothing came back: start the service with SLACK_HOOKS_ORIGIN set to";
            return Err(io::Error::other(format!("{hint} {}.", self.hooks)));
        }
        Ok(messages)
    }

    fn click(&self, action: &Value, values: &Value) -> io::Result<Vec<u8>> {
        let payload = json!({
            "type": "block_actions", "team": {"id": "T0SAYWELL"}, "user": {"id": "U0SAYWELL"},
            "channel": {"id": "C0SAYWELL"}, "trigger_id": "1.2.send", "response_url": self.hook("actions"),
            "actions": [action], "state": {"values": values},
        });
        self.to("interactions", &[("payload", &payload.to_string())])
    }

    /// Posts a signed form; what was answered with 200.
    fn to(&self, door: &str, fields: &[(&str, &str)]) -> io::Result<Vec<u8>> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()).to_string();
        let keys = HmacKeys::new(std::slice::from_ref(&self.secret));
        let mac = keys.sign(&[b"v0:", now.as_bytes(), b":", body.as_bytes()]).unwrap_or_default();
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("X-Slack-Request-Timestamp", &now),
            ("X-Slack-Signature", &format!("v0={}", hex(&mac))),
        ];
        let refused = "the service has another signing secret (SLACK_SIGNING_SECRET), or another time";
        let absent = "the service needs SLACK_SIGNING_SECRET";
        self.gestures.post(&format!("slack/{door}"), &headers, &body, [refused, absent])
    }

    /// What stands in the fields of a form: what is to be filled in, or what was there.
    fn entered(&self, message: &Value) -> Value {
        let values = fields(message).map(|block| {
            let given = self.gestures.given(slot(block)).map(Value::from);
            let value = given.or_else(|| block.pointer("/element/initial_value").cloned());
            (
                text(block, "/block_id").to_owned(),
                json!({text(block, "/element/action_id"): {"type": "plain_text_input", "value": value}}),
            )
        });
        Value::Object(values.collect())
    }
}

fn blocks(message: &Value) -> impl Iterator<Item = &Value> {
    items(message, "/blocks")
}

/// The fields of a form in a message.
fn fields(message: &Value) -> impl Iterator<Item = &Value> {
    blocks(message).filter(|block| text(block, "/type") == "input")
}

/// The slot of a field.
fn slot(field: &Value) -> &str {
    text(field, "/block_id").split(' ').next().unwrap_or_default()
}

/// What can be pressed in a message: its label, and the action that Slack sends for it.
fn controls(message: &Value) -> Vec<(&str, Value)> {
    let mut controls = Vec::new();
    for block in blocks(message) {
        let elements = items(block, "/elements");
        for element in elements.chain(block.get("accessory")) {
            let id = text(element, "/action_id");
            if text(element, "/type") == "button" {
                let action = json!({"type": "button", "action_id": id, "value": text(element, "/value")});
                controls.push((text(element, "/text/text"), action));
            }
            for option in items(element, "/options") {
                let action = json!({"type": "static_select", "action_id": id, "selected_option": option});
                controls.push((text(option, "/text/text"), action));
            }
        }
    }
    controls
}

/// A message as a person sees it, as far as a terminal can show it.
fn show(out: &mut dyn Write, message: &Value) -> io::Result<()> {
    if message.get("delete_original") == Some(&Value::Bool(true)) {
        return writeln!(out, "  (the private message is gone)");
    }
    writeln!(
        out,
        "  ({})",
        if text(message, "/response_type") == "in_channel" { "in the channel" } else { "only for you" }
    )?;
    if blocks(message).next().is_none() {
        return writeln!(out, "{}", unescape(text(message, "/text")));
    }
    for block in blocks(message) {
        let elements = items(block, "/elements");
        match text(block, "/type") {
            "section" => {
                let button = block.get("accessory").map_or(String::new(), |button| format!("   {}", drawn(button)));
                writeln!(out, "{}{button}", shown(text(block, "/text/text")))?;
            }
            "context" => {
                for element in elements {
                    writeln!(out, "  · {}", shown(text(element, "/text")))?;
                }
            }
            "actions" => writeln!(out, "{}", elements.map(drawn).collect::<Vec<_>>().join(" "))?,
            "input" => {
                let value = block.pointer("/element/initial_value").and_then(Value::as_str).unwrap_or("____");
                writeln!(out, "{} {value}", text(block, "/label/text"))?;
            }
            other => writeln!(out, "({other})")?,
        }
    }
    Ok(())
}

/// Without Slack's entities and the marks of bold print.
fn shown(mrkdwn: &str) -> String {
    let bold = mrkdwn.strip_prefix('*').and_then(|rest| rest.split_once('*'));
    bold.map_or_else(|| unescape(mrkdwn).into_owned(), |(bold, rest)| unescape(&format!("{bold}{rest}")).into_owned())
}

fn drawn(element: &Value) -> String {
    let options = items(element, "/options");
    let labels: Vec<&str> = options.map(|option| text(option, "/text/text")).collect();
    match text(element, "/type") {
        "button" => format!("[{}]", text(element, "/text/text")),
        _ => format!("[{} ▾ {}]", text(element, "/placeholder/text"), labels.join(" | ")),
    }
}
