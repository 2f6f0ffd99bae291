//! `POST /v2/check` and `GET /v2/languages`: the review of a draft in the shape of LanguageTool's HTTP interface, so that
//! editors that accept a server of one's own underline what would hurt.
//!
//! Offsets are in UTF-16 code units there, as they are in LanguageTool itself (Java) and in most of its clients. Rule ids
//! that are not ours are passed over: clients send those of LanguageTool.

use actix_web::{
    HttpRequest, HttpResponse,
    http::ConnectionType,
    web::{self, Data, Payload, ServiceConfig},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Service, access, body,
    metrics::REST,
    problem::Problem,
    reply::{self, Caching},
    wants::Wants,
};
use crate::say::{
    book::{Phrasebook, Severity},
    check::{Choice, Finding, LONGEST, review},
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

/// How many characters of the draft are shown on either side of a finding.
const AROUND: usize = 40;

/// The two paths.
pub fn routes(config: &mut ServiceConfig) {
    let not = |allow| move || async move { reply::private(reply::problem(&Problem::Method(allow), Wants::Text)) };
    config
        .service(web::resource("/v2/check").route(web::post().to(check)).default_service(web::to(not("POST"))))
        .service(web::resource("/v2/languages").route(web::get().to(languages)).default_service(web::to(not("GET"))));
}

async fn languages(request: HttpRequest) -> HttpResponse {
    access::note(&request, REST, "check");
    let list: Vec<Value> =
        LANGUAGES.iter().map(|(name, code)| json!({ "name": name, "code": "en", "longCode": code })).collect();
    reply::json(Value::from(list).to_string(), &Caching::Never, request.headers())
}

async fn check(request: HttpRequest, payload: Payload, service: Data<Service>) -> HttpResponse {
    access::note(&request, REST, "check");
    let body = body::read(payload, request.headers()).await;
    let broken = body.is_err();
    let answered = body.and_then(|body| {
        let asked = Asked::read(&body)?;
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
    reply::private(response)
}

/// What `language` may be.
pub fn codes() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(_, code)| *code).chain(["auto"])
}

/// What `/v2/check` answers to this form, laid out for reading; `None` where it would refuse.
#[must_use]
pub fn example(book: &Phrasebook, form: &str) -> Option<String> {
    let asked = Asked::read(form.as_bytes()).ok()?;
    serde_json::to_string_pretty(&answer(book, &asked)).ok()
}

/// What a client asks.
struct Asked {
    draft: String,
    language: (&'static str, &'static str),
    choice: Choice,
}

/// A text with its markup apart, as editors of HTML and Markdown send it.
#[derive(Deserialize)]
struct Annotated {
    annotation: Vec<Piece>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Piece {
    text: Option<String>,
    markup: Option<String>,
    interpret_as: Option<String>,
}

impl Asked {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let wrong = |what: &str| Problem::Parameter(format!("Error: {what}"), Vec::new());
        let body = std::str::from_utf8(body).map_err(|_| Problem::Unreadable)?;
        let (mut draft, mut language, mut off, mut only, mut enabled_only) =
            (None, None, Vec::new(), Vec::new(), false);
        let names = |list: &str| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            match &*name {
                "text" => draft = Some(value.into_owned()),
                "data" => {
                    let data = serde_json::from_str(&value)
                        .map_err(|_| wrong("`data` is to hold `annotation`, a list of `text` and `markup`."))?;
                    draft = Some(blank_markup(data));
                }
                "language" => language = Some(value.into_owned()),
                "disabledRules" => off = names(&value),
                "enabledRules" => only = names(&value),
                "enabledOnly" => enabled_only = matches!(&*value, "true" | "yes"),
                _ => {}
            }
        }
        let draft = draft.ok_or_else(|| wrong("`text` or `data` is wanted."))?;
        if draft.chars().count() > LONGEST {
            return Err(Problem::TooMuch(LONGEST));
        }
        let language = language.ok_or_else(|| wrong("`language` is wanted, such as en-US or auto."))?;
        let code = if language == "auto" { "en-US" } else { &language };
        let known = LANGUAGES.iter().find(|(_, known)| known.eq_ignore_ascii_case(code));
        let language =
            known.copied().ok_or_else(|| wrong("this language is not known here; en, en-US and en-GB are."))?;
        let only = if enabled_only { only } else { Vec::new() };
        Ok(Self { draft, language, choice: Choice::of(off, only) })
    }
}

/// The text with blanks in place of markup, so that every offset stays; a markup that stands for a line's end is one.
fn blank_markup(data: Annotated) -> String {
    let mut draft = String::new();
    for Piece { text, markup, interpret_as } in data.annotation {
        draft.push_str(&text.unwrap_or_default());
        let blank = if interpret_as.is_some_and(|meant| meant.contains('\n')) { '\n' } else { ' ' };
        draft.extend(std::iter::repeat_n(blank, units(&markup.unwrap_or_default())));
    }
    draft
}

fn answer(book: &Phrasebook, asked: &Asked) -> Value {
    let review = review(book, &asked.draft, &asked.choice);
    let mut offset = Offset { draft: &asked.draft, byte: 0, unit: 0 };
    let matches: Vec<Value> =
        review.findings.iter().map(|finding| found(finding, &asked.draft, offset.upto(finding.at.start))).collect();
    let (name, code) = asked.language;
    json!({
        "software": {
            "name": "Saywell", "version": env!("CARGO_PKG_VERSION"), "buildDate": "", "apiVersion": 1, "premium": false, "status": "",
        },
        "warnings": { "incompleteResults": review.total > review.findings.len() },
        "language": {
            "name": name, "code": code,
            "detectedLanguage": { "name": name, "code": code, "confidence": 1.0, "source": "saywell" },
        },
        "matches": matches,
    })
}

fn found(finding: &Finding<'_>, draft: &str, offset: usize) -> Value {
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
        "offset": offset,
        "length": length,
        "context": { "text": context, "offset": units(draft.get(start..at.start).unwrap_or_default()), "length": length },
        "sentence": draft.get(line..line_end).unwrap_or_default().trim(),
        "type": { "typeName": if rule.severity == Severity::Suggestion { "Hint" } else { "Other" } },
        "rule": {
            "id": rule.id, "description": rule.name, "issueType": "style",
            "category": { "id": "SAYWELL", "name": "What would hurt" },
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
