//! The phrasebook: what it holds, once it has been read and cross-checked as a whole.
//!
//! `file` is the format as it stands in the files, `parse` turns files into a book or into a list of faults, and
//! `fault` says where in which file something is wrong. `command` reads a command from all its files and `lower` checks
//! it and makes the model of it; `rules` reads the rules by which drafts are reviewed; `keys` knows which keys a record
//! may have. This page is what the rest of the program sees: immutable values, and look-ups whose cost does not grow
//! with the book.

mod command;
mod fault;
mod file;
mod grave;
mod keys;
mod lower;
mod parse;
mod rules;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, OnceLock},
};

use super::{
    careful::Careful,
    check::Check,
    find::Index,
    phrase::{Template, clean},
};

pub use fault::Fault;
pub use file::{Kind, schema};
pub(crate) use parse::KEYWORDS;
pub use parse::{RESERVED, Source};

/// The name of the command that holds all the others: `/saywell recover billing`.
pub const UMBRELLA: &str = "saywell";

/// The slot that holds the writer's own name, which signs a letter.
pub const SIGNATURE: &str = "me";

/// Everything that can be said. Immutable; a change is a new book.
#[derive(Debug)]
pub struct Phrasebook {
    /// The commands, in their own order, then that of their names.
    pub commands: Vec<Command>,
    /// The articles behind the phrases.
    pub articles: Vec<Article>,
    /// The rules by which drafts are reviewed.
    pub check: Check,
    /// Grave matters, and the words that tell them.
    pub careful: Careful,
    /// A fingerprint of every file that was read: the same on every replica that serves the same phrases.
    pub hash: u64,
    slots: HashSet<Box<str>>,
    synonyms: Vec<Box<str>>,
    /// Built by the first who searches.
    index: OnceLock<Index>,
}

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
    names: Names,
}

/// Places of topics by name. They come from the book's own files, so nobody aims at a bucket.
type Names = HashMap<Box<str>, usize, foldhash::fast::FixedState>;

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
    by_id: Vec<u32>,
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
    /// The article that it is drawn from: a place in [`Phrasebook::articles`].
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

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            schemars::JsonSchema, utoipa::ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it stands in the files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// As a person reads it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(word: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|one| one.word() == word).ok_or(())
            }
        }
    };
}

words! {
    /// The steps of a play, in the order in which they are said.
    Step {
        /// Show that the feeling has been heard.
        Acknowledge = "acknowledge", "Acknowledge";
        /// Take the problem on.
        Own = "own", "Own";
        /// Find out what is behind it.
        Explore = "explore", "Explore";
        /// Mend it.
        MakeRight = "make-right", "Make right";
        /// Do more than was owed.
        Exceed = "exceed", "Exceed";
        /// Come back to it later.
        FollowUp = "follow-up", "Follow up";
    }
}

words! {
    /// How a phrase sounds.
    Tone {
        /// Close and friendly.
        Warm = "warm", "Warm";
        /// Short and plain.
        Direct = "direct", "Direct";
        /// For a letter, or a customer who keeps a distance.
        Formal = "formal", "Formal";
    }
}

words! {
    /// How much words in a draft would hurt.
    Severity {
        /// Never send it so.
        Error = "error", "Error";
        /// It will be taken amiss.
        Warning = "warning", "Warning";
        /// There is something better.
        Suggestion = "suggestion", "Suggestion";
    }
}

impl Phrasebook {
    /// Reads a book from files, later ones laid over earlier ones by [`Source::layer`].
    ///
    /// # Errors
    /// Every fault of every file; there is a book only where there is none.
    pub fn parse(sources: &[Source]) -> Result<Self, Vec<Fault>> {
        parse::book(sources, false)
    }

    /// The same where the lowest layer's rules for drafts are known to be good: they are not tried on their examples, and
    /// compiled only when a draft comes.
    ///
    /// # Errors
    /// As [`Phrasebook::parse`], but for those of these rules.
    pub fn parse_with_known_rules(sources: &[Source]) -> Result<Self, Vec<Fault>> {
        parse::book(sources, true)
    }

    /// Gets ready for searches. It takes as long as reading the book, and the first search would have to wait for it.
    pub fn prepare(&self) {
        self.index();
    }

    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::build(&self.commands, &self.synonyms))
    }

    /// Whether any topic has a slot of this name.
    #[must_use]
    pub fn has_slot(&self, name: &str) -> bool {
        self.slots.contains(name)
    }

    /// The command of this name.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<&Command> {
        self.commands.iter().find(|command| *command.name == *name)
    }

    /// The article with this id.
    #[must_use]
    pub fn article(&self, id: &str) -> Option<&Article> {
        self.articles.iter().find(|article| *article.id == *id)
    }

    /// The article that a phrase is drawn from.
    #[must_use]
    pub fn article_of(&self, phrase: &Phrase) -> Option<&Article> {
        self.articles.get(usize::from(phrase.article))
    }

    /// The topic of a dotted name, `recover.billing`.
    #[must_use]
    pub fn topic(&self, dotted: &str) -> Option<&Topic> {
        let (command, topic) = dotted.split_once('.')?;
        self.command(command)?.topic(topic).filter(|found| *found.id == *topic)
    }

    /// The phrase of a full id, `recover.billing.hoped-for`, with its topic and its place there.
    #[must_use]
    pub fn phrase(&self, id: &str) -> Option<(&Topic, usize)> {
        let (topic, phrase) = id.rsplit_once('.')?;
        let topic = self.topic(topic)?;
        Some((topic, topic.place(phrase)?))
    }

    /// Every topic of every command.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.commands.iter().flat_map(|command| &command.topics)
    }

    /// How many phrases there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.topics().map(|topic| topic.phrases.len()).sum()
    }
}

impl Command {
    /// The topic of this id or alias; the name is folded first, so `Not our fault` finds `not-our-fault`.
    #[must_use]
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        let place = match self.names.get(name) {
            Some(place) => place,
            None => self.names.get(&*fold(name))?,
        };
        self.topics.get(*place)
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

/// A name as it is looked up: lower case, apostrophes dropped, everything else that is no letter or digit a single dash.
/// `Not our fault!`, `not_our_fault` and `not–our–fault` are all `not-our-fault`.
#[must_use]
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    fold_into(name, &mut out);
    Cow::Owned(out)
}

/// [`fold`] into a text that is there already, in the place of what it held.
pub(super) fn fold_into(name: &str, out: &mut String) {
    out.clear();
    if name.bytes().all(|b| matches!(b, b' '..=b'~')) {
        fold_letters(name.bytes().map(|b| char::from(b.to_ascii_lowercase())), out);
    } else {
        fold_letters(clean(name).chars().flat_map(char::to_lowercase), out);
    }
}

fn fold_letters(letters: impl Iterator<Item = char>, out: &mut String) {
    let mut gap = false;
    for c in letters {
        if c.is_alphanumeric() {
            if gap {
                out.push('-');
            }
            gap = false;
            out.push(c);
        } else if !matches!(c, '\'' | '’' | '‘' | '\u{300}'..='\u{36f}') {
            gap = !out.is_empty();
        }
    }
}
