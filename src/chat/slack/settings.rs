//! What can be set for Slack.

use std::slice;

use clap::Args;

use super::{Slack, api};
use crate::{
    chat::{PlatformSettings, install::Install, origin, proof::HmacKeys},
    checks::Checks,
};

/// The settings, as they were given.
#[derive(Debug, Args, Default)]
#[group(skip)]
#[command(next_help_heading = "Slack")]
#[expect(clippy::struct_field_names, reason = "they are flags of one command line with those of others")]
pub(crate) struct Settings {
    /// Slack's signing secrets, separated by commas; switches Slack on
    #[arg(long, env = "SLACK_SIGNING_SECRET", value_name = "SECRETS", hide_env_values = true)]
    pub(crate) slack_signing_secret: Option<String>,

    /// Slack's bot token: *Fill in* then opens a window of its own
    #[arg(long, env = "SLACK_BOT_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    slack_bot_token: Option<String>,

    /// The Slack app's client id; with its secret it switches on installing into several workspaces at /slack/install
    #[arg(long, env = "SLACK_CLIENT_ID", value_name = "ID")]
    slack_client_id: Option<String>,

    /// The Slack app's client secret
    #[arg(long, env = "SLACK_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    slack_client_secret: Option<String>,

    /// Where Slack's response addresses may point [default: https://hooks.slack.com]
    #[arg(long, env = "SLACK_HOOKS_ORIGIN", value_name = "ORIGIN")]
    pub(crate) slack_hooks_origin: Option<String>,
}

impl PlatformSettings for Settings {
    type Platform = Slack;

    /// Slack; none where no signing secret is set, or something is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<Slack> {
        let token = checks.secret("SLACK_BOT_TOKEN", self.slack_bot_token.as_deref());
        let install = self.install(checks);
        let secrets = checks.secrets("SLACK_SIGNING_SECRET", self.slack_signing_secret.as_deref())?;
        let mut slack = Slack::new(&secrets);
        slack.bot_token = token;
        slack.install = install;
        match self.hooks() {
            None => Some(slack),
            Some(hooks) => {
                let expected = "an origin such as `https://hooks.slack-gov.com`";
                checks.parsed("SLACK_HOOKS_ORIGIN", Some(hooks), expected, |hooks| slack.clone().hooks(hooks))
            }
        }
    }
}

impl Settings {
    fn hooks(&self) -> Option<&str> {
        self.slack_hooks_origin.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// On where the app's id and secret are both set.
    fn install(&self, checks: &mut Checks<'_>) -> Option<Install> {
        let id = self.slack_client_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let secret = checks.secret("SLACK_CLIENT_SECRET", self.slack_client_secret.as_deref());
        match (id, secret) {
            (None, None) => None,
            (Some(_), None) => {
                checks.add("SLACK_CLIENT_SECRET", "expected the app's client secret, since SLACK_CLIENT_ID is set");
                None
            }
            (None, Some(_)) => {
                checks.add("SLACK_CLIENT_ID", "expected the app's client id, since SLACK_CLIENT_SECRET is set");
                None
            }
            (Some(id), Some(secret)) => {
                let keys = HmacKeys::new(checks.own.as_deref().unwrap_or(slice::from_ref(&secret)));
                let hooks = self.hooks().map_or_else(|| Some(Slack::HOOKS.to_owned()), origin)?;
                Some(Install::new(id, secret, keys, None, api(&hooks)))
            }
        }
    }
}
