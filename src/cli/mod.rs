//! The command line: what each subcommand is for, and which exit code it ends with.

mod check;
mod connect;
mod healthcheck;
mod mcp;
mod new;
mod platform;
mod say;
mod serve;
mod r#try;
mod validate;

use std::{
    ffi::{OsStr, OsString},
    fmt::Display,
    io,
    process::ExitCode,
};

use clap::{Arg, CommandFactory as _, Parser, Subcommand};

use crate::{
    chat::ALL,
    config::{BookSettings, Settings},
    say::{
        book::{Kind, fold, schema},
        find::closest,
        phrase::clean,
    },
};

/// The right words for a hard customer moment, in chat, over HTTP and in the terminal.
///
/// Without a subcommand it serves.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done; 1 not found, faults, or cannot start; 2 wrong usage."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve chat platforms, the REST interface and the pages
    Serve(Box<serve::Serve>),
    /// Chat with it at a prompt of your own, buttons and all, before you install anything
    Try(r#try::Try),
    /// Ask in the terminal, as one would in chat: saywell say recover billing customer="Dr. Matt"
    Say(say::Say),
    /// Review a draft before it is sent: what would hurt, why, and what is missing
    Check(check::Check),
    /// Answer an assistant over standard input and output, by the Model Context Protocol
    Mcp(mcp::Mcp),
    /// Check a folder of phrases: every fault with its file, line and a hint
    Validate(validate::Validate),
    /// Write a file of phrases to start from, with a comment at everything that has to be known
    New(new::New),
    /// Print what a platform has to be told about the commands: Slack's app manifest
    Manifest(platform::For<platform::Manifest>),
    /// Tell a platform about the commands: Discord's slash commands
    Register(platform::For<platform::Register>),
    /// Answer chat without a public address, by a connection that is opened from here: saywell connect slack
    Connect(connect::Connect),
    /// Send a command to a running service as a platform would, and show what a person would see
    Send(platform::For<platform::Send>),
    /// Print the JSON Schema of the phrasebook's files, for editors
    Schema {
        /// The kind of file
        #[arg(value_parser = ["command", "sources", "synonyms", "check", "careful", "words"], default_value = "command")]
        kind: String,
    },
    /// Ask a running service whether it is well, for a container's HEALTHCHECK
    Healthcheck(healthcheck::Healthcheck),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// A command of the book, as in chat: saywell recover billing
    #[command(external_subcommand)]
    Ask(Vec<String>),
}

impl Cli {
    /// Reads the arguments of the process; without a subcommand they are those of `serve`.
    #[must_use]
    pub fn from_args(args: impl Iterator<Item = OsString>) -> Self {
        let mut args: Vec<OsString> = args.collect();
        let is_own = |arg: &OsString| matches!(arg.to_str(), Some("-h" | "--help" | "-V" | "--version"));
        let is_flag = |arg: &OsString| arg.to_str().is_some_and(|arg| arg.starts_with('-'));
        if args.get(1).is_none_or(|first| is_flag(first) && !is_own(first)) {
            args.insert(args.len().min(1), "serve".into());
        }
        parse(args).unwrap_or_else(|error| error.exit())
    }

    /// Does it.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Serve(serve) => serve.run(),
            Command::Try(one) => one.run(),
            Command::Say(say) => say.run(),
            Command::Check(check) => check.run(),
            Command::Mcp(mcp) => mcp.run(),
            Command::Validate(validate) => validate.run(),
            Command::New(new) => new.run(),
            Command::Manifest(manifest) => manifest.run(),
            Command::Register(register) => register.run(),
            Command::Connect(connect) => connect.run(),
            Command::Send(send) => send.run(),
            Command::Schema { kind } => print(&format!("{:#}", schema(Kind::of(&kind)))),
            Command::Healthcheck(healthcheck) => healthcheck.run(),
            Command::Ask(words) => ask(words),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Self::command(), "saywell", &mut script);
                print(&String::from_utf8_lossy(&script))
            }
        };
        // A reader that has seen enough is no failure of ours.
        done.unwrap_or_else(|error| ExitCode::from(u8::from(error.kind() != io::ErrorKind::BrokenPipe)))
    }
}

/// Reads arguments, and the variables that are set.
fn parse<P: Parser>(args: impl IntoIterator<Item = OsString>) -> Result<P, clap::Error> {
    let mut command = without_empty(P::command());
    P::from_arg_matches(&command.try_get_matches_from_mut(args)?).map_err(|error| error.format(&mut command))
}

/// Compose passes an empty variable for one that is not set, so that is what it is; but what proves others is refused
/// when it is empty, since whoever sets it wants a proof.
fn without_empty(command: clap::Command) -> clap::Command {
    let switches = |arg: &Arg| ALL.iter().any(|kind| arg.get_env().is_some_and(|name| name == kind.switch));
    let is_proof = |arg: &Arg| arg.is_hide_env_values_set() || switches(arg);
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.to_string_lossy().trim().is_empty());
    let forget = |arg: Arg| {
        let is_unset = arg.get_env().is_some_and(is_empty) && !is_proof(&arg);
        if is_unset { arg.env(None::<&'static str>) } else { arg }
    };
    command.mut_args(forget).mut_subcommands(without_empty)
}

/// What can stand in the place of a command: `saywell search refund`.
const ASKS: [&str; 4] = ["list", "search", "random", "sources"];

/// `saywell recover billing`: the same as `saywell say`, where the first word is a command of the book.
fn ask(words: Vec<String>) -> io::Result<ExitCode> {
    let settings = parse::<say::Settings>(["saywell".into()]).map_err(io::Error::other)?;
    let name = words.first().map(String::as_str).unwrap_or_default();
    match settings.commands() {
        Ok(commands) if ASKS.contains(&name) || commands.iter().any(|command| **command == *fold(name)) => {
            settings.say(words).run()
        }
        Ok(commands) => {
            let own = Cli::command();
            let known = own.get_subcommands().map(clap::Command::get_name).chain(ASKS);
            let near = closest(name, known.chain(commands.iter().map(|command| &**command)));
            let near =
                near.map_or_else(|| "`saywell help` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            complain(&format!("error: there is no command `{}`: {near}", clean(name)));
            Ok(ExitCode::from(2))
        }
        Err(error) => failed(&error),
    }
}

/// Says why nothing comes of it.
#[expect(clippy::unnecessary_wraps, reason = "it ends functions that may fail otherwise")]
fn failed(error: &dyn Display) -> io::Result<ExitCode> {
    complain(&format!("error: {error}"));
    Ok(ExitCode::FAILURE)
}

/// Prints to standard output, with colours where they are shown.
fn print(text: &str) -> io::Result<ExitCode> {
    use io::Write as _;
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}", text.trim_end_matches('\n'))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints to standard error, with colours where they are shown.
fn complain(text: &str) {
    use io::Write as _;
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end_matches('\n'));
}
