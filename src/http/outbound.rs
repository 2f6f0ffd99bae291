//! Messages that we send: only to origins that the platform lists, without redirects, within a time, one retry.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::rt;
use tokio::sync::Semaphore;
use tracing::warn;

use super::metrics::{Post, Posts};
use crate::chat::{Adapter, Outbound, origin, proof::ExposeSecret as _};

/// How long one post may take in all.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long to wait before the one retry.
const PAUSE: Duration = Duration::from_millis(250);
/// Rows of messages under way at once; each has a thread while it lasts.
const AT_ONCE: usize = 16;
/// Rows of messages waiting; what comes beyond that is dropped and said so.
const WAITING: usize = 512;

/// Sends messages after replies, off the path of requests.
#[derive(Clone)]
pub struct Courier {
    /// Made for the first message: a service may never send one, and it takes memory.
    agent: Arc<OnceLock<ureq::Agent>>,
    proxy: Option<ureq::Proxy>,
    slots: Arc<Semaphore>,
    rows: Arc<AtomicUsize>,
    posts: Posts,
}

/// A row of messages that is not sent or given up yet.
struct QueuePlace(Arc<AtomicUsize>);

impl Drop for QueuePlace {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Courier {
    /// A courier with nothing to carry, who counts what becomes of it.
    #[must_use]
    pub fn new(posts: Posts) -> Self {
        Self {
            agent: Arc::default(),
            proxy: None,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            rows: Arc::new(AtomicUsize::new(0)),
            posts,
        }
    }

    /// The same courier, who takes the way through a proxy where there is one.
    #[must_use]
    pub fn through(self, proxy: Option<ureq::Proxy>) -> Self {
        Self { agent: Arc::default(), proxy, ..self }
    }

    /// The client that it sends with.
    #[must_use]
    pub fn agent(&self) -> ureq::Agent {
        self.agent.get_or_init(|| client(self.proxy.clone())).clone()
    }

    /// Takes a row of messages and sends them one after the other; one that fails ends the row. Returns at once.
    pub fn send(&self, platform: &dyn Adapter, row: Vec<Outbound>) {
        if row.is_empty() {
            return;
        }
        let name = platform.kind().name;
        let allowed =
            row.iter().all(|message| origin(&message.url).is_some_and(|origin| platform.origins().contains(&origin)));
        if !allowed {
            self.posts.count(name, Post::Dropped);
            warn!(platform = name, "message dropped: its address is not one of the platform's");
            return;
        }
        let place = QueuePlace(self.rows.clone());
        if self.rows.fetch_add(1, Ordering::Relaxed) >= WAITING {
            self.posts.count(name, Post::Dropped);
            warn!(platform = name, "message dropped: too many are waiting");
            return;
        }
        let courier = self.clone();
        let task = async move {
            let _place = place;
            // The semaphore is never closed.
            if let Ok(_slot) = courier.slots.clone().acquire_owned().await {
                let (agent, posts) = (courier.agent(), courier.posts);
                let carry = move || row.iter().all(|message| deliver(&agent, &posts, name, message));
                if rt::task::spawn_blocking(carry).await.is_err() {
                    warn!(platform = name, "message dropped: its sender failed");
                }
            }
        };
        // On the main thread: the workers are gone by the time that the last messages are sent.
        rt::System::current().arbiter().spawn(task);
    }

    /// Waits until everything is sent or given up, but no longer than `most`.
    pub async fn finish(&self, most: Duration) {
        let end = tokio::time::Instant::now() + most;
        while self.rows.load(Ordering::Relaxed) > 0 && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn client(proxy: Option<ureq::Proxy>) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // Proxy settings in the environment are not meant for us unless somebody says so.
        .proxy(proxy)
        .user_agent(concat!("saywell/", env!("CARGO_PKG_VERSION")))
        .max_idle_connections(AT_ONCE)
        .build();
    config.into()
}

fn deliver(agent: &ureq::Agent, posts: &Posts, platform: &'static str, message: &Outbound) -> bool {
    let mut outcome = post(agent, message);
    if outcome.is_transient() {
        std::thread::sleep(PAUSE);
        outcome = post(agent, message);
    }
    posts.count(platform, if matches!(outcome, PostOutcome::Sent) { Post::Sent } else { Post::Failed });
    match outcome {
        PostOutcome::Sent => true,
        PostOutcome::Status(status) => {
            warn!(platform, status, "message not taken");
            false
        }
        // The error's own text names the address, which is as good as a key.
        PostOutcome::Failed => {
            warn!(platform, "message not sent");
            false
        }
    }
}

enum PostOutcome {
    Sent,
    Status(u16),
    Failed,
}

impl PostOutcome {
    /// Whether it may go better in a moment.
    fn is_transient(&self) -> bool {
        matches!(self, Self::Failed | Self::Status(429 | 500..=599))
    }
}

fn post(agent: &ureq::Agent, message: &Outbound) -> PostOutcome {
    let mut request = agent.post(&message.url).content_type("application/json; charset=utf-8");
    if let Some(bearer) = &message.bearer {
        request = request.header("authorization", format!("Bearer {}", bearer.expose_secret()));
    }
    match request.send(&message.body[..]) {
        Ok(response) if response.status().is_success() => PostOutcome::Sent,
        Ok(response) => PostOutcome::Status(response.status().as_u16()),
        Err(_) => PostOutcome::Failed,
    }
}
