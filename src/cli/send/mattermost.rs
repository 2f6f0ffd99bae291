//! `saywell send mattermost "/recover billing"`: posts a command as Mattermost would, prints what a person would see, and
//! presses buttons and sends forms, so that everything can be tried without a server.
//!
//! What follows a press is sent to the server's site. Here that is a port of this machine, of which the service must have
//! been told (`MATTERMOST_SITE_URL`); it is open for as long as this runs.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use serde_json::{Value, json};
use url::form_urlencoded;

use super::sink::Sink;

/// What is sent, to whom, and what is pressed then.
pub(super) struct Post<'a> {
    /// The command as it is typed, `/recover billing`.
    pub(super) line: &'a str,
    /// The service, `http://127.0.0.1:8080`.
    pub(super) url: &'a str,
    /// The labels of buttons, or of entries of a menu, to press one after the other.
    pub(super) press: &'a [String],
    /// What is entered wherever a form opens: the slot's name, and its value.
    pub(super) fill: &'a [(String, String)],
    /// A token that the service has.
    pub(super) token: &'a str,
    /// Where the service sends what follows a press; a port of this machine.
    pub(super) site: &'a str,
}

/// Where `send` stands for the server unless it is told otherwise.
pub(super) const SITE: &str = "http://127.0.0.1:8065";

const USER: &str = "usersendsendsendsendsendse";

/// Sends a command, presses what is to be pressed, and prints what a person sees, or what went wrong.
///
/// # Errors
/// Where the output is closed.
pub(super) fn mattermost(post: &Post<'_>, out: &mut dyn Write) -> io::Result<ExitCode> {
    match talk(post, out) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(error),
        Err(error) => writeln!(out, "{error}").map(|()| ExitCode::FAILURE),
    }
}

fn talk(post: &Post<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sink = Sink::open(post.site, !post.press.is_empty())?;
    let (command, text) = post.line.trim().split_once(char::is_whitespace).unwrap_or((post.line.trim(), ""));
    let command = format!("/{}", command.trim_start_matches('/'));
    let hook = format!("{}/hooks/commands/send", post.site.trim_end_matches('/'));
    let fields = [
        ("command", &*command),
        ("text", text.trim()),
        ("token", post.token),
        ("user_id", USER),
        ("team_id", "send"),
        ("trigger_id", "send"),
        ("response_url", &hook),
    ];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut shown = post.to("commands", "application/x-www-form-urlencoded", &form)?;
    writeln!(out, "{command} {}", text.trim())?;
    show(out, &shown)?;
    for label in post.press {
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
    Ok(())
}

impl Post<'_> {
    /// Presses a button; what comes of it, at once or afterwards.
    fn press(&self, sink: &Sink, shown: &Value, label: &str) -> io::Result<Value> {
        let known = controls(shown);
        let Some((_, context)) = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(label)) else {
            let labels: Vec<&str> = known.iter().map(|(label, _)| label.as_str()).collect();
            return Err(other(&format!("There is nothing called “{label}” here. There is: {}.", labels.join(", "))));
        };
        let click = json!({"user_id": USER, "trigger_id": "send", "context": context});
        let reply = self.to("actions", "application/json", &click.to_string())?;
        self.next(sink, reply)
    }

    /// Sends a form, with what is to be filled in or what stood there.
    fn submit(&self, sink: &Sink, dialog: &Value) -> io::Result<Value> {
        let entered = list(dialog, "elements").map(|field| {
            let name = text(field, "name");
            let given = self.fill.iter().find(|(slot, _)| slot == name).map(|(_, value)| Value::from(value.as_str()));
            (name.to_owned(), given.or_else(|| field.get("default").cloned()).unwrap_or_default())
        });
        let form =
            json!({"user_id": USER, "state": text(dialog, "state"), "submission": Value::Object(entered.collect())});
        let reply = self.to("dialogs", "application/json", &form.to_string())?;
        self.next(sink, reply)
    }

    fn next(&self, sink: &Sink, reply: Value) -> io::Result<Value> {
        if !reply.is_null() {
            return Ok(reply);
        }
        let hint = || other(&format!("Nothing came back: start the service with MATTERMOST_SITE_URL={}.", self.site));
        sink.take()?.into_iter().next().ok_or_else(hint)
    }

    /// Posts to a door; what was answered with 200.
    fn to(&self, door: &str, kind: &str, body: &str) -> io::Result<Value> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(5)))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build()
            .into();
        let url = format!("{}/mattermost/{door}", self.url.trim_end_matches('/'));
        let mut response = agent
            .post(&url)
            .content_type(kind)
            .send(body.as_bytes())
            .map_err(|error| other(&format!("{url}: {error}")))?;
        match response.status().as_u16() {
            200 => {
                let body = response.body_mut().read_to_vec().map_err(io::Error::other)?;
                Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
            }
            401 => Err(other("401: the service has other tokens (MATTERMOST_TOKEN).")),
            404 => Err(other(&format!("404: there is no Mattermost at {url}; the service needs MATTERMOST_TOKEN."))),
            status => Err(other(&format!("The service answered {status}."))),
        }
    }
}

fn other(problem: &str) -> io::Error {
    io::Error::other(problem)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// What can be pressed in a message: its label, and the context that the server sends for it.
fn controls(message: &Value) -> Vec<(String, Value)> {
    let mut controls = Vec::new();
    for action in list(message, "attachments").flat_map(|attachment| list(attachment, "actions")) {
        let context = action.pointer("/integration/context").cloned().unwrap_or_default();
        if text(action, "type") == "button" {
            controls.push((text(action, "name").to_owned(), context.clone()));
        }
        for option in list(action, "options") {
            let mut context = context.clone();
            if let Some(fields) = context.as_object_mut() {
                fields.insert("selected_option".into(), text(option, "value").into());
            }
            controls.push((text(option, "text").to_owned(), context));
        }
    }
    controls
}

/// A message as a person sees it, as far as a terminal can show it.
fn show(out: &mut dyn Write, message: &Value) -> io::Result<()> {
    if let Some(error) = message.get("error").and_then(Value::as_str) {
        return writeln!(out, "  (the form says) {error}");
    }
    let is_shared = text(message, "response_type") == "in_channel";
    writeln!(out, "{}", if is_shared { "  (in the channel)" } else { "  (only for you)" })?;
    let updated = message.pointer("/update/message").and_then(Value::as_str).unwrap_or_default();
    let written = [text(message, "text"), text(message, "ephemeral_text"), updated].concat();
    writeln!(out, "{}", written.replace('\\', "").replace(['\u{200b}'], "").trim_end())?;
    let labels: Vec<String> = controls(message).into_iter().map(|(label, _)| format!("[{label}]")).collect();
    if labels.is_empty() { Ok(()) } else { writeln!(out, "{}", labels.join(" ")) }
}

fn show_form(out: &mut dyn Write, dialog: &Value) -> io::Result<()> {
    writeln!(out, "  ({})", text(dialog, "title"))?;
    list(dialog, "elements").try_for_each(|field| {
        let value = field.get("default").and_then(Value::as_str).unwrap_or("____");
        writeln!(out, "{} {value}", text(field, "help_text"))
    })
}
