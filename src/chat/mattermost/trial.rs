//! `saywell send mattermost "/recover billing"`: posts a command as Mattermost would, prints what a person would see, and
//! presses buttons and sends forms, so that everything can be tried without a server.
//!
//! What follows a press is sent to the server's site. Here that is a port of this machine, of which the service must have
//! been told (`MATTERMOST_SITE_URL`); it is open for as long as this runs.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::chat::{
    TrialFlags,
    trial::{Gestures, Sink, first, items, pressed, text, typed},
};

/// What `saywell send mattermost` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The command as it is typed
    #[arg(value_name = "COMMAND")]
    line: String,

    #[command(flatten)]
    gestures: Gestures,

    /// A token that the service has
    #[arg(long, env = "MATTERMOST_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    token: String,

    /// A port of this machine that stands for the server; the service must have been started with the same
    #[arg(long, env = "MATTERMOST_SITE_URL", default_value = SITE, value_name = "ADDRESS")]
    site: String,
}

impl TrialFlags for Flags {
    fn run(&self, out: &mut dyn Write) -> io::Result<()> {
        // A token may have its server's address with it.
        let token = first(&self.token, &[',', '=']);
        talk(&Post { asked: typed(&self.line), gestures: &self.gestures, token, site: &self.site }, out)
    }
}

/// What is sent, to whom, and what is pressed then.
struct Post<'a> {
    /// The name of the command without its slash, and the rest.
    asked: (&'a str, &'a str),
    /// To whom, and what is done with the answer.
    gestures: &'a Gestures,
    /// A token that the service has.
    token: &'a str,
    /// Where the service sends what follows a press; a port of this machine.
    site: &'a str,
}

/// Where `send` stands for the server unless it is told otherwise.
const SITE: &str = "http://127.0.0.1:8065";

const USER: &str = "usersendsendsendsendsendse";

/// Sends a command, presses what is to be pressed, and writes what a person sees.
///
/// # Errors
/// What went wrong, as it is to be told, or that the output is closed.
fn talk(post: &Post<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sink = Sink::open(post.site, !post.gestures.press.is_empty())?;
    let (command, text) = post.asked;
    let command = format!("/{command}");
    let hook = format!("{}/hooks/commands/send", post.site.trim_end_matches('/'));
    let fields = [
        ("command", &*command),
        ("text", text),
        ("token", post.token),
        ("user_id", USER),
        ("team_id", "send"),
        ("trigger_id", "send"),
        ("response_url", &hook),
    ];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut shown = post.to("commands", "application/x-www-form-urlencoded", &form)?;
    writeln!(out, "{command} {text}")?;
    show(out, &shown)?;
    for label in &post.gestures.press {
        writeln!(out, "\n[{label}]")?;
        let mut message = post.press(&sink, &shown, label)?;
        if let Some(dialog) = message.get("dialog") {
            show_form(out, dialog)?;
            message = post.submit(&sink, dialog)?;
        }
        show(out, &message)?;
        if message.get("attachments").is_some() {
            shown = message;
        }
    }
    post.gestures.end()
}

impl Post<'_> {
    /// Presses a button; what comes of it, at once or afterwards.
    fn press(&self, sink: &Sink, shown: &Value, label: &str) -> io::Result<Value> {
        let context = pressed(controls(shown), label)?;
        let click = json!({"user_id": USER, "trigger_id": "send", "context": context});
        let reply = self.to("actions", "application/json", &click.to_string())?;
        self.next(sink, reply)
    }

    /// Sends a form, with what is to be filled in or what stood there.
    fn submit(&self, sink: &Sink, dialog: &Value) -> io::Result<Value> {
        self.gestures.fits(items(dialog, "/elements").map(|field| text(field, "/name")))?;
        let entered = items(dialog, "/elements").map(|field| {
            let name = text(field, "/name");
            let given = self.gestures.given(name).map(Value::from);
            (name.to_owned(), given.or_else(|| field.get("default").cloned()).unwrap_or_default())
        });
        let form =
            json!({"user_id": USER, "state": text(dialog, "/state"), "submission": Value::Object(entered.collect())});
        let reply = self.to("dialogs", "application/json", &form.to_string())?;
        self.next(sink, reply)
    }

    fn next(&self, sink: &Sink, reply: Value) -> io::Result<Value> {
        if reply.as_object().is_some_and(|reply| !reply.is_empty()) {
            return Ok(reply);
        }
        let hint = || format!("Nothing came back: start the service with MATTERMOST_SITE_URL={}.", self.site);
        sink.take()?.into_iter().next().ok_or_else(|| io::Error::other(hint()))
    }

    /// Posts to a door; what was answered with 200.
    fn to(&self, door: &str, kind: &str, body: &str) -> io::Result<Value> {
        let refused = "the service has other tokens (MATTERMOST_TOKEN)";
        let absent = "the service needs MATTERMOST_TOKEN";
        let reply =
            self.gestures.post(&format!("mattermost/{door}"), &[("Content-Type", kind)], body, [refused, absent])?;
        Ok(serde_json::from_slice(&reply)?)
    }
}

/// What can be pressed in a message: its label, and the context that the server sends for it.
fn controls(message: &Value) -> Vec<(&str, Value)> {
    let mut controls = Vec::new();
    for action in items(message, "/attachments").flat_map(|attachment| items(attachment, "/actions")) {
        let context = action.pointer("/integration/context").cloned().unwrap_or_default();
        if text(action, "/type") == "button" {
            controls.push((text(action, "/name"), context.clone()));
        }
        for option in items(action, "/options") {
            let mut context = context.clone();
            if let Some(fields) = context.as_object_mut() {
                fields.insert("selected_option".into(), text(option, "/value").into());
            }
            controls.push((text(option, "/text"), context));
        }
    }
    controls
}

/// A message as a person sees it, as far as a terminal can show it.
fn show(out: &mut dyn Write, message: &Value) -> io::Result<()> {
    if let Some(error) = message.get("error").and_then(Value::as_str) {
        return writeln!(out, "  (the form says) {error}");
    }
    let is_shared = text(message, "/response_type") == "in_channel";
    writeln!(out, "{}", if is_shared { "  (in the channel)" } else { "  (only for you)" })?;
    let updated = message.pointer("/update/message").and_then(Value::as_str).unwrap_or_default();
    let written = [text(message, "/text"), text(message, "/ephemeral_text"), updated].concat();
    writeln!(out, "{}", written.replace('\\', "").replace(['\u{200b}'], "").trim_end())?;
    let labels: Vec<String> = controls(message).into_iter().map(|(label, _)| format!("[{label}]")).collect();
    if labels.is_empty() { Ok(()) } else { writeln!(out, "{}", labels.join(" ")) }
}

fn show_form(out: &mut dyn Write, dialog: &Value) -> io::Result<()> {
    writeln!(out, "  ({})", text(dialog, "/title"))?;
    items(dialog, "/elements").try_for_each(|field| {
        let value = field.get("default").and_then(Value::as_str).unwrap_or("____");
        writeln!(out, "{} {value}", text(field, "/help_text"))
    })
}
