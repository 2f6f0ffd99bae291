//! JSON-RPC 2.0, as far as the Model Context Protocol uses it: one message at a time, ids that are text or whole numbers.

use serde_json::{Map, Value, json};

/// What was sent.
pub(super) enum Message {
    /// Wants an answer.
    Request(Request),
    /// Wants none.
    Notification,
    /// Answers something; nothing was asked from here.
    Response,
}

/// A request.
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
}

/// Why a request has no result. `data` is for programs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Error {
    pub(super) code: i32,
    pub(super) message: String,
    pub(super) data: Option<Value>,
}

/// The codes of JSON-RPC, and those that the protocol adds.
pub(super) mod code {
    pub(in crate::mcp) const UNREADABLE: i32 = -32700;
    pub(in crate::mcp) const NO_REQUEST: i32 = -32600;
    pub(in crate::mcp) const NO_METHOD: i32 = -32601;
    pub(in crate::mcp) const WRONG_PARAMS: i32 = -32602;
    /// Up to edition 2025-11-25; later ones have [`WRONG_PARAMS`] instead.
    pub(in crate::mcp) const NO_RESOURCE: i32 = -32002;
    /// From edition 2026-07-28 on.
    pub(in crate::mcp) const HEADER_MISMATCH: i32 = -32020;
    /// From edition 2026-07-28 on.
    pub(in crate::mcp) const UNSUPPORTED_VERSION: i32 = -32022;
}

impl Error {
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    pub(super) fn params(message: impl Into<String>) -> Self {
        Self::new(code::WRONG_PARAMS, message)
    }

    pub(super) fn with(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }
}

/// Reads a message.
///
/// # Errors
/// What is wrong with it, and its id where it has one that can be read.
pub(super) fn read(bytes: &[u8]) -> Result<Message, (Option<Value>, Error)> {
    let fail = |id, code, message: &str| Err((id, Error::new(code, message)));
    let Ok(message) = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else {
        return fail(None, code::UNREADABLE, "The message is no JSON in UTF-8.");
    };
    let Value::Object(mut message) = message else {
        return fail(None, code::NO_REQUEST, "The message is to be one JSON object; several are sent one by one.");
    };
    let id = message.remove("id");
    let known = id.clone().filter(is_id);
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return fail(known, code::NO_REQUEST, "The message is to have \"jsonrpc\": \"2.0\".");
    }
    let Some(Value::String(method)) = message.remove("method") else {
        if message.contains_key("result") || message.contains_key("error") {
            return Ok(Message::Response);
        }
        return fail(known, code::NO_REQUEST, "The message is to have a `method`.");
    };
    let params = match message.remove("params") {
        None => Map::new(),
        Some(Value::Object(params)) => params,
        Some(_) => return fail(known, code::WRONG_PARAMS, "`params` is to be an object."),
    };
    match (id, known) {
        (None, _) => Ok(Message::Notification),
        (Some(_), None) => fail(None, code::NO_REQUEST, "`id` is to be a text or a whole number."),
        (Some(_), Some(id)) => Ok(Message::Request(Request { id, method, params })),
    }
}

fn is_id(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

/// An answer as it is sent.
pub(super) fn result(id: &Value, result: &Map<String, Value>) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string()
}

/// A failure as it is sent; without an id where none could be read.
pub(super) fn error(id: Option<&Value>, error: Error) -> String {
    let Error { code, message, data } = error;
    let mut error = json!({ "code": code, "message": message });
    if let (Some(error), Some(data)) = (error.as_object_mut(), data) {
        error.insert("data".into(), data);
    }
    match id {
        Some(id) => json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string(),
        None => json!({ "jsonrpc": "2.0", "error": error }).to_string(),
    }
}

/// A text among the parameters.
///
/// # Errors
/// It is not there, or no text.
pub(super) fn text<'p>(params: &'p Map<String, Value>, name: &str) -> Result<&'p str, Error> {
    let text = params.get(name).and_then(Value::as_str);
    text.ok_or_else(|| Error::params(format!("The parameter `{name}` is wanted, a text.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_told_why() {
        let check = |sent: &str, code: i32, id: Option<Value>| {
            let Err((found, error)) = read(sent.as_bytes()) else { panic!("{sent} is read") };
            assert_eq!((error.code, found), (code, id), "{sent}");
        };
        check("", code::UNREADABLE, None);
        check("{", code::UNREADABLE, None);
        check("[]", code::NO_REQUEST, None);
        check("7", code::NO_REQUEST, None);
        check(r#"{"id":1,"method":"ping"}"#, code::NO_REQUEST, Some(json!(1)));
        check(r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, code::NO_REQUEST, Some(json!("a")));
        check(r#"{"jsonrpc":"2.0","id":1}"#, code::NO_REQUEST, Some(json!(1)));
        check(r#"{"jsonrpc":"2.0","id":1,"method":5}"#, code::NO_REQUEST, Some(json!(1)));
        check(r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, code::NO_REQUEST, None);
        check(r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, code::NO_REQUEST, None);
        check(r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, code::WRONG_PARAMS, Some(json!(1)));
        let deep = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","params":{}"#, "[".repeat(100_000));
        check(&deep, code::UNREADABLE, None);
    }

    #[test]
    fn requests_notifications_and_responses_are_told_apart() {
        let read = |sent: &str| read(sent.as_bytes()).unwrap_or_else(|(_, error)| panic!("{error:?}"));
        assert!(matches!(read(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), Message::Request(_)));
        assert!(matches!(read(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#), Message::Notification));
        assert!(matches!(read(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#), Message::Response));
    }
}
