//! `saywell serve`.

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::Args;
use tracing::info;
use tracing_subscriber::EnvFilter;

use super::complain;
use crate::{
    config::{Config, Settings},
    server::Server,
};

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
                return Ok(ExitCode::FAILURE);
            }
        };
        log(&config);
        let server = match Server::bind(config) {
            Ok(server) => server,
            Err(error) => {
                complain(&format!("error: {error}"));
                return Ok(ExitCode::FAILURE);
            }
        };
        if self.check_config {
            return super::print("The settings and the phrasebook are fine.");
        }
        info!("listening on http://{}", server.address()?);
        server.describe();
        actix_web::rt::System::new().block_on(server.run())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Text for people on a terminal, JSON for everything that collects logs.
fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if io::stderr().is_terminal() {
        builder.with_target(false).compact().init();
    } else {
        builder.json().flatten_event(true).init();
    }
}
