//! The first page, and a command's own.

use askama::Template;

use super::{Frame, Visit, card, render};
use crate::{
    say::book::{Command, Phrase, Phrasebook, Topic},
    view::CommandView,
};

/// As many commands stand right under the search.
const DOORS: usize = 3;

#[derive(Template)]
#[template(path = "home.html", config = "src/askama.toml")]
struct Home<'b> {
    frame: Frame,
    /// The first commands: what one comes for most.
    doors: &'b [Command],
    commands: &'b [Command],
    phrases: usize,
    day: Option<Day<'b>>,
}

/// The line of the day.
struct Day<'b> {
    words: Vec<card::Run>,
    path: String,
    topic: &'b Topic,
}

#[derive(Template)]
#[template(path = "command.html", config = "src/askama.toml")]
struct CommandPage<'a> {
    frame: Frame,
    view: &'a CommandView<'a>,
}

pub(super) fn index(book: &Phrasebook, visit: &Visit) -> String {
    let description = "What to say when a customer is upset, and how to open, explore and apologize well. \
        In chat, in a terminal, or here.";
    render(&Home {
        frame: Frame::new("The right words for a hard customer moment", description, "/"),
        doors: book.commands.get(..DOORS).unwrap_or(&book.commands),
        commands: &book.commands,
        phrases: book.size(),
        day: of_the_day(book, visit.today),
    })
}

pub(super) fn command(view: &CommandView<'_>) -> String {
    let frame = Frame::new(format!("/{}", view.name), view.about, format!("/{}", view.name));
    render(&CommandPage { frame, view })
}

/// A line that reads well with nothing filled in; a step through the book that comes to every one in turn.
fn of_the_day(book: &Phrasebook, today: u64) -> Option<Day<'_>> {
    /// A prime that divides no list of phrases: neighbours in time are far apart in the book.
    const STRIDE: u64 = 7_919;
    let fits = |phrase: &&Phrase| phrase.say.required().is_empty() && phrase.instead_of.is_none();
    let lines = || book.topics().flat_map(|topic| topic.phrases.iter().filter(fits).map(move |phrase| (topic, phrase)));
    let count = u64::try_from(lines().count()).ok().filter(|count| *count > 0)?;
    let place = usize::try_from(today.wrapping_mul(STRIDE) % count).ok()?;
    let (topic, phrase) = lines().nth(place)?;
    Some(Day {
        words: card::runs(phrase, &vec![None; topic.slots.len()]),
        path: format!("/phrases/{}", topic.phrase_id(phrase)),
        topic,
    })
}
