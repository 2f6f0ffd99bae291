//! Which phrases of a topic are wanted, and how, with the marks that say so.

use super::super::{
    model::{Step, Tone},
    phrase::Value,
};

/// Which phrases of a topic, how, and filled with what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Which.
    pub which: Which,
    /// From which step of a play.
    pub step: At,
    /// Only phrases that sound like this, where there are any.
    pub tone: Option<Tone>,
    /// Only phrases of few words, where there are any.
    pub short: bool,
    /// The phrases of a letter by their places, in order, where somebody has chosen them.
    pub letter: Option<Vec<usize>>,
    /// With the reason and the source.
    pub why: bool,
    /// For everyone in the room.
    pub share: bool,
    /// Slots by name, in the order in which they were given, cleaned.
    pub values: Vec<(String, Value)>,
    /// A name that followed the topic, for the slot that takes names.
    pub rest: Option<Value>,
    /// What was typed and cannot be used, word for word.
    pub unused: Vec<String>,
}

/// From which step of a play a phrase is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum At {
    /// Its first.
    #[default]
    Start,
    /// This one.
    Step(Step),
    /// Any of them, by chance.
    Any,
}

/// Which phrases of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// One, by chance.
    #[default]
    Any,
    /// The one with this number, from 1.
    Number(usize),
    /// The one at this place of the topic, from 0: named by its id.
    Place(usize),
    /// Every one.
    All,
    /// The play, in order.
    Steps,
    /// The whole play as one message.
    Letter,
}

/// Of what can be said once only the first counts; another one is not used.
pub(super) fn only<T: Default + PartialEq>(place: &mut T, value: T, typed: &str, unused: &mut Vec<String>) {
    if *place == T::default() {
        *place = value;
    } else if *place != value {
        unused.push(typed.to_owned());
    }
}

impl Which {
    /// As it is typed.
    pub(super) fn word(self) -> Option<String> {
        match self {
            Self::Any | Self::Place(_) => None,
            Self::Number(number) => Some(number.to_string()),
            Self::All => Some("all".into()),
            Self::Steps => Some("steps".into()),
            Self::Letter => Some("letter".into()),
        }
    }
}

impl Choice {
    /// Takes a mark, if the word is one.
    pub(super) fn mark(&mut self, word: &str) -> bool {
        let Self { which, step, tone, unused, .. } = self;
        match word {
            "all" => only(which, Which::All, word, unused),
            "steps" => only(which, Which::Steps, word, unused),
            "letter" | "email" | "reply" => only(which, Which::Letter, word, unused),
            "short" => self.short = true,
            "why" => self.why = true,
            "share" => self.share = true,
            _ => match (word.parse(), word.parse()) {
                (Ok(named), _) => only(step, At::Step(named), word, unused),
                (_, Ok(named)) => only(tone, Some(named), word, unused),
                _ => return false,
            },
        }
        true
    }
}
