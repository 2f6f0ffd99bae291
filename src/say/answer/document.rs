//! An answer, as types: a heading, lines to say, and what one can do next.

use std::{borrow::Cow, ptr, time::Duration};

use super::super::{
    ask::Choice,
    model::{Article, Phrase, Slot, Step, Topic, UMBRELLA},
    words,
};

/// An answer: plain words and what one can do next. No markup; who writes it out escapes it.
#[derive(Debug, Default)]
pub struct Answer<'b> {
    /// What it is about, a few words.
    pub heading: Cow<'b, str>,
    /// What was understood, and what was not used.
    pub notes: Vec<String>,
    /// What to say.
    pub lines: Vec<Line<'b>>,
    /// The lines as one message, ready to paste.
    pub letter: Option<String>,
    /// What fills each slot of the topic, used or not.
    pub values: Vec<Option<String>>,
    /// Paragraphs of ours.
    pub text: Vec<Cow<'b, str>>,
    /// What can be typed, and what it does.
    pub usage: Vec<(String, &'static str)>,
    /// What to choose from.
    pub entries: Vec<Entry<'b>>,
    /// The topic of the lines: its tip, what to avoid.
    pub topic: Option<&'b Topic>,
    /// What one can do with the line.
    pub buttons: Vec<Button>,
    /// Who is to see it.
    pub audience: Audience,
    /// Whether the reason was asked for.
    pub why: bool,
    /// Whether it holds what was asked for.
    pub found: bool,
    /// The line was picked by chance.
    pub by_chance: bool,
}

/// A line to say, filled.
#[derive(Debug)]
pub struct Line<'b> {
    /// The phrase.
    pub phrase: &'b Phrase,
    /// Its topic.
    pub topic: &'b Topic,
    /// Its place in the topic, from 0.
    pub place: usize,
    /// The words to say.
    pub words: String,
    /// The article behind it.
    pub article: &'b Article,
    /// Its slots, each with what fills it.
    pub slots: Vec<(&'b Slot, Option<String>)>,
    /// The slots that show as blanks.
    pub blanks: Vec<&'b Slot>,
}

/// Something to choose.
#[derive(Debug)]
pub struct Entry<'b> {
    /// A few words: a topic's title, a command's name.
    pub label: Cow<'b, str>,
    /// What it is, in a sentence.
    pub detail: Cow<'b, str>,
    /// What to ask of the umbrella command for it.
    pub ask: String,
    /// The topic that it is, or of which it is a phrase.
    pub topic: Option<&'b Topic>,
}

/// A button under a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What kind.
    pub kind: ButtonKind,
    /// What stands on it.
    pub label: &'static str,
    /// What to ask of the umbrella command when it is pressed; for a form, before its fields are added.
    pub ask: String,
}

/// The kinds of buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ButtonKind {
    /// Another phrase of the same step in place of this one.
    Another,
    /// A phrase of the next step.
    Next,
    /// A form with one field a slot.
    Fill,
    /// A form with one field, of several lines.
    Draft,
    /// Only the words, for everyone.
    Share,
    /// The whole play.
    Play,
    /// The whole play as one message.
    Letter,
}

/// Who is to see an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Audience {
    /// The person who asked.
    #[default]
    Person,
    /// Everyone in the room; then only the words are posted, never the coaching.
    Room,
}

impl Answer<'_> {
    /// With words that are of no use for it, said first.
    pub(super) fn with_left(mut self, left: &str) -> Self {
        if !left.is_empty() {
            self.notes.insert(0, words::left(left));
        }
        self
    }
}

impl<'b> Line<'b> {
    /// Where it stands in a play: its step, the number of that, and how many there are.
    #[must_use]
    pub fn position(&self) -> Option<(Step, usize, usize)> {
        let step = self.phrase.step?;
        let steps = || self.topic.steps();
        Some((step, steps().position(|one| one == step)? + 1, steps().count()))
    }

    /// The step that comes after it.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        self.topic.next_step(self.phrase.step?)
    }

    /// The ask of the umbrella command that means this very line again, filled as it is.
    #[must_use]
    pub fn again(&self) -> String {
        let values: Vec<(&str, &str)> =
            self.slots.iter().filter_map(|(slot, value)| Some((&*slot.name, value.as_deref()?))).collect();
        Choice::ask(self.topic, Some(&self.phrase.id), "", &values)
    }

    /// What stands before it among several: its number, its step, and what has to be known first.
    #[must_use]
    pub fn label(&self, number: usize) -> String {
        words::label(number, self.phrase.step, self.conditions())
    }

    /// What has to be known before it is said: a sentence each.
    pub fn conditions(&self) -> impl Iterator<Item = String> + use<'b> {
        words::conditions(self.phrase)
    }
}

impl<'b> Answer<'b> {
    /// A polite word to someone who asks too much.
    #[must_use]
    pub fn too_many(wait: Duration) -> Self {
        Self { heading: words::too_many(wait).into(), ..Self::default() }
    }

    /// The phrase that chance picked, if it did: its topic and its place there.
    #[must_use]
    pub fn chance(&self) -> Option<(&'b Topic, usize)> {
        let line = self.lines.first().filter(|_| self.by_chance)?;
        Some((line.topic, line.place))
    }
}

impl<'b> Answer<'b> {
    /// The button for a form with a draft in it, where one is wanted.
    #[must_use]
    pub fn draft(&self) -> Option<&Button> {
        self.buttons.iter().find(|one| one.kind == ButtonKind::Draft)
    }

    /// Every blank of the topic with what fills it, those of the line first: what a form asks for.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'b Slot, Option<&str>)> {
        let slots = self.topic.into_iter().flat_map(|topic| &topic.slots).map(|slot| &**slot);
        let mut fields: Vec<(&Slot, Option<&str>)> = slots.zip(self.values.iter().map(Option::as_deref)).collect();
        let is_own = |slot: &Slot| self.lines.iter().any(|line| line.slots.iter().any(|(own, _)| ptr::eq(*own, slot)));
        fields.sort_by_key(|(slot, _)| !is_own(slot));
        fields
    }

    /// What is asked with what a form for the blanks is filled with; none where there is nothing to fill.
    #[must_use]
    pub fn form_ask(&self, mark: &str, values: &[(&str, &str)]) -> Option<String> {
        let topic = self.topic.filter(|_| !self.values.is_empty())?;
        if self.letter.is_some() {
            return Some(Choice::ask(topic, None, "letter", values));
        }
        let [line] = &*self.lines else { return None };
        Some(Choice::ask(topic, Some(&line.phrase.id), mark, values))
    }

    /// What has to be known before the lines are said, each once.
    #[must_use]
    pub fn conditions(&self) -> Vec<String> {
        let mut conditions: Vec<String> = Vec::new();
        // Of several lines each says its own.
        let own = self.lines.iter().filter(|_| self.letter.is_some() || self.lines.len() == 1);
        for condition in own.flat_map(Line::conditions) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        conditions
    }

    /// What there is to say: one line, or the letter.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        match (&self.letter, &*self.lines) {
            (Some(letter), _) => Some(letter),
            (None, [line]) => Some(&line.words),
            _ => None,
        }
    }

    /// The command of its topic, for counting; the umbrella's where it has none.
    #[must_use]
    pub fn command(&self) -> &str {
        self.topic.map_or(UMBRELLA, |topic| &topic.command)
    }
}
