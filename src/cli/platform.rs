//! `saywell manifest`, `register` and `send`: a subcommand for every platform that has what is wanted.

use std::{
    io::{self, Write as _},
    marker::PhantomData,
    process::ExitCode,
};

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, error::Result};

use super::{BookSettings, complain};
use crate::{
    chat::{ALL, Kind, Tool, Trial},
    shelf,
};

/// What a subcommand wants of a platform.
pub(super) trait Wanted {
    /// What a platform has of it.
    type Part: Part;
    /// It, if the platform has it.
    fn of(kind: &Kind) -> Option<Self::Part>;
}

/// Something of a platform that can be run.
pub(super) trait Part {
    /// A line about it.
    fn about(&self) -> &'static str;
    /// Adds its flags.
    fn args(&self, command: Command) -> Command;
    /// Does it.
    fn run(&self, matches: &ArgMatches) -> io::Result<ExitCode>;
}

/// `saywell manifest`: what a platform has to be told about the commands of the phrasebook.
#[derive(Debug)]
pub(super) enum Manifest {}
/// `saywell register`: tells a platform about the commands of the phrasebook.
#[derive(Debug)]
pub(super) enum Register {}
/// `saywell send`: a command to a running service as a platform would send it, and what a person would see, so that
/// everything can be tried without a workspace.
#[derive(Debug)]
pub(super) enum Send {}

impl Wanted for Manifest {
    type Part = Tool;

    fn of(kind: &Kind) -> Option<Tool> {
        kind.manifest
    }
}

impl Wanted for Register {
    type Part = Tool;

    fn of(kind: &Kind) -> Option<Tool> {
        kind.register
    }
}

impl Wanted for Send {
    type Part = Trial;

    fn of(kind: &Kind) -> Option<Trial> {
        Some(kind.send)
    }
}

impl Part for Tool {
    fn about(&self) -> &'static str {
        self.about
    }

    fn args(&self, command: Command) -> Command {
        BookSettings::augment_args((self.args)(command))
    }

    /// Does something with the book, and prints what comes of it.
    fn run(&self, matches: &ArgMatches) -> io::Result<ExitCode> {
        let settings = BookSettings::from_arg_matches(matches).map_err(io::Error::other)?;
        let done = shelf::read(&settings).map_err(|error| vec![error.to_string()]);
        match done.and_then(|book| (self.run)(matches, &book)) {
            Ok(text) => super::print(&text),
            Err(faults) => {
                for fault in faults {
                    complain(&format!("error: {fault}"));
                }
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

impl Part for Trial {
    fn about(&self) -> &'static str {
        self.about
    }

    fn args(&self, command: Command) -> Command {
        (self.args)(command)
    }

    fn run(&self, matches: &ArgMatches) -> io::Result<ExitCode> {
        let out = &mut anstream::stdout().lock();
        match (self.run)(matches, out) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(error),
            Err(error) => writeln!(out, "{error}").map(|()| ExitCode::FAILURE),
        }
    }
}

/// The platform that was named, and the flags that go with it.
#[derive(Debug, Args)]
pub(super) struct For<W: Wanted> {
    #[command(subcommand)]
    named: Named<W>,
}

impl<W: Wanted> For<W> {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let Named { kind, matches, .. } = self.named;
        W::of(kind).map_or(Ok(ExitCode::FAILURE), |part| part.run(&matches))
    }
}

struct Named<W> {
    kind: &'static Kind,
    matches: ArgMatches,
    wanted: PhantomData<W>,
}

impl<W> std::fmt::Debug for Named<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // There may be secrets among the flags.
        write!(f, "Named({})", self.kind.name)
    }
}

impl<W: Wanted> FromArgMatches for Named<W> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let kind = ALL.iter().find(|kind| kind.name == name).ok_or_else(missing)?;
        Ok(Self { kind, matches: matches.clone(), wanted: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<()> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<W: Wanted> Subcommand for Named<W> {
    fn augment_subcommands(command: Command) -> Command {
        let add = |command: Command, (kind, part): (&Kind, W::Part)| {
            command.subcommand(part.args(Command::new(kind.name)).about(part.about()))
        };
        ALL.iter().filter_map(|kind| Some((kind, W::of(kind)?))).fold(command, add)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        ALL.iter().any(|kind| kind.name == name && W::of(kind).is_some())
    }
}
