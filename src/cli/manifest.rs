//! `saywell manifest`: what a platform has to be told about the commands of the phrasebook.

use std::{io, process::ExitCode};

use clap::{Args, Subcommand};

use super::{BookSettings, complain};
use crate::{
    chat::{mattermost, slack::manifest::manifest},
    say::book::Phrasebook,
    shelf,
};

#[derive(Debug, Args)]
pub(super) struct Manifest {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Debug, Subcommand)]
enum Platform {
    /// Slack's app manifest, to be pasted into a new app
    Slack {
        /// The address under which Slack reaches the service, https://saywell.example.com
        #[arg(long, value_name = "ADDRESS")]
        url: String,

        /// With the address to which people of other workspaces come back after installing
        #[arg(long)]
        install: bool,

        #[command(flatten)]
        book: BookSettings,
    },
    /// What to enter for each of Mattermost's slash commands, or calls to its API that create them
    Mattermost {
        /// The address under which the Mattermost server reaches the service, http://saywell:8080
        #[arg(long, value_name = "ADDRESS")]
        url: String,

        /// A shell script that creates the commands by curl and prints their tokens
        #[arg(long)]
        script: bool,

        #[command(flatten)]
        book: BookSettings,
    },
}

impl Manifest {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        match self.platform {
            Platform::Slack { url, install, book } => print(&book, |book| manifest(book, &url, install)),
            Platform::Mattermost { url, script, book } => print(&book, |book| {
                let commands = mattermost::manifest::commands(book, &url)?;
                let write = if script { mattermost::manifest::script } else { mattermost::manifest::list };
                Ok::<_, Vec<String>>(write(&commands))
            }),
        }
    }
}

fn print<E: ToString>(
    book: &BookSettings,
    manifest: impl FnOnce(&Phrasebook) -> Result<String, Vec<E>>,
) -> io::Result<ExitCode> {
    let book = match shelf::read(book) {
        Ok(book) => book,
        Err(error) => {
            complain(&format!("error: {error}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    match manifest(&book) {
        Ok(manifest) => super::print(&manifest),
        Err(faults) => {
            for fault in faults {
                complain(&format!("error: {}", fault.to_string()));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
