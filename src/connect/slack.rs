//! What travels on the connection of Slack's Socket Mode, and the request that each envelope would have been.
//!
//! Slack greets with `hello`, announces the end with `disconnect` and a reason, and sends every delivery in an envelope:
//! its id, its type, its payload, and whether the acknowledgement may carry a reply. The acknowledgement is the id, with
//! the reply as `payload`. After Slack's documentation on Socket Mode, and held against its Python and Node clients.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;
use url::form_urlencoded;

use crate::say::words;

/// Ids longer than this are none of Slack's.
const ID: usize = 128;

/// What Slack says on a connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// The connection is open.
    Hello,
    /// It will end soon.
    Disconnect(Leaving),
    /// A delivery.
    Envelope(Envelope),
    /// Something that we do not know.
    Unknown,
}

/// Why Slack ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Leaving {
    /// It is about to be replaced, as every connection is in time.
    #[error("Slack replaces the connection, as it does every few hours")]
    Refresh,
    /// Socket Mode has been switched off in the app's settings.
    #[error("Socket Mode is switched off in the app's settings")]
    Disabled,
    /// The app has more connections than it may have.
    #[error("the app has more connections open than the ten that Slack allows")]
    TooMany,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Envelope {
    /// What it is acknowledged by.
    pub id: Rc<str>,
    /// What it is.
    pub kind: Kind,
    /// Whether the acknowledgement may carry a reply.
    pub takes_reply: bool,
    payload: Value,
}

/// What a delivery is. It decides at which door it is delivered, and what can be done when there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A command that somebody typed.
    Command,
    /// A button that was pressed, or an entry of a menu that was chosen.
    Click,
    /// A form that was sent.
    Form,
    /// Somebody types into a menu.
    Options,
    /// Nothing for us: an event that the app should not have subscribed to.
    Other,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Command, Self::Click, Self::Form, Self::Options, Self::Other];

    /// Its name in the log and in metrics.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Click => "click",
            Self::Form => "form",
            Self::Options => "options",
            Self::Other => "other",
        }
    }

    /// The part of the service's path at which it is delivered; none where it is not for us.
    #[must_use]
    pub(crate) const fn door(self) -> Option<&'static str> {
        match self {
            Self::Command => Some("commands"),
            Self::Click | Self::Form => Some("interactions"),
            Self::Options => Some("options"),
            Self::Other => None,
        }
    }

    /// Whether asking the service twice does no more than asking it once.
    #[must_use]
    pub(crate) const fn may_be_repeated(self) -> bool {
        matches!(self, Self::Command | Self::Options)
    }
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    reason: Option<String>,
    envelope_id: Option<String>,
    #[serde(default)]
    accepts_response_payload: bool,
    #[serde(default)]
    payload: Value,
}

impl Said {
    /// Reads what came; none where it is no JSON of Slack's.
    #[must_use]
    pub(crate) fn read(text: &str) -> Option<Self> {
        let frame: Frame = serde_json::from_str(text).ok()?;
        Some(match (frame.kind.as_str(), frame.envelope_id) {
            ("hello", _) => Self::Hello,
            ("disconnect", _) => Self::Disconnect(match frame.reason.as_deref() {
                Some("link_disabled") => Leaving::Disabled,
                Some("too_many_websockets") => Leaving::TooMany,
                _ => Leaving::Refresh,
            }),
            (kind, Some(id)) if (1..=ID).contains(&id.len()) => Self::Envelope(Envelope {
                id: id.into(),
                kind: kind_of(kind, &frame.payload),
                takes_reply: frame.accepts_response_payload,
                payload: frame.payload,
            }),
            _ => Self::Unknown,
        })
    }
}

fn kind_of(kind: &str, payload: &Value) -> Kind {
    match (kind, payload.get("type").and_then(Value::as_str)) {
        ("slash_commands", _) => Kind::Command,
        ("interactive", Some("block_suggestion")) => Kind::Options,
        ("interactive", Some("view_submission" | "view_closed")) => Kind::Form,
        ("interactive", _) => Kind::Click,
        _ => Kind::Other,
    }
}

impl Envelope {
    /// The body of the request that Slack would send: a command's fields, or the payload as JSON in a field of that name.
    #[must_use]
    pub(crate) fn form(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        match (&self.kind, &self.payload) {
            (Kind::Command, Value::Object(fields)) => append(&mut form, fields),
            (_, payload) => drop(form.append_pair("payload", &payload.to_string())),
        }
        form.finish()
    }

    /// Where a message can go that is too late for the acknowledgement. As good as a key: never logged.
    #[must_use]
    pub(crate) fn response_url(&self) -> Option<&str> {
        self.payload.get("response_url")?.as_str()
    }
}

fn append(form: &mut form_urlencoded::Serializer<'_, String>, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::String(text) => drop(form.append_pair(name, text)),
            other => drop(form.append_pair(name, &other.to_string())),
        }
    }
}

/// What is done about a delivery. A reply that is empty is null.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// The reply that goes back on the connection with the acknowledgement; none where there is to be no acknowledgement,
    /// which Slack shows the person as an error.
    pub ack: Option<Value>,
    /// A message for the delivery's `response_url`.
    pub message: Option<Value>,
}

impl Answer {
    /// What the service replied, if it did.
    #[must_use]
    pub(crate) fn of(envelope: &Envelope, reply: Option<Value>) -> Self {
        match reply {
            Some(reply) if envelope.takes_reply => Self { ack: Some(reply), message: None },
            Some(reply) => Self::late(envelope, Some(reply)),
            None => Self::failed(envelope),
        }
    }

    /// The same once the delivery has been acknowledged without a reply: what is no message is too late.
    #[must_use]
    pub(crate) fn late(envelope: &Envelope, reply: Option<Value>) -> Self {
        let is_message = matches!(envelope.kind, Kind::Command | Kind::Click);
        let message = reply.map_or_else(|| is_message.then(apology), |reply| Some(reply).filter(|_| is_message));
        Self { ack: Some(Value::Null), message: message.filter(|message| !message.is_null()) }
    }

    /// The service did not answer: whoever asked is told so. A form is not acknowledged, since that would close it, and
    /// what was filled in would be lost.
    fn failed(envelope: &Envelope) -> Self {
        match envelope.kind {
            Kind::Command if envelope.takes_reply => Self { ack: Some(apology()), message: None },
            Kind::Command | Kind::Click => Self { ack: Some(Value::Null), message: Some(apology()) },
            Kind::Form => Self { ack: None, message: None },
            Kind::Options => Self { ack: Some(json!({"options": []})), message: None },
            Kind::Other => Self { ack: Some(Value::Null), message: None },
        }
    }
}

fn apology() -> Value {
    json!({"response_type": "ephemeral", "replace_original": false, "text": words::NO_SERVICE})
}

/// The acknowledgement of an envelope, with a reply that may be empty.
#[must_use]
pub(crate) fn ack(id: &str, payload: &Value) -> String {
    #[derive(Serialize)]
    struct Ack<'a> {
        envelope_id: &'a str,
        #[serde(skip_serializing_if = "Value::is_null")]
        payload: &'a Value,
    }
    // Strings and JSON cannot fail to become JSON.
    serde_json::to_string(&Ack { envelope_id: id, payload }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(kind: &str, payload: &Value, takes_reply: bool) -> Envelope {
        let text = json!({
            "type": kind, "envelope_id": "e-1", "payload": payload, "accepts_response_payload": takes_reply,
        });
        match Said::read(&text.to_string()) {
            Some(Said::Envelope(envelope)) => envelope,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_slack_says_is_told_apart() {
        for (text, expected) in [
            (r#"{"type":"hello","num_connections":1}"#, Some(Said::Hello)),
            (r#"{"type":"disconnect","reason":"warning"}"#, Some(Said::Disconnect(Leaving::Refresh))),
            (r#"{"type":"disconnect","reason":"refresh_requested"}"#, Some(Said::Disconnect(Leaving::Refresh))),
            (r#"{"type":"disconnect","reason":"link_disabled"}"#, Some(Said::Disconnect(Leaving::Disabled))),
            (r#"{"type":"disconnect","reason":"too_many_websockets"}"#, Some(Said::Disconnect(Leaving::TooMany))),
            (r#"{"type":"disconnect"}"#, Some(Said::Disconnect(Leaving::Refresh))),
            (r#"{"type":"slash_commands"}"#, Some(Said::Unknown)),
            (r#"{"type":"slash_commands","envelope_id":""}"#, Some(Said::Unknown)),
            (r#"{"type":"goodbye"}"#, Some(Said::Unknown)),
            (r#"{"envelope_id":"e"}"#, None),
            ("Ping from applink-1", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(Said::read(text), expected, "{text}");
        }
    }

    #[test]
    fn an_envelope_goes_to_the_door_at_which_slack_would_call() {
        for (kind, payload, expected) in [
            ("slash_commands", json!({"command": "/recover"}), Some("commands")),
            ("interactive", json!({"type": "block_actions"}), Some("interactions")),
            ("interactive", json!({"type": "message_action"}), Some("interactions")),
            ("interactive", json!({"type": "view_submission"}), Some("interactions")),
            ("interactive", json!({"type": "block_suggestion"}), Some("options")),
            ("events_api", json!({"type": "event_callback"}), None),
        ] {
            assert_eq!(envelope(kind, &payload, true).kind.door(), expected, "{kind} {payload}");
        }
    }

    #[test]
    fn a_command_is_the_form_that_slack_would_send_and_an_interaction_is_json_in_one() {
        let fields = json!({"command": "/recover", "text": "café & co", "is_enterprise_install": false, "none": null});
        let body = envelope("slash_commands", &fields, true).form();
        let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs,
            [pair("command", "/recover"), pair("is_enterprise_install", "false"), pair("text", "café & co")]
        );
        let click = json!({"type": "block_actions", "actions": [{"value": "a=b&c"}]});
        let body = envelope("interactive", &click, true).form();
        let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert_eq!(pairs.len(), 1);
        assert_eq!((&*pairs[0].0, serde_json::from_str::<Value>(&pairs[0].1).unwrap()), ("payload", click));
    }

    #[test]
    fn a_reply_goes_where_it_can_still_be_seen() {
        let reply = || Some(json!({"text": "words"}));
        let (words, empty) = (reply(), Some(Value::Null));
        let command = envelope("slash_commands", &json!({}), true);
        assert_eq!(Answer::of(&command, reply()), Answer { ack: words.clone(), message: None });
        assert_eq!(Answer::late(&command, reply()), Answer { ack: empty.clone(), message: words.clone() });
        let bare = envelope("slash_commands", &json!({}), false);
        assert_eq!(Answer::of(&bare, reply()), Answer { ack: empty.clone(), message: words.clone() });
        let options = envelope("interactive", &json!({"type": "block_suggestion"}), true);
        assert_eq!(Answer::of(&options, reply()), Answer { ack: words.clone(), message: None });
        assert_eq!(Answer::late(&options, reply()), Answer { ack: empty.clone(), message: None });
        let click = envelope("interactive", &json!({"type": "block_actions"}), true);
        for answer in [Answer::of(&click, empty.clone()), Answer::late(&click, empty.clone())] {
            assert_eq!(answer, Answer { ack: empty.clone(), message: None });
        }
    }

    #[test]
    fn where_the_service_does_not_answer_people_are_told_and_forms_stay_open() {
        let told = |answer: &Answer| {
            [&answer.ack, &answer.message].into_iter().flatten().any(|said| said["text"] == words::NO_SERVICE)
        };
        for takes_reply in [true, false] {
            assert!(told(&Answer::of(&envelope("slash_commands", &json!({}), takes_reply), None)));
        }
        let click = envelope("interactive", &json!({"type": "block_actions"}), true);
        assert!(told(&Answer::of(&click, None)) && Answer::of(&click, None).ack == Some(Value::Null));
        assert!(told(&Answer::late(&click, None)));
        let form = envelope("interactive", &json!({"type": "view_submission"}), true);
        assert_eq!(Answer::of(&form, None), Answer { ack: None, message: None });
    }

    #[test]
    fn an_acknowledgement_is_the_id_and_the_reply_if_there_is_one() {
        assert_eq!(ack("e\"1", &Value::Null), r#"{"envelope_id":"e\"1"}"#);
        assert_eq!(ack("e", &json!({"text": "a"})), r#"{"envelope_id":"e","payload":{"text":"a"}}"#);
    }
}
