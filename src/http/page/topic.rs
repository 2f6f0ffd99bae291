//! A topic with every phrase, and the page of a single phrase.

use askama::Template;

use super::{
    Frame, Visit,
    card::{Card, Values},
    render,
};
use crate::{
    say::book::{Phrasebook, Step, Topic},
    view::{PhraseView, PhrasesView, SlotView},
};

#[derive(Template)]
#[template(path = "topic.html", config = "src/askama.toml")]
struct TopicPage<'a> {
    frame: Frame,
    topic: &'a Topic,
    groups: Vec<Group<'a>>,
    fields: Vec<Field<'a>>,
    filled: bool,
    notes: &'a [String],
    /// What is filled in, for the topic's other pages.
    kept: String,
    /// Topics to look at next, and what is filled in for them.
    related: Vec<(&'a Topic, String)>,
    /// The whole topic as a slash command.
    slash: String,
    /// The same for a terminal.
    curl: String,
}

/// Phrases of one step, or all where there are no steps.
struct Group<'a> {
    step: Option<Step>,
    /// The step after it.
    next: Option<Step>,
    cards: Vec<Card<'a>>,
}

#[derive(Template)]
#[template(path = "phrase.html", config = "src/askama.toml")]
struct PhrasePage<'a> {
    frame: Frame,
    topic: &'a Topic,
    card: Card<'a>,
    step: Option<Step>,
    fields: Vec<Field<'a>>,
    filled: bool,
    notes: &'a [String],
    /// What is filled in, for the topic's other pages.
    kept: String,
    /// The phrase after this one.
    next: Option<String>,
}

/// A slot as a field.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) ask: &'a str,
    pub(super) example: &'a str,
    pub(super) value: &'a str,
}

pub(super) fn topic(book: &Phrasebook, view: &PhrasesView<'_>, visit: &Visit) -> String {
    let dotted = format!("{}.{}", view.command, view.topic);
    let Some(topic) = book.topic(&dotted) else { return String::new() };
    let values = values(topic, view.phrases.iter().flat_map(|phrase| &phrase.slots));
    let path = format!("/{}/{}", topic.command, topic.id);
    let title = format!("{} · /{} {}", topic.title, topic.command, topic.id);
    render(&TopicPage {
        frame: Frame::new(title, &*topic.when, &path),
        topic,
        groups: groups(book, topic, &values, visit),
        fields: fields(topic, &values, |_| true),
        filled: values.iter().any(Option::is_some),
        notes: &view.notes,
        kept: kept(topic, topic, &values),
        related: related(book, topic, &values),
        slash: format!("/{} {}", topic.command, topic.id),
        curl: format!("curl '{}{path}'", visit.origin),
    })
}

pub(super) fn phrase(book: &Phrasebook, view: &PhraseView<'_>, visit: &Visit) -> String {
    let Some((topic, place)) = book.phrase(&view.id) else { return String::new() };
    let values = values(topic, &view.slots);
    let Some(card) = Card::new(book, topic, place, &values, visit) else { return String::new() };
    let next = topic.phrases.get((place + 1) % topic.phrases.len().max(1)).filter(|_| topic.phrases.len() > 1);
    let has = |name: &str| view.slots.iter().any(|slot| slot.name == name);
    render(&PhrasePage {
        frame: Frame::new(format!("{} · /{} {}", topic.title, topic.command, topic.id), &view.text, &card.path),
        topic,
        step: view.step,
        fields: fields(topic, &values, has),
        filled: values.iter().any(Option::is_some),
        notes: &view.notes,
        kept: kept(topic, topic, &values),
        next: next.map(|phrase| format!("/phrases/{}", topic.phrase_id(phrase))),
        card,
    })
}

/// What fills each slot of the topic, gathered from the phrases that have it.
fn values<'v>(topic: &Topic, slots: impl IntoIterator<Item = &'v SlotView<'v>>) -> Vec<Option<&'v str>> {
    let mut values = vec![None; topic.slots.len()];
    for slot in slots {
        if let Some(value) = topic.slot(slot.name).and_then(|number| values.get_mut(number)) {
            *value = slot.value.as_deref();
        }
    }
    values
}

fn related<'b>(book: &'b Phrasebook, topic: &'b Topic, values: &Values<'_>) -> Vec<(&'b Topic, String)> {
    let others = topic.related.iter().filter_map(|dotted| book.topic(dotted));
    others.map(|other| (other, kept(topic, other, values))).collect()
}

/// What fills the blanks of one topic, as a query for a page of another that has the same blanks; nothing where nothing does.
pub(super) fn kept(topic: &Topic, other: &Topic, values: &Values<'_>) -> String {
    let filled = topic.slots.iter().zip(values).filter_map(|(slot, value)| Some((&*slot.name, (*value)?)));
    let shared = filled.filter(|(name, _)| other.slot(name).is_some());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(shared).finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

fn groups<'b>(book: &'b Phrasebook, topic: &'b Topic, values: &Values<'_>, visit: &Visit) -> Vec<Group<'b>> {
    let mut groups: Vec<Group<'b>> = Vec::new();
    for (place, phrase) in topic.phrases.iter().enumerate() {
        let Some(card) = Card::new(book, topic, place, values, visit) else { continue };
        match groups.last_mut() {
            Some(group) if group.step == phrase.step => group.cards.push(card),
            _ => {
                let next = phrase.step.and_then(|step| topic.next_step(step));
                groups.push(Group { step: phrase.step, next, cards: vec![card] });
            }
        }
    }
    groups
}

pub(super) fn fields<'a>(topic: &'a Topic, values: &Values<'a>, is_wanted: impl Fn(&str) -> bool) -> Vec<Field<'a>> {
    let slots = topic.slots.iter().zip(values).filter(|(slot, _)| is_wanted(&slot.name));
    slots
        .map(|(slot, value)| Field {
            name: &slot.name,
            ask: &slot.ask,
            example: &slot.example,
            value: value.unwrap_or_default(),
        })
        .collect()
}
