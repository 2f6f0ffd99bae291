//! How Telegram is brought in.

use super::commands::commands;
use crate::{chat::guide::Step, say::book::Phrasebook};

/// The steps, for a service at this address.
pub(super) fn steps(book: &Phrasebook, address: &str) -> Vec<Step> {
    let list = commands(book).map_err(|why| why.to_string());
    let sheet = list.map(|lists| serde_json::to_string_pretty(&lists.into_iter().next()).unwrap_or_default());
    vec![
        Step::new(
            "In Telegram write `/newbot` to **@BotFather**, and keep the token that it gives you.\n\
             Then write `/setinline` to it, so that `@YourBot late delivery` works in every chat.",
        ),
        Step::new(
            "Start Saywell with a secret of your own making, where Telegram can reach it over HTTPS.\n\
             It may have letters, digits, `_` and `-`; the service does not need the token.",
        )
        .line(
            "secret",
            "the command",
            "TELEGRAM_SECRET_TOKEN=… TELEGRAM_BOT_NAME=YourBot TELEGRAM_INLINE=true saywell serve --listen 0.0.0.0:8080",
        ),
        Step::new(
            "Tell Telegram the commands and the address, again whenever a command is added or renamed.\n\
             This is the only time that the token is used.",
        )
        .line(
            "commands",
            "the commands",
            format!(
                "export TELEGRAM_BOT_TOKEN=… TELEGRAM_SECRET_TOKEN=…\nsaywell register telegram --public-url {address}"
            ),
        )
        .sheet(sheet),
        Step::new("Write `/recover` to the bot, or `@YourBot late delivery` in any chat."),
    ]
}
