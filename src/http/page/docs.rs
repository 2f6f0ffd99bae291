//! The interface for programs, to read and to try: what `/openapi.json` says, with answers from the book in service.
#![expect(clippy::indexing_slicing, reason = "an index into a JSON value gives null for what is not there")]

use std::fmt::Write as _;

use askama::Template;
use serde_json::Value as Json;

use super::{Frame, Visit, render};
use crate::{
    http::{api, languagetool},
    say::book::Phrasebook,
};

/// Longer answers are shown by their beginning.
const MOST_LINES: usize = 48;

#[derive(Template)]
#[template(path = "docs.html", config = "src/askama.toml")]
struct Docs<'a> {
    frame: Frame,
    version: &'static str,
    origin: &'a str,
    guide: &'a Guide,
}

/// What the document says, with answers of a book.
pub struct Guide {
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
    fields: Vec<ParameterField>,
    /// Whether slots may be given as well.
    slots: bool,
    /// An address that answers.
    example: String,
    answer: Option<String>,
}

impl Route {
    /// The fields by where they go.
    fn groups(&self) -> Vec<(&'static str, Vec<&ParameterField>)> {
        let places = [("path", "In the path"), ("query", "In the query"), ("body", "In the body")];
        let of = |place: &str| self.fields.iter().filter(|field| field.place == place).collect::<Vec<_>>();
        places.map(|(place, name)| (name, of(place))).into_iter().filter(|(_, fields)| !fields.is_empty()).collect()
    }

    /// The example for a terminal, with what is sent to it.
    fn curl(&self, origin: &str) -> String {
        let mut curl = "curl".to_owned();
        for (name, value) in given(&self.fields) {
            let _ = write!(curl, " --data-urlencode '{name}={value}'");
        }
        curl + &format!(" '{origin}{}'", self.example)
    }
}

/// A parameter.
struct ParameterField {
    name: String,
    place: String,
    required: bool,
    about: String,
    /// `number`, `true or false`, or the words it may be.
    kind: String,
    /// What the example has there.
    value: String,
}

/// The page.
pub(in crate::http) fn page(guide: &Guide, visit: &Visit) -> String {
    render(&Docs {
        frame: Frame::new("The API", "Every route with its parameters, an example and its answer.", "/docs"),
        version: env!("CARGO_PKG_VERSION"),
        origin: &visit.origin,
        guide,
    })
}

/// What the page shows of a book.
pub(in crate::http) fn guide(book: &Phrasebook) -> Guide {
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
    Guide {
        statuses: statuses.map(|(status, response)| (status.clone(), text(&response["description"]))).collect(),
        routes,
        slots,
    }
}

fn versioned(path: &str) -> String {
    if path == "/" { "/v1".to_owned() } else { format!("/v1{path}") }
}

fn route(book: &Phrasebook, document: &Json, path: &str, method: &str, operation: &Json) -> Route {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let fields = fields(book, document, path, operation);
    let address = address(path, &fields);
    let answer = match path {
        "/v1/check" if method == "post" => api::check::example(book, &body(&fields)),
        "/v2/check" => languagetool::example(book, &body(&fields)),
        _ => api::example(book, &address),
    };
    Route {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        summary: text(&operation["summary"]),
        about: text(&operation["description"]),
        slots: parameters(operation).any(|parameter| is_slot(book, parameter)),
        answer: answer.map(|answer| shortened(&answer)),
        path: path.to_owned(),
        fields,
        example: address,
    }
}

fn parameters(operation: &Json) -> impl Iterator<Item = &Json> {
    operation["parameters"].as_array().into_iter().flatten()
}

/// A part of the path may be called as a slot is, and is none.
fn is_slot(book: &Phrasebook, parameter: &Json) -> bool {
    parameter["in"] == "query" && parameter["name"].as_str().is_some_and(|name| book.has_slot(name))
}

/// What a route takes: its parameters but for the slots, and the fields of its form. What may be given in both is there
/// once.
fn fields(book: &Phrasebook, document: &Json, path: &str, operation: &Json) -> Vec<ParameterField> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let field = |name: &Json, place: String, required: bool, about: &Json, schema: &Json| ParameterField {
        name: text(name),
        place,
        required,
        about: text(about),
        kind: kind(document, schema),
        value: example(book, path, name),
    };
    let of_address = parameters(operation).filter(|parameter| !is_slot(book, parameter)).map(|parameter| {
        let required = parameter["required"].as_bool().unwrap_or_default();
        field(&parameter["name"], text(&parameter["in"]), required, &parameter["description"], &parameter["schema"])
    });
    let mut fields: Vec<ParameterField> = of_address.collect();
    let form = resolved(document, &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]);
    for (name, schema) in form["properties"].as_object().into_iter().flatten() {
        let required = form["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        if !fields.iter().any(|known| known.name == *name) {
            fields.push(field(&name.as_str().into(), "body".to_owned(), required, &schema["description"], schema));
        }
    }
    fields.sort_by_key(|field| !field.required);
    fields
}

fn resolved<'d>(document: &'d Json, schema: &'d Json) -> &'d Json {
    let pointer = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

fn kind(document: &Json, schema: &Json) -> String {
    let schema = resolved(document, schema.pointer("/anyOf/0").unwrap_or(schema));
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Json::as_str).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
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
        "text" => Some("It was just a small delay.".to_owned()),
        "language" => Some("en-US".to_owned()),
        "limit" => Some("3".to_owned()),
        "n" => Some("1".to_owned()),
        "seed" if path.ends_with("/random") => Some("7".to_owned()),
        _ => None,
    };
    value.unwrap_or_default()
}

/// The path with its fields filled in.
fn address(path: &str, fields: &[ParameterField]) -> String {
    let mut address = path.to_owned();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for field in fields.iter().filter(|field| !field.value.is_empty()) {
        match field.place.as_str() {
            "path" => address = address.replace(&format!("{{{}}}", field.name), &field.value),
            "query" => {
                query.append_pair(&field.name, &field.value);
            }
            _ => {}
        }
    }
    let query = query.finish();
    if query.is_empty() { address } else { format!("{address}?{query}") }
}

/// What is sent along.
fn given(fields: &[ParameterField]) -> impl Iterator<Item = (&str, &str)> {
    let fields = fields.iter().filter(|field| field.place == "body" && !field.value.is_empty());
    fields.map(|field| (&*field.name, &*field.value))
}

fn body(fields: &[ParameterField]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(given(fields)).finish()
}

fn shortened(answer: &str) -> String {
    let mut lines: Vec<&str> = answer.lines().take(MOST_LINES + 1).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…");
    }
    lines.join("\n")
}
