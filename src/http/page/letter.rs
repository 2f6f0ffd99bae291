//! A whole play as one message, with its blanks as fields.

use askama::Template;
use serde_json::{Value as Json, json};

use super::{
    Frame,
    card::{Run, pieces, runs},
    render,
    topic::{Field, fields},
};
use crate::{
    say::{
        book::{Phrase, Phrasebook, SIGNATURE, Topic},
        phrase::{BLANK, Piece},
        words,
    },
    view::LetterView,
};

#[derive(Template)]
#[template(path = "letter.html", config = "src/askama.toml")]
struct LetterPage<'a> {
    frame: Frame,
    topic: &'a Topic,
    parts: Vec<Part>,
    /// The same as one text, to be sent on.
    text: &'a str,
    mail: String,
    conditions: &'a [String],
    fields: Vec<Field<'a>>,
    notes: &'a [String],
}

/// A paragraph.
struct Part {
    runs: Vec<Run>,
    /// The same before it is filled, for the script.
    pieces: String,
}

pub(super) fn letter(book: &Phrasebook, view: &LetterView<'_>) -> String {
    let dotted = format!("{}.{}", view.command, view.topic);
    let Some(topic) = book.topic(&dotted) else { return String::new() };
    let values: Vec<Option<&str>> = view.slots.iter().map(|slot| slot.value.as_deref()).collect();
    let path = format!("/{}/{}", topic.command, topic.id);
    let body = percent_encoding::utf8_percent_encode(&view.text, percent_encoding::NON_ALPHANUMERIC);
    render(&LetterPage {
        frame: Frame::new(format!("A letter: {}", topic.title), &*topic.when, format!("{path}?letter")),
        topic,
        parts: parts(topic, &values),
        text: &view.text,
        mail: format!("mailto:?body={body}"),
        conditions: &view.conditions,
        fields: fields(topic, &values, |_| true),
        notes: &view.notes,
    })
}

/// The greeting, a paragraph a phrase, a way to reach the writer, the signature.
fn parts(topic: &Topic, values: &[Option<&str>]) -> Vec<Part> {
    let value = |slot: Option<usize>| slot.and_then(|slot| values.get(slot).copied().flatten());
    let own = |slot: Option<usize>, what: Json, words: &str| Part {
        runs: vec![Run { words: words.to_owned(), slot: slot.is_some() }],
        pieces: what.to_string(),
    };
    let name = topic.name_slot();
    let name_of = |slot: usize| topic.slots.get(slot).map_or("", |slot| &*slot.name);
    let greeting = name.map_or_else(|| json!(["Hello,"]), |slot| json!(["Hello", [" ", {(name_of(slot)): null}], ","]));
    let greeted = value(name).map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let signed = value(topic.slot(SIGNATURE)).unwrap_or(BLANK);
    let mut parts = vec![own(None, greeting, &greeted)];
    let phrases = topic.letter.iter().filter_map(|place| topic.phrases.get(*place as usize));
    parts.extend(phrases.map(|phrase| paragraph(topic, phrase, values)));
    parts.push(own(None, json!([words::REACH_ME]), words::REACH_ME));
    parts.push(own(None, json!([words::REGARDS]), words::REGARDS));
    parts.push(own(topic.slot(SIGNATURE), json!([{ (SIGNATURE): null }]), signed));
    parts
}

/// A phrase without the name, which stands in the greeting.
fn paragraph(topic: &Topic, phrase: &Phrase, values: &[Option<&str>]) -> Part {
    let name = topic.name_slot();
    let values: Vec<Option<&str>> =
        values.iter().zip(0..).map(|(value, slot)| value.filter(|_| Some(slot) != name)).collect();
    let is_name = |piece: &Piece<'_>| matches!(piece, Piece::Slot(slot, _) if Some(usize::from(*slot)) == name);
    let kept = phrase.say.pieces().into_iter().filter(|piece| match piece {
        Piece::Clause(inner) => !inner.iter().any(is_name),
        other => !is_name(other),
    });
    Part { runs: runs(phrase, &values), pieces: pieces(topic, &kept.collect::<Vec<_>>()) }
}
