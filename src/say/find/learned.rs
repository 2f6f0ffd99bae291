//! What the questions of a book teach: which words, and which pairs of words, speak for which topic.
//!
//! It is a plain table, counted in one pass over the topics' questions when the index is built: multinomial naive Bayes
//! over stems and pairs of neighbors, each count smoothed by how common the word is everywhere. A topic without
//! questions is left out of it, and found by its words alone.

use super::run::Run;

/// How much a topic is believed to use words as all topics do, in words.
const PRIOR: f32 = 12.0;
/// How much a pair of words counts beside each of its words.
const PAIR: f32 = 0.7;
/// How flat the odds are made: words are not independent, and naive Bayes is too sure of itself.
const FLAT: f32 = 0.4;

/// What is known of words: sorted by their keys.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// A word's key, a topic that uses it, and how much more than others, in logarithms.
    uses: Box<[(u64, u32, f32)]>,
    /// Topics that were learned, and what a word says that is not theirs.
    topics: Box<[(u32, f32)]>,
}

/// Counts before they are weighed.
#[derive(Debug, Default)]
pub(super) struct Lesson {
    counts: Vec<(u64, u32, f32)>,
}

impl Lesson {
    /// Takes a text of a topic into account.
    pub(super) fn add(&mut self, topic: u32, words: impl Iterator<Item = Run> + Clone, weight: f32) {
        self.counts.extend(features(words).map(|(key, part)| (key, topic, weight * part)));
    }

    /// Weighs what was counted.
    pub(super) fn learn(mut self) -> Learned {
        self.counts.sort_unstable_by_key(|(key, topic, _)| (*key, *topic));
        let mut merged: Vec<(u64, u32, f32)> = Vec::with_capacity(self.counts.len());
        for (key, topic, count) in self.counts {
            match merged.last_mut() {
                Some((last, of, sum)) if *last == key && *of == topic => *sum += count,
                _ => merged.push((key, topic, count)),
            }
        }
        let mut sizes: foldhash::HashMap<u32, f32> = foldhash::HashMap::default();
        let mut all = 0.0;
        for (_, topic, count) in &merged {
            *sizes.entry(*topic).or_default() += count;
            all += count;
        }
        let mut from = 0;
        while let Some((key, ..)) = merged.get(from).copied() {
            let same = merged.get(from..).unwrap_or_default().iter().take_while(|(other, ..)| *other == key);
            let (length, sum) = same.fold((0, 0.0), |(length, sum), (.., count)| (length + 1, sum + count));
            let common = sum / all;
            for (.., count) in merged.iter_mut().skip(from).take(length) {
                *count = ((*count + PRIOR * common) / (PRIOR * common)).ln().min(6.0);
            }
            from += length;
        }
        let mut topics: Vec<(u32, f32)> =
            sizes.into_iter().map(|(topic, size)| (topic, (PRIOR / (size + PRIOR)).ln())).collect();
        topics.sort_unstable_by_key(|(topic, _)| *topic);
        Learned { uses: merged.into(), topics: topics.into() }
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
            let from = self.uses.partition_point(|(other, ..)| *other < key);
            let uses = self.uses.iter().skip(from).take_while(|(other, ..)| *other == key);
            let mut is_known = false;
            for (_, topic, says) in uses {
                is_known = true;
                if let Ok(at) = odds.binary_search_by_key(topic, |(topic, _)| *topic)
                    && let Some((_, odd)) = odds.get_mut(at)
                {
                    *odd += part * says;
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
fn features(words: impl Iterator<Item = Run> + Clone) -> impl Iterator<Item = (u64, f32)> {
    let pairs = words.clone().zip(words.clone().skip(1)).map(|(one, next)| (one.then(next).key(), PAIR));
    words.map(|word| (word.key(), 1.0)).chain(pairs)
}
