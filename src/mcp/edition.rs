//! The editions of the protocol that are spoken here, and which one a request is of.
//!
//! * **2026-07-28**, without a handshake: every request names its edition and what its client can do in `_meta`, over HTTP
//!   in headers as well, which must say the same (its pages Overview, Versioning and Streamable HTTP).
//! * **2025-11-25** and 2025-06-18, whose clients begin with `initialize` (their page Lifecycle). There the edition is
//!   agreed upon once; nothing of it is kept, since what is asked later is answered alike in both.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    Head, about,
    message::{Error, Request, code},
};

/// The edition without a handshake.
pub(super) const STATELESS: &str = "2026-07-28";

/// The editions with one, newest first.
const HANDSHAKE: [&str; 2] = ["2025-11-25", "2025-06-18"];

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const SERVER: &str = "io.modelcontextprotocol/serverInfo";

/// How long a client may keep what changes with the book alone, in milliseconds.
const FRESH: u32 = 300_000;

/// How a request is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edition {
    /// As in 2026-07-28.
    Stateless,
    /// As in 2025-11-25.
    Handshake,
}

/// Every edition, newest first.
pub(super) fn all() -> Vec<&'static str> {
    std::iter::once(STATELESS).chain(HANDSHAKE).collect()
}

/// Which edition a request is of. `head` is what its headers say, where there are any.
///
/// # Errors
/// The headers say something else than the message, `_meta` lacks something, or the edition is not spoken here.
pub(super) fn of(request: &Request, head: Option<&Head<'_>>) -> Result<Edition, Error> {
    let meta = request.params.get("_meta").and_then(Value::as_object);
    let named = meta.and_then(|meta| meta.get(VERSION)).and_then(Value::as_str);
    let headed = head.and_then(|head| head.version);
    let is_old = headed.is_none_or(|version| HANDSHAKE.contains(&version));
    if named.is_none() && is_old && request.method != "server/discover" {
        return Ok(Edition::Handshake);
    }
    if let (None, Some(version)) = (named, headed)
        && version != STATELESS
    {
        return Err(unsupported(version));
    }
    if let Some(head) = head {
        agree(request, head, named)?;
    }
    let version = named.ok_or_else(|| lacks(VERSION))?;
    if !meta.and_then(|meta| meta.get(CAPABILITIES)).is_some_and(Value::is_object) {
        return Err(lacks(CAPABILITIES));
    }
    if version == STATELESS { Ok(Edition::Stateless) } else { Err(unsupported(version)) }
}

/// Whether the headers say what the message says, so that whoever routes by headers routes what is answered.
fn agree(request: &Request, head: &Head<'_>, named: Option<&str>) -> Result<(), Error> {
    same("MCP-Protocol-Version", head.version, named.or(head.version))?;
    same("Mcp-Method", head.method, Some(&request.method))?;
    let key = match &*request.method {
        "tools/call" | "prompts/get" => "name",
        "resources/read" => "uri",
        _ => return Ok(()),
    };
    let name = head.name.map(|name| decoded(name).unwrap_or_default());
    same("Mcp-Name", name.as_deref(), request.params.get(key).and_then(Value::as_str))
}

fn same(header: &str, said: Option<&str>, meant: Option<&str>) -> Result<(), Error> {
    match (said, meant) {
        (Some(said), Some(meant)) if said == meant => Ok(()),
        (None, None) if header == "Mcp-Name" => Ok(()),
        (None, _) => Err(Error::new(code::HEADER_MISMATCH, format!("The header {header} is wanted."))),
        (Some(_), _) => {
            Err(Error::new(code::HEADER_MISMATCH, format!("The header {header} is to say what the message says.")))
        }
    }
}

/// A header's value; what is no plain ASCII comes as `=?base64?…?=`.
fn decoded(value: &str) -> Option<String> {
    match value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(packed) => String::from_utf8(STANDARD.decode(packed).ok()?).ok(),
        None => Some(value.to_owned()),
    }
}

fn lacks(key: &str) -> Error {
    Error::params(format!("`_meta` is to have `{key}` in every request of edition {STATELESS}."))
}

fn unsupported(version: &str) -> Error {
    let [old, ..] = HANDSHAKE;
    let message = format!("This edition is not spoken here; {STATELESS} is, and {old} after `initialize`.");
    Error::new(code::UNSUPPORTED_VERSION, message).with(json!({ "supported": all(), "requested": version }))
}

/// The edition that `initialize` agrees upon: the one that is asked for, or the newest.
pub(super) fn agreed(asked: Option<&str>) -> &'static str {
    let [newest, ..] = HANDSHAKE;
    HANDSHAKE.into_iter().find(|known| Some(*known) == asked).unwrap_or(newest)
}

impl Edition {
    /// A result as this edition has it; `lasting` where it changes with the book alone.
    pub(super) fn dress(self, mut result: Map<String, Value>, lasting: bool) -> Map<String, Value> {
        if self == Self::Handshake {
            return result;
        }
        result.insert("resultType".into(), "complete".into());
        result.insert("_meta".into(), json!({ SERVER: about() }));
        if lasting {
            result.insert("ttlMs".into(), FRESH.into());
            result.insert("cacheScope".into(), "public".into());
        }
        result
    }

    /// The code for a resource that there is none of.
    pub(super) fn no_resource(self) -> i32 {
        match self {
            Self::Stateless => code::WRONG_PARAMS,
            Self::Handshake => code::NO_RESOURCE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, params: Value) -> Request {
        let Value::Object(params) = params else { panic!("parameters are an object") };
        Request { id: json!(1), method: method.into(), params }
    }

    fn meta(version: &str) -> Value {
        json!({ "_meta": { VERSION: version, CAPABILITIES: {} } })
    }

    fn named(version: &str, name: &str) -> Value {
        json!({ "_meta": { VERSION: version, CAPABILITIES: {} }, "name": name })
    }

    #[test]
    fn a_request_is_of_the_edition_that_it_names() {
        let check = |method, params, head: Option<Head<'_>>, expected| {
            assert_eq!(of(&request(method, params), head.as_ref()), Ok(expected), "{method}");
        };
        let head = |version, method| Some(Head { version: Some(version), method: Some(method), name: None });
        check("initialize", json!({}), Some(Head::default()), Edition::Handshake);
        check("tools/list", json!({}), head("2025-11-25", "tools/list"), Edition::Handshake);
        check("tools/list", json!({ "_meta": { "progressToken": 1 } }), None, Edition::Handshake);
        check("tools/list", meta(STATELESS), head(STATELESS, "tools/list"), Edition::Stateless);
        check("server/discover", meta(STATELESS), None, Edition::Stateless);
    }

    #[test]
    fn what_a_request_lacks_or_contradicts_is_said() {
        let check = |method, params, head: Option<Head<'_>>, code: i32| {
            assert_eq!(of(&request(method, params), head.as_ref()).unwrap_err().code, code, "{method} {head:?}");
        };
        let head = |version, method, name| Some(Head { version, method: Some(method), name });
        let now = Some(STATELESS);
        check("server/discover", json!({}), None, code::WRONG_PARAMS);
        check("tools/list", json!({}), head(now, "tools/list", None), code::WRONG_PARAMS);
        check("tools/list", json!({ "_meta": { VERSION: STATELESS } }), None, code::WRONG_PARAMS);
        check("tools/list", meta("1900-01-01"), None, code::UNSUPPORTED_VERSION);
        check("tools/list", meta("2025-11-25"), None, code::UNSUPPORTED_VERSION);
        check("tools/list", json!({}), head(Some("1900-01-01"), "tools/list", None), code::UNSUPPORTED_VERSION);
        check("tools/list", meta(STATELESS), head(None, "tools/list", None), code::HEADER_MISMATCH);
        check("tools/list", meta(STATELESS), head(Some("2025-11-25"), "tools/list", None), code::HEADER_MISMATCH);
        check("tools/list", meta(STATELESS), head(now, "TOOLS/LIST", None), code::HEADER_MISMATCH);
        check("tools/call", named(STATELESS, "a"), head(now, "tools/call", None), code::HEADER_MISMATCH);
        check("tools/call", named(STATELESS, "a"), head(now, "tools/call", Some("b")), code::HEADER_MISMATCH);
        check(
            "tools/call",
            named(STATELESS, "a"),
            head(now, "tools/call", Some("=?base64?!?=")),
            code::HEADER_MISMATCH,
        );
    }

    #[test]
    fn a_name_that_is_no_plain_text_comes_packed() {
        let check = |name: &str, header| {
            let head = Head { version: Some(STATELESS), method: Some("tools/call"), name: Some(header) };
            let request = request("tools/call", named(STATELESS, name));
            assert_eq!(of(&request, Some(&head)), Ok(Edition::Stateless), "{name}");
        };
        check("find_phrase", "find_phrase");
        check("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=");
        check("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
    }

    #[test]
    fn initialize_agrees_upon_what_was_asked_or_the_newest() {
        assert_eq!(agreed(Some("2025-06-18")), "2025-06-18");
        assert_eq!(agreed(Some("2024-11-05")), "2025-11-25");
        assert_eq!(agreed(None), "2025-11-25");
    }
}
