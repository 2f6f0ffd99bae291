//! What searches go through, built once with the book: where every word, name and synonym stands.

use std::collections::HashMap as Map;

use foldhash::{HashMap, HashSet};
use indexmap::IndexMap;

use super::{
    super::{
        english::{Stems, is_function_word},
        model::{Command, Topic, fold_into},
    },
    kinds::Kinds,
    learned::{Learned, LearnedToken, Lesson},
    run::Run,
    slips::Slips,
};

/// A word that stands in more phrases than this tells nothing about any of them.
const COMMON: u32 = 400;
/// A question of so many words is as good as a name.
const SHORT_QUESTION: usize = 3;
/// The words of the longest synonym.
pub(in crate::say) const LONGEST_SYNONYM: usize = 4;

/// How much a word counts, by where it stands.
mod weight {
    pub(super) const NAME: f32 = 5.0;
    pub(super) const QUESTION: f32 = 4.0;
    pub(super) const TITLE: f32 = 3.0;
    pub(super) const WHEN: f32 = 2.5;
    pub(super) const COMMAND: f32 = 1.5;
    pub(super) const PHRASE: f32 = 1.0;
    pub(super) const ADVICE: f32 = 0.8;
}

/// How surely a name is meant by its words, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Id,
    Alias,
    Question,
}

/// General English for the search.
#[derive(Debug, Default)]
pub(in crate::say) struct Thesaurus {
    /// Groups of names that mean much the same, each a line.
    pub(in crate::say) synonyms: Vec<Box<str>>,
    /// Kinds of words: their names, and each time such a name was met the words of it.
    pub(in crate::say) kinds: IndexMap<Box<str>, String>,
}

impl Thesaurus {
    /// Adds another one to it.
    pub(in crate::say) fn extend(&mut self, other: &Self) {
        self.synonyms.extend_from_slice(&other.synonyms);
        for (name, words) in &other.kinds {
            self.kinds.entry(name.clone()).or_default().push_str(words);
        }
    }
}

/// What searches go through.
#[derive(Debug, Default)]
pub(in crate::say) struct Index {
    /// The place of every topic: command, topic.
    pub(super) topics: Vec<(u32, u32)>,
    /// The place of every phrase: flat topic, phrase.
    pub(super) phrases: Vec<(u32, u32)>,
    /// Stems to terms. A term is a stem or a group of synonyms.
    pub(super) stems: HashMap<Box<str>, u32>,
    pub(super) kinds: Kinds,
    pub(super) learned: Learned,
    pub(super) in_topics: Postings,
    pub(super) in_phrases: Postings,
    /// Synonyms to the terms of their groups.
    pub(super) synonyms: Runs<u32>,
    /// Names and short questions to flat topics.
    pub(super) names: Runs<(u32, Rank)>,
    /// The words of names, titles, when-to-use and synonyms as written, sorted, with their terms; and their slips.
    pub(super) words: Vec<(Box<str>, u32)>,
    pub(super) slips: Slips,
    /// Every id and alias with its flat topic, and their slips.
    pub(super) labels: Vec<(Box<str>, u32)>,
    pub(super) label_slips: Slips,
}

/// What runs of words lead to, sorted by their keys: most lead to one thing, and a table of lists would be several times as
/// large.
#[derive(Debug)]
pub(super) struct Runs<T>(Vec<(u64, T)>);

/// Where each term stands: one list for all, since there are very many and most are short.
#[derive(Debug, Default)]
pub(super) struct Postings {
    starts: Box<[u32]>,
    places: Box<[Posting]>,
}

/// A document, and how much a word counts in it, in tenths: four bytes, since there are very many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting(u32);

impl Index {
    /// The term of a word that tells nothing.
    pub(super) const NO_TERM: u32 = u32::MAX;

    /// Reads all that is written in the commands, and more questions for topics that have something in the lowest layer.
    pub(in crate::say) fn build(
        commands: &[Command],
        thesaurus: &Thesaurus,
        more: &Map<(&str, &str), Vec<&str>>,
    ) -> Self {
        let mut builder = Builder::default();
        builder.index.kinds = Kinds::of(&builder.stems, thesaurus.kinds.values().map(String::as_str));
        builder.groups(&thesaurus.synonyms);
        for (command, place) in commands.iter().zip(0..) {
            for (topic, topic_place) in command.topics.iter().zip(0..) {
                let more = more.get(&(&*topic.command, &*topic.id)).filter(|_| topic.from_lowest);
                let own = topic.questions.iter().map(|asked| &**asked);
                let asked: Vec<&str> = own.chain(more.into_iter().flatten().copied()).collect();
                builder.topic(command, topic, &asked, (place, topic_place));
            }
        }
        builder.finish()
    }
}

impl<T> Runs<T> {
    fn of(mut entries: Vec<(u64, T)>) -> Self {
        entries.sort_by_key(|(key, _)| *key);
        entries.shrink_to_fit();
        Self(entries)
    }

    /// All that this run leads to, in the order of the book.
    pub(super) fn of_run(&self, run: Run) -> impl Iterator<Item = &T> {
        let key = run.key();
        let from = self.0.partition_point(|(known, _)| *known < key);
        self.0.iter().skip(from).take_while(move |(known, _)| *known == key).map(|(_, led)| led)
    }
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Postings {
    /// Sorts the entries by term, keeping the order of documents.
    fn of(terms: usize, entries: Vec<(u32, Posting)>) -> Self {
        let mut counts = vec![0_u32; terms];
        for (term, _) in &entries {
            if let Some(count) = counts.get_mut(*term as usize) {
                *count += u32::from(*count < COMMON);
            }
        }
        let mut end = 0;
        let ends = counts.iter().map(|count| {
            end += count;
            end
        });
        let starts: Box<[u32]> = std::iter::once(0).chain(ends).collect();
        let mut places = vec![Posting(0); end as usize].into_boxed_slice();
        for (term, place) in entries {
            // `counts` is now what is still to come of each term.
            let term = term as usize;
            if let (Some(left), Some(end)) = (counts.get_mut(term), starts.get(term + 1))
                && *left > 0
                && let Some(slot) = places.get_mut((end - *left) as usize)
            {
                *slot = place;
                *left -= 1;
            }
        }
        Self { starts, places }
    }

    /// The places of a term, in the order of the book.
    pub(super) fn of_term(&self, term: u32) -> &[Posting] {
        let bound = |at: usize| self.starts.get(at).map(|bound| *bound as usize);
        let range = bound(term as usize).zip(bound(term as usize + 1));
        range.and_then(|(from, to)| self.places.get(from..to)).unwrap_or_default()
    }
}

impl Posting {
    fn new(document: u32, tenths: u32) -> Self {
        Self(document << 6 | tenths.min(63))
    }

    pub(super) fn document(self) -> u32 {
        self.0 >> 6
    }

    pub(super) fn weight(self) -> f32 {
        f32::from(u8::try_from(self.0 & 63).unwrap_or_default()) / 10.0
    }
}

#[derive(Default)]
struct Builder {
    index: Index,
    stems: Stems,
    terms: u32,
    names: Vec<(u64, (u32, Rank))>,
    /// Words as written: most come again.
    known: HashMap<Box<str>, IndexedWord>,
    in_topics: Vec<(u32, Posting)>,
    in_phrases: Vec<(u32, Posting)>,
    lesson: Lesson,
    /// What the document at hand holds so far: terms with weights, each packed by [`count`].
    own: Vec<u64>,
    /// Room for a folded text, used again and again.
    folded: String,
    /// The words of the text at hand.
    words: Vec<IndexedWord>,
    /// The same, as they are learned.
    tokens: Vec<LearnedToken>,
}

#[derive(Clone, Copy)]
struct IndexedWord {
    term: u32,
    run: Run,
    token: LearnedToken,
    tells: bool,
    /// Whether the word goes into the index of slips.
    typed: bool,
}

impl Builder {
    fn groups(&mut self, groups: &[Box<str>]) {
        let mut synonyms = Vec::new();
        for members in groups {
            let group = self.next_term();
            for member in members.split(' ') {
                self.read(member, true);
                synonyms.push((run(&self.words).key(), group));
            }
        }
        self.index.synonyms = Runs::of(synonyms);
    }

    fn topic(&mut self, command: &Command, topic: &Topic, asked: &[&str], place: (u32, u32)) {
        let flat = number(self.index.topics.len());
        self.index.topics.push(place);
        self.own.clear();
        self.name(&topic.id, Rank::Id, flat);
        self.index.labels.push((Box::from(&*topic.id), flat));
        for alias in &topic.aliases {
            self.name(alias, Rank::Alias, flat);
            self.index.labels.push((alias.clone(), flat));
        }
        // A few words that people use for it are as good as a name where they stand in a question.
        for asked in asked.iter().filter(|asked| asked.split(' ').count() <= SHORT_QUESTION) {
            self.name(asked, Rank::Question, flat);
        }
        for (text, weight) in [
            (&*topic.title, weight::TITLE),
            (&topic.when, weight::WHEN),
            (&command.name, weight::COMMAND),
            (&command.title, weight::COMMAND),
        ] {
            self.read(text, true);
            self.words(weight);
            self.synonyms(weight);
        }
        for advice in [&topic.tip, &topic.avoid] {
            self.read(advice, false);
            self.words(weight::ADVICE);
        }
        self.questions(topic, asked, flat);
        let mut own = std::mem::take(&mut self.own);
        for (phrase, place) in topic.phrases.iter().zip(0..) {
            let document = number(self.index.phrases.len());
            self.index.phrases.push((flat, place));
            for text in [Some(phrase.say.fixed_words()), phrase.instead_of.as_deref()].into_iter().flatten() {
                self.read(text, false);
                self.words(weight::PHRASE);
            }
            own.extend_from_slice(&self.own);
            self.read(&phrase.why, false);
            self.words(weight::ADVICE);
            post(&mut self.in_phrases, &mut self.own, document);
        }
        post(&mut self.in_topics, &mut own, flat);
        self.own = own;
    }

    /// Learns from the questions of a topic, and from what else is written of when it is wanted.
    fn questions(&mut self, topic: &Topic, asked: &[&str], flat: u32) {
        if asked.is_empty() {
            return;
        }
        let asked = asked.iter().copied().chain(topic.aliases.iter().map(|alias| &**alias));
        for text in asked.chain([&*topic.title, &topic.when, &topic.id]) {
            self.read(text, true);
            self.tokens.clear();
            self.tokens.extend(self.words.iter().map(|word| word.token));
            self.lesson.add(&self.index.kinds, &self.tokens);
        }
        self.lesson.end(flat);
    }

    fn name(&mut self, name: &str, rank: Rank, topic: u32) {
        self.read(name, true);
        let weight = if rank == Rank::Question { weight::QUESTION } else { weight::NAME };
        // A name of many words is not about each of them.
        self.words(weight / super::real(self.words.len()).sqrt());
        self.synonyms(weight);
        self.names.push((run(&self.words).key(), (topic, rank)));
        let telling = self.words.iter().filter(|word| word.tells);
        if (2..self.words.len()).contains(&telling.clone().count()) {
            self.names.push((run(telling).key(), (topic, rank)));
        }
    }

    /// Counts the words of the text that was read.
    fn words(&mut self, weight: f32) {
        self.own.extend(self.words.iter().filter(|word| word.tells).map(|word| count(word.term, weight)));
    }

    /// Counts the synonyms in the text that was read.
    fn synonyms(&mut self, weight: f32) {
        for from in 0..self.words.len() {
            let mut run = Run::EMPTY;
            for word in self.words.iter().skip(from).take(LONGEST_SYNONYM) {
                run = run.then(word.run);
                self.own.extend(self.index.synonyms.of_run(run).map(|group| count(*group, weight)));
            }
        }
    }

    /// Reads a text into words; those of a `typed` text are what slips are measured against.
    #[expect(
        clippy::manual_pattern_char_comparison,
        reason = "words are too short for the search that a sign alone starts"
    )]
    fn read(&mut self, text: &str, typed: bool) {
        let mut folded = std::mem::take(&mut self.folded);
        fold_into(text, &mut folded);
        self.words.clear();
        for word in folded.split(|letter: char| letter == '-').filter(|word| !word.is_empty()) {
            let word = match self.known.get_mut(word) {
                Some(known) => {
                    known.typed |= typed;
                    *known
                }
                None => self.meet(word, typed),
            };
            self.words.push(word);
        }
        self.folded = folded;
    }

    /// A word that is seen for the first time.
    fn meet(&mut self, word: &str, typed: bool) -> IndexedWord {
        let tells = !is_function_word(word);
        let stem = self.stems.of(word);
        let term = match self.index.stems.get(&*stem) {
            Some(term) => *term,
            None if tells => {
                let term = self.terms;
                self.terms += 1;
                self.index.stems.insert(stem.as_ref().into(), term);
                term
            }
            None => Index::NO_TERM,
        };
        let token = LearnedToken::of(&self.index.kinds, word, &stem, tells);
        let new = IndexedWord { term, run: Run::of(&stem), token, tells, typed };
        self.known.insert(word.into(), new);
        new
    }

    fn next_term(&mut self) -> u32 {
        self.terms += 1;
        self.terms - 1
    }

    fn finish(self) -> Index {
        let mut index = self.index;
        index.names = Runs::of(self.names);
        index.learned = self.lesson.learn();
        let terms = self.terms as usize;
        index.in_topics = Postings::of(terms, self.in_topics);
        index.in_phrases = Postings::of(terms, self.in_phrases);
        let typed = self.known.into_iter().filter(|(_, word)| word.typed);
        index.words = typed.map(|(word, known)| (word, known.term)).collect();
        // A slip in one form of a word may be far from the form that was written, but not from its stem.
        let typed: HashSet<u32> = index.words.iter().map(|(_, term)| *term).collect();
        let stems = index.stems.iter().filter(|(_, term)| typed.contains(*term));
        index.words.extend(stems.map(|(stem, term)| (stem.clone(), *term)));
        index.words.sort_unstable();
        index.words.dedup();
        index.words.shrink_to_fit();
        index.slips = Slips::of(index.words.iter().map(|(word, _)| &**word));
        index.label_slips = Slips::of(index.labels.iter().map(|(label, _)| &**label));
        index
    }
}

fn run<'w>(words: impl IntoIterator<Item = &'w IndexedWord>) -> Run {
    words.into_iter().fold(Run::EMPTY, |run, word| run.then(word.run))
}

/// A term and its weight in tenths, packed so that they sort quickly.
fn count(term: u32, weight: f32) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "weights are from 0 to 6.3")]
    let tenths = (weight * 10.0).round() as u32;
    u64::from(term) << 32 | u64::from(tenths)
}

/// Enters every term of a document once, with its highest weight.
fn post(places: &mut Vec<(u32, Posting)>, own: &mut Vec<u64>, document: u32) {
    own.sort_unstable_by(|a, b| b.cmp(a));
    own.dedup_by_key(|counted| *counted >> 32);
    let place = |counted: u64| ((counted >> 32) as u32, Posting::new(document, (counted & 63) as u32));
    places.extend(own.drain(..).map(place));
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
