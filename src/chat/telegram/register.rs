//! `saywell register telegram`: hands in the commands and the service's address by the Bot API.

use std::{fmt::Write as _, time::Duration};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{
    api::{Api, ORIGIN, Trouble, is_token},
    commands::commands,
    settings::is_secret,
};
use crate::{
    chat::{BookFlags, proof::Secret, public, trial::first},
    say::book::Phrasebook,
};

/// What the service wants to hear of.
const UPDATES: [&str; 3] = ["message", "callback_query", "inline_query"];
/// Ports that Telegram calls.
const PORTS: [u16; 4] = [443, 80, 88, 8443];
const PATIENCE: Duration = Duration::from_secs(20);

/// What `saywell register telegram` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// Print what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Throw away what people typed while the service could not be reached
    #[arg(long)]
    drop_pending: bool,

    /// The bot's token, which @BotFather gives; the service itself does not need it
    #[arg(long, env = "TELEGRAM_BOT_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    bot_token: Option<String>,

    /// The secret that the service has; of several the first
    #[arg(long, env = "TELEGRAM_SECRET_TOKEN", value_name = "SECRET", hide_env_values = true)]
    secret_token: Option<String>,

    /// The service's address, with its base path; without it only the commands are registered
    #[arg(long, env = "SAYWELL_PUBLIC_URL", value_name = "ADDRESS")]
    public_url: Option<String>,

    /// Where Telegram's Bot API is
    #[arg(long, env = "TELEGRAM_ORIGIN", default_value = ORIGIN, value_name = "ORIGIN")]
    origin: String,
}

/// Where updates go.
#[derive(Serialize)]
struct Webhook<'a> {
    url: String,
    secret_token: &'a str,
    allowed_updates: [&'static str; 3],
    drop_pending_updates: bool,
}

/// A call of the Bot API: its name, and what it is given.
type Call = (&'static str, String);

impl BookFlags for Flags {
    /// Tells Telegram, or says what it would be told.
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        let commands = commands(book).map_err(|why| vec![why.to_string()])?;
        let webhook = self.webhook().map_err(|why| vec![why])?;
        let lists = commands.iter().map(|list| ("setMyCommands", json(list)));
        if self.dry_run {
            let shown = webhook.map(|webhook| ("setWebhook", json(&Webhook { secret_token: "…", ..webhook })));
            return Ok(lists.chain(shown).fold(String::new(), |mut shown, (method, body)| {
                let _ = writeln!(shown, "{method} {body}");
                shown
            }));
        }
        let url = webhook.as_ref().map(|webhook| webhook.url.clone());
        let calls: Vec<Call> = lists.chain(webhook.map(|webhook| ("setWebhook", json(&webhook)))).collect();
        let names = commands.first().map(super::commands::Commands::names).unwrap_or_default();
        let mut done = format!("Registered {} commands: {}.\n", names.len(), names.join(", "));
        self.register(&calls, url, &mut done).map_err(|why| vec![why])?;
        Ok(done.trim_end().to_owned())
    }
}

impl Flags {
    /// Where updates are to go, if that is said.
    fn webhook(&self) -> Result<Option<Webhook<'_>>, String> {
        const NAME: &str = "TELEGRAM_SECRET_TOKEN";
        let Some(url) = self.public_url.as_deref().filter(|url| !url.trim().is_empty()) else { return Ok(None) };
        let url = public(url.trim())
            .map_err(|why| format!("SAYWELL_PUBLIC_URL: `{url}` {why}, so Telegram cannot call it"))?;
        let port = Url::parse(&url).ok().and_then(|url| url.port_or_known_default());
        if !port.is_some_and(|port| PORTS.contains(&port)) {
            return Err("SAYWELL_PUBLIC_URL: Telegram calls the ports 443, 80, 88 and 8443 only".into());
        }
        let secret_token = first(self.secret_token.as_deref().unwrap_or_default(), &[',']);
        if !is_secret(&Secret::from(secret_token)) {
            return Err(format!("{NAME}: expected the secret that the service has: 1 to 256 of A-Z a-z 0-9 _ -"));
        }
        let url = format!("{url}/telegram/updates");
        Ok(Some(Webhook { url, secret_token, allowed_updates: UPDATES, drop_pending_updates: self.drop_pending }))
    }

    /// Makes the calls, and adds what there is to know.
    fn register(&self, calls: &[Call], url: Option<String>, done: &mut String) -> Result<(), String> {
        let token = Secret::from(self.bot_token.as_deref().unwrap_or_default());
        if !is_token(&token) {
            return Err(
                "TELEGRAM_BOT_TOKEN: expected the bot's token, such as `123456:AAE…`, which @BotFather gives".into()
            );
        }
        let api = Api::new(&self.origin, &token, PATIENCE, ureq::Proxy::try_from_env());
        let call = |method: &str, body: &str| api.call(method, body.as_bytes()).map_err(|trouble| told(&trouble));
        let me = call("getMe", "{}")?;
        for (method, body) in calls {
            call(method, body)?;
        }
        let _ = match url {
            Some(url) => writeln!(done, "Telegram sends to {url}."),
            None => writeln!(done, "The webhook is as it was: SAYWELL_PUBLIC_URL is not set."),
        };
        let _ = writeln!(done, "The bot is @{}.", text(&me, "username"));
        if me.get("supports_inline_queries").and_then(Value::as_bool) == Some(false) {
            let _ = writeln!(
                done,
                "Its inline mode is off. To use it in every chat, send /setinline to @BotFather, and start the service with \
                 TELEGRAM_INLINE=true."
            );
        }
        let hook = call("getWebhookInfo", "{}")?;
        if !text(&hook, "last_error_message").is_empty() {
            let _ = writeln!(done, "What Telegram last said about the address: {}.", text(&hook, "last_error_message"));
        }
        Ok(())
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What Telegram says, and what that means.
fn told(trouble: &Trouble) -> String {
    let hint = match trouble {
        Trouble::Refused { code: 401 | 404, .. } => " (TELEGRAM_BOT_TOKEN is no bot's, or has been revoked)",
        Trouble::Refused { code: 429, .. } => " (too often; try again in a while)",
        _ => "",
    };
    format!("{trouble}{hint}")
}
