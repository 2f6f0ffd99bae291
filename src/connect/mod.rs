//! Chat without a public address: a connection that we open to the platform, and its deliveries handed to a service as the
//! requests that the platform would send over HTTP.
//!
//! | file | what it is |
//! |---|---|
//! | `slack` | what travels on Slack's connection, and the request that each delivery becomes |
//! | `open` | a new connection: its address, the proxy, TLS |
//! | `line` | always one connection open, and the next before the last one ends |
//! | `socket` | one connection, from its greeting to its end |
//! | `way` | the way out on one, for acknowledgements |
//! | `relay` | one delivery: to the service, and the answer back in time, or later |
//! | `telegram` | Telegram's long polling, whole: it has neither envelopes nor connections |
//! | `ledger` | which deliveries have come, so that each is answered once |
//! | `post` | the request to the service |
//! | `metrics`, `probe` | what is counted, and where it can be read |
//!
//! Nothing is kept that may not be lost. Everything but the requests runs on one thread.

mod ledger;
mod line;
mod metrics;
mod open;
mod post;
mod probe;
mod relay;
pub(crate) mod slack;
mod socket;
pub(crate) mod telegram;
mod way;

use std::{
    cell::Cell,
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_web::rt;
use tokio::{sync::watch, task::JoinSet, time::timeout};
use tracing::info;

use crate::{
    chat::{proof::Secret, slack::Slack},
    http::outbound::Courier,
};
use ledger::Ledger;
use metrics::Metrics;
use open::Api;
pub(crate) use open::FatalError;
use post::Door;

/// Connections that Slack allows an app.
pub(crate) const MOST_CONNECTIONS: usize = 10;

/// How long deliveries that are under way are waited for at the end.
const FINISHING: Duration = Duration::from_secs(10);
/// How long connections may take to close, and messages to be sent, at the end.
const FAREWELL: Duration = Duration::from_secs(5);

/// What `saywell connect slack` is to do.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The app-level token, `xapp-…`.
    pub token: Secret,
    /// The signing secret that the service has.
    pub signing_secret: Secret,
    /// Where messages for a `response_url` go; the API is beside it.
    pub hooks: String,
    /// The service, `http://127.0.0.1:8080`, with its base path.
    pub to: String,
    /// How many connections are held at once.
    pub connections: usize,
    /// Where probes and metrics are served, if anywhere.
    pub listen: Option<SocketAddr>,
    /// The way out, where there is a proxy.
    pub proxy: Option<ureq::Proxy>,
}

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// It is not near.
    Running,
    /// No further connection is opened; what comes is still answered.
    Finishing,
    /// Connections are closed.
    Closing,
}

/// What all connections share.
struct Hub {
    api: Api,
    door: Door,
    slack: Slack,
    courier: Courier,
    ledger: Ledger,
    metrics: Arc<Metrics>,
    under_way: Cell<usize>,
    phase: watch::Receiver<Phase>,
}

/// Connections to Slack, ready to be opened.
pub(crate) struct Connector {
    settings: Settings,
    metrics: Arc<Metrics>,
    listener: Option<TcpListener>,
}

impl Connector {
    /// Takes the address for probes, if there is to be one.
    ///
    /// # Errors
    /// The address cannot be had.
    pub(crate) fn bind(settings: Settings) -> io::Result<Self> {
        let listener = settings.listen.map(TcpListener::bind).transpose()?;
        Ok(Self { settings, metrics: Arc::new(Metrics::new()), listener })
    }

    /// Hands on deliveries until it is told to stop; then finishes those under way, and closes.
    ///
    /// # Errors
    /// [`FatalError`]: Slack will never let us in.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) -> Result<(), FatalError> {
        let Self { settings, metrics, listener } = self;
        let probe =
            listener.map(|listener| probe::serve(listener, metrics.clone())).transpose().map_err(FatalError::from)?;
        let (end, phase) = watch::channel(Phase::Running);
        let hub = Rc::new(Hub::new(&settings, metrics, phase));
        let mut lines = JoinSet::new();
        for number in 1..=settings.connections {
            lines.spawn_local(line::hold(hub.clone(), number));
        }
        let ended = tokio::select! {
            ended = first_error(&mut lines) => ended,
            () = stop => Ok(()),
        };
        hub.finish(&end, lines).await;
        if let Some(probe) = probe {
            probe.stop(false).await;
        }
        info!("stopped");
        ended
    }
}

/// A line only ends by itself when none will ever work.
async fn first_error(lines: &mut JoinSet<Result<(), FatalError>>) -> Result<(), FatalError> {
    while let Some(ended) = lines.join_next().await {
        ended.unwrap_or(Ok(()))?;
    }
    Ok(())
}

impl Hub {
    fn new(settings: &Settings, metrics: Arc<Metrics>, phase: watch::Receiver<Phase>) -> Self {
        let slack = Slack::new(&[]);
        Self {
            api: Api::new(&settings.hooks, settings.token.clone(), settings.proxy.clone()),
            door: Door::new(&settings.to, &settings.signing_secret),
            slack: slack.clone().hooks(&settings.hooks).unwrap_or(slack),
            courier: Courier::new(metrics.posts()).through(settings.proxy.clone()),
            ledger: Ledger::default(),
            metrics,
            under_way: Cell::new(0),
            phase,
        }
    }

    /// Waits until the end has come this far.
    async fn reached(&self, phase: Phase) {
        // Whoever tells the phase outlives all who wait for it.
        let _ = self.phase.clone().wait_for(|now| *now >= phase).await;
    }

    /// First no new connections, then nothing under way, then no connections, then no messages under way.
    async fn finish(&self, end: &watch::Sender<Phase>, mut lines: JoinSet<Result<(), FatalError>>) {
        info!(under_way = self.under_way.get(), "stopping");
        self.metrics.retire();
        end.send_replace(Phase::Finishing);
        self.settle(FINISHING).await;
        end.send_replace(Phase::Closing);
        let closed = async { while lines.join_next().await.is_some() {} };
        let _ = timeout(FAREWELL, closed).await;
        // What came while a connection closed.
        self.settle(FAREWELL).await;
        self.courier.finish(FAREWELL).await;
    }

    /// Waits until nothing is under way, but no longer than `most`.
    async fn settle(&self, most: Duration) {
        const PAUSE: Duration = Duration::from_millis(10);
        let settled = async {
            while self.under_way.get() > 0 {
                rt::time::sleep(PAUSE).await;
            }
        };
        let _ = timeout(most, settled).await;
    }
}
