//! The phrasebook: everything that can be said, once it has been read and cross-checked as a whole.
//!
//! `file` is the format as it stands in the files, and `source` a file with its faults. `reader` takes what any file may
//! hold and keeps the faults; `articles`, `synonyms`, `command`, `questions`, `rules` and `grave` read the kinds of file, `lower` checks
//! a command and makes the model of it, `parse` puts the book together. `keys` knows which keys a record may have, `reserved` which
//! names mean something else, `schema` tells editors of the format. This page is what the rest of the program sees:
//! immutable values, and look-ups whose cost does not grow with the book.

mod articles;
mod command;
mod fault;
mod file;
mod grave;
mod keys;
mod lower;
mod parse;
mod questions;
mod reader;
mod reserved;
mod rules;
mod schema;
mod source;
mod synonyms;

use std::{collections::HashSet, sync::OnceLock};

use super::{
    careful::Careful,
    check::{self, Around, Check, Review},
    find::{Found, Hit, Index, Plays, Thesaurus},
    model,
};

pub use super::model::{Article, Command, Phrase, SIGNATURE, Severity, Slot, Step, Tone, Topic, UMBRELLA, fold};
pub use fault::Fault;
pub use file::Kind;
pub use schema::schema;
pub use source::{Later, Source};

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
    /// The names of all slots. They come from the book's own files, so nobody aims at a bucket.
    slots: HashSet<Box<str>, foldhash::fast::FixedState>,
    thesaurus: Thesaurus,
    /// What the first search has to read besides.
    later: Option<Later>,
    /// Built by the first who searches.
    index: OnceLock<Index>,
    /// Built for the first draft that answers a problem.
    plays: OnceLock<Plays>,
}

impl Phrasebook {
    /// Gets ready for searches. It takes as long as reading the book, and the first search would have to wait for it.
    pub fn prepare(&self) {
        self.index();
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let files = self.later.map_or_else(Vec::new, |later| (later.unpack)(later.packed));
            let mut thesaurus = synonyms::read(&files);
            thesaurus.extend(&self.thesaurus);
            Index::build(&self.commands, &thesaurus, &questions::by_topic(&files))
        })
    }

    /// Topics that fit a question; those of one command only, if one is given.
    #[must_use]
    pub fn find(&self, command: Option<&Command>, question: &str) -> Found<'_> {
        self.index().find(&self.commands, command, question)
    }

    /// Topics, then phrases, that fit a question, best first; those of one command only, if one is given.
    #[must_use]
    pub fn search(&self, command: Option<&Command>, question: &str) -> Vec<Hit<'_>> {
        self.index().search(&self.commands, command, question)
    }

    /// Whether the search knows a word, in lower case, or takes it for a slip of one that it knows.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.index().knows(word)
    }

    /// The topic whose id or alias was probably meant by a slip of the keyboard, with the name as it should be.
    #[must_use]
    pub fn slip(&self, command: Option<&Command>, word: &str) -> Option<(&Topic, &str)> {
        self.index().slip(&self.commands, command, word)
    }

    /// Reviews a draft. Whoever calls sees to it that it is no longer than [`check::LONGEST`].
    #[must_use]
    pub fn review(&self, draft: &str, options: &check::Options) -> Review<'_> {
        let plays = || self.plays.get_or_init(|| Plays::of(&self.commands));
        let about = |words: &str| plays().about(&self.commands, words);
        let around = Around { commands: &self.commands, articles: &self.articles, about: &about };
        let review = self.check.review(draft, options, &around);
        match self.careful.matter(draft) {
            // Who should answer comes first: what the draft lacks and how it could read is no longer for its writer to say.
            Some(matter) => Review { matter: Some(matter), moves: Vec::new(), after: None, ..review },
            None => review,
        }
    }

    /// Whether any topic has a slot of this name.
    #[must_use]
    pub fn has_slot(&self, name: &str) -> bool {
        self.slots.contains(name)
    }

    /// The command of this name.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<&Command> {
        model::command(&self.commands, name)
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
        model::topic(&self.commands, dotted)
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
