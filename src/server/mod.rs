//! The running service: reads the book, binds, serves, reloads, and stops in good order.

mod keeper;
pub(crate) mod log;

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::{HttpService, Protocol, Request};
use actix_server::{Server as Running, ServerBuilder, ServerHandle};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{AppConfig, ServiceResponse},
    rt::net::TcpStream,
    web::Data,
};
use rustix::{
    io::Errno,
    net::{Shutdown, shutdown},
    process::{Resource, Rlimit, getrlimit, setrlimit},
};
use thiserror::Error;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::Notify,
};
use tracing::{error, info, warn};

use crate::{
    chat::{ALL, Kind},
    config::Config,
    http::{Service, access, connection::Watchdog, cors::Origins, path, probe, routes, wire::Wire},
    shelf::{Shelf, ShelfError},
};
use keeper::Keeper;
use log::Log;

/// How long requests in flight are waited for once no more are taken, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 10;
/// How long open connections are served before the framework closes them: it does not answer a request that it has only
/// half the head of by then.
const GRACE: Duration = Duration::from_secs(2);
/// How long messages that are still under way at the end are waited for.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a client may take to send a request's head, and how long an idle connection is kept.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that ends with an answer is kept for its client to take it: one may still be sending then.
const LINGER: Duration = Duration::from_secs(1);
/// How long the first who ask have the processor to themselves.
const SETTLING: Duration = Duration::from_millis(100);
/// How often full buckets and old notes are forgotten.
const CLEANING: Duration = Duration::from_mins(1);
/// Descriptors that are no connections: the book's files, messages going out, the runtime; and some for every worker.
const OWN_DESCRIPTORS: u64 = 48;
const WORKER_DESCRIPTORS: u64 = 6;

/// A service that is bound to its addresses and ready to run.
pub(crate) struct Server {
    config: Config,
    service: Data<Service>,
    listener: TcpListener,
    metrics: Option<TcpListener>,
}

/// Why the service cannot start.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    /// There is no book.
    #[error(transparent)]
    Book(#[from] ShelfError),
    /// The address cannot be had.
    #[error("cannot listen on {_0}: {_1}")]
    Bind(SocketAddr, #[source] io::Error),
}

impl Server {
    /// Reads the book and takes the addresses.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub(crate) fn bind(config: Config, log: &Log) -> Result<Self, StartError> {
        let shelf = Shelf::open(&config.book)?;
        let bind = |address| bind(address).map_err(|error| StartError::Bind(address, error));
        let listener = bind(config.listen)?;
        let metrics = config.metrics_listen.map(bind).transpose()?;
        path::set_base(&config.base_path);
        let mut service = Service::new(shelf, config.platforms.clone(), config.rate, config.trusted_proxies.clone());
        service.reviewers = Origins(config.cors.clone());
        service.courier = service.courier.through(config.proxy.clone());
        service.metrics.add(log.dropped().clone());
        Ok(Self { config, service: Data::new(service), listener, metrics })
    }

    /// The address that it has taken.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Logs where it listens, what is on and how to turn on the rest.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn describe(&self) -> io::Result<()> {
        info!("listening on http://{}", self.address()?);
        if let Some(metrics) = &self.metrics {
            info!("metrics on http://{}/metrics", metrics.local_addr()?);
        }
        let book = self.service.shelf.book();
        info!(commands = book.commands.len(), phrases = book.size(), "phrasebook read");
        let on: Vec<&str> = self.service.platforms.iter().map(|platform| platform.kind().name).collect();
        match on.as_slice() {
            [] => {
                let switch = |kind: &Kind| format!("{} for {}", kind.switch, kind.title);
                info!("no chat platform is on; set {}", ALL.iter().map(switch).collect::<Vec<_>>().join(", "));
            }
            on => info!("chat platforms: {}", on.join(", ")),
        }
        for oddity in self.service.shelf.oddities() {
            warn!("{oddity}");
        }
        for advice in &self.config.advice {
            warn!("{advice}");
        }
        Ok(())
    }

    /// Serves until a signal says to stop.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) async fn run(self, signals: Signals) -> io::Result<()> {
        let Self { config, service, listener, metrics } = self;
        log_panics();
        let watchdog = Arc::new(Watchdog::new(service.metrics.cut.clone()));
        actix_web::rt::spawn(watchdog.clone().watch());
        actix_web::rt::spawn(clean(service.clone()));
        actix_web::rt::spawn(prepare(service.clone()));
        actix_web::rt::spawn(service.key_sets.clone().keep(service.courier.clone()));
        let keeper = Keeper::start(service.clone())?;
        // It goes on to the very end, so that the end can be watched.
        let aside = metrics.map(|listener| serve_metrics(listener, service.clone(), watchdog.clone())).transpose()?;
        let entrance = listener.try_clone()?;
        let server = serve(&config, listener, service.clone(), watchdog.clone(), aside.is_none())?;
        let courier = service.courier.clone();
        let handle = server.handle();
        actix_web::rt::spawn(async move {
            signals.follow(&keeper, &service, config.drain).await;
            // The framework drops what it has accepted and not yet begun to serve when it is told to stop. So the entrance
            // is closed first: who comes now is turned away by the system at once, and who is in is served.
            let _ = shutdown(&entrance, Shutdown::Read);
            watchdog.empty(GRACE).await;
            handle.stop(true).await;
        });
        server.await?;
        courier.finish(FAREWELL).await;
        if let Some(aside) = aside {
            aside.stop(false).await;
        }
        info!("stopped");
        Ok(())
    }
}

/// Takes an address. What comes at once with many others waits its turn; the standard library lets only 128 wait.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    /// As many as Linux lets wait unless it is told otherwise.
    const WAITING: i32 = 4096;
    let listener = if address == SocketAddr::from((Ipv6Addr::UNSPECIFIED, address.port())) {
        everywhere(address.port())?
    } else {
        TcpListener::bind(address)?
    };
    rustix::net::listen(&listener, WAITING)?;
    Ok(listener)
}

/// Takes a port at every address of IPv6 and IPv4, or of IPv4 alone where the machine has no IPv6.
fn everywhere(port: u16) -> io::Result<TcpListener> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, listen, socket_with, sockopt};
    let both = || -> rustix::io::Result<TcpListener> {
        let socket = socket_with(AddressFamily::INET6, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        sockopt::set_socket_reuseaddr(&socket, true)?;
        // Whatever the system's default is.
        sockopt::set_ipv6_v6only(&socket, false)?;
        bind(&socket, &SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)))?;
        listen(&socket, 1)?;
        Ok(socket.into())
    };
    match both() {
        Err(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)),
        bound => Ok(bound?),
    }
}

fn serve(
    config: &Config,
    listener: TcpListener,
    service: Data<Service>,
    watchdog: Arc<Watchdog>,
    with_metrics: bool,
) -> io::Result<Running> {
    let server = ServerBuilder::default()
        .workers(config.workers)
        .max_concurrent_connections(connections(config).div_ceil(config.workers))
        .shutdown_timeout(SHUTDOWN_TIMEOUT);
    start(server, listener, watchdog, move || {
        let (watched, here) = (service.clone(), service.clone());
        App::new()
            .app_data(service.clone())
            .wrap_fn(move |request, next| access::watch(&watched, request, next))
            .configure(|config| routes(config, &here))
            .configure(|config| {
                if with_metrics {
                    probe::metrics_route(config);
                }
            })
    })
}

/// Serves metrics and probes at an address of their own, which strangers need not reach.
fn serve_metrics(listener: TcpListener, service: Data<Service>, watchdog: Arc<Watchdog>) -> io::Result<ServerHandle> {
    /// Enough for a few scrapers, and out of the way of everything else.
    const CONNECTIONS: usize = 16;
    let server = ServerBuilder::default().workers(1).max_concurrent_connections(CONNECTIONS);
    let server = start(server, listener, watchdog, move || {
        let watched = service.clone();
        App::new()
            .app_data(service.clone())
            .wrap_fn(move |request, next| access::watch(&watched, request, next))
            .configure(probe::only)
    })?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}

/// What the framework's own `HttpServer` does, with a [`Wire`] around each socket.
fn start<I, S, B>(
    server: ServerBuilder,
    listener: TcpListener,
    watchdog: Arc<Watchdog>,
    app: impl Fn() -> I + Send + Clone + 'static,
) -> io::Result<Running>
where
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = Error, InitError = ()>
        + 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let stopping = server.graceful_shutdown_signal();
    let server = server.disable_signals().listen("saywell", listener, move || {
        let (watchdog, stopping) = (watchdog.clone(), stopping.clone());
        let app = app().into_factory().map_err(|error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(move |wire: &Wire, data| watchdog.connect(wire.socket(), data))
            .client_request_timeout(CLIENT_TIMEOUT)
            .client_disconnect_timeout(LINGER)
            .keep_alive(CLIENT_TIMEOUT)
            .finish(map_config(app, |()| AppConfig::default()));
        fn_service(|socket: TcpStream| async move {
            let peer = socket.peer_addr().ok();
            Ok((Wire::new(socket), Protocol::Http1, peer))
        })
        .and_then(http)
    })?;
    Ok(server.run())
}

/// How many connections can be held: as many as are wished for, if there are descriptors for them, two for each. One
/// that waits to be accepted does no harm; one that cannot be accepted would keep a thread busy.
fn connections(config: &Config) -> usize {
    let limit = getrlimit(Resource::Nofile);
    // A soft limit is only there for programs that keep descriptors in a bitmap.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let most = if raised.is_ok() { limit.maximum } else { limit.current };
    let Some(most) = most else { return config.max_connections };
    let own = OWN_DESCRIPTORS + WORKER_DESCRIPTORS * u64::try_from(config.workers).unwrap_or(0);
    let room = usize::try_from(most.saturating_sub(own) / 2).unwrap_or(usize::MAX).max(config.workers);
    if room < config.max_connections {
        warn!(connections = room, "fewer connections than wished for: the limit on open files is low");
    }
    room.min(config.max_connections)
}

/// A panic is one line, with its place. Its text stays out: it may hold words of the request.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, "panic");
    }));
}

/// The signals that we know. There is a handler for each from the moment that this is made; before, most of them would
/// end the program.
pub(crate) struct Signals {
    stop: Stop,
    hang_up: Signal,
    /// What would end the program for no reason.
    _ignored: [Signal; 3],
}

/// What says that it is time to stop.
enum Stop {
    Signal([Signal; 3]),
    /// Somebody who stands between us and the signals.
    Told(Arc<Notify>),
}

impl Stop {
    async fn wait(&mut self) {
        match self {
            Self::Signal([one, two, three]) => {
                tokio::select! {
                    _ = one.recv() => {}
                    _ = two.recv() => {}
                    _ = three.recv() => {}
                }
            }
            Self::Told(told) => told.notified().await,
        }
    }
}

impl Signals {
    /// Takes them over.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn new() -> io::Result<Self> {
        let stop = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::quit())?];
        Self::with(Stop::Signal(stop))
    }

    /// All but those to stop: that is told in another way.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn told(told: Arc<Notify>) -> io::Result<Self> {
        Self::with(Stop::Told(told))
    }

    fn with(stop: Stop) -> io::Result<Self> {
        Ok(Self {
            stop,
            hang_up: signal(SignalKind::hangup())?,
            _ignored: [
                signal(SignalKind::user_defined1())?,
                signal(SignalKind::user_defined2())?,
                signal(SignalKind::alarm())?,
            ],
        })
    }

    /// Waits for a signal to stop.
    pub(crate) async fn stopped(&mut self) {
        self.stop.wait().await;
    }

    /// Reloads on SIGHUP; on a signal to stop it stops welcoming requests and waits until balancers have noticed. A
    /// second such signal ends the wait.
    async fn follow(mut self, keeper: &Keeper, service: &Service, drain: Duration) {
        loop {
            tokio::select! {
                _ = self.hang_up.recv() => keeper.reload(),
                () = self.stop.wait() => break,
            }
        }
        service.retire();
        info!(?drain, "stopping");
        let _ = tokio::time::timeout(drain, self.stop.wait()).await;
    }
}

/// Makes the index of a large book, so that the first search need not wait for it; but not before whoever waited for the
/// service has been answered. On this thread, which has little to do, and whose memory has room from reading the book.
async fn prepare(service: Data<Service>) {
    /// The index of so many phrases is made within milliseconds: the first search makes it, and until then it takes no room.
    const FEW: usize = 1_000;
    tokio::time::sleep(SETTLING).await;
    let book = service.shelf.book();
    if book.size() > FEW {
        book.prepare();
    }
}

async fn clean(service: Data<Service>) {
    let mut ticks = tokio::time::interval(CLEANING);
    loop {
        ticks.tick().await;
        if let Some(limiter) = &service.limiter {
            limiter.clean();
        }
        service.recent.clean(Instant::now());
    }
}
