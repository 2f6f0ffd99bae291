//! What can be set for Teams.

use std::sync::Arc;

use clap::Args;

use super::{Extension, ISSUER, KEYS, Teams, Webhook};
use crate::{
    chat::{
        PlatformSettings, origin,
        proof::{HmacKeys, Keys},
    },
    checks::Checks,
};

const IN_BOX: &str = "For you alone, with the reasons, blanks to fill in and other lines: Saywell in the message box.";
const FOR_ALL: &str = "Whatever is asked here, everybody in the channel reads.";
const TRIAL: &str = "TEAMS_KEYS holds a key that everybody has, with which anybody can sign; it is for tests alone";

/// The settings, as they were given.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Microsoft Teams")]
#[expect(clippy::struct_field_names, reason = "they are flags of one command line with those of others")]
pub(super) struct Settings {
    /// Ids of the apps (bots) that Teams calls us for, separated by commas; switches Teams' message extension on
    #[arg(long, env = "TEAMS_APP_ID", value_name = "IDS")]
    teams_app_id: Option<String>,

    /// Security tokens of outgoing webhooks, separated by commas; switches them on
    #[arg(long, env = "TEAMS_WEBHOOK_TOKEN", value_name = "TOKENS", hide_env_values = true)]
    teams_webhook_token: Option<String>,

    /// Where the keys of Bot Framework are: an address, a file, or the keys themselves
    /// [default: https://login.botframework.com/v1/.well-known/openidconfiguration]
    #[arg(long, env = "TEAMS_KEYS", value_name = "ADDRESS")]
    teams_keys: Option<String>,

    /// Who issues Bot Framework's tokens [default: https://api.botframework.com]
    #[arg(long, env = "TEAMS_ISSUER", value_name = "ADDRESS")]
    teams_issuer: Option<String>,
}

impl PlatformSettings for Settings {
    type Platform = Teams;

    /// Teams; none where neither an app nor a webhook is set, or something is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Teams> {
        let extension = self.extension(checks);
        let webhook = self.webhook(checks, extension.is_some());
        (extension.is_some() || webhook.is_some()).then_some(Teams { extension, webhook })
    }
}

impl Settings {
    fn extension(&self, checks: &mut Checks<'_>) -> Option<Extension> {
        let expected = "the app's id, such as `00000000-0000-0000-0000-000000000000`, or several separated by commas";
        let apps = |text: &str| text.split(',').map(|id| app(id.trim())).collect::<Option<Vec<String>>>();
        let apps = checks.parsed("TEAMS_APP_ID", self.teams_app_id.as_deref(), expected, apps);
        let expected = "an address such as `https://api.botframework.us`";
        let issuer = |text: &str| origin(text).map(|_| text.to_owned());
        let issuer = checks.parsed("TEAMS_ISSUER", self.teams_issuer.as_deref(), expected, issuer);
        let keys = self.keys(checks)?;
        checks.advice.extend(keys.are_published().then_some(TRIAL));
        Some(Extension { apps: apps?, issuer: issuer.unwrap_or_else(|| ISSUER.into()), keys: [Arc::new(keys)] })
    }

    fn keys(&self, checks: &mut Checks<'_>) -> Option<Keys> {
        let given = self.teams_keys.as_deref().filter(|text| !text.trim().is_empty());
        match Keys::read(given.unwrap_or(KEYS)) {
            Ok(keys) => Some(keys),
            Err(expected) => {
                checks.add("TEAMS_KEYS", expected);
                None
            }
        }
    }

    fn webhook(&self, checks: &mut Checks<'_>, has_extension: bool) -> Option<Webhook> {
        const NAME: &str = "TEAMS_WEBHOOK_TOKEN";
        let tokens = checks.secrets(NAME, self.teams_webhook_token.as_deref())?;
        let Some(keys) = HmacKeys::decoded(&tokens) else {
            checks.add(NAME, "expected the security token as Teams showed it, which is Base64 of 32 bytes");
            return None;
        };
        let more = match &checks.public {
            _ if has_extension => IN_BOX.into(),
            Some(address) => format!("For you alone, with the reasons and other lines: {address}"),
            None => FOR_ALL.into(),
        };
        Some(Webhook { keys, more })
    }
}

/// An app's id as it stands in tokens.
pub(super) fn app(id: &str) -> Option<String> {
    let parts: Vec<&str> = id.split('-').collect();
    let lengths = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]);
    let digits = parts.iter().flat_map(|part| part.bytes()).all(|b| b.is_ascii_hexdigit());
    (lengths && digits).then(|| id.to_ascii_lowercase())
}
