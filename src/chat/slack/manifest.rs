//! The manifest that registers everything with Slack in one go. JSON, which Slack takes as it is, and which is YAML too.

use clap::Args;
use serde::Serialize;
use thiserror::Error;

use crate::{
    chat::{self, BookFlags, hint},
    say::{
        ask::CHECK,
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

/// Slack's limits, from its manifest schema.
mod most {
    pub(super) const COMMANDS: usize = 50;
    pub(super) const COMMAND: usize = 32;
    pub(super) const DESCRIPTION: usize = 2_000;
    pub(super) const URL: usize = 3_000;
}

/// What `saywell manifest slack` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address under which Slack reaches the service, https://saywell.example.com
    #[arg(long, value_name = "ADDRESS", required_unless_present = "socket_mode")]
    url: Option<String>,

    /// With the address to which people of other workspaces come back after installing
    #[arg(long)]
    install: bool,

    /// For `saywell connect slack`, which needs no address
    #[arg(long, conflicts_with_all = ["url", "install"])]
    socket_mode: bool,
}

impl BookFlags for Flags {
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        manifest(book, self.url.as_deref(), self.install)
            .map_err(|unfit| unfit.iter().map(ToString::to_string).collect())
    }
}

/// Why there is no manifest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Unfit {
    /// The address is not one that Slack can call, and why.
    #[error("Slack cannot call `{_0}`, which {_1}: give an address like https://saywell.example.com")]
    Address(String, &'static str),
    /// More commands than an app may have.
    #[error(
        "Slack takes {} commands of an app, and the phrasebook has {_0} with /{UMBRELLA} and /{CHECK}: leave some out (all \
         of them work as /{UMBRELLA} and the command's name)",
        most::COMMANDS
    )]
    TooMany(usize),
    /// A command's name has the wrong length.
    #[error("Slack takes names of 2 to {} characters with the slash, which {_0} is not", most::COMMAND)]
    Name(String),
    /// A command has no description, or too long a one.
    #[error("Slack wants a description of 1 to {} characters, which {_0} has not", most::DESCRIPTION)]
    Description(String),
}

/// The manifest of an app with every command of the book, `check` and its entry in the menu of messages, for a service at
/// this address, or by Socket Mode where there is none. `installs` adds where people of other workspaces come back to
/// after they have agreed.
///
/// # Errors
/// Everything that Slack would refuse.
pub(super) fn manifest(book: &Phrasebook, base: Option<&str>, installs: bool) -> Result<String, Vec<Unfit>> {
    let mut unfit = Vec::new();
    let fits = |address: &String| address.len() + "/slack/interactions".len() <= most::URL;
    let checked = |base: &str| {
        let address = chat::public(base)?;
        if fits(&address) { Ok(address) } else { Err("is too long") }
    };
    let address =
        base.and_then(|base| checked(base).map_err(|why| unfit.push(Unfit::Address(base.to_owned(), why))).ok());
    let at = |path: &str| address.as_ref().map(|address| format!("{address}{path}"));
    let typed = |name: &str, about: &str, usage_hint| SlashCommand {
        command: format!("/{name}"),
        url: at("/slack/commands"),
        description: about.to_owned(),
        usage_hint,
        should_escape: false,
    };
    let mut commands: Vec<SlashCommand> =
        book.commands.iter().map(|command| typed(&command.name, &command.about, hint(command))).collect();
    commands.push(typed(UMBRELLA, words::UMBRELLA_ABOUT, words::UMBRELLA_HINT.into()));
    commands.push(typed(CHECK, words::CHECK_ABOUT, words::CHECK_HINT.into()));
    if commands.len() > most::COMMANDS {
        unfit.push(Unfit::TooMany(commands.len()));
    }
    for command in &commands {
        if !(2..=most::COMMAND).contains(&command.command.chars().count()) {
            unfit.push(Unfit::Name(command.command.clone()));
        }
        if !(1..=most::DESCRIPTION).contains(&command.description.chars().count()) {
            unfit.push(Unfit::Description(command.command.clone()));
        }
    }
    if !unfit.is_empty() {
        return Err(unfit);
    }
    let redirects = if installs { at("/slack/oauth").into_iter().collect() } else { Vec::new() };
    let manifest = Manifest {
        _metadata: Metadata { major_version: 2, minor_version: 1 },
        display_information: Display { name: "Saywell", description: words::UMBRELLA_ABOUT },
        features: Features {
            bot_user: Bot { display_name: UMBRELLA, always_online: true },
            shortcuts: [Shortcut {
                name: words::CHECK_MESSAGE,
                kind: "message",
                callback_id: CHECK,
                description: words::CHECK_ABOUT,
            }],
            slash_commands: commands,
        },
        oauth_config: Oauth { redirect_urls: redirects, scopes: Scopes { bot: ["commands"] } },
        settings: AppSettings {
            interactivity: Interactivity {
                is_enabled: true,
                request_url: at("/slack/interactions"),
                message_menu_options_url: at("/slack/options"),
            },
            org_deploy_enabled: false,
            socket_mode_enabled: base.is_none(),
            token_rotation_enabled: false,
        },
    };
    Ok(serde_json::to_string_pretty(&manifest).unwrap_or_default())
}

#[derive(Serialize)]
struct Manifest {
    _metadata: Metadata,
    display_information: Display,
    features: Features,
    oauth_config: Oauth,
    settings: AppSettings,
}

#[derive(Serialize)]
struct Metadata {
    major_version: u8,
    minor_version: u8,
}

#[derive(Serialize)]
struct Display {
    name: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
struct Features {
    bot_user: Bot,
    shortcuts: [Shortcut; 1],
    slash_commands: Vec<SlashCommand>,
}

#[derive(Serialize)]
struct Bot {
    display_name: &'static str,
    always_online: bool,
}

/// An entry in the menu of every message.
#[derive(Serialize)]
struct Shortcut {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    callback_id: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
struct SlashCommand {
    command: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    description: String,
    usage_hint: String,
    should_escape: bool,
}

#[derive(Serialize)]
struct Oauth {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirect_urls: Vec<String>,
    scopes: Scopes,
}

#[derive(Serialize)]
struct Scopes {
    bot: [&'static str; 1],
}

#[derive(Serialize)]
struct AppSettings {
    interactivity: Interactivity,
    org_deploy_enabled: bool,
    socket_mode_enabled: bool,
    token_rotation_enabled: bool,
}

#[derive(Serialize)]
struct Interactivity {
    is_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_menu_options_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{say::book::Source, shelf::tests::book};

    #[test]
    fn every_command_of_the_book_is_in_it() {
        let book = book();
        let manifest = manifest(book, Some("https://saywell.example.test/"), false).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        let commands = manifest["features"]["slash_commands"].as_array().unwrap();
        assert_eq!(commands.len(), book.commands.len() + 2);
        for command in commands {
            assert_eq!(command["url"], "https://saywell.example.test/slack/commands");
            let hint = command["usage_hint"].as_str().unwrap();
            assert!(hint.starts_with('[') && hint.len() <= 120, "{hint}");
        }
        let shortcut = &manifest["features"]["shortcuts"][0];
        assert_eq!((&shortcut["type"], &shortcut["callback_id"]), (&"message".into(), &"check".into()));
        let interactivity = &manifest["settings"]["interactivity"];
        assert_eq!(interactivity["request_url"], "https://saywell.example.test/slack/interactions");
        assert_eq!(interactivity["message_menu_options_url"], "https://saywell.example.test/slack/options");
        assert!(manifest["oauth_config"].get("redirect_urls").is_none());
        assert!(super::manifest(book, Some("https://x.test"), true).unwrap().contains("https://x.test/slack/oauth"));
    }

    #[test]
    fn with_socket_mode_there_is_no_address_in_it() {
        let manifest = manifest(book(), None, false).unwrap();
        assert!(!manifest.contains("http") && !manifest.contains("url\""), "{manifest}");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["settings"]["socket_mode_enabled"], true);
        assert_eq!(manifest["settings"]["interactivity"]["is_enabled"], true);
        assert_eq!(manifest["features"]["slash_commands"].as_array().unwrap().len(), book().commands.len() + 2);
    }

    #[test]
    fn what_slack_would_refuse_is_said_at_once() {
        for base in
            ["", "saywell.example.test", "ftp://x", "https://u:p@x", "https://x?y", "https://x#y", "https://127.0.0.1"]
        {
            let unfit = manifest(book(), Some(base), false).unwrap_err();
            assert!(matches!(&*unfit, [Unfit::Address(url, _)] if url == base), "{unfit:?}");
        }
        let article = "[a]\ntitle = \"T\"\nauthor = \"A\"\nschool = \"S\"\nadvice = \"V.\"\n";
        let phrase =
            |id| format!("[[topic.t.phrase]]\nid = \"{id}\"\nsay = \"Say {id}.\"\nwhy = \"W.\"\nsource = \"a\"\n");
        let topic = "[topic.t]\ntitle = \"T\"\nwhen = \"W.\"\ntip = \"T.\"\navoid = \"A.\"\n";
        let text = format!("title = \"C\"\nabout = \"A.\"\n{topic}{}{}", phrase("one"), phrase("two"));
        let mut sources = vec![Source { name: "sources.toml".into(), layer: 0, text: article.into() }];
        sources.extend((0..50).map(|number| Source {
            name: format!("c{number}.toml"),
            layer: 0,
            text: text.clone().into(),
        }));
        let book = Phrasebook::parse(&sources, &[]).unwrap();
        let unfit = manifest(&book, Some("https://x.test"), false).unwrap_err();
        assert_eq!(unfit, [Unfit::TooMany(52)]);
        assert!(unfit.iter().all(|unfit| unfit.to_string().contains("50")));
    }
}
