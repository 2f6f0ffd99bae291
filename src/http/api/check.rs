//! `POST /check`: a draft in, its review out. The draft is never in the address, where proxies would log it, and is
//! neither kept nor logged.

use std::{borrow::Cow, fmt::Write as _};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{ConnectionType, StatusCode, header::CONTENT_TYPE},
    web::Payload,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Target,
    query::{Query, shown},
    view::{MatterView, SourceRef},
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
        book::{Phrasebook, Severity},
        check::{self, Choice, Finding, LONGEST, Move, Review, Step, Unknown, review},
        words,
    },
};

/// What a draft may come as.
const KINDS: &str = "text/plain, application/json or application/x-www-form-urlencoded, in UTF-8";

/// A draft to be reviewed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
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

/// What there is to say about a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView<'b> {
    /// The grave matter of which the draft speaks: no finding, but to be known first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterView<'b>>,
    /// How many findings there are in all; at most a hundred are listed.
    pub total: usize,
    /// What would hurt, in the order of the draft.
    pub findings: Vec<FindingView<'b>>,
    /// Whether the draft answers a problem; only then are there moves.
    pub problem: bool,
    /// What an answer to a problem does.
    pub moves: Vec<MoveView<'b>>,
    /// All of it in a line.
    pub summary: String,
    /// How long it is and how it reads, in a line.
    pub size: String,
    /// How many words it has.
    pub words: usize,
    /// Flesch's reading ease, from 0, hard, to 100, easy.
    pub ease: u8,
    /// The language that the draft seems to be in, where that is not English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'static str>,
    /// The draft with every rewrite in its place, `____` where only the writer knows; left out where it would be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Words that would hurt.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView<'b> {
    /// The id of the rule, for switching it off.
    pub rule: &'b str,
    /// What the rule is called.
    pub name: &'b str,
    /// How much it hurts.
    pub severity: Severity,
    /// Where the words begin, in characters (Unicode scalar values).
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// The words.
    pub words: String,
    /// Why they hurt.
    pub why: &'b str,
    /// Other words to put in their place, where some can be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
    /// A sentence to start from where there is no rewrite, with `____` for what only the writer knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<&'b str>,
    /// Where the sentence stands that they are in, in bytes: for the page.
    #[serde(skip)]
    pub sentence: std::ops::Range<usize>,
    /// The topic that helps: `/avoid/blaming`.
    pub help: String,
    /// The article behind the rule.
    pub source: SourceRef<'b>,
}

/// Something that an answer to a problem does.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveView<'b> {
    /// Its id.
    pub id: &'b str,
    /// What it does.
    pub name: &'b str,
    /// Whether the draft does it; left out where there is no draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<bool>,
    /// What to add where it is missing.
    pub advice: &'b str,
    /// A line to paste where it is missing, with `____` for what only the writer knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The topic that helps.
    pub help: String,
}

/// The rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesView<'b> {
    /// Every rule.
    pub rules: Vec<RuleView<'b>>,
    /// What an answer to a problem does.
    pub moves: Vec<MoveView<'b>>,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleView<'b> {
    /// What it is switched off by: `rules=-blame`.
    pub id: &'b str,
    /// A few words for a heading.
    pub name: &'b str,
    /// How much it hurts.
    pub severity: Severity,
    /// Why it hurts.
    pub why: &'b str,
    /// The school whose advice it is; it is on only with `school=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school: Option<&'b str>,
    /// The topic that helps.
    pub help: String,
    /// The article behind it.
    pub source: SourceRef<'b>,
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
        Choice::read(&book.check, rules.as_deref(), school.as_deref()).map_err(unknown)?;
        let given = |own: &str, other| Some(own.to_owned()).filter(|own| !own.is_empty()).or(other);
        let rules = given(&draft.rules, rules.map(Cow::into_owned));
        let school = given(&draft.school, school.map(Cow::into_owned));
        let mut choice = Choice::read(&book.check, rules.as_deref(), school.as_deref()).map_err(unknown)?;
        if let Some(is_about) = given(&draft.problem, problem.map(Cow::into_owned)).and_then(|word| yes(&word)) {
            choice = choice.about_a_problem(is_about);
        }
        let (body, status) = written(&book, &draft.text, &choice, wants)?;
        let mut response = reply::content(body, wants, &Caching::Never, request.headers());
        *response.status_mut() = status;
        Ok(response)
    };
    read().map_err(|problem| (problem, Some(wants)))
}

/// The review, written out. On a page even a draft that is too long comes back, so that nobody loses it.
fn written(book: &Phrasebook, draft: &str, choice: &Choice, wants: Wants) -> Result<(Vec<u8>, StatusCode), Problem> {
    let too_long = Problem::TooMuch(LONGEST);
    match wants {
        _ if draft.chars().count() <= LONGEST => {}
        Wants::Html => return Ok((page::check::too_long(book, draft, choice).into_bytes(), too_long.status())),
        _ => return Err(too_long),
    }
    let view = ReviewView::new(review(book, draft, choice));
    let body = match wants {
        Wants::Text => view.text().into_bytes(),
        Wants::Json => json::to_vec(&view).unwrap_or_default(),
        Wants::Html => page::check::reviewed(book, draft, choice, &view).into_bytes(),
    };
    Ok((body, StatusCode::OK))
}

/// What `/check` answers to this form in JSON, laid out for reading; `None` where it would refuse.
#[must_use]
pub fn example(book: &Phrasebook, form_body: &str) -> Option<String> {
    let draft = form(form_body).ok()?;
    serde_json::to_string_pretty(&ReviewView::new(review(book, &draft.text, &Choice::default()))).ok()
}

/// The rules of a book.
pub(crate) fn rules(book: &Phrasebook) -> RulesView<'_> {
    let rule = |rule: &check::Rule| -> Option<RuleView<'_>> {
        let rule = book.check.rules.iter().find(|one| one.id == rule.id)?;
        Some(RuleView {
            id: &rule.id,
            name: &rule.name,
            severity: rule.severity,
            why: &rule.why,
            school: rule.school.as_deref(),
            help: path(&rule.help),
            source: SourceRef::new(book.articles.get(usize::from(rule.article))?),
        })
    };
    RulesView {
        rules: book.check.rules.iter().filter_map(rule).collect(),
        moves: book.check.moves.iter().map(|step| MoveView::new(step, None)).collect(),
    }
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
    let text = || std::str::from_utf8(body).map_err(|_| Problem::Unreadable);
    match kind.as_str() {
        "text/plain" | "text/markdown" => Ok(Draft { text: text()?.to_owned(), ..Draft::default() }),
        "application/json" => {
            let wanted = "The body is to be an object such as {\"text\": \"…\"}, with `rules` and `school` if wanted.";
            serde_json::from_str(text()?).map_err(|_| Problem::Parameter(wanted.into(), Vec::new()))
        }
        // `curl -d 'a draft'` says that it sends a form; a form has a sign of equality.
        "application/x-www-form-urlencoded" if !body.contains(&b'=') => {
            Ok(Draft { text: text()?.to_owned(), ..Draft::default() })
        }
        "application/x-www-form-urlencoded" => form(text()?),
        _ => Err(Problem::UnsupportedType(KINDS)),
    }
}

/// A form, as our page sends it: a field `rules` for each rule that is left out, lines that end in two characters.
fn form(body: &str) -> Result<Draft, Problem> {
    let [mut text, mut school, mut problem] = [const { None }; 3];
    let mut rules = Vec::new();
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

fn path(dotted: &str) -> String {
    format!("/{}", dotted.replacen('.', "/", 1))
}

impl<'b> ReviewView<'b> {
    /// A review as it is written out.
    #[must_use]
    pub fn new(review: Review<'b>) -> Self {
        Self {
            matter: review.matter.map(MatterView::new),
            total: review.total,
            problem: !review.moves.is_empty(),
            summary: words::findings(&review),
            size: review.size.to_string(),
            words: review.size.words,
            ease: review.size.ease,
            language: review.language,
            after: review.after,
            findings: review.findings.into_iter().map(FindingView::new).collect(),
            moves: review.moves.into_iter().map(MoveView::made).collect(),
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        self.matter.iter().for_each(|matter| matter.write_text(&mut out));
        for finding in &self.findings {
            let _ = writeln!(out, "“{}”: {} [{}, {}]", finding.words, finding.name, finding.severity, finding.rule);
            let _ = writeln!(out, "  {}", finding.why);
            if let Some(words) = finding.rewrite.as_deref().or(finding.instead) {
                let _ = writeln!(out, "  Instead: “{words}”");
            }
            let _ = writeln!(out, "  {}", finding.help);
        }
        if self.total > self.findings.len() {
            let _ = writeln!(out, "And {} more.", self.total - self.findings.len());
        }
        let _ = writeln!(out, "{}", self.summary);
        for step in &self.moves {
            let _ = match step.made {
                Some(true) => writeln!(out, "[x] {}", step.name),
                _ => writeln!(out, "[ ] {}: {} {}", step.name, step.advice, step.line.as_deref().unwrap_or(&step.help)),
            };
            if let Some(line) = &step.line {
                let _ = writeln!(out, "    Paste: {line}");
            }
        }
        let _ = writeln!(out, "{}.", self.size);
        if let Some(after) = &self.after {
            let _ = writeln!(out, "\nWith all of that in place:\n\n{after}");
        }
        out
    }
}

impl RulesView<'_> {
    pub(super) fn write_text(&self, out: &mut String) {
        for rule in &self.rules {
            let school = rule.school.map_or(String::new(), |school| format!(", with school={school}"));
            let _ =
                writeln!(out, "{} ({}{school}): {}\n  {} {}", rule.id, rule.severity, rule.name, rule.why, rule.help);
        }
        out.push_str("\nAn answer to a problem:\n");
        for step in &self.moves {
            let _ = writeln!(out, "  {}: {}", step.name, step.advice);
        }
    }
}

impl<'b> FindingView<'b> {
    fn new(finding: Finding<'b>) -> Self {
        Self {
            rule: &finding.rule.id,
            name: &finding.rule.name,
            severity: finding.rule.severity,
            start: finding.chars.start,
            end: finding.chars.end,
            words: finding.words,
            why: &finding.rule.why,
            instead: if finding.rewrite.is_some() { None } else { finding.rule.instead.as_deref() },
            rewrite: finding.rewrite,
            sentence: finding.sentence,
            help: path(&finding.rule.help),
            source: SourceRef::new(finding.article),
        }
    }
}

impl<'b> MoveView<'b> {
    fn new(step: &'b Move, made: Option<bool>) -> Self {
        Self { id: &step.id, name: &step.name, made, advice: &step.advice, line: None, help: path(&step.help) }
    }

    fn made(Step { step, made, line }: Step<'b>) -> Self {
        Self { line, ..Self::new(step, Some(made)) }
    }
}
