//! `saywell send`: a command to a running service as a platform would send it, and what a person would see, so that
//! everything can be tried without a workspace.

mod discord;
mod mattermost;
mod sink;
mod slack;

use std::{fmt, io, process::ExitCode};

use clap::{Args, Subcommand};

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
        let line = line.unwrap_or_default().trim();
        let (command, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        message.map_or(Self::Command(command.trim_start_matches('/'), text.trim()), Self::Message)
    }
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
        match &self.platform {
            Platform::Slack { line, message, gestures: Gestures { url, press, fill }, signing_secret, hooks } => {
                let asked = Asked::of(line.as_deref(), message.as_deref());
                let secret = Secret::new(first(signing_secret, &[',']));
                slack::slack(&slack::Post { asked, url, press, fill, secret, hooks }, out)
            }
            Platform::Mattermost { line, gestures: Gestures { url, press, fill }, token, site } => {
                let token = &first(token, &[',', '=']);
                mattermost::mattermost(&mattermost::Post { line, url, press, fill, token, site }, out)
            }
            Platform::Discord { key: true, seed, .. } => super::print(&Pair::of(seed).public()),
            Platform::Discord { line, message, gestures: Gestures { url, press, fill }, seed, .. } => {
                let asked = Asked::of(line.as_deref(), message.as_deref());
                discord::discord(&discord::Post { asked, url, press, fill, pair: Pair::of(seed) }, out)
            }
        }
    }
}

fn slot(text: &str) -> Result<(String, String), String> {
    let (name, words) = text.split_once('=').ok_or("expected a slot and its words, such as customer=Ana")?;
    Ok((name.to_owned(), words.to_owned()))
}
