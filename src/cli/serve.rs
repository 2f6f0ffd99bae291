//! `saywell serve`.

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use super::{complain, failed};
use crate::{
    config::{Config, Settings},
    server::{Server, Signals, log::Log},
    shelf::{self, Shelf},
};

/// How long the end waits until the last lines of the log are written.
pub(super) const LAST_LINES: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    settings: Settings,

    /// Check the settings and the phrasebook, say what is wrong, and end
    #[arg(long, help_heading = "Service")]
    check_config: bool,
}

impl Serve {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let config = match Config::read(&self.settings, &|name| std::env::var(name).ok()) {
            Ok(config) => config,
            Err(faults) => {
                for fault in &faults {
                    complain(&format!("error: {fault}"));
                }
                // Who mends the settings is to know of the book, too.
                return shelf::read(&self.settings.book).map_or_else(|error| failed(&error), |_| Ok(ExitCode::FAILURE));
            }
        };
        if self.check_config {
            return match Shelf::open(&config.book) {
                Ok(shelf) => {
                    for oddity in shelf.oddities() {
                        complain(&format!("warning: {oddity}"));
                    }
                    super::print("The settings and the phrasebook are fine.")
                }
                Err(error) => failed(&error),
            };
        }
        let log = Log::to_stderr()?;
        start(config.log.clone(), log.clone());
        let ended = actix_web::rt::System::new().block_on(serve(config, &log));
        log.finish(LAST_LINES);
        ended
    }
}

async fn serve(config: Config, log: &Log) -> io::Result<ExitCode> {
    let signals = Signals::new()?;
    let server = match Server::bind(config, log) {
        Ok(server) => server,
        Err(error) => return failed(&error),
    };
    server.describe()?;
    server.run(signals).await?;
    Ok(ExitCode::SUCCESS)
}

/// Text for people on a terminal, JSON for everything that collects logs.
pub(super) fn start(filter: Targets, log: Log) {
    // Where a line cannot be written, an error about that cannot be written either, and trying would panic.
    let lines = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(log).log_internal_errors(false);
    if io::stderr().is_terminal() {
        lines.with_target(false).compact().finish().with(filter).init();
    } else {
        lines.json().flatten_event(true).finish().with(filter).init();
    }
}
