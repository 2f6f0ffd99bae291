//! What the program has to know of a platform, on or off: its settings, and what administrators need.

use std::{fmt, io, sync::Arc};

use clap::{ArgMatches, Args, Command, FromArgMatches, error::Result};

use super::{
    ALL, Adapter, base,
    guide::Step,
    stand::{Stand, Variables},
};
use crate::{checks::Checks, say::book::Phrasebook};

/// A platform, on or off.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name in paths, settings, logs and metrics.
    pub name: &'static str,
    /// Its name as people write it.
    pub title: &'static str,
    /// The variable that switches it on.
    pub switch: &'static str,
    /// The doors at which it calls: `POST /{name}/{door}`.
    pub doors: &'static [&'static str],
    /// Those of them at which it may call with `GET` as well, with the fields in the query.
    pub gets: &'static [&'static str],
    /// Adds its settings to a command line.
    pub settings: fn(Command) -> Command,
    /// The platform as the settings have it; none where it is off.
    pub read: fn(&ArgMatches, &mut Checks<'_>) -> Option<Arc<dyn Adapter>>,
    /// How it is brought in, for a service at this address.
    pub steps: fn(&Phrasebook, &str) -> Vec<Step>,
    /// `saywell manifest`: what it has to be told about the commands, to be handed in by a person.
    pub manifest: Option<Tool>,
    /// `saywell register`: tells it about the commands.
    pub register: Option<Tool>,
    /// `saywell send`: a command as it would send it, to a running service.
    pub send: Trial,
    /// What stands for it in the tests over all platforms.
    pub stand: Stand,
}

impl Kind {
    /// The platform, switched on by these variables; none where they do not do that.
    #[must_use]
    pub fn set(&self, variables: Variables) -> Option<Arc<dyn Adapter>> {
        let set = |wanted: &str| variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let own = variables.iter().filter(|(name, _)| !name.starts_with("SAYWELL_"));
        let flags = own.map(|(name, value)| format!("--{}={value}", name.to_lowercase().replace('_', "-")));
        let command = (self.settings)(Command::new(self.name).no_binary_name(true));
        let mut checks = Checks::new(&|_| None);
        checks.own_secrets(set("SAYWELL_SECRET"));
        checks.public = set("SAYWELL_PUBLIC_URL").and_then(base);
        (self.read)(&command.try_get_matches_from(flags).ok()?, &mut checks)
    }
}

/// A platform's settings.
pub(crate) trait PlatformSettings: Args {
    /// What is on with them.
    type Platform: Adapter + 'static;

    /// The platform; none where it is off, or something is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Self::Platform>;
}

/// The platform that is on with these settings, as [`Kind::read`] has it.
pub(super) fn on<S: PlatformSettings>(matches: &ArgMatches, checks: &mut Checks<'_>) -> Option<Arc<dyn Adapter>> {
    let platform = S::from_arg_matches(matches).ok()?.read(checks)?;
    Some(Arc::new(platform))
}

/// Something that is done for a platform with the book.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// What it does, in a line.
    pub about: &'static str,
    /// Adds its flags to a command line.
    pub args: fn(Command) -> Command,
    /// Does it: what is to be printed, or every reason why not.
    pub run: fn(&ArgMatches, &Phrasebook) -> Result<String, Vec<String>>,
}

/// The flags of a [`Tool`].
pub(super) trait BookFlags: Args {
    /// Does it: what is to be printed, or every reason why not.
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>>;
}

impl Tool {
    /// What these flags do.
    pub(super) const fn of<F: BookFlags>(about: &'static str) -> Self {
        let run = |matches: &ArgMatches, book: &Phrasebook| {
            F::from_arg_matches(matches).map_err(|error| vec![error.to_string()])?.run(book)
        };
        Self { about, args: F::augment_args, run }
    }
}

/// A client that stands for a platform.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// What it does, in a line.
    pub about: &'static str,
    /// Adds its flags to a command line.
    pub args: fn(Command) -> Command,
    /// Sends, and writes what a person would see.
    pub run: fn(&ArgMatches, &mut dyn io::Write) -> io::Result<()>,
}

/// The flags of a [`Trial`].
pub(super) trait TrialFlags: Args {
    /// Sends, and writes what a person would see.
    fn run(&self, out: &mut dyn io::Write) -> io::Result<()>;
}

impl Trial {
    /// What these flags do.
    pub(super) const fn of<F: TrialFlags>(about: &'static str) -> Self {
        let run = |matches: &ArgMatches, out: &mut dyn io::Write| {
            F::from_arg_matches(matches).map_err(io::Error::other)?.run(out)
        };
        Self { about, args: F::augment_args, run }
    }
}

/// The settings of all platforms, as they were given.
#[derive(Clone, Default)]
pub struct Settings(Option<ArgMatches>);

impl Settings {
    /// Those of one platform.
    #[must_use]
    pub fn of<T: FromArgMatches>(&self) -> Option<T> {
        T::from_arg_matches(self.0.as_ref()?).ok()
    }

    /// The platforms that are on.
    #[must_use]
    pub fn read(&self, checks: &mut Checks<'_>) -> Vec<Arc<dyn Adapter>> {
        let Some(matches) = &self.0 else { return Vec::new() };
        ALL.iter().filter_map(|kind| (kind.read)(matches, checks)).collect()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There are secrets among them.
        f.write_str("Settings(…)")
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self> {
        Ok(Self(Some(matches.clone())))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<()> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        ALL.iter().fold(command, |command, kind| (kind.settings)(command))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
