//! What can be set for Discord.

use clap::Args;

use super::{Discord, WINDOW};
use crate::{
    chat::{
        PlatformSettings,
        proof::{Ed25519Keys, ExposeSecret as _},
    },
    checks::{Checks, duration},
};

/// The settings, as they were given.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Discord")]
pub(super) struct Settings {
    /// Public keys of Discord applications, separated by commas; switches Discord on
    #[arg(long, env = "DISCORD_PUBLIC_KEY", value_name = "KEYS")]
    discord_public_key: Option<String>,

    /// How far Discord's timestamps may be from our clock, such as `300s`; `off` takes any [default: 300s]
    #[arg(long, env = "DISCORD_WINDOW", value_name = "DURATION")]
    discord_window: Option<String>,
}

impl PlatformSettings for Settings {
    type Platform = Discord;

    /// Discord; none where no key is set, or one is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Discord> {
        const NAME: &str = "DISCORD_PUBLIC_KEY";
        let expected = "`off`, or a duration such as `300s`";
        let window = checks.parsed("DISCORD_WINDOW", self.discord_window.as_deref(), expected, |text| match text {
            "off" => Some(None),
            text => duration(text).map(Some),
        });
        let keys = checks.secrets(NAME, self.discord_public_key.as_deref())?;
        let keys: Option<Vec<_>> = keys.iter().map(|key| Ed25519Keys::key(key.expose_secret())).collect();
        if keys.is_none() {
            checks
                .add(NAME, "expected the application's public key: 64 hexadecimal digits, not its id, token or secret");
        }
        Some(Discord::new(keys?).window(window.unwrap_or(Some(WINDOW))))
    }
}
