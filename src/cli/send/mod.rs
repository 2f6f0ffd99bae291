//! `saywell send`: a command to a running service as a platform would send it, and what a person would see, so that
//! everything can be tried without a workspace.

mod discord;
mod slack;

use std::{io, process::ExitCode};

use clap::{Args, Subcommand};

use crate::chat::proof::{Pair, Secret};

#[derive(Debug, Args)]
pub(super) struct Send {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Debug, Subcommand)]
enum Platform {
    /// Sign and post a command as Slack would: saywell send slack "/recover billing" --press Another
    Slack(Slack),
    /// Sign and post a command as Discord would: saywell send discord "/recover billing" --press Share
    Discord(Discord),
}

#[derive(Debug, Args)]
struct Discord {
    /// The command as it is typed
    #[arg(value_name = "COMMAND", required_unless_present = "key")]
    line: Option<String>,

    /// The running service
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "ADDRESS")]
    url: String,

    /// A button, or an entry of a menu, to press; given again, they are pressed one after the other
    #[arg(long, value_name = "LABEL")]
    press: Vec<String>,

    /// What to enter wherever a form shows; may be given again
    #[arg(long, value_name = "SLOT=WORDS", value_parser = slot)]
    fill: Vec<(String, String)>,

    /// Any words: the key pair that signs is made from them; whoever knows them can sign, so they are for trying out only
    #[arg(long, env = "DISCORD_TEST_SEED", value_name = "WORDS", hide_env_values = true)]
    seed: String,

    /// Print the public key, for the service's DISCORD_PUBLIC_KEY, and send nothing
    #[arg(long)]
    key: bool,
}

#[derive(Debug, Args)]
struct Slack {
    /// The command as it is typed
    #[arg(value_name = "COMMAND")]
    line: String,

    /// The running service
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "ADDRESS")]
    url: String,

    /// A button, or an entry of a menu, to press; given again, they are pressed one after the other
    #[arg(long, value_name = "LABEL")]
    press: Vec<String>,

    /// What to enter wherever a form shows; may be given again
    #[arg(long, value_name = "SLOT=WORDS", value_parser = slot)]
    fill: Vec<(String, String)>,

    /// The signing secret that the service has
    #[arg(long, env = "SLACK_SIGNING_SECRET", value_name = "SECRET", hide_env_values = true)]
    signing_secret: String,

    /// A port of this machine that stands for hooks.slack.com; the service must have been started with the same
    #[arg(long, env = "SLACK_HOOKS_ORIGIN", default_value = slack::HOOKS, value_name = "ORIGIN")]
    hooks: String,
}

impl Send {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let slack = match self.platform {
            Platform::Slack(slack) => slack,
            Platform::Discord(discord) => return discord.run(),
        };
        // Of several secrets the first is the one in use.
        let secret = slack.signing_secret.split(',').next().unwrap_or_default().trim();
        let post = slack::Post {
            line: &slack.line,
            url: &slack.url,
            press: &slack.press,
            fill: &slack.fill,
            secret: Secret::new(secret),
            hooks: &slack.hooks,
        };
        slack::slack(&post, &mut anstream::stdout().lock())
    }
}

impl Discord {
    fn run(&self) -> io::Result<ExitCode> {
        let pair = Pair::of(&self.seed);
        if self.key {
            return super::print(&pair.public());
        }
        let line = self.line.as_deref().unwrap_or_default();
        let post = discord::Post { line, url: &self.url, press: &self.press, fill: &self.fill, pair };
        discord::discord(&post, &mut anstream::stdout().lock())
    }
}

fn slot(text: &str) -> Result<(String, String), String> {
    let (name, words) = text.split_once('=').ok_or("expected a slot and its words, such as customer=Ana")?;
    Ok((name.to_owned(), words.to_owned()))
}
