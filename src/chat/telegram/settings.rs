//! What can be set for Telegram.

use clap::Args;

use super::Telegram;
use crate::{
    chat::{
        PlatformSettings,
        proof::{ExposeSecret as _, Secret},
    },
    checks::{Checks, Switch},
};

/// The settings, as they were given.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "Telegram")]
#[expect(clippy::struct_field_names, reason = "they are flags of one command line with those of others")]
pub(crate) struct Settings {
    /// Words of yours that Telegram sends back with everything, several separated by commas; switches Telegram on
    #[arg(long, env = "TELEGRAM_SECRET_TOKEN", value_name = "SECRETS", hide_env_values = true)]
    pub(crate) telegram_secret_token: Option<String>,

    /// The bot's user name; commands in groups that name another bot are left to that one
    #[arg(long, env = "TELEGRAM_BOT_NAME", value_name = "NAME")]
    telegram_bot_name: Option<String>,

    /// The bot's inline mode is on, so that *Share* can lead to any other chat
    #[arg(long, env = "TELEGRAM_INLINE", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true)]
    telegram_inline: Switch,
}

impl PlatformSettings for Settings {
    type Platform = Telegram;

    /// Telegram; none where no secret is set, or one is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Telegram> {
        const NAME: &str = "TELEGRAM_SECRET_TOKEN";
        let inline = checks.switch("TELEGRAM_INLINE", &self.telegram_inline);
        let expected = "the bot's user name, such as `SaywellBot`: 4 to 32 letters, digits and underscores";
        let bot = checks.parsed("TELEGRAM_BOT_NAME", self.telegram_bot_name.as_deref(), expected, bot_name);
        let secrets = checks.secrets(NAME, self.telegram_secret_token.as_deref())?;
        if !secrets.iter().all(is_secret) {
            checks.add(NAME, "expected 1 to 256 of the signs that Telegram takes: A-Z a-z 0-9 _ -");
            return None;
        }
        Some(Telegram::new(&secrets).bot(bot).inline(inline))
    }
}

/// The name of a bot, written with its sign or without.
fn bot_name(text: &str) -> Option<String> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let is_name = (4..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| name.to_owned())
}

/// Whether Telegram takes this as a secret.
pub(super) fn is_secret(secret: &Secret) -> bool {
    let secret = secret.expose_secret();
    (1..=256).contains(&secret.len()) && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
