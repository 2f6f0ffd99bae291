//! What registers the commands with Mattermost, which has no manifest: a list for an administrator to enter, or calls to
//! its API.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use crate::{
    chat::{BookFlags, base, hint, markup::plain},
    say::{
        ask::CHECK,
        book::{Phrasebook, UMBRELLA},
        words,
    },
};

/// What `saywell manifest mattermost` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address under which the Mattermost server reaches the service, http://saywell:8080
    #[arg(long, value_name = "ADDRESS")]
    url: String,

    /// A shell script that creates the commands by curl and prints their tokens
    #[arg(long)]
    script: bool,
}

impl BookFlags for Flags {
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        let commands = commands(book, &self.url)?;
        Ok(if self.script { script(&commands) } else { list(&commands) })
    }
}

/// Mattermost's limits for a command.
mod most {
    pub(super) const TRIGGER: usize = 128;
    pub(super) const URL: usize = 1_024;
    pub(super) const NAME: usize = 64;
    pub(super) const DESCRIPTION: usize = 128;
}

/// A command, as Mattermost's API takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct SlashCommand {
    /// The word after the slash.
    trigger: String,
    /// `P` for POST: with GET the token would stand in the address, and so in logs.
    method: &'static str,
    /// Where it is posted to.
    url: String,
    /// What the administrator sees.
    display_name: String,
    /// What the administrator sees.
    description: String,
    /// Whether people see it as they type.
    auto_complete: bool,
    /// What they see.
    auto_complete_desc: String,
    /// What may follow it.
    auto_complete_hint: String,
}

/// Every command of the book, the umbrella command and `check`, for a service at this address.
///
/// # Errors
/// What Mattermost would refuse, in words.
pub(super) fn commands(book: &Phrasebook, url: &str) -> Result<Vec<SlashCommand>, Vec<String>> {
    let address = base(url).map(|base| format!("{base}/mattermost/commands")).filter(|url| url.len() <= most::URL);
    let Some(address) = address else {
        return Err(vec![format!(
            "`{url}` is no address that Mattermost can call: give one like https://saywell.example.com"
        )]);
    };
    let of = |name: &str, about: &str, hint: String| SlashCommand {
        trigger: name.to_owned(),
        method: "P",
        url: address.clone(),
        display_name: plain(&format!("Saywell: {name}"), most::NAME).into_owned(),
        description: plain(about, most::DESCRIPTION).into_owned(),
        auto_complete: true,
        auto_complete_desc: plain(about, most::DESCRIPTION).into_owned(),
        auto_complete_hint: hint,
    };
    let umbrella = of(UMBRELLA, words::UMBRELLA_ABOUT, words::UMBRELLA_HINT.into());
    let check = of(CHECK, words::CHECK_ABOUT, words::CHECK_HINT.into());
    let own = book.commands.iter().map(|command| of(&command.name, &command.about, hint(command)));
    let commands: Vec<SlashCommand> = [umbrella, check].into_iter().chain(own).collect();
    let unfit = commands.iter().filter(|command| command.trigger.len() > most::TRIGGER);
    let unfit: Vec<String> = unfit
        .map(|command| {
            format!("Mattermost takes names of at most {} characters, not {}", most::TRIGGER, command.trigger)
        })
        .collect();
    if unfit.is_empty() { Ok(commands) } else { Err(unfit) }
}

/// What an administrator enters, a command at a time.
pub(super) fn list(commands: &[SlashCommand]) -> String {
    let mut list = String::from(
        "# In each team: Integrations > Slash Commands > Add Slash Command.\n\
         # Then set MATTERMOST_TOKEN to the tokens that Mattermost shows, separated by commas.\n",
    );
    for command in commands {
        let _ = write!(
            list,
            "\nTitle                 {}\nDescription           {}\nCommand Trigger Word  {}\nRequest URL           {}\n\
             Request Method        POST\nAutocomplete          on\nAutocomplete Hint     {}\nAutocomplete Text     {}\n",
            command.display_name,
            command.description,
            command.trigger,
            command.url,
            command.auto_complete_hint,
            command.auto_complete_desc,
        );
    }
    list
}

/// Calls to the API that create the commands, for a shell. They print the tokens, separated by commas; what is not created
/// is told with what the server says about it, and ends the script with an error.
pub(super) fn script(commands: &[SlashCommand]) -> String {
    #[derive(Serialize)]
    struct InTeam<'a> {
        team_id: &'static str,
        #[serde(flatten)]
        command: &'a SlashCommand,
    }
    let mut script = String::from(SCRIPT);
    for command in commands {
        let json = serde_json::to_string(&InTeam { team_id: "TEAM_ID", command }).unwrap_or_default();
        let _ = writeln!(script, "create {} '{}'", command.trigger, json.replace('\'', r"'\''"));
    }
    script.push_str(END);
    script
}

const SCRIPT: &str = r#"#!/bin/sh
# SITE is the server's address, TEAM the id of a team, LOGIN a personal access token of somebody who may manage slash
# commands there. Prints what belongs into MATTERMOST_TOKEN.
set -eu
: "${SITE:?the address of the server, https://chat.example.com}"
: "${TEAM:?the id of a team}"
: "${LOGIN:?a personal access token}"
tokens= failed=
create() {
  reply=$(printf '%s' "$2" | sed "s/TEAM_ID/$TEAM/" |
    curl -sS -H "Authorization: Bearer $LOGIN" -H 'Content-Type: application/json' --data-binary @- \
      "${SITE%/}/api/v4/commands") || true
  token=$(printf '%s' "$reply" | sed -n 's/.*"token":"\([a-z0-9]*\)".*/\1/p')
  if [ -n "$token" ]; then
    tokens=${tokens:+$tokens,}$token
  else
    failed="$failed /$1"
    echo "/$1 was not created: ${reply:-no answer from $SITE}" >&2
  fi
}

"#;

const END: &str = r#"
[ -z "$tokens" ] || echo "$tokens"
[ -z "$failed" ] || { echo "Not created:$failed" >&2; exit 1; }
"#;
