//! The OpenAPI 3.1 document: the resources' own attributes, completed with what they have in common.
#![expect(clippy::indexing_slicing, reason = "an index into a JSON object makes what is not there")]

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;

use super::resources::Paths;
use crate::{
    http::{problem::Problem, wants::Wants},
    say::book::Phrasebook,
};

/// The document for a book: its slots are parameters.
#[must_use]
pub fn document(book: &Phrasebook) -> String {
    let mut document = serde_json::to_value(Paths::openapi()).unwrap_or_default();
    document["info"] = json!({
        "title": "Saywell",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The right words for a hard customer moment. Every resource is there as plain text, JSON and HTML: \
            `format=` or a suffix (`.txt`, `.json`, `.html`) decides, or else `Accept`. At the root the default is text, \
            under `/v1` it is JSON; `/v1` is the stable interface for programs.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/" }]);
    document["tags"] = json!([
        { "name": "phrasebook", "description": "Commands, topics, phrases, and the articles behind them" },
        { "name": "service", "description": "Whether it is well" },
    ]);
    let slots: BTreeSet<&str> = book.topics().flat_map(|topic| &topic.slots).map(|slot| &*slot.name).collect();
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().cloned().unwrap_or_default() {
        let Some(operation) = item.get("get").cloned() else { continue };
        let versioned = if path == "/" { "/v1".to_owned() } else { format!("/v1{path}") };
        paths.insert(path.clone(), json!({ "get": complete(operation.clone(), &path, "", &slots) }));
        paths.insert(versioned, json!({ "get": complete(operation, &path, "_v1", &slots) }));
    }
    paths.insert(
        "/openapi.json".into(),
        json!({ "get": plain("openapi", "This document", "application/json", &[200]) }),
    );
    paths.insert(
        "/healthz".into(),
        json!({ "get": plain("healthz", "Whether the program runs", "text/plain", &[200]) }),
    );
    paths.insert(
        "/readyz".into(),
        json!({ "get": plain("readyz", "Whether it takes requests: 503 while it stops", "text/plain", &[200, 503]) }),
    );
    document["paths"] = Value::Object(paths);
    document.to_string()
}

fn complete(mut operation: Value, path: &str, version: &str, slots: &BTreeSet<&str>) -> Value {
    let name = operation["operationId"].as_str().unwrap_or_default().trim_start_matches("read_");
    operation["operationId"] = format!("{name}{version}").into();
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    parameters.push(json!({
        "name": "format", "in": "query", "required": false, "description": "The representation; goes before `Accept`",
        "schema": { "type": "string", "enum": Wants::ALL.map(Wants::name) },
    }));
    if matches!(path, "/{command}/{topic}" | "/phrases/{id}" | "/random") {
        parameters.extend(slots.iter().map(|slot| {
            json!({
                "name": slot, "in": "query", "required": false,
                "description": "What fills the slot of this name", "schema": { "type": "string" },
            })
        }));
    }
    operation["parameters"] = parameters.into();
    let body = operation["responses"]["200"]["content"]["application/json"]["schema"].clone();
    operation["responses"] = responses(&body);
    operation
}

fn responses(body: &Value) -> Value {
    let text = json!({ "schema": { "type": "string" } });
    let content = json!({
        "application/json": { "schema": body }, "text/plain": text, "text/html": text,
    });
    let problem = json!({
        (Problem::MEDIA_TYPE): { "schema": { "$ref": "#/components/schemas/ProblemView" } }, "text/plain": text, "text/html": text,
    });
    let of = |description: &str, content: &Value| json!({ "description": description, "content": content });
    json!({
        "200": of("As asked", &content),
        "304": { "description": "It is as `If-None-Match` knows it" },
        "400": of("A parameter is unknown, given twice or malformed; says which are known", &problem),
        "404": of("There is no such thing; says what may have been meant", &problem),
        "406": of("There is no representation that is accepted", &problem),
        "414": of("The query is too long", &problem),
        "429": of("Too many requests; `Retry-After` says when to come again", &problem),
    })
}

fn plain(name: &str, summary: &str, media_type: &str, statuses: &[u16]) -> Value {
    let schema =
        if media_type == "application/json" { json!({ "type": "object" }) } else { json!({ "type": "string" }) };
    let responses: Map<String, Value> = statuses
        .iter()
        .map(|status| {
            (status.to_string(), json!({ "description": summary, "content": { media_type: { "schema": schema } } }))
        })
        .collect();
    json!({ "operationId": name, "summary": summary, "tags": ["service"], "responses": responses })
}
