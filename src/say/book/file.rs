//! The format of the phrasebook's files, as types: what the reader reads, and what editors complete and check.
//!
//! Everything that must be there is an `Option` here, so that the reader can report all that is missing at once.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::model::{Step, Tone};

/// The longest texts, in characters. They leave room in the narrowest place of the chat platforms: a Discord label
/// (45), a Slack button (75), a Discord description (100), a Discord message (2,000).
pub(super) mod longest {
    pub(crate) const COMMAND_TITLE: usize = 40;
    pub(crate) const ABOUT: usize = 100;
    pub(crate) const ASK: usize = 45;
    pub(crate) const EXAMPLE: usize = 40;
    pub(crate) const TITLE: usize = 60;
    pub(crate) const WHEN: usize = 140;
    pub(crate) const TIP: usize = 200;
    pub(crate) const AVOID: usize = 200;
    pub(crate) const ID: usize = 40;
    pub(crate) const SAY: usize = 600;
    pub(crate) const WHY: usize = 160;
    pub(crate) const INSTEAD_OF: usize = 200;
    pub(crate) const CONDITION: usize = 100;
    pub(crate) const SPEAKER: usize = 40;
    pub(crate) const QUESTION: usize = 120;
    pub(crate) const ARTICLE_TITLE: usize = 120;
    pub(crate) const AUTHOR: usize = 80;
    pub(crate) const SCHOOL: usize = 40;
    pub(crate) const ADVICE: usize = 600;
    pub(crate) const URL: usize = 400;
    pub(crate) const GROUP: usize = 400;
    /// A phrase with every slot at its longest.
    pub(crate) const FILLED: usize = 1_900;
}

/// The kinds of file in a phrasebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A command: any name but the others.
    Command,
    /// The articles.
    Sources,
    /// Words that mean much the same.
    Synonyms,
    /// The rules for drafts, and their classes of words.
    Check,
    /// Grave matters.
    Careful,
}

impl Kind {
    /// What the file of this name holds; the name is without its `.toml`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "sources" => Self::Sources,
            "synonyms" => Self::Synonyms,
            "check" | "words" => Self::Check,
            "careful" => Self::Careful,
            _ => Self::Command,
        }
    }
}

/// A command of the phrasebook: `phrasebook/en/recover.toml` is `/recover`.
#[derive(Deserialize, JsonSchema, Default)]
#[schemars(deny_unknown_fields)]
pub(super) struct CommandFile {
    /// A word or two for headings, at most 40 characters. Needed unless the file is laid over one that has it.
    #[schemars(with = "Option<String>", length(max = longest::COMMAND_TITLE))]
    pub(super) title: Option<Spanned<String>>,
    /// What the command is for, one sentence of at most 100 characters. Needed unless the file is laid over one that has it.
    #[schemars(with = "Option<String>", length(max = longest::ABOUT))]
    pub(super) about: Option<Spanned<String>>,
    /// Its place among the commands: lower numbers come first, then the order of names.
    pub(super) order: Option<u16>,
    /// The slots that every topic may use.
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    pub(super) slot: IndexMap<String, SlotEntry>,
    /// The topics, by id (kebab-case).
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    pub(super) topic: IndexMap<String, TopicEntry>,
}

/// A named blank.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SlotEntry {
    /// The question a form asks for it, at most 45 characters: “What is the customer's name?”
    #[schemars(with = "String", length(max = longest::ASK))]
    pub(super) ask: Option<Spanned<String>>,
    /// A value that shows what is meant, at most 40 characters: “Dr. Matt”.
    #[schemars(with = "String", length(max = longest::EXAMPLE))]
    pub(super) example: Option<Spanned<String>>,
    /// Whether a name that follows the topic goes here: `/recover billing Dr Matt`. One slot of a file at most.
    #[serde(default)]
    pub(super) takes_name: bool,
}

/// Phrases for one kind of moment.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TopicEntry {
    /// Whether it is laid over the topic of the same id below rather than put in its place: its phrases come before
    /// those below, a phrase of the same id replaces one, and what it does not say is said below.
    #[serde(default)]
    #[expect(dead_code, reason = "read before the rest; the field is here for the schema and the list of known keys")]
    pub(super) extend: bool,
    /// Phrases of the topic below that are taken away, by id; with `extend` alone.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) hide: Vec<Spanned<String>>,
    /// A few words for headings, at most 60 characters. Needed unless it extends a topic, as are the next three.
    #[schemars(with = "Option<String>", length(max = longest::TITLE))]
    pub(super) title: Option<Spanned<String>>,
    /// Other words that people type for it, kebab-case, unique in the command.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) aliases: Vec<Spanned<String>>,
    /// What people type or say when they want this topic, each at most 120 characters. The search learns from them: ten
    /// are a good start.
    #[serde(default)]
    #[schemars(with = "Vec<String>", inner(length(max = longest::QUESTION)))]
    pub(super) questions: Vec<Spanned<String>>,
    /// The phrases that make the whole play one message, by id, in the order of their steps. None of them may need the
    /// name: it stands in the greeting.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) letter: Vec<Spanned<String>>,
    /// When to reach for it, one sentence of at most 140 characters.
    #[schemars(with = "Option<String>", length(max = longest::WHEN))]
    pub(super) when: Option<Spanned<String>>,
    /// Something to do, at most 200 characters.
    #[schemars(with = "Option<String>", length(max = longest::TIP))]
    pub(super) tip: Option<Spanned<String>>,
    /// What not to say or do there, at most 200 characters.
    #[schemars(with = "Option<String>", length(max = longest::AVOID))]
    pub(super) avoid: Option<Spanned<String>>,
    /// Topics to look at next, as `command.topic`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) related: Vec<Spanned<String>>,
    /// Slots that this topic alone has; they come before the command's.
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    pub(super) slot: IndexMap<String, SlotEntry>,
    /// The phrases: at least two with those below, so that there is always another one.
    #[serde(default)]
    #[expect(dead_code, reason = "read entry by entry; the field is here for the schema and the list of known keys")]
    pub(super) phrase: Vec<PhraseEntry>,
}

/// One thing to say.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PhraseEntry {
    /// Kebab-case, unique within the topic, never changed: people link to it.
    #[schemars(with = "String", regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub(super) id: Option<Spanned<String>>,
    /// The words, with `{{slot}}`, `{{slot|fallback}}` and `[clauses with a {{slot}}]`.
    #[schemars(with = "String", length(max = longest::SAY))]
    pub(super) say: Option<Spanned<String>>,
    /// Why it works, one line of at most 160 characters.
    #[schemars(with = "String", length(max = longest::WHY))]
    pub(super) why: Option<Spanned<String>>,
    /// The article it is drawn from: an id of `sources.toml`.
    #[schemars(with = "String")]
    pub(super) source: Option<Spanned<String>>,
    /// Where it stands, if the topic is a play.
    pub(super) step: Option<Step>,
    /// How it sounds, where that differs.
    pub(super) tone: Option<Tone>,
    /// A line that people really say, in place of which this is offered; plain text of at most 200 characters.
    #[schemars(with = "Option<String>", length(max = longest::INSTEAD_OF))]
    pub(super) instead_of: Option<Spanned<String>>,
    /// What must be so before this may be said, after “Only if”: “you have asked the warehouse”; at most 100 characters.
    #[schemars(with = "Option<String>", length(max = longest::CONDITION))]
    pub(super) only_if: Option<Spanned<String>>,
    /// What must be had before this may be said, after “Needs”: “a manager's yes”; at most 100 characters.
    #[schemars(with = "Option<String>", length(max = longest::CONDITION))]
    pub(super) needs: Option<Spanned<String>>,
    /// Who alone can say this: “manager”; at most 40 characters.
    #[schemars(with = "Option<String>", length(max = longest::SPEAKER))]
    pub(super) speaker: Option<Spanned<String>>,
}

/// The articles behind the phrases, by the id that phrases cite: `phrasebook/sources.toml`.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[expect(dead_code, reason = "only its schema is used; the reader takes one entry at a time")]
pub(super) struct SourcesFile(IndexMap<String, ArticleEntry>);

/// An article.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ArticleEntry {
    /// Its title, or a description where it has none.
    #[schemars(with = "String", length(max = longest::ARTICLE_TITLE))]
    pub(super) title: Option<Spanned<String>>,
    /// Who wrote it.
    #[schemars(with = "String", length(max = longest::AUTHOR))]
    pub(super) author: Option<Spanned<String>>,
    /// The day it appeared, `2013-03-02`; left out where it is not known.
    #[schemars(with = "Option<String>", length(max = 10))]
    pub(super) published: Option<Spanned<String>>,
    /// Where it can be read, `https://…`; left out where it is not known.
    #[schemars(with = "Option<String>", length(max = longest::URL))]
    pub(super) url: Option<Spanned<String>>,
    /// Its school of thought in a few words.
    #[schemars(with = "String", length(max = longest::SCHOOL))]
    pub(super) school: Option<Spanned<String>>,
    /// What it advises, in your own words.
    #[schemars(with = "String", length(max = longest::ADVICE))]
    pub(super) advice: Option<Spanned<String>>,
}

/// General English for the search, `phrasebook/en/synonyms.toml`: who types one word of a group may mean the others, and
/// words of a kind are the same sort of thing. A file of an upper layer adds its groups and its words to those below.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SynonymsFile {
    /// The groups. Each is a line of at most 400 characters: two words or more in lower case, with single spaces
    /// between them; words that belong together are joined by dashes, `on-hold`, at most four of them. A word may stand
    /// in several groups.
    #[schemars(with = "Vec<String>", inner(length(max = longest::GROUP)))]
    #[serde(default)]
    pub(super) groups: Vec<Spanned<String>>,
    /// The kinds, by name. Each is a text of words, written as in a group. What is learned from one word of a kind is of
    /// use for the others; a word may be of four kinds.
    #[schemars(with = "IndexMap<String, String>")]
    #[serde(default)]
    pub(super) kind: IndexMap<String, Spanned<String>>,
}
