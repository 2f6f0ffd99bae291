//! How Discord is brought in.

use super::commands::commands;
use crate::{chat::guide::Step, say::book::Phrasebook};

/// The steps, for a service at this address.
pub(super) fn steps(book: &Phrasebook, address: &str) -> Vec<Step> {
    vec![
        Step::new(
            "At <https://discord.com/developers/applications> press **New Application**.\n\
             It needs no bot and no gateway.",
        ),
        Step::new(
            "Under **General Information** copy the **Public Key** (64 hexadecimal digits), and start Saywell with it, where \
             Discord can reach it over HTTPS.",
        )
        .line("key", "the command", "DISCORD_PUBLIC_KEY=… saywell serve --listen 0.0.0.0:8080"),
        Step::new(
            "On the same page save this as **Interactions Endpoint URL**.\n\
             Discord calls it at once, so Saywell has to run before you save.",
        )
        .line("url", "the address", format!("{address}/discord/interactions")),
        Step::new(
            "Tell Discord the commands, again whenever one is added or renamed.\n\
             The **Application ID** is under **General Information**, the **Client Secret** under **OAuth2**; the service \
             itself needs neither.",
        )
        .line(
            "commands",
            "the commands",
            "export DISCORD_APPLICATION_ID=… DISCORD_CLIENT_SECRET=…\nsaywell register discord",
        )
        .sheet(commands(book).map_err(|why| why.to_string())),
        Step::new(
            "Under **Installation** allow installing for users and in servers, and open this with your application's id in it.\n\
             `&integration_type=0` at its end is for a server, `&integration_type=1` for yourself, everywhere.",
        )
        .line(
            "install",
            "the address",
            "https://discord.com/oauth2/authorize?client_id=…&scope=applications.commands",
        ),
        Step::new("Type `/saywell` in any channel.\nThe answer is yours alone until you press **Share**."),
    ]
}
