//! A whole play as one message: its blanks as fields, each step's line to be exchanged for another, and its review beside
//! it. The form does all of it without a script.

use askama::Template;
use serde_json::{Value as Json, json};

use super::{
    Frame,
    card::{Run, Values, pieces, runs},
    check::Reviewed,
    render,
    topic::{Field, fields, kept},
};
use crate::{
    say::{
        book::{Phrase, Phrasebook, SIGNATURE, Step, Topic},
        check::Options,
        phrase::{BLANK, Piece},
        words,
    },
    view::{LetterView, ReviewView},
};

#[derive(Template)]
#[template(path = "letter.html", config = "src/askama.toml")]
struct LetterPage<'a> {
    frame: Frame,
    topic: &'a Topic,
    /// What is filled in, for the topic's own page.
    kept: String,
    greeting: Part,
    rows: Vec<Row<'a>>,
    ending: [Part; 2],
    /// The same as one text, to be sent on.
    text: &'a str,
    mail: String,
    review: Reviewed<'a>,
    fields: Vec<Field<'a>>,
    notes: &'a [String],
}

/// A paragraph.
struct Part {
    runs: Vec<Run>,
    /// The same before it is filled, for the script.
    pieces: String,
}

/// A step with the line that was chosen for it, if one was, and all that could be.
struct Row<'a> {
    step: Option<Step>,
    chosen: Option<Part>,
    conditions: String,
    options: Vec<Line<'a>>,
}

/// A line that a step can have.
struct Line<'a> {
    id: &'a str,
    words: String,
    pieces: String,
    conditions: String,
    chosen: bool,
}

pub(super) fn letter(book: &Phrasebook, view: &LetterView<'_>) -> String {
    let dotted = format!("{}.{}", view.command, view.topic);
    let Some(topic) = book.topic(&dotted) else { return String::new() };
    let values: Vec<Option<&str>> = view.slots.iter().map(|slot| slot.value.as_deref()).collect();
    let chosen: Vec<usize> = view.phrases.iter().filter_map(|id| Some(book.phrase(id)?.1)).collect();
    let path = format!("/{}/{}", topic.command, topic.id);
    let body = percent_encoding::utf8_percent_encode(&view.text, percent_encoding::NON_ALPHANUMERIC);
    let found = ReviewView::new(book.review(&view.text, &Options::default()));
    render(&LetterPage {
        frame: Frame::new(format!("A letter: {}", topic.title), &*topic.when, format!("{path}?letter")),
        topic,
        kept: kept(topic, topic, &values),
        greeting: greeting(topic, &values),
        rows: rows(topic, &values, &chosen),
        ending: ending(topic, &values),
        text: &view.text,
        mail: format!("mailto:?body={body}"),
        review: Reviewed { book, draft: &view.text, view: &found },
        fields: fields(topic, &values, |_| true),
        notes: &view.notes,
    })
}

fn greeting(topic: &Topic, values: &Values<'_>) -> Part {
    let Some(slot) = topic.name_slot() else { return own("Hello,", false, &json!(["Hello,"])) };
    let name = topic.slots.get(slot).map_or("", |slot| &*slot.name);
    let words = match values.get(slot).copied().flatten() {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    };
    own(&words, false, &json!(["Hello", [" ", { (name): null }], ","]))
}

/// The farewell and the signature.
fn ending(topic: &Topic, values: &Values<'_>) -> [Part; 2] {
    let signed = topic.slot(SIGNATURE).and_then(|slot| values.get(slot).copied().flatten());
    [
        own(words::REGARDS, false, &json!([words::REGARDS])),
        own(signed.unwrap_or(BLANK), true, &json!([{ (SIGNATURE): null }])),
    ]
}

fn own(words: &str, slot: bool, pieces: &Json) -> Part {
    Part { runs: vec![Run { words: words.to_owned(), slot }], pieces: pieces.to_string() }
}

/// A row for each chosen line, and one for each step that has none.
fn rows<'a>(topic: &'a Topic, values: &Values<'_>, chosen: &[usize]) -> Vec<Row<'a>> {
    let mut steps: Vec<Option<Step>> = topic.phrases.iter().map(|phrase| phrase.step).collect();
    steps.dedup();
    let step_of = |place: &usize| topic.phrases.get(*place).map(|phrase| phrase.step);
    let of_step = |step: Option<Step>| {
        let of_it: Vec<usize> = chosen.iter().copied().filter(|place| step_of(place) == Some(step)).collect();
        let lines = of_it.iter().map(move |place| row(topic, values, step, Some(*place))).collect::<Vec<_>>();
        if lines.is_empty() { vec![row(topic, values, step, None)] } else { lines }
    };
    steps.into_iter().flat_map(of_step).filter(|row| !row.options.is_empty()).collect()
}

fn row<'a>(topic: &'a Topic, values: &Values<'_>, step: Option<Step>, chosen: Option<usize>) -> Row<'a> {
    let phrase = chosen.and_then(|place| topic.phrases.get(place));
    let fitting = topic.phrases.iter().zip(0..).filter(|(phrase, _)| phrase.step == step && topic.fits_letter(phrase));
    Row {
        step,
        chosen: phrase.map(|phrase| paragraph(topic, phrase, values)),
        conditions: phrase.map(conditions).unwrap_or_default(),
        options: fitting.map(|(phrase, place)| line(topic, phrase, Some(place) == chosen)).collect(),
    }
}

fn line<'a>(topic: &'a Topic, phrase: &'a Phrase, chosen: bool) -> Line<'a> {
    let Part { runs, pieces } = paragraph(topic, phrase, &vec![None; topic.slots.len()]);
    let words = runs.into_iter().map(|run| run.words).collect();
    Line { id: &phrase.id, words, pieces, conditions: conditions(phrase), chosen }
}

fn conditions(phrase: &Phrase) -> String {
    words::conditions(phrase).collect::<Vec<_>>().join(" ")
}

/// A phrase without the name, which stands in the greeting.
fn paragraph(topic: &Topic, phrase: &Phrase, values: &Values<'_>) -> Part {
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
