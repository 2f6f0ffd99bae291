//! What programs see: serialisable twins of the book's own types, and each as plain text. Whatever asks in whatever way,
//! it gets these.

mod missing;
mod review;

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use missing::{Missing, article, command, no_topic, phrase, shown, topic};
pub(crate) use review::{FindingView, ReviewView, RuleView, RulesView};

use crate::say::{
    answer::{Chosen, Line, line},
    book::{Article, Command, Phrasebook, Slot, Step, Tone, Topic},
    careful::{Grave, Matter},
    find::Hit,
    phrase::{clean, without_codes},
    words,
};

/// The service and its commands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IndexView<'b> {
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
pub(crate) struct CommandSummary<'b> {
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
pub(crate) struct CommandView<'b> {
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
pub(crate) struct TopicView<'b> {
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
pub(crate) struct SlotView<'b> {
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
pub(crate) struct PhraseView<'b> {
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
    /// What must be so before it may be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_if: Option<&'b str>,
    /// What must be had before it may be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'b str>,
    /// Who alone can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<&'b str>,
    /// The same three as sentences, for a person.
    #[serde(skip)]
    pub conditions: Vec<String>,
    /// Where it stands in a play.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// The number of that step in the play, from 1; without steps the phrase's number.
    pub position: usize,
    /// How many steps the play has; without steps how many phrases.
    pub of: usize,
    /// Where a phrase of the next step is, in a play that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
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
    pub phrases: usize,
    /// Whether it has 13 words or fewer before its blanks are filled.
    pub short: bool,
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
pub(crate) struct SourceRef<'b> {
    /// Its id: `/sources/{id}`.
    pub id: &'b str,
    /// Its title.
    pub title: &'b str,
    /// Who wrote it.
    pub author: &'b str,
}

/// Several phrases of a topic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhrasesView<'b> {
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

/// A whole play as one message, ready to paste.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterView<'b> {
    /// The command.
    pub command: &'b str,
    /// The topic's id.
    pub topic: &'b str,
    /// The topic's title.
    pub title: &'b str,
    /// The message, with a greeting and a signature.
    pub text: String,
    /// What has to be known before it is sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The topic's slots, and what fills them.
    pub slots: Vec<SlotView<'b>>,
    /// The ids of the phrases in it, in order.
    pub phrases: Vec<String>,
    /// What was cut, not used or not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchView<'b> {
    /// The grave matter of which the words speak; then the hits are only what is fit for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterView<'b>>,
    /// The grave matter of which the words may speak: ask before any of the hits is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perhaps: Option<MatterView<'b>>,
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
pub(crate) struct MatterView<'b> {
    /// The question whether it is meant.
    #[serde(skip)]
    pub question: String,
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
    pub(crate) fn new(matter: &'b Matter) -> Self {
        let lines = matter.lines.iter().map(|line| &**line).collect();
        Self { question: words::is_it(matter), id: &matter.id, title: &matter.title, who: &matter.who, lines }
    }

    /// As one of several that may be meant.
    pub(crate) fn write_question(&self, out: &mut String) {
        let _ = writeln!(out, "{} {}", self.question, self.who);
    }

    pub(crate) fn write_text(&self, out: &mut String) {
        let _ = writeln!(out, "{}: {}", self.title, self.who);
        for line in &self.lines {
            let _ = writeln!(out, "  “{line}”");
        }
    }
}

/// What was searched for.
#[derive(Debug)]
pub(crate) struct Asked<'b> {
    /// The words, cleaned.
    pub words: String,
    /// Only within this command.
    pub command: Option<&'b str>,
    /// From which hit on.
    pub offset: usize,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitView<'b> {
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
pub(crate) struct FoundPhrase {
    /// Its id.
    pub id: String,
    /// Its words, unfilled.
    pub text: String,
}

/// The articles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcesView<'b> {
    /// Every article.
    pub sources: Vec<ArticleView<'b>>,
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleView<'b> {
    /// What phrases cite.
    pub id: &'b str,
    /// Its title, or a description where it has none.
    pub title: &'b str,
    /// Who wrote it.
    pub author: &'b str,
    /// The day it appeared, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<&'b str>,
    /// Where it can be read, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'b str>,
    /// Its school of thought.
    pub school: &'b str,
    /// What it advises.
    pub advice: &'b str,
}

/// An article and what is drawn from it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceView<'b> {
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
pub(crate) struct DrawnView<'b> {
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
    pub(crate) fn new(book: &'b Phrasebook) -> Self {
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
    pub(crate) fn new(command: &'b Command) -> Self {
        Self {
            name: &command.name,
            title: &command.title,
            about: &command.about,
            topics: command.topics.iter().map(TopicView::new).collect(),
        }
    }
}

impl<'b> TopicView<'b> {
    pub(crate) fn new(topic: &'b Topic) -> Self {
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
    pub(crate) fn new(slot: &'b Slot, value: Option<String>) -> Self {
        Self { name: &slot.name, ask: &slot.ask, example: &slot.example, value }
    }
}

impl<'b> PhraseView<'b> {
    pub(crate) fn new(line: Line<'b>, notes: Vec<String>) -> Self {
        let phrases = line.topic.phrases.len();
        let (position, of) = line.position().map_or((line.place + 1, phrases), |(_, position, of)| (position, of));
        let (command, topic) = (&line.topic.command, &line.topic.id);
        Self {
            id: line.topic.phrase_id(line.phrase),
            only_if: line.phrase.only_if.as_deref(),
            needs: line.phrase.needs.as_deref(),
            speaker: line.phrase.speaker.as_deref(),
            conditions: line.conditions().collect(),
            position,
            of,
            next: line.next_step().map(|step| format!("/{command}/{topic}?step={step}")),
            phrases,
            short: line.phrase.is_short(),
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
            tip: &line.topic.tip,
            avoid: &line.topic.avoid,
            notes,
        }
    }

    /// Only the words, unless the reason was asked for; then what must be known first, too.
    pub(crate) fn write_text(&self, out: &mut String, why: bool) {
        let _ = writeln!(out, "{}", self.text);
        if why {
            for condition in &self.conditions {
                let _ = writeln!(out, "{condition}");
            }
            if let Some(bad) = self.instead_of {
                let _ = writeln!(out, "Instead of: “{bad}”");
            }
            let _ = writeln!(out, "Why: {}\nSource: {}, {}", self.why, self.source.title, self.source.author);
        }
    }
}

impl<'b> SourceRef<'b> {
    pub(crate) fn new(article: &'b Article) -> Self {
        Self { id: &article.id, title: &article.title, author: &article.author }
    }
}

impl<'b> ArticleView<'b> {
    fn new(article: &'b Article) -> Self {
        Self {
            id: &article.id,
            title: &article.title,
            author: &article.author,
            published: article.published.as_deref(),
            url: article.url.as_deref(),
            school: &article.school,
            advice: &article.advice,
        }
    }

    pub(crate) fn write_text(&self, out: &mut String) {
        let _ = write!(out, "{}\n  {}, {}", self.id, self.title, self.author);
        if let Some(day) = self.published {
            let _ = write!(out, ", {day}");
        }
        let _ = writeln!(out, "\n  School: {}. {}", self.school, self.advice);
        if let Some(url) = self.url {
            let _ = writeln!(out, "  {url}");
        }
    }
}

impl<'b> PhrasesView<'b> {
    /// Phrases that were chosen; as a play where they stand in the order of its steps.
    pub(crate) fn new(topic: &'b Topic, chosen: Chosen<'b>, play: bool) -> Self {
        Self {
            command: &topic.command,
            topic: &topic.id,
            title: &topic.title,
            play,
            phrases: chosen.lines.into_iter().map(|line| PhraseView::new(line, Vec::new())).collect(),
            notes: chosen.notes,
        }
    }
}

impl<'b> LetterView<'b> {
    /// The letter that was chosen.
    pub(crate) fn new(topic: &'b Topic, chosen: Chosen<'b>) -> Self {
        let mut conditions: Vec<String> = Vec::new();
        for condition in chosen.lines.iter().flat_map(Line::conditions) {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        Self {
            command: &topic.command,
            topic: &topic.id,
            title: &topic.title,
            text: chosen.letter.unwrap_or_default(),
            conditions,
            slots: topic.slots.iter().zip(chosen.values).map(|(slot, value)| SlotView::new(slot, value)).collect(),
            phrases: chosen.lines.iter().map(|line| topic.phrase_id(line.phrase)).collect(),
            notes: chosen.notes,
        }
    }
}

impl<'b> SearchView<'b> {
    /// Searches, in one command if one is given. Of a grave matter there are only the topics that are fit for it.
    pub(crate) fn new(
        book: &'b Phrasebook,
        command: Option<&'b Command>,
        words: &str,
        limit: usize,
        offset: usize,
    ) -> Self {
        let said = without_codes(words);
        let grave = book.careful.look(&said);
        let matter = grave.and_then(Grave::told);
        let fit = |topic| Hit { topic, phrase: None, score: 1.0 };
        let hits = match matter {
            Some(matter) => matter.topics.iter().filter_map(|topic| book.topic(topic)).map(fit).collect(),
            None => book.search(command, &said),
        };
        Self {
            matter: matter.map(MatterView::new),
            perhaps: grave.and_then(Grave::hinted).map(MatterView::new),
            total: hits.len(),
            hits: hits.iter().skip(offset).take(limit).map(|hit| HitView::new(book, hit)).collect(),
            asked: Asked { words: clean(words), command: command.map(|command| &*command.name), offset },
        }
    }
}

impl<'b> HitView<'b> {
    fn new(book: &'b Phrasebook, hit: &Hit<'b>) -> Self {
        let topic = hit.topic;
        let phrase = hit.phrase.and_then(|place| line(book, topic, place, &[]));
        Self {
            path: match &phrase {
                Some(line) => format!("/phrases/{}", topic.phrase_id(line.phrase)),
                None => format!("/{}/{}", topic.command, topic.id),
            },
            command: &topic.command,
            topic: &topic.id,
            title: &topic.title,
            phrase: phrase.map(|line| FoundPhrase { id: topic.phrase_id(line.phrase), text: line.words }),
        }
    }
}

impl<'b> SourcesView<'b> {
    /// Every article of a book.
    pub(crate) fn new(book: &'b Phrasebook) -> Self {
        Self { sources: book.articles.iter().map(ArticleView::new).collect() }
    }
}

impl<'b> SourceView<'b> {
    /// An article of a book.
    pub(crate) fn new(book: &'b Phrasebook, article: &'b Article) -> Self {
        let drawn = |topic: &'b Topic| {
            let of_article = topic
                .phrases
                .iter()
                .filter(|phrase| book.article_of(phrase).is_some_and(|one| one.id == article.id))
                .map(|phrase| topic.phrase_id(phrase));
            DrawnView { command: &topic.command, topic: &topic.id, title: &topic.title, phrases: of_article.collect() }
        };
        let topics: Vec<DrawnView<'_>> = book.topics().map(drawn).filter(|drawn| !drawn.phrases.is_empty()).collect();
        Self {
            article: ArticleView::new(article),
            phrases: topics.iter().map(|drawn| drawn.phrases.len()).sum(),
            topics,
        }
    }
}
