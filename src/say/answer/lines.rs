//! Answers that hold something to say.

use std::borrow::Cow;

use super::{
    super::{
        ask::{Choice, Guess, Which},
        book::Phrasebook,
        model::{Command, Topic},
        words,
    },
    buttons::buttons,
    choose::{Chosen, choose},
    document::{Answer, Audience, Line},
    menus::commands,
};

/// Phrases of a topic.
pub(super) fn phrases<'b>(
    book: &'b Phrasebook,
    topic: &'b Topic,
    choice: &Choice,
    guessed: Option<Guess>,
    seed: u64,
) -> Answer<'b> {
    let Chosen { lines, letter, values, mut notes } = choose(book, topic, choice, seed);
    if let Some(guess) = guessed {
        notes.insert(
            0,
            match guess {
                Guess::Slip(typed, name) => words::took_slip(&typed, &name),
                Guess::Search(query) => words::took_search(&query, topic),
            },
        );
    }
    let mut blanks: Vec<&str> = Vec::new();
    for slot in lines.iter().flat_map(|line| &line.blanks) {
        if !blanks.contains(&&*slot.name) {
            blanks.push(&slot.name);
        }
    }
    let mut audience = Audience::Person;
    if choice.share {
        if blanks.is_empty() {
            audience = Audience::Room;
        } else {
            notes.push(words::fill_before_sharing(&blanks));
        }
    }
    Answer {
        heading: heading(topic, &lines),
        notes,
        buttons: buttons(topic, choice, &lines, &values),
        values,
        lines,
        letter,
        topic: Some(topic),
        audience,
        why: choice.why,
        found: true,
        by_chance: choice.which == Which::Any,
        ..Answer::default()
    }
}

/// The topic, and of a play the step and its place there.
fn heading<'b>(topic: &'b Topic, lines: &[Line<'_>]) -> Cow<'b, str> {
    match lines {
        [line] => match line.position() {
            Some((step, position, of)) => words::heading(&topic.title, step, position, of).into(),
            None => Cow::Borrowed(&topic.title),
        },
        _ => Cow::Borrowed(&topic.title),
    }
}

/// Phrases of any topic, by chance.
pub(super) fn random<'b>(book: &'b Phrasebook, command: Option<&'b Command>, choice: &Choice, seed: u64) -> Answer<'b> {
    let topics = || book.commands.iter().filter(|one| command.is_none_or(|command| command.name == one.name));
    let count: usize = topics().map(|command| command.topics.len()).sum();
    let wanted = usize::try_from(seed % u64::try_from(count).unwrap_or(1).max(1)).unwrap_or_default();
    let topic = topics().flat_map(|command| &command.topics).nth(wanted);
    let deeper = seed / u64::try_from(count).unwrap_or(1).max(1);
    match topic {
        Some(topic) => phrases(book, topic, choice, None, deeper),
        None => commands(book),
    }
}
