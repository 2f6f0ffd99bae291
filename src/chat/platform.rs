//! What a platform is: deliveries in, replies out.

use std::{collections::BTreeMap, fmt, sync::Arc};

use actix_web::http::header::HeaderMap;
use serde::Serialize;

use super::{
    install::Install,
    kind::Kind,
    proof::{ExposeSecret as _, Keys, Proved, Secret},
};
use crate::say::{answer::Answer, ask::Ask, book::Phrasebook};

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
    /// The book that it is answered from, for platforms that name a command by a number.
    pub book: &'a Phrasebook,
}

/// What a delivery is.
#[derive(Debug)]
pub enum Event<L> {
    /// The platform itself asks something that needs no phrase: a probe, a ping.
    Handshake(Reply),
    /// A person asks; the letter is what the platform wants to know again in order to answer.
    Call(Call, L),
}

/// A person's ask.
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

/// What goes back: the HTTP reply, and what is to be sent once it is out.
#[derive(Debug, Clone, Default, PartialEq)]
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

/// A message that we send: `POST` of JSON.
#[derive(Clone)]
pub struct Outbound {
    /// Where to. The sender refuses every origin that the platform does not list in [`Doors::origins`].
    pub url: String,
    /// A bearer token, where one is needed.
    pub bearer: Option<Secret>,
    /// The JSON.
    pub body: Vec<u8>,
}

impl PartialEq for Outbound {
    fn eq(&self, other: &Self) -> bool {
        let bearer = |one: &Self| one.bearer.as_ref().map(|bearer| bearer.expose_secret().to_owned());
        self.url == other.url && self.body == other.body && bearer(self) == bearer(other)
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// Signed with a key that is not among the platform's: perhaps a new one. Once [`Doors::keys`] have been fetched again,
    /// the same delivery may be right; if it is not, it is as good as unproved.
    UnknownKey,
    /// Proved, but it cannot be read.
    Unreadable,
}

/// What a platform is, and where it is called.
pub trait Doors: Send + Sync {
    /// What the program has to know of it: its name, its doors.
    fn kind(&self) -> &'static Kind;

    /// The origins to which messages may be sent, `https://hooks.slack.com`.
    fn origins(&self) -> &[String];

    /// Installing it into several workspaces, if that is on.
    fn install(&self) -> Option<&Install>;

    /// The public keys that it signs with, where those change and are fetched; most platforms share a secret instead.
    fn keys(&self) -> &[Arc<Keys>] {
        &[]
    }
}

/// A chat platform. What comes in is proved on its bytes and read, answered by the core, and written in the platform's own
/// terms; it does no I/O.
pub trait Platform: Doors {
    /// What it keeps of a delivery in order to answer it: where the answer goes, a ticket for a form.
    type Letter;

    /// Proves who sent it, on the bytes as they came, and reads it.
    ///
    /// # Errors
    /// Any refusal.
    fn read(&self, delivery: Delivery<'_>) -> Result<Proved<Event<Self::Letter>>, Refusal>;

    /// Writes our answer in the platform's own terms.
    fn reply(&self, letter: Self::Letter, call: &Call, answer: &Answer<'_>) -> Reply;
}

/// A platform that is on, whatever its letters are.
pub trait Adapter: Doors {
    /// Proves, reads, has it answered, and writes the answer.
    ///
    /// # Errors
    /// What [`Platform::read`] refuses.
    fn handle<'b>(&self, delivery: Delivery<'_>, answer: &mut dyn FnMut(&Call) -> Answer<'b>)
    -> Result<Reply, Refusal>;
}

impl<P: Platform> Adapter for P {
    fn handle<'b>(
        &self,
        delivery: Delivery<'_>,
        answer: &mut dyn FnMut(&Call) -> Answer<'b>,
    ) -> Result<Reply, Refusal> {
        match self.read(delivery)?.take() {
            Event::Handshake(reply) => Ok(reply),
            Event::Call(call, letter) => Ok(self.reply(letter, &call, &answer(&call))),
        }
    }
}

/// The platforms that are switched on, by name.
#[derive(Clone, Default)]
pub struct Platforms(BTreeMap<&'static str, Arc<dyn Adapter>>);

impl Platforms {
    /// The platform of this name, if it is on.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Adapter>> {
        self.0.get(name)
    }

    /// All that are on.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Adapter>> {
        self.0.values()
    }
}

impl Extend<Arc<dyn Adapter>> for Platforms {
    fn extend<I: IntoIterator<Item = Arc<dyn Adapter>>>(&mut self, adapters: I) {
        self.0.extend(adapters.into_iter().map(|adapter| (adapter.kind().name, adapter)));
    }
}

impl FromIterator<Arc<dyn Adapter>> for Platforms {
    fn from_iter<I: IntoIterator<Item = Arc<dyn Adapter>>>(adapters: I) -> Self {
        let mut platforms = Self::default();
        platforms.extend(adapters);
        platforms
    }
}
