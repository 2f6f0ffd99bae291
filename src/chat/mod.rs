//! Chat platforms: one file each, all of the same shape. What comes in is proved on its bytes, read, answered by the
//! core and written in the platform's own terms.
//!
//! An adapter does no I/O: a [`Reply`] is plain data, and messages that are to be sent after it travel in it.

pub mod discord;
pub mod form;
pub mod guide;
pub mod markup;
pub mod mattermost;
pub mod proof;
pub mod slack;

use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc};

use actix_web::http::header::HeaderMap;
use serde::Serialize;
use url::{Host, Url};

use crate::say::{answer::Answer, ask::Ask, book::Command};
use proof::Verified;

/// A request to `/{platform}/{door}`, as it came.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The last part of the path: `commands`, `interactions`.
    pub door: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The query string, without its question mark.
    pub query: &'a str,
    /// The body, byte for byte; its size has been bounded.
    pub body: &'a [u8],
    /// When it came, in seconds of Unix time.
    pub at: i64,
}

/// What a proved delivery is.
#[derive(Debug)]
pub enum Event {
    /// The platform itself asks something that needs no phrase: a probe, a ping.
    Handshake(Reply),
    /// A person asks.
    Call(Call),
}

/// A person's ask, with what the adapter needs to answer it.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// The workspace, team or server; for rate limits.
    pub team: String,
    /// Who asks; for rate limits and so as not to repeat a phrase.
    pub user: String,
    /// What is asked.
    pub ask: Ask,
    /// By which gesture.
    pub gesture: Gesture,
    /// Where the answer goes: opaque to all but the adapter.
    pub room: Room,
}

/// How a person asked. It decides where the answer goes; what it says depends on the ask alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Gesture {
    /// Typed a command: a new message.
    #[default]
    Typed,
    /// Pressed a button or chose from a menu: the answer takes the place of the message.
    Pressed,
    /// Chose *Check this draft* on a message: a new message, for nobody else.
    Pointed,
    /// Pressed *Fill in* or *Paste a draft*: a form.
    Open,
    /// Sent the form: the ask holds what was filled in.
    Filled,
    /// Pressed *Share*: the words go to everyone, the private message goes away.
    Shared,
    /// Is still typing into a menu: the entries of the answer are its options.
    Typing,
}

/// What an adapter keeps of a delivery in order to answer it.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// An address for messages after the reply. It is as good as a key: never logged.
    pub reply_to: Option<String>,
    /// A ticket for opening a form.
    pub ticket: Option<String>,
    /// Anything else, in the adapter's own terms.
    pub note: Option<String>,
}

/// What goes back: the HTTP reply, and what is to be sent once it is out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The body; empty where the platform wants it so.
    pub body: Vec<u8>,
    /// Its media type; none for an empty body.
    pub content_type: Option<&'static str>,
    /// Messages to be sent afterwards, in order. One that fails ends the row: what comes after it counts on it.
    pub after: Vec<Outbound>,
}

impl Reply {
    /// A reply of JSON.
    #[must_use]
    pub fn json(message: &impl Serialize) -> Self {
        Self { body: json(message), content_type: Some("application/json; charset=utf-8"), after: Vec::new() }
    }

    /// An empty reply, and what is to be sent after it.
    #[must_use]
    pub fn then(after: Vec<Outbound>) -> Self {
        Self { after, ..Self::default() }
    }
}

/// JSON of one of our own types, which cannot fail.
#[must_use]
pub fn json(message: &impl Serialize) -> Vec<u8> {
    // Only a map with odd keys could make an error, and there is none.
    crate::json::to_vec(message).unwrap_or_default()
}

/// An address as a platform or an admin writes it, its host in plain letters. Others would be turned into Punycode, for
/// which the tables are left out of the program.
///
/// What a browser would make a host of as well, after three slashes or a tab among them, is no address here.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let plain = scheme.bytes().all(|b| b.is_ascii_alphabetic())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]@".contains(&b));
    plain.then(|| Url::parse(text).ok())?
}

/// The origin of an absolute `http` or `https` address without a user's name in it: `https://hooks.slack.com`. Origins
/// are compared in this form, on both sides made by the same parser.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let url = address(url)?;
    let plain = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    plain.then(|| url.origin().ascii_serialization())
}

/// The address of a site or a service that others are told to call, `https://saywell.example.com/tools`, without a slash
/// at its end; none if it is no `http` or `https` address, or if there is a user's name, a query or a fragment in it.
#[must_use]
pub fn base(url: &str) -> Option<String> {
    let url = address(url).filter(|url| url.query().is_none() && url.fragment().is_none())?;
    origin(url.as_str()).map(|origin| format!("{origin}{}", url.path().trim_end_matches('/')))
}

/// The address of a service that a platform out in the world can call, as [`base`] gives it.
///
/// # Errors
/// Why nobody out there can, to be read after the address.
pub fn public(url: &str) -> Result<String, &'static str> {
    const LOCAL: [&str; 7] = ["localhost", "local", "localdomain", "internal", "lan", "home", "home.arpa"];
    let base = base(url).ok_or("is no address")?;
    let url = Url::parse(&base).map_err(|_| "is no address")?;
    if url.scheme() != "https" {
        return Err("begins with http: it has to be https");
    }
    let is_local = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.')
                || LOCAL.iter().any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
        }
        Some(Host::Ipv4(address)) => is_private(address),
        Some(Host::Ipv6(address)) => address.to_ipv4_mapped().map_or_else(
            || {
                address.is_loopback()
                    || address.is_unspecified()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            },
            is_private,
        ),
        None => true,
    };
    if is_local { Err("is in a network of your own") } else { Ok(base) }
}

/// Whether nobody on the internet can have this address.
fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_reserved = first == 0 || first >= 224 || is_shared || address.is_documentation();
    address.is_loopback() || address.is_private() || address.is_link_local() || is_reserved
}

/// What may follow a command, `[billing | late | …]`: as many topics as one takes in at a glance.
#[must_use]
pub fn hint(command: &Command) -> String {
    const GLANCE: usize = 100;
    let mut hint = String::from("[");
    for topic in &command.topics {
        if hint.len() + topic.id.len() > GLANCE {
            hint.push_str(" | …");
            break;
        }
        if hint.len() > 1 {
            hint.push_str(" | ");
        }
        hint.push_str(&topic.id);
    }
    hint.push(']');
    hint
}

/// A message that we send: `POST` of JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Where to. The sender refuses every origin that the platform does not list in [`Platform::origins`].
    pub url: String,
    /// A bearer token, where one is needed.
    pub bearer: Option<proof::Secret>,
    /// The JSON.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address is as good as a key, and the body holds people's words.
        write!(f, "Outbound({} bytes)", self.body.len())
    }
}

/// Why a delivery is not answered. For machines: it never says what would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is no such door.
    NoDoor,
    /// The proof is missing, malformed or wrong.
    Unproved,
    /// The proof is right, but too old or from the future.
    Stale,
    /// Proved, but it cannot be read.
    Unreadable,
}

/// A chat platform.
pub trait Platform: Send + Sync {
    /// Its name in paths, settings, logs and metrics.
    fn name(&self) -> &'static str;

    /// The doors at which it calls: `POST /{name}/{door}`.
    fn doors(&self) -> &'static [&'static str];

    /// Those of its doors at which it may call with `GET` as well, with the fields in the query.
    fn gets(&self) -> &'static [&'static str];

    /// The origins to which messages may be sent, `https://hooks.slack.com`.
    fn origins(&self) -> &[String];

    /// Proves who sent it, on the bytes as they came.
    ///
    /// # Errors
    /// [`Refusal::NoDoor`], [`Refusal::Unproved`] or [`Refusal::Stale`].
    fn verify<'a>(&self, delivery: Delivery<'a>) -> Result<Verified<'a>, Refusal>;

    /// Reads a proved delivery.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    fn decode(&self, delivery: Verified<'_>) -> Result<Event, Refusal>;

    /// Writes our answer in the platform's own terms.
    fn encode(&self, call: &Call, answer: &Answer<'_>) -> Reply;
}

/// The platforms that are switched on, by name.
#[derive(Clone, Default)]
pub struct Platforms(BTreeMap<&'static str, Arc<dyn Platform>>);

impl Platforms {
    /// Switches a platform on, if it is there.
    pub fn extend(&mut self, platform: Option<impl Platform + 'static>) {
        if let Some(platform) = platform {
            self.0.insert(platform.name(), Arc::new(platform));
        }
    }

    /// The platform of this name, if it is on.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&dyn Platform> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// All that are on.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Platform> {
        self.0.values().map(AsRef::as_ref)
    }
}

/// Verify, decode, answer, encode.
///
/// # Errors
/// What `verify` and `decode` refuse.
pub fn handle<'b>(
    platform: &dyn Platform,
    delivery: Delivery<'_>,
    answer: impl FnOnce(&Call) -> Answer<'b>,
) -> Result<Reply, Refusal> {
    match platform.decode(platform.verify(delivery)?)? {
        Event::Handshake(reply) => Ok(reply),
        Event::Call(call) => Ok(platform.encode(&call, &answer(&call))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_only_a_network_of_ones_own_can_call_is_told_from_one_of_the_internet() {
        for url in [
            "https://saywell.example.com",
            "https://saywell.example.test:8443/tools/",
            "https://8.8.8.8",
            "https://172.32.0.1",
            "https://[2606:4700::1111]",
            "https://internal.example.com",
        ] {
            assert_eq!(public(url).as_deref(), Ok(url.trim_end_matches('/')), "{url}");
        }
        for url in [
            "http://saywell.example.com",
            "https://localhost",
            "https://localhost.",
            "https://LOCALHOST:8080",
            "https://x.localhost",
            "https://saywell",
            "https://printer.local",
            "https://saywell.internal",
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://10.0.0.1",
            "https://172.16.0.1",
            "https://172.31.255.255:8443",
            "https://192.168.1.7",
            "https://169.254.169.254",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://255.255.255.255",
            "https://192.0.2.1",
            "https://[::1]",
            "https://[::]",
            "https://[::ffff:10.0.0.1]",
            "https://[fe80::1]",
            "https://[fd00::1]",
            "ftp://saywell.example.com",
            "saywell.example.com",
            "https://u:p@saywell.example.com",
            "",
        ] {
            assert!(public(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_address_has_a_plain_host_right_after_two_slashes() {
        let host = |text: &str| address(text).map(|url| url.host_str().unwrap_or_default().to_owned());
        for (text, expected) in [
            ("https://hooks.slack.com/commands/1", Some("hooks.slack.com")),
            ("http://[::1]:8065/hooks/1", Some("[::1]")),
            ("https://é.example.com/", None),
            ("https:///é.example.com/", None),
            ("https://\\é.example.com/", None),
            ("https:/\t/é.example.com/://a", None),
            ("https:é.example.com/://a", None),
            ("hooks.slack.com", None),
        ] {
            assert_eq!(host(text).as_deref(), expected, "{text:?}");
        }
    }
}
