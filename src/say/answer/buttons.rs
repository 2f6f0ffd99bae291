//! What one can do with lines: the buttons below them.

use super::{
    super::{
        ask::{At, Choice, Which},
        model::{Phrase, Tone, Topic},
        words,
    },
    choose::pool,
    document::{Button, ButtonKind, Line},
};

/// The buttons under one line. They carry every value that was given, for a later phrase may have a place for it; what
/// is shared is this phrase, with its own.
pub(super) fn buttons(topic: &Topic, choice: &Choice, lines: &[Line<'_>], values: &[Option<String>]) -> Vec<Button> {
    let values: Vec<(&str, &str)> =
        topic.slots.iter().zip(values).filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let one = |kind, label, ask| Button { kind, label, ask };
    if choice.which == Which::Letter && !topic.letter.is_empty() {
        return vec![
            one(ButtonKind::Fill, words::FILL, Choice::ask(topic, None, "letter", &values)),
            one(ButtonKind::Play, words::PLAY, Choice::ask(topic, None, "steps", &values)),
        ];
    }
    let [line] = lines else { return Vec::new() };
    let own: Vec<(&str, &str)> =
        line.slots.iter().filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
    let id = Some(&*line.phrase.id);
    let mut buttons = Vec::with_capacity(6);
    if let Some((another, mark)) = another(topic, choice, line) {
        buttons.push(one(ButtonKind::Another, words::ANOTHER, Choice::ask(topic, Some(&another.id), &mark, &values)));
    }
    if let Some(next) = line.phrase.step.and_then(|step| topic.next_step(step)) {
        buttons.push(one(ButtonKind::Next, words::next(next), Choice::ask(topic, None, next.word(), &values)));
    }
    if !topic.slots.is_empty() {
        buttons.push(one(ButtonKind::Fill, words::FILL, Choice::ask(topic, id, "", &values)));
    }
    buttons.push(one(ButtonKind::Share, words::SHARE, Choice::ask(topic, id, "share", &own)));
    if topic.is_play() {
        buttons.push(one(ButtonKind::Play, words::PLAY, Choice::ask(topic, None, "steps", &values)));
    }
    if !topic.letter.is_empty() {
        buttons.push(one(ButtonKind::Letter, words::LETTER, Choice::ask(topic, None, "letter", &values)));
    }
    buttons
}

/// The phrase that comes in the place of this one, and the marks that go on: the next of the same step, tone and
/// length, and after the last the first, so that all are shown before one comes again.
fn another<'b>(topic: &'b Topic, choice: &Choice, line: &Line<'_>) -> Option<(&'b Phrase, String)> {
    let step = line.phrase.step.map_or(At::Any, At::Step);
    let same = Choice { step, tone: choice.tone, short: choice.short, ..Choice::default() };
    let pool = pool(topic, &same, Which::Any, &mut Vec::new());
    let after = pool.iter().find(|place| **place > line.place).or(pool.first())?;
    let marks = choice.tone.map(Tone::word).into_iter().chain(choice.short.then_some("short"));
    let phrase = topic.phrases.get(*after).filter(|_| *after != line.place)?;
    Some((phrase, marks.collect::<Vec<_>>().join(" ")))
}
