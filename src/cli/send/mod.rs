//! `saywell send`: a command to a running service as a platform would send it, and what a person would see, so that
//! everything can be tried without a workspace.

mod discord;
mod mattermost;
mod sink;
mod slack;

use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{
    chat::proof::{Pair, Secret},
    say::words,
};

#[derive(Debug, Args)]
pub(super) struct Send {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Debug, Subcommand)]
enum Platform {
    /// Sign and post a command as Slack would: saywell send slack "/recover billing" --press Another
    Slack {
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
        #[arg(long, env = "SLACK_HOOKS_ORIGIN", default_value = slack::HOOKS, value_name = "ORIGIN")]
        hooks: String,
    },
    /// Post a command as Mattermost would: saywell send mattermost "/recover billing" --press Another
    Mattermost {
        /// The command as it is typed
        #[arg(value_name = "COMMAND")]
        line: String,

        #[command(flatten)]
        gestures: Gestures,

        /// A token that the service has
        #[arg(long, env = "MATTERMOST_TOKEN", value_name = "TOKEN", hide_env_values = true)]
        token: String,

        /// A port of this machine that stands for the server; the service must have been started with the same
        #[arg(long, env = "MATTERMOST_SITE_URL", default_value = mattermost::SITE, value_name = "ADDRESS")]
        site: String,
    },
    /// Sign and post a command as Discord would: saywell send discord "/recover billing" --press Share
    Discord {
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
    },
}

/// To whom, and what is done with the answer.
#[derive(Debug, Args)]
struct Gestures {
    /// The running service
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "ADDRESS")]
    url: String,

    /// A button, or an entry of a menu, to press; given again, they are pressed one after the other
    #[arg(long, value_name = "LABEL")]
    press: Vec<String>,

    /// What to enter wherever a form shows; may be given again
    #[arg(long, value_name = "SLOT=WORDS", value_parser = slot)]
    fill: Vec<(String, String)>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
enum Asked<'a> {
    /// A command as it is typed, `/recover billing`: its name without the slash, and the rest.
    Command(&'a str, &'a str),
    /// The review of a message with these words.
    Message(&'a str),
}

impl<'a> Asked<'a> {
    fn of(line: Option<&'a str>, message: Option<&'a str>) -> Self {
        let (command, text) = typed(line.unwrap_or_default());
        message.map_or(Self::Command(command, text), Self::Message)
    }
}

/// The name of a command without its slash, and the rest.
fn typed(line: &str) -> (&str, &str) {
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

impl Send {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        // Of several secrets the first is the one in use; a token may have its server's address with it.
        let first = |secrets: &str, ends: &[char]| secrets.split(ends).next().unwrap_or_default().trim().to_owned();
        let out = &mut anstream::stdout().lock();
        let said = match &self.platform {
            Platform::Slack { line, message, gestures, signing_secret, hooks } => {
                let asked = Asked::of(line.as_deref(), message.as_deref());
                let secret = Secret::new(first(signing_secret, &[',']));
                slack::talk(&slack::Post { asked, gestures, secret, hooks }, out)
            }
            Platform::Mattermost { line, gestures, token, site } => {
                let token = &first(token, &[',', '=']);
                mattermost::talk(&mattermost::Post { asked: typed(line), gestures, token, site }, out)
            }
            Platform::Discord { key: true, seed, .. } => return super::print(&Pair::of(seed).public()),
            Platform::Discord { line, message, gestures, seed, .. } => {
                let asked = Asked::of(line.as_deref(), message.as_deref());
                discord::talk(&discord::Post { asked, gestures, pair: Pair::of(seed) }, out)
            }
        };
        match said {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(error),
            Err(error) => writeln!(out, "{error}").map(|()| ExitCode::FAILURE),
        }
    }
}

impl Gestures {
    /// Posts to a door of the service; what was answered with 200. `refused` and `absent` say what the service must have
    /// been started with, where it does not know us or has no such door.
    fn post(
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
    fn fits<'f>(&self, fields: impl Iterator<Item = &'f str>) -> io::Result<()> {
        let fields: Vec<&str> = fields.collect();
        let unknown = self.fill.iter().find(|(name, _)| !fields.contains(&name.as_str()));
        match unknown {
            Some((name, _)) if !fields.is_empty() => {
                Err(io::Error::other(format!("The form has no `{name}`. It has: {}.", fields.join(", "))))
            }
            _ => Ok(()),
        }
    }

    /// What is to be entered for a slot.
    fn given(&self, slot: &str) -> Option<&str> {
        self.fill.iter().find(|(name, _)| name == slot).map(|(_, words)| words.as_str())
    }
}

/// What is sent where the control with this label is pressed, of all that can be.
fn pressed(controls: Vec<(&str, Value)>, label: &str) -> io::Result<Value> {
    let labels: Vec<&str> = controls.iter().map(|(label, _)| *label).collect();
    let unknown = format!("There is nothing called “{label}” here. There is: {}.", labels.join(", "));
    let found = controls.into_iter().find(|(known, _)| known.to_lowercase() == label.to_lowercase());
    found.map(|(_, sent)| sent).ok_or_else(|| io::Error::other(unknown))
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn items<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn slot(text: &str) -> Result<(String, String), String> {
    let (name, words) = text.split_once('=').ok_or("expected a slot and its words, such as customer=Ana")?;
    Ok((name.to_owned(), words.to_owned()))
}
