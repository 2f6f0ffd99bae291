//! `POST /mcp`: assistants, by the Model Context Protocol. Here are only the pipe and its rules; `crate::mcp` answers.
//!
//! A page that some browser has open must not reach a service on the reader's own machine by a name that it controls, so
//! that what has an `Origin` is answered only where it is a page of that machine, or one that the admin lists.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        ConnectionType, Method, StatusCode,
        header::{CONTENT_TYPE, HeaderMap, X_CONTENT_TYPE_OPTIONS},
    },
    web::{self, Data, Payload, ServiceConfig},
};

use super::{
    Service, access, body,
    metrics::{MCP, Reason},
    problem::Problem,
    reply::{self, Caching},
    wants::Wants,
};
use crate::mcp::{Head, Taken, refusal, reply as answer};

const METHODS: &str = "POST, OPTIONS";

/// The path.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/mcp").to(take));
}

async fn take(request: HttpRequest, payload: Payload, service: Data<Service>) -> HttpResponse {
    access::note(&request, MCP, "other");
    let headers = request.headers();
    if !service.reviewers.welcome(headers) {
        access::note_reason(&request, Reason::Unproved);
        let said = refusal("Pages of this origin are not answered; SAYWELL_CORS lists those that are.");
        return reply::private(send(StatusCode::FORBIDDEN, said, headers));
    }
    let response = match *request.method() {
        Method::POST => post(&request, payload, &service).await,
        Method::OPTIONS => return service.reviewers.preflight(METHODS, headers),
        _ => reply::problem(&Problem::Method(METHODS), Wants::Text),
    };
    service.reviewers.open(reply::private(response), headers)
}

async fn post(request: &HttpRequest, payload: Payload, service: &Service) -> HttpResponse {
    let headers = request.headers();
    if !is_json(headers) {
        return failed(&Problem::UnsupportedType("application/json"), headers);
    }
    let body = match body::read(payload, headers).await {
        Ok(body) => body,
        Err(problem) => return failed(&problem, headers),
    };
    let book = service.shelf.book();
    let reply = answer(&book, &body, Some(&head(headers)), fastrand::u64(..));
    access::note(request, MCP, reply.door);
    match reply.topic {
        Some(topic) => access::note_topic(request, topic),
        None if !reply.found => service.metrics.empty_searches.inc(),
        None => {}
    }
    let status = match reply.taken {
        Taken::Answered => StatusCode::OK,
        Taken::Noted => StatusCode::ACCEPTED,
        Taken::Malformed => StatusCode::BAD_REQUEST,
        Taken::Unknown => StatusCode::NOT_FOUND,
    };
    match reply.body {
        Some(body) => send(status, body, headers),
        None => HttpResponse::build(status).insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff")).finish(),
    }
}

/// A body that was not read. What is left of it is not worth reading.
fn failed(problem: &Problem, headers: &HeaderMap) -> HttpResponse {
    let mut response = send(problem.status(), refusal(&problem.detail()), headers);
    response.head_mut().set_connection_type(ConnectionType::Close);
    response
}

fn send(status: StatusCode, body: String, headers: &HeaderMap) -> HttpResponse {
    let mut response = reply::json(body, &Caching::Never, headers);
    *response.status_mut() = status;
    response
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// What the headers say of the message. One that is no text says nothing that the message could say.
fn head(headers: &HeaderMap) -> Head<'_> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    Head { version: text("mcp-protocol-version"), method: text("mcp-method"), name: text("mcp-name") }
}
