//! What a phrasebook holds, as types that all of `say` stands on: commands, topics, phrases, articles.
//!
//! `name` is how names are looked up, `scale` the closed lists of words: steps, tones, severities.

mod name;
mod scale;

use std::{collections::HashMap, fmt, sync::Arc};

use super::phrase::Template;

pub use name::fold;
pub(in crate::say) use name::fold_into;
pub use scale::{Severity, Step, Tone};

/// The name of the command that holds all the others: `/saywell recover billing`.
pub const UMBRELLA: &str = "saywell";

/// The slot that holds the writer's own name, which signs a letter.
pub const SIGNATURE: &str = "me";

/// A command, `/recover`: a file of topics.
#[derive(Debug)]
pub struct Command {
    /// The word after the slash, kebab-case.
    pub name: Arc<str>,
    /// A word or two for a heading.
    pub title: Box<str>,
    /// What it is for, in one sentence.
    pub about: Box<str>,
    /// Its place among the commands; those of the same place stand by name.
    pub order: u16,
    /// Its topics, in the order of the file.
    pub topics: Vec<Topic>,
    /// Ids and aliases, folded, to places in `topics`.
    pub(in crate::say) names: Names,
}

/// Places of topics by name. They come from the book's own files, so nobody aims at a bucket.
pub(in crate::say) type Names = HashMap<Box<str>, usize, foldhash::fast::FixedState>;

/// A topic, `billing`: phrases for one kind of moment.
#[derive(Debug)]
pub struct Topic {
    /// The command it belongs to.
    pub command: Arc<str>,
    /// Unique within its command, kebab-case, stable for ever.
    pub id: Arc<str>,
    /// A few words for a heading.
    pub title: Box<str>,
    /// Other words for it, as people type them.
    pub aliases: Vec<Box<str>>,
    /// What people type when they want it.
    pub questions: Vec<Box<str>>,
    /// Whether something of it stands in the lowest layer, whose questions the first search may have to read yet.
    pub(in crate::say) from_lowest: bool,
    /// Places in `phrases`, in order, of what makes the whole play one message; empty where there is no letter.
    pub letter: Box<[u32]>,
    /// When to reach for it.
    pub when: Box<str>,
    /// Something to do.
    pub tip: Box<str>,
    /// What not to say or do there.
    pub avoid: Box<str>,
    /// Topics to look at next, `command.topic`; known to exist.
    pub related: Vec<Box<str>>,
    /// The blanks that its phrases can have.
    pub slots: Vec<Arc<Slot>>,
    /// The phrases: in step order where the topic is a play, otherwise in the order of the file.
    pub phrases: Vec<Phrase>,
    /// Places in `phrases`, sorted by id.
    pub(in crate::say) by_id: Vec<u32>,
}

/// A named blank.
#[derive(Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name in templates and in `name=value`.
    pub name: Box<str>,
    /// The question a form asks for it.
    pub ask: Box<str>,
    /// A value that shows what is meant.
    pub example: Box<str>,
    /// Whether a name that follows the topic goes here.
    pub takes_name: bool,
}

/// One thing to say.
#[derive(Debug)]
pub struct Phrase {
    /// Unique within its topic, stable for ever.
    pub id: Box<str>,
    /// The words, with their slots.
    pub say: Template,
    /// Why it works, in one line.
    pub why: Box<str>,
    /// The article that it is drawn from: a place in the book's articles.
    pub article: u16,
    /// Where it stands in a play.
    pub step: Option<Step>,
    /// How it sounds.
    pub tone: Option<Tone>,
    /// The line that it is to be said instead of.
    pub instead_of: Option<Box<str>>,
    /// What must be so before it may be said.
    pub only_if: Option<Box<str>>,
    /// What must be had before it may be said.
    pub needs: Option<Box<str>>,
    /// Who alone can say it.
    pub speaker: Option<Box<str>>,
}

/// An article behind the phrases.
#[derive(Debug, PartialEq, Eq)]
pub struct Article {
    /// What phrases cite.
    pub id: Box<str>,
    /// Its title, or a description where it has none.
    pub title: Box<str>,
    /// Who wrote it.
    pub author: Box<str>,
    /// The day it appeared, where that is known.
    pub published: Option<Box<str>>,
    /// Where it can be read, where that is known.
    pub url: Option<Box<str>>,
    /// Its school of thought, in a few words.
    pub school: Box<str>,
    /// What it advises, in our words.
    pub advice: Box<str>,
}

impl Command {
    /// The topic of this id or alias; the name is folded first, so `Not our fault` finds `not-our-fault`.
    #[must_use]
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.named(name).or_else(|| self.named(&fold(name)))
    }

    /// The topic of this id or alias, which is folded already.
    pub(in crate::say) fn named(&self, folded: &str) -> Option<&Topic> {
        self.topics.get(*self.names.get(folded)?)
    }

    /// The slot of this name, wherever in the command it is declared.
    #[must_use]
    pub fn has_slot(&self, name: &str) -> bool {
        self.topics.iter().any(|topic| topic.slot(name).is_some())
    }
}

impl Topic {
    /// The number of the slot with this name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| *slot.name == *name)
    }

    /// The place of the phrase with this id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        let at = self
            .by_id
            .binary_search_by(|place| self.phrases.get(*place as usize).map_or("", |phrase| &phrase.id).cmp(id))
            .ok()?;
        self.by_id.get(at).map(|place| *place as usize)
    }

    /// Its dotted name, `recover.billing`.
    #[must_use]
    pub fn dotted(&self) -> String {
        [&self.command, ".", &self.id].concat()
    }

    /// The full id of one of its phrases.
    #[must_use]
    pub fn phrase_id(&self, phrase: &Phrase) -> String {
        [&self.command, ".", &self.id, ".", &phrase.id].concat()
    }

    /// Whether its phrases are the steps of a play.
    #[must_use]
    pub fn is_play(&self) -> bool {
        self.first_step().is_some()
    }

    /// The step with which it begins, if it is a play.
    #[must_use]
    pub fn first_step(&self) -> Option<Step> {
        // The phrases stand in the order of their steps.
        self.phrases.first()?.step
    }

    /// The steps that it has, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        let mut last = None;
        self.phrases.iter().filter_map(move |phrase| {
            let is_new = phrase.step != last;
            last = phrase.step;
            phrase.step.filter(|_| is_new)
        })
    }

    /// The step after this one.
    #[must_use]
    pub fn next_step(&self, step: Step) -> Option<Step> {
        self.steps().find(|next| *next > step)
    }

    /// Whether a phrase can stand in a letter, whose greeting alone has the name.
    #[must_use]
    pub fn fits_letter(&self, phrase: &Phrase) -> bool {
        let is_name = |number: &u16| Some(usize::from(*number)) == self.name_slot();
        !phrase.say.required().iter().any(is_name)
    }

    /// The number of the slot that takes a name, if one does.
    #[must_use]
    pub fn name_slot(&self) -> Option<usize> {
        self.slots.iter().position(|slot| slot.takes_name)
    }
}

impl Phrase {
    /// As many words, before its blanks are filled, make a short phrase.
    pub const SHORT: usize = 13;

    /// Whether it can be said in a breath.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.say.fill(&[]).split_whitespace().count() <= Self::SHORT
    }
}

impl fmt::Display for Article {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.title, self.author)
    }
}

/// The command of this name.
pub(in crate::say) fn command<'b>(commands: &'b [Command], name: &str) -> Option<&'b Command> {
    commands.iter().find(|command| *command.name == *name)
}

/// The topic of a dotted name, `recover.billing`.
pub(in crate::say) fn topic<'b>(commands: &'b [Command], dotted: &str) -> Option<&'b Topic> {
    let (name, topic) = dotted.split_once('.')?;
    command(commands, name)?.topic(topic).filter(|found| *found.id == *topic)
}
