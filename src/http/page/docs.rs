//! The interface for programs, to read and to try: what `/openapi.json` says, with answers from the book in service.
#![expect(clippy::indexing_slicing, reason = "an index into a JSON value gives null for what is not there")]

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;
use serde_json::Value as Json;

use super::{Frame, Visit, render};
use crate::{
    http::{
        Service, access, api,
        metrics::REST,
        reply::{self, Caching},
        wants::Wants,
    },
    say::book::Phrasebook,
};

/// Longer answers are shown by their beginning.
const MOST_LINES: usize = 48;

#[derive(Template)]
#[template(path = "docs.html", config = "src/askama.toml")]
struct Docs {
    frame: Frame,
    version: &'static str,
    origin: String,
    routes: Vec<Route>,
    slots: Vec<String>,
    statuses: Vec<(String, String)>,
}

/// A method at a path.
struct Route {
    /// For links to it and for the names of its fields.
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    fields: Vec<Field>,
    /// Whether slots may be given as well.
    slots: bool,
    /// An address that answers.
    example: String,
    answer: Option<String>,
}

/// A parameter.
struct Field {
    name: String,
    place: String,
    required: bool,
    about: String,
    /// `number`, `true or false`, or the words it may be.
    kind: String,
    /// What the example has there.
    value: String,
}

/// `GET /docs`.
pub async fn read(request: HttpRequest, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "page");
    let book = service.shelf.book();
    let visit = Visit::new(request.headers());
    let tag = reply::tag(book.hash ^ visit.edition(), Wants::Html, request.uri());
    if reply::matches(request.headers(), &tag) {
        return reply::not_modified(&tag);
    }
    reply::content(page(&book, visit), Wants::Html, &Caching::Tagged(tag), request.headers())
}

fn page(book: &Phrasebook, visit: Visit) -> String {
    let document: Json = serde_json::from_str(&api::document(book)).unwrap_or_default();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let paths = document["paths"].as_object();
    let mut routes: Vec<Route> = paths
        .into_iter()
        .flatten()
        // What is there twice is shown once, as programs use it.
        .filter(|(path, _)| !paths.is_some_and(|all| all.contains_key(&versioned(path))))
        .flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |method| (path, method)))
        .map(|(path, (method, operation))| route(book, &document, path, method, operation))
        .collect();
    routes.sort_by_key(|route| !route.path.starts_with("/v1"));
    let mut slots: Vec<String> =
        book.topics().flat_map(|topic| &topic.slots).map(|slot| slot.name.to_string()).collect();
    slots.sort_unstable();
    slots.dedup();
    let statuses = document["paths"]["/v1"]["get"]["responses"].as_object().into_iter().flatten();
    render(&Docs {
        frame: Frame::new("The API", "Every route with its parameters, an example and its answer.", "/docs"),
        version: env!("CARGO_PKG_VERSION"),
        origin: visit.origin,
        routes,
        slots,
        statuses: statuses.map(|(status, response)| (status.clone(), text(&response["description"]))).collect(),
    })
}

fn versioned(path: &str) -> String {
    if path == "/" { "/v1".to_owned() } else { format!("/v1{path}") }
}

fn route(book: &Phrasebook, document: &Json, path: &str, method: &str, operation: &Json) -> Route {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    // A part of the path may be called as a slot is.
    let is_slot = |parameter: &&Json| {
        parameter["in"] == "query" && parameter["name"].as_str().is_some_and(|name| book.has_slot(name))
    };
    let field = |parameter: &Json| Field {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"].as_bool().unwrap_or_default(),
        about: text(&parameter["description"]),
        kind: kind(document, &parameter["schema"]),
        value: example(book, path, &parameter["name"]),
    };
    let fields: Vec<Field> = parameters().filter(|parameter| !is_slot(parameter)).map(field).collect();
    let address = address(path, &fields);
    Route {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        summary: text(&operation["summary"]),
        about: text(&operation["description"]),
        slots: parameters().any(|parameter| is_slot(&parameter)),
        answer: api::example(book, &address).map(|answer| shortened(&answer)),
        path: path.to_owned(),
        fields,
        example: address,
    }
}

fn kind(document: &Json, schema: &Json) -> String {
    let schema = match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(schema),
        None => schema,
    };
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ");
    }
    match schema["type"].as_str() {
        Some("integer") => "number",
        Some("boolean") => "true, false",
        _ => "text",
    }
    .to_owned()
}

/// What stands in an example, from the book in service.
fn example(book: &Phrasebook, path: &str, parameter: &Json) -> String {
    let topic = || book.topics().find(|topic| &*topic.command == "recover").or_else(|| book.topics().next());
    let value = match parameter.as_str().unwrap_or_default() {
        "command" if path.contains("{command}") => topic().map(|topic| topic.command.to_string()),
        "topic" => topic().map(|topic| topic.id.to_string()),
        "id" if path.contains("/sources/") => book.articles.first().map(|article| article.id.to_string()),
        "id" => topic().and_then(|topic| Some(topic.phrase_id(topic.phrases.first()?))),
        "q" => Some("late delivery".to_owned()),
        "limit" => Some("3".to_owned()),
        "n" => Some("1".to_owned()),
        "seed" if path.ends_with("/random") => Some("7".to_owned()),
        _ => None,
    };
    value.unwrap_or_default()
}

/// The path with its fields filled in.
fn address(path: &str, fields: &[Field]) -> String {
    let mut address = path.to_owned();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for field in fields.iter().filter(|field| !field.value.is_empty()) {
        if field.place == "path" {
            address = address.replace(&format!("{{{}}}", field.name), &field.value);
        } else {
            query.append_pair(&field.name, &field.value);
        }
    }
    let query = query.finish();
    if query.is_empty() { address } else { format!("{address}?{query}") }
}

fn shortened(answer: &str) -> String {
    let mut lines: Vec<&str> = answer.lines().take(MOST_LINES + 1).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…");
    }
    lines.join("\n")
}
