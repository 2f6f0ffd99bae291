//! The prompts: one a topic, for a person to pick. Its arguments are the topic's blanks.

use serde_json::{Map, Value as Json, json};

use super::{
    Answer,
    lists::Page,
    message::{Error, text},
    words,
};
use crate::{
    say::{
        answer::choose,
        ask::{Choice, Which},
        book::{Phrasebook, Slot, Topic},
        phrase::Value,
    },
    view,
};

/// `prompts/list`.
pub(super) fn list<'b>(book: &'b Phrasebook, params: &Map<String, Json>) -> Result<Answer<'b>, Error> {
    Ok(Answer::lasting(Page::of(book.topics().map(described), params, book.hash)?.named("prompts")))
}

fn described(topic: &Topic) -> Json {
    let argument = |slot: &Slot| json!({ "name": slot.name, "description": slot.ask, "required": false });
    json!({
        "name": topic.dotted(),
        "title": topic.title,
        "description": topic.when,
        "arguments": topic.slots.iter().map(|slot| argument(slot)).collect::<Vec<_>>(),
    })
}

/// `prompts/get`.
pub(super) fn get<'b>(book: &'b Phrasebook, params: &Map<String, Json>) -> Result<Answer<'b>, Error> {
    let topic = topic(book, text(params, "name")?)?;
    let choice = Choice { which: Which::Steps, values: values(topic, params)?, ..Choice::default() };
    let said = words::prompt(topic, &choose(book, topic, &choice, 0));
    let result = json!({
        "description": topic.when,
        "messages": [{ "role": "user", "content": { "type": "text", "text": said } }],
    });
    Ok(Answer { topic: Some(topic), ..Answer::of(result) })
}

/// The topic of a prompt.
///
/// # Errors
/// There is none of this name.
pub(super) fn topic<'b>(book: &'b Phrasebook, name: &str) -> Result<&'b Topic, Error> {
    book.topic(name).ok_or_else(|| Error::params(words::no_such_prompt(&view::no_topic(book, name))))
}

fn values(topic: &Topic, params: &Map<String, Json>) -> Result<Vec<(String, Value)>, Error> {
    let arguments = match params.get("arguments") {
        None => return Ok(Vec::new()),
        Some(arguments) => arguments.as_object().ok_or_else(|| Error::params("`arguments` is to be an object."))?,
    };
    let value = |(name, value): (&String, &Json)| {
        if topic.slot(name).is_none() {
            return Err(Error::params(words::no_such_argument(name, topic)));
        }
        let value = value.as_str().ok_or_else(|| Error::params(format!("`{name}` is to be a text.")))?;
        Ok((name.clone(), Value::read(value)))
    };
    arguments.iter().map(value).collect()
}
