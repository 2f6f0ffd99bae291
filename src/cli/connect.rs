//! `saywell connect slack`: chat without a public address.

use std::{
    fs::File,
    io::{self, Read as _},
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
        Adapter, base, origin,
        proof::{ExposeSecret as _, Secret, hex},
        slack::{self, Slack as Platform},
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

impl Connect {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let To::Slack(slack) = self.platform;
        let plan = match slack.read(&|name| std::env::var(name).ok()) {
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
    connection: connect::Settings,
    /// The service within, unless there is another.
    within: Config,
    has_service: bool,
}

impl Slack {
    fn read(self, get: &dyn Fn(&str) -> Option<String>) -> Result<Plan, Vec<ConfigError>> {
        let mut faults = Vec::new();
        let to = self.to.as_deref().filter(|to| !to.trim().is_empty()).map(str::trim).map(str::to_owned);
        let is_given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let probes = (is_given(&self.settings.listen) || is_given(&self.settings.port)).then(|| listen(&self.settings));
        let probes = probes.transpose().unwrap_or_else(|more| {
            faults.extend(more);
            None
        });
        let token = self.token(get, &mut faults);
        let mut own = self.settings.platforms.of::<slack::Settings>().unwrap_or_default();
        let signing_secret = signing_secret(&mut own, to.is_none(), get, &mut faults);
        let connections = self.connections(&mut faults);
        let service = to.as_deref().map(|to| {
            base(to).unwrap_or_else(|| {
                let expected = format!("expected the service's address such as `http://127.0.0.1:8080`, found `{to}`");
                faults.push(ConfigError { name: "SAYWELL_CONNECT_TO", expected });
                String::new()
            })
        });
        let proxy = proxy(&mut faults);
        let hooks = own.slack_hooks_origin.as_deref().and_then(|hooks| origin(hooks.trim()));
        let within = Settings { listen: Some("127.0.0.1:0".into()), port: None, base_path: None, ..self.settings };
        // Where the secret was made up, the settings do not have it.
        let mut checks = Checks::new(get);
        checks.own_secrets(within.secret.as_deref());
        let slack = own.read(&mut checks);
        match Config::read(&within, get) {
            Ok(mut within) if faults.is_empty() && checks.faults.is_empty() => {
                within.platforms.extend(slack.map(|slack| Arc::new(slack) as Arc<dyn Adapter>));
                Ok(Plan {
                    connection: connect::Settings {
                        token,
                        signing_secret,
                        hooks: hooks.unwrap_or_else(|| Platform::HOOKS.into()),
                        to: service.clone().unwrap_or_default(),
                        connections,
                        listen: probes,
                        proxy: proxy.clone(),
                    },
                    within: Config { proxy, ..within },
                    has_service: service.is_some(),
                })
            }
            within => {
                let more = within.err().into_iter().flatten().chain(checks.faults);
                for fault in more {
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                }
                Err(faults)
            }
        }
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
fn signing_secret(
    own: &mut slack::Settings,
    is_within: bool,
    get: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<ConfigError>,
) -> Secret {
    const NAME: &str = "SLACK_SIGNING_SECRET";
    // What is wrong with them is said where the service's settings are read.
    let given = secrets(NAME, own.slack_signing_secret.as_deref(), get);
    match given.map(|secrets| secrets.and_then(|secrets| secrets.into_iter().next())) {
        Ok(Some(secret)) => secret,
        Ok(None) if is_within => {
            let secret = random().unwrap_or_else(|error| {
                faults.push(ConfigError { name: NAME, expected: format!("none could be made up: {error}") });
                String::new()
            });
            own.slack_signing_secret = Some(secret.clone());
            Secret::from(secret)
        }
        Ok(None) => {
            let expected = "expected the signing secret that the service has".into();
            faults.push(ConfigError { name: NAME, expected });
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
            connection.to = format!("http://{}", server.address()?);
            service = Some(rt::spawn(server.run(Signals::told(over.clone())?)));
        }
        let connector = match Connector::bind(connection) {
            Ok(connector) => connector,
            Err(error) => return failed(&format!("the address for probes: {error}")),
        };
        let ended = connector.run(signals.stopped()).await;
        // The service goes last: what is under way needs it.
        over.notify_one();
        if let Some(service) = service {
            service.await.map_err(io::Error::other)??;
        }
        match ended {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(end) => {
                error!("{end}");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}
