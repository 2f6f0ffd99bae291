//! A line to paste for a move that a draft lacks.

use super::{
    super::model::{self, Phrase, Topic},
    Around, Check, Move, Plain,
};

/// A line of the phrasebook that makes the move: of the topic that the draft is about, where that has such a step, else of
/// the topic that the move itself names.
pub(super) fn paste(check: &Check, around: &Around<'_, '_>, step: &Move, topic: Option<&Topic>) -> Option<String> {
    let wanted = match &*step.id {
        "acknowledge" => "acknowledge",
        "own" => "own",
        "next" => "make-right",
        _ => "",
    };
    let fitting = topic.and_then(|topic| {
        let phrase = plain(topic).find(|phrase| phrase.step.is_some_and(|step| step.word() == wanted))?;
        Some(say(topic, phrase))
    });
    fitting.or_else(|| step.line.get_or_init(|| of_its_own(check, around, step)).clone())
}

/// The topic of a play that a draft is about.
pub(super) fn topic<'b>(around: &Around<'_, 'b>, draft: &str) -> Option<&'b Topic> {
    /// What a draft is about stands in its first words.
    const READ: usize = 300;
    let words = draft.get(..draft.floor_char_boundary(READ))?;
    (around.about)(words).filter(|topic| topic.is_play())
}

/// The first line of the move's own topic that makes it.
fn of_its_own(check: &Check, around: &Around<'_, '_>, step: &Move) -> Option<String> {
    let topic = model::topic(around.commands, &step.help)?;
    let lines: Vec<String> = plain(topic).map(|phrase| say(topic, phrase)).collect();
    let makes = |line: &&String| step.matcher.fits(&check.draft(&Plain::read(line).text));
    lines.iter().find(makes).or(lines.first()).cloned()
}

/// The phrases that may be said without a condition.
fn plain(topic: &Topic) -> impl Iterator<Item = &Phrase> {
    topic.phrases.iter().filter(|phrase| phrase.only_if.is_none() && phrase.needs.is_none() && phrase.speaker.is_none())
}

fn say(topic: &Topic, phrase: &Phrase) -> String {
    phrase.say.fill(&vec![None; topic.slots.len()])
}
