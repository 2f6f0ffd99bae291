//! Counters for Prometheus. No label carries anything that a caller chose: platforms, doors, outcomes and reasons are
//! fixed when the program starts, commands and topics by the phrasebook.

use std::{
    collections::HashSet,
    sync::Mutex,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix_web::http::StatusCode;
use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder, core::Collector,
};

use crate::{chat::Platforms, mcp, say::book::Phrasebook};

/// The platform of everything that is asked by HTTP itself.
pub(crate) const REST: &str = "rest";
/// The platform of assistants; its doors are [`mcp::DOORS`].
pub(crate) const MCP: &str = "mcp";
/// The doors of [`REST`]; what fits none of them counts as the last.
pub(crate) const DOORS: [&str; 12] = [
    "topic", "phrase", "command", "index", "search", "random", "sources", "check", "openapi", "page", "probe", "other",
];

/// Upper bounds of the latency histogram, in seconds: most answers take microseconds, and after three seconds a chat
/// platform has given up.
const SECONDS: [f64; 12] = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 3.0];

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was answered.
    Answered,
    /// The client was mistaken: no such path, a wrong parameter.
    Mistaken,
    /// It was turned away: not proved, too much, too slow.
    Refused,
    /// We failed.
    Failed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Answered, Self::Mistaken, Self::Refused, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Mistaken => "mistaken",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// How a request with this status ended; `refused` where a reason to turn it away is known.
    #[must_use]
    pub fn of(status: StatusCode, refused: bool) -> Self {
        match status.as_u16() {
            500.. => Self::Failed,
            _ if refused => Self::Refused,
            400.. => Self::Mistaken,
            _ => Self::Answered,
        }
    }
}

/// Why a request was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Who sent it was not proved.
    Unproved,
    /// The proof was too old or from the future.
    Stale,
    /// Proved, but not to be read.
    Unreadable,
    /// Too many requests.
    TooMany,
    /// The body was too large.
    TooLarge,
    /// The address or the head was too long.
    TooLong,
    /// The body came too slowly.
    TooSlow,
    /// The body was of a type or encoding that is not read.
    UnsupportedType,
}

impl Reason {
    const ALL: [Self; 8] = [
        Self::Unproved,
        Self::Stale,
        Self::Unreadable,
        Self::TooMany,
        Self::TooLarge,
        Self::TooLong,
        Self::TooSlow,
        Self::UnsupportedType,
    ];

    /// Its name in metrics and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unproved => "unproved",
            Self::Stale => "stale",
            Self::Unreadable => "unreadable",
            Self::TooMany => "too_many",
            Self::TooLarge => "too_large",
            Self::TooLong => "too_long",
            Self::TooSlow => "too_slow",
            Self::UnsupportedType => "unsupported_type",
        }
    }

    /// The reason that a status gives away. A bad request is only a refusal where a chat platform sent it: people
    /// mistype, and assistants try which edition is spoken.
    #[must_use]
    pub fn of(status: StatusCode, platform: &str) -> Option<Self> {
        match status {
            StatusCode::UNAUTHORIZED => Some(Self::Unproved),
            StatusCode::BAD_REQUEST if !matches!(platform, REST | MCP) => Some(Self::Unreadable),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::TooMany),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::URI_TOO_LONG => Some(Self::TooLong),
            StatusCode::REQUEST_TIMEOUT => Some(Self::TooSlow),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::UnsupportedType),
            _ => None,
        }
    }
}

/// What a message after a reply came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Post {
    /// It was taken.
    Sent,
    /// It was refused or did not get through, twice.
    Failed,
    /// It was never tried: a wrong address, or too many waiting.
    Dropped,
}

impl Post {
    const ALL: [Self; 3] = [Self::Sent, Self::Failed, Self::Dropped];

    fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// Counts messages after replies, for who sends them.
#[derive(Clone)]
pub struct Posts(IntCounterVec);

impl Posts {
    /// Counters for messages to these platforms, at nought.
    pub(crate) fn new(registry: &Registry, platforms: impl Iterator<Item = &'static str>) -> Self {
        let posts = counters(
            registry,
            "saywell_outbound_posts_total",
            "Messages sent after a reply, by what came of them",
            &["platform", "outcome"],
        );
        for (platform, post) in platforms.flat_map(|platform| Post::ALL.map(|post| (platform, post))) {
            posts.with_label_values(&[platform, post.name()]);
        }
        Self(posts)
    }

    /// A message was sent, or not.
    pub fn count(&self, platform: &str, post: Post) {
        self.0.with_label_values(&[platform, post.name()]).inc();
    }
}

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    /// The series of every door, found once, so that a request only adds to atomics.
    doors: Vec<Door>,
    refusals: IntCounterVec,
    answers: IntCounterVec,
    /// The topics that have a series now.
    topics: Mutex<HashSet<(String, String)>>,
    posts: Posts,
    book: IntGaugeVec,
    reloads: IntCounter,
    reload_failures: IntCounter,
    last_reload_success: IntGauge,
    last_reload: Gauge,
    /// Searches that found nothing.
    pub empty_searches: IntCounter,
    /// Requests that ended in a panic of ours.
    pub panics: IntCounter,
    /// Connections that were cut because they came too slowly.
    pub cut: IntCounter,
}

struct Door {
    platform: &'static str,
    name: &'static str,
    outcomes: [IntCounter; 4],
    seconds: Histogram,
}

impl Metrics {
    /// All at nought, for these platforms.
    #[must_use]
    pub fn new(platforms: &Platforms) -> Self {
        let registry = Registry::new();
        let requests = counters(
            &registry,
            "saywell_requests_total",
            "Requests by how they ended",
            &["platform", "door", "outcome"],
        );
        let seconds = durations(&registry);
        let refusals =
            counters(&registry, "saywell_refusals_total", "Requests turned away, by reason", &["platform", "reason"]);
        let posts = Posts::new(&registry, platforms.iter().map(|one| one.kind().name));
        let chat = platforms.iter().flat_map(|one| one.kind().doors.iter().map(move |door| (one.kind().name, *door)));
        let doors: Vec<(&str, &str)> =
            chat.chain(mcp::DOORS.map(|door| (MCP, door))).chain(DOORS.map(|door| (REST, door))).collect();
        for platform in doors.iter().map(|(platform, _)| platform) {
            for reason in Reason::ALL {
                refusals.with_label_values(&[platform, reason.name()]);
            }
        }
        build_info(&registry);
        Self {
            doors: doors
                .into_iter()
                .map(|(platform, door)| Door {
                    platform,
                    name: door,
                    outcomes: Outcome::ALL.map(|outcome| requests.with_label_values(&[platform, door, outcome.name()])),
                    seconds: seconds.with_label_values(&[platform]),
                })
                .collect(),
            refusals,
            answers: counters(&registry, "saywell_answers_total", "Phrases given, by topic", &["command", "topic"]),
            topics: Mutex::default(),
            posts,
            book: gauges(&registry, "saywell_phrasebook_size", "What the phrasebook in service holds", &["kind"]),
            reloads: counter(&registry, "saywell_reloads_total", "Times that the phrasebook was read again"),
            reload_failures: counter(
                &registry,
                "saywell_reload_failures_total",
                "Times that a phrasebook was refused and the old one went on",
            ),
            last_reload_success: registered(
                &registry,
                IntGauge::new("saywell_last_reload_success", "Whether the phrasebook in service is the latest: 1 or 0"),
            ),
            last_reload: registered(
                &registry,
                Gauge::new(
                    "saywell_last_reload_success_timestamp_seconds",
                    "When the phrasebook in service was read, in Unix time",
                ),
            ),
            empty_searches: counter(&registry, "saywell_empty_searches_total", "Searches that found nothing"),
            panics: counter(&registry, "saywell_panics_total", "Requests that ended in a panic"),
            cut: counter(&registry, "saywell_connections_cut_total", "Connections closed because they were too slow"),
            registry,
        }
    }

    /// A request has ended.
    pub fn ended(&self, platform: &str, door: &str, outcome: Outcome, after: Duration) {
        let found = self.doors.iter().find(|one| one.name == door && one.platform == platform);
        if let Some(found) = found.or(self.doors.last()) {
            if let Some(counter) = found.outcomes.get(outcome as usize) {
                counter.inc();
            }
            found.seconds.observe(after.as_secs_f64());
        }
    }

    /// A request was turned away.
    pub fn refused(&self, platform: &'static str, reason: Reason) {
        self.refusals.with_label_values(&[platform, reason.name()]).inc();
    }

    /// A phrase of this topic was given. The names are the book's own, never what was typed.
    pub fn answered(&self, command: &str, topic: &str) {
        self.answers.with_label_values(&[command, topic]).inc();
    }

    /// The counters of messages after replies.
    #[must_use]
    pub fn posts(&self) -> Posts {
        self.posts.clone()
    }

    /// This book is in service from now on. The series of topics that it does not have go away.
    pub fn shelved(&self, book: &Phrasebook) {
        for (kind, size) in
            [("commands", book.commands.len()), ("topics", book.topics().count()), ("phrases", book.size())]
        {
            self.book.with_label_values(&[kind]).set(i64::try_from(size).unwrap_or(i64::MAX));
        }
        self.last_reload_success.set(1);
        self.last_reload.set(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64()));
        let now: HashSet<_> = book.topics().map(|topic| (topic.command.to_string(), topic.id.to_string())).collect();
        for (command, topic) in &now {
            self.answers.with_label_values(&[command, topic]);
        }
        let mut topics = self.topics.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (command, topic) in topics.difference(&now) {
            // It may have gone already; then there is nothing to take away.
            let _ = self.answers.remove_label_values(&[command, topic]);
        }
        *topics = now;
    }

    /// The phrasebook was read again.
    pub fn reloaded(&self, book: &Phrasebook) {
        self.reloads.inc();
        self.shelved(book);
    }

    /// A phrasebook was refused.
    pub fn reload_failed(&self) {
        self.reload_failures.inc();
        self.last_reload_success.set(0);
    }

    /// One more counter, that somebody else counts.
    pub fn add(&self, counter: IntCounter) {
        // A second one of the same name would be the same one.
        let _ = self.registry.register(Box::new(counter));
    }

    /// All of it in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

fn durations(registry: &Registry) -> HistogramVec {
    let options = HistogramOpts::new("saywell_request_duration_seconds", "How long requests took, body and all")
        .buckets(SECONDS.to_vec());
    registered(registry, HistogramVec::new(options, &["platform"]))
}

/// What the program is, and since when it runs.
pub(crate) fn build_info(registry: &Registry) {
    let info = gauges(registry, "saywell_build_info", "The program; always 1", &["version"]);
    info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    let started =
        registered(registry, Gauge::new("process_start_time_seconds", "When the process started, in Unix time"));
    started.set(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64()));
}

/// Counters of this name, one for each set of labels.
pub(crate) fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    registered(registry, IntCounterVec::new(Opts::new(name, help), labels))
}

/// A counter of this name.
pub(crate) fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    registered(registry, IntCounter::new(name, help))
}

fn gauges(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    registered(registry, IntGaugeVec::new(Opts::new(name, help), labels))
}

/// Names and labels are written in the source: a wrong one fails the first test that makes them.
#[expect(clippy::expect_used, reason = "at start, and the same at every start")]
pub(crate) fn registered<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let collector = made.expect("a name that Prometheus takes");
    registry.register(Box::new(collector.clone())).expect("a name of its own");
    collector
}
