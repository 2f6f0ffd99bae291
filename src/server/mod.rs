//! The running service: reads the book, binds, serves, reloads, and stops in good order.

pub mod shelf;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info};

use crate::{
    chat::Platform,
    config::Config,
    http::{Service, limit::Limiter, outbound::Courier, recent::Recent, routes},
};
use shelf::{Shelf, ShelfError};

/// How long requests in flight are waited for once no more are taken, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 10;
/// How long messages that are still under way at the end are waited for.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a client may take to send a request's head, and how long an idle connection is kept.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often full buckets and old notes are forgotten.
const CLEANING: Duration = Duration::from_mins(1);

/// A service that is bound to its address and ready to run.
pub struct Server {
    config: Config,
    service: Data<Service>,
    listener: std::net::TcpListener,
}

/// Why the service cannot start.
#[derive(Debug)]
pub enum StartError {
    /// There is no book.
    Book(ShelfError),
    /// The address cannot be had.
    Bind(SocketAddr, io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Book(error) => error.fmt(f),
            Self::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl Server {
    /// Reads the book and takes the address.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub fn bind(config: Config) -> Result<Self, StartError> {
        let shelf = Shelf::open(&config.book).map_err(StartError::Book)?;
        let listener =
            std::net::TcpListener::bind(config.listen).map_err(|error| StartError::Bind(config.listen, error))?;
        let service = Data::new(Service {
            shelf,
            platforms: config.platforms.clone(),
            slack_install: config.slack_install.clone(),
            limiter: config.rate.map(Limiter::new),
            recent: Recent::new(),
            courier: Courier::new(),
            trusted_proxies: config.trusted_proxies.clone(),
            ready: AtomicBool::new(true),
        });
        Ok(Self { config, service, listener })
    }

    /// The address, with the port that was taken.
    ///
    /// # Errors
    /// The system's own.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Logs what is on and how to turn on the rest.
    pub fn describe(&self) {
        let book = self.service.shelf.book();
        info!(commands = book.commands.len(), phrases = book.size(), "phrasebook read");
        let on: Vec<&str> = self.service.platforms.iter().map(Platform::name).collect();
        match on.as_slice() {
            [] => info!("no chat platform is on; set SLACK_SIGNING_SECRET for Slack"),
            on => info!("chat platforms: {}", on.join(", ")),
        }
    }

    /// Serves until a signal says to stop.
    ///
    /// # Errors
    /// The system's own.
    pub async fn run(self) -> io::Result<()> {
        let service = self.service.clone();
        let server =
            HttpServer::new(move || App::new().app_data(service.clone()).configure(|config| routes(config, &service)))
                .workers(self.config.workers)
                .client_request_timeout(CLIENT_TIMEOUT)
                .keep_alive(CLIENT_TIMEOUT)
                .shutdown_timeout(SHUTDOWN_TIMEOUT)
                .disable_signals()
                .listen(self.listener)?
                .run();
        let courier = self.service.courier.clone();
        let signals = Signals::new()?;
        actix_web::rt::spawn(clean(self.service.clone()));
        actix_web::rt::spawn(signals.follow(server.handle(), self.service, self.config.drain));
        server.await?;
        courier.finish(FAREWELL).await;
        Ok(())
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Reloads on SIGHUP; on SIGTERM and SIGINT it stops welcoming requests, waits until balancers have noticed, and
    /// ends.
    async fn follow(mut self, server: ServerHandle, service: Data<Service>, drain: Duration) {
        loop {
            tokio::select! {
                _ = self.hang_up.recv() => reload(&service),
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
            }
        }
        service.ready.store(false, Ordering::Relaxed);
        info!(?drain, "stopping");
        tokio::time::sleep(drain).await;
        server.stop(true).await;
    }
}

fn reload(service: &Service) {
    match service.shelf.reload() {
        Ok(()) => info!(phrases = service.shelf.book().size(), "phrasebook reloaded"),
        Err(error) => error!("phrasebook not reloaded, the old one goes on: {error}"),
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
