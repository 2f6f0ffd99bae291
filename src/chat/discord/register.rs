//! `saywell register discord`: hands in the commands by Discord's API.

use std::{io::Read as _, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::Args;
use serde_json::Value;

use super::commands::commands;
use crate::{chat::BookFlags, say::book::Phrasebook};

/// What `saywell register discord` takes.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Flags {
    /// Only in this server, where it takes effect at once
    #[arg(long, value_name = "ID")]
    guild: Option<String>,

    /// Print what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// The application's id
    #[arg(long, env = "DISCORD_APPLICATION_ID", value_name = "ID")]
    application_id: Option<String>,

    /// The application's bot token; either this or the client secret
    #[arg(long, env = "DISCORD_BOT_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    bot_token: Option<String>,

    /// The application's client secret, where it has no bot
    #[arg(long, env = "DISCORD_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    client_secret: Option<String>,

    /// Where Discord is
    #[arg(long, env = "DISCORD_ORIGIN", default_value = "https://discord.com", value_name = "ORIGIN")]
    origin: String,

    /// The address by which Discord knows who calls [default: the application's page at Discord]
    #[arg(long, env = "SAYWELL_PUBLIC_URL", value_name = "ADDRESS")]
    public_url: Option<String>,
}

impl BookFlags for Flags {
    /// Tells Discord, or says what it would be told.
    fn run(&self, book: &Phrasebook) -> Result<String, Vec<String>> {
        let commands = commands(book).map_err(|why| vec![why.to_string()])?;
        if self.dry_run { Ok(commands) } else { self.register(&commands).map_err(|why| vec![why]) }
    }
}

impl Flags {
    /// Sends the commands; what was done, or why it was not.
    fn register(&self, commands: &str) -> Result<String, String> {
        let application = id("DISCORD_APPLICATION_ID", self.application_id.as_deref().unwrap_or_default())?;
        let place = match &self.guild {
            Some(guild) => format!("applications/{application}/guilds/{}/commands", id("--guild", guild)?),
            None => format!("applications/{application}/commands"),
        };
        let agent = self.agent(application);
        let authorization = self.authorization(application, &agent)?;
        let request = agent.put(self.at(&place)).header("Authorization", authorization);
        let answer = read(request.content_type("application/json").send(commands))?;
        let names = answer.as_array().into_iter().flatten().filter_map(|command| command.get("name")?.as_str());
        let names: Vec<String> = names.map(|name| format!("/{name}")).collect();
        Ok(format!("Registered {} commands: {}.", names.len(), names.join(", ")))
    }

    fn authorization(&self, application: &str, agent: &ureq::Agent) -> Result<String, String> {
        match (&self.bot_token, &self.client_secret) {
            (Some(token), _) => Ok(format!("Bot {}", token.trim())),
            (None, Some(secret)) => {
                let basic = BASE64_STANDARD.encode(format!("{application}:{}", secret.trim()));
                let request = agent.post(self.at("oauth2/token")).header("Authorization", format!("Basic {basic}"));
                let form = "grant_type=client_credentials&scope=applications.commands.update";
                let answer = read(request.content_type("application/x-www-form-urlencoded").send(form))?;
                let token = answer.get("access_token").and_then(Value::as_str).ok_or("Discord gave no token")?;
                Ok(format!("Bearer {token}"))
            }
            (None, None) => Err("expected DISCORD_BOT_TOKEN or DISCORD_CLIENT_SECRET, found neither".into()),
        }
    }

    fn agent(&self, application: &str) -> ureq::Agent {
        let page = || format!("{}/developers/applications/{application}", self.origin.trim_end_matches('/'));
        let address = self.public_url.clone().filter(|address| !address.is_empty()).unwrap_or_else(page);
        ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .max_redirects(0)
            .http_status_as_error(false)
            // Discord turns away what does not name itself like this.
            .user_agent(format!("DiscordBot ({address}, {})", env!("CARGO_PKG_VERSION")))
            .build()
            .into()
    }

    fn at(&self, place: &str) -> String {
        format!("{}/api/v10/{place}", self.origin.trim_end_matches('/'))
    }
}

fn id<'a>(name: &str, id: &'a str) -> Result<&'a str, String> {
    let id = id.trim();
    let is_id = (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    is_id.then_some(id).ok_or_else(|| format!("{name}: expected an id of digits only, found `{id}`"))
}

/// Discord's answer, or what it says is wrong. No token is in it.
fn read(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, String> {
    let mut response = response.map_err(|error| format!("Discord cannot be reached: {error}"))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let _ = response.body_mut().as_reader().take(1 << 20).read_to_end(&mut body);
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status == 200 {
        return Ok(answer);
    }
    let hint = match status {
        401 => "the token or secret is not this application's",
        403 | 404 => "the application is not in that server, or the id is another's",
        429 => "too often; try again in a while",
        _ => "see what Discord says",
    };
    let said = ["message", "errors", "error", "retry_after"];
    let said: Vec<String> =
        said.iter().filter_map(|key| answer.get(*key)).map(|said| said.to_string().replace('"', "")).collect();
    Err(format!("Discord answered {status} ({hint}): {}", said.join(" ")))
}
