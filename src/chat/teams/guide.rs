//! How Teams is brought in.

use crate::{chat::guide::Step, say::book::Phrasebook};

/// The steps, for a service at this address.
pub(super) fn steps(_: &Phrasebook, address: &str) -> Vec<Step> {
    vec![
        Step::new(
            "For one team, without an app: in Teams, under **Manage team**, **Apps**, press **Create an outgoing webhook**.\n\
             Give it a name such as `Saywell` and this address, and copy the security token that Teams shows once.",
        )
        .line("url", "the address", format!("{address}/teams/messages")),
        Step::new(
            "Start Saywell with the token, where Microsoft can reach it over HTTPS.\n\
             Type `@Saywell recover billing` in a channel of that team: everybody there reads the answer.",
        )
        .line("webhook", "the command", "TEAMS_WEBHOOK_TOKEN=… saywell serve --listen 0.0.0.0:8080"),
        Step::new(format!(
            "For everyone, in the message box and for their eyes only: in the Azure portal create an **Azure Bot** of the type \
             **Single Tenant**, with `{address}/teams/messages` as its **Messaging endpoint**, and add the channel \
             **Microsoft Teams**.\n\
             Saywell needs the **Microsoft App ID** alone: no client secret, for it never calls Microsoft but for its public keys.",
        ))
        .line("app", "the command", "TEAMS_APP_ID=… TEAMS_WEBHOOK_TOKEN=… saywell serve --listen 0.0.0.0:8080"),
        Step::new("Write the app package; again, with a higher `--package-version`, whenever a command is added or renamed.").line(
            "package",
            "the command",
            format!("saywell manifest teams --url {address} --app-id … --out saywell-teams.zip"),
        ),
        Step::new(
            "In Teams, under **Apps**, **Manage your apps**, press **Upload an app** and choose the package; for all people of \
             the organisation an administrator does so in the Teams admin center.",
        ),
        Step::new(
            "Write a message, press **+** below it and choose **Saywell**.\n\
             What you see there is yours alone; **Share** puts the words into your message, and you send it.",
        ),
    ]
}
