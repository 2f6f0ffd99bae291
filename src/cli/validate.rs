//! `saywell validate`: what the service would say of a folder of phrases, shown as a compiler would.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;

use super::{BookSettings, complain};
use crate::shelf::{self, ShelfError};

#[derive(Debug, Args)]
pub(super) struct Validate {
    /// The folder, checked as it would be laid over the built-in book; without one the built-in book itself is checked
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,

    /// Check the folder by itself, as with `serve --no-default-phrasebook`
    #[arg(long)]
    no_default_phrasebook: bool,
}

impl Validate {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let settings = BookSettings {
            folders: self.folder.into_iter().collect(),
            no_default_phrasebook: self.no_default_phrasebook,
        };
        match shelf::validate(&settings) {
            Ok(book) => {
                let (commands, topics, phrases) = (book.commands.len(), book.topics().count(), book.size());
                super::print(&format!(
                    "The phrasebook is fine: {commands} commands, {topics} topics, {phrases} phrases."
                ))
            }
            Err(ShelfError::Faults(faults, sources)) => {
                // A pipe gets plain text; anstream would strip the colours, but not the wider frame drawn for them.
                let colour = io::stderr().is_terminal();
                for fault in &faults {
                    complain(&format!("{}\n", fault.draw(&sources, colour)));
                }
                let number = faults.len();
                complain(&format!(
                    "{number} fault{}; the phrasebook would be refused.",
                    if number == 1 { "" } else { "s" }
                ));
                Ok(ExitCode::FAILURE)
            }
            Err(error) => {
                complain(&format!("error: {error}"));
                Ok(ExitCode::FAILURE)
            }
        }
    }
}
