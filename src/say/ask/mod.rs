//! What a person typed, and what it means.
//!
//! ```text
//! ask     = [command] [topic] { word | slot | mark }
//! topic   = id | alias | a few words              in a full id the command comes first: recover.billing.hoped-for
//! slot    = name ("=" | ":") value                value = word | quoted words
//! mark    = number | all | steps | letter | short | why | share | step | tone      anywhere after the topic
//! step    = acknowledge | own | explore | make right | exceed | follow up          also step=own, step=any
//! command = help | list [words] | random | search words | sources [id] | careful matter       in place of a topic
//! check   = "check" { rules=… | school=… | problem=yes | problem=no } ( rules | draft )         the draft word for word, to its end
//! ```
//!
//! Words that are none of these are a name if they look like one (`say/names`), and go to the slot that takes names.
//! Otherwise the whole text is a description, and is searched for. Quotes may be straight, curly, low or angled, and
//! inside them a backslash makes a quote stand for itself; dashes, capitals, white space of every kind and a trailing
//! full stop do not matter; a mention becomes the name it shows.
//! Buttons carry the same language, so whatever a button does could have been typed.
//!
//! `tokens` cuts a text, `words` finds what it means in a book, `marks` sorts what follows a topic; `choice`, `draft` and
//! `wish` are what comes out, and `write` is the way back, for buttons and forms.

mod choice;
mod draft;
mod marks;
mod tokens;
mod wish;
mod words;
mod write;

use super::{
    book::Phrasebook,
    careful::Grave,
    model::{Command, UMBRELLA, fold},
};
use tokens::is_space;
use words::Words;

pub use choice::{At, Choice, Which};
pub use draft::{CHECK, DRAFT, Draft};
pub use wish::{Guess, Wish};
pub use write::{enter, push_slot, refill};

/// What was typed: the command without its slash, and everything after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Ask {
    /// The command, `recover`; the umbrella's name where there is none.
    pub command: String,
    /// The words after it.
    pub text: String,
}

impl Ask {
    /// The longest text that is looked at, in bytes; more than any chat platform's command line holds.
    pub const LONGEST: usize = 16 * 1024;

    /// An ask of the umbrella command.
    #[must_use]
    pub fn umbrella(text: impl Into<String>) -> Self {
        Self { command: UMBRELLA.into(), text: text.into() }
    }

    /// What this means in a book. Total: whatever is typed means something.
    #[must_use]
    pub fn wish<'b>(&self, book: &'b Phrasebook) -> Wish<'b> {
        if let Some(draft) = self.draft() {
            return match &*fold(draft) {
                "rules" | "list" => Wish::Rules,
                "help" => Wish::Check(Draft::default()),
                _ => Wish::Check(Draft::read(draft)),
            };
        }
        let text = self.text.get(..self.text.floor_char_boundary(Self::LONGEST)).unwrap_or_default();
        let mut words = Words::read(text);
        let command = self.command(book, &mut words);
        match words.grave(book, command) {
            Some(Grave::Told(matter)) => Wish::Careful(matter),
            grave => words.wish(book, command, grave.and_then(Grave::hinted)),
        }
    }

    /// The command that was typed, or that stands first among the words of the umbrella.
    fn command<'a, 'b>(&'a self, book: &'b Phrasebook, words: &mut Words<'a>) -> Option<&'b Command> {
        let name = self.command.trim().trim_start_matches('/');
        if let Some(command) = book.command(name) {
            return Some(command);
        }
        let folded = fold(name);
        if let Some(command) = book.command(&folded) {
            return Some(command);
        }
        if folded != UMBRELLA && !folded.is_empty() {
            // A command that the book no longer has.
            words.put_first(name);
        }
        words.take_command(book)
    }

    /// What stands after `/check` or `/saywell check`, untouched: it is somebody's draft.
    fn draft(&self) -> Option<&str> {
        let command = fold(&self.command);
        if command == CHECK {
            return Some(&self.text);
        }
        let text = self.text.trim_start_matches(|c| is_space(c) || c == '/');
        let (first, rest) = text.split_at_checked(CHECK.len())?;
        let is_check = first.eq_ignore_ascii_case(CHECK) && rest.chars().next().is_none_or(is_space);
        (is_check && (command == UMBRELLA || command.is_empty())).then_some(rest)
    }
}

#[cfg(test)]
mod tests;
