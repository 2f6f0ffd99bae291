//! What can be set for Mattermost.

use clap::Args;

use super::Mattermost;
use crate::{
    chat::{
        PlatformSettings, base,
        proof::{ExposeSecret as _, SealKeys, Secret},
    },
    checks::{Checks, Switch},
};

const NO_BUTTONS: &str = "Mattermost answers come without buttons; set SAYWELL_PUBLIC_URL and SAYWELL_SECRET for them";
const NO_SITE: &str = "some Mattermost answers come without Share and Fill in; set MATTERMOST_SITE_URL for them";

/// The settings, as they were given.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Mattermost")]
#[expect(clippy::struct_field_names, reason = "they are flags of one command line with those of others")]
pub(super) struct Settings {
    /// Tokens of Mattermost's commands, separated by commas, each `token` or `token=address` with its server's own site
    /// address; switches Mattermost on
    #[arg(long, env = "MATTERMOST_TOKEN", value_name = "TOKENS", hide_env_values = true)]
    mattermost_token: Option<String>,

    /// The site address of the Mattermost server whose tokens have none of their own
    #[arg(long, env = "MATTERMOST_SITE_URL", value_name = "ADDRESS")]
    mattermost_site_url: Option<String>,

    /// Every Mattermost server is of version 11.10 or later, which lets *Another* replace a private message
    #[arg(long, env = "MATTERMOST_REPLACES", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true)]
    mattermost_replaces: Switch,
}

impl PlatformSettings for Settings {
    type Platform = Mattermost;

    /// Mattermost; none where no token is set. What it lacks is advised.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Mattermost> {
        let replaces = checks.switch("MATTERMOST_REPLACES", &self.mattermost_replaces);
        let tokens = self.tokens(checks)?;
        let has_site = tokens.iter().all(|(_, site)| site.is_some());
        let mattermost = Mattermost::new(tokens).updates(replaces);
        let (Some(public), Some(own)) = (checks.public.clone(), checks.own.as_deref()) else {
            checks.advice.push(NO_BUTTONS);
            return Some(mattermost);
        };
        let keys = SealKeys::new(own);
        checks.advice.extend((!has_site).then_some(NO_SITE));
        Some(mattermost.buttons(keys, public))
    }
}

impl Settings {
    /// The tokens, each with the address of its server where it is known.
    fn tokens(&self, checks: &mut Checks<'_>) -> Option<Vec<(Secret, Option<String>)>> {
        const NAME: &str = "MATTERMOST_TOKEN";
        let expected = "the server's address, such as `https://chat.example.com`";
        let site = checks.parsed("MATTERMOST_SITE_URL", self.mattermost_site_url.as_deref(), expected, base);
        let given = checks.secrets(NAME, self.mattermost_token.as_deref())?;
        let mut tokens = Vec::new();
        for given in given {
            let given = given.expose_secret();
            let (token, url) = given.split_once('=').map_or((given, None), |(token, url)| (token, Some(url)));
            let url = url.map(|url| base(url.trim()));
            // What stands there is a secret or near one, and is not repeated.
            if token.trim().is_empty() || url == Some(None) {
                checks.add(NAME, "expected `token` or `token=https://chat.example.com`, or several with commas");
            }
            tokens.push((Secret::from(token.trim()), url.flatten().or_else(|| site.clone())));
        }
        Some(tokens)
    }
}
