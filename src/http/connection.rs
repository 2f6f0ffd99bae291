//! Cuts connections that are too slow. The framework only times the head of a connection's first request: a second head
//! or a body may drip for ever, and this is what ends them.

use std::{
    os::fd::{AsFd, OwnedFd},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use actix_web::{dev::Extensions, rt::net::TcpStream};
use prometheus::IntCounter;
use rustix::net::{Shutdown, shutdown};

/// How long a connection may be between two requests, or inside a head. A little more than the framework's own time for
/// idle connections, which closes them politely.
const BETWEEN: Duration = Duration::from_secs(12);
/// How long a request may be worked on, its body read: longer than any limit of our own.
const WITHIN: Duration = Duration::from_secs(25);
/// How often it looks.
const ROUND: Duration = Duration::from_secs(1);

/// A connection, watched. Handlers find it among their connection's data.
pub(crate) struct Connection {
    /// A second handle of the socket. It goes when the connection goes, since only the connection owns a `Connection`.
    socket: OwnedFd,
    born: Instant,
    /// Milliseconds since `born` when the last request began or ended, doubled; odd while there is one.
    mark: AtomicU64,
}

impl Connection {
    /// A request begins.
    pub(crate) fn begin(&self, now: Instant) {
        self.mark.store(self.millis(now) << 1 | 1, Ordering::Relaxed);
    }

    /// A request has ended.
    pub(crate) fn end(&self, now: Instant) {
        self.mark.store(self.millis(now) << 1, Ordering::Relaxed);
    }

    fn is_late(&self, now: Instant) -> bool {
        let mark = self.mark.load(Ordering::Relaxed);
        let most = if mark & 1 == 1 { WITHIN } else { BETWEEN };
        Duration::from_millis(self.millis(now).saturating_sub(mark >> 1)) > most
    }

    fn millis(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.born).as_millis()).unwrap_or(0)
    }
}

/// Knows every connection.
pub(crate) struct Watchdog {
    connections: Mutex<Vec<Weak<Connection>>>,
    cut: IntCounter,
}

impl Watchdog {
    /// A watchdog without connections; it counts the ones that it cuts.
    #[must_use]
    pub(crate) fn new(cut: IntCounter) -> Self {
        Self { connections: Mutex::default(), cut }
    }

    /// A connection has come: the framework's `on_connect`.
    pub(crate) fn connect(&self, stream: &TcpStream, data: &mut Extensions) {
        let Ok(socket) = stream.as_fd().try_clone_to_owned() else {
            // Without a handle nobody could end it.
            let _ = shutdown(stream, Shutdown::Both);
            return;
        };
        let connection = Arc::new(Connection { socket, born: Instant::now(), mark: AtomicU64::new(0) });
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&connection));
        data.insert(connection);
    }

    /// Goes its rounds until the program ends.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut rounds = tokio::time::interval(ROUND);
        loop {
            rounds.tick().await;
            self.round(Instant::now());
        }
    }

    /// Waits until there is no connection any more, but no longer than `most`.
    pub(crate) async fn empty(&self, most: Duration) {
        /// A short wait is not noticed, and a shorter one finds nothing new.
        const PAUSE: Duration = Duration::from_millis(20);
        let end = Instant::now() + most;
        while self.is_in_use() && Instant::now() < end {
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn is_in_use(&self) -> bool {
        let connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.iter().any(|connection| connection.strong_count() > 0)
    }

    fn round(&self, now: Instant) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.retain(|connection| {
            let Some(connection) = connection.upgrade() else { return false };
            let late = connection.is_late(now);
            if late {
                self.cut.inc();
                // It may just have been closed by the other side.
                let _ = shutdown(&connection.socket, Shutdown::Both);
            }
            !late
        });
        if connections.capacity() > 4 * connections.len().max(64) {
            connections.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read as _,
        net::{TcpListener, TcpStream},
    };

    use super::*;

    fn connection() -> (Arc<Connection>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (socket, _) = listener.accept().unwrap();
        (Arc::new(Connection { socket: socket.into(), born: Instant::now(), mark: AtomicU64::new(0) }), client)
    }

    #[test]
    fn a_late_connection_is_cut_and_a_busy_one_has_longer() {
        let (connection, mut client) = connection();
        let watchdog = Watchdog::new(IntCounter::new("cut", "cut").unwrap());
        watchdog.connections.lock().unwrap().push(Arc::downgrade(&connection));
        let born = connection.born;
        watchdog.round(born + BETWEEN);
        connection.begin(born + BETWEEN);
        watchdog.round(born + BETWEEN + WITHIN);
        assert_eq!(watchdog.cut.get(), 0);
        connection.end(born + BETWEEN + WITHIN);
        watchdog.round(born + BETWEEN + WITHIN + BETWEEN + Duration::from_secs(1));
        assert_eq!(watchdog.cut.get(), 1);
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn connections_that_have_gone_are_forgotten() {
        let watchdog = Watchdog::new(IntCounter::new("cut", "cut").unwrap());
        watchdog.connections.lock().unwrap().push(Arc::downgrade(&connection().0));
        watchdog.round(Instant::now());
        assert!(watchdog.connections.lock().unwrap().is_empty());
    }
}
