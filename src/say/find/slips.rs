//! Slips of the keyboard: words that are an edit or two away from what was typed.

use foldhash::{HashSet, HashSetExt as _};
use rapidfuzz::distance::osa;

use super::run::Run;

/// Longer words are nobody's slip, and would only cost time.
const LONGEST: usize = 32;
/// How many words that share a deletion are measured.
const MEASURED: usize = 256;

/// An index of deletions: every word with up to one letter left out, by hash. Two words that are one edit apart share
/// an entry, and so do two words of which each has a letter that the other lacks; the true distance is then measured.
#[derive(Debug, Default)]
pub(super) struct Slips {
    /// Half of the hash, then the word's place: sorted.
    entries: Vec<u64>,
}

impl Slips {
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let words = words.zip(0_u64..).filter(|(word, _)| word.len() <= LONGEST);
        let mut entries = Vec::with_capacity(words.clone().map(|(word, _)| word.len() + 1).sum());
        for (word, place) in words {
            entries.extend(deletions(word).map(|hash| u64::from(hash) << 32 | place));
        }
        entries.sort_unstable();
        entries.dedup();
        entries.shrink_to_fit();
        Self { entries }
    }

    /// The places of words near to this one, with their distances, nearest first.
    pub(super) fn near<'w>(&self, typed: &str, word: impl Fn(u32) -> &'w str) -> Vec<(u32, usize)> {
        if typed.len() > LONGEST || typed.chars().count() < 3 {
            return Vec::new();
        }
        let allowed = allowed(typed.chars().count());
        let mut seen = HashSet::new();
        let mut near = Vec::new();
        for hash in deletions(typed) {
            let from = self.entries.partition_point(|entry| entry >> 32 < u64::from(hash));
            let same = self.entries.iter().skip(from).take_while(|entry| *entry >> 32 == u64::from(hash));
            for entry in same.take(MEASURED) {
                #[expect(clippy::cast_possible_truncation, reason = "the lower half is the place")]
                let place = *entry as u32;
                if seen.insert(place) {
                    let distance = osa::distance(typed.chars(), word(place).chars());
                    if distance <= allowed {
                        near.push((place, distance));
                    }
                }
            }
        }
        near.sort_by_key(|(place, distance)| (*distance, *place));
        near
    }
}

/// How many slips are believed in a word of this length.
fn allowed(length: usize) -> usize {
    if length >= 8 { 2 } else { 1 }
}

/// The hashes of the word and of all that is left when one of its letters is taken out.
fn deletions(word: &str) -> impl Iterator<Item = u32> {
    // What comes after each letter, the last letter's first.
    let mut after = vec![Run::EMPTY];
    let mut whole = Run::EMPTY;
    for letter in word.chars().rev() {
        whole = Run::of_letter(letter).then(whole);
        after.push(whole);
    }
    after.pop();
    let without = word.chars().zip(after.into_iter().rev()).scan(Run::EMPTY, |before, (letter, after)| {
        let left = before.then(after);
        *before = before.then(Run::of_letter(letter));
        Some(left)
    });
    std::iter::once(whole).chain(without).map(Run::half)
}

/// The nearest of a few names, if it is near enough to be a slip.
#[must_use]
pub fn closest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = typed.chars().count();
    let allowed = allowed(length).max(length / 3).min(4);
    names
        .map(|name| (osa::distance(typed.chars(), name.chars()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
