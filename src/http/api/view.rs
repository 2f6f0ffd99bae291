//! What programs see: serialisable twins of the book's own types, and each as plain text.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use super::check::RulesView;
use crate::say::{
    answer::Line,
    book::{Article, Command, Phrasebook, Slot, Step, Tone, Topic},
    careful::Matter,
};

/// What a resource holds; written as JSON without a wrapper.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Content<'b> {
    /// The service and its commands.
    Index(IndexView<'b>),
    /// A command and its topics.
    Command(CommandView<'b>),
    /// One phrase.
    Phrase(Box<PhraseView<'b>>),
    /// Several phrases of a topic.
    Phrases(PhrasesView<'b>),
    /// What a search found.
    Search(SearchView<'b>),
    /// The articles.
    Sources(SourcesView<'b>),
    /// An article and what is drawn from it.
    Source(SourceView<'b>),
    /// The rules for drafts.
    Rules(RulesView<'b>),
}

/// The service and its commands.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndexView<'b> {
    /// The version of the program.
    pub version: &'static str,
    /// A fingerprint of the phrasebook: it changes when a phrase does.
    pub phrasebook: String,
    /// How many phrases there are.
    pub phrases: usize,
    /// The commands.
    pub commands: Vec<CommandSummary<'b>>,
}

/// A command in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommandSummary<'b> {
    /// The word after the slash.
    pub name: &'b str,
    /// A word or two for a heading.
    pub title: &'b str,
    /// What it is for.
    pub about: &'b str,
    /// The ids of its topics.
    pub topics: Vec<&'b str>,
}

/// A command and its topics.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommandView<'b> {
    /// The word after the slash.
    pub name: &'b str,
    /// A word or two for a heading.
    pub title: &'b str,
    /// What it is for.
    pub about: &'b str,
    /// Its topics.
    pub topics: Vec<TopicView<'b>>,
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicView<'b> {
    /// The command it belongs to.
    pub command: &'b str,
    /// Its id, unique in the command.
    pub id: &'b str,
    /// A few words for a heading.
    pub title: &'b str,
    /// Other words for it.
    pub aliases: Vec<&'b str>,
    /// When to reach for it.
    pub when: &'b str,
    /// Something to do.
    pub tip: &'b str,
    /// What not to say or do there.
    pub avoid: &'b str,
    /// Topics to look at next, `command.topic`.
    pub related: Vec<&'b str>,
    /// Its slots.
    pub slots: Vec<SlotView<'b>>,
    /// How many phrases it has.
    pub phrases: usize,
    /// Whether they are the steps of a play.
    pub play: bool,
}

/// A slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView<'b> {
    /// Its name, for `name=value`.
    pub name: &'b str,
    /// The question to ask for it.
    pub ask: &'b str,
    /// A value that shows what is meant.
    pub example: &'b str,
    /// What fills it in this phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A phrase.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhraseView<'b> {
    /// Its id, stable for ever: `/phrases/{id}`.
    pub id: String,
    /// The words to say.
    pub text: String,
    /// The command.
    pub command: &'b str,
    /// The topic's id.
    pub topic: &'b str,
    /// The topic's title.
    pub title: &'b str,
    /// Why it works.
    pub why: &'b str,
    /// The article that it is drawn from.
    pub source: SourceRef<'b>,
    /// Where it stands in a play.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// How it sounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// The line in place of which it is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<&'b str>,
    /// Its slots.
    pub slots: Vec<SlotView<'b>>,
    /// Names of slots that show as blanks.
    pub blanks: Vec<&'b str>,
    /// Its number in the topic, from 1; `?n=`.
    pub number: usize,
    /// How many phrases the topic has.
    pub of: usize,
    /// Something to do.
    pub tip: &'b str,
    /// What not to say or do there.
    pub avoid: &'b str,
    /// What was cut, not used or not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An article, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceRef<'b> {
    /// Its id: `/sources/{id}`.
    pub id: &'b str,
    /// Its title.
    pub title: &'b str,
    /// Who wrote it.
    pub author: &'b str,
}

/// Several phrases of a topic.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhrasesView<'b> {
    /// The command.
    pub command: &'b str,
    /// The topic's id.
    pub topic: &'b str,
    /// The topic's title.
    pub title: &'b str,
    /// Whether they are in the order of a play.
    pub play: bool,
    /// The phrases.
    pub phrases: Vec<PhraseView<'b>>,
    /// What was cut, not used or not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchView<'b> {
    /// The grave matter of which the words speak; then the hits are only what is fit for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterView<'b>>,
    /// How many hits there are in all.
    pub total: usize,
    /// Hits from `offset` on, best first: topics, then phrases.
    pub hits: Vec<HitView<'b>>,
    /// What was searched for; a page repeats it, a program knows it.
    #[serde(skip)]
    pub asked: Asked<'b>,
}

/// A grave matter: what is to be known before anything is said.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterView<'b> {
    /// Its id.
    pub id: &'b str,
    /// A few words for a heading.
    pub title: &'b str,
    /// Who should answer, and how.
    pub who: &'b str,
    /// The few lines that are fit to be said.
    pub lines: Vec<&'b str>,
}

impl<'b> MatterView<'b> {
    pub(super) fn new(matter: &'b Matter) -> Self {
        let lines = matter.lines.iter().map(|line| &**line).collect();
        Self { id: &matter.id, title: &matter.title, who: &matter.who, lines }
    }

    pub(super) fn write_text(&self, out: &mut String) {
        let _ = writeln!(out, "{}: {}", self.title, self.who);
        for line in &self.lines {
            let _ = writeln!(out, "  “{line}”");
        }
    }
}

/// What was searched for.
#[derive(Debug)]
pub struct Asked<'b> {
    /// The words, cleaned.
    pub words: String,
    /// Only within this command.
    pub command: Option<&'b str>,
    /// From which hit on.
    pub offset: usize,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitView<'b> {
    /// Where it is: `/recover/billing` or `/phrases/…`.
    pub path: String,
    /// The command.
    pub command: &'b str,
    /// The topic's id.
    pub topic: &'b str,
    /// The topic's title.
    pub title: &'b str,
    /// The phrase's id and words, where it is a phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrase: Option<FoundPhrase>,
}

/// A phrase that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPhrase {
    /// Its id.
    pub id: String,
    /// Its words, unfilled.
    pub text: String,
}

/// The articles.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourcesView<'b> {
    /// Every article.
    pub sources: Vec<ArticleView<'b>>,
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleView<'b> {
    /// What phrases cite.
    pub id: &'b str,
    /// Its title, or a description where it has none.
    pub title: &'b str,
    /// Who wrote it.
    pub author: &'b str,
    /// The day it appeared, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<&'b str>,
    /// Its school of thought.
    pub school: &'b str,
    /// What it advises.
    pub advice: &'b str,
}

/// An article and what is drawn from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceView<'b> {
    /// The article.
    #[serde(flatten)]
    pub article: ArticleView<'b>,
    /// How many phrases are drawn from it.
    pub phrases: usize,
    /// The topics that they are in.
    pub topics: Vec<DrawnView<'b>>,
}

/// A topic with phrases drawn from an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrawnView<'b> {
    /// The command.
    pub command: &'b str,
    /// The topic's id.
    pub topic: &'b str,
    /// The topic's title.
    pub title: &'b str,
    /// The ids of the phrases.
    pub phrases: Vec<String>,
}

impl<'b> IndexView<'b> {
    pub(super) fn new(book: &'b Phrasebook) -> Self {
        let summary = |command: &'b Command| CommandSummary {
            name: &command.name,
            title: &command.title,
            about: &command.about,
            topics: command.topics.iter().map(|topic| &*topic.id).collect(),
        };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            phrasebook: format!("{:016x}", book.hash),
            phrases: book.size(),
            commands: book.commands.iter().map(summary).collect(),
        }
    }
}

impl<'b> CommandView<'b> {
    pub(super) fn new(command: &'b Command) -> Self {
        Self {
            name: &command.name,
            title: &command.title,
            about: &command.about,
            topics: command.topics.iter().map(TopicView::new).collect(),
        }
    }
}

impl<'b> TopicView<'b> {
    fn new(topic: &'b Topic) -> Self {
        Self {
            command: &topic.command,
            id: &topic.id,
            title: &topic.title,
            aliases: topic.aliases.iter().map(AsRef::as_ref).collect(),
            when: &topic.when,
            tip: &topic.tip,
            avoid: &topic.avoid,
            related: topic.related.iter().map(AsRef::as_ref).collect(),
            slots: topic.slots.iter().map(|slot| SlotView::new(slot, None)).collect(),
            phrases: topic.phrases.len(),
            play: topic.is_play(),
        }
    }
}

impl<'b> SlotView<'b> {
    fn new(slot: &'b Slot, value: Option<String>) -> Self {
        Self { name: &slot.name, ask: &slot.ask, example: &slot.example, value }
    }
}

impl<'b> PhraseView<'b> {
    pub(crate) fn new(line: Line<'b>, notes: Vec<String>) -> Self {
        Self {
            id: line.topic.phrase_id(line.phrase),
            text: line.words,
            command: &line.topic.command,
            topic: &line.topic.id,
            title: &line.topic.title,
            why: &line.phrase.why,
            source: SourceRef::new(line.article),
            step: line.phrase.step,
            tone: line.phrase.tone,
            instead_of: line.phrase.instead_of.as_deref(),
            slots: line.slots.into_iter().map(|(slot, value)| SlotView::new(slot, value)).collect(),
            blanks: line.blanks.iter().map(|slot| &*slot.name).collect(),
            number: line.place + 1,
            of: line.topic.phrases.len(),
            tip: &line.topic.tip,
            avoid: &line.topic.avoid,
            notes,
        }
    }

    fn write_text(&self, out: &mut String, why: bool) {
        let _ = writeln!(out, "{}", self.text);
        if why {
            if let Some(bad) = self.instead_of {
                let _ = writeln!(out, "Instead of: “{bad}”");
            }
            let _ = writeln!(out, "Why: {}\nSource: {}, {}", self.why, self.source.title, self.source.author);
        }
    }
}

impl<'b> SourceRef<'b> {
    pub(super) fn new(article: &'b Article) -> Self {
        Self { id: &article.id, title: &article.title, author: &article.author }
    }
}

impl<'b> ArticleView<'b> {
    pub(super) fn new(article: &'b Article) -> Self {
        Self {
            id: &article.id,
            title: &article.title,
            author: &article.author,
            published: article.published.as_deref(),
            school: &article.school,
            advice: &article.advice,
        }
    }

    fn write_text(&self, out: &mut String) {
        let _ = write!(out, "{}\n  {}, {}", self.id, self.title, self.author);
        if let Some(day) = self.published {
            let _ = write!(out, ", {day}");
        }
        let _ = writeln!(out, "\n  School: {}. {}", self.school, self.advice);
    }
}

impl Content<'_> {
    /// The words, for a terminal or a pipe: no more than was asked for, and a newline.
    #[must_use]
    pub fn text(&self, why: bool) -> String {
        let mut out = String::new();
        match self {
            Self::Index(view) => out.push_str(&super::super::page::help(view)),
            Self::Command(view) => {
                for topic in &view.topics {
                    let _ = writeln!(out, "{:<18} {}", topic.id, topic.when);
                }
            }
            Self::Phrase(view) => view.write_text(&mut out, why),
            Self::Phrases(view) => {
                for (phrase, number) in view.phrases.iter().zip(1..) {
                    match phrase.step.filter(|_| view.play) {
                        Some(step) => {
                            let _ = write!(out, "{number}. {}: ", step.label());
                        }
                        None if why => {
                            let _ = write!(out, "{number}. ");
                        }
                        None => {}
                    }
                    phrase.write_text(&mut out, why);
                }
            }
            Self::Search(view) => {
                view.matter.iter().for_each(|matter| matter.write_text(&mut out));
                for hit in &view.hits {
                    let words = hit.phrase.as_ref().map_or(hit.title, |phrase| &phrase.text);
                    let _ = writeln!(out, "{:<34} {words}", hit.path);
                }
                if view.hits.is_empty() && view.matter.is_none() {
                    out.push_str("Nothing was found.\n");
                }
            }
            Self::Sources(view) => view.sources.iter().for_each(|article| article.write_text(&mut out)),
            Self::Rules(view) => view.write_text(&mut out),
            Self::Source(view) => {
                view.article.write_text(&mut out);
                for drawn in &view.topics {
                    let path = format!("/{}/{}", drawn.command, drawn.topic);
                    let _ = writeln!(out, "  {path:<28} {} ({})", drawn.title, drawn.phrases.len());
                }
            }
        }
        out
    }
}
