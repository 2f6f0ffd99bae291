//! How Mattermost is brought in.

use super::manifest::{commands, script};
use crate::{chat::guide::Step, say::book::Phrasebook};

/// The steps, for a service at this address.
pub(super) fn steps(book: &Phrasebook, address: &str) -> Vec<Step> {
    let script = commands(book, address).map(|commands| script(&commands)).map_err(|whys| whys.join("\n"));
    vec![
        Step::new(
            "Start Saywell where the Mattermost server can reach it.\n\
             `SAYWELL_PUBLIC_URL` is the address under which the server reaches Saywell; people's browsers never call it, so \
             `http://saywell:8080` in a network of your own will do.\n\
             `MATTERMOST_SITE_URL` is the server's own **Site URL**, exactly as its System Console has it.\n\
             `SAYWELL_SECRET` seals what buttons and forms carry: keep it, and give it to every replica.",
        )
        .line(
            "serve",
            "the command",
            format!(
                "export SAYWELL_SECRET=$(openssl rand -hex 32)\n\
                 export SAYWELL_PUBLIC_URL={address}\n\
                 export MATTERMOST_SITE_URL=https://chat.example.com\n\
                 MATTERMOST_TOKEN=not-yet saywell serve --listen 0.0.0.0:8080"
            ),
        ),
        Step::new(
            "In the System Console, under **Integrations**, see that custom slash commands are on.\n\
             Where Saywell runs in your own network, name its host under **Environment**, **Developer**, **Allow untrusted \
             internal connections to**.",
        ),
        Step::new(
            "Under **Integrations**, **Slash Commands**, add a command `saywell`, with the method POST and this address.\n\
             It is enough: `/saywell recover billing`, `/saywell check …`.",
        )
        .line("url", "the address", format!("{address}/mattermost/commands")),
        Step::new(
            "Or let this script create it and all others, `/check` among them.\n\
             `TEAM` is the team's id, `LOGIN` a personal access token of somebody who may manage slash commands; it prints the tokens.",
        )
        .line(
            "script",
            "the script",
            format!(
                "saywell manifest mattermost --url {address} --script > commands.sh\n\
                 SITE=https://chat.example.com TEAM=… LOGIN=… sh commands.sh"
            ),
        )
        .sheet(script),
        Step::new("Start Saywell again with the tokens that Mattermost gave, separated by commas.")
            .line("token", "the command", "MATTERMOST_TOKEN=…,… saywell serve --listen 0.0.0.0:8080"),
        Step::new("Type `/saywell` in any channel.\nThe answer is yours alone until you press **Share**."),
    ]
}
