//! `saywell new COMMAND`: a file of phrases to start from, with a comment at everything that has to be known.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;

use super::failed;
use crate::{
    config::BookSettings,
    shelf::{self, ShelfError},
};

const START: &str = include_str!("new.toml");

#[derive(Debug, Args)]
pub(super) struct New {
    /// The word after the slash: lower-case letters, digits and single dashes, a letter first
    #[arg(value_name = "COMMAND")]
    command: String,

    /// The folder of phrases to put it in; made if it is not there
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

impl New {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let Self { command, folder } = self;
        if let Some(fault) = fault(&command, &text(&command)) {
            return failed(&fault);
        }
        let file = folder.join(format!("{command}.toml"));
        match fs::create_dir_all(&folder).and_then(|()| OpenOptions::new().write(true).create_new(true).open(&file)) {
            Ok(mut out) => out.write_all(text(&command).as_bytes())?,
            Err(error) => {
                let why = match error.kind() {
                    ErrorKind::AlreadyExists => "it is there already, and is left as it is".to_owned(),
                    _ => error.to_string(),
                };
                return failed(&format_args!("{}: {why}", file.display()));
            }
        }
        let folder = folder.display();
        super::print(&format!(
            "Written: {}. Change it, then: saywell validate {folder}; saywell serve --phrasebook {folder}",
            file.display()
        ))
    }
}

fn text(command: &str) -> String {
    let words = command.replace('-', " ");
    let first = words.get(..1).unwrap_or_default().to_uppercase();
    let title = first + words.get(1..).unwrap_or_default();
    START.replace("TITLE", &title).replace("COMMAND", command)
}

/// What is wrong with the file of this command, if anything is: its name is the only thing that can be.
fn fault(command: &str, text: &str) -> Option<String> {
    let ours = shelf::built_in().iter().any(|source| source.name == format!("en/{command}.toml"));
    if ours {
        return Some(format!("`{command}` is a command of the built-in phrasebook: choose another name"));
    }
    if command.contains(['/', '\\']) {
        return Some(format!("`{command}` cannot be a command; say the folder with --folder"));
    }
    match shelf::try_file(&BookSettings::default(), &format!("{command}.toml"), text) {
        Err(ShelfError::Faults(faults, _)) => faults.first().map(|fault| format!("{}; {}", fault.what, fault.hint)),
        _ => None,
    }
}
