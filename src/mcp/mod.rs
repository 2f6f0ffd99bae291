//! The Model Context Protocol, by which assistants use the same lines and pass the same review: a function from one message
//! to its reply. It keeps nothing between messages, and knows no pipe; `http` and `cli` bring the messages.
//!
//! `message` is the envelope, `edition` what differs between editions of the protocol, `tools`, `prompts`, `resources` and
//! `completion` are what can be asked. What they give are the views of `view`.

mod completion;
mod edition;
mod lists;
mod message;
mod prompts;
mod resources;
mod schema;
mod tools;
mod words;

use serde_json::{Map, Value, json};

use crate::say::book::{Phrasebook, Topic};
use edition::Edition;
use message::{Error, Message, Request, code};

/// What is asked for, for counting: a tool by its name, the rest by its kind.
pub const DOORS: [&str; 11] = [
    "find_phrase",
    "get_play",
    "write_letter",
    "check_draft",
    "list_topics",
    "tools",
    "prompts",
    "resources",
    "completion",
    "opening",
    "other",
];

/// What the headers of a message say of it, as edition 2026-07-28 has them over HTTP.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    /// `MCP-Protocol-Version`.
    pub version: Option<&'a str>,
    /// `Mcp-Method`.
    pub method: Option<&'a str>,
    /// `Mcp-Name`.
    pub name: Option<&'a str>,
}

/// What becomes of a message.
#[derive(Debug)]
pub struct Reply<'b> {
    /// How it was taken.
    pub taken: Taken,
    /// What to send back; nothing for what wants no answer.
    pub body: Option<String>,
    /// What was asked for: one of [`DOORS`].
    pub door: &'static str,
    /// The topic that phrases are given from.
    pub topic: Option<&'b Topic>,
    /// Whether it holds what was asked for.
    pub found: bool,
}

/// How a message was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is answered.
    Answered,
    /// It wants no answer.
    Noted,
    /// It cannot be taken as it is.
    Malformed,
    /// It asks for what is not done here, and in an edition that wants this said by the status too.
    Unknown,
}

/// What a method gives.
struct Answer<'b> {
    result: Map<String, Value>,
    /// Whether it changes with the book alone.
    lasting: bool,
    topic: Option<&'b Topic>,
    found: bool,
}

impl Answer<'_> {
    fn of(result: Value) -> Self {
        let Value::Object(result) = result else { return Self::of(json!({})) };
        Self { result, lasting: false, topic: None, found: true }
    }

    fn lasting(result: Map<String, Value>) -> Self {
        Self { result, lasting: true, topic: None, found: true }
    }
}

/// Answers one message. `head` is what its headers say, where it came with any; `seed` is the only chance.
#[must_use]
pub fn reply<'b>(book: &'b Phrasebook, message: &[u8], head: Option<&Head<'_>>, seed: u64) -> Reply<'b> {
    match message::read(message) {
        Ok(Message::Request(request)) => answered(book, &request, head, seed),
        Ok(Message::Notification) => Reply::without(Taken::Noted, None),
        Ok(Message::Response) => Reply::without(Taken::Malformed, None),
        Err((id, error)) => Reply::without(Taken::Malformed, Some(message::error(id.as_ref(), error))),
    }
}

fn answered<'b>(book: &'b Phrasebook, request: &Request, head: Option<&Head<'_>>, seed: u64) -> Reply<'b> {
    let fail = |taken, error| {
        let body = message::error(Some(&request.id), error);
        Reply { door: door(request), ..Reply::without(taken, Some(body)) }
    };
    let edition = match edition::of(request, head) {
        Ok(edition) => edition,
        Err(error) => return fail(Taken::Malformed, error),
    };
    match answer(book, request, edition, seed) {
        Ok(Answer { result, lasting, topic, found }) => {
            let body = message::result(&request.id, &edition.dress(result, lasting));
            Reply { taken: Taken::Answered, body: Some(body), door: door(request), topic, found }
        }
        Err(error) if error.code == code::NO_METHOD && edition == Edition::Stateless => fail(Taken::Unknown, error),
        Err(error) => fail(Taken::Answered, error),
    }
}

impl Reply<'_> {
    /// A reply that gives nothing of the book.
    fn without(taken: Taken, body: Option<String>) -> Self {
        Self { taken, body, door: "other", topic: None, found: true }
    }
}

/// An error as it is sent for a message that was not read at all.
#[must_use]
pub fn refusal(what: &str) -> String {
    message::error(None, Error::new(code::NO_REQUEST, what))
}

fn answer<'b>(book: &'b Phrasebook, request: &Request, edition: Edition, seed: u64) -> Result<Answer<'b>, Error> {
    let params = &request.params;
    match (&*request.method, edition) {
        ("initialize", Edition::Handshake) => Ok(initialize(params)),
        ("ping", Edition::Handshake) => Ok(Answer::of(json!({}))),
        ("server/discover", Edition::Stateless) => Ok(discover()),
        ("tools/list", _) => tools::list(params),
        ("tools/call", _) => tools::call(book, params, seed),
        ("prompts/list", _) => prompts::list(book, params),
        ("prompts/get", _) => prompts::get(book, params),
        ("resources/list", _) => resources::list(book, params),
        ("resources/templates/list", _) => resources::templates(params),
        ("resources/read", _) => resources::read(book, params, edition),
        ("completion/complete", _) => completion::complete(book, params),
        (method, _) => {
            Err(Error::new(code::NO_METHOD, format!("There is no method `{}` here.", crate::view::shown(method))))
        }
    }
}

/// `initialize`, of the editions with a handshake.
fn initialize<'b>(params: &Map<String, Value>) -> Answer<'b> {
    let version = edition::agreed(params.get("protocolVersion").and_then(Value::as_str));
    Answer::of(json!({
        "protocolVersion": version,
        "capabilities": capabilities(),
        "serverInfo": about(),
        "instructions": words::INSTRUCTIONS,
    }))
}

/// `server/discover`, of the edition without one.
fn discover<'b>() -> Answer<'b> {
    let answer = Answer::of(json!({
        "supportedVersions": edition::all(),
        "capabilities": capabilities(),
        "instructions": words::INSTRUCTIONS,
    }));
    Answer { lasting: true, ..answer }
}

/// What can be asked. No list tells of its changes: a client that asks again after a while sees them.
fn capabilities() -> Value {
    json!({ "tools": {}, "prompts": {}, "resources": {}, "completions": {} })
}

/// Who answers.
fn about() -> Value {
    json!({ "name": "saywell", "title": "Saywell", "version": env!("CARGO_PKG_VERSION") })
}

fn door(request: &Request) -> &'static str {
    let name = || request.params.get("name").and_then(Value::as_str);
    match &*request.method {
        "tools/call" => name().and_then(tools::known).unwrap_or("other"),
        "tools/list" => "tools",
        "prompts/list" | "prompts/get" => "prompts",
        "resources/list" | "resources/templates/list" | "resources/read" => "resources",
        "completion/complete" => "completion",
        "initialize" | "ping" | "server/discover" => "opening",
        _ => "other",
    }
}
