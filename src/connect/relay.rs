//! One delivery: to the service, and its answer back on the connection while Slack waits, or to the `response_url` later.

use std::{rc::Rc, time::Duration};

use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{debug, warn};

use super::{
    Hub,
    metrics::Outcome,
    slack::{Answer, Envelope, ack},
    way::Way,
};
use crate::chat::Outbound;

/// Slack waits three seconds, some of which the delivery has been on its way.
const IN_TIME: Duration = Duration::from_millis(2_500);
/// How long a delivery may come again on another connection, where its own has ended, before its answer is sent as a
/// message.
const AGAIN: Duration = Duration::from_secs(1);
/// Deliveries under way at once. More come only where the service does not answer; Slack shows an error for those.
const MOST: usize = 512;

/// Counts a delivery as under way for as long as it is.
struct UnderWay(Rc<Hub>);

impl UnderWay {
    fn begin(hub: Rc<Hub>) -> Self {
        hub.under_way.set(hub.under_way.get() + 1);
        Self(hub)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get().saturating_sub(1));
    }
}

/// Delivers an envelope, and sees to it that it is answered once.
pub(super) async fn deliver(hub: Rc<Hub>, envelope: Envelope) {
    if hub.under_way.get() >= MOST {
        warn!(kind = envelope.kind.name(), "dropped: too many deliveries are under way");
        hub.metrics.delivered(envelope.kind, Outcome::Dropped);
        return;
    }
    let _under_way = UnderWay::begin(hub.clone());
    let came = Instant::now();
    let outcome = hub.relay(&envelope, came + IN_TIME).await;
    hub.metrics.delivered(envelope.kind, outcome);
    hub.metrics.seconds.observe(came.elapsed().as_secs_f64());
    debug!(kind = envelope.kind.name(), outcome = outcome.name(), took = ?came.elapsed(), "delivered");
}

impl Hub {
    async fn relay(&self, envelope: &Envelope, deadline: Instant) -> Outcome {
        if envelope.kind.door().is_none() {
            self.acknowledge(envelope, &Value::Null).await;
            return Outcome::Ignored;
        }
        let mut reply = std::pin::pin!(self.door.ask(envelope, deadline));
        if let Ok(reply) = timeout_at(deadline, &mut reply).await {
            return self.answer(envelope, reply).await;
        }
        self.acknowledge(envelope, &Value::Null).await;
        self.answer_late(envelope, reply.await)
    }

    /// Slack still waits. Where the connections are gone it is late all the same.
    async fn answer(&self, envelope: &Envelope, reply: Option<Value>) -> Outcome {
        let outcome = if reply.is_some() { Outcome::InTime } else { Outcome::Failed };
        let answer = Answer::of(envelope, reply.clone());
        if let Some(payload) = &answer.ack
            && !self.acknowledge(envelope, payload).await
        {
            return self.answer_late(envelope, reply);
        }
        self.message(envelope, answer.message);
        outcome
    }

    fn answer_late(&self, envelope: &Envelope, reply: Option<Value>) -> Outcome {
        let outcome = if reply.is_some() { Outcome::Late } else { Outcome::Failed };
        self.message(envelope, Answer::late(envelope, reply).message);
        outcome
    }

    /// Acknowledges, on the connection on which it came last; whether that could be done.
    async fn acknowledge(&self, envelope: &Envelope, payload: &Value) -> bool {
        let text = ack(&envelope.id, payload);
        while let Some(way) = self.way(&envelope.id).await {
            // It may have come again while this was written, on a connection that Slack still listens to.
            if way.write(text.clone()).await && self.ledger.way(&envelope.id).is_none_or(|now| now.is(&way)) {
                self.ledger.answered(&envelope.id, text);
                return true;
            }
        }
        // A message will say it; whatever comes again from now on has been answered.
        self.ledger.answered(&envelope.id, ack(&envelope.id, &Value::Null));
        false
    }

    /// A way back that is open, now or within a moment.
    async fn way(&self, id: &str) -> Option<Way> {
        const PAUSE: Duration = Duration::from_millis(50);
        let end = Instant::now() + AGAIN;
        loop {
            let way = self.ledger.way(id).filter(|way| !way.is_closed());
            if way.is_some() || Instant::now() >= end {
                return way;
            }
            sleep(PAUSE).await;
        }
    }

    /// Sends a message after the fact, if there is one and somewhere to send it.
    fn message(&self, envelope: &Envelope, message: Option<Value>) {
        if let Some((url, message)) = envelope.response_url().zip(message) {
            let body = message.to_string().into_bytes();
            self.courier.send(&self.slack, vec![Outbound { url: url.to_owned(), bearer: None, body }]);
        }
    }
}
