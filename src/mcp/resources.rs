//! The resources: rules, topics, sources and phrases, each at an address that stays the same.
//!
//! ```text
//! saywell://rules                                  every rule, and what a good answer does
//! saywell://rules/blame
//! saywell://topics/recover.billing                 with every line
//! saywell://sources/right-or-happy
//! saywell://phrases/recover.billing.hoped-for
//! ```

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Answer,
    edition::Edition,
    lists::Page,
    message::{Error, text},
};
use crate::{
    say::{
        answer::choose,
        ask::{Choice, Which},
        book::{Article, Phrase, Phrasebook, Topic},
        check::Rule,
        find::closest,
    },
    view::{self, Missing, PhraseView, PhrasesView, RulesView, SourceView, TopicView},
};

const SCHEME: &str = "saywell://";
const MEDIA_TYPE: &str = "application/json";

/// The folders of addresses, each with the name of what stands after it and what is there.
pub(super) const FOLDERS: [(&str, &str, &str, &str); 4] = [
    ("topics", "topic", "A topic", "When to reach for it, what to do and to avoid, its blanks and every line."),
    (
        "phrases",
        "phrase",
        "A phrase",
        "The words, why they work, what must be so before they are said, and their source.",
    ),
    (
        "sources",
        "source",
        "A source",
        "The article behind phrases and rules: what it advises, and what is drawn from it.",
    ),
    ("rules", "rule", "A rule for drafts", "Which words hurt, how much, why, and the topic that helps."),
];

/// The template of a folder's addresses.
pub(super) fn template(folder: &str, name: &str) -> String {
    format!("{SCHEME}{folder}/{{{name}}}")
}

/// `resources/templates/list`.
pub(super) fn templates<'b>(params: &Map<String, Value>) -> Result<Answer<'b>, Error> {
    let described = FOLDERS.iter().map(|(folder, name, title, about)| {
        json!({
            "uriTemplate": template(folder, name),
            "name": name,
            "title": title,
            "description": about,
            "mimeType": MEDIA_TYPE,
        })
    });
    Ok(Answer::lasting(Page::of(described, params, 0)?.named("resourceTemplates")))
}

/// `resources/list`.
pub(super) fn list<'b>(book: &'b Phrasebook, params: &Map<String, Value>) -> Result<Answer<'b>, Error> {
    let rules = described("rules", "rules", "The rules for drafts", "Every rule, and what a good answer does.");
    let phrase = |topic: &'b Topic| topic.phrases.iter().map(move |phrase| of_phrase(topic, phrase));
    let all = std::iter::once(rules)
        .chain(book.check.rules.iter().map(of_rule))
        .chain(book.topics().map(of_topic))
        .chain(book.articles.iter().map(of_article))
        .chain(book.topics().flat_map(phrase));
    Ok(Answer::lasting(Page::of(all, params, book.hash)?.named("resources")))
}

fn of_rule(rule: &Rule) -> Value {
    described(&format!("rules/{}", rule.id), &rule.id, &rule.name, &rule.why)
}

fn of_topic(topic: &Topic) -> Value {
    let name = topic.dotted();
    described(&format!("topics/{name}"), &name, &topic.title, &topic.when)
}

fn of_article(article: &Article) -> Value {
    described(&format!("sources/{}", article.id), &article.id, &article.title, &article.advice)
}

fn of_phrase(topic: &Topic, phrase: &Phrase) -> Value {
    let name = topic.phrase_id(phrase);
    described(&format!("phrases/{name}"), &name, &topic.title, &phrase.say.fill(&[]))
}

fn described(path: &str, name: &str, title: &str, about: &str) -> Value {
    json!({
        "uri": format!("{SCHEME}{path}"),
        "name": name,
        "title": title,
        "description": about,
        "mimeType": MEDIA_TYPE,
    })
}

/// A topic with its lines.
#[derive(Serialize)]
struct WholeTopic<'b> {
    #[serde(flatten)]
    topic: TopicView<'b>,
    lines: Vec<PhraseView<'b>>,
}

/// `resources/read`.
pub(super) fn read<'b>(
    book: &'b Phrasebook,
    params: &Map<String, Value>,
    edition: Edition,
) -> Result<Answer<'b>, Error> {
    let uri = text(params, "uri")?;
    let (content, topic) = content(book, uri).map_err(|missing| {
        let near = missing.near.join(" or ");
        let near = if near.is_empty() { String::new() } else { format!(" Did you mean {near}?") };
        Error::new(edition.no_resource(), missing.what + &near).with(json!({ "uri": uri }))
    })?;
    let contents = json!({ "contents": [{ "uri": uri, "mimeType": MEDIA_TYPE, "text": content.to_string() }] });
    Ok(Answer { topic, lasting: true, ..Answer::of(contents) })
}

/// What is at an address, and the topic that phrases are given from.
fn content<'b>(book: &'b Phrasebook, uri: &str) -> Result<(Value, Option<&'b Topic>), Missing> {
    let path = uri.strip_prefix(SCHEME).unwrap_or_default();
    let place = |place| Choice { which: place, ..Choice::default() };
    match path.split_once('/') {
        None if path == "rules" => Ok((plain(RulesView::new(book)), None)),
        Some(("rules", id)) => Ok((plain(rule(book, id)?), None)),
        Some(("sources", id)) => Ok((plain(SourceView::new(book, view::article(book, id)?)), None)),
        Some(("topics", name)) => {
            let topic = book.topic(name).ok_or_else(|| view::no_topic(book, name))?;
            let lines = PhrasesView::new(topic, choose(book, topic, &place(Which::All), 0), topic.is_play()).phrases;
            Ok((plain(WholeTopic { topic: TopicView::new(topic), lines }), Some(topic)))
        }
        Some(("phrases", id)) => {
            let (topic, at) = view::phrase(book, id)?;
            let line = choose(book, topic, &place(Which::Place(at)), 0).lines.pop();
            Ok((plain(line.map(|line| PhraseView::new(line, Vec::new()))), Some(topic)))
        }
        _ => Err(Missing {
            what: "There is no such resource.".into(),
            near: FOLDERS.iter().map(|(folder, name, ..)| template(folder, name)).collect(),
        }),
    }
}

fn plain(view: impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

fn rule<'b>(book: &'b Phrasebook, id: &str) -> Result<view::RuleView<'b>, Missing> {
    RulesView::new(book).rules.into_iter().find(|rule| rule.id == id).ok_or_else(|| Missing {
        what: format!("There is no rule `{}`.", view::shown(id)),
        near: closest(id, book.check.rules.iter().map(|rule| &*rule.id)).map(str::to_owned).into_iter().collect(),
    })
}
