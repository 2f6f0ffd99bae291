//! What the questions of a book teach: which words speak for which topic, alone, in pairs, and as what kind of thing.
//!
//! It is a plain table, counted in one pass over the topics' questions when the index is built. What a question is seen
//! by is its words, how they begin, pairs of them, the kinds of thing that they are (`kinds`), and pairs of those; each
//! counts for a topic by how much more often it stands in that topic's questions than in all. A topic without questions
//! is left out of it, and found by its words alone.

use foldhash::HashMap;

use super::{
    kinds::{Kinds, Number},
    run::Run,
};

/// How many questions all topics are believed to share with each word before one is read.
const PRIOR: f32 = 2.0;
/// How much of it counts that a topic never or seldom uses a word that others use.
const AGAINST: f32 = 0.4;
/// How flat the odds are made: what a question is seen by is not independent, and the sum of it too sure of itself.
const FLAT: f32 = 0.5;
/// The letters that a word begins with, whatever comes after them: `reschedul`, `rescheduling`.
const START: usize = 5;

/// What a question is seen by.
#[derive(Debug, Clone, Copy)]
enum Seen {
    Word,
    Pair,
    /// A word and the next but one.
    Apart,
    Start,
    Kind,
    Kinds,
}

impl Seen {
    /// How much it counts: none is independent of the others. Fitted with each author left out in turn.
    fn part(self) -> f32 {
        match self {
            Self::Word => 0.45,
            Self::Pair | Self::Kind => 0.3,
            Self::Apart | Self::Start | Self::Kinds => 0.15,
        }
    }

    /// How often it has to have been seen: what is of two words and comes seldom teaches little, and would take most of
    /// the room.
    fn least(self) -> u64 {
        match self {
            Self::Word | Self::Start | Self::Kind => 1,
            Self::Pair => 3,
            Self::Apart | Self::Kinds => 4,
        }
    }
}

/// A word of a question, as it is learned.
#[derive(Debug, Clone, Copy)]
pub(super) struct LearnedToken {
    /// Its stem; of a number its shape, `###` for 480.
    run: Run,
    start: Option<Run>,
    kinds: [Option<Number>; Kinds::MOST],
    /// Whether a kind holds several words of which it is the first.
    begins: bool,
    tells: bool,
}

impl LearnedToken {
    pub(super) fn of(kinds: &Kinds, word: &str, stem: &str, tells: bool) -> Self {
        let is_number = stem.starts_with(|first: char| first.is_ascii_digit());
        let shape = |letter: char| Run::of_letter(if letter.is_ascii_digit() { '#' } else { letter });
        let run = Run::of(stem);
        Self {
            run: if is_number { stem.chars().map(shape).fold(Run::EMPTY, Run::then) } else { run },
            start: (!is_number && word.chars().count() >= START)
                .then(|| word.chars().take(START).map(Run::of_letter).fold(Run::EMPTY, Run::then)),
            kinds: kinds.of_word(run, is_number),
            begins: kinds.begins(run),
            tells,
        }
    }

    /// Whether it stands for a kind of thing.
    pub(super) fn is_of_a_kind(&self) -> bool {
        self.kinds.iter().any(Option::is_some)
    }
}

/// What is known of words.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// All that questions were seen by, sorted.
    keys: Box<[u32]>,
    /// Where what each says ends, counted from where the block of keys begins that it is in; and where the blocks begin.
    ends: Box<[u16]>,
    blocks: Box<[u32]>,
    uses: Box<[Use]>,
    /// The topics that were learned.
    topics: Box<[u32]>,
}

/// How many topics further the next one is that something speaks for, and how much: two bytes, since there are very many.
#[derive(Debug, Clone, Copy)]
struct Use(u16);

impl Use {
    const FURTHEST: u16 = 0x7ff;
    const MOST: u16 = 0x1f;
    /// What is said is kept in so many parts of one.
    const PARTS: f32 = 4.0;

    fn new(further: u16, says: u16) -> Self {
        Self(further << 5 | says)
    }

    fn further(self) -> usize {
        usize::from(self.0 >> 5)
    }

    fn says(self) -> f32 {
        f32::from(self.0 & Self::MOST) / Self::PARTS
    }

    fn parts(says: f32) -> u16 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is held between the two")]
        let parts = (says * Self::PARTS).round().clamp(0.0, f32::from(Self::MOST)) as u16;
        parts
    }
}

/// Counts before they are weighed.
#[derive(Debug, Default)]
pub(super) struct Lesson {
    /// The topic at hand: how often it was seen by each key, and how often it has to have been.
    own: HashMap<u32, (u64, u64)>,
    counts: Vec<u64>,
    topics: Vec<u32>,
    sizes: Vec<f32>,
}

/// How often a topic was seen by something, packed so that it sorts quickly:
///
/// ```text
/// 32 bits of the key, 16 of the topic, 13 of the count, 3 of how often it has to have been seen
/// ```
mod count {
    pub(super) const TOPIC: u32 = 16;
    pub(super) const COUNT: u32 = 3;
    pub(super) const MOST: u64 = (1 << (TOPIC - COUNT)) - 1;
    pub(super) const LEAST: u64 = (1 << COUNT) - 1;
}

impl Lesson {
    /// Takes a text of the topic at hand into account.
    pub(super) fn add(&mut self, kinds: &Kinds, words: &[LearnedToken]) {
        let own = &mut self.own;
        see(kinds, words, |key, seen| {
            let (often, least) = own.entry(key).or_insert((0, seen.least()));
            *often += 1;
            *least = seen.least().min(*least);
        });
    }

    /// All that was added was about this topic.
    pub(super) fn end(&mut self, topic: u32) {
        // Topics beyond these are not learned.
        let Ok(place) = u16::try_from(self.topics.len()) else { return self.own.clear() };
        self.topics.push(topic);
        self.sizes.push(real(self.own.values().map(|(often, _)| often).sum()));
        let counted = |(key, (often, least)): (u32, (u64, u64))| {
            u64::from(key) << 32 | u64::from(place) << count::TOPIC | often.min(count::MOST) << count::COUNT | least
        };
        self.counts.extend(self.own.drain().map(counted));
    }

    /// Weighs what was counted.
    pub(super) fn learn(mut self) -> Learned {
        self.counts.sort_unstable();
        let all: f32 = self.sizes.iter().sum();
        let shares: Vec<f32> = self.sizes.iter().map(|size| size / all).collect();
        let (mut keys, mut ends, mut blocks, mut uses) = (Vec::new(), Vec::new(), Vec::new(), Vec::<Use>::new());
        for counts in self.counts.chunk_by(|one, other| one >> 32 == other >> 32) {
            let often = |count: &u64| count >> count::COUNT & count::MOST;
            let seen: u64 = counts.iter().map(often).sum();
            let least = counts.iter().map(|count| count & count::LEAST).min();
            let Some(first) = counts.first().filter(|_| least.is_some_and(|least| seen >= least)) else { continue };
            let is_new_block = keys.len().is_multiple_of(Learned::BLOCK);
            if is_new_block {
                blocks.push(u32::try_from(uses.len()).unwrap_or(u32::MAX));
            }
            let from = blocks.last().map_or(0, |from| *from as usize);
            let before = if is_new_block { 0 } else { ends.last().copied().unwrap_or_default() };
            let known = PRIOR + real(seen);
            let absent = AGAINST * (PRIOR / known).ln();
            let mut last = 0;
            for count in counts {
                let place = (count >> count::TOPIC & 0xffff) as u16;
                let share = shares.get(usize::from(place)).copied().unwrap_or(1.0);
                let more = ((real(often(count)) + PRIOR * share) / (known * share)).ln();
                let says = Use::parts(if more < 0.0 { AGAINST * more } else { more } - absent);
                if says > 0 {
                    while place - last > Use::FURTHEST {
                        uses.push(Use::new(Use::FURTHEST, 0));
                        last += Use::FURTHEST;
                    }
                    uses.push(Use::new(place - last, says));
                    last = place;
                }
            }
            // A word that more topics use than fit into a block says nothing of any.
            let end = u16::try_from(uses.len() - from).unwrap_or_else(|_| {
                uses.truncate(from + usize::from(before));
                before
            });
            keys.push((first >> 32) as u32);
            ends.push(end);
        }
        let topics = self.topics.into();
        Learned { keys: keys.into(), ends: ends.into(), blocks: blocks.into(), uses: uses.into(), topics }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count, of which a weight wants no more than the size")]
fn real(count: u64) -> f32 {
    count as f32
}

impl Learned {
    /// Whether any topic has questions.
    pub(super) fn knows_something(&self) -> bool {
        !self.topics.is_empty()
    }

    /// How many keys share a beginning.
    const BLOCK: usize = 16;

    /// How likely each topic is that was learned, adding up to one; none where no word says anything.
    pub(super) fn odds(&self, kinds: &Kinds, words: &[LearnedToken]) -> Vec<(u32, f32)> {
        let mut odds: Vec<(u32, f32)> = self.topics.iter().map(|topic| (*topic, 0.0)).collect();
        let mut is_known = false;
        see(kinds, words, |key, seen| {
            let Ok(at) = self.keys.binary_search(&key) else { return };
            // How it begins alone tells nothing: *quantum* is no quantity.
            is_known |= matches!(seen, Seen::Word | Seen::Kind);
            let mut place = 0;
            for one in self.uses_of(at) {
                place += one.further();
                if let Some((_, odd)) = odds.get_mut(place) {
                    *odd += seen.part() * one.says();
                }
            }
        });
        if !is_known {
            return Vec::new();
        }
        let most = odds.iter().map(|(_, odd)| *odd).fold(f32::MIN, f32::max);
        for (_, odd) in &mut odds {
            *odd = (FLAT * (*odd - most)).exp();
        }
        let sum: f32 = odds.iter().map(|(_, odd)| *odd).sum();
        for (_, odd) in &mut odds {
            *odd /= sum;
        }
        odds
    }

    /// What the key at this place says.
    fn uses_of(&self, at: usize) -> &[Use] {
        let from = self.blocks.get(at / Self::BLOCK).map_or(0, |from| *from as usize);
        let end = |at: usize| self.ends.get(at).map_or(from, |end| from + usize::from(*end));
        let start = if at.is_multiple_of(Self::BLOCK) { from } else { end(at - 1) };
        self.uses.get(start..end(at)).unwrap_or_default()
    }
}

/// Tells all that a question is seen by.
fn see(kinds: &Kinds, words: &[LearnedToken], mut tell: impl FnMut(u32, Seen)) {
    const EDGE: Run = Run::mark(0);
    const GAP: Run = Run::mark(1);
    const BEGINNING: Run = Run::mark(2);
    let mark = |kind: Number| Run::mark(u32::from(kind) + 3);
    let mut seen: Vec<Number> = Vec::new();
    // What the last word that tells something stands for: its kinds, or itself where it is of none.
    let mut last: Vec<(Run, bool)> = Vec::new();
    let mut labels = Vec::new();
    let mut before = EDGE;
    for (at, word) in words.iter().enumerate() {
        tell(word.run.short(), Seen::Word);
        tell(before.then(word.run).short(), Seen::Pair);
        before = word.run;
        if let Some(other) = words.get(at + 2) {
            tell(word.run.then(GAP).then(other.run).short(), Seen::Apart);
        }
        if let Some(start) = word.start {
            tell(start.then(BEGINNING).short(), Seen::Start);
        }
        labels.clear();
        let mut label = |kind: Number| {
            if !seen.contains(&kind) {
                seen.push(kind);
                tell(mark(kind).short(), Seen::Kind);
            }
            labels.push((mark(kind), true));
        };
        word.kinds.iter().flatten().for_each(|kind| label(*kind));
        if word.begins {
            let mut run = word.run;
            for next in words.iter().skip(at + 1).take(super::LONGEST_SYNONYM - 1) {
                run = run.then(next.run);
                kinds.of_run(run).for_each(&mut label);
            }
        }
        if labels.is_empty() && word.tells {
            labels.push((word.run, false));
        }
        if labels.is_empty() {
            continue;
        }
        for (one, is_kind) in &last {
            for (other, is_other_kind) in &labels {
                if *is_kind || *is_other_kind {
                    tell(one.then(BEGINNING).then(*other).short(), Seen::Kinds);
                }
            }
        }
        std::mem::swap(&mut last, &mut labels);
    }
    if !words.is_empty() {
        tell(before.then(EDGE).short(), Seen::Pair);
    }
}
