//! The resources that are read: `GET` and `HEAD` of commands, topics, phrases, searches and sources, at the root for
//! people (text by default) and under `/v1` for programs (JSON by default).
//!
//! One handler takes them all. The paths are matched here rather than by the framework's routes, since a path may carry
//! a suffix, since commands are data, and since the framework would try a regular expression a route in turn.

pub(crate) mod check;
pub(crate) mod content;
mod openapi;
pub(super) mod query;
mod resources;

use std::{borrow::Cow, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    web::{Data, Payload},
};

use super::{
    Service, access, browser,
    metrics::REST,
    path::outside,
    problem::Problem,
    reply::{self, Caching},
    wants::Wants,
};
use crate::{json, say::book::Phrasebook};
use content::Content;

pub(crate) use openapi::document;

/// Methods of everything that is read.
const READ: &str = "GET, HEAD, OPTIONS";

/// Methods of `/check`, which also takes a draft.
const CHECK: &str = "GET, HEAD, POST, OPTIONS";

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Resource<'a> {
    Index,
    Command(Cow<'a, str>),
    Topic(Cow<'a, str>, Cow<'a, str>),
    Phrase(Cow<'a, str>),
    Search,
    /// Any phrase, or any of a command.
    Random(Option<Cow<'a, str>>),
    /// How to use a command, or the service.
    Help(Option<Cow<'a, str>>),
    Sources,
    Source(Cow<'a, str>),
    Check,
}

impl Resource<'_> {
    /// Its name in metrics, one of [`super::metrics::DOORS`].
    fn door(&self) -> &'static str {
        match self {
            Self::Index | Self::Help(None) => "index",
            Self::Command(_) | Self::Help(Some(_)) => "command",
            Self::Topic(..) => "topic",
            Self::Phrase(_) => "phrase",
            Self::Search => "search",
            Self::Random(_) => "random",
            Self::Sources | Self::Source(_) => "sources",
            Self::Check => "check",
        }
    }
}

/// A path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target<'a> {
    resource: Resource<'a>,
    /// Under `/v1`, where JSON is the default.
    versioned: bool,
    suffix: Option<Wants>,
}

impl<'a> Target<'a> {
    fn read(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let (versioned, path) = match path.strip_prefix("v1") {
            Some("") => (true, ""),
            Some(rest) if rest.starts_with('/') => (true, rest.get(1..)?),
            _ => (false, path),
        };
        let (path, suffix) = match path.rsplit_once('.') {
            Some((stem, suffix)) if Wants::ALL.iter().any(|wants| wants.name().eq_ignore_ascii_case(suffix)) => {
                (stem, Wants::named(suffix))
            }
            _ => (path, None),
        };
        let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
        let mut segments = path.split('/');
        let decode = |segment: &'a str| percent_encoding::percent_decode_str(segment).decode_utf8().ok();
        let resource = match (segments.next()?, segments.next(), segments.next()) {
            ("" | "index", None, None) => Resource::Index,
            ("search", None, None) => Resource::Search,
            ("random", None, None) => Resource::Random(None),
            ("help", None, None) => Resource::Help(None),
            ("sources", None, None) => Resource::Sources,
            ("check", None, None) => Resource::Check,
            ("sources", Some(id), None) => Resource::Source(decode(id)?),
            ("phrases", Some(id), None) => Resource::Phrase(decode(id)?),
            (command, None, None) => Resource::Command(decode(command)?),
            // No topic is called so, since these are words that may be typed after a command.
            (command, Some(word), None) if word.eq_ignore_ascii_case("random") => {
                Resource::Random(Some(decode(command)?))
            }
            (command, Some(word), None) if word.eq_ignore_ascii_case("help") => Resource::Help(Some(decode(command)?)),
            (command, Some(topic), None) => Resource::Topic(decode(command)?, decode(topic)?),
            _ => return None,
        };
        Some(Self { resource, versioned, suffix })
    }

    fn default(&self) -> Wants {
        if self.versioned { Wants::Json } else { Wants::Text }
    }

    fn methods(&self) -> &'static str {
        if self.resource == Resource::Check { CHECK } else { READ }
    }

    /// The representation that is asked for: by `format=`, or else by a suffix, or else by `Accept`.
    fn wants(&self, query: &mut query::Query<'_>, accepted: Option<Wants>) -> Result<Wants, Problem> {
        match (query.text("format"), self.suffix) {
            (Some(format), _) => Wants::named(&format).ok_or_else(|| {
                Problem::Parameter("The parameter `format` is `txt`, `json` or `html`.".into(), Vec::new())
            }),
            (None, Some(suffix)) => Ok(suffix),
            (None, None) => accepted.ok_or(Problem::NotAcceptable),
        }
    }
}

/// Answers everything that no other route takes.
pub(crate) async fn read(request: HttpRequest, payload: Payload, service: Data<Service>) -> HttpResponse {
    let target = Target::read(request.path());
    let default = target.as_ref().map_or(Wants::Text, Target::default);
    let accepted = Wants::accepted(request.headers(), default);
    // An error is always shown, in the default form if need be.
    let fallback = target.as_ref().and_then(|target| target.suffix).or(accepted).unwrap_or(default);
    if request.method() == Method::OPTIONS {
        // A browser that asks for `/check` wants to send a draft; everything else is open to all.
        return match target.as_ref().filter(|target| target.resource == Resource::Check) {
            Some(target) if asks_to_post(&request) => service.reviewers.preflight(target.methods(), request.headers()),
            Some(target) => reply::preflight(target.methods(), READ),
            None => reply::preflight(READ, READ),
        };
    }
    access::note(&request, REST, target.as_ref().map_or("other", |target| target.resource.door()));
    let client = service.client(&request);
    if let Some(target) = target.as_ref().filter(|target| target.resource == Resource::Check)
        && request.method() == Method::POST
    {
        return check::post(&request, payload, &service, target, accepted, fallback).await;
    }
    let book = service.shelf.book();
    let Some(target) = target else {
        let what = format!("There is nothing at this address; {} says what there is.", outside("/"));
        return reply::problem(&Problem::NotFound(what, Vec::new()), fallback);
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let exists = !matches!(resources::exists(&book, &target.resource), Err(Problem::NotFound(..)));
        let problem = if exists {
            Problem::Method(target.methods())
        } else {
            Problem::NotFound("There is nothing at this address.".into(), Vec::new())
        };
        return reply::problem(&problem, fallback);
    }
    let mut person = |line: &resources::Shown<'_>| {
        let Some(client) = client else { return false };
        let (now, recent) = (Instant::now(), &service.recent);
        let key = recent.key(client, &line.topic.command, &line.topic.id);
        recent.again(key, line.place, now)
    };
    match found(&service, &book, &request, &target, accepted, &mut person) {
        Ok(found) => found,
        Err((problem, wants)) => reply::problem(&problem, wants.unwrap_or(fallback)),
    }
}

/// Whether a browser asks for leave to send something (CORS).
fn asks_to_post(request: &HttpRequest) -> bool {
    request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).is_some_and(|method| method == "POST")
}

fn found(
    service: &Service,
    book: &Phrasebook,
    request: &HttpRequest,
    target: &Target<'_>,
    accepted: Option<Wants>,
    again: &mut dyn FnMut(&resources::Shown<'_>) -> bool,
) -> Result<HttpResponse, (Problem, Option<Wants>)> {
    let mut query = query::Query::read(request.query_string()).map_err(|problem| (problem, None))?;
    let wants = target.wants(&mut query, accepted).map_err(|problem| (problem, None))?;
    let shown = Some(wants);
    let resource = resources::read(book, &target.resource, query, wants, again).map_err(|problem| (problem, shown))?;
    match (&resource.content, resource.topic) {
        (_, Some(topic)) => access::note_topic(request, topic),
        (Content::Search(search), _) if search.total == 0 && !search.asked.words.is_empty() => {
            service.metrics.empty_searches.inc();
        }
        _ => {}
    }
    let visit = (wants == Wants::Html).then(|| browser::visit(request.headers()));
    let state = visit.as_ref().map_or(book.hash, |visit| book.hash ^ visit.edition());
    let caching =
        if resource.random { Caching::Never } else { Caching::Tagged(reply::tag(state, wants, request.uri())) };
    if let Caching::Tagged(tag) = &caching
        && reply::matches(request.headers(), tag)
    {
        return Ok(reply::not_modified(tag));
    }
    let body = match (visit, wants) {
        (Some(visit), _) => super::page::content(book, &resource.content, &visit).into_bytes(),
        (None, Wants::Json) => json::to_vec(&resource.content).unwrap_or_default(),
        (None, _) => resource.content.text(resource.why).into_bytes(),
    };
    let mut response = reply::content(body, wants, &caching, request.headers());
    if wants == Wants::Text {
        resource.content.notes().iter().for_each(|note| reply::add_note(&mut response, note));
    }
    if let Some(location) = resource.location
        && let Ok(location) = header::HeaderValue::from_str(&outside(&location))
    {
        response.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    Ok(response)
}

/// What an address answers in JSON, laid out for reading; `None` where it is no resource.
#[must_use]
pub(crate) fn example(book: &Phrasebook, address: &str) -> Option<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let target = Target::read(path)?;
    let query = query::Query::read(query).ok()?;
    let found = resources::read(book, &target.resource, query, Wants::Json, &mut |_| false).ok()?;
    serde_json::to_string_pretty(&found.content).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_resources() {
        let check = |path, resource, versioned, suffix| {
            assert_eq!(Target::read(path), Some(Target { resource, versioned, suffix }), "{path}");
        };
        check("/", Resource::Index, false, None);
        check("/v1", Resource::Index, true, None);
        check("/v1/", Resource::Index, true, None);
        check("/recover", Resource::Command("recover".into()), false, None);
        check("/recover/", Resource::Command("recover".into()), false, None);
        check("/recover/billing.json", Resource::Topic("recover".into(), "billing".into()), false, Some(Wants::Json));
        check("/v1/recover/not%20our%20fault", Resource::Topic("recover".into(), "not our fault".into()), true, None);
        check("/phrases/recover.billing.hoped-for", Resource::Phrase("recover.billing.hoped-for".into()), false, None);
        check(
            "/phrases/recover.billing.hoped-for.txt",
            Resource::Phrase("recover.billing.hoped-for".into()),
            false,
            Some(Wants::Text),
        );
        check("/search.html", Resource::Search, false, Some(Wants::Html));
        check("/v1/sources/power-up", Resource::Source("power-up".into()), true, None);
        check("/v1x", Resource::Command("v1x".into()), false, None);
        check("/recover/Random.json", Resource::Random(Some("recover".into())), false, Some(Wants::Json));
        check("/v1/recover/help", Resource::Help(Some("recover".into())), true, None);
        check("/help", Resource::Help(None), false, None);
        assert_eq!(Target::read("/a/b/c"), None);
        assert_eq!(Target::read("/recover/%ff"), None);
    }
}
