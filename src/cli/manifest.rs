//! `saywell manifest`: what a platform has to be told about the commands of the phrasebook.

use std::{io, process::ExitCode};

use clap::{Args, Subcommand};

use super::{BookSettings, complain};
use crate::{chat::slack::manifest::manifest, server::shelf};

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
}

impl Manifest {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let Platform::Slack { url, install, book } = self.platform;
        let book = match shelf::read(&book) {
            Ok(book) => book,
            Err(error) => {
                complain(&format!("error: {error}"));
                return Ok(ExitCode::FAILURE);
            }
        };
        match manifest(&book, &url, install) {
            Ok(manifest) => super::print(&manifest),
            Err(faults) => {
                for fault in faults {
                    complain(&format!("error: {fault}"));
                }
                Ok(ExitCode::FAILURE)
            }
        }
    }
}
