//! The app package: a manifest with the extension's commands, and two icons.

use std::{fs, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    incoming::{SEARCH, TEXT},
    package::zip,
    settings::app,
};
use crate::{
    chat::{self, BookFlags, markup::plain},
    say::{
        ask::CHECK,
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

const COLOR: &[u8] = include_bytes!("color.png");
const OUTLINE: &[u8] = include_bytes!("outline.png");

/// The limits of Teams, from its schema.
mod most {
    pub(super) const COMMANDS: usize = 10;
    pub(super) const NAME: usize = 32;
    pub(super) const DESCRIPTION: usize = 128;
}

const ABOUT: &str = "Answers with lines for a hard customer moment, each with its reason and its source: a bill higher than \
                     hoped, no news yet, a rude colleague, a refusal. Pick one, fill in its blanks, and put the words into \
                     your message. Check this draft says what would hurt in a message, and what to say instead.";
const FIND_ABOUT: &str = "Lines for what happened, to pick from while you type";

/// What `saywell manifest teams` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address under which Microsoft reaches the service, https://saywell.example.com
    #[arg(long, value_name = "ADDRESS")]
    url: String,

    /// The Microsoft App ID of the Azure Bot
    #[arg(long, env = "TEAMS_APP_ID", value_name = "ID")]
    app_id: String,

    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "saywell-teams.zip")]
    out: PathBuf,

    /// Print the manifest, and write nothing
    #[arg(long)]
    print: bool,

    /// Let the commands be typed after a slash too, where Teams has that: a newer form of the manifest
    #[arg(long)]
    slash: bool,

    /// The package's own version: Teams takes an update only where it is higher than before
    #[arg(long, value_name = "VERSION", default_value = env!("CARGO_PKG_VERSION"))]
    package_version: String,
}

impl BookFlags for Flags {
    /// Writes the package, and says so; or the manifest alone.
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        let manifest = manifest(book, &self.url, &self.app_id, &self.package_version, self.slash)?;
        if self.print {
            return Ok(manifest);
        }
        let files = [("manifest.json", manifest.as_bytes()), ("color.png", COLOR), ("outline.png", OUTLINE)];
        let file = self.out.display();
        fs::write(&self.out, zip(&files)).map_err(|error| vec![format!("cannot write {file}: {error}")])?;
        Ok(format!("Wrote {file}. In Teams, under Apps, Manage your apps, press Upload an app and choose it."))
    }
}

/// The manifest for a service at this address. Of a book with more commands than an extension may have, the rest is found
/// by the search and by the command `saywell`.
///
/// # Errors
/// Everything that Teams would refuse.
fn manifest(book: &Phrasebook, url: &str, id: &str, own: &str, slash: bool) -> Result<String, Vec<String>> {
    let address = chat::public(url).map_err(|why| {
        format!("Microsoft cannot call `{url}`, which {why}: give an address like https://saywell.example.com")
    });
    let expected = || format!("--app-id: expected the Microsoft App ID of the Azure Bot, found `{id}`");
    let id = id.split(',').next().and_then(|id| app(id.trim())).ok_or_else(expected);
    let is_version = own.split('.').count() == 3 && own.split('.').all(|part| part.parse::<u16>().is_ok());
    let expected = || format!("--package-version: expected three numbers such as 1.0.1, found `{own}`");
    let own = is_version.then_some(own).ok_or_else(expected);
    let (address, id, own) = match (address, id, own) {
        (Ok(address), Ok(id), Ok(own)) => (address, id, own),
        (address, id, own) => return Err([address.err(), id.err(), own.err()].into_iter().flatten().collect()),
    };
    // Slash commands came with this version; all that is older takes the other.
    let version = if slash { "1.29" } else { "1.17" };
    let manifest = Manifest {
        schema: format!("https://developer.microsoft.com/json-schemas/teams/v{version}/MicrosoftTeams.schema.json"),
        edition: version,
        version: own,
        id: &id,
        developer: Developer {
            name: "Saywell",
            website_url: &address,
            privacy_url: &address,
            terms_of_use_url: &address,
        },
        name: Name { short: "Saywell", full: "Saywell: the right words for a hard customer moment" },
        description: Description { short: words::UMBRELLA_ABOUT, full: ABOUT },
        icons: Icons { color: "color.png", outline: "outline.png" },
        accent_color: "#0b6e62",
        compose_extensions: [ComposeExtension { bot_id: &id, commands: commands(book, slash) }],
    };
    serde_json::to_string_pretty(&manifest).map_err(|error| vec![error.to_string()])
}

/// The search, the umbrella, as many of the book's as there is room for, and the review of a message.
fn commands(book: &Phrasebook, slash: bool) -> Vec<Command<'_>> {
    let action = |id, title, about, context| Command {
        id,
        kind: "action",
        title: plain(title, most::NAME).into_owned(),
        description: plain(about, most::DESCRIPTION).into_owned(),
        context,
        fetch_task: true,
        initial_run: false,
        parameters: None,
        triggers: slash.then_some(["slash"]),
    };
    let query = Command {
        kind: "query",
        fetch_task: false,
        parameters: Some([CommandParameter {
            name: TEXT,
            title: "What happened",
            description: "A topic, or a few words: billing, no news yet",
            input_type: "text",
        }]),
        triggers: None,
        ..action(SEARCH, "Find words", FIND_ABOUT, &["compose"])
    };
    let own = book.commands.iter().filter(|command| command.name.chars().count() <= most::NAME);
    let own = own.map(|command| action(&command.name, &command.name, &command.about, &["compose"]));
    let check = action(CHECK, words::CHECK_MESSAGE, words::CHECK_ABOUT, &["compose", "message"]);
    let ours = [query, action(UMBRELLA, UMBRELLA, words::UMBRELLA_ABOUT, &["compose"]), check];
    ours.into_iter().chain(own).take(most::COMMANDS).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    #[serde(rename = "manifestVersion")]
    edition: &'static str,
    version: &'a str,
    id: &'a str,
    developer: Developer<'a>,
    name: Name,
    description: Description,
    icons: Icons,
    accent_color: &'static str,
    compose_extensions: [ComposeExtension<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Developer<'a> {
    name: &'static str,
    website_url: &'a str,
    privacy_url: &'a str,
    terms_of_use_url: &'a str,
}

#[derive(Serialize)]
struct Name {
    short: &'static str,
    full: &'static str,
}

#[derive(Serialize)]
struct Description {
    short: &'static str,
    full: &'static str,
}

#[derive(Serialize)]
struct Icons {
    color: &'static str,
    outline: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ComposeExtension<'a> {
    bot_id: &'a str,
    commands: Vec<Command<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Command<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    description: String,
    context: &'static [&'static str],
    fetch_task: bool,
    initial_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<[CommandParameter; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triggers: Option<[&'static str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CommandParameter {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    input_type: &'static str,
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::shelf::tests::book;

    const ID: &str = "0A1B2C3D-0000-4000-8000-00000000000f";

    fn made(url: &str, id: &str, slash: bool) -> Result<Value, Vec<String>> {
        manifest(book(), url, id, "1.0.1", slash).map(|manifest| serde_json::from_str(&manifest).unwrap())
    }

    #[test]
    fn the_manifest_has_every_command_and_slashes_where_they_are_wanted() {
        let made = |slash| made("https://saywell.example.com/", ID, slash).unwrap();
        let (old, new) = (made(false), made(true));
        let commands = |manifest: &Value| manifest["composeExtensions"][0]["commands"].as_array().unwrap().clone();
        let ids: Vec<_> = commands(&old).iter().map(|command| command["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, ["search", "saywell", "check", "recover", "apology", "opener", "power", "explore", "avoid"]);
        assert!(commands(&old).iter().all(|command| command.get("triggers").is_none()));
        let slashed = commands(&new).iter().filter(|command| command["triggers"][0] == "slash").count();
        assert_eq!(slashed, ids.len() - 1, "all but the search");
        assert_eq!((&old["manifestVersion"], &new["manifestVersion"]), (&"1.17".into(), &"1.29".into()));
        assert_eq!(old["version"], "1.0.1");
        assert_eq!(
            (&old["id"], &old["developer"]["websiteUrl"]),
            (&ID.to_lowercase().into(), &"https://saywell.example.com".into())
        );
    }

    #[test]
    fn all_that_teams_would_refuse_is_said() {
        for (url, id, faults) in [
            ("http://saywell.example.com", ID, 1),
            ("https://localhost", "", 2),
            ("https://saywell.example.com", "0A1B2C3D00004000800000000000000f", 1),
        ] {
            assert_eq!(made(url, id, false).unwrap_err().len(), faults, "{url} {id}");
        }
        for own in ["", "1", "1.0", "1.0.0.0", "1.0.x", "v1.0.0", "1.0.70000", "1.0.-1"] {
            assert!(manifest(book(), "https://saywell.example.com", ID, own, false).is_err(), "{own}");
        }
    }
}
