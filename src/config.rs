//! Settings: flags and environment variables, read once and checked into values that cannot be wrong.
//!
//! Every setting is a flag and a variable; a secret also has a `…_FILE` form, for secrets that a container engine mounts.
//! All faults are reported at once, each naming its variable and what was expected.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use clap::{
    Args,
    builder::{OsStringValueParser, TypedValueParser as _},
};
use ipnet::IpNet;
use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};

use crate::{
    chat::{
        Platforms, base,
        discord::{self, Discord},
        mattermost::Mattermost,
        proof::{Ed25519Keys, HmacKeys, SealKeys, Secret},
        slack::{Slack, install::Install},
    },
    rate::Rate,
};

/// The settings of `saywell serve`, as they were given.
#[derive(Debug, Clone, Args, Default)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "SAYWELL_LISTEN", value_name = "ADDRESS:PORT", help_heading = "Service")]
    pub listen: Option<String>,

    /// Port to listen on at every address, of IPv6 and IPv4, for platforms that set PORT; `--listen` goes before it
    #[arg(long, env = "PORT", value_name = "PORT", help_heading = "Service")]
    pub port: Option<String>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "a flattened group has no text of its own")]
    pub book: BookSettings,

    /// Requests allowed per team and per client address: `off`, or a number and a period such as `120/min` [default: 1200/min]
    #[arg(long, env = "SAYWELL_RATE_LIMIT", value_name = "RATE", help_heading = "Service")]
    pub rate_limit: Option<String>,

    /// Networks whose forwarded client addresses are believed, separated by commas [default: none]
    #[arg(long, env = "SAYWELL_TRUSTED_PROXIES", value_name = "NETWORKS", help_heading = "Service")]
    pub trusted_proxies: Option<String>,

    /// Another address for `/metrics`, with the probes beside it; it is not served at the first one then
    #[arg(long, env = "SAYWELL_METRICS_LISTEN", value_name = "ADDRESS:PORT", help_heading = "Service")]
    pub metrics_listen: Option<String>,

    /// The path below which everything is served, such as `/saywell`, where a proxy serves other things beside it
    #[arg(long, env = "SAYWELL_BASE_PATH", value_name = "PATH", help_heading = "Service")]
    pub base_path: Option<String>,

    /// Origins whose pages may have drafts reviewed and ask at `/mcp`, separated by commas: https://mail.example.com,
    /// chrome-extension://ID, moz-extension://* [default: none]
    #[arg(long, env = "SAYWELL_CORS", value_name = "ORIGINS", help_heading = "Service")]
    pub cors: Option<String>,

    /// Connections held at once; further ones wait [default: 2048, or what the limit on open files allows]
    #[arg(long, env = "SAYWELL_MAX_CONNECTIONS", value_name = "NUMBER", help_heading = "Service")]
    pub max_connections: Option<String>,

    /// How long to go on serving after SIGTERM before closing, such as `5s` [default: 0s]
    #[arg(long, env = "SAYWELL_DRAIN", value_name = "DURATION", help_heading = "Service")]
    pub drain: Option<String>,

    /// Worker threads [default: one a core]
    #[arg(long, env = "SAYWELL_WORKERS", value_name = "NUMBER", help_heading = "Service")]
    pub workers: Option<String>,

    /// What to log, such as `info` or `saywell=debug` [default: info,actix_server=warn,actix_server::accept=off; RUST_LOG is read too]
    #[arg(long, env = "SAYWELL_LOG", value_name = "FILTER", help_heading = "Service")]
    pub log: Option<String>,

    /// Key of our own signatures, at least 16 characters; several separated by commas, the first signs
    #[arg(long, env = "SAYWELL_SECRET", value_name = "SECRETS", hide_env_values = true, help_heading = "Service")]
    pub secret: Option<String>,

    /// The address under which chat platforms reach the service, https://saywell.example.com; Mattermost's buttons need it
    #[arg(long, env = "SAYWELL_PUBLIC_URL", value_name = "ADDRESS", help_heading = "Service")]
    pub public_url: Option<String>,

    /// Slack's signing secrets, separated by commas; switches Slack on
    #[arg(long, env = "SLACK_SIGNING_SECRET", value_name = "SECRETS", hide_env_values = true, help_heading = "Slack")]
    pub slack_signing_secret: Option<String>,

    /// Slack's bot token: *Fill in* then opens a window of its own
    #[arg(long, env = "SLACK_BOT_TOKEN", value_name = "TOKEN", hide_env_values = true, help_heading = "Slack")]
    pub slack_bot_token: Option<String>,

    /// The Slack app's client id; with its secret it switches on installing into several workspaces at /slack/install
    #[arg(long, env = "SLACK_CLIENT_ID", value_name = "ID", help_heading = "Slack")]
    pub slack_client_id: Option<String>,

    /// The Slack app's client secret
    #[arg(long, env = "SLACK_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true, help_heading = "Slack")]
    pub slack_client_secret: Option<String>,

    /// Where Slack's response addresses may point [default: https://hooks.slack.com]
    #[arg(long, env = "SLACK_HOOKS_ORIGIN", value_name = "ORIGIN", help_heading = "Slack")]
    pub slack_hooks_origin: Option<String>,

    /// Tokens of Mattermost's commands, separated by commas, each `token` or `token=address` with its server's own site
    /// address; switches Mattermost on
    #[arg(long, env = "MATTERMOST_TOKEN", value_name = "TOKENS", hide_env_values = true, help_heading = "Mattermost")]
    pub mattermost_token: Option<String>,

    /// The site address of the Mattermost server whose tokens have none of their own
    #[arg(long, env = "MATTERMOST_SITE_URL", value_name = "ADDRESS", help_heading = "Mattermost")]
    pub mattermost_site_url: Option<String>,

    /// Every Mattermost server is of version 11.10 or later, which lets *Another* replace a private message
    #[arg(long, env = "MATTERMOST_REPLACES", help_heading = "Mattermost", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true)]
    pub mattermost_replaces: Switch,

    /// Public keys of Discord applications, separated by commas; switches Discord on
    #[arg(long, env = "DISCORD_PUBLIC_KEY", value_name = "KEYS", help_heading = "Discord")]
    pub discord_public_key: Option<String>,

    /// How far Discord's timestamps may be from our clock, such as `300s`; `off` takes any [default: 300s]
    #[arg(long, env = "DISCORD_WINDOW", value_name = "DURATION", help_heading = "Discord")]
    pub discord_window: Option<String>,
}

/// Which phrasebook to use.
#[derive(Debug, Clone, Args, Default)]
pub struct BookSettings {
    /// A folder of phrases laid over the built-in book; may be given again [several in the variable: with `:` between]
    #[arg(
        long = "phrasebook",
        env = "SAYWELL_PHRASEBOOK",
        value_name = "FOLDER",
        value_delimiter = ':',
        // An empty name is a fault among others, which clap would end the program for.
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        help_heading = "Phrasebook"
    )]
    pub folders: Vec<PathBuf>,

    /// Start with an empty book instead of the built-in one
    #[arg(long, env = "SAYWELL_NO_DEFAULT_PHRASEBOOK", help_heading = "Phrasebook", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true)]
    pub no_default_phrasebook: Switch,
}

impl BookSettings {
    /// What is wrong with them, before a file is read.
    #[must_use]
    pub fn fault(&self) -> Option<ConfigError> {
        let mut faults = Faults(Vec::new());
        faults.switch("SAYWELL_NO_DEFAULT_PHRASEBOOK", &self.no_default_phrasebook);
        if self.folders.iter().any(|folder| folder.as_os_str().is_empty()) {
            faults.add("SAYWELL_PHRASEBOOK", "expected folders with `:` between, found an empty name");
        }
        faults.0.into_iter().next()
    }
}

/// A setting that is on or off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Switch {
    /// Off.
    #[default]
    Off,
    /// On.
    On,
    /// Neither, as it was given.
    Unclear(String),
}

impl From<&str> for Switch {
    fn from(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "t" | "y" => Self::On,
            "false" | "no" | "off" | "0" | "f" | "n" => Self::Off,
            _ => Self::Unclear(text.to_owned()),
        }
    }
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// The settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folders of phrases.
    pub book: BookSettings,
    /// The rate limit; none if it is off.
    pub rate: Option<Rate>,
    /// Whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where metrics are served, if not among everything else.
    pub metrics_listen: Option<SocketAddr>,
    /// What every address begins with: nothing, or `/saywell`.
    pub base_path: String,
    /// Origins whose pages may have drafts reviewed.
    pub cors: Vec<String>,
    /// Connections held at once.
    pub max_connections: usize,
    /// How long to go on serving after a signal to stop.
    pub drain: Duration,
    /// Worker threads.
    pub workers: usize,
    /// The log filter.
    pub log: Targets,
    /// The platforms that are on.
    pub platforms: Platforms,
    /// Installing the Slack app into several workspaces, if that is on.
    pub slack_install: Option<Install>,
    /// The proxy through which messages go out; none unless somebody says so.
    pub proxy: Option<ureq::Proxy>,
    /// What is on but could do more, to be said at start.
    pub advice: Vec<&'static str>,
}

/// A setting that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What was expected, in words.
    pub expected: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.expected)
    }
}

const NO_BUTTONS: &str = "Mattermost answers come without buttons; set SAYWELL_PUBLIC_URL and SAYWELL_SECRET for them";
const NO_SITE: &str = "some Mattermost answers come without Share and Fill in; set MATTERMOST_SITE_URL for them";

/// Requests a client may make when nothing is set: more than any person types, less than a flood.
const DEFAULT_RATE: Rate = Rate::per_minute(NonZeroU32::new(1200).unwrap());

/// Connections held at once when nothing is set: two thousand take some 20 MB, and two descriptors each.
const DEFAULT_CONNECTIONS: usize = 2048;

/// The server's own news of every start and every worker are of no use to who runs it, nor is its complaint at every end
/// that its entrance is closed.
fn default_log() -> Targets {
    Targets::new()
        .with_default(Level::INFO)
        .with_target("actix_server", Level::WARN)
        .with_target("actix_server::accept", LevelFilter::OFF)
}

impl Config {
    /// Checks settings; `get` reads an environment variable, for the `…_FILE` forms.
    ///
    /// # Errors
    /// Every setting that is wrong.
    pub fn read(settings: &Settings, get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigError>> {
        let mut faults = Faults(Vec::new());
        let own = faults.own_secrets(settings, get);
        let mattermost = faults.mattermost(settings, get, own.as_deref());
        let config = Self {
            listen: faults.listen(settings),
            book: settings.book.clone(),
            rate: faults.rate(settings.rate_limit.as_deref()),
            trusted_proxies: faults.networks(settings.trusted_proxies.as_deref()),
            metrics_listen: faults.metrics_listen(settings),
            base_path: faults.base_path(settings.base_path.as_deref()),
            cors: faults.origins(settings.cors.as_deref()),
            max_connections: faults
                .parsed(
                    "SAYWELL_MAX_CONNECTIONS",
                    settings.max_connections.as_deref(),
                    "a number from 16 to 1000000",
                    |text| text.parse().ok().filter(|number| (16..=1_000_000).contains(number)),
                )
                .unwrap_or(DEFAULT_CONNECTIONS),
            drain: faults
                .parsed("SAYWELL_DRAIN", settings.drain.as_deref(), "a duration such as `5s` or `500ms`", duration)
                .unwrap_or_default(),
            workers: faults
                .parsed("SAYWELL_WORKERS", settings.workers.as_deref(), "a number from 1 to 512", |text| {
                    text.parse().ok().filter(|number| (1..=512).contains(number))
                })
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            log: faults
                .parsed("SAYWELL_LOG", settings.log.as_deref(), "a filter such as `info` or `saywell=debug`", |text| {
                    text.parse().ok()
                })
                .or_else(|| get("RUST_LOG").filter(|filter| !filter.is_empty())?.parse().ok())
                .unwrap_or_else(default_log),
            proxy: None,
            advice: mattermost.as_ref().and_then(|(_, advice)| *advice).into_iter().collect(),
            platforms: {
                let mut platforms = Platforms::default();
                platforms.extend(faults.slack(settings, get));
                platforms.extend(mattermost.map(|(mattermost, _)| mattermost));
                platforms.extend(faults.discord(settings, get));
                platforms
            },
            slack_install: faults.slack_install(settings, get, own.as_deref()),
        };
        if faults.0.is_empty() { Ok(config) } else { Err(faults.0) }
    }
}

/// Where a service with these settings listens.
///
/// # Errors
/// What is wrong with them.
pub fn listen(settings: &Settings) -> Result<SocketAddr, Vec<ConfigError>> {
    let mut faults = Faults(Vec::new());
    let address = faults.listen(settings);
    if faults.0.is_empty() { Ok(address) } else { Err(faults.0) }
}

/// The secrets of a setting that another command than `serve` has; none where it is not set.
///
/// # Errors
/// What is wrong with them.
pub fn secrets(
    name: &'static str,
    given: Option<&str>,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Vec<Secret>>, Vec<ConfigError>> {
    let mut faults = Faults(Vec::new());
    let secrets = faults.secrets(name, given, get);
    if faults.0.is_empty() { Ok(secrets) } else { Err(faults.0) }
}

struct Faults(Vec<ConfigError>);

impl Faults {
    fn add(&mut self, name: &'static str, expected: impl Into<String>) {
        self.0.push(ConfigError { name, expected: expected.into() });
    }

    fn parsed<T>(
        &mut self,
        name: &'static str,
        given: Option<&str>,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        // Compose passes an empty variable for one that is not set.
        let text = given.filter(|text| !text.trim().is_empty())?;
        let value = parse(text.trim());
        if value.is_none() {
            self.add(name, format!("expected {expected}, found `{text}`"));
        }
        value
    }

    fn listen(&mut self, settings: &Settings) -> SocketAddr {
        let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let listen = self.parsed(
            "SAYWELL_LISTEN",
            settings.listen.as_deref(),
            "an address and a port such as `127.0.0.1:8080`",
            |text| text.parse().ok(),
        );
        let port = self.parsed("PORT", settings.port.as_deref(), "a port from 0 to 65535", |text| text.parse().ok());
        match (listen, port) {
            (Some(listen), _) => listen,
            (None, Some(port)) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
            (None, None) => default,
        }
    }

    fn metrics_listen(&mut self, settings: &Settings) -> Option<SocketAddr> {
        let expected = "an address and a port such as `127.0.0.1:9090`";
        self.parsed("SAYWELL_METRICS_LISTEN", settings.metrics_listen.as_deref(), expected, |text| text.parse().ok())
    }

    fn switch(&mut self, name: &'static str, switch: &Switch) -> bool {
        if let Switch::Unclear(text) = switch {
            self.add(name, format!("expected `true` or `false`, found `{text}`"));
        }
        *switch == Switch::On
    }

    fn rate(&mut self, given: Option<&str>) -> Option<Rate> {
        let expected = "`off`, or a number and a period such as `120/min` (s, min or h)";
        match self.parsed("SAYWELL_RATE_LIMIT", given, expected, |text| match text {
            "off" => Some(None),
            text => text.parse().ok().map(Some),
        }) {
            Some(rate) => rate,
            None => Some(DEFAULT_RATE),
        }
    }

    fn base_path(&mut self, given: Option<&str>) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let path = |text: &str| {
            let path = text.trim_matches('/');
            let sound = path.split('/').all(|part| !part.is_empty() && part.chars().all(is_plain));
            (path.is_empty() || sound).then(|| if path.is_empty() { String::new() } else { format!("/{path}") })
        };
        self.parsed("SAYWELL_BASE_PATH", given, "a path such as `/saywell`", path).unwrap_or_default()
    }

    fn origins(&mut self, given: Option<&str>) -> Vec<String> {
        let expected = "origins such as `https://mail.example.com, moz-extension://*`";
        let origin = |text: &str| {
            let (scheme, host) = text.trim().split_once("://")?;
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
            // A wildcard for the web would let every page read what is reviewed.
            let any = host == "*" && !matches!(scheme, "http" | "https");
            let sound = !scheme.is_empty() && !host.is_empty() && host.chars().all(plain);
            (any || sound).then(|| format!("{scheme}://{host}"))
        };
        self.parsed("SAYWELL_CORS", given, expected, |text| text.split(',').map(origin).collect()).unwrap_or_default()
    }

    fn networks(&mut self, given: Option<&str>) -> Vec<IpNet> {
        let expected = "networks such as `10.0.0.0/8, 192.168.1.7`";
        let network = |text: &str| {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        };
        let all = |text: &str| text.split(',').map(network).collect();
        self.parsed("SAYWELL_TRUSTED_PROXIES", given, expected, all).unwrap_or_default()
    }

    /// Secrets from the setting or from the file that `NAME_FILE` points to; `None` where neither is set.
    fn secrets(
        &mut self,
        name: &'static str,
        given: Option<&str>,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Vec<Secret>> {
        let file = get(&format!("{name}_FILE")).filter(|path| !path.trim().is_empty());
        let text = match (given, file) {
            (Some(_), Some(_)) => {
                self.add(name, format!("expected either {name} or {name}_FILE, found both"));
                return None;
            }
            (Some(text), None) => text.to_owned(),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => text.strip_suffix('\n').map(|text| text.trim_end_matches('\r').to_owned()).unwrap_or(text),
                Err(error) => {
                    self.add(name, format!("expected a readable file in {name}_FILE: {}", error.kind()));
                    return None;
                }
            },
            (None, None) => return None,
        };
        // Some editors begin a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let secrets: Vec<&str> = text.split(',').map(str::trim).collect();
        if secrets.iter().any(|secret| secret.starts_with(['"', '\'']) || secret.ends_with(['"', '\''])) {
            self.add(name, "expected a secret without quotation marks around it; found some, so take them away");
            return None;
        }
        if secrets.iter().any(|secret| secret.is_empty()) {
            self.add(name, "expected a secret, or several separated by commas; found an empty one");
            return None;
        }
        Some(secrets.into_iter().map(Secret::new).collect())
    }

    fn slack(&mut self, settings: &Settings, get: &dyn Fn(&str) -> Option<String>) -> Option<Slack> {
        let token = self.secret("SLACK_BOT_TOKEN", settings.slack_bot_token.as_deref(), get);
        let secrets = self.secrets("SLACK_SIGNING_SECRET", settings.slack_signing_secret.as_deref(), get)?;
        let mut slack = Slack::new(&secrets);
        if let Some(token) = token {
            slack = slack.bot_token(token);
        }
        match settings.slack_hooks_origin.as_deref().filter(|text| !text.trim().is_empty()) {
            None => Some(slack),
            Some(hooks) => {
                let expected = "an origin such as `https://hooks.slack-gov.com`";
                self.parsed("SLACK_HOOKS_ORIGIN", Some(hooks), expected, |hooks| slack.clone().hooks(hooks))
            }
        }
    }

    fn discord(&mut self, settings: &Settings, get: &dyn Fn(&str) -> Option<String>) -> Option<Discord> {
        const NAME: &str = "DISCORD_PUBLIC_KEY";
        let expected = "`off`, or a duration such as `300s`";
        let window = self.parsed("DISCORD_WINDOW", settings.discord_window.as_deref(), expected, |text| match text {
            "off" => Some(None),
            text => duration(text).map(Some),
        });
        let keys = self.secrets(NAME, settings.discord_public_key.as_deref(), get)?;
        let keys: Option<Vec<_>> = keys.iter().map(|key| Ed25519Keys::key(key.expose())).collect();
        if keys.is_none() {
            self.add(NAME, "expected the application's public key: 64 hexadecimal digits, not its id, token or secret");
        }
        Some(Discord::new(keys?).window(window.unwrap_or(Some(discord::WINDOW))))
    }

    /// The keys of our own signatures.
    fn own_secrets(&mut self, settings: &Settings, get: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Secret>> {
        let own = self.secrets("SAYWELL_SECRET", settings.secret.as_deref(), get);
        if own.iter().flatten().any(|secret| secret.expose().len() < 16) {
            self.add("SAYWELL_SECRET", "expected at least 16 characters");
        }
        own
    }

    /// With what it lacks.
    fn mattermost(
        &mut self,
        settings: &Settings,
        get: &dyn Fn(&str) -> Option<String>,
        own: Option<&[Secret]>,
    ) -> Option<(Mattermost, Option<&'static str>)> {
        let replaces = self.switch("MATTERMOST_REPLACES", &settings.mattermost_replaces);
        let expected = "an address such as `https://saywell.example.com`";
        let public = self.parsed("SAYWELL_PUBLIC_URL", settings.public_url.as_deref(), expected, base);
        let expected = "the server's address, such as `https://chat.example.com`";
        let site = self.parsed("MATTERMOST_SITE_URL", settings.mattermost_site_url.as_deref(), expected, base);
        let given = self.secrets("MATTERMOST_TOKEN", settings.mattermost_token.as_deref(), get)?;
        let mut tokens = Vec::new();
        for given in given {
            let (token, url) =
                given.expose().split_once('=').map_or((given.expose(), None), |(token, url)| (token, Some(url)));
            let url = url.map(|url| base(url.trim()));
            // What stands there is a secret or near one, and is not repeated.
            if token.trim().is_empty() || url == Some(None) {
                self.add(
                    "MATTERMOST_TOKEN",
                    "expected `token` or `token=https://chat.example.com`, or several with commas",
                );
            }
            tokens.push((Secret::new(token.trim()), url.flatten().or_else(|| site.clone())));
        }
        let has_site = tokens.iter().all(|(_, site)| site.is_some());
        let mattermost = Mattermost::new(tokens).updates(replaces);
        Some(match (public, own) {
            (Some(public), Some(own)) => {
                (mattermost.buttons(SealKeys::new(own), public), (!has_site).then_some(NO_SITE))
            }
            _ => (mattermost, Some(NO_BUTTONS)),
        })
    }

    /// On where the app's id and secret are both set.
    fn slack_install(
        &mut self,
        settings: &Settings,
        get: &dyn Fn(&str) -> Option<String>,
        own: Option<&[Secret]>,
    ) -> Option<Install> {
        let id = settings.slack_client_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let secret = self.secret("SLACK_CLIENT_SECRET", settings.slack_client_secret.as_deref(), get);
        match (id, secret) {
            (None, None) => None,
            (Some(_), None) => {
                self.add("SLACK_CLIENT_SECRET", "expected the app's client secret, since SLACK_CLIENT_ID is set");
                None
            }
            (None, Some(_)) => {
                self.add("SLACK_CLIENT_ID", "expected the app's client id, since SLACK_CLIENT_SECRET is set");
                None
            }
            (Some(id), Some(secret)) => {
                let keys = HmacKeys::new(own.unwrap_or(std::slice::from_ref(&secret)));
                let install = Install::new(id, secret, keys, None);
                match settings.slack_hooks_origin.as_deref().filter(|text| !text.trim().is_empty()) {
                    None => Some(install),
                    Some(hooks) => install.hooks(hooks.trim()),
                }
            }
        }
    }

    /// One secret, not several.
    fn secret(
        &mut self,
        name: &'static str,
        given: Option<&str>,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Secret> {
        let secrets = self.secrets(name, given, get)?;
        if secrets.len() > 1 {
            self.add(name, "expected one secret, found several");
        }
        secrets.into_iter().next()
    }
}

/// `5s`, `500ms`, `2min`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().ok()?;
    match text.get(digits.len()..)? {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "min" | "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        _ => None,
    }
    .filter(|duration| *duration <= Duration::from_hours(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(settings: &Settings) -> Vec<&'static str> {
        Config::read(settings, &|_| None).err().unwrap_or_default().iter().map(|fault| fault.name).collect()
    }

    #[test]
    fn an_optional_setting_that_is_empty_is_not_set_and_an_empty_secret_is_a_fault() {
        let empty = || Some(String::new());
        let settings = Settings { port: empty(), drain: empty(), slack_client_id: empty(), ..Settings::default() };
        assert_eq!(faults(&settings), [""; 0]);
        let settings = Settings { port: empty(), slack_signing_secret: empty(), ..Settings::default() };
        assert_eq!(faults(&settings), ["SLACK_SIGNING_SECRET"]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_secret() {
        let given = Some("\u{feff}first,second");
        let secrets = Faults(Vec::new()).secrets("SAYWELL_SECRET", given, &|_| None).unwrap();
        assert_eq!(secrets.iter().map(Secret::expose).collect::<Vec<_>>(), ["first", "second"]);
    }

    #[test]
    fn a_secret_in_quotation_marks_is_refused() {
        for secret in ["\"quoted\"", "'quoted'", "fine,\"quoted\""] {
            let settings = Settings { slack_signing_secret: Some(secret.to_owned()), ..Settings::default() };
            assert_eq!(faults(&settings), ["SLACK_SIGNING_SECRET"], "{secret}");
        }
    }
}
