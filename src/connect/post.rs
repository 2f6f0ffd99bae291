//! The request to the service: signed as Slack signs, and sent as Slack sends it.

use std::{
    borrow::Cow,
    io,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use thiserror::Error;
use tokio::{sync::Semaphore, task::spawn_blocking, time::Instant};
use tracing::warn;

use super::slack::{Envelope, Kind};
use crate::chat::proof::{HmacKeys, Secret, hex};

/// How long the service may take; it cuts off what is slower itself.
const PATIENCE: Duration = Duration::from_secs(25);
/// How long to wait before asking again where nobody is there, as in a restart.
pub(super) const PAUSE: Duration = Duration::from_millis(100);
/// Requests under way at once; each has a thread while it lasts.
const AT_ONCE: usize = 64;
/// The service's largest answer is far smaller.
pub(super) const LARGEST: u64 = 1 << 20;

/// The service's doors for Slack.
pub(super) struct Door {
    url: String,
    keys: HmacKeys,
    agent: ureq::Agent,
    slots: Arc<Semaphore>,
}

/// A request, ready to be signed and sent.
struct Request {
    url: String,
    body: String,
    id: String,
    keys: HmacKeys,
    agent: ureq::Agent,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Trouble {
    #[error("the service cannot be reached; is it running, and is --to its address?")]
    Absent,
    #[error("the service broke the connection off")]
    Broken,
    #[error("the service took too long")]
    Slow,
    #[error("{}", refusal(*_0))]
    Status(u16),
    #[error("the service's answer is not one for Slack")]
    Unreadable,
}

/// What the service says with a status, and what may be done about it.
fn refusal(status: u16) -> Cow<'static, str> {
    match status {
        401 => {
            "the service refuses the signature; is SLACK_SIGNING_SECRET the same on both sides, and are both clocks \
                right?"
                .into()
        }
        404 => "there is no Slack at the service; has it SLACK_SIGNING_SECRET, and is --to its address?".into(),
        _ => format!("the service answered {status}").into(),
    }
}

impl Door {
    pub(super) fn new(to: &str, secret: &Secret) -> Self {
        let keys = HmacKeys::new(std::slice::from_ref(secret));
        Self { url: format!("{to}/slack"), keys, agent: agent(), slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Asks the service; what it replied, null if that is empty, or none where it did not. Where nobody is there it asks
    /// again until `until`.
    pub(super) async fn ask(&self, envelope: &Envelope, until: Instant) -> Option<Value> {
        let request = Request {
            url: format!("{}/{}", self.url, envelope.kind.door()?),
            body: envelope.form(),
            id: envelope.id.chars().filter(char::is_ascii_graphic).collect(),
            keys: self.keys.clone(),
            agent: self.agent.clone(),
        };
        let kind = envelope.kind;
        // The semaphore is never closed.
        let _slot = self.slots.acquire().await.ok()?;
        let reply = spawn_blocking(move || request.insist(kind, until)).await.unwrap_or(Err(Trouble::Broken));
        reply.inspect_err(|trouble| warn!(kind = kind.name(), "not answered: {trouble}")).ok()
    }
}

impl Request {
    /// Nobody there has done nothing yet, so asking again is safe.
    fn insist(&self, kind: Kind, until: Instant) -> Result<Value, Trouble> {
        loop {
            let reply = self.send();
            let again = match reply {
                Err(Trouble::Absent) => true,
                Err(Trouble::Broken) => kind.may_be_repeated(),
                _ => false,
            };
            if !again || Instant::now() + PAUSE >= until {
                return reply;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn send(&self) -> Result<Value, Trouble> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()).to_string();
        let mac = self.keys.sign(&[b"v0:", now.as_bytes(), b":", self.body.as_bytes()]).unwrap_or_default();
        let request = self
            .agent
            .post(&self.url)
            .content_type("application/x-www-form-urlencoded")
            .header("x-slack-request-timestamp", &now)
            .header("x-slack-signature", format!("v0={}", hex(&mac)))
            .header("x-request-id", &self.id);
        let mut response = request.send(&self.body).map_err(|error| trouble(&error))?;
        if response.status() != 200 {
            return Err(Trouble::Status(response.status().as_u16()));
        }
        let is_json = response.body().mime_type() == Some("application/json");
        let read = response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| trouble(&error))?;
        reply(&read, is_json).ok_or(Trouble::Unreadable)
    }
}

/// The client that asks the service.
pub(super) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // The service is near.
        .proxy(None)
        .user_agent(concat!("saywell-connect/", env!("CARGO_PKG_VERSION")))
        // A connection that was kept could end just as it is used, and then nobody knows what was done.
        .max_idle_connections(0)
        .build()
        .into()
}

/// Why it has not answered.
pub(super) fn trouble(error: &ureq::Error) -> Trouble {
    match error {
        ureq::Error::Io(error) if is_absent(error.kind()) => Trouble::Absent,
        ureq::Error::HostNotFound | ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            Trouble::Absent
        }
        ureq::Error::Timeout(_) => Trouble::Slow,
        _ => Trouble::Broken,
    }
}

/// What comes of connecting alone.
fn is_absent(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable};
    matches!(kind, ConnectionRefused | HostUnreachable | NetworkUnreachable | AddrNotAvailable)
}

/// An answer as Slack takes it: JSON, a text, or nothing, which is null.
fn reply(body: &[u8], is_json: bool) -> Option<Value> {
    if body.is_empty() {
        return Some(Value::Null);
    }
    if is_json {
        return serde_json::from_slice(body).ok();
    }
    str::from_utf8(body).ok().map(|text| json!({"text": text}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_json_or_a_text_or_nothing() {
        for (body, is_json, expected) in [
            ("", true, Some(Value::Null)),
            ("", false, Some(Value::Null)),
            (r#"{"text":"a"}"#, true, Some(json!({"text": "a"}))),
            ("a", false, Some(json!({"text": "a"}))),
            ("a", true, None),
        ] {
            assert_eq!(reply(body.as_bytes(), is_json), expected, "{body} {is_json}");
        }
        assert_eq!(reply(b"\xff", false), None);
    }
}
