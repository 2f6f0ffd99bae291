//! What the questions of a book teach: which words, and which pairs of words, speak for which topic.
//!
//! It is a plain table, counted in one pass over the topics' questions when the index is built: multinomial naive Bayes
//! over stems and pairs of neighbors, each count smoothed by how common the word is everywhere. A topic without
//! questions is left out of it, and found by its words alone.

use std::collections::BTreeMap;

use super::run::Run;

/// How much a topic is believed to use words as all topics do, in words.
const PRIOR: f32 = 200.0;
/// How much a pair of words counts beside each of its words.
const PAIR: f32 = 0.7;
/// What was said once only, and is a pair, teaches little and would take a third of the room.
const ONCE: f32 = 0.75;
/// How flat the odds are made: words are not independent, and naive Bayes is too sure of itself.
const FLAT: f32 = 0.4;

/// What is known of words: sorted by their keys.
#[derive(Debug, Default)]
pub(super) struct Learned {
    uses: Box<[Use]>,
    /// Topics that were learned, and what a word says that is not theirs.
    topics: Box<[(u32, f32)]>,
}

/// A word, a topic that uses it, and how much more than others it does so: eight bytes, since there are very many.
///
/// ```text
/// 32 bits of the word's hash, 20 of the topic, 12 of the weight
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Use(u64);

impl Use {
    /// Topics beyond these are not learned.
    const TOPICS: u32 = 1 << 20;
    /// The weight is kept in so many parts of one.
    const PARTS: f32 = 512.0;

    fn new(key: u32, topic: u32, says: f32) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is held between the two")]
        let parts = (says * Self::PARTS).clamp(0.0, 4095.0) as u64;
        Self(u64::from(key) << 32 | u64::from(topic) << 12 | parts)
    }

    /// The first use that this word could have.
    fn first(key: u32) -> Self {
        Self(u64::from(key) << 32)
    }

    fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn topic(self) -> u32 {
        (self.0 << 32 >> 44) as u32
    }

    fn says(self) -> f32 {
        f32::from((self.0 & 0xfff) as u16) / Self::PARTS
    }
}

/// Counts before they are weighed.
#[derive(Debug, Default)]
pub(super) struct Lesson {
    counts: Vec<(u32, u32, f32)>,
}

impl Lesson {
    /// Takes a text of a topic into account.
    pub(super) fn add(&mut self, topic: u32, words: impl Iterator<Item = Run> + Clone, weight: f32) {
        if topic < Use::TOPICS {
            self.counts.extend(features(words).map(|(key, part)| (key, topic, weight * part)));
        }
    }

    /// Weighs what was counted.
    pub(super) fn learn(mut self) -> Learned {
        self.counts.sort_unstable_by_key(|(key, topic, _)| (*key, *topic));
        self.counts.dedup_by(|(key, topic, count), (last, of, sum)| {
            let is_same = key == last && topic == of;
            *sum += if is_same { *count } else { 0.0 };
            is_same
        });
        let words = || self.counts.chunk_by(|(one, ..), (other, ..)| one == other);
        let words = || words().map(|uses| (uses, uses.iter().map(|(.., count)| count).sum::<f32>()));
        let kept = || words().filter(|(_, sum)| *sum > ONCE);
        let mut sizes: BTreeMap<u32, f32> = BTreeMap::new();
        for (_, topic, count) in kept().flat_map(|(uses, _)| uses) {
            *sizes.entry(*topic).or_default() += count;
        }
        let all: f32 = sizes.values().sum();
        let weighed = |(uses, sum): (&[(u32, u32, f32)], f32)| {
            let expected = PRIOR * sum / all;
            let says = move |count: f32| ((count + expected) / expected).ln();
            uses.iter().map(|(key, topic, count)| Use::new(*key, *topic, says(*count))).collect::<Vec<_>>()
        };
        let uses = kept().flat_map(weighed).collect();
        let topics = sizes.iter().map(|(topic, size)| (*topic, (PRIOR / (size + PRIOR)).ln())).collect();
        Learned { uses, topics }
    }
}

impl Learned {
    /// Whether any topic has questions.
    pub(super) fn knows_something(&self) -> bool {
        !self.topics.is_empty()
    }

    /// How likely each topic is that was learned, adding up to one; none where no word says anything.
    pub(super) fn odds(&self, words: impl Iterator<Item = Run> + Clone) -> Vec<(u32, f32)> {
        let mut odds = self.topics.to_vec();
        for (_, odd) in &mut odds {
            *odd = 0.0;
        }
        let mut known = 0.0;
        for (key, part) in features(words) {
            let from = self.uses.partition_point(|other| *other < Use::first(key));
            let uses = self.uses.iter().skip(from).take_while(|other| other.key() == key);
            let mut is_known = false;
            for one in uses {
                is_known = true;
                if let Ok(at) = odds.binary_search_by_key(&one.topic(), |(topic, _)| *topic)
                    && let Some((_, odd)) = odds.get_mut(at)
                {
                    *odd += part * one.says();
                }
            }
            known += if is_known { part } else { 0.0 };
        }
        if known == 0.0 {
            return Vec::new();
        }
        for ((_, odd), (_, other)) in odds.iter_mut().zip(&self.topics) {
            *odd += known * other;
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
}

/// Each word and each pair of neighbors, and how much it counts.
fn features(words: impl Iterator<Item = Run> + Clone) -> impl Iterator<Item = (u32, f32)> {
    let pairs = words.clone().zip(words.clone().skip(1)).map(|(one, next)| (short(one.then(next)), PAIR));
    words.map(|word| (short(word), 1.0)).chain(pairs)
}

/// Half a key is enough to tell words apart; of a short word the lower half says more, of a long one the upper.
fn short(word: Run) -> u32 {
    let key = word.key();
    ((key ^ key << 32) >> 32) as u32
}
