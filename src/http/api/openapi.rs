//! The OpenAPI 3.1 document: the resources' own attributes, completed with what they have in common.
#![expect(clippy::indexing_slicing, reason = "an index into a JSON object makes what is not there")]

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    http::{languagetool, path::outside, problem::Problem, wants::Wants},
    say::book::Phrasebook,
};

/// What the attributes of the resources and views say, which is always the same. A test holds it against them, and writes
/// it anew: what makes it would be a thirtieth of the program.
const FROM_ATTRIBUTES: &str = include_str!("openapi.json");

/// The document for a book: its slots are parameters.
#[must_use]
pub(crate) fn document(book: &Phrasebook) -> String {
    let mut document: Value = serde_json::from_str(FROM_ATTRIBUTES).unwrap_or_default();
    document["info"] = json!({
        "title": "Saywell",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The right words for a hard customer moment. Every resource is there as plain text, JSON and HTML: \
            `format=` or a suffix (`.txt`, `.json`, `.html`) decides, or else `Accept`. At the root the default is text, \
            under `/v1` it is JSON; `/v1` is the stable interface for programs.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": outside("/") }]);
    document["tags"] = json!([
        { "name": "phrasebook", "description": "Commands, topics, phrases, and the articles behind them" },
        { "name": "drafts", "description": "The review of a draft before it is sent" },
        { "name": "service", "description": "Whether it is well" },
    ]);
    let slots: BTreeSet<&str> = book.topics().flat_map(|topic| &topic.slots).map(|slot| &*slot.name).collect();
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().cloned().unwrap_or_default() {
        let versioned = if path == "/" { "/v1".to_owned() } else { format!("/v1{path}") };
        let complete = |version| {
            let operations = item.as_object().into_iter().flatten();
            let complete = |(method, operation): (&String, &Value)| {
                (method.clone(), complete(operation.clone(), method, &path, version, &slots))
            };
            Value::Object(operations.map(complete).collect())
        };
        paths.insert(versioned, complete("_v1"));
        paths.insert(path.clone(), complete(""));
    }
    paths.insert(
        "/openapi.json".into(),
        json!({ "get": plain("openapi", "This document", "application/json", &[200]) }),
    );
    paths.insert("/v2/check".into(), json!({ "post": languagetool_check() }));
    let mut languages = plain("languages", "The languages that `/v2/check` knows", "application/json", &[200]);
    languages["responses"]["200"]["content"]["application/json"]["schema"] = json!({ "type": "array" });
    paths.insert("/v2/languages".into(), json!({ "get": languages }));
    for (path, about, media_type) in [
        ("/v2/maxtextlength", "The most characters that `/v2/check` reads", "text/plain"),
        ("/v2/info", "What answers here", "application/json"),
        ("/v2/configinfo", "What answers here, and its limits", "application/json"),
        ("/v2/healthcheck", "Whether it is well: `OK`", "text/plain"),
    ] {
        paths.insert(path.into(), json!({ "get": plain(path.trim_start_matches("/v2/"), about, media_type, &[200]) }));
    }
    paths.insert(
        "/healthz".into(),
        json!({ "get": plain("healthz", "Whether the program runs", "text/plain", &[200]) }),
    );
    paths.insert(
        "/readyz".into(),
        json!({ "get": plain("readyz", "Whether it takes requests: 503 while it stops", "text/plain", &[200, 503]) }),
    );
    document["paths"] = Value::Object(paths);
    name_rules(&mut document, book);
    document.to_string()
}

fn complete(mut operation: Value, method: &str, path: &str, version: &str, slots: &BTreeSet<&str>) -> Value {
    let name = operation["operationId"].as_str().unwrap_or_default().trim_start_matches("read_");
    operation["operationId"] = format!("{name}{version}").into();
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    for parameter in parameters.iter_mut().filter(|parameter| parameter["schema"]["type"] == "boolean") {
        // `?all` by itself will do.
        parameter["schema"] = json!({ "anyOf": [{ "type": "boolean" }, { "type": "string", "enum": ["", "0", "1"] }] });
    }
    parameters.push(json!({
        "name": "format", "in": "query", "required": false, "description": "The representation; goes before `Accept`",
        "schema": { "type": "string", "enum": Wants::ALL.map(Wants::name) },
    }));
    if matches!(path, "/{command}/{topic}" | "/phrases/{id}" | "/random" | "/{command}/random") {
        parameters.extend(slots.iter().map(|slot| {
            json!({
                "name": slot, "in": "query", "required": false,
                "description": "What fills the slot of this name", "schema": { "type": "string" },
            })
        }));
    }
    operation["parameters"] = parameters.into();
    let body = operation["responses"]["200"]["content"]["application/json"]["schema"].clone();
    operation["responses"] = responses(&body, method);
    operation
}

fn responses(body: &Value, method: &str) -> Value {
    let text = json!({ "schema": { "type": "string" } });
    let content = json!({
        "application/json": { "schema": body }, "text/plain": text, "text/html": text,
    });
    let problem = json!({
        (Problem::MEDIA_TYPE): { "schema": { "$ref": "#/components/schemas/ProblemView" } }, "text/plain": text, "text/html": text,
    });
    let of = |description: &str, content: &Value| json!({ "description": description, "content": content });
    let mut responses = json!({
        "200": of("As asked", &content),
        "400": of("A parameter is unknown, given twice or malformed; says which are known", &problem),
        "404": of("There is no such thing; says what may have been meant", &problem),
        "406": of("There is no representation that is accepted", &problem),
        "414": of("The query is too long", &problem),
        "429": of("Too many requests; `Retry-After` says when to come again", &problem),
    });
    if method == "post" {
        responses["408"] = of("The body did not arrive in time", &problem);
        responses["413"] = of("The draft is too long", &problem);
        responses["415"] = of("The body is of a type or encoding that is not read", &problem);
    } else {
        responses["304"] = json!({ "description": "It is as `If-None-Match` knows it" });
    }
    responses
}

/// What a draft's settings may be is known only from the book.
fn name_rules(document: &mut Value, book: &Phrasebook) {
    let ids: Vec<&str> = book.check.rules.iter().map(|rule| &*rule.id).collect();
    let schools = book.check.rules.iter().filter_map(|rule| rule.school.as_deref());
    let schools: BTreeSet<&str> = schools.chain([""]).collect();
    let rules = json!({ "type": "string", "pattern": format!("^([-+]?({})(,|$))*$", ids.join("|")) });
    let schools = json!({ "type": "string", "enum": schools });
    for (name, schema) in [("rules", &rules), ("school", &schools)] {
        for path in ["/check", "/v1/check"] {
            let parameters = document["paths"][path]["post"]["parameters"].as_array_mut();
            for parameter in parameters.into_iter().flatten().filter(|parameter| parameter["name"] == name) {
                parameter["schema"] = schema.clone();
            }
        }
        let property = &mut document["components"]["schemas"]["Draft"]["properties"][name];
        let description = property["description"].take();
        *property = schema.clone();
        property["description"] = description;
    }
}

/// The review for editors; `http::languagetool` has it.
fn languagetool_check() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let form = json!({
        "type": "object",
        "required": ["text", "language"],
        "properties": {
            "text": text("The draft, at most 20,000 characters; `data` may hold it with its markup apart"),
            "language": { "type": "string", "description": "An English, or `auto`", "enum": languagetool::codes().collect::<Vec<_>>() },
            "disabledRules": text("Rules to leave out, with commas between"),
            "enabledRules": text("With `enabledOnly`: the only rules to use"),
            "enabledOnly": text("`true` or `false`"),
        },
    });
    let mut operation = plain(
        "languagetool",
        "The review of a draft in the shape of LanguageTool's interface",
        "application/json",
        &[200, 400, 408, 413, 415, 429],
    );
    operation["description"] =
        "For editors that accept a LanguageTool server of one's own. Places are in UTF-16 units.".into();
    operation["tags"] = json!(["drafts"]);
    operation["requestBody"] =
        json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": form } } });
    let problem = json!({ "text/plain": { "schema": { "type": "string" } } });
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status != "200" {
            response["content"] = problem.clone();
        }
    }
    operation
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

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use utoipa::OpenApi as _;

    use super::{super::resources::Paths, *};

    #[test]
    fn the_file_says_what_the_attributes_say() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/api/openapi.json");
        let said = serde_json::to_value(Paths::openapi()).unwrap();
        if env::var_os("SAYWELL_WRITE").is_some() {
            fs::write(file, format!("{said}\n")).unwrap();
        }
        let written: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert!(written == said, "write it anew: SAYWELL_WRITE=1 cargo test --lib what_the_attributes_say");
    }
}
