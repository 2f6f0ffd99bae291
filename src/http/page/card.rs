//! A phrase on a page: the words with their blanks marked, and every way to take them along.

use serde_json::{Value as Json, json};

use super::Visit;
use crate::say::{
    ask::Choice,
    book::{Phrase, Phrasebook, Topic},
    phrase::Piece,
};

/// A phrase as a card.
pub(super) struct Card<'b> {
    /// Its number in the topic, from 1.
    pub(super) number: usize,
    /// What has to be known before it is said.
    pub(super) conditions: Vec<String>,
    pub(super) is_short: bool,
    pub(super) path: String,
    /// The same with what is filled in.
    pub(super) link: String,
    pub(super) runs: Vec<Run>,
    pub(super) why: &'b str,
    pub(super) tone: Option<&'static str>,
    pub(super) instead_of: Option<&'b str>,
    pub(super) source: &'b str,
    pub(super) source_title: &'b str,
    /// The phrase before it is filled, as JSON, for the script.
    pub(super) pieces: String,
    /// The same as a slash command.
    pub(super) slash: String,
    /// The same for a terminal.
    pub(super) curl: String,
}

/// A stretch of words on a card.
pub(super) struct Run {
    pub(super) words: String,
    /// Whether it stands in a slot.
    pub(super) slot: bool,
}

/// What fills the slots of a topic, by number.
pub(super) type Values<'v> = [Option<&'v str>];

impl<'b> Card<'b> {
    pub(super) fn new(
        book: &'b Phrasebook,
        topic: &'b Topic,
        place: usize,
        values: &Values<'_>,
        visit: &Visit,
    ) -> Option<Self> {
        let phrase = topic.phrases.get(place)?;
        let article = book.article_of(phrase)?;
        let id = topic.phrase_id(phrase);
        let named = named(topic, phrase, values);
        Some(Self {
            number: place + 1,
            conditions: crate::say::words::conditions(phrase).collect(),
            is_short: phrase.is_short(),
            path: format!("/phrases/{id}"),
            link: format!("/phrases/{id}{}", query(&named)),
            runs: runs(phrase, values),
            why: &phrase.why,
            tone: phrase.tone.map(crate::say::book::Tone::label),
            instead_of: phrase.instead_of.as_deref(),
            source: &article.id,
            source_title: &article.title,
            pieces: pieces(topic, &phrase.say.pieces()),
            slash: slash(topic, place, &named),
            curl: curl(&visit.origin, &id, &named),
        })
    }
}

/// The words, cut where a slot begins or ends.
pub(super) fn runs(phrase: &Phrase, values: &Values<'_>) -> Vec<Run> {
    let (words, marks) = phrase.say.fill_marked(values);
    let mut runs = Vec::with_capacity(marks.len() * 2 + 1);
    let mut push = |words: Option<&str>, slot| {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            runs.push(Run { words: words.to_owned(), slot });
        }
    };
    let mut end = 0;
    for (_, at) in marks {
        push(words.get(end..at.start), false);
        end = at.end;
        push(words.get(at), true);
    }
    push(words.get(end..), false);
    runs
}

/// A phrase before it is filled, as JSON.
pub(super) fn pieces(topic: &Topic, pieces: &[Piece<'_>]) -> String {
    Json::Array(pieces.iter().map(|piece| piece_json(topic, piece)).collect()).to_string()
}

/// A text is a string, a slot `{"name": "words to fall back on"}` or `{"name": null}`, a clause a list.
fn piece_json(topic: &Topic, piece: &Piece<'_>) -> Json {
    match piece {
        Piece::Text(words) => json!(words),
        Piece::Slot(number, fallback) => {
            let name = topic.slots.get(usize::from(*number)).map_or("", |slot| &slot.name);
            json!({ (name): fallback })
        }
        Piece::Clause(pieces) => pieces.iter().map(|piece| piece_json(topic, piece)).collect(),
    }
}

/// The slots of a phrase that are filled.
fn named<'v>(topic: &'v Topic, phrase: &Phrase, values: &Values<'v>) -> Vec<(&'v str, &'v str)> {
    let of = |number: u16| {
        let number = usize::from(number);
        Some((&*topic.slots.get(number)?.name, values.get(number).copied().flatten()?))
    };
    phrase.say.slots().into_iter().filter_map(of).collect()
}

fn slash(topic: &Topic, place: usize, named: &[(&str, &str)]) -> String {
    let ask = Choice::ask(topic, None, &(place + 1).to_string(), named);
    // Choice::ask writes `recover.billing 3`, which is what buttons carry; a person types the words apart.
    format!("/{}", ask.replacen('.', " ", 1))
}

fn curl(origin: &str, id: &str, named: &[(&str, &str)]) -> String {
    format!("curl '{origin}/phrases/{id}{}'", query(named))
}

fn query(named: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(named).finish();
    if query.is_empty() { query } else { format!("?{query}") }
}
