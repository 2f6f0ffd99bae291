//! Finding what a person means: names, aliases, slips of the keyboard, and search over everything that is written.
//!
//! Look-ups go through hash tables, sorted words and an index of deletions, so what a question costs does not grow with
//! the book. Ranking, best first: a name or a short question that stands in the question word for word, then the words of names,
//! titles, when-to-use and phrases, each weighed by how rare it is, then synonyms of these. A word that nobody wrote is
//! taken as the beginning of one, or as a slip: one edit, or in a word of eight letters or more a letter too many and
//! one too few as well; a swap of neighbours counts as one.

mod index;
mod kinds;
mod learned;
mod plays;
mod run;
mod slips;

use foldhash::{HashMap, HashMapExt as _};

use super::{
    english::{Stems, is_function_word},
    model::{Command, Topic, fold},
};
pub(super) use index::{Index, LONGEST_SYNONYM, Thesaurus};
use index::{Postings, Rank};
use learned::LearnedToken;
pub(super) use plays::Plays;
use run::Run;
pub use slips::closest;

/// How much it counts that the questions of a topic leave no doubt about it; beside it a name counts some ten.
const LEARNED: f32 = 400.0;
/// The first is taken where it is so many times as good as the second, and as good as this.
const AHEAD: f32 = 6.0;
const ENOUGH: f32 = 100.0;
/// Odds below this say nothing.
const LEAST_ODDS: f32 = 0.0001;

/// The words of a question that are looked at.
const MOST_WORDS: usize = 16;
/// The words of the longest name that is looked for.
const LONGEST_NAME: usize = 5;

/// How much finding a whole name in the question counts, for each of its words.
fn weight(rank: Rank) -> f32 {
    match rank {
        Rank::Id => 10.0,
        Rank::Alias => 9.0,
        Rank::Question => 7.0,
    }
}

/// How surely a word stands for something else.
mod sure {
    pub(super) const BEGINNING: f32 = 0.8;
    pub(super) const SLIP: f32 = 0.75;
    pub(super) const TWO_SLIPS: f32 = 0.4;
    pub(super) const SYNONYM: f32 = 0.6;
    /// A synonym of several words is hardly there by chance.
    pub(super) const EXPRESSION: f32 = 1.0;
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

/// The topics that fit a question.
#[derive(Debug, Default)]
pub struct Found<'b> {
    /// Best first.
    pub hits: Vec<Hit<'b>>,
    /// Whether the first is so much better than the others that it may be taken as what was meant.
    pub sure: bool,
}

/// What the words of a question have found in one document.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    score: f32,
    words: u8,
    /// The last word that was found, from 1, and the best of what it may stand for.
    last: u8,
    best: f32,
}

impl Index {
    /// Topics that fit a question; those of one command only, if one is given.
    #[must_use]
    pub(super) fn find<'b>(&self, commands: &'b [Command], command: Option<&Command>, question: &str) -> Found<'b> {
        let question = self.question(question);
        let hits = question.topics(commands, command);
        let sure = is_sure(&hits, self.learned.knows_something());
        Found { hits, sure }
    }

    /// Topics, then phrases, that fit a question, best first; those of one command only, if one is given.
    #[must_use]
    pub(super) fn search<'b>(
        &self,
        commands: &'b [Command],
        command: Option<&Command>,
        question: &str,
    ) -> Vec<Hit<'b>> {
        let question = self.question(question);
        let mut hits = question.topics(commands, command);
        hits.extend(question.phrases(commands, command));
        hits
    }

    /// Whether the search knows a word, in lower case, or takes it for a slip of one that it knows.
    #[must_use]
    pub(super) fn knows(&self, word: &str) -> bool {
        let folded = fold(word);
        self.stems.contains_key(&*Stems::default().of(&folded))
            || folded.len() > 5 && !self.slips.near(&folded, |place| self.word(place)).is_empty()
    }

    /// The topic whose id or alias was probably meant by a slip of the keyboard, with the name as it should be.
    #[must_use]
    pub(super) fn slip<'b>(
        &'b self,
        commands: &'b [Command],
        command: Option<&Command>,
        word: &str,
    ) -> Option<(&'b Topic, &'b str)> {
        let typed = fold(word);
        let near = self.label_slips.near(&typed, |place| self.label(place)).into_iter();
        let named = near.filter_map(|(label, distance)| {
            let (name, flat) = self.labels.get(label as usize)?;
            let topic = self.topic(commands, *flat)?;
            let is_wanted = command.is_none_or(|command| command.name == topic.command);
            is_wanted.then_some((distance, topic, &**name))
        });
        // Of names equally near an id comes first, then the order of the book.
        let (distance, topic, name) = named.min_by_key(|(distance, topic, name)| (*distance, *topic.id != **name))?;
        // A name as it should be is no slip for another.
        (distance > 0).then_some((topic, name))
    }
}

/// A word of a question.
struct QuestionWord {
    run: Run,
    token: LearnedToken,
    tells: bool,
    /// The terms that it may stand for, and how surely.
    terms: Vec<(u32, f32)>,
}

impl Index {
    fn label(&self, place: u32) -> &str {
        self.labels.get(place as usize).map_or("", |(name, _)| name)
    }

    fn word(&self, place: u32) -> &str {
        self.words.get(place as usize).map_or("", |(word, _)| word)
    }

    fn topic<'b>(&self, commands: &'b [Command], flat: u32) -> Option<&'b Topic> {
        let (command, topic) = *self.topics.get(flat as usize)?;
        commands.get(command as usize)?.topics.get(topic as usize)
    }

    fn question(&self, question: &str) -> Question<'_> {
        let folded = fold(question);
        let stems = Stems::default();
        let words = folded.split('-').filter(|word| !word.is_empty()).take(MOST_WORDS);
        let words: Vec<QuestionWord> = words.map(|word| self.read(&stems, word)).collect();
        let telling: Vec<&QuestionWord> = words.iter().filter(|word| word.tells).collect();
        let mut named = HashMap::new();
        self.named(&mut named, &words.iter().collect::<Vec<_>>(), 2.0);
        if telling.len() < words.len() {
            self.named(&mut named, &telling, 1.0);
        }
        let asked = telling.len();
        let tokens = words.iter().map(|word| word.token).collect();
        let expressions = self.expressions(&words);
        let terms = words.into_iter().filter(|word| word.tells).map(|word| word.terms).chain(expressions).collect();
        Question { index: self, asked, terms, named, tokens }
    }

    fn read(&self, stems: &Stems, word: &str) -> QuestionWord {
        let stem = stems.of(word);
        let tells = !is_function_word(word);
        let token = LearnedToken::of(&self.kinds, word, &stem, tells);
        let mut read = QuestionWord { run: Run::of(&stem), token, tells, terms: Vec::new() };
        if !read.tells {
            return read;
        }
        if let Some(term) = self.stems.get(&*stem) {
            self.meant(&mut read.terms, *term, read.run, 1.0);
            return read;
        }
        if word.chars().count() >= 3 {
            let from = self.words.partition_point(|(known, _)| **known < *word);
            let beginning = self.words.iter().skip(from).take_while(|(known, _)| known.starts_with(word));
            for (known, term) in beginning.filter(|(_, term)| *term != Self::NO_TERM).take(12) {
                self.meant(&mut read.terms, *term, Run::of(&stems.of(known)), sure::BEGINNING);
            }
        }
        // A word of some kind is no slip, though nobody wrote it.
        if read.token.is_of_a_kind() {
            return read;
        }
        if read.terms.is_empty() {
            self.mend(&mut read, stems, word);
        }
        if read.terms.is_empty() && read.tells {
            self.mend(&mut read, stems, &stem);
        }
        read
    }

    /// Takes a word for a slip. Names are then looked for as they should have been written.
    fn mend(&self, read: &mut QuestionWord, stems: &Stems, word: &str) {
        for (place, distance) in self.slips.near(word, |place| self.word(place)) {
            let Some((known, term)) = self.words.get(place as usize) else { continue };
            let stem = stems.of(known);
            let run = Run::of(&stem);
            if read.terms.is_empty() && read.tells {
                read.run = run;
                read.tells = *term != Self::NO_TERM;
                read.token = LearnedToken::of(&self.kinds, known, &stem, read.tells);
            }
            if *term != Self::NO_TERM {
                read.tells = true;
                let sure = if distance == 1 { sure::SLIP } else { sure::TWO_SLIPS };
                self.meant(&mut read.terms, *term, run, sure);
            }
        }
    }

    /// A term, and at a lower weight its synonyms.
    fn meant(&self, terms: &mut Vec<(u32, f32)>, term: u32, run: Run, sure: f32) {
        terms.push((term, sure));
        terms.extend(self.synonyms.of_run(run).map(|group| (*group, sure * sure::SYNONYM)));
    }

    /// Scores the topics whose names stand in the question.
    fn named(&self, named: &mut HashMap<u32, f32>, words: &[&QuestionWord], entire: f32) {
        for (length, run, telling) in runs(words, LONGEST_NAME) {
            let is_entire = length == words.len();
            // "you have to" is a name that stands in a question; "me" is not.
            if telling == 0 && length == 1 && !is_entire {
                continue;
            }
            let length = 0.7 * real(telling) + 0.3 * real(length);
            let entire = if is_entire { entire } else { 1.0 };
            for (topic, rank) in self.names.of_run(run) {
                let score = entire * weight(*rank) * (length - 0.5);
                let known = named.entry(*topic).or_insert(score);
                *known = known.max(score);
            }
        }
    }

    /// The synonyms of several words in the question.
    fn expressions(&self, words: &[QuestionWord]) -> Vec<Vec<(u32, f32)>> {
        let words: Vec<&QuestionWord> = words.iter().collect();
        runs(&words, LONGEST_SYNONYM)
            .filter(|(length, ..)| *length > 1)
            .map(|(_, run, _)| self.synonyms.of_run(run).map(|group| (*group, sure::EXPRESSION)).collect())
            .filter(|groups: &Vec<_>| !groups.is_empty())
            .collect()
    }
}

/// Every run of up to so many words: how many they are, the run, and how many of them tell something.
fn runs(words: &[&QuestionWord], most: usize) -> impl Iterator<Item = (usize, Run, usize)> {
    (0..words.len()).flat_map(move |from| {
        let words = words.iter().skip(from).take(most).zip(1..);
        words.scan((Run::EMPTY, 0), |(run, telling), (word, length)| {
            *run = run.then(word.run);
            *telling += usize::from(word.tells);
            Some((length, *run, *telling))
        })
    })
}

/// A question, as terms of the index.
struct Question<'i> {
    index: &'i Index,
    /// How many words tell something.
    asked: usize,
    /// For each of them, and for each expression, what it may stand for.
    terms: Vec<Vec<(u32, f32)>>,
    /// Topics that the question names.
    named: HashMap<u32, f32>,
    /// Its words, as they are learned.
    tokens: Vec<LearnedToken>,
}

impl Question<'_> {
    fn topics<'b>(&self, commands: &'b [Command], command: Option<&Command>) -> Vec<Hit<'b>> {
        let mut scores = self.named.clone();
        self.score(&mut scores, self.index.topics.len(), &self.index.in_topics);
        for (flat, odds) in self.index.learned.odds(&self.index.kinds, &self.tokens) {
            if odds > LEAST_ODDS {
                *scores.entry(flat).or_default() += LEARNED * odds;
            }
        }
        let hits = scores.into_iter().filter_map(|(flat, score)| {
            let topic = self.index.topic(commands, flat)?;
            Some((Hit { topic, phrase: None, score }, flat))
        });
        ranked(hits, command)
    }

    fn phrases<'b>(&self, commands: &'b [Command], command: Option<&Command>) -> Vec<Hit<'b>> {
        let mut scores = HashMap::new();
        self.score(&mut scores, self.index.phrases.len(), &self.index.in_phrases);
        let hits = scores.into_iter().filter_map(|(flat, score)| {
            let (topic, phrase) = *self.index.phrases.get(flat as usize)?;
            let topic = self.index.topic(commands, topic)?;
            Some((Hit { topic, phrase: Some(phrase as usize), score }, flat))
        });
        ranked(hits, command)
    }

    /// Adds to each document the best that each word of the question finds in it.
    fn score(&self, scores: &mut HashMap<u32, f32>, all: usize, postings: &Postings) {
        let mut found: HashMap<u32, Tally> = HashMap::new();
        for (terms, word) in self.terms.iter().zip(1..) {
            for (term, sure) in terms {
                let places = postings.of_term(*term);
                let sure_and_rare = sure * rarity(all, places.len());
                for place in places {
                    found.entry(place.document()).or_default().add(word, sure_and_rare * place.weight());
                }
            }
        }
        for (document, found) in found {
            // A document with all the words is worth more than one with a rare one.
            let covered = (f32::from(found.words) / real(self.asked.max(1))).min(1.0);
            *scores.entry(document).or_default() += found.score * (0.4 + 0.6 * covered);
        }
    }
}

impl Tally {
    /// Counts a word once, for the best that it may stand for.
    fn add(&mut self, word: u8, score: f32) {
        if self.last != word {
            self.words += 1;
            self.last = word;
            self.best = 0.0;
        }
        if score > self.best {
            self.score += score - self.best;
            self.best = score;
        }
    }
}

/// One common word decides nothing: the first has to be well ahead, and more than a word has to speak for it.
fn is_sure(hits: &[Hit<'_>], has_learned: bool) -> bool {
    let Some(first) = hits.first() else { return false };
    let ahead = hits.get(1).map_or(f32::INFINITY, |second| first.score / second.score);
    // Where no topic has questions, names and words are all there is.
    ahead >= AHEAD && (first.score >= ENOUGH || !has_learned)
}

fn ranked<'b>(hits: impl Iterator<Item = (Hit<'b>, u32)>, command: Option<&Command>) -> Vec<Hit<'b>> {
    let mut hits: Vec<(Hit<'_>, u32)> =
        hits.filter(|(hit, _)| command.is_none_or(|command| command.name == hit.topic.command)).collect();
    hits.sort_by(|(a, a_place), (b, b_place)| b.score.total_cmp(&a.score).then(a_place.cmp(b_place)));
    hits.into_iter().map(|(hit, _)| hit).collect()
}

fn rarity(all: usize, with: usize) -> f32 {
    (1.0 + real(all) / real(with.max(1))).ln()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of documents or words, of which a score wants no more than the size"
)]
fn real(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
pub(super) mod tests {
    use super::{
        super::book::{Phrasebook, Source},
        *,
    };

    /// A topic: its id, its aliases, what its first phrase says.
    type TopicText<'t> = (&'t str, &'t [&'t str], &'t str);

    /// A book of these commands, each with its topics.
    pub(in super::super) fn book(commands: &[(&str, &[TopicText<'_>])]) -> Phrasebook {
        let sources = Source { name: "sources.toml".into(), layer: 0, text: SOURCES.into() };
        let files = commands.iter().map(|(name, topics)| Source {
            name: format!("{name}.toml"),
            layer: 0,
            text: format!("{HEAD}{}", topics.iter().map(entry).collect::<String>()).into(),
        });
        Phrasebook::parse(&files.chain([sources]).collect::<Vec<_>>(), &[]).unwrap()
    }

    const SOURCES: &str = "s = { title = 'x', author = 'x', school = 'x', advice = 'x' }";
    const HEAD: &str = "title = 'x'\nabout = 'x'\nslot.customer = { ask = 'x', example = 'x' }\n";

    fn entry((id, aliases, say): &TopicText<'_>) -> String {
        format!(
            "[topic.{id}]\ntitle = 'x'\nwhen = 'x'\ntip = 'x'\navoid = 'x'\naliases = {aliases:?}\nphrase = [
                {{ id = 'one', say = '[{{{{customer}}}}, ]{say}.', why = 'x', source = 's' }},
                {{ id = 'two', say = 'Farewell.', why = 'x', source = 's' }},
            ]\n"
        )
    }

    fn small() -> Phrasebook {
        book(&[
            ("opener", &[("award", &["prize", "follow-up"], "well done")]),
            (
                "recover",
                &[
                    ("billing", &["invoice", "refund", "charged-twice", "complains"], "the total stings"),
                    ("delay", &["late", "billings-late", "waiting"], "your crate left the harbour"),
                    ("runaround", &["on-hold", "throw-under-the-bus", "form", "fob"], "the crate is mine to find"),
                    ("complaint", &["angry", "furious", "biling-shock", "from"], "i hear the refund matters"),
                ],
            ),
        ])
    }

    /// The ids that a question finds, best first.
    fn found(question: &str) -> Vec<String> {
        small().find(None, question).hits.iter().map(|hit| hit.topic.id.to_string()).collect()
    }

    #[test]
    fn the_surest_reading_comes_first() {
        for (question, first) in [
            ("billing", "billing"),
            ("charged twice", "billing"),
            ("refund", "billing"),
            ("refu", "billing"),
            ("refnud", "billing"),
            ("on hold", "runaround"),
            ("followup", "award"),
            ("follow up", "award"),
            ("they threw me under that bus", "runaround"),
            ("crate harbour", "delay"),
            ("FURIOUS about the refund", "complaint"),
        ] {
            assert_eq!(found(question).first().map(String::as_str), Some(first), "{question}");
        }
    }

    #[test]
    fn an_id_beats_an_alias_beats_a_beginning_beats_a_slip_beats_words() {
        // A command each, since a command cannot have a topic and an alias of one name. "Said" has the word in a phrase.
        let ladder: [(&str, &[TopicText<'_>]); 4] = [
            ("said", &[("said", &[], "your refund")]),
            ("beginning", &[("beginning", &["refunding-plan"], "x")]),
            ("alias", &[("alias", &["refund"], "x")]),
            ("id", &[("refund", &[], "x")]),
        ];
        let first = |ladder: &[(&str, &[TopicText<'_>])], question: &str| {
            book(ladder).find(None, question).hits[0].topic.dotted()
        };
        assert_eq!(first(&ladder, "refund"), "id.refund");
        assert_eq!(first(&ladder[..3], "refund"), "alias.alias");
        assert_eq!(first(&ladder[..2], "refund"), "beginning.beginning");
        assert_eq!(first(&ladder[..1], "refund"), "said.said");
        let slips = book(&[("c", &[("two", &["complaits"], "x"), ("one", &["complaint"], "x")])]);
        assert_eq!(&*slips.find(None, "complaimt").hits[0].topic.id, "one");
        let idiom = &["throw-under-the-bus"][..];
        let idioms = book(&[("c", &[("words", &["throw", "under", "bus"], "x"), ("idiom", idiom, "x")])]);
        assert_eq!(&*idioms.find(None, "thrown under a bus").hits[0].topic.id, "idiom");
        // The beginning of a word that somebody wrote is no slip for another word.
        let book = book(&[("c", &[("slip", &["rerun"], "x"), ("beginning", &["refund"], "x")])]);
        assert_eq!(&*book.find(None, "refun").hits[0].topic.id, "beginning");
    }

    #[test]
    fn forms_of_a_word_are_one_word() {
        for (question, first) in [
            ("refunded", "billing"),
            ("refunds", "billing"),
            ("invoicing", "billing"),
            ("waited", "delay"),
            ("throwing us under the bus", "runaround"),
            ("thrown under a bus", "runaround"),
        ] {
            assert_eq!(found(question).first().map(String::as_str), Some(first), "{question}");
        }
    }

    #[test]
    fn synonyms_and_questions_find_a_topic_too() {
        let synonyms = Source {
            name: "synonyms.toml".into(),
            layer: 0,
            text: "groups = ['refund money-back reimburse', 'furious livid hit-the-roof']".into(),
        };
        let sources = Source { name: "sources.toml".into(), layer: 0, text: SOURCES.into() };
        let billing = entry(&("billing", &["refund"], "x")).replace("when =", "questions = ['sticker shock']\nwhen =");
        let text = format!("{HEAD}{billing}{}", entry(&("complaint", &["furious"], "x")));
        let book =
            Phrasebook::parse(&[synonyms, sources, Source { name: "c.toml".into(), layer: 0, text: text.into() }], &[])
                .unwrap();
        for (question, first) in [
            ("wants a reimbursement", "billing"),
            ("they want their money back", "billing"),
            ("livd", "complaint"),
            ("he hit the roof over that", "complaint"),
            ("the shock of the sticker", "billing"),
            ("sticker shock", "billing"),
        ] {
            assert_eq!(&*book.find(None, question).hits[0].topic.id, first, "{question}");
        }
        assert!(book.slip(None, "sticker-shok").is_none(), "a hint is no name");
    }

    #[test]
    fn a_word_teaches_for_the_others_of_its_kind() {
        let kinds = "[kind]\nthing = 'parcel sofa'\nlost = 'vanished never-came'\nsickness = 'cough'\n";
        let topic = |id, asked: &str| {
            entry(&(id, &[], "x")).replace("when =", &format!("questions = ['{asked}', '{asked} x']\nwhen ="))
        };
        let text = format!("{HEAD}{}{}", topic("lost", "parcel vanished"), topic("ill", "cough again"));
        let files = [("synonyms.toml", kinds), ("sources.toml", SOURCES), ("c.toml", &text)];
        let source = |(name, text): (&str, &str)| Source { name: name.into(), layer: 0, text: text.to_owned().into() };
        let found = |files: &[(&str, &str)]| {
            let book = Phrasebook::parse(&files.iter().copied().map(source).collect::<Vec<_>>(), &[]).unwrap();
            book.find(None, "sofa never came").hits.first().map(|hit| hit.topic.id.to_string())
        };
        assert_eq!(found(&files).as_deref(), Some("lost"));
        assert_eq!(found(&files[1..]), None, "without kinds nothing is known of it");
    }

    #[test]
    fn nonsense_finds_nothing() {
        for question in ["", " ", "?!", "xyzzy plugh", "the of and", "zzzzzzzz", "ααα", "🙂"] {
            assert!(found(question).is_empty(), "{question}: {:?}", found(question));
        }
    }

    #[test]
    fn a_command_finds_only_its_own() {
        let book = small();
        assert!(book.find(book.command("opener"), "billing").hits.is_empty());
        assert!(book.slip(book.command("opener"), "biling").is_none());
    }

    #[test]
    fn a_slip_names_what_was_meant() {
        for (typed, name) in [
            ("biling", Some("billing")),
            ("blling", Some("billing")),
            ("bililng", Some("billing")),
            ("Invioce", Some("invoice")),
            ("chargged twie", Some("charged-twice")),
            ("charged twice", None),
            // Both are names, a swap apart: neither is a slip for the other.
            ("form", None),
            ("from", None),
            // Short words get one slip, and very short ones none.
            ("lates", Some("late")),
            ("lastes", None),
            // As near to an alias of an earlier topic.
            ("complain", Some("complaint")),
            ("lat", Some("late")),
            ("la", None),
            ("fo", None),
            ("refnudd", None),
            ("xyzzy", None),
        ] {
            assert_eq!(small().slip(None, typed).map(|(_, name)| name), name, "{typed}");
        }
        let score = |question| small().find(None, question).hits[0].score.to_bits();
        assert_eq!(score("teh invoice"), score("the invoice"), "a slip for a word that tells nothing tells nothing");
        assert_eq!(closest("m", ["n", "q"].into_iter()), None, "one letter is no slip for another");
    }

    #[test]
    fn a_search_gives_topics_and_then_phrases() {
        let book = small();
        let hits = book.search(None, "crate");
        let (topics, phrases) = hits.split_at(2);
        assert!(topics.iter().all(|hit| hit.phrase.is_none()));
        assert_eq!(
            phrases.iter().map(|hit| (&*hit.topic.id, hit.phrase)).collect::<Vec<_>>(),
            [("delay", Some(0)), ("runaround", Some(0))]
        );
    }

    #[test]
    fn an_endless_question_costs_no_more_than_its_beginning() {
        let book = small();
        let long = format!("refund {}", "abcdefgh".repeat(10_000));
        assert_eq!(&*book.find(None, &long).hits[0].topic.id, "billing");
        let many = format!("{} refund", "word ".repeat(MOST_WORDS));
        assert!(book.find(None, &many).hits.is_empty());
        assert!(book.slip(None, &"billing".repeat(10_000)).is_none());
    }

    /// A book of this many phrases, five to a topic and fifty topics to a command, each with a name of its own.
    fn large(phrases: usize) -> Phrasebook {
        use std::fmt::Write as _;

        let mut files = vec![Source { name: "sources.toml".into(), layer: 0, text: SOURCES.into() }];
        for command in 0..phrases.div_ceil(250) {
            let mut text = HEAD.to_owned();
            for topic in command * 50..command * 50 + 50 {
                let name = spelled(topic);
                write!(
                    text,
                    "[topic.{name}]\ntitle = 'About {name}'\nwhen = 'x'\ntip = 'x'\navoid = 'x'\naliases = ['the-{name}-matter']\n"
                )
                .unwrap();
                for phrase in topic * 5..topic * 5 + 5 {
                    let words = [phrase, phrase * 7, phrase * 13].map(spelled).join(" ");
                    write!(
                        text,
                        "[[topic.{name}.phrase]]\nid = 'p{phrase}'\nsay = '[{{{{customer}}}}, ]the {words}.'\nwhy = 'x'\nsource = 's'\n"
                    )
                    .unwrap();
                }
            }
            files.push(Source { name: format!("c{command}.toml"), layer: 0, text: text.into() });
        }
        Phrasebook::parse(&files, &[]).unwrap()
    }

    /// A number as a word of its own, far enough from all others that a slip leads back to it.
    fn spelled(number: usize) -> String {
        let digits = ["bam", "dek", "fil", "gor", "hup", "jav", "kes", "lim", "nox", "puz"];
        number.to_string().bytes().map(|digit| digits[usize::from(digit - b'0')]).collect()
    }

    #[test]
    fn a_large_book_answers_as_a_small_one() {
        let book = large(20_000);
        assert_eq!(book.size(), 20_000);
        for topic in [7_usize, 1_234, 3_999] {
            let name = spelled(topic);
            let dotted = format!("c{}.{name}", topic / 50);
            assert_eq!(book.find(None, &name).hits[0].topic.dotted(), dotted);
            assert_eq!(book.find(None, &format!("about the {name} matter")).hits[0].topic.dotted(), dotted);
            let swapped = format!("{}{}{}", &name[..1], &name[2..3], &name[1..2]) + &name[3..];
            if topic > 7 {
                assert_eq!(
                    book.slip(None, &swapped).map(|(topic, _)| topic.dotted()),
                    Some(dotted.clone()),
                    "{swapped}"
                );
            }
            let phrase = format!("{dotted}.p{}", topic * 5 + 3);
            assert_eq!(book.phrase(&phrase).map(|(topic, place)| (topic.dotted(), place)), Some((dotted, 3)));
        }
    }
}
