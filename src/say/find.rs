//! Finding what a person means: names, aliases, slips of the keyboard, and search over everything that is written.
//!
//! Look-ups go through hash tables, sorted words and an index of deletions, so what a question costs does not grow with
//! the book. Ranking, best first: a name that stands in the question word for word, then the words of names, titles,
//! when-to-use and phrases, each weighed by how rare it is. A word that nobody wrote is taken as the beginning of one, or
//! as a slip: one edit, two in a word of eight letters or more, a swap of neighbours counting as one.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, Hasher as _},
};

use rapidfuzz::distance::osa;
use rust_stemmers::{Algorithm, Stemmer};

use super::book::{Command, Phrasebook, Topic, fold};

/// The words of a question that are looked at.
const MOST_WORDS: usize = 16;
/// A word that stands in more phrases than this tells nothing about any of them.
const COMMON: usize = 1_000;
/// Longer words are nobody's slip, and would only cost time.
const LONGEST_SLIP: usize = 32;

/// How much a word counts, by where it stands.
mod weight {
    pub(super) const NAME: f32 = 5.0;
    pub(super) const TITLE: f32 = 3.0;
    pub(super) const WHEN: f32 = 2.5;
    pub(super) const COMMAND: f32 = 1.5;
    pub(super) const PHRASE: f32 = 1.0;
    pub(super) const ADVICE: f32 = 0.8;
    /// A whole name in the question, for each of its words.
    pub(super) const WHOLE_NAME: f32 = 14.0;
    /// The same for a topic's id rather than an alias.
    pub(super) const WHOLE_ID: f32 = 16.0;
}

/// Something that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'b> {
    /// The topic.
    pub topic: &'b Topic,
    /// The place of the phrase, where it is a phrase that was found.
    pub phrase: Option<usize>,
    /// How well it fits; comparable within one search only.
    pub score: f32,
}

/// What searches go through. Built once with the book.
#[derive(Debug, Default)]
pub struct Index {
    /// The place of every topic: command, topic.
    topics: Vec<(u32, u32)>,
    /// The place of every phrase: flat topic, phrase.
    phrases: Vec<(u32, u32)>,
    /// Stems to their places in `postings`.
    stems: HashMap<Box<str>, u32>,
    postings: Vec<Posting>,
    /// Whole names, word by word stemmed, to flat topics and whether it is the id.
    names: HashMap<Box<str>, Vec<(u32, bool)>>,
    /// Every word as written, sorted, with its stem's place.
    words: Vec<(Box<str>, u32)>,
    /// Slips of `words`.
    slips: Slips,
    /// Every id and alias with its flat topic, and their slips.
    labels: Vec<(Box<str>, u32)>,
    label_slips: Slips,
}

#[derive(Debug, Default)]
struct Posting {
    topics: Vec<(u32, f32)>,
    phrases: Vec<(u32, f32)>,
}

impl Phrasebook {
    /// Topics that fit a question, best first; those of one command only, if one is given.
    #[must_use]
    pub fn find(&self, command: Option<&Command>, question: &str) -> Vec<Hit<'_>> {
        self.index.question(question).topics(self, command)
    }

    /// Topics, then phrases, that fit a question, best first; those of one command only, if one is given.
    #[must_use]
    pub fn search(&self, command: Option<&Command>, question: &str) -> Vec<Hit<'_>> {
        let question = self.index.question(question);
        let mut hits = question.topics(self, command);
        hits.extend(question.phrases(self, command));
        hits
    }

    /// The topic whose id or alias was probably meant by a slip of the keyboard, with the name as it should be.
    #[must_use]
    pub fn slip(&self, command: Option<&Command>, word: &str) -> Option<(&Topic, &str)> {
        let typed = fold(word);
        let mut best: Option<(usize, bool, u32, &Topic, &str)> = None;
        for (label, distance) in self.index.label_slips.near(&typed, |place| self.index.label(place)) {
            let Some((name, flat)) = self.index.labels.get(label as usize) else { continue };
            let Some(topic) = self.index.topic(self, *flat) else { continue };
            if command.is_some_and(|command| command.name != topic.command) {
                continue;
            }
            let candidate = (distance, *topic.id != **name, *flat, topic, &**name);
            if best.is_none_or(|best| (candidate.0, candidate.1, candidate.2) < (best.0, best.1, best.2)) {
                best = Some(candidate);
            }
        }
        best.map(|(.., topic, name)| (topic, name))
    }
}

impl Index {
    /// Reads all that is written in the commands.
    #[must_use]
    pub fn build(commands: &[Command]) -> Self {
        let mut builder = Builder::new();
        for (command, place) in commands.iter().zip(0..) {
            for (topic, topic_place) in command.topics.iter().zip(0..) {
                builder.topic(command, topic, (place, topic_place));
            }
        }
        builder.finish()
    }

    fn label(&self, place: u32) -> &str {
        self.labels.get(place as usize).map_or("", |(name, _)| name)
    }

    fn word(&self, place: u32) -> &str {
        self.words.get(place as usize).map_or("", |(word, _)| word)
    }

    fn topic<'b>(&self, book: &'b Phrasebook, flat: u32) -> Option<&'b Topic> {
        let (command, topic) = *self.topics.get(flat as usize)?;
        book.commands.get(command as usize)?.topics.get(topic as usize)
    }

    fn question(&self, question: &str) -> Question<'_> {
        let folded = fold(question);
        let words: Vec<&str> = folded.split('-').filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !is_function_word(word)).collect();
        let stemmer = Stemmer::create(Algorithm::English);
        let terms = if telling.is_empty() { &words } else { &telling };
        let terms: Vec<Vec<(u32, f32)>> = terms.iter().map(|word| self.terms(&stemmer, word)).collect();
        let mut whole = HashMap::new();
        let stems: Vec<_> = words.iter().map(|word| stemmer.stem(word)).collect();
        for length in 1..=stems.len().min(5) {
            for run in stems.windows(length) {
                let Some(topics) = self.names.get(run.join("-").as_str()) else { continue };
                let entire = if length == stems.len() { 2.0 } else { 1.0 };
                for (topic, is_id) in topics {
                    let weight = if *is_id { weight::WHOLE_ID } else { weight::WHOLE_NAME };
                    let words = f32::from(u8::try_from(length).unwrap_or(u8::MAX));
                    let score = entire * weight * words.sqrt();
                    whole.entry(*topic).and_modify(|best: &mut f32| *best = best.max(score)).or_insert(score);
                }
            }
        }
        Question { index: self, terms, whole }
    }

    /// The stems that a word may stand for, and how surely.
    fn terms(&self, stemmer: &Stemmer, word: &str) -> Vec<(u32, f32)> {
        let mut terms = Vec::new();
        if let Some(term) = self.stems.get(&*stemmer.stem(word)) {
            terms.push((*term, 1.0));
            return terms;
        }
        if word.chars().count() >= 3 {
            let from = self.words.partition_point(|(known, _)| **known < *word);
            let beginning = self.words.iter().skip(from).take_while(|(known, _)| known.starts_with(word));
            terms.extend(beginning.take(24).map(|(_, term)| (*term, 0.8)));
        }
        if terms.is_empty() {
            for (place, distance) in self.slips.near(word, |place| self.word(place)) {
                if let Some((_, term)) = self.words.get(place as usize) {
                    terms.push((*term, if distance == 1 { 0.75 } else { 0.4 }));
                }
            }
        }
        terms.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        terms.dedup_by_key(|(term, _)| *term);
        terms
    }
}

/// A question, as terms of the index.
struct Question<'i> {
    index: &'i Index,
    /// For each word, what it may stand for.
    terms: Vec<Vec<(u32, f32)>>,
    /// Topics that the question names.
    whole: HashMap<u32, f32>,
}

impl Question<'_> {
    fn topics<'b>(&self, book: &'b Phrasebook, command: Option<&Command>) -> Vec<Hit<'b>> {
        let mut scores = self.whole.clone();
        let all = self.index.topics.len();
        self.score(&mut scores, all, |posting| &posting.topics);
        let hits = scores.into_iter().filter_map(|(flat, score)| {
            let topic = self.index.topic(book, flat)?;
            Some((Hit { topic, phrase: None, score }, flat))
        });
        ranked(hits, command)
    }

    fn phrases<'b>(&self, book: &'b Phrasebook, command: Option<&Command>) -> Vec<Hit<'b>> {
        let mut scores = HashMap::new();
        self.score(&mut scores, self.index.phrases.len(), |posting| &posting.phrases);
        let hits = scores.into_iter().filter_map(|(flat, score)| {
            let (topic, phrase) = *self.index.phrases.get(flat as usize)?;
            let topic = self.index.topic(book, topic)?;
            Some((Hit { topic, phrase: Some(phrase as usize), score }, flat))
        });
        ranked(hits, command)
    }

    /// Adds to each document the best that each word of the question finds in it.
    fn score(&self, scores: &mut HashMap<u32, f32>, all: usize, postings: impl Fn(&Posting) -> &Vec<(u32, f32)>) {
        let mut matched: HashMap<u32, u8> = HashMap::new();
        let mut found: HashMap<u32, f32> = HashMap::new();
        for terms in &self.terms {
            let mut best: HashMap<u32, f32> = HashMap::new();
            for (term, sure) in terms {
                let Some(posting) = self.index.postings.get(*term as usize) else { continue };
                let documents = postings(posting);
                let rare = rarity(all, documents.len());
                for (document, weight) in documents {
                    let score = sure * rare * weight;
                    best.entry(*document).and_modify(|best| *best = best.max(score)).or_insert(score);
                }
            }
            for (document, score) in best {
                *found.entry(document).or_default() += score;
                *matched.entry(document).or_default() += 1;
            }
        }
        let asked = f32::from(u8::try_from(self.terms.len()).unwrap_or(u8::MAX)).max(1.0);
        for (document, score) in found {
            // A document with all the words is worth more than one with a rare one.
            let covered = f32::from(matched.get(&document).copied().unwrap_or_default()) / asked;
            *scores.entry(document).or_default() += score * (0.4 + 0.6 * covered);
        }
    }
}

fn ranked<'b>(hits: impl Iterator<Item = (Hit<'b>, u32)>, command: Option<&Command>) -> Vec<Hit<'b>> {
    let mut hits: Vec<(Hit<'_>, u32)> =
        hits.filter(|(hit, _)| command.is_none_or(|command| command.name == hit.topic.command)).collect();
    hits.sort_by(|(a, a_place), (b, b_place)| b.score.total_cmp(&a.score).then(a_place.cmp(b_place)));
    hits.into_iter().map(|(hit, _)| hit).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of counts")]
fn rarity(all: usize, with: usize) -> f32 {
    (1.0 + all as f32 / with.max(1) as f32).ln()
}

struct Builder {
    index: Index,
    stemmer: Stemmer,
    /// Words as written, to stems: most words come again.
    known: HashMap<Box<str>, u32>,
}

impl Builder {
    fn new() -> Self {
        Self { index: Index::default(), stemmer: Stemmer::create(Algorithm::English), known: HashMap::new() }
    }

    fn topic(&mut self, command: &Command, topic: &Topic, place: (u32, u32)) {
        let flat = number(self.index.topics.len());
        self.index.topics.push(place);
        let mut weights: HashMap<u32, f32> = HashMap::new();
        for (name, is_id) in std::iter::once((&topic.id, true)).chain(topic.aliases.iter().map(|alias| (alias, false)))
        {
            self.words(&mut weights, name, weight::NAME);
            let stemmed: Vec<_> = name.split('-').map(|word| self.stemmer.stem(word)).collect();
            self.index.names.entry(stemmed.join("-").into()).or_default().push((flat, is_id));
            self.index.labels.push((name.clone(), flat));
        }
        self.words(&mut weights, &topic.title, weight::TITLE);
        self.words(&mut weights, &topic.when, weight::WHEN);
        self.words(&mut weights, &command.name, weight::COMMAND);
        self.words(&mut weights, &command.title, weight::COMMAND);
        self.words(&mut weights, &topic.tip, weight::ADVICE);
        self.words(&mut weights, &topic.avoid, weight::ADVICE);
        for (phrase, place) in topic.phrases.iter().zip(0..) {
            let document = number(self.index.phrases.len());
            self.index.phrases.push((flat, place));
            let mut own = HashMap::new();
            self.words(&mut own, phrase.say.fixed_words(), weight::PHRASE);
            if let Some(bad) = &phrase.instead_of {
                self.words(&mut own, bad, weight::PHRASE);
            }
            for (term, weight) in &own {
                raise(&mut weights, *term, *weight);
            }
            self.words(&mut own, &phrase.why, weight::ADVICE);
            self.post(own, document, |posting| &mut posting.phrases);
        }
        self.post(weights, flat, |posting| &mut posting.topics);
    }

    fn words(&mut self, weights: &mut HashMap<u32, f32>, text: &str, weight: f32) {
        for word in fold(text).split('-').filter(|word| !word.is_empty() && !is_function_word(word)) {
            let term = self.term(word);
            raise(weights, term, weight);
        }
    }

    fn term(&mut self, word: &str) -> u32 {
        if let Some(term) = self.known.get(word) {
            return *term;
        }
        let stem = self.stemmer.stem(word);
        let term = match self.index.stems.get(&*stem) {
            Some(term) => *term,
            None => {
                let term = number(self.index.postings.len());
                self.index.postings.push(Posting::default());
                self.index.stems.insert(stem.into(), term);
                term
            }
        };
        self.known.insert(word.into(), term);
        term
    }

    fn post(&mut self, weights: HashMap<u32, f32>, document: u32, list: impl Fn(&mut Posting) -> &mut Vec<(u32, f32)>) {
        for (term, weight) in weights {
            if let Some(posting) = self.index.postings.get_mut(term as usize) {
                let list = list(posting);
                if list.len() < COMMON {
                    list.push((document, weight));
                }
            }
        }
    }

    fn finish(self) -> Index {
        let mut index = self.index;
        index.words = self.known.into_iter().collect();
        index.words.sort();
        index.slips = Slips::of(index.words.iter().map(|(word, _)| &**word));
        index.label_slips = Slips::of(index.labels.iter().map(|(label, _)| &**label));
        index
    }
}

fn raise(weights: &mut HashMap<u32, f32>, term: u32, weight: f32) {
    weights.entry(term).and_modify(|known| *known = known.max(weight)).or_insert(weight);
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// An index of deletions: every word with up to one letter left out, by hash. Two words that are one edit apart share
/// an entry, and so do most that are two apart; the true distance is then measured.
#[derive(Debug, Default)]
struct Slips {
    entries: Vec<(u32, u32)>,
}

impl Slips {
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut entries: Vec<(u32, u32)> = words
            .zip(0..)
            .filter(|(word, _)| word.chars().count() <= LONGEST_SLIP)
            .flat_map(|(word, place)| deletions(word).into_iter().map(move |hash| (hash, place)))
            .collect();
        entries.sort_unstable();
        entries.dedup();
        Self { entries }
    }

    /// The places of words near to this one, with their distances.
    fn near<'w>(&self, typed: &str, word: impl Fn(u32) -> &'w str) -> Vec<(u32, usize)> {
        let length = typed.chars().count();
        if !(3..=LONGEST_SLIP).contains(&length) {
            return Vec::new();
        }
        let allowed = allowed_slips(length);
        let mut seen = HashSet::new();
        let mut near = Vec::new();
        for hash in deletions(typed) {
            let from = self.entries.partition_point(|(known, _)| *known < hash);
            for (_, place) in self.entries.iter().skip(from).take_while(|(known, _)| *known == hash).take(256) {
                if seen.insert(*place) {
                    let distance = osa::distance(typed.chars(), word(*place).chars());
                    // The word itself is no slip: who asks here has looked it up already.
                    if (1..=allowed).contains(&distance) {
                        near.push((*place, distance));
                    }
                }
            }
        }
        near.sort_by_key(|(place, distance)| (*distance, *place));
        near
    }
}

/// How many slips are believed in a word of this length.
fn allowed_slips(length: usize) -> usize {
    if length >= 8 { 2 } else { 1 }
}

fn deletions(word: &str) -> Vec<u32> {
    // A fixed seed: these hashes are no table that a stranger could fill, and the index is the same in every run.
    let state = foldhash::fast::FixedState::with_seed(0);
    let hash = |word: &str| {
        let mut hasher = state.build_hasher();
        hasher.write(word.as_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
        let half = hasher.finish() as u32;
        half
    };
    let mut all = vec![hash(word)];
    all.extend(word.char_indices().map(|(at, letter)| {
        let (before, rest) = word.split_at(at);
        let joined = format!("{before}{}", rest.get(letter.len_utf8()..).unwrap_or_default());
        hash(&joined)
    }));
    all
}

/// The nearest of a few names, if it is near enough to be a slip.
#[must_use]
pub fn closest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = allowed_slips(typed.chars().count()).max(typed.chars().count() / 3).min(4);
    names
        .map(|name| (osa::distance(typed.chars(), name.chars()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Words that hold a sentence together and tell nothing of what it is about.
#[must_use]
pub fn is_function_word(word: &str) -> bool {
    const WORDS: [&str; 99] = [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "but",
        "by",
        "can",
        "could",
        "cust",
        "customer",
        "did",
        "do",
        "does",
        "dont",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "im",
        "in",
        "is",
        "isnt",
        "it",
        "its",
        "ive",
        "just",
        "let",
        "me",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "out",
        "over",
        "please",
        "say",
        "she",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "still",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "up",
        "us",
        "very",
        "want",
        "wants",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
        "youre",
        "yours",
        "s",
    ];
    WORDS.contains(&word)
}
