//! What a person gets, whatever they use: a small document that every platform lowers to its own terms.
//!
//! `document` is the answer as types, and `lines`, `menus` and `review` make one; `choose` picks and fills phrases, and
//! `buttons` says what can be done next.

mod buttons;
mod choose;
mod document;
mod lines;
mod menus;
mod review;

use super::{
    ask::{Ask, Wish},
    book::Phrasebook,
};

pub use choose::{Chosen, choose, line};
pub use document::{Answer, Audience, Button, ButtonKind, Entry, Line};

/// Answers. `seed` is the only chance: the same book, ask and seed give the same answer, and the next seed gives another
/// phrase where there is one.
#[must_use]
pub fn answer<'b>(book: &'b Phrasebook, ask: &Ask, seed: u64) -> Answer<'b> {
    match ask.wish(book) {
        Wish::Help(command, left) => menus::help(book, command).with_left(&left),
        Wish::List(command, query, left) => match command {
            _ if !query.is_empty() => menus::matching(book, command, &query),
            Some(command) => menus::menu(command),
            None => menus::commands(book),
        }
        .with_left(&left),
        Wish::Random(command, choice) => lines::random(book, command, &choice, seed),
        Wish::Search(command, query, left) => menus::found(book, command, &query).with_left(&left),
        Wish::Sources(id, left) => menus::sources(book, id.as_deref()).with_left(&left),
        Wish::Phrase { topic, choice, guessed } => lines::phrases(book, topic, &choice, guessed, seed),
        Wish::Several(command, query, topics, left) => menus::several(command, &query, &topics).with_left(&left),
        Wish::Perhaps(command, query, matter, topics, left) => {
            menus::perhaps(command, &query, matter, &topics).with_left(&left)
        }
        Wish::Check(draft) => review::draft(book, &draft),
        Wish::Rules => review::rules(book),
        Wish::Careful(matter) => menus::careful(book, matter),
        Wish::Lost(command, query, left) => menus::lost(book, command, &query).with_left(&left),
    }
}
