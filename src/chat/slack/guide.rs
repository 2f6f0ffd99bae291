//! How Slack is brought in.

use super::manifest::manifest;
use crate::{
    chat::{guide::Step, public},
    say::book::Phrasebook,
};

/// The steps, for a service at this address.
pub(super) fn steps(book: &Phrasebook, address: &str) -> Vec<Step> {
    let whys =
        |unfit: Vec<super::manifest::Unfit>| unfit.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let public = public(address).unwrap_or_else(|_| "https://saywell.example.com".into());
    vec![
        Step::new(
            "Have an address with HTTPS that Slack can reach: your usual proxy in front of Saywell, or a tunnel for a trial.\n\
             The proxy must hand on the body byte for byte, since the signature is made over the bytes.",
        )
        .line("tunnel", "the command", "cloudflared tunnel --url http://127.0.0.1:8080"),
        Step::new(
            "At <https://api.slack.com/apps> choose **Create New App**, **From a manifest** and your workspace.\n\
             Paste the manifest into the **JSON** tab: it holds every command of your phrasebook.",
        )
        .line("manifest", "the manifest", format!("saywell manifest slack --url {public}"))
        .sheet(manifest(book, Some(address), false).map_err(whys)),
        Step::new("Press **Install to Workspace**."),
        Step::new(
            "Under **Basic Information**, **App Credentials**, copy the **Signing Secret**, and start Saywell with it.\n\
             That one setting is enough.",
        )
        .line("secret", "the command", "SLACK_SIGNING_SECRET=… saywell serve --listen 0.0.0.0:8080"),
        Step::new("Type `/saywell help` in any conversation.\nThe answer is yours alone until you press **Share**."),
    ]
}
