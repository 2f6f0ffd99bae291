//! What an ask means.

use super::{
    super::{
        careful::Matter,
        model::{Command, Topic},
    },
    choice::Choice,
    draft::Draft,
};

/// What an ask means in a given book. Where there are two texts, the second one is of no use for it.
#[derive(Debug, Clone)]
pub enum Wish<'b> {
    /// How to use a command, or the whole; the words are of no use for that.
    Help(Option<&'b Command>, String),
    /// The topics of a command, or the commands; of the topics, those that the words begin or describe.
    List(Option<&'b Command>, String, String),
    /// Any phrase, of a command or of all.
    Random(Option<&'b Command>, Choice),
    /// A search over a command or over everything.
    Search(Option<&'b Command>, String, String),
    /// The articles, or one of them.
    Sources(Option<String>, String),
    /// Phrases of a topic.
    Phrase {
        /// The topic.
        topic: &'b Topic,
        /// Which of its phrases, filled with what.
        choice: Choice,
        /// What was taken for the topic, where it was not its name.
        guessed: Option<Guess>,
    },
    /// Several words that fit more than one topic, best first.
    Several(Option<&'b Command>, String, Vec<&'b Topic>, String),
    /// Words that may speak of a grave matter, or else of these topics, best first.
    Perhaps(Option<&'b Command>, String, &'b Matter, Vec<&'b Topic>, String),
    /// The review of a draft.
    Check(Draft),
    /// The rules for drafts.
    Rules,
    /// Words of a grave matter, whatever else they fit.
    Careful(&'b Matter),
    /// Words that fit nothing.
    Lost(Option<&'b Command>, String, String),
}

/// How words were understood that are nobody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// A slip of the keyboard: what was typed, and the name that was meant.
    Slip(String, String),
    /// Several words, searched.
    Search(String),
}
