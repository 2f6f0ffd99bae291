//! `POST /v2/check` and what clients ask beside it: the review of a draft in the shape of LanguageTool's HTTP interface, so that
//! editors that accept a server of one's own underline what would hurt.
//!
//! Offsets are in UTF-16 code units there, as they are in LanguageTool itself (Java) and in most of its clients. Rule ids
//! that are not ours are passed over: clients send those of LanguageTool.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{ConnectionType, Method},
    web::{self, Data, Payload, ServiceConfig},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Service, access,
    api::{check::no_text, query::readable},
    body,
    metrics::REST,
    problem::Problem,
    reply::{self, Caching},
    wants::Wants,
};
use crate::say::{
    book::{Phrasebook, Severity},
    check::{Finding, LONGEST, Options},
};

/// The languages that are answered for: English, wherever it is spoken.
const LANGUAGES: [(&str, &str); 7] = [
    ("English", "en"),
    ("English (US)", "en-US"),
    ("English (GB)", "en-GB"),
    ("English (Canada)", "en-CA"),
    ("English (Australia)", "en-AU"),
    ("English (New Zealand)", "en-NZ"),
    ("English (South Africa)", "en-ZA"),
];

/// The category of all of our rules.
const CATEGORY: &str = "SAYWELL";

const READ: &str = "GET, HEAD, OPTIONS";

/// How many characters of the draft are shown on either side of a finding.
const AROUND: usize = 40;

/// The paths.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v2/check").to(check))
        .service(web::resource("/v2/languages").to(languages))
        .service(web::resource("/v2/maxtextlength").to(max_text_length))
        .service(web::resource("/v2/info").to(info))
        .service(web::resource("/v2/configinfo").to(config_info))
        .service(web::resource("/v2/healthcheck").to(healthcheck));
}

async fn languages(request: HttpRequest) -> HttpResponse {
    let list = LANGUAGES.iter().map(|(name, code)| json!({ "name": name, "code": "en", "longCode": code }));
    told(&request, Wants::Json, &Value::from(list.collect::<Vec<_>>()).to_string())
}

async fn max_text_length(request: HttpRequest) -> HttpResponse {
    told(&request, Wants::Text, &LONGEST.to_string())
}

async fn info(request: HttpRequest) -> HttpResponse {
    told(&request, Wants::Json, &json!({ "software": software() }).to_string())
}

async fn config_info(request: HttpRequest) -> HttpResponse {
    let parameter = json!({ "maxTextLength": LONGEST, "maxTextHardLength": LONGEST });
    told(&request, Wants::Json, &json!({ "software": software(), "parameter": parameter }).to_string())
}

async fn healthcheck(request: HttpRequest) -> HttpResponse {
    told(&request, Wants::Text, "OK")
}

/// What is the same for everybody.
fn told(request: &HttpRequest, wants: Wants, body: &str) -> HttpResponse {
    access::note(request, REST, "check");
    match *request.method() {
        Method::GET | Method::HEAD => reply::content(body.to_owned(), wants, &Caching::Never, request.headers()),
        Method::OPTIONS => reply::preflight(READ, READ),
        _ => reply::problem(&Problem::Method(READ), Wants::Text),
    }
}

async fn check(request: HttpRequest, payload: Payload, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "check");
    match *request.method() {
        Method::POST => {}
        Method::OPTIONS => return service.reviewers.preflight("POST, OPTIONS", request.headers()),
        _ => return reply::private(reply::problem(&Problem::Method("POST, OPTIONS"), Wants::Text)),
    }
    let body = body::read(payload, request.headers()).await;
    let broken = body.is_err();
    let answered = body.and_then(|body| {
        let asked = Asked::read(request.query_string().as_bytes(), &body)?;
        let book = service.shelf.book();
        Ok(answer(&book, &asked).to_string())
    });
    let mut response = match answered {
        Ok(body) => reply::json(body, &Caching::Never, request.headers()),
        Err(problem) => reply::problem(&problem, Wants::Text),
    };
    if broken {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    service.reviewers.open(reply::private(response), request.headers())
}

/// What `language` may be.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(_, code)| *code).chain(["auto"])
}

/// What `/v2/check` answers to this form, laid out for reading; `None` where it would refuse.
#[must_use]
pub(crate) fn example(book: &Phrasebook, form: &str) -> Option<String> {
    let asked = Asked::read(&[], form.as_bytes()).ok()?;
    serde_json::to_string_pretty(&answer(book, &asked)).ok()
}

/// What a client asks.
struct Asked {
    draft: String,
    places: Places,
    language: (&'static str, &'static str),
    options: Options,
    /// Whether our one category of rules is wanted.
    wanted: bool,
}

/// What `data` holds: a text, or one with its markup apart, as editors of HTML and Markdown send it.
#[derive(Deserialize)]
struct Document {
    text: Option<String>,
    annotation: Option<Vec<Piece>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Piece {
    text: Option<String>,
    markup: Option<String>,
    interpret_as: Option<String>,
}

impl Asked {
    /// Reads the parameters, wherever they stand; the body goes before the query.
    fn read(query: &[u8], body: &[u8]) -> Result<Self, Problem> {
        let wrong = |what: &str| Problem::Parameter(format!("Error: {what}"), Vec::new());
        let mut given: HashMap<Cow<'_, str>, Cow<'_, str>> = HashMap::new();
        for part in [query, body] {
            readable(std::str::from_utf8(part).map_err(|_| no_text())?)?;
            given.extend(form_urlencoded::parse(part));
        }
        let names = |name: &str| -> Vec<String> {
            let list = given.get(name).map_or("", |list| &**list);
            list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
        };
        let (draft, places) = match (given.get("data"), given.get("text")) {
            (Some(data), _) => {
                let expected = "`data` is to hold `text`, or `annotation`: a list of `text` and `markup`.";
                let data: Document = serde_json::from_str(data).map_err(|_| wrong(expected))?;
                data.read().ok_or_else(|| wrong(expected))?
            }
            (None, Some(text)) => (text.to_string(), Places::default()),
            (None, None) => return Err(wrong("`text` or `data` is wanted.")),
        };
        if draft.chars().count() > LONGEST {
            return Err(Problem::TooMuch(LONGEST));
        }
        let language = given.get("language").ok_or_else(|| wrong("`language` is wanted, such as en-US or auto."))?;
        let code = if language == "auto" { "en-US" } else { language };
        let known = LANGUAGES.iter().find(|(_, known)| known.eq_ignore_ascii_case(code));
        let language =
            known.copied().ok_or_else(|| wrong("this language is not known here; en, en-US and en-GB are."))?;
        let only = matches!(given.get("enabledOnly").map(|only| &**only), Some("true" | "yes"));
        let is_ours = |names: Vec<String>| names.iter().any(|name| name == CATEGORY);
        let by_category = is_ours(names("enabledCategories"));
        // With `enabledOnly` a rule is used if it or its category is named.
        let rules = if only && !by_category { names("enabledRules") } else { Vec::new() };
        let nothing = only && !by_category && rules.is_empty();
        let wanted = !nothing && !is_ours(names("disabledCategories"));
        Ok(Self { draft, places, language, options: Options::of(names("disabledRules"), rules), wanted })
    }
}

impl Document {
    /// What is to be read, and where each piece of it stands in what the client has.
    fn read(self) -> Option<(String, Places)> {
        let Some(pieces) = self.annotation else { return Some((self.text?, Places::default())) };
        let (mut draft, mut places, mut there) = (String::new(), Vec::new(), 0);
        let mut here = 0;
        for Piece { text, markup, interpret_as } in pieces {
            let (read, long, is_text) = match (text, markup) {
                (Some(text), _) => (text.clone(), units(&text), true),
                (None, markup) => (interpret_as.unwrap_or_default(), units(&markup.unwrap_or_default()), false),
            };
            let ends = here + units(&read);
            places.push(Place { here: here..ends, there: there..there + long, is_text });
            draft.push_str(&read);
            (here, there) = (ends, there + long);
        }
        Some((draft, Places(places)))
    }
}

/// Where the pieces of a draft stand in the text that the client has, all in UTF-16 units. None where they are the same.
#[derive(Default)]
struct Places(Vec<Place>);

struct Place {
    here: Range<usize>,
    there: Range<usize>,
    /// Otherwise it is what a markup stands for, which can only be meant as a whole.
    is_text: bool,
}

impl Places {
    fn there(&self, here: Range<usize>) -> Range<usize> {
        let begins = |place: &&Place| place.here.start <= here.start && here.start < place.here.end;
        let ends = |place: &&Place| place.here.start < here.end && here.end <= place.here.end;
        let start = self.0.iter().find(begins).map(|place| {
            let inside = if place.is_text { here.start - place.here.start } else { 0 };
            place.there.start + inside
        });
        let end = self.0.iter().find(ends).map(|place| {
            if place.is_text { place.there.start + (here.end - place.here.start) } else { place.there.end }
        });
        start.unwrap_or(here.start)..end.unwrap_or(here.end)
    }
}

fn software() -> Value {
    json!({
        "name": "Saywell", "version": env!("CARGO_PKG_VERSION"), "buildDate": "", "apiVersion": 1, "premium": false, "status": "",
    })
}

fn answer(book: &Phrasebook, asked: &Asked) -> Value {
    let review = book.review(&asked.draft, &asked.options);
    let mut offset = Offset { draft: &asked.draft, byte: 0, unit: 0 };
    let mut matches = Vec::new();
    for finding in review.findings.iter().filter(|_| asked.wanted) {
        let start = offset.upto(finding.at.start);
        let there = asked.places.there(start..start + units(&finding.words));
        matches.push(found(finding, &asked.draft, &there));
    }
    let (name, code) = asked.language;
    json!({
        "software": software(),
        "warnings": { "incompleteResults": review.total > review.findings.len() },
        "language": {
            "name": name, "code": code,
            "detectedLanguage": { "name": name, "code": code, "confidence": 1.0, "source": "saywell" },
        },
        "matches": matches,
    })
}

fn found(finding: &Finding<'_>, draft: &str, there: &Range<usize>) -> Value {
    let (rule, at) = (finding.rule, &finding.at);
    let (before, after) = (draft.get(..at.start).unwrap_or_default(), draft.get(at.end..).unwrap_or_default());
    let start = before.char_indices().rev().take(AROUND).last().map_or(at.start, |(start, _)| start);
    let end = after.char_indices().nth(AROUND).map_or(draft.len(), |(end, _)| at.end + end);
    let context: String =
        draft.get(start..end).unwrap_or_default().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = after.find('\n').map_or(draft.len(), |newline| at.end + newline);
    let length = units(&finding.words);
    let replacements: Vec<Value> = finding.rewrite.iter().map(|words| json!({ "value": words })).collect();
    json!({
        "message": format!("{} ({})", rule.why, finding.article.author),
        "shortMessage": rule.name,
        "replacements": replacements,
        "offset": there.start,
        "length": there.len(),
        "context": { "text": context, "offset": units(draft.get(start..at.start).unwrap_or_default()), "length": length },
        "sentence": draft.get(line..line_end).unwrap_or_default().trim(),
        "type": { "typeName": if rule.severity == Severity::Suggestion { "Hint" } else { "Other" } },
        "rule": {
            "id": rule.id, "description": rule.name, "issueType": "style",
            "category": { "id": CATEGORY, "name": "What would hurt" },
        },
        "ignoreForIncompleteSentence": false,
        "contextForSureMatch": -1,
    })
}

/// The length of a text in UTF-16 code units.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Counts UTF-16 code units of a draft, from place to place.
struct Offset<'d> {
    draft: &'d str,
    byte: usize,
    unit: usize,
}

impl Offset<'_> {
    fn upto(&mut self, byte: usize) -> usize {
        self.unit += self.draft.get(self.byte..byte).map_or(0, units);
        self.byte = byte.max(self.byte);
        self.unit
    }
}
