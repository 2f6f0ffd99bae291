//! A line to paste for a move that a draft lacks.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use super::{
    super::model::{self, Phrase, Step, Topic},
    Around, Check, Move, Plain,
};

/// By topic and move the line that was found, so that each is looked for once.
#[derive(Debug, Default)]
pub(super) struct Lines(RwLock<HashMap<String, Option<String>>>);

/// A line of the phrasebook that makes the move: of the topic that the draft is about, else of the one that the move names.
pub(super) fn paste(check: &Check, around: &Around<'_, '_>, step: &Move, topic: Option<&Topic>) -> Option<String> {
    let own = model::topic(around.commands, &step.help);
    let fitting = topic.and_then(|topic| line(check, step, topic));
    let fitting = fitting.or_else(|| own.and_then(|topic| line(check, step, topic)));
    fitting.or_else(|| own.and_then(|topic| Some(say(topic, plain(topic).next()?))))
}

/// The play that a draft is about.
pub(super) fn play<'b>(around: &Around<'_, 'b>, plain: &Plain<'_>) -> Option<&'b Topic> {
    /// What a draft is about stands in its first words.
    const READ: usize = 300;
    (around.about)(plain.text.get(..plain.text.floor_char_boundary(READ))?)
}

/// The first line of a topic that makes a move; those come first that stand where a play makes it.
fn line(check: &Check, step: &Move, topic: &Topic) -> Option<String> {
    let place = format!("{}.{} {}", topic.command, topic.id, step.id);
    let known = check.lines.0.read().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
    if let Some(line) = known {
        return line;
    }
    let steps: &[Step] = match &*step.id {
        "acknowledge" | "name" => &[Step::Acknowledge, Step::Own],
        "own" => &[Step::Own],
        "next" | "when" => &[Step::MakeRight],
        "door" => &[Step::FollowUp, Step::Explore],
        _ => &[],
    };
    let mut phrases: Vec<&Phrase> = plain(topic).collect();
    phrases
        .sort_by_key(|phrase| phrase.step.map(|step| steps.iter().position(|one| *one == step).unwrap_or(steps.len())));
    let makes = |line: &String| check.fits(&step.matcher, &Plain::read(line).text);
    let line = phrases.into_iter().map(|phrase| say(topic, phrase)).find(makes);
    check.lines.0.write().unwrap_or_else(PoisonError::into_inner).insert(place, line.clone());
    line
}

/// The phrases that may be said without a condition.
fn plain(topic: &Topic) -> impl Iterator<Item = &Phrase> {
    topic.phrases.iter().filter(|phrase| phrase.only_if.is_none() && phrase.needs.is_none() && phrase.speaker.is_none())
}

fn say(topic: &Topic, phrase: &Phrase) -> String {
    phrase.say.fill(&vec![None; topic.slots.len()])
}
