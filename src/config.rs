//! Settings: flags and environment variables, read once and checked into values that cannot be wrong.
//!
//! Every setting is a flag and a variable; a secret also has a `…_FILE` form, for secrets that a container engine mounts.
//! All faults are reported at once, each naming its variable and what was expected.

use std::{
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
    chat::{self, Platforms, base, proof::Secret},
    checks::{Checks, duration},
    rate::Rate,
};

pub use crate::checks::{ConfigError, Switch};

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

    #[command(flatten)]
    #[expect(missing_docs, reason = "a flattened group has no text of its own")]
    pub platforms: chat::Settings,
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
        let mut faults = Checks::new(&|_| None);
        faults.switch("SAYWELL_NO_DEFAULT_PHRASEBOOK", &self.no_default_phrasebook);
        if self.folders.iter().any(|folder| folder.as_os_str().is_empty()) {
            faults.add("SAYWELL_PHRASEBOOK", "expected folders with `:` between, found an empty name");
        }
        faults.faults.into_iter().next()
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
    /// The proxy through which messages go out; none unless somebody says so.
    pub proxy: Option<ureq::Proxy>,
    /// What is on but could do more, to be said at start.
    pub advice: Vec<&'static str>,
}

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
        let mut faults = Checks::new(get);
        faults.own_secrets(settings.secret.as_deref());
        let expected = "an address such as `https://saywell.example.com`";
        faults.public = faults.parsed("SAYWELL_PUBLIC_URL", settings.public_url.as_deref(), expected, base);
        let platforms = settings.platforms.read(&mut faults);
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
            advice: faults.advice.clone(),
            platforms: platforms.into_iter().collect(),
        };
        if faults.faults.is_empty() { Ok(config) } else { Err(faults.faults) }
    }
}

/// Where a service with these settings listens.
///
/// # Errors
/// What is wrong with them.
pub fn listen(settings: &Settings) -> Result<SocketAddr, Vec<ConfigError>> {
    let mut faults = Checks::new(&|_| None);
    let address = faults.listen(settings);
    if faults.faults.is_empty() { Ok(address) } else { Err(faults.faults) }
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
    let mut faults = Checks::new(get);
    let secrets = faults.secrets(name, given);
    if faults.faults.is_empty() { Ok(secrets) } else { Err(faults.faults) }
}

/// What of the settings is ours.
impl Checks<'_> {
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
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn faults(settings: &Settings) -> Vec<&'static str> {
        Config::read(settings, &|_| None).err().unwrap_or_default().iter().map(|fault| fault.name).collect()
    }

    /// The settings of `saywell serve` with these flags.
    fn given(flags: &[&str]) -> Settings {
        let command = Settings::augment_args(clap::Command::new("serve"));
        Settings::from_arg_matches(&command.get_matches_from([&["serve"], flags].concat())).unwrap()
    }

    #[test]
    fn an_optional_setting_that_is_empty_is_not_set_and_an_empty_secret_is_a_fault() {
        assert_eq!(faults(&given(&["--port=", "--drain=", "--slack-client-id="])), [""; 0]);
        assert_eq!(faults(&given(&["--port=", "--slack-signing-secret="])), ["SLACK_SIGNING_SECRET"]);
    }

    #[test]
    fn a_secret_with_something_pasted_along_is_refused() {
        let quoted = ["\"quoted\"", "'quoted'", "fine,\"quoted\"", "“quoted”", "`quoted`"];
        let others = ["SLACK_SIGNING_SECRET=secret", "two\nlines", "hid\u{200b}den", "nul\0", ""];
        for secret in quoted.into_iter().chain(others) {
            let settings = given(&["--slack-signing-secret", secret]);
            assert_eq!(faults(&settings), ["SLACK_SIGNING_SECRET"], "{secret}");
        }
    }
}
