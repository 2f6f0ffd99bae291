//! What `saywell send` has in common for all platforms: a client that posts to a running service, presses buttons, fills in
//! forms and shows what a person would see. Each platform's own is in its folder.

mod sink;

use std::{cell::Cell, fmt, io, time::Duration};

use clap::Args;
use serde_json::Value;

use crate::say::words;
pub(super) use sink::Sink;

/// To whom, and what is done with the answer.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Gestures {
    /// The running service
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "ADDRESS")]
    url: String,

    /// A button, or an entry of a menu, to press; given again, they are pressed one after the other
    #[arg(long, value_name = "LABEL")]
    pub(super) press: Vec<String>,

    /// What to enter wherever a form shows; may be given again
    #[arg(long, value_name = "SLOT=WORDS", value_parser = slot)]
    fill: Vec<(String, String)>,

    /// Whether there was a form to enter it in.
    #[arg(skip)]
    asked: Cell<bool>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// A command as it is typed, `/recover billing`: its name without the slash, and the rest.
    Command(&'a str, &'a str),
    /// The review of a message with these words.
    Message(&'a str),
}

impl<'a> Asked<'a> {
    pub(super) fn of(line: Option<&'a str>, message: Option<&'a str>) -> Self {
        let (command, text) = typed(line.unwrap_or_default());
        message.map_or(Self::Command(command, text), Self::Message)
    }
}

/// The name of a command without its slash, and the rest.
pub(super) fn typed(line: &str) -> (&str, &str) {
    let line = line.trim();
    let (command, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (command.trim_start_matches('/'), text.trim())
}

/// The line that says what is asked.
impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command, text) => write!(f, "/{command} {text}"),
            Self::Message(words) => write!(f, "{words}\n\n[{}]", words::CHECK_MESSAGE),
        }
    }
}

/// Of several secrets the first is the one in use.
pub(super) fn first<'s>(secrets: &'s str, ends: &[char]) -> &'s str {
    secrets.split(ends).next().unwrap_or_default().trim()
}

impl Gestures {
    /// Posts to a door of the service; what was answered with 200. `refused` and `absent` say what the service must have
    /// been started with, where it does not know us or has no such door.
    pub(super) fn post(
        &self,
        door: &str,
        headers: &[(&str, &str)],
        body: &str,
        [refused, absent]: [&str; 2],
    ) -> io::Result<Vec<u8>> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(5)))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build()
            .into();
        let url = format!("{}/{door}", self.url.trim_end_matches('/'));
        let request = headers.iter().fold(agent.post(&url), |request, (name, value)| request.header(*name, *value));
        let mut response =
            request.send(body.as_bytes()).map_err(|error| io::Error::other(format!("{url}: {error}")))?;
        Err(io::Error::other(match response.status().as_u16() {
            200 => return response.body_mut().read_to_vec().map_err(io::Error::other),
            401 => format!("401: {refused}."),
            404 => format!("404: there is nothing at {url}; {absent}."),
            status => format!("The service answered {status}."),
        }))
    }

    /// Whether a form with these fields, if any, has all that is to be entered.
    pub(super) fn fits<'f>(&self, fields: impl Iterator<Item = &'f str>) -> io::Result<()> {
        let fields: Vec<&str> = fields.collect();
        self.asked.set(self.asked.get() || !fields.is_empty());
        let unknown = self.fill.iter().find(|(name, _)| !fields.contains(&name.as_str()));
        match unknown {
            Some((name, _)) if !fields.is_empty() => {
                Err(io::Error::other(format!("The form has no `{name}`. It has: {}.", fields.join(", "))))
            }
            _ => Ok(()),
        }
    }

    /// The end of the talk: what was to be entered and never could be is said.
    pub(super) fn end(&self) -> io::Result<()> {
        match self.fill.first() {
            Some((name, _)) if !self.asked.get() => Err(io::Error::other(format!(
                "No form was filled in, so `{name}` was not used. Press what opens one: --press \"Fill in\", and what sends \
                 it where it stands in a message: --press Done."
            ))),
            _ => Ok(()),
        }
    }

    /// What is to be entered for a slot.
    pub(super) fn given(&self, slot: &str) -> Option<&str> {
        self.fill.iter().find(|(name, _)| name == slot).map(|(_, words)| words.as_str())
    }
}

/// What is sent where the control with this label is pressed, of all that can be; `Next` is enough for `Next: Own`.
pub(super) fn pressed(controls: Vec<(&str, Value)>, label: &str) -> io::Result<Value> {
    let labels: Vec<&str> = controls.iter().map(|(label, _)| *label).collect();
    let unknown = format!("There is nothing called “{label}” here. There is: {}.", labels.join(", "));
    let label = label.to_lowercase();
    let is_it = |known: &str| known == label || known.split_once(": ").is_some_and(|(kind, _)| kind == label);
    let found = controls.into_iter().find(|(known, _)| is_it(&known.to_lowercase()));
    found.map(|(_, sent)| sent).ok_or_else(|| io::Error::other(unknown))
}

pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn items<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn slot(text: &str) -> Result<(String, String), String> {
    let (name, words) = text.split_once('=').ok_or("expected a slot and its words, such as customer=Ana")?;
    Ok((name.to_owned(), words.to_owned()))
}
