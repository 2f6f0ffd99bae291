//! What is offered to who types after the bot's name, in any chat: the words themselves, a result for every phrase, filled
//! with what was typed. Whoever takes one says it; nothing of ours goes with it.

use std::borrow::Cow;

use serde::Serialize;

use super::message::{NoPreview, most};
use crate::{
    chat::{Reply, markup::plain},
    say::{
        answer::Answer,
        book::{Phrase, Topic},
        words,
    },
};

/// As many results go at once; the rest when somebody has scrolled so far.
const AT_ONCE: usize = 50;
/// As many topics show all their phrases; of more each shows its first.
const FEW: usize = 3;
/// How long Telegram may give the same to whoever types the same, in seconds: what is offered depends on that and on the
/// book alone.
const KEPT: u32 = 300;
/// The words on a result and on the button above them, ours, so that they can be read on a phone.
const TITLE: usize = 100;
const ABOUT: usize = 300;
/// What the button above the results leads to.
const START: usize = 64;

#[derive(Serialize)]
struct Offer<'a> {
    method: &'static str,
    inline_query_id: &'a str,
    results: Vec<Article>,
    cache_time: u32,
    is_personal: bool,
    next_offset: String,
    button: Above,
}

#[derive(Serialize)]
struct Article {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    title: String,
    description: String,
    input_message_content: Content,
}

/// Without markup, so that it is the words and nothing else.
#[derive(Serialize)]
struct Content {
    message_text: String,
    link_preview_options: NoPreview,
}

/// A button above the results, which opens the chat with the bot.
#[derive(Serialize)]
struct Above {
    text: String,
    start_parameter: String,
}

/// Offers phrases from this one on.
pub(super) fn reply(query: &str, from: usize, answer: &Answer<'_>) -> Reply {
    let all = offered(answer);
    let next = from.saturating_add(AT_ONCE);
    let more = all.len() > next;
    // Only who asks too often gets neither phrases nor anything to choose from.
    let is_personal = !answer.found && answer.entries.is_empty();
    Reply::json(&Offer {
        method: "answerInlineQuery",
        inline_query_id: query,
        results: all.into_iter().skip(from).take(AT_ONCE).collect(),
        cache_time: if is_personal { 0 } else { KEPT },
        is_personal,
        next_offset: if more { next.to_string() } else { String::new() },
        button: above(answer),
    })
}

/// A result for every phrase that is meant.
fn offered(answer: &Answer<'_>) -> Vec<Article> {
    if let Some((letter, topic)) = answer.letter.as_ref().zip(answer.topic) {
        return vec![article(format!("{} letter", topic.dotted()), &topic.title, letter, letter)];
    }
    match answer.topic {
        Some(topic) if answer.by_chance => from_step(answer, topic),
        Some(topic) => answer.lines.iter().map(|line| said(topic, line.phrase, &line.words)).collect(),
        None if answer.found => of_topics(answer),
        None => Vec::new(),
    }
}

/// Every phrase of a topic, in order, from the step of the one that chance picked, and then what comes before it.
fn from_step(answer: &Answer<'_>, topic: &Topic) -> Vec<Article> {
    let step = answer.lines.first().and_then(|line| line.phrase.step);
    let start = topic.phrases.iter().position(|phrase| phrase.step == step).unwrap_or_default();
    let (before, after) = topic.phrases.split_at(start);
    let values: Vec<Option<&str>> = answer.values.iter().map(Option::as_deref).collect();
    after.iter().chain(before).map(|phrase| said(topic, phrase, &phrase.say.fill(&values))).collect()
}

/// Phrases of the topics that may be meant, each topic once.
fn of_topics(answer: &Answer<'_>) -> Vec<Article> {
    let mut topics: Vec<&Topic> = Vec::new();
    for topic in answer.entries.iter().filter_map(|entry| entry.topic) {
        if !topics.iter().any(|known| std::ptr::eq(*known, topic)) {
            topics.push(topic);
        }
    }
    let each = if topics.len() <= FEW { usize::MAX } else { 1 };
    let phrases = topics.iter().flat_map(|topic| topic.phrases.iter().take(each).map(move |phrase| (topic, phrase)));
    phrases.map(|(topic, phrase)| said(topic, phrase, &phrase.say.fill(&vec![None; topic.slots.len()]))).collect()
}

/// A phrase: its step, what has to be true first, and the words.
fn said(topic: &Topic, phrase: &Phrase, words: &str) -> Article {
    let mut steps = topic.steps();
    let place = phrase.step.and_then(|step| Some((step, steps.position(|one| one == step)? + 1)));
    let title = match place {
        Some((step, position)) => {
            format!("{position} of {}, {} · {}", topic.steps().count(), step.label(), topic.title)
        }
        None => topic.title.to_string(),
    };
    let conditions = words::conditions(phrase).fold(String::new(), |all, one| format!("{all}({one}) "));
    article(topic.phrase_id(phrase), &title, &format!("{conditions}{words}"), words)
}

fn article(id: String, title: &str, about: &str, words: &str) -> Article {
    // Ids of a book may be longer than Telegram's.
    let id = if id.len() <= most::DATA { id } else { id.chars().rev().take(most::DATA).collect() };
    let kept = |text: &str, most| plain(text, most).into_owned();
    Article {
        kind: "article",
        id,
        title: kept(title, TITLE),
        description: kept(about, ABOUT),
        input_message_content: Content {
            message_text: kept(words, most::TEXT),
            link_preview_options: NoPreview { is_disabled: true },
        },
    }
}

/// What stands above the results: more about them, or what can be typed.
fn above(answer: &Answer<'_>) -> Above {
    let (text, start) = match answer.topic {
        Some(topic) => (Cow::Borrowed(words::MORE_IN_PRIVATE), topic.dotted().replace('.', "_")),
        // The commands: nothing has been typed yet.
        None if answer.found && answer.entries.iter().all(|entry| entry.topic.is_none()) => {
            (Cow::Borrowed(words::TYPE_WHAT_HAPPENED), "help".to_owned())
        }
        None => (Cow::Borrowed(&*answer.heading), "help".to_owned()),
    };
    let start_parameter = Some(start).filter(|start| start.len() <= START).unwrap_or_else(|| "help".into());
    Above { text: plain(&text, START).into_owned(), start_parameter }
}
