//! `POST /check`: a draft in, its review out. The draft is never in the address, where proxies would log it, and is
//! neither kept nor logged.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{ConnectionType, StatusCode, header::CONTENT_TYPE},
    web::Payload,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Target,
    query::{Query, readable},
};
use crate::{
    http::{
        Service, body, page,
        problem::Problem,
        reply::{self, Caching},
        wants::Wants,
    },
    json,
    say::{
        book::Phrasebook,
        check::{LONGEST, Options, Unknown},
    },
    view::{ReviewView, shown},
};

/// What a draft may come as.
const KINDS: &str = "text/plain, application/json or application/x-www-form-urlencoded, in UTF-8";

/// A draft to be reviewed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    /// The words, at most 20,000 characters.
    pub text: String,
    /// Rules to leave out (`-you-first,-blame`), or the only ones to use (`blame`).
    #[serde(default)]
    pub rules: String,
    /// A school whose advice is wanted too: `thanks`.
    #[serde(default)]
    pub school: String,
    /// Whether the draft is about a problem, `yes` or `no`; left out, its words say so.
    #[serde(default)]
    pub problem: String,
}

/// Answers a draft.
pub(super) async fn post(
    request: &HttpRequest,
    payload: Payload,
    service: &Service,
    target: &Target<'_>,
    accepted: Option<Wants>,
    fallback: Wants,
) -> HttpResponse {
    let body = body::read(payload, request.headers()).await;
    let broken = body.is_err();
    let answered =
        body.map_err(|problem| (problem, None)).and_then(|body| answer(request, &body, service, target, accepted));
    let mut response = answered.unwrap_or_else(|(problem, wants)| reply::problem(&problem, wants.unwrap_or(fallback)));
    if broken {
        // What is left of the body is not worth reading.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    service.reviewers.open(reply::private(response), request.headers())
}

fn answer(
    request: &HttpRequest,
    body: &[u8],
    service: &Service,
    target: &Target<'_>,
    accepted: Option<Wants>,
) -> Result<HttpResponse, (Problem, Option<Wants>)> {
    let mut query = Query::read(request.query_string()).map_err(|problem| (problem, None))?;
    let wants = target.wants(&mut query, accepted).map_err(|problem| (problem, None))?;
    let read = || {
        let (rules, school, problem) = (query.text("rules"), query.text("school"), query.text("problem"));
        query.finish(&[])?;
        if body.is_empty() && !request.headers().contains_key(CONTENT_TYPE) {
            return Err(Problem::Parameter("A draft is wanted, as the body of the request.".into(), Vec::new()));
        }
        let draft = draft(content_type(request), body)?;
        let book = service.shelf.book();
        // What is wrong in the address is wrong even where the body has it better.
        Options::read(&book.check, rules.as_deref(), school.as_deref()).map_err(unknown)?;
        let given = |own: &str, other| Some(own.to_owned()).filter(|own| !own.is_empty()).or(other);
        let rules = given(&draft.rules, rules.map(Cow::into_owned));
        let school = given(&draft.school, school.map(Cow::into_owned));
        let mut options = Options::read(&book.check, rules.as_deref(), school.as_deref()).map_err(unknown)?;
        if let Some(is_about) = given(&draft.problem, problem.map(Cow::into_owned)).and_then(|word| yes(&word)) {
            options = options.about_a_problem(is_about);
        }
        let (body, status) = written(&book, &draft.text, &options, wants)?;
        let mut response = reply::content(body, wants, &Caching::Never, request.headers());
        *response.status_mut() = status;
        Ok(response)
    };
    read().map_err(|problem| (problem, Some(wants)))
}

/// The review, written out. On a page even a draft that is too long comes back, so that nobody loses it.
fn written(book: &Phrasebook, draft: &str, options: &Options, wants: Wants) -> Result<(Vec<u8>, StatusCode), Problem> {
    let too_long = Problem::TooMuch(LONGEST);
    match wants {
        _ if draft.chars().count() <= LONGEST => {}
        Wants::Html => return Ok((page::check::too_long(book, draft, options).into_bytes(), too_long.status())),
        _ => return Err(too_long),
    }
    let view = ReviewView::new(book.review(draft, options));
    let body = match wants {
        Wants::Text => view.text().into_bytes(),
        Wants::Json => json::to_vec(&view).unwrap_or_default(),
        Wants::Html => page::check::reviewed(book, draft, options, &view).into_bytes(),
    };
    Ok((body, StatusCode::OK))
}

/// What `/check` answers to this form in JSON, laid out for reading; `None` where it would refuse.
#[must_use]
pub(crate) fn example(book: &Phrasebook, form_body: &str) -> Option<String> {
    let draft = form(form_body).ok()?;
    serde_json::to_string_pretty(&ReviewView::new(book.review(&draft.text, &Options::default()))).ok()
}

/// The type of a body: what it is, and its character set.
fn content_type(request: &HttpRequest) -> (String, Option<String>) {
    let field = request.headers().get(CONTENT_TYPE).and_then(|field| field.to_str().ok()).unwrap_or("text/plain");
    let mut parts = field.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim_matches('"').to_ascii_lowercase());
    (kind, charset)
}

/// The draft that a body holds.
fn draft((kind, charset): (String, Option<String>), body: &[u8]) -> Result<Draft, Problem> {
    if charset.is_some_and(|charset| !matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii")) {
        return Err(Problem::UnsupportedType(KINDS));
    }
    let text = || std::str::from_utf8(body).map_err(|_| no_text());
    match kind.as_str() {
        "text/plain" | "text/markdown" => Ok(Draft { text: text()?.to_owned(), ..Draft::default() }),
        "application/json" => {
            let wanted = "The body is to be an object such as {\"text\": \"…\"}, with `rules`, `school` and `problem` if wanted.";
            // Some editors begin a file with a byte order mark.
            serde_json::from_str(text()?.trim_start_matches('\u{feff}'))
                .map_err(|_| Problem::Parameter(wanted.into(), Vec::new()))
        }
        // `curl -d 'a draft'` says that it sends a form; a form has a sign of equality.
        "application/x-www-form-urlencoded" if !body.contains(&b'=') => {
            Ok(Draft { text: text()?.to_owned(), ..Draft::default() })
        }
        "application/x-www-form-urlencoded" => form(text()?),
        _ => Err(Problem::UnsupportedType(KINDS)),
    }
}

/// A body that is no text.
pub(in crate::http) fn no_text() -> Problem {
    Problem::Parameter("The body is no UTF-8; send the draft in that encoding.".into(), Vec::new())
}

/// A form, as our page sends it: a field `rules` for each rule that is left out, lines that end in two characters.
fn form(body: &str) -> Result<Draft, Problem> {
    let [mut text, mut school, mut problem] = [const { None }; 3];
    let mut rules = Vec::new();
    readable(body)?;
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let field = match &*name {
            "text" => &mut text,
            "rules" => {
                rules.push(value);
                continue;
            }
            "school" => &mut school,
            "problem" => &mut problem,
            // The name may be part of a draft that was not meant as a form, so it is not repeated.
            _ => {
                let what = "The form has a field that is not known; a draft by itself is sent as text/plain.";
                return Err(Problem::Parameter(
                    what.into(),
                    ["text", "rules", "school", "problem"].map(str::to_owned).to_vec(),
                ));
            }
        };
        if field.replace(value.replace("\r\n", "\n")).is_some() {
            return Err(Problem::Parameter(format!("The field `{name}` is given twice."), Vec::new()));
        }
    }
    let text = text.ok_or_else(|| Problem::Parameter("The field `text` is wanted.".into(), Vec::new()))?;
    let (school, problem) = (school.unwrap_or_default(), problem.unwrap_or_default());
    Ok(Draft { text, rules: rules.join(","), school, problem })
}

/// What `problem=` says, if anything.
fn yes(word: &str) -> Option<bool> {
    match word {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn unknown(unknown: Unknown) -> Problem {
    Problem::Parameter(format!("There is no rule or school `{}`.", shown(&unknown.name)), unknown.known)
}
