//! What is counted of the connections. Names of its own, since it is a program of its own; no label carries anything that
//! came from outside.

use std::sync::atomic::{AtomicBool, Ordering};

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Registry, TextEncoder};

use super::{probe::Watched, slack::Kind};
use crate::{
    chat::slack,
    http::metrics::{Posts, build_info, counter, counters, registered},
};

/// Upper bounds in seconds: at two and a half it is acknowledged without the answer, at 25 given up.
const SECONDS: [f64; 9] = [0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 2.5, 25.0];

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The answer went back on the connection.
    InTime,
    /// It went to the `response_url`.
    Late,
    /// The service did not answer; whoever asked was told so.
    Failed,
    /// It was never tried: too many were under way.
    Dropped,
    /// It was acknowledged, and is nothing for us.
    Ignored,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::InTime, Self::Late, Self::Failed, Self::Dropped, Self::Ignored];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::InTime => "in_time",
            Self::Late => "late",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Ignored => "ignored",
        }
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Slack said goodbye.
    Closed,
    /// Slack went without a word.
    Broken,
    /// Slack was not heard of for too long.
    Silent,
    /// Slack did not greet.
    Ungreeted,
    /// Something came that was too large.
    TooLarge,
    /// Something came that a WebSocket does not allow.
    Garbled,
    /// We ended it.
    Left,
}

impl Ended {
    const ALL: [Self; 7] =
        [Self::Closed, Self::Broken, Self::Silent, Self::Ungreeted, Self::TooLarge, Self::Garbled, Self::Left];

    /// Its name in the log and in metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Broken => "broken",
            Self::Silent => "silent",
            Self::Ungreeted => "ungreeted",
            Self::TooLarge => "too_large",
            Self::Garbled => "garbled",
            Self::Left => "left",
        }
    }
}

/// All of it.
pub(super) struct Metrics {
    registry: Registry,
    posts: Posts,
    /// Connections that are open and greeted.
    pub(super) connections: IntGauge,
    /// Connections that were opened.
    pub(super) opened: IntCounter,
    /// Times that none could be.
    pub(super) open_failures: IntCounter,
    ended: IntCounterVec,
    deliveries: IntCounterVec,
    /// Deliveries that came again.
    pub(super) repeated: IntCounter,
    /// Frames that are nothing of Slack's.
    pub(super) passed_over: IntCounter,
    /// How long deliveries took.
    pub(super) seconds: Histogram,
    stopping: AtomicBool,
}

impl Metrics {
    /// All at nought.
    pub(super) fn new() -> Self {
        let registry = Registry::new();
        build_info(&registry);
        let seconds = HistogramOpts::new("saywell_connect_delivery_seconds", "How long deliveries took to be answered");
        let ended = counters(&registry, "saywell_connect_ended_total", "Connections that ended, by how", &["how"]);
        for how in Ended::ALL {
            ended.with_label_values(&[how.name()]);
        }
        let about = "Deliveries, by what became of them";
        let deliveries = counters(&registry, "saywell_connect_deliveries_total", about, &["kind", "outcome"]);
        for (kind, outcome) in Kind::ALL.iter().flat_map(|kind| Outcome::ALL.map(|outcome| (kind, outcome))) {
            deliveries.with_label_values(&[kind.name(), outcome.name()]);
        }
        Self {
            posts: Posts::new(&registry, [slack::KIND.name].into_iter()),
            connections: registered(
                &registry,
                IntGauge::new("saywell_connect_connections", "Connections that are open and greeted"),
            ),
            opened: counter(&registry, "saywell_connect_opened_total", "Connections that were opened"),
            open_failures: counter(
                &registry,
                "saywell_connect_open_failures_total",
                "Times that a connection could not be opened",
            ),
            ended,
            deliveries,
            repeated: counter(&registry, "saywell_connect_repeated_total", "Deliveries that came again"),
            passed_over: counter(&registry, "saywell_connect_passed_over_total", "Frames that are nothing of Slack's"),
            seconds: registered(&registry, Histogram::with_opts(seconds.buckets(SECONDS.to_vec()))),
            stopping: AtomicBool::new(false),
            registry,
        }
    }

    pub(super) fn posts(&self) -> Posts {
        self.posts.clone()
    }

    pub(super) fn ended(&self, how: &str) {
        self.ended.with_label_values(&[how]).inc();
    }

    pub(super) fn delivered(&self, kind: Kind, outcome: Outcome) {
        self.deliveries.with_label_values(&[kind.name(), outcome.name()]).inc();
    }

    /// From now on they are not welcome.
    pub(super) fn retire(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

impl Watched for Metrics {
    const PLATFORM: &'static str = "Slack";

    fn is_ready(&self) -> bool {
        self.connections.get() > 0 && !self.stopping.load(Ordering::Relaxed)
    }

    fn text(&self) -> String {
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}
