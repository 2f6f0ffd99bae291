//! `saywell connect slack` and `saywell connect telegram`: chat without a public address.

use std::{
    fs::File,
    io::{self, Read as _},
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
};

use actix_web::rt;
use clap::{Args, Subcommand};
use tokio::sync::Notify;
use tracing::error;

use super::{
    Settings, complain, failed,
    serve::{LAST_LINES, start},
};
use crate::{
    chat::{
        Adapter, PlatformSettings as _, base, origin,
        proof::{ExposeSecret as _, Secret, hex},
        slack::{self, Slack as Platform},
        telegram::{self, api},
    },
    checks::Checks,
    config::{Config, ConfigError, listen, secrets},
    connect::{self, Connector, MOST_CONNECTIONS},
    server::{Server, Signals, log::Log},
};

#[derive(Debug, Args)]
pub(super) struct Connect {
    #[command(subcommand)]
    platform: To,
}

#[derive(Debug, Subcommand)]
enum To {
    /// Slack, by its Socket Mode: SLACK_APP_TOKEN=xapp-… saywell connect slack
    ///
    /// Without --to it starts the service within itself, for which the settings of `saywell serve` hold. Then nobody else
    /// need know a signing secret, and SLACK_SIGNING_SECRET may be left out.
    Slack(Box<Slack>),
    /// Telegram, by long polling: TELEGRAM_BOT_TOKEN=… saywell connect telegram
    ///
    /// Without --to it starts the service within itself, for which the settings of `saywell serve` hold. Then nobody else
    /// need know a secret, and TELEGRAM_SECRET_TOKEN may be left out.
    Telegram(Box<Telegram>),
}

#[derive(Debug, Args)]
#[command(mut_arg("listen", |listen| listen.help("Address and port for /healthz, /readyz and /metrics [default: none]")))]
#[command(mut_arg("port", |port| port.help("Port for them at every address, for platforms that set PORT")))]
struct Slack {
    /// The running service, with its base path [default: one is started within]
    #[arg(long, env = "SAYWELL_CONNECT_TO", value_name = "ADDRESS", help_heading = "Connection")]
    to: Option<String>,

    /// The app-level token, which begins with `xapp-`
    #[arg(long, env = "SLACK_APP_TOKEN", value_name = "TOKEN", hide_env_values = true, help_heading = "Connection")]
    app_token: Option<String>,

    /// Connections held at once, from 1 to 10 for the whole app [default: 1]
    #[arg(long, env = "SLACK_CONNECTIONS", value_name = "NUMBER", help_heading = "Connection")]
    connections: Option<String>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
#[command(mut_arg("listen", |listen| listen.help("Address and port for /healthz, /readyz and /metrics [default: none]")))]
#[command(mut_arg("port", |port| port.help("Port for them at every address, for platforms that set PORT")))]
struct Telegram {
    /// The running service, with its base path [default: one is started within]
    #[arg(long, env = "SAYWELL_CONNECT_TO", value_name = "ADDRESS", help_heading = "Connection")]
    to: Option<String>,

    /// The bot's token, which @BotFather gives
    #[arg(long, env = "TELEGRAM_BOT_TOKEN", value_name = "TOKEN", hide_env_values = true, help_heading = "Connection")]
    bot_token: Option<String>,

    /// Take the bot's webhook away, if it has one: then nothing is sent there any more
    #[arg(long, help_heading = "Connection")]
    take_over: bool,

    /// Where Telegram's Bot API is
    #[arg(long, env = "TELEGRAM_ORIGIN", default_value = api::ORIGIN, value_name = "ORIGIN", help_heading = "Connection")]
    origin: String,

    #[command(flatten)]
    settings: Settings,
}

impl Connect {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let get = |name: &str| std::env::var(name).ok();
        let plan = match self.platform {
            To::Slack(slack) => slack.read(&get),
            To::Telegram(telegram) => telegram.read(&get),
        };
        let plan = match plan {
            Ok(plan) => plan,
            Err(faults) => {
                for fault in &faults {
                    complain(&format!("error: {fault}"));
                }
                return Ok(ExitCode::FAILURE);
            }
        };
        let log = Log::to_stderr()?;
        start(plan.within.log.clone(), log.clone());
        let system = rt::System::new();
        let ended = system.block_on(plan.carry_out(&log));
        log.finish(LAST_LINES);
        // It would wait for requests that have been given up.
        std::mem::forget(system);
        ended
    }
}

/// The settings, checked.
struct Plan {
    connection: Connection,
    /// The service within, unless there is another.
    within: Config,
    has_service: bool,
}

/// To which platform, and how.
enum Connection {
    Slack(connect::Settings),
    Telegram(connect::telegram::PollerSettings),
}

/// What is common to all platforms, and what is wrong with it.
struct Common {
    /// The service, unless it is within.
    to: Option<String>,
    probes: Option<SocketAddr>,
    proxy: Option<ureq::Proxy>,
}

impl Common {
    fn read(to: Option<&str>, settings: &Settings, faults: &mut Vec<ConfigError>) -> Self {
        let is_given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let probes = (is_given(&settings.listen) || is_given(&settings.port)).then(|| listen(settings));
        let probes = probes.transpose().unwrap_or_else(|more| {
            faults.extend(more);
            None
        });
        let to = to.map(str::trim).filter(|to| !to.is_empty()).map(|to| {
            base(to).unwrap_or_else(|| {
                let expected = format!("expected the service's address such as `http://127.0.0.1:8080`, found `{to}`");
                faults.push(ConfigError { name: "SAYWELL_CONNECT_TO", expected });
                String::new()
            })
        });
        Self { to, probes, proxy: proxy(faults) }
    }
}

/// The service within, with a platform whose secret may have been made up; or everything that is wrong.
fn within(
    settings: Settings,
    proxy: Option<ureq::Proxy>,
    get: &dyn Fn(&str) -> Option<String>,
    mut faults: Vec<ConfigError>,
    platform: impl FnOnce(&mut Checks<'_>) -> Option<Arc<dyn Adapter>>,
) -> Result<Config, Vec<ConfigError>> {
    let within = Settings { listen: Some("127.0.0.1:0".into()), port: None, base_path: None, ..settings };
    // Where the secret was made up, the settings do not have it.
    let mut checks = Checks::new(get);
    checks.own_secrets(within.secret.as_deref());
    let platform = platform(&mut checks);
    match Config::read(&within, get) {
        Ok(mut within) if faults.is_empty() && checks.faults.is_empty() => {
            within.platforms.extend(platform);
            Ok(Config { proxy, ..within })
        }
        within => {
            for fault in within.err().into_iter().flatten().chain(checks.faults) {
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
            Err(faults)
        }
    }
}

impl Telegram {
    fn read(self, get: &dyn Fn(&str) -> Option<String>) -> Result<Plan, Vec<ConfigError>> {
        let mut faults = Vec::new();
        let Common { to, probes, proxy } = Common::read(self.to.as_deref(), &self.settings, &mut faults);
        let token = self.token(get, &mut faults);
        let mut own = self.settings.platforms.of::<telegram::Settings>().unwrap_or_default();
        let name = "TELEGRAM_SECRET_TOKEN";
        let secret = shared_secret(name, &mut own.telegram_secret_token, to.is_none(), get, &mut faults);
        let platform = |checks: &mut Checks<'_>| Some(Arc::new(own.read(checks)?) as Arc<dyn Adapter>);
        let within = within(self.settings, proxy.clone(), get, faults, platform)?;
        let has_service = to.is_some();
        let connection = Connection::Telegram(connect::telegram::PollerSettings {
            token,
            secret,
            origin: self.origin,
            to: to.unwrap_or_default(),
            take_over: self.take_over,
            listen: probes,
            proxy,
        });
        Ok(Plan { connection, within, has_service })
    }

    fn token(&self, get: &dyn Fn(&str) -> Option<String>, faults: &mut Vec<ConfigError>) -> Secret {
        const NAME: &str = "TELEGRAM_BOT_TOKEN";
        let tokens = secrets(NAME, self.bot_token.as_deref(), get).unwrap_or_else(|more| {
            faults.extend(more);
            None
        });
        match tokens.as_deref() {
            Some([token]) if api::is_token(token) => token.clone(),
            _ => {
                let expected = "expected the bot's token, such as `123456:AAE…`, which @BotFather gives".into();
                faults.push(ConfigError { name: NAME, expected });
                Secret::from("")
            }
        }
    }
}

impl Slack {
    fn read(self, get: &dyn Fn(&str) -> Option<String>) -> Result<Plan, Vec<ConfigError>> {
        let mut faults = Vec::new();
        let Common { to, probes, proxy } = Common::read(self.to.as_deref(), &self.settings, &mut faults);
        let token = self.token(get, &mut faults);
        let connections = self.connections(&mut faults);
        let mut own = self.settings.platforms.of::<slack::Settings>().unwrap_or_default();
        let name = "SLACK_SIGNING_SECRET";
        let signing_secret = shared_secret(name, &mut own.slack_signing_secret, to.is_none(), get, &mut faults);
        let hooks = own.slack_hooks_origin.as_deref().and_then(|hooks| origin(hooks.trim()));
        let platform = |checks: &mut Checks<'_>| Some(Arc::new(own.read(checks)?) as Arc<dyn Adapter>);
        let within = within(self.settings, proxy.clone(), get, faults, platform)?;
        let has_service = to.is_some();
        let connection = Connection::Slack(connect::Settings {
            token,
            signing_secret,
            hooks: hooks.unwrap_or_else(|| Platform::HOOKS.into()),
            to: to.unwrap_or_default(),
            connections,
            listen: probes,
            proxy,
        });
        Ok(Plan { connection, within, has_service })
    }

    fn token(&self, get: &dyn Fn(&str) -> Option<String>, faults: &mut Vec<ConfigError>) -> Secret {
        const NAME: &str = "SLACK_APP_TOKEN";
        let expected = "expected the app-level token, which begins with `xapp-`: in the app's settings under Basic \
                        Information, with the scope connections:write";
        let tokens = secrets(NAME, self.app_token.as_deref(), get).unwrap_or_else(|more| {
            faults.extend(more);
            Some(vec![Secret::from("xapp-")])
        });
        match tokens.as_deref() {
            Some([token]) if token.expose_secret().starts_with("xapp-") => token.clone(),
            _ => {
                faults.push(ConfigError { name: NAME, expected: expected.into() });
                Secret::from("")
            }
        }
    }

    fn connections(&self, faults: &mut Vec<ConfigError>) -> usize {
        let Some(text) = self.connections.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return 1 };
        let number = text.parse().ok().filter(|number| (1..=MOST_CONNECTIONS).contains(number));
        number.unwrap_or_else(|| {
            let expected = format!("expected a number from 1 to {MOST_CONNECTIONS}, found `{text}`");
            faults.push(ConfigError { name: "SLACK_CONNECTIONS", expected });
            1
        })
    }
}

/// The first of them, as the service has it. Where the service is within and there is none, one is made up: nobody
/// else need know it.
fn shared_secret(
    name: &'static str,
    given: &mut Option<String>,
    is_within: bool,
    get: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<ConfigError>,
) -> Secret {
    // What is wrong with them is said where the service's settings are read.
    let known = secrets(name, given.as_deref(), get);
    match known.map(|secrets| secrets.and_then(|secrets| secrets.into_iter().next())) {
        Ok(Some(secret)) => secret,
        Ok(None) if is_within => {
            let secret = random().unwrap_or_else(|error| {
                faults.push(ConfigError { name, expected: format!("none could be made up: {error}") });
                String::new()
            });
            *given = Some(secret.clone());
            Secret::from(secret)
        }
        Ok(None) => {
            let expected = "expected the secret that the service has".into();
            faults.push(ConfigError { name, expected });
            Secret::from("")
        }
        Err(_) => Secret::from(""),
    }
}

/// The proxy of the environment.
fn proxy(faults: &mut Vec<ConfigError>) -> Option<ureq::Proxy> {
    let proxy = ureq::Proxy::try_from_env()?;
    if proxy.protocol() != ureq::ProxyProtocol::Http {
        let expected = "expected a proxy that is spoken to over HTTP, such as `http://proxy.example.com:3128`".into();
        faults.push(ConfigError { name: "HTTPS_PROXY", expected });
    }
    Some(proxy)
}

/// A secret that nobody can guess.
fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hex(&bytes))
}

impl Plan {
    async fn carry_out(self, log: &Log) -> io::Result<ExitCode> {
        let Self { mut connection, within, has_service } = self;
        let mut signals = Signals::new()?;
        let over = Arc::new(Notify::new());
        let mut service = None;
        if !has_service {
            let server = match Server::bind(within, log) {
                Ok(server) => server,
                Err(error) => return failed(&error),
            };
            server.describe()?;
            connection.to(format!("http://{}", server.address()?));
            service = Some(rt::spawn(server.run(Signals::told(over.clone())?)));
        }
        let ended = match connection.hold(signals.stopped()).await {
            Ok(ended) => ended,
            Err(error) => return failed(&format!("the address for probes: {error}")),
        };
        // The service goes last: what is under way needs it.
        over.notify_one();
        if let Some(service) = service {
            service.await.map_err(io::Error::other)??;
        }
        match ended {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(why) => {
                error!("{why}");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

impl Connection {
    /// To the service within.
    fn to(&mut self, address: String) {
        match self {
            Self::Slack(settings) => settings.to = address,
            Self::Telegram(settings) => settings.to = address,
        }
    }

    /// Holds it until it is told to stop; how that ended. Without the address for probes there is none.
    async fn hold(self, stop: impl Future<Output = ()>) -> io::Result<Result<(), String>> {
        Ok(match self {
            Self::Slack(settings) => Connector::bind(settings)?.run(stop).await.map_err(|why| why.to_string()),
            Self::Telegram(settings) => {
                connect::telegram::Poller::bind(settings)?.run(stop).await.map_err(|why| why.to_string())
            }
        })
    }
}
